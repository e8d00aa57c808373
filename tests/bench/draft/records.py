"""What the drafter makes of whole records: nothing lost, how much understood, read back by the language."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from screener.drafting.draft import Draft, draft
from screener.drafting.groups import ReadItem
from screener.drafting.layout.record import read_record
from screener.drafting.reader import Reader, Reading
from screener.errors import InputError
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import rule as r
from screener.vocabulary.catalogue import Catalogue
from tests.bench.draft.kinds import kind_of

STANDINGS = ("understood", "partly", "a person's to decide", "not understood")
_MARKER = re.compile(r"\(?(?:\d+|[a-z]|[ivx]+)(?:[.)]|\b)|\bo\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OneItem:
    """An item of a record, what it is about and what became of it."""

    trial: str
    myeloma: bool
    kind: str
    read: ReadItem


@dataclass(slots=True)
class Found:
    """What came of a set of records."""

    records: int = 0
    criteria: Counter[str] = field(default_factory=Counter)  # by standing
    items: list[OneItem] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # texts that no piece holds
    unreadable: list[str] = field(default_factory=list)  # rules that the language does not read back


def measured(rows: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> Found:
    found, reader, language = Found(), Reader(catalogue), Language(catalogue)
    for row in rows:
        found.records += 1
        name = str(row.get("nct_id", found.records))
        try:
            made = draft(read_record(json.dumps(row).encode(), name), catalogue, reader)
        except InputError as error:
            found.crashes.append(f"{name}: refused: {error}")
            continue
        except Exception as error:  # the drafter never raises: whatever it raises is what is measured
            found.crashes.append(f"{name}: {type(error).__name__}: {error}")
            continue
        found.criteria.update(criterion.standing for criterion in made.criteria)
        found.lost += (f"{name}: {text}" for text in lost(made))
        found.unreadable += (f"{name}: {text}" for text in language.unreadable(made))
        about = is_about_myeloma(row)
        found.items += (OneItem(name, about, kind_of(one.item.text, catalogue), one) for one in made.items)
    return found


def is_about_myeloma(row: Mapping[str, Any]) -> bool:
    """By the collection's own category, or else by what the record says it is about."""
    if "category" in row:
        return bool(row["category"] == "mm")
    return "myeloma" in " ".join(row.get("conditions") or ()).casefold()


def lost(made: Draft) -> Iterator[str]:
    """Stretches of the text that are in no piece, and words that stand between the items."""
    text, at = made.record.text, 0
    held = {(read.item.start, read.item.end) for read in made.items}
    for piece in made.pieces:
        if piece.start != at:
            yield f"{at}-{piece.start}"
        at = piece.end
        stretch = text[piece.start : piece.end]
        if piece.role == "separator" and re.search(r"\w", _MARKER.sub("", stretch)):
            yield f"between items: {stretch!r}"
        elif piece.role == "item" and (piece.start, piece.end) not in held and re.search(r"\w", stretch):
            yield f"not read: {stretch!r}"
    if at != len(text):
        yield f"{at}-{len(text)}"


class Language:
    """The criterion language: does it read back what is printed of a rule? Asked once for each rule."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._printer = catalogue, Printer(catalogue)
        self._known: dict[tuple[str, r.Rule], str] = {}

    def unreadable(self, made: Draft) -> Iterator[str]:
        """What is printed of rules that are not the same when it is read again."""
        for criterion in made.criteria:
            yield from filter(None, [self._problem(criterion.kind, criterion.rule)])
        for one in made.items:
            yield from filter(None, [self._problem(one.kind, one.reading.rule)])

    def _problem(self, kind: str, rule: r.Rule) -> str:
        if (kind, rule) not in self._known:
            self._known[kind, rule] = self._asked(kind, rule)
        return self._known[kind, rule]

    def _asked(self, kind: str, rule: r.Rule) -> str:
        try:
            printed = self._printer.print(rule)
            again, problems = parse(printed, self._catalogue, kind)
        except Exception as error:
            return f"{type(error).__name__} at {rule}"
        if problems:
            return f"{printed} | {problems[0].message}"
        return "" if again == rule else f"{printed} | read back as {again}"


def unread_phrases(reading: Reading) -> Iterator[str]:
    """The stretches of a text in which nothing was understood."""
    text, begin, stop = reading.text, 0, 0
    for start, end in sorted(reading.unread):
        if text[stop:start].strip():
            if stop:
                yield text[begin:stop].strip()
            begin = start
        elif not stop:
            begin = start
        stop = max(stop, end)
    if stop:
        yield text[begin:stop].strip()


def shares(items: Iterable[OneItem]) -> Counter[str]:
    """How many items stand how."""
    return Counter(one.read.reading.standing for one in items)
