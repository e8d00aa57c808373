"""What the drafter must never make of a text: every word has its place, and nothing is guessed."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from screener.drafting.reader import Reader, Reading
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import rule as r
from screener.vocabulary.load import catalogue

Row = dict[str, Any]
TABLE: dict[str, list[Row]] = yaml.load(
    (Path(__file__).parent / "honesty.yaml").read_text("utf-8"), yaml.BaseLoader
)


def marked(promise: str, row: Row) -> Any:
    why = row.get("known_defect")
    marks = () if why is None else (pytest.mark.xfail(reason=why, strict=True),)
    return pytest.param(row, id=f"{promise} – {row['in'][:2]}: {row['text'][:50]}", marks=marks)


ROWS = [marked(promise, row) for promise, rows in TABLE.items() for row in rows]
SOUND = [marked(promise, row) for promise, rows in TABLE.items() for row in rows if "known_defect" not in row]
every_row = pytest.mark.parametrize("row", ROWS)
every_sound_row = pytest.mark.parametrize("row", SOUND)


@cache
def reader() -> Reader:
    return Reader(catalogue())


def read(row: Row) -> Reading:
    return reader().read(row["text"], row["in"])


def printed(rule: r.Rule) -> str:
    return Printer(catalogue()).print(rule)


def stated(rule: str, kind: str) -> r.Rule:
    made, problems = parse(rule, catalogue(), kind)
    assert made is not None, [str(problem) for problem in problems]
    return made


def quoted_whole(found: Reading) -> bool:
    return isinstance(found.rule, r.Manual) and found.rule.text.rstrip(" .") == found.text.rstrip(" .")


@every_row
def test_a_promise_is_kept(row: Row) -> None:
    found = read(row)
    shown = f"{printed(found.rule)} ({found.standing})"
    if "rule" in row:
        assert found.rule == stated(row["rule"], row["in"]), shown
    if "standing" in row:
        assert found.standing == row["standing"], shown
    if "understood" in row:
        assert found.standing != "understood", shown
    if "whole" in row:
        assert quoted_whole(found), shown
        assert found.standing != "understood", shown
    if "flawed" in row:
        assert found.flaws, shown
    for rule in row.get("never", ()):
        assert found.rule != stated(rule, row["in"]), shown


_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_FRACTION = re.compile(r"(?<!\w)\.(?=\d)")
_ASIDE = re.compile(r"(?:Appendix|Section) \d+|1\.73|sensitivity (?:of at least )?\d+")


def numbers(text: str) -> set[str]:
    text = _FRACTION.sub("0.", text)
    return {found.replace(",", "").rstrip(".") for found in _DIGITS.findall(text)}


@every_sound_row
def test_every_number_of_the_text_is_in_the_rule_or_told_of(row: Row) -> None:
    """A number told twice in another unit is told once; of sections and sensitivities none is told."""
    found = read(row)
    spoken = _ASIDE.sub(" ", row["text"])
    kept = numbers(printed(found.rule)) | {"109"}
    missing = {number for number in numbers(spoken) if number not in kept}
    assert not missing, f"{missing}: {printed(found.rule)}"


@every_sound_row
def test_a_quotation_is_in_the_words_of_the_text(row: Row) -> None:
    found = read(row)
    folded = " ".join(row["text"].split())
    for quotation in re.findall(r'manual\("((?:[^"\\]|\\.)*)"\)', printed(found.rule)):
        assert quotation.replace('\\"', '"') in folded


@every_sound_row
def test_reading_twice_gives_the_same(row: Row) -> None:
    assert read(row) == Reader(catalogue()).read(row["text"], row["in"])


def test_there_are_enough_rows_and_none_twice() -> None:
    texts = [(row["text"], row["in"]) for rows in TABLE.values() for row in rows]
    assert len(texts) >= 120
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("kind", ["inclusion", "exclusion"])
def test_what_is_longer_than_any_criterion_is_quoted_and_told_of(kind: Any) -> None:
    found = reader().read("stroke or " * 3_000, kind)
    assert isinstance(found.rule, r.Manual)
    assert found.standing == "not understood"
    assert found.flaws


@pytest.mark.parametrize(
    "text", ["", " ", "\n", ".", "()", "and", "or or", ",", "not", "≥", "17", "(((", ")"]
)
@pytest.mark.parametrize("kind", ["inclusion", "exclusion"])
def test_a_text_that_says_nothing_is_not_understood(text: str, kind: Any) -> None:
    found = reader().read(text, kind)
    assert isinstance(found.rule, r.Manual)
    assert found.standing != "understood"
    assert stated(printed(found.rule), kind) == found.rule
