"""A bracket at the end of a text that has lost its other half: `ULN (upper limit`, `<= 2 mg/dL)`."""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_SIGNS = frozenset({"DOT", "COMMA", "SEMI", "AND", "OR"})
# behind these it is not clear where the bracket would end
_PARTING = frozenset({"COMMA", "SEMI", "AND", "DOT", "IF", "UNLESS", "EXCEPT"})


def closed(tokens: Sequence[Token]) -> Sequence[Token]:
    """`ULN (upper limit`, `<= 2 mg/dL)`: one bracket at the end has lost its other half."""
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.type == "LPAR":
            opened.append(at)
        elif token.type == "RPAR" and not (opened and opened.pop() >= 0):
            rest = {one.type for one in tokens[at + 1 :]}
            return [*tokens[:at], *tokens[at + 1 :]] if at > 1 and rest <= _SIGNS else tokens
    if len(opened) != 1 or any(token.type in _PARTING for token in tokens[opened[0] :]):
        return tokens
    end = len(tokens)
    while tokens[end - 1].type in _SIGNS:
        end -= 1
    edge = tokens[end - 1].end
    return [*tokens[:end], Token("RPAR", ")", edge, edge), *tokens[end:]] if end > opened[0] + 1 else tokens
