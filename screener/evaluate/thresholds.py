"""A threshold in the unit of a recorded value, exactly; limits of normal by SEMANTICS 3."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.values import convert
from screener.model.interval import Interval, decimal, point
from screener.model.policy import Bound
from screener.model.rule import Limit
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.quantities import dimensions
from screener.vocabulary.units import Unit

# A month or a year in days: their length depends on which one it is.
_CALENDAR: Mapping[str, tuple[int, int]] = {"mo": (28, 31), "a": (365, 366)}
_DAY_SECONDS = 86_400


class Threshold:
    """One limit of one concept. Remembers the limit in each unit it has met."""

    def __init__(self, catalogue: Catalogue, concept: Concept, limit: Limit) -> None:
        self.catalogue = catalogue
        self.concept = concept
        self.limit = limit
        self.normal = limit.unit in ("ULN", "LLN")
        self.unit = None if self.normal else _unit(catalogue, concept, limit.unit)
        self._known: dict[str, Interval | None] = {}

    def seen_from(self, value: Observed, chart: Chart) -> Interval | None:
        """The threshold in the unit of the value; an interval where it is not one number; None
        where the units do not convert or no limit of normal is known."""
        if value.word:
            return point(self.limit.value)  # "not detected" is below any positive number
        if self.normal:
            return self._times_normal(value, chart)[0]
        code = value.unit.code if value.unit is not None else ""
        try:
            return self._known[code]
        except KeyError:
            found = self._known[code] = self._converted(value.unit)
            return found

    def fits(self, value: Observed) -> bool:
        """Whether the value is in a unit of this threshold's kind."""
        return value.unit is None or self.unit is None or self._converted(value.unit) is not None

    def _converted(self, unit: Unit | None) -> Interval | None:
        if unit is None or self.unit is None or unit.code == self.unit.code:
            return point(self.limit.value)
        if unit.code in _CALENDAR or self.unit.code in _CALENDAR:
            return _calendar(self.limit.value, self.unit, unit)
        scale = convert(self.concept, self.unit, unit)
        return None if scale is None else point(decimal(Fraction(self.limit.value) * scale))

    # --- limits of normal

    def _times_normal(self, value: Observed, chart: Chart) -> tuple[Interval | None, str]:
        bound, source = normal(chart, self.concept, value, self.limit.unit)
        if bound is None:
            return None, source
        low = None if bound.low is None else bound.low * self.limit.value
        high = None if bound.high is None else bound.high * self.limit.value
        return Interval(low, high), source

    def explained(self, value: Observed, chart: Chart, printed: str) -> str:
        """The threshold in words, with what it is in the value's unit and where that is from."""
        seen = self.seen_from(value, chart)
        if self.normal and not value.word:
            source = self._times_normal(value, chart)[1]
            if seen is None:
                return f"{printed} ({source})"
            return f"{printed} ({_shown(seen)}{_suffix(value.unit)}, {source})"
        if seen is None or value.unit is None or self.unit is None or value.unit == self.unit:
            return printed
        mass = self.concept.entry.get("molar_mass")
        by_mass = mass is not None and value.unit.dimension != self.unit.dimension
        via = f", by the molar mass {mass['value']} g/mol" if by_mass and mass else ""
        return f"{printed} ({_shown(seen)}{_suffix(value.unit)}{via})"


def _shown(interval: Interval) -> str:
    from screener.evaluate.wording import number

    return number(interval)


def _suffix(unit: Unit | None) -> str:
    return "" if unit is None else f" {unit.printed}"


def _unit(catalogue: Catalogue, concept: Concept, code: str) -> Unit | None:
    return catalogue.units.read(code, dimensions(concept)) if code else None


def _calendar(value: Decimal, source: Unit, target: Unit) -> Interval | None:
    if {source.code, target.code} == {"mo", "a"}:
        return point(value * 12 if source.code == "a" else decimal(Fraction(value) / 12))
    low, high = _seconds(source)
    target_low, target_high = _seconds(target)
    if not low or not target_low:
        return None
    amount = Fraction(value)
    return Interval(decimal(amount * low / target_high), decimal(amount * high / target_low))


def _seconds(unit: Unit) -> tuple[Fraction, Fraction]:
    if unit.code in _CALENDAR:
        low, high = _CALENDAR[unit.code]
        return Fraction(low * _DAY_SECONDS), Fraction(high * _DAY_SECONDS)
    return (unit.factor or Fraction(0),) * 2


def normal(
    chart: Chart, concept: Concept, value: Observed, which: str
) -> tuple[Interval | None, str]:
    """The limit of normal for a value, in its unit, and where it is from: the value's own
    reference range, else the site's, else the interval of limits in ordinary use."""
    own = value.high if which == "ULN" else value.low
    if own is not None and own > 0:
        return point(own), "from the result's own reference range"
    site = (chart.policy.uln if which == "ULN" else chart.policy.lln).get(concept.id, ())
    found = _hull(_site_bounds(chart, concept, value, site))
    if found is not None:
        return found, "the site's limit"
    stated = concept.listed("upper_limit" if which == "ULN" else "lower_limit")
    found = _hull(_usual_bounds(chart, concept, value, stated))
    if found is not None:
        return found, f"usual {'upper' if which == 'ULN' else 'lower'} limits of normal"
    return None, "no reference range recorded, and no usual limit known"


def _site_bounds(
    chart: Chart, concept: Concept, value: Observed, bounds: Sequence[Bound]
) -> Iterator[Interval]:
    for bound in bounds:
        if bound.sex in ("", chart.sex) or chart.sex not in ("female", "male"):
            scale = _scale(chart.catalogue, concept, bound.unit, value.unit)
            if scale is not None:
                yield point(decimal(Fraction(bound.value) * scale))


def _usual_bounds(
    chart: Chart, concept: Concept, value: Observed, stated: Sequence[Mapping[str, Any]]
) -> Iterator[Interval]:
    for entry in stated:
        if entry.get("sex", chart.sex) == chart.sex or chart.sex not in ("female", "male"):
            scale = _scale(chart.catalogue, concept, entry.get("unit", ""), value.unit)
            if scale is not None:
                low, high = Fraction(entry["low"]) * scale, Fraction(entry["high"]) * scale
                yield Interval(decimal(low), decimal(high))


def _scale(
    catalogue: Catalogue, concept: Concept, code: str, target: Unit | None
) -> Fraction | None:
    source = _unit(catalogue, concept, code)
    if source is None or target is None:
        return Fraction(1)
    return convert(concept, source, target)


def _hull(intervals: Iterator[Interval]) -> Interval | None:
    found = list(intervals)
    if not found:
        return None
    lows = [interval.low for interval in found if interval.low is not None]
    highs = [interval.high for interval in found if interval.high is not None]
    return Interval(min(lows, default=None), max(highs, default=None))
