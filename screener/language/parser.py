"""Text of the criterion language → rule, or all that is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from lark import Lark, Token, UnexpectedToken

from screener import resources
from screener.errors import Problem
from screener.language.bind import Binder
from screener.language.tokens import problem_at, tokenise
from screener.language.transform import Builder
from screener.model.rule import Rule
from screener.vocabulary.catalogue import Catalogue

# Terminals that are no fixed word, as a person calls them.
_CALLED = {
    "MEASURE": "a measurement", "MARKER": "a marker", "THERAPY": "a drug or class of drugs",
    "CONDITION": "a condition", "PROCEDURE": "a procedure", "RESPONSE": "a response (PR, VGPR, …)",
    "UNIT": "a unit", "NUMBER": "a number", "COMPARATOR": "a comparison (<, <=, >, >=, =)",
    "TIME_UNIT": "a unit of time (days, weeks, months, years)", "STRING": "words in quotes",
    "WORD": "a stage", "INTENT": "an intent (induction, maintenance, …)",
    "ANCHOR": "an anchor (enrolment, first dose, …)", "$END": "the end of the rule",
    "LPAR": "`(`", "RPAR": "`)`", "COMMA": "`,`", "SEMICOLON": "`;`", "SLASH": "`/`", "DASH": "`-`",
}  # fmt: skip
_MOST_EXPECTED = 8


@cache
def grammar(*, strict: bool = False) -> Lark:
    """The criterion grammar, built once. Strict mode (for tests) refuses any conflict."""
    path = resources.grammar() / "criterion.lark"
    options: dict[str, Any] = {"parser": "lalr", "maybe_placeholders": False, "strict": strict}
    return Lark(path.read_text("utf-8"), source_path=str(path),
                import_paths=[str(path.parent)], **options)  # fmt: skip


@cache
def _words() -> Mapping[str, re.Pattern[str]]:
    """The patterns of the terminals that the grammar itself defines."""
    return {
        terminal.name: re.compile(terminal.pattern.to_regexp(), re.IGNORECASE)
        for terminal in grammar().terminals
        if terminal.pattern is not None and terminal.name not in grammar().ignore_tokens
    }


def parse(text: str, catalogue: Catalogue, kind: str = "") -> tuple[Rule | None, list[Problem]]:
    """The rule that a text states, or None and every problem found.

    `kind` (inclusion, exclusion) refuses the form that belongs to the other.
    """
    tokens, problems, seen = tokenise(text, _words(), catalogue)
    if problems:
        return None, problems
    tree = _tree(tokens, seen, catalogue)
    if isinstance(tree, Problem):
        return None, [tree]
    binder = Binder(catalogue, seen)
    rule: Rule = Builder(binder).transform(tree)
    if not binder.problems and kind:
        binder.check_forms(rule, kind)
    return (None if binder.problems else rule), binder.problems


def _tree(tokens: list[Token], text: str, catalogue: Catalogue) -> Any:
    parser = grammar().parse_interactive()
    try:
        for token in tokens:
            parser.feed_token(token)
        return parser.feed_eof(tokens[-1] if tokens else None)
    except UnexpectedToken as error:
        token = error.token
        at_end = token.type == "$END"
        start = len(text.rstrip()) if at_end else token.start_pos or 0
        end = start + 1 if at_end else token.end_pos or start + 1
        read = "the rule ends here" if at_end else f"`{text[start:end]}` cannot stand here"
        previous = tokens[tokens.index(token) - 1] if token in tokens and not at_end else None
        hint = _hint(token, previous, catalogue)
        return problem_at(text, start, end, "syntax", read,
                          f"expected {_either(parser.accepts())}{hint}")  # fmt: skip


def _hint(token: Token, previous: Token | None, catalogue: Catalogue) -> str:
    if previous is not None and previous.type == "MEASURE" and previous.value in catalogue:
        return f"; `{catalogue[previous.value].name}` is a measurement and needs a threshold"
    if previous is not None and previous.type == "THERAPY":
        return "; of a drug say when: `prior …`, `ongoing …`, `… within 4 weeks`"
    return "; a number goes after its sign" if token.type == "NUMBER" else ""


def _either(terminals: Iterable[str]) -> str:
    called = sorted({_called(terminal) for terminal in terminals})
    if len(called) > _MOST_EXPECTED:
        named = [name for name in called if not name.startswith("`")]
        called = (named or called)[:_MOST_EXPECTED] + ["…"]
    return ", ".join(called[:-1]) + (" or " if len(called) > 1 else "") + called[-1]


def _called(terminal: str) -> str:
    if terminal in _CALLED:
        return _CALLED[terminal]
    pattern = _words()[terminal].pattern.removeprefix("(?i:").removesuffix(")")
    return "`" + pattern.replace(r"\b", "").replace(r"\s+", " ").split("|")[0] + "`"
