"""SEMANTICS 2 and 4 of who the patient is: age, sex, reproductive status, candidacy, judgement."""

from typing import Any

import pytest

from tests.evaluate.asking import ask


def check(rule: str, truth: str, **profile: Any) -> str:
    answer = ask(rule, **profile)
    assert answer.truth == truth, answer.reason
    return answer.reason


RECENT = "2026-09-25"
STATES = ["pregnant", "breastfeeding", "of childbearing potential"]
KEYS = {"pregnant": "pregnant", "breastfeeding": "breastfeeding",
        "of childbearing potential": "childbearing_potential"}  # fmt: skip


@pytest.mark.parametrize("rule", STATES)
@pytest.mark.parametrize("sex", ["female", "other", None])
def test_a_state_is_as_recorded(rule: str, sex: str | None) -> None:
    for value, truth in ((True, "true"), (False, "false"), (None, "unknown")):
        check(rule, truth, sex=sex, reproductive={KEYS[rule]: value, "date": RECENT})
    check(rule, "unknown", sex=sex)


@pytest.mark.parametrize("rule", STATES)
def test_a_male_is_never_pregnant_breastfeeding_or_of_childbearing_potential(rule: str) -> None:
    assert check(rule, "false", sex="male") == "the patient is male"
    check(rule, "false", sex="male", reproductive={KEYS[rule]: True, "date": RECENT})


@pytest.mark.parametrize(
    ("day", "truth"),
    [("2026-10-01", "true"), ("2026-07-03", "true"), ("2026-07-02", "unknown"), ("2026-08", "true"),
     ("2026-07", "unknown"), ("2026", "unknown"), ("2026-10-02", "unknown"), (None, "unknown")],
)  # fmt: skip
@pytest.mark.parametrize("rule", STATES)
def test_reproductive_status_counts_for_90_days(rule: str, day: str | None, truth: str) -> None:
    check(rule, truth, sex="female", reproductive={KEYS[rule]: True, "date": day})


def test_an_answer_that_is_too_old_is_shown() -> None:
    answer = ask("pregnant", sex="female", reproductive={"pregnant": False, "date": "2026-01-01"})
    (fact,) = answer.grounds.evidence
    assert (fact.recorded, fact.date, fact.age_days) == ("no", "2026-01-01", 273)
    assert answer.reason == (
        "whether the patient is pregnant is recorded on 2026-01-01 (273 days ago), "
        "which is too old: the limit is 90 days"
    )


def test_who_cannot_bear_a_child_is_not_pregnant() -> None:
    said = {"childbearing_potential": False, "date": RECENT}
    check("pregnant", "false", sex="female", reproductive=said)
    check("breastfeeding", "unknown", sex="female", reproductive=said)


@pytest.mark.parametrize(
    ("answer", "truth"),
    [
        ({"value": True, "date": RECENT}, "true"), ({"value": False, "date": RECENT}, "false"),
        ({"value": False}, "false"), ({"value": True, "date": "2020"}, "true"),
        ({"value": True, "date": "2026-10-02"}, "unknown"),
        ({"value": True, "date": "2026"}, "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_candidacy_for_transplant_is_as_answered(answer: Any, truth: str) -> None:
    check("transplant candidate", truth, transplant_candidate=answer)


@pytest.mark.parametrize(
    ("sex", "female", "male"),
    [("female", "true", "false"), ("male", "false", "true"), ("other", "unknown", "unknown"),
     (None, "unknown", "unknown")],
)  # fmt: skip
def test_sex(sex: str | None, female: str, male: str) -> None:
    check("female", female, sex=sex)
    check("male", male, sex=sex)


# born on 2008-10-01: 18 years old on 2026-10-01
@pytest.mark.parametrize(
    ("rule", "born", "truth"),
    [
        ("age >= 18 years", "2008-10-01", "true"), ("age >= 18 years", "2008-10-02", "false"),
        ("age > 18 years", "2008-10-01", "false"), ("age > 18 years", "2008-09-30", "true"),
        ("age < 18 years", "2008-10-01", "false"), ("age < 18 years", "2008-10-02", "true"),
        ("age <= 18 years", "2008-10-01", "true"), ("age <= 18 years", "2007-10-02", "true"),
        ("age <= 18 years", "2007-10-01", "false"),
        ("age 18-75 years", "2008-10-01", "true"), ("age 18-75 years", "2008-10-02", "false"),
        ("age 18-75 years", "1950-10-02", "true"), ("age 18-75 years", "1950-10-01", "false"),
        ("age >= 18 years", "2008", "unknown"), ("age >= 18 years", "2008-09", "true"),
        ("age >= 18 years", "2008-10", "unknown"), ("age >= 18 years", "2007", "true"),
        ("age >= 18 years", "2026", "false"), ("age < 18 years", "2026-10-02", "unknown"),
        ("age >= 18 years", "2009", "false"),
        ("age >= 6 months", "2026-04-01", "true"), ("age >= 6 months", "2026-04-02", "false"),
    ],
)  # fmt: skip
def test_age_by_birthdays(rule: str, born: str, truth: str) -> None:
    check(rule, truth, age=None, birth_date=born)


@pytest.mark.parametrize(
    ("rule", "age", "truth"),
    [
        ("age >= 60 years", 60, "true"), ("age >= 61 years", 60, "false"),
        ("age >= 61 years", {"value": 60, "date": "2026-10-01"}, "false"),
        ("age >= 61 years", {"value": 60, "date": "2026-01-01"}, "unknown"),
        ("age >= 61 years", {"value": 60, "date": "2025-10-01"}, "true"),
        ("age >= 61 years", {"value": 60, "date": "2026-10"}, "false"),
        ("age >= 59 years", {"value": 60, "date": "2020"}, "true"),
    ],
)  # fmt: skip
def test_an_age_without_birth_date_is_an_interval(rule: str, age: Any, truth: str) -> None:
    check(rule, truth, birth_date=None, age=age)


@pytest.mark.parametrize("words", ["able to swallow", "in the opinion of the investigator, fit"])
def test_judgement_is_for_a_person(words: str) -> None:
    answer = ask(f'manual("{words}")')
    assert answer.truth == "unknown"
    assert answer.outcome.manual
    assert answer.reason == f"a person must say: {words}"
    assert answer.grounds.missing == ["attestation"]
    assert answer.grounds.questions == [f"Is it so: {words}?"]
