"""The rule file of a draft: how it looks, what it leaves to ask, and that it loads."""

import re
from typing import Any

import pytest

from screener.drafting.draft import Draft, draft
from screener.drafting.finish import ASSUMED, NO_DISEASE, OTHER_SEX, OWN_DISEASE, UNCLEAR, counts, finished
from screener.drafting.groups import DraftedCriterion, ReadItem
from screener.drafting.layout.items import Item
from screener.drafting.layout.record import Record
from screener.drafting.questions import phrases, questions_of
from screener.drafting.reader import Reading
from screener.drafting.rule_file import rule_file
from screener.drafting.yaml_text import WIDTH
from screener.model import rule as r
from screener.model.trial import Trial
from screener.rulebook.read import read_trial
from screener.vocabulary.load import catalogue

PREGNANT = r.Status("pregnant")
OTHERS = r.Condition((r.Pattern("malignancy"),), other=True)


def record(text: str = "", **fields: Any) -> Record:
    known: dict[str, Any] = {"id": "NCT00000001", "title": "A trial", "conditions": ("Multiple Myeloma",)}
    return Record(**(known | {"text": text} | fields))


def made(*criteria: DraftedCriterion, disease: str = "multiple_myeloma", **fields: Any) -> Draft:
    return Draft(record(**fields), criteria, (), (), disease)


def one(rule: r.Rule, text: str = "As published.", **more: Any) -> DraftedCriterion:
    return DraftedCriterion("E1", "exclusion", text, rule, more.pop("standing", "understood"), **more)


def loaded(made: Draft) -> Trial:
    trial, problems = read_trial(rule_file(made, catalogue()), catalogue(), "drafted")
    assert trial is not None, problems
    return trial


def test_a_rule_file_looks_as_a_person_would_have_written_it() -> None:
    text = """\
Inclusion Criteria:
* Age >= 18 years
* ECOG 0-2 and well frobnicated
Exclusion Criteria:
* Pregnant or breastfeeding
"""
    assert rule_file(draft(record(text, last_updated="2024-03-09"), catalogue()), catalogue()) == """\
trial: NCT00000001
title: A trial
source: {registry: ClinicalTrials.gov, last_updated: 2024-03-09}
completeness: full
status: drafted
version: 1
disease: multiple myeloma
criteria:
  - id: I1
    kind: inclusion
    text: Age >= 18 years
    rule: age >= 18 years
    standing: understood
  - id: I2
    kind: inclusion
    text: ECOG 0-2 and well frobnicated
    rule: ECOG 0-2 and manual("well frobnicated")
    standing: partly
    questions:
      - the words “well frobnicated” are not understood
  - id: E1
    kind: exclusion
    text: Pregnant or breastfeeding
    rule: pregnant or breastfeeding
    standing: understood
"""  # fmt: skip


def test_without_a_heading_each_criterion_asks_for_its_side_and_the_top_says_so() -> None:
    found = draft(record("* Age >= 18 years\n* HIV infection\n* Zorb"), catalogue())
    criteria = finished(found, catalogue())
    assert [criterion.rule for criterion in criteria[:2]] == ["age >= 18 years", "HIV infection"]
    assert [criterion.standing for criterion in criteria] == ["partly", "partly", "not understood"]
    assert all(criterion.questions[0] == ASSUMED for criterion in criteria)
    assert rule_file(found, catalogue()).startswith(
        "# No heading tells inclusions from exclusions: each of 3 criteria is read as an inclusion,"
    )
    assert loaded(found).criteria[1].rule == r.Condition((r.Pattern("hiv_infection"),))


def test_below_a_heading_that_is_not_understood_nothing_is_decided() -> None:
    text = "Inclusion Criteria:\n* Age >= 18 years\n\nPersons barred\n* HIV infection\n* Zorb"
    found = draft(record(text), catalogue())
    [age, *doubtful] = finished(found, catalogue())
    assert (age.rule, age.standing, age.questions) == ("age >= 18 years", "understood", ())
    assert [criterion.rule for criterion in doubtful] == ['manual("HIV infection")', 'manual("Zorb")']
    assert [criterion.standing for criterion in doubtful] == ["partly", "not understood"]
    assert doubtful[0].questions == (UNCLEAR, "as an inclusion its rule is: HIV infection")
    assert doubtful[1].questions == (UNCLEAR,)
    assert rule_file(found, catalogue()).startswith("# A heading is not understood: each of 2 criteria is")


def test_a_draft_of_which_all_is_told_begins_with_its_trial() -> None:
    found = draft(record("Inclusion Criteria:\n* Age >= 18 years"), catalogue())
    assert rule_file(found, catalogue()).startswith("trial: ")
    unnamed = draft(record("Inclusion Criteria:\n* Age >= 18 years", conditions=()), catalogue())
    assert rule_file(unnamed, catalogue()).startswith("# No disease of the trial is recognised")
    assert loaded(unnamed).criteria[0].printed == "age >= 18 years"


def test_long_texts_and_rules_are_folded_each_part_of_a_rule_on_a_line_of_its_own() -> None:
    rule = r.Any(
        (PREGNANT, r.Manual("is of a mind that will not be changed " * 3), r.Status("breastfeeding"))
    )
    text = rule_file(made(one(rule, "A long criterion, as published: " * 6)), catalogue())
    lines = text.splitlines()
    assert max(map(len, lines)) <= WIDTH
    at = lines.index("    rule: >-")
    assert lines[at + 1] == "      pregnant"
    assert lines[at + 2].startswith('      or manual("is of a mind')
    assert "      or breastfeeding" in lines


@pytest.mark.parametrize(
    "text",
    [
        "- a bullet", "a: colon", "a colon:", "no # comment", "#1", '"quoted"', "it's", "{x}", "[x]", "*",
        "&a", "!tag", "%", "@", "`x`", "| bar", "> more", "null", "yes", "1.5", "2024-01-01", "a\\b",
        "≥ 1 × 10⁹/L", "w" * 5000, "---", "? what", "~", "'", "x" * 97 + ": y", "- " + "word " * 60 + "#",
    ],
)  # fmt: skip
def test_no_text_is_changed_by_how_yaml_reads_it(text: str) -> None:
    trial = loaded(made(one(r.Manual(text), text), title=text))
    assert trial.criteria[0].text == text.strip()
    assert trial.criteria[0].rule == r.Manual(text.strip())
    assert trial.title == text.strip()


def test_a_record_that_names_no_trial_is_called_draft() -> None:
    trial = loaded(made(one(PREGNANT), id="", title=""))
    assert (trial.id, trial.title, trial.source) == ("draft", "without a title", ())
    assert loaded(made(one(PREGNANT), id="no id / at all")).id == "draft"


def test_without_a_disease_a_criterion_about_other_malignancies_decides_nothing() -> None:
    known = loaded(made(one(OTHERS)))
    assert known.criteria[0].rule == OTHERS
    unknown = made(one(r.Any((PREGNANT, OTHERS)), "Pregnant, or another cancer"), one(PREGNANT), disease="")
    assert "disease:" not in rule_file(unknown, catalogue()).replace("`disease: …`", "")
    [first, second] = finished(unknown, catalogue())
    assert first.rule == 'manual("Pregnant, or another cancer")'
    assert (first.standing, first.questions) == ("partly", (NO_DISEASE,))
    assert (second.rule, second.standing) == ("pregnant", "understood")


@pytest.mark.parametrize(
    ("inclusions", "disease", "by"),
    [
        ("* Age >= 18 years\n* Relapsed multiple myeloma", "relapsed_multiple_myeloma", "I2"),
        ("* Multiple myeloma and ECOG 0-2\n* Relapsed multiple myeloma", "multiple_myeloma", "I1"),
        ("* Multiple myeloma\n* Breast cancer", "", ""),
        ("* Solid tumor", "", ""),
        ("* No breast cancer", "", ""),
        ("* Multiple myeloma or breast cancer", "", ""),
        ("* HIV infection", "", ""),
    ],
)
def test_a_disease_that_no_record_names_is_the_one_that_all_must_have(
    inclusions: str, disease: str, by: str
) -> None:
    text = f"Inclusion Criteria:\n{inclusions}\n\nExclusion Criteria:\n* Lung cancer"
    found = draft(record(text, conditions=()), catalogue())
    assert (found.disease, found.disease_by) == (disease, by)
    assert ("is taken from I" in rule_file(found, catalogue())) == bool(by)
    named = draft(record(text, conditions=("Zorbs", "Breast Cancer")), catalogue())
    assert (named.disease, named.disease_by) == ("breast_cancer", "")


def test_a_disease_as_broad_as_cancer_is_not_the_trials_own() -> None:
    text = "Inclusion Criteria:\n* Age >= 18 years\n\nExclusion Criteria:\n* Other malignancy within 5 years"
    found = draft(record(text, conditions=("Cancer", "Solid Tumors")), catalogue())
    assert found.disease == ""
    assert finished(found, catalogue())[1].questions == (NO_DISEASE,)


def test_only_a_drafted_file_may_leave_the_disease_out() -> None:
    text = rule_file(made(one(PREGNANT), disease=""), catalogue())
    assert read_trial(text, catalogue(), "drafted")[1] == []
    curated = text.replace("status: drafted", "status: curated")
    assert [problem.code for problem in read_trial(curated, catalogue(), "x")[1]] == ["missing-key"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (r.All((r.Sex("female"), r.Sex("male"))), "exclude each other"),
        (r.If(PREGNANT, r.Sex("female")), "if"),  # an exclusion has no such form
        (r.Manual("w" * 25_000), "more than 20,000 characters"),
    ],
)
def test_a_rule_that_the_language_refuses_is_quoted_whole_and_says_why(rule: r.Rule, why: str) -> None:
    draft = made(one(rule, "The words as published."))
    [criterion] = finished(draft, catalogue())
    assert criterion.rule == 'manual("The words as published.")'
    assert criterion.standing == "partly"
    assert "cannot stand" in criterion.questions[0]
    assert why in criterion.questions[0]
    assert loaded(draft).criteria[0].rule == r.Manual("The words as published.")


def test_a_text_too_long_to_quote_is_quoted_in_part_and_kept_whole() -> None:
    text = "word " * 10_000
    trial = loaded(made(one(r.Manual(text), text, standing="not understood")))
    assert trial.criteria[0].text == text.strip()
    rule = trial.criteria[0].rule
    assert isinstance(rule, r.Manual)
    assert rule.text.endswith(" …")


def test_what_is_to_ask_stands_in_the_order_of_words_person_and_flaws() -> None:
    text = "* Widget count of 7 and signed informed consent"
    found = draft(record(f"Inclusion Criteria:\n{text}"), catalogue())
    [criterion] = finished(found, catalogue())
    assert criterion.standing in ("partly", "a person's to decide", "not understood")
    assert criterion.questions
    flawed = made(one(PREGNANT, flaws=("which way round is it meant?",)))
    assert finished(flawed, catalogue())[0].questions == ("for the reviewer: which way round is it meant?",)


def test_a_person_is_asked_in_the_words_of_the_text() -> None:
    found = draft(record("Inclusion Criteria:\n* Willing to sign informed consent"), catalogue())
    [criterion] = finished(found, catalogue())
    assert criterion.standing == "a person's to decide"
    assert criterion.questions[0].startswith("a person decides “")


def test_a_condition_and_what_it_asks_stand_on_lines_of_their_own() -> None:
    rule = r.If(r.Status("childbearing potential"), r.Manual("agrees to what is asked of her " * 4))
    criterion = DraftedCriterion("I1", "inclusion", "As published.", rule, "understood")
    lines = rule_file(made(criterion), catalogue()).splitlines()
    assert "      if of childbearing potential" in lines
    assert any(line.startswith('      then manual("agrees') for line in lines)


def test_a_heading_that_is_not_understood_is_asked_about() -> None:
    item = Item("Zorb.", 0, 5, "inclusion", "*", 0, (), ("The Zorb group",))
    reading = Reading("Zorb.", r.Manual("Zorb."), "not understood", unread=((0, 4),))
    read = ReadItem(item, "inclusion", reading, "I1")
    rule = r.If(r.Manual("The Zorb group"), PREGNANT)
    criterion = DraftedCriterion("I1", "inclusion", "The Zorb group Zorb.", rule, "partly")
    questions = questions_of({"I1": [read]}, criterion)
    assert questions == ("the words “Zorb” are not understood",
                         "whom does the heading “The Zorb group” speak of?")  # fmt: skip


def test_many_words_that_are_not_understood_are_counted_and_not_all_named() -> None:
    text = " + ".join(f"zorb{number}" for number in range(12))
    spans = tuple((found.start(), found.end()) for found in re.finditer(r"zorb\d+", text))
    read = ReadItem(Item(text, 0, len(text), "inclusion", "*", 0, (), ()), "inclusion",
                    Reading(text, r.Manual(text), "partly", unread=spans), "I1")  # fmt: skip
    criterion = DraftedCriterion("I1", "inclusion", text, r.Manual(text), "partly")
    [question] = questions_of({"I1": [read]}, criterion)
    assert question.startswith("the words “zorb0”, “zorb1”, ")
    assert question.endswith("“zorb7” and 4 more are not understood")


def test_a_text_read_reversed_says_so_in_a_note() -> None:
    trial = loaded(made(one(PREGNANT, "Must not be pregnant", reversed=True)))
    assert trial.criteria[0].reversed
    assert trial.criteria[0].note


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([], []),
        ([(0, 3)], ["one"]),
        ([(0, 3), (4, 7)], ["one two"]),
        ([(4, 7), (0, 3), (9, 14)], ["one two, three"]),
        ([(0, 3), (9, 14)], ["one", "three"]),
        ([(0, 7), (2, 5), (15, 19)], ["one two", "four"]),
    ],
)
def test_neighbouring_words_are_one_phrase(spans: list[tuple[int, int]], found: list[str]) -> None:
    assert phrases("one two, three+four", spans) == found


def test_criteria_are_counted_by_how_they_stand() -> None:
    made_ = finished(made(one(PREGNANT), one(OTHERS, standing="partly")), catalogue())
    assert counts(made_) == {
        "understood": 1, "partly": 1, "a person's to decide": 0, "not understood": 0,
    }  # fmt: skip


# --- a second look at a whole criterion -------------------------------------------------------


MALIGNANCY = r.Condition((r.Pattern("malignancy"),))


@pytest.mark.parametrize(
    ("disease", "kind", "rule", "expected"),
    [
        ("multiple_myeloma", "exclusion", MALIGNANCY, OTHERS),
        ("multiple_myeloma", "inclusion", r.Not(MALIGNANCY), r.Not(OTHERS)),
        ("multiple_myeloma", "inclusion", MALIGNANCY, MALIGNANCY),
        ("multiple_myeloma", "exclusion", r.Any((PREGNANT, MALIGNANCY)), r.Any((PREGNANT, OTHERS))),
        ("hypertension", "exclusion", MALIGNANCY, MALIGNANCY),
        ("multiple_myeloma", "exclusion", r.Condition((r.Pattern("multiple_myeloma"),)),
         r.Condition((r.Pattern("multiple_myeloma"),))),
        ("multiple_myeloma", "exclusion", r.Condition((r.Pattern("heart_failure"),)),
         r.Condition((r.Pattern("heart_failure"),))),
    ],
)  # fmt: skip
def test_the_trial_s_own_disease_never_excludes_by_a_broader_name(
    disease: str, kind: Any, rule: r.Rule, expected: r.Rule
) -> None:
    drafted = DraftedCriterion("X1", kind, "As published.", rule, "understood")
    (found,) = finished(made(drafted, disease=disease), catalogue())
    assert found.meaning == expected
    assert (OWN_DISEASE in found.questions) == (expected != rule)


def test_without_a_disease_a_bare_malignancy_is_asked_about() -> None:
    (found,) = finished(made(one(MALIGNANCY), disease=""), catalogue())
    assert (found.standing, found.questions[0]) == ("partly", NO_DISEASE)


def test_what_is_asked_of_men_never_stands_under_if_female() -> None:
    men = r.Manual("Male patients must agree to use a condom")
    for rule in (r.If(r.Sex("female"), r.Any((r.Manual("postmenopausal"), men))),
                 r.If(r.Status("childbearing potential"), men)):  # fmt: skip
        drafted = DraftedCriterion("I1", "inclusion", "Women who … men …", rule, "understood")
        (found,) = finished(made(drafted), catalogue())
        assert found.meaning == r.Manual("Women who … men …")
        assert OTHER_SEX in found.questions


def test_a_time_said_once_behind_a_list_of_windows_is_counted_from_the_same_day() -> None:
    text = ("Exclusion Criteria:\n* Chemotherapy within 4 weeks or autologous stem cell transplant "
            "within 12 weeks, before the first dose")  # fmt: skip
    (found,) = finished(draft(record(text), catalogue()), catalogue())
    assert found.rule == (
        "chemotherapy within 4 weeks before first dose\n"
        "or autologous stem cell transplant within 12 weeks before first dose"
    ).replace("\n", " ")
