"""What reading one resource needs, and where its records go."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from screener.intake.fhir.account import Entry
from screener.intake.fhir.naming import Namer
from screener.intake.fhir.references import Index
from screener.intake.fhir.resources import Ended, Resource, obj, text

P = ParamSpec("P")
T = TypeVar("T")
Record = dict[str, Any]
_LONGEST_SOURCE = 200  # characters, as a profile allows
STANDING = {"", "final", "preliminary", "amended", "corrected", "appended"}  # of an observation
UNKNOWN = "the vocabulary does not know its code or name"


@dataclass(slots=True)
class Context:
    """The profile as it grows. `entry` is the line of the resource that is being read."""

    names: Namer
    index: Index
    birth: str | None = None
    made: str | None = None  # the day on which the input was written, where it says so
    mine: Resource | None = None  # the patient
    ours: set[str] = field(default_factory=set)  # references that were found to mean the patient
    patients: int = 1  # in the input
    entry: Entry = field(default_factory=lambda: Entry(""))
    part: str = ""  # of the resource, where one holds several records
    taken: set[tuple[str, str]] = field(default_factory=set)  # what an entry contains, and was read with it
    sections: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    made_by: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def add(self, section: str, record: Record) -> None:
        """Puts a record into the profile: the entry is used."""
        said = {  # 0 and false say something, what else is empty does not
            key: value for key, value in record.items()
            if value or (value is not None and value not in ("", []))
        }  # fmt: skip
        said["source"] = (self.entry.place + self.part)[:_LONGEST_SOURCE]
        self.sections[section].append(said)
        self.made_by[section].append(self.entry)
        self.entry.end("used")

    def keep(self, section: str, record: Record, known: bool, why: str = UNKNOWN) -> None:
        """Puts a record into the profile; an unknown name is kept there and decides nothing."""
        before = self.entry.ended
        self.add(section, record)
        if not known:
            self.entry.ended = before
            self.entry.end("not understood", why)

    def note(self, why: str) -> None:
        if why not in self.entry.why:
            self.entry.why.append(why)

    def soft(self, read: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | None:
        """What `read` gives. Where it cannot be read the rest of the resource still counts."""
        try:
            return read(*args, **named)
        except Ended as ended:
            self.note(f"{ended.why} (left out)")
            return None

    def told(self) -> bool:
        """Whether the entry that is being read has given a record."""
        return any(made and made[-1] is self.entry for made in self.made_by.values())

    @contextmanager
    def at(self, part: str) -> Iterator[None]:
        before, self.part = self.part, self.part + part
        try:
            yield
        finally:
            self.part = before

    @contextmanager
    def within(self, path: str) -> Iterator[None]:
        """Reads a part that ends in its own way; its reasons stand in the entry behind its path."""
        outer, self.entry.ended, self.entry.why = (self.entry.ended, self.entry.why), "", []
        try:
            with self.at(f".{path}"):
                yield
        finally:
            inner, reasons = self.entry.ended, self.entry.why
            self.entry.ended, self.entry.why = outer
            if inner:
                self.entry.end(inner)
            for reason in reasons:
                self.note(f"{path}: {reason}")


def whose(resource: Resource, at: Context) -> None:
    """Raises Ended where a resource is not said to be about the patient."""
    key = "patient" if resource.get("patient") is not None else "subject"
    reference = resource.get(key)
    stated = reference.get("reference") if isinstance(reference, dict) else None
    if isinstance(stated, str) and stated in at.ours:
        return
    reference = obj(resource, key) or {}
    if text(reference, "reference", f"{key}.") is None and not isinstance(reference.get("identifier"), dict):
        if at.patients > 1:
            raise Ended("not understood", f"{key}: of several patients it does not say whose it is")
    elif at.mine is not None and at.index.pointed(reference, resource, key) is not at.mine:
        raise Ended("not needed", f"{key}: about somebody else")
    elif at.mine is not None and isinstance(stated, str) and "#" not in stated:
        at.ours.add(stated)  # what is contained has a name within its own resource only


def status(resource: Resource) -> str:
    stated = text(resource, "status")
    if stated is None and resource.get("_status"):
        return "unknown"  # what stands beside a status says why there is none
    return (stated or "").lower()


def never_was(resource: Resource, nothing: Collection[str]) -> bool:
    """Whether nothing remains of a resource in its status; one that cannot be read may still stand."""
    state = resource.get("status")
    return isinstance(state, str) and state.strip().lower() in nothing
