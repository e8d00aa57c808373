"""How long a treatment lasted: `antineoplastic therapy as induction lasting <= 12 months`."""

from collections.abc import Sequence
from datetime import date

from screener.evaluate.chart import Chart
from screener.evaluate.exposure import Selection, fact, when
from screener.evaluate.facts import Given
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.model import rule as r
from screener.model.calendar import Period, Span, forward, on, shifted
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, of
from screener.vocabulary.catalogue import Catalogue


class DurationCheck(Leaf):
    """`antineoplastic therapy as induction lasting <= 12 months`: first start to last end."""

    def __init__(self, node: r.Duration, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.selection = Selection(node.exposure, catalogue)

    def __call__(self, chart: Chart) -> Outcome:
        selection = self.selection
        given = selection.given(chart)
        fitting = [record for record in given if selection.fits(record) is TRUE]
        unsure = [record for record in given if selection.fits(record) is UNKNOWN]
        complete = selection.covered(chart, chart.as_of)
        if not fitting:
            return Outcome(UNKNOWN, self, (given, "none"))
        if unsure or selection.may_be(chart):
            return Outcome(UNKNOWN, self, (unsure or given, "unsure"))
        if any(record.start is None for record in fitting):
            return Outcome(UNKNOWN, self, (fitting, "dates"))
        truth = self._compare(chart, fitting)
        if truth is not self._without_gaps(chart, fitting):
            return Outcome(UNKNOWN, self, (fitting, "gaps"))
        # Earlier or later courses that are not recorded can only lengthen it.
        final = {">": TRUE, ">=": TRUE, "<": FALSE, "<=": FALSE}.get(self.node.comparator)
        if complete is not TRUE and truth is not final:
            return Outcome(UNKNOWN, self, (fitting, "incomplete"))
        return Outcome(truth, self, (fitting, "dates"))

    def _compare(self, chart: Chart, given: Sequence[Given]) -> Truth:
        starts = [record.start for record in given if record.start is not None]
        ends = [record.last(chart.as_of) for record in given]
        first = Period(min(day.first for day in starts), min(day.last for day in starts))
        last = Period(max(day.first for day in ends), max(day.last for day in ends))
        return self._holds(first, last)

    def _without_gaps(self, chart: Chart, given: Sequence[Given]) -> Truth:
        """The truth if only days of treatment count: whether gaps do, a criterion seldom says."""
        if len(given) == 1:
            return self._compare(chart, given)
        courses = sorted((record.start.last, record.last(chart.as_of).last)
                         for record in given if record.start is not None)  # fmt: skip
        first, end, gaps = courses[0][0], courses[0][1], 0
        for start, last in courses[1:]:
            gaps += max(0, (start - end).days)
            end = max(end, last)
        return self._holds(on(first), on(shifted(end, -gaps)))

    def _holds(self, first: Period, last: Period) -> Truth:
        # "is" has two sides, each of which is true or false all along.
        signs = ("<=", ">=") if self.node.comparator == "=" else (self.node.comparator,)
        return conjunction(_holds(first, last, sign, self.node.span) for sign in signs)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        given: Sequence[Given]
        given, why = outcome.facts
        label = self.selection.label
        intents = "/".join(self.selection.exposure.intents)
        what = f"{intents} {label}".strip()
        said = "; ".join(f"{record.recorded} {when(chart, record)} ({record.record})" for record in given)
        grounds = Grounds(said or f"no {what} is recorded", [fact(chart, record) for record in given],
                          threshold=f"{self.node.comparator} {self.node.span}")  # fmt: skip
        if outcome.truth is UNKNOWN:
            reason = {
                "none": f"no {what} is recorded" + (f" as such ({said})" if said else ""),
                "unsure": f"{said}: the intent or the line is not recorded",
                "gaps": f"{said}: with the time between the courses it differs from without",
                "incomplete": f"{said}; earlier or later courses may not be recorded",
            }.get(why, f"{said}: the dates do not tell how long it lasted")
            grounds.reason = reason
            grounds.missing = [f"treatment: {what} (dates)"]
            grounds.questions = [f"From when to when was all {what} given?"]
        return grounds


def _holds(first: Period, last: Period, sign: str, span: Span) -> Truth:
    truths = {_lasted(start, end, sign, span)
              for start in (first.first, first.last) for end in (last.first, last.last)}  # fmt: skip
    return truths.pop() if len(truths) == 1 else UNKNOWN


def _lasted(start: date, end: date, comparator: str, span: Span) -> Truth:
    limit = forward(start, span)
    return {
        "<": of(end < limit), "<=": of(end <= limit), ">": of(end > limit), ">=": of(end >= limit),
    }[comparator]  # fmt: skip
