"""One recorded observation: its number, word, unit and plausibility (SEMANTICS 3)."""

from typing import Any

import pytest

from tests.evaluate.asking import asked, truth


def one(name: str, value: Any, unit: str | None = None, when: str = "2026-09-25", **more: Any) -> Any:
    record = {"name": name, "value": value, "date": when} | more
    return [record | ({"unit": unit} if unit is not None else {})]


@pytest.mark.parametrize(
    ("value", "rule", "expected"),
    [
        (75, "platelets > 75 x 10^9/L", "false"),
        (75, "platelets >= 75 x 10^9/L", "true"),
        ("75", "platelets >= 75 x 10^9/L", "true"),
        ("<75", "platelets < 75 x 10^9/L", "true"),
        ("<75", "platelets >= 75 x 10^9/L", "false"),
        ("<75", "platelets < 74 x 10^9/L", "unknown"),
        ("<= 75", "platelets < 75 x 10^9/L", "unknown"),
        ("<=75", "platelets <= 75 x 10^9/L", "true"),
        ("≤75", "platelets <= 75 x 10^9/L", "true"),
        (">75", "platelets > 75 x 10^9/L", "true"),
        ("> 75", "platelets <= 75 x 10^9/L", "false"),
        (">75", "platelets > 76 x 10^9/L", "unknown"),
        (">=75", "platelets > 75 x 10^9/L", "unknown"),
        ("≥75", "platelets >= 75 x 10^9/L", "true"),
        ("=75", "platelets >= 75 x 10^9/L", "unknown"),
        ("about 75", "platelets >= 10 x 10^9/L", "unknown"),
        ("", "platelets >= 10 x 10^9/L", "unknown"),
        ("<0", "platelets < 10 x 10^9/L", "unknown"),
        (5, "platelets < 10 x 10^9/L", "true"),
        (-1, "platelets < 10 x 10^9/L", "unknown"),
        ("-1", "platelets < 10 x 10^9/L", "unknown"),
        ("<-1", "platelets < 10 x 10^9/L", "unknown"),
        (1e3, "platelets > 75 x 10^9/L", "true"),
    ],
)
def test_a_recorded_number_is_an_interval(value: Any, rule: str, expected: str) -> None:
    assert truth(rule, observations=one("platelets", value, "10*9/L")) == expected


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("10*9/L", 152), ("x 10^9/L", 152), ("x 109/L", 152), ("10^9/L", 152), ("G/L", 152),
        ("K/uL", 152), ("10*3/uL", 152), ("/mm3", 152000), ("/uL", 152000), ("cells/mm3", 152000),
        ("10E9/L", 152), ("x 10⁹/L", 152), ("10*12/L", "0.152"),
    ],
)  # fmt: skip
def test_the_spellings_that_protocols_and_laboratories_use_are_understood(unit: str, value: Any) -> None:
    patient = one("platelets", value, unit)
    assert truth("platelets >= 152 x 10^9/L", observations=patient) == "true"
    assert truth("platelets > 152 x 10^9/L", observations=patient) == "false"


@pytest.mark.parametrize(
    ("unit", "why"),
    [
        (None, "it has no unit"),
        ("", "it has no unit"),
        ("  ", "it has no unit"),
        ("mg/dL", "its unit does not measure platelet count"),
        ("furlongs", "its unit does not measure platelet count"),
        ("U/L", "its unit does not measure platelet count"),
        ("%", "its unit does not measure platelet count"),
    ],
)
def test_a_unit_is_never_guessed(unit: str | None, why: str) -> None:
    outcome, grounds = asked("platelets > 1 x 10^9/L", observations=one("platelets", 152, unit))
    assert outcome.truth.value == "unknown"
    assert grounds.reason.endswith(f"cannot be used: {why}")
    assert grounds.missing == ["observation: platelet count"]
    assert grounds.questions


@pytest.mark.parametrize(
    ("name", "value", "unit", "rule"),
    [
        ("creatinine", 88, "mg/dL", "creatinine > 2 mg/dL"),
        ("creatinine", "0.05", "mg/dL", "creatinine < 2 mg/dL"),
        ("hemoglobin", 130, "g/dL", "hemoglobin > 8 g/dL"),
        ("hemoglobin", "1.3", "g/L", "hemoglobin < 8 g/dL"),
        ("albumin", 40, "g/dL", "albumin > 3 g/dL"),
        ("platelets", "<-5", "10*9/L", "platelets < 30 x 10^9/L"),
        ("hemoglobin", "not detected", None, "hemoglobin < 8 g/dL"),
    ],
)
def test_what_is_physiologically_impossible_asks_to_check_the_unit(
    name: str, value: Any, unit: str | None, rule: str
) -> None:
    outcome, grounds = asked(rule, observations=one(name, value, unit))
    assert outcome.truth.value == "unknown"
    assert grounds.reason.endswith("outside what is physiologically possible: check its unit")


@pytest.mark.parametrize(
    ("name", "value", "rule", "expected"),
    [
        ("ECOG", 1, "ECOG 0-2", "true"),
        ("ECOG", "1", "ECOG 0-2", "true"),
        ("ECOG", 3, "ECOG 0-2", "false"),
        ("ECOG", "<=2", "ECOG 0-2", "true"),
        ("ECOG", "<=2", "ECOG 0-1", "unknown"),
        ("ECOG", 6, "ECOG 0-2", "unknown"),
        ("ECOG", "1.5", "ECOG 0-2", "unknown"),
        ("ECOG", -1, "ECOG 0-2", "unknown"),
        ("Karnofsky", 75, "Karnofsky >= 70", "unknown"),
        ("Karnofsky", 70, "Karnofsky >= 70", "true"),
        ("NYHA class", "III", "NYHA class >= 3", "true"),
        ("NYHA class", "ii", "NYHA class >= 3", "false"),
        ("NYHA class", "V", "NYHA class >= 3", "unknown"),
        ("NYHA class", 0, "NYHA class <= 2", "unknown"),
    ],
)
def test_a_scale_has_its_steps_and_no_others(name: str, value: Any, rule: str, expected: str) -> None:
    assert truth(rule, observations=one(name, value)) == expected


@pytest.mark.parametrize(
    ("word", "rule", "expected"),
    [
        ("not detected", "HBV DNA < 200 IU/mL", "true"),
        ("Target Not Detected", "HBV DNA < 200 IU/mL", "true"),
        ("undetectable", "HBV DNA >= 200 IU/mL", "false"),
        ("negative", "HBV DNA < 200 IU/mL", "true"),
        ("not detected", "HBV DNA >= 10^3 copies/mL (or > 200 IU/mL)", "false"),
        ("positive", "HBV DNA < 200 IU/mL", "unknown"),
        ("detected", "HBV DNA > 200 IU/mL", "unknown"),
        ("indeterminate", "HBV DNA > 200 IU/mL", "unknown"),
        ("purple", "HBV DNA > 200 IU/mL", "unknown"),
        ("not detected", "HBV DNA positive", "false"),
        ("detected", "HBV DNA positive", "true"),
        ("detected", "HBV DNA negative", "false"),
        ("indeterminate", "HBV DNA positive", "unknown"),
    ],
)
def test_not_detected_is_below_any_positive_threshold(word: str, rule: str, expected: str) -> None:
    assert truth(rule, observations=one("HBV DNA", word)) == expected


@pytest.mark.parametrize(
    ("name", "word", "unit", "rule", "expected"),
    [
        ("serum M-protein", "not detected", None, "serum M-protein < 0.5 g/dL", "true"),
        ("serum M-protein", "not detected", "g/dL", "serum M-protein >= 0.5 g/dL", "false"),
        ("bone marrow plasma cells", "none detected", "%", "bone marrow plasma cells < 5 %", "true"),
        ("ECOG", "not detected", None, "ECOG 0-2", "unknown"),
        ("QTcF", "not detected", None, "QTcF < 450 ms", "unknown"),
        ("platelets", "normal", "10*9/L", "platelets > 75 x 10^9/L", "unknown"),
    ],
)
def test_only_an_amount_can_be_none(name: str, word: str, unit: str | None, rule: str, expected: str) -> None:
    assert truth(rule, observations=one(name, word, unit)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("<20", "[IU]/mL", "false"), (0, "[IU]/mL", "false"), (15, "[IU]/mL", "true"),
        (">1000", "copies/mL", "true"), ("<=20", "[IU]/mL", "unknown"),
    ],
)  # fmt: skip
def test_a_viral_load_above_zero_is_positive_and_below_the_limit_negative(
    value: Any, unit: str, expected: str
) -> None:
    assert truth("HBV DNA positive", observations=one("HBV DNA", value, unit)) == expected


@pytest.mark.parametrize(("value", "expected"), [(3, "unknown"), (500, "unknown"), ("positive", "true"),
                                                 ("reactive", "true"), ("non-reactive",
                                                  "false")])  # fmt: skip
def test_an_amount_of_antibody_is_not_positive_by_itself(value: Any, expected: str) -> None:
    unit = None if isinstance(value, str) else "mIU/mL"
    assert truth("anti-HBs positive", observations=one("anti-HBs", value, unit)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "why"),
    [
        (None, "10*9/L", "it has no value"),
        ("high", "10*9/L", "its value was not understood"),
        ("7,2", "10*9/L", "its value was not understood"),
        ("equivocal", None, "its result is indeterminate"),
    ],
)
def test_a_value_that_cannot_be_used_says_why(value: Any, unit: str | None, why: str) -> None:
    outcome, grounds = asked("platelets > 1 x 10^9/L", observations=one("platelets", value, unit))
    assert outcome.truth.value == "unknown"
    assert grounds.reason.endswith(why)


def test_numbers_keep_their_decimals_as_recorded() -> None:
    from decimal import Decimal

    _, grounds = asked("albumin >= 3 g/dL", observations=one("albumin", Decimal("3.10"), "g/dL"))
    assert "albumin 3.10 g/dL on 2026-09-25 (6 days ago) is at least 3 g/dL" in grounds.reason
    assert grounds.evidence[0].recorded == "3.10 g/dL"
