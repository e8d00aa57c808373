"""SEMANTICS 5: what a person's attestation settles, and what it never does."""

from typing import Any

import pytest

from screener import load_trial, screen
from screener.evaluate.attest import left_open, quoted
from screener.intake.json_profile import profile_of
from screener.language.parser import parse
from screener.vocabulary.load import catalogue
from tests.evaluate.asking import attest, chart_of, check_of

MET, NOT_MET = {"met": True}, {"met": False}


@pytest.mark.parametrize(
    ("attestations", "truth"),
    [
        ([], "unknown"), ([MET], "true"), ([NOT_MET], "false"),
        ([{**MET, "trial": "t"}], "true"),
        ([{**MET, "trial": "U"}], "unknown"), ([{**MET, "criterion": "E2"}], "unknown"),
        # on or before the as-of date
        ([{**MET, "date": "2026-10-01"}], "true"), ([{**MET, "date": "2026-10-02"}], "unknown"),
        ([{**MET, "date": "2026"}], "unknown"), ([{**MET, "date": "2026-09"}], "true"),
        # of several the latest counts
        ([{**MET, "date": "2026-08-01"}, {**NOT_MET, "date": "2026-09-01"}], "false"),
        ([{**NOT_MET, "date": "2026-09-01"}, {**MET, "date": "2026-08-01"}], "false"),
        ([{**MET, "date": "2026-08-01"}, {**NOT_MET, "date": "2026-12-01"}], "true"),
        ([{**MET, "date": "2026-09-01T09:00"}, {**NOT_MET, "date": "2026-09-01T10:00"}], "false"),
        ([{**NOT_MET, "date": "2026-08"}, {**MET, "date": "2026-09-01"}], "true"),
        # which of two is the later one is not known
        ([MET, NOT_MET], "unknown"), ([MET, MET], "true"),
        ([{**NOT_MET, "date": "2026-09"}, {**MET, "date": "2026-09-15"}], "unknown"),
    ],
)  # fmt: skip
def test_a_judgement_is_as_attested(attestations: list[dict[str, Any]], truth: str) -> None:
    assert attest('manual("is fit")', *attestations).truth.value == truth


def test_two_attestations_of_one_day_that_differ_are_shown() -> None:
    note = attest('manual("is fit")', MET, NOT_MET).note
    assert note == "attestations of one day contradict each other: none counts"


def test_a_text_that_says_the_opposite_of_its_rule_is_turned_round() -> None:
    assert attest('manual("is fit")', MET, backwards=True).truth.value == "false"
    assert attest('manual("is fit")', NOT_MET, backwards=True).truth.value == "true"
    about = {"met": True, "about": "is fit"}
    assert attest('manual("is fit")', about, backwards=True).truth.value == "true"


HIGH = [{"name": "ALT", "value": 500, "unit": "U/L", "date": "2026-09-20",
         "reference_range": {"low": 5, "high": 40}}]  # fmt: skip
NORMAL = [{**HIGH[0], "value": 20}]
RULE = 'ALT > 3 x ULN unless manual("associated with myeloma")'


@pytest.mark.parametrize(
    ("labs", "attestation", "truth"),
    [
        (HIGH, None, "unknown"), (HIGH, MET, "true"),
        (HIGH, NOT_MET, "false"),  # so the exception holds
        (NORMAL, None, "false"), (NORMAL, NOT_MET, "false"),
        (NORMAL, MET, "false"),  # never overturns what the data decide
        ([], None, "unknown"),
        ([], MET, "unknown"),  # it is no measurement
        ([], NOT_MET, "false"),  # if the exception holds, the enzymes do not matter
        (HIGH, {"met": True, "about": "associated with myeloma"}, "false"),
        (HIGH, {"met": False, "about": "associated with myeloma"}, "true"),
        ([], {"met": False, "about": "associated with myeloma"}, "unknown"),
        ([], {"met": True, "about": "associated with myeloma"}, "false"),
        (HIGH, {"met": True, "about": "Associated  with MYELOMA"}, "false"),
        (HIGH, {"met": True, "about": "something else"}, "unknown"),
    ],
)  # fmt: skip
def test_judgement_through_an_exception(
    labs: list[dict[str, Any]], attestation: dict[str, Any] | None, truth: str
) -> None:
    given = [] if attestation is None else [attestation]
    assert attest(RULE, *given, observations=labs).truth.value == truth


def test_what_the_data_decide_stands_and_the_conflict_is_shown() -> None:
    settled = attest(RULE, MET, observations=NORMAL)
    assert settled.note == (
        "conflict: Dr A attested on 2026-09-01 that the text is met; the data decide otherwise"
    )
    assert settled.used == ()
    agreed = attest(RULE, NOT_MET, observations=NORMAL)
    assert agreed.note is None
    assert [index for index, _ in agreed.used] == [0]


def test_an_attestation_that_waits_for_data_says_so() -> None:
    settled = attest(RULE, MET)
    assert settled.note == (
        "Dr A attested on 2026-09-01 that the text is met; it counts once the missing data are there"
    )
    assert settled.used == ()


E10 = {"trial": "NCT05378971", "criterion": "E10", "by": "Dr A", "date": "2026-09-28"}
CLOT = {"name": "deep vein thrombosis", "status": "suspected", "date": "2026-09-28"}
UNWILLING = "unwilling to undergo antithrombotic therapy"


@pytest.mark.parametrize(
    ("attestations", "questions", "missing"),
    [
        ([], ["Deep vein thrombosis: is it confirmed?", f"Is it so: {UNWILLING}?"],
         ["condition: deep vein thrombosis", "attestation NCT05378971/E10"]),
        # of the whole text: what a person can say has been said, the fact has not
        ([{**E10, "met": False}], ["Deep vein thrombosis: is it confirmed?"],
         ["condition: deep vein thrombosis"]),
        # of one quotation
        ([{**E10, "met": False, "about": UNWILLING}], ["Deep vein thrombosis: is it confirmed?"],
         ["condition: deep vein thrombosis"]),
        # two that contradict each other answer nothing
        ([{**E10, "met": False}, {**E10, "met": True}],
         ["Deep vein thrombosis: is it confirmed?", f"Is it so: {UNWILLING}?"],
         ["condition: deep vein thrombosis", "attestation NCT05378971/E10"]),
    ],
)  # fmt: skip
def test_what_a_person_has_answered_is_not_asked_again(
    attestations: list[dict[str, Any]], questions: list[str], missing: list[str]
) -> None:
    patient, _ = profile_of({"id": "p", "birth_date": "1961-04-12", "conditions": [CLOT], "complete": NOW,
                             "attestations": attestations})  # fmt: skip
    assert patient is not None
    result = screen(patient, load_trial("NCT05378971"), as_of="2026-10-01")
    (criterion,) = [one for one in result.criteria if one.id == "E10"]
    assert criterion.verdict == "unknown"
    assert [*criterion.questions] == questions
    assert [*criterion.missing] == missing
    assert ("person must say" in criterion.reason) == (len(questions) == 2)


SEVERE = {"name": "pneumonia", "severity": "severe", "status": "suspected"}


@pytest.mark.parametrize(
    ("rule", "conditions", "attestation", "asked"),
    [
        # a qualifier that a person judges, beside a fact that is missing
        ("serious infection or breast cancer", [{"name": "infection"}], NOT_MET, ["breast cancer"]),
        ('active infection that manual("is odd") or breast cancer', [{"name": "infection"}], NOT_MET,
         ["breast cancer"]),
        # of two records one is only suspected: no answer of a person settles that
        ("serious infection or breast cancer", [{"name": "infection"}, SEVERE], NOT_MET,
         ["infection", "pneumonia", "breast cancer"]),
        ('(breast cancer or manual("x")) and breast cancer and not manual("z")', [], MET, ["breast cancer"]),
        ('manual("x") and breast cancer', [], None, ["attestation", "breast cancer"]),
    ],
)  # fmt: skip
def test_what_a_person_could_have_settled_counts_as_answered(
    rule: str, conditions: list[dict[str, Any]], attestation: dict[str, Any] | None, asked: list[str]
) -> None:
    profile = {"conditions": [*conditions, {"name": "breast cancer", "status": "suspected"}], "complete": NOW}
    given = [] if attestation is None else [attestation]
    settled, chart = attest(rule, *given, **profile), chart_of(**profile)
    assert settled.truth.value == "unknown"
    open_ = left_open(check_of(rule)(chart), settled)
    missing = [name for leaf in open_ for name in leaf.check.grounds(leaf, chart).missing]
    found = [name.removeprefix("condition: ").partition(" (")[0] for name in missing]
    assert set(found) == set(asked)


@pytest.mark.parametrize(
    ("rule", "met", "truth"),
    [
        ("HIV infection", True, "unknown"),
        ("HIV infection", False, "unknown"),
        ('HIV infection or manual("x")', True, "true"),
        ('HIV infection or manual("x")', False, "unknown"),  # HIV could still be there
        ('HIV infection and manual("x")', True, "unknown"),
        ('HIV infection and manual("x")', False, "false"),
        ('not manual("x")', True, "true"),
        ('not manual("x")', False, "false"),
        ('manual("x") and manual("y")', True, "true"),
        ('manual("x") and manual("y")', False, "false"),
        ('manual("x") or manual("y")', True, "true"),
        ('at least 2 of (manual("x"); manual("y"); HIV infection)', True, "true"),
        ('at least 2 of (manual("x"); manual("y"); HIV infection)', False, "false"),
        ('at least 3 of (manual("x"); manual("y"); HIV infection)', True, "unknown"),
        ('if HIV infection then manual("x")', True, "true"),
        ('if HIV infection then manual("x")', False, "unknown"),
        ('if manual("x") then HIV infection', True, "true"),
        ('if manual("x") then HIV infection', False, "unknown"),
    ],
)
def test_it_takes_effect_where_some_answer_gives_the_attested_truth(rule: str, met: bool, truth: str) -> None:
    assert attest(rule, {"met": met}).truth.value == truth


NOW = {"conditions": "2026-10-01"}
INFECTION = [{"name": "infection"}]


@pytest.mark.parametrize(
    ("rule", "conditions", "met", "truth"),
    [
        ("serious infection", INFECTION, True, "true"),
        ("serious infection", INFECTION, False, "false"),
        ("uncontrolled infection", INFECTION, True, "true"),
        ("clinically significant infection", INFECTION, False, "false"),
        ("serious infection", [{"name": "infection", "severity": "mild"}], True, "false"),
        ("serious infection", [{"name": "infection", "status": "suspected"}], True, "unknown"),
        ("serious infection", [], True, "false"),
        ("infection grade >= 3", INFECTION, True, "unknown"),  # a grade is no judgement
        ("clinically significant infection", [{"name": "infection", "onset": "2026"}], True, "unknown"),
        ("clinically significant infection", [{"name": "infection", "onset": "2026"}], False, "false"),
    ],
)  # fmt: skip
def test_qualifiers_that_no_field_decides(
    rule: str, conditions: list[dict[str, Any]], met: bool, truth: str
) -> None:
    settled = attest(rule, {"met": met}, conditions=conditions, complete=NOW)
    assert settled.truth.value == truth


def test_where_another_record_is_missing_a_judgement_of_one_denies_nothing() -> None:
    assert attest("serious infection", NOT_MET, conditions=[{"name": "pneumonia"}]).truth.value == "unknown"
    assert attest("serious infection", MET, conditions=[{"name": "pneumonia"}]).truth.value == "true"


PROSTATE = 'history of other malignancy except prostate cancer that manual("is treated"), malignancy resolved at least 3 years ago'  # noqa: E501
TREATED = {"met": True, "about": "is treated"}


@pytest.mark.parametrize(
    ("record", "attestation", "truth"),
    [
        ({}, None, "unknown"), ({}, MET, "true"), ({}, NOT_MET, "false"),
        ({}, TREATED, "false"), ({}, {**TREATED, "met": False}, "true"),
        # whether it resolved three years ago is a fact that nobody has recorded
        ({"status": "resolved"}, MET, "unknown"), ({"status": "resolved"}, NOT_MET, "false"),
        ({"status": "resolved"}, TREATED, "false"),
        ({"status": "resolved"}, {**TREATED, "met": False}, "unknown"),
        ({"resolved": "2020-01-01"}, MET, "false"),
    ],
)  # fmt: skip
def test_an_exception_that_a_person_judges(
    record: dict[str, Any], attestation: dict[str, Any] | None, truth: str
) -> None:
    given = [] if attestation is None else [attestation]
    conditions = [{"name": "prostate cancer", **record}]
    settled = attest(PROSTATE, *given, conditions=conditions, complete=NOW)
    assert settled.truth.value == truth


def test_an_answer_to_one_atom_leaves_the_others_open() -> None:
    rule = 'manual("x") and manual("y")'
    x, y = {"met": True, "about": "x"}, {"met": True, "about": "y"}
    assert attest(rule, x).truth.value == "unknown"
    assert attest(rule, x, y).truth.value == "true"
    assert attest(rule, {**x, "met": False}).truth.value == "false"
    later = {**x, "met": False, "date": "2026-09-02"}
    assert attest(rule, later, x, y).truth.value == "false"
    assert [index for index, _ in attest(rule, later, x, y).used] == [0, 2]
    assert attest(rule, {**x, "met": False}, MET).note is not None


def test_an_attestation_about_no_criterion_of_the_trial_is_told() -> None:
    about = (("NCT05378971", "E6"), ("nct05378971", "E66"), ("NCT1", "E66"))
    attestations = [{"trial": trial, "criterion": criterion, "met": True, "by": "R", "date": "2026-09-01"}
                    for trial, criterion in about]  # fmt: skip
    patient, _ = profile_of({"id": "p", "birth_date": "1961-04-12", "attestations": attestations})
    assert patient is not None
    result = screen(patient, load_trial("NCT05378971"), as_of="2026-10-01")
    assert [(one.record, one.reason) for one in result.ignored] == [
        ("attestations[1]", "the trial has no criterion of that id")
    ]


def test_words_that_a_rule_does_not_ask_about_are_told() -> None:
    asked = "Voluntarily enrolled in this study and signed an informed consent form"
    about = (("I7", asked), ("I7", "signed the consent"), ("E6", asked))
    attestations = [{"trial": "NCT05378971", "criterion": criterion, "met": True, "by": "R",
                     "date": "2026-09-01", "about": words} for criterion, words in about]  # fmt: skip
    patient, _ = profile_of({"id": "p", "birth_date": "1961-04-12", "attestations": attestations})
    assert patient is not None
    result = screen(patient, load_trial("NCT05378971"), as_of="2026-10-01")
    assert [(one.record, one.reason) for one in result.ignored] == [
        ("attestations[1]", "the rule of I7 has no such quotation"),
        ("attestations[2]", "the rule of E6 has no such quotation"),
    ]


def test_the_words_asked_are_found_wherever_they_stand_in_a_rule() -> None:
    text = 'manual("a") and not malignancy that manual("b") except prostate cancer that manual("c")'
    rule, problems = parse(text, catalogue(), "inclusion")
    assert rule is not None, problems
    assert quoted(rule) == {"a", "b", "c"}
