"""Limits that each hold for some: `>= 50 if plasma cells < 50 %, >= 30 if plasma cells >= 50 %`."""

from collections.abc import Sequence

from screener.drafting.lexer import Token

_CIRCUMSTANCE = frozenset({"MEASURE", "COMPARE", "NUMBER", "UNIT"})
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


def _no_end(token: Token) -> Token:
    """A semicolon between two cases ends no sentence."""
    return token._replace(type="COMMA") if token.type == "SEMI" else token


def _is_case(tokens: Sequence[Token], at: int) -> bool:
    """Whether a circumstance that is measured follows, between a limit and another one or the end."""
    end = _end(tokens, at)
    types = {token.type for token in tokens[at + 1 : end]}
    after = next((token.type for token in tokens[end : end + 3] if token.type not in _BETWEEN), "DOT")
    return at > 0 and tokens[at - 1].type in ("UNIT", "NUMBER") and "MEASURE" in types and after in _AFTER


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where a circumstance ends: before the sign of the next limit, at the latest."""
    end, compared = at + 1, False
    while end < len(tokens) and tokens[end].type in _CIRCUMSTANCE:
        if tokens[end].type == "COMPARE" and compared:
            break
        compared = compared or tokens[end].type == "COMPARE"
        end += 1
    return end
