"""Published prose → tokens: the longest name or phrase at each place, numbers, units, signs.

Words that nothing knows stay tokens (WORD): a word is never dropped. Wording that says nothing for
a verdict is set aside (ASIDE) and kept with its span, so that every character can be accounted for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from screener.drafting.words.citations import without_citations
from screener.drafting.words.wording import SENSE, Sense, Trie
from screener.vocabulary.units import Units


class Token(NamedTuple):
    """A terminal of protocol.lark (or WORD, ASIDE, TURNING …), what it means, where it stands."""

    type: str
    value: str
    start: int
    end: int


# One character for each, so that places stay what they are in the published text.
_PLAIN = str.maketrans({
    **dict.fromkeys("‐‑‒–—―−﹣", "-"), **dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("“”„", '"'),
    "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "✕": "×", "⨯": "×", "\u00a0": " ", "⁄": "/", "、": ",",
    "{": "(", "}": ")", "[": "(", "]": ")",
    **{chr(0xFF01 + at): chr(0x21 + at) for at in range(94)},
})  # fmt: skip
_NOT_PLAIN = re.compile(f"[{re.escape(''.join(map(chr, _PLAIN)))}]")
# ≥ and ≤ of a symbol font that became ³ and £
_SYMBOL_FONT = re.compile(r"(?<![\w)/^])[³£](?=\s?\d)")
# a mark that refers to a note below, and the plural that may be meant: lesion(s), a(n)
_FOOTNOTE = re.compile(
    r"(?:[*†‡§]+|\^{2,})(?=[\s,.;:)]|$)|(?<=[a-z])\((?:e?s|ies)\)|(?<=\ba)\(n\)|(?<=[a-z]{4})/s\b"
)
_OF_FOOTNOTES = ("*", "†", "‡", "§", "^^", "(s)", "(es)", "(ies)", "(n)", "/s")
_PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")
_NUMBER = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])"  # 75,000
    r"|\d{1,3}(?: \d{3})+(?=\s?/)"  # 75 000/uL
    r"|\d{1,3}, 000(?!\d)"  # 75, 000/uL
    r"|10\s?\^\s?\d+(?!\d)|\d+(?:\.\d+)?"
)
# `\<`: the sign that a registry's text keeps from being taken for markup
_ESCAPE = re.compile(r"\\(?=[<>=\[\]^~*.()+#|-])")
# `Gilbert?s`, `≥Ê1.5`: an apostrophe, or a space, of another character set
_APOSTROPHE = re.compile(r"(?<=[a-z])\?(?=s\b)")
_SPACE = re.compile(r"(?<![^\W\d_])Ê(?![^\W\d_])")
_FRACTION = re.compile(r"(?<![^\s(<>=≥≤-])\.\d+(?![.\d])")  # .5 mg/dL
_DECIMAL_COMMA = re.compile(r"\d{1,2},\d{1,2}(?![\d,])(?!\s*or\b)")
_COMPARE = re.compile(r">\s?/?\s?=|=\s?>|<\s?/?\s?=|=\s?<|[≥≤<>=]")
_GLUED = re.compile(r"([^\W\d_]+)(\d+)")
_SIGNS = {">": ">", "<": "<", "≥": ">=", "≤": "<=", "=": "="}
_STRUCTURE = {",": "COMMA", ";": "SEMI", "(": "LPAR", ")": "RPAR", "/": "SLASH", ":": "COLON", "-": "DASH"}
_SENTENCE_END = re.compile(r"[.!?](?=\s+[^\sa-z]|\s*$)")
_NAMES = frozenset({"MEASURE", "CONDITION", "THERAPY", "PROCEDURE", "MARKER", "RESPONSE"})
_HYPHENS = frozenset("-")
_JOINERS = frozenset("-_")
_BEFORE_UNIT = frozenset({"NUMBER", "LPAR"})
# behind a hyphen these say something of the name itself: HIV-positive
_OWN_MEANING = frozenset({"positive", "negative", "seropositive", "grade", "class", "stage", "score",
                          "containing", "based", "refractory", "naive"})  # fmt: skip
_PUNCTUATION = frozenset(".'\"*?!#|~+&-_•▪◦●®™")


def readable(text: str) -> str:
    """The text with one character for each kind of dash, bracket and sign, and as many characters."""
    plain = text.translate(_PLAIN) if _NOT_PLAIN.search(text) else text
    plain = _ESCAPE.sub(" ", plain) if "\\" in plain else plain
    plain = _APOSTROPHE.sub("'", plain) if "?" in plain else plain
    plain = without_citations(_SPACE.sub(" ", plain) if "Ê" in plain else plain)
    if holds(plain, _OF_FOOTNOTES):
        plain = _FOOTNOTE.sub(lambda mark: " " * len(mark[0]), plain)
    if not symbol_font(plain):
        return plain
    return _SYMBOL_FONT.sub(lambda sign: "≥" if sign[0] == "³" else "≤", plain)


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether one of some words stands anywhere in a text: a pattern that needs one is tried only then."""
    return any(map(text.__contains__, words))


def symbol_font(text: str) -> bool:
    """Whether a sign of the text was lost to a symbol font and guessed back."""
    return ("³" in text or "£" in text) and _SYMBOL_FONT.search(text) is not None


@dataclass(slots=True)
class Lexer:
    """Cuts one text after the other; the trie and the units are shared."""

    trie: Trie
    units: Units
    misspelled: Mapping[str, str] = field(default_factory=dict)  # a slip of the pen → the word that is meant
    text: str = ""
    pieces: list[str] = field(default_factory=list)  # the words and signs of the text, in lower case
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)

    def cut(self, text: str) -> list[Token]:
        """The tokens of a text that `readable` has seen."""
        self.text, self.tokens = text, []
        self.pieces, self.starts, self.ends = _pieces(text, self.misspelled)
        at = 0
        while at < len(self.pieces):
            at = self._next(at)
        return self.tokens

    def _next(self, at: int) -> int:
        key, start = self.pieces[at], self.starts[at]
        sense, after = (None, at)  # type: tuple[Sense | None, int]
        before = self.tokens[-1].type if self.tokens else ""
        if key in self.trie or key in _JOINERS:
            sense, after = self._longest(at)
            if sense is not None and sense[0] in _NAMES and self._compound(start, self.ends[after - 1]):
                sense, after = None, at
        elif key.isalpha() and before not in _BEFORE_UNIT:
            return self._add_pieces("WORD", key, at, at + 1)
        named_end = self.ends[after - 1] if sense else start
        if before in _BEFORE_UNIT and key not in ",;:)" and self._may_be_unit():
            unit_end = self.units.longest(self.text, start)
            named = sense is not None and sense[0] in _NAMES  # 5 mm is no multiple myeloma
            if unit_end is not None and unit_end > named_end - named:
                return self._add("UNIT", self.text[start:unit_end], at, unit_end)
        if not key[0].isalpha():
            return self._sign_or_number(at, sense, after)
        if sense is not None:
            return self._add_pieces(*sense, at, after)
        glued = _GLUED.fullmatch(key) if key[-1].isdigit() else None
        if glued is not None and glued[1] in self.trie:  # grade2, ULN3
            self._split(at, glued[1], glued[2])
            return self._next(at)
        return self._add_pieces("WORD", key, at, at + 1)

    def _sign_or_number(self, at: int, sense: Sense | None, after: int) -> int:
        key, start = self.pieces[at], self.starts[at]
        named_end = self.ends[after - 1] if sense else start
        first = key[0]
        if first.isdigit():
            match = self._number(start)
            if match is not None and match.end() >= named_end:
                return self._add("NUMBER", _digits(match[0]), at, match.end())
        elif first in "<>=≥≤":
            match = _COMPARE.match(self.text, start)
            if match is not None and match.end() >= named_end:
                return self._add("COMPARE", _sign(match[0]), at, match.end())
        if sense is not None:
            return self._add_pieces(*sense, at, after)
        if first == "+" and self.tokens and self.tokens[-1].type == "NUMBER" and self.tokens[-1].end == start:
            return self._add_pieces("OR_MORE", ">=", at, at + 1)  # 18+
        if first in _STRUCTURE:
            return self._add_pieces(_STRUCTURE[first], key, at, at + 1)
        if first == ".":
            fraction = _FRACTION.match(self.text, start)
            if fraction is not None:
                return self._add("NUMBER", f"0{fraction[0]}", at, fraction.end())
            if _SENTENCE_END.match(self.text, start):
                return self._add_pieces("DOT", ".", at, at + 1)
        return at + 1 if first in _PUNCTUATION else self._add_pieces("WORD", key, at, at + 1)

    def _number(self, start: int) -> re.Match[str] | None:
        """A number; behind a sign also one with a decimal comma, which elsewhere may be a list."""
        if self.tokens and self.tokens[-1].type == "COMPARE":
            comma = _DECIMAL_COMMA.match(self.text, start)
            if comma is not None:
                return comma
        return _NUMBER.match(self.text, start)

    def _compound(self, start: int, end: int) -> bool:
        """Whether a name is a part of another word: smoking-related, non-melanoma."""
        text = self.text
        if text[end : end + 1] in _HYPHENS and text[end + 1 : end + 2].isalpha():
            following = _PIECE.match(text, end + 1)
            if following is not None and following[0].casefold() not in _OWN_MEANING:
                return True
        return text[start - 1 : start] in _HYPHENS and text[start - 2 : start - 1].isalpha() and start > 1

    def _may_be_unit(self) -> bool:
        """Whether a unit may stand here: behind a number, or in brackets behind its own long form."""
        tokens = self.tokens
        return tokens[-1].type == "NUMBER" or (len(tokens) > 1 and tokens[-2].type == "UNIT")

    def _longest(self, at: int) -> tuple[Sense | None, int]:
        """The meaning of the longest phrase that begins at a piece, and the piece after it."""
        node, best, after, pieces = self.trie, None, at, self.pieces
        for index in range(at, len(pieces)):
            key = pieces[index]
            following = node.get(key)
            if following is not None:
                node = following
                if SENSE in node:
                    best, after = node[SENSE], index + 1
            elif key not in _JOINERS or not self._joins(index):
                break
        return best, after

    def _joins(self, at: int) -> bool:
        """Whether a hyphen joins two words: it counts for nothing in a name."""
        start, end = self.starts[at], self.ends[at]
        return start > 0 and self.text[start - 1].isalnum() and self.text[end : end + 1].isalnum()

    def _add_pieces(self, kind: str, value: str, at: int, after: int) -> int:
        """Adds a token of whole pieces; gives the next one."""
        self.tokens.append(Token(kind, value, self.starts[at], self.ends[after - 1]))
        return after

    def _add(self, kind: str, value: str, at: int, end: int) -> int:
        """Adds a token from the piece `at` to the character `end`; gives the next piece."""
        ends = self.ends
        self.tokens.append(Token(kind, value, self.starts[at], end))
        while at < len(ends) and ends[at] <= end:
            at += 1
        if at < len(ends) and self.starts[at] < end:  # a number glued to its unit: 75mg, 5xULN
            self.pieces[at] = self.text[end : ends[at]].casefold()
            self.starts[at] = end
        return at

    def _split(self, at: int, first: str, second: str) -> None:
        """Makes two pieces of one."""
        middle = self.starts[at] + len(first)
        self.pieces[at : at + 1] = [first, second]
        self.starts.insert(at + 1, middle)
        self.ends.insert(at, middle)


def _pieces(text: str, slips: Mapping[str, str]) -> tuple[list[str], list[int], list[int]]:
    """The words and signs of a text, as they are meant, and where each begins and ends."""
    folded = text.casefold()
    same = len(folded) == len(text)  # no letter became two: ß
    said = folded if same else text
    pieces: list[str] = _PIECE.findall(said)
    starts, ends, end = [], [], 0
    for piece in pieces:
        start = said.find(piece, end)  # only blanks stand between two
        end = start + len(piece)
        starts.append(start)
        ends.append(end)
    if not same or not slips.keys().isdisjoint(pieces):
        pieces = [slips.get(piece, piece) for piece in map(str.casefold, pieces)]
    return pieces, starts, ends


def _digits(written: str) -> str:
    return written.replace(",", ".") if _DECIMAL_COMMA.fullmatch(written) else written


def _sign(written: str) -> str:
    sign = "".join(char for char in written if char in "<>=≥≤")
    return _SIGNS.get(sign) or (">=" if ">" in sign else "<=")
