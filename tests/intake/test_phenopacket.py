"""Phenopackets v2: each part as the resource that says the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from screener import api, load_patient

SUBJECT = {"id": "p", "dateOfBirth": "1960-01-01T00:00:00Z", "sex": "FEMALE"}
META = {"created": "2026-09-01T00:00:00Z", "phenopacketSchemaVersion": "2.0"}


def packet(**parts: Any) -> dict[str, Any]:
    return {"id": "x", "subject": SUBJECT, "metaData": META, **parts}


def read(**parts: Any) -> tuple[dict[str, Any], list[Any]]:
    made = api.converted(json.dumps(packet(**parts)).encode(), "packet.json")
    assert made.patient is not None, made.problems
    assert made.account is not None
    return (
        made.patient.model_dump(exclude_none=True, exclude_defaults=True, mode="json"),
        made.account.entries[1:],
    )


def term(name: str, label: str) -> dict[str, str]:
    return {"id": name, "label": label}


def test_a_packet_is_recognised_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "packet.json"
    path.write_text(json.dumps(packet()))
    assert load_patient(path).sex == load_patient(packet()).sex == "female"


@pytest.mark.parametrize(("section", "key"), [("phenotypicFeatures", "type"), ("diseases", "term")])
def test_what_is_excluded_is_absent(section: str, key: str) -> None:
    about = {key: term("HP:0009830", "peripheral neuropathy"), "onset": {"timestamp": "2026-01-02T00:00:00Z"}}
    profile, _ = read(**{section: [about, about | {"excluded": True}]})
    assert [(one["status"], one.get("onset"), one["source"]) for one in profile["conditions"]] == [
        ("active", "2026-01-02T00:00:00Z", f"{section}[0]"),
        ("absent", None, f"{section}[1]"),
    ]


def test_an_age_of_onset_is_a_year_of_life() -> None:
    profile, _ = read(
        diseases=[
            {"term": term("NCIT:C3242", "multiple myeloma"), "onset": {"age": {"iso8601duration": "P64Y3M"}}}
        ]
    )
    assert profile["conditions"][0]["onset"] == "2024-01-01/2024-12-31"


def test_measurements_keep_unit_range_and_day() -> None:
    value = {
        "quantity": {
            "value": 12.5,
            "unit": term("UCUM:g/dL", "gram per decilitre"),
            "referenceRange": {"low": 12, "high": 16},
        }
    }
    profile, _ = read(
        measurements=[
            {
                "assay": term("LOINC:718-7", "Hb"),
                "value": value,
                "timeObserved": {"timestamp": "2026-09-01T08:00:00Z"},
            }
        ]
    )
    assert profile["observations"] == [
        {
            "name": "hemoglobin",
            "codes": [{"system": "LOINC", "code": "718-7"}],
            "value": "12.5",
            "unit": "g/dL",
            "date": "2026-09-01T08:00:00Z",
            "reference_range": {"low": "12", "high": "16"},
            "source": "measurements[0]",
        }
    ]


def test_a_variant_is_a_finding_unless_it_is_rejected() -> None:
    descriptor = {
        "geneContext": {"symbol": "TP53"},
        "expressions": [{"syntax": "hgvs.p", "value": "p.Arg273His"}],
    }
    one = {"interpretationStatus": "CAUSATIVE", "variantInterpretation": {"variationDescriptor": descriptor}}
    profile, _ = read(
        interpretations=[
            {"diagnosis": {"genomicInterpretations": [one, one | {"interpretationStatus": "REJECTED"}]}}
        ]
    )
    assert [one["result"] for one in profile["genomics"]] == ["detected"]


def test_medical_actions_are_treatments_and_procedures() -> None:
    dose = {"interval": {"start": "2026-01-05T00:00:00Z", "end": "2026-04-02T00:00:00Z"}}
    profile, entries = read(
        medicalActions=[
            {"treatment": {"agent": term("RXNORM:342369", "lenalidomide"), "doseIntervals": [dose]}},
            {"procedure": {"code": term("SNOMED:709115004", ""), "performed": {"timestamp": "2025-11-07"}}},
            {"radiationTherapy": {"modality": term("NCIT:C28039", "photon")}},
            {},
        ]
    )
    assert [(one["drugs"], one["start"][:10], one["end"][:10]) for one in profile["treatments"]] == [
        (["lenalidomide"], "2026-01-05", "2026-04-02")
    ]
    assert [one["name"] for one in profile["procedures"]] == [
        "autologous stem cell transplant",
        "radiotherapy",
    ]
    assert [entry.ended for entry in entries] == ["used", "used", "used", "not understood"]


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ({"id": "p"}, "subject.dateOfBirth: this is missing"),
        ({"id": "p", "dateOfBirth": "soon"}, "subject.dateOfBirth: not a date of the calendar"),
        ({"id": 7}, "subject.id: not a text"),
        ("p", "subject: not an object"),
    ],
)
def test_a_subject_without_age_is_refused(subject: Any, message: str) -> None:
    made = api.converted(json.dumps(packet() | {"subject": subject}).encode(), "packet.json")
    assert str(made.problems[0]).startswith(f"packet.json: {message}")


def test_an_age_at_an_encounter_of_no_day_is_not_taken_for_the_age_of_today() -> None:
    aged = {"id": "p", "timeAtLastEncounter": {"age": {"iso8601duration": "P52Y"}}}
    made = api.converted(json.dumps(packet() | {"subject": aged}).encode(), "packet.json")
    assert made.patient is None
    assert made.account is not None
    assert made.account.entries[0].why == [
        "dateOfBirth: missing",
        "timeAtLastEncounter: an age without its day says no age of today (left out)",
    ]
    made = api.converted(json.dumps(packet() | {"subject": aged | SUBJECT}).encode(), "packet.json")
    assert made.patient is not None
    assert (made.patient.age, made.patient.birth_date) == (None, "1960-01-01")


@pytest.mark.parametrize("part", ["x", 7, None, [], {}, {"type": "x"}, {"value": []}, {"diagnosis": 1}])
def test_a_bad_part_never_loses_the_rest(part: Any) -> None:
    sections = ("phenotypicFeatures", "diseases", "measurements", "interpretations", "medicalActions")
    for section in sections:
        for held in (part, [part]):
            _, entries = read(**{section: held})
            assert all(entry.ended and "it cannot be read" not in entry.why for entry in entries)
