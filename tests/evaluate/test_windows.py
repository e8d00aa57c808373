"""Windows: their ends, the calendar, anchors, partial dates and half-lives (SEMANTICS 4)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from screener.evaluate.chart import Chart
from screener.intake.json_profile import profile_of
from screener.model.policy import Policy
from screener.vocabulary.load import catalogue
from tests.evaluate.asking import AS_OF, asked, check_of, truth

ALL = {"treatments": AS_OF, "medications": AS_OF, "procedures": AS_OF, "responses": AS_OF}


def given(end: str | None = None, start: str | None = None, drug: str = "lenalidomide", **more: Any) -> Any:
    record = {"drugs": [drug], "start": start, "end": end} | more
    return [{key: value for key, value in record.items() if value is not None}]


def on(day: str | None, rule: str, expected: str, as_of: str = AS_OF, **profile: Any) -> None:
    """A dose of one day."""
    treated = given(day, day)
    complete = dict.fromkeys(ALL, as_of)
    assert truth(rule, as_of=as_of, treatments=treated, complete=complete, **profile) == expected


@pytest.mark.parametrize(
    ("window", "day", "expected"),
    [
        ("within 4 weeks", "2026-10-01", "true"), ("within 4 weeks", "2026-09-03", "true"),
        ("within 4 weeks", "2026-09-02", "false"), ("within 28 days", "2026-09-03", "true"),
        ("within 28 days", "2026-09-02", "false"), ("within 3 months", "2026-07-01", "true"),
        ("within 3 months", "2026-06-30", "false"), ("within 1 year", "2025-10-01", "true"),
        ("within 1 year", "2025-09-30", "false"),
        ("at least 4 weeks ago", "2026-09-03", "true"), ("at least 4 weeks ago", "2026-09-04", "false"),
        ("more than 4 weeks ago", "2026-09-03", "false"), ("more than 4 weeks ago", "2026-09-02", "true"),
        ("less than 4 weeks ago", "2026-09-03", "false"), ("less than 4 weeks ago", "2026-09-04", "true"),
        ("within 24 hours", "2026-09-30", "true"), ("within 24 hours", "2026-09-29", "false"),
        # partial dates are the days that they may be
        ("within 4 weeks", "2026-09", "unknown"), ("within 5 weeks", "2026-09", "true"),
        ("within 4 weeks", "2026-08", "false"), ("within 4 weeks", "2026", "unknown"),
        ("within 4 weeks", "2025", "false"), ("at least 4 weeks ago", "2026-08", "true"),
        ("at least 4 weeks ago", "2026-09", "unknown"), ("more than 4 weeks ago", "2026-09", "unknown"),
        ("less than 4 weeks ago", "2026-08", "false"),
    ],
)  # fmt: skip
def test_windows_include_their_ends(window: str, day: str, expected: str) -> None:
    on(day, f"lenalidomide {window}", expected)


@pytest.mark.parametrize(
    ("as_of", "window", "day", "expected"),
    [
        ("2026-03-31", "within 1 month", "2026-02-28", "true"),
        ("2026-03-31", "within 1 month", "2026-02-27", "false"),
        ("2026-03-28", "within 1 month", "2026-02-28", "true"),
        ("2024-03-31", "within 1 month", "2024-02-28", "false"),
        ("2024-03-31", "within 1 month", "2024-02-29", "true"),
        ("2026-05-31", "at least 3 months ago", "2026-02-28", "true"),
        ("2026-02-28", "at least 3 months ago", "2025-11-28", "true"),
        ("2026-02-28", "at least 3 months ago", "2025-11-29", "false"),
        ("2025-02-28", "within 1 year", "2024-02-29", "true"),
        ("2024-02-29", "within 1 year", "2023-02-28", "true"),
        ("2024-02-29", "within 1 year", "2023-02-27", "false"),
    ],
)
def test_months_go_back_by_the_calendar_held_to_the_month_s_last_day(
    as_of: str, window: str, day: str, expected: str
) -> None:
    on(day, f"lenalidomide {window}", expected, as_of)


@pytest.mark.parametrize(
    ("start", "end", "more", "window", "expected"),
    [
        # it lasted from start to end: within the window at any time
        ("2026-01-01", "2026-09-03", {}, "within 4 weeks", "true"),
        ("2026-01-01", "2026-09-02", {}, "within 4 weeks", "false"),
        ("2026-01-01", None, {"ongoing": True}, "within 4 weeks", "true"),
        ("2026-01-01", None, {"ongoing": True}, "at least 1 week ago", "false"),
        # without an end it may have ended on any day since its start
        ("2026-01-01", None, {}, "within 4 weeks", "unknown"),
        ("2026-01-01", None, {"ongoing": False}, "within 4 weeks", "unknown"),
        ("2026-01-01", None, {}, "within 10 months", "true"),
        ("2026-09-10", None, {}, "within 4 weeks", "true"),
        ("2026-01-01", None, {}, "at least 4 weeks ago", "unknown"),
        (None, None, {}, "within 4 weeks", "unknown"),
        (None, "2026-09-03", {}, "within 4 weeks", "true"),
        (None, "2026-09-02", {}, "within 4 weeks", "false"),
        # an end after the as-of date: it goes on
        ("2026-01-01", "2026-12-01", {}, "within 4 weeks", "true"),
        ("2026-01-01", "2026-10", {}, "within 4 weeks", "true"),
        # the end is no earlier than the start
        ("2026-09-20", "2026-09", {}, "within 2 weeks", "true"),
        # dates that contradict each other decide nothing
        ("2026-09-20", "2026-08-01", {}, "within 4 weeks", "unknown"),
        ("2026-01-01", "2026-08-01", {"ongoing": True}, "within 4 weeks", "unknown"),
    ],
)
def test_a_treatment_lasts_from_its_start_to_its_end(
    start: str | None, end: str | None, more: Any, window: str, expected: str
) -> None:
    treated = given(end, start, **more)
    assert truth(f"lenalidomide {window}", treatments=treated, complete=ALL) == expected


# --- anchors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchors", "rule", "day", "expected"),
    [
        ({}, "lenalidomide within 4 weeks before enrolment", "2026-09-03", "true"),
        ({}, "lenalidomide within 4 weeks before first dose", "2026-09-02", "false"),
        ({"first dose": "2026-10-10"}, "lenalidomide within 4 weeks before first dose", "2026-09-12", "true"),
        ({"first dose": "2026-10-10"}, "lenalidomide within 4 weeks before first dose", "2026-09-11",
         "false"),
        ({"enrolment": "2026-09-01"}, "lenalidomide within 4 weeks before enrolment", "2026-08-04", "true"),
        ({"enrolment": "2026-09-01"}, "lenalidomide within 4 weeks before enrolment", "2026-08-03", "false"),
        ({"enrolment": "2026-09-01"}, "lenalidomide within 4 weeks before enrolment", "2026-09-02", "false"),
        ({"informed consent": "2026-09-15"}, "lenalidomide within 7 days after informed consent",
         "2026-09-22", "true"),
        ({"informed consent": "2026-09-15"}, "lenalidomide within 7 days after informed consent",
         "2026-09-23", "false"),
        ({"informed consent": "2026-09-15"}, "lenalidomide within 7 days after informed consent",
         "2026-09-14", "false"),
        ({"transplant": "2026-02-15"}, "lenalidomide at least 3 months after transplant", "2026-05-15",
         "true"),
        ({"transplant": "2026-02-15"}, "lenalidomide at least 3 months after transplant", "2026-05-14",
         "false"),
        ({"transplant": "2026-02-15"}, "lenalidomide more than 3 months after transplant", "2026-05-15",
         "false"),
        ({"transplant": "2026-02-15"}, "lenalidomide less than 3 months after transplant", "2026-05-14",
         "true"),
        # an anchor of a month: only what every day of it gives is decided
        ({"enrolment": "2026-05"}, "lenalidomide within 1 week before enrolment", "2026-05-15", "unknown"),
        ({"enrolment": "2026-05"}, "lenalidomide within 5 weeks before enrolment", "2026-04-30", "true"),
        ({"enrolment": "2026-05"}, "lenalidomide within 1 week before enrolment", "2026-04-23", "false"),
    ],
)  # fmt: skip
def test_anchors_are_the_as_of_date_unless_dated(
    anchors: dict[str, str], rule: str, day: str, expected: str
) -> None:
    on(day, rule, expected, anchors=anchors)


@pytest.mark.parametrize(
    ("procedures", "expected"),
    [
        ([("autologous stem cell transplant", "2026-02-15")], "true"),
        ([("autologous stem cell transplant", "2026-02-16")], "false"),
        # the latest one counts
        ([("autologous stem cell transplant", "2020-01-01"), ("autologous stem cell transplant",
         "2026-02-16")],
         "false"),
        # of which one has no day, or a partial one, it is not known which
        ([("autologous stem cell transplant", "2020-01-01"), ("autologous stem cell transplant", None)],
         "unknown"),
        ([("autologous stem cell transplant", "2026-02")], "unknown"),
        ([("autologous stem cell transplant", "2026-01"), ("autologous stem cell transplant", "2025-12-01")],
         "true"),
        ([], "unknown"),
    ],
)  # fmt: skip
def test_transplant_is_the_recorded_procedure(procedures: Any, expected: str) -> None:
    records = [{"name": name} | ({"date": day} if day else {}) for name, day in procedures]
    on("2026-05-15", "lenalidomide at least 3 months after transplant", expected, procedures=records)


# --- half-lives: pomalidomide 7.5 to 9.5 h, daratumumab 18 to 23 d -------------------------------


def drug(name: str, day: str, rule: str, expected: str, policy: Policy | None = None) -> None:
    treated = given(day, day, name)
    assert truth(rule, policy=policy, treatments=treated, complete=ALL) == expected


@pytest.mark.parametrize(
    ("name", "window", "day", "expected"),
    [
        # 5 x 9.5 h = 47.5 h: one day is within, two are not
        ("pomalidomide", "within 5 half-lives", "2026-09-30", "true"),
        ("pomalidomide", "within 5 half-lives", "2026-09-29", "false"),
        # at least 1.56 to 1.98 days are two days
        ("pomalidomide", "at least 5 half-lives ago", "2026-09-30", "false"),
        ("pomalidomide", "at least 5 half-lives ago", "2026-09-29", "true"),
        # daratumumab: 90 to 115 days
        ("daratumumab", "within 5 half-lives", "2026-07-03", "true"),
        ("daratumumab", "within 5 half-lives", "2026-07-02", "unknown"),
        ("daratumumab", "within 5 half-lives", "2026-06-08", "unknown"),
        ("daratumumab", "within 5 half-lives", "2026-06-07", "false"),
        ("daratumumab", "at least 5 half-lives ago", "2026-06-08", "true"),
        ("daratumumab", "at least 5 half-lives ago", "2026-06-09", "unknown"),
        ("daratumumab", "at least 5 half-lives ago", "2026-07-03", "unknown"),
        ("daratumumab", "at least 5 half-lives ago", "2026-07-04", "false"),
        # whichever is longer, or shorter
        ("pomalidomide", "within the longer of 2 weeks and 5 half-lives", "2026-09-17", "true"),
        ("pomalidomide", "within the longer of 2 weeks and 5 half-lives", "2026-09-16", "false"),
        ("pomalidomide", "within the shorter of 2 weeks and 5 half-lives", "2026-09-29", "false"),
        ("pomalidomide", "within the shorter of 2 weeks and 5 half-lives", "2026-09-30", "true"),
        ("daratumumab", "within the longer of 100 days and 5 half-lives", "2026-06-23", "true"),
        ("daratumumab", "within the longer of 100 days and 5 half-lives", "2026-06-22", "unknown"),
        ("daratumumab", "within the shorter of 100 days and 5 half-lives", "2026-06-22", "false"),
        ("daratumumab", "within the shorter of 100 days and 5 half-lives", "2026-06-23", "unknown"),
        # without a half-life: unknown, but for the day itself and what the other limit gives
        ("melphalan flufenamide", "within 5 half-lives", "2020-01-01", "unknown"),
        ("melphalan flufenamide", "within the longer of 2 weeks and 5 half-lives", "2026-09-17", "true"),
        ("melphalan flufenamide", "within the longer of 2 weeks and 5 half-lives", "2026-09-16", "unknown"),
        ("melphalan flufenamide", "within the shorter of 2 weeks and 5 half-lives", "2026-09-16", "false"),
        # it does not apply to cell products
        ("ciltacabtagene autoleucel", "within 5 half-lives", "2026-09-30", "false"),
        ("ciltacabtagene autoleucel", "within the longer of 2 weeks and 5 half-lives", "2026-09-17", "true"),
        ("ciltacabtagene autoleucel", "within the longer of 2 weeks and 5 half-lives", "2026-09-16", "false"),
        ("ciltacabtagene autoleucel", "within the shorter of 2 weeks and 5 half-lives", "2026-09-17", "true"),
    ],
)
def test_half_lives_are_intervals(name: str, window: str, day: str, expected: str) -> None:
    drug(name, day, f'"{name}" {window}', expected)


@pytest.mark.parametrize(("day", "expected"), [("2026-09-16", "false"), ("2026-09-17", "unknown")])
def test_a_site_s_bound_serves_where_a_drug_has_no_half_life(day: str, expected: str) -> None:
    site = Policy(half_life_bounds={"small molecule": Decimal("2.8")})  # 14 days
    rule = '"melphalan flufenamide" within 5 half-lives'
    drug("melphalan flufenamide", day, rule, expected, site)
    drug("pomalidomide", "2026-09-29", "pomalidomide within 5 half-lives", "false", site)


def test_of_a_combination_every_drug_counts() -> None:
    treated = [{"drugs": ["pomalidomide", "daratumumab"], "start": "2026-01-01", "end": "2026-08-01"}]
    for rule, expected in (
        ("pomalidomide within 5 half-lives", "false"),
        ("antineoplastic therapy within 5 half-lives", "true"),
        ("antineoplastic therapy at least 5 half-lives ago", "false"),
    ):
        assert truth(rule, treatments=treated, complete=ALL) == expected


def test_a_name_not_understood_in_a_combination_may_linger() -> None:
    treated = [{"drugs": ["pomalidomide", "XYZ-1"], "start": "2026-01-01", "end": "2026-08-01"}]
    rule = "antineoplastic therapy within 5 half-lives"
    assert truth(rule, treatments=treated, complete=ALL) == "unknown"


def test_an_unknown_half_life_is_the_stated_reason() -> None:
    treated = given("2020-01-01", "2020-01-01", "melphalan flufenamide")
    _, grounds = asked('"melphalan flufenamide" within 5 half-lives', treatments=treated, complete=ALL)
    assert "no half-life is known for melphalan flufenamide" in grounds.reason


# --- when time alone changes the verdict ------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "treatment", "as_of"),
    [
        ("lenalidomide within 4 weeks", given("2026-09-20", "2026-09-01"), AS_OF),
        ("lenalidomide at least 4 weeks ago", given("2026-09-20", "2026-09-01"), AS_OF),
        ("lenalidomide more than 1 month ago", given("2026-02-28", "2026-02-28"), "2026-03-01"),
        ("lenalidomide within 1 month", given("2026-02-28", "2026-02-28"), "2026-03-01"),
        ("lenalidomide within 6 months", given("2026-08-31", "2026-08-31"), AS_OF),
        ("lenalidomide less than 1 year ago", given("2024-02-29", "2024-02-29"), "2024-12-01"),
        ("lenalidomide within 4 weeks before enrolment", given("2026-09-20", "2026-09-01"), AS_OF),
        ("daratumumab within 5 half-lives", given("2026-09-20", "2026-09-01", "daratumumab"), AS_OF),
        ("pomalidomide within the longer of 2 weeks and 5 half-lives",
         given("2026-09-20", "2026-09-01", "pomalidomide"), AS_OF),
        ("lenalidomide within 4 weeks", given("2026-09", "2026-09-01"), AS_OF),
        ("lenalidomide within 4 weeks", given("2026-11-15", "2026-09-01"), AS_OF),
        ("ongoing lenalidomide", given("2026-11-15", "2026-09-01"), AS_OF),
        ("antineoplastic therapy within 4 weeks", given("2026-09-20", "2026-09-01", "XYZ-1"), AS_OF),
    ],
)  # fmt: skip
def test_a_turn_is_foretold_for_exactly_the_first_day_on_which_the_truth_differs(
    rule: str, treatment: Any, as_of: str
) -> None:
    patient, problems = profile_of({"id": "P", "birth_date": "1961", "treatments": treatment,
                                    "complete": dict.fromkeys(ALL, as_of)})  # fmt: skip
    assert patient is not None, problems
    today = date.fromisoformat(as_of)
    chart, check = Chart(patient, catalogue(), today), check_of(rule)
    outcome = check(chart)
    days = [today + timedelta(days=more) for more in range(1, 420)]
    changed = [day for day in days if check(chart.moved(day)).truth is not outcome.truth]
    foretold = [day for day in sorted(check.grounds(outcome, chart).turns)
                if check(chart.moved(day)).truth is not outcome.truth]  # fmt: skip
    assert changed
    assert foretold[0] == changed[0]


@pytest.mark.parametrize(
    "treatment", [given(None, "2026-09-01", ongoing=True), given(None, "2026-09-01"), given("2020", "2019")]
)
def test_what_time_cannot_change_has_no_turn(treatment: Any) -> None:
    _, grounds = asked("lenalidomide within 4 weeks", treatments=treatment, complete=ALL)
    assert grounds.turns == []


def test_a_dated_anchor_does_not_move() -> None:
    _, grounds = asked("lenalidomide within 4 weeks before enrolment", treatments=given("2026-09-20"),
                       complete=ALL, anchors={"enrolment": "2026-09-25"})  # fmt: skip
    assert grounds.turns == []


# --- extremes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", ["0001-01-01", "2026-10-01", "9999-12-31"])
@pytest.mark.parametrize(
    "window",
    ["within 9999 years", "at least 9999 years ago", "within 9999 months", "more than 9999 weeks ago",
     "within 9999 hours", "within 9999 half-lives", "within the longer of 9999 years and 9999 half-lives"],
)  # fmt: skip
@pytest.mark.parametrize("day", ["0001-01-01", "0001", "2026-10-01", "9999-12-31", "9999"])
def test_no_date_is_too_far_to_judge(as_of: str, window: str, day: str) -> None:
    treated = given(day, day)
    outcome, grounds = asked(f"lenalidomide {window}", as_of=as_of, treatments=treated,
                             complete=dict.fromkeys(ALL, as_of))  # fmt: skip
    assert outcome.truth.value in ("true", "false", "unknown")
    assert grounds.reason
