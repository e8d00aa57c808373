"""Every form of the criterion language: what is accepted, and that it prints back as it reads."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from lark import Lark, Token

from screener.language.parser import grammar, parse
from screener.language.printer import Printer
from screener.language.tokens import tokenise
from screener.vocabulary.load import catalogue

ROWS: list[dict[str, str]] = yaml.load(
    (Path(__file__).parents[1] / "grammar" / "accepts.yaml").read_text(encoding="utf-8"),
    yaml.BaseLoader,
)
_MIXTURES = 32  # more alternatives than this have only forms with many optional parts


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["rule"][:60])
def test_a_rule_prints_as_expected_and_the_print_reads_as_the_same_rule(
    row: dict[str, str],
) -> None:
    rule, problems = parse(row["rule"], catalogue())
    assert rule is not None, [str(problem) for problem in problems]
    printed = Printer(catalogue()).print(rule)
    assert printed == row.get("prints", row["rule"])
    assert parse(printed, catalogue()) == (rule, [])


def test_there_are_enough_rows_and_none_twice() -> None:
    assert len(ROWS) >= 200
    assert len({row["rule"] for row in ROWS}) == len(ROWS)
    assert all(row["prints"] != row["rule"] for row in ROWS if "prints" in row)


def test_the_grammar_has_no_conflict_in_the_strict_mode_of_its_parser() -> None:
    assert isinstance(grammar(strict=True), Lark)


def _words() -> dict[str, Any]:
    from screener.language import parser

    return dict(parser._words())


def _alternatives_and_terminals(rule: str) -> tuple[set[Any], set[str]]:
    """The alternatives of grammar rules that were used to read a text, and its terminals."""
    tokens, problems, _ = tokenise(rule, _words(), catalogue())
    assert not problems
    used: set[Any] = set()

    def noted(alternative: Any, made: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
        def note(children: list[Any]) -> Any:
            used.add(alternative)
            return made(children)

        return note

    interactive: Any = grammar().parse_interactive()
    conf = interactive.parser_state.parse_conf
    conf.callbacks = {key: noted(key, value) for key, value in conf.callbacks.items()}
    for token in tokens:
        interactive.feed_token(token)
    interactive.feed_eof(tokens[-1])
    return used, {token.type for token in tokens if isinstance(token, Token)}


def _to_show(alternatives: Iterable[Any]) -> set[str]:
    """The alternatives; of a form with many optional parts, its parts instead of all their mixtures."""
    count = Counter(alternative.origin for alternative in grammar().rules)
    return {
        shown
        for alternative in alternatives
        for shown in (
            [f"{alternative.origin.name}: {symbol.name}" for symbol in alternative.expansion]
            if count[alternative.origin] > _MIXTURES
            else [str(alternative)]
        )
    }


def test_every_alternative_of_the_grammar_and_every_terminal_has_a_row() -> None:
    alternatives: set[Any] = set()
    terminals: set[str] = set()
    for row in ROWS:
        used, seen = _alternatives_and_terminals(row["rule"])
        alternatives |= used
        terminals |= seen
    rules = grammar().rules
    assert _to_show(rules) - _to_show(alternatives) == set()
    named = {symbol.name for rule in rules for symbol in rule.expansion if symbol.is_term}
    assert named == terminals
    assert {terminal.name for terminal in grammar().terminals} - named == {"__IGNORE_0"}


def test_a_quotation_keeps_the_characters_of_the_criterion() -> None:
    quoted = "platelets > 75 × 10⁹/L – “enough” ½ ﬁt"
    rule, _ = parse(f'manual("{quoted}")', catalogue())
    assert rule is not None
    assert getattr(rule, "text", "") == quoted


def test_a_rule_may_be_as_long_and_as_deep_as_the_limits_say() -> None:
    deep = "(" * 50 + "stroke" + ")" * 50
    assert parse(deep, catalogue())[1] == []
    assert parse("not " * 50 + "stroke", catalogue())[1] == []
    assert parse("not (" * 25 + "stroke" + ")" * 25, catalogue())[1] == []
    long = "stroke" + " or seizure" * 1_800
    assert parse(long + " " * (20_000 - len(long)), catalogue())[1] == []
