"""Cuts the criterion language into tokens: the longest name the vocabulary knows, or a word of
the grammar, or after a number a unit. What nothing knows is a problem, with the nearest name."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lark import Token

from screener.errors import Problem, caret
from screener.language import unknown
from screener.vocabulary import names
from screener.vocabulary.catalogue import Catalogue, Concept, Kind

MAX_LENGTH = 20_000
MAX_DEPTH = 50
MAX_DIGITS = 30
MOST_PROBLEMS = 20  # of one rule: a text with more is no rule

TERMINALS: Mapping[Kind, str] = {
    "measurement": "MEASURE", "scale": "MEASURE", "group": "MEASURE", "marker": "MARKER",
    "drug": "THERAPY", "class": "THERAPY", "regimen": "THERAPY", "condition": "CONDITION",
    "procedure": "PROCEDURE", "response": "RESPONSE",
}  # fmt: skip

_POWER = re.compile(r"(?<!\d)10[⁰¹²³⁴⁵⁶⁷⁸⁹]+")

_SPACE = re.compile(r"\s*")
_RANGE = re.compile(r"\s*-\s*\d")
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_UNKNOWN = re.compile(r"[^\s,;()\"<>=]+")
# What can only be marker notation: t(4;14)(p16;q32), del(17p13), 17p-, 1q21+, +9, -13.
_NOTATION = re.compile(
    r"(?:t|del|dup|inv|add|amp|gain|loss|i|ins|trp)\s?(?:\([^()\s\"]*\))+[-+]?"
    r"|[-+]?\d{1,2}[pq][\d.]*[-+]?|[-+]\d{1,2}(?![\d.])",
    re.IGNORECASE,
)


@dataclass
class _Cutting:
    text: str
    written: str  # the same, character by character, as it stands in the file: for quotations
    catalogue: Catalogue
    words: Mapping[str, re.Pattern[str]]
    tokens: list[Token] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, start: int, end: int, message: str, help: str = "") -> None:
        self.problems.append(problem_at(self.text, start, end, code, message, help))

    def add(self, kind: str, value: str, start: int, end: int) -> int:
        self.tokens.append(Token(kind, value, start_pos=start, end_pos=end))
        return end

    @property
    def last(self) -> str:
        return self.tokens[-1].type if self.tokens else ""


def readable(text: str) -> str:
    """The text with one character for each kind of dash, letter and digit, and as many characters.

    A power (10³) keeps its superscript: as plain digits it would be another number.
    """
    text = unicodedata.normalize("NFC", text)
    powers = {at for match in _POWER.finditer(text) for at in range(*match.span())}
    plain = ((char, names.plain(char)) for char in text)
    return "".join(
        one if len(one) == 1 and at not in powers else char for at, (char, one) in enumerate(plain)
    )


def problem_at(text: str, start: int, end: int, code: str, message: str, help: str = "") -> Problem:
    """A problem of the characters from `start` to `end`, with line, column and a caret."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    column = start - line_start + 1
    place = f"{text.count(chr(10), 0, start) + 1}:{column}"
    return Problem(code, message, place, help, caret(line, column, end - start))


def tokenise(
    text: str, words: Mapping[str, re.Pattern[str]], catalogue: Catalogue
) -> tuple[list[Token], list[Problem], str]:
    """The tokens of a rule, all problems of its words, and the text that positions refer to.

    `words` are the patterns of the grammar's terminals. A name's token holds its concept's id.
    """
    cutting = _Cutting(readable(text), unicodedata.normalize("NFC", text), catalogue, words)
    if len(text) > MAX_LENGTH:
        problem = Problem("too-long", f"the rule has more than {MAX_LENGTH:,} characters")
        return [], [problem], cutting.text
    position = _skip(cutting.text, 0)
    while position < len(cutting.text) and len(cutting.problems) < MOST_PROBLEMS:
        position = _skip(cutting.text, _next(cutting, position))
    _check_depth(cutting)
    return cutting.tokens, cutting.problems, cutting.text


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _next(cutting: _Cutting, start: int) -> int:
    text = cutting.text
    if text[start] == '"':
        return _quoted(cutting, start)
    if cutting.last == "STAGE":
        return _word(cutting, start, ("WORD",)) or _unknown(cutting, start)
    if cutting.last in ("ULN", "LLN"):
        end = _word(cutting, start, ("OFFSET",))
        if end is not None:
            return end
    if cutting.last == "NUMBER":
        if _RANGE.match(text, start):
            return cutting.add("DASH", "-", start, start + 1)
        end = _unit(cutting, start)
        if end is not None:
            return end
    named = cutting.catalogue.longest(text, start)
    terminal, word_end = _longest_word(cutting, start)
    if named is not None and named[1] > word_end:
        return _name(cutting, named[0], start, named[1])
    match = _NOTATION.match(text, start)
    marker = None if match is None else _notation(cutting.catalogue, match.group())
    if match is not None and marker is not None:
        return _name(cutting, marker, start, match.end())
    if terminal == "NUMBER":
        return _number(cutting, start, word_end)
    if terminal:
        return cutting.add(terminal, text[start:word_end], start, word_end)
    if match is not None:
        return _refuse_name(cutting, match.group(), start, match.end())
    return _unknown(cutting, start)


def _number(cutting: _Cutting, start: int, end: int) -> int:
    text = cutting.text[start:end]
    power = _POWER.match(cutting.text, start)
    if power is not None:
        exponent = unicodedata.normalize("NFKC", power.group())[2:]
        cutting.refuse("power", start, power.end(), f"the power `{power.group()}` cannot be read",
                       f"write `10^{exponent}`")  # fmt: skip
        return cutting.add("NUMBER", "10", start, power.end())
    digits = text[3:] if "^" in text else ""
    if len(text) > MAX_DIGITS or (digits and (len(digits) > 2 or int(digits) > MAX_DIGITS)):
        cutting.refuse("number", start, end, f"the number has more than {MAX_DIGITS} digits",
                       "write it with fewer digits")  # fmt: skip
    return cutting.add("NUMBER", text, start, end)


def _name(cutting: _Cutting, concept: Concept, start: int, end: int) -> int:
    return cutting.add(TERMINALS[concept.kind], concept.id, start, end)


def _quoted(cutting: _Cutting, start: int) -> int:
    match = _QUOTED.match(cutting.text, start)
    if match is None:
        cutting.refuse("open-quote", start, start + 1, "the quotation mark is never closed",
                       'put `"` at its end, on the same line')  # fmt: skip
        return len(cutting.text)
    if [token.type for token in cutting.tokens[-2:]] == ["MANUAL", "LPAR"]:
        try:
            quoted = json.loads(cutting.written[start : match.end()], strict=False)
            value = " ".join(quoted.split())
        except ValueError:
            cutting.refuse("escape", start, match.end(), "the quoted words hold an unknown escape",
                           r'after `\` write only `"`, `\` or `n`')  # fmt: skip
            value = ""
        return cutting.add("STRING", value, start, match.end())
    if not match.group(1).strip():
        cutting.refuse("empty", start, match.end(), "the quotation is empty", "quote a name")
        return match.end()
    concept = cutting.catalogue.named(match.group(1))
    if concept is not None:
        return _name(cutting, concept, start, match.end())
    return _refuse_name(cutting, match.group(1), start, match.end())


def _unit(cutting: _Cutting, start: int) -> int | None:
    terminal, word_end = _longest_word(cutting, start)
    unit_end = cutting.catalogue.units.longest(cutting.text, start)
    if unit_end is None or (terminal and word_end >= unit_end):
        return None
    return cutting.add("UNIT", cutting.text[start:unit_end], start, unit_end)


def _longest_word(cutting: _Cutting, start: int) -> tuple[str, int]:
    best, end = "", start
    for terminal, pattern in cutting.words.items():
        match = pattern.match(cutting.text, start)
        if match is not None and match.end() > end and terminal not in ("WORD", "STRING", "OFFSET"):
            best, end = terminal, match.end()
    return best, end


def _word(cutting: _Cutting, start: int, terminals: Iterable[str]) -> int | None:
    for terminal in terminals:
        match = cutting.words[terminal].match(cutting.text, start)
        if match is not None:
            return cutting.add(terminal, match.group(), start, match.end())
    return None


def _unknown(cutting: _Cutting, start: int) -> int:
    """Words that match nothing form a name up to the next word that something knows."""
    end = start
    while (match := _UNKNOWN.match(cutting.text, end)) is not None:
        end = match.end()
        following = _skip(cutting.text, end)
        if _longest_word(cutting, following)[0] or cutting.catalogue.longest(cutting.text, following):
            break
        if following == end:
            break
        end = following
    words = cutting.text[start:end].rstrip()
    sign = cutting.text[start]
    if not words or sign in unknown.SIGNS_MEANT or not any(map(str.isalnum, words)):
        cutting.refuse("character", start, start + 1,
                       f"{unknown.shown(sign)} has no meaning here", unknown.sign(sign))  # fmt: skip
        rest = cutting.text.find("\n", start) if sign == "#" else start + 1
        return rest if rest >= 0 else len(cutting.text)
    end = start + len(words)
    marker = _notation(cutting.catalogue, words)
    if marker is not None:
        return _name(cutting, marker, start, end)
    return _refuse_name(cutting, words, start, end)


def _notation(catalogue: Catalogue, words: str) -> Concept | None:
    from screener.vocabulary.notation import read_notation

    found = {catalogue.alterations.get(alteration.key) for alteration in read_notation(words)}
    known = found.pop() if len(found) == 1 else None
    return None if known is None else catalogue[known]


def _refuse_name(cutting: _Cutting, name: str, start: int, end: int) -> int:
    kinds = [token.type for token in cutting.tokens[-2:]]
    last = "MANUAL" if kinds == ["MANUAL", "LPAR"] else cutting.last
    if last == "NUMBER":
        cutting.refuse("unknown-unit", start, end, f"the unit `{name}` is not known",
                       unknown.unit(cutting.catalogue, name))  # fmt: skip
    else:
        before = cutting.tokens[-1:]
        read = cutting.text[before[0].start_pos : before[0].end_pos] if before else ""
        help = unknown.turned(last, read, name, cutting.text[end:])
        cutting.refuse("unknown-name", start, end, f"the vocabulary does not know `{name}`",
                       help or unknown.name(cutting.catalogue, name, last))  # fmt: skip
    return end


def _check_depth(cutting: _Cutting) -> None:
    """Brackets and negations together: a rule is read by functions that call themselves."""
    opened: list[int] = []
    negations = 0
    for token in cutting.tokens:
        if token.type in ("NOT", "NO"):
            negations += 1
        elif token.type == "LPAR":
            opened.append(negations + 1)
        if sum(opened) + (0 if token.type == "LPAR" else negations) > MAX_DEPTH:
            cutting.refuse("too-deep", token.start_pos or 0, token.end_pos or 0,
                           f"nested more than {MAX_DEPTH} deep", "split the criterion in parts")  # fmt: skip
            return
        if token.type == "RPAR" and opened:
            opened.pop()
        if token.type not in ("NOT", "NO"):
            negations = 0
