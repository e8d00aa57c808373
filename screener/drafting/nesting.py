"""Lines → items below items: by indentation and, where that is lost, by the style of the markers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from screener.drafting.headings import Section, SectionHeading, leads, rank
from screener.drafting.lines import Line
from screener.drafting.markers import Reading
from screener.drafting.sequences import Member, members

DEEPEST = 12  # levels; what is nested deeper stays on the last
_FLATTENED = 3  # levels of lists within one line
_ABOVE, _SENTENCE, _LOWEST = -1, 3, 4  # ranks of headings: above a section; a sentence; a label
_TAIL = 40  # characters
_LABEL = 100  # characters; what is longer names nothing


@dataclass(slots=True)
class Node:
    """An item in the making."""

    start: int
    end: int
    indent: int
    section: Section
    scope: tuple[str, ...]
    marker: str = ""
    readings: tuple[Reading, ...] = ()  # as it was read, and what stands behind it
    leads: bool = False  # whether a list below it is its own without a colon too
    children: list["Node"] = field(default_factory=list)


_JOINS = re.compile(r"(?i)\W*(?:and/or|and|or)\W*")
_WAITS = re.compile(r"(?i)(?:,|\b(?:and|or))$")
_REMARK = re.compile(r"(?i)(?:\W{0,3}notes?\b\W|n\.b\.|nb:|[†‡¶#^])")
_LESSER = ("o", "◦", "⁃", "▪", "--", "**")  # bullets that stand below others
_STOPPED = (".", ";", "!", "?", ".)")


class Nest:
    """The items of a text while its lines are read, one after the other."""

    def __init__(self, text: str) -> None:
        self.roots: list[Node] = []
        self.headings: list[tuple[int, int]] = []
        self._text = text
        self._open: list[Node] = []  # the items that the next may stand below, outermost first
        self._last: Node | None = None  # the item read last since a heading
        self._section: Section = ""
        self._scopes: list[tuple[int, str]] = []  # rank and heading, outermost first
        self._fresh = 0  # how many of them nothing has stood below yet

    def read(self, lines: Sequence[Line]) -> None:
        """Take in all lines of the text."""
        for at, line in enumerate(lines):
            below = lines[at + 1 : at + 3]
            if line.heading and not (line.heading.introduces and self._within(line)):
                self._begin_section(line, line.heading)
            elif self._last and self._goes_on(line, self._last, below):
                self._last.end = line.end
            elif height := self._rank(line, below):
                self._begin_group(line, height)
            else:
                self._add(line)
        self.roots = self._unfolded(self.roots)

    # --- headings ---

    def _begin_section(self, line: Line, heading: SectionHeading) -> None:
        self.headings.append((line.start, line.end))
        if heading.section is not None and not (heading.introduces and heading.section == self._section):
            self._scopes = self._lasting(heading)
            # "Eligibility criteria (step 1):" among the inclusion criteria names no other section.
            if heading.section or self._section == "exclusion":
                self._section = heading.section
        self._scopes += [(0, scope) for scope in heading.scope if scope not in self._scope()]
        self._open, self._last = [], None

    def _lasting(self, heading: SectionHeading) -> list[tuple[int, str]]:
        """What a new section leaves of the groups: "Donors" stands above both its sections."""
        if self._fresh:
            return [(_ABOVE, scope) for _, scope in self._scopes[-self._fresh :]]
        return [] if heading.scope else [pair for pair in self._scopes if pair[0] == _ABOVE]

    def _rank(self, line: Line, below: Sequence[Line]) -> int:
        """How high a heading the line is; 0 for none, as within an item it is part of that."""
        if line.marker or line.flows or not below or self._within(line):
            return 0
        written = self._text[line.start : line.end]
        if not (line.apart or written.endswith(":") or (self._last and not self._last.marker)):
            return 0
        if found := rank(written, before_bullet=below[0].marker is not None):
            return found
        alone = len(below) > 1 and all(
            other.apart and not other.marker and not other.heading for other in below
        )
        return _SENTENCE if alone and written.endswith(":") else 0

    def _begin_group(self, line: Line, height: int) -> None:
        self.headings.append((line.start, line.end))
        if not self._fresh:  # of headings that follow each other, the second stands below the first
            self._scopes = [(other, scope) for other, scope in self._scopes if other < height]
        self._scopes.append((height, " ".join(self._text[line.start : line.end].split()).rstrip(" :")))
        self._fresh += 1
        self._open, self._last = [], None

    def _scope(self) -> tuple[str, ...]:
        return tuple(scope for _, scope in self._scopes)

    # --- lines that go on with the item above ---

    def _goes_on(self, line: Line, last: Node, below: Sequence[Line]) -> bool:
        if line.flows:
            return line.marker is None or self._hangs(line, last)
        if line.marker:
            return False
        written, above = self._text[line.start : line.end], self._tail(last)
        if _JOINS.fullmatch(written) or _REMARK.match(written):
            return True
        if last.marker and not line.apart:
            return not (line.indent <= last.indent and self._rank(line, below))
        height = rank(written, before_bullet=bool(below and below[0].marker))
        if height and (
            height < _LOWEST or written.endswith(":") or not above.endswith((",", ":", "and", "or"))
        ):
            return False
        return bool(_WAITS.search(above)) or (line.apart and self._explains(line, last, below))

    def _hangs(self, line: Line, last: Node) -> bool:
        """Whether a full line's next begins where its words began: no marker, but a number."""
        ended = self._text[last.end - 1] in ":.;"
        column = last.indent + len(last.marker)
        return line.indent > column if last.marker else not ended

    def _explains(self, line: Line, last: Node, below: Sequence[Line]) -> bool:
        """Whether a paragraph after a blank line is part of the item above."""
        above = self._tail(last)
        one_of_many = bool(below) and not below[0].marker and below[0].indent == line.indent
        if above.endswith(":"):
            return not (one_of_many and below[0].apart)
        if self._text[line.start].islower():
            return not above.endswith(_STOPPED) and (
                bool(last.marker) or not self._text[last.start].islower()
            )
        if not last.marker or line.indent <= last.indent:
            return False
        return not (one_of_many and last.end - last.start < _LABEL and not above.endswith(_STOPPED))

    def _tail(self, node: Node) -> str:
        """The last words of an item: all of it may have grown long."""
        return self._text[max(node.start, node.end - _TAIL) : node.end]

    def _within(self, line: Line) -> bool:
        """Whether the line stands within an open item of a list."""
        return any(node.marker and node.indent < line.indent for node in self._open)

    # --- new items ---

    def _add(self, line: Line) -> None:
        if line.marker is None and self._last and self._last.marker and not self._within(line):
            # A paragraph after a list is outside what the list's heading limits.
            self._scopes = [(height, scope) for height, scope in self._scopes if height <= _SENTENCE]
        node = Node(line.start, line.end, line.indent, self._section, self._scope())
        if line.marker is None:
            self._close_for_paragraph(node)
            beside = self._open[-1].children if self._open else self.roots
            in_a_row = bool(beside) and not beside[-1].marker and beside[-1].section == node.section
            named = self._within(line) and rank(self._text[node.start : node.end], before_bullet=True) > 0
            node.leads = in_a_row or named
        else:
            node.marker = line.marker.written
            node.readings = (self._close_for(line, line.marker.readings), *line.marker.inner)
        del self._open[DEEPEST:]
        (self._open[-1].children if self._open else self.roots).append(node)
        self._open.append(node)
        self._last, self._fresh = node, 0

    def _close_for_paragraph(self, node: Node) -> None:
        """Leave open only what the paragraph stands below."""
        while self._open and not (self._open[-1].indent < node.indent and self._takes(self._open[-1])):
            self._open.pop()

    def _close_for(self, line: Line, readings: tuple[Reading, ...]) -> Reading:
        """Leave open only what the line stands below; how its marker is to be read."""
        for at, reading in self._siblings(line, readings):
            del self._open[at:]
            return reading
        while self._open and self._open[-1].indent > line.indent:
            self._open.pop()
        if self._open and not self._takes_list(self._open[-1], line, readings[0]):
            level = self._open[-1].indent
            while self._open and self._open[-1].indent == level:
                self._open.pop()
        return readings[0]

    def _siblings(self, line: Line, readings: tuple[Reading, ...]) -> Iterator[tuple[int, Reading]]:
        """The open items beside which the line may stand, the likeliest first."""
        here = [at for at, node in enumerate(self._open) if node.indent == line.indent][::-1]
        pairs = [(at, reading) for at in here for reading in readings if _alike(self._open[at], reading)]
        yield from ((at, reading) for at, reading in pairs if _precedes(self._open[at], reading))
        everywhere = [(at, reading) for at in reversed(range(len(self._open))) for reading in readings]
        yield from (
            (at, reading)
            for at, reading in everywhere
            if reading.value > 1 and _precedes(self._open[at], reading)
        )
        if (
            pairs
            and pairs[0][1].value == 1
            and pairs[0][0] == len(self._open) - 1
            and self._leads(self._open[-1])
        ):
            return  # a list that begins again below a colon is one level deeper
        yield from (pair for pair in pairs if pair[1] == readings[0])

    def _takes(self, node: Node) -> bool:
        """Whether something deeper than the item belongs to it."""
        return bool(node.marker) or self._leads(node)

    def _takes_list(self, node: Node, line: Line, reading: Reading) -> bool:
        if node.indent < line.indent or not node.marker:
            return self._takes(node)
        bullets = not reading.value and not any(own.value for own in node.readings)
        if _alike(node, reading) or (bullets and reading.style not in _LESSER):
            return self._leads(node)
        return reading.value <= 1

    def _leads(self, node: Node) -> bool:
        return node.leads or leads(self._tail(node))

    # --- lists within a line ---

    def _unfolded(self, nodes: list[Node], levels: int = _FLATTENED) -> list[Node]:
        """The items, those that hold a list in their own text with its members as children."""
        made = []
        for node in nodes:
            found = [] if node.children or not levels else members(self._text, node.start, node.end)
            inner = [_member(node, member) for member in found] or node.children
            inner = self._unfolded(inner, levels - bool(found))
            if found and found[0].at == node.start:  # nothing leads in: the members stand for the item
                made += inner
                continue
            if found:
                node.end = node.start + len(self._text[node.start : found[0].at].rstrip())
            node.children = inner
            made.append(node)
        return made


def _alike(node: Node, reading: Reading) -> bool:
    """Whether a marker is of the style of an open item's."""
    return any(own.style == reading.style for own in node.readings)


def _precedes(node: Node, reading: Reading) -> bool:
    """Whether a marker is the next after that of an open item."""
    return any(
        own.style == reading.style and (reading.value == 0 or reading.value == own.value + 1)
        for own in node.readings
    )


def _member(node: Node, member: Member) -> Node:
    return Node(member.start, member.end, node.indent, node.section, node.scope, member.marker.written)
