"""What stands around a limit and is none of it: letters of a list, the next heading, an age in brackets."""

import re
from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_VALUE_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN", "NUMBER", "RPAR"})
_SCALES = frozenset({"karnofsky", "lansky", "ecog"})
_PRESSURES = frozenset({"systolic_bp", "diastolic_bp"})
_LIMIT = ["COMPARE", "NUMBER", "UNIT"]
_IN_YEARS = ["COMPARE", "NUMBER", "TIME_UNIT"]
_OF_AGE = ["COMPARE", "NUMBER", "AGE_UNIT"]
_ENDS = frozenset({"", "COMMA", "AND", "OR", "DOT", "SEMI", "RPAR"})
_BEFORE_AGE = frozenset({"FOR", "LPAR", "IF"})
_BILIRUBIN = "total bilirubin"
_SIGNS = frozenset({"DOT", "COMMA", "SEMI", "AND", "OR"})
_PARTING = frozenset(
    {"COMMA", "SEMI", "AND", "DOT", "IF", "UNLESS", "EXCEPT"}
)  # where would the bracket end?
_FAR = 60  # tokens of the sentence in which a value may have been named
_TITLE = 24  # tokens that may stand in the name of what is measured
_OF_TITLE = frozenset({"LPAR", "RPAR", "AND", "OR", "SLASH", "ASIDE", "METHOD"})
_WHERE = frozenset({"serum", "urine"})
_OF_GLEASON = frozenset({"MEASURE", "COMPARE", "NUMBER", "OR_MORE", "ASIDE", "JUDGED", "AND", "LPAR", "RPAR"})
_BEHIND_PSA = frozenset({"WORD", "ASIDE", "COMPARE", "NUMBER", "TIME_UNIT", "SINCE"})  # over 12 months
_PAST = frozenset({"PRIOR", "HISTORY"})
_LINES = "lines_of_therapy"
_YOUNGEST, _OLDEST = 1, 120
_HEADING = re.compile(
    r"(?:renal|hepatic|liver|kidney|cardiac|pulmonary|ha?ematologic(?:al)?|coagulation)(?: function)?",
    re.IGNORECASE,
)
_BY_METHOD = re.compile(
    r"(?:by|on|in|using|per|with) (?:(?:(serum)|(urine)) (?:protein )?electrophoresis|(SPEP)|(UPEP))",
    re.IGNORECASE,
)


def around_values(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens with each of these as what it is."""
    types = {token.type for token in tokens}
    tokens = _with_bilirubin(_without_next_heading(tokens, text), text)
    if not types.isdisjoint(("LPAR", "RPAR")):
        tokens = _without_title(_closed(tokens), text)
    return tokens if not types.isdisjoint(("MEASURE", "METHOD")) else _with_method(tokens, text)


def _without_next_heading(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`ALT <= 3 x ULN Renal:`: what the lines that were below it are about."""
    end = len(tokens)
    while end and (
        tokens[end - 1].type == "COLON" or text[tokens[end - 1].start : tokens[end - 1].end] == "°"
    ):
        end -= 1
    last = tokens[end - 1] if end > 1 else None
    if last is None or last.type != "LABEL" or tokens[end - 2].type not in _VALUE_ENDS | {"WORD"}:
        return tokens
    word = text[last.start : last.end]
    if not word[0].isupper() or _HEADING.fullmatch(word) is None:
        return tokens
    end -= 2 if text[tokens[end - 2].start : tokens[end - 2].end] == "°" else 1
    return tokens[:end] if tokens[end - 1].type in _VALUE_ENDS else tokens


def _with_bilirubin(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`who must have total bilirubin <= 5 x ULN`: its measure, where it was not named before."""
    if "THEN" not in [token.type for token in tokens]:
        return tokens
    kept: list[Token] = []
    for token in tokens:
        named = token.type == "THEN" and text[token.start : token.end].casefold().endswith(_BILIRUBIN)
        if named and all(one.value != "bilirubin_total" for one in kept[-_FAR:]):
            middle = token.end - len(_BILIRUBIN)
            kept += [token._replace(end=middle), Token("MEASURE", "bilirubin_total", middle, token.end)]
        else:
            kept.append(token)
    return kept


def _closed(tokens: Sequence[Token]) -> Sequence[Token]:
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


def _without_title(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`M-protein (serum and/or urine electrophoresis): SPEP >= 0.5 g/dL`: named again with each limit."""
    if len(tokens) < 4 or tokens[0].value != "m_protein_serum" or tokens[1].type != "LPAR":
        return tokens
    colon = next((at for at in range(2, min(len(tokens), _TITLE)) if tokens[at].type == "COLON"), 0)
    named = colon and all(
        token.type in _OF_TITLE or text[token.start : token.end].casefold() in _WHERE
        for token in tokens[1:colon]
    )
    following = next((token.type for token in tokens[colon + 1 :] if token.type != "ASIDE"), "")
    if not named or following not in ("METHOD", "MEASURE"):
        return tokens
    opened = sum({"LPAR": 1, "RPAR": -1}.get(token.type, 0) for token in tokens[1:colon])
    rest = list(tokens[colon + 1 :])
    closing = [at for at, token in enumerate(rest) if token.type == "RPAR"]
    if opened == 1 and closing and "LPAR" not in {token.type for token in rest}:
        del rest[closing[-1]]
        opened = 0
    return rest if opened == 0 else tokens


def _with_method(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`>= 1 g/dL on serum protein electrophoresis`, and nothing else is measured: the monoclonal protein."""
    found = list(tokens)
    for at in range(3, len(tokens)):
        if tokens[at].type != "ASIDE" or [token.type for token in tokens[at - 3 : at]] != _LIMIT:
            continue
        named = _BY_METHOD.fullmatch(text[tokens[at].start : tokens[at].end])
        if named is not None:
            value = "m_protein_serum" if named[1] or named[3] else "m_protein_urine"
            found[at] = tokens[at]._replace(type="MEASURE", value=value)
    return found
