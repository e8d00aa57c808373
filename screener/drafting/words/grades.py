"""Grades and scales: `class III-IV`, `Child-Pugh B`, `>= grade 2`, a class in front of its scale."""

from collections.abc import Iterator, Sequence

from screener.drafting.words.lexer import Token

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6",
          "Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4", "ⅰ": "1", "ⅱ": "2", "ⅲ": "3", "ⅳ": "4"}  # fmt: skip
_LETTERS = {"a": "1", "b": "2", "c": "3"}
_SCALES = frozenset({"nyha", "ccs", "asa", "child_pugh_class"})
_LETTERED = frozenset({"child_pugh_class", "child_pugh"})
_GRADED = frozenset({"MEASURE", "CLASS", "STAGE", "GRADE"})
_BETWEEN_GRADES = frozenset(
    {"NUMBER", "DASH", "OR", "AND", "COMMA", "SLASH", "COMPARE", "ASIDE", "LPAR", "COLON"}
)
_OF_GRADE = frozenset({"GRADE", "COMPARE", "NUMBER"})
_LINKS = frozenset({"TURNING", "DEFINED", "BEFORE"})  # of the, as defined by
_TO_SCALE = frozenset({"NUMBER", "OR", "DASH", "SLASH", "COMMA", *_LINKS})


def with_grades(tokens: Sequence[Token], text: str) -> list[Token]:
    """Roman numerals and letters as the grades of a scale: class III-IV, Child-Pugh B, ASA I."""
    found = list(tokens)
    for index, token in enumerate(found):
        word = text[token.start : token.end]
        if word == "ASA" and token.type in ("THERAPY", "WORD") and _begins_grade(found, index):
            found[index] = token._replace(type="MEASURE", value="asa")
        elif token.type in ("WORD", "ASIDE"):
            grade = _grade(found, index, word.casefold())
            if grade is not None:
                found[index] = token._replace(type="NUMBER", value=grade)
                _name_class(found, index, word.casefold())
    return found


def _name_class(tokens: list[Token], index: int, word: str) -> None:
    """`Child-Pugh score of at most class A`: the class; the word for it stands before its letter."""
    first = max(0, index - 6)
    at = next((at for at in range(index - 1, first - 1, -1) if tokens[at].value == "child_pugh"), None)
    if at is not None and word in _LETTERS:
        tokens[at] = tokens[at]._replace(value="child_pugh_class")
        tokens[at + 1 : index] = [one._replace(type="ASIDE") if one.type == "CLASS" else one
                                  for one in tokens[at + 1 : index]]  # fmt: skip


def _begins_grade(tokens: Sequence[Token], index: int) -> bool:
    following = next((token for token in tokens[index + 1 : index + 4] if token.type != "ASIDE"), None)
    return following is not None and (
        following.type in ("NUMBER", "COMPARE", "CLASS") or following.value in _ROMAN
    )


def _grade(tokens: Sequence[Token], index: int, word: str) -> str | None:
    if (word not in _ROMAN and word not in _LETTERS) or not _after_scale(tokens, index):
        return None
    return (_LETTERS if _letter_scale(tokens, index) else _ROMAN).get(word)


def _after_scale(tokens: Sequence[Token], index: int) -> bool:
    """Whether a numeral here belongs to a scale named before it, behind it only signs and numerals."""
    for token in reversed(tokens[max(0, index - 6) : index]):
        if token.type in _GRADED:
            return True
        if token.type not in _BETWEEN_GRADES:
            return False
    return False


def _letter_scale(tokens: Sequence[Token], index: int) -> bool:
    named = [token for token in tokens[max(0, index - 6) : index] if token.type == "MEASURE"]
    return bool(named) and named[-1].value in _LETTERED


def scale_first(tokens: list[Token]) -> list[Token]:
    """`class III or IV of the NYHA classification`: the scale before its grades."""
    plain = [index for index, token in enumerate(tokens) if token.type != "ASIDE"]
    for at, index in enumerate(plain):
        if tokens[index].type == "MEASURE" and tokens[index].value in _SCALES:
            first = at
            while first and _leads_to_scale(tokens[plain[first - 1]]):
                first -= 1
            if 0 < first < at and tokens[plain[first - 1]].type in ("CLASS", "GRADE"):
                return list(_turned(tokens, plain[first - 1], plain[first], index))
    return tokens


def _leads_to_scale(token: Token) -> bool:
    """Whether a word may stand between a class and its scale: `class III heart failure by the NYHA`."""
    return token.type in _TO_SCALE or token.value == "heart_failure"


def _turned(tokens: Sequence[Token], word: int, first: int, scale: int) -> Iterator[Token]:
    """The scale moved before the word `class`; `of` and the like, which led to it, go."""
    yield from tokens[:word]
    yield tokens[scale]._replace(start=tokens[word].start, end=tokens[word].start)
    yield tokens[word]._replace(type="CLASS")
    yield from tokens[word + 1 : first]
    *between, last = (token for token in tokens[first:scale] if token.type not in _LINKS)
    yield from between
    yield last._replace(end=tokens[scale].end)
    yield from tokens[scale + 1 :]


def with_pain(tokens: list[Token]) -> list[Token]:
    """`grade 3, or grade 2 with pain`: the pain before its grade, and nothing that joins them."""
    found: list[Token] = []
    for index, given in enumerate(tokens):
        token = given._replace(type="TURNING") if _has_grade_of_its_own(tokens, index) else given
        at = len(found)
        while token.type == "PAINFUL" and at and found[at - 1].type in _OF_GRADE:
            at -= 1
        joint = at
        while joint and found[joint - 1].type in ("OR", "COMMA"):
            joint -= 1
        if at == len(found) or joint == at:
            found.append(token)
        else:
            found[joint:at] = [token._replace(start=found[at].start, end=found[at].start)]
            found[-1] = found[-1]._replace(end=token.end)
    return found


def _has_grade_of_its_own(tokens: Sequence[Token], index: int) -> bool:
    """`neuropathy of grade 2 with pain > grade 1`: both must be so."""
    if tokens[index].type != "PAINFUL" or not index:
        return False
    behind = [token.type for token in tokens[index + 1 : index + 3]]
    graded = behind == ["COMPARE", "GRADE"] or behind[:1] == ["GRADE"]  # not `with pain <= 30 days`
    return tokens[index - 1].type in _OF_GRADE and graded
