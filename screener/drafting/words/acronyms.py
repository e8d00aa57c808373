"""`POEMS syndrome (polyneuropathy, organomegaly, …)`: a bracket that spells out a name, or a name behind its
words, says nothing more."""

import re
from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_NAMES = frozenset({"CONDITION", "THERAPY", "PROCEDURE", "MARKER"})
_ACRONYM = re.compile(r"\b[A-Z]{3,6}\b")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset({"and", "or", "of", "the", "in", "with", "a", "an", "ie", "i", "e"})
_MOST = 24  # tokens of one name that is spelled out
_SHORT = range(2, 6)  # letters of a short form
_NOUNS = frozenset({"syndrome", "disease"})
_OF_WORDS = frozenset({"CONDITION", "WORD", "COMMA", "AND", "OR", "SLASH", "JUDGED", "QUALIFIER", "MEASURE",
                       "ASIDE", "MARKER", "TIMES", "SUCH_AS"})  # fmt: skip


def without_spellings(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens with each name once, however it is spelled out."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _end(tokens, at) if tokens[at].type == "LPAR" else 0
        named = kept[-1] if kept and kept[-1].type in _NAMES else None
        if end == at + 2 and kept and _shortens(kept[-1], tokens[at + 1], text):
            kept[-1] = kept[-1]._replace(end=tokens[end].end)
            at = end + 1
        elif end and named and _spells(text[tokens[at].end : tokens[end].start], _acronym(named, text)):
            at = _behind(tokens, end + 1)
            kept[-1] = named._replace(end=tokens[at - 1].end)
        elif end == at + 2 and (first := _beginning(kept, tokens[at + 1], text)) is not None:
            start, at = kept[first].start, _behind(tokens, end + 1)
            kept[first:] = [tokens[end - 1]._replace(start=start, end=tokens[at - 1].end)]
        else:
            kept.append(tokens[at])
            at += 1
    return kept


def _shortens(name: Token, word: Token, text: str) -> bool:
    """`plasma cells in the bone marrow (BM)`: the first letters of the last words of what is measured."""
    short = text[word.start : word.end]
    if name.type != "MEASURE" or word.type != "WORD" or not short.isupper() or len(short) not in _SHORT:
        return False
    return "".join(_initials(text[name.start : name.end]))[-len(short) :] == short.casefold()


def _behind(tokens: Sequence[Token], at: int) -> int:
    """The place behind a noun that the name has already: POEMS (…) syndrome."""
    return at + 1 if at < len(tokens) and tokens[at].value in _NOUNS else at


def _end(tokens: Sequence[Token], at: int) -> int:
    """The bracket that closes the one at this place; 0 where there is none nearby."""
    for end in range(at + 1, min(at + _MOST, len(tokens))):
        if tokens[end].type in ("LPAR", "RPAR"):
            return end if tokens[end].type == "RPAR" else 0
    return 0


def _acronym(token: Token, text: str) -> str:
    found = _ACRONYM.search(text, token.start, token.end)
    return found[0].casefold() if found else ""


def _beginning(kept: Sequence[Token], named: Token, text: str) -> int | None:
    """Where the words begin that a name in brackets behind them stands for."""
    acronym = _acronym(named, text) if named.type in _NAMES else ""
    first = len(kept)
    while acronym and first and len(kept) - first < _MOST and kept[first - 1].type in _OF_WORDS:
        first -= 1
        words = text[kept[first].start : named.start]
        if (
            words[0].casefold() == acronym[0]
            and len(_initials(words)) <= 2 * len(acronym)
            and _spells(words, acronym)
        ):
            return first
    return None


def _initials(words: str) -> list[str]:
    return [word[0] for word in _WORD.findall(words.casefold()) if word not in _SMALL]


def _spells(words: str, acronym: str) -> bool:
    """Whether words begin with the letters of an acronym, one after the other; the last may be missing."""
    if not acronym or (len(acronym) == 3 and "," in words):  # a list of three is no spelling
        return False
    letters = iter(acronym)
    wanted, left = next(letters), len(acronym)
    for initial in _initials(words):
        if initial == wanted:
            left -= 1
            wanted = next(letters, "")
    return left == 0 or (left == 1 and len(acronym) > 3)
