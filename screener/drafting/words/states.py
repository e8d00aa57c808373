"""`multiple myeloma with relapsed or refractory disease`: the state is told of the disease behind its name.

Only where the vocabulary has the name that the two come to: `relapsed or refractory multiple myeloma`.
"""

import re
from collections.abc import Sequence

from screener.drafting.words.lexer import Token
from screener.drafting.words.wording import SENSE, Sense, Trie

_PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")
_PAST = re.compile(r"\b(?:had|was|were|been)\b", re.IGNORECASE)
_JOINTS = frozenset({"OR", "AND", "SLASH"})
_NAMED = "multiple_myeloma"
_NOUN = "multiple myeloma"


def with_states(tokens: Sequence[Token], text: str, trie: Trie) -> Sequence[Token]:
    """The tokens with each such disease and its state as one."""
    if all(token.value != _NAMED for token in tokens):
        return tokens
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if (token.type, token.value) == ("CONDITION", _NAMED):
            token, at = _with_state(token, tokens, at, text, trie)
        kept.append(token)
    return kept


def _with_state(named: Token, tokens: Sequence[Token], at: int, text: str, trie: Trie) -> tuple[Token, int]:
    """The disease with the state that stands behind it, and the place behind that."""
    first = at + 3 if _is_short_form(named, tokens[at : at + 3]) else at
    while first < len(tokens) and tokens[first].type == "ASIDE":
        first += 1
    if _PAST.search(text, named.end, tokens[first].start if first < len(tokens) else len(text)):
        return named, at  # who have had progressive disease: not what it is now
    if _says(tokens[first : first + 1], text, "progressive disease"):
        sense = _sense(f"progressive {_NOUN}", trie)  # myeloma with progressive disease
        return (named, at) if sense is None or first == at else (named._replace(value=sense[1]), first + 1)
    end = first
    while end < len(tokens) and (
        tokens[end].type == "JUDGED" or (end > first and tokens[end].type in _JOINTS)
    ):
        end += 1
    if end in (at, first) or not _says(tokens[end : end + 1], text, "disease"):
        return named, at
    sense = _sense(f"{text[tokens[first].start : tokens[end - 1].end]} {_NOUN}", trie)
    if sense is None or sense[0] != "CONDITION":
        return named, at
    return named._replace(value=sense[1], end=tokens[end].end), end + 1


def _says(tokens: Sequence[Token], text: str, words: str) -> bool:
    return any(text[token.start : token.end].casefold() == words for token in tokens)


def _is_short_form(named: Token, tokens: Sequence[Token]) -> bool:
    """`(MM)` behind the name."""
    types = [token.type for token in tokens]
    return types == ["LPAR", "CONDITION", "RPAR"] and tokens[1].value == named.value


def _sense(phrase: str, trie: Trie) -> Sense | None:
    node = trie
    for piece in _PIECE.findall(phrase.casefold()):
        if piece not in node:
            return None
        node = node[piece]
    return node.get(SENSE)
