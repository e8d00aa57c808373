"""What stands around a limit and is none of it: letters of a list, the next heading, an age in brackets."""

import re
from collections.abc import Sequence

from screener.drafting.lexer import Token

_VALUE_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN", "NUMBER", "RPAR"})
_SCALES = frozenset({"karnofsky", "lansky", "ecog"})
_PRESSURES = frozenset({"systolic_bp", "diastolic_bp"})
_LIMIT = ["COMPARE", "NUMBER", "UNIT"]
_IN_YEARS = ["COMPARE", "NUMBER", "TIME_UNIT"]
_OF_AGE = ["COMPARE", "NUMBER", "AGE_UNIT"]
_ENDS = frozenset({"", "COMMA", "AND", "OR", "DOT", "SEMI", "RPAR"})
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
    types = [token.type for token in tokens]
    if "NUMBER" not in types:
        return tokens
    tokens = _without_next_heading(tokens, text)
    if "BP" in types:
        tokens = [token for at, token in enumerate(tokens) if not _is_named_again(tokens, at)]
    if "WORD" in types:
        tokens = _with_sentences(tokens)
    if "TIME_UNIT" in types:
        tokens = _with_ages(tokens)
    return tokens if "MEASURE" in types or "METHOD" in types else _with_method(tokens, text)


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


def _is_named_again(tokens: Sequence[Token], at: int) -> bool:
    """`blood pressure > 150 mmHg systolic`: which of its two values is said behind the number."""
    if tokens[at].type != "BP":
        return False
    later = tokens[at + 1 : at + 5]
    return [token.type for token in later] == [*_LIMIT, "MEASURE"] and later[3].value in _PRESSURES


def _with_sentences(tokens: Sequence[Token]) -> list[Token]:
    """`<= 2 mg/dL b) INR < 2`, `<= 3 x ULN o INR < 2`: a letter for a line begins another one."""
    kept: list[Token] = []
    depth = at = 0
    while at < len(tokens):
        token = tokens[at]
        depth += (token.type == "LPAR") - (token.type == "RPAR" and depth > 0)
        size = _letter(tokens, at) if depth == 0 and kept and kept[-1].type in _VALUE_ENDS else 0
        kept.append(token._replace(type="SEMI", value=";", end=tokens[at + size - 1].end) if size else token)
        at += size or 1
    return kept


def _letter(tokens: Sequence[Token], at: int) -> int:
    """How many tokens from here are the letter of a line that begins with a measure; 0 for none."""
    if tokens[at].type != "WORD" or len(tokens[at].value) != 1 or not tokens[at].value.isalpha():
        return 0
    types = [token.type for token in tokens[at + 1 : at + 3]]
    if types == ["RPAR", "MEASURE"]:
        return 2
    return int(tokens[at].value == "o" and types[:1] == ["MEASURE"])


def _with_ages(tokens: Sequence[Token]) -> list[Token]:
    """`Karnofsky >= 60 (>= 16 years)`, `Lansky >= 50 for patients < 16 years`: at what age."""
    kept = list(tokens)
    for at in range(len(kept) - 4, 0, -1):
        later = [one.type for one in kept[at + 1 : at + 4]]
        if kept[at].type == "FOR" and later == _OF_AGE and _behind_scale(kept, at):
            kept[at] = kept[at]._replace(type="IF", value="if")
        if kept[at].type not in ("LPAR", "IF") or later != _IN_YEARS:
            continue
        after = kept[at + 4].type if at + 4 < len(kept) else ""
        number = kept[at + 2].value
        of_age = kept[at + 3].value == "a" and number.isdigit() and _YOUNGEST <= int(number) <= _OLDEST
        if not of_age or after not in _ENDS or not _behind_scale(kept, at):
            continue
        kept[at + 3] = kept[at + 3]._replace(type="AGE_UNIT")
        if kept[at].type == "LPAR" and after == "RPAR":
            kept[at] = kept[at]._replace(type="IF", value="if")
            kept[at + 3 : at + 5] = [kept[at + 3]._replace(end=kept[at + 4].end)]
    return kept


def _behind_scale(tokens: Sequence[Token], at: int) -> bool:
    """Whether a performance status and its limit stand before this place."""
    first = at - 1
    if first and tokens[first].type == "UNIT" and tokens[first].value == "%":
        first -= 1
    named = [token for token in tokens[max(0, first - 2) : first + 1] if token.type != "ASIDE"]
    return [token.type for token in named] == ["MEASURE", "COMPARE", "NUMBER"] and named[0].value in _SCALES


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
