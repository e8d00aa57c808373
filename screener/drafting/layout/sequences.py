"""Lists that have been flattened into a line: "… as: 1) ANC ≥ 1.0 2) platelets ≥ 75"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screener.drafting.layout.markers import Marker, marker_at


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a list within a line: its marker, where that stands, and its text."""

    marker: Marker
    at: int
    start: int
    end: int


_Candidates = Sequence[tuple[int, Marker]]

_CANDIDATE = re.compile(
    r"(?<![^\s:;,.(])\(?(?:\d{1,2}|[ivx]{1,5}|[IVX]{1,5}|[A-Za-z])(?:\.\)|[.)])"
    r"(?=[\s≥≤<>]|(?<=[\d)]\))\w|[A-Z][a-z]|[A-Z]{2})"
)
# After these a number is the number of something, and begins nothing.
_NUMBERED = re.compile(
    r"(?i)(?:\b(?:grades?|class(?:es)?|stages?|types?|phases?|levels?|scores?|groups?|cohorts?|arms?|parts?|"
    r"days?|cycles?|weeks?|status|version|criteri(?:a|on)|sections?|items?|numbers?|no\.?|ecog|ps|nyha|than|"
    r"vitamin|hepatitis|factor|table|appendix|step|visit)|[≥≤<>=+/–-])\s*$"
)
# Before a number with a full stop these too: "ECOG of 0 or 1. No more than …".
_AMOUNT = re.compile(r"(?i)(?:\b(?:or|to|of|and|least|most|is|was|by|in|between|from|with)|\d)\s*$")
_STOPPED = re.compile(r"(?:^|[.:;,)])\s*$")
_LOOK_BEHIND = 14
_ATTEMPTS = 8

_WORD = re.compile(r"[^\W_]{2,}|\d")
_NO_WORD = re.compile(r"\W+")
_JOINING = ("and", "or", "and or", "to")


def members(text: str, start: int, end: int) -> list[Member]:
    """The members of the first list in a stretch of the text that counts from one; none if none does."""
    found = list(_candidates(text, start, end))
    firsts = [
        (index, reading.style)
        for index, (_, marker) in enumerate(found)
        for reading in marker.readings
        if reading.value == 1
    ]
    for index, style in firsts[:_ATTEMPTS]:
        made = _members(text, _run(found[index:], style, 1), end)
        if len(made) > 1:
            return made
    made = _members(text, list(_bullets(text, start, end)), end)
    return made if len(made) > 1 else []


def following(text: str, start: int, end: int, marker: Marker) -> list[Member]:
    """The members in a stretch of the text that count on from the marker before it."""
    counting = marker.readings if marker.counts else marker.inner
    found = list(_candidates(text, start, end)) if counting else []
    for reading in counting:
        made = _members(text, _run(found, reading.style, reading.value + 1), end)
        if made and _says(text[start : made[0].at]):
            return made
    return []


def _candidates(text: str, start: int, end: int) -> Iterator[tuple[int, Marker]]:
    """What may be a marker: no bracket that closes one opened before, no number of something."""
    if text.find(".", start, end) < 0 and text.find(")", start, end) < 0:
        return
    depth, read = 0, start
    for found in _CANDIDATE.finditer(text, start, end):
        depth = max(0, depth + _depth(text, read, found.start()))
        read = found.start()
        marker = marker_at(text, found.start(), end)
        if depth == 0 and marker and marker.counts:
            read = found.end()
            if _begins(text, max(start, found.start() - _LOOK_BEHIND), found, marker):
                yield found.start(), marker


_FIRST_BULLET = re.compile(r":\s*(?P<mark>[•●○▪]|[*–-](?=\s?[A-Z]))")
_BULLETS = {
    mark: re.compile(rf"(?<=[\s:]){re.escape(mark)}\s*(?={behind})")
    for marks, behind in (("•●○▪", r"\S"), ("*–-", r"[A-Z≥≤<>]"))
    for mark in marks
}


def _bullets(text: str, start: int, end: int) -> Iterator[tuple[int, Marker]]:
    """The bullets of a list that begins behind a colon, outside of brackets."""
    first = _FIRST_BULLET.search(text, start, end) if text.find(":", start, end) >= 0 else None
    depth, read = 0, start
    for found in _BULLETS[first["mark"]].finditer(text, first.start("mark"), end) if first else ():
        depth += _depth(text, read, found.start())
        read = found.start()
        if depth == 0 and (marker := marker_at(text, read, end)):
            yield read, marker


def _depth(text: str, start: int, end: int) -> int:
    opened = text.count("(", start, end) + text.count("[", start, end)
    return opened - text.count(")", start, end) - text.count("]", start, end)


def _begins(text: str, since: int, found: re.Match[str], marker: Marker) -> bool:
    """Whether the words before a marker let it begin something."""
    at, value = found.start(), marker.readings[0].value
    upper = text[at + marker.length].isupper()
    if value > 2 and upper:  # "… the inclusion criteria 3. No falls": two have gone before
        return True
    if _NUMBERED.search(text, since, at):
        return False
    if not found.group().endswith(".") or not found.group()[0].isdecimal():
        return True
    if _AMOUNT.search(text, since, at):
        return False
    return value > 1 or upper or bool(_STOPPED.search(text, since, at))


def _run(found: _Candidates, style: str, value: int) -> _Candidates:
    """The markers of one style that count on from a value without a gap."""
    run = []
    for at, marker in found:
        if any(reading.style == style and reading.value == value for reading in marker.readings):
            run.append((at, marker))
            value += 1
    return run


def _members(text: str, run: _Candidates, end: int) -> list[Member]:
    """The members that markers begin; none, if one says nothing, as in "(1) or (2)"."""
    stops = [*(at for at, _ in run[1:]), end]
    made = [
        Member(marker, at, at + marker.length, _trimmed(text, at, stop))
        for (at, marker), stop in zip(run, stops, strict=False)
    ]
    return made if all(_says(text[member.start : member.end]) for member in made) else []


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _says(text: str) -> bool:
    """Whether a text is more than a word that joins: "(1) or (2)" is no list of "or"."""
    return bool(_WORD.search(text)) and _NO_WORD.sub(" ", text).strip().casefold() not in _JOINING
