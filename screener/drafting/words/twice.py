"""What a bracket tells once more: `ULN (upper limit of normal)`, `at least (>=) 3`, `28 days (4 weeks)`."""

from collections.abc import Sequence
from decimal import Decimal

from screener.drafting.words.lexer import Token
from screener.vocabulary.units import fold

# of each unit of time, as its code says
DAYS = {
    "h": Decimal(1) / 24,
    "d": Decimal(1),
    "wk": Decimal(7),
    "mo": Decimal("30.4375"),
    "a": Decimal("365.25"),
}
_NEAR = 20  # tokens of a list of drugs
_OF_EXAMPLES = frozenset({"SUCH_AS", "THERAPY", "COMMA", "OR", "AND", "SLASH"})
# MMSE (range 0-30) >= 24: the ends of the scale
_SCALE = ["BETWEEN", "NUMBER", "DASH", "NUMBER", "RPAR", "COMPARE"]
_SURFACE = (["WORD", "NUMBER", "UNIT"], ["SLASH", "NUMBER", "UNIT"])
_BEFORE_SURFACE = frozenset({"WORD", "SLASH"})
_ABOUT = Decimal("0.09")  # by so much of the longer may two tellings of one time differ
_SHORT = 5  # the longest short form: RRMM, AMML


def once(tokens: list[Token]) -> list[Token]:
    """The tokens without brackets that say what stands before them."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        opens = tokens[index].type == "LPAR"
        size = (_told_again(tokens, index, kept) or _examples(tokens, index, kept)) if opens else 0
        if size:
            kept[-1] = kept[-1]._replace(end=tokens[index + size - 1].end)
            index += size
        elif tokens[index].type in _BEFORE_SURFACE and (size := _of_surface(tokens, index, kept)):
            kept[-1] = kept[-1]._replace(value="mL/min/1.73 m2", end=tokens[index + size - 1].end)
            index += size
        else:
            kept.append(tokens[index])
            index += 1
    return kept


def _told_again(tokens: Sequence[Token], index: int, kept: Sequence[Token]) -> int:
    """How many tokens from `index` say in brackets what was just said; 0 for none."""
    if not kept:
        return 0
    inside = tokens[index + 1 : index + 4]
    if len(inside) > 1 and inside[1].type == "RPAR":
        return 3 if _same(kept[-1], inside[0]) or _abbreviates(kept[-1], inside[0]) else 0
    if len(inside) == 3 and inside[2].type == "RPAR" and _same_time(kept, inside):
        return 4
    types = [token.type for token in tokens[index + 1 : index + 7]]
    return 6 if kept[-1].type == "MEASURE" and types == _SCALE else 0


def _of_surface(tokens: Sequence[Token], index: int, kept: Sequence[Token]) -> int:
    """How many tokens from `index` go on with a unit that its short form has cut in two: `milliliter per
    minute (mL/min) per 1.73 square meter (m^2)`; 0 for none."""
    types = [token.type for token in tokens[index : index + 6]]
    if not kept or types[:3] not in _SURFACE or _unit(kept[-1].value) != "ml/min":
        return 0
    if tokens[index + 1].value != "1.73" or _unit(tokens[index + 2].value) != "m2":
        return 0
    return 6 if types[3:] == ["LPAR", "UNIT", "RPAR"] else 3


def _examples(tokens: Sequence[Token], index: int, kept: Sequence[Token]) -> int:
    """How many tokens from `index` give examples of the drugs that lines of therapy must include."""
    if not kept or kept[-1].type != "THERAPY":
        return 0
    of_lines = any(token.value == "lines_of_therapy" for token in kept[-_NEAR:])
    end = next(
        (at for at in range(index, min(index + _NEAR, len(tokens))) if tokens[at].type == "RPAR"), index
    )
    types = [token.type for token in tokens[index + 1 : end]]
    return end + 1 - index if of_lines and types[:1] == ["SUCH_AS"] and _OF_EXAMPLES.issuperset(types) else 0


def _abbreviates(one: Token, other: Token) -> bool:
    """`nonsecretory multiple myeloma (MM)`: a bracket with the short form of the name before it."""
    named = one.type in ("CONDITION", "LABEL") or one.value == "lines_of_therapy"
    return named and other.type == "CONDITION" and other.end - other.start <= _SHORT


def _same(one: Token, other: Token) -> bool:
    if one.type != other.type:
        return False
    if one.type == "UNIT":
        return _unit(one.value) == _unit(other.value)
    if one.type == "NUMBER":
        return one.value.replace(",", "") == other.value.replace(",", "")
    return one.value == other.value and one.type not in ("WORD", "TURNING", "LPAR")


def _unit(written: str) -> str:
    return fold(written).casefold().replace("percent", "%").replace("of mercury", "hg")


def _same_time(kept: Sequence[Token], inside: Sequence[Token]) -> bool:
    if len(kept) < 2 or kept[-1].type != "TIME_UNIT" or kept[-2].type != "NUMBER":
        return False
    if inside[0].type != "NUMBER" or inside[1].type != "TIME_UNIT":
        return False
    first, second = _days(kept[-2], kept[-1]), _days(inside[0], inside[1])
    if first is None or second is None:
        return False
    return abs(first - second) <= max(first, second) * _ABOUT  # 28 days (4 weeks), 12 weeks (3 months)


def _days(count: Token, unit: Token) -> Decimal | None:
    plain = count.value.replace(",", "").replace(" ", "")
    if len(plain) > 6 or "^" in plain:
        return None
    return Decimal(plain) * DAYS[unit.value]
