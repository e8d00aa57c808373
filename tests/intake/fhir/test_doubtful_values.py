"""Values that are contradicted, hedged or somebody else's; and what their text says."""

from typing import Any

import pytest

from tests.intake.fhir.making import (
    LOINC,
    MEANS,
    SNOMED,
    UCUM,
    concept,
    ended,
    observation,
    quantity,
)

OPEN: dict[str, tuple[Any, str]] = {
    "a value and the reason why there is none": (
        observation(valueQuantity=quantity(0), dataAbsentReason=concept("x", "error")),
        "dataAbsentReason: it stands beside a value",
    ),
    "a quantity without a number": (
        observation(valueQuantity={"unit": "g/dL"}),
        "value: nothing in it is read",
    ),
    "high, of no value": (
        observation(interpretation=[concept(MEANS, "H")]),
        "interpretation: without a value it says neither yes nor no",
    ),
    "codes that disagree": (
        observation(
            "5196-1", valueCodeableConcept={"coding": [{"system": SNOMED, "code": "10828004"},
                                                       {"system": SNOMED, "code": "260385009"}]}),
        "value: its codes and words say different things",
    ),
    "a code and words that disagree": (
        observation("5196-1", valueCodeableConcept=concept(SNOMED, "10828004", "Negative")),
        "value: its codes and words say different things",
    ),
    "scores that disagree": (
        observation("89247-1", valueCodeableConcept=concept(LOINC, "LA9623-5", "ECOG 3")),
        "value: its codes and words say different things",
    ),
    "a value and an interpretation that disagree": (
        observation("5196-1", valueString="Positive", interpretation=[concept(MEANS, "NEG")]),
        "interpretation: it says the opposite of the value",
    ),
    "one unit of a ratio": (
        observation(valueRatio={"numerator": {"value": 12}, "denominator": {"value": 1, "unit": "dL"}}),
        "valueRatio: one unit for two numbers",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("resource", "why"), OPEN.values(), ids=OPEN)
def test_a_value_that_is_contradicted_is_no_value_and_no_older_one_steps_in(resource: Any, why: str) -> None:
    profile, how, told = ended(resource)
    assert "value" not in profile["observations"][0]
    assert (how, told) == ("used", [f"{why} (kept without a value)"])


READ: dict[str, tuple[Any, dict[str, Any]]] = {
    "two grades": (observation("89247-1", valueString="1-2"), {"value": "1 to 2"}),
    "a grade and its words": (
        observation("89247-1", valueString="2 - Ambulatory, up more than 50% of waking hours"),
        {"value": "2"},
    ),
    "a grade that has changed": (observation("89247-1", valueString="2 - now 1"), {"value": "2 - now 1"}),
    "the grade of another scale": (observation("89243-0", valueString="ECOG 1"), {"value": "ECOG 1"}),
    "an index, by its interpretation": (
        observation("5196-1", valueQuantity=quantity(0.1, "S/CO"), interpretation=[concept(MEANS, "NEG")]),
        {"value": "negative"},
    ),
    "an index alone": (
        observation("5196-1", valueQuantity=quantity(0.1, "S/CO")), {"value": "0.1", "unit": "S/CO"}),
    "a ratio of units": (
        observation(valueRatio={"numerator": quantity(12, "g"), "denominator": quantity(1, "dL")}),
        {"value": "12", "unit": "g/dL"},
    ),
    "an amount in a day": (
        observation("2889-4", valueRatio={"numerator": quantity(80, "mg"), "denominator": quantity(24, "h")}),
        {"value": "80", "unit": "mg/(24.h)"},
    ),
    "a unit beside a code that is none": (
        observation(valueQuantity={"value": 12, "unit": "g/dL", "system": SNOMED, "code": "258795003"}),
        {"value": "12", "unit": "g/dL"},
    ),
    "a code of the right system": (
        observation(valueQuantity={"value": 12, "unit": "gram", "system": UCUM, "code": "g/dL"}),
        {"value": "12", "unit": "g/dL"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("resource", "expected"), READ.values(), ids=READ)
def test_a_value_is_what_all_of_it_says(resource: Any, expected: dict[str, Any]) -> None:
    found = ended(resource)[0]["observations"][0]
    assert {key: found[key] for key in ("value", "unit") if key in found} == expected


@pytest.mark.parametrize(
    ("stated", "expected", "why"),
    [
        ({"text": "12.0 - 16.0 g/dL"}, {"low": "12.0", "high": "16.0"}, []),
        ({"text": "<= 16"}, {"high": "16"}, []),
        ({"text": "> 12 g/dL"}, {"low": "12"}, []),
        ({"text": "M: 13-17, F: 12-16"}, None, []),
        (
            {"text": "120-160 g/L"},
            None,
            ["referenceRange[0].text: in another unit than the value (left out)"],
        ),
        (
            {"high": quantity(16), "appliesTo": [{"text": "male"}]},
            None,
            ["referenceRange[0]: it holds for some people only (left out)"],
        ),
        (
            {"low": quantity(16), "high": quantity(12)},
            None,
            ["referenceRange[0]: its high end lies below its low end (left out)"],
        ),
    ],
)
def test_a_reference_range_is_this_persons_and_says_nothing_else(
    stated: Any, expected: Any, why: list[str]
) -> None:
    profile, _, told = ended(observation(valueQuantity=quantity(12), referenceRange=[stated]))
    assert profile["observations"][0].get("reference_range") == expected
    assert told == why


@pytest.mark.parametrize(
    "focus",
    [
        "RelatedPerson/1",
        "http://clinic.example/fhir/RelatedPerson/1",
        "#r",
        "Patient/q",
    ],
)
def test_what_is_about_somebody_else_is_so_by_any_kind_of_reference(focus: str) -> None:
    born = observation(
        valueQuantity=quantity(12),
        focus=[{"reference": focus}],
        contained=[{"resourceType": "RelatedPerson", "id": "r"}],
    )
    profile, how, why = ended(born)
    assert "observations" not in profile
    assert (how, why) == ("not needed", ["it speaks of somebody else"])


def test_a_focus_on_the_patient_is_about_the_patient() -> None:
    assert ended(observation(valueQuantity=quantity(12), focus=[{"reference": "Patient/p"}]))[1] == "used"


def test_a_panel_that_has_a_code_of_its_own_still_holds_its_members() -> None:
    inner = observation("777-3", id="m", valueQuantity=quantity(150, "10*3/uL"))
    profile, how, _ = ended(observation(hasMember=[{"reference": "#m"}], contained=[inner]))
    assert ([one["name"] for one in profile["observations"]], how) == (["platelet count"], "used")


def test_a_contained_result_of_another_patient_is_not_taken() -> None:
    inner = observation("777-3", id="m", valueQuantity=quantity(150, "10*3/uL"),
                        subject={"reference": "Patient/q"})  # fmt: skip
    profile, _, why = ended(observation("58410-2", hasMember=[{"reference": "#m"}], contained=[inner]))
    assert "observations" not in profile
    assert why[0] == "hasMember[0]: subject: a reference to something that is not here"


def test_codes_of_two_tests_are_said_to_be_that() -> None:
    both = {"coding": [{"system": LOINC, "code": "718-7"}, {"system": LOINC, "code": "777-3"}]}
    profile, _, why = ended(observation(both, valueInteger=1))
    assert [(one["name"], one.get("value")) for one in profile["observations"]] == [
        ("hemoglobin", None),
        ("platelet count", None),
    ]
    assert why == ["code: its codes name different tests (kept without a value)"]


def test_of_several_times_the_value_is_of_all() -> None:
    times = {"event": ["2026-09-20", "2026-09-01"]}
    profile, _, _ = ended(observation(effectiveDateTime=None, effectiveTiming=times, valueInteger=12))
    assert profile["observations"][0]["date"] == "2026-09-01/2026-09-20"


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("82810-3", {"text": "Not pregnant"}, {"pregnant": False}),
        ("63895-7", concept(LOINC, "LA29252-6"), {"breastfeeding": True}),
        ("63895-7", concept(LOINC, "LA29253-4", "Not currently breastfeeding"), {"breastfeeding": False}),
        ("82810-3", concept(SNOMED, "77386006", "Not pregnant"), None),
    ],
)
def test_a_reproductive_status_is_what_code_and_words_say_alike(code: str, value: Any, expected: Any) -> None:
    found = ended(observation(code, valueCodeableConcept=value))[0].get("reproductive")
    assert (found and {key: found[key] for key in expected}) == expected


def test_a_panel_with_a_value_of_its_own_that_is_not_read_says_so() -> None:
    stage = observation(concept(SNOMED, "399537006"), valueCodeableConcept={"text": "stage IIB"},
                        hasMember=[{"reference": "#m"}],
                        contained=[observation(concept(SNOMED, "1"), id="m")])  # fmt: skip
    assert ended(stage)[1:] == (
        "not understood",
        ["the vocabulary does not know its code or name",
         "hasMember[0]: the vocabulary does not know its code or name"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "how", "why"),
    [
        (
            "unknown",
            "not understood",
            ["status: whether the result stands, nobody says (kept without a value)"],
        ),
        ("preliminary", "used", ["preliminary: it may still change"]),
        ("amended", "used", []),
    ],
)
def test_a_result_that_may_not_stand_says_so(status: str, how: str, why: list[str]) -> None:
    assert ended(observation(valueQuantity=quantity(12), status=status))[1:] == (how, why)


@pytest.mark.parametrize(
    ("text", "display", "name"),
    [
        ("Hemoglobin", "HGB auto", "hemoglobin"),
        ("Calcium", "Calcium, ionized", None),
        ("Creatinine", "Urine creatinine", None),
        ("total bilirubin", "direct bilirubin", None),
        ("direct bilirubin", "Bilirubin direct (serum)", "direct bilirubin"),
    ],
)
def test_a_local_name_is_a_test_only_where_all_its_words_allow_it(
    text: str, display: str, name: str | None
) -> None:
    local = {"coding": [{"system": "http://clinic.example", "code": "1", "display": display}], "text": text}
    profile, _, _ = ended(observation(local, valueQuantity=quantity(1, "mg/dL")))
    assert [one["name"] for one in profile.get("observations", [])] == ([name] if name else [])
