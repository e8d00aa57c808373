"""Strong Kleene logic (SEMANTICS 1)."""

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

ALL = (TRUE, FALSE, UNKNOWN)


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [
        (TRUE, TRUE, TRUE, TRUE), (TRUE, FALSE, FALSE, TRUE), (TRUE, UNKNOWN, UNKNOWN, TRUE),
        (FALSE, TRUE, FALSE, TRUE), (FALSE, FALSE, FALSE, FALSE), (FALSE, UNKNOWN, FALSE, UNKNOWN),
        (UNKNOWN, TRUE, UNKNOWN, TRUE), (UNKNOWN, FALSE, FALSE, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)  # fmt: skip
def test_and_and_or_follow_strong_kleene(first: Truth, second: Truth, both: Truth, either: Truth) -> None:
    assert conjunction((first, second)) is both
    assert disjunction((first, second)) is either


@pytest.mark.parametrize(("truth", "turned"), [(TRUE, FALSE), (FALSE, TRUE), (UNKNOWN, UNKNOWN)])
def test_not_leaves_unknown_unknown(truth: Truth, turned: Truth) -> None:
    assert negation(truth) is turned


def test_nothing_is_all_true_and_none_true() -> None:
    assert conjunction(()) is TRUE
    assert disjunction(()) is FALSE


@pytest.mark.parametrize("parts", list(product(ALL, repeat=3)))
@pytest.mark.parametrize("count", [1, 2, 3])
def test_at_least_n_is_decided_where_every_answer_to_the_unknown_agrees(
    parts: tuple[Truth, ...], count: int
) -> None:
    worlds = product(*[(TRUE, FALSE) if part is UNKNOWN else (part,) for part in parts])
    answers = {sum(part is TRUE for part in world) >= count for world in worlds}
    assert at_least(count, parts) is (of(answers.pop()) if len(answers) == 1 else UNKNOWN)


@pytest.mark.parametrize(("value", "truth"), [(True, TRUE), (False, FALSE), (None, UNKNOWN)])
def test_none_is_unknown(value: bool | None, truth: Truth) -> None:
    assert of(value) is truth


def test_a_truth_is_never_taken_for_a_bool() -> None:
    with pytest.raises(TypeError):
        bool(UNKNOWN)
