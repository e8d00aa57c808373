"""How long ago a treatment was, told in another order than `at least 4 weeks since A`.

`A must have been completed at least 4 weeks before …`, `a washout of at least 4 weeks from A`, `must have
stopped A for at least 4 weeks`, `treatment, within 4 weeks before …, with A`: each is said as the forms of
protocol.lark say it, and every token keeps its place in the text.
"""

import re
from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_NAMES = frozenset({"THERAPY", "PROCEDURE"})
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_ADJECTIVES = frozenset({"JUDGED", "QUALIFIER"})
_KINDS = {"autologous": "autologous_sct", "allogeneic": "allogeneic_sct", "allogenic": "allogeneic_sct"}
_ANY_GRAFT = frozenset({"stem_cell_transplant", "transplant"})  # the second is an anchor, too
_GRAFTS = _ANY_GRAFT | frozenset(_KINDS.values())
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
_TREATMENT = frozenset({"treatment", "therapy", "treatments"})
_THE_TREATMENT = {"treatment", "the treatment", "management", "the management"}
_OF_WINDOW = frozenset({"WITHIN", "NUMBER", "TIME_UNIT", "BEFORE", "ANCHOR"})
_OF_LIST = _NAMES | _JOINTS | {"LPAR", "RPAR", "ASIDE", "SUCH_AS"}
_STARTING = re.compile(
    r"(?:prior|before|preceding)\b.*\b(?:starting|initiating|initiation|beginning|start)\b", re.IGNORECASE
)
# a procedure that treats: a test that must be completed is one that must be done
_TREATING = re.compile(r"radio|irradiation|surg|transplant|sct|pheresis|transfusion")
_PASSED = frozenset({"ASIDE", "OTHER"})
_OPENING = _PASSED | {"LPAR"}
_HEAD_NOUNS = 2  # `systemic treatment`
_NEAR = 40  # tokens over which a list of treatments reaches


def around_treatments(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens in the order of the forms."""
    if all(token.type not in _NAMES and token.value != "transplant" for token in tokens):
        return tokens
    tokens = _transplants(_starting_with(tokens, text), text)
    tokens = _against_myeloma(tokens, text)
    if "wash" in text.casefold():
        tokens = _washed_out(tokens, text)
    if "stopped" in text or "discontinued" in text or "been off" in text:
        tokens = _stopped(tokens, text)
    tokens = _completed(tokens, text)
    return _dated_in_front(tokens, text)


def _starting_with(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`within 14 days before starting A`: the study begins with its drug."""
    kept = list(tokens)
    for at in range(2, len(kept) - 1):
        before, drug = kept[at], kept[at + 1]
        if before.type != "BEFORE" or drug.type != "THERAPY" or kept[at - 1].type != "TIME_UNIT":
            continue
        if at + 2 < len(kept) and kept[at + 2].type in _JOINTS:
            continue
        if _STARTING.match(text, before.start, before.end):
            kept[at + 1] = drug._replace(type="ANCHOR", value="first dose")
    return kept


def _transplants(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`stem cell transplant, autologous within 60 days or allogeneic within 100`, `allogeneic or ASCT`."""
    if _GRAFTS.isdisjoint([one.value for one in tokens]):
        return tokens
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        kind = _KINDS.get(text[token.start : token.end].casefold()) if token.type == "WORD" else None
        if kind is None:
            kept.append(token)
            continue
        later = [one.value for one in tokens[at + 1 : at + 4] if one.type not in ("ASIDE", "COMMA")]
        told = bool(kept) and kept[-1].type in _JOINTS and any(one.value in _GRAFTS for one in kept)
        if kept and kept[-1].value in _ANY_GRAFT:
            kept[-1] = kept[-1]._replace(type="PROCEDURE", value=kind, end=token.end)
        elif told and [one.type for one in tokens[at + 1 : at + 2]] in (["WITHIN"], ["COMPARE"]):
            kept.append(token._replace(type="PROCEDURE", value=kind))
        elif tokens[at + 1 : at + 2] and tokens[at + 1].type in _JOINTS and later[1:2] and (
                later[1] in _GRAFTS):  # fmt: skip
            kept.append(Token("PROCEDURE", kind, *tokens[at + 1][2:]))  # in one word with the joint: one time
        else:
            kept.append(token)
    return kept


def _against_myeloma(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`A for the treatment of multiple myeloma`: as `A for multiple myeloma`."""
    kept = list(tokens)
    for at in range(len(kept) - 2, 0, -1):
        if at + 1 >= len(kept) or kept[at + 1].value != "multiple_myeloma":
            continue
        before = kept[at]
        ends = at + 2 >= len(kept) or kept[at + 2].type in ("DOT", "SEMI", "RPAR")
        if not ends or before.type != "ASIDE":
            continue
        two = kept[at - 2 : at]
        if len(two) == _HEAD_NOUNS and two[0].type in ("FOR", "IF") and _says(two[1], text, _THE_TREATMENT):
            kept[at - 2 : at + 1] = [two[0]._replace(type="IF", end=before.end)]
    return kept


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


def _dated_in_front(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`treatment, within 14 days before the first dose of A, with B or C`."""
    if not tokens or not _says(tokens[0], text, set(_TREATMENT)):
        return tokens
    first = 1 + (len(tokens) > 1 and tokens[1].type == "COMMA")
    if [one.type for one in tokens[first : first + 3]] != ["WITHIN", "NUMBER", "TIME_UNIT"]:
        return tokens
    end = first + 3
    while end < len(tokens) and tokens[end].type in ("BEFORE", "ANCHOR", "THERAPY", "LPAR", "RPAR"):
        end += 1
    window = [one for one in tokens[first:end] if one.type in _OF_WINDOW]
    end += end < len(tokens) and tokens[end].type == "COMMA"
    if end >= len(tokens) or not _says(tokens[end], text, {"with", "with any", "with a"}):
        return tokens
    last, depth = end + 1, 0
    behind = last
    while last < len(tokens) and tokens[last].type in _OF_LIST:
        depth += (tokens[last].type == "LPAR") - (tokens[last].type == "RPAR")
        last += 1
        behind = last if not depth and tokens[last - 1].type in _NAMES | {"RPAR"} else behind
    if behind == end + 1:
        return tokens
    place = tokens[behind - 1].end
    past = Token("PRIOR", "", tokens[0].start, tokens[end].end)
    dated = [one._replace(start=place, end=place) for one in window]
    return [past, *tokens[end + 1 : behind], *dated, *tokens[behind:]]
