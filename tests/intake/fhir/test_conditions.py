"""Conditions, adverse events, allergies and procedures."""

from typing import Any

import pytest

from tests.intake.fhir.making import CLINICAL, ICD, SNOMED, VERIFIED, concept, condition, read

MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/"


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ({}, "active"),
        ({"clinicalStatus": concept(CLINICAL, "recurrence")}, "active"),
        ({"clinicalStatus": concept(CLINICAL, "resolved")}, "resolved"),
        ({"code": concept(ICD, "I10"), "clinicalStatus": concept(CLINICAL, "inactive")}, "suspected"),
        ({"code": concept(ICD, "I10"), "clinicalStatus": concept(CLINICAL, "remission")}, "suspected"),
        ({"code": concept(ICD, "I10"), "clinicalStatus": concept(CLINICAL, "resolved")}, "resolved"),
        ({"clinicalStatus": concept(CLINICAL, "inactive")}, "active"),
        ({"code": {"text": "Xq"}, "clinicalStatus": concept(CLINICAL, "inactive")}, "suspected"),
        ({"clinicalStatus": concept(CLINICAL, "remission")}, "active"),
        ({"code": concept(ICD, "C50.911"), "clinicalStatus": concept(CLINICAL, "remission")}, "suspected"),
        ({"clinicalStatus": concept(CLINICAL, "sleeping")}, "suspected"),
        ({"clinicalStatus": None}, None),
        ({"verificationStatus": concept(VERIFIED, "unconfirmed")}, "suspected"),
        ({"verificationStatus": concept(VERIFIED, "provisional")}, "suspected"),
        ({"verificationStatus": concept(VERIFIED, "differential")}, "suspected"),
        ({"verificationStatus": None}, "active"),
    ],
)
def test_status_is_what_both_statuses_allow(written: Any, status: str | None) -> None:
    profile, _ = read(condition(**written))
    assert profile["conditions"][0].get("status") == status


def test_what_is_in_remission_or_inactive_is_noted() -> None:
    _, entries = read(condition(code=concept(ICD, "I10"), clinicalStatus=concept(CLINICAL, "inactive")))
    assert entries[0].why == ["in remission or inactive: whether it is gone, nobody says"]


@pytest.mark.parametrize("verified", ["refuted", "entered-in-error"])
def test_what_is_refuted_decides_nothing_and_makes_nothing_absent(verified: str) -> None:
    profile, entries = read(condition(verificationStatus=concept(VERIFIED, verified)))
    assert "conditions" not in profile
    assert entries[0].ended == "not needed"


AGE = {"value": 52, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"}


@pytest.mark.parametrize(
    ("written", "onset", "why"),
    [
        ({"onsetDateTime": "2024-05"}, "2024-05", []),
        ({"onsetPeriod": {"start": "2024-05-01", "end": "2024-06-01"}}, "2024-05-01", []),
        # born on a leap day: 52 from 29 February 2012 until the day before the next birthday
        ({"onsetAge": AGE}, "2012-02-29/2013-02-27", []),
        (
            {"onsetRange": {"low": {"value": 50, "code": "a"}, "high": {"value": 52, "code": "a"}}},
            "2010-02-28/2013-02-27",
            [],
        ),
        ({"onsetString": "2024"}, "2024", []),
        ({"onsetString": "as a child"}, None, ["onsetString: not a date of the calendar (left out)"]),
        ({"onsetAge": AGE | {"value": -5}}, None, ["onsetAge: an age below 0 or above 150 years (left out)"]),
        (
            {"onsetAge": AGE | {"code": "mo"}},
            None,
            ["onsetAge: an age in another unit than years (left out)"],
        ),
        ({"onsetDateTime": "soon"}, None, ["onsetDateTime: not a date of the calendar (left out)"]),
        ({"onsetDateTime": {}}, None, ["onsetDateTime: not a text (left out)"]),
    ],
)
def test_onset_in_all_its_types(written: Any, onset: str | None, why: list[str]) -> None:
    profile, entries = read(condition(**written))
    assert profile["conditions"][0].get("onset") == onset
    assert entries[0].why == why


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ({"abatementDateTime": "2025-01-02"}, "2025-01-02"),
        ({"abatementPeriod": {"start": "2025-01-02", "end": "2025-01-09"}}, "2025-01-09"),
        ({"abatementString": "2025"}, "2025"),
        ({"abatementAge": AGE}, "2012-02-29/2013-02-27"),
    ],
)
def test_abatement_in_all_its_types(written: Any, resolved: str) -> None:
    profile, _ = read(condition(clinicalStatus=concept(CLINICAL, "resolved"), **written))
    assert profile["conditions"][0]["resolved"] == resolved


def test_severity_stage_grade_and_day_of_record() -> None:
    stage = {
        "summary": {
            "coding": [
                {
                    "system": SNOMED,
                    "code": "1222769001",
                    "display": "American Joint Committee on Cancer stage IIB (qualifier value)",
                }
            ]
        }
    }
    profile, _ = read(
        condition(
            concept(ICD, "G62.9"),
            severity=concept(SNOMED, "24484000"),
            stage=[stage],
            recordedDate="2026-09-01",
            extension=[
                {"url": "http://x.example/ctcae-grade", "valueInteger": 3},
                {"url": MCODE + "mcode-histologic-grade", "valueInteger": 1},
            ],
        )
    )
    found = profile["conditions"][0]
    assert (found["severity"], found["stage"], found["grade"], found["date"]) == (
        "severe",
        "stage IIB",
        3,
        "2026-09-01",
    )


def test_a_stage_may_stand_in_an_observation_of_its_own() -> None:
    staged = {
        "resourceType": "Observation",
        "id": "s",
        "status": "final",
        "code": {"text": "stage"},
        "subject": {"reference": "Patient/p"},
        "valueCodeableConcept": {"text": "T1a"},
    }
    profile, _ = read(condition(stage=[{"assessment": [{"reference": "Observation/s"}]}]), staged)
    assert profile["conditions"][0]["stage"] == "T1a"


def test_a_code_and_words_that_differ_are_nobody_s() -> None:
    profile, entries = read(condition(concept(ICD, "C90.00", "type 2 diabetes mellitus")))
    assert "conditions" not in profile
    assert entries[0].why == ["code: its codes and words name different things"]


def test_words_may_say_more_than_the_code() -> None:
    profile, _ = read(condition(concept(ICD, "C90.02", "multiple myeloma")))
    assert profile["conditions"][0]["codes"] == [{"system": "ICD-10-CM", "code": "C90.02"}]


def test_a_name_nobody_knows_stays_in_the_profile_and_is_not_understood() -> None:
    profile, entries = read(condition({"text": "Zorbitis"}))
    assert profile["conditions"][0]["name"] == "Zorbitis"
    assert entries[0].ended == "not understood"


def adverse(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AdverseEvent",
        "id": "a",
        "actuality": "actual",
        "event": {"text": "peripheral neuropathy"},
        "subject": {"reference": "Patient/p"},
        "date": "2026-09-01",
        **more,
    }


@pytest.mark.parametrize(
    ("outcome", "status"), [("ongoing", "active"), ("resolved", "resolved"), (None, "suspected")]
)
def test_an_adverse_event_is_there_as_long_as_its_outcome_says(outcome: str | None, status: str) -> None:
    profile, _ = read(
        adverse(
            outcome=concept("http://terminology.hl7.org/CodeSystem/adverse-event-outcome", outcome)
            if outcome
            else None,
            extension=[{"url": "http://x.example/ctcae-grade", "valueCodeableConcept": {"text": "Grade 3"}}],
        )
    )
    assert (profile["conditions"][0]["status"], profile["conditions"][0]["grade"]) == (status, 3)


def test_an_adverse_event_that_might_have_been_is_none() -> None:
    assert read(adverse(actuality="potential"))[1][0].ended == "not needed"


def allergy(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": "l",
        "patient": {"reference": "Patient/p"},
        "code": {"text": "lenalidomide"},
        **more,
    }


def test_an_allergy_with_its_worst_reaction() -> None:
    profile, _ = read(
        allergy(
            type="intolerance",
            onsetDateTime="2025",
            clinicalStatus=concept(CLINICAL, "active"),
            reaction=[{"severity": "mild"}, {"severity": "severe"}],
        )
    )
    assert profile["allergies"] == [
        {
            "substance": "lenalidomide",
            "status": "active",
            "type": "intolerance",
            "severity": "severe",
            "date": "2025",
            "source": "AllergyIntolerance/l",
        }
    ]


def test_an_inactive_allergy_is_not_gone() -> None:
    profile, _ = read(allergy(clinicalStatus=concept(CLINICAL, "inactive")))
    assert profile["allergies"][0]["status"] == "suspected"


def test_no_known_allergy_makes_none_absent() -> None:
    profile, entries = read(allergy(code=concept(SNOMED, "716186003")))
    assert "allergies" not in profile
    assert entries[0].ended == "not needed"


def procedure(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": "x",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "code": concept(SNOMED, "709115004"),
        **more,
    }


@pytest.mark.parametrize(
    ("written", "name", "date"),
    [
        ({"performedDateTime": "2025-11-07"}, "autologous stem cell transplant", "2025-11-07"),
        (
            {
                "code": concept(SNOMED, "1217123003"),
                "performedPeriod": {"start": "2026-08-01", "end": "2026-09-11"},
            },
            "radiotherapy",
            "2026-09-11",
        ),
        (
            {
                "code": concept(SNOMED, "1217123003"),
                "status": "in-progress",
                "performedPeriod": {"start": "2026-08-01"},
            },
            "radiotherapy",
            None,
        ),
        ({"code": {"text": "Excision of Zorb"}, "category": concept(SNOMED, "387713003")}, "surgery", None),
        ({"performedString": "2025"}, "autologous stem cell transplant", "2025"),
    ],
)
def test_a_procedure_is_dated_by_its_last_day(written: Any, name: str, date: str | None) -> None:
    profile, _ = read(procedure(**written))
    assert (profile["procedures"][0]["name"], profile["procedures"][0].get("date")) == (name, date)


@pytest.mark.parametrize("status", ["not-done", "entered-in-error", "preparation"])
def test_what_was_not_done_decides_nothing(status: str) -> None:
    profile, entries = read(procedure(status=status))
    assert "procedures" not in profile
    assert entries[0].ended == "not needed"


def test_an_active_entry_of_a_past_disease_is_past_as_its_code_says() -> None:
    profile, _ = read(condition(concept(ICD, "Z85.3")))
    assert "status" not in profile["conditions"][0]
