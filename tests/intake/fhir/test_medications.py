"""Orders, statements and administrations: what was given, on its own days, with nothing inferred."""

from typing import Any

import pytest

from tests.intake.fhir.making import RXNORM, SNOMED, concept, read

INTENT = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent"


def given(kind: str = "MedicationRequest", **more: Any) -> dict[str, Any]:
    start = {"intent": "order", "authoredOn": "2026-05-01"} if kind == "MedicationRequest" else {}
    return {
        "resourceType": kind,
        "id": "m",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": concept(RXNORM, "342369"),
        **start,
        **more,
    }


PERIOD = {"start": "2026-01-05", "end": "2026-04-02"}
BOUNDS = {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": PERIOD}}}]}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (given(), {"start": "2026-05-01"}),
        (given(**BOUNDS), {"start": "2026-01-05", "end": "2026-04-02"}),
        (
            given("MedicationAdministration", effectiveDateTime="2026-03-01"),
            {"start": "2026-03-01", "end": "2026-03-01"},
        ),
        (given("MedicationAdministration", effectivePeriod=PERIOD), PERIOD),
        (given("MedicationStatement", effectivePeriod=PERIOD), PERIOD),
        (
            given("MedicationStatement", status="active", effectivePeriod={"start": "2026-01-05"}),
            {"start": "2026-01-05", "ongoing": True},
        ),
        (given(authoredOn=None), {}),
    ],
)
def test_days_are_those_of_the_record_itself(resource: Any, expected: dict[str, Any]) -> None:
    profile, _ = read(resource)
    found = profile["treatments"][0]
    assert {key: found[key] for key in ("start", "end", "ongoing") if key in found} == expected
    assert found["drugs"] == ["lenalidomide"]


@pytest.mark.parametrize(
    ("written", "ended"),
    [
        ({"status": "entered-in-error"}, "not needed"),
        ({"status": "cancelled"}, "not needed"),
        ({"status": "draft"}, "not needed"),
        ({"status": "unknown"}, "not understood"),
        ({"status": "on-hold"}, "not understood"),
        ({"status": "given"}, "not understood"),
        ({"doNotPerform": True}, "not needed"),
        ({"doNotPerform": "yes"}, "in error"),
        ({"intent": "plan"}, "not needed"),
        ({"intent": "proposal"}, "not needed"),
        ({"medicationCodeableConcept": None}, "in error"),
        (
            {"medicationCodeableConcept": None, "medicationReference": {"reference": "Medication/x"}},
            "in error",
        ),
    ],
)
def test_what_was_not_given_decides_nothing(written: Any, ended: str) -> None:
    profile, entries = read(given(**written))
    assert "treatments" not in profile
    assert entries[0].ended == ended


@pytest.mark.parametrize(
    ("words", "drugs"),
    [
        ("lenalidomide 25 MG Oral Capsule", ["lenalidomide"]),
        ("lenalidomide 25 MG Oral Capsule [Revlimid]", ["lenalidomide"]),
        ("Revlimid", ["lenalidomide"]),
        ("bortezomib 3.5 MG Injection", ["bortezomib"]),
        ("20 ML daratumumab 20 MG/ML Injection", ["daratumumab"]),
    ],
)
def test_a_product_s_name_tells_its_ingredient(words: str, drugs: list[str]) -> None:
    profile, _ = read(given(medicationCodeableConcept=concept(RXNORM, "9999999", words)))
    assert profile["treatments"][0]["drugs"] == drugs


def test_a_product_of_two_ingredients_is_both_or_not_understood() -> None:
    both = "amlodipine 5 MG / lenalidomide 10 MG Oral Tablet"
    profile, entries = read(given(medicationCodeableConcept={"text": both}))
    found = (profile.get("treatments") or profile["medications"])[0]
    assert found.get("drugs") == ["amlodipine", "lenalidomide"] or entries[0].ended == "not understood"
    zorb = given(medicationCodeableConcept={"text": "zorbin 5 MG / lenalidomide 10 MG Oral Tablet"})
    assert read(zorb)[1][0].ended == "not understood"


@pytest.mark.parametrize("contained", [False, True])
def test_a_medication_may_be_a_resource_of_its_own(contained: bool) -> None:
    product = {"resourceType": "Medication", "id": "len", "code": concept(RXNORM, "342369")}
    order = given(
        medicationCodeableConcept=None,
        medicationReference={"reference": "#len" if contained else "Medication/len"},
    )
    if contained:
        order["contained"] = [product]
    profile, _ = read(order, *([] if contained else [product]))
    assert profile["treatments"][0]["drugs"] == ["lenalidomide"]


@pytest.mark.parametrize(
    ("drug", "intent", "section", "stated"),
    [
        ("lenalidomide", None, "treatments", None),
        ("acyclovir", None, "medications", None),
        ("dexamethasone", None, "medications", None),
        ("dexamethasone", concept(SNOMED, "373808002"), "treatments", "other"),
        ("lenalidomide", concept(SNOMED, "363676003"), "treatments", "other"),
        ("cyclophosphamide", concept(SNOMED, "399707004"), "medications", None),
        ("lenalidomide", {"text": "Maintenance"}, "treatments", "maintenance"),
    ],
)
def test_what_is_against_the_disease_is_a_treatment(
    drug: str, intent: Any, section: str, stated: str | None
) -> None:
    extension = [{"url": INTENT, "valueCodeableConcept": intent}] if intent else []
    profile, _ = read(given(medicationCodeableConcept={"text": drug}, extension=extension))
    assert profile[section][0].get("intent") == stated


@pytest.mark.parametrize(
    ("kind", "status", "reasons", "told"),
    [
        ("MedicationStatement", "stopped", ["407563006"], "toxicity"),
        ("MedicationStatement", "completed", ["182992009"], "completed"),
        ("MedicationStatement", "stopped", ["407563006", "182992009"], None),
        ("MedicationStatement", "stopped", ["266721009"], None),  # no effect is no progression
        ("MedicationStatement", "active", ["407563006"], None),
        ("MedicationAdministration", "completed", ["407563006"], None),
    ],
)
def test_a_treatment_stopped_for_the_reason_that_is_stated(
    kind: str, status: str, reasons: list[str], told: str | None
) -> None:
    stated = {"statusReason": [concept(SNOMED, code) for code in reasons], "status": status}
    profile, _ = read(given(resourceType=kind, medicationCodeableConcept={"text": "lenalidomide"}, **stated))
    assert profile["treatments"][0].get("stop_reason") == told
