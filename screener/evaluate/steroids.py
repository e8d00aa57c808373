"""Doses of corticosteroids, in equivalents of one of them."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.exposure import Selection, fact, when
from screener.evaluate.facts import Given
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.windows import in_window
from screener.model import rule as r
from screener.model.calendar import Period, Span, back
from screener.model.interval import Interval, decimal, holds, text
from screener.model.kleene import FALSE, TRUE, UNKNOWN
from screener.vocabulary.catalogue import Catalogue

_MILLIGRAMS = {"g": Fraction(1000), "mg": Fraction(1), "ug": Fraction(1, 1000)}
_DAILY = ("d", "day", "daily")


class SteroidDoseCheck(Leaf):
    """`cumulative dose of corticosteroid >= 140 mg prednisone within 2 weeks`, in equivalents."""

    def __init__(self, node: r.SteroidDose, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.selection = Selection(node.exposure, catalogue)
        self.unit = Fraction(catalogue[node.equivalent].entry["steroid_equivalent"]["mg"])

    def __call__(self, chart: Chart) -> Outcome:
        given = [record for record in self.selection.given(chart)
                 if in_window(chart, self.node.window, record.start or Period(date.min, chart.as_of),
                              record.last(chart.as_of)) is not FALSE]  # fmt: skip
        doses = [self._dose(chart, record) for record in given]
        complete = self.selection.covered(chart, chart.as_of) is TRUE and not self.selection.may_be(chart)
        bound = self._total(doses)
        if not complete:
            bound = Interval(bound.low, None)
        return Outcome(holds(bound, self.node.limit.comparator, self.node.limit.value), self,
                       (given, bound, complete))  # fmt: skip

    def _total(self, doses: Sequence[tuple[Fraction, Fraction | None]]) -> Interval:
        """At least the highest of the daily doses, at most all of them on one day."""
        lows = [low for low, _ in doses] or [Fraction(0)]
        highs = [high for _, high in doses if high is not None]
        least = sum(lows, Fraction(0)) if self.node.total == "cumulative" else max(lows)
        known = len(highs) == len(doses)
        return Interval(decimal(least), decimal(sum(highs, Fraction(0))) if known else None)

    def _dose(self, chart: Chart, record: Given) -> tuple[Fraction, Fraction | None]:
        """The least and the most that was taken in the window, in milligrams of the equivalent."""
        steroids = [drug for drug in self.selection.drugs(record)
                    if "steroid_equivalent" in chart.catalogue[drug].entry]  # fmt: skip
        if record.dose is None or len(steroids) != 1 or len(record.drugs) != 1:
            return Fraction(0), None
        value, unit, per = record.dose
        scale = _MILLIGRAMS.get(unit.casefold())
        if scale is None or value < 0 or per.casefold() not in _DAILY:
            return Fraction(0), None
        own = Fraction(chart.catalogue[steroids[0]].entry["steroid_equivalent"]["mg"])
        daily = Fraction(value) * scale * self.unit / own
        if self.node.total == "daily":
            certain = in_window(chart, self.node.window, record.start, record.last(chart.as_of)) is TRUE
            return (daily if certain else Fraction(0)), daily
        low, high = self._days(chart, record)
        return daily * low, daily * high

    def _days(self, chart: Chart, record: Given) -> tuple[int, int]:
        """The least and the greatest number of days in the window on which it was taken. Both ends
        belong to it, so that two weeks may hold fifteen doses, and hold fourteen."""
        window, anchor = self.node.window, chart.anchor(self.node.window.anchor)
        if anchor is None or not isinstance(window.extent, Span) or not self._looks_back():
            return 0, (record.last(chart.as_of).last - date.min).days
        first, edge = back(anchor.first, window.extent), back(anchor.last, window.extent)
        last, start = record.last(chart.as_of), record.start or Period(date.min, chart.as_of)
        least = (min(last.first, anchor.first) - max(start.last, edge)).days + 1
        most = (min(last.last, anchor.last) - max(start.first, first)).days + 1
        return max(0, min(least, (anchor.first - edge).days)), max(0, most)

    def _looks_back(self) -> bool:
        return self.node.window.relation == "within" and self.node.window.direction == "before"

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        given: Sequence[Given]
        given, bound, complete = outcome.facts
        label = f"{self.node.total} dose of {self.selection.label}"
        equivalent = chart.catalogue[self.node.equivalent].name
        said = "; ".join(f"{record.recorded} {when(chart, record)} ({record.record})" for record in given)
        limit = f"{self.node.limit.comparator} {text(self.node.limit.value)} mg {equivalent}"
        known = bound.low or bound.high is not None
        shown = f"{wording.number(bound)} mg {equivalent} equivalent" if known else "not known"
        reason = f"{label} within {self.node.window.extent}: {shown}{f' ({said})' if said else ''}"
        grounds = Grounds(reason, [fact(chart, record) for record in given], threshold=limit)
        if outcome.truth is UNKNOWN:
            lacks = "; doses are not recorded well enough" if complete else "; records are not complete"
            grounds.reason += lacks
            grounds.missing = [f"medication: {self.selection.label} (dose and dates)"]
            grounds.questions = [f"Which {self.selection.label} was taken within "
                                 f"{self.node.window.extent}, in which daily dose?"]  # fmt: skip
        return grounds
