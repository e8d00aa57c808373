"""Items below items: by indentation and, where that is lost, by the style of the markers."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from screener.drafting.layout.headings import leads
from screener.drafting.layout.lines import Line
from screener.drafting.layout.markers import Marker, Reading
from screener.drafting.layout.sections import Section

DEEPEST = 12  # levels; what is nested deeper stays on the last
_TAIL = 40  # characters
_LESSER = ("o", "◦", "⁃", "▪", "--", "**")  # bullets that stand below others


@dataclass(slots=True)
class Node:
    """An item in the making."""

    start: int
    end: int
    indent: int  # of its marker
    column: int  # of its first word
    section: Section
    scope: tuple[str, ...]
    marker: str = ""
    readings: tuple[Reading, ...] = ()  # as the marker was read, and a second one behind it
    leads: bool = False  # whether a list below it is its own without a colon too
    children: list["Node"] = field(default_factory=list)


class Outline:
    """The items of a text while they are added, one after the other."""

    def __init__(self, text: str) -> None:
        self.roots: list[Node] = []
        self._text = text
        self._open: list[Node] = []  # those that the next may stand below, outermost first

    def close(self) -> None:
        """Let what comes next stand below nothing."""
        self._open = []

    def within(self, line: Line) -> bool:
        """Whether a line stands within an open item of a list."""
        return any(node.marker and node.indent < line.indent for node in self._open)

    def tail(self, node: Node) -> str:
        """The last words of an item: all of it may have grown long."""
        return self._text[max(node.start, node.end - _TAIL) : node.end]

    def add(self, node: Node, marker: Marker | None) -> None:
        """Put an item in its place."""
        if marker is None:
            self._make_room_for_paragraph(node)
        else:
            node.marker = marker.written
            node.readings = (self._make_room(node, marker.readings), *marker.inner)
        del self._open[DEEPEST:]
        (self._open[-1].children if self._open else self.roots).append(node)
        self._open.append(node)

    # --- where a paragraph stands ---

    def _make_room_for_paragraph(self, node: Node) -> None:
        while self._open and not (self._open[-1].indent < node.indent and self._takes(self._open[-1])):
            self._open.pop()
        beside = self._open[-1].children if self._open else self.roots
        # Of several paragraphs one may have a list: of one paragraph alone, it may be an introduction.
        if beside and not beside[-1].marker and beside[-1].section == node.section:
            node.leads = True

    # --- where an item with a marker stands ---

    def _make_room(self, node: Node, readings: tuple[Reading, ...]) -> Reading:
        """Leave open only what the item stands below; how its marker is to be read."""
        for at, reading in self._siblings(node, readings):
            del self._open[at:]
            return reading
        while self._open and self._open[-1].indent > node.indent:
            self._open.pop()
        if self._open and not self._takes_list(self._open[-1], node, readings[0]):
            level = self._open[-1].indent
            while self._open and self._open[-1].indent == level:
                self._open.pop()
        return readings[0]

    def _siblings(self, node: Node, readings: tuple[Reading, ...]) -> Iterator[tuple[int, Reading]]:
        """The open items beside which an item may stand, the likeliest first."""
        inside_out = [
            (at, other, reading) for at, other in reversed([*enumerate(self._open)]) for reading in readings
        ]
        alike = [
            (at, other, reading)
            for at, other, reading in inside_out
            if other.indent == node.indent and _alike(other, reading)
        ]
        yield from ((at, reading) for at, other, reading in alike if _precedes(other, reading))
        yield from ((at, reading) for at, other, reading in inside_out if _counts_on(other, reading))
        if alike and alike[0][1] is self._open[-1] and alike[0][2].value == 1 and self._leads(self._open[-1]):
            return  # a list that begins again below a colon is one level deeper
        yield from ((at, reading) for at, _, reading in alike if reading == readings[0])

    def _takes(self, above: Node) -> bool:
        """Whether something deeper than an item belongs to it."""
        return bool(above.marker) or self._leads(above)

    def _takes_list(self, above: Node, node: Node, reading: Reading) -> bool:
        """Whether a list that begins belongs to the item above it."""
        if above.indent < node.indent or not above.marker:
            return self._takes(above)
        bullets = not reading.value and not any(own.value for own in above.readings)
        if _alike(above, reading) or (bullets and reading.style not in _LESSER):
            return self._leads(above)
        return reading.value <= 1

    def _leads(self, node: Node) -> bool:
        return node.leads or leads(self.tail(node))


def _alike(node: Node, reading: Reading) -> bool:
    """Whether a marker is of the style of an open item's."""
    return any(own.style == reading.style for own in node.readings)


def _precedes(node: Node, reading: Reading) -> bool:
    """Whether a marker may be the next after that of an open item."""
    return _counts_on(node, reading) or (_alike(node, reading) and reading.value == 0)


def _counts_on(node: Node, reading: Reading) -> bool:
    """Whether a marker is the number, or the letter, after that of an open item."""
    return any(own.style == reading.style and reading.value == own.value + 1 for own in node.readings) and (
        reading.value > 1
    )
