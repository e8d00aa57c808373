"""A patient's records as the engine uses them: names resolved, dates and numbers as intervals."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from screener.model.calendar import Period
from screener.model.interval import Interval
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth
from screener.vocabulary.units import Unit


class Sourced(Protocol):
    """A record that may say where it comes from."""

    @property
    def source(self) -> str | None: ...


class Places:
    """What evidence calls each record: where it comes from, where the profile says so. No two alike."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def __call__(self, section: str, index: int, record: Sourced) -> str:
        source = record.source
        if source is None:
            return f"{section}[{index}]"
        if source in self._given:
            return f"{source} ({section}[{index}])"
        self._given.add(source)
        return source


@dataclass(slots=True)
class Observed:
    """A measurement, recorded or derived. `problem` says why it cannot be used, where it cannot."""

    concept: str
    record: str
    recorded: str
    interval: Interval | None
    word: str  # positive, negative, normal, abnormal, indeterminate, or ""
    unit: Unit | None
    when: Period | None
    low: Decimal | None = None
    high: Decimal | None = None
    problem: str = ""
    formula: str = ""
    inputs: "tuple[Observed, ...]" = ()
    positive: Truth = UNKNOWN  # of a test with a result: whether it found what it looks for


@dataclass(slots=True)
class Stated:
    """A record of a condition, procedure or allergy."""

    concept: str  # "" where the name was not understood
    record: str
    recorded: str
    status: str  # active, resolved, absent, suspected
    when: Period | None  # when the record speaks: its date, else its resolution, else its onset
    onset: Period | None = None
    resolved: Period | None = None
    dated: Period | None = None
    grade: int | None = None
    severity: str = ""
    controlled: bool | None = None
    stage: str = ""
    type: str = ""


@dataclass(slots=True)
class Marked:
    """A genomic finding. One record may hold several."""

    concept: str
    record: str
    recorded: str
    result: str
    when: Period | None
    copies: int | None = None
    cells: Interval | None = None
    method: str = ""


@dataclass(slots=True)
class Given:
    """A treatment or a concomitant medication."""

    record: str
    recorded: str
    section: str  # treatments or medications
    drugs: tuple[str, ...]  # what it is known to hold: drugs, or classes where only those are named
    concepts: frozenset[str]  # the drugs, their classes and the regimen
    unclear: bool  # a name in it was not understood
    start: Period | None
    end: Period | None
    ongoing: bool | None
    line: int | None = None
    intent: str = ""
    cycles: int | None = None
    best_response: str = ""
    refractory: bool | None = None
    stop_reason: str = ""
    dose: tuple[Decimal, str, str] | None = None

    def last(self, as_of: date) -> Period:
        """The days that may be the last exposure, never after the as-of date."""
        start = min(self.start.first, as_of) if self.start else date.min
        if self.end is None:
            return Period(as_of if self.ongoing else start, as_of)
        if self.contradictory:
            return Period(min(self.end.first, as_of), as_of)
        return Period(min(max(self.end.first, start), as_of), min(self.end.last, as_of))

    @property
    def contradictory(self) -> bool:
        """Whether it ends before it starts, or goes on although it ended: then the last day is
        not known."""
        if self.end is None:
            return False
        return bool(self.ongoing) or (self.start is not None and self.end.last < self.start.first)


@dataclass(slots=True)
class Responded:
    response: str  # a response's id, or "" where it was not understood
    record: str
    recorded: str
    when: Period | None


@dataclass(slots=True)
class Section:
    """What is said of a whole section: complete up to a day, and records nobody understood."""

    complete: Period | None = None
    unclear: list[Stated | Given | Responded] = field(default_factory=list)

    def covers(self, day: date) -> Truth:
        """Whether everything up to `day` is recorded."""
        if self.complete is None:
            return UNKNOWN
        if self.complete.first >= day:
            return TRUE
        return FALSE if self.complete.last < day else UNKNOWN


def before(period: Period, day: date) -> Truth:
    """Whether it was on or before `day`."""
    if period.last <= day:
        return TRUE
    return FALSE if period.first > day else UNKNOWN


def after(period: Period, day: date) -> Truth:
    """Whether it was on or after `day`."""
    if period.first >= day:
        return TRUE
    return FALSE if period.last < day else UNKNOWN
