"""What reading one resource needs, and where its records go."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from screener.intake.fhir.account import Entry
from screener.intake.fhir.naming import Namer
from screener.intake.fhir.references import Index
from screener.intake.fhir.resources import Ended, Resource

T = TypeVar("T")
Record = dict[str, Any]


@dataclass(slots=True)
class Context:
    """The profile as it grows. `entry` is the line of the resource that is being read."""

    names: Namer
    index: Index
    birth: str | None = None
    entry: Entry = field(default_factory=lambda: Entry(""))
    part: str = ""  # of the resource, where one holds several records
    sections: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    made_by: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def add(self, section: str, record: Record) -> None:
        """Puts a record into the profile: the entry is used."""
        said = {key: value for key, value in record.items() if value or _says(value)}
        said["source"] = self.entry.place + self.part
        self.sections[section].append(said)
        self.made_by[section].append(self.entry)
        self.entry.end("used")

    def keep(self, section: str, record: Record, known: bool) -> None:
        """Puts a record into the profile; an unknown name is kept there and decides nothing."""
        before = self.entry.ended
        self.add(section, record)
        if not known:
            self.entry.ended = before
            self.entry.end("not understood", "the vocabulary does not know its code or name")

    def note(self, why: str) -> None:
        if why not in self.entry.why:
            self.entry.why.append(why)

    def soft(self, read: Callable[[], T]) -> T | None:
        """What `read` gives. Where it cannot be read the rest of the resource still counts."""
        try:
            return read()
        except Ended as ended:
            self.note(f"{ended.why} (left out)")
            return None

    @contextmanager
    def at(self, part: str) -> Iterator[None]:
        before, self.part = self.part, part
        try:
            yield
        finally:
            self.part = before


def _says(value: Any) -> bool:
    """Whether an empty value says something: 0 and false do."""
    return value is not None and value not in ("", [])


def status(resource: Resource) -> str:
    value = resource.get("status")
    return value.strip().lower() if isinstance(value, str) else ""
