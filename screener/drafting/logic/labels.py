"""Labels before a definition, joining words at either end, words that may turn what they stand at."""

from collections.abc import Sequence

from screener.drafting.logic.parts import Part, flat
from screener.drafting.logic.shapes import is_measured
from screener.model import rule as r

JOINS = frozenset({"COMMA", "AND", "OR", "SLASH"})
TAILS = {"UNLESS": "unless", "EXCEPT": "unless", "IF": "if", "PROVIDED": "provided"}
EXAMPLES = frozenset({"INCLUDING", "SUCH_AS"})
# Tokens that can turn what stands beside them, where no claim took them.
TURNING = frozenset({
    "TURNING", "NO", "UNLESS", "EXCEPT", "IF", "PROVIDED", "THEN", "INCLUDING", "SUCH_AS", "DEFINED", "BOTH",
    "NUMBER", "COMPARE", "EXCLUDED", "OR_MORE", "BETWEEN", "WHICHEVER", "SCOPE", "NORMAL", "ABNORMAL",
    "POSITIVE", "NEGATIVE", "OTHER", "AGO", "SINCE", "WITHIN", "LEAD", "DUE_TO", "COMBINED", "UNAIDED",
    "OTHERWISE", "SIGNS",
})  # fmt: skip
_OPENING = frozenset({"COLON", "COMMA", "BOTH", "DEFINED", "SEMI", "DOT"})
_CLOSING = frozenset({"COLON", "COMMA", "AND", "OR", "SLASH", "SEMI", "DOT"})
# how somebody is, or how far a disease is: no value of an organ
_OF_PATIENT = frozenset({"ecog", "karnofsky", "lansky", "nyha", "iss", "r_iss", "r2_iss", "durie_salmon",
                         "ann_arbor", "frailty", "ipss", "ipss_r", "lines_of_therapy",
                         "life_expectancy"})  # fmt: skip
_JOINING = frozenset({"AND", "OR", "SLASH"})  # what they join to a label does not define it
LABELS = frozenset({"LABEL", "AND", "COMMA", "OR", "SLASH", "TIMING", "DEFINED", "COLON", "DASH", "LEAD"})


def turns(parts: Sequence[Part], *, claims: bool = True) -> bool:
    return any(part.type in TURNING or part.type in TAILS or (claims and part.type == "CLAIM")
               for part in flat(parts))  # fmt: skip


def labelled(parts: Sequence[Part], *, listed: bool = False) -> tuple[r.Window | None, Sequence[Part]]:
    """Without a label that its own definition makes superfluous, and with the time that the label gives:
    `adequate renal function within 14 days, defined as …`. `listed` tells that a comma parts two grounds."""
    parts = trimmed(parts)
    if not parts or parts[0].type not in LABELS:
        return None, parts
    at, window = 0, None
    while at < len(parts) and parts[at].type in LABELS:
        window = parts[at].window or window
        at += 1
    labelled = any(part.type in ("LABEL", "TIMING") for part in parts[:at])
    rest = parts[at:]
    if not labelled or not rest:
        return None, parts
    if rest[0].type == "GROUP" and len(rest) == 1:
        if not any(is_measured(part.rule) for part in flat(rest[0].inner)):
            return None, parts  # measurable multiple myeloma (MM): no definition
        return window, [_comma(part) for part in trimmed(rest[0].inner)]
    linked = any(part.type in ("DEFINED", "COLON") for part in parts[:at]) or parts[0].type == "TIMING"
    parting = _JOINING | {"COMMA"} if listed else _JOINING
    if linked or (parts[at - 1].type not in parting and _may_define(rest[0])):
        return window, rest
    return None, parts


def _may_define(part: Part) -> bool:
    """Whether a value may be what a label in front of it means: `adequate renal function, creatinine < 2`.

    No performance status and no stage is what `measurable disease` means.
    """
    of_patient = isinstance(part.rule, r.Measurement) and not _OF_PATIENT.isdisjoint(part.rule.concepts)
    return part.type == "CLAIM" and is_measured(part.rule) and not of_patient


def _comma(part: Part) -> Part:
    """A semicolon within a bracket ends no sentence."""
    return part._replace(type="COMMA") if part.type == "SEMI" else part


def trimmed(parts: Sequence[Part]) -> Sequence[Part]:
    """Without the signs and joining words at either end."""
    at, end = 0, len(parts)
    while at < end and parts[at].type in _OPENING:
        at += 1
    while end > at and parts[end - 1].type in _CLOSING:
        end -= 1
    return parts[at:end]
