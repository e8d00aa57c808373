"""What a word, a unit or a sign that nothing knows was most likely meant to be."""

import re
from collections.abc import Mapping, Sequence

from screener.vocabulary.catalogue import Catalogue, Kind

# What an unknown name is most likely meant to be, by what stands before it.
_DRUGS: Sequence[Kind] = ("drug", "class", "regimen")
_FOLLOWING: Mapping[str, Sequence[Kind]] = {
    "PRIOR": _DRUGS, "ONGOING": _DRUGS, "REFRACTORY_TO": _DRUGS, "RELAPSED_AFTER": _DRUGS,
    "TO": _DRUGS, "HISTORY_OF": ("condition",), "COMPARATOR": ("response",),
}  # fmt: skip
# What may follow, where no name may.
_WORDS_AFTER = {
    "MEASURE": "after a measurement comes a threshold (`< 2 mg/dL`), `positive`, `negative`,"
               " `normal` or `abnormal`",
    "COMPARATOR": "after a sign comes a number, or a response such as `PR`",
    "AT_LEAST": "write the number in digits: `at least 2 of (…; …)`",
    "AT_MOST": "write the number in digits: `at most 3 prior lines of therapy`",
    "AS": "write `as induction`, `consolidation`, `transplant conditioning`, `maintenance` or `salvage`",
    "MANUAL": 'put the words in quotes: manual("…")',
    "THAT": 'quote what a person must judge: that manual("…")',
}  # fmt: skip
SIGNS_MEANT = {
    "≦": "write `<=`", "⩽": "write `<=`", "≧": "write `>=`", "⩾": "write `>=`", "±": "write a range",
    "~": "leave it out", "!": "remove it; `!=` is written `not … = …`", "≠": "write `not … = …`",
    "&": "write `and`", "∧": "write `and`", "|": "write `or`", "∨": "write `or`", "¬": "write `not`",
    "≪": "write `<`", "≫": "write `>`", "*": "write `x`",
    "✕": "write `x`", "⋅": "write `x`", ".": "a rule has no full stop; a number begins with a digit: `0.5`",
    "#": "a rule has no comments: use the key `note`", "'": 'quote with `"`', "“": 'quote with `"`',
    "”": 'quote with `"`', "„": 'quote with `"`', "«": 'quote with `"`', "[": "use `(`", "]": "use `)`",
    "{": "use `(`", "}": "use `)`",
}  # fmt: skip
_DIGITS = re.compile(r"\d+")
_ELSE = 'see `screen concepts`, or quote the text: manual("…")'


_FROM = ("between", "from")
_RANGE = re.compile(r"\s*([\d.]+)\s*(?:and|to|through|-|–)\s*([\d.]+)( (?!and\b|or\b)[^\s();,]+)?")
_TURNED = {"refractory": "refractory to", "resistant": "refractory to", "relapsed": "relapsed after",
           "relapsing": "relapsed after"}  # fmt: skip


def turned(terminal: str, before: str, read: str, rest: str) -> str:
    """Help with words that the language knows in another form, by what stands before and behind them."""
    if terminal == "THERAPY" and read.casefold() in _TURNED:
        return f"write `{_TURNED[read.casefold()]} {before}`"
    if terminal == "MEASURE" and read.casefold() in _FROM:
        return span(before, rest)
    return ""


def span(measure: str, rest: str) -> str:
    """Help with a range in words: `between 0 and 2`, `0 to 2`."""
    found = _RANGE.match(rest)
    if found is None:
        return ""
    return f"a range is written with a dash: `{measure} {found[1]}-{found[2]}{found[3] or ''}`"


def name(catalogue: Catalogue, read: str, after: str) -> str:
    """Help with an unknown name that stands after a terminal ("" at the beginning)."""
    near = None
    if after not in _WORDS_AFTER or after in _FOLLOWING:
        near = catalogue.nearest(read, _FOLLOWING.get(after, ()))
    return _meant(read, near) or _WORDS_AFTER.get(after, _ELSE)


def _meant(read: str, near: str | None) -> str:
    """The nearest name as a question; with another number (t(4;99), t(6;9)) it is another thing."""
    if near is None or _DIGITS.findall(read) != _DIGITS.findall(near):
        return ""
    strange = next((char for char in read if not char.isascii() and char not in near), "")
    holds = f" (character {read.index(strange) + 1} is U+{ord(strange):04X})" if strange else ""
    return f"did you mean `{near}`?{holds}"


def unit(catalogue: Catalogue, read: str) -> str:
    near = catalogue.units.nearest(read)
    return (f"did you mean `{near}`?" if near
            else "units are written as in `2 mg/dL`, `75 x 10^9/L` or `3 x ULN`")  # fmt: skip


def sign(read: str) -> str:
    return SIGNS_MEANT.get(read, "remove it")


def shown(read: str) -> str:
    """A sign as a message names it, also where nobody can see it."""
    return f"`{read}`" if read.isprintable() else f"the invisible character U+{ord(read):04X}"
