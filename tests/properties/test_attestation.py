"""What a person attests settles judgement, and never what the data decide."""

from dataclasses import replace
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from screener.model import rule as r
from screener.model.kleene import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    at_least,
    conjunction,
    disjunction,
    negation,
)
from tests import strategies as some
from tests.properties.judging import COMPILER, TRIAL, chart_of, screen, trial_of

FEW = some.few()
PATIENTS = some.patients(FEW)
ATOMS = st.builds(r.Manual, st.sampled_from(("is willing", "is suitable", "may comply")))
PLAIN = st.one_of(some.ages(), some.markers(FEW), some.measurements(FEW),
                  st.builds(r.Sex, st.sampled_from(("female", "male"))))  # fmt: skip


def _joined(inner: st.SearchStrategy[r.Rule]) -> st.SearchStrategy[r.Rule]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(r.All, parts), st.builds(r.Any, parts), st.builds(r.Not, inner),
                     st.builds(r.AtLeast, st.just(2), parts), st.builds(r.If, inner, inner),
                     st.builds(r.Unless, inner, inner))  # fmt: skip


MIXED = st.recursive(st.one_of(ATOMS, PLAIN), _joined, max_leaves=5)


def value(rule: r.Rule, known: dict[int, Truth]) -> Truth:
    """The truth of a rule whose statements, by identity, have these truths."""
    match rule:
        case r.All(of=of):
            return conjunction([value(part, known) for part in of])
        case r.Any(of=of):
            return disjunction([value(part, known) for part in of])
        case r.Not(rule=inner):
            return negation(value(inner, known))
        case r.AtLeast(count=count, of=of):
            return at_least(count, [value(part, known) for part in of])
        case r.If(condition=first, then=second):
            return disjunction((negation(value(first, known)), value(second, known)))
        case r.Unless(rule=first, exception=second):
            return conjunction((value(first, known), negation(value(second, known))))
        case _:
            return known[id(rule)]


def leaves(rule: r.Rule) -> list[r.Rule]:
    match rule:
        case r.All(of=of) | r.Any(of=of) | r.AtLeast(of=of):
            return [leaf for part in of for leaf in leaves(part)]
        case r.Not(rule=inner):
            return leaves(inner)
        case r.If(condition=first, then=second) | r.Unless(rule=first, exception=second):
            return leaves(first) + leaves(second)
        case _:
            return [rule]


def separate(rule: r.Rule) -> r.Rule:
    """The same rule, each statement an object of its own."""
    match rule:
        case r.All(of=of) | r.Any(of=of) | r.AtLeast(of=of):
            return replace(rule, of=tuple(map(separate, of)))
        case r.Not(rule=inner):
            return r.Not(separate(inner))
        case r.If(condition=first, then=second) | r.Unless(rule=first, exception=second):
            return type(rule)(separate(first), separate(second))
        case _:
            return replace(rule)


def attested(met: bool, about: str = "") -> some.Profile:
    record = {"trial": TRIAL, "criterion": "I1", "met": met, "by": "Dr Grey", "date": "2026-09-01"}
    return record | ({"about": about} if about else {})


def verdict(profile: some.Profile, rule: r.Rule, *answers: some.Profile) -> str:
    (result,) = screen(profile | {"attestations": [*answers]}, trial_of([rule])).criteria
    return result.verdict


@some.examples(150)
@given(PATIENTS, MIXED, st.booleans())
def test_an_attestation_takes_effect_where_some_answer_gives_its_truth(
    profile: some.Profile, rule: r.Rule, met: bool
) -> None:
    rule, chart = separate(rule), chart_of(profile)
    texts = [leaf.text for leaf in leaves(rule) if isinstance(leaf, r.Manual)]
    assume(len(texts) == len({*texts}))  # of words that stand twice there is one answer
    outcomes = {id(leaf): COMPILER.compile(leaf)(chart) for leaf in leaves(rule)}
    atoms = [key for key, outcome in outcomes.items() if outcome.manual]
    data = value(rule, {key: outcome.truth for key, outcome in outcomes.items()})
    reached = {
        value(rule, {key: outcome.truth for key, outcome in outcomes.items()}
              | dict(zip(atoms, answers, strict=True)))
        for answers in product((TRUE, FALSE), repeat=len(atoms))
    }  # fmt: skip
    said = TRUE if met else FALSE
    expected = data if data is not UNKNOWN else said if said in reached else UNKNOWN
    right = {TRUE: "pass", FALSE: "fail", UNKNOWN: "unknown"}[expected]
    assert verdict(profile, rule, attested(met)) == right


ANY_RULE = st.one_of(MIXED, some.rules(FEW, leaves=4))


@some.examples(60)
@given(PATIENTS, ANY_RULE, st.lists(some.attestations(
    TRIAL, ("I1",), ("is willing", "is suitable", "may comply")), max_size=4))  # fmt: skip
def test_no_attestation_overturns_what_the_data_decide(
    profile: some.Profile, rule: r.Rule, answers: list[some.Profile]
) -> None:
    alone = verdict(profile, rule)
    if alone != "unknown":
        assert verdict(profile, rule, *answers) == alone


@some.examples(40)
@given(PATIENTS, ANY_RULE, st.booleans())
def test_an_attestation_never_gives_the_contrary_of_what_it_says(
    profile: some.Profile, rule: r.Rule, met: bool
) -> None:
    alone = verdict(profile, rule)
    allowed = {alone} if alone != "unknown" else {"unknown", "pass" if met else "fail"}
    assert verdict(profile, rule, attested(met)) in allowed


@some.examples(40)
@given(PATIENTS, MIXED, st.booleans(), st.booleans())
def test_of_several_attestations_the_latest_up_to_the_day_counts(
    profile: some.Profile, rule: r.Rule, met: bool, later: bool
) -> None:
    first = attested(met)
    second = attested(later) | {"date": "2026-09-20"}
    future = attested(not later) | {"date": "2026-10-02"}
    for answers in ((first, second, future), (future, second, first)):
        assert verdict(profile, rule, *answers) == verdict(profile, rule, second)


@some.examples(40)
@given(PATIENTS, ANY_RULE, st.booleans())
def test_an_attestation_about_another_criterion_changes_nothing(
    profile: some.Profile, rule: r.Rule, met: bool
) -> None:
    for other in ({"criterion": "I2"}, {"trial": "NCT99999999"}, {"date": "2026-10-02"}):
        assert verdict(profile, rule, attested(met) | other) == verdict(profile, rule)


@some.examples(40)
@given(PATIENTS, MIXED, st.booleans())
def test_an_answer_to_one_manual_atom_answers_that_one_alone(
    profile: some.Profile, rule: r.Rule, met: bool
) -> None:
    """It is as if the rule said so in its place."""
    settled = r.Any((r.Sex("female"), r.Sex("male")))
    said = settled if met else r.Not(settled)
    profile = profile | {"sex": "female", "reproductive": {}}

    def answered(part: r.Rule) -> r.Rule:
        match part:
            case r.All(of=of) | r.Any(of=of) | r.AtLeast(of=of):
                return replace(part, of=tuple(map(answered, of)))
            case r.Not(rule=inner):
                return r.Not(answered(inner))
            case r.If(condition=first, then=second) | r.Unless(rule=first, exception=second):
                return type(part)(answered(first), answered(second))
            case r.Manual(text="is willing"):
                return said
            case _:
                return part

    found = verdict(profile, rule, attested(met, "is willing"))
    assert found == verdict(profile, answered(rule))
