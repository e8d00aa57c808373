"""Settles which of its senses a word has by what stands beside it, and joins what is told twice."""

from collections.abc import Callable, Sequence

from screener.drafting.words.acronyms import without_spellings
from screener.drafting.words.beyond import with_beyond
from screener.drafting.words.cases import with_brackets, with_otherwise
from screener.drafting.words.ellipsis import beginning_of_adjectives
from screener.drafting.words.freedom import with_freedom
from screener.drafting.words.grades import scale_first, with_grades, with_pain
from screener.drafting.words.in_context import in_context
from screener.drafting.words.lexer import Token
from screener.drafting.words.twice import once
from screener.drafting.words.walk import following

_SCALED = frozenset({"MEASURE", "CLASS", "STAGE", "GRADE"})
_PREPOSITIONS = frozenset({"under", "over", "above", "below"})
_GOVERNED = frozenset({"WORD", "PERSON", "CONDITION", "THERAPY", "LABEL"})
_LIMITS = frozenset({"ULN", "LLN"})
_PAIRS = {"CONDITIONS": "CONDITION", "PROCEDURES": "PROCEDURE", "THERAPIES": "THERAPY"}


def settled(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens that a claim may hold; what is set aside is left out."""
    types = {token.type for token in tokens}  # most texts need few of the steps
    if "LPAR" in types:
        tokens = without_spellings(tokens, text)
    if not types.isdisjoint(_CUTTING):
        tokens = _cut(tokens, text)
    if not types.isdisjoint(_SCALED) or "ASA" in text:
        tokens = with_grades(tokens, text)
        if "MEASURE" in types:
            tokens = scale_first(tokens)
    if "PERSON" in types:
        tokens = _without_estimate(tokens, text)
    if "FREE" in types:
        tokens = with_freedom(tokens)
    kept = in_context(tokens, text)
    if "LPAR" in types:
        kept = once(kept)
    if not types.isdisjoint(_LIMITS):
        kept = with_beyond(kept)
    if "GRADE" in types:
        kept = with_pain(kept)
    if "IF" in types:
        kept = with_brackets(kept)
        if "OTHERWISE" in types:
            kept = with_otherwise(kept)
    return kept


# --- words that are two


def _cut(tokens: Sequence[Token], text: str) -> list[Token]:
    """Diseases under one head-word become as many; `18 or over 70` is no `18 or over`."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        cut = _CUT.get(token.type)
        if cut is not None:
            found += cut(tokens, index, text)
        elif not (found and _compares_ages(found[-1]) and _says(token, text, "than")):
            found.append(token)
    return found


def _compares_ages(token: Token) -> bool:
    return token.type == "AGE_COMPARE" and len(token.value) == 1


def _says(token: Token, text: str, word: str) -> bool:
    return text[token.start : token.end].casefold() == word


def _pair(tokens: Sequence[Token], index: int, _: str) -> list[Token]:
    token = tokens[index]
    kind = _PAIRS[token.type]
    first, *others = token.value.split("+")
    adjectives = tokens[beginning_of_adjectives(tokens, index) : index]
    found = _active([token._replace(type=kind, value=first)], 0, "")
    for other in others:
        named = token._replace(type=kind, value=other)
        found += [token._replace(type="OR"), *adjectives, *_active([named], 0, "")]
    return found


def _active(tokens: Sequence[Token], index: int, text: str) -> list[Token]:
    """The adjective may be meant for the rest of a list, too; the meaning joins the two again."""
    token = tokens[index]
    if not token.value.startswith("active_"):
        return _active_by_name(tokens, index, text)
    return [token._replace(type="QUALIFIER", value="active"), token._replace(value=token.value[7:])]


def _active_by_name(tokens: Sequence[Token], index: int, text: str) -> list[Token]:
    """`active tuberculosis or hepatitis`: a name with the adjective in it, which the next one may share."""
    token = tokens[index]
    later = [one.type for one in tokens[index + 1 : index + 3]]
    if not text[token.start : token.end].casefold().startswith("active ") or later != ["OR", "CONDITION"]:
        return [token]
    middle = token.start + len("active")
    return [token._replace(type="QUALIFIER", value="active", end=middle), token._replace(start=middle + 1)]


def _older(tokens: Sequence[Token], index: int, text: str) -> list[Token]:
    """`and older than`: a comparison, not the end of one."""
    token = tokens[index]
    later = [one.type for one in tokens[index + 1 : index + 4] if one.type != "ASIDE"]
    if later[:2] == ["AGE", "NUMBER"] and len(token.value) == 2:  # under age 15 or over age 42
        return [token._replace(type="OR"), token._replace(type="AGE_COMPARE", value=token.value[0])]
    if index + 1 == len(tokens) or not _says(tokens[index + 1], text, "than"):
        return _or_more(tokens, index, text)
    word = "OR" if text[token.start : token.start + 2].casefold() == "or" else "AND"
    return [token._replace(type=word), token._replace(type="AGE_COMPARE", value=token.value[0])]


def _or_more(tokens: Sequence[Token], index: int, text: str) -> list[Token]:
    token = tokens[index]
    word = text[token.start : token.end].rpartition(" ")[2].casefold()
    if word in _PREPOSITIONS and following(tokens, index) in _GOVERNED:  # or under guardianship
        middle = token.end - len(word)
        join = "AND" if text[token.start : middle].casefold().startswith("and") else "OR"
        return [token._replace(type=join, value="", end=middle), Token("WORD", word, middle, token.end)]
    if len(token.value) != 2 or following(tokens, index) != "NUMBER":
        return [token]
    return [token._replace(type="OR"), token._replace(type="COMPARE", value=token.value[0])]


def _joined(tokens: Sequence[Token], index: int, _: str) -> list[Token]:
    """`and less than`: a word that joins and a sign."""
    token = tokens[index]
    word, sign = token.value.split()
    return [token._replace(type=word, value=""), token._replace(type="COMPARE", value=sign)]


_CUT: dict[str, Callable[[Sequence[Token], int, str], list[Token]]] = {
    "CONDITIONS": _pair, "PROCEDURES": _pair, "THERAPIES": _pair, "CONDITION": _active, "OLDER": _older,
    "OR_MORE": _or_more,
    "JOINED_COMPARE": _joined,
}  # fmt: skip
_CUTTING = frozenset({*_CUT, "AGE_COMPARE"})


# --- life expectancy


def _without_estimate(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """`life expectancy of 3 months in the opinion of the investigator`: there is no other one."""
    if not any(token.value == "life_expectancy" for token in tokens if token.type == "MEASURE"):
        return tokens
    end = len(tokens)
    while end and _judges(tokens[end - 1], text):
        end -= 1
    tokens = _without_judges(tokens, end, len(tokens))
    first = next((at for at, token in enumerate(tokens) if token.value == "life_expectancy"), 0) + 1
    end = first
    while end < len(tokens) and _judges(tokens[end], text):
        end += 1
    return _without_judges(tokens, first, end)


def _without_judges(tokens: Sequence[Token], first: int, end: int) -> Sequence[Token]:
    judged = any(token.type == "PERSON" for token in tokens[first:end])
    return [*tokens[:first], *tokens[end:]] if judged else tokens


def _judges(token: Token, text: str) -> bool:
    said = token.type == "PERSON" and token.value == "judgement"
    return said or token.type in _AROUND or text[token.start : token.end].casefold() in _OF_JUDGEMENT


_AROUND = frozenset({"ASIDE", "COMMA", "DOT", "LPAR", "RPAR"})
_OF_JUDGEMENT = frozenset(
    {"of the", "of", "the", "per", "by", "s", "as", "to", "assessment", "in", "evaluation"}
)
