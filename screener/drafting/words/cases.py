"""Limits that each hold for some: `>= 50 if plasma cells < 50 %, >= 30 if plasma cells >= 50 %`."""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import VALUE_ENDS

_CIRCUMSTANCE = frozenset({"MEASURE", "COMPARE", "NUMBER", "UNIT"})
_LIMIT = frozenset({"COMPARE", "NUMBER", "UNIT", "TIMES", "ULN", "LLN", "TIMES_ULN"})
_OF = frozenset({"NO", "CONDITION"})
_NAMED = ({"CONDITION"}, {"NO", "CONDITION"})
_BETWEEN = frozenset({"OR", "AND", "COMMA", "SEMI"})
_AFTER = frozenset({"COMPARE", "DOT", "RPAR", "LPAR"})


def with_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each circumstance in brackets, where several are measured: the form that is read."""
    cases = [at for at, token in enumerate(tokens) if token.type == "IF" and _is_case(tokens, at)]
    if len(cases) < 2:
        return list(tokens)
    found, first = list(tokens[: cases[0]]), cases[0]
    for at in cases:
        found += map(_no_end, tokens[first:at])
        first = _end(tokens, at)
        edge = tokens[first - 1].end
        found += [Token("LPAR", "(", tokens[at].start, tokens[at].start), *tokens[at:first],
                  Token("RPAR", ")", edge, edge)]  # fmt: skip
    return [*found, *tokens[first:]]


def with_otherwise(tokens: Sequence[Token]) -> list[Token]:
    """`>= 70 if plasma cells < 50 %, otherwise >= 50` as `>= 50 (>= 70 if plasma cells < 50 %)`."""
    at = next(at for at, token in enumerate(tokens) if token.type == "OTHERWISE")
    link = max((index for index in range(at) if tokens[index].type == "IF"), default=0)
    first = _beginning(tokens, link)
    begin = at + 2 if tokens[at + 1 : at + 2] and tokens[at + 1].type == "MEASURE" else at + 1
    after = begin
    while after < len(tokens) and tokens[after].type in _LIMIT:
        after += 1
    case = tokens[link + 1 : at]
    measured = first and tokens[first - 1].type == "MEASURE" and tokens[first].type == "COMPARE"
    again = begin == at + 1 or tokens[at + 1].value == tokens[first - 1].value
    if not measured or not again or after == begin or not {one.type for one in case} <= _CIRCUMSTANCE | _OF:
        return list(tokens)
    edge = tokens[after - 1].end
    return [*tokens[:first], *tokens[begin:after], Token("LPAR", "(", edge, edge), *tokens[first:at],
            Token("RPAR", ")", edge, edge), *tokens[after:]]  # fmt: skip


def _beginning(tokens: Sequence[Token], link: int) -> int:
    """Where the limit begins that stands before an `if`."""
    first = link
    while first > 0 and tokens[first - 1].type in _LIMIT:
        first -= 1
    return first


def _no_end(token: Token) -> Token:
    """A semicolon between two cases ends no sentence."""
    return token._replace(type="COMMA") if token.type == "SEMI" else token


def _is_case(tokens: Sequence[Token], at: int) -> bool:
    """Whether a circumstance that is measured follows, between a limit and another one or the end."""
    end = _end(tokens, at)
    types = {token.type for token in tokens[at + 1 : end]}
    after = next((token.type for token in tokens[end : end + 3] if token.type not in _BETWEEN), "DOT")
    return (
        at > 0
        and tokens[at - 1].type in VALUE_ENDS
        and ("MEASURE" in types or types in _NAMED)
        and after in _AFTER
    )


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where a circumstance ends: before the sign of the next limit, at the latest."""
    end, compared = at + 1, False
    if {token.type for token in tokens[end : end + 1]} <= _OF:
        while end < len(tokens) and tokens[end].type in _OF:
            end += 1
        return end
    while end < len(tokens) and tokens[end].type in _CIRCUMSTANCE:
        if tokens[end].type == "COMPARE" and compared:
            break
        compared = compared or tokens[end].type == "COMPARE"
        end += 1
    return end
