"""What words mean near measures and numbers: signs, dashes, classes, a scale that is named twice."""

import re
from collections.abc import Sequence
from itertools import dropwhile

from screener.drafting.words import near_drugs, near_myeloma
from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Settle, Walk

_NUMERIC = frozenset({"NUMBER", "UNIT", "TIME_UNIT", "AGE_UNIT", "ULN", "LLN"})
_BEFORE_NUMBER = frozenset({"NUMBER", "COMPARE", "ULN", "LLN"})
_VALUE_BEGINS = _BEFORE_NUMBER | {"BETWEEN", "NORMAL", "POSITIVE", "NEGATIVE", "ABNORMAL"}
_OF_VALUES = frozenset({"COMPARE", "NUMBER", "UNIT", "OR", "DASH", "COMMA", "OR_MORE", "LPAR", "RPAR"})
_NEAR = 16  # tokens between a measure and what still speaks of it
_FOR_SOME = frozenset({"COMPARE", "NUMBER", "UNIT", "OR", "AND", "COMMA", "IF", "FEMALE", "MALE"})
_OF_A_DAY = re.compile(r"\b24[- ]?h(?:ours?|r)?\b", re.IGNORECASE)
_JOINTS = frozenset({"OR", "AND", "SLASH"})
_OF_DISEASE = re.compile(r"\bfor\b", re.IGNORECASE)
_LEADING = frozenset({"HISTORY", "PRIOR", "POSITIVE", "ONGOING", "ALLERGY", "REFRACTORY"})
_NAMED = frozenset({"CONDITION", "THERAPY", "PROCEDURE", "QUALIFIER", "JUDGED"})
# a measure with what it is measured on or corrected for: another one
_SPECIAL = {
    "": {"spo2": "spo2_room_air"},
    "albumin": {"calcium_total": "calcium_corrected", "calcium_corrected": "calcium_corrected"},
}
_SEVERITIES = (("mild", "moderate"), ("moderate", "severe"))
_SCALES = frozenset({"karnofsky", "lansky"})
_ECOG = re.compile(r"ECOG|Eastern|WHO|Zubrod", re.IGNORECASE)
_A_RANGE = ["NUMBER", "DASH", "NUMBER", "UNIT"]
_VALUES = frozenset({"result", "results", "value", "values", "rate", "level", "levels"})
_PLASMA_CELLS = frozenset({"plasma", "cells"})
_COLLECTED = frozenset({"urine", "collection"})
_HIGH_LOW = {**dict.fromkeys(("elevated", "high", "increased", "prolonged"), (">", ">=")),
             **dict.fromkeys(("low", "decreased", "reduced"), ("<", "<="))}  # fmt: skip
_PERMITTED = frozenset({"allowed", "permitted", "acceptable", "permissible"})
_LIMIT_ENDS = frozenset({"ULN", "LLN", "UNIT", "TIMES_ULN", "NUMBER"})
_ON_SCALE = ["COMPARE", "NUMBER", "ONGOING", "NUMBER", "DASH", "NUMBER"]
_A_CASE = ["LPAR", "IF", "CONDITION"]
_AN_AGE = ["AGE", "NUMBER"]
_HEADINGS = [["ecog"], ["involved_flc"], ["m_protein_serum"]]
_UPPER = re.compile(r"\b(?:upper|maximum|i?ul\w*|unl)\b", re.IGNORECASE)
_OF_CLASSES = frozenset({"NUMBER", "OR", "DASH", "SLASH", "COMMA", "ASIDE"})


def _measure(walk: Walk, token: Token) -> Token | None:
    if token.value in near_myeloma.CLASSES and near_myeloma.names_subtype(walk):
        return token._replace(type="CONDITION", value=near_myeloma.CLASSES[token.value])
    by_age = walk.last == "MEASURE" and walk.kept[-1].value in _SCALES
    if by_age and token.value == "ecog" and _ECOG.search(walk.word(token)) is None:
        return None  # Karnofsky or Lansky (by age) performance status
    if [one.type for one in walk.kept[-6:]] == _ON_SCALE:
        del walk.kept[-4:]  # > 3 on a 0-10 scale: the ends of the scale
    if _said_already(walk, token) or _for_others(walk, token):
        return None
    if (
        token.value == "lines_of_therapy"
        and walk.following in _JOINTS
        and _OF_DISEASE.search(walk.word(token))
    ):
        others = [one.type for one in walk.tokens[walk.at + 1 : walk.at + 3]]
        return token._replace(type="WORD") if others[1:] == ["CONDITION"] else token  # for X or Y
    if walk.last == "UNIT" and walk.following != "PER_DAY" and _is_of_a_day(walk, walk.kept[-1], token):
        walk.kept.append(token)  # 200 mg of urine M-protein per 24 hours
        return token._replace(type="PER_DAY", value="")
    return near_myeloma.counted(walk, token)


def says_again(walk: Walk, value: str) -> bool:
    """`bilirubin values < 2 mg/dL`, `for IgG or IgA disease`: a word that adds nothing to a name."""
    if value in _VALUES and walk.last == "MEASURE":
        return True
    if value in _COLLECTED and walk.last == "UNIT" and near_myeloma.of_urine(walk):
        return True
    of_class = (
        value == "disease" and walk.last == "CONDITION" and walk.kept[-1].value in near_myeloma.SUBTYPES
    )
    return of_class or (value in _PLASMA_CELLS and near_myeloma.counts_plasma_cells(walk))


def says_how(walk: Walk, value: str) -> bool:
    """`prolonged QTc >= 500 ms`, `low albumin < 3 g/dL`: the threshold says how prolonged, how low."""
    signs = _HIGH_LOW.get(value)
    if signs is None or walk.following != "MEASURE":
        return False
    later = [one for one in walk.tokens[walk.at + 1 : walk.at + 4] if one.type != "ASIDE"]
    return len(later) > 1 and later[1].type == "COMPARE" and later[1].value in signs


def a_range_follows(walk: Walk) -> bool:
    return [token.type for token in walk.tokens[walk.at + 1 : walk.at + 5]] == _A_RANGE


def _slash(walk: Walk, token: Token) -> Token:
    """`Karnofsky/Lansky >= 60`: the one or the other, by age."""
    scales = walk.last == "MEASURE" and walk.kept[-1].value in _SCALES and any(map(walk.comes, _SCALES))
    return token._replace(type="OR") if scales else token


def _age(walk: Walk, token: Token) -> Token | None:
    """`greater than age 18`: the sign compares ages already."""
    return None if walk.last == "AGE_COMPARE" and walk.following == "NUMBER" else token


def _air(walk: Walk, token: Token) -> Token | None:
    """`oxygen saturation >= 92 % on room air`, `calcium corrected for albumin`: measurements of their own."""
    special = _SPECIAL[token.value]
    for at in range(len(walk.kept) - 1, max(-1, len(walk.kept) - _NEAR), -1):
        earlier = walk.kept[at]
        if earlier.type == "MEASURE" and earlier.value in special:
            walk.kept[at] = earlier._replace(value=special[earlier.value])
            return None
        if earlier.type not in _OF_VALUES:
            break
    return token._replace(type="WORD")


def _method(_: Walk, token: Token) -> Token:
    """`SPEP >= 0.5 g/dL`: what the method measures."""
    return token._replace(type="MEASURE")


def _for_others(walk: Walk, token: Token) -> bool:
    """`QTc > 470 ms for females and QTc > 450 ms for males`: the same, with another limit."""
    some = False
    for earlier in reversed(walk.kept[-_NEAR:]):
        if earlier.type == "MEASURE":
            return some and earlier.value == token.value and walk.last in ("AND", "OR", "COMMA")
        if earlier.type not in _FOR_SOME:
            return False
        some = some or earlier.type == "IF"
    return False


def _is_of_a_day(walk: Walk, unit: Token, named: Token) -> bool:
    """Whether an amount is that of a day, which its name says and its unit does not."""
    return "/" not in unit.value and _OF_A_DAY.search(walk.word(named)) is not None


def _said_already(walk: Walk, token: Token) -> bool:
    """`performance status ECOG <= 2`, `performance status <= 2 on the ECOG scale`: one scale, named twice."""
    if walk.last not in ("MEASURE", "LPAR", "OTHERWISE") and walk.kept and walk.following in _VALUE_BEGINS:
        return False
    for earlier in reversed(walk.kept):
        if earlier.type == "MEASURE":
            return earlier.value == token.value
        if earlier.type not in _OF_VALUES:
            return False
    return False


def _class(walk: Walk, token: Token) -> Token | None:
    if walk.last == "MEASURE":
        return None
    if walk.following == "NUMBER" and _of_heart_failure(walk.tokens, walk.at):
        walk.kept.append(Token("MEASURE", "nyha", token.start, token.end))
        return None
    return token


def _of_heart_failure(tokens: Sequence[Token], index: int) -> bool:
    """`class III or IV heart failure`: the classes of heart failure are those of the NYHA."""
    for token in tokens[index + 1 : index + 7]:
        if token.type == "CONDITION":
            return token.value == "heart_failure"
        if token.type not in _OF_CLASSES:
            return False
    return False


def _compare(walk: Walk, token: Token) -> Token | None:
    """`= 3-5`: the sign adds nothing to the range; `INR <= 2, <= 14 days before`: the comma parts nothing."""
    if walk.following == "AGE" and [one.type for one in walk.tokens[walk.at + 1 : walk.at + 3]] == _AN_AGE:
        return token._replace(type="AGE_COMPARE")  # greater than age 18
    if walk.following in ("ULN", "LLN") and walk.last in ("UNIT", "RPAR"):
        return token._replace(type="BEYOND")  # 2 g/dL below the lower limit of normal
    if [one.type for one in walk.kept[-3:]] == _A_CASE:
        walk.kept.append(Token("THEN", "", token.start, token.start))  # (if liver metastases, <= 5 x ULN)
    if token.value in ("<", "<=") and walk.dated_behind():
        walk.drop_last("COMMA")
    twice = walk.last == "WITHIN" or (walk.following == "COMPARE" and walk.comes("<="))
    if token.value == "<=" and twice:
        return None  # within <= 7 days; up to <= 3
    if token.value == "<":
        walk.drop_last("WITHIN")  # within < 7 days
    types = [later.type for later in walk.tokens[walk.at + 1 : walk.at + 4]]
    return None if token.value == "=" and types == ["NUMBER", "DASH", "NUMBER"] else token


def _colon(walk: Walk, token: Token) -> Token | None:
    if walk.last == "AGE_COMPARE":
        return None
    if walk.last in _LEADING and walk.following in _NAMED:
        return None  # history of: A, B or C
    if [token.value for token in walk.kept] in _HEADINGS and walk.following in ("MEASURE", "METHOD"):
        walk.kept.pop()  # performance status: Karnofsky …; serum free light chain: involved …
        return None
    if walk.last == "WORD" and len(walk.kept) == 1 and len(walk.kept[0].value) == 1:
        walk.kept.pop()  # a letter for a line: C: calcium …
        return None
    return None if walk.last in ("MEASURE", "AGE") and walk.following in _VALUE_BEGINS else token


def _opening(walk: Walk, token: Token) -> Token:
    """`bilirubin <= 2 mg/dL, (except …)`: the comma parts nothing."""
    of_one = walk.follows_value() and walk.following in ("EXCEPT", "UNLESS", "IF")
    valued = [one.type for one in dropwhile(lambda one: one.type != "NUMBER", walk.kept[-_NEAR:])]
    if of_one and not {"AND", "OR"}.intersection(valued):
        walk.drop_last("COMMA")
    return token


def _unit(walk: Walk, token: Token) -> Token:
    """`24-hour urine M-protein >= 200 mg`: of a day."""
    near = range(len(walk.kept) - 1, max(-1, len(walk.kept) - 1 - _NEAR), -1)
    at = next((at for at in near if walk.kept[at].type not in _OF_VALUES), -1)
    named = walk.kept[at] if at >= 0 else None
    if (
        named is not None
        and named.value in near_myeloma.MONOCLONAL
        and near_myeloma.is_excreted(walk, token, named)
    ):
        walk.kept[at] = named._replace(value="m_protein_urine")
    if (
        named is None
        or named.type != "MEASURE"
        or walk.following == "PER_DAY"
        or not _is_of_a_day(walk, token, named)
    ):
        return token
    walk.kept.append(token)
    return token._replace(type="PER_DAY", value="")


def _parts_severities(walk: Walk, token: Token) -> bool:
    """`moderate to severe asthma`: two that follow on each other, in front of the first disease of a list."""
    if walk.last != "QUALIFIER" or walk.word(token).casefold() != "to":
        return False
    listed = any(one.type == "CONDITION" for one in walk.kept)
    return not listed and any(walk.kept[-1].value == low and walk.comes(high) for low, high in _SEVERITIES)


def _dash(walk: Walk, token: Token) -> Token | None:
    if _parts_severities(walk, token):
        return token._replace(type="OR", value="")
    if walk.last == "COMPARE":
        negative = walk.word(token) == "-" and walk.text[token.end : token.end + 1].isdigit()
        return token._replace(type="WORD") if negative else None  # < -2.5: no number that a rule can hold
    if walk.following == "ANCHOR":
        return token._replace(type="BEFORE")
    if walk.following in _BEFORE_NUMBER and walk.last in _NUMERIC:
        return token
    return None if walk.word(token) == "-" else token._replace(type="WORD")


def _between(walk: Walk, token: Token) -> Token | None:
    if walk.following == "ANCHOR":
        return token._replace(type="BEFORE")
    if walk.following == "AGE" or walk.following in _BEFORE_NUMBER:
        return token
    return token._replace(type="WORD")


def _turning(walk: Walk, token: Token) -> Token | None:
    """`> 3 but < 5`; `for patients with …, bilirubin may be <= 3 x ULN`."""
    if (
        walk.last == "MEASURE"
        and walk.following == "COMPARE"
        and walk.word(token).casefold() in ("can", "may")
    ):
        return None if any(one.type == "IF" for one in walk.kept[-_NEAR:]) else token
    if walk.word(token).casefold() in _PERMITTED and walk.last in _LIMIT_ENDS:
        inside = [one.type for one in dropwhile(lambda one: one.type != "LPAR", walk.kept[-_NEAR:])]
        of_some = walk.following == "IF" or (walk.following == "RPAR" and "IF" in inside)
        return None if inside and "RPAR" not in inside and of_some else token  # (<= 5 x ULN allowed if …)
    but = token.value == "" and walk.word(token).casefold() == "but" and walk.following == "COMPARE"
    return token._replace(type="AND") if but else near_drugs.after_transplant(walk, token)


def _grade(walk: Walk, token: Token) -> Token | None:
    """`ECOG of grade 0 or 1`; the grade of a laboratory value is that of a toxicity."""
    return None if walk.kept and walk.kept[-1].value == "ecog" else token


def _normal(walk: Walk, token: Token) -> Token:
    """`below institutional normal`: of which of its two limits is not said, as it is in `twice normal`."""
    named = _UPPER.search(walk.word(token)) is not None
    unclear = walk.last == "COMPARE" and walk.kept[-1].value in ("<", ">=")
    return token._replace(type="WORD") if unclear and not named else token


SETTLES: dict[str, Settle] = {
    "ULN": _normal,
    "METHOD": _method, "AIR": _air, "SLASH": _slash, "AGE": _age,
    "GRADE": _grade,
    "LPAR": _opening, "UNIT": _unit,
    "MEASURE": _measure, "CLASS": _class, "COMPARE": _compare, "COLON": _colon, "DASH": _dash,
    "BETWEEN": _between, "TURNING": _turning,
}  # fmt: skip
