"""What may not stand, or is not understood, keeps its place as the newest: nothing older decides for it."""

from typing import Any

import pytest

from tests.evaluate.asking import truth
from tests.intake.fhir.making import (
    ABSENT,
    CLINICAL,
    ICD,
    LOINC,
    NEUROPATHY,
    PRESENT,
    SNOMED,
    TURNED,
    VERIFIED,
    bundle,
    concept,
    condition,
    convert,
    gene,
    judged,
    observation,
    panel,
    quantity,
    read,
    report,
)

EARLY, LATE = "2026-01-05", "2026-09-05"
DEL = {"text": "del(17p)"}
HB = concept(LOINC, "718-7")


FISH = {"text": "FISH"}
MISSED = observation(DEL, id="older", effectiveDateTime=EARLY, valueCodeableConcept=ABSENT, method=FISH)
FOUND: dict[str, Any] = {
    "status unknown": observation(DEL, valueCodeableConcept=PRESENT, status="unknown"),
    "a status of one's own": observation(DEL, valueCodeableConcept=PRESENT, status="suspected"),
    "a status of the wrong type": observation(DEL, valueCodeableConcept=PRESENT, status=["final"]),
    "a modifier": observation(DEL, valueCodeableConcept=PRESENT, **TURNED),
    "an answer that is none": observation(DEL, valueCodeableConcept={"text": "see comment"}),
    "code and words differ": observation(DEL, valueCodeableConcept=concept(LOINC, "LA9633-4", "Absent")),
    "a share that is none": observation(DEL, valueQuantity=quantity(410, "%")),
    "a share, the result unsaid": observation(DEL, valueQuantity=quantity(41, "%")),
    "a value of the wrong type": observation(DEL, valueBoolean="true"),
    "why it is missing": observation(DEL, dataAbsentReason=concept("x", "error")),
    "withheld": observation(DEL, _valueString={"extension": [{"url": "http://x", "valueCode": "masked"}]}),
    "only interpreted": observation(DEL, interpretation=[concept("x", "H")]),
    "text that is not understood": observation(FISH, valueString="del(17p) cannot be ruled out"),
    "text that is understood in part": observation(FISH, valueString="17p-: detected; rest pending"),
    "text that may not stand": observation(FISH, valueString="17p-: detected", status="unknown"),
    "a probe": observation(FISH, component=[{"code": DEL, "valueCodeableConcept": {"text": "?"}}]),
    "a probe that may not stand": observation(
        FISH, component=[{"code": DEL, "valueCodeableConcept": PRESENT}], status="unknown"),
    "a probe with a modifier": observation(
        FISH, component=[{"code": DEL, "valueCodeableConcept": PRESENT, **TURNED}]),
    "notation": observation(concept(LOINC, "81291-7"), valueString="del(17)(p13)", status="unknown"),
    "a member": panel(observation(DEL, valueCodeableConcept=PRESENT, status="unknown")),
    "of a panel that may not stand": panel(observation(DEL, valueCodeableConcept=PRESENT), status="unknown"),
    "of a panel with a modifier": panel(observation(DEL, valueCodeableConcept=PRESENT), **TURNED),
    "of a report that may not stand": report(
        observation(DEL, valueCodeableConcept=PRESENT), status="unknown"),
    "of a report with a modifier": report(observation(DEL, valueCodeableConcept=PRESENT), **TURNED),
    "a member with rules of its own": panel(
        observation(DEL, valueCodeableConcept=PRESENT, implicitRules="http://x")),
    "the conclusion of a report": report(conclusion="Findings favour del(17p)."),
    "that of one that may not stand": report(conclusion="del(17p): detected", status="unknown"),
}  # fmt: skip


@pytest.mark.parametrize("newer", FOUND.values(), ids=FOUND)
def test_a_marker_that_was_not_found_is_not_absent_beside_a_newer_doubtful_result(newer: Any) -> None:
    newer = {**newer, "effectiveDateTime": LATE}
    for one in newer.get("contained", ()):
        one["effectiveDateTime"] = LATE
    assert judged("17p-", MISSED) == "false"
    assert judged("17p-", MISSED, newer) == "unknown"
    profile, entries = read(newer)
    assert {one.get("result", "indeterminate") for one in profile["genomics"]} <= {
        "indeterminate"
    } or "members" in str(entries)
    assert entries[0].ended in ("not understood", "in error", "used")


@pytest.mark.parametrize(
    "newer",
    [
        observation(DEL, valueCodeableConcept=PRESENT, status="entered-in-error"),
        observation(DEL, valueCodeableConcept=PRESENT, status="cancelled"),
        observation(DEL, status="registered"),
        observation(DEL, dataAbsentReason=concept("x", "not-performed")),
        observation(DEL, valueCodeableConcept=PRESENT, status="unknown", focus={"reference": "Device/d"}),
        observation(FISH, valueString="see report"),
        observation({"text": "t(4;14)"}, valueCodeableConcept=PRESENT, status="unknown"),
        panel(observation(DEL, valueCodeableConcept=PRESENT), status="entered-in-error"),
        panel(observation(DEL, valueCodeableConcept=PRESENT, status="cancelled"), status="unknown"),
    ],
)
def test_what_never_was_takes_no_ones_place(newer: Any) -> None:
    assert judged("17p-", MISSED, {**newer, "effectiveDateTime": LATE}) == "false"


@pytest.mark.parametrize("significance", ["Benign", "Pathogenic"])
def test_a_variant_that_may_not_stand_is_open_once_unless_it_is_harmless(significance: str) -> None:
    meaning = {"code": concept(LOINC, "53037-8"), "valueCodeableConcept": {"text": significance}}
    profile, entries = read(observation("69548-6", component=[gene("TP53"), meaning], status="unknown",
                                        valueCodeableConcept=PRESENT))  # fmt: skip
    assert len(profile.get("genomics", ())) == (significance == "Pathogenic")
    assert ("kept" in entries[0].why[0]) == (significance == "Pathogenic")


def test_a_doubtful_test_of_another_fluid_takes_no_ones_place() -> None:
    urine = observation({"text": "creatinine"}, valueQuantity=quantity(80, "mg/dL"),
                        specimen={"display": "Urine"}, status="unknown")  # fmt: skip
    assert "observations" not in read(urine)[0]


def test_a_gene_of_several_with_a_variant_in_one_is_open() -> None:
    older = observation("69548-6", id="older", component=[gene("TP53")], effectiveDateTime=EARLY,
                        valueCodeableConcept=ABSENT, method={"text": "NGS"})  # fmt: skip
    newer = observation("69548-6", component=[gene("TP53"), gene("BRAF")], valueCodeableConcept=PRESENT)
    assert judged("TP53 mutation", older) == "false"
    assert judged("TP53 mutation", older, newer) == "unknown"
    assert judged("TP53 mutation", older, {**newer, "component": [gene("BRAF")]}) == "false"


# --- laboratory values ------------------------------------------------------------------------

LOW = observation(id="m", valueQuantity=quantity(7), effectiveDateTime=LATE)
VALUES: dict[str, Any] = {
    "of a panel that may not stand": panel(LOW, status="unknown"),
    "of a panel with a modifier": panel(LOW, **TURNED),
    "of a panel in a panel": panel(observation({"text": "panel"}, hasMember=[{"reference": "#m1"}]), LOW),
    "of a panel with a value": panel(LOW) | {"code": concept(LOINC, "777-3"), "valueInteger": 150},
    "of a panel whose code is missing": panel(LOW) | {"code": None},
    "of a report that may not stand": report(LOW, status="unknown"),
    "of a report with rules of its own": report(LOW, implicitRules="http://x"),
    "a member with rules of its own": panel(LOW | {"implicitRules": "http://x"}),
    "codes of two tests": LOW | {"code": {"coding": [*HB["coding"], *concept(LOINC, "777-3")["coding"]]}},
    "a status of the wrong type": LOW | {"status": 5},
    "withheld": LOW | {"valueQuantity": None, "_valueQuantity": {"extension": [{"url": "http://x"}]}},
}


@pytest.mark.parametrize("newer", VALUES.values(), ids=VALUES)
def test_no_older_value_decides_beside_a_newer_one_wherever_that_is_held(newer: Any) -> None:
    older = observation(id="older", valueQuantity=quantity(12), effectiveDateTime="2026-08-05")
    assert judged("hemoglobin >= 8 g/dL", older) == "true"
    assert judged("hemoglobin >= 8 g/dL", older, newer) in ("unknown", "false")
    if "panel in" not in str(newer) and newer.get("status") == "unknown":
        assert judged("hemoglobin >= 8 g/dL", older, newer) == "unknown"


def test_members_that_point_to_each_other_are_each_read_once() -> None:
    made = panel(*(observation({"text": "panel"}, hasMember=[{"reference": f"#m{n}"} for n in range(30)])
                   for _ in range(29)), LOW)  # fmt: skip
    for written in (made, made | {"status": "unknown"}):
        profile, entries = read(written)
        assert len(profile["observations"]) == 1
        assert entries[0].ended == ("used" if written is made else "not understood")


def test_a_part_of_a_member_says_where_it_stands() -> None:
    parts = [{"code": concept(LOINC, "8480-6"), "valueQuantity": quantity(130, "mm[Hg]")}]
    profile, _ = read(panel(observation("85354-9", component=parts)))
    assert [one["source"] for one in profile["observations"]] == ["Observation/o.hasMember[0].component[0]"]


# --- pregnancy --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "newer",
    [
        {"valueCodeableConcept": concept(SNOMED, "77386006"), "status": "unknown"},
        {"valueCodeableConcept": concept(SNOMED, "77386006"), **TURNED},
        {"valueCodeableConcept": {"text": "to be repeated"}},
        {"valueCodeableConcept": concept(SNOMED, "77386006", "Not pregnant")},
        {"valueBoolean": "yes"},
    ],
)
def test_an_older_pregnancy_status_does_not_speak_for_a_newer_one(newer: Any) -> None:
    older = observation("82810-3", id="older", effectiveDateTime="2026-08-20",
                        valueCodeableConcept=concept(SNOMED, "60001007"))  # fmt: skip
    assert judged("pregnant", older) == "false"
    assert judged("pregnant", older, observation("82810-3", effectiveDateTime=LATE, **newer)) == "unknown"
    gone = observation("82810-3", effectiveDateTime="2026-08-01", **newer)
    assert judged("pregnant", older, gone) == "false"


# --- conditions, procedures, allergies --------------------------------------------------------


@pytest.mark.parametrize(
    "newer",
    [
        condition(NEUROPATHY, **TURNED),
        condition(NEUROPATHY, implicitRules="http://x"),
        condition(NEUROPATHY, clinicalStatus="active"),
        condition(NEUROPATHY, verificationStatus=["confirmed"]),
        condition(concept(ICD, "G62.9", "R/O peripheral neuropathy")),
        condition(NEUROPATHY, verificationStatus=concept(VERIFIED, "provisional")),
        {"resourceType": "AdverseEvent", "id": "c", "actuality": "actual", "event": NEUROPATHY, **TURNED},
    ],
)
def test_a_disease_that_was_gone_is_not_absent_beside_a_newer_doubtful_record(newer: Any) -> None:
    older = condition(
        NEUROPATHY, id="older", recordedDate=EARLY, clinicalStatus=concept(CLINICAL, "resolved")
    )
    assert judged("peripheral neuropathy", older) == "false"
    profile, _ = read(older, {**newer, "recordedDate": LATE, "date": LATE})
    assert [one["status"] for one in profile["conditions"]] == ["resolved", "suspected"]
    assert truth("peripheral neuropathy", conditions=profile["conditions"]) == "unknown"


@pytest.mark.parametrize(
    "doubt", [{"status": "unknown"}, {"status": "on-hold"}, {"status": "?"}, {"status": 5}, TURNED]
)
def test_an_early_transplant_is_not_the_last_one_beside_a_doubtful_later_one(doubt: Any) -> None:
    transplant = {"text": "autologous stem cell transplant"}
    early = {"resourceType": "Procedure", "id": "older", "status": "completed", "code": transplant,
             "performedDateTime": "2020-01-05"}  # fmt: skip
    late = {**early, "id": "newer", "performedDateTime": LATE, **doubt}
    complete = {"complete": {"procedures": "2026-10-01"}}
    rule = "autologous stem cell transplant at least 3 months ago"
    first, _ = read(early)
    assert truth(rule, procedures=first["procedures"], **complete) == "true"
    both, entries = read(early, late)
    assert [one.get("status") for one in both["procedures"]] == [None, "suspected"]
    assert truth(rule, procedures=both["procedures"], **complete) == "unknown"
    assert entries[1].ended in ("not understood", "in error")


def test_an_allergy_that_may_not_be_there_is_suspected() -> None:
    allergy = {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": "lenalidomide"}}
    older = {**allergy, "id": "older", "clinicalStatus": {"coding": [{"code": "resolved"}]},
             "recordedDate": EARLY}  # fmt: skip
    assert judged("allergy to lenalidomide", older) == "false"
    newer = {**allergy, "recordedDate": LATE, **TURNED}
    assert judged("allergy to lenalidomide", older, newer) == "unknown"


def test_a_contained_resource_with_a_modifier_voids_itself_and_not_its_holder() -> None:
    nurse = {"resourceType": "Practitioner", "id": "n", **TURNED}
    made = convert(bundle(observation(valueQuantity=quantity(12), contained=[nurse])))
    assert made.patient is not None
    assert made.patient.observations[0].value == 12
