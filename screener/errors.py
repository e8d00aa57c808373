"""Problems of an input, as values: where, what was read, and how to mend it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from json import JSONDecodeError

# Characters that a terminal obeys instead of showing: controls, directions, halves of a character.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def visible(text: str) -> str:
    """The text with every character that would not be seen written as its escape."""
    if text.isprintable():
        return text
    return _HIDDEN.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), text)


_LONGEST_NAME, _LONGEST_PATH = 255, 4096


def is_record(given: str) -> bool:
    """Whether what a call names may be a record's own text: no name of a file begins so, or is so long."""
    parts = re.split(r"[/\\]", given)
    return (given.lstrip()[:1] in ("{", "[", "<", '"') or "\n" in given or "\r" in given
            or len(given) > _LONGEST_PATH or max(map(len, parts)) > _LONGEST_NAME)  # fmt: skip


def shown(given: str, most: int = 200) -> str:
    """What a call gave, cut, to be told in a problem; `…` for what may be a record's own text."""
    return "…" if is_record(given) else given[:most]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `code` is stable and kebab-case; `place` says file, line and column or the field's path;
    `snippet` is the line at fault with a caret below it. Nothing of a patient's data is in it.
    """

    code: str
    message: str
    place: str = ""
    help: str = ""
    snippet: str = ""

    def at(self, place: str) -> "Problem":
        """The same problem, its place seen from further out: `FILE:3:7` or `FILE: conditions[0]`."""
        if not self.place:
            return replace(self, place=place)
        return replace(self, place=f"{place}:{'' if self.place[0].isdigit() else ' '}{self.place}")

    def __str__(self) -> str:
        head = visible(f"{self.place}: {self.message}" if self.place else self.message)
        tail = f"\n  help: {visible(self.help)}" if self.help else ""
        return f"{head}{self.snippet and chr(10) + self.snippet}{tail}"


class InputError(ValueError):
    """An input that cannot be used, with all the problems found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


# What Python's reader says → what a person is told, and what to do about it.
_JSON_WORDS: Mapping[str, tuple[str, str]] = {
    "Expecting value": (
        "a value should stand here", "write a number, words in quotes, true, false, null, [ or {"),
    "Expecting property name": (
        "a key in double quotes should stand here", "check for a comma too many, or other quotes"),
    "Illegal trailing comma": ("a comma too many", "remove the comma before } or ]"),
    "Expecting ',' delimiter": (
        "a comma or a closing bracket should stand here", "check commas and brackets"),
    "Expecting ':' delimiter": ("a colon should stand here", 'write "key": value'),
    "Invalid control character": (
        "a line break, tab or other control character within quotes",
        "close the quotes, or write \\n for a line break"),
    "Unterminated string": ("quotes that open here are never closed", "close them"),
    "Invalid \\": ("a backslash that begins no JSON escape", "write \\\\ for a backslash"),
    "Extra data": ("something follows the end of the record", "a file holds one record: one { … }"),
}  # fmt: skip


def broken_json(error: "JSONDecodeError") -> Problem:
    """What is wrong with a JSON text, and where, without anything of what stands in it."""
    message, help = next((words for begin, words in _JSON_WORDS.items() if error.msg.startswith(begin)),
                         ("this cannot be read", "check quotes, commas and brackets"))  # fmt: skip
    return Problem("json", f"not valid JSON: {message}", f"{error.lineno}:{error.colno}", help)


def caret(line: str, column: int, width: int = 1) -> str:
    """A line of text with a caret below `column` (from 1), cut to fit a terminal."""
    start = max(0, column - 60)
    shown = _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", line[start : start + 100].replace("\t", " "))
    indent = column - 1 - start
    return f"  {shown}\n  {' ' * indent}{'^' * max(1, min(width, len(shown) - indent))}"
