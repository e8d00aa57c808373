"""Settles the sense of each word by what stands beside it: one walk, one small function a kind of token."""

from collections.abc import Sequence

from screener.drafting.words import near_exceptions, near_measures, near_names, near_times, near_treatments
from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Walk, following

_SETTLES = (
    near_measures.SETTLES
    | near_times.SETTLES
    | near_names.SETTLES
    | near_treatments.SETTLES
    | near_exceptions.SETTLES
)
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_VALUE_BEGINS = frozenset({"COMPARE"})
_BY = frozenset({"by", "via", "using", "on", "in", "per"})


def in_context(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens as they are meant where they stand, without those that add nothing there."""
    walk = Walk(tokens, text)
    kept, methods = walk.kept, _of_methods(tokens, text)
    for at, token in enumerate(tokens):
        if at in methods or token.start < walk.passed:
            continue
        settle = _SETTLES.get(token.type)
        if settle is None:
            walk.weak = None
            kept.append(token)
            continue
        walk.at = at
        meant = settle(walk, token)
        if meant is not None:
            walk.weak = None
            kept.append(meant)
    return kept


def _of_methods(tokens: Sequence[Token], text: str) -> frozenset[int]:
    """Where it is told how something was measured (`by echocardiography or MUGA`), which changes nothing."""
    if "METHOD" not in [token.type for token in tokens]:
        return frozenset()
    found, among = set(), False
    for at, token in enumerate(tokens):
        if token.type == "METHOD" and not (token.value and following(tokens, at) in _VALUE_BEGINS):
            found.add(at)
            among = True
        elif _told_by_method(tokens, at) or _leads_to_method(tokens, at, text, among=among):
            found.add(at)
        else:
            among = False
    return frozenset(found)


def _told_by_method(tokens: Sequence[Token], at: int) -> bool:
    """`>= 45 % confirmed by echocardiography`: no definition follows."""
    behind_value = at > 0 and tokens[at - 1].type in ("UNIT", "NUMBER", "RPAR")
    return behind_value and tokens[at].type == "DEFINED" and following(tokens, at) == "METHOD"


def _leads_to_method(tokens: Sequence[Token], at: int, text: str, *, among: bool) -> bool:
    word = text[tokens[at].start : tokens[at].end].casefold()
    joint = among and tokens[at].type in _JOINTS
    if joint and tokens[at].type == "COMMA" and following(tokens, at) in ("OR", "AND"):
        at += 1  # CT, or PET
    return (joint or word in _BY) and following(tokens, at) == "METHOD"
