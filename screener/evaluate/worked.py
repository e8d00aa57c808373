"""A formula over recorded values. Inputs are intervals: it is worked out at the ends of each, so
that what is not known exactly gives a range and never a guess."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import inf, isinf, isnan

from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.values import convert
from screener.model.interval import Interval, decimal
from screener.vocabulary.catalogue import Concept
from screener.vocabulary.quantities import dimensions

# What derivation gives: the values (each may be the true one), and what is lacking to know more.
Derived = tuple[list[Observed], list[str]]
# The newest usable values of a concept; several where each may be the newest.
Latest = Callable[[str], list[Observed]]
Number = Fraction | float


@dataclass(frozen=True, slots=True)
class Formula:
    """How `concept` follows from others. `needs` gives the unit of each, in the order of `work`."""

    concept: str
    unit: str
    name: str
    work: Callable[..., Number]
    needs: Mapping[str, str]
    same_day: bool = False


def worked(chart: Chart, latest: Latest, formula: Formula, more: Sequence[Sequence[object]] = ()) -> Derived:
    """The result of a formula; `more` holds the possible values of what is not measured."""
    found = {need: latest(need) for need in formula.needs}
    ends = [_ends(chart, need, found[need], unit) for need, unit in formula.needs.items()]
    lacking = [f"observation: {chart.catalogue[need].name}"
               for need, known in zip(formula.needs, ends, strict=True) if not known]  # fmt: skip
    if lacking:
        return [], lacking
    facts = [fact for values in found.values() for fact in values]
    if formula.same_day and not _one_day(facts):
        names = " and ".join(chart.catalogue[need].name for need in formula.needs)
        return [], [f"observation: {names} of one day"]
    corners = [_at(formula.work, corner) for corner in product(*ends, *more)]
    return [computed(chart, formula.concept, formula.unit, formula.name, hull(corners), facts)], []


def _ends(chart: Chart, concept: str, values: Sequence[Observed], unit: str) -> list[Number]:
    """The ends of all that a concept's value may be, in `unit`; none where one is not usable."""
    ends: dict[Number, None] = {}
    for value in values:
        scale = _scale(chart, chart.catalogue[concept], value, unit)
        if scale is None or value.interval is None or value.interval.low is None:
            return []
        high = value.interval.high
        ends[Fraction(value.interval.low) * scale] = None
        ends[inf if high is None else Fraction(high) * scale] = None
    return list(ends)


def _scale(chart: Chart, concept: Concept, value: Observed, unit: str) -> Fraction | None:
    target = chart.catalogue.units.read(unit, dimensions(concept)) if unit else None
    if target is None or value.unit is None:
        return Fraction(1)
    return convert(concept, value.unit, target)


def _one_day(facts: Iterable[Observed]) -> bool:
    days = {fact.when.first if fact.when is not None and fact.when.exact else None for fact in facts}
    return len(days) == 1 and None not in days


def _at(work: Callable[..., Number], corner: Sequence[object]) -> Number:
    try:
        return work(*corner)
    except ZeroDivisionError:
        return inf


def hull(corners: Sequence[Number]) -> Interval:
    """The interval that holds them all; without bounds where one is not a number."""
    if any(isnan(corner) for corner in corners):
        return Interval(None, None)
    ends = [end for corner in corners for end in _decimals(corner)]
    known = [end for end in ends if end is not None]
    if not known:
        return Interval(None, None)
    return Interval(None if -inf in corners else min(known), None if None in ends else max(known))


_ROUNDING = Fraction(1, 10**12)


def _decimals(value: Number) -> tuple[Decimal | None, ...]:
    """The value exactly; a power worked in binary as the narrow range it lies in."""
    if isinstance(value, Fraction):
        return (decimal(value),)
    if isinf(value):
        return (None,)
    middle = Fraction(value)
    return decimal(middle * (1 - _ROUNDING)), decimal(middle * (1 + _ROUNDING))


def computed(
    chart: Chart, concept: str, unit: str, name: str, interval: Interval, facts: Sequence[Observed]
) -> Observed:
    """A derived value. Its oldest input dates it; what does not age (a height) does not."""
    ageing = [fact for fact in facts if chart.catalogue[fact.concept].entry.get("ages") != "no"]
    days = [fact.when for fact in ageing or facts if fact.when is not None]
    oldest = min(days, key=lambda day: (day.first, day.last)) if days else None
    about = dimensions(chart.catalogue[concept])
    return Observed(
        concept, ", ".join(fact.record for fact in facts), name, interval, "",
        chart.catalogue.units.read(unit, about) if unit else None, oldest,
        formula=name, inputs=tuple(facts),
    )  # fmt: skip
