"""What words mean near the measures of myeloma: classes of immunoglobulin, plasma cells, urine."""

import re

from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Walk

A_DAY = re.compile(r"(?:/|\bper)\s*(?:24\s*-?\s*h\w*|d|days?)\b", re.IGNORECASE)  # in a unit
_NEAR = 16  # tokens between a measure and what still speaks of it
_OF_VALUES = frozenset({"COMPARE", "NUMBER", "UNIT", "OR", "DASH", "COMMA", "OR_MORE", "LPAR", "RPAR"})
CLASSES = {kind: f"{kind}_myeloma" for kind in ("iga", "igg", "igd", "igm", "ige")}
SUBTYPES = frozenset(CLASSES.values())
_LISTING = frozenset({"COMMA", "OR", "AND", "SLASH"})
_CLASS_ENDS = frozenset({"RPAR", "OR", "AND", "COMMA", "SEMI", "DOT", ""})
MONOCLONAL = frozenset({"m_protein_serum"})


def names_subtype(walk: Walk) -> bool:
    """`M-protein >= 1 g/dL (>= 0.5 g/dL for IgA or IgD)`: in myeloma of that class."""
    if walk.following not in _CLASS_ENDS and not walk.comes("disease"):
        return False
    named = next((one for one in reversed(walk.kept) if one.type not in _LISTING), None)
    if named is None:
        return False
    joined = named.value in SUBTYPES and walk.last != "CONDITION"
    of_some = walk.last == "IF" and any(one.value in MONOCLONAL for one in walk.kept[-_NEAR:])
    return joined or of_some


def of_subtype(walk: Walk) -> bool:
    """Whether a class of immunoglobulin follows on a limit for the M-protein."""
    near = {one.value for one in walk.kept[-_NEAR:]}
    return walk.following == "MEASURE" and not near.isdisjoint(MONOCLONAL) and any(map(walk.comes, CLASSES))


def of_urine(walk: Walk) -> bool:
    return any(one.value == "m_protein_urine" for one in walk.kept[-_NEAR:])


def counts_plasma_cells(walk: Walk) -> bool:
    """`bone marrow plasmacytosis (> 30 % plasma cells)`: of what, once more."""
    types = [token.type for token in walk.tokens[walk.at - 1 : walk.at + 2]]
    if types[:1] not in (["UNIT"], ["WORD"]) or walk.last != "UNIT":
        return False
    named = next((one for one in reversed(walk.kept[-_NEAR:]) if one.type not in _OF_VALUES), None)
    return named is not None and named.value == "bm_plasma_cells"


def counted(walk: Walk, token: Token) -> Token:
    """`> 2 x 10^9/L circulating plasma cells`: a number of cells, and no share of them."""
    if token.value != "plasma_cells_blood_percent" or walk.last != "UNIT" or "%" in walk.kept[-1].value:
        return token
    return token._replace(value="plasma_cells_blood")


def is_excreted(walk: Walk, unit: Token, named: Token) -> bool:
    """`M-protein >= 200 mg/24 h`: what is excreted in a day is in the urine."""
    return A_DAY.search(unit.value) is not None and "serum" not in walk.word(named).casefold()
