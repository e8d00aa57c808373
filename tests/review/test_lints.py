"""Each lint finds its slip, and nothing in the rule files that ship."""

from pathlib import Path

import pytest

from screener import resources
from screener.cli import main
from screener.drafting.draft import draft
from screener.drafting.layout.record import Record
from screener.drafting.rule_file import rule_file
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.review.lints import LINTS, lint
from screener.review.lints.draft_differs import alike
from screener.rulebook.read import read_trial
from screener.vocabulary.load import catalogue

HEAD = """\
trial: T1
title: A trial
completeness: {completeness}
status: curated
version: 1
disease: multiple myeloma
criteria:
"""
ECOG = "  - {id: I1, kind: inclusion, text: ECOG 0-2, rule: ECOG 0-2}\n"


def codes(criteria: str, completeness: str = "full") -> list[str]:
    text = HEAD.format(completeness=completeness) + criteria
    trial, problems = read_trial(text, catalogue(), "T1.yaml")
    assert trial is not None, problems
    return [finding.code for finding in lint(trial, catalogue())]


# lint → a file that it finds, and one like it that it does not
SLIPS = {
    "criterion-gap": (
        ECOG + "  - {id: I3, kind: inclusion, text: female, rule: female}\n",
        ECOG + "  - {id: I2, kind: inclusion, text: female, rule: female}\n",
    ),
    "draft-differs": (
        "  - {id: I1, kind: inclusion, text: Age >= 18 years, rule: age > 18 years}\n",
        "  - {id: I1, kind: inclusion, text: Age >= 18 years, rule: age >= 18 years}\n",
    ),
    "implausible-threshold": (
        "  - {id: I1, kind: inclusion, text: creatinine < 177 mg/dL, rule: creatinine < 177 mg/dL}\n",
        "  - {id: I1, kind: inclusion, text: creatinine < 177 umol/L, rule: creatinine < 177 umol/L}\n",
    ),
    "missing-note": (
        "  - {id: E1, kind: exclusion, text: I am not pregnant, rule: pregnant, reversed: yes}\n",
        "  - {id: E1, kind: exclusion, text: not pregnant, rule: pregnant, reversed: yes, note: turned}\n",
    ),
    "number-dropped": (
        "  - {id: I1, kind: inclusion, text: ECOG 0-2 within 14 days, rule: ECOG 0-2, note: here}\n",
        "  - {id: I1, kind: inclusion, text: ECOG 0-2 within 14 days, rule: ECOG 0-2 within 14 days}\n",
    ),
    "open-questions": (
        ECOG.replace("}", ', standing: partly, questions: ["what is meant?"]}'),
        ECOG,
    ),
    "repeated": (
        '  - {id: E1, kind: exclusion, text: del, rule: "any of 17p-, del(17p)"}\n',
        '  - {id: E1, kind: exclusion, text: del, rule: "any of 17p-, t(4;14)"}\n',
    ),
    "two-ages": (
        "  - {id: I1, kind: inclusion, text: Age 18-75 years, rule: age 18-75 years}\n"
        "  - {id: S1, kind: inclusion, text: '21 years and over', rule: age >= 21 years}\n",
        "  - {id: I1, kind: inclusion, text: Age 18-75 years, rule: age 18-75 years}\n"
        "  - {id: I2, kind: inclusion, text: 'men >= 21 years', rule: if male then age >= 21 years}\n"
        "  - {id: S1, kind: inclusion, text: '216 months and over', rule: age >= 216 months}\n",
    ),
}


def test_every_lint_has_a_row() -> None:
    assert set(SLIPS) == set(LINTS)


@pytest.mark.parametrize("code", SLIPS)
def test_a_lint_finds_its_slip_and_not_its_neighbour(code: str) -> None:
    wrong, right = SLIPS[code]
    assert codes(wrong) == [code]
    assert codes(right) == []


def of_a_draft(criteria: str, disease: str = "disease: multiple myeloma\n") -> list[str]:
    head = HEAD.format(completeness="partial").replace("curated", "drafted")
    text = head.replace("disease: multiple myeloma\n", disease) + criteria
    trial, problems = read_trial(text, catalogue(), "T1.yaml")
    assert trial is not None, problems
    return [
        f"{one.criterion}{one.message}" for one in lint(trial, catalogue()) if one.code == "open-questions"
    ]


def test_what_is_open_in_a_draft_is_found_once() -> None:
    understood = ECOG.replace("}", ", standing: understood}")
    asked = SLIPS["open-questions"][0].replace("I1", "I2")
    assert of_a_draft(understood) == []
    assert of_a_draft(understood + asked) == ["draft: 1 of 2 criteria are open: I2"]
    assert of_a_draft(understood, disease="") == ["draft: no disease of the trial is named"]
    many = "".join(
        ECOG.replace("I1", f"I{number}").replace("}", ", standing: partly}") for number in range(1, 11)
    )
    assert of_a_draft(many) == [
        "draft: 10 of 10 criteria are open: I1, I2, I3, I4, I5, I6, I7, I8 and 2 more"
    ]


def test_criteria_that_no_heading_tells_are_found_in_a_draft() -> None:
    made = draft(Record("NCT00000001", "A trial", ("Multiple Myeloma",), "* ECOG 0-2\n* Stroke"), catalogue())
    trial, problems = read_trial(rule_file(made, catalogue()), catalogue(), "T1.yaml")
    assert trial is not None, problems
    found = [finding.message for finding in lint(trial, catalogue())]
    assert found == ["draft: no heading tells whether I1, I2 include or exclude",
                     "draft: 2 of 2 criteria are open: I1, I2"]  # fmt: skip


def test_a_finding_is_printed_with_its_help_on_a_line_below(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "T1.yaml"
    path.write_text(HEAD.format(completeness="full") + SLIPS["missing-note"][0])
    assert main(["lint", str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{path} E1: the text is read reversed, without a note [missing-note]"
    assert lines[1:] == ["  help: add `note:` and say why the text means its opposite", "1 finding"]


def test_criteria_out_of_order_are_found() -> None:
    line = "  - {{id: {}, kind: inclusion, text: female, rule: female}}\n"
    listed = [line.format(identifier) for identifier in ("I1", "I2", "I3", "I1a")]
    assert codes("".join(listed)) == ["criterion-gap"]


def test_a_partial_file_may_have_gaps() -> None:
    assert codes(SLIPS["criterion-gap"][0], "partial") == []


def test_words_quoted_twice_are_found() -> None:
    rule = '\'manual("a") or manual("a")\''
    assert codes(f"  - {{id: E1, kind: exclusion, text: a, rule: {rule}}}\n") == ["repeated"]


# text, kind, rule → found?
DIFFERENCES = [
    ("Platelets >= 75 x 10^9/L and ANC >= 1.0 x 10^9/L", "inclusion",
     "absolute neutrophil count >= 1 x 10^9/L and platelets >= 75 x 10^9/L", False),
    ("Platelets >= 75 x 10^9/L and ANC >= 1.0 x 10^9/L", "inclusion",
     "absolute neutrophil count >= 1 x 10^9/L or platelets >= 75 x 10^9/L", True),
    ("Pregnant or breastfeeding", "exclusion", "breastfeeding or pregnant", False),
    ("Pregnant or breastfeeding", "exclusion", "pregnant", True),
    ("17p- or t(4;14)", "exclusion", "any of t(4;14), 17p-", False),
    ("17p- or t(4;14)", "exclusion", "t(4;14) or 17p-", False),
    ("17p- or t(4;14)", "exclusion", "all of t(4;14), 17p-", True),
    ("17p- or frobnicated", "exclusion", "17p-", False),  # not understood whole: nothing to compare
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "rule", "found"), DIFFERENCES)
def test_a_rule_is_compared_with_the_draft_of_its_text_whatever_the_order(
    text: str, kind: str, rule: str, found: bool
) -> None:
    letter = kind[0].upper()
    criterion = f"  - {{id: {letter}1, kind: {kind}, text: '{text}', rule: '{rule}'}}\n"
    assert codes(criterion) == (["draft-differs"] if found else [])


ALIKE = [
    ("pregnant and (seizure or stroke)", "(stroke or seizure) and pregnant", True),
    ("any of seizure, stroke", "stroke or seizure", True),
    ("any of seizure, stroke", "all of seizure, stroke", False),
    ("not (seizure or stroke)", "not (stroke or seizure)", True),
    ("not seizure", "seizure", False),
    ("if pregnant then seizure", "if pregnant then seizure", True),
    ("if pregnant then seizure", "if seizure then pregnant", False),
    ("seizure unless pregnant", "seizure unless pregnant", True),
    ("seizure unless pregnant", "pregnant unless seizure", False),
    ("at least 2 of (seizure; stroke; pregnant)", "at least 2 of (pregnant; seizure; stroke)", True),
    ("at least 2 of (seizure; stroke; pregnant)", "at least 1 of (pregnant; seizure; stroke)", False),
    ("ALT and AST < 3 x ULN", "AST < 3 x ULN and ALT < 3 x ULN", True),
    ("ALT and AST < 3 x ULN", "AST < 3 x ULN or ALT < 3 x ULN", False),
    ("prior any of lenalidomide, bortezomib", "prior bortezomib or prior lenalidomide", True),
    ("prior any of lenalidomide, bortezomib", "prior all of bortezomib, lenalidomide", False),
    ("allergy to any of lenalidomide, thalidomide", "allergy to any of thalidomide, lenalidomide", True),
    ("hemoglobin >= 8 g/dL", "hemoglobin > 8 g/dL", False),
]


@pytest.mark.parametrize(("one", "other", "same"), ALIKE)
def test_rules_are_alike_whatever_their_order(one: str, other: str, same: bool) -> None:
    (first, _), (second, _) = parse(one, catalogue()), parse(other, catalogue())
    assert first is not None
    assert second is not None
    assert alike(first, second, Printer(catalogue())) is same


@pytest.mark.parametrize("slip", [("note: on purpose", "curated"), ("standing: understood", "drafted")])
def test_a_note_or_a_draft_that_a_person_edited_may_differ_from_the_text(slip: tuple[str, str]) -> None:
    more, status = slip
    criterion = f"  - {{id: I1, kind: inclusion, text: Age >= 18 years, rule: age > 18 years, {more}}}\n"
    text = HEAD.format(completeness="full").replace("curated", status) + criterion
    trial, problems = read_trial(text, catalogue(), "T1.yaml")
    assert trial is not None, problems
    assert lint(trial, catalogue()) == []


@pytest.mark.parametrize("path", sorted(resources.rules().glob("*.yaml")), ids=lambda path: path.stem)
def test_the_rule_files_that_ship_are_clean(path: Path) -> None:
    trial, problems = read_trial(path.read_text("utf-8"), catalogue(), path.name)
    assert trial is not None, problems
    assert [str(finding) for finding in lint(trial, catalogue())] == []


@pytest.mark.parametrize(("threshold", "found"), [("100.000 /uL", True), ("100000 /uL", False)])
def test_a_full_stop_that_parts_thousands_is_found(threshold: str, found: bool) -> None:
    criterion = "  - {{id: I1, kind: inclusion, text: platelets >= {0}, rule: platelets >= {0}}}\n"
    assert ("implausible-threshold" in codes(criterion.format(threshold))) is found


@pytest.mark.parametrize(
    ("text", "rule", "found"),
    [
        ("Platelets at least 50 000/mm3", "platelets >= 50000 /uL", []),
        ("Neutrophils at least 1\u202f000/µL", "absolute neutrophil count >= 1000 /uL", []),
        ("Platelets at least 50,000/mm3", "platelets >= 50000 /uL", []),
        ("Platelets at least 50 000/mm3", "platelets >= 5000 /uL", ["number-dropped"]),
        ("ECOG 0-2 100 days after transplant", "ECOG 0-2 within 100 days", []),  # two numbers side by side
    ],
)
def test_a_number_with_spaces_between_its_thousands_is_one(text: str, rule: str, found: list[str]) -> None:
    noted = f"  - {{id: I1, kind: inclusion, text: '{text}', rule: '{rule}', note: as it stands}}\n"
    assert codes(noted) == found
