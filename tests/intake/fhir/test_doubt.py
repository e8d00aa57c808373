"""What doubts, denies, contradicts or turns around the rest of a resource is never passed over."""

from typing import Any

import pytest

from tests.evaluate.asking import truth
from tests.intake.fhir.making import (
    CLINICAL,
    ICD,
    LOINC,
    RXNORM,
    SNOMED,
    TURNED,
    VERIFIED,
    bundle,
    concept,
    condition,
    convert,
    ended,
    observation,
    quantity,
    read,
)

HYPERTENSION = concept(ICD, "I10")


# --- what the standard forbids to ignore ------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "key"),
    [
        (observation(valueQuantity=quantity(12), **TURNED), "modifierExtension"),
        (condition(**TURNED), "modifierExtension"),
        (condition(implicitRules="http://clinic.example/rules"), "implicitRules"),
        (
            observation(
                "85354-9",
                component=[
                    {
                        "code": concept(LOINC, "8480-6"),
                        "valueQuantity": quantity(130, "mm[Hg]"),
                        **TURNED,
                    }
                ],
            ),
            "component.modifierExtension",
        ),
    ],
)
def test_a_modifier_that_is_not_known_leaves_the_resource_unread(resource: Any, key: str) -> None:
    profile, how, why = ended(resource)
    assert [one["status"] for one in profile.get("conditions", ())] in ([], ["suspected"])
    assert all("value" not in record for record in profile.get("observations", ()))
    kept = "without a value" if resource["resourceType"] == "Observation" else "as suspected"
    assert (how, why) == ("not understood", [f"{key}: it may change what all the rest means (kept {kept})"])


@pytest.mark.parametrize("doubt", [TURNED, {"status": "unknown"}, {"status": "as it seems"}])
def test_an_older_result_does_not_step_in_for_one_that_may_not_stand(doubt: dict[str, Any]) -> None:
    older = observation(valueQuantity=quantity(12), effectiveDateTime="2025-01-01")
    newer = observation(id="newer", valueQuantity=quantity(7), effectiveDateTime="2025-02-01") | doubt
    profile, _ = read(older, newer)
    assert [(one["date"], one.get("value")) for one in profile["observations"]] == [
        ("2025-01-01", "12"),
        ("2025-02-01", None),
    ]


@pytest.mark.parametrize("doubt", [TURNED, {"status": "unknown"}])
@pytest.mark.parametrize(
    "whose", [{"subject": {"reference": "Patient/other"}}, {"focus": [{"reference": "RelatedPerson/1"}]}]
)
def test_a_doubted_result_of_somebody_else_leaves_nothing(whose: Any, doubt: Any) -> None:
    profile, _, _ = ended(observation(valueQuantity=quantity(7), **whose, **doubt))
    assert "observations" not in profile


def test_a_modified_patient_or_bundle_is_refused() -> None:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1960-01-01", **TURNED}
    assert "Patient/p.modifierExtension: it may change" in str(convert(bundle(patient=patient)).problems[0])
    made = convert(bundle() | {"implicitRules": "http://clinic.example/rules"})
    assert made.account is not None
    assert [(one.place, one.ended) for one in made.account.entries] == [("Bundle", "not understood")]


# --- conditions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verified", "status"),
    [
        ({"text": "ruled out"}, "suspected"),
        ({"text": "Entered in Error"}, None),
        (
            {"coding": [{"code": "410516002"}, {"system": VERIFIED, "code": "refuted"}]},
            None,
        ),
        ({"coding": [{"code": "confirmed"}, {"code": "refuted"}]}, "suspected"),
        ({"coding": [{"system": SNOMED, "code": "410605003"}, {"code": "confirmed"}]}, "active"),
    ],
)
def test_of_a_verification_the_standard_code_counts_wherever_it_stands(
    verified: Any, status: str | None
) -> None:
    profile, _, _ = ended(condition(verificationStatus=verified))
    assert [one["status"] for one in profile.get("conditions", [])] == ([status] if status else [])


def test_of_a_clinical_status_too() -> None:
    stated = {"coding": [{"system": "http://clinic.example", "code": "A"}, {"code": "resolved"}]}
    assert ended(condition(HYPERTENSION, clinicalStatus=stated))[0]["conditions"][0]["status"] == "resolved"


@pytest.mark.parametrize(
    "words",
    [
        "multiple myeloma - ruled out",
        "No evidence of multiple myeloma",
        "Family history of multiple myeloma",
        "History of multiple myeloma",
    ],
)
def test_words_that_deny_a_code_leave_it_unread(words: str) -> None:
    profile, how, why = ended(condition(concept(ICD, "C90.00", words)))
    assert "conditions" not in profile
    assert how == "not understood"
    assert why == ["code: its words deny that it is there, or speak of something else"]


@pytest.mark.parametrize(
    "words",
    [
        "R/O multiple myeloma",
        "Rule out multiple myeloma",
        "suspected multiple myeloma",
        "? multiple myeloma",
        "multiple myeloma - not confirmed",
    ],
)
def test_words_that_doubt_a_code_make_it_suspected(words: str) -> None:
    profile, how, why = ended(condition(concept(ICD, "C90.00", words)))
    assert [one["status"] for one in profile["conditions"]] == ["suspected"]
    assert (how, why) == ("not understood", ["code: its words doubt that it is there (kept as suspected)"])


@pytest.mark.parametrize(
    "words",
    [
        "Non-small cell lung cancer, left upper lobe",
        "Type 2 diabetes without complications",
        "Nodular disease",
    ],
)
def test_words_that_only_look_like_a_denial_do_no_harm(words: str) -> None:
    assert ended(condition(concept(ICD, "C90.00", words)))[1] == "used"


@pytest.mark.parametrize(
    ("written", "status"),
    [
        # The standard's abatement means resolution or remission.
        ({"clinicalStatus": None, "abatementString": "two years ago"}, "suspected"),
        ({"clinicalStatus": None, "abatementDateTime": "2024-01-01"}, "suspected"),
        ({"clinicalStatus": None, "abatementBoolean": True}, "suspected"),
        ({"clinicalStatus": None, "abatementBoolean": False}, None),
        ({"abatementDateTime": "2024-01-01"}, "suspected"),
        ({"clinicalStatus": concept(CLINICAL, "resolved"), "abatementDateTime": "2024-01-01"}, "resolved"),
    ],
)
def test_an_abatement_is_never_an_active_condition(written: Any, status: str | None) -> None:
    assert ended(condition(HYPERTENSION, **written))[0]["conditions"][0].get("status") == status


def test_a_myeloma_in_remission_is_still_there_however_it_is_said() -> None:
    profile, _, _ = ended(condition(clinicalStatus=None, abatementDateTime="2024-01-01"))
    assert profile["conditions"][0]["status"] == "active"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (
            {"onsetAge": {"value": 52, "code": "a", "comparator": "<"}},
            "onsetAge.comparator: an age that is not exact (left out)",
        ),
        (
            {"onsetRange": {"low": {"value": 6, "code": "mo"}, "high": {"value": 8, "code": "mo"}}},
            "onsetRange.low: an age in another unit than years (left out)",
        ),
    ],
)
def test_an_age_that_is_no_number_of_years_is_no_onset(written: Any, why: str) -> None:
    profile, _, told = ended(condition(**written))
    assert "onset" not in profile["conditions"][0]
    assert told == [why]


# --- drugs and allergies ----------------------------------------------------------------------


def order(code: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "medicationCodeableConcept": code,
        **more,
    }


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("pomalidomide 4 MG Oral Capsule", "not understood"),
        ("Revlimid 10 MG Oral Capsule", "used"),
        ("immunomodulatory agent", "used"),
        ("one capsule a day", "used"),
    ],
)
def test_a_drugs_code_and_its_words_have_to_agree(words: str, how: str) -> None:
    assert ended(order(concept(RXNORM, "342369", words)))[1] == how


SUBSTANCE = {"resourceType": "Substance", "id": "s", "code": {"text": "lenalidomide"}}
FILLER = {"itemCodeableConcept": {"text": "lactose"}, "isActive": False}


@pytest.mark.parametrize(
    ("ingredients", "status", "how"),
    [
        ([{"itemCodeableConcept": {"text": "lenalidomide"}}, FILLER], "active", "used"),
        ([{"itemReference": {"reference": "#s"}}], "active", "used"),
        ([{"itemReference": {"reference": "#s"}}], "entered-in-error", "not needed"),
        ([{"itemReference": {"reference": "#t"}}], "active", "in error"),
    ],
)
def test_a_product_is_its_single_active_ingredient(ingredients: Any, status: str, how: str) -> None:
    product = {"resourceType": "Medication", "id": "x", "status": status, "ingredient": ingredients}
    profile, found, _ = ended(order(medicationReference={"reference": "#x"}, contained=[product, SUBSTANCE]))
    assert found == how
    assert [one["drugs"] for one in profile.get("treatments", [])] == [["lenalidomide"]] * (how == "used")


def test_an_allergy_that_nobody_confirms_decides_nothing() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": "lenalidomide"}}
    doubted = allergy | {"verificationStatus": {"text": "disproved"}}
    assert ended(doubted)[0]["allergies"][0]["status"] == "suspected"
    other = allergy | {"code": concept(RXNORM, "342369", "thalidomide")}
    assert ended(other)[1:] == ("not understood", ["code: its codes and words name different things"])


def test_an_event_that_might_have_happened_is_none_in_any_letters() -> None:
    event = {"resourceType": "AdverseEvent", "id": "e", "actuality": "Potential", "event": {"text": "gout"}}
    assert ended(event)[1] == "not needed"


@pytest.mark.parametrize(
    ("intent", "how"),
    [("order", "used"), ("Filler-Order", "used"), ("PLAN", "not needed"), ("directive", "not understood")],
)
def test_an_intent_is_read_in_any_letters_and_an_unknown_one_is_no_order(intent: str, how: str) -> None:
    assert ended(order(concept(RXNORM, "342369"), intent=intent))[1] == how


def test_a_drug_whose_end_cannot_be_read_does_not_go_on() -> None:
    statement = order(concept(RXNORM, "342369")) | {
        "resourceType": "MedicationStatement",
        "effectivePeriod": {"start": "2025-01-01", "end": "2025-13-01"},
    }
    assert "ongoing" not in ended(statement)[0]["treatments"][0]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (
            {"stage": [{"summary": {"text": "Stage I"}}, {"summary": {"text": "Stage IV"}}]},
            "stage: several, and it is not said which one holds (left out)",
        ),
        (
            {"severity": concept(SNOMED, "24484000", "Mild")},
            "severity: its codes and words say different things (left out)",
        ),
    ],
)
def test_a_stage_or_severity_that_is_contradicted_is_left_out(written: Any, why: str) -> None:
    profile, _, told = ended(condition(**written))
    assert not profile["conditions"][0].keys() & {"stage", "severity"}
    assert told == [why]


@pytest.mark.parametrize(
    "written",
    [
        {"valueCodeableConcept": concept(SNOMED, "271299001", "Stable disease")},
        {"valueCodeableConcept": {"coding": [{"display": "PR"}], "text": "CR"}},
        {"valueCodeableConcept": {"text": "CR"}, "dataAbsentReason": concept("x", "error")},
    ],
)
def test_a_response_that_is_contradicted_is_none(written: Any) -> None:
    profile, how, _ = ended(observation("97509-4", **written))
    assert [one["response"] for one in profile.get("responses", ())] in ([], ["not understood"])
    assert how == "not understood"


@pytest.mark.parametrize(
    "written",
    [
        {"valueCodeableConcept": {"text": "Improved"}},
        {"valueCodeableConcept": {"coding": [{"display": "PR"}], "text": "CR"}},
        {"valueCodeableConcept": {"text": "PD"}, **TURNED},
        {"valueCodeableConcept": {"text": "PD"}, "status": "unknown"},
    ],
)
def test_an_older_response_does_not_speak_for_a_newer_one_that_is_not_understood(written: Any) -> None:
    older = observation(
        "97509-4", id="older", effectiveDateTime="2026-01-05", valueCodeableConcept={"text": "CR"}
    )
    newer = observation("97509-4", effectiveDateTime="2026-05-05", **written)
    first, _ = read(older)
    assert truth("current response >= PR", responses=first["responses"]) == "true"
    both, _ = read(older, newer)
    assert truth("current response >= PR", responses=both["responses"]) == "unknown"
    before = truth("current response >= PR", as_of="2026-03-01", responses=both["responses"])
    assert before == "true", "what is dated after the day of screening says nothing of it"


def test_a_doubtful_status_of_another_cancer_says_nothing_of_the_myeloma() -> None:
    lung = condition(id="lung", code=concept(ICD, "C34.9"))
    doubted = observation(
        "97509-4",
        focus=[{"reference": "Condition/lung"}],
        valueCodeableConcept={"text": "PD"},
        **TURNED,
    )
    profile, _ = read(lung, doubted)
    assert "responses" not in profile


@pytest.mark.parametrize(
    ("code", "display", "text"),
    [
        (concept(ICD, "Z80.7"), "Family history of multiple myeloma", "Multiple myeloma"),
        (concept(ICD, "Z03.89"), None, "Multiple myeloma"),
        (concept(SNOMED, "430705005"), "Family history of malignant neoplasm of breast", "Breast cancer"),
        (concept(SNOMED, "1"), "Suspected deep vein thrombosis (situation)", "Deep vein thrombosis"),
    ],
)
def test_a_disease_in_words_beside_a_code_that_is_none_is_not_taken(
    code: Any, display: str | None, text: str
) -> None:
    coding = code["coding"][0] | ({"display": display} if display else {})
    profile, how, _ = ended(condition({"coding": [coding], "text": text}))
    assert [one["status"] for one in profile.get("conditions", ())] in ([], ["suspected"])
    assert how == "not understood"


def test_a_personal_history_by_its_code_still_is_one() -> None:
    assert ended(condition(concept(ICD, "Z85.3", "Personal history of breast cancer")))[1] == "used"


@pytest.mark.parametrize(("url", "value"), [("us-core-birthsex", "M"), ("us-core-sex", "248153007")])
def test_a_sex_that_differs_from_the_gender_leaves_both_open(url: str, value: str) -> None:
    said = [{"url": f"http://hl7.org/fhir/us/core/StructureDefinition/{url}", "valueCode": value}]
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1960-01-01", "extension": said}
    for gender, sex in (("female", None), ("male", "male"), ("unknown", "male")):
        made = convert(bundle(patient=patient | {"gender": gender}))
        assert made.patient is not None
        assert made.patient.sex == sex
