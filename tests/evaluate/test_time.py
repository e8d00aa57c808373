"""Ages, the as-of date, and the day on which time alone changes a verdict (SEMANTICS 4 and 8)."""

from datetime import date, timedelta
from typing import Any

import pytest

from screener.evaluate.chart import Chart
from screener.intake.json_profile import profile_of
from screener.vocabulary.load import catalogue
from tests.evaluate.asking import asked, check_of, truth


def age(rule: str, born: str, as_of: str) -> str:
    return truth(rule, as_of=as_of, birth_date=born)


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        # born 2008-05-17: eighteen on 2026-05-17, nineteen on 2027-05-17
        ("age >= 18 years", "2026-05-16", "false"), ("age >= 18 years", "2026-05-17", "true"),
        ("age > 18 years", "2026-05-17", "false"), ("age > 18 years", "2026-05-18", "true"),
        ("age < 18 years", "2026-05-16", "true"), ("age < 18 years", "2026-05-17", "false"),
        ("age <= 18 years", "2027-05-16", "true"), ("age <= 18 years", "2027-05-17", "false"),
        ("age 18-75 years", "2026-05-16", "false"), ("age 18-75 years", "2026-05-17", "true"),
        ("age 16-18 years", "2027-05-16", "true"), ("age 16-18 years", "2027-05-17", "false"),
        ("age >= 216 months", "2026-05-16", "false"), ("age >= 216 months", "2026-05-17", "true"),
        ("age < 28 days", "2008-06-13", "true"), ("age < 28 days", "2008-06-14", "false"),
        ("age <= 28 days", "2008-06-14", "true"), ("age <= 28 days", "2008-06-15", "false"),
        ("age >= 6 weeks", "2008-06-27", "false"), ("age >= 6 weeks", "2008-06-28", "true"),
        ("age <= 17.9 years", "2026-04-16", "true"), ("age <= 17.9 years", "2026-04-17", "false"),
        ("age 10-17.99 years", "2026-05-17", "false"),
    ],
)  # fmt: skip
def test_ages_go_by_birthdays(rule: str, day: str, expected: str) -> None:
    assert age(rule, "2008-05-17", day) == expected


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        # born on 29 February 2008; going back from 28 February 2026 one meets the 28th of 2008
        ("age >= 18 years", "2026-02-28", "false"), ("age >= 18 years", "2026-03-01", "true"),
        ("age >= 20 years", "2028-02-29", "true"), ("age >= 20 years", "2028-02-28", "false"),
        ("age > 20 years", "2028-02-29", "false"), ("age > 20 years", "2028-03-01", "true"),
    ],
)  # fmt: skip
def test_who_is_born_on_29_february_has_a_birthday_every_year(rule: str, day: str, expected: str) -> None:
    assert age(rule, "2008-02-29", day) == expected


@pytest.mark.parametrize("rule", ["age >= 18 years", "age < 75 years", "age <= 80 years"])
def test_a_birth_after_the_day_of_screening_is_no_birth(rule: str) -> None:
    assert truth(rule, as_of="2026-10-01", birth_date="2090-01-01") == "unknown"


@pytest.mark.parametrize(
    ("born", "rule", "expected"),
    [
        ("2008", "age >= 18 years", "unknown"), ("2007", "age >= 18 years", "true"),
        ("2009", "age >= 18 years", "false"), ("2008-10", "age >= 18 years", "unknown"),
        ("2008-09", "age >= 18 years", "true"), ("2008-11", "age >= 18 years", "false"),
        ("2008-10-01", "age >= 18 years", "true"), ("2008-10-02", "age >= 18 years", "false"),
        ("1951", "age 18-75 years", "true"), ("1950", "age 18-75 years", "unknown"),
        ("2026-09", "age < 28 days", "unknown"), ("2026-08", "age < 28 days", "false"),
        ("0001", "age >= 18 years", "true"), ("9999", "age >= 18 years", "unknown"),
    ],
)  # fmt: skip
def test_a_partial_birth_date_is_the_days_that_it_may_be(born: str, rule: str, expected: str) -> None:
    assert age(rule, born, "2026-10-01") == expected


@pytest.mark.parametrize(
    ("recorded", "day", "rule", "expected"),
    [
        (18, "2026-10-01", "age >= 18 years", "true"), (18, "2026-10-01", "age > 18 years", "unknown"),
        (18, "2026-10-01", "age <= 18 years", "true"), (17, "2026-10-01", "age >= 18 years", "false"),
        (0, "2026-10-01", "age < 28 days", "unknown"), (1, "2026-10-01", "age < 28 days", "false"),
        (24, "2026-10-01", "age <= 24.5 years", "unknown"), (25, "2026-10-01", "age <= 24.5 years", "false"),
        ({"value": 17, "date": "2025-10-01"}, "2026-10-01", "age >= 18 years", "true"),
        ({"value": 17, "date": "2025-10-02"}, "2026-10-01", "age >= 18 years", "unknown"),
        ({"value": 17, "date": "2024"}, "2026-10-01", "age >= 18 years", "true"),
        ({"value": 16, "date": "2025"}, "2026-10-01", "age >= 18 years", "unknown"),
        ({"value": 15, "date": "2025"}, "2026-10-01", "age >= 18 years", "false"),
    ],
)  # fmt: skip
def test_an_age_without_birth_date_is_an_interval_on_its_day(
    recorded: Any, day: str, rule: str, expected: str
) -> None:
    patient, problems = profile_of({"id": "P", "age": recorded})
    assert patient is not None, problems
    chart = Chart(patient, catalogue(), date.fromisoformat(day))
    assert check_of(rule)(chart).truth.value == expected


def test_an_age_is_that_of_the_profile_s_own_as_of_date() -> None:
    patient, _ = profile_of({"id": "P", "age": 17, "as_of": "2025-10-01"})
    assert patient is not None
    chart = Chart(patient, catalogue(), date(2026, 10, 1))
    assert check_of("age >= 18 years")(chart).truth.value == "true"


@pytest.mark.parametrize("rule", ["age >= 18 years", "age > 18 years", "age < 18 years", "age <= 18 years",
                                  "age 17-18 years", "age >= 216 months"])  # fmt: skip
@pytest.mark.parametrize("born", ["2008-05-17", "2008-02-29", "2008-12-31"])
@pytest.mark.parametrize("as_of", ["2026-01-15", "2025-02-27"])
def test_a_birthday_is_foretold_for_exactly_the_first_day_on_which_the_truth_differs(
    rule: str, born: str, as_of: str
) -> None:
    patient, _ = profile_of({"id": "P", "birth_date": born})
    assert patient is not None
    today = date.fromisoformat(as_of)
    chart, check = Chart(patient, catalogue(), today), check_of(rule)
    outcome = check(chart)
    days = [today + timedelta(days=more) for more in range(1, 1200)]
    changed = [day for day in days if check(chart.moved(day)).truth is not outcome.truth]
    foretold = [day for day in sorted(check.grounds(outcome, chart).turns)
                if check(chart.moved(day)).truth is not outcome.truth]  # fmt: skip
    assert changed[:1] == foretold[:1]


def test_values_do_not_age_while_a_chart_is_moved_in_time() -> None:
    patient, _ = profile_of({"id": "P", "birth_date": "1961", "observations": [
        {"name": "ECOG", "value": 1, "date": "2026-09-20"}]})  # fmt: skip
    assert patient is not None
    chart = Chart(patient, catalogue(), date(2026, 10, 1))
    assert check_of("ECOG 0-2")(chart.moved(date(2030, 1, 1))).truth.value == "true"


@pytest.mark.parametrize("as_of", ["0001-01-01", "2026-10-01", "9999-12-31"])
@pytest.mark.parametrize(
    "rule",
    ["age >= 18 years", "ECOG 0-2", "ALT < 3 x ULN", "prior lenalidomide", "lenalidomide within 4 weeks",
     "creatinine clearance > 30 mL/min", "current response >= PR", "refractory to lenalidomide",
     "progression within 3 months after transplant", "prior lines of therapy 1-3",
     "ever serum M-protein > 0 g/L",
     "cumulative dose of corticosteroid >= 140 mg prednisone within 2 weeks",
     "antineoplastic therapy as induction lasting <= 12 months"],
)  # fmt: skip
def test_an_empty_patient_can_be_judged_on_any_day(rule: str, as_of: str) -> None:
    outcome, grounds = asked(rule, as_of=as_of,
                             complete=dict.fromkeys(("treatments", "responses"), as_of))  # fmt: skip
    assert outcome.truth.value in ("true", "false", "unknown")
    assert grounds.reason
    if outcome.truth.value == "unknown":
        assert grounds.missing
        assert grounds.questions
