"""What a person's attestation settles, by SEMANTICS 5. It never overturns what the data decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from screener.evaluate.chart import Chart
from screener.evaluate.facts import before
from screener.evaluate.history import ConditionCheck
from screener.evaluate.logic import Logic, deciding
from screener.evaluate.outcome import Outcome
from screener.evaluate.patterns import Answers
from screener.evaluate.person import ManualCheck
from screener.evaluate.reading import period
from screener.model import rule as r
from screener.model.calendar import read_date
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, negation, of
from screener.model.patient import Attestation
from screener.model.trial import Criterion, Trial
from screener.model.verdict import Ignored
from screener.model.walk import statements
from screener.vocabulary.names import folded

Indexed = tuple[int, Attestation]  # its place in the profile, and itself


@dataclass(frozen=True, slots=True)
class Attested:
    """A criterion's truth with the attestations taken in."""

    truth: Truth
    used: tuple[Indexed, ...] = ()
    note: str | None = None
    waiting: bool = False  # the whole text is attested, and what is missing are data

    @property
    def whole(self) -> bool:
        """Whether a person has said what the whole text is of the patient."""
        return self.waiting or any(not record.about for _, record in self.used)


def attested(chart: Chart, trial: str, criterion: Criterion, outcome: Outcome) -> Attested:
    """The truth of a criterion's rule after the attestations about it."""
    found = [(index, record) for index, record in enumerate(chart.patient.attestations)
             if record.trial.casefold() == trial.casefold() and record.criterion == criterion.id
             and _counts(record, chart.as_of)]  # fmt: skip
    if not found:
        return Attested(outcome.truth)
    answers = {}
    for words in dict.fromkeys(folded(record.about) for _, record in found if record.about):
        latest = _latest([pair for pair in found if folded(pair[1].about or "") == words])
        if latest is not None and _asked(outcome, words):
            answers[words] = latest
    used = tuple(answers.values())
    answered = _answered(chart, outcome, {words: of(record.met) for words, (_, record) in answers.items()})
    whole = [pair for pair in found if not pair[1].about]
    if not whole:
        return Attested(answered.truth, used)
    last = _latest(whole)
    if last is None:
        return Attested(answered.truth, used, "attestations of one day contradict each other: none counts")
    return _settled(criterion, answered, used, last)


def unmatched(chart: Chart, trial: Trial) -> Iterator[Ignored]:
    """The attestations about this trial that answer nothing of it: a slip of the pen is told."""
    known = {criterion.id: criterion for criterion in trial.criteria}
    for index, record in enumerate(chart.patient.attestations):
        if record.trial.casefold() != trial.id.casefold():
            continue
        criterion = known.get(record.criterion)
        if criterion is None:
            yield Ignored(f"attestations[{index}]", "the trial has no criterion of that id")
        elif record.about and folded(record.about) not in quoted(criterion.rule):
            yield Ignored(f"attestations[{index}]", f"the rule of {criterion.id} has no such quotation")


def quoted(rule: r.Rule) -> set[str]:
    """The words that a rule leaves to a person, wherever they stand in it."""
    found = set()
    for statement in statements(rule):
        match statement:
            case r.Manual(text=text):
                found.add(folded(text))
            case r.Condition():
                found |= {
                    folded(one.that) for one in (*statement.patterns, *statement.exceptions) if one.that
                }
    return found


def _settled(criterion: Criterion, outcome: Outcome, used: tuple[Indexed, ...], last: Indexed) -> Attested:
    """The truth after an attestation of the whole text."""
    _, record = last
    said = negation(of(record.met)) if criterion.reversed else of(record.met)
    if outcome.truth is said:
        return Attested(said, (*used, last))
    told = f"{record.by} attested on {record.date} that the text is {'met' if record.met else 'not met'}"
    if outcome.truth is not UNKNOWN:
        return Attested(outcome.truth, used, f"conflict: {told}; the data decide otherwise")
    if said in possible(outcome):
        return Attested(said, (*used, last))
    return Attested(UNKNOWN, used, f"{told}; it counts once the missing data are there", waiting=True)


def left_open(outcome: Outcome, settled: Attested) -> list[Outcome]:
    """The statements that a truth rests on, without those that a person has answered."""
    leaves = deciding(outcome)
    return [leaf for leaf in leaves if not has_answered(leaf, settled)] or leaves


def has_answered(leaf: Outcome, settled: Attested) -> bool:
    """Whether a person has answered what a person can answer of a statement. Who attests the whole text
    answers all of it: nothing but data is left to ask for."""
    if leaf.truth is not UNKNOWN:
        return False
    if words(leaf) & {folded(record.about) for _, record in settled.used if record.about}:
        return True
    return settled.whole and {TRUE, FALSE} <= possible(leaf)


def _counts(record: Attestation, as_of: date) -> bool:
    day = period(record.date)
    return day is not None and before(day, as_of) is TRUE


def _latest(found: Sequence[Indexed]) -> Indexed | None:
    """The latest attestation; None where several may be it and say different things."""
    newest = max(_instant(record, first=True) for _, record in found)
    last = [pair for pair in found if _instant(pair[1], first=False) >= newest]
    return last[-1] if len({record.met for _, record in last}) == 1 else None


def _instant(record: Attestation, *, first: bool) -> tuple[date, time]:
    day = read_date(record.date)
    clock = day.clock or (time.min if first else time.max)
    return (day.first if first else day.last), clock


def _asked(outcome: Outcome, asked: str) -> bool:
    return any(asked in words(leaf) for leaf in outcome.leaves())


def words(leaf: Outcome) -> set[str]:
    """The words that a statement asks a person about."""
    if isinstance(leaf.check, ManualCheck):
        return {folded(leaf.check.node.text)}
    return leaf.check.about if isinstance(leaf.check, ConditionCheck) else set()


def _answered(chart: Chart, outcome: Outcome, answers: Answers) -> Outcome:
    """The outcome with some manual atoms answered."""
    check = outcome.check
    if outcome.children:
        children = tuple([_answered(chart, child, answers) for child in outcome.children])
        return Outcome(check.combine([child.truth for child in children]), check, None, children)
    asked = words(outcome) & answers.keys()
    if not asked:
        return outcome
    if isinstance(check, ConditionCheck):
        return check.judged(chart, answers)
    return Outcome(answers[asked.pop()], check)


def possible(outcome: Outcome) -> set[Truth]:
    """The truths that some answer to the manual atoms gives, with the data as they are."""
    if not outcome.children:
        if not outcome.manual:
            return {outcome.truth}
        reach = getattr(outcome.check, "reach", None)
        return set(Truth if reach is None else reach(outcome))
    reached: set[tuple[Truth, ...]] = {()}
    for child in outcome.children:
        # Which child gave a truth does not matter, but where it stands may: not, if, unless.
        reached = {(*before_, truth) for before_ in reached for truth in possible(child)}
        if isinstance(outcome.check, Logic) and outcome.check.name in ("and", "or", "at least"):
            reached = {tuple(sorted(truths, key=str)) for truths in reached}
    return {outcome.check.combine(truths) for truths in reached}
