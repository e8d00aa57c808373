"""Statements about procedures: whether one was done, and when."""

from collections.abc import Sequence

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Stated
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.patterns import Match
from screener.evaluate.standing import (
    article,
    begun,
    earlier,
    exactly,
    fact,
    generals,
    holds_still,
    rest,
    sentence,
    why_open,
)
from screener.evaluate.windows import in_window, turns
from screener.model import rule as r
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, disjunction, negation
from screener.vocabulary.catalogue import Catalogue


class ProcedureCheck(Leaf):
    """`autologous stem cell transplant at least 3 months ago`."""

    def __init__(self, node: r.Procedure, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.concept = catalogue[node.concepts[0]]
        window = node.window
        # The time since the last one, rather than whether there was one at a time.
        self.since = window is not None and window.relation in ("at least", "more than")

    def __call__(self, chart: Chart) -> Outcome:
        about, index = self.concept.id, chart.procedures
        done = [record for record in index.get(about, ())
                if record.status != "absent" and self._excepted(chart, record) is not TRUE]  # fmt: skip
        absent = [record for line in chart.catalogue.with_ancestors(about)
                  for record in exactly(index, line) if record.status == "absent"]  # fmt: skip
        real = any(record.status != "suspected" for record in done)
        matches = [self._match(chart, record, absent) for record in done]
        matches += [self._general(chart, record, beside=real)
                    for record in generals(chart, index, about, past=True)]  # fmt: skip
        rest_, why = self._rest(chart, done, absent)
        truths = [found.truth for found in matches]
        if self.since:
            exists = disjunction((TRUE if real else UNKNOWN if matches else FALSE, rest_))
            later = negation(rest_) if matches else TRUE
            truth = conjunction((exists, *truths, later))
        else:
            truth = disjunction((*truths, rest_))
        return Outcome(truth, self, (matches, absent, rest_, why))

    def _rest(self, chart: Chart, done: Sequence[Stated], absent: Sequence[Stated]) -> tuple[Truth, str]:
        """An absence holds until a later record."""
        held = [record for record in absent if holds_still(chart, record)
                and all(earlier(other.when, record.when) for other in done)]  # fmt: skip
        return (FALSE, "absent") if held else rest(
            chart, "procedures", None if self.since else self.node.window)  # fmt: skip

    def _excepted(self, chart: Chart, record: Stated) -> Truth:
        """Whether it is one of the exceptions; a more general one may be."""
        is_a, names = chart.catalogue.is_a, self.node.exceptions
        if any(is_a(record.concept, name) for name in names):
            return TRUE
        return UNKNOWN if any(is_a(name, record.concept) for name in names) else FALSE

    def _match(self, chart: Chart, record: Stated, absent: Sequence[Stated]) -> Match:
        when = self._when(chart, record)
        suspected = record.status == "suspected"
        if when.truth is FALSE and not (suspected and self.since):
            return when
        if suspected:
            return Match(record, UNKNOWN, "it is only suspected", "was it done?")
        if self._excepted(chart, record) is UNKNOWN:
            return Match(record, UNKNOWN, "it may be an exception", "which one was it?")
        against = [other for other in absent if not earlier(other.when, record.when)]
        if against and when.truth is TRUE:
            return Match(record, UNKNOWN, f"but {sentence(chart, against[0])}", "was it done?")
        return when

    def _when(self, chart: Chart, record: Stated) -> Match:
        if self.node.window is None:
            truth = begun(chart, record)
        else:
            truth = in_window(chart, self.node.window, record.when, record.when)
        why = "it is outside the time asked for" if truth is FALSE else "its date is not known well enough"
        return Match(record, truth, why if truth is not TRUE else "", "when was it?", "date")

    def _general(self, chart: Chart, record: Stated, *, beside: bool) -> Match:
        """A more general record, which does not matter where it would not, were it this. The time
        since the last one is no shorter for an early one beside those that are known."""
        when = self._when(chart, record)
        if (when.truth is TRUE and beside) if self.since else when.truth is FALSE:
            return when
        name = self.concept.name
        return Match(record, UNKNOWN, f"it may be {name}", f"was it {article(name)}?")

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        matches: list[Match]
        matches, absent, rest_, why = outcome.facts
        records = (*(found.record for found in matches), *absent)
        grounds = Grounds("", [fact(chart, record) for record in records])
        for found in matches:
            grounds.turns += turns(chart, self.node.window, found.record.when)
        telling = [found for found in matches if found.truth is outcome.truth]
        if outcome.truth is TRUE:
            grounds.reason = "; ".join(_done(chart, found) for found in telling)
        elif outcome.truth is FALSE:
            grounds.reason = self._absent(chart, telling, absent, why)
        else:
            more = "" if not matches else "a later " if self.since else "a further "
            self._word_unknown(grounds, chart, telling, why if rest_ is UNKNOWN else "", more)
        if self.node.window is not None:
            grounds.threshold = self.form.removeprefix(self.concept.name).strip()
        return grounds

    def _word_unknown(
        self, grounds: Grounds, chart: Chart, open_: Sequence[Match], why: str, more: str
    ) -> None:
        name = self.concept.name
        parts = [_said(chart, found) for found in open_]
        for found in open_:
            lacks = f" ({found.lacks})" if found.lacks else ""
            grounds.missing.append(f"procedure: {found.record.recorded}{lacks}")
            asked = wording.first_upper(found.record.recorded)
            grounds.questions.append(f"{asked}: {found.question}")
        if why:
            parts.append(why_open(chart, "procedures", why, f"{more}{name}"))
            grounds.missing.append(f"procedure: {name}")
            grounds.questions.append(f"Was there {article(self.form)}?")
        grounds.reason = "; ".join(parts)

    def _absent(self, chart: Chart, outside: Sequence[Match], absent: Sequence[Stated], why: str) -> str:
        if outside:
            return "; ".join(_said(chart, found) for found in outside)
        if why == "absent":
            return sentence(chart, absent[0])
        until = chart.sections["procedures"].complete
        return f"no record of {self.concept.name}; procedures are complete up to {until}"


def _done(chart: Chart, found: Match) -> str:
    record = found.record
    return f"{record.recorded} {wording.on_day(chart, record.when)} ({record.record})"


def _said(chart: Chart, found: Match) -> str:
    between = ", " if found.why.startswith("but ") else ": "
    return f"{_done(chart, found)}{between}{found.why}"
