"""Every form of protocol prose: what is read, and as which rule; and what only looks like it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from lark import Lark

from screener import resources, strict_yaml
from screener.drafting.claims.driver import Driver, grammar
from screener.drafting.claims.meaning import Meaning
from screener.drafting.reader import Reader, Reading
from screener.drafting.words.lexer import Lexer, Token, readable
from screener.drafting.words.sense import settled
from screener.drafting.words.steroid_doses import SteroidDoses
from screener.drafting.words.wording import phrases, wording
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import rule as r
from screener.vocabulary.load import catalogue

Row = dict[str, str]
TABLES = Path(__file__).parents[1] / "grammar"
SENTENCES = "sentence"  # rows about what several claims come to: no form of the grammar


def table(name: str) -> dict[str, list[Row]]:
    """The rows of a table, by the form that they are about."""
    return dict(yaml.load((TABLES / name).read_text("utf-8"), yaml.BaseLoader))


ACCEPTED, REJECTED = table("protocol_accepts.yaml"), table("protocol_rejects.yaml")


def rows(tables: dict[str, list[Row]]) -> list[Any]:
    """A test for each row; one with a known defect has to fail until the defect is mended."""
    return [pytest.param(form, row, id=f"{form}: {row['text'][:50]}", marks=marks(row))
            for form, listed in tables.items() for row in listed]  # fmt: skip


def marks(row: Row) -> tuple[pytest.MarkDecorator, ...]:
    why = row.get("known_defect")
    return () if why is None else (pytest.mark.xfail(reason=why, strict=True),)


@cache
def reader() -> Reader:
    return Reader(catalogue())


def section(row: Row) -> Any:
    return row.get("in", "inclusion")


def read(row: Row) -> Reading:
    return reader().read(row["text"], section(row))


def stated(rule: str, kind: str) -> r.Rule:
    made, problems = parse(rule, catalogue(), kind)
    assert made is not None, [str(problem) for problem in problems]
    return made


def printed(rule: r.Rule) -> str:
    return Printer(catalogue()).print(rule)


# --- the rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "row"), rows(ACCEPTED))
def test_a_phrase_is_read_as_exactly_this_rule(form: str, row: Row) -> None:
    found = read(row)
    assert printed(found.rule) == printed(stated(row["rule"], section(row)))
    assert found.rule == stated(row["rule"], section(row))
    assert found.standing == row.get("standing", "understood")


@pytest.mark.parametrize(("form", "row"), rows(REJECTED))
def test_a_near_miss_is_not_read_as_what_it_looks_like(form: str, row: Row) -> None:
    found = read(row)
    if "never" in row:
        assert found.rule != stated(row["never"], section(row))
    if "rule" in row:
        assert found.rule == stated(row["rule"], section(row)), printed(found.rule)
        assert found.standing == row.get("standing", "understood")
    else:
        assert found.standing != "understood", printed(found.rule)
    if "flawed" in row:
        assert found.flaws


@pytest.mark.parametrize(("form", "row"), rows(ACCEPTED) + rows(REJECTED))
def test_what_is_read_prints_and_reads_back_as_the_same_rule(form: str, row: Row) -> None:
    if "known_defect" in row:
        pytest.xfail("told in the other test of this row")
    found = read(row)
    assert stated(printed(found.rule), section(row)) == found.rule


def test_no_phrase_stands_twice_in_a_table() -> None:
    for tables in (ACCEPTED, REJECTED):
        seen = [(row["text"], section(row)) for listed in tables.values() for row in listed]
        assert len(set(seen)) == len(seen)


def test_there_are_enough_rows() -> None:
    assert sum(map(len, ACCEPTED.values())) >= 250
    assert sum(map(len, REJECTED.values())) >= 150


# --- the grammar ------------------------------------------------------------------------------


def test_the_grammar_has_no_conflict_in_the_strict_mode_of_its_parser() -> None:
    assert isinstance(grammar(strict=True), Lark)


def form_of(alternative: Any) -> str:
    """The name under which the drafter gives an alternative its meaning; "" where it has none."""
    if alternative.alias:
        return str(alternative.alias)
    name = str(alternative.origin.name)
    return "" if name.startswith("__") or alternative.options.expand1 else name


FORMS = {form_of(alternative) for alternative in grammar().rules} - {""}


@pytest.mark.parametrize("form", sorted(FORMS | {"extent"}))
def test_every_form_of_the_grammar_has_phrases_that_are_read_and_near_misses(form: str) -> None:
    assert ACCEPTED.get(form), "no phrase shows that this form is read"
    assert REJECTED.get(form), "no phrase shows what looks like this form and is none"


def test_every_row_is_about_a_form_of_the_grammar() -> None:
    assert set(ACCEPTED) | set(REJECTED) == FORMS | {SENTENCES, "extent"}


def claims(text: str, kind: Any) -> Iterator[list[Token]]:
    """The tokens of each claim that the drafter keeps of a text."""
    meaning = Meaning(catalogue())
    meaning.kind = kind
    driver = Driver(meaning)
    plain = readable(text)
    tokens = settled(Lexer(wording(catalogue()), catalogue().units).cut(plain), plain)
    tokens = list(SteroidDoses(catalogue()).settled(tokens, plain))
    at = 0
    while at < len(tokens):
        claim = driver.read(tokens, at) if tokens[at].type in driver.begins else None
        if claim is not None and claim.rule is not None:
            yield list(tokens[at : at + claim.size])
        at += 1 if claim is None else claim.size


def alternatives(tokens: list[Token]) -> set[Any]:
    """The alternatives of grammar rules that read the tokens of one claim."""
    from lark import Token as Terminal

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
        interactive.feed_token(Terminal(token.type, token.value))
    interactive.feed_eof()
    return used


@cache
def used_by_the_accepted() -> dict[str, frozenset[Any]]:
    """Form → the alternatives that its rows, and no row with a known defect, are read by."""
    return {
        form: frozenset(
            alternative
            for row in listed if "known_defect" not in row
            for tokens in claims(row["text"], section(row))
            for alternative in alternatives(tokens)
        )
        for form, listed in ACCEPTED.items()
    }  # fmt: skip


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_phrases_of_a_form_are_read_by_it(form: str) -> None:
    if all("known_defect" in row for row in ACCEPTED[form]):
        pytest.xfail("no phrase of this form is read today")
    assert form in {form_of(alternative) for alternative in used_by_the_accepted()[form]}


def test_patterns_do_not_multiply_beyond_what_a_start_can_carry() -> None:
    """`[a|b] [c|d]` stands for every product: one choice more can double what each start has to load."""
    table = strict_yaml.read_plain((resources.vocabulary() / "prose.yaml").read_text("utf-8"))
    assert sum(1 for _ in phrases(table)) < 600_000
