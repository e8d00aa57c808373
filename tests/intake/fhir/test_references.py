"""References: which patient is meant, on which server, in which version."""

from typing import Any

import pytest

from tests.intake.fhir.making import PATIENT, account, convert, observation, quantity

HERE = "http://here.example/fhir/"
NAMED = PATIENT | {
    "identifier": [{"system": "http://mrn", "value": "12 3"}, {"system": "http://x", "value": "12 3"}]
}
OTHER = PATIENT | {"id": "q"}


def held(resource: Any, url: str | None = None) -> dict[str, Any]:
    return {"resource": resource, **({"fullUrl": url} if url else {})}


def of(*entries: Any, wanted: str | None = None, **more: Any) -> list[tuple[str, str]]:
    document = {"resourceType": "Bundle", "type": "collection", "entry": list(entries), **more}
    return [(one.place, one.ended) for one in account(convert(document, wanted)).entries]


def result(subject: Any, **more: Any) -> dict[str, Any]:
    return observation(valueQuantity=quantity(12), subject=subject, **more)


@pytest.mark.parametrize(
    ("subject", "ended"),
    [
        ({"reference": "Patient/p"}, "used"),
        ({"reference": f"{HERE}Patient/p"}, "used"),
        ({"reference": f"{HERE}Patient/p/_history/3"}, "used"),
        ({"reference": "https://here.example/fhir/Patient/p"}, "used"),
        ({"reference": "http://there.example/fhir/Patient/p"}, "in error"),
        ({"reference": "Patient?identifier=http://mrn%7C12%203"}, "used"),
        ({"reference": "Patient?identifier=http://other%7C12%203"}, "in error"),
        ({"identifier": {"value": "12 3"}}, "used"),
        ({"display": "the patient"}, "used"),
    ],
)
def test_a_subject_is_the_patient_only_where_it_says_so(subject: Any, ended: str) -> None:
    assert of(held(NAMED, f"{HERE}Patient/p"), held(result(subject)))[1] == ("Observation/o", ended)


@pytest.mark.parametrize("subject", [None, {"display": "the patient"}, {"type": "Patient"}])
def test_of_several_patients_a_subject_without_a_reference_is_none_of_them(subject: Any) -> None:
    found = of(held(PATIENT), held(OTHER), held(result(subject)), wanted="p")
    assert found[2] == ("Observation/o", "not understood")


def test_an_allergy_is_the_patients_whichever_key_says_whose() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "id": "a", "subject": {"reference": "Patient/q"},
               "code": {"text": "lenalidomide"}}  # fmt: skip
    assert of(held(PATIENT), held(OTHER), held(allergy), wanted="p")[2] == (
        "AllergyIntolerance/a",
        "not needed",
    )


def test_a_full_url_of_two_resources_means_neither() -> None:
    drugs = [held({"resourceType": "Medication", "code": {"text": name}}, "urn:uuid:9")
             for name in ("lenalidomide", "aspirin")]  # fmt: skip
    order = {"resourceType": "MedicationRequest", "id": "m", "status": "active",
             "medicationReference": {"reference": "urn:uuid:9"}}  # fmt: skip
    assert of(held(PATIENT), *drugs, held(order))[3] == ("MedicationRequest/m", "in error")


def test_what_another_entry_deletes_is_not_used() -> None:
    deletes = {"request": {"method": "DELETE", "url": "Observation/o"}}
    found = of(deletes, held(PATIENT), held(result({"reference": "Patient/p"})), type="history")
    assert found == [("entry[0]", "not needed"), ("Patient/p", "used"), ("Observation/o", "not needed")]


def test_a_deletion_that_names_no_resource_takes_none_away() -> None:
    deletes = {"request": {"method": "DELETE", "url": "Observation?code=1"}}
    nameless = {"resource": {"resourceType": "Observation", "status": "final"}}
    found = of(deletes, held(PATIENT), nameless, type="history")
    assert found[0] == ("entry[0]", "not understood")
    assert found[-1][1] != "not needed"


def test_the_newer_version_is_the_one_of_the_later_instant() -> None:
    times = ("2026-01-02T01:00:00+14:00", "2026-01-01T23:00:00Z")
    found = of(held(PATIENT), *(held(result(None, meta={"lastUpdated": time})) for time in times))
    assert [ended for _, ended in found[1:]] == ["not needed", "used"]


def test_bundles_line_by_line_are_read_as_bundles() -> None:
    made = convert([{"resourceType": "Bundle", "entry": [held(PATIENT), held(result(None))]}])
    assert [(one.place, one.ended) for one in account(made).entries] == [
        ("Patient/p", "used"),
        ("Observation/o", "used"),
    ]


def test_a_patient_whose_record_is_no_longer_in_use_is_noted() -> None:
    entries = account(convert(PATIENT | {"active": False})).entries
    assert entries[0].why == ["active: the record is no longer in use"]
