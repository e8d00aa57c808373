"""What words mean near the names of treatments."""

import re

from screener.drafting.words import near_drugs, near_times
from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Settle, Walk

_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_ANY_THERAPY = frozenset({"antimyeloma", "antineoplastic"})
_CONCURRENT = re.compile(r"\b(?:concurrent|concomitant)\b", re.IGNORECASE)
_TREATED_BEFORE = frozenset({"PRIOR", "HISTORY", "REFRACTORY", "RELAPSED"})
_TREATMENTS = frozenset({"THERAPY", "PROCEDURE", "PRIOR", "HISTORY"})
_ENDS = frozenset({"", "DOT", "SEMI", "RPAR"})
_TAKEN = ["ONGOING", "THERAPY"]
_CORONARY = {
    "stent_placement": "coronary_stent", "bypass_grafting": "coronary_artery_bypass_graft",
}  # fmt: skip
_REQUIRING = frozenset({"CONDITION", "PROCEDURE", "THERAPY"})


def _ongoing(walk: Walk, token: Token) -> Token | None:
    """`infection requiring …`: which infection, not one that goes on."""
    if walk.following == "MEASURE":
        return None  # 2 on the ECOG scale
    if walk.last == "ONGOING" and walk.following == "THERAPY":
        return None
    if walk.following == "PROCEDURE" and walk.word(token).casefold() == "use of":
        return None  # use of dialysis within 7 days: it was done
    if walk.last == "PRIOR" and walk.word(token).casefold() == "use of":
        return None  # received any of the following within 14 days: use of …
    requires = walk.word(token)[:6].casefold() == "requir"
    return token._replace(type="THAT") if requires and walk.last in _REQUIRING else token


def _other(walk: Walk, token: Token) -> Token | None:
    if walk.following == "ONGOING":  # other ongoing therapy, and no other concurrent disease
        return None if [one.type for one in walk.tokens[walk.at + 1 : walk.at + 3]] == _TAKEN else token
    if walk.following != "THERAPY":
        return token
    now = _CONCURRENT.search(walk.word(token))
    return token._replace(type="ONGOING", value="") if now else None


def _procedure(walk: Walk, token: Token) -> Token | None:
    """`coronary angioplasty, stenting or bypass grafting`: all of them of the coronaries."""
    joints = len(walk.kept)
    while joints and walk.kept[joints - 1].type in _JOINTS:
        joints -= 1
    before = walk.kept[joints - 1] if 0 < joints < len(walk.kept) else None
    if token.value not in _CORONARY or before is None or before.type != "PROCEDURE":
        return token
    coronary = "coronary" in before.value or "coronary" in walk.word(before).casefold()
    return token._replace(value=_CORONARY[token.value]) if coronary else token


def _qualifier(walk: Walk, token: Token) -> Token | None:
    """`active pregnancy`: there is no other."""
    return None if walk.following in ("PREGNANT", "BREASTFEEDING") else token


def _past(walk: Walk, token: Token) -> Token | None:
    """`has had a prior transplant`, `refractory to prior lenalidomide`: said twice."""
    later = [one.type for one in walk.tokens[walk.at + 1 : walk.at + 4] if one.type != "ASIDE"]
    severe = later[:2] == ["QUALIFIER", "ALLERGY"]  # history of severe allergy to
    if (severe or walk.following in ("ALLERGY", "REFRACTORY")) and token.type == "HISTORY":
        return None
    lines = near_drugs.counted_lines(walk, token)
    if lines is not None:
        return lines
    near_drugs.begin_clause(walk, token)
    treatment = walk.following in _TREATMENTS or (walk.last == "REFRACTORY" and walk.following == "COMPARE")
    treatment = treatment or (walk.following == "ANCHOR" and walk.comes("transplant"))
    if walk.last in _TREATED_BEFORE and token.value == "" and treatment:
        return None
    ends = walk.kept and walk.word(token) == "previously" and walk.following in _ENDS
    return None if ends else token


def _therapy(walk: Walk, token: Token) -> Token | None:
    """`lines of antimyeloma therapy`: of any."""
    near_drugs.without_one(walk)
    near_drugs.naive_to(walk, token)
    if names_first_dose(walk) and walk.following not in _JOINTS:
        with_drug(walk, token)  # the first dose of daratumumab: the study begins with it
        return None
    of_lines = token.value in _ANY_THERAPY and walk.kept and walk.kept[-1].value == "lines_of_therapy"
    return None if of_lines else token


def names_first_dose(walk: Walk) -> bool:
    """Whether `first dose of` stands before this place."""
    last = walk.kept[-1] if walk.kept else None
    return (
        last is not None
        and (last.type, last.value) == ("ANCHOR", "first dose")
        and walk.word(last).endswith("of")
    )


def with_drug(walk: Walk, token: Token) -> None:
    """The first dose is that of the study drug, however it is called."""
    walk.kept[-1] = walk.kept[-1]._replace(end=token.end)


def _or(walk: Walk, token: Token) -> Token | None:
    near_times.two_lengths(walk)
    return near_drugs.either(walk, token)


def _achieved(walk: Walk, token: Token) -> Token:
    """`have achieved` anything but a response."""
    return token if walk.following in ("RESPONSE", "COMPARE", "LPAR") else token._replace(type="WORD")


def _to_a_line(walk: Walk, token: Token) -> Token:
    """`to at least one prior line`, behind anything but a response."""
    return token if walk.last in ("RESPONSE", "OR_MORE", "RPAR") else token._replace(type="WORD")


SETTLES: dict[str, Settle] = {
    "ONGOING": _ongoing, "OTHER": _other, "HISTORY": _past, "PRIOR": _past, "THERAPY": _therapy,
    "QUALIFIER": _qualifier, "OR": _or, "ACHIEVED": _achieved, "TO_A_LINE": _to_a_line,
    "PROCEDURE": _procedure,
}  # fmt: skip
