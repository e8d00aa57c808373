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
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_BY = frozenset({"by", "via", "using", "on", "in", "per"})
_LENGTH_ENDS = frozenset({"TIME_UNIT", "HALF_LIVES", "WHICHEVER", "RPAR", "UNIT", "COMMA"})
_VALUE_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN", "NUMBER", "NORMAL", "RPAR"})
_PEOPLE = frozenset({"FEMALE", "MALE", "CHILDBEARING"})
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4"} | {
    "ⅰ": "1", "ⅱ": "2", "ⅲ": "3", "ⅳ": "4"}
_LETTERS = {"a": "1", "b": "2", "c": "3"}
_AGE_ALONE = frozenset({"COMPARE", "NUMBER", "DASH", "AND", "BETWEEN", "TIME_UNIT", "OR_MORE", "OR", "FEMALE", "MALE", "DOT",
                        "SEMI", "COMMA"})
_ADJECTIVES = frozenset({"QUALIFIER", "JUDGED"})
_HEPATITIS = frozenset("abc")
_INFECTIONS = frozenset({"hiv_infection", "cytomegalovirus_infection"})


def settled(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens that a claim may hold; what is set aside is left out."""
    tokens = _scale_first(_with_grades(_split_pairs(tokens, text), text))
    kept = _once(_graded_first(_in_context(tokens, text)))
    return _as_age(kept)


def _as_age(tokens: list[Token]) -> list[Token]:
    """`>= 18 years` or `18-65 years` and nothing else: nothing but an age is counted in years alone."""
    if [token.type for token in tokens[:3]] == ["COMPARE", "NUMBER", "TIME_UNIT"] and (
        tokens[3:4] and tokens[3].type in ("COMMA", "DOT", "SEMI", "AND")
    ):
        return [*_as_age(tokens[:3]), *tokens[3:]]
    if not tokens or not {token.type for token in tokens} <= _AGE_ALONE:
        return tokens
    if not any(token.type == "TIME_UNIT" and token.value == "a" for token in tokens):
        return tokens
    numbers = [token.value for token in tokens if token.type == "NUMBER"]
    if not all(value.isdigit() and _YOUNGEST <= int(value) <= _OLDEST for value in numbers):
        return tokens  # a year or two may be any length of time
    return [token._replace(type="AGE_UNIT") if token.type == "TIME_UNIT" else token for token in tokens]


def _split_pairs(tokens: Sequence[Token], text: str) -> list[Token]:
    """Two diseases under one head-word become two; `18 or over 70` is no `18 or over`."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type in _PAIRS:
            kind = _PAIRS[token.type]
            first, second = token.value.split("+")
            found += [token._replace(type=kind, value=first), token._replace(type="OR"),
                      token._replace(type=kind, value=second)]  # fmt: skip
        elif token.type == "CONDITION" and token.value[:7] == "active_":
            # its adjective may be meant for the rest of a list, too; `records` joins the two again
            found += [token._replace(type="QUALIFIER", value="active"), token._replace(value=token.value[7:])]
        elif token.type == "OLDER" and _says(tokens[index + 1 : index + 2], text, "than"):
            either = text[token.start : token.start + 2].casefold() == "or"
            found += [token._replace(type="OR" if either else "AND"),
                      token._replace(type="AGE_COMPARE", value=token.value[0])]  # fmt: skip
        elif found and found[-1].type == "AGE_COMPARE" and len(found[-1].value) == 1 and _says([token], text, "than"):
            continue
        elif token.type in ("OLDER", "OR_MORE") and _following(tokens, index) == "NUMBER" and len(token.value) == 2:
            found += [token._replace(type="OR"), token._replace(type="COMPARE", value=token.value[0])]
        else:
            found.append(token)
    return found


def _says(tokens: Sequence[Token], text: str, word: str) -> bool:
    return bool(tokens) and text[tokens[0].start : tokens[0].end].casefold() == word


def _with_grades(tokens: list[Token], text: str) -> list[Token]:
    """Roman numerals and letters as the grades of a scale: class III-IV, Child-Pugh B, ASA I."""
    for index, token in enumerate(tokens):
        word = text[token.start : token.end]
        if token.type in ("THERAPY", "WORD") and word == "ASA" and _begins_grade(tokens, index):
            tokens[index] = token._replace(type="MEASURE", value="asa")
        elif token.type in ("WORD", "ASIDE") and _after_scale(tokens, index):
            letters = _letter_scale(tokens, index)
            key = word.casefold()
            grade = _LETTERS.get(key) if letters else _ROMAN.get(key)
            if grade is not None:
                tokens[index] = token._replace(type="NUMBER", value=grade)
    return tokens


def _scale_first(tokens: list[Token]) -> list[Token]:
    """`class III or IV of the NYHA classification`: the scale before its grades."""
    plain = [index for index, token in enumerate(tokens) if token.type != "ASIDE"]
    for at, index in enumerate(plain):
        if tokens[index].type != "MEASURE" or tokens[index].value not in _CLASSES:
            continue
        first = at
        while first and tokens[plain[first - 1]].type in ("NUMBER", "OR", "DASH", "SLASH", "COMMA", "TURNING", "DEFINED"):
            first -= 1
        if first and first < at and tokens[plain[first - 1]].type == "CLASS":
            scale = tokens.pop(index)
            tokens.insert(plain[first - 1], scale)
            return [token for place, token in enumerate(tokens)
                    if token.type not in ("TURNING", "DEFINED") or not plain[first] <= place <= index]  # fmt: skip
    return tokens


_SHORT = 5  # the longest short form: RRMM, AMML
_PAIRS = {"CONDITIONS": "CONDITION", "PROCEDURES": "PROCEDURE"}
_YOUNGEST, _OLDEST = 12, 120
_CLASSES = frozenset({"nyha", "ccs", "asa", "child_pugh_class"})


def _begins_grade(tokens: Sequence[Token], index: int) -> bool:
    following = [token for token in tokens[index + 1 : index + 4] if token.type != "ASIDE"]
    return bool(following) and (
        following[0].type in ("NUMBER", "COMPARE", "CLASS") or following[0].value in _ROMAN)  # fmt: skip


def _after_scale(tokens: Sequence[Token], index: int) -> bool:
    """Whether a numeral here belongs to a scale named before it, behind it only signs and numerals."""
    for token in reversed(tokens[max(0, index - 6) : index]):
        if token.type in ("MEASURE", "CLASS", "STAGE", "GRADE"):
            return True
        if token.type not in ("NUMBER", "DASH", "OR", "AND", "COMMA", "SLASH", "COMPARE", "ASIDE", "LPAR", "COLON"):
            return False
    return False


def _letter_scale(tokens: Sequence[Token], index: int) -> bool:
    named = [token for token in tokens[max(0, index - 6) : index] if token.type == "MEASURE"]
    return bool(named) and named[-1].value == "child_pugh_class"


def _in_context(tokens: Sequence[Token], text: str) -> list[Token]:
    kept: list[Token] = []
    before_start = method = bracket = False
    later: Token | None = None  # 18+ years
    weak: Token | None = None  # `of`, `from`, `to`: nothing, or the word in front of an anchor
    for index, token in enumerate(tokens):
        following = _following(tokens, index)
        if token.type == "METHOD":
            method = True
            continue
        if following == "METHOD" and (method and token.type in _JOINTS or token.value in _BY):
            continue
        method = False
        match token.type:
            case "DASH" if kept and kept[-1].type == "COMPARE":
                continue
            case "COLON" if kept and kept[-1].type == "AGE_COMPARE":
                continue
            case "ONGOING" if kept and kept[-1].type == "CONDITION" and _requires(text[token.start : token.end]):
                token = token._replace(type="THAT")
            case "OTHER" if following == "THERAPY":
                continue
            case "HISTORY" if following == "ALLERGY":
                continue
            case "HISTORY" if following in ("", "DOT") and kept and text[token.start : token.end] == "previously":
                continue
            case "CONDITION" if token.value == "infection" and _is_infection(kept):
                continue
            case "RPAR" if kept and kept[-1].type == "LPAR":
                kept.pop()
                continue
            case "MEASURE" if _said_already(kept, token, following):
                continue
            case "THERAPY" if kept and kept[-1].value == "lines_of_therapy" and token.value in _ANY_THERAPY:
                continue
            case "JUDGED":
                token = token._replace(value=text[token.start : token.end])
            case "COMMA" | "AND" if kept and kept[-1].type in _ADJECTIVES and following in _ADJECTIVES:
                continue
            case "WORD" if token.value in ("infection", "infections", "virus", "disease") and _is_infection(kept):
                continue
            case "WORD" if token.value in _HEPATITIS and _after_hepatitis(kept):
                token = Token("CONDITION", _other_hepatitis(kept, token.value), token.start, token.end)
            case "ASIDE" if text[token.start : token.end].casefold() == "with" and _after_grade(kept):
                kept.append(token._replace(type="WORD", value="with"))
                continue
            case "ASIDE":
                if text[token.start : token.end].casefold() in _WEAK:
                    weak = token
                continue
            case "BEFORE" if following == "ANCHOR" and not (kept and kept[-1].type in _LENGTH_ENDS):
                before_start = True  # before the study begins, which is when one is screened
                continue
            case "ANCHOR" if before_start:
                before_start = method = bracket = False
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
            case "WORD" if token.value in ("disease", "symptoms") and kept and kept[-1].type == "NUMBER":
                continue
            case "BETWEEN" if following == "AGE":
                pass
            case "CLASS" if following == "NUMBER" and _of_heart_failure(tokens, index):
                kept.append(Token("MEASURE", "nyha", token.start, token.end))
                continue
            case "DASH" | "BETWEEN":
                if following == "ANCHOR":
                    token = token._replace(type="BEFORE")
                elif following not in _BEFORE_NUMBER or (
                    token.type == "DASH" and not (kept and kept[-1].type in _NUMERIC)
                ):
                    if text[token.start : token.end] == "-":
                        continue
                    token = token._replace(type="WORD")
            case "WHICHEVER" if kept and kept[-1].type == "LPAR":
                kept.pop()
                bracket = True
            case "RPAR" if bracket:
                bracket = False
                continue
            case "EXCEPT" | "UNLESS" | "WHICHEVER" | "PROVIDED" if kept and kept[-1].type == "COMMA":
                kept.pop()
            case "WITHIN" if len(kept) > 1 and kept[-1].type == "COMMA" and kept[-2].type in _VALUE_ENDS:
                kept.pop()
            case "DEFINED" | "INCLUDING" | "SUCH_AS" if kept and kept[-1].type == "COMMA":
                kept.pop()
            case "IF" if token.value == "" and text[token.start : token.end].casefold() == "for" and (
                following not in _PEOPLE and following != "CONDITION"
            ):
                token = token._replace(type="FOR")
            case "COLON" if len(kept) == 1 and kept[0].type == "WORD" and len(kept[0].value) == 1:
                kept.pop()  # a letter for a line: C: calcium …
                continue
            case "COMPARE" if token.value == "=" and _ranges(tokens, index):
                continue
            case "OR_MORE" if following in ("TIME_UNIT", "AGE_UNIT"):
                later = token
                continue
            case "TIME_UNIT" | "AGE_UNIT" if later is not None:
                kept += [token, later]
                later = None
                continue
            case "COLON" if kept and kept[-1].type in ("MEASURE", "AGE") and following in _VALUE_BEGINS:
                continue
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
        if _two_grades(tokens[index : index + 5]):
            tokens[index + 2] = tokens[index + 2]._replace(type="DASH")
    return tokens


def _two_grades(tokens: Sequence[Token]) -> bool:
    """`grade 3 or 4`."""
    types = [token.type for token in tokens]
    joined = types[:2] == ["GRADE", "NUMBER"] and types[3:4] == ["NUMBER"] and types[2] in ("OR", "AND", "SLASH")
    return joined and types[4:] not in (["UNIT"], ["TIME_UNIT"])


_ANY_THERAPY = frozenset({"antimyeloma", "antineoplastic"})


def _said_already(kept: Sequence[Token], token: Token, following: str) -> bool:
    """`performance status ECOG <= 2`, `performance status <= 2 on the ECOG scale`: one scale, named twice."""
    if following in _VALUE_BEGINS and kept and kept[-1].type != "MEASURE":
        return False
    for earlier in reversed(kept):
        if earlier.type == "MEASURE":
            return earlier.value == token.value
        if earlier.type not in ("COMPARE", "NUMBER", "UNIT", "OR", "DASH", "COMMA", "OR_MORE"):
            return False
    return False


def _after_grade(kept: Sequence[Token]) -> bool:
    return len(kept) > 1 and kept[-1].type == "NUMBER" and any(token.type == "GRADE" for token in kept[-3:])


def _of_heart_failure(tokens: Sequence[Token], index: int) -> bool:
    """`class III or IV heart failure`: the classes of heart failure are those of the NYHA."""
    for token in tokens[index + 1 : index + 7]:
        if token.type == "CONDITION":
            return token.value == "heart_failure"
        if token.type not in ("NUMBER", "OR", "DASH", "SLASH", "COMMA", "ASIDE"):
            return False
    return False


def _ranges(tokens: Sequence[Token], index: int) -> bool:
    return [token.type for token in tokens[index + 1 : index + 4]] == ["NUMBER", "DASH", "NUMBER"]


def _requires(words: str) -> bool:
    return words[:6].casefold() == "requir"


def _is_infection(kept: Sequence[Token]) -> bool:
    if not kept or kept[-1].type != "CONDITION":
        return False
    return kept[-1].value in _INFECTIONS or kept[-1].value[:-1].endswith("hepatitis_")


def _other_hepatitis(kept: Sequence[Token], letter: str) -> str:
    """`active hepatitis B or C`: the other of the same kind (active_hepatitis_b, active_hepatitis_c)."""
    named = [token.value for token in kept[-3:] if token.type == "CONDITION" and "hepatitis" in token.value]
    return f"{named[-1].rpartition('_')[0]}_{letter}"


def _after_hepatitis(kept: Sequence[Token]) -> bool:
    """`hepatitis B or C`: a letter that names another hepatitis."""
    joins = [token for token in kept[-3:] if token.type in ("COMMA", "OR", "AND", "SLASH")]
    named = [token for token in kept[-3:] if token.type == "CONDITION" and token.value[-2:] in ("_a", "_b", "_c")
             and "hepatitis" in token.value]  # fmt: skip
    return bool(joins and named) and kept[-1].type in ("COMMA", "OR", "AND", "SLASH")


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
    if len(inside) > 1 and inside[1].type == "RPAR" and (
        _same(kept[-1], inside[0]) or _abbreviates(kept[-1], inside[0])
    ):
        return 3
    if len(inside) == 3 and inside[2].type == "RPAR" and _same_time(kept, inside):
        return 4
    return 0


def _abbreviates(one: Token, other: Token) -> bool:
    """`nonsecretory multiple myeloma (MM)`: a bracket with the short form of the name before it."""
    return one.type == other.type == "CONDITION" and other.end - other.start <= _SHORT


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
