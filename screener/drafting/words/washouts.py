"""A table of washouts in lines: `Ixazomib: 7 days`, `Monoclonal antibodies: 4 weeks`.

Among what keeps out, a treatment and a length of time and nothing else mean that the treatment was had
within that time. Of what lets in, the length may as well be one for which it must have been taken.
"""

from collections.abc import Sequence

from screener.drafting.logic.composing import Kind
from screener.drafting.words.lexer import Token

_NAMES = frozenset({"THERAPY", "PROCEDURE"})
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_LENGTH = ["NUMBER", "TIME_UNIT"]
_ENDS = frozenset({"DOT", "SEMI", "COMMA", "OR", "AND"})


def with_washouts(tokens: Sequence[Token], kind: Kind) -> Sequence[Token]:
    """The tokens with the sign between such a treatment and its time as `within`."""
    said = [one for one in tokens if one.type != "ASIDE"]
    while said and said[-1].type in _ENDS:
        said = said[:-1]
    if kind == "inclusion" or len(said) < 4 or said[0].type not in _NAMES:
        return tokens
    at = next((at for at, one in enumerate(said) if one.type not in _NAMES | _JOINTS), 0)
    link, length = said[at], said[at + 1 :]
    if link.type not in ("COLON", "DASH"):
        return tokens
    if [one.type for one in length] != _LENGTH or said[at - 1].type not in _NAMES:
        return tokens
    return [*said[:at], link._replace(type="WITHIN", value=""), *length]
