"""How lines of therapy are counted: `induction, transplant and maintenance are considered one line`.

That is what a line is (IMWG), and how the lines of a chart are counted: the remark changes no verdict.
What is *not* counted as a line may be counted in a chart, and stays.
"""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_BOUNDS = frozenset({"LPAR", "RPAR", "SEMI", "DOT"})
_COUNTED = frozenset({"considered", "counted", "regarded", "count", "counts"})
_LINES = frozenset({"line", "regimen", "lines", "regimens"})
_OF_REMARK = frozenset({
    "WORD", "THERAPY", "PROCEDURE", "NUMBER", "MEASURE", "AND", "OR", "SLASH", "COMMA", "COLON", "DASH",
    "THAT", "COMBINED", "PRIOR", "HISTORY", "NO", "OTHER", "BEFORE", "BOTH",
})  # fmt: skip


def without_counting(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens without remarks that what belongs together is one line, where lines are compared."""
    if _COUNTED.isdisjoint([token.value for token in tokens]) or not _compares_lines(tokens):
        return tokens
    kept: list[Token] = []
    start = 0
    for end in [*(at for at, token in enumerate(tokens) if token.type in _BOUNDS), len(tokens)]:
        stretch = tokens[start:end]
        kept += [] if _is_remark(stretch, text) else stretch
        kept += tokens[end : end + 1]
        start = end + 1
    return _without_empty_brackets(kept)


def _compares_lines(tokens: Sequence[Token]) -> bool:
    lines = any(token.value == "lines_of_therapy" for token in tokens)
    return lines and any(token.type in ("COMPARE", "OR_MORE", "DASH") for token in tokens)


def _is_remark(tokens: Sequence[Token], text: str) -> bool:
    """Treatments, the word that counts them, and one line; `with or without` is no denial here."""
    if {token.type for token in tokens} - _OF_REMARK:
        return False
    words = [text[token.start : token.end].casefold() for token in tokens]
    at = next((at for at, word in enumerate(words) if word in _COUNTED), None)
    if at is None or any(_denies(tokens, at) for at, token in enumerate(tokens) if token.type == "NO"):
        return False
    last, number = tokens[-1], [token.value for token in tokens[at:] if token.type == "NUMBER"]
    one_line = last.value == "lines_of_therapy" or words[-1] in _LINES
    return one_line and number == ["1"]


def _denies(tokens: Sequence[Token], at: int) -> bool:
    return at == 0 or tokens[at - 1].type != "OR"


def _without_empty_brackets(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        if token.type == "RPAR" and kept and kept[-1].type == "LPAR":
            kept.pop()
        else:
            kept.append(token)
    return kept
