"""Lines → items and headings: what goes on with the item above, what names the items below it."""

import re
from collections.abc import Sequence

from screener.drafting.layout.headings import LOWEST, is_title, rank
from screener.drafting.layout.lines import Line
from screener.drafting.layout.outline import Node, Outline
from screener.drafting.layout.sections import Section, SectionHeading
from screener.drafting.layout.wordings import is_remark, turns

_ABOVE, _SENTENCE = -1, 3  # ranks of headings that the lines alone do not show
_LONG = 100  # characters; what is longer names nothing

_JOINS = re.compile(r"(?i)\W*(?:and/or|and|or)\W*")
_WAITS = re.compile(r"(?i)(?:,|\b(?:and|or))$")
_REMARK = re.compile(r"(?i)(?:\W{0,3}notes?\b\W|n\.b\.|nb:|[†‡¶^])")
# The first heading of the form that older records of cancer trials have: its lists say whom they let in.
_OLDER_FORM = "disease characteristics"
_STOPPED = (".", ";", "!", "?", ".)")


def _is_title(lines: Sequence[Line]) -> bool:
    """Whether a text begins with a heading of its own, and none like it below: the name of the trial."""
    alike = [line for line in lines if line.set_off == lines[0].set_off and line.heading is None]
    return lines[0].set_off > 0 and len(alike) == 1 and len(lines) > 1


class Nest:
    """The items and headings of a text, read line by line."""

    def __init__(self, text: str) -> None:
        self.outline = Outline(text)
        self.headings: list[tuple[int, int]] = []
        self._text = text
        self._last: Node | None = None  # the item read last since a heading
        self._section: Section = ""
        self._named = False  # whether a heading that only names a section has been read
        self._bulleted: tuple[int, Section] | None = None  # the indent of a sentence that opened the section
        # behind a bullet, and the section before: what stands beside the bullet again is in that
        self._demanded = False  # whether a demand, "Patients must not have:", has opened the section
        self._scopes: list[tuple[int, str]] = []  # rank and heading, outermost first
        self._fresh = 0  # how many of them nothing has stood below yet

    def read(self, lines: Sequence[Line]) -> None:
        """Take in all lines of the text."""
        if lines and _is_title(lines):
            self._close(lines[0])
            lines = lines[1:]
        for at, line in enumerate(lines):
            below = lines[at + 1 : at + 3]
            if line.heading and self._opens(line, line.heading):
                self._begin_section(line, line.heading)
            elif self._is_unclear(line, below) or self._is_contrary(line, below):
                self._begin_unclear(line)
            elif self._is_remark(line, below):
                self._close(line)
            elif self._last and self._goes_on(line, self._last, below):
                self._last.end = line.end
            elif height := self._rank(line, below):
                self._begin_group(line, height)
            else:
                self._add(line)

    def _add(self, line: Line) -> None:
        within = self.outline.within(line)
        if self._demanded and not line.marker and not within and self._last and self._last.marker:
            self._section = ""  # what follows the list is no longer what the patients must have
        if not line.marker and not within and self._last and self._last.marker:
            # A paragraph after a list is outside what the list's heading limits.
            self._scopes = [(height, scope) for height, scope in self._scopes if height < LOWEST]
        if self._bulleted and self._last and self._last.indent > self._bulleted[0] >= line.indent:
            self._section, self._bulleted = self._bulleted[1], None
        column = line.indent + (line.marker.length if line.marker else 0)
        node = Node(line.start, line.end, line.indent, column, self._section, self._scope())
        node.leads = not line.marker and within and rank(self._written(line), before_bullet=True) > 0
        self.outline.add(node, line.marker)
        self._last, self._fresh = node, 0

    def _written(self, line: Line) -> str:
        return self._text[line.start : line.end]

    def _scope(self) -> tuple[str, ...]:
        return tuple(scope for _, scope in self._scopes)

    # --- headings ---

    def _opens(self, line: Line, heading: SectionHeading) -> bool:
        """Whether a heading opens a section here, and is no part of one."""
        return not (heading.introduces and self.outline.within(line)) and not (
            heading.demands and self._named
        )

    def _begin_section(self, line: Line, heading: SectionHeading) -> None:
        self._named |= heading.section is not None and not heading.demands
        self._bulleted = (line.indent, self._section) if line.marker and heading.introduces else None
        self._demanded = heading.demands
        if heading.section is not None and not (heading.introduces and heading.section == self._section):
            self._scopes = self._lasting(heading)
            # "Eligibility criteria (step 1):" among the inclusion criteria names no other section.
            if heading.section or self._section in ("exclusion", "unclear"):
                self._section = heading.section
        self._scopes += [(0, scope) for scope in heading.scope if scope not in self._scope()]
        self._close(line)

    def _is_unclear(self, line: Line, below: Sequence[Line]) -> bool:
        """Whether the line is a heading that is not understood and may say that what follows is on the
        other side: then nothing says which side it is on."""
        if line.marker or line.flows or not below or self.outline.within(line):
            return False
        written = self._written(line)
        before_bullet = below[0].marker is not None
        above_list = before_bullet and (written[-1] not in ".;,:" or rank(written, before_bullet) > 0)
        return (above_list or line.set_off > 0) and turns(written, self._section)

    def _is_remark(self, line: Line, below: Sequence[Line]) -> bool:
        """Whether the line only says below its heading that all must be met, or none may be."""
        if line.marker or self._last or not below or self._section not in ("inclusion", "exclusion"):
            return False
        return is_remark(self._written(line), self._section)

    def _is_contrary(self, line: Line, below: Sequence[Line]) -> bool:
        """Whether what patients must have is told among the exclusions: in which of the two does it stand?"""
        demands = line.heading is not None and line.heading.demands and line.heading.section == "inclusion"
        return demands and self._section == "exclusion" and bool(below) and not self.outline.within(line)

    def _begin_unclear(self, line: Line) -> None:
        self._section, self._demanded, self._scopes = "unclear", False, []
        self._close(line)

    def _lasting(self, heading: SectionHeading) -> list[tuple[int, str]]:
        """What a new section leaves of the groups: "Donors" stands above both its sections."""
        if self._fresh:
            return [(_ABOVE, scope) for _, scope in self._scopes[-self._fresh :]]
        return [] if heading.scope else [pair for pair in self._scopes if pair[0] == _ABOVE]

    def _begin_group(self, line: Line, height: int) -> None:
        if not self._fresh:  # of headings that follow each other, the second stands below the first
            self._scopes = [(other, scope) for other, scope in self._scopes if other < height]
        scope = " ".join(self._written(line).split()).rstrip(" :")
        if not self._section and scope.casefold() == _OLDER_FORM:
            self._section = "inclusion"
        self._scopes.append((height, scope))
        self._fresh += 1
        self._close(line)

    def _close(self, line: Line) -> None:
        self.headings.append((line.start, line.end))
        self.outline.close()
        self._last = None

    def _rank(self, line: Line, below: Sequence[Line]) -> int:
        """How high a heading the line is; 0 for none. Within an item, it is part of that."""
        if line.marker or line.flows or not below or self.outline.within(line):
            return 0
        written = self._written(line)
        closed = written.endswith(":")
        if self._last and not (line.apart or closed or line.set_off or self._stands_out(line, self._last)):
            return 0
        if found := rank(written, before_bullet=below[0].marker is not None):
            return found
        if line.set_off and is_title(written):
            return LOWEST
        paragraphs = len(below) > 1 and not any(other.marker or other.heading for other in below)
        return _SENTENCE if closed and paragraphs else 0

    def _stands_out(self, line: Line, last: Node) -> bool:
        """Whether a line right below a list begins further out than the list's words, as a title does."""
        return bool(last.marker) and line.indent <= last.indent and not _WAITS.search(self.outline.tail(last))

    # --- lines that go on with the item above ---

    def _goes_on(self, line: Line, last: Node, below: Sequence[Line]) -> bool:
        if line.marker:
            return line.flows and self._hangs(line, last)
        written, above = self._written(line), self.outline.tail(last)
        if line.set_off and self._rank(line, below):
            return False
        if line.flows or _JOINS.fullmatch(written) or _REMARK.match(written):
            return True
        if last.marker and not line.apart:
            return not (line.indent <= last.indent and (self._rank(line, below) or self._leads(line, below)))
        height = rank(written, before_bullet=bool(below and below[0].marker))
        waits = bool(_WAITS.search(above))
        if height and not (height == LOWEST and (waits or above.endswith(":")) and written[-1] != ":"):
            return False
        return waits or (line.apart and self._explains(line, last, below))

    def _leads(self, line: Line, below: Sequence[Line]) -> bool:
        """Whether a line below a list, as far out as its bullets, leads in another one."""
        written = self._written(line)
        return written[0].isupper() and written[-1] == ":" and bool(below) and below[0].marker is not None

    def _hangs(self, line: Line, last: Node) -> bool:
        """Whether what looks like a marker is a number of a wrapped sentence: it stands where the
        sentence's words begin."""
        return line.indent == last.column and self._text[last.end - 1] not in ":.;"

    def _explains(self, line: Line, last: Node, below: Sequence[Line]) -> bool:
        """Whether a paragraph after a blank line is part of the item above."""
        above = self.outline.tail(last)
        one_of_many = bool(below) and not below[0].marker and below[0].indent == line.indent
        if above.endswith(":"):
            return not (one_of_many and below[0].apart)
        if self._text[line.start].islower():
            a_list_of_such = not last.marker and self._text[last.start].islower()
            return not (above.endswith(_STOPPED) or a_list_of_such)
        if not last.marker or line.indent <= last.indent:
            return False
        return not (one_of_many and last.end - last.start < _LONG and not above.endswith(_STOPPED))
