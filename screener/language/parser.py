"""Text of the criterion language → rule, or all that is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer

from screener import resources
from screener.errors import Problem
from screener.language.bind import Binder
from screener.language.complaints import Misfit, complaint
from screener.language.contradictions import contradictions
from screener.language.printer import Printer
from screener.language.tokens import tokenise
from screener.language.transform import Builder
from screener.model.rule import Rule
from screener.vocabulary.catalogue import Catalogue


class NoLexer(Lexer):
    """Tokens are fed one by one (`tokens`), so Lark need not build a lexer for each state."""

    def __init__(self, conf: object) -> None:
        """Takes what Lark hands a lexer, and needs nothing of it."""

    def lex(self, *_: object) -> Iterator[Token]:
        return iter(())


@cache
def grammar(*, strict: bool = False) -> Lark:
    """The criterion grammar, built once. Strict mode (for tests) refuses any conflict."""
    path = resources.grammar() / "criterion.lark"
    lexer = "contextual" if strict else NoLexer
    options: dict[str, Any] = {"parser": "lalr", "lexer": lexer, "maybe_placeholders": False,
                               "strict": strict}  # fmt: skip
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
        binder.check_forms(tree, kind)
    if not binder.problems:
        binder.problems += _contradictions(rule, catalogue)
    return (None if binder.problems else rule), binder.problems


def _contradictions(rule: Rule, catalogue: Catalogue) -> list[Problem]:
    written = Printer(catalogue).print
    return [Problem("contradiction", f"`{written(first)}` and `{written(second)}` exclude each other",
                    "1:1", "join them by `or`, or mend one of them")
            for first, second in contradictions(rule)]  # fmt: skip


def _tree(tokens: list[Token], text: str, catalogue: Catalogue) -> Any:
    parser = grammar().parse_interactive()
    fed = 0
    try:
        for token in tokens:
            parser.feed_token(token)
            fed += 1
        return parser.feed_eof(tokens[-1] if tokens else None)  # type: ignore[no-untyped-call]
    except UnexpectedToken:
        token_at = tokens[fed] if fed < len(tokens) else None
        return complaint(Misfit(text, tokens[:fed], token_at, _accepted(tokens[:fed]), catalogue, _word))


def _accepted(tokens: list[Token]) -> set[str]:
    """What could follow these tokens. (A parser that has met its error has already moved on.)"""
    parser = grammar().parse_interactive()
    for token in tokens:
        parser.feed_token(token)
    return set(parser.accepts())  # type: ignore[no-untyped-call]


def _word(terminal: str) -> str:
    """A fixed word of the grammar as it is written."""
    pattern = _words()[terminal].pattern.removeprefix("(?i:").removesuffix(")")
    return pattern.replace(r"\b", "").replace(r"\s+", " ").split("|")[0]
