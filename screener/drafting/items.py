"""The published criteria of a trial → its items, none lost, each with its place in the text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["item", "heading", "separator"]
Section = Literal["inclusion", "exclusion", ""]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; all pieces, in order, are the text."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion as published, with what is listed below it."""

    text: str  # white space folded, without the marker
    start: int
    end: int
    section: Section
    marker: str
    level: int
    children: tuple["Item", ...]
    scope: tuple[str, ...]  # the sub-headings it stands under, outermost first


@dataclass(frozen=True, slots=True)
class Items:
    """The items of the top level, in order, and what each stretch of the text is."""

    items: tuple[Item, ...]
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Open:
    start: int
    end: int
    indent: int
    section: Section
    marker: str
    level: int
    scope: tuple[str, ...]
    children: list["_Open"] = field(default_factory=list)


_LINE = re.compile(
    r"^([ \t]*)((?:[*•●·§o-][ \t]+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)][ \t]+)?)(\S.*?)[ \t\r]*$", re.M
)
_HEADING = re.compile(r"(?i)[\w ,-]{0,40}\b(inclusion|exclusion)\b(?: criteria\b[^.:]{0,60})?:?")


def split(text: str) -> Items:
    """The items of a text. It never raises, and every character is in exactly one piece."""
    roots: list[_Open] = []
    stack: list[_Open] = []
    marks: list[tuple[Role, int, int]] = []
    section: Section = ""
    for line in _LINE.finditer(text):
        found = _HEADING.fullmatch(line[3])
        if found:
            section = "inclusion" if found[1].casefold() == "inclusion" else "exclusion"
            marks.append(("heading", line.start(3), line.end(3)))
            stack.clear()
            continue
        _place(roots, stack, line, section)
    items = tuple(_closed(text, item) for item in roots)
    marks += (("item", item.start, item.end) for item in _flat(items))
    return Items(items, tuple(_tiled(len(text), sorted(marks, key=lambda mark: mark[1]))))


def _place(roots: list[_Open], stack: list[_Open], line: re.Match[str], section: Section) -> None:
    if not line[2] and stack and line.string[line.start() - 2 : line.start()].strip(" "):
        stack[-1].end = line.end(3)
        return
    indent = len(line[1])
    while stack and stack[-1].indent >= indent:
        stack.pop()
    made = _Open(line.start(3), line.end(3), indent, section, line[2].strip(), len(stack), ())
    (stack[-1].children if stack else roots).append(made)
    stack.append(made)


def _closed(text: str, item: _Open) -> Item:
    children = tuple(_closed(text, child) for child in item.children)
    return Item(" ".join(text[item.start : item.end].split()), item.start, item.end, item.section,
                item.marker, item.level, children, item.scope)  # fmt: skip


def _flat(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.children)


def _tiled(length: int, marks: Iterable[tuple[Role, int, int]]) -> Iterator[Piece]:
    """The pieces, with separators where nothing else is."""
    at = 0
    for role, start, end in marks:
        if at < start:
            yield Piece("separator", at, start)
        yield Piece(role, start, end)
        at = end
    if at < length:
        yield Piece("separator", at, length)
