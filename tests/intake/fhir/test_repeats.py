"""A record says the same few things many times: what was read before changes no later reading."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.intake.fhir.making import (
    ICD,
    LOINC,
    RXNORM,
    SNOMED,
    concept,
    condition,
    observation,
    quantity,
    read,
)

HEMOGLOBIN = concept(LOINC, "718-7", "Hemoglobin")

# Codes that are spelled nearly as one that was read before.
CODES: dict[str, Any] = {
    "the same": HEMOGLOBIN,
    "other words": HEMOGLOBIN | {"text": "Glucose"},
    "words that are no text": HEMOGLOBIN | {"text": 5},
    "words that are a list": HEMOGLOBIN | {"text": ["Hemoglobin"]},
    "no codes": HEMOGLOBIN | {"coding": []},
    "codes that are no list": HEMOGLOBIN | {"coding": ""},
    "one code, not in a list": HEMOGLOBIN | {"coding": HEMOGLOBIN["coding"][0]},
    "a code that is no object": HEMOGLOBIN | {"coding": [*HEMOGLOBIN["coding"], "718-7"]},
    "a code that is a number": HEMOGLOBIN | {"coding": [{"system": LOINC, "code": 7187}]},
    "a system that is an object": HEMOGLOBIN | {"coding": [{"system": {}, "code": "718-7"}]},
    "a code twice": HEMOGLOBIN | {"coding": HEMOGLOBIN["coding"] * 2},
    "a plain code": {"system": LOINC, "code": "718-7", "text": "Hemoglobin"},
    "a code that something may change": HEMOGLOBIN | {"modifierExtension": [{"url": "x"}]},
}
UNITS: dict[str, Any] = {
    "one unit in two spellings": quantity(12, unit="g/dL") | {"code": "gm/dL"},
    "two units": quantity(12, unit="g/dL") | {"code": "g/L"},
    "another unit": quantity(12, unit="g/L"),
    "a remark": quantity(12, unit="{score}"),
    "a code that is none of a unit": quantity(12, unit="g/dL") | {"code": "258795003", "system": SNOMED},
    "a unit's code, said to be none": quantity(12, unit="g/L") | {"code": "gm/L", "system": SNOMED},
}
# One code with words that agree with it, doubt it, deny it, or say more than it.
TESTS = [concept(SNOMED, "1", words) for words in ("Calcium", "Calcium, ionized", "Calcium, urine")]
DISEASES = [
    *(
        concept(ICD, "C90.00", words)
        for words in ("Multiple myeloma", "R/O multiple myeloma", "Hypertension")
    ),
    *(concept(ICD, code, "Multiple myeloma") for code in ("Z80.7", "Z85.79", "X99")),
    {"text": "Multiple myeloma"},
    {"text": "Multiple myeloma, ruled out"},
]
DRUGS = [
    concept(RXNORM, "342369", words)
    for words in ("Revlimid 10 MG Oral Capsule", "pomalidomide 4 MG Oral Capsule", "one capsule a day")
]


def alone_and_after(first: Any, second: Any) -> list[Any]:
    """Records and end of the second one, read alone and read after the first."""
    found = []
    for resources in ([second], [first, second]):
        profile, entries = read(*resources)
        records = [
            record
            for section in ("observations", "conditions", "treatments", "medications", "procedures")
            for record in profile.get(section, ())
        ]
        last = entries[-1]
        found.append(([one for one in records if one["source"] == last.place], last.ended, last.why))
    return found


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_a_code_is_read_as_if_nothing_stood_before_it(code: Any) -> None:
    value = {"valueQuantity": quantity(12)}
    for earlier in CODES.values():
        before = observation(earlier, id="before", **value)
        alone, after = alone_and_after(before, observation(code, **value))
        assert after == alone


@pytest.mark.parametrize("value", UNITS.values(), ids=UNITS)
def test_a_unit_is_read_as_if_nothing_stood_before_it(value: Any) -> None:
    made = {"valueQuantity": value, "referenceRange": [{"low": quantity(12), "high": value}]}
    for code in ("718-7", "89247-1"):  # hemoglobin, and a score that has no unit
        alone, after = alone_and_after(observation("718-7", **made, id="before"), observation(code, **made))
        assert after == alone


def ordered(code: Any, **more: Any) -> dict[str, Any]:
    kind = {"resourceType": "MedicationRequest", "id": "m", "status": "active"}
    return {**kind, "medicationCodeableConcept": code, **more}


def measured(code: Any, **more: Any) -> dict[str, Any]:
    return observation(code, valueQuantity=quantity(9, unit="mg/dL"), **more)


@pytest.mark.parametrize(
    ("codes", "made"),
    [(TESTS, measured), (DISEASES, condition), (DRUGS, ordered)],
    ids=["tests", "diseases", "drugs"],
)
def test_words_beside_a_code_count_each_time(codes: list[Any], made: Callable[..., Any]) -> None:
    ends = set()
    for first in codes:
        for second in codes:
            alone, after = alone_and_after(made(first, id="before"), made(second))
            assert after == alone
            ends.add(str(alone))
    assert len(ends) > 1  # they do not all end alike


def test_codes_and_words_that_differ_are_not_understood_each_time() -> None:
    code = concept(ICD, "C90.00", "Hypertension")
    alone, after = alone_and_after(condition(code, id="before"), condition(code))
    assert after == alone == ([], "not understood", ["code: its codes and words name different things"])
