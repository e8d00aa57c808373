"""`active hepatitis B (HBsAg positive) or hepatitis C (HCV RNA detected)`: the adjective is that of both."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from screener.drafting.logic.parts import Part
from screener.model import rule as r

_ACTIVE = {"hepatitis_b": "active_hepatitis_b", "hepatitis_c": "active_hepatitis_c"}


def active_alike(stretches: Sequence[list[Part]]) -> list[list[Part]]:
    """The clauses with the adjective of a hepatitis on the one that follows it behind a bracket."""
    found = [list(stretch) for stretch in stretches]
    for before, stretch in pairwise(found):
        if before[-1].type != "GROUP" or not _names_active(before[0].rule):
            continue
        name = _bare(stretch[0].rule)
        if name in _ACTIVE:
            stretch[0] = stretch[0]._replace(rule=r.Condition((r.Pattern(_ACTIVE[name]),)))
    return found


def _names_active(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Condition) and rule.patterns[-1] in map(r.Pattern, _ACTIVE.values())


def _bare(rule: r.Rule | None) -> str:
    """The one disease that is named and nothing else, or nothing."""
    if not isinstance(rule, r.Condition):
        return ""
    name = rule.patterns[0].concept
    return name if rule == replace(r.Condition((r.Pattern(name),)), quantifier=rule.quantifier) else ""
