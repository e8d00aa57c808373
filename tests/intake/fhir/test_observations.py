"""Observations: by code, in every type of value, with what is missing said."""

import datetime
from typing import Any

import pytest

from screener import api
from screener.evaluate.reading import Reader
from tests.intake.fhir.making import (
    LOINC,
    MEANS,
    SNOMED,
    bundle,
    concept,
    convert,
    observation,
    quantity,
    read,
)

ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

# what is written → value and unit of the record
VALUES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a quantity": ({"valueQuantity": quantity(12.1)}, {"value": "12.1", "unit": "g/dL"}),
    "below a limit": ({"valueQuantity": quantity(0.1, comparator="<")}, {"value": "<0.1", "unit": "g/dL"}),
    "at least": ({"valueQuantity": quantity(9, comparator=">=")}, {"value": ">=9", "unit": "g/dL"}),
    "digits in quotes": ({"valueQuantity": quantity("12.10")}, {"value": "12.10", "unit": "g/dL"}),
    "a unit without its code": (
        {"valueQuantity": {"value": 121, "unit": "g/L"}},
        {"value": "121", "unit": "g/L"},
    ),
    "a code without its unit": (
        {"valueQuantity": {"value": 121, "code": "g/L"}},
        {"value": "121", "unit": "g/L"},
    ),
    "no unit at all": ({"valueQuantity": {"value": 121}}, {"value": "121"}),
    "an integer": ({"valueInteger": 12}, {"value": "12"}),
    "a text with a number": ({"valueString": "12.1"}, {"value": "12.1"}),
    "a text with a sign": ({"valueString": "< 7"}, {"value": "<7"}),
    "a text with number and unit": ({"valueString": "12.1 g/dL"}, {"value": "12.1", "unit": "g/dL"}),
    "words": ({"valueString": "hemolyzed"}, {"value": "hemolyzed"}),
    "a range": (
        {"valueRange": {"low": quantity(11), "high": quantity(12.5)}},
        {"value": "11 to 12.5", "unit": "g/dL"},
    ),
    "an open range": ({"valueRange": {"low": quantity(11)}}, {"value": ">=11", "unit": "g/dL"}),
    "a ratio to one": (
        {"valueRatio": {"numerator": {"value": 1.5}, "denominator": {"value": 1}}},
        {"value": "1.5"},
    ),
    "a coded answer": ({"valueCodeableConcept": concept(LOINC, "LA6577-6")}, {"value": "negative"}),
    "an answer in words": ({"valueCodeableConcept": {"text": "Normal"}}, {"value": "Normal"}),
    "yes": ({"valueBoolean": True}, {"value": "positive"}),
    "an interpretation alone": ({"interpretation": [concept(MEANS, "NEG")]}, {"value": "negative"}),
    "not a number": ({"dataAbsentReason": concept(ABSENT, "not-a-number")}, {}),
}


@pytest.mark.parametrize(("written", "expected"), VALUES.values(), ids=VALUES)
def test_a_value_keeps_its_number_its_sign_and_its_unit(written: Any, expected: dict[str, Any]) -> None:
    profile, entries = read(observation(**written))
    assert profile["observations"] == [
        {
            "name": "hemoglobin",
            "codes": [{"system": "LOINC", "code": "718-7"}],
            "date": "2026-09-20",
            "source": "Observation/o",
            **expected,
        }
    ]
    assert entries[0].ended == "used"


# what is written → how the entry ends, and the reason
LEFT: dict[str, tuple[dict[str, Any], str, str]] = {
    "entered in error": ({"status": "entered-in-error"}, "not needed", "entered in error"),
    "cancelled": ({"status": "cancelled"}, "not needed", "cancelled"),
    "registered": ({"status": "registered"}, "not needed", "it has no result yet"),
    "a status of one's own": ({"status": "done"}, "not understood", "status: not one of the standard"),
    "nothing": ({}, "not needed", "it has no value"),
    "not performed": (
        {"dataAbsentReason": concept(ABSENT, "not-performed")},
        "not needed",
        "it says that nothing was measured or is known",
    ),
    "an unknown code": (
        {"code": concept(LOINC, "99999-9", "hemoglobin"), "valueInteger": 1},
        "not understood",
        "the vocabulary does not know its code or name",
    ),
    "no code": ({"code": None, "valueInteger": 1}, "in error", "code: missing"),
    "a code of the wrong type": ({"code": 718}, "in error", "code: not an object"),
    "codings of the wrong type": ({"code": {"coding": "718-7"}}, "in error", "code.coding: not a list"),
    "somebody else": (
        {"focus": [{"reference": "RelatedPerson/1"}], "valueInteger": 1},
        "not needed",
        "it speaks of somebody else",
    ),
    "another patient": (
        {"subject": {"reference": "Patient/q"}, "valueInteger": 1},
        "in error",
        "subject: a reference to something that is not here",
    ),
}


@pytest.mark.parametrize(("written", "ended", "why"), LEFT.values(), ids=LEFT)
def test_what_decides_nothing_is_no_record_and_says_why(written: Any, ended: str, why: str) -> None:
    profile, entries = read(observation(**written))
    assert "observations" not in profile
    assert (entries[0].ended, entries[0].why) == (ended, [why])


# what cannot be read but was measured stays: the newest value that cannot be used must not vanish
KEPT: dict[str, tuple[dict[str, Any], str]] = {
    "a value of the wrong type": ({"valueQuantity": quantity([12])}, "valueQuantity.value: not a number"),
    "too many digits": ({"valueQuantity": quantity("1" * 31)}, "valueQuantity.value: not a number"),
    "a comparator of one's own": (
        {"valueQuantity": quantity(1, comparator="ad")},
        "valueQuantity.comparator: none of <, <=, >=, >",
    ),
    "two units": (
        {"valueQuantity": {"value": 12, "unit": "g/L", "code": "g/dL"}},
        "valueQuantity: its unit and its unit's code differ",
    ),
    "a titer": (
        {"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}},
        "valueRatio: only a ratio to 1, or of two units, is read",
    ),
    "a time": ({"valueTime": "10:00"}, "value: a type that no profile holds"),
    "a range upside down": (
        {"valueRange": {"low": quantity(9), "high": quantity(8)}},
        "valueRange: its high end lies below its low end",
    ),
}


@pytest.mark.parametrize(("written", "why"), KEPT.values(), ids=KEPT)
def test_a_value_that_cannot_be_read_stays_the_newest_one(written: Any, why: str) -> None:
    profile, entries = read(observation(**written))
    assert "value" not in profile["observations"][0]
    assert entries[0].why == [f"{why} (kept without a value)"]


@pytest.mark.parametrize(
    ("written", "date", "why"),
    [
        ({"effectiveDateTime": "2026-09-20T23:30:00-05:00"}, "2026-09-20T23:30:00-05:00", []),
        ({"effectiveDateTime": "2026-09-21T00:10:00+14:00"}, "2026-09-21T00:10:00+14:00", []),
        ({"effectiveDateTime": "2026-09"}, "2026-09", []),
        (
            {"effectiveDateTime": None, "effectiveInstant": "2026-09-20T08:00:00.123Z"},
            "2026-09-20T08:00:00.123Z",
            [],
        ),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-09-19", "end": "2026-09-20"}},
            "2026-09-19/2026-09-20",
            [],
        ),
        ({"effectiveDateTime": None, "effectivePeriod": {"end": "2026-09-20"}}, "2026-09-20", []),
        ({"effectiveDateTime": None, "effectiveTiming": {"event": ["2026-09-20"]}}, "2026-09-20", []),
        ({"effectiveDateTime": None}, None, ["it has no date"]),
        (
            {"effectiveDateTime": "2026-02-30"},
            None,
            ["effectiveDateTime: not a date of the calendar (left out)", "it has no date"],
        ),
        (
            {"effectiveDateTime": 20260920},
            None,
            ["effectiveDateTime: not a text (left out)", "it has no date"],
        ),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-09-20", "end": "2026-09-19"}},
            None,
            ["effectivePeriod: it ends before it starts (left out)", "it has no date"],
        ),
    ],
)
def test_a_day_is_the_local_day_as_written(written: Any, date: str | None, why: list[str]) -> None:
    profile, entries = read(observation(valueInteger=12, **written))
    assert profile["observations"][0].get("date") == date
    assert entries[0].why == why


@pytest.mark.parametrize(
    ("code", "written", "value"),
    [
        ("89247-1", {"valueInteger": 1}, "1"),
        ("89247-1", {"valueCodeableConcept": concept(LOINC, "LA9624-3")}, "2"),
        ("89247-1", {"valueCodeableConcept": concept(SNOMED, "422512005")}, "1"),
        ("89247-1", {"valueQuantity": {"value": 1, "unit": "{score}"}}, "1"),
        ("89247-1", {"interpretation": [concept(LOINC, "LA9622-7")]}, "0"),
        ("89247-1", {"valueString": "ECOG 2"}, "2"),
        ("89243-0", {"valueCodeableConcept": concept(LOINC, "LA29176-7")}, "90"),
        ("89243-0", {"valueString": "80%"}, "80"),
    ],
)
def test_a_performance_status_is_read_as_number_or_as_coded_answer(
    code: str, written: Any, value: str
) -> None:
    profile, _ = read(observation(code, **written))
    assert profile["observations"][0]["value"] == value
    assert "unit" not in profile["observations"][0]


def test_a_score_that_means_another_number_on_another_scale_is_read_on_its_own() -> None:
    profile, _ = read(observation("89243-0", valueCodeableConcept=concept(LOINC, "LA9627-6")))
    assert profile["observations"][0]["value"] == "0"  # the same answer is 5 on the ECOG scale


def test_components_are_records_of_their_own() -> None:
    parts = [
        {"code": concept(LOINC, code), "valueQuantity": quantity(value, "mm[Hg]")}
        for code, value in (("8480-6", 130), ("8462-4", 80), ("99999-9", 1))
    ]
    profile, entries = read(observation("85354-9", component=parts))
    assert [(one["source"], one["value"]) for one in profile["observations"]] == [
        ("Observation/o.component[0]", "130"),
        ("Observation/o.component[1]", "80"),
    ]
    assert (entries[0].ended, entries[0].why) == (
        "used",
        ["component[2].code: the vocabulary does not know it"],
    )


def test_a_panel_is_its_members_also_where_it_holds_them() -> None:
    member = observation("777-3", id="plt", valueQuantity=quantity(180, "10*3/uL"))
    inner = observation(id="hb", valueQuantity=quantity(12))
    panel = observation(
        "58410-2",
        id="cbc",
        contained=[inner],
        hasMember=[{"reference": "#hb"}, {"reference": "Observation/plt"}],
    )
    profile, entries = read(panel, member)
    assert {one["source"] for one in profile["observations"]} == {
        "Observation/cbc.hasMember[0]",
        "Observation/plt",
    }
    assert [entry.ended for entry in entries] == ["used", "used"]


def test_panels_that_are_members_of_each_other_come_to_an_end() -> None:
    one = observation("58410-2", id="a", hasMember=[{"reference": "Observation/b"}])
    other = observation("58410-2", id="b", hasMember=[{"reference": "Observation/a"}])
    _, entries = read(one, other)
    assert [entry.ended for entry in entries] == ["used", "used"]


@pytest.mark.parametrize(
    ("ranges", "expected", "why"),
    [
        ([{"low": quantity(12), "high": quantity(16)}], {"low": "12", "high": "16"}, []),
        ([{"high": {"value": 16}}], {"high": "16"}, []),
        (
            [{"high": {"value": 160, "unit": "g/L"}}],
            None,
            ["referenceRange[0].high: in another unit than the value (left out)"],
        ),
        (
            [{"high": {"value": 16}}, {"high": {"value": 15}}],
            None,
            ["referenceRange: several, and it is not said which one holds (left out)"],
        ),
        ([{"text": "12-16"}], {"low": "12", "high": "16"}, []),
        ("12-16", None, ["referenceRange: not a list (left out)"]),
    ],
)
def test_a_reference_range_is_used_where_it_is_the_one(ranges: Any, expected: Any, why: list[str]) -> None:
    profile, entries = read(observation(valueQuantity=quantity(12), referenceRange=ranges))
    assert profile["observations"][0].get("reference_range") == expected
    assert entries[0].why == why


def test_a_count_of_3000_thousands_is_implausible_and_not_used() -> None:
    made = convert(bundle(observation("26499-4", valueQuantity=quantity(3000, "10*3/uL"))))
    assert made.patient is not None
    facts = Reader(made.patient, api.catalogue(), datetime.date(2026, 10, 1)).read()
    assert facts.observed[0].problem == "it is outside what is physiologically possible: check its unit"
    assert facts.observed[0].record == "Observation/o"


def test_a_local_name_counts_where_no_loinc_code_says_otherwise() -> None:
    local = {"coding": [{"system": "http://clinic.example/labs", "code": "HB1"}], "text": "Hemoglobin"}
    assert read(observation(local, valueQuantity=quantity(12)))[0]["observations"][0]["name"] == "hemoglobin"
    long = {"coding": [{"system": LOINC, "code": "99999-9", "display": "Hemoglobin [Mass/volume] in Blood"}]}
    assert read(observation(long, valueQuantity=quantity(12)))[0]["observations"][0]["name"] == "hemoglobin"


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("82810-3", concept(SNOMED, "77386006"), {"pregnant": True}),
        ("82810-3", concept(SNOMED, "60001007"), {"pregnant": False}),
        ("63895-7", concept(LOINC, "LA32-8"), {"breastfeeding": False}),
    ],
)
def test_pregnancy_and_breastfeeding_become_the_reproductive_status(
    code: str, value: Any, expected: dict[str, bool]
) -> None:
    profile, _ = read(observation(code, valueCodeableConcept=value))
    assert profile["reproductive"] == {**expected, "date": "2026-09-20", "source": "Observation/o"}


@pytest.mark.parametrize(
    ("yes", "no", "pregnant"),
    [
        ("2026-05-01", "2026-05-01", None),
        ("2026", "2026-05-01", None),  # which of them is the newer one?
        (None, "2026-05-01", None),
        ("2026-04-30", "2026-05-01", False),
        ("2026-05-01", "2026-04", True),
    ],
)
def test_two_answers_that_disagree_leave_it_open_unless_one_is_newer(
    yes: str | None, no: str, pregnant: bool | None
) -> None:
    says = {"a": ("77386006", yes), "b": ("60001007", no)}
    profile, _ = read(*(
        observation("82810-3", id=id, valueCodeableConcept=concept(SNOMED, code), effectiveDateTime=date)
        for id, (code, date) in says.items()))  # fmt: skip
    assert profile.get("reproductive", {}).get("pregnant") is pregnant


def test_two_answers_of_different_days_count_from_the_older_day() -> None:
    profile, _ = read(
        observation(
            "82810-3",
            id="a",
            valueCodeableConcept=concept(SNOMED, "77386006"),
            effectiveDateTime="2026-01-01",
        ),
        observation("82810-3", id="b", valueCodeableConcept=concept(SNOMED, "60001007")),
        observation(
            "63895-7", id="c", valueCodeableConcept=concept(LOINC, "LA32-8"), effectiveDateTime="2026-08-01"
        ),
    )
    assert profile["reproductive"] == {
        "pregnant": False,
        "breastfeeding": False,
        "date": "2026-08-01",
        "source": "Observation/b, Observation/c",
    }


@pytest.mark.parametrize(
    ("value", "response"),
    [
        (concept(SNOMED, "359746009"), "SD"),
        (concept(SNOMED, "271299001"), "PD"),
        ({"text": "VGPR"}, "VGPR"),
        ({"text": "Stringent complete response"}, "sCR"),
    ],
)
def test_a_disease_status_is_a_response(value: Any, response: str) -> None:
    profile, _ = read(observation("97509-4", valueCodeableConcept=value))
    named = profile["responses"][0]["response"]
    catalogue = api.catalogue()
    assert catalogue.named(named) == catalogue.named(response)


def test_an_improvement_is_no_response_of_the_scale() -> None:
    profile, entries = read(observation("97509-4", valueCodeableConcept=concept(SNOMED, "268910001")))
    assert [one["response"] for one in profile["responses"]] == ["not understood"]
    assert entries[0].ended == "not understood"


def test_a_stage_of_a_scale_is_found_in_the_words_of_its_answer() -> None:
    answer = {"text": "ISS Stage II Plasma Cell Myeloma"}
    profile, _ = read(observation({"text": "ISS stage"}, valueCodeableConcept=answer))
    assert profile["observations"][0]["value"] == "II"


@pytest.mark.parametrize("specimen", [{"display": "Urine"}, {"reference": "Specimen/u"}])
def test_a_test_that_only_words_name_is_not_taken_from_another_fluid(specimen: dict[str, str]) -> None:
    urine = {"resourceType": "Specimen", "id": "u", "type": {"text": "Urine, 24 h"}}
    value = quantity(80, "mg/dL")
    profile, entries = read(
        observation({"text": "creatinine"}, valueQuantity=value, specimen=specimen), urine
    )
    assert "observations" not in profile
    assert entries[0].ended == "not understood"
    coded = observation("2160-0", valueQuantity=quantity(1, "mg/dL"), specimen={"display": "serum"})
    assert read(coded)[1][0].ended == "used"
