"""Records with lists, headings and fields of their own → criteria, each in its place and with its id."""

import json
from functools import cache
from typing import Any

import pytest

from screener.drafting.draft import Draft, draft
from screener.drafting.groups import DraftedCriterion
from screener.drafting.layout.record import read_record
from screener.drafting.reader import Reader
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import rule as r
from screener.vocabulary.load import catalogue


@cache
def reader() -> Reader:
    return Reader(catalogue())


def drafted(text: str) -> Draft:
    return draft(read_record(text.encode(), "trial.txt"), catalogue(), reader())


def of(kind: str, *lines: str) -> list[DraftedCriterion]:
    """The criteria of one section; a leading blank of a line is a level of its list."""
    listed = "\n".join(f"{' ' * 2 * (len(line) - len(line.lstrip()))}* {line.strip()}" for line in lines)
    text = f"{kind.capitalize()} Criteria:\n\n{listed}\n"
    return list(drafted(text).criteria)


def rule(text: str, kind: str) -> r.Rule:
    made, problems = parse(text, catalogue(), kind)
    assert made is not None, [str(problem) for problem in problems]
    return made


def assert_drafted(kind: str, lines: list[str], expected: dict[str, str]) -> None:
    found = of(kind, *lines)
    shown = {criterion.id: Printer(catalogue()).print(criterion.rule) for criterion in found}
    assert [criterion.id for criterion in found] == list(expected), shown
    for criterion in found:
        assert criterion.rule == rule(expected[criterion.id], kind), shown
        assert criterion.kind == kind


# --- what stands above a list -----------------------------------------------------------------

INCLUDED: list[Any] = [
    (["Age ≥ 19 years"], {"I1": "age >= 19 years"}),
    (["Bilirubin <= 1.6 x ULN with the following exception:",
      " Patients with Gilbert's disease: bilirubin <= 3 x ULN"],
     {"I1": "total bilirubin <= 1.6 x ULN or (Gilbert's syndrome and total bilirubin <= 3 x ULN)"}),
    (["Bilirubin <= 1.6 x ULN, except:", " Gilbert's syndrome"],
     {"I1": "total bilirubin <= 1.6 x ULN or Gilbert's syndrome"}),
    (["Failure of flurbles is defined as any of the following:", " Stroke", " Seizure"],
     {"I1": 'manual("Failure of flurbles is defined as any of the following: Stroke Seizure")'}),
    (["Age ≥ 19 years", "ECOG 0-2"], {"I1": "age >= 19 years", "I2": "ECOG 0-2"}),
    (["Confirmed multiple myeloma by one of the following:", " ECOG 0-2", " Marrow flurble"],
     {"I1a": "multiple myeloma", "I1b": 'ECOG 0-2 or manual("Marrow flurble")'}),
    (["Female subjects: If they are of childbearing potential, agree to one of the following:",
      " Two methods of birth control", " Abstinence"],
     {"I1": 'manual("Female subjects: If they are of childbearing potential, agree to one of the following: '
            'Two methods of birth control Abstinence")'}),
    (["Women < 51 years of age:", " FSH >= 41 IU/L"],
     {"I1": "if (female and age < 51 years) then FSH >= 41 IU/L"}),
    (["Adequate function within 8 days: ANC >= 1.1 x 10^9/L and all of the following:", " ECOG 0-2"],
     {"I1a": "ANC >= 1.1 x 10^9/L within 8 days", "I1b": "ECOG 0-2"}),
    (["All of the following:", " Stroke", " Seizure"], {"I1a": "stroke", "I1b": "seizure"}),
    (["Any of the following:", " Stroke", " Seizure"], {"I1": "stroke or seizure"}),
    (["At least one of the following:", " Stroke", " ECOG 0-2"], {"I1": "stroke or ECOG 0-2"}),
    (["One or more of the following:", " Stroke", " ECOG 0-2"], {"I1": "stroke or ECOG 0-2"}),
    (["Laboratory values:", " ANC ≥ 1.1 x 10^9/L", " Hemoglobin ≥ 8.2 g/dL"],
     {"I1a": "ANC >= 1.1 x 10^9/L", "I1b": "hemoglobin >= 8.2 g/dL"}),
    (["Laboratory values:", " ANC ≥ 1.1 x 10^9/L or", " Hemoglobin ≥ 8.2 g/dL"],
     {"I1": "ANC >= 1.1 x 10^9/L or hemoglobin >= 8.2 g/dL"}),
    (["Laboratory values:", " ANC ≥ 1.1 x 10^9/L and", " Hemoglobin ≥ 8.2 g/dL"],
     {"I1a": "ANC >= 1.1 x 10^9/L", "I1b": "hemoglobin >= 8.2 g/dL"}),
    (["Adequate renal function defined as:", " Creatinine ≤ 1.9 mg/dL", " Creatinine clearance ≥ 31 mL/min"],
     {"I1a": "creatinine <= 1.9 mg/dL", "I1b": "creatinine clearance >= 31 mL/min"}),
    (
           ["Adequate renal function defined as any of the following:", " Creatinine ≤ 1.9 mg/dL",
            " Creatinine clearance ≥ 31 mL/min"],
           {"I1": "creatinine <= 1.9 mg/dL or creatinine clearance >= 31 mL/min"}),
    (
           ["Measurable disease, defined as at least one of the following:", " Serum M-protein ≥ 0.6 g/dL",
            " Urine M-protein ≥ 210 mg/24 h"],
           {"I1": "serum M-protein >= 0.6 g/dL or urine M-protein >= 210 mg/24 h"}),
    (["Measurable disease, as shown by any of the following:", " Serum M-protein ≥ 0.6 g/dL",
      " Urine M-protein ≥ 210 mg/24 h"],
     {"I1": "serum M-protein >= 0.6 g/dL or urine M-protein >= 210 mg/24 h"}),
    (["For women:", " Negative pregnancy test", " Age ≥ 19 years"],
     {"I1a": "if female then pregnancy test negative", "I1b": "if female then age >= 19 years"}),
    (["Women of childbearing potential must:", " have a negative pregnancy test"],
     {"I1": "if of childbearing potential then pregnancy test negative"}),
    (["Any of the following:", " Both of the following:", "  Stroke", "  Seizure", " Heart failure"],
     {"I1": "(stroke and seizure) or heart failure"}),
    (["All of the following:", " Any of the following:", "  Stroke", "  Seizure", " Heart failure"],
     {"I1a": "stroke or seizure", "I1b": "heart failure"}),
    (["Laboratory values:", " ANC ≥ 1.1 x 10^9/L", " Blue flurbles"],
     {"I1a": "ANC >= 1.1 x 10^9/L", "I1b": 'manual("Blue flurbles")'}),
    (["Hematologic function within 12 days before enrolment:", " ANC ≥ 1.1 x 10^9/L", " Blue flurbles"],
     {"I1a": "ANC >= 1.1 x 10^9/L within 12 days",
      "I1b": 'manual("Hematologic function within 12 days before enrolment: Blue flurbles")'}),
    (["Pregnancy", "ECOG 0-2"], {"I1": 'manual("Pregnancy")', "I2": "ECOG 0-2"}),
]  # fmt: skip
EXCLUDED: list[Any] = [
    (["Any of the following within 13 days prior to study treatment:", " Plasmapheresis;", " Ixazomib"],
     {"E1a": "plasmapheresis within 13 days before first dose",
      "E1b": "ixazomib within 13 days before first dose"}),
    (["Any of the following prior therapies:", " Selinexor", " Elotuzumab within 2 weeks"],
     {"E1a": "prior selinexor", "E1b": "elotuzumab within 2 weeks"}),
    (["Other malignancy within 5 years, except:", " Basal cell carcinoma of the skin", " Stroke"],
     {"E1": "other malignancy within 5 years except basal cell carcinoma of the skin, stroke"}),
    (["History of malignancy unless the subject has been free of the disease for 6 years, with the "
      "exception of the following noninvasive malignancies:", " Basal cell carcinoma of the skin"],
     {"E1": "history of malignancy except basal cell carcinoma of the skin "
            'unless manual("been free of the disease for 6 years")'}),
    (["Malignancy other than multiple myeloma, with the following exceptions:",
      " Basal cell carcinoma of the skin"],
     {"E1": "malignancy except multiple myeloma, basal cell carcinoma of the skin"}),
    (["Malignancy other than multiple myeloma within 3 years, except:", " Basal cell carcinoma of the skin"],
     {"E1": "malignancy within 3 years except multiple myeloma, basal cell carcinoma of the skin"}),
    (["Exceptions:", " Basal cell carcinoma of the skin"],
     {"E1": 'manual("Exceptions: Basal cell carcinoma of the skin")'}),
    (["Bilirubin > 1.6 x ULN with the following exception:", " Gilbert's syndrome"],
     {"E1": 'manual("Bilirubin > 1.6 x ULN with the following exception: Gilbert\'s syndrome")'}),
    (["Stroke", "Seizure"], {"E1": "stroke", "E2": "seizure"}),
    (["Any of the following:", " Stroke", " Seizure"], {"E1a": "stroke", "E1b": "seizure"}),
    (["Both of the following:", " Stroke", " Seizure"], {"E1": "stroke and seizure"}),
    (["All of the following:", " Stroke", " Seizure"], {"E1": "stroke and seizure"}),
    (["The following conditions:", " Stroke", " Seizure"], {"E1a": "stroke", "E1b": "seizure"}),
    (["Cardiac disease, including:", " Heart failure", " Stroke"],
     {"E1a": "cardiac disease", "E1b": "heart failure", "E1c": "stroke"}),
    (["Contraindications to flurbles as follows:", " Heart failure", " Stroke"],
     {"E1a": "heart failure", "E1b": "stroke"}),
    (["Diagnosis of heart failure by:", " NYHA class III or higher"], {"E1": "NYHA class >= 3"}),
    (["Lack of flurbles:", " Creatinine clearance ≥ 61 mL/min"],
     {"E1": 'manual("Lack of flurbles: Creatinine clearance ≥ 61 mL/min")'}),
    (["Prior chemotherapy:", " Daratumumab within 22 days", " Blue flurbles"],
     {"E1a": "daratumumab within 22 days", "E1b": 'manual("Prior chemotherapy: Blue flurbles")'}),
    (["Uncontrolled flurbles including, but not limited to:", " Active infection", " Stroke"],
     {"E1a": "active infection", "E1b": 'manual("Uncontrolled flurbles") and stroke'}),
    (["Flurbles that the investigator considers relevant, including:", " QTcF > 455 ms"],
     {"E1": 'manual("Flurbles that the investigator considers relevant") and QTcF > 455 ms'}),
    (["Active flurble, as indicated by:", " Heart failure", " Stroke"],
     {"E1a": "heart failure", "E1b": "stroke"}),
    (["For men:", " QTcF > 455 ms"], {"E1": "male and QTcF > 455 ms"}),
    (["Any of the following:", " Both of the following:", "  Stroke", "  Seizure", " Heart failure"],
     {"E1a": "stroke and seizure", "E1b": "heart failure"}),
    (["Received any of the following within 12 days before enrolment:", " Plasmapheresis", " Blue flurbles"],
     {"E1a": "plasmapheresis within 12 days before enrolment",
      "E1b": 'manual("Received any of the following within 12 days before enrolment: Blue flurbles")'}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), INCLUDED, ids=str)
def test_an_inclusion_with_a_list_becomes_criteria(lines: list[str], expected: dict[str, str]) -> None:
    assert_drafted("inclusion", lines, expected)


@pytest.mark.parametrize(("lines", "expected"), EXCLUDED, ids=str)
def test_an_exclusion_with_a_list_becomes_criteria(lines: list[str], expected: dict[str, str]) -> None:
    assert_drafted("exclusion", lines, expected)


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("inclusion", ["Flurbled unless one of the following:", " Stroke", " Seizure"]),
        ("inclusion", ["At least two of the following:", " Stroke", " Seizure", " Heart failure"]),
        ("inclusion", ["None of the following:", " Stroke", " Seizure"]),
        ("inclusion", ["No history of any of the following:", " Stroke", " Seizure"]),
        ("inclusion", ["Laboratory values:", " ECOG 0-2 or", " Stroke and", " Seizure"]),
        (
            "inclusion",
            [
                "Adequate organ function, defined as:",
                " ANC ≥ 1.1 x 10^9/L",
                " Hemoglobin ≥ 8.1 g/dL",
                " Proteinuria < 1 g/24 h or",
                " ECOG 0-2",
            ],
        ),
        (
            "inclusion",
            [
                "One of the following:",
                " ANC ≥ 1.1 x 10^9/L",
                " Hemoglobin ≥ 8.1 g/dL",
                " Note: of flurbled patients an earlier value counts",
            ],
        ),
        (
            "inclusion",
            [
                "A female of childbearing potential is a female who:",
                " has not undergone a hysterectomy",
                " has had menses",
            ],
        ),
        ("exclusion", ["Patients must not have any of the following:", " Stroke", " Seizure"]),
        ("exclusion", ["Stroke, unless one of the following is so:", " Seizure", " Heart failure"]),
        ("exclusion", ["The following are allowed:", " Stroke", " Seizure"]),
    ],
    ids=str,
)
def test_where_the_text_above_a_list_may_turn_it_all_of_it_is_quoted(kind: str, lines: list[str]) -> None:
    [criterion] = of(kind, *lines)
    assert isinstance(criterion.rule, r.Manual)
    assert criterion.standing != "understood"
    told = criterion.rule.text
    assert all(word in told for line in lines for word in line.split())


def test_members_that_slipped_out_of_their_list_are_quoted_with_its_head() -> None:
    lines = ["Measurable disease by any one of the following:", "Serum M-protein ≥ 0.6 g/dL",
             "Urine M-protein ≥ 210 mg/24 h", "Age ≥ 19 years", "ECOG 0-2"]  # fmt: skip
    whole, *others = of("inclusion", *lines)
    assert whole.rule == r.Manual(" ".join(lines[:3]))
    assert [criterion.rule for criterion in others] == [
        rule("age >= 19 years", "inclusion"),
        rule("ECOG 0-2", "inclusion"),
    ]


def test_a_measurable_disease_that_does_not_say_how_many_are_needed_is_quoted() -> None:
    [criterion] = of("inclusion", "Measurable disease:", " Serum M-protein ≥ 0.6 g/dL", " LDH > ULN")
    assert isinstance(criterion.rule, r.Manual)


def test_whatever_a_list_holds_more_than_26_members_are_one_criterion() -> None:
    members = [f" Age ≥ {number} years" for number in range(20, 50)]
    [criterion] = of("inclusion", "All of the following:", *members)
    assert criterion.id == "I1"
    assert isinstance(criterion.rule, r.All)
    assert len(criterion.rule.of) == 30


def test_the_text_of_a_criterion_is_that_above_the_list_and_its_own() -> None:
    texts = [criterion.text for criterion in of("exclusion", "Any of the following:", " Stroke", " Seizure")]
    assert texts == ["Any of the following: Stroke", "Any of the following: Seizure"]


# --- headings ---------------------------------------------------------------------------------

PARTS = (
    "Inclusion Criteria:\n\nPart B only:\n\n* Stroke\n* Seizure\n\nExclusion Criteria:\n\n* Heart failure\n"
)


def test_what_a_heading_limits_holds_only_where_a_person_says_so() -> None:
    found = {criterion.id: criterion for criterion in drafted(PARTS).criteria}
    assert list(found) == ["I1", "I2", "E1"]
    assert isinstance(found["I1"].rule, r.If)
    assert isinstance(found["I1"].rule.condition, r.Manual)
    assert found["I1"].rule.then == rule("stroke", "inclusion")
    assert found["I1"].standing == "understood"  # what is asked is clear: is the patient in that part?
    assert found["E1"].rule == rule("heart failure", "exclusion")


def test_a_group_of_patients_within_an_item_limits_it_too() -> None:
    [included] = of("inclusion", "Part B only: Stroke")
    [excluded] = of("exclusion", "Part B only: Stroke")
    assert isinstance(included.rule, r.If)
    assert included.rule.then == rule("stroke", "inclusion")
    assert isinstance(excluded.rule, r.All)
    assert excluded.rule.of[1] == rule("stroke", "exclusion")


def test_the_sections_count_apart() -> None:
    text = (
        "Inclusion Criteria:\n\n* Stroke\n* Seizure\n\nExclusion Criteria:\n\n* Pregnant\n* Heart failure\n"
    )
    found = [(criterion.id, criterion.kind) for criterion in drafted(text).criteria]
    assert found == [("I1", "inclusion"), ("I2", "inclusion"), ("E1", "exclusion"), ("E2", "exclusion")]


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("* Stroke\n* Seizure\n", ["assumed", "assumed"]),
        ("Stroke\n\nSeizure\n", ["assumed", "assumed"]),
        ("Critères de non inclusion:\n\n* Stroke\n", ["unclear"]),
        ("Unwanted:\n\n* Stroke\n", ["unclear"]),
        ("* Stroke\n\nWe do not take\n\n* Seizure\n", ["assumed", "assumed", "unclear"]),
        ("Stroke\n\nThe study rejects\n\nSeizure\n", ["assumed", "assumed", "unclear"]),
        ("Part A:\n\n* Stroke\n", ["assumed"]),
        ("Eligibility Criteria:\n\n* Stroke\n", ["assumed"]),
        ("* Stroke\n\nInclusion Criteria:\n\n* Seizure\n", ["assumed", "told"]),
        ("* Stroke\n\nExclusion Criteria:\n\n* Seizure\n", ["told", "told"]),
        ("Exclusion Criteria:\n\n* Seizure\n\nEligibility Criteria:\n\n* Stroke\n", ["assumed", "told"]),
        ("Inclusion Criteria:\n\n* Stroke\n\nPersons barred\n\n* Seizure\n", ["told", "unclear"]),
        ("Exclusion Criteria:\n\n* Stroke\n", ["told"]),
        ("DISEASE CHARACTERISTICS:\n\n* Stroke\n", ["told"]),
    ],
)
def test_how_the_side_of_a_criterion_is_known(text: str, sides: list[str]) -> None:
    assert [criterion.side for criterion in drafted(text).criteria] == sides


@pytest.mark.parametrize(
    "head", ["Patients must have:", "Eligible if:", "Participants must have one of the following:"]
)
def test_what_lets_in_among_the_exclusions_is_quoted_whole(head: str) -> None:
    text = (
        f"Exclusion Criteria:\n* Stroke\n* {head}\n  * Hemoglobin >= 8 g/dL\n  * Platelets >= 50 x 10^9/L\n"
    )
    stroke, demand = drafted(text).criteria
    assert stroke.standing == "understood"
    assert isinstance(demand.rule, r.Manual)
    assert demand.rule.text.startswith(head)


def test_every_item_of_the_text_is_told_of() -> None:
    found = drafted(PARTS)
    assert [read.item.text for read in found.items] == ["Stroke", "Seizure", "Heart failure"]
    published = found.record.text
    assert "".join(published[piece.start : piece.end] for piece in found.pieces) == published


# --- the record's own fields ------------------------------------------------------------------


def with_fields(criteria: str, **fields: Any) -> Draft:
    record = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000002", "briefTitle": "A made trial"},
            "conditionsModule": {"conditions": ["Large Shoes", "Multiple Myeloma"]},
            "eligibilityModule": {"eligibilityCriteria": criteria, **fields},
        }
    }
    return draft(read_record(json.dumps(record).encode(), "trial.json"), catalogue(), reader())


def fields_of(found: Draft) -> dict[str, DraftedCriterion]:
    return {criterion.text: criterion for criterion in found.criteria if criterion.id.startswith("S")}


def test_the_fields_of_a_record_are_criteria() -> None:
    found = fields_of(with_fields(
        "Inclusion Criteria:\n\n* Stroke", minimumAge="19 Years", maximumAge="77 Years", sex="FEMALE",
        healthyVolunteers=False,
    ))  # fmt: skip
    assert [criterion.id for criterion in found.values()] == ["S1", "S2", "S3", "S4"]
    assert found["Minimum age: 19 Years"].rule == rule("age >= 19 years", "inclusion")
    assert found["Maximum age: 77 Years"].rule == rule("age <= 77 years", "inclusion")
    assert found["Sex: female"].rule == rule("female", "inclusion")
    assert found["Healthy volunteers: not accepted"].standing == "a person's to decide"
    assert all(criterion.kind == "inclusion" for criterion in found.values())


def test_an_age_in_months_and_one_that_is_no_age() -> None:
    found = fields_of(
        with_fields("Inclusion Criteria:\n\n* Stroke", minimumAge="7 Months", maximumAge="9 Moons")
    )
    assert found["Minimum age: 7 Months"].rule == rule("age >= 7 months", "inclusion")
    assert isinstance(found["Maximum age: 9 Moons"].rule, r.Manual)


def test_fields_that_say_nothing_are_no_criteria() -> None:
    assert fields_of(with_fields("Inclusion Criteria:\n\n* Stroke", sex="ALL", healthyVolunteers=True)) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Age ≥ 21 years", True),
        ("Age ≥ 19 years", False),
        ("Age 21-60 years", True),
        ("Age 19-60 years", False),
        ("Between 21 and 60 years of age", True),
        ("Stroke", False),
        ("Age > 21 years", True),
        ("Age ≤ 60 years", False),
        ("Age ≥ 19 years and ≤ 60 years", False),
        ("Age ≥ 300 months", True),
        ("Age > 19 years", True),
    ],
)  # fmt: skip
def test_a_text_that_contradicts_the_field_for_the_age_is_named(text: str, told: bool) -> None:
    found = with_fields(f"Inclusion Criteria:\n\n* ECOG 0-2\n* {text}", minimumAge="19 Years")
    flaws = fields_of(found)["Minimum age: 19 Years"].flaws
    assert bool(flaws) == told
    assert all("I2" in flaw for flaw in flaws)


def test_the_disease_is_the_first_that_the_vocabulary_knows() -> None:
    assert with_fields("Inclusion Criteria:\n\n* Stroke").disease == "multiple_myeloma"


def test_a_record_without_a_disease_has_none() -> None:
    assert drafted("Inclusion Criteria:\n\n* Stroke\n").disease == ""


@pytest.mark.parametrize(
    "text", ["x", "()", "Inclusion Criteria:", "* \n* \n", "1.\n2.\n", "Exclusion Criteria:\n* no"]
)
def test_any_text_is_drafted_without_an_error(text: str) -> None:
    assert all(criterion.text.strip() for criterion in drafted(text).criteria)


# --- of whom a rule speaks --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "never"),
    [
        (["Cohort 2: untreated myeloma, which must be classified as one of the following:", " ISS stage 3",
          " Hemoglobin < 8.1 g/dL"], "if"),
        (["If female, the patient must be one of:", " Postmenopausal", " Men must use contraception"], "if"),
        (["Adequate marrow function (unless due to lymphoma), defined as:", " Platelets ≥ 61 x 10^9/L"],
         "platelet"),
    ],
)  # fmt: skip
def test_what_is_asked_is_no_part_of_whom_it_is_asked(lines: list[str], never: str) -> None:
    rules = [Printer(catalogue()).print(criterion.rule) for criterion in of("inclusion", *lines)]
    assert rules
    assert not any(shown.startswith(never) for shown in rules), rules


def test_a_group_is_quoted_without_what_is_asked_of_it() -> None:
    found = of("inclusion", "Step 0 - Patient must have an ECOG of 0-1")
    assert found[0].rule == rule('if manual("Step 0 -") then ECOG 0-1', "inclusion")


def test_two_quotations_of_an_exclusion_are_one_question() -> None:
    found = of("exclusion", "Flurbles of any kind including, but not limited to:", " Blue flurbles")
    assert [type(criterion.rule) for criterion in found] == [r.Manual]


def test_a_heading_that_only_introduces_is_quoted_with_what_is_below_it() -> None:
    text = "Inclusion Criteria:\n\nOne of the following criteria must be met:\n\n* ECOG 0-1\n* Stroke\n"
    shown = [Printer(catalogue()).print(criterion.rule) for criterion in drafted(text).criteria]
    assert not any(one.startswith("if") for one in shown), shown
