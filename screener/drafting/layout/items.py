"""The published criteria of a trial → its items, none lost, each with its place in the text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from screener.drafting.layout.lines import lines_of
from screener.drafting.layout.nesting import Nest
from screener.drafting.layout.outline import Node
from screener.drafting.layout.sections import Section
from screener.drafting.layout.sequences import members

Role = Literal["item", "heading", "separator"]

_FLATTENED = 3  # levels of lists within one line


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
    section: Section  # "" where no heading says which
    marker: str  # as published: "1.", "(a)", "*"; "" for a paragraph
    level: int  # 0 at the top
    children: tuple["Item", ...]
    scope: tuple[str, ...]  # the sub-headings that limit it or name its group, outermost first


@dataclass(frozen=True, slots=True)
class Items:
    """The items of the top level, in order, and what each stretch of the text is."""

    items: tuple[Item, ...]
    pieces: tuple[Piece, ...]


def split(text: str) -> Items:
    """The items of a text. It never raises, and every character is in exactly one piece.

    The pieces of role "item" are the items' own texts, parents before their children."""
    nest = Nest(text)
    nest.read(lines_of(text))
    items = tuple(_item(text, node, 0) for node in _unfolded(text, nest.outline.roots))
    marks: list[tuple[int, int, Role]] = [(start, end, "heading") for start, end in nest.headings]
    marks += [(item.start, item.end, "item") for item in _flat(items)]
    return Items(items, tuple(_tiled(len(text), sorted(marks))))


def _unfolded(text: str, nodes: list[Node], levels: int = _FLATTENED) -> list[Node]:
    """The items; of those that hold a list in their own text, its members become the children."""
    made = []
    for node in nodes:
        found = [] if node.children or not levels else members(text, node.start, node.end)
        inner = [
            replace(node, start=member.start, end=member.end, marker=member.marker.written, children=[])
            for member in found
        ]
        node.children = _unfolded(text, inner or node.children, levels - bool(found))
        if found and found[0].at == node.start:  # nothing leads in: the members stand for the item
            made += node.children
            continue
        if found:
            node.end = node.start + len(text[node.start : found[0].at].rstrip())
        made.append(node)
    return made


def _item(text: str, node: Node, level: int) -> Item:
    children = tuple(_item(text, child, level + 1) for child in node.children)
    own = " ".join(text[node.start : node.end].split())
    return Item(own, node.start, node.end, node.section, node.marker, level, children, node.scope)


def _flat(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.children)


def _tiled(length: int, marks: Iterable[tuple[int, int, Role]]) -> Iterator[Piece]:
    """The pieces, with separators where nothing else is."""
    at = 0
    for start, end, role in marks:
        if at < start:
            yield Piece("separator", at, start)
        yield Piece(role, start, end)
        at = end
    if at < length:
        yield Piece("separator", at, length)
