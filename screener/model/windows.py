"""How far back something was: lengths of time, and windows seen from an anchor."""

from dataclasses import dataclass
from typing import Literal

from screener.model.calendar import Span


@dataclass(frozen=True, slots=True)
class HalfLives:
    """A multiple of a drug's pharmacokinetic half-life."""

    count: int


@dataclass(frozen=True, slots=True)
class Longer:
    """Whichever is longer of two extents."""

    of: tuple["Span | HalfLives", "Span | HalfLives"]


@dataclass(frozen=True, slots=True)
class Shorter:
    """Whichever is shorter of two extents."""

    of: tuple["Span | HalfLives", "Span | HalfLives"]


Extent = Span | HalfLives | Longer | Shorter


@dataclass(frozen=True, slots=True)
class Window:
    """When something was, seen from an anchor: the as-of date, a named day, or a procedure.

    `within` includes both ends; `at least` and `more than` speak of the time since.
    """

    relation: Literal["within", "at least", "more than", "less than"]
    extent: Extent
    direction: Literal["before", "after"] = "before"
    anchor: str = ""  # "" is the as-of date; else enrolment, first dose, … or a procedure's id
