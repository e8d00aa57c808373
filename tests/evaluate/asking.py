"""Asks one rule of one profile, for the tests of this folder."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from screener.evaluate.attest import Attested, attested
from screener.evaluate.chart import Chart
from screener.evaluate.outcome import Check, Grounds, Outcome
from screener.evaluate.predicate import Compiler
from screener.intake.json_profile import profile_of
from screener.language.parser import parse
from screener.model.kleene import UNKNOWN
from screener.model.policy import Policy
from screener.model.trial import Criterion
from screener.vocabulary.load import catalogue

AS_OF = "2026-10-01"


@dataclass(frozen=True)
class Answer:
    """What a rule gave, and its grounds."""

    outcome: Outcome
    grounds: Grounds
    chart: Chart

    @property
    def truth(self) -> str:
        return self.outcome.truth.value

    @property
    def reason(self) -> str:
        return self.grounds.reason


@cache
def check_of(rule: str, disease: str = "multiple_myeloma", max_age: int | None = None) -> Check:
    node, problems = parse(rule, catalogue())
    assert node is not None, problems
    return Compiler(catalogue(), disease, max_age).compile(node)


def chart_of(as_of: str = AS_OF, policy: Policy | None = None, **profile: Any) -> Chart:
    patient, problems = profile_of({"id": "p", "birth_date": "1961-04-12", **profile})
    assert patient is not None, problems
    return Chart(patient, catalogue(), date.fromisoformat(as_of), policy)


def asked(
    rule: str, *, as_of: str = AS_OF, policy: Policy | None = None, max_age: int | None = None, **profile: Any
) -> tuple[Outcome, Grounds]:
    """What a rule is of a patient, with its grounds."""
    chart = chart_of(as_of, policy, **profile)
    outcome = check_of(rule, max_age=max_age)(chart)
    return outcome, outcome.check.grounds(outcome, chart)


def truth(rule: str, **profile: Any) -> str:
    """What a rule is of a patient."""
    return asked(rule, **profile)[0].truth.value


def ask(rule: str, as_of: str = AS_OF, disease: str = "multiple_myeloma", **profile: Any) -> Answer:
    """The answer to a rule; an unknown must always say why, what is missing, and ask."""
    chart = chart_of(as_of, **profile)
    check = check_of(rule, disease)
    outcome = check(chart)
    grounds = check.grounds(outcome, chart)
    assert grounds.reason.strip(), rule
    if outcome.truth is UNKNOWN and not outcome.children:
        assert grounds.missing, rule
        assert grounds.questions, rule
    return Answer(outcome, grounds, chart)


def attest(
    rule: str, *attestations: dict[str, Any], backwards: bool = False, as_of: str = AS_OF,
    **profile: Any,
) -> Attested:  # fmt: skip
    """What attestations make of a rule; each is given without what all of them share."""
    shared = {"trial": "T", "criterion": "E1", "by": "Dr A", "date": "2026-09-01"}
    profile["attestations"] = [{**shared, **attestation} for attestation in attestations]
    chart = chart_of(as_of, **profile)
    check = check_of(rule, "multiple_myeloma")
    node, _ = parse(rule, catalogue())
    assert node is not None
    criterion = Criterion("E1", "exclusion", rule, node, rule, reversed=backwards)
    return attested(chart, "T", criterion, check(chart))
