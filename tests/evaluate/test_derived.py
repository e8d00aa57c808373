"""Quantities that follow from recorded ones, each against a calculation by hand (SEMANTICS 3)."""

from datetime import date
from typing import Any

import pytest

from screener.evaluate.chart import Chart
from screener.intake.json_profile import profile_of
from screener.vocabulary.load import catalogue
from tests.evaluate.asking import AS_OF, asked, check_of, truth

DAY = "2026-09-20"
UNITS = {"creatinine": "mg/dL", "weight": "kg", "height": "m", "total calcium": "mg/dL", "albumin": "g/dL",
         "QT interval": "ms", "heart rate": "/min", "RR interval": "ms", "kappa free light chain": "mg/L",
         "lambda free light chain": "mg/L"}  # fmt: skip
KAPPA, LAMBDA = "kappa free light chain", "lambda free light chain"


def labs(values: dict[str, Any], **days: str) -> list[dict[str, Any]]:
    """Observations in their usual units; `days` by the first word of a name."""
    return [{"name": name, "value": value, "date": days.get(name.split()[0], DAY)}
            | ({"unit": UNITS[name]} if name in UNITS else {}) for name, value in values.items()]  # fmt: skip


# Worked by hand: Cockcroft-Gault (140 - 60) x 72 / (72 x 1.0) = 80, x 0.85 = 68.
# CKD-EPI 2021, 50 years, creatinine 1.0: men 91.69, women 68.64 (the NKF calculator rounds to 92 and 69).
# Fridericia: 400 ms at 75/min, RR 0.8 s: 400 / 0.8^(1/3) = 430.9.
BY_HAND = [
    ("creatinine clearance", "mL/min", {"creatinine": 1, "weight": 72}, "male", "1966-01-01", "80", "80"),
    ("creatinine clearance", "mL/min", {"creatinine": 1, "weight": 72}, "female", "1966-01-01", "68", "68"),
    ("creatinine clearance", "mL/min", {"creatinine": 2, "weight": 90}, "male", "1966-01-01", "50", "50"),
    ("eGFR", "mL/min/1.73 m2", {"creatinine": 1}, "male", "1976-01-01", "91.6", "91.8"),
    ("eGFR", "mL/min/1.73 m2", {"creatinine": 1}, "female", "1976-01-01", "68.5", "68.7"),
    ("BMI", "kg/m2", {"weight": 81, "height": "1.8"}, None, "1966", "25", "25"),
    ("corrected calcium", "mg/dL", {"total calcium": 9, "albumin": 2}, None, "1966", "10.6", "10.6"),
    ("corrected calcium", "mg/dL", {"total calcium": 9, "albumin": 4}, None, "1966", "9", "9"),
    ("QTcF", "ms", {"QT interval": 400, "heart rate": 75}, None, "1966", "430.8", "431"),
    ("QTcF", "ms", {"QT interval": 400, "heart rate": 60}, None, "1966", "399.9", "400.1"),
    ("QTcF", "ms", {"QT interval": 400, "RR interval": 1000}, None, "1966", "399.9", "400.1"),
    ("QTcF", "ms", {"QT interval": 400, "RR interval": 800}, None, "1966", "430.8", "431"),
    ("kappa/lambda ratio", "", {KAPPA: 30, LAMBDA: 10}, None, "1966", "3", "3"),
    ("involved free light chain", "mg/L", {KAPPA: 300, LAMBDA: 10}, None, "1966", "300", "300"),
    ("involved free light chain", "mg/L", {KAPPA: 10, LAMBDA: 300}, None, "1966", "300", "300"),
    ("uninvolved free light chain", "mg/L", {KAPPA: 300, LAMBDA: 10}, None, "1966", "10", "10"),
    ("dFLC", "mg/L", {KAPPA: 300, LAMBDA: 10}, None, "1966", "290", "290"),
    ("dFLC", "mg/L", {KAPPA: 10, LAMBDA: 300}, None, "1966", "290", "290"),
    ("involved/uninvolved free light chain ratio", "", {KAPPA: 10, LAMBDA: 300}, None, "1966", "30", "30"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "unit", "inputs", "sex", "born", "low", "high"), BY_HAND)
def test_a_formula_gives_what_is_worked_by_hand(
    name: str, unit: str, inputs: Any, sex: str | None, born: str, low: str, high: str
) -> None:
    profile = {"birth_date": born, "observations": labs(inputs)} | ({"sex": sex} if sex else {})
    within = f"{name} {low}-{high} {unit}".strip()
    assert truth(within, **profile) == "true"
    outcome, grounds = asked(f"{name} > {high} {unit}".strip(), **profile)
    assert outcome.truth.value == "false"
    # its evidence names the formula and its inputs
    (fact,) = grounds.evidence
    assert fact.note is not None
    assert "observations[0]" in fact.note
    assert len(fact.record.split(", ")) == len(inputs)
    assert "(computed)" in grounds.reason


@pytest.mark.parametrize(
    ("born", "sex", "rule", "expected"),
    [
        ("1966-10-01", "male", "creatinine clearance <= 80 mL/min", "true"),  # 60 today
        ("1966-10-02", "male", "creatinine clearance <= 80 mL/min", "false"),  # 59: 81
        ("1966", "male", "creatinine clearance <= 80 mL/min", "unknown"),
        ("1966", "male", "creatinine clearance <= 81 mL/min", "true"),
        ("1966-01-01", "other", "creatinine clearance >= 68 mL/min", "true"),
        ("1966-01-01", "other", "creatinine clearance >= 70 mL/min", "unknown"),
        ("1966-01-01", "other", "creatinine clearance > 80 mL/min", "false"),
        ("1966-01-01", None, "creatinine clearance >= 68 mL/min", "true"),
        ("1966-01-01", None, "creatinine clearance >= 70 mL/min", "unknown"),
    ],
)
def test_what_is_not_known_of_age_and_sex_is_tried(
    born: str, sex: str | None, rule: str, expected: str
) -> None:
    profile: dict[str, Any] = {"birth_date": born, "observations": labs({"creatinine": 1, "weight": 72})}
    assert truth(rule, **profile, **({"sex": sex} if sex else {})) == expected


def test_the_sex_is_asked_for_where_it_would_decide() -> None:
    observations = labs({"creatinine": 1, "weight": 72})
    _, grounds = asked("creatinine clearance >= 70 mL/min", birth_date="1966", observations=observations)
    assert grounds.missing == ["sex", "birth date"]
    assert "68 to 81 mL/min (computed)" in grounds.reason


@pytest.mark.parametrize(
    ("rule", "inputs", "days", "lacking"),
    [
        ("creatinine clearance > 30 mL/min", {"creatinine": 1}, {}, "weight"),
        ("creatinine clearance > 30 mL/min", {"weight": 70}, {}, "creatinine"),
        ("creatinine clearance > 30 mL/min", {"creatinine": 1, "weight": 70}, {"weight": "2026-06-01"},
         "weight"),
        ("creatinine clearance > 30 mL/min", {"creatinine": 1, "weight": 70}, {"weight": "2026-09-01"}, ""),
        ("corrected calcium < 11 mg/dL", {"total calcium": 9, "albumin": 4}, {"albumin": "2026-09-19"},
         "one day"),
        ("corrected calcium < 11 mg/dL", {"total calcium": 9, "albumin": 4},
         {"albumin": "2026-09", "total": "2026-09"}, "one day"),
        ("QTcF < 470 ms", {"QT interval": 400, "heart rate": 60}, {"heart": "2026-09-19"}, "one day"),
        ("QTcF < 470 ms", {"QT interval": 400}, {}, "heart rate"),
        ("kappa/lambda ratio < 100", {KAPPA: 30, LAMBDA: 10}, {"lambda": "2026-09-19"}, "one day"),
        ("involved free light chain < 1000 mg/L", {KAPPA: 30}, {}, "lambda"),
        ("involved free light chain < 1000 mg/L", {}, {}, "kappa"),
        ("BMI < 40 kg/m2", {"weight": 70, "height": "1.7"}, {"height": "1990-01-01"}, ""),
    ],
)  # fmt: skip
def test_what_is_lacking_for_a_formula_is_named(
    rule: str, inputs: Any, days: dict[str, str], lacking: str
) -> None:
    outcome, grounds = asked(rule, sex="male", observations=labs(inputs, **days))
    if not lacking:
        assert outcome.truth.value == "true"
        return
    assert outcome.truth.value == "unknown"
    assert lacking in " ".join(grounds.missing)
    assert "computing it needs" in grounds.reason


def test_without_a_birth_date_the_recorded_age_serves() -> None:
    patient, problems = profile_of({"id": "P", "age": {"value": 60, "date": "2026-10-01"}, "sex": "male",
                                    "observations": labs({"creatinine": 1, "weight": 72})})  # fmt: skip
    assert patient is not None, problems
    chart = Chart(patient, catalogue(), date(2026, 10, 1))
    assert check_of("creatinine clearance = 80 mL/min")(chart).truth.value == "true"


@pytest.mark.parametrize(
    ("days", "dated", "expires"),
    [
        ({}, DAY, "2026-12-20"), ({"weight": "2026-08-20"}, "2026-08-20", "2026-11-19"),
        ({"creatinine": "2026-09-01", "weight": "2026-09-02"}, "2026-09-01", "2026-12-01"),
    ],
)  # fmt: skip
def test_the_oldest_input_dates_the_result(days: Any, dated: str, expires: str) -> None:
    observations = labs({"creatinine": 1, "weight": 72}, **days)
    _, grounds = asked("creatinine clearance > 30 mL/min", sex="male", observations=observations)
    assert grounds.evidence[0].date == dated
    assert grounds.expires == date.fromisoformat(expires)


def test_a_height_does_not_date_a_body_mass_index() -> None:
    observations = labs({"weight": 70, "height": "1.7"}, height="1990-01-01")
    _, grounds = asked("BMI < 40 kg/m2", observations=observations)
    assert grounds.evidence[0].date == DAY
    assert grounds.expires == date(2026, 12, 20)


def test_a_recorded_value_goes_before_a_derived_one() -> None:
    inputs = labs({"creatinine": 1, "weight": 72})
    recorded = {"name": "creatinine clearance", "value": 25, "unit": "mL/min", "date": "2026-08-01"}
    rule = "creatinine clearance >= 30 mL/min"
    assert truth(rule, sex="male", observations=[*inputs, recorded]) == "false"
    # unless it is too old to count
    old = recorded | {"date": "2026-01-01"}
    assert truth(rule, sex="male", observations=[*inputs, old]) == "true"
    # one that cannot be used does not make room for another
    bare = {key: value for key, value in recorded.items() if key != "unit"}
    assert truth(rule, sex="male", observations=[*inputs, bare]) == "unknown"


@pytest.mark.parametrize(
    ("values", "rule", "expected"),
    [
        (("0.9", "1.1"), "creatinine clearance >= 70 mL/min", "true"),  # 72.7 to 88.9
        (("0.9", "1.1"), "creatinine clearance >= 80 mL/min", "unknown"),
        (("0.9", "1.1"), "creatinine clearance >= 90 mL/min", "false"),
        (("<0.9", "<0.9"), "creatinine clearance > 85 mL/min", "true"),  # more than 88.9
        (("<0.9", "<0.9"), "creatinine clearance > 90 mL/min", "unknown"),
        ((">4", ">4"), "creatinine clearance < 30 mL/min", "true"),  # less than 20
        ((">4", ">4"), "creatinine clearance < 10 mL/min", "unknown"),
    ],
)
def test_inputs_are_intervals_too(values: tuple[str, str], rule: str, expected: str) -> None:
    pair = [labs({"creatinine": value})[0] for value in values]
    profile: dict[str, Any] = {"sex": "male", "birth_date": "1966-01-01"}
    assert truth(rule, observations=[*pair, *labs({"weight": 72})], **profile) == expected


# --- free light chains ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kappa", "lambda_", "rule", "expected"),
    [
        (100, 10, "involved free light chain >= 100 mg/L", "true"),
        (99, 10, "involved free light chain >= 100 mg/L", "false"),
        (10, 100, "involved free light chain >= 100 mg/L", "true"),
        # a normal ratio: both are tried
        (20, 15, "involved free light chain >= 100 mg/L", "false"),
        (120, 110, "involved free light chain >= 100 mg/L", "true"),
        (120, 90, "involved free light chain >= 100 mg/L", "unknown"),
        # exactly at the limits of normal, 0.26 and 1.65
        (165, 100, "involved free light chain >= 120 mg/L", "unknown"),
        ("165.1", 100, "involved free light chain >= 120 mg/L", "true"),
        (26, 100, "involved free light chain >= 50 mg/L", "unknown"),
        (">2000", 10, "involved free light chain >= 100 mg/L", "true"),
        (">2000", 10, "involved/uninvolved free light chain ratio >= 100", "true"),
        (500, "<0.4", "involved free light chain >= 100 mg/L", "true"),
        (500, "<0.4", "involved/uninvolved free light chain ratio >= 1000", "true"),
        (500, 0, "involved/uninvolved free light chain ratio >= 100", "unknown"),
        (">2000", ">2000", "involved free light chain >= 100 mg/L", "true"),
        (">2000", ">2000", "dFLC >= 50 mg/L", "unknown"),
    ],
)
def test_the_involved_chain_is_the_one_that_the_ratio_points_at(
    kappa: Any, lambda_: Any, rule: str, expected: str
) -> None:
    assert truth(rule, observations=labs({KAPPA: kappa, LAMBDA: lambda_})) == expected


def test_where_the_ratio_is_normal_the_reason_shows_both_chains() -> None:
    observations = labs({KAPPA: 120, LAMBDA: 90})
    _, grounds = asked("involved free light chain >= 100 mg/L", observations=observations)
    assert "may be 120 mg/L (computed) or 90 mg/L (computed)" in grounds.reason


def test_a_ratio_recorded_on_that_day_says_which_chain_is_involved() -> None:
    chains = labs({KAPPA: 120, LAMBDA: 90})
    ratio = {"name": "kappa/lambda ratio", "value": "2.0", "date": DAY}
    rule = "involved free light chain >= 100 mg/L"
    assert truth(rule, observations=[*chains, ratio]) == "true"
    assert truth(rule, observations=[*chains, ratio | {"date": "2026-09-01"}]) == "unknown"


@pytest.mark.parametrize(
    ("rule", "kappa", "lambda_", "day", "expected"),
    [
        ("ever involved free light chain >= 100 mg/L", 300, 10, DAY, "true"),
        ("ever involved free light chain >= 100 mg/L", 300, 10, "2020-01-01", "true"),
        ("ever involved free light chain >= 100 mg/L", 30, 10, "2020-01-01", "unknown"),
        ("ever involved free light chain >= 100 mg/L", 120, 90, "2020-01-01", "unknown"),
        ("ever involved free light chain >= 100 mg/L", 120, 110, "2020-01-01", "true"),
        ("ever kappa/lambda ratio abnormal", 30, 10, "2020-01-01", "true"),
        ("ever kappa/lambda ratio abnormal", 10, 10, "2020-01-01", "unknown"),
    ],
)
def test_ever_looks_at_what_followed_on_any_day(
    rule: str, kappa: int, lambda_: int, day: str, expected: str
) -> None:
    then = labs({KAPPA: kappa, LAMBDA: lambda_}, **{"kappa": day, "lambda": day})
    now = [] if day == DAY else labs({KAPPA: 12, LAMBDA: 11})
    assert truth(rule, observations=[*then, *now]) == expected


def test_ever_does_not_mix_the_chains_of_two_days() -> None:
    records = labs({KAPPA: 300, LAMBDA: 10}, **{"kappa": "2020-01-01", "lambda": "2020-01-02"})
    assert truth("ever involved free light chain >= 100 mg/L", observations=records) == "unknown"


def test_ever_takes_the_age_of_that_day() -> None:
    # 60 then and 66 now: (140 - 60) x 72 / 72 = 80
    records = labs({"creatinine": 1, "weight": 72}, creatinine="2020-09-20", weight="2020-09-20")
    profile: dict[str, Any] = {"sex": "male", "birth_date": "1960-01-01", "observations": records}
    assert truth("ever creatinine clearance >= 80 mL/min", **profile) == "true"


# --- performance status -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("karnofsky", "rule", "expected"),
    [
        (100, "ECOG 0-1", "true"), (100, "ECOG = 0", "true"), (90, "ECOG 0-1", "true"),
        (90, "ECOG = 0", "unknown"), (80, "ECOG 0-1", "true"), (70, "ECOG 0-1", "unknown"),
        (70, "ECOG 0-2", "true"), (60, "ECOG 0-2", "unknown"), (50, "ECOG 0-2", "unknown"),
        (40, "ECOG 0-2", "false"), (30, "ECOG <= 2", "false"), (10, "ECOG >= 4", "true"),
        (0, "ECOG 0-2", "unknown"),
    ],
)  # fmt: skip
def test_ecog_follows_from_karnofsky_only_where_every_map_agrees(
    karnofsky: int, rule: str, expected: str
) -> None:
    assert truth(rule, observations=labs({"Karnofsky": karnofsky})) == expected


@pytest.mark.parametrize(
    ("ecog", "rule", "expected"),
    [
        (0, "Karnofsky >= 90", "true"), (1, "Karnofsky >= 70", "true"), (1, "Karnofsky >= 80", "unknown"),
        (2, "Karnofsky >= 70", "unknown"), (2, "Karnofsky >= 80", "false"), (4, "Karnofsky >= 50", "false"),
        (5, "Karnofsky >= 50", "unknown"),
    ],
)  # fmt: skip
def test_karnofsky_follows_from_ecog_in_the_same_way(ecog: int, rule: str, expected: str) -> None:
    assert truth(rule, observations=labs({"ECOG": ecog})) == expected


@pytest.mark.parametrize("rule", ["ECOG 0-2", "Karnofsky >= 60"])
@pytest.mark.parametrize("values", [{"ECOG": 1}, {"Karnofsky": 90}, {"ECOG": 1, "Karnofsky": 90}])
def test_old_scores_decide_nothing_and_explain_themselves(rule: str, values: dict[str, int]) -> None:
    records = labs(values, ECOG="2026-01-01", Karnofsky="2026-01-01")
    outcome, grounds = asked(rule, observations=records)
    assert outcome.truth.value == "unknown"
    assert grounds.reason
    assert grounds.missing
    assert grounds.questions


def test_a_recorded_score_goes_before_a_converted_one() -> None:
    assert truth("ECOG 0-2", observations=labs({"ECOG": 3, "Karnofsky": 100})) == "false"


# --- lines and courses ------------------------------------------------------------------------


def line(number: int | None, **more: Any) -> dict[str, Any]:
    record = {"drugs": ["lenalidomide"], "start": "2025-01-01", "end": "2025-06-01", "line": number} | more
    return {key: value for key, value in record.items() if value is not None}


ALL = {"treatments": AS_OF}


@pytest.mark.parametrize(
    ("treatments", "complete", "rule", "expected"),
    [
        ([line(1), line(2)], ALL, "prior lines of therapy 1-2", "true"),
        ([line(1), line(3)], ALL, "prior lines of therapy <= 2", "false"),
        ([line(2), line(2)], ALL, "prior lines of therapy = 2", "true"),
        ([line(1), line(None)], ALL, "prior lines of therapy <= 2", "unknown"),
        ([line(1), line(None, drugs=["prednisone"])], ALL, "prior lines of therapy <= 2", "true"),
        ([line(1)], {}, "prior lines of therapy <= 2", "unknown"),
        ([line(1)], {"treatments": "2026-09-30"}, "prior lines of therapy <= 2", "unknown"),
        ([line(1), line(1, drugs=["XYZ-1"])], ALL, "prior lines of therapy <= 2", "unknown"),
        ([line(1), line(2, start="2026")], ALL, "prior lines of therapy <= 2", "unknown"),
        ([line(1), line(2, start="2026-11-01", end=None)], ALL, "prior lines of therapy = 1", "true"),
        ([], ALL, "prior lines of therapy = 0", "true"),
        ([], {}, "prior lines of therapy = 0", "unknown"),
        ([line(1, cycles=4), line(1, cycles=2)], ALL, "courses of therapy = 6", "true"),
        ([line(1, cycles=4), line(1)], ALL, "courses of therapy >= 4", "unknown"),
    ],
)  # fmt: skip
def test_lines_are_counted_only_where_all_are_asserted_and_complete(
    treatments: Any, complete: Any, rule: str, expected: str
) -> None:
    assert truth(rule, treatments=treatments, complete=complete) == expected


def test_a_count_of_lines_names_what_it_lacks() -> None:
    outcome, grounds = asked("prior lines of therapy <= 2", treatments=[line(None)])
    assert outcome.truth.value == "unknown"
    assert grounds.missing == [
        "treatments: a complete list of treatments up to 2026-10-01", "treatments: the line of each treatment"
    ]  # fmt: skip
    assert grounds.reason.startswith("prior lines of therapy are not recorded, and computing it needs")


def test_a_recorded_number_of_lines_goes_first() -> None:
    recorded = [{"name": "prior lines of therapy", "value": 3, "date": DAY}]
    profile: dict[str, Any] = {"treatments": [line(1)], "complete": ALL, "observations": recorded}
    assert truth("prior lines of therapy <= 2", **profile) == "false"
