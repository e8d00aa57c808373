"""What one part of a chart shows of another: it opens what a complete section would close."""

from typing import Any

import pytest

from tests.evaluate.asking import AS_OF, ask

DAY = "2026-09-25"
SECTIONS = ("conditions", "treatments", "procedures", "allergies", "medications", "responses")
ALL = dict.fromkeys(SECTIONS, AS_OF)
MYELOMA = {"name": "multiple myeloma", "onset": "2025-06"}


def result(name: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "value": value, "date": DAY, **more}


def truth(rule: str, **profile: Any) -> str:
    return ask(rule, **{"complete": ALL, **profile}).truth


@pytest.mark.parametrize(
    ("rule", "observation"),
    [
        ("HIV infection", result("HIV Ag/Ab", "positive")),
        ("HIV infection", result("HIV antibody", "positive")),
        ("active hepatitis C", result("HCV antibody", "positive")),
        ("hepatitis B", result("anti-HBc", "positive")),
        ("hepatitis B", result("HBeAg", "positive")),
        ("active hepatitis B", result("HBsAg", "positive")),
        ("active hepatitis B", result("HBV DNA", 5000, unit="IU/mL")),
    ],
)
def test_a_positive_test_opens_what_a_complete_list_would_rule_out(
    rule: str, observation: dict[str, Any]
) -> None:
    assert truth(rule) == "false"
    assert truth(rule, observations=[observation]) == "unknown"


@pytest.mark.parametrize(
    ("rule", "recorded", "expected"),
    [
        ("bacterial infection", "pneumonia", "unknown"),
        ("viral infection", "urinary tract infection", "unknown"),
        ("bacterial infection", "bacterial pneumonia", "true"),
        ("viral infection", "bacterial pneumonia", "false"),
        ("HIV infection", "pneumonia", "false"),
        ("active hepatitis B", "chronic hepatitis B", "unknown"),
        ("active hepatitis C", "chronic hepatitis B", "false"),
        ("psychiatric disorder", "dementia", "unknown"),
        ("other malignancy", "meningioma", "unknown"),
        ("hepatic insufficiency", "cirrhosis", "unknown"),
        ("hepatic insufficiency", "decompensated cirrhosis", "true"),
    ],
)
def test_a_record_leaves_open_what_its_name_does_not_say(rule: str, recorded: str, expected: str) -> None:
    assert truth(rule, conditions=[{"name": recorded, "date": DAY}]) == expected


@pytest.mark.parametrize(
    ("operation", "expected"),
    [("joint replacement", "unknown"), ("major surgery", "true"), ("minor surgery", "false")],
)
def test_an_operation_may_be_major_surgery(operation: str, expected: str) -> None:
    procedures = [{"name": operation, "date": DAY}]
    assert truth("major surgery within 4 weeks", procedures=procedures) == expected


@pytest.mark.parametrize(
    ("given", "rule", "expected"),
    [
        ("chemotherapy", "antimyeloma therapy within 4 weeks", "unknown"),
        ("immunotherapy", "antimyeloma therapy within 4 weeks", "unknown"),
        ("proteasome inhibitor", "antimyeloma therapy within 4 weeks", "true"),
        ("anticoagulant", "antimyeloma therapy within 4 weeks", "false"),
        ("JAK inhibitor", "immunosuppressant within 4 weeks", "unknown"),
    ],
)
def test_a_class_that_overlaps_another_may_be_it(given: str, rule: str, expected: str) -> None:
    treatments = [{"drugs": [given], "start": "2026-09-01", "end": DAY}]
    assert truth(rule, treatments=treatments) == expected


def test_a_steroid_with_a_line_is_treatment_of_the_disease() -> None:
    steroid = {"drugs": ["dexamethasone"], "start": "2026-09-01", "end": DAY}
    rule = "antineoplastic therapy within 4 weeks"
    assert truth(rule, treatments=[steroid]) == "false"
    assert truth(rule, treatments=[{**steroid, "line": 2}]) == "true"
    assert truth(rule, treatments=[{**steroid, "intent": "induction"}]) == "true"


def test_a_drug_for_another_illness_is_asked_about() -> None:
    rule = "antineoplastic therapy within 4 weeks"
    taken = {"start": "2026-01", "ongoing": True}
    assert truth(rule, medications=[{"name": "methotrexate", **taken}]) == "unknown"
    assert truth(rule, treatments=[{"drugs": ["methotrexate"], **taken}]) == "true"


def test_stopping_for_toxicity_may_be_an_intolerance() -> None:
    stopped = {"drugs": ["ixazomib"], "start": "2026-01-02", "end": "2026-02-02", "stop_reason": "toxicity"}
    assert truth("intolerance to ixazomib", treatments=[stopped]) == "unknown"
    assert truth("allergy to ixazomib", treatments=[stopped]) == "false"
    assert truth("intolerance to lenalidomide", treatments=[stopped]) == "false"


@pytest.mark.parametrize(
    "sign",
    [
        {"observations": [result("pregnancy test", "positive")]},
        {"conditions": [{"name": "pregnancy", "date": DAY}]},
    ],
)
def test_a_sign_of_pregnancy_opens_a_recorded_no(sign: dict[str, Any]) -> None:
    answer = {"sex": "female", "reproductive": {"pregnant": False, "date": "2026-09-01"}}
    assert truth("pregnant", **answer) == "false"
    assert truth("pregnant", **answer, **sign) == "unknown"
    assert truth("pregnant", sex="male", **sign) == "false"


def test_a_negative_pregnancy_test_is_no_sign() -> None:
    answer = {"sex": "female", "reproductive": {"pregnant": False, "date": "2026-09-01"}}
    assert truth("pregnant", **answer, observations=[result("pregnancy test", "negative")]) == "false"


def test_a_recorded_relapse_is_progression() -> None:
    relapsed = [MYELOMA, {"name": "relapsed multiple myeloma", "onset": "2026-08-15"}]
    assert truth("progression", conditions=[MYELOMA]) == "false"
    assert truth("progression", conditions=relapsed) == "true"
    responses = [{"response": "CR", "date": "2026-03-01"}]
    assert truth("current response >= PR", conditions=[MYELOMA], responses=responses) == "true"
    assert truth("current response >= PR", conditions=relapsed, responses=responses) == "unknown"


def test_progression_is_open_while_its_window_runs() -> None:
    rule = "progression within 3 months after autologous stem cell transplant"
    transplants = [{"name": "autologous stem cell transplant", "date": "2026-08-01"}]
    assert truth(rule, procedures=transplants) == "unknown"
    transplants[0]["date"] = "2026-06-30"
    assert truth(rule, procedures=transplants) == "false"


def test_any_of_several_transplants_counts() -> None:
    rule = "progression within 3 months after autologous stem cell transplant"
    transplants = [{"name": "autologous stem cell transplant", "date": day}
                   for day in ("2025-06-01", "2026-02-15")]  # fmt: skip
    early = [{"response": "PD", "date": "2025-08-01"}]
    late = [{"response": "PD", "date": "2025-12-01"}]
    assert truth(rule, procedures=transplants, responses=early) == "true"
    assert truth(rule, procedures=transplants, responses=late) == "false"


@pytest.mark.parametrize(("value", "expected"), [("negative", "false"), ("positive", "true")])
def test_an_observation_named_for_a_condition_answers_for_it(value: str, expected: str) -> None:
    assert ask("HIV infection", observations=[result("HIV", value)]).truth == expected


def test_what_is_measured_is_also_taken() -> None:
    calcium = [{"name": "calcium", "start": "2026-01", "ongoing": True}]
    assert truth("prior corticosteroid", medications=calcium) == "false"
    assert truth("prior corticosteroid", medications=[{"name": "zzz", "start": "2026"}]) == "unknown"


def test_an_allergen_says_nothing_of_a_drug_and_none_known_makes_nothing_absent() -> None:
    assert truth("allergy to lenalidomide", allergies=[{"substance": "latex"}]) == "false"
    none = [{"substance": "no known allergies", "date": DAY}]
    assert truth("allergy to lenalidomide", allergies=none) == "false"
    assert ask("allergy to lenalidomide", allergies=none).truth == "unknown"


def test_a_partial_onset_lies_before_the_day_of_which_the_profile_speaks() -> None:
    recorded = [{"name": "HIV infection", "onset": "2026"}]
    assert ask("HIV infection", conditions=recorded, as_of=AS_OF).truth == "unknown"
    assert _spoken("2026-10-01", recorded) == "true"
    assert _spoken("2026-12-01", recorded) == "unknown"


def _spoken(day: str, conditions: list[dict[str, Any]]) -> str:
    from datetime import date

    from screener.evaluate.chart import Chart
    from screener.intake.json_profile import profile_of
    from screener.vocabulary.load import catalogue
    from tests.evaluate.asking import check_of

    patient, _ = profile_of({"id": "p", "age": 60, "as_of": day, "conditions": conditions})
    assert patient is not None
    chart = Chart(patient, catalogue(), date.fromisoformat(AS_OF))
    return check_of("HIV infection", "multiple_myeloma")(chart).truth.value


@pytest.mark.parametrize(
    ("name", "expected"),
    [("sepsis", "true"), ("severe persistent asthma", "true"), ("mild persistent asthma", "false")],
)
def test_a_severity_that_the_name_says_counts(name: str, expected: str) -> None:
    rule = "severe asthma" if "asthma" in name else "serious infection"
    assert truth(rule, conditions=[{"name": name, "date": DAY}]) == expected


@pytest.mark.parametrize(
    ("rule", "test", "expected"),
    [
        ("viral hepatitis", "HCV Ab", "unknown"),
        ("liver disease", "HCV Ab", "unknown"),
        ("active infection", "HIV RNA", "unknown"),
        ("immunodeficiency", "HIV RNA", "unknown"),
        ("COVID-19", "SARS-CoV-2 PCR", "unknown"),
        ("active infection", "SARS-CoV-2 PCR", "unknown"),
        ("bacterial infection", "SARS-CoV-2 PCR", "false"),
        ("immunodeficiency", "HCV Ab", "false"),
        ("hepatitis B", "anti-HBc", "unknown"),
        ("active infection", "anti-HBc", "false"),  # it may tell of the past alone
    ],
)
def test_a_positive_test_leaves_open_what_its_condition_is_a_kind_of(
    rule: str, test: str, expected: str
) -> None:
    assert truth(rule, observations=[result(test, "positive")]) == expected


def test_a_record_of_the_kind_goes_before_its_test() -> None:
    observations = [result("HCV Ab", "positive")]
    cured = {"name": "hepatitis C", "status": "resolved", "resolved": "2020-01-01"}
    assert truth("active viral hepatitis", observations=observations, conditions=[cured]) == "false"


@pytest.mark.parametrize("rule", ["COVID-19", "viral infection", "active infection"])
@pytest.mark.parametrize(
    ("over", "expected"),
    [("2022-03", "unknown"), ("2026-09", "unknown"), (None, "unknown"), ("2026-09-28", "false")],
)
def test_what_was_over_before_a_positive_test_is_open_again(
    rule: str, over: str | None, expected: str
) -> None:
    resolved = {"name": "COVID-19", "status": "resolved"} | ({"resolved": over} if over else {})
    positive = result("SARS-CoV-2 PCR", "positive")
    assert truth(rule, conditions=[resolved], observations=[positive]) == expected
