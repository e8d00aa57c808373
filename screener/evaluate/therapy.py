"""Statements about exposure: `prior lenalidomide`, `ongoing warfarin`, within a window or not."""

from collections.abc import Sequence
from datetime import date

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.exposure import Selection, fact, when
from screener.evaluate.facts import Given, after, before
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.windows import UNBOUNDED, half_life, in_window, turns
from screener.model import rule as r
from screener.model.calendar import Span, shifted
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction, negation, of
from screener.vocabulary.catalogue import Catalogue


class TherapyCheck(Leaf):
    """`prior lenalidomide`, `antineoplastic therapy within 4 weeks`, `ongoing warfarin`."""

    def __init__(self, node: r.Therapy, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.selection = Selection(node.exposure, catalogue)

    def __call__(self, chart: Chart) -> Outcome:
        selection = self.selection
        judged = [(record, conjunction((selection.fits(record), self._when(chart, record))))
                  for record in selection.given(chart)]  # fmt: skip
        truths = [truth for _, truth in judged]
        window = self.node.window
        if window is not None and window.relation in ("at least", "more than"):
            return self._since(chart, judged)
        doubtful = [record for record in selection.may_be(chart)
                    if self._when(chart, record) is not FALSE]  # fmt: skip
        rest, why = self._rest(chart, doubtful)
        return Outcome(disjunction((*truths, rest)), self, (judged, doubtful, why))

    def _rest(self, chart: Chart, doubtful: Sequence[Given]) -> tuple[Truth, str]:
        if doubtful:
            return UNKNOWN, "doubtful"
        covered = self.selection.covered(chart, self._until(chart))
        return (FALSE, "complete") if covered is TRUE else (UNKNOWN, "not recorded")

    def _until(self, chart: Chart) -> date:
        """The day up to which the records must be complete."""
        window = self.node.window
        anchor = chart.anchor(window.anchor) if window is not None else None
        if window is not None and window.anchor and anchor is not None and window.direction == "before":
            return min(anchor.last, chart.as_of)
        return chart.as_of

    def _since(self, chart: Chart, judged: list[tuple[Given, Truth]]) -> Outcome:
        """The time since the last exposure: every record must lie so far back, and one must be."""
        fits = self.selection.fits
        # What is not meant may lie anywhere.
        each = [disjunction((negation(fits(record)), self._when(chart, record))) for record, _ in judged]
        doubtful = [record for record in self.selection.may_be(chart)
                    if self._when(chart, record) is not TRUE]  # fmt: skip
        rest, why = self._rest(chart, doubtful)
        exists = disjunction((*(fits(record) for record, _ in judged), rest))
        truth = conjunction((exists, *each, negation(rest)))
        return Outcome(truth, self, (judged, doubtful, why))

    def _when(self, chart: Chart, record: Given) -> Truth:
        if self.node.window is not None:
            return self._in_window(chart, record, self.node.window)
        if self.node.ongoing:
            return _ongoing(chart, record)
        return TRUE if record.start is None else before(record.start, chart.as_of)

    def _in_window(self, chart: Chart, record: Given, window: r.Window) -> Truth:
        first, last = chart.exposure(record)
        if isinstance(window.extent, Span):
            return in_window(chart, window, first, last)
        halves = [half_life(chart, drug) for drug in self.selection.drugs(record) or record.drugs]
        if record.unclear:
            halves.append(UNBOUNDED)
        each = [in_window(chart, window, first, last, half) for half in halves]
        if window.relation in ("at least", "more than"):
            return conjunction(each)
        return disjunction(each)

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        judged: list[tuple[Given, Truth]]
        judged, doubtful, why = outcome.facts
        grounds = Grounds("", [fact(chart, record) for record, _ in judged])
        for record in (*(record for record, _ in judged), *doubtful):
            grounds.turns += self._turns(chart, record)
        telling = [record for record, truth in judged if truth is outcome.truth]
        if outcome.truth is UNKNOWN:
            self._word_unknown(grounds, telling, doubtful, why, chart)
        elif telling:
            said = "; ".join(self._sentence(chart, record) for record in telling[:3])
            grounds.reason = said if outcome.truth is TRUE else f"{said}{self._outside()}"
        else:
            until = ", ".join(f"{section} are complete up to {chart.sections[section].complete}"
                              for section in self.selection.sections)  # fmt: skip
            grounds.reason = f"no record of {self.selection.label}; {until}"
        if self.node.window is not None:
            grounds.threshold = self.form.removeprefix(self.selection.label).strip()
        return grounds

    def _outside(self) -> str:
        return ", outside the time asked for" if self.node.window is not None else ""

    def _turns(self, chart: Chart, record: Given) -> list[date]:
        """Days on which time alone may change what the record says."""
        last = record.end
        if last is None or record.contradictory:
            return []
        if self.node.ongoing:
            return [day for end in (last.first, last.last) if (day := shifted(end, 1)) > chart.as_of]
        window = self.node.window
        if window is None or isinstance(window.extent, Span):
            return turns(chart, window, last)
        drugs = [drug for drug in self.selection.drugs(record) if chart.catalogue[drug].kind == "drug"]
        halves = [half_life(chart, drug) for drug in drugs] or [None]
        return sorted({day for half in halves for day in turns(chart, window, last, half)})

    def _sentence(self, chart: Chart, record: Given) -> str:
        return f"{record.recorded} {when(chart, record)} ({record.record})"

    def _word_unknown(
        self, grounds: Grounds, telling: Sequence[Given], doubtful: Sequence[Given], why: str,
        chart: Chart,
    ) -> None:  # fmt: skip
        label = self.selection.label
        reasons = []
        for record in telling:
            reasons.append(f"{self._sentence(chart, record)}: {self._open(chart, record)}")
            grounds.questions.append(self._ask(chart, record))
            grounds.missing.append(f"treatment: {record.recorded} ({self._lacks(record)})")
        if doubtful:
            record = doubtful[0]
            reasons.append(f"{record.recorded} ({record.record}) may be {label}")
            grounds.questions.append(f"Did {record.recorded} include {label}?")
            grounds.missing.append(f"treatment: {record.recorded}")
        elif why == "not recorded":
            gaps = wording.listed(self.selection.gaps(chart, self._until(chart)))
            reasons.append(f"{label}{' otherwise' if telling else ''} is not recorded, and {gaps}")
            asked = f"Is there {self.form}" if self.node.ongoing else f"Was there {self.form}"
            grounds.questions.append(asked.replace("prior ", "ever ") + "?")
            grounds.missing.append(f"treatment: {label}")
        grounds.reason = "; ".join(reasons)

    def _open(self, chart: Chart, record: Given) -> str:
        if self.selection.fits(record) is UNKNOWN:
            return f"its {self._lacks(record)} is not recorded"
        if record.end is None and not record.ongoing:
            return "its end is not recorded"
        lacking = [drug for drug in self.selection.drugs(record)
                   if self._needs_half_life() and _unbounded(chart, drug)]  # fmt: skip
        if lacking:
            return f"no half-life is known for {chart.catalogue[lacking[0]].name}"
        return "its dates are not known well enough"

    def _needs_half_life(self) -> bool:
        return self.node.window is not None and not isinstance(self.node.window.extent, Span)

    def _lacks(self, record: Given) -> str:
        if self.selection.exposure.intents and not record.intent:
            return "intent"
        return "line" if self.selection.exposure.line is not None and record.line is None else "dates"

    def _ask(self, chart: Chart, record: Given) -> str:
        lacks = self._lacks(record)
        if lacks != "dates":
            return f"What was the {lacks} of {record.recorded}?"
        if record.end is None:
            return f"When was {record.recorded} last given?"
        del chart
        return f"On which days was {record.recorded} given?"


def _unbounded(chart: Chart, drug: str) -> bool:
    half = half_life(chart, drug)
    return half is not None and half.high is None


def _ongoing(chart: Chart, record: Given) -> Truth:
    if record.end is None:
        return UNKNOWN if record.ongoing is None else of(record.ongoing)
    goes_on = after(record.end, chart.as_of)
    return UNKNOWN if record.contradictory and goes_on is not TRUE else goes_on
