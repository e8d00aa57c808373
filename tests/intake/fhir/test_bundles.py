"""Bundles of every type, references of every kind, several patients, and the account of it all."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from screener import InputError, api, load_patient
from screener.cli import main
from tests.intake.fhir.making import (
    PATIENT,
    account,
    bundle,
    concept,
    condition,
    convert,
    observation,
    quantity,
    read,
)

OTHER = {
    **PATIENT,
    "id": "q",
    "birthDate": "1970-01-01",
    "identifier": [{"system": "http://h.example", "value": "77"}],
}
HB = observation(valueQuantity=quantity(12))


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "batch", "document", "history"])
def test_every_type_of_bundle_is_read(kind: str) -> None:
    made = convert(bundle({"resourceType": "Composition", "id": "c"}, HB, kind=kind))
    assert made.patient is not None
    assert len(made.patient.observations) == 1
    assert account(made).counts() == {"used": 2, "not needed": 1, "not understood": 0, "in error": 0}


@pytest.mark.parametrize(
    ("reference", "identifier"),
    [
        ("Patient/p", None),
        ("Patient/p/_history/3", None),
        ("https://fhir.example/r4/Patient/p", None),
        ("urn:uuid:2d1e9f3c-0f60-4f3e-9a6e-1f2d3c4b5a69", None),
        ("Patient?identifier=http://h.example|42", None),
        ("Patient?identifier=42", None),
        (None, {"system": "http://h.example", "value": "42"}),
        ("#me", None),
    ],
)
def test_every_kind_of_reference_finds_the_patient(reference: str | None, identifier: Any) -> None:
    patient = {**PATIENT, "identifier": [{"system": "http://h.example", "value": "42"}]}
    subject = {"reference": reference} if reference else {"identifier": identifier}
    seen = {**HB, "subject": subject}
    document = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "urn:uuid:2d1e9f3c-0f60-4f3e-9a6e-1f2d3c4b5a69", "resource": patient},
            {"resource": OTHER},
            {"resource": seen},
        ],
    }
    made = convert(document, "p")
    assert made.patient is not None
    assert len(made.patient.observations) == (reference != "#me")


def test_several_patients_are_listed_and_one_is_picked() -> None:
    theirs = {**HB, "id": "theirs", "subject": {"reference": "Patient/q"}}
    document = bundle(OTHER, HB, theirs)
    made = convert(document)
    assert [str(problem) for problem in made.problems] == [
        "record.json: Patient: it holds 2 patients: Patient/p, Patient/q\n  help: name one with --patient ID"
    ]
    for wanted in ("q", "Patient/q", "77"):
        picked = convert(document, wanted)
        assert picked.patient is not None
        assert picked.patient.id == "q"
        assert [one.source for one in picked.patient.observations] == ["Observation/theirs"]
    assert "no patient here has this id" in str(convert(document, "x").problems[0])


def test_what_is_nobody_s_is_not_used_where_there_are_several() -> None:
    made = convert(bundle(OTHER, {**HB, "subject": None}), "p")
    assert account(made).entries[2].why == ["subject: of several patients it does not say whose it is"]


def test_further_pages_are_noted() -> None:
    document = bundle(HB) | {"link": [{"relation": "next", "url": "https://fhir.example/page2"}]}
    assert account(convert(document)).notes == ["the bundle has further pages, which are not in this input"]


def test_of_two_versions_the_newer_counts_and_a_copy_counts_once() -> None:
    old = {**HB, "meta": {"lastUpdated": "2026-09-01T00:00:00Z"}, "valueQuantity": quantity(7)}
    new = {**HB, "meta": {"lastUpdated": "2026-09-02T00:00:00Z"}}
    profile, entries = read(old, new, new)
    assert len(profile["observations"]) == 1
    assert profile["observations"][0]["value"] == "12"
    assert [entry.ended for entry in entries].count("used") == 1


def test_two_different_entries_with_one_id_are_in_error() -> None:
    profile, entries = read(HB, {**HB, "valueQuantity": quantity(7)})
    assert [one.get("value") for one in profile["observations"]] == [None, None]
    why = "id: several different entries have it (kept without a value)"
    assert [(entry.ended, entry.why) for entry in entries] == [("in error", [why])] * 2


def test_one_bad_entry_never_loses_the_rest() -> None:
    document = bundle(condition(), HB)
    document["entry"][1:1] = [
        None,
        1,
        {"resource": 5},
        {"resource": {}},
        {},
        {"resource": {"resourceType": 3}},
        {"request": {"method": "DELETE", "url": "x"}, "resource": HB},
    ]
    made = convert(document)
    assert made.patient is not None
    assert [entry.ended for entry in account(made).entries] == [
        "used",
        "in error",
        "in error",
        "in error",
        "in error",
        "not needed",
        "in error",
        "not understood",
        "used",
        "used",
    ]


def test_a_record_that_a_profile_refuses_is_taken_out_and_accounted_for() -> None:
    long = condition({"text": "x" * 400}, severity={"text": "y" * 501})
    bad = observation(id="bad", code={"text": "ECOG"}, valueString="1", effectiveDateTime="2026-01-01")
    profile, entries = read(long, bad)
    assert all(entry.ended for entry in entries)
    assert len(profile["observations"]) == 1


def test_consent_relatives_and_plans_are_not_taken_for_what_they_are_not() -> None:
    others = [
        {"resourceType": kind, "id": "x"}
        for kind in ("Consent", "FamilyMemberHistory", "ServiceRequest", "CarePlan", "Encounter")
    ]
    profile, entries = read(*others)
    assert set(profile) == {"id", "birth_date", "sex"}
    assert {entry.ended for entry in entries} == {"not needed"}


def test_nothing_is_declared_complete_and_no_line_is_inferred() -> None:
    orders = [
        {
            "resourceType": "MedicationRequest",
            "id": f"m{n}",
            "status": "completed",
            "intent": "order",
            "subject": {"reference": "Patient/p"},
            "authoredOn": f"202{n}-01-01",
            "medicationCodeableConcept": {"text": "lenalidomide"},
        }
        for n in range(3)
    ]
    profile, _ = read(*orders)
    assert "complete" not in profile
    assert all(not one.keys() & {"line", "intent", "end"} for one in profile["treatments"])


@pytest.mark.parametrize(
    ("patient", "message"),
    [
        (None, "resourceType: it holds no Patient"),
        ({**PATIENT, "birthDate": None}, "Patient/p.birthDate: this is missing"),
        ({**PATIENT, "birthDate": "1960-13-01"}, "Patient/p.birthDate: not a date of the calendar"),
        ({**PATIENT, "birthDate": 1960}, "Patient/p.birthDate: not a text"),
        ({**PATIENT, "gender": ["female"]}, "Patient/p.gender: not a text"),
    ],
)
def test_a_patient_that_cannot_be_screened_is_refused(patient: Any, message: str) -> None:
    made = convert(bundle(HB, patient=patient))
    assert made.patient is None
    assert str(made.problems[0]).startswith(f"record.json: {message}")
    assert all(entry.ended for entry in account(made).entries)


def test_a_sex_that_differs_from_the_one_at_birth_is_not_used() -> None:
    born = {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "M"}
    made = convert(bundle(patient={**PATIENT, "extension": [born]}))
    assert made.patient is not None
    assert made.patient.sex is None


# --- bulk exports -----------------------------------------------------------------------------


def export(folder: Path, patients: int = 3) -> Path:
    lines: dict[str, list[Any]] = {
        "Patient": [],
        "Observation": [],
        "MedicationRequest": [],
        "Medication": [],
    }
    lines["Medication"].append({"resourceType": "Medication", "id": "len", "code": {"text": "lenalidomide"}})
    for number in range(patients):
        name = f"p{number}"
        lines["Patient"].append({**PATIENT, "id": name})
        lines["Observation"].append({**HB, "id": f"o{number}", "subject": {"reference": f"Patient/{name}"}})
        lines["MedicationRequest"].append(
            {
                "resourceType": "MedicationRequest",
                "id": f"m{number}",
                "status": "active",
                "intent": "order",
                "subject": {"reference": f"Patient/{name}"},
                "authoredOn": "2026-05-01",
                "medicationReference": {"reference": "Medication/len"},
            }
        )
    for kind, resources in lines.items():
        (folder / f"{kind}.ndjson").write_text("\n".join(map(json.dumps, resources)) + "\n")
    return folder


def test_a_bulk_export_is_one_patient_s_record_after_another(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it holds 3 patients: Patient/p0, Patient/p1, Patient/p2"):
        load_patient(export(tmp_path))
    observed = tmp_path / "Observation.ndjson"
    observed.write_text(observed.read_text() + "{broken\n")
    made = api.convert(tmp_path, "p1")
    assert made.patient is not None
    assert made.patient.treatments[0].drugs == ("lenalidomide",)
    assert account(made).others == 6
    assert sorted((entry.place, entry.ended) for entry in account(made).entries) == [
        ("Medication/len", "not needed"),
        ("MedicationRequest/m1", "used"),
        ("Observation.ndjson:4", "in error"),
        ("Observation/o1", "used"),
        ("Patient/p1", "used"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"resourceType": "Patient",}\n', "Patient.ndjson:1:28: not valid JSON: a key in double quotes"),
        ('\n{"resourceType": "Patient"\n', "Patient.ndjson:2:27: not valid JSON: a comma or a closing"),
        ('{"id": "p"}\n', "Patient.ndjson:1: no resource on one line of JSON"),
        ("[1e99999999999999999999]\n", "Patient.ndjson:1: no resource on one line of JSON"),
        ("Patient p\n", "Patient.ndjson:1: this is not JSON"),
        (b"\xff\n", "Patient.ndjson:1: not a text in UTF-8"),
        ("{" + " " * 5_000_001, "Patient.ndjson:1: a line of more than 5,000,000 bytes"),
    ],
)
def test_an_export_with_a_broken_patient_says_what_is_broken(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    export(tmp_path, 1)
    broken = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "Patient.ndjson").write_bytes(broken)
    with pytest.raises(InputError, match="it holds no Patient") as refused:
        api.convert(tmp_path)
    assert said in str(refused.value)
    assert len(refused.value.problems) == 2


def test_of_many_broken_lines_the_first_are_told(tmp_path: Path) -> None:
    (tmp_path / "Patient.ndjson").write_text("{\n" * 100)
    with pytest.raises(InputError) as refused:
        api.convert(tmp_path)
    assert [one.code for one in refused.value.problems] == ["no-patient", *["json"] * 5]


def test_two_different_entries_of_an_export_with_one_id_give_no_value(tmp_path: Path) -> None:
    export(tmp_path, 1)
    observed = tmp_path / "Observation.ndjson"
    other = json.loads(observed.read_text()) | {"valueQuantity": quantity(7)}
    observed.write_text(f"{observed.read_text()}{observed.read_text()}")
    assert [one.value for one in load_patient(tmp_path).observations] == [12]
    observed.write_text(f"{observed.read_text()}{json.dumps(other)}\n")
    assert {one.value for one in load_patient(tmp_path).observations} == {None}


def test_a_file_with_a_resource_on_each_line_is_recognised_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "record.txt"
    path.write_text(f"{json.dumps(PATIENT)}\n{json.dumps(HB)}\nnonsense\n")
    made = api.convert(path)
    assert made.patient is not None
    assert [entry.ended for entry in account(made).entries] == ["used", "used", "in error"]


def test_memory_does_not_grow_with_the_export(tmp_path: Path) -> None:
    import tracemalloc

    peaks = []
    for patients in (200, 2000):
        folder = tmp_path / str(patients)
        folder.mkdir()
        export(folder, patients)
        api.convert(folder, "p7")
        tracemalloc.start()
        api.convert(folder, "p7")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 100_000


# --- the commands -----------------------------------------------------------------------------


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def test_screen_takes_a_bundle_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle.json"
    ecog = observation("89247-1", id="ps", valueInteger=1)
    path.write_text(json.dumps(bundle(HB, ecog, condition())))
    status, out, _ = call(capsys, str(path), "--trial", "NCT05378971", "--as-of", "2026-10-01", "--json")
    assert status == 0
    found = {one["id"]: one for one in json.loads(out)["criteria"]}
    assert found["I4"]["verdict"] == "pass"
    assert [one["record"] for one in found["I4"]["evidence"]] == ["Observation/ps"]


def test_convert_prints_a_profile_that_is_read_again_as_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle(HB, condition(concept("http://snomed.info/sct", "109989006")))))
    status, out, _ = call(capsys, "convert", str(path))
    assert status == 0
    assert load_patient(json.loads(out)) == load_patient(path) == load_patient(json.loads(path.read_text()))


def test_the_report_lists_every_entry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle(HB, {"resourceType": "Consent", "id": "k"})))
    _, out, _ = call(capsys, "convert", str(path), "--report")
    assert out == (
        "used            Patient/p\n"
        "used            Observation/o\n"
        "not needed      Consent/k      consent in a record is no consent to the trial: "
        "only an attestation is\n"
        "\n2 used, 1 not needed, 0 not understood, 0 in error of 3 entries\n"
    )


def test_the_report_is_given_also_where_there_is_no_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "o.json"
    path.write_text(json.dumps(HB))
    status, out, err = call(capsys, "convert", str(path), "--report")
    assert status == 2
    assert "used            Observation/o" in out
    assert "it holds no Patient" in err


def test_no_entry_is_reported_as_used_before_a_patient_is_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = bundle(PATIENT, OTHER, HB)
    (tmp_path / "two.json").write_text(json.dumps(two), "utf-8")
    assert main(["convert", str(tmp_path / "two.json"), "--report"]) == 2
    assert capsys.readouterr().out == ""


def test_a_birth_date_that_is_a_span_stays_one() -> None:
    made = convert(bundle(patient={**PATIENT, "birthDate": "1960-01-01/1970-01-01"}))
    assert made.patient is not None
    assert made.patient.birth_date == "1960-01-01/1970-01-01"


def test_compressed_files_of_an_export_are_read_with_the_others(tmp_path: Path) -> None:
    export(tmp_path, 1)
    plain = tmp_path / "Observation.ndjson"
    (tmp_path / "Observation.ndjson.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    made = api.convert(tmp_path)
    assert made.patient is not None
    assert len(made.patient.observations) == 1
    (tmp_path / "Observation.ndjson.gz").write_bytes(b"\x1f\x8b\x08 no gzip")
    with pytest.raises(InputError, match="cannot be read"):
        api.convert(tmp_path)
