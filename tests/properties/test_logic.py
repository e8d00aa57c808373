"""The logical forms of a rule, evaluated on patients."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.model import rule as r
from screener.model.kleene import UNKNOWN, Truth, at_least, conjunction, disjunction, negation
from tests import strategies as some
from tests.properties.judging import chart_of, truth

FEW = some.few()
RULES = st.lists(some.rules(FEW, leaves=3), min_size=2, max_size=3)
PATIENTS = some.patients(FEW)


@given(PATIENTS, RULES)
def test_each_form_is_true_as_its_parts_say(profile: some.Profile, parts: list[r.Rule]) -> None:
    chart, of = chart_of(profile), tuple(parts)
    known = [truth(part, chart) for part in parts]
    first, second = known[:2]
    expected: dict[r.Rule, Truth] = {
        r.All(of): conjunction(known),
        r.Any(of): disjunction(known),
        r.Not(of[0]): negation(first),
        r.If(of[0], of[1]): disjunction((negation(first), second)),
        r.Unless(of[0], of[1]): conjunction((first, negation(second))),
        **{r.AtLeast(n, of): at_least(n, known) for n in range(1, len(of) + 1)},
    }
    for rule, right in expected.items():
        assert truth(rule, chart) is right


@given(PATIENTS, RULES)
def test_de_morgan_holds_of_evaluated_rules(profile: some.Profile, parts: list[r.Rule]) -> None:
    chart, of = chart_of(profile), tuple(parts)
    turned = tuple(map(r.Not, of))
    assert truth(r.Not(r.All(of)), chart) is truth(r.Any(turned), chart)
    assert truth(r.Not(r.Any(of)), chart) is truth(r.All(turned), chart)
    assert truth(r.If(of[0], of[1]), chart) is truth(r.Any((turned[0], of[1])), chart)
    assert truth(r.Unless(of[0], of[1]), chart) is truth(r.All((of[0], turned[1])), chart)


LISTS = {
    "measurement": ("concepts", some.measurements(FEW)),
    "finding": ("concepts", some.findings(FEW)),
    "condition": ("patterns", some.conditions(FEW)),
    "marker": ("concepts", some.markers(FEW)),
    "course": ("names", some.courses(FEW)),
    "response": ("names", some.responses(FEW)),
    "procedure": ("concepts", some.procedures(FEW)),
    "allergy": ("substances", some.allergies(FEW)),
}


@pytest.mark.parametrize("form", LISTS)
def test_a_list_that_shares_its_predicate_distributes(form: str) -> None:
    field, strategy = LISTS[form]

    @given(PATIENTS, strategy.filter(lambda rule: len(getattr(rule, field)) > 1))
    def law(profile: some.Profile, rule: r.Rule) -> None:
        chart = chart_of(profile)
        singles = [truth(replace(rule, **{field: (one,)}), chart) for one in getattr(rule, field)]
        joined = conjunction if rule.quantifier == "all" else disjunction
        assert truth(rule, chart) is joined(singles)

    law()


@given(PATIENTS, some.therapies(FEW).filter(lambda rule: len(rule.exposure.names) > 1))
def test_a_list_of_therapies_distributes(profile: some.Profile, rule: r.Therapy) -> None:
    chart = chart_of(profile)
    singles = [truth(replace(rule, exposure=replace(rule.exposure, names=(name,))), chart)
               for name in rule.exposure.names]  # fmt: skip
    joined = conjunction if rule.quantifier == "all" else disjunction
    assert truth(rule, chart) is joined(singles)


CONTRARY = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@given(PATIENTS, some.measurements(FEW).filter(
    lambda rule: isinstance(rule.test, r.Limit) and rule.test.comparator != "="
    and len(rule.concepts) == 1 and rule.occasion == "latest"))  # fmt: skip
def test_a_limit_and_its_contrary_are_each_other_s_negation(
    profile: some.Profile, rule: r.Measurement
) -> None:
    """Of one value; of a group, all below is the contrary of any above."""
    chart = chart_of(profile)
    test = replace(rule.test, comparator=CONTRARY[rule.test.comparator])
    other = replace(rule, test=test, quantifier="any" if rule.quantifier == "all" else "all")
    assert truth(other, chart) is negation(truth(rule, chart))


@given(PATIENTS, some.conditions(FEW))
def test_history_of_a_condition_is_true_where_the_condition_is_present(
    profile: some.Profile, rule: r.Condition
) -> None:
    """What is present is no less so when the past is asked for too."""
    chart = chart_of(profile)
    present = replace(rule, history=False, quantifier="any")
    if truth(present, chart) is Truth.TRUE:
        assert truth(replace(present, history=True), chart) is not Truth.FALSE


def test_unknown_parts_do_not_hide_a_settled_whole() -> None:
    chart = chart_of({"id": "P", "age": 60})
    said = r.Manual("is willing")
    adult = r.Age(r.Limit(">=", some.Decimal(18)))
    assert truth(said, chart) is UNKNOWN
    assert truth(r.Any((said, adult)), chart) is Truth.TRUE
    assert truth(r.All((said, r.Not(adult))), chart) is Truth.FALSE
