"""What a person's attestation settles, by SEMANTICS 5. It never overturns what the data decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from screener.evaluate.chart import Chart
from screener.evaluate.facts import before
from screener.evaluate.outcome import Outcome
from screener.evaluate.reading import period
from screener.evaluate.records import ManualCheck
from screener.model.kleene import TRUE, UNKNOWN, Truth, negation, of
from screener.model.patient import Attestation
from screener.model.trial import Criterion
from screener.vocabulary.names import folded


@dataclass(frozen=True, slots=True)
class Attested:
    """A criterion's truth with the attestations taken in."""

    truth: Truth
    used: tuple[tuple[int, Attestation], ...] = ()
    note: str | None = None


def attested(chart: Chart, trial: str, criterion: Criterion, outcome: Outcome) -> Attested:
    """The truth of a criterion's rule after the attestations about it."""
    found = [(index, record) for index, record in enumerate(chart.patient.attestations)
             if record.trial.casefold() == trial.casefold() and record.criterion == criterion.id]  # fmt: skip
    found = [(index, record) for index, record in found if _counts(record, chart.as_of)]
    if not found:
        return Attested(outcome.truth)
    answers = {folded(record.about): record for _, record in _by_day(found) if record.about}
    overrides = {words: of(record.met) for words, record in answers.items()}
    truth = _answered(outcome, overrides)
    used = [(index, record) for index, record in found
            if record.about and _asked(outcome, folded(record.about))]  # fmt: skip
    whole = [(index, record) for index, record in _by_day(found) if not record.about]
    if not whole:
        return Attested(truth, tuple(used))
    index, last = whole[-1]
    said = of(last.met)
    said = negation(said) if criterion.reversed else said
    if truth is not UNKNOWN:
        note = None if truth is said else (
            f"conflict: {last.by} attested on {last.date} that the text is "
            f"{'' if last.met else 'not '}met; the data decide otherwise")  # fmt: skip
        return Attested(truth, (*used, *([(index, last)] if truth is said else [])), note)
    if said in possible(outcome, overrides):
        return Attested(said, (*used, (index, last)))
    return Attested(truth, tuple(used), f"the attestation of {last.date} changes nothing: data are missing")


def _counts(record: Attestation, as_of: date) -> bool:
    day = period(record.date)
    return day is not None and before(day, as_of) is TRUE


def _by_day(found: Sequence[tuple[int, Attestation]]) -> list[tuple[int, Attestation]]:
    return sorted(found, key=lambda pair: (pair[1].date, pair[0]))


def _asked(outcome: Outcome, words: str) -> bool:
    return any(_words(leaf) == words for leaf in outcome.leaves())


def _words(leaf: Outcome) -> str:
    return folded(leaf.check.node.text) if isinstance(leaf.check, ManualCheck) else ""


def _answered(outcome: Outcome, answers: dict[str, Truth]) -> Truth:
    """The truth with some manual atoms answered."""
    if not outcome.children:
        return answers.get(_words(outcome), outcome.truth)
    return outcome.check.combine([_answered(child, answers) for child in outcome.children])


def possible(outcome: Outcome, answers: dict[str, Truth]) -> set[Truth]:
    """The truths that some answer to the manual atoms gives, with the data as they are."""
    if not outcome.children:
        answer = answers.get(_words(outcome))
        if answer is not None:
            return {answer}
        return {*Truth} if outcome.manual else {outcome.truth}
    reached: set[tuple[Truth, ...]] = {()}
    for child in outcome.children:
        reached = {(*before_, truth) for before_ in reached for truth in possible(child, answers)}
        if len(reached) > 10_000:  # far beyond any criterion that a person would sign
            return {outcome.truth}
    return {outcome.check.combine(truths) for truths in reached}
