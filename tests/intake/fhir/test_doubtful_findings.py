"""Genomic findings that are doubted, contradicted or of another kind than a mutation."""

from typing import Any

import pytest

from tests.intake.fhir.making import (
    LOINC,
    MEANS,
    PRESENT,
    concept,
    ended,
    observation,
    part,
    quantity,
)

TP53 = part("48018-6", valueCodeableConcept={"coding": [{"code": "HGNC:11998", "display": "TP53"}]})
DELETED = part("81291-7", valueString="del(17)(p13)")


def variant(*parts: Any, **more: Any) -> dict[str, Any]:
    return observation("69548-6", component=[*parts], **{"valueCodeableConcept": PRESENT, **more})


@pytest.mark.parametrize(
    ("resource", "how"),
    [
        (variant(TP53, part("82155-3", valueQuantity={"value": 1})), "not understood"),
        (variant(TP53, part("48019-4", valueCodeableConcept={"text": "copy_number_loss"})), "not understood"),
        (variant(TP53, part("48019-4", valueCodeableConcept={"text": "Deletion"})), "not understood"),
        (variant(TP53, part("48019-4", valueCodeableConcept={"text": "Wild type"})), "not understood"),
        (variant(TP53, part("48019-4", valueCodeableConcept=concept("x", "SO:0001743"))), "not understood"),
        (variant(TP53, part("53037-8", valueCodeableConcept={"text": "Likely benign"})), "not needed"),
        (variant(TP53, part("48002-0", valueCodeableConcept={"text": "Germline"})), "not needed"),
        (variant(TP53, valueCodeableConcept=concept(LOINC, "LA9633-4", "Not detected")), "not understood"),
        (variant(TP53, interpretation=[concept(MEANS, "NEG")]), "not understood"),
        (
            observation("81247-9", component=[DELETED], valueCodeableConcept=concept(LOINC, "LA18198-4")),
            "not understood",
        ),
        (
            observation("81247-9", component=[DELETED], dataAbsentReason=concept("x", "error")),
            "not understood",
        ),
        (observation({"text": "FISH"}, valueString="t(4;14) detected in 0% of cells"), "not understood"),
        (observation({"text": "del(17p)"}, valueBoolean="true"), "in error"),
        (
            observation(
                {"text": "del(17p)"}, valueQuantity=quantity(0, "%"), interpretation=[concept(MEANS, "POS")]
            ),
            "not understood",
        ),
        (observation({"text": "del(17p)"}, valueQuantity=quantity(410, "%")), "not understood"),
        (observation({"text": "del(17p)"}, valueQuantity=quantity(-4, "%")), "not understood"),
    ],
)
def test_a_finding_that_is_doubted_is_none(resource: Any, how: str) -> None:
    profile, found, _ = ended(resource)
    assert {one["result"] for one in profile.get("genomics", ())} <= {"indeterminate"}
    assert found == how


@pytest.mark.parametrize(
    ("resource", "finding", "result"),
    [
        (
            variant(TP53, part("48019-4", valueCodeableConcept={"text": "Substitution"})),
            "TP53 mutation",
            "detected",
        ),
        (
            variant(TP53, part("53037-8", valueCodeableConcept=concept(LOINC, "LA26333-7"))),
            "TP53 mutation",
            "indeterminate",
        ),
        (observation("81247-9", component=[DELETED]), "del(17)(p13)", "detected"),
    ],
)  # fmt: skip
def test_a_finding_that_is_clear_or_of_uncertain_significance(
    resource: Any, finding: str, result: str
) -> None:
    profile, _, _ = ended(resource)
    assert [(one["finding"], one["result"]) for one in profile["genomics"]] == [(finding, result)]


def test_a_conclusion_that_is_not_read_is_said_to_be_there() -> None:
    report = {"resourceType": "DiagnosticReport", "id": "d", "status": "final", "conclusion": "See FISH"}
    assert ended(report)[1:] == ("not needed", ["it holds no result of its own that is read"])


def test_probes_that_are_components_are_findings_of_one_method() -> None:
    answers = {"del(17p)": {"text": "Not detected"}, "t(4;14)": PRESENT, "HER2": {"text": "Amplified"}}
    probes = [{"code": {"text": name}, "valueCodeableConcept": value} for name, value in answers.items()]
    profile, how, why = ended(observation({"text": "panel"}, component=probes, method={"text": "FISH"}))
    assert [(one["finding"], one["result"], one["method"]) for one in profile["genomics"]] == [
        ("del(17p)", "not detected", "FISH"),
        ("t(4;14)", "detected", "FISH"),
    ]
    assert (how, why) == ("used", ["component[2].code: the vocabulary does not know it"])
