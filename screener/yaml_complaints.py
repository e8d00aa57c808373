"""What YAML's own reader says of a broken file, in the words of somebody who does not know YAML."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml

_KEY = re.compile(r"(?P<indent>\s*(?:- +)?)(?P<key>[A-Za-z_]+):(?:\s|$)")
_OPENS = re.compile(r"\s*(?:- +)?(?:[A-Za-z_]+:\s+)?(?P<quote>[\"'])")
_CLOSES = {'"': re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"(?:[^']|'')*'(?!')", re.DOTALL)}
_MOST = 200  # lines above a complaint in which quotes are looked for


class Complaint(NamedTuple):
    """What is wrong, where (line and column from 0, and how many characters), and how to mend it."""

    line: int
    column: int
    message: str
    help: str
    width: int = 1


def complaint(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Complaint:
    """What to tell of an error of the reader."""
    mark = error.problem_mark or error.context_mark
    what = f"{error.context or ''} {error.problem or ''}".strip()
    if mark is None:
        return Complaint(0, 0, what, "check indentation, colons and quotes")
    row = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in row[: mark.column + 1] and not row[: mark.column].strip():
        return Complaint(mark.line, mark.column, "a tab stands in the indentation", "indent with spaces")
    begun = error.context_mark
    if "simple key" in what and begun is not None and begun.line < len(lines):
        return _no_colon(lines[begun.line], begun.line, begun.column)
    if "mapping values are not allowed" in what:
        return _second_colon(lines, mark.line, mark.column)
    if "quoted scalar" in what and "end of stream" in what and begun is not None:
        return _open_quotes(begun.line, begun.column)
    if "flow" in what and "did not find expected" in what:
        message, help = "a comma or a closing bracket is missing", "check commas and brackets"
    elif "did not find expected" in what:
        return _misfit(lines, mark.line, mark.column)
    elif "cannot start any token" in what:
        message = f"`{row[mark.column : mark.column + 1]}` cannot begin a value"
        help = "put the value in quotes"
    else:
        message, help = what, "check indentation, colons and quotes"
    return Complaint(mark.line, mark.column, message, help)


def _no_colon(row: str, line: int, column: int) -> Complaint:
    """A line where a key should stand, and no colon with a space behind it."""
    word = re.match(r"[^\s:]*", row[column:])
    key = word[0] if word is not None else ""
    missing = "space" if row[column + len(key) :].startswith(":") else "colon"
    shown = f"{key}:" if missing == "space" else key
    return Complaint(line, column, f"a {missing} is missing after `{shown}`", f"write `{key}: …`", len(shown))


def _second_colon(lines: Sequence[str], line: int, column: int) -> Complaint:
    """A colon in the text above it: the line is a key that stands too far to the right, or a text."""
    found = _KEY.match(lines[line]) if line < len(lines) else None
    above = next(filter(None, map(_KEY.match, reversed(lines[:line]))), None)
    if found is None or above is None or found.end("key") != column:
        return Complaint(line, column, "a second `: ` in one value", "put the value in quotes")
    key = f"{found['key']}:"
    return Complaint(
        line, found.start("key"), f"`{key}` stands further to the right than the keys above it",
        f"indent it by {len(above['indent'])} spaces, as they are; "
        "if it belongs to the text above, put that in quotes", len(key),
    )  # fmt: skip


def _misfit(lines: Sequence[str], line: int, column: int) -> Complaint:
    """A line that does not fit: quotes above are never closed, or it lacks its dash or its indentation."""
    quotes = _never_closed(lines, line)
    if quotes is not None:
        return quotes
    message = "this line does not fit the lines above"
    found = _KEY.match(lines[line]) if line < len(lines) else None
    entry = re.compile(rf"\s*- +{found['key']}:") if found is not None else None
    if found is None or "-" in found["indent"] or entry is None or not any(map(entry.match, lines[:line])):
        return Complaint(line, column, message, "check its indentation and its `-`")
    key = found["key"]
    return Complaint(line, found.start("key"), f"{message}: is a `-` missing before `{key}`?",
                     f"begin another entry with `- {key}: …`", len(key))  # fmt: skip


def _never_closed(lines: Sequence[str], upto: int) -> Complaint | None:
    """The quotes that open a value above a line, and that others than their own close."""
    line = max(0, upto - _MOST)
    while line <= upto and line < len(lines):
        opens = _OPENS.match(lines[line])
        if opens is None:
            line += 1
            continue
        rest = "\n".join((lines[line][opens.end() :], *lines[line + 1 : upto + 2]))
        closes = _CLOSES[opens["quote"]].match(rest)
        if closes is None:
            return _open_quotes(line, opens.start("quote"))
        behind = rest[closes.end() :].partition("\n")[0].strip()
        if behind and not behind.startswith(("#", ":", ",", "]", "}")):
            return _open_quotes(line, opens.start("quote"))
        line += rest[: closes.end()].count("\n") + 1
    return None


def _open_quotes(line: int, column: int) -> Complaint:
    return Complaint(line, column, "quotes that open here are never closed", "close them")
