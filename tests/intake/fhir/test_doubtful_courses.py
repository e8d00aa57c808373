"""Procedures, adverse events and grades that say less than they seem to."""

from typing import Any

import pytest

from tests.intake.fhir.making import (
    NEUROPATHY,
    SNOMED,
    concept,
    condition,
    ended,
)

LENALIDOMIDE = {"text": "lenalidomide"}


def procedure(words: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Procedure", "id": "x", "status": "completed", "code": {"text": words}, **more}


def test_a_procedure_without_an_end_is_not_over_on_its_first_day() -> None:
    profile, how, why = ended(procedure("radiotherapy", performedPeriod={"start": "2026-08-20"}))
    assert "date" not in profile["procedures"][0]
    assert (how, why) == ("used", ["performedPeriod: without an end nobody says when it was over"])


def test_what_is_in_progress_has_no_last_day_yet() -> None:
    going = procedure("radiotherapy", status="in-progress", performedDateTime="2026-08-20")
    assert "date" not in ended(going)[0]["procedures"][0]


@pytest.mark.parametrize(
    ("words", "how"),
    [("Zorbectomy", "used"), ("Surgery consult", "not understood"), ("No surgery", "not understood")],
)
def test_what_only_speaks_of_surgery_is_none_by_its_category(words: str, how: str) -> None:
    surgical = concept(SNOMED, "387713003")
    assert ended(procedure(words, category=surgical, performedDateTime="2026-09-01"))[1] == how


@pytest.mark.parametrize(
    ("stated", "grade", "why"),
    [
        ([{"valueInteger": 3}], 3, []),
        ([{"valueCodeableConcept": {"coding": [{"code": "Grade 3"}]}}], 3, []),
        ([{"valueCodeableConcept": {"text": "3"}}], 3, []),
        (
            [{"valueInteger": 1}, {"valueInteger": 3}],
            None,
            ["extension: several grades, and it is not said which one holds (left out)"],
        ),
    ],
)
def test_a_grade_is_the_one_that_is_stated(stated: Any, grade: int | None, why: list[str]) -> None:
    extensions = [{"url": "http://x/ctcae-grade", **one} for one in stated]
    profile, _, told = ended(condition(NEUROPATHY, extension=extensions))
    assert profile["conditions"][0].get("grade") == grade
    assert told == why


def test_the_severity_of_an_event_is_read_by_its_code() -> None:
    event = {
        "resourceType": "AdverseEvent",
        "id": "e",
        "actuality": "actual",
        "event": {"text": "peripheral neuropathy"},
        "severity": {"coding": [{"code": "severe"}]},
        "outcome": {"coding": [{"code": "ongoing"}]},
    }
    assert ended(event)[0]["conditions"][0]["severity"] == "severe"


DAY = "2026-01-05"
BOUNDS = {"timing": {"repeat": {"boundsPeriod": {"start": DAY, "end": "2026-03-01"}}}}


@pytest.mark.parametrize(
    ("kind", "written", "days"),
    [
        ("MedicationStatement", {"status": "completed", "effectiveDateTime": DAY}, {"start": DAY}),
        ("MedicationAdministration", {"effectiveDateTime": DAY}, {"start": DAY, "end": DAY}),
        ("MedicationAdministration", {"status": "in-progress", "effectiveDateTime": DAY}, {"start": DAY}),
        ("MedicationRequest", {"dosageInstruction": [BOUNDS]}, {"start": DAY, "end": "2026-03-01"}),
        ("MedicationRequest", {"dosageInstruction": [BOUNDS, {"text": "then every other day"}]}, {}),
    ],
)  # fmt: skip
def test_an_end_is_only_the_one_that_is_said_of_the_whole(kind: str, written: Any, days: Any) -> None:
    drug = {"resourceType": kind, "id": "m", "status": "active", "medicationCodeableConcept": LENALIDOMIDE}
    found = ended(drug | written)[0]["treatments"][0]
    assert {key: found[key] for key in ("start", "end", "ongoing") if key in found} == days
