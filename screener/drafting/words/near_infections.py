"""What words mean near the names of infections: what the name says already, and a letter for another one."""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Walk

_INFECTIONS = frozenset({"hiv_infection", "cytomegalovirus_infection", "tuberculosis"})
ANY_INFECTION = frozenset({"infection", "viral_infection"})
INFECTED = frozenset({"infection", "infections", "virus", "disease"})
HEPATITIS = frozenset("abc")
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})


def is_serology(walk: Walk) -> bool:
    """`seropositive for hepatitis C`, and for nothing else: the antibody is found."""
    before = walk.kept[-1] if walk.kept else None
    told = before is not None and before.type == "POSITIVE" and "sero" in walk.word(before).casefold()
    return told and walk.following not in ("COMMA", "AND", "OR", "SLASH") and len(walk.kept) == 1


def says_infection(kept: Sequence[Token]) -> bool:
    """`HIV infection`, `hepatitis B virus`: the name says it already."""
    if not kept or kept[-1].type != "CONDITION":
        return False
    return kept[-1].value in _INFECTIONS or kept[-1].value[:-1].endswith("hepatitis_")


def after_hepatitis(kept: Sequence[Token]) -> bool:
    """`hepatitis B or C`: a letter that names another hepatitis."""
    return (
        bool(kept)
        and kept[-1].type in _JOINTS
        and any(
            token.type == "CONDITION"
            and token.value[-2:] in ("_a", "_b", "_c")
            and "hepatitis" in token.value
            for token in kept[-3:]
        )
    )


def other_hepatitis(kept: Sequence[Token], letter: str) -> str:
    """`active hepatitis B or C`: the other of the same kind (active_hepatitis_b, active_hepatitis_c)."""
    named = [token.value for token in kept[-3:] if token.type == "CONDITION" and "hepatitis" in token.value]
    return f"{named[-1].rpartition('_')[0]}_{letter}"
