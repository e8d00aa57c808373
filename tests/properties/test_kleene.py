"""Strong Kleene logic, over every combination of truths."""

from itertools import product

import pytest

from screener.model.kleene import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    at_least,
    conjunction,
    disjunction,
    negation,
    of,
)

ALL = tuple(Truth)
PAIRS = [*product(ALL, repeat=2)]
TRIPLES = [*product(ALL, repeat=3)]


def refinements(truths: tuple[Truth, ...]) -> list[tuple[Truth, ...]]:
    """What the truths may turn out to be when all is known."""
    return [*product(*((TRUE, FALSE) if one is UNKNOWN else (one,) for one in truths))]


@pytest.mark.parametrize("truths", TRIPLES)
def test_a_settled_whole_is_what_every_completion_gives(truths: tuple[Truth, ...]) -> None:
    """Sound: what is settled no answer changes. Complete for parts that occur once: what every
    answer settles alike is settled."""
    for combine in (conjunction, disjunction, *(_counting(n) for n in range(5))):
        whole = combine(truths)
        completed = {combine(full) for full in refinements(truths)}
        assert UNKNOWN not in completed
        assert whole is (completed.pop() if len(completed) == 1 else UNKNOWN)


def _counting(count: int):  # type: ignore[no-untyped-def]
    return lambda truths: at_least(count, truths)


@pytest.mark.parametrize("truths", TRIPLES)
def test_de_morgan(truths: tuple[Truth, ...]) -> None:
    turned = [*map(negation, truths)]
    assert negation(conjunction(truths)) is disjunction(turned)
    assert negation(disjunction(truths)) is conjunction(turned)


@pytest.mark.parametrize("truths", TRIPLES)
def test_at_least_one_is_or_and_at_least_all_is_and(truths: tuple[Truth, ...]) -> None:
    assert at_least(1, truths) is disjunction(truths)
    assert at_least(len(truths), truths) is conjunction(truths)


@pytest.mark.parametrize("truths", TRIPLES)
def test_at_least_n_is_the_negation_of_at_least_the_rest_of_the_negations(
    truths: tuple[Truth, ...],
) -> None:
    turned = [*map(negation, truths)]
    for count in range(1, len(truths) + 1):
        others = at_least(len(truths) - count + 1, turned)
        assert at_least(count, truths) is negation(others)


@pytest.mark.parametrize("truth", ALL)
def test_repetition_neutral_and_absorbing_elements(truth: Truth) -> None:
    assert negation(negation(truth)) is truth
    assert conjunction((truth, truth)) is truth
    assert disjunction((truth, truth)) is truth
    assert conjunction((truth, TRUE)) is truth
    assert disjunction((truth, FALSE)) is truth
    assert conjunction((truth, FALSE)) is FALSE
    assert disjunction((truth, TRUE)) is TRUE


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_order_does_not_matter_and_absorption_holds(one: Truth, other: Truth) -> None:
    assert conjunction((one, other)) is conjunction((other, one))
    assert disjunction((one, other)) is disjunction((other, one))
    assert conjunction((one, disjunction((one, other)))) is one
    assert disjunction((one, conjunction((one, other)))) is one


@pytest.mark.parametrize(("one", "two", "three"), TRIPLES)
def test_and_distributes_over_or(one: Truth, two: Truth, three: Truth) -> None:
    assert conjunction((one, disjunction((two, three)))) is disjunction(
        (conjunction((one, two)), conjunction((one, three)))
    )


def test_nothing_is_true_of_no_parts_but_and() -> None:
    assert conjunction(()) is TRUE
    assert disjunction(()) is FALSE


@pytest.mark.parametrize(("value", "truth"), [(True, TRUE), (False, FALSE), (None, UNKNOWN)])
def test_the_truth_of_a_python_value(value: bool | None, truth: Truth) -> None:
    assert of(value) is truth


@pytest.mark.parametrize("truth", ALL)
def test_a_truth_is_never_taken_for_a_bool(truth: Truth) -> None:
    with pytest.raises(TypeError, match="compare it with `is`"):
        bool(truth)
