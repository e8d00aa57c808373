"""`Patients with X and A are eligible`, `A is allowed in X`: a limit for some, worded as a permission."""

from collections.abc import Sequence

from screener.drafting.logic.parts import Part
from screener.drafting.logic.shapes import is_measured
from screener.model import rule as r

_PERMITS = frozenset(
    {"allowed", "permitted", "permissible", "eligible", "acceptable", "accepted", "enrolled", "may", "can"}
)
_OPENINGS = frozenset({"however", "but", "note", "although"})


def limit_for_some(parts: Sequence[Part], text: str) -> Sequence[Part]:
    """A permission as `X then A`, the form in which a limit for some is read; other parts as they are."""
    kept = [part for part in parts if not _permits(part, text)]
    if len(kept) == len(parts):
        return parts
    while kept and (kept[0].type in ("COMMA", "COLON") or _says(kept[0], text, _OPENINGS)):
        kept = kept[1:]
    kinds = [part.type for part in kept]
    if kinds == ["CLAIM", "IF", "CLAIM"]:
        first, link, last = kept
    elif kinds == ["CLAIM", "CLAIM"]:
        (first, last), link = kept, kept[1]._replace(type="THEN", rule=None)
    else:
        return parts
    some, limit = (last, first) if is_measured(first.rule) and link.type == "IF" else (first, last)
    if not _of_some(some.rule) or not isinstance(limit.rule, r.Measurement):
        return parts
    return [some, link._replace(type="THEN"), limit]


def _permits(part: Part, text: str) -> bool:
    return part.type == "TURNING" and _says(part, text, _PERMITS)


def _says(part: Part, text: str, words: frozenset[str]) -> bool:
    return part.type in ("TURNING", "WORD") and text[part.start : part.end].casefold() in words


def _of_some(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Condition) and not rule.history
