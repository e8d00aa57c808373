"""So much beyond a limit of normal: `> 0.25 mmol/L (> 1 mg/dL) above ULN, or > 2.75 mmol/L`."""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_LONGEST = 5  # tokens of a bracket that tells the amount again, its signs included
_NORMAL = frozenset({"ULN", "LLN"})


def with_beyond(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each limit of normal in front of the bracket that tells its amount again, and with
    the measure named anew for the next limit: in the forms that are read."""
    found: list[Token] = []
    measure: Token | None = None
    at = 0
    while at < len(tokens):
        token = tokens[at]
        measure = token if token.type == "MEASURE" else measure
        beyond = token.type == "BEYOND" and at + 1 < len(tokens) and tokens[at + 1].type in _NORMAL
        if not beyond:
            found.append(token)
            at += 1
            continue
        _insert(found, tokens[at : at + 2])
        at += 2
        joints = _joints(tokens, at)
        found += tokens[at : at + joints]
        at += joints
        if joints and measure is not None and at < len(tokens) and tokens[at].type == "COMPARE":
            found.append(measure._replace(start=tokens[at].start, end=tokens[at].start))
    return found


def _insert(found: list[Token], limit: Sequence[Token]) -> None:
    """Puts `above ULN` behind the amount, in front of a bracket that stands between them."""
    place = len(found)
    if found and found[-1].type == "RPAR":
        opened = [back for back in range(1, min(_LONGEST, len(found)) + 1) if found[-back].type == "LPAR"]
        if opened:
            place -= opened[0]
            found[-1] = found[-1]._replace(end=limit[1].end)
    found[place:place] = limit


def _joints(tokens: Sequence[Token], at: int) -> int:
    """How many signs and words join another limit."""
    types = [token.type for token in tokens[at : at + 2]]
    return 2 if types == ["COMMA", "OR"] else int(types[:1] == ["OR"])
