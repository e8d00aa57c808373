"""A rule file's text becomes a trial, or all of its problems, each at its line and column."""

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from screener import resources
from screener.errors import Problem
from screener.model import rule as r
from screener.model.trial import Criterion, Trial
from screener.rulebook.read import read_trial
from screener.vocabulary.load import catalogue

HEAD = """\
trial: NCT00000001
title: A study of two drugs
source: {registry: ClinicalTrials.gov, last_updated: 2024-08-01}
completeness: full
status: curated
version: 1
disease: multiple myeloma
criteria:
"""
AGE = """\
  - id: I1
    kind: inclusion
    text: Age of at least 18 years
    rule: age >= 18 years
"""


RECORDS = sorted(
    [*resources.patients().glob("*.json"), *(resources.patients().parent / "fhir").glob("*.json")]
)


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_a_patient_is_told_from_a_rule_file_without_a_line_of_it(path: Path) -> None:
    trial, problems = read_trial(path.read_text("utf-8"), catalogue(), path.name)
    assert trial is None
    assert [str(problem) for problem in problems] == [
        f"{path.name}: this is no rule file: no line of it begins with `trial:` or `criteria:`\n"
        "  help: name a rule file"
    ]


def trial_of(text: str) -> Trial:
    trial, problems = read_trial(text, catalogue(), "a.yaml")
    assert problems == []
    assert trial is not None
    return trial


def problems_of(text: str) -> list[Problem]:
    trial, problems = read_trial(text, catalogue(), "a.yaml")
    assert trial is None
    return problems


def with_rule(rule: str, kind: str = "exclusion") -> str:
    letter = "I" if kind == "inclusion" else "E"
    return f"{HEAD}  - id: {letter}1\n    kind: {kind}\n    text: as written\n    rule: {rule}\n"


def test_a_good_file_gives_its_trial() -> None:
    text = HEAD + AGE
    assert trial_of(text) == Trial(
        id="NCT00000001",
        title="A study of two drugs",
        criteria=(
            Criterion("I1", "inclusion", "Age of at least 18 years",
                      r.Age(r.Limit(">=", Decimal(18))), "age >= 18 years"),
        ),
        disease="multiple_myeloma",
        status="curated",
        completeness="full",
        version="1",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        source=(("registry", "ClinicalTrials.gov"), ("last_updated", "2024-08-01")),
    )  # fmt: skip


def test_notes_reviews_ages_of_values_and_reversed_texts_are_read() -> None:
    trial = trial_of(
        HEAD.replace("status: curated", "status: reviewed\nreviewed: {by: A. Reader, date: 2026-01-31}\n"
                     "max_age: 30 d")
        + "  - id: E3\n    kind: exclusion\n    text: I have not had a stroke\n    rule: stroke\n"
        "    reversed: yes\n    note: >-\n      Two lines\n      of a note.\n"
    )  # fmt: skip
    assert (trial.status, trial.reviewed_by, trial.reviewed_on) == ("reviewed", "A. Reader", "2026-01-31")
    assert trial.max_age_days == 30
    assert trial.criteria[0].reversed
    assert trial.criteria[0].note == "Two lines of a note."


@pytest.mark.parametrize(
    ("status", "completeness", "can"),
    [("curated", "full", True), ("curated", "partial", False), ("drafted", "full", False)],
)
def test_a_drafted_or_partial_file_can_never_make_eligible(status: str, completeness: str, can: bool) -> None:
    text = HEAD.replace("curated", status).replace("full", completeness) + AGE
    assert trial_of(text).can_be_eligible is can


_EITHER = r.Any((
    r.Condition((r.Pattern("cerebrovascular_accident"),)),
    r.Condition((r.Pattern("seizure"),)),
))  # fmt: skip


@pytest.mark.parametrize(
    "scalar",
    [
        "stroke or seizure",
        "'stroke or seizure'",
        '"stroke or seizure"',
        "stroke\n      or seizure",
        ">-\n      stroke\n      or seizure",
        ">\n      stroke\n      or seizure\n",
        "|\n      stroke\n      or seizure",
        "|-\n      stroke\n\n        or\n      seizure",
        "stroke or seizure  # as on page 3",
    ],
)
def test_a_rule_reads_alike_in_every_way_to_write_a_text_in_yaml(scalar: str) -> None:
    criterion = trial_of(with_rule(scalar)).criteria[0]
    assert criterion.rule == _EITHER
    assert criterion.printed == "stroke or seizure"


def test_the_published_text_keeps_its_characters_and_loses_only_its_line_breaks() -> None:
    text = with_rule("stroke").replace("text: as written", "text: >-\n      ALT ≥ 3 × ULN –\n      “high”\n")
    assert trial_of(text).criteria[0].text == "ALT ≥ 3 × ULN – “high”"


RULE_LINE = HEAD.count("\n") + 4


@pytest.mark.parametrize(
    ("scalar", "line", "column"),
    [
        ("strok", 0, 11),
        ("seizure or strok", 0, 22),
        ("'seizure or strok'", 0, 23),
        ('"seizure or strok"', 0, 23),
        ("seizure\n      or strok", 1, 10),
        (">-\n      seizure or\n      strok", 2, 7),
        (">-\n      seizure\n      or strok or stroke", 2, 10),
        ("|\n      seizure\n      or  strok", 2, 11),
        ("|\n      seizure\n\n      or strok", 3, 10),
        ("creatinine ≥ 2 mg/dL or strok", 0, 35),
        ('manual("10⁹ ½") or strok', 0, 30),
    ],
)
def test_a_problem_of_a_rule_is_placed_at_its_line_and_column_of_the_file(
    scalar: str, line: int, column: int
) -> None:
    text = with_rule(scalar)
    (problem,) = problems_of(text)
    assert problem.place == f"a.yaml:{RULE_LINE + line}:{column}"
    assert text.split("\n")[RULE_LINE + line - 1][column - 1 :].startswith("strok")
    assert problem.message == "the vocabulary does not know `strok` (rule of E1)"
    assert problem.help == "did you mean `stroke`?"
    shown, carets = problem.snippet.split("\n")
    assert shown[carets.index("^") :].startswith("strok")


def test_the_form_of_the_other_kind_is_placed_at_its_word() -> None:
    (problem,) = problems_of(with_rule("stroke unless seizure", "inclusion"))
    assert problem.place == f"a.yaml:{RULE_LINE}:18"
    assert problem.code == "form"


def test_all_problems_of_a_file_are_reported_at_once() -> None:
    text = (
        HEAD.replace("disease: multiple myeloma", "disease: multipel myeloma")
        + AGE.replace("age >= 18 years", "agee >= 18 years")
        + AGE.replace("kind: inclusion", "kind: inclusive")
        + "  - id: E1\n    kind: exclusion\n    text: x\n    rule: strok or seizur\n    coment: x\n"
    )
    found = [(problem.code, problem.place.removeprefix("a.yaml:")) for problem in problems_of(text)]
    assert sorted(found, key=lambda item: [int(part) for part in item[1].split(":")]) == [
        ("unknown-name", "7:10"),
        ("unknown-name", "12:11"),
        ("doubled-id", "13:9"),
        ("choice", "14:11"),
        ("unknown-name", "20:11"),
        ("unknown-name", "20:20"),
        ("unknown-key", "21:5"),
    ]
