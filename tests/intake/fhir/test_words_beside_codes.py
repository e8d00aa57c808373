"""Words beside a known code that take back, doubt or date what the code says decide nothing."""

from typing import Any

import pytest

from tests.intake.fhir.making import ICD, RXNORM, SNOMED, concept, condition, ended, judged, observation, read

ABOUT = {"subject": {"reference": "Patient/p"}}


def allergy(words: str) -> dict[str, Any]:
    stated = {"coding": [{"system": RXNORM, "code": "342369"}], "text": words}
    return {"resourceType": "AllergyIntolerance", "id": "a", "patient": ABOUT["subject"], "code": stated}


def order(words: str, **more: Any) -> dict[str, Any]:
    stated = {"coding": [{"system": RXNORM, "code": "342369"}], "text": words}
    made = {"resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order"}
    return {**made, **ABOUT, "authoredOn": "2026-05-01", "medicationCodeableConcept": stated, **more}


def transplant(words: str) -> dict[str, Any]:
    made = {"resourceType": "Procedure", "id": "x", "status": "completed", "code": {"text": words}}
    coded = {"coding": [{"system": SNOMED, "code": "58776007"}], "text": words}
    return {**made, **ABOUT, "performedDateTime": "2026-08-20", "code": coded}


@pytest.mark.parametrize(
    "words",
    [
        "HIV negative",
        "HIV test negative",
        "HIV test pending",
        "HIV test",
        "HIV tested",
        "HIV screening",
        "screening HIV",
        "HIV exposure",
        "HIV prophylaxis",
        "HIV vaccination trial",
        "HIV status unknown",
        "unknown HIV status",
        "HIV, history of",
        "HIV (not confirmed)",
        "HIV - ruled out",
        "rule-out HIV",
        "likely HIV",
        "HIV, unlikely",
        "Suspected: HIV",
        "HIV not present",
        "never had HIV",
        "without HIV",
        "s/p HIV seroconversion",
        "status post HIV",
        "Hx HIV",
        "prior HIV",
        "resolved HIV",
        "partner with HIV",
        "mother HIV positive",
        "refused HIV test",
        "fear of HIV",
        "V.a. HIV-Infektion",
        "Verdacht auf HIV",
        "Ausschluss HIV",
        "kein HIV",
        "Z.n. HIV",
    ],
)
def test_a_condition_is_not_there_by_its_code_alone(words: str) -> None:
    assert judged("HIV infection", condition(concept(ICD, "B20", words))) == "unknown"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("B20", "Human immunodeficiency virus disease, stage 3"),
        ("B20", "HIV, on treatment"),
        ("C90.00", "Multiple myeloma not having achieved remission"),
        ("C90.00", "Myeloma, IgG kappa, high risk, R-ISS II"),
    ],
)
def test_words_that_only_add_to_a_code_leave_it_as_it_is(code: str, words: str) -> None:
    rule = "HIV infection" if code == "B20" else "multiple myeloma"
    assert judged(rule, condition(concept(ICD, code, words))) == "true"


@pytest.mark.parametrize(
    "words",
    [
        "No known allergy to lenalidomide",
        "no lenalidomide allergy",
        "Not allergic to lenalidomide",
        "denies lenalidomide allergy",
        "Lenalidomide allergy - ruled out",
        "lenalidomide allergy, unlikely",
        "possible lenalidomide allergy",
        "lenalidomide?",
        "tolerates lenalidomide",
        "family history of lenalidomide allergy",
    ],
)
def test_an_allergy_is_not_there_by_its_code_alone(words: str) -> None:
    assert judged("allergy to lenalidomide", allergy(words)) == "unknown"
    assert judged("allergy to lenalidomide", allergy("Lenalidomide (rash)")) == "true"


def test_a_doubted_allergy_keeps_its_place() -> None:
    profile, how, why = ended(allergy("lenalidomide?"))
    assert [one["status"] for one in profile["allergies"]] == ["suspected"]
    assert (how, why) == ("not understood", ["code: its words doubt that it is there (kept as suspected)"])


@pytest.mark.parametrize(
    "words",
    [
        "lenalidomide - not started",
        "no lenalidomide",
        "not lenalidomide",
        "lenalidomide declined",
        "patient refused lenalidomide",
        "HOLD lenalidomide",
        "lenalidomide 10 MG on hold",
        "lenalidomide planned",
        "considering lenalidomide",
        "allergic to lenalidomide",
        "avoid lenalidomide",
        "lenalidomide (never taken)",
        "lenalidomide or placebo",
        "lenalidomide contraindicated",
        "lenalidomide?",
        "lenalidomide not given",
    ],
)
def test_a_drug_was_not_given_by_its_code_alone(words: str) -> None:
    assert judged("prior lenalidomide", order(words)) == "unknown"
    profile, _ = read(order(words, medicationCodeableConcept={"text": words}))
    assert not any(one.get("drugs") == ["lenalidomide"] for one in profile.get("treatments", ()))


@pytest.mark.parametrize(
    "words", ["lenalidomide 10 MG Oral Capsule [Revlimid]", "Revlimid, daily", "lenalidomide"]
)
def test_a_drug_with_its_strength_or_brand_is_given(words: str) -> None:
    assert judged("prior lenalidomide", order(words)) == "true"


@pytest.mark.parametrize(
    "words",
    [
        "transplant declined",
        "transplant deferred",
        "transplant scheduled",
        "awaiting transplant",
        "transplant cancelled",
        "patient refused transplant",
        "pre-transplant work-up",
        "transplant candidate",
    ],
)
def test_a_procedure_was_not_done_by_its_code_alone(words: str) -> None:
    profile, _ = read(transplant(words))
    assert {one["status"] for one in profile.get("procedures", ())} <= {"suspected"}


@pytest.mark.parametrize("words", ["1.200/uL", "1.200 /µl", "12.500/uL"])
def test_digits_that_may_be_thousands_are_no_number(words: str) -> None:
    assert (
        judged("absolute neutrophil count >= 1 x 10^9/L", observation("751-8", valueString=words))
        == "unknown"
    )


@pytest.mark.parametrize("words", ["1200/uL", "1.20 x 10^9/L", "1.2 10*9/L", "1.2345 x 10^9/L"])
def test_other_digits_are_one(words: str) -> None:
    assert (
        judged("absolute neutrophil count >= 1 x 10^9/L", observation("751-8", valueString=words)) == "true"
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "Negative", "coding": [{"display": "Positive"}]},
        {"coding": [{"display": "Negative"}, {"display": "Reactive"}]},
        {"coding": [{"display": "Non-reactive"}, {"display": "Detected"}]},
    ],
)
def test_an_answer_in_words_that_contradict_each_other_is_none(answer: Any) -> None:
    assert judged("HBsAg positive", observation("5196-1", valueCodeableConcept=answer)) == "unknown"


def test_an_answer_in_words_that_agree_is_one() -> None:
    answer = {"text": "Negative", "coding": [{"display": "Not detected"}, {"display": "see report"}]}
    assert judged("HBsAg positive", observation("5196-1", valueCodeableConcept=answer)) == "false"


@pytest.mark.parametrize("dash", ["-", "--", " – ", "—", "."])
def test_a_dash_stands_for_no_answer(dash: str) -> None:
    assert judged("HBsAg positive", observation("5196-1", valueString=dash)) == "unknown"
    assert judged("HBsAg positive", observation("5196-1", valueString="neg")) == "false"


@pytest.mark.parametrize(
    "words",
    ["never started", "Never taken", "patient declined", "not filled", "ordered in error", "duplicate order"],
)
@pytest.mark.parametrize("kind", ["MedicationRequest", "MedicationStatement", "MedicationAdministration"])
def test_a_reason_that_leaves_it_open_whether_a_drug_was_given(words: str, kind: str) -> None:
    stated = {"text": words} if kind == "MedicationRequest" else [{"text": words}]
    ended_so = order("lenalidomide", resourceType=kind, status="stopped", statusReason=stated)
    ended_so["effectiveDateTime"] = "2026-05-01"
    assert judged("prior lenalidomide", ended_so) == "unknown"
    told = order("lenalidomide", resourceType=kind, status="stopped", effectiveDateTime="2026-05-01")
    assert judged("prior lenalidomide", {**told, "statusReason": [{"text": "declining counts"}]}) == "true"


def test_a_reason_that_cannot_be_read_is_left_out() -> None:
    profile, how, why = ended(order("lenalidomide", status="stopped", statusReason=[5]))
    assert [one["drugs"] for one in profile["treatments"]] == [["lenalidomide"]]
    assert (how, why) == ("used", ["statusReason[0]: not an object (left out)"])


def test_an_administration_of_nothing_is_none() -> None:
    given = order("lenalidomide", resourceType="MedicationAdministration", effectiveDateTime="2026-05-01")
    given["status"] = "completed"
    assert judged("prior lenalidomide", {**given, "dosage": {"dose": {"value": 10, "unit": "mg"}}}) == "true"
    assert (
        judged("prior lenalidomide", {**given, "dosage": {"dose": {"value": 0, "unit": "mg"}}}) == "unknown"
    )


@pytest.mark.parametrize(
    "more",
    [{"status": "stopped"}, {"statusReason": {"text": "patient declined"}}, {"statusReason": {"text": "?"}}],
)
def test_a_procedure_that_was_broken_off_or_declined_is_suspected(more: Any) -> None:
    profile, how, why = ended({**transplant("bone marrow transplant"), **more})
    assert [one["status"] for one in profile["procedures"]] == ["suspected"]
    assert how == "not understood"
    assert "kept as suspected" in why[0]
