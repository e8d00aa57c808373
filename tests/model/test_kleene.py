"""The truth tables of strong Kleene logic (SEMANTICS 1), written out; the laws stand in tests/properties."""

import pytest

from screener.model.kleene import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    conjunction,
    disjunction,
    negation,
)


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
