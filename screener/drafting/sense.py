"""Settles which of its senses a word has by what stands beside it, and joins what is told twice."""

from collections.abc import Sequence
from decimal import Decimal

from screener.drafting.amounts import Quantity, same_time
from screener.drafting.lexer import Token
from screener.vocabulary.units import fold

_NUMERIC = frozenset({"NUMBER", "UNIT", "TIME_UNIT", "AGE_UNIT", "ULN", "LLN"})
_BEFORE_NUMBER = frozenset({"NUMBER", "COMPARE", "ULN", "LLN"})
_VALUE_BEGINS = _BEFORE_NUMBER | {"BETWEEN", "NORMAL", "POSITIVE", "NEGATIVE", "ABNORMAL"}
_WEAK = frozenset({"of", "from", "at", "to", "on", "of the", "from the", "at the"})
_AFTER_ANCHOR_WORD = frozenset({"ANCHOR", "PROCEDURE"})
_VALUE_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN", "NUMBER", "NORMAL", "RPAR"})
_PEOPLE = frozenset({"FEMALE", "MALE", "CHILDBEARING"})
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_ADJECTIVES = frozenset({"QUALIFIER", "JUDGED"})
_HEPATITIS = {"a": "hepatitis_a", "b": "hepatitis_b", "c": "hepatitis_c"}
_INFECTIONS = frozenset({"hiv_infection", "hepatitis_a", "hepatitis_b", "hepatitis_c", "cytomegalovirus_infection"})
_GRADED = frozenset({"CLASS", "STAGE", "GRADE", "MEASURE", "COMPARE", "DASH"})


def settled(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens that a claim may hold; what is set aside is left out."""
    kept = _once(_graded_first(_in_context(tokens, text)))
    if [token.type for token in kept] == ["COMPARE", "NUMBER", "TIME_UNIT"] and kept[2].value == "a":
        kept[2] = kept[2]._replace(type="AGE_UNIT")  # nothing else is counted in years and nothing else
    return kept


def _in_context(tokens: Sequence[Token], text: str) -> list[Token]:
    kept: list[Token] = []
    weak: Token | None = None  # `of`, `from`, `to`: nothing, or the word in front of an anchor
    for index, token in enumerate(tokens):
        following = _following(tokens, index)
        match token.type:
            case "ONGOING" if kept and kept[-1].type == "CONDITION" and _requires(text[token.start : token.end]):
                token = token._replace(type="THAT")
            case "OTHER" if following == "THERAPY":
                continue
            case "JUDGED":
                token = token._replace(value=text[token.start : token.end])
            case "COMMA" | "AND" if kept and kept[-1].type in _ADJECTIVES and following in _ADJECTIVES:
                continue
            case "WORD" if token.value in ("infection", "infections", "virus", "disease") and _is_infection(kept):
                continue
            case "WORD" if token.value in _HEPATITIS and _after_hepatitis(kept):
                token = Token("CONDITION", _HEPATITIS[token.value], token.start, token.end)
            case "ASIDE":
                if text[token.start : token.end].casefold() in _WEAK:
                    weak = token
                continue
            case "ANCHOR":
                if weak is not None and (not kept or kept[-1].type != "BEFORE"):
                    kept.append(weak._replace(type="BEFORE"))
                elif not kept or kept[-1].type != "BEFORE":
                    token = token._replace(type="WORD")
            case "BEFORE":
                if following not in _AFTER_ANCHOR_WORD:
                    token = token._replace(type="TURNING")
                elif kept and kept[-1].type == "COMMA":
                    kept.pop()
            case "DASH" | "BETWEEN":
                if following == "ANCHOR":
                    token = token._replace(type="BEFORE")
                elif following not in _BEFORE_NUMBER or (
                    token.type == "DASH" and not (kept and kept[-1].type in _NUMERIC)
                ):
                    if text[token.start : token.end] == "-":
                        continue
                    token = token._replace(type="WORD")
            case "EXCEPT" | "UNLESS" | "WHICHEVER" | "PROVIDED" if kept and kept[-1].type == "COMMA":
                kept.pop()
            case "WITHIN" if len(kept) > 1 and kept[-1].type == "COMMA" and kept[-2].type in _VALUE_ENDS:
                kept.pop()
            case "COLON" if kept and kept[-1].type in ("MEASURE", "AGE") and following in _VALUE_BEGINS:
                continue
            case "WORD" if token.value in _ROMAN and kept and _graded(kept):
                token = token._replace(type="NUMBER", value=_ROMAN[token.value])
            case "IF" | "WORD" if following in _PEOPLE and token.value in ("", "in", "for"):
                token = token._replace(type="IF")
            case "TURNING" if (
                token.value == ""
                and text[token.start : token.end].casefold() == "but"
                and (following == "COMPARE")
            ):
                token = token._replace(type="AND")
            case "CLASS" if kept and kept[-1].type == "MEASURE":
                continue
        weak = None
        kept.append(token)
    return kept


def _graded_first(tokens: list[Token]) -> list[Token]:
    """`>= grade 2` as `grade >= 2`, so that the grade may stand on either side of its disease."""
    for index in range(len(tokens) - 2):
        if [token.type for token in tokens[index : index + 3]] == ["COMPARE", "GRADE", "NUMBER"]:
            sign, word = tokens[index], tokens[index + 1]
            tokens[index] = word._replace(start=sign.start, end=sign.end)
            tokens[index + 1] = sign._replace(start=word.start, end=word.end)
    return tokens


def _requires(words: str) -> bool:
    return words[:6].casefold() == "requir"


def _is_infection(kept: Sequence[Token]) -> bool:
    return bool(kept) and kept[-1].type == "CONDITION" and kept[-1].value in _INFECTIONS


def _after_hepatitis(kept: Sequence[Token]) -> bool:
    """`hepatitis B or C`: a letter that names another hepatitis."""
    joins = [token for token in kept[-3:] if token.type in ("COMMA", "OR", "AND", "SLASH")]
    named = [token for token in kept[-3:] if token.type == "CONDITION" and "hepatitis" in token.value]
    return bool(joins and named) and kept[-1].type in ("COMMA", "OR", "AND", "SLASH")


def _graded(kept: Sequence[Token]) -> bool:
    """Whether a Roman numeral here is a grade: class III, NYHA class III or IV."""
    if kept[-1].type in _GRADED:
        return True
    joins = [token for token in kept[-3:] if token.type in ("COMMA", "OR", "AND", "SLASH", "DASH")]
    numbers = [token for token in kept[-3:] if token.type == "NUMBER"]
    return bool(joins and numbers) and kept[-1].type in ("COMMA", "OR", "AND", "SLASH", "DASH")


def _following(tokens: Sequence[Token], index: int) -> str:
    for token in tokens[index + 1 :]:
        if token.type != "ASIDE":
            return token.type
    return ""


def _once(tokens: list[Token]) -> list[Token]:
    """`ULN (upper limit of normal)`, `at least (>=) 3`, `28 days (4 weeks)`: told twice, kept once."""
    if not any(token.type == "LPAR" for token in tokens):
        return tokens
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        size = _told_again(tokens, index, kept)
        if size:
            kept[-1] = kept[-1]._replace(end=tokens[index + size - 1].end)
            index += size
        else:
            kept.append(tokens[index])
            index += 1
    return kept


def _told_again(tokens: Sequence[Token], index: int, kept: Sequence[Token]) -> int:
    """How many tokens from `index` say in brackets what was just said; 0 for none."""
    if not kept or tokens[index].type != "LPAR":
        return 0
    inside = tokens[index + 1 : index + 4]
    if len(inside) > 1 and inside[1].type == "RPAR" and _same(kept[-1], inside[0]):
        return 3
    if len(inside) == 3 and inside[2].type == "RPAR" and _same_time(kept, inside):
        return 4
    return 0


def _same(one: Token, other: Token) -> bool:
    if one.type != other.type:
        return False
    if one.type == "UNIT":
        return _unit(one.value) == _unit(other.value)
    if one.type == "NUMBER":
        return one.value.replace(",", "") == other.value.replace(",", "")
    return one.value == other.value and one.type not in ("WORD", "TURNING", "LPAR")


def _unit(written: str) -> str:
    return fold(written).casefold().replace("percent", "%")


def _same_time(kept: Sequence[Token], inside: Sequence[Token]) -> bool:
    if len(kept) < 2 or kept[-1].type != "TIME_UNIT" or kept[-2].type != "NUMBER":
        return False
    if inside[0].type != "NUMBER" or inside[1].type != "TIME_UNIT":
        return False
    first, second = _time(kept[-2], kept[-1]), _time(inside[0], inside[1])
    return first is not None and second is not None and same_time(first, second)


def _time(count: Token, unit: Token) -> Quantity | None:
    plain = count.value.replace(",", "").replace(" ", "")
    if len(plain) > 6 or "^" in plain:
        return None
    return Quantity(Decimal(plain), "time", unit.value)
