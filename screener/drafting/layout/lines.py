"""A text → its lines as an author saw them: cut where a heading or a number begins within one."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from screener.drafting.layout.markers import Marker, marker_at
from screener.drafting.layout.markup import BOLD, UNDERLINED, is_rule, marks
from screener.drafting.layout.sections import SectionHeading, headings_within, section_heading
from screener.drafting.layout.sequences import following


class Line(NamedTuple):
    """What stands in one line, without the blanks and the marker around it."""

    start: int
    end: int
    indent: int
    marker: Marker | None
    apart: bool  # a blank line, or a heading, stands before it
    flows: bool  # the line before is full: this one goes on with its sentence
    heading: SectionHeading | None = None
    set_off: int = 0  # how it is marked as a heading, as Markdown does; 0 if it is not


_LINE = re.compile(r"[^\n]*\n?")
_TAB = 8
_NARROW, _WIDE = 60, 120  # the line lengths between which a text may have been wrapped
_NEARLY = 0.75
_FEW = 8  # characters of a marker that stands alone


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    lines = _joined(text, _plain(text))
    cut = _without_lists([part for line in lines for part in _cut_at_headings(text, line)])
    return [part for at, line in enumerate(cut) for part in _cut_at_numbers(text, line, cut[at + 1 : at + 2])]


# --- the lines of the file --------------------------------------------------------------------


def _plain(text: str) -> list[Line]:
    made: list[Line] = []
    width, apart, before = _width(text), True, ""
    for found in _LINE.finditer(text):
        raw = found.group().rstrip()
        if not raw:
            apart = True
        elif is_rule(raw.strip()):
            if made and not apart:
                made[-1] = _underlined(made[-1])
            apart, before = True, ""
        else:
            left, right, level = marks(raw.lstrip())
            start = found.start() + len(raw) - len(raw.lstrip()) + left
            end = found.start() + len(raw) - right
            flows = not (apart or level) and _is_full(before, raw, width)
            made.append(_marked(text, Line(start, end, _indent(raw), None, apart, flows, set_off=level)))
            apart, before = False, "" if level else raw
    return made


def _underlined(line: Line) -> Line:
    """The line above a ruled one: a heading, if it stands alone."""
    if line.marker or not line.apart or line.end - line.start > _WIDE:
        return line
    return line._replace(set_off=UNDERLINED)


def _without_lists(lines: list[Line]) -> list[Line]:
    """The lines, none as set off that its neighbour is like: what is marked line after line is a list;
    and what stands in bold letters right above the heading of a section is a remark."""
    likes = [line.set_off if line.heading is None else 0 for line in lines]
    return [
        line._replace(set_off=0)
        if like and (like in (*likes[max(0, at - 1) : at], *likes[at + 1 : at + 2])
                     or (at and like == BOLD and any(below.heading for below in lines[at + 1 : at + 2])))
        else line
        for at, (line, like) in enumerate(zip(lines, likes, strict=True))
    ]  # fmt: skip


def _joined(text: str, lines: Iterable[Line]) -> list[Line]:
    """The lines, those of a wrapped sentence as one, and a marker that stands alone with the next."""
    made: list[Line] = []
    for line in lines:
        above = made[-1] if made else None
        if above and line.marker is None and line.flows and not line.set_off:
            made[-1] = above._replace(end=line.end)
        elif above and line.marker is None and (lone := _lone(text, above)):
            made[-1] = line._replace(marker=lone, indent=above.indent, apart=above.apart)
        else:
            made.append(line)
    return [line for line in made if not _is_empty(text, line)]


def _lone(text: str, line: Line) -> Marker | None:
    """The marker, if the line holds nothing else."""
    written = text[line.start : line.end]
    marker = marker_at(f"{written} A", 0, len(written) + 2) if len(written) < _FEW else None
    return marker if marker and not line.marker and marker.length == len(written) + 1 else None


def _is_empty(text: str, line: Line) -> bool:
    """Whether the line is a marker without an item: nothing would be lost with it."""
    lone = None if line.flows else _lone(text, line)
    return lone is not None and (line.apart or not lone.counts)


def _indent(raw: str) -> int:
    return len(raw.expandtabs(_TAB)) - len(raw.expandtabs(_TAB).lstrip())


def _width(text: str) -> int:
    """The width to which a text has been wrapped; 0 if it has not."""
    raw = [line.rstrip() for line in text.split("\n")]
    width = max(map(len, raw), default=0)
    if not _NARROW <= width <= _WIDE:
        return 0
    pairs = [(above, line) for above, line in pairwise(raw) if above and line]
    unmarked = [pair for pair in pairs if not marker_at(pair[1].lstrip(), 0, len(pair[1].lstrip()))]
    full = sum(_is_full(above, line, width) for above, line in unmarked)
    return width if 2 * full > len(unmarked) else 0


def _is_full(above: str, line: str, width: int) -> bool:
    """Whether the first word of a line had no room in the line above, or nearly none."""
    word = line.split(None, 1)[0]
    return bool(width) and (
        len(above) + 1 + len(word) > width or (word[0].islower() and len(above) > _NEARLY * width)
    )


def _marked(text: str, line: Line) -> Line:
    marker = marker_at(text, line.start, line.end)
    return line._replace(start=line.start + marker.length, marker=marker) if marker else line


# --- cut --------------------------------------------------------------------------------------


def _cut_at_headings(text: str, line: Line) -> Iterator[Line]:
    """The line, or its parts where it holds headings of a section."""
    content = _flat(text, line)
    begins = [0, *headings_within(content)]
    if len(begins) == 1:
        yield from _cut_behind_heading(text, line)
        return
    for begin, stop in zip(begins, [*begins[1:], len(content)], strict=True):
        part = line._replace(start=line.start + begin, end=line.start + len(content[:stop].rstrip()))
        if begin:
            part = _marked(text, part._replace(marker=None, apart=True, flows=False))
        yield from _cut_behind_heading(text, part)


def _cut_behind_heading(text: str, line: Line) -> Iterator[Line]:
    bulleted = line.marker is not None and not line.set_off
    heading = section_heading(_flat(text, line), bulleted)
    if heading is None:
        yield line
        return
    end = line.start + heading.length
    yield line._replace(end=end, heading=heading)
    rest = text[end : line.end]
    if rest.strip():
        start = line.end - len(rest.lstrip())
        yield _marked(text, line._replace(start=start, marker=None, apart=True, flows=False))


def _flat(text: str, line: Line) -> str:
    return text[line.start : line.end].replace("\n", " ")


def _cut_at_numbers(text: str, line: Line, below: list[Line]) -> Iterator[Line]:
    """The line, or its parts where it goes on counting: "1. Age ≥ 18 2. ECOG 0-1"."""
    if line.marker is None or line.heading or (below and _counts_on(line.marker, below[0].marker)):
        yield line
        return
    begin = line
    for member in following(text, line.start, line.end, line.marker):
        yield begin._replace(end=begin.start + len(text[begin.start : member.at].rstrip()))
        begin = line._replace(start=member.start, marker=member.marker, apart=False)
    yield begin


def _counts_on(marker: Marker, below: Marker | None) -> bool:
    """Whether the marker of the next line is the one that follows."""
    return below is not None and any(
        reading.style == other.style and reading.value + 1 == other.value
        for reading in (*marker.readings, *marker.inner)
        for other in (*below.readings, *below.inner)
    )
