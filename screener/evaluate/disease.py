"""Statements about the course of the disease: refractory, relapsed, response, progression."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.exposure import Selection, fact, when
from screener.evaluate.facts import Given, Responded, before
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.model import rule as r
from screener.model.calendar import Period, Span, forward
from screener.model.interval import holds, point
from screener.model.kleene import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    conjunction,
    disjunction,
    negation,
    of,
)
from screener.model.verdict import Evidence
from screener.vocabulary.catalogue import Catalogue

# IMWG: refractory is progression on therapy or within 60 days of the last dose
# (Rajkumar et al., Blood 2011;117:4691-4695).
REFRACTORY_WITHIN = Span(60, "day")


def rank(chart: Chart, response: str) -> int:
    return int(chart.catalogue[response].entry["rank"])


def response_fact(chart: Chart, record: Responded) -> Evidence:
    return Evidence(record.response or "response", record.record, record.recorded, None, None,
                    str(record.when) if record.when else None, chart.age_days(record.when))  # fmt: skip


def progressions(chart: Chart) -> list[Responded]:
    """Every recorded progression: as a response, by what is said of a treatment, or as a relapse."""
    return [*(record for record in chart.responses if record.response == "pd"), *failures(chart),
            *relapses(chart)]  # fmt: skip


def relapses(chart: Chart) -> list[Responded]:
    """Myeloma recorded as relapsed or refractory."""
    found = {record.record: record for state in _RELAPSED for record in chart.conditions.get(state, ())
             if record.status == "active"}  # fmt: skip
    return [Responded("pd", record.record, f"{record.recorded} is recorded", record.onset or record.dated)
            for record in found.values()]  # fmt: skip


_RELAPSED = (
    "relapsed_multiple_myeloma",
    "refractory_multiple_myeloma",
    "relapsed_refractory_multiple_myeloma",
)


def failures(chart: Chart) -> list[Responded]:
    """Treatments stopped for progression, or with progression as their best response."""
    found = []
    for given in chart.facts.given:
        last = given.last(chart.as_of)
        if given.stop_reason == "progression":
            said = f"{given.recorded} stopped for progression"
            found.append(Responded("pd", given.record, said, last))
        elif given.best_response == "pd":
            first = given.start.first if given.start is not None else date.min
            said = f"best response to {given.recorded}: PD"
            found.append(Responded("pd", given.record, said, Period(first, last.last)))
    return found


def responses_known(chart: Chart, day: date) -> Truth:
    """Whether every response up to a day is recorded and understood."""
    section = chart.sections["responses"]
    return TRUE if section.covers(min(day, chart.as_of)) is TRUE and not section.unclear else UNKNOWN


class CourseCheck(Leaf):
    """`refractory to lenalidomide`, `relapsed after antimyeloma therapy`."""

    def __init__(self, node: r.Course, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.selection = Selection(r.Exposure(node.names), catalogue)

    def __call__(self, chart: Chart) -> Outcome:
        given = self.selection.given(chart)
        state = _refractory if self.node.state == "refractory" else _relapsed
        judged = [(record, state(chart, record)) for record in given]
        doubtful = [record for record in self.selection.may_be(chart) if record not in given]
        covered = self.selection.covered(chart, chart.as_of) is TRUE and not doubtful
        truth = disjunction((*(truth for _, truth in judged), FALSE if covered else UNKNOWN))
        return Outcome(truth, self, (judged, doubtful))

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        judged: list[tuple[Given, Truth]]
        judged, doubtful = outcome.facts
        state, label = self.node.state, self.selection.label
        evidence = [fact(chart, record) for record, _ in judged]
        evidence += [response_fact(chart, record) for record in chart.responses]
        telling = [record for record, truth in judged if truth is outcome.truth]
        said = "; ".join(_course_sentence(chart, record) for record in telling)
        grounds = Grounds(said or f"no {label} is recorded; treatments are complete", evidence)
        if outcome.truth is UNKNOWN:
            ask = doubtful[0].recorded if doubtful and not telling else label
            grounds.reason = (
                f"{said}: whether the disease was {state} is not recorded"
                if said
                else f"whether {ask} was given, and the disease {state}, is not recorded"
            )
            grounds.missing = [f"treatment: {label} ({state})"]
            to = "to" if state == "refractory" else "after"
            grounds.questions = [f"Was the disease {state} {to} {label}?"]
        return grounds


_STOPPED = {"completed": "completed", "progression": "stopped for progression",
            "toxicity": "stopped for toxicity", "other": "stopped for another reason"}  # fmt: skip


def _course_sentence(chart: Chart, record: Given) -> str:
    asserted = "" if record.refractory is None else (
        ", recorded refractory" if record.refractory else ", recorded not refractory")  # fmt: skip
    stopped = f", {_STOPPED[record.stop_reason]}" if record.stop_reason else ""
    return f"{record.recorded} {when(chart, record)}{asserted}{stopped} ({record.record})"


def _refractory(chart: Chart, record: Given) -> Truth:
    """As asserted; else progression on treatment or within 60 days after the last dose."""
    if record.refractory is not None:
        return of(record.refractory)
    if record.stop_reason == "progression" or record.best_response == "pd":
        return TRUE
    last = record.last(chart.as_of)
    start = record.start or Period(date.min, last.first)
    until = Period(forward(last.first, REFRACTORY_WITHIN), forward(last.last, REFRACTORY_WITHIN))
    hits = [_between(found.when, start, until) for found in progressions(chart)]
    return disjunction((*hits, negation(responses_known(chart, until.last))))


def _between(when: Period | None, start: Period, end: Period) -> Truth:
    if when is None:
        return UNKNOWN
    from_start = TRUE if when.first >= start.last else FALSE if when.last < start.first else UNKNOWN
    to_end = TRUE if when.last <= end.first else FALSE if when.first > end.last else UNKNOWN
    return conjunction((from_start, to_end))


def _relapsed(chart: Chart, record: Given) -> Truth:
    """A response of MR or better, then progression more than 60 days after the last dose."""
    if record.best_response and rank(chart, record.best_response) < rank(chart, "mr"):
        return FALSE
    responded = TRUE if record.best_response else UNKNOWN
    last = record.last(chart.as_of)
    late = Period(forward(last.first, REFRACTORY_WITHIN), forward(last.last, REFRACTORY_WITHIN))
    hits = [_later(found.when, late) for found in progressions(chart) if found.record != record.record]
    progressed = disjunction((*hits, negation(responses_known(chart, chart.as_of))))
    return conjunction((responded, progressed))


def _later(when: Period | None, than: Period) -> Truth:
    if when is None:
        return UNKNOWN
    return TRUE if when.first > than.last else FALSE if when.last <= than.first else UNKNOWN


class ResponseCheck(Leaf):
    """`current response >= VGPR`, `best response to bortezomib < PR`."""

    def __init__(self, node: r.Response, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.wanted = Decimal(catalogue[node.response].entry["rank"])
        self.shown = catalogue[node.response].name
        self.selection = Selection(r.Exposure(node.names), catalogue) if node.names else None

    def __call__(self, chart: Chart) -> Outcome:
        if self.selection is not None:
            return self._to_therapy(chart, self.selection)
        return self._current(chart) if self.node.which == "current" else self._best(chart)

    def _compares(self, chart: Chart, response: str) -> Truth:
        return holds(point(Decimal(rank(chart, response))), self.node.comparator, self.wanted)

    def _current(self, chart: Chart) -> Outcome:
        """The latest response: it holds until a later one."""
        records = chart.responses
        if not records:
            return Outcome(UNKNOWN, self, ([], "not recorded"))
        if any(record.when is None for record in records):
            newest = records
        else:
            latest = max(record.when.first for record in records if record.when)
            newest = [record for record in records if record.when and record.when.last >= latest]
        dated = all(record.when and before(record.when, chart.as_of) is TRUE for record in newest)
        if not dated or any(not record.response for record in newest):
            return Outcome(UNKNOWN, self, (newest, "not usable"))
        latest = max(record.when.first for record in newest if record.when)
        newest = [*newest, *(failure for failure in (*failures(chart), *relapses(chart))
                             if failure.when is not None and failure.when.last > latest)]  # fmt: skip
        truths = {self._compares(chart, record.response) for record in newest}
        truth = truths.pop() if len(truths) == 1 else UNKNOWN
        return Outcome(truth, self, (newest, "conflicting" if truth is UNKNOWN else ""))

    def _best(self, chart: Chart) -> Outcome:
        """The deepest response ever: later or unrecorded ones can only raise it."""
        found = [record for record in chart.responses if record.response]
        found += [Responded(given.best_response, given.record, f"best response to {given.recorded}: "
                            f"{chart.catalogue[given.best_response].name}", given.end)
                  for given in chart.facts.given if given.best_response]  # fmt: skip
        if not found:
            return Outcome(UNKNOWN, self, ([], "not recorded"))
        best = max(found, key=lambda record: rank(chart, record.response))
        truth = self._compares(chart, best.response)
        upward = self.node.comparator in (">", ">=")
        final = responses_known(chart, chart.as_of) is TRUE
        if truth is (TRUE if upward else FALSE) or final:
            return Outcome(truth, self, ([best], ""))
        return Outcome(UNKNOWN, self, ([best], "incomplete"))

    def _to_therapy(self, chart: Chart, selection: Selection) -> Outcome:
        """The best response asserted for treatments that hold the drug."""
        given = selection.given(chart)
        known = [record for record in given if record.best_response]
        if not known:
            return Outcome(UNKNOWN, self, ([], "not recorded"))
        best = max(known, key=lambda record: rank(chart, record.best_response))
        shown = Responded(best.best_response, best.record, f"best response to {best.recorded}: "
                          f"{chart.catalogue[best.best_response].name}", best.end)  # fmt: skip
        truth = self._compares(chart, best.best_response)
        upward = self.node.comparator in (">", ">=")
        complete = (len(known) == len(given) and selection.covered(chart, chart.as_of) is TRUE
                    and not selection.may_be(chart))  # fmt: skip
        if complete or truth is (TRUE if upward else FALSE):
            return Outcome(truth, self, ([shown], ""))
        return Outcome(UNKNOWN, self, ([shown], "incomplete"))

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        records: Sequence[Responded]
        records, why = outcome.facts
        to = f" to {self.selection.label}" if self.selection is not None else ""
        what = f"{self.node.which} response{to}"
        said = "; ".join(f"{record.recorded} {wording.on_day(chart, record.when)}" for record in records)
        verb = (wording.HOLDS if outcome.truth is TRUE else wording.FAILS)[self.node.comparator]
        grounds = Grounds(f"{what}: {said} {verb} {self.shown}",
                          [response_fact(chart, record) for record in records],
                          threshold=f"{self.node.comparator} {self.shown}")  # fmt: skip
        if outcome.truth is UNKNOWN:
            grounds.reason = {
                "not recorded": f"{what} is not recorded",
                "not usable": f"{what}: {said} cannot be used (no date, or not one of the IMWG responses)",
                "conflicting": f"conflicting responses: {said}",
            }.get(why, f"{what}: {said}; others may not be recorded")
            grounds.missing = [f"response: {what}"]
            grounds.questions = [f"What is the {what} (IMWG), and on which day?"]
        return grounds
