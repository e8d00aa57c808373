"""SEMANTICS 1, 6 and 7: the logical forms, unread words in their place, and lists."""

import re
from itertools import product
from typing import Any

import pytest

from screener.evaluate.logic import deciding, does_not_apply
from screener.model.verdict import verdict_of
from tests.evaluate.asking import ask

T, F, U = "true", "false", "unknown"
# Three conditions of no kinship: each recorded as present, as absent, or not at all.
NAMES = {"A": "asthma", "B": "HIV infection", "C": "peripheral neuropathy"}


def given(**truths: str) -> list[dict[str, Any]]:
    statuses = {T: "active", F: "absent"}
    return [{"name": NAMES[key], "status": statuses[truth]}
            for key, truth in truths.items() if truth != U]  # fmt: skip


def written(rule: str) -> str:
    return re.sub(r"\b[ABC]\b", lambda found: NAMES[found[0]], rule)


AND = {(T, T): T, (T, F): F, (F, T): F, (F, F): F, (T, U): U, (U, T): U, (F, U): F, (U, F): F,
       (U, U): U}  # fmt: skip
OR = {(T, T): T, (T, F): T, (F, T): T, (F, F): F, (T, U): T, (U, T): T, (F, U): U, (U, F): U,
      (U, U): U}  # fmt: skip
NOT = {T: F, F: T, U: U}


@pytest.mark.parametrize(("first", "second"), AND)
def test_kleene_logic(first: str, second: str) -> None:
    conditions = given(A=first, B=second)
    assert ask(written("A and B"), conditions=conditions).truth == AND[first, second]
    assert ask(written("A or B"), conditions=conditions).truth == OR[first, second]
    assert ask(written("not A"), conditions=conditions).truth == NOT[first]
    assert ask(written("no B"), conditions=conditions).truth == NOT[second]
    assert ask(written("if A then B"), conditions=conditions).truth == OR[NOT[first], second]
    assert ask(written("A unless B"), conditions=conditions).truth == AND[first, NOT[second]]
    assert ask(written("not (A or B)"), conditions=conditions).truth == AND[NOT[first], NOT[second]]
    assert ask(written("not (A and B)"), conditions=conditions).truth == OR[NOT[first], NOT[second]]


@pytest.mark.parametrize("truths", list(product((T, F, U), repeat=3)))
def test_at_least_n_of(truths: tuple[str, str, str]) -> None:
    conditions = given(**dict(zip("ABC", truths, strict=True)))
    for count in (1, 2, 3):
        sure, possible = truths.count(T), 3 - truths.count(F)
        expected = T if sure >= count else U if possible >= count else F
        rule = written(f"at least {count} of (A; B; C)")
        assert ask(rule, conditions=conditions).truth == expected


@pytest.mark.parametrize(
    ("truth", "inclusion", "exclusion"),
    [(T, "pass", "fail"), (F, "fail", "pass"), (U, "unknown", "unknown")],
)
def test_an_exclusion_turns_truth_round(truth: str, inclusion: str, exclusion: str) -> None:
    outcome = ask("asthma", conditions=given(A=truth)).outcome
    assert verdict_of(outcome.truth, "inclusion") == inclusion
    assert verdict_of(outcome.truth, "exclusion") == exclusion


@pytest.mark.parametrize(
    ("first", "applies"), [(T, True), (F, False), (U, True)]
)  # fmt: skip
def test_a_condition_that_is_false_does_not_apply(first: str, applies: bool) -> None:
    outcome = ask(written("if A then B"), conditions=given(A=first)).outcome
    assert does_not_apply(outcome) is not applies


@pytest.mark.parametrize(
    ("rule", "truths", "told"),
    [
        ("A and B", {"A": F, "B": T}, ["A"]), ("A and B", {"A": T, "B": T}, ["A", "B"]),
        ("A and B", {"A": T, "B": U}, ["B"]), ("A and B", {"A": F, "B": F}, ["A", "B"]),
        ("A and B", {"A": F, "B": U}, ["A"]),
        ("A or B", {"A": T, "B": F}, ["A"]), ("A or B", {"A": F, "B": F}, ["A", "B"]),
        ("A or B", {"A": F, "B": U}, ["B"]), ("A or B", {"A": T, "B": U}, ["A"]),
        ("not A", {"A": T}, ["A"]),
        ("if A then B", {"A": F, "B": U}, ["A"]), ("if A then B", {"A": U, "B": T}, ["B"]),
        ("if A then B", {"A": T, "B": F}, ["A", "B"]), ("if A then B", {"A": U, "B": F}, ["A"]),
        ("A unless B", {"A": T, "B": F}, ["A", "B"]), ("A unless B", {"A": F, "B": U}, ["A"]),
        ("A unless B", {"A": U, "B": T}, ["B"]), ("A unless B", {"A": T, "B": U}, ["B"]),
        ("at least 2 of (A; B; C)", {"A": T, "B": T, "C": U}, ["A", "B"]),
        ("at least 2 of (A; B; C)", {"A": F, "B": F, "C": U}, ["A", "B"]),
        ("at least 2 of (A; B; C)", {"A": T, "B": F, "C": U}, ["C"]),
    ],
)  # fmt: skip
def test_the_reason_speaks_of_the_statements_that_decide(
    rule: str, truths: dict[str, str], told: list[str]
) -> None:
    outcome = ask(written(rule), conditions=given(**truths)).outcome
    assert [leaf.check.form for leaf in deciding(outcome)] == [NAMES[key] for key in told]


@pytest.mark.parametrize(
    ("first", "second", "truth"),
    [(T, T, U), (F, T, F), (T, F, F), (F, F, F), (T, U, U), (F, U, F)],
)
def test_what_was_not_understood_stands_in_its_place(first: str, second: str, truth: str) -> None:
    rule = written('A and B and manual("has a glorb")')
    assert ask(rule, conditions=given(A=first, B=second)).truth == truth


@pytest.mark.parametrize(
    ("first", "truth"), [(T, T), (F, U), (U, U)]
)  # fmt: skip
def test_what_was_not_understood_in_an_exclusion(first: str, truth: str) -> None:
    assert ask(written('A or manual("has a glorb")'), conditions=given(A=first)).truth == truth


@pytest.mark.parametrize(("first", "second"), AND)
def test_lists_of_conditions(first: str, second: str) -> None:
    conditions = given(A=first, B=second)
    any_of = ask("any of asthma, HIV infection", conditions=conditions)
    assert any_of.truth == OR[first, second]
    assert ask("all of asthma, HIV infection", conditions=conditions).truth == AND[first, second]


def alt(value: int | None, name: str) -> list[dict[str, Any]]:
    return [] if value is None else [{
        "name": name, "value": value, "unit": "U/L", "date": "2026-09-20",
        "reference_range": {"low": 5, "high": 40},
    }]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "truth"),
    [(20, 20, T), (20, 200, F), (200, 20, F), (200, None, F), (20, None, U), (None, None, U)],
)
def test_a_list_that_shares_its_predicate_distributes(
    first: int | None, second: int | None, truth: str
) -> None:
    observations = [*alt(first, "ALT"), *alt(second, "AST")]
    assert ask("ALT and AST < 3 x ULN", observations=observations).truth == truth


@pytest.mark.parametrize(
    ("first", "second", "truth"), [(20, 200, T), (20, 20, F), (None, 200, T), (20, None, U)]
)
def test_a_list_joined_by_or(first: int | None, second: int | None, truth: str) -> None:
    observations = [*alt(first, "ALT"), *alt(second, "AST")]
    assert ask("any of ALT, AST > 3 x ULN", observations=observations).truth == truth
