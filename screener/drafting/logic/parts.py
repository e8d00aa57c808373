"""The parts of a sentence: claims, words and brackets, and the clauses that they form."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from screener.drafting.claims.driver import Driver
from screener.drafting.claims.forms import Timing
from screener.drafting.words.lexer import Token
from screener.model import rule as r

_BRACKETS = 2  # characters
_SIGNS = frozenset({"AND", "OR", "COMMA", "SEMI", "DOT", "SLASH", "COLON"})


class Part(NamedTuple):
    """A claim (with its rule), a word that no claim took (its token type), or a bracket with its parts."""

    type: str
    start: int
    end: int
    rule: r.Rule | None = None
    inner: tuple["Part", ...] = ()
    value: str = ""
    window: r.Window | None = None  # of a time by itself
    seen: r.Rule | None = None  # of a flaw: what it says as far as it was read
    refused: bool = False  # of a claim: it may be a part of a list that has no clear meaning


class Node(NamedTuple):
    """What a stretch of text comes to.

    `rule`: understood. `person`: a person's to decide. `words`: nothing of it is understood. `mixed`: a
    claim with words at it that are not understood. `unclear`: where its parts belong is not clear.
    """

    kind: Literal["rule", "person", "words", "mixed", "unclear"]
    rule: r.Rule | None
    start: int
    end: int


def parts_of(tokens: Sequence[Token], driver: Driver) -> tuple[list[Part], list[str]]:
    """The claims among the tokens and the words between them; and what is wrong with some."""
    parts: list[Part] = []
    flaws: list[str] = []
    at = 0
    begins = driver.begins
    while at < len(tokens):
        token = tokens[at]
        cut = token.type == "NUMBER" and at > 0 and tokens[at - 1].type == "COMPARE"  # its sign was not read
        claim = driver.read(tokens, at) if token.type in begins and not cut else None
        if token.type == "EVER":
            at += 1
            continue
        if claim is None:
            parts.append(Part(token.type, token.start, token.end, value=token.value))
            at += 1
            continue
        after = at + claim.size
        end = tokens[after - 1].end
        if isinstance(claim.rule, Timing):
            parts.append(Part("TIMING", token.start, end, window=claim.rule.window))
        else:
            kind = "CLAIM" if claim.rule is not None else "FLAW"
            inside = {part.type for part in tokens[at:after]}
            word = "OR" if "OR" in inside else "AND" if "AND" in inside else ""
            parts.append(Part(kind, token.start, end, claim.rule, value=word, seen=claim.seen,
                              refused=claim.refused))  # fmt: skip
        if claim.flaw:
            flaws.append(claim.flaw)
        at = after
    return parts, flaws


def bracketed(parts: Iterable[Part]) -> list[Part]:
    """The same with each bracket as one part. What is opened and never closed ends with the text."""
    stack: list[list[Part]] = [[]]
    opened: list[Part] = []
    for part in parts:
        if part.type == "LPAR" and len(stack) < 20:
            stack.append([])
            opened.append(part)
        elif part.type == "RPAR":
            if opened:
                _close(stack, opened, part.end)
        else:
            stack[-1].append(part)
    while opened:
        _close(stack, opened, stack[-1][-1].end if stack[-1] else opened[-1].end)
    return stack[0]


def _close(stack: list[list[Part]], opened: list[Part], end: int) -> None:
    inner, start = stack.pop(), opened.pop().start
    said = end - start > _BRACKETS + sum(part.end - part.start + 1 for part in inner)
    if said and all(part.type in _SIGNS for part in inner):
        inner = []  # (by A or by B): of what was set aside, the words between it are left
    if inner:
        stack[-1].append(Part("GROUP", start, end, inner=tuple(inner)))


def split(parts: Sequence[Part], types: frozenset[str]) -> Iterator[tuple[list[Part], str]]:
    """The stretches between separators, each with the separators that follow it (their types, joined)."""
    stretch: list[Part] = []
    separators: list[str] = []
    for part in parts:
        if part.type in types:
            separators.append(part.type)
            continue
        if separators:
            yield stretch, " ".join(separators)
            stretch, separators = [], []
        stretch.append(part)
    yield stretch, " ".join(separators)


def flat(parts: Iterable[Part]) -> Iterator[Part]:
    """All parts, those in brackets too."""
    for part in parts:
        if part.type == "GROUP":
            yield from flat(part.inner)
        else:
            yield part
