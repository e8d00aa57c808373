"""A threshold in the unit of a recorded value, exactly; limits of normal by SEMANTICS 3."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.values import convert, plausible
from screener.evaluate.wording import number
from screener.model.calendar import Span, forward
from screener.model.interval import Interval, decimal, plus, point, times
from screener.model.policy import Bound
from screener.model.rule import Limit
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.quantities import UNITLESS, dimensions
from screener.vocabulary.units import Unit

_MONTHS: Mapping[str, int] = {"mo": 1, "a": 12}
_DAY_SECONDS = 86_400


class Threshold:
    """One limit of one concept. Remembers the limit in each unit it has met."""

    def __init__(self, catalogue: Catalogue, concept: Concept, limit: Limit) -> None:
        self.catalogue = catalogue
        self.concept = concept
        self.limit = limit
        times_normal = limit.unit in ("ULN", "LLN")
        self.which = limit.unit if times_normal else limit.beyond  # the limit of normal it needs
        self.unit = None if times_normal else _unit(catalogue, concept, limit.unit)
        self._known: dict[str, Interval | None] = {}

    def seen_from(self, value: Observed, chart: Chart) -> Interval | None:
        """The threshold in the unit of the value; an interval where it is not one number; None
        where the units do not convert or no limit of normal is known."""
        if value.word:  # "not detected" is below any positive number
            return None if self.limit.beyond else point(self.limit.value)
        if self.which:
            return self._from_normal(value, chart)[0]
        if value.unit is not None and self.unit is not None and _by_calendar(value.unit, self.unit):
            return _calendar(self.limit.value, self.unit, value)
        code = value.unit.code if value.unit is not None else ""
        try:
            return self._known[code]
        except KeyError:
            found = self._known[code] = self._converted(value.unit)
            return found

    def fits(self, value: Observed) -> bool:
        """Whether the value is in a unit of this threshold's kind."""
        if value.unit is None or self.unit is None or _by_calendar(value.unit, self.unit):
            return True
        return self._converted(value.unit) is not None

    def _converted(self, unit: Unit | None) -> Interval | None:
        if unit is None or self.unit is None or unit.code == self.unit.code:
            return point(self.limit.value)
        scale = convert(self.concept, self.unit, unit)
        return None if scale is None else point(decimal(Fraction(self.limit.value) * scale))

    # --- limits of normal

    def _from_normal(self, value: Observed, chart: Chart) -> tuple[Interval | None, str]:
        """The threshold from a limit of normal, in the unit of the value; and where that is from."""
        bound, source = normal(chart, self.concept, value, self.which)
        if bound is None:
            return None, source
        if not self.limit.beyond:
            return times(bound, self.limit.value), source
        offset = None if value.unit is None else self._converted(value.unit)
        if offset is None or offset.exact is None:
            return None, "its unit does not convert"
        return plus(bound, offset.exact), source

    def explained(self, value: Observed, chart: Chart, printed: str) -> str:
        """The threshold in words, with what it is in the value's unit and where that is from."""
        if value.word:
            return printed
        seen = self.seen_from(value, chart)
        if self.which:
            source = self._from_normal(value, chart)[1]
            if seen is None:
                return f"{printed} ({source})"
            return f"{printed} ({number(seen)}{_suffix(value.unit)}, {source})"
        if seen is None or value.unit is None or self.unit is None or value.unit == self.unit:
            return printed
        mass = self.concept.entry.get("molar_mass")
        by_mass = mass is not None and value.unit.dimension != self.unit.dimension
        via = f", by the molar mass {mass['value']} g/mol" if by_mass and mass else ""
        return f"{printed} ({number(seen)}{_suffix(value.unit)}{via})"


def _suffix(unit: Unit | None) -> str:
    return "" if unit is None else f" {unit.printed}"


def _unit(catalogue: Catalogue, concept: Concept, code: str) -> Unit | None:
    return catalogue.units.read(code, dimensions(concept)) if code else None


# --- months and years against days: their length depends on which ones they are ---------------


def _by_calendar(unit: Unit, other: Unit) -> bool:
    return unit != other and (unit.code in _MONTHS or other.code in _MONTHS)


def _calendar(limit: Decimal, unit: Unit, value: Observed) -> Interval | None:
    """A limit in `unit` in the unit of the value, where one of them goes by the calendar."""
    target = value.unit
    if target is None:
        return None
    if unit.code in _MONTHS and target.code in _MONTHS:
        return point(decimal(Fraction(limit) * _MONTHS[unit.code] / _MONTHS[target.code]))
    if unit.code in _MONTHS:
        shortest, longest = (days / _in_days(target) for days in _days(Fraction(limit), unit.code))
        return Interval(decimal(shortest), decimal(longest))
    exact = value.interval.exact if value.interval is not None else None
    amount = Fraction(exact or 1)  # of a number with a sign: months of any length
    shortest, longest = (days / amount for days in _days(amount, target.code))
    days = Fraction(limit) * _in_days(unit)
    return Interval(decimal(days / longest), decimal(days / shortest))


def _in_days(unit: Unit) -> Fraction:
    return (unit.factor or Fraction(_DAY_SECONDS)) / _DAY_SECONDS


@lru_cache(maxsize=256)
def _days(amount: Fraction, code: str) -> tuple[Fraction, Fraction]:
    """The fewest and the most days that so many months or years can be."""
    months = amount * _MONTHS[code]
    whole, part = divmod(months, 1)
    if whole > _MOST_MONTHS:
        return months * 28, months * 31
    lengths = [(forward(day, Span(whole, "month")) - day).days for day in _FIRST_AND_LAST]
    return min(lengths) + part * 28, max(lengths) + part * 31


_MOST_MONTHS = 1200
# The ends of the months around a leap year and around a fourth year that is none.
_FIRST_AND_LAST = [date(year, month, 1) - timedelta(days=less)
                   for year in range(1896, 1905) for month in range(1, 13) for less in (0, 1)]  # fmt: skip


def normal(chart: Chart, concept: Concept, value: Observed, which: str) -> tuple[Interval | None, str]:
    """The limit of normal for a value, in its unit, and where it is from: the value's own
    reference range, else the site's, else the interval of limits in ordinary use."""
    own = value.high if which == "ULN" else value.low
    if own is not None and _sensible(chart.catalogue, concept, value, own):
        return point(own), "from the result's own reference range"
    site = (chart.policy.uln if which == "ULN" else chart.policy.lln).get(concept.id, ())
    found = _hull(_site_bounds(chart, concept, value, site))
    if found is not None:
        return found, "the site's limit"
    found = _usual(chart.catalogue, concept.id, value.unit, chart.sex or "", which)
    if found is not None:
        return found, f"usual {'upper' if which == 'ULN' else 'lower'} limits of normal"
    return None, "no reference range recorded, and no usual limit known"


def _sensible(catalogue: Catalogue, concept: Concept, value: Observed, limit: Decimal) -> bool:
    """Whether a recorded limit can be one: not zero, not upside down, not of another unit."""
    if value.low is not None and value.high is not None and value.low > value.high:
        return False
    low, high = plausible(catalogue, concept, value.unit)
    return limit > 0 and (low is None or limit >= low) and (high is None or limit <= high)


def _site_bounds(
    chart: Chart, concept: Concept, value: Observed, bounds: Sequence[Bound]
) -> Iterator[Interval]:
    for bound in bounds:
        if bound.sex in ("", chart.sex) or chart.sex not in ("female", "male"):
            scale = _scale(chart.catalogue, concept, bound.unit, value.unit)
            if scale is not None:
                yield point(decimal(Fraction(bound.value) * scale))


@lru_cache(maxsize=4096)
def _usual(catalogue: Catalogue, name: str, unit: Unit | None, sex: str, which: str) -> Interval | None:
    """The limits in ordinary use for a sex, in a unit: the same for every patient."""
    concept = catalogue[name]
    stated = concept.listed("upper_limit" if which == "ULN" else "lower_limit")
    return _hull(_usual_bounds(catalogue, concept, unit, sex, stated))


def _usual_bounds(
    catalogue: Catalogue, concept: Concept, unit: Unit | None, sex: str,
    stated: Sequence[Mapping[str, Any]],
) -> Iterator[Interval]:  # fmt: skip
    for entry in stated:
        if entry.get("sex", sex) == sex or sex not in ("female", "male"):
            scale = _scale(catalogue, concept, entry.get("unit", ""), unit)
            if scale is not None:
                low, high = Fraction(entry["low"]) * scale, Fraction(entry["high"]) * scale
                yield Interval(decimal(low), decimal(high))


def _scale(catalogue: Catalogue, concept: Concept, code: str, target: Unit | None) -> Fraction | None:
    """What makes a limit of the site or the vocabulary one in the unit of the value."""
    source = _unit(catalogue, concept, code)
    if source is not None and target is not None:
        return convert(concept, source, target)
    bare = target is None and (not code if source is None else source.dimension in UNITLESS)
    return Fraction(1) if bare else None


def _hull(intervals: Iterator[Interval]) -> Interval | None:
    found = list(intervals)
    if not found:
        return None
    lows = [interval.low for interval in found if interval.low is not None]
    highs = [interval.high for interval in found if interval.high is not None]
    return Interval(min(lows, default=None), max(highs, default=None))
