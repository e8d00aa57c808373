"""How long ago a treatment was, told in another order than `at least 4 weeks since A`.

`A must have been completed at least 4 weeks before …`, `a washout of at least 4 weeks from A`, `must have
stopped A for at least 4 weeks`: each is said as the forms of protocol.lark say it, and every token keeps its
place in the text.
"""

import re
from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_NAMES = frozenset({"THERAPY", "PROCEDURE"})
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_PAST = frozenset({"HISTORY", "PRIOR"})
_LENGTH = ["COMPARE", "NUMBER", "TIME_UNIT"]
_LONG_AGO = (">=", ">")
_COMPLETED = re.compile(
    r"(?:must|should) (?:have|be|has) (?:been )?"
    r"(?:completed|discontinued|stopped|finished|ended|taken place)",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"(?:must |should )?(?:have |has )?(?:stopped|discontinued|been off)", re.IGNORECASE)
_WASHOUT = re.compile(r"(?:a )?wash[ -]?out(?: period)?(?: of)?", re.IGNORECASE)
_FROM = frozenset({"from", "following", "after", "for", "of"})
# a procedure that treats: a test that must be completed is one that must be done
_TREATING = re.compile(r"radio|irradiation|surg|transplant|sct|pheresis|transfusion")
_NEAR = 40  # tokens over which a list of treatments reaches


def with_washouts(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens in the order of the forms."""
    if all(token.type not in _NAMES and token.value != "transplant" for token in tokens):
        return tokens
    if "wash" in text.casefold():
        tokens = _washed_out(tokens, text)
    if "stopped" in text or "discontinued" in text or "been off" in text:
        tokens = _stopped(tokens, text)
    return _completed(tokens, text)


def _names_behind(tokens: Sequence[Token], at: int) -> int:
    """The place behind the list of treatments that begins here; the place itself where none does."""
    end = last = at
    while end < min(len(tokens), at + _NEAR) and tokens[end].type in _NAMES | _JOINTS | _PAST | {"ASIDE"}:
        end += 1
        last = end if tokens[end - 1].type in _NAMES else last
    return last


def _since(length: Sequence[Token], names: Sequence[Token], start: int, end: int) -> list[Token]:
    """`at least 4 weeks since A`, on the characters from `start` to `end`."""
    said = [one._replace(start=start, end=start) for one in length]
    listed = [one for one in names if one.type in _NAMES | _JOINTS]
    listed[-1] = listed[-1]._replace(end=end)
    return [*said, Token("SINCE", "", start, start), *listed]


def _behind_length(tokens: Sequence[Token], at: int) -> int:
    """The place behind a time of at least some length and its anchor; 0 where no such time stands here."""
    if [one.type for one in tokens[at : at + 3]] != _LENGTH or tokens[at].value not in _LONG_AGO:
        return 0
    at += 3
    types = [one.type for one in tokens[at : at + 2]]
    return at + 2 if types in (["BEFORE", "ANCHOR"], ["ASIDE", "ANCHOR"]) else at


def _washed_out(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`a washout period of at least 4 weeks from A`, `at least a 4-week washout from A`."""
    for at in range(len(tokens)):
        first = at
        if _WASHOUT.match(text, tokens[at].start) is None:
            continue
        end = at + 1
        while end < len(tokens) and (tokens[end].type == "ASIDE" or _says(tokens[end], text, {"period"})):
            end += 1
        length = list(tokens[end : end + 3])
        if [one.type for one in length] == _LENGTH:
            end += 3
        else:  # at least a 4-week washout
            first, length = _length_before(tokens, at)
            if not length:
                continue
        if end >= len(tokens) or length[0].value not in _LONG_AGO or not _leads(tokens[end], text):
            continue
        last = _names_behind(tokens, end + 1)
        if last > end + 1:
            names = tokens[end + 1 : last]
            said = _since(length, names, tokens[first].start, tokens[last - 1].end)
            first -= first > 0 and _says(tokens[first - 1], text, {"undergo", "have undergone"})
            return [*tokens[:first], *said, *tokens[last:]]
    return tokens


def _length_before(tokens: Sequence[Token], at: int) -> tuple[int, list[Token]]:
    """Where a time of at least some length begins that ends there, and its tokens."""
    length: list[Token] = []
    while at and len(length) < len(_LENGTH):
        at -= 1
        if tokens[at].type not in ("ASIDE", "DASH"):
            length.insert(0, tokens[at])
    return (at, length) if [one.type for one in length] == _LENGTH else (at, [])


def _leads(token: Token, text: str) -> bool:
    return text[token.start : token.end].casefold().split()[:1] in ([word] for word in _FROM)


def _says(token: Token, text: str, words: set[str]) -> bool:
    return text[token.start : token.end].casefold() in words


def _stopped(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`must have stopped A for at least 4 weeks prior to …`."""
    for at in range(len(tokens)):
        found = _STOPPED.match(text, tokens[at].start)
        first = next((one for one in range(at, len(tokens)) if found and tokens[one].start >= found.end()), 0)
        last = _names_behind(tokens, first) if first else 0
        if last <= first or [one.type for one in tokens[last : last + 1]] not in (["FOR"], ["IF"]):
            continue
        end = _behind_length(tokens, last + 1)
        if end:
            length, place = tokens[last + 1 : last + 4], (tokens[at].start, tokens[end - 1].end)
            said = _since(length, tokens[first:last], *place)
            return [*tokens[:at], *said, *tokens[end:]]
    return tokens


def _completed(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`A must have been completed at least 4 weeks before …`: who had A at all."""
    for at in range(1, len(tokens)):
        found = _COMPLETED.match(text, tokens[at].start) if _treats(tokens[at - 1]) else None
        if found is None:
            continue
        length = next((one for one in range(at, len(tokens)) if tokens[one].start >= found.end()), 0)
        end = _behind_length(tokens, length) if length else 0
        first = at - 1
        while first and tokens[first - 1].type in _NAMES | _JOINTS | _PAST | {"ASIDE"}:
            first -= 1
        if end and (not first or tokens[first - 1].type in ("DOT", "SEMI", "COLON")):
            place = (tokens[first].start, tokens[end - 1].end)
            said = _since(tokens[length : length + 3], tokens[first:at], *place)
            return [*tokens[:first], *said, *tokens[end:]]
    return tokens


def _treats(token: Token) -> bool:
    return token.type == "THERAPY" or (
        token.type == "PROCEDURE" and _TREATING.search(token.value) is not None
    )
