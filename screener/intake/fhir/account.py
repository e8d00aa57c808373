"""How every entry ended: used, not needed, not understood or in error, each with its reason.

No reason holds a patient's data: it names the entry and the path of an element.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

ENDS = ("used", "not needed", "not understood", "in error")
_TELLING = {end: rank for rank, end in enumerate(("", "not needed", "not understood", "in error", "used"))}


@dataclass(slots=True)
class Entry:
    """One resource. `place` is `Observation/123`, or its number where it has no usable id."""

    place: str
    ended: str = ""
    why: list[str] = field(default_factory=list)

    def end(self, how: str, why: str = "") -> None:
        """Ends the entry; of several ends (parts of one resource) the most telling stays."""
        if _TELLING[how] > _TELLING[self.ended]:
            self.ended = how
        if why and why not in self.why:
            self.why.append(why)


@dataclass(slots=True)
class Account:
    """All entries of an input in its order, and what is said of the input as a whole."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)  # what entries of the input ask to delete
    others: int = 0  # entries of other patients in a bulk export, which are counted only

    def opened(self, place: str) -> Entry:
        entry = Entry(place)
        self.entries.append(entry)
        return entry

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def counts(self) -> dict[str, int]:
        found = Counter(entry.ended for entry in self.entries)
        return {end: found[end] for end in ENDS}

    def lines(self) -> Iterator[str]:
        """The report: a line for each entry, then what is said of all."""
        width = max((len(entry.place) for entry in self.entries), default=0)
        for entry in self.entries:
            why = f"  {'; '.join(entry.why)}" if entry.why else ""
            yield f"{entry.ended:<14}  {entry.place:<{min(width, 48)}}{why}".rstrip()
        counts = self.counts()
        yield ""
        yield ", ".join(f"{counts[end]} {end}" for end in ENDS) + f" of {len(self.entries)} entries"
        if self.others:
            yield f"{self.others} entries of other patients, or of none, were passed over"
        yield from (f"note: {note}" for note in self.notes)
