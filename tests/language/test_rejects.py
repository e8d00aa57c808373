"""What the criterion language refuses, and that a clinician can mend it from the message alone."""

import re
from itertools import groupby
from pathlib import Path

import pytest
import yaml

from screener.language.parser import grammar, parse
from screener.vocabulary.load import catalogue

ROWS: list[dict[str, str]] = yaml.load(
    (Path(__file__).parents[1] / "grammar" / "rejects.yaml").read_text(encoding="utf-8"),
    yaml.BaseLoader,
)
RULES = [
    (rule, kind, list(rows))
    for (rule, kind), rows in groupby(ROWS, lambda row: (row["rule"], row.get("kind", "")))
]
every_rule = pytest.mark.parametrize(
    ("rule", "kind", "rows"), RULES, ids=[f"{kind or 'any'}: {rule[:60]}" for rule, kind, _ in RULES]
)


@every_rule
def test_a_rule_is_refused_at_its_place_and_in_these_words(
    rule: str, kind: str, rows: list[dict[str, str]]
) -> None:
    read, problems = parse(rule, catalogue(), kind)
    assert read is None
    found = [(problem.place, problem.message, problem.help) for problem in problems]
    assert found == [(row["at"], row["message"], row.get("help", "")) for row in rows]


def test_there_are_enough_rows_and_none_twice() -> None:
    assert len(RULES) >= 120
    assert len({(rule, kind) for rule, kind, _ in RULES}) == len(RULES)


@every_rule
def test_every_message_is_plain_and_every_one_helps(rule: str, kind: str, rows: list[dict[str, str]]) -> None:
    terminals = {terminal.name for terminal in grammar().terminals if len(terminal.name) > 3}
    own = re.compile(r"`[^`]*`")
    for problem in parse(rule, catalogue(), kind)[1]:
        said = own.sub("", f"{problem.message} {problem.help}")
        assert problem.help, problem.message
        assert not terminals & set(re.findall(r"[A-Z_]{4,}", said))
        assert not re.search(r"\b(None|Token|tuple|Decimal|Error|lark)\b", said)
        assert problem.message[0] == problem.message[0].lower()
        assert problem.snippet == "" or "^" in problem.snippet


@every_rule
def test_the_place_is_that_of_the_words_that_the_message_quotes(
    rule: str, kind: str, rows: list[dict[str, str]]
) -> None:
    for problem in parse(rule, catalogue(), kind)[1]:
        quoted = re.match(r"`([^`]+)` (cannot stand|has no meaning|is no )", problem.message)
        unknown = re.fullmatch(r"the vocabulary does not know `(.+)`", problem.message)
        words = quoted or unknown
        if words is None or problem.code == "form":  # quoted is the form, not the reader's words
            continue
        line, column = map(int, problem.place.split(":"))
        row = rule.replace("\r\n", "\n").split("\n")[line - 1]
        assert row[column - 1 :].lstrip('"').startswith(words.group(1))


def _one(rule: str) -> str:
    read, problems = parse(rule, catalogue())
    assert read is None
    assert len(problems) == 1
    return problems[0].message


def test_a_rule_nested_more_than_fifty_deep_is_refused() -> None:
    assert _one("(" * 51 + "stroke" + ")" * 51) == "nested more than 50 deep"
    assert _one("not " * 51 + "stroke") == "nested more than 50 deep"
    assert _one("not (" * 26 + "stroke" + ")" * 26) == "nested more than 50 deep"


def test_negations_in_brackets_count_for_the_depth_together() -> None:
    staircase = "".join("not " * (49 - depth) + "(" for depth in range(49))
    assert _one(staircase + "stroke" + ")" * 49) == "nested more than 50 deep"


def test_brackets_side_by_side_are_not_deep() -> None:
    rule, problems = parse(" or ".join(["(stroke and seizure)"] * 60), catalogue())
    assert problems == []
    assert rule is not None


def test_a_rule_of_more_than_twenty_thousand_characters_is_refused() -> None:
    assert _one("stroke" + " " * 19_995) == "the rule has more than 20,000 characters"


def test_twenty_thousand_characters_of_nonsense_are_refused_with_at_most_twenty_problems() -> None:
    for text in ("x " * 10_000, '"' * 20_000, "t(" * 10_000, "1" * 20_000, "stroke " * 2_800):
        read, problems = parse(text, catalogue())
        assert read is None
        assert 1 <= len(problems) <= 20


def test_every_problem_of_the_words_is_reported_at_once() -> None:
    _, problems = parse("strok and seizur or creatinin < 2 mg/dL", catalogue())
    assert [problem.place for problem in problems] == ["1:1", "1:11", "1:21"]


def test_a_caret_stands_below_the_words_at_fault() -> None:
    _, problems = parse("stroke and\n  seizur", catalogue())
    assert problems[0].snippet.splitlines() == ["    seizur", "    ^^^^^^"]
