"""What stands before an item of a list: bullets, numbers, letters, Roman numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a marker: "i." may be the ninth letter or the first Roman number."""

    style: str  # what its siblings share: "*", "1.", "(a)", "i)"
    value: int  # its place among them; 0 for a bullet


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker as it is written, and how it may be read."""

    written: str
    readings: tuple[Reading, ...]
    length: int  # with the blanks behind it
    inner: tuple[Reading, ...] = ()  # of "1." in "* 1. Age"

    @property
    def counts(self) -> bool:
        """Whether it is one of a sequence, and not a mere bullet."""
        return self.readings[0].value > 0


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x",
          "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx")  # fmt: skip
# Bullets that need no blank behind them, and those that are something else without one.
_SYMBOL = re.compile(
    r"(?P<mark>[•●○◦‣⁃∙▪▫■□◆◇►➢➤✓✔§·°※\uf0a7\uf0b7\uf0fc]+)[ \t]*(?=\S)"
    r"|(?P<loose>\*{1,3}|[-–—‐+]{1,2}|o|→)[ \t]+(?=\S)"
    r"|(?P<tight>[*–-])(?=[A-Za-z(\"“])"
)
_ORDINAL = re.compile(
    r"(?P<open>\(?)(?P<body>\d{1,3}|[ivx]{1,5}|[IVX]{1,5}|[A-Za-z])(?P<close>\.\)|[.)])"
    r"(?P<gap>\s+(?=\S)|(?=[A-Z][a-z])|(?=[A-Z]{2})|(?<=\d\))(?=[a-z])|(?=[≥≤<>]))"
)
_DASHED = re.compile(r"(?P<open>)(?P<body>\d{1,2})(?P<close>-)(?P<gap>[ \t]+(?=[A-Za-z])|(?=[A-Z][a-z]{2}))")
# "1.1 Age …", but not "1.5 x ULN", "2.0 G/L": what stands behind must begin a phrase.
_DOTTED = re.compile(
    r"(?P<stem>\d{1,2}(?:\.\d{1,2}){0,2}\.)(?P<last>\d{1,2})(?:[.)][ \t]*|[ \t]+)"
    r"(?=[A-Z])(?!ULN|LLN|UNL|IULN|Times|X\b|\w{1,4}/)"
)
# "E. coli", "C. difficile": a letter, a full stop and a small word name a microbe.
_MICROBE = re.compile(r"[A-Z]\. ?[a-z]{3}")


def marker_at(text: str, at: int, end: int) -> Marker | None:
    """The marker that begins at a place of a line, if one does and something follows it."""
    if found := _SYMBOL.match(text, at, end):
        return _bullet(found, text, end)
    if found := _DOTTED.match(text, at, end):
        reading = Reading(found["stem"], int(found["last"]))
        return Marker(found.group().rstrip(), (reading,), len(found.group()))
    found = _ORDINAL.match(text, at, end) or _DASHED.match(text, at, end)
    return _ordinal(found) if found else None


def _bullet(found: re.Match[str], text: str, end: int) -> Marker:
    """A bullet; a second marker behind it, as in "* -  Age" or "* 1. Age", belongs to it."""
    written = found.group().rstrip()
    bullet = (Reading(written, 0),)
    if (symbol := _SYMBOL.match(text, found.end(), end)) and symbol.lastgroup != "tight":
        return Marker(symbol.group().rstrip(), bullet, symbol.end() - found.start())
    ordinal = _ORDINAL.match(text, found.end(), end)
    if ordinal and (inner := _ordinal(ordinal)):
        return Marker(inner.written, bullet, ordinal.end() - found.start(), inner.readings)
    return Marker(written, bullet, len(found.group()))


def _ordinal(found: re.Match[str]) -> Marker | None:
    opened, body, close = found["open"], found["body"], found["close"]
    if (opened and ")" not in close) or _MICROBE.match(found.string, found.start()):
        return None
    readings = tuple(Reading(f"{opened}{kind}{close}", value) for kind, value in _values(body))
    return Marker(found.group().rstrip(), readings, len(found.group())) if readings else None


def _values(body: str) -> Iterator[tuple[str, int]]:
    """The kinds of counting in which a body stands, and where: the more common kind first."""
    if body.isdecimal():
        if 0 < int(body) < 200:
            yield "1", int(body)
        return
    small = body.lower()
    roman = _ROMAN.index(small) + 1 if small in _ROMAN else 0
    if roman == 1:
        yield ("i" if body.islower() else "I"), roman
    if len(body) == 1 and body.isascii():
        yield ("a" if body.islower() else "A"), ord(small) - ord("a") + 1
    if roman > 1:
        yield ("i" if body.islower() else "I"), roman
