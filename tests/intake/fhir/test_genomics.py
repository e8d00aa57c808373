"""Genomics: by component, by notation, probe by probe, and in free text."""

from typing import Any

import pytest

from tests.intake.fhir.making import (
    ABSENT,
    LOINC,
    PRESENT,
    concept,
    observation,
    quantity,
    read,
)


def part(code: str, value: Any) -> dict[str, Any]:
    held = {"valueString": value} if isinstance(value, str) else {"valueCodeableConcept": value}
    return {"code": concept(LOINC, code), **held}


def variant(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return observation("69548-6", component=list(parts), **more)


GENE = part(
    "48018-6",
    {"coding": [{"system": "http://www.genenames.org/geneId", "code": "HGNC:11998", "display": "TP53"}]},
)


@pytest.mark.parametrize(
    ("resource", "finding", "result"),
    [
        (
            variant(part("81291-7", "del(17)(p13.1)"), valueCodeableConcept=PRESENT),
            "del(17)(p13.1)",
            "detected",
        ),
        (variant(GENE, valueCodeableConcept=ABSENT), "TP53 mutation", "not detected"),
        (
            variant(GENE, part("48005-3", {"text": "NP_000537.3:p.Arg273His"}), valueCodeableConcept=PRESENT),
            None,
            "detected",
        ),
        (observation("81291-7", valueString="46,XX,t(4;14)(p16;q32)"), "46,XX,t(4;14)(p16;q32)", "detected"),
        (
            observation({"text": "del(17p)"}, valueCodeableConcept={"text": "Not detected"}),
            "del(17p)",
            "not detected",
        ),
        (observation({"text": "t(4;14)"}, valueString="positive"), "t(4;14)", "detected"),
        (observation({"text": "t(11;14)"}, valueBoolean=False), "t(11;14)", "not detected"),
        (
            observation({"text": "TP53 mutation"}, valueCodeableConcept=ABSENT),
            "TP53 mutation",
            "not detected",
        ),
    ],
)
def test_a_finding_is_what_was_looked_for_and_whether_it_was_there(
    resource: Any, finding: str | None, result: str
) -> None:
    profile, _ = read(resource)
    found = profile["genomics"][0]
    assert found["result"] == result
    assert finding is None or found["finding"] == finding
    assert found["source"] == "Observation/o"


def test_one_change_that_is_not_there_does_not_make_its_gene_unchanged() -> None:
    change = part("48005-3", {"text": "NP_000537.3:p.Arg273His"})
    profile, entries = read(variant(GENE, change, valueCodeableConcept=ABSENT))
    assert "genomics" not in profile
    assert entries[0].ended == "not understood"


def test_a_probe_with_its_share_of_cells_and_its_method() -> None:
    interpreted = [concept("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "POS")]
    profile, _ = read(
        observation(
            {"text": "del(17p)"},
            valueQuantity=quantity(62, "%"),
            interpretation=interpreted,
            method={"text": "FISH"},
        )
    )
    assert profile["genomics"] == [
        {
            "finding": "del(17p)",
            "result": "detected",
            "percent_cells": "62",
            "method": "FISH",
            "date": "2026-09-20",
            "source": "Observation/o",
        }
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "del(17p): detected; t(4;14): not detected",
            [("del(17p)", "detected"), ("t(4;14)", "not detected")],
        ),
        (
            "Negative for t(14;16). Positive for 1q21 amplification in 30% of cells.",
            [("t(14;16)", "not detected"), ("1q21 amplification", "detected")],
        ),
        ("17p- not found, t(11;14) present", [("17p-", "not detected"), ("t(11;14)", "detected")]),
        ("46,XY,del(13)(q14)", [("46,XY,del(13)(q14)", "detected")]),
    ],
)
def test_free_text_is_read_clause_by_clause(words: str, found: list[tuple[str, str]]) -> None:
    profile, _ = read(observation({"text": "FISH"}, valueString=words))
    assert [(one["finding"], one["result"]) for one in profile["genomics"]] == found


@pytest.mark.parametrize(
    "words",
    [
        "del(17p) was not detected in 20% of cells",
        "del(17p): detected; the rest is pending",
        "no del(17p) was ordered; t(4;14): not detected",
        "del(17p) cannot be ruled out; t(4;14): not detected",
        "possible del(17p)",
        "see report",
    ],
)
def test_free_text_with_a_part_that_is_not_understood_is_not_used(words: str) -> None:
    profile, entries = read(observation({"text": "FISH"}, valueString=words))
    assert {one["result"] for one in profile.get("genomics", ())} <= {"indeterminate"}
    assert entries[0].ended == "not understood"


@pytest.mark.parametrize(
    ("resource", "ended"),
    [
        (variant(GENE), "not understood"),
        (variant(valueCodeableConcept=PRESENT), "not understood"),
        (
            variant(GENE, part("48002-0", concept(LOINC, "LA6683-2")), valueCodeableConcept=PRESENT),
            "not needed",
        ),
        (
            variant(GENE, part("53037-8", concept(LOINC, "LA6675-8")), valueCodeableConcept=PRESENT),
            "not needed",
        ),
        (
            variant(GENE, part("48019-4", {"text": "Copy number loss"}), valueCodeableConcept=PRESENT),
            "not understood",
        ),
        (variant(GENE, valueCodeableConcept=PRESENT, status="entered-in-error"), "not needed"),
    ],
)
def test_a_variant_that_says_too_little_or_nothing_of_the_tumour_decides_nothing(
    resource: Any, ended: str
) -> None:
    profile, entries = read(resource)
    assert {one["result"] for one in profile.get("genomics", ())} <= {"indeterminate"}
    assert entries[0].ended == ended


def test_a_report_s_conclusion_is_read_as_free_text() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "code": {"text": "FISH"},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-09-20",
        "conclusion": "del(17p): not detected; t(4;14): detected",
    }
    profile, _ = read(report)
    assert [(one["finding"], one["result"]) for one in profile["genomics"]] == [
        ("del(17p)", "not detected"),
        ("t(4;14)", "detected"),
    ]


def test_a_report_with_results_of_its_own_and_elsewhere() -> None:
    held = observation(id="hb", valueQuantity=quantity(12))
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "final",
        "code": {"text": "blood count"},
        "subject": {"reference": "Patient/p"},
        "contained": [held],
        "result": [{"reference": "#hb"}, {"reference": "Observation/none"}],
    }
    profile, entries = read(report)
    assert [one["source"] for one in profile["observations"]] == ["DiagnosticReport/r.result[0]"]
    assert entries[0].why[0] == "result: 1 of its results are not here"


def test_several_genes_are_each_without_a_finding_or_nobody_knows_which_one() -> None:
    other = part("48018-6", {"coding": [{"code": "HGNC:1097", "display": "BRAF"}]})
    profile, _ = read(variant(GENE, other, valueCodeableConcept=ABSENT))
    assert [(one["finding"], one["result"]) for one in profile["genomics"]] == [
        ("TP53 mutation", "not detected"),
        ("BRAF mutation", "not detected"),
    ]
    profile, entries = read(variant(GENE, other, valueCodeableConcept=PRESENT))
    assert {one["result"] for one in profile["genomics"]} == {"indeterminate"}
    assert entries[0].why == [
        "component: several genes, and it is not said which one is meant (kept as indeterminate)"
    ]
