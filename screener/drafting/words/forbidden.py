"""`no transfusions are allowed within 7 days`, `growth factors may not be used within 2 weeks`: what is
forbidden must not have been; among the exclusions it excludes, though it is worded as a denial."""

import re
from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_MOST = 12  # tokens of such a list
_TREATMENTS = frozenset({"THERAPY", "PROCEDURE", "AND", "OR", "COMMA", "SLASH", "ONGOING", "PRIOR"})
_WINDOW = frozenset({"WITHIN", "NUMBER", "TIME_UNIT", "BEFORE", "ANCHOR"})
_ALLOWED = frozenset({"allowed", "permitted", "permissible", "acceptable"})
_NOT_BE = frozenset({"may not be", "must not be", "should not be", "cannot be", "can not be", "will not be"})
_GOAL = re.compile(r"\bto (?:meet|reach|achieve|attain)\b", re.IGNORECASE)
_GIVEN = frozenset({"used", "given", "administered"})


def with_forbidden(tokens: Sequence[Token], text: str, kind: str) -> Sequence[Token]:
    """The tokens with each such statement as a demand that is denied, or among the exclusions is not."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token, following = tokens[at], tokens[at + 1 : at + 2]
        allowed = _allowed(tokens, text, at) if token.type == "NO" else at
        if allowed > at:
            kept += [] if kind == "exclusion" else [token]
            kept += tokens[at + 1 : allowed]
            at = allowed + 1
        elif token.type == "NO" and _is_used(token, following, text, tokens[at + 2 : at + 3]):
            kept.append(Token("EXCLUDED", "", token.start, following[0].end))
            at += 2
        else:
            kept.append(token)
            at += 1
    return kept


def _allowed(tokens: Sequence[Token], text: str, at: int) -> int:
    """Where `allowed` stands of `no X allowed within`, `no X within … allowed`; `at` where it is none."""
    if _word(tokens[at], text) != "no":
        return at
    after = at + 1
    while after < min(len(tokens), at + _MOST) and tokens[after].type in _TREATMENTS | _WINDOW:
        after += 1
    dated = any(token.type == "WITHIN" for token in tokens[at + 1 : after + 2])
    said = after < len(tokens) and tokens[after].type == "TURNING" and _word(tokens[after], text) in _ALLOWED
    return after if said and dated and tokens[at + 1].type in _TREATMENTS else at


def _is_used(token: Token, following: Sequence[Token], text: str, then: Sequence[Token]) -> bool:
    used = [_word(one, text) for one in following if one.type == "PRIOR"]
    dated = [one.type for one in then] == ["WITHIN"]
    if dated and _GOAL.search(text, token.end, then[0].start):
        return False  # may not be used to meet the criteria within 7 days: of the count
    return dated and _word(token, text) in _NOT_BE and not _GIVEN.isdisjoint(used)


def _word(token: Token, text: str) -> str:
    return text[token.start : token.end].casefold()
