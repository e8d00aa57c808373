"""Thresholds in the unit of the value, limits of normal, months against days (SEMANTICS 3)."""

from decimal import Decimal
from typing import Any

import pytest

from screener.model.policy import Bound, Policy
from tests.evaluate.asking import asked, truth


def one(name: str, value: Any, unit: str | None, low: Any = None, high: Any = None) -> Any:
    record = {"name": name, "value": value, "date": "2026-09-25"} | ({"unit": unit} if unit else {})
    limits = {key: Decimal(limit) for key, limit in (("low", low), ("high", high)) if limit is not None}
    return [record | ({"reference_range": limits} if limits else {})]


# name, value, unit, threshold; the value lies exactly at it
EXACT = [
    ("albumin", 30, "g/L", "3 g/dL"),
    ("albumin", 3, "g/dL", "30 g/L"),
    ("hemoglobin", "80", "g/L", "8 g/dL"),
    ("hemoglobin", "8.1", "g/dL", "81 g/L"),
    ("platelets", 75000, "/uL", "75 x 10^9/L"),
    ("platelets", "0.075", "10*12/L", "75 x 10^9/L"),
    ("ANC", 1000, "/mm3", "1.0 x 10^9/L"),
    ("total bilirubin", 20, "mg/L", "2 mg/dL"),
    ("creatinine", "1.1312", "mg/dL", "100 umol/L"),
    ("creatinine", 100, "umol/L", "1.1312 mg/dL"),
    ("creatinine", "0.2", "mmol/L", "200 umol/L"),
    ("weight", 70000, "g", "70 kg"),
    ("height", 170, "cm", "1.7 m"),
    ("urine M-protein", "0.2", "g/24 h", "200 mg/24 h"),
    ("involved free light chain", 10, "mg/dL", "100 mg/L"),
    ("QTcF", "0.45", "s", "450 ms"),
    ("serum M-protein", "0.5", "g/dL", "5 g/L"),
    ("creatinine clearance", "0.5", "mL/s", "30 mL/min"),
]


@pytest.mark.parametrize(("name", "value", "unit", "limit"), EXACT)
@pytest.mark.parametrize(
    ("comparator", "expected"),
    [("<", "false"), ("<=", "true"), (">", "false"), (">=", "true"), ("=", "true")],
)
def test_a_value_exactly_at_a_threshold_in_another_unit_is_there(
    name: str, value: Any, unit: str, limit: str, comparator: str, expected: str
) -> None:
    assert truth(f"{name} {comparator} {limit}", observations=one(name, value, unit)) == expected


def test_a_threshold_through_the_molar_mass_is_exact_to_the_last_recorded_digit() -> None:
    # 2 mg/dL / 113.12 g/mol = 176.80339462517680339… umol/L
    for value, expected in (("176.803394625176803", "true"), ("176.803394625176804", "false")):
        assert truth("creatinine < 2 mg/dL", observations=one("creatinine", value, "umol/L")) == expected


def test_the_conversion_is_shown() -> None:
    outcome, grounds = asked("creatinine < 2 mg/dL", observations=one("creatinine", 88, "umol/L"))
    assert outcome.truth.value == "true"
    assert grounds.reason == ("creatinine 88 umol/L on 2026-09-25 (6 days ago) is below 2 mg/dL "
                              "(176.8 umol/L, by the molar mass 113.12 g/mol)")  # fmt: skip
    assert (str(grounds.evidence[0].value), grounds.evidence[0].unit) == ("0.995456", "mg/dL")
    assert grounds.evidence[0].recorded == "88 umol/L"


# --- times the limit of normal ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "high", "rule", "expected"),
    [
        (119, 40, "ALT < 3 x ULN", "true"),
        (120, 40, "ALT < 3 x ULN", "false"),
        (120, 40, "ALT <= 3 x ULN", "true"),
        (121, 40, "ALT <= 3 x ULN", "false"),
        (60, 40, "ALT <= 1.5 x ULN", "true"),
        ("<60", 40, "ALT < 1.5 x ULN", "true"),
        (">120", 40, "ALT > 3 x ULN", "true"),
        (40, 40, "ALT <= 1 x ULN", "true"),
    ],
)
def test_the_reference_range_of_that_very_value_goes_first(
    value: Any, high: int, rule: str, expected: str
) -> None:
    site = Policy(uln={"alt": (Bound(Decimal(1000), "U/L"),)})
    for policy in (None, site):
        patient = {"observations": one("ALT", value, "U/L", high=high), "sex": "female"}
        assert truth(rule, policy=policy, **patient) == expected


# --- beyond the limit of normal, by an amount ---------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "limits", "rule", "expected"),
    [
        ("9.9", "g/dL", {"low": 12}, "hemoglobin < LLN - 2 g/dL", "true"),
        (10, "g/dL", {"low": 12}, "hemoglobin < LLN - 2 g/dL", "false"),
        (10, "g/dL", {"low": 12}, "hemoglobin <= LLN - 2 g/dL", "true"),
        (99, "g/L", {"low": 120}, "hemoglobin < LLN - 2 g/dL", "true"),
        (100, "g/L", {"low": 120}, "hemoglobin < LLN - 2 g/dL", "false"),
        ("<9.9", "g/dL", {"low": 12}, "hemoglobin < LLN - 2 g/dL", "true"),
        ("2.86", "mmol/L", {"high": "2.6"}, "calcium > ULN + 0.25 mmol/L", "true"),
        ("2.85", "mmol/L", {"high": "2.6"}, "calcium > ULN + 0.25 mmol/L", "false"),
        (12, "mg/dL", {"high": "10.5"}, "calcium > ULN + 0.25 mmol/L", "true"),
        ("11.4", "mg/dL", {"high": "10.5"}, "calcium > ULN + 0.25 mmol/L", "false"),
        (10, None, {"low": 12}, "hemoglobin < LLN - 2 g/dL", "unknown"),
        (5, "mmol/mol", {"low": 12}, "hemoglobin < LLN - 2 g/dL", "unknown"),
    ],
)
def test_an_amount_beyond_the_limit_of_normal_is_counted_in_the_unit_of_the_value(
    value: Any, unit: str | None, limits: dict[str, Any], rule: str, expected: str
) -> None:
    name = rule.partition(" ")[0]
    assert truth(rule, observations=one(name, value, unit, **limits), sex="female") == expected


def test_what_an_amount_beyond_normal_comes_to_is_shown_with_where_it_is_from() -> None:
    _, grounds = asked("hemoglobin < LLN - 2 g/dL", observations=one("hemoglobin", 99, "g/L", low=120))
    assert grounds.reason == ("hemoglobin 99 g/L on 2026-09-25 (6 days ago) is below LLN - 2 g/dL "
                             "(100 g/L, from the result's own reference range)")  # fmt: skip


def test_without_a_known_limit_of_normal_an_amount_beyond_it_stays_open() -> None:
    site = Policy(lln={"hemoglobin": (Bound(Decimal(12), "g/dL"),)})
    record = one("hemoglobin", "9.9", "g/dL")
    assert truth("hemoglobin < LLN - 2 g/dL", policy=site, observations=record, sex="female") == "true"


@pytest.mark.parametrize(
    ("sex", "bounds", "value", "expected"),
    [
        ("female", (("40", "U/L", ""),), 119, "true"),
        ("female", (("40", "U/L", ""),), 120, "false"),
        ("female", (("35", "U/L", "female"), ("50", "U/L", "male")), 105, "false"),
        ("male", (("35", "U/L", "female"), ("50", "U/L", "male")), 105, "true"),
        (None, (("35", "U/L", "female"), ("50", "U/L", "male")), 105, "unknown"),
        ("other", (("35", "U/L", "female"), ("50", "U/L", "male")), 105, "unknown"),
        (None, (("35", "U/L", "female"), ("50", "U/L", "male")), 104, "true"),
        (None, (("35", "U/L", "female"), ("50", "U/L", "male")), 150, "false"),
        ("female", (("0.5", "ukat/L", ""),), 89, "true"),
        ("female", (("0.5", "ukat/L", ""),), 90, "false"),
    ],
)
def test_the_site_s_limits_go_before_the_usual_ones(
    sex: str | None, bounds: Any, value: int, expected: str
) -> None:
    made = tuple(Bound(Decimal(limit), unit, of) for limit, unit, of in bounds)
    profile = {"observations": one("ALT", value, "U/L")} | ({"sex": sex} if sex else {})
    assert truth("ALT < 3 x ULN", policy=Policy(uln={"alt": made}), **profile) == expected


def test_a_site_s_limit_in_another_unit_is_converted() -> None:
    site = Policy(uln={"creatinine": (Bound(Decimal("1.1312"), "mg/dL"),)})
    for value, expected in ((150, "true"), ("150.1", "false")):
        patient = one("creatinine", value, "umol/L")
        assert truth("creatinine <= 1.5 x ULN", policy=site, observations=patient) == expected


def test_a_site_s_limit_in_a_unit_that_means_nothing_is_not_used() -> None:
    site = Policy(uln={"alt": (Bound(Decimal(1000), "furlongs"),)})
    patient = one("ALT", 500, "U/L")
    assert truth("ALT < 3 x ULN", policy=site, observations=patient, sex="female") == "false"


# ALT, usual upper limits: men 35 to 79, women 31 to 55 U/L
@pytest.mark.parametrize(
    ("sex", "value", "expected"),
    [
        ("female", 92, "true"), ("female", 93, "unknown"), ("female", 164, "unknown"), ("female", 165,
         "false"),
        ("male", 104, "true"), ("male", 105, "unknown"), ("male", 236, "unknown"), ("male", 237, "false"),
        (None, 92, "true"), (None, 93, "unknown"), (None, 165, "unknown"), (None, 237, "false"),
        ("other", 92, "true"), ("other", 236, "unknown"),
    ],
)  # fmt: skip
def test_of_the_usual_limits_every_one_must_decide_alike(sex: str | None, value: int, expected: str) -> None:
    profile = {"observations": one("ALT", value, "U/L")} | ({"sex": sex} if sex else {})
    assert truth("ALT < 3 x ULN", **profile) == expected


@pytest.mark.parametrize(("low", "high"), [(None, 0), (None, -40), (40, 35), (None, 100_000)])
def test_a_nonsense_reference_range_is_not_used(low: Any, high: Any) -> None:
    for value, expected in ((92, "true"), (120, "unknown"), (165, "false")):
        patient = one("ALT", value, "U/L", low, high)
        assert truth("ALT < 3 x ULN", observations=patient, sex="female") == expected


def test_a_reference_range_in_another_unit_than_its_value_is_not_used() -> None:
    # 106 umol/L written beside a value in mg/dL: as mg/dL no one could have it
    patient = one("creatinine", "3.5", "mg/dL", high=106)
    assert truth("creatinine < 1.5 x ULN", observations=patient, sex="female") == "false"


@pytest.mark.parametrize(
    ("value", "low", "rule", "expected"),
    [
        (13, 12, "hemoglobin >= 1 x LLN", "true"), (12, 12, "hemoglobin >= 1 x LLN", "true"),
        ("11.9", 12, "hemoglobin >= 1 x LLN", "false"), (6, 12, "hemoglobin < 0.5 x LLN", "false"),
        ("5.9", 12, "hemoglobin < 0.5 x LLN", "true"),
        (12, None, "hemoglobin >= 1 x LLN", "unknown"), ("12.3", None, "hemoglobin >= 1 x LLN", "true"),
        ("11.4", None, "hemoglobin >= 1 x LLN", "false"),
    ],
)  # fmt: skip
def test_lower_limits_work_like_upper_ones(value: Any, low: Any, rule: str, expected: str) -> None:
    patient = one("hemoglobin", value, "g/dL", low=low)
    assert truth(rule, observations=patient, sex="female") == expected


def test_where_no_limit_of_normal_is_known_the_reason_says_so() -> None:
    outcome, grounds = asked("albumin >= 1 x LLN", observations=one("albumin", "3.9", "g/dL"))
    assert outcome.truth.value == "unknown"
    assert "no reference range recorded, and no usual limit known" in grounds.reason


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        ("0.26", None, None, "true"), ("1.65", None, None, "true"), ("1.66", None, None, "false"),
        ("0.25", None, None, "false"), ("<0.25", None, None, "false"), ("<0.3", None, None, "unknown"),
        ("2.5", "0.37", "3.1", "true"), ("3.2", "0.37", "3.1", "false"), ("normal", None, None, "true"),
        ("abnormal", None, None, "false"), ("positive", None, None, "unknown"),
    ],
)  # fmt: skip
def test_normal_is_within_both_limits(value: Any, low: Any, high: Any, expected: str) -> None:
    patient = one("kappa/lambda ratio", value, None, low, high)
    turned = {"true": "false", "false": "true", "unknown": "unknown"}[expected]
    assert truth("kappa/lambda ratio normal", observations=patient) == expected
    assert truth("kappa/lambda ratio abnormal", observations=patient) == turned


@pytest.mark.parametrize(
    ("name", "value", "unit", "low", "high", "expected"),
    [
        ("ALT", 39, "U/L", None, 40, "true"), ("ALT", 41, "U/L", 0, 40, "false"),
        ("LVEF", 60, "%", None, None, "true"), ("LVEF", 45, "%", None, None, "false"),
        ("albumin", "3.9", "g/dL", None, None, "unknown"),
    ],
)  # fmt: skip
def test_a_test_with_one_limit_has_no_other_to_miss(
    name: str, value: Any, unit: str, low: Any, high: Any, expected: str
) -> None:
    assert truth(f"{name} normal", observations=one(name, value, unit, low, high)) == expected


# --- two units that do not convert ------------------------------------------------------------

BOTH = "HBV DNA >= 10^3 copies/mL (or > 200 IU/mL)"


@pytest.mark.parametrize(
    ("value", "unit", "rule", "expected"),
    [
        (200, "IU/mL", BOTH, "false"), (201, "IU/mL", BOTH, "true"), (1000, "IU/mL", BOTH, "true"),
        (200, "copies/mL", BOTH, "false"), (999, "copies/mL", BOTH, "false"),
        (1000, "copies/mL", BOTH, "true"), ("<20", "IU/mL", BOTH, "false"),
        (500, "copies/mL", "HBV DNA < 200 IU/mL", "unknown"),
        (5, "copies/mL", "HBV DNA < 200 IU/mL", "unknown"),
        (500, "IU/mL", "HBV DNA >= 10^3 copies/mL", "unknown"),
        (35, "mL/min", "creatinine clearance >= 30 mL/min/1.73 m2", "unknown"),
    ],
)  # fmt: skip
def test_a_threshold_in_two_units_applies_in_the_unit_of_the_value(
    value: Any, unit: str, rule: str, expected: str
) -> None:
    name = rule.partition(" <")[0].partition(" >")[0]
    assert truth(rule, observations=one(name, value, unit)) == expected


def test_a_unit_that_does_not_convert_is_named_as_the_reason() -> None:
    _, grounds = asked("HBV DNA < 200 IU/mL", observations=one("HBV DNA", 5, "copies/mL"))
    assert "is in a unit that does not convert into that of 200 IU/mL" in grounds.reason


# --- months, weeks and days -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "rule", "expected"),
    [
        (3, "months", "life expectancy >= 3 months", "true"),
        (3, "months", "life expectancy > 3 months", "false"),
        (1, "years", "life expectancy >= 12 months", "true"),
        (12, "months", "life expectancy > 1 years", "false"),
        (6, "months", "life expectancy > 24 weeks", "true"),  # 168 days; six months have 181 to 184
        (6, "months", "life expectancy > 26 weeks", "unknown"),  # 182 days
        (6, "months", "life expectancy > 27 weeks", "false"),  # 189 days
        (3, "months", "life expectancy >= 12 weeks", "true"),  # 84 days; three months have 89 to 92
        (12, "weeks", "life expectancy >= 3 months", "false"),
        (13, "weeks", "life expectancy >= 3 months", "unknown"),  # 91 days
        (14, "weeks", "life expectancy >= 3 months", "true"),
        (89, "days", "life expectancy < 3 months", "unknown"),
        (88, "days", "life expectancy < 3 months", "true"),
        (92, "days", "life expectancy >= 3 months", "true"),
        (365, "days", "life expectancy >= 1 years", "unknown"),
        (366, "days", "life expectancy >= 1 years", "true"),
        (1, "years", "life expectancy >= 52 weeks", "true"),
        (">6", "months", "life expectancy > 24 weeks", "true"),
        ("<3", "months", "life expectancy >= 14 weeks", "false"),
        (90, "days", "life expectancy >= 12 weeks", "true"),
        (84, "days", "life expectancy > 12 weeks", "false"),
    ],
)
def test_months_and_years_are_those_of_the_calendar(value: Any, unit: str, rule: str, expected: str) -> None:
    assert truth(rule, observations=one("life expectancy", value, unit)) == expected
