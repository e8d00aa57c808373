"""A chart against a compiled trial: verdicts, and the whole result with its grounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from screener._version import __version__
from screener.evaluate.attest import Attested, attested, has_answered, left_open, unmatched
from screener.evaluate.chart import Chart
from screener.evaluate.knowledge import Asked, knowledge
from screener.evaluate.logic import Logic, deciding, does_not_apply, parts_deciding
from screener.evaluate.outcome import Check, Grounds, Outcome, outcome_of
from screener.evaluate.predicate import Compiler
from screener.evaluate.readings import default
from screener.evaluate.wording import first_upper, said, together
from screener.model.kleene import FALSE, TRUE, UNKNOWN
from screener.model.patient import Patient
from screener.model.policy import Policy
from screener.model.trial import Criterion, Trial
from screener.model.verdict import (
    Change,
    CriterionResult,
    Evidence,
    Overall,
    RuleSet,
    ScreeningResult,
    Trace,
    Verdict,
    verdict_of,
)
from screener.vocabulary.catalogue import Catalogue

_SENTENCES = 4  # of a reason that is no fail: more are counted, and stand in the trace


@dataclass(frozen=True, slots=True)
class Compiled:
    """A trial ready to be screened against. Safe to share between threads."""

    trial: Trial
    checks: tuple[Check, ...]


def compiled(trial: Trial, catalogue: Catalogue) -> Compiled:
    compiler = _compiler(catalogue, trial.disease, trial.max_age_days)
    return Compiled(trial, tuple(compiler.compile(criterion.rule) for criterion in trial.criteria))


@lru_cache(maxsize=256)
def _compiler(catalogue: Catalogue, disease: str, max_age: int | None) -> Compiler:
    # One for all trials of a disease: what they ask alike is compiled, and answered, once.
    return Compiler(catalogue, disease, max_age)


def indexed(patient: Patient, catalogue: Catalogue, as_of: date, policy: Policy | None = None) -> Chart:
    """A patient's chart, with what most rules ask of it found: the newest values, the days of
    treatments, and what is known of the recorded conditions."""
    chart = Chart(patient, catalogue, as_of, policy)
    for concept in chart.observed:
        default(chart, concept)
    for given in chart.facts.given:
        chart.exposure(given)
    for concept in chart.conditions:
        knowledge(chart, Asked(concept, past=False, several=False, window=None))
    return chart


def verdicts(chart: Chart, compiled: Compiled) -> list[Verdict]:
    """The verdict of each criterion, in their order, without the grounds."""
    trial = compiled.trial
    attestations = chart.patient.attestations
    found: list[Verdict] = []
    for criterion, check in zip(trial.criteria, compiled.checks, strict=True):
        outcome = outcome_of(check, chart)
        truth = outcome.truth
        if attestations:
            truth = attested(chart, trial.id, criterion, outcome).truth
        found.append(verdict_of(truth, criterion.kind))
    return found


def overall_of(trial: Trial, found: Sequence[Verdict]) -> Overall:
    if "fail" in found:
        return "ineligible"
    return "eligible" if "unknown" not in found and trial.can_be_eligible else "undetermined"


def screened(chart: Chart, compiled: Compiled) -> ScreeningResult:
    """The whole result: every criterion with its reason, evidence and what is missing."""
    trial = compiled.trial
    results = tuple(_result(chart, trial.id, criterion, check)
                    for criterion, check in zip(trial.criteria, compiled.checks, strict=True))  # fmt: skip
    found: list[Verdict] = [result.verdict for result in results]
    policy = chart.policy.sha256
    return ScreeningResult(
        patient=chart.patient.id,
        trial=trial.id,
        title=trial.title,
        as_of=chart.as_of,
        overall=overall_of(trial, found),
        counts={"pass": found.count("pass"), "fail": found.count("fail"),
                "unknown": found.count("unknown")},
        criteria=results,
        ignored=(*chart.facts.ignored, *unmatched(chart, trial)),
        not_understood=tuple(dict.fromkeys(chart.facts.not_understood)),
        rule_set=RuleSet(trial.version, trial.sha256, trial.status, trial.completeness),
        vocabulary={"sha256": chart.catalogue.sha256},
        policy={"sha256": policy} if policy else None,
        engine=__version__,
    )  # fmt: skip


class _Worded:
    """The grounds of an outcome's statements, each worded once."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._known: dict[int, Grounds] = {}

    def __call__(self, leaf: Outcome) -> Grounds:
        known = self._known.get(id(leaf))
        if known is None:
            known = self._known[id(leaf)] = leaf.check.grounds(leaf, self.chart)
        return known


def _result(chart: Chart, trial: str, criterion: Criterion, check: Check) -> CriterionResult:
    outcome = outcome_of(check, chart)
    grounds = _Worded(chart)
    settled = attested(chart, trial, criterion, outcome)
    verdict = verdict_of(settled.truth, criterion.kind)
    leaves = list(outcome.leaves())
    by_person = settled.truth is not outcome.truth
    open_ = left_open(outcome, settled) if verdict == "unknown" else []
    nearest = _nearest(outcome, grounds)
    return CriterionResult(
        id=criterion.id,
        kind=criterion.kind,
        text=criterion.text,
        rule=criterion.printed,
        verdict=verdict,
        reason=_reason(outcome, grounds, settled, verdict),
        evidence=tuple(_evidence(leaves, grounds, settled)),
        missing=_missing(open_, grounds, f"attestation {trial}/{criterion.id}"),
        questions=tuple(dict.fromkeys(q for leaf in open_ for q in grounds(leaf).questions)),
        threshold=nearest.threshold if nearest else None,
        margin=nearest.margin if nearest else None,
        trace=_trace(outcome, grounds, settled),
        changes_on=None if by_person else _change(chart, trial, criterion, check, verdict, leaves, grounds),
        valid_until=None if verdict == "unknown" else _expiry(outcome, grounds),
        attestation=settled.note,
        note=criterion.note or None,
    )


# --- words ------------------------------------------------------------------------------------


def _reason(outcome: Outcome, grounds: _Worded, settled: Attested, verdict: Verdict) -> str:
    if settled.truth is not outcome.truth:
        _, last = settled.used[-1]
        what = f'"{last.about}"' if last.about else "this"
        return f"{last.by} attested on {last.date} that {what} is {'' if last.met else 'not '}so."
    fails = verdict == "fail"
    found = [grounds(leaf) for leaf in left_open(outcome, settled)]
    told = (first_upper(said((one.failing if fails else "") or one.reason)) for one in found)
    sentences = together(sentence for sentence in told if sentence)
    # Every value that keeps a patient out is shown.
    most = len(sentences) if fails else _SENTENCES
    more = len(sentences) - most
    shown = ". ".join(sentences[:most]) + "."
    if more > 0:
        shown += f" And {more} more."
    prefix = "Does not apply: " if does_not_apply(outcome) else ""
    conflict = f" ({settled.note})" if settled.note else ""
    return f"{prefix}{shown}{conflict}"


def _evidence(leaves: Sequence[Outcome], grounds: _Worded, settled: Attested) -> list[Evidence]:
    facts = dict.fromkeys(fact for leaf in leaves for fact in grounds(leaf).evidence)
    people = [Evidence("attestation", f"attestations[{index}]", "met" if record.met else "not met",
                       None, None, record.date, None, f"by {record.by}")
              for index, record in settled.used]  # fmt: skip
    return [*facts, *people]


def _missing(open_: Sequence[Outcome], grounds: _Worded, attestation: str) -> tuple[str, ...]:
    missing: dict[str, None] = {}
    for leaf in open_:
        for name in grounds(leaf).missing:
            missing[attestation if name == "attestation" else name] = None
        if leaf.manual:
            missing[attestation] = None
    return tuple(missing)


def _trace(outcome: Outcome, grounds: _Worded, settled: Attested) -> Trace:
    reason = _joined(outcome, grounds) if outcome.children else grounds(outcome).reason
    if not outcome.children and has_answered(outcome, settled):
        reason += " (attested)"
    children = tuple(_trace(child, grounds, settled) for child in outcome.children)
    return Trace(outcome.check.form, outcome.truth.value, reason, children)


def _joined(outcome: Outcome, grounds: _Worded) -> str:
    said = dict.fromkeys(grounds(leaf).reason for leaf in deciding(outcome))
    return "; ".join(list(said)[:_SENTENCES])


def _nearest(outcome: Outcome, grounds: _Worded) -> Grounds | None:
    """The grounds of the statement whose value lies nearest to its threshold, of those that decide."""
    found = [grounds(leaf) for leaf in deciding(outcome)]
    with_threshold = [known for known in found if known.threshold is not None]
    measured = [known for known in with_threshold if known.margin is not None]
    if len(with_threshold) == 1:
        return with_threshold[0]
    if measured:
        return min(measured, key=lambda known: abs(known.margin.value) if known.margin else 0)
    return with_threshold[0] if with_threshold else None


# --- time -------------------------------------------------------------------------------------


def _change(
    chart: Chart, trial: str, criterion: Criterion, check: Check, verdict: Verdict,
    leaves: Sequence[Outcome], grounds: _Worded,
) -> Change | None:  # fmt: skip
    """The first day on which, with nothing new, the verdict is another one."""
    for day in sorted({day for leaf in leaves for day in grounds(leaf).turns}):
        later = chart.later(day)
        outcome = outcome_of(check, later)
        settled = attested(later, trial, criterion, outcome)
        then = verdict_of(settled.truth, criterion.kind)
        if then not in (verdict, "unknown"):
            return Change(day, then, _reason(outcome, _Worded(later), settled, then))
    return None


def _expiry(outcome: Outcome, grounds: _Worded) -> date | None:
    """The first day on which the truth no longer has usable values to rest on."""
    if not outcome.children:
        return grounds(outcome).expires
    days = [_expiry(part, grounds) for part in parts_deciding(outcome)]
    known = [day for day in days if day is not None]
    if _needs_all(outcome):
        return min(known, default=None)
    # Any one of the parts is enough: it stands until the last of them is too old.
    return max(known) if known and len(known) == len(days) else None


def _needs_all(outcome: Outcome) -> bool:
    if not isinstance(outcome.check, Logic) or outcome.check.name in ("not", "if", "unless"):
        return True
    name, truth = outcome.check.name, outcome.truth
    return (name, truth) not in (("and", FALSE), ("or", TRUE)) or truth is UNKNOWN
