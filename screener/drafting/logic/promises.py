"""`planning to become pregnant during the study or within 3 months after it`: the time of a promise or a plan
may be joined of several, which are no clauses of their own."""

import re
from collections.abc import Sequence

from screener.drafting.logic.parts import Part
from screener.model import rule as r

_PROMISED = frozenset({"contraception", "willingness"})
_TIME = re.compile(
    r"(?:for|within|during|until|through|throughout|while|starting|beginning|up to|after|following|at least|"
    r"from|before|prior to)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:last|final|dose|treatment|therapy|study|trial|infusion|discontinu\w+|complet\w+|end|administration|"
    r"afterwards|thereafter)\b",
    re.IGNORECASE,
)


def with_times(
    text: str, stretches: Sequence[Sequence[Part]], joins: Sequence[str]
) -> tuple[list[list[Part]], list[str]]:
    """The clauses, each that only goes on with the time of a promise as a part of it, and their joints."""
    kept: list[list[Part]] = []
    left: list[str] = []
    for stretch, join in zip(stretches, joins, strict=True):
        if kept and _promises(kept[-1]) and _is_time(text, stretch):
            kept[-1] += stretch
            left[-1] = join
        else:
            kept.append(list(stretch))
            left.append(join)
    return kept, left


def _promises(parts: Sequence[Part]) -> bool:
    return any(part.type == "PERSON" and part.value in _PROMISED for part in parts)


def _is_time(text: str, parts: Sequence[Part]) -> bool:
    """Whether a clause is a time alone: `within 90 days after the last dose of study treatment`."""
    first, last = parts[0], parts[-1]
    if _TIME.match(text, first.start) is None or _UNTIL.search(text, first.start, last.end) is None:
        return False
    return all(part.type not in ("CLAIM", "GROUP", "FLAW") or _is_of_drug(part) for part in parts)


def _is_of_drug(part: Part) -> bool:
    """`at least 28 days after the last dose of lenalidomide`: until when, and no washout."""
    rule = part.rule.rule if isinstance(part.rule, r.Not) else part.rule
    return isinstance(rule, r.Therapy)
