"""Whether something was within a window: half-lives, calendar spans, anchors and partial dates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import assert_never

from screener.evaluate.chart import Chart
from screener.evaluate.facts import after, before
from screener.model import rule as r
from screener.model.calendar import Period, Span, back, forward, shifted
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, negation

_HOURS = {"h": Fraction(1, 24), "min": Fraction(1, 1440), "d": Fraction(1), "wk": Fraction(7)}


@dataclass(frozen=True, slots=True)
class Reach:
    """How many days before the anchor a window begins: between `low` and `high` (None: no bound)."""

    low: Fraction | int
    high: Fraction | int | None


UNBOUNDED = Reach(Fraction(0), None)  # nothing is known


def reach(extent: r.Extent, anchor: date, half_life: Reach | None, direction: str) -> Reach | None:
    """The length of an extent in days; None where it does not apply (half-lives of cell products)."""
    match extent:
        case Span():
            edge = back(anchor, extent) if direction == "before" else forward(anchor, extent)
            days = abs((anchor - edge).days)
            return Reach(days, days)
        case r.HalfLives(count=count):
            if half_life is None:
                return None
            high = None if half_life.high is None else half_life.high * count
            return Reach(half_life.low * count, high)
        case r.Longer(of=parts) | r.Shorter(of=parts):
            known = [found for part in parts
                     if (found := reach(part, anchor, half_life, direction)) is not None]  # fmt: skip
            return _extreme(known, longer=isinstance(extent, r.Longer)) if known else None
        case _:
            assert_never(extent)


def _extreme(known: list[Reach], *, longer: bool) -> Reach:
    lows, highs = [found.low for found in known], [found.high for found in known]
    bounded = [high for high in highs if high is not None]
    if longer:
        return Reach(max(lows), max(bounded) if len(bounded) == len(highs) else None)
    return Reach(min(lows), min(bounded) if bounded else None)


def half_life(chart: Chart, drug: str) -> Reach | None:
    """A drug's pharmacokinetic half-life in days: its published range, else the bound of its kind;
    None where half-lives do not apply."""
    entry = chart.catalogue[drug].entry
    stated = entry.get("half_life")
    if stated is not None:
        scale = _HOURS[stated["unit"]]
        return Reach(Fraction(stated["low"]) * scale, Fraction(stated["high"]) * scale)
    kind = entry.get("kind", "")
    about = chart.catalogue.tables["kinds"].get(kind, {})
    if about.get("half_life_applies") == "no":
        return None
    site = chart.policy.half_life_bounds.get(kind)
    if site is not None:
        return Reach(Fraction(0), Fraction(site))
    upper = about.get("half_life_upper")
    if upper is not None:
        return Reach(Fraction(0), Fraction(upper["value"]) * _HOURS[upper["unit"]])
    return UNBOUNDED


def in_window(
    chart: Chart, window: r.Window, first: Period | None, last: Period | None,
    half: Reach | None = None, anchor: Period | None = None,
) -> Truth:  # fmt: skip
    """Whether something that lasted from `first` to `last` was, at any time, in the window.

    `within` holds both ends. The other relations speak of the time since its last day (or, after
    an anchor, until its first). Where the anchor's day or the reach is not known exactly, the
    truth is known only if every possibility gives the same.
    """
    anchor = anchor or chart.anchor(window.anchor)
    if anchor is None or first is None or last is None:
        return UNKNOWN
    if anchor.first == anchor.last and isinstance(window.extent, Span):
        return _from_edge(chart, window, anchor.first, first, last)
    days = range(anchor.first.toordinal(), anchor.last.toordinal() + 1)
    truths = {_from(window, date.fromordinal(day), first, last, half) for day in days}
    return truths.pop() if len(truths) == 1 else UNKNOWN


def _from_edge(chart: Chart, window: r.Window, anchor: date, first: Period, last: Period) -> Truth:
    """The ordinary case: one anchor day, and a length that the calendar gives."""

    def length() -> int:
        found = reach(window.extent, anchor, None, window.direction)
        return int(found.low) if found is not None else 0

    days = chart.remembered((window.extent, anchor, window.direction), length)
    relate = _before_anchor if window.direction == "before" else _after_anchor
    return relate(window.relation, anchor, days, first, last)


def _from(window: r.Window, anchor: date, first: Period, last: Period, half: Reach | None) -> Truth:
    found = reach(window.extent, anchor, half, window.direction)
    if found is None:
        return FALSE if window.relation in ("within", "less than") else TRUE
    relate = _before_anchor if window.direction == "before" else _after_anchor
    whole = _WHOLE[window.relation]
    low = whole(Fraction(found.low))
    # A reach without bound is as long as the calendar.
    high = _FAR if found.high is None else whole(Fraction(found.high))
    near = relate(window.relation, anchor, low, first, last)
    far = near if high == low else relate(window.relation, anchor, high, first, last)
    return near if near is far else UNKNOWN


_FAR = 2_000_000
# Whole days lie between two days: 2 are at least 1.98 of them, 1 is not; 1 is within them, 2 are not.
_WHOLE: Mapping[str, Callable[[Fraction], int]] = {
    "within": floor, "more than": floor, "at least": ceil, "less than": ceil,
}  # fmt: skip


def _before_anchor(relation: str, anchor: date, days: int, first: Period, last: Period) -> Truth:
    edge = shifted(anchor, -days)
    match relation:
        case "within":
            return conjunction((before(first, anchor), after(last, edge)))
        case "less than":
            return conjunction((before(first, anchor), negation(before(last, edge))))
        case "at least":
            return before(last, edge)
        case _:
            return negation(after(last, edge))


def _after_anchor(relation: str, anchor: date, days: int, first: Period, last: Period) -> Truth:
    edge = shifted(anchor, days)
    match relation:
        case "within":
            return conjunction((after(last, anchor), before(first, edge)))
        case "less than":
            return conjunction((after(last, anchor), negation(after(first, edge))))
        case "at least":
            return after(first, edge)
        case _:
            return negation(before(first, edge))


def turns(
    chart: Chart, window: r.Window | None, last: Period | None, half: Reach | None = None
) -> list[date]:
    """Days after the as-of date on which a window that moves with it may let go of a record."""
    if window is None or last is None or not chart.moves(window.anchor):
        return []
    days: set[date] = set()
    for day in (last.first, last.last):
        for extent in _spans(window.extent):
            if isinstance(extent, Span):
                days.add(forward(day, extent))
            elif half is not None and half.high is not None:
                days |= {shifted(day, ceil(end * extent.count)) for end in (half.low, half.high)}
    # Months held to their last day may let go some days later than they reach.
    near = {shifted(day, more) for day in days for more in range(-1, 5)}
    return sorted(day for day in near if day > chart.as_of)


def _spans(extent: r.Extent) -> tuple[Span | r.HalfLives, ...]:
    return extent.of if isinstance(extent, r.Longer | r.Shorter) else (extent,)
