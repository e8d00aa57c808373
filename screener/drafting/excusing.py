"""`another malignancy within 2 years. Patients with carcinoma in situ are not excluded`: what is excepted
from an exclusion in a sentence of its own."""

import re
from collections.abc import Sequence
from dataclasses import replace

from screener.drafting.parts import Part
from screener.drafting.shapes import is_measured
from screener.model import rule as r

_OF_WHOM = re.compile(
    r"[\s.;,(]*(?:note\s*:?\s*)?(?:(?:patients|subjects|participants|those) with )?", re.IGNORECASE
)
_EXCUSES = re.compile(
    r"\s*(?:of any (?:type|kind)\s+)?(?:are|is|will be|will)\s+"
    r"(?:not (?:be )?excluded|allowed|permitted|eligible|acceptable)"
    r"(?:\s+if (they have undergone (?:complete |surgical )?resection))?\W*",
    re.IGNORECASE,
)
# of what any cancer is a case
_CANCER = frozenset({"malignancy", "invasive_malignancy"})


def excepted(parts: Sequence[Part], text: str, before: int) -> tuple[r.Pattern, ...]:
    """The diseases that a sentence excuses; none where it is no such sentence. `before` is where the one
    before it ends."""
    first, rule = parts[0], parts[0].rule
    if not isinstance(rule, r.Condition) or rule.history or rule.other or rule.exceptions:
        return ()
    told = _EXCUSES.fullmatch(text, first.end, max(parts[-1].end, len(text.rstrip())))
    if told is None or _OF_WHOM.fullmatch(text, before, first.start) is None:
        return ()
    if any(one.window for one in rule.patterns):
        return ()
    words = told[1] or ""
    return tuple(replace(one, that=f"{one.that} {words}".strip()) for one in rule.patterns)


def said_already(rule: r.Rule | None, exceptions: tuple[r.Pattern, ...]) -> bool:
    """`corneal disease except mild keratopathy. Mild keratopathy is allowed.`"""
    return isinstance(rule, r.Condition) and bool(exceptions) and {*exceptions} <= {*rule.exceptions}


def excepting(
    rule: r.Rule | None, exceptions: tuple[r.Pattern, ...], diagnoses: frozenset[str]
) -> r.Rule | None:
    """The rule without them; None where it speaks of anything but cancers of any kind."""
    if any(one.concept not in diagnoses for one in exceptions):
        return None
    match rule:
        case r.Condition(patterns=patterns) if all(one.concept in _CANCER for one in patterns):
            return replace(rule, exceptions=(*rule.exceptions, *exceptions))
        case r.Any(of=of):
            found = [excepting(part, exceptions, diagnoses) for part in of]
            return None if None in found else r.Any(tuple(one for one in found if one is not None))
        case _:
            return None


def let_off(rule: r.Rule) -> r.Rule | None:
    """Who need not meet a limit: those with a disease, or those who meet the other limit for them."""
    match rule:
        case r.Condition():
            return rule
        case r.If(condition=r.Condition() as some, then=limit) if is_measured(limit):
            return r.All((some, limit))
        case _:
            return None
