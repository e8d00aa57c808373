"""`FOR PART 2 ONLY: …`: a group that the text names itself, and of which no chart tells who is in it."""

import re
from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_ONLY = re.compile(r"\W*for ([^:.;,]{2,60}?) only\s*:", re.IGNORECASE)
_JOINTS = frozenset({"COMMA", "AND", "OR"})
_PEOPLE = frozenset({"FEMALE", "MALE", "CHILDBEARING", "PREGNANT", "BREASTFEEDING", "SCOPE", "AGE"})


def with_scope(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens with such a beginning as one; a disease that is named there stays itself."""
    tokens = _lettered(_together(tokens), text)
    found = _ONLY.match(text)
    if found is None:
        return tokens
    inside = [token for token in tokens if found.start(1) <= token.start < found.end(1)]
    if any(token.type in _PEOPLE for token in inside):
        return tokens
    rest = [token for token in tokens if token.start >= found.end()]
    colon = Token("COLON", ":", found.end() - 1, found.end())
    if len(inside) == 1 and inside[0].type == "CONDITION":
        return [Token("IF", "if", 0, found.start(1)), inside[0], colon, *rest]
    return [Token("SCOPE", "", 0, found.end() - 1), colon, *rest]


def _together(tokens: Sequence[Token]) -> Sequence[Token]:
    """`Part 2, Arms 2 and 3 only:` names one group."""
    if sum(token.type == "SCOPE" for token in tokens) < 2:
        return tokens
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while tokens[end].type == "SCOPE" and (following := _next_scope(tokens, end)):
            end = following
        kept.append(tokens[at]._replace(end=tokens[end].end))
        at = end + 1
    return kept


def _lettered(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`Cohorts A, B, D and F:` names one group, too: letters and numbers up to the colon."""
    if not tokens or tokens[0].type != "SCOPE":
        return tokens
    end = 1
    while end < len(tokens) and (tokens[end].type in _JOINTS or _is_letter(tokens[end], text)):
        end += 1
    if end == 1 or end == len(tokens) or tokens[end].type != "COLON":
        return tokens
    return [tokens[0]._replace(end=tokens[end - 1].end), *tokens[end:]]


def _is_letter(token: Token, text: str) -> bool:
    """`D`, `2`, `2b`: of a group, behind its name."""
    word = text[token.start : token.end]
    return (
        token.type in ("WORD", "NUMBER", "ASIDE") and len(word) < 3 and (word.isupper() or word[0].isdigit())
    )


def _next_scope(tokens: Sequence[Token], at: int) -> int:
    """The place of a group that a joint, or nothing, parts from the one at this place; 0 for none."""
    following = at + 1
    while following < len(tokens) and tokens[following].type in _JOINTS:
        following += 1
    return following if following < len(tokens) and tokens[following].type == "SCOPE" else 0
