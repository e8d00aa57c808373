"""`another malignancy within 2 years. Patients with carcinoma in situ are not excluded`: what is excepted
from an exclusion in a sentence of its own."""

import re
from collections.abc import Sequence
from dataclasses import replace

from screener.drafting.logic.parts import Part
from screener.drafting.logic.shapes import is_measured
from screener.model import rule as r

_OF_WHOM = re.compile(
    r"[\s.;,(]*(?:note\s*:?\s*)?(?:(?:patients|subjects|participants|those) with )?", re.IGNORECASE
)
_EXCUSES = re.compile(
    r"\s*(?:of any (?:type|kind)\s+)?(?:are|is|will be|will|may be|can be)\s+"
    r"(?:not (?:be )?excluded|allowed|permitted|eligible|acceptable|enrolled)"
    r"(?: to (?:enrol\w*|participate))?"
    r"(?: without a \d+[- ]year restriction)?"
    r"(?:\s+if (they have undergone (?:complete |surgical )?resection))?\W*",
    re.IGNORECASE,
)
_TREATED = re.compile(
    r"\s*(?:of any (?:type|kind))?\s*((?:that|which) (?:has|have) (?:undergone|received|been treated with) "
    r"(?:potentially )?curative (?:therapy|treatment|intent))?\W*",
    re.IGNORECASE,
)
# of what any cancer is a case
_CANCER = frozenset({"malignancy", "invasive_malignancy"})


def excepted(parts: Sequence[Part], text: str, before: int) -> tuple[r.Pattern, ...]:
    """The diseases that a sentence excuses; none where it is no such sentence. `before` is where the one
    before it ends."""
    if parts[0].type == "EXCEPT":
        return _listed(parts, text)
    first = parts[0]
    told = _EXCUSES.fullmatch(text, first.end, max(parts[-1].end, len(text.rstrip())))
    if told is None or _OF_WHOM.fullmatch(text, before, first.start) is None:
        return ()
    return _which(_named(first.rule), told[1])


def _listed(parts: Sequence[Part], text: str) -> tuple[r.Pattern, ...]:
    """`Exceptions include A, B, or C that has undergone potentially curative therapy`: each of them, then."""
    named = next((part for part in parts[1:] if part.type not in ("COLON", "COMMA")), None)
    if named is None:
        return ()
    told = _TREATED.fullmatch(text, named.end, max(parts[-1].end, len(text.rstrip())))
    return () if told is None else _which(_named(named.rule), told[1])


def _named(rule: r.Rule | None) -> tuple[r.Pattern, ...]:
    """The diseases of a claim that names them and says no more; none of another claim."""
    if not isinstance(rule, r.Condition) or rule.history or rule.other or rule.exceptions:
        return ()
    return () if any(one.window for one in rule.patterns) else rule.patterns


def _which(patterns: Sequence[r.Pattern], words: str | None) -> tuple[r.Pattern, ...]:
    """The same, with the words that say which cases of them are meant."""
    return tuple(replace(one, that=f"{one.that} {words or ''}".strip()) for one in patterns)


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


def with_exceptions(rule: r.Rule, parts: Sequence[Part]) -> r.Rule | None:
    """`malignancy (other than myeloma) within 5 years (exceptions are A and B)`: these as well."""
    listed = [part for part in parts if part.type not in ("COLON", "COMMA")]
    excepted = _named(listed[0].rule) if len(listed) == 1 else ()
    if not isinstance(rule, r.Condition) or len(rule.patterns) > 1 or not excepted:
        return None
    return replace(rule, exceptions=(*rule.exceptions, *excepted))


def let_off(rule: r.Rule) -> r.Rule | None:
    """Who need not meet a limit: those with a disease, or those who meet the other limit for them."""
    match rule:
        case r.Condition():
            return rule
        case r.If(condition=r.Condition() as some, then=limit) if is_measured(limit):
            return r.All((some, limit))
        case _:
            return None
