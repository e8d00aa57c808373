"""The measurement of the drafter can be trusted: what is wrong counts as wrong, and nothing is lost."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from screener.drafting.draft import draft
from screener.drafting.layout.record import Record
from screener.drafting.reader import Reading
from screener.language.parser import parse
from screener.model import rule as r
from screener.vocabulary.load import catalogue
from tests.bench.draft import facebook, lct, records, trials
from tests.bench.draft.gold import gold
from tests.bench.draft.kinds import kind_of
from tests.bench.draft.measures import sections
from tests.bench.draft.page import BY_HAND, kept_of, written
from tests.bench.draft.relations import claims, said
from tests.bench.draft.table import Row, Section, markdown, share


def row(entity: str, *filters: dict[str, Any], criterion: str = "", kind: str = "lab") -> dict[str, Any]:
    """An annotated row in the shape of the corpus."""
    text = criterion or f"-  {entity} {' or '.join(each['text'] for each in filters)}"
    return {
        "nct_id": "NCT00000000", "section": "inclusion", "criterion": text, "entity": entity,
        "entity_type": "Age" if kind == "age" else "Observation", "numeric_filters": list(filters),
        "obs_type": {"Observation-Type-Value": kind},
    }  # fmt: skip


def bound(text: str, sign: str, *values: str, unit: str = "", time: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"text": text, "value": [{"text": value} for value in values]}
    if sign:
        found["operator"] = [{"text": "", "Eq-Operator-Value": one} for one in sign.split()]
    if unit:
        found["unit"] = [{"text": unit}]
    if time:
        found["temporal-unit"] = [{"text": time, "Eq-Temporal-Unit-Value": time.rstrip("s")}]
    return found


def annotated(*rows: dict[str, Any]) -> str:
    return "; ".join(said(gold(one, catalogue()).claims) for one in rows)


def rule(text: str) -> r.Rule:
    found, problems = parse(text, catalogue())
    assert found is not None, problems
    return found


def tally(one: dict[str, Any], *drafted: str) -> lct.Tally:
    made = lct.Tally()
    lct.compare(made, "text", [gold(one, catalogue())], claims(catalogue(), map(rule, drafted)))
    return made


def counts(made: lct.Tally) -> tuple[int, ...]:
    """Right, wrong, not annotated; found, missed."""
    return made.right, made.wrong, made.not_annotated, made.found, made.missed


# --- what is annotated ------------------------------------------------------------------------

HEMOGLOBIN = row("Hemoglobin", bound(">= 9 g/dL", "GTEQ", "9", unit="g"))


@pytest.mark.parametrize(
    ("one", "relations"),
    [
        (HEMOGLOBIN, "hemoglobin >= 9 [mass concentration]"),
        (row("platelets", bound("<100x109/L", "LT", "100", "109")), "platelets < 100 [number concentration]"),
        (row("ALT", bound("<= 2.5 x ULN", "LTEQ", "2.5")), "alt <= 2.5 [ULN]"),
        (row("ASA", bound("I-III", "BETWEEN", "I", "III"), kind="clinical-score"), "asa <= 3 []"),
        (row("NYHA", bound("III and IV", "", "III", "IV"), kind="clinical-score"), "nyha >= 3 []"),
        (row("aged", bound("18 to 80 years", "BETWEEN", "80", "18", "80", time="years"), kind="age"),
         "age >= 18 [a], age <= 80 [a]"),
        (row("Age", bound("18 years", "", "18", time="years"), kind="age"), "nothing"),
        (row("BP", bound(">140/90 mmHg", "GT", "140", "90", unit="mmHg"), kind="vital"),
         "systolic_bp > 140 [pressure], diastolic_bp > 90 [pressure]"),
        (row("platelets", bound("within 7 days", "LTEQ", "7", time="days")), "nothing"),
    ],
)  # fmt: skip
def test_annotations_are_read_as_relations(one: dict[str, Any], relations: str) -> None:
    assert annotated(one) == relations


def test_a_range_of_the_annotators_may_be_strict_only_where_the_text_is() -> None:
    loose = row("BMI", bound("20 to 30 kg/m2", "BETWEEN", "20", "30", unit="kg"), kind="vital")
    strict = row("BMI", bound("> 20 to < 30 kg/m2", "BETWEEN", "20", "30", unit="kg"), kind="vital")
    drafted = ("BMI > 20 kg/m2", "BMI < 30 kg/m2")
    assert counts(tally(loose, *drafted)) == (0, 2, 0, 0, 2)
    assert counts(tally(strict, *drafted)) == (2, 0, 0, 2, 0)


# --- drafted beside annotated -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("drafted", "expected"),
    [
        ("hemoglobin >= 9 g/dL", (1, 0, 0, 1, 0)),
        ("hemoglobin >= 90 g/L", (1, 0, 0, 1, 0)),
        ("no hemoglobin >= 9 g/dL", (1, 0, 0, 1, 0)),  # which way round is measured elsewhere
        ("hemoglobin > 9 g/dL", (0, 1, 0, 0, 1)),
        ("hemoglobin <= 9 g/dL", (0, 1, 0, 0, 1)),
        ("hemoglobin >= 8 g/dL", (0, 1, 0, 0, 1)),
        ("hemoglobin >= 9 g/L", (0, 1, 0, 0, 1)),
        ("hemoglobin >= 9 x ULN", (0, 1, 0, 0, 1)),
        ("albumin >= 9 g/dL", (0, 0, 1, 0, 1)),
    ],
)
def test_any_part_that_differs_makes_a_relation_wrong(drafted: str, expected: tuple[int, ...]) -> None:
    assert counts(tally(HEMOGLOBIN, drafted)) == expected


def test_what_is_not_drafted_is_missed() -> None:
    assert counts(tally(HEMOGLOBIN)) == (0, 0, 0, 0, 1)


def test_an_unknown_entity_counts_against_recall_and_not_against_precision() -> None:
    made = tally(row("wobbliness", bound("> 3", "GT", "3")), "hemoglobin >= 9 g/dL")
    assert counts(made) == (0, 0, 1, 0, 1)
    assert (made.unknown, made.unknown_names["wobbliness"]) == (1, 1)


def test_a_scale_is_compared_by_the_levels_that_it_allows() -> None:
    one = row("ECOG", bound("0-2", "BETWEEN", "0", "2"), kind="clinical-score")
    assert counts(tally(one, "ECOG <= 2")) == (1, 0, 0, 1, 0)
    assert counts(tally(one, "ECOG 0-2")) == (1, 0, 0, 1, 0)
    assert counts(tally(one, "ECOG < 2")) == (0, 1, 0, 0, 1)


def test_whole_rows_are_measured_with_the_drafter() -> None:
    made = lct.measured([HEMOGLOBIN, row("wobbliness", bound("> 3", "GT", "3"))], catalogue())
    assert counts(made) == (1, 0, 0, 1, 1)
    assert made.precision == 1
    assert made.recall == 0.5
    assert "1 wobbliness" in list(lct.misses(made))


# --- another parser's cases -------------------------------------------------------------------


def case(text: str, *expected: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "interpret", "test": "made up", "text": text, "expected": list(expected)}


WEIGHT = {"name": "weight", "unit": "kg", "lower": {"incl": False, "value": "50"}}


@pytest.mark.parametrize(
    ("one", "right"),
    [
        (case("weight > 50 kg", WEIGHT), 1),
        (case("weight >= 50 kg", WEIGHT), 0),
        (case("weight > 50 kg and hba1c <= 9.5 %", WEIGHT), 0),  # one more than is expected
        (case("ECOG performance status 0-1", {"name": "ecog", "value": ["0", "1"]}), 1),
        (case("weight > 50 kg", WEIGHT, {"name": "wobbliness", "upper": {"value": "3"}}), 0),
    ],
)
def test_a_case_is_right_if_nothing_is_missing_and_nothing_else_is_there(
    one: dict[str, Any], right: int
) -> None:
    made = facebook.measured([one], catalogue())
    assert (made.right, made.compared) == (right, 1)


def test_token_lists_are_compared_where_they_compare() -> None:
    tokens = [["Variable", "weight"], ["Comparison", ">"], ["Number", "50"], ["Unit", "kg"]]
    listed = [["Variable", "ecog"], ["Number", "0"], ["Or", "or"], ["Number", "1"]]
    made = facebook.measured(
        [{"kind": "tokens", "test": "made up", "text": "weight > 50 kg", "expected": [found]}
         for found in (tokens, listed)], catalogue(),
    )  # fmt: skip
    assert (made.right, made.compared, made.skipped) == (1, 1, 1)


def test_expected_exclusions_are_negated() -> None:
    made = facebook.measured([{
        "kind": "study", "test": "made up", "expected_inclusions": [[WEIGHT]],
        "text": "Inclusion Criteria:\n\n* weight > 50 kg\n\nExclusion Criteria:\n\n* ECOG 2-4\n",
        "expected_exclusions_negated": [{"name": "ecog", "value": ["0", "1"]}],
    }], catalogue())  # fmt: skip
    assert (made.right, made.compared) == (1, 1)


# --- curated rules ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drafted", "curated", "result"),
    [
        ("hemoglobin >= 9 g/dL and age >= 18 years", "age >= 18 years and hemoglobin >= 9 g/dL", "same"),
        ('manual("is well")', 'manual("well")', "same"),
        ("hemoglobin >= 9 g/dL", "hemoglobin > 9 g/dL", "differs"),
        ('age >= 18 years and manual("well")', "age >= 18 years and ECOG 0-1", "drafted quotes a part"),
        ('manual("an adult")', "age >= 18 years", "drafted quotes the whole"),
    ],
)
def test_drafted_rules_beside_curated_ones(drafted: str, curated: str, result: str) -> None:
    assert trials.compared(rule(drafted), rule(curated)) == result


# --- records ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hemoglobin >= 9 g/dL", "measurable threshold"),
        ("Adequate hemoglobin", "other"),
        ("At least 2 prior lines of therapy", "number of prior therapies"),
        ("ECOG performance status 0-1", "performance status"),
        ("18 years of age or older", "age"),
        ("Pregnant women", "pregnancy/contraception"),
        ("Chemotherapy within 4 weeks", "washout/recent therapy"),
        ("Known allergy to the study drug", "allergy"),
    ],
)
def test_the_kind_of_an_item_is_told_from_its_words(text: str, kind: str) -> None:
    assert kind_of(text, catalogue()) == kind


def test_text_that_no_piece_holds_is_noticed() -> None:
    made = draft(Record("", "", (), "Inclusion Criteria:\n\n* Age >= 18 years\n"), catalogue())
    assert list(records.lost(made)) == []
    object.__setattr__(made, "pieces", made.pieces[:-1])
    assert list(records.lost(made))
    object.__setattr__(made, "items", ())
    assert any("not read" in line or "-" in line for line in records.lost(made))


def test_a_rule_that_is_not_read_back_is_noticed() -> None:
    made = draft(Record("", "", (), "Inclusion Criteria:\n\n* Age >= 18 years\n"), catalogue())
    language = records.Language(catalogue())
    assert list(language.unreadable(made)) == []
    broken = r.Measurement(("no_such_thing",), r.Limit(">", Decimal(1)))
    object.__setattr__(made.criteria[0], "rule", broken)
    assert list(language.unreadable(made))


def test_a_folder_without_the_files_says_so(tmp_path: Path) -> None:
    table = "\n".join(markdown(sections(tmp_path, catalogue())[:3]))
    assert table.count("absent") == 3


# --- the page ---------------------------------------------------------------------------------


def test_the_page_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    found = [Section("a | b", (share("whole", 1, 4, 0.9), Row("other", "7")), ("because",))]
    page.write_text(written(found, kept_of(page)))
    assert "| whole | ≥ 90% | 25.0% (missed) | 4 |" in page.read_text()
    assert "because" in page.read_text()
    page.write_text(page.read_text().replace("Not read yet.", "Read: 98 of 100."))
    again = written(found, kept_of(page))
    assert again == page.read_text()
    assert again.count(BY_HAND) == 1


def test_neighbouring_unread_words_are_one_phrase() -> None:
    text = "weight in the morning > 50 kg fasting"
    spans = ((7, 9), (10, 13), (14, 21), (30, 37))
    reading = Reading(text, r.Manual(text), "partly", unread=spans)
    assert list(records.unread_phrases(reading)) == ["in the morning", "fasting"]
