"""Statements of one conjunction that no patient can meet together: a slip of whoever wrote them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from screener.model import rule as r
from screener.model.walk import parts

# A lower and an upper bound, each with whether the value itself is left out.
_Bounds = tuple[Decimal, bool, Decimal, bool]
_LEAST, _MOST = Decimal("-Infinity"), Decimal("Infinity")


def contradictions(rule: r.Rule) -> Iterator[tuple[r.Rule, r.Rule]]:
    """The pairs of statements joined by `and` that exclude each other."""
    if isinstance(rule, r.All):
        yield from _clashes(rule.of)
    for part in parts(rule):
        yield from contradictions(part)


def _clashes(of: Sequence[r.Rule]) -> Iterator[tuple[r.Rule, r.Rule]]:
    for index, first in enumerate(of):
        for second in of[index + 1 :]:
            if _exclude(first, second):
                yield first, second


def _exclude(first: r.Rule, second: r.Rule) -> bool:
    if r.Not(first) == second or first == r.Not(second):
        return True
    if isinstance(first, r.Sex) and isinstance(second, r.Sex):
        return first.sex != second.sex
    if _subject(first) is None or _subject(first) != _subject(second):
        return False
    bounds = [_bounds(part) for part in (first, second)]
    return all(bounds) and _apart(*(found for found in bounds if found))


def _subject(rule: r.Rule) -> tuple[object, ...] | None:
    """What a comparison is about: two with one subject and unit can be set beside each other."""
    match rule:
        case r.Measurement(test=r.Limit(beyond="ULN" | "LLN")):
            return None
        case r.Measurement(concepts=(concept,), test=r.Limit(unit=unit) | r.Range(unit=unit)):
            return (concept, unit, rule.within) if rule.occasion == "latest" else None
        case r.Age(unit=unit):
            return ("age", unit)
        case _:
            return None


def _bounds(rule: r.Rule) -> _Bounds | None:
    match rule:
        case r.Measurement(test=test) | r.Age(test=test):
            return _of_test(test)
        case _:
            return None


def _of_test(test: r.Test) -> _Bounds | None:
    match test:
        case r.Range(low=low, high=high):
            return low, False, high, False
        case r.Limit(comparator=">" | ">=" as sign, value=value):
            return value, sign == ">", _MOST, False
        case r.Limit(comparator="<" | "<=" as sign, value=value):
            return _LEAST, False, value, sign == "<"
        case r.Limit(value=value):
            return value, False, value, False
        case _:
            return None


def _apart(first: _Bounds, second: _Bounds) -> bool:
    low, low_open = max((first[0], first[1]), (second[0], second[1]))
    high, high_shut = min((first[2], not first[3]), (second[2], not second[3]))
    return low > high or (low == high and (low_open or not high_shut))
