"""Statements about progression: ever, or in a window that may still be running."""

from collections.abc import Sequence
from datetime import date

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.disease import progressions, response_fact, responses_known
from screener.evaluate.facts import Responded, before
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.windows import in_window, turns
from screener.model import rule as r
from screener.model.calendar import Span, forward, shifted
from screener.model.kleene import FALSE, TRUE, UNKNOWN, conjunction, disjunction, negation


class ProgressionCheck(Leaf):
    """`progression within 3 months after autologous stem cell transplant`."""

    def __init__(self, node: r.Progression, form: str) -> None:
        self.node = node
        self.form = form

    def __call__(self, chart: Chart) -> Outcome:
        window = self.node.window
        found = progressions(chart)
        if window is None:
            hits = [TRUE if record.when is None else before(record.when, chart.as_of) for record in found]
            until = chart.as_of
        else:
            hits = [in_window(chart, window, record.when, record.when, anchor=anchor)
                    for record in found for anchor in chart.anchor_days(window.anchor)]  # fmt: skip
            until = self._until(chart, window)
        # While a window after an event still runs, nobody knows how it ends.
        open_ = TRUE if until > chart.as_of else FALSE
        known = responses_known(chart, until)
        return Outcome(disjunction((*hits, conjunction((open_, UNKNOWN)), negation(known))), self, found)

    def _until(self, chart: Chart, window: r.Window) -> date:
        anchor = chart.anchor(window.anchor)
        if anchor is None or window.direction == "before" or not isinstance(window.extent, Span):
            return chart.as_of
        return forward(anchor.last, window.extent)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        found: Sequence[Responded] = outcome.facts
        said = "; ".join(f"{record.recorded} {wording.on_day(chart, record.when)}" for record in found)
        complete = chart.sections["responses"].complete
        gap = f"complete only up to {complete}" if complete else "not declared complete"
        reason = {
            TRUE: said,
            FALSE: f"{said + ', outside the time asked for' if said else 'no progression is recorded'}; "
                   f"responses are complete up to {complete}",
            UNKNOWN: f"{said + ': the dates do not tell' if said else 'progression is not recorded'}, "
                     f"and responses are {gap}",
        }[outcome.truth]  # fmt: skip
        grounds = Grounds(reason, [response_fact(chart, record) for record in found])
        for record in found:
            grounds.turns += turns(chart, self.node.window, record.when)
        end = self._until(chart, self.node.window) if self.node.window is not None else chart.as_of
        if end > chart.as_of:
            known = said or "no progression is recorded"
            grounds.reason = f"{known}, and the time asked for runs until {end}"
            grounds.turns += [end, shifted(end, 1)]
        if outcome.truth is UNKNOWN:
            grounds.missing = ["response: progression"]
            grounds.questions = [f"Was there {self.form}?"]
        return grounds
