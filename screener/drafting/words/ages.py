"""Ages that are told by their bounds alone: `>= 18 years`, `18-65 years`, `< 18 or > 70 years of age`."""

from collections.abc import Sequence
from itertools import pairwise

from screener.drafting.words.lexer import Token

_OF_AGE = frozenset({"AGE", "AGE_UNIT", "AGE_COMPARE"})
_BOUND = frozenset({"COMPARE", "AGE_COMPARE", "BETWEEN"})
_ONE_AGE = frozenset({*_OF_AGE, *_BOUND, "NUMBER", "TIME_UNIT", "AND", "OR", "DOT", "SEMI"})
_AGES = _ONE_AGE | {"DASH", "OR_MORE", "FEMALE", "MALE", "COMMA"}
_YOUNGEST, _OLDEST = 12, 120


def as_age(tokens: Sequence[Token]) -> Sequence[Token]:
    """`>= 18 years` or `18-65 years` and nothing else: nothing but an age is counted in years alone."""
    if not tokens or tokens[0].type not in _AGES:
        return tokens
    types = [token.type for token in tokens]
    if not _AGES.issuperset(types):
        return tokens
    tokens = _in_years(tokens)
    return _named(tokens) if _are_bounds([token.type for token in tokens]) else tokens


def _are_bounds(types: Sequence[str]) -> bool:
    """Whether two bounds of an age stand there, and it is named behind them or between them."""
    middle = any(pair == ("AGE", "COMPARE") for pair in pairwise(types))  # 18 <= age <= 70
    return (types[0] in _BOUND and not _OF_AGE.isdisjoint(types) and not middle
            and _ONE_AGE.issuperset(types) and not {"AND", "OR"}.isdisjoint(types))  # fmt: skip


def _named(tokens: Sequence[Token]) -> list[Token]:
    """`< 18 or > 70 years of age`, `at least 21 and not older than 80`: an age, as if it were said first."""
    first = tokens[0]
    bounds = [token._replace(type="COMPARE") if token.type == "AGE_COMPARE" else token
              for token in tokens if token.type != "AGE"]  # fmt: skip
    return [Token("AGE", "", first.start, first.start), *bounds]


def _in_years(tokens: Sequence[Token]) -> Sequence[Token]:
    if not any(token.type == "TIME_UNIT" and token.value == "a" for token in tokens):
        return tokens
    numbers = [token.value for token in tokens if token.type == "NUMBER"]
    if not all(value.isdigit() and _YOUNGEST <= int(value) <= _OLDEST for value in numbers):
        return tokens  # a year or two may be any length of time
    return [token._replace(type="AGE_UNIT") if token.type == "TIME_UNIT" else token for token in tokens]
