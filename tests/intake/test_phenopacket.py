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


AGED = {"id": "p", "timeAtLastEncounter": {"age": {"iso8601duration": "P52Y3M"}}}


@pytest.mark.parametrize(
    ("seen", "born"),
    [
        ({"age": {"iso8601duration": "P52Y3M"}}, "1876-09-01/1974-09-01"),
        ({"ageRange": {"start": {"iso8601duration": "P50Y"}, "end": {}}}, "1876-09-01/1976-09-01"),
        ({"age": {"iso8601duration": "P200Y"}}, None),
        ({"ontologyClass": {"id": "HP:0003581", "label": "Adult onset"}}, None),
        ({"age": "P52Y"}, None),
    ],
)
def test_of_an_age_at_an_encounter_only_a_least_age_follows(seen: Any, born: str | None) -> None:
    """The encounter was before the packet was made, and how long before nobody says."""
    subject = {"id": "p", "timeAtLastEncounter": seen}
    made = api.converted(json.dumps(packet() | {"subject": subject}).encode(), "packet.json")
    assert (made.patient and made.patient.birth_date) == born


def test_without_the_day_on_which_it_was_made_an_age_says_nothing() -> None:
    text = json.dumps({"subject": AGED, "metaData": {}})
    assert api.converted(text.encode(), "packet.json").patient is None


def test_a_least_age_is_no_greatest_age() -> None:
    patient = api.converted(json.dumps(packet() | {"subject": AGED}).encode(), "packet.json").patient
    assert patient is not None
    chart = api.chart(patient, as_of="2026-10-01")
    assert chart.birth is not None
    assert (chart.birth.first.year, chart.birth.last.year) == (1876, 1974)
    both = packet() | {"subject": AGED | SUBJECT}
    sure = api.converted(json.dumps(both).encode(), "packet.json").patient
    assert sure is not None
    assert sure.birth_date == "1960-01-01"


def test_what_was_excluded_was_so_when_the_packet_was_made() -> None:
    profile, _ = read(diseases=[{"term": term("MONDO:1", "HIV infection"), "excluded": True}])
    assert profile["conditions"][0]["date"] == META["created"]


def test_what_has_resolved_is_over_also_where_its_day_cannot_be_read() -> None:
    gone = {"age": {"iso8601duration": "P6M"}}
    profile, _ = read(phenotypicFeatures=[{"type": term("HP:0000822", "hypertension"), "resolution": gone}])
    assert profile["conditions"][0]["status"] == "resolved"


def test_a_complex_value_is_its_parts() -> None:
    parts = [
        {"type": term(f"LOINC:{code}", ""), "quantity": {"value": value, "unit": term("UCUM:mm[Hg]", "")}}
        for code, value in (("8480-6", 130), ("8462-4", 80))
    ]
    profile, _ = read(
        measurements=[{"assay": term("LOINC:85354-9", ""), "complexValue": {"typedQuantities": parts}}]
    )
    assert [(one["source"], one["value"], one["unit"]) for one in profile["observations"]] == [
        ("measurements[0].component[0]", "130", "mm[Hg]"),
        ("measurements[0].component[1]", "80", "mm[Hg]"),
    ]


@pytest.mark.parametrize(
    ("more", "held", "ended", "results"),
    [
        ({"acmgPathogenicityClassification": "LIKELY_BENIGN"}, {}, "not needed", []),
        ({"acmgPathogenicityClassification": "UNCERTAIN_SIGNIFICANCE"}, {}, "used", ["indeterminate"]),
        ({"acmgPathogenicityClassification": "PATHOGENIC"}, {}, "used", ["detected"]),
        ({}, {"structuralType": term("SO:0001743", "copy_number_loss")}, "not understood", []),
    ],
)
def test_a_variant_without_significance_or_of_another_kind_is_no_mutation(
    more: Any, held: Any, ended: str, results: list[str]
) -> None:
    variant = {"variationDescriptor": {"geneContext": {"symbol": "TP53"}, **held}, **more}
    one = {"interpretationStatus": "CAUSATIVE", "variantInterpretation": variant}
    profile, entries = read(interpretations=[{"diagnosis": {"genomicInterpretations": [one]}}])
    assert entries[0].ended == ended
    assert [found["result"] for found in profile.get("genomics", [])] == results


@pytest.mark.parametrize("part", ["x", 7, None, [], {}, {"type": "x"}, {"value": []}, {"diagnosis": 1}])
def test_a_bad_part_never_loses_the_rest(part: Any) -> None:
    sections = ("phenotypicFeatures", "diseases", "measurements", "interpretations", "medicalActions")
    for section in sections:
        for held in (part, [part]):
            _, entries = read(**{section: held})
            assert all(entry.ended and "it cannot be read" not in entry.why for entry in entries)
