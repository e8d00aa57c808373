"""Counts over treatments: lines of therapy and courses. Never inferred from dates."""

from collections.abc import Sequence
from decimal import Decimal

from screener.evaluate.chart import Chart
from screener.evaluate.facts import Given, Observed
from screener.model.calendar import on
from screener.model.interval import Interval, point
from screener.model.kleene import TRUE

COUNTED = ("lines_of_therapy", "courses_of_therapy", "courses_of_frontline_therapy")
_MISSING = {
    "lines_of_therapy": "the line of each treatment",
    "courses_of_therapy": "the cycles of each treatment",
    "courses_of_frontline_therapy": "the line and cycles of each treatment",
}


def counted(chart: Chart, concept: str) -> tuple[list[Observed], list[str]]:
    """The count, where treatments are complete and each antineoplastic one carries what it needs."""
    section = chart.sections["treatments"]
    lacking = []
    if section.covers(chart.as_of) is not TRUE:
        lacking.append(f"treatments: a complete list of treatments up to {chart.as_of}")
    given = chart.given.get("antineoplastic", [])
    if any(record.start is not None and record.start.last > chart.as_of for record in given):
        lacking.append(f"treatments: a start of each treatment that surely is not after {chart.as_of}")
    if [record for record in section.unclear if isinstance(record, Given)]:
        lacking.append("treatments: a name of each treatment that is understood")
    interval = _count(chart, concept, given)
    if interval is None:
        lacking.append(f"treatments: {_MISSING[concept]}")
    if lacking or interval is None:
        return [], lacking
    name = _NAMES[concept]
    records = ", ".join(record.record for record in given) or "treatments"
    return [Observed(concept, records, name, interval, "", None, on(chart.as_of), formula=name)], []


_NAMES = {
    "lines_of_therapy": "the largest asserted line",
    "courses_of_therapy": "the sum of the cycles",
    "courses_of_frontline_therapy": "the sum of the cycles of line 1 without maintenance; "
    "a transplant or a second line may count too",
}


def _count(chart: Chart, concept: str, given: Sequence[Given]) -> Interval | None:
    if concept == "lines_of_therapy":
        lines = [record.line for record in given]
        known = [line for line in lines if line is not None]
        return point(Decimal(max(known, default=0))) if len(known) == len(lines) else None
    if concept == "courses_of_therapy":
        cycles = [record.cycles for record in given]
        counts = [count for count in cycles if count is not None]
        return point(Decimal(sum(counts))) if len(counts) == len(cycles) else None
    return _frontline(chart, given)


def _frontline(chart: Chart, given: Sequence[Given]) -> Interval | None:
    """From the cycles of line 1 up to those with line 2 and transplants: trials count both ways."""
    counting = [record for record in given
                if record.intent not in ("maintenance", "transplant conditioning", "salvage")]  # fmt: skip
    if not given:
        return point(Decimal(0))
    if any(record.line is None for record in counting):
        return None
    first = [record.cycles for record in counting if record.line == 1]
    second = [record.cycles for record in counting if record.line == 2]
    known = [count for count in (*first, *second) if count is not None]
    if len(known) < len(first) + len(second) or not first:
        return None
    low = sum(count for count in first if count is not None)
    transplants = sum(record.status in ("active", "resolved")
                      for record in chart.procedures.get("autologous_sct", ()))  # fmt: skip
    return Interval(Decimal(low), Decimal(sum(known) + transplants))
