"""Which value counts, how old it may be, and what the result says of it (SEMANTICS 3 and 8)."""

from datetime import date, timedelta
from typing import Any

import pytest

from screener.evaluate.chart import Chart
from screener.intake.json_profile import profile_of
from screener.model.calendar import Span
from screener.model.policy import Policy
from screener.vocabulary.load import catalogue
from tests.evaluate.asking import asked, truth


def plt(value: Any, when: str | None, unit: str | None = "10*9/L", **more: Any) -> dict[str, Any]:
    record = {"name": "platelets", "value": value, "date": when, "unit": unit} | more
    return {key: item for key, item in record.items() if item is not None}


RULE = "platelets >= 75 x 10^9/L"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        # the newest by date
        ([plt(50, "2026-09-01"), plt(100, "2026-09-20")], "true"),
        ([plt(100, "2026-09-20"), plt(50, "2026-09-01")], "true"),
        ([plt(100, "2026-09-01"), plt(50, "2026-09-20")], "false"),
        # and time
        ([plt(50, "2026-09-20T08:00"), plt(100, "2026-09-20T16:00")], "true"),
        ([plt(100, "2026-09-20T08:00"), plt(50, "2026-09-20T16:00:30")], "false"),
        # of one zone, where each states its own: 23:30 in New York is after 01:00 in London
        ([plt(50, "2026-09-19T23:30-05:00"), plt(100, "2026-09-20T01:00Z")], "false"),
        # at the same instant all are tried
        ([plt(100, "2026-09-20"), plt(80, "2026-09-20")], "true"),
        ([plt(100, "2026-09-20"), plt(50, "2026-09-20")], "unknown"),
        ([plt(60, "2026-09-20"), plt(50, "2026-09-20")], "false"),
        ([plt(100, "2026-09-20T08:00"), plt(50, "2026-09-20T08:00")], "unknown"),
        # a day without a clock may be any time of it
        ([plt(100, "2026-09-20"), plt(50, "2026-09-20T08:00")], "unknown"),
        # a partial date may be any day of it
        ([plt(100, "2026-09"), plt(50, "2026-09-20")], "unknown"),
        ([plt(100, "2026-09"), plt(80, "2026-09-20")], "true"),
        ([plt(50, "2026-08"), plt(100, "2026-09-20")], "true"),
        ([plt(50, "2026-09-20"), plt(100, "2026-09-20"), plt(100, "2026-09-21")], "true"),
        # on the as-of date itself
        ([plt(100, "2026-10-01")], "true"),
        ([plt(100, "2026-10-01T23:59")], "true"),
        # after it: not used
        ([plt(100, "2026-09-20"), plt(50, "2026-10-02")], "true"),
        ([plt(50, "2026-10-02")], "unknown"),
        # perhaps after it
        ([plt(100, "2026-10")], "unknown"),
        ([plt(100, "2026")], "unknown"),
        # the newest cannot be used: an older one does not step in
        ([plt(100, "2026-09-01"), plt(100, "2026-09-20", None)], "unknown"),
        ([plt(100, "2026-09-01"), plt(100, "2026-09-20", "mg/dL")], "unknown"),
        ([plt(100, "2026-09-01"), plt("clotted", "2026-09-20")], "unknown"),
        ([plt(100, "2026-09-01"), plt(1_000_000, "2026-09-20")], "unknown"),
        ([plt(100, "2026-09-01"), plt(100, None)], "unknown"),
        ([plt(100, None)], "unknown"),
        # an older one that cannot be used does not matter
        ([plt(100, "2026-09-20"), plt(100, "2026-09-01", None)], "true"),
        ([], "unknown"),
    ],
)  # fmt: skip
def test_the_newest_value_on_or_before_the_as_of_date_counts(records: list[Any], expected: str) -> None:
    assert truth(RULE, observations=records) == expected
    assert truth(RULE, observations=records[::-1]) == expected


def test_future_values_are_listed_as_ignored() -> None:
    patient, _ = profile_of({"id": "P", "birth_date": "1961", "observations": [plt(50, "2026-10-02")]})
    assert patient is not None
    ignored = Chart(patient, catalogue(), date(2026, 10, 1)).facts.ignored
    assert [(item.record, item.reason) for item in ignored] == [("observations[0]", "dated after 2026-10-01")]


# --- age of a value ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "rule", "max_age", "policy", "expected"),
    [
        ("2026-07-03", RULE, None, None, "true"),  # 90 days
        ("2026-07-02", RULE, None, None, "unknown"),  # 91 days
        ("2026-07", RULE, None, None, "unknown"),  # perhaps 92 days
        ("2026-09", RULE, None, None, "true"),
        # the criterion's own limit
        ("2026-09-17", RULE + " within 14 days", None, None, "true"),
        ("2026-09-16", RULE + " within 14 days", None, None, "unknown"),
        ("2026-04-01", RULE + " within 6 months", None, None, "true"),
        ("2026-03-31", RULE + " within 6 months", None, None, "unknown"),
        # the rule file's
        ("2026-09-03", RULE, 28, None, "true"),
        ("2026-09-02", RULE, 28, None, "unknown"),
        # the site's, by measurement and by default
        ("2026-09-21", RULE, None, {"platelets": 10}, "true"),
        ("2026-09-20", RULE, None, {"platelets": 10}, "unknown"),
        ("2026-09-20", RULE, None, {"default": 10}, "unknown"),
        ("2026-09-20", RULE, None, {"default": 10, "platelets": 100}, "true"),
        ("2026-09-20", RULE, None, {"alt": 10}, "true"),
        ("2020-01-01", RULE, None, {"platelets": None}, "true"),
        ("2020-01-01", RULE, None, {"default": None}, "true"),
        # the criterion goes before the rule file, the rule file before the site
        ("2026-09-01", RULE + " within 60 days", 28, {"platelets": 10}, "true"),
        ("2026-09-01", RULE, 60, {"platelets": 10}, "true"),
        ("2026-09-01", RULE, 20, {"platelets": 100}, "unknown"),
    ],
)
def test_a_value_counts_for_ninety_days_unless_otherwise_said(
    when: str, rule: str, max_age: int | None, policy: Any, expected: str
) -> None:
    site = Policy(max_age={name: None if days is None else Span(days, "day")
                           for name, days in (policy or {}).items()})  # fmt: skip
    assert truth(rule, max_age=max_age, policy=site, observations=[plt(100, when)]) == expected


def test_an_old_value_is_shown_with_its_age_and_limit() -> None:
    _, grounds = asked(RULE, observations=[plt(100, "2026-07-02")])
    assert grounds.reason == (
        "platelet count 100 x 10^9/L on 2026-07-02 (91 days ago) is too old: the limit is 90 days"
    )
    assert grounds.missing == ["observation: platelet count"]
    assert grounds.questions == ["What is the platelet count on or after 2026-07-03?"]


def test_what_does_not_age_counts_for_ever() -> None:
    height = [{"name": "height", "value": 170, "unit": "cm", "date": "1990-01-01"}]
    outcome, grounds = asked("height >= 170 cm", max_age=10, observations=height)
    assert outcome.truth.value == "true"
    assert grounds.expires is None


@pytest.mark.parametrize(
    ("limit", "when"),
    [(None, "2026-09-20"), (Span(30, "day"), "2026-09-20"), (Span(1, "month"), "2026-08-31"),
     (Span(6, "month"), "2026-08-31"), (Span(1, "year"), "2024-02-29"), (Span(2, "week"), "2026-09-25")],
)  # fmt: skip
def test_it_can_stand_until_the_first_day_on_which_the_value_is_too_old(
    limit: Span | None, when: str
) -> None:
    site = Policy(max_age={"platelets": limit} if limit else {})
    profile = {"policy": site, "observations": [plt(100, when)]}
    outcome, grounds = asked(RULE, as_of=when, **profile)
    assert outcome.truth.value == "true"
    assert grounds.expires is not None
    before = grounds.expires - timedelta(days=1)
    assert truth(RULE, as_of=before.isoformat(), **profile) == "true"
    assert truth(RULE, as_of=grounds.expires.isoformat(), **profile) == "unknown"


def test_ninety_days_end_on_the_ninety_first() -> None:
    _, grounds = asked(RULE, observations=[plt(100, "2026-09-20")])
    assert grounds.expires == date(2026, 12, 20)


def test_the_last_day_of_the_calendar_is_no_day_on_which_a_value_grows_old() -> None:
    outcome, grounds = asked(RULE, as_of="9999-12-31", observations=[plt(100, "9999-12-31")])
    assert outcome.truth.value == "true"
    assert grounds.expires is None


# --- another time -----------------------------------------------------------------------------

PLASMA = "bone marrow plasma cells"


def cells(value: Any, when: str | None, unit: str | None = "%") -> dict[str, Any]:
    record = {"name": PLASMA, "value": value, "unit": unit, "date": when}
    return {key: item for key, item in record.items() if item is not None}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([cells(30, "2020-01-01"), cells(1, "2026-09-20")], "true"),
        ([cells(30, None)], "true"),
        ([cells(10, "2020")], "true"),
        ([cells(9, "2020-01-01")], "unknown"),
        ([cells("<5", "2026-09-20")], "unknown"),
        ([cells(30, "2026-11-01")], "unknown"),
        ([cells(30, "2026-09-20", None)], "unknown"),
        ([], "unknown"),
    ],
)
def test_ever_is_true_from_any_record_and_never_false(records: list[Any], expected: str) -> None:
    assert truth(f"ever {PLASMA} >= 10 %", observations=records) == expected


@pytest.mark.parametrize(
    ("onset", "when", "expected"),
    [
        ("2025-06-01", "2025-06-10", "true"),
        ("2025-06-01", "2025-03-03", "true"),
        ("2025-06-01", "2025-03-02", "unknown"),
        ("2025-06-01", "2025-08-30", "true"),
        ("2025-06-01", "2025-08-31", "unknown"),
        ("2025-06", "2025-08-30", "true"),
        ("2025-06", "2025-09-15", "unknown"),
        ("2025", "2025-06-10", "unknown"),
        (None, "2025-06-10", "unknown"),
        ("2025-06-01", None, "unknown"),
    ],
)
def test_at_diagnosis_asks_for_a_value_near_the_onset(
    onset: str | None, when: str | None, expected: str
) -> None:
    disease = {"name": "multiple myeloma"} | ({"onset": onset} if onset else {})
    records = [cells(30, when)]
    rule = f"at diagnosis {PLASMA} >= 10 %"
    assert truth(rule, conditions=[disease], observations=records) == expected


def test_what_was_never_shown_is_asked_for() -> None:
    _, grounds = asked(f"ever {PLASMA} >= 10 %", observations=[cells(9, "2020-01-01")])
    assert grounds.reason == "no record shows bone marrow plasma cells >= 10 %"
    assert grounds.questions == ["Was bone marrow plasma cells >= 10 % shown at some time?"]
    assert [fact.recorded for fact in grounds.evidence] == ["9 %"]


# --- grounds ----------------------------------------------------------------------------------


def lab(name: str, value: Any, unit: str | None = None) -> list[dict[str, Any]]:
    return [{"name": name, "value": value, "date": "2026-09-20"} | ({"unit": unit} if unit else {})]


@pytest.mark.parametrize(
    ("rule", "value", "unit", "margin", "ending"),
    [
        ("hemoglobin >= 10 g/dL", "9.8", "g/dL", "0.2", "is below 10 g/dL (by 0.2 g/dL)"),
        ("hemoglobin > 10 g/dL", "9.8", "g/dL", "0.2", "is not above 10 g/dL (by 0.2 g/dL)"),
        ("hemoglobin >= 10 g/dL", "10", "g/dL", "0", "is at least 10 g/dL"),
        ("hemoglobin > 10 g/dL", "10", "g/dL", "0", "is not above 10 g/dL"),
        ("hemoglobin < 10 g/dL", "10.5", "g/dL", "0.5", "is not below 10 g/dL (by 0.5 g/dL)"),
        ("hemoglobin <= 10 g/dL", "10.5", "g/dL", "0.5", "is above 10 g/dL (by 0.5 g/dL)"),
        ("hemoglobin < 10 g/dL", "9.5", "g/dL", "0.5", "is below 10 g/dL"),
        ("hemoglobin 8-10 g/dL", "9.5", "g/dL", "0.5", "is within 8-10 g/dL"),
        ("hemoglobin 8-10 g/dL", "11", "g/dL", "1", "is outside 8-10 g/dL (by 1 g/dL)"),
        ("hemoglobin 8-10 g/dL", "7", "g/dL", "1", "is outside 8-10 g/dL (by 1 g/dL)"),
        ("hemoglobin >= 10 g/dL", "98", "g/L", "2", "is below 10 g/dL (100 g/L) (by 2 g/L)"),
        ("hemoglobin >= 10 g/dL", "<9.8", "g/dL", None, "is below 10 g/dL"),
        ("creatinine < 2 mg/dL", "170", "umol/L", "6.80339",
         "is below 2 mg/dL (176.8 umol/L, by the molar mass 113.12 g/mol)"),
    ],
)  # fmt: skip
def test_the_reason_says_how_near_the_threshold_was(
    rule: str, value: str, unit: str, margin: str | None, ending: str
) -> None:
    name = rule.partition(" ")[0]
    _, grounds = asked(rule, observations=lab(name, value, unit))
    assert grounds.reason == f"{name} {value} {unit} on 2026-09-20 (11 days ago) {ending}"
    assert (str(grounds.margin.value) if grounds.margin else None) == margin
    assert grounds.margin is None or grounds.margin.unit == unit


@pytest.mark.parametrize(
    ("rule", "value", "margin"),
    [
        ("ECOG 0-3", 1, 2), ("ECOG 0-3", 3, 0), ("ECOG 0-2", 0, 2), ("ECOG 1-3", 1, 0), ("ECOG 0-2", 3, 1),
        ("ECOG 1-5", 3, 2), ("ECOG 0-5", 3, None), ("Karnofsky 60-100", 90, 30),
        ("prior lines of therapy 0-3", 1, 2),
        ("prior lines of therapy 1-3", 1, 0),
    ],
)  # fmt: skip
def test_the_end_of_a_scale_is_no_limit(rule: str, value: int, margin: int | None) -> None:
    name = rule.rpartition(" ")[0]
    _, grounds = asked(rule, observations=lab(name, value))
    assert (int(grounds.margin.value) if grounds.margin else None) == margin
    assert grounds.threshold == rule.rpartition(" ")[2]


def test_the_evidence_names_the_record_its_value_date_and_age() -> None:
    _, grounds = asked("ECOG 0-3", observations=lab("ECOG", 1))
    (fact,) = grounds.evidence
    assert (fact.concept, fact.record, fact.recorded, fact.value, fact.date, fact.age_days) == (
        "ecog", "observations[0]", "1", 1, "2026-09-20", 11
    )  # fmt: skip


def test_conflicting_values_are_both_shown() -> None:
    _, grounds = asked(RULE, observations=[plt(100, "2026-09-20"), plt(50, "2026-09-20")])
    assert grounds.reason == ("conflicting values of platelet count: 100 x 10^9/L and 50 x 10^9/L "
                              "on 2026-09-20 (11 days ago)")  # fmt: skip
    assert len(grounds.evidence) == 2


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (RULE, "platelet count is not recorded"),
        ("bone marrow plasma cells < 5 %", "bone marrow plasma cells are not recorded"),
        ("NYHA class <= 2", "NYHA class is not recorded"),
    ],
)
def test_what_is_not_recorded_is_asked_for(rule: str, reason: str) -> None:
    outcome, grounds = asked(rule)
    assert outcome.truth.value == "unknown"
    assert grounds.reason == reason
    assert grounds.missing
    assert grounds.questions


@pytest.mark.parametrize(("when", "manual"), [(None, True), ("2026-01-01", True), ("2026-09-20", False)])
def test_an_estimate_that_nobody_recorded_lately_is_a_person_s_to_give(
    when: str | None, manual: bool
) -> None:
    record = {"name": "life expectancy", "value": 8, "unit": "months", "date": when}
    outcome, _ = asked("life expectancy > 6 months", observations=[record] if when else [])
    assert outcome.manual is manual


@pytest.mark.parametrize(
    ("rule", "alt", "ast", "expected"),
    [
        ("ALT and AST < 100 U/L", 50, 50, "true"), ("ALT and AST < 100 U/L", 50, 150, "false"),
        ("ALT and AST < 100 U/L", 50, None, "unknown"), ("ALT and AST < 100 U/L", 150, None, "false"),
        ("ALT or AST > 100 U/L", 150, None, "true"), ("ALT or AST > 100 U/L", 50, None, "unknown"),
        ("any of ALT, AST > 100 U/L", 50, 50, "false"),
    ],
)  # fmt: skip
def test_a_list_that_shares_its_predicate_distributes(
    rule: str, alt: int | None, ast: int | None, expected: str
) -> None:
    records = [lab(name, value, "U/L")[0] for name, value in (("ALT", alt), ("AST", ast)) if value]
    assert truth(rule, observations=records) == expected
