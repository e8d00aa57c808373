"""The measured values as one table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. `met` is None where it has no goal."""

    measure: str
    measured: str
    n: str = ""
    goal: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: tuple[Row, ...]
    reasons: tuple[str, ...] = ()  # what was in the way, most frequent first


def absent(title: str) -> Section:
    return Section(title, (Row("absent: no such file in the folder", ""),))


def share(measure: str, part: int, whole: int, goal: float | None = None, at_most: bool = False) -> Row:
    """A row for a share, beside its goal."""
    value = part / whole if whole else 0.0
    if goal is None or not whole:
        return Row(measure, percent(value), f"{whole:,}")
    met = value <= goal if at_most else value >= goal
    return Row(measure, percent(value), f"{whole:,}", f"{'≤' if at_most else '≥'} {goal:.0%}", met)


def percent(value: float) -> str:
    return f"{value:.1%}"


def none(measure: str, count: int, n: int) -> Row:
    """A row for something that must not be."""
    return Row(measure, f"{count:,}", f"{n:,}", "0", count == 0)


def markdown(sections: Iterable[Section]) -> Iterator[str]:
    yield "| measure | goal | measured | n |"
    yield "|---|---|---|---|"
    for section in sections:
        yield f"| **{section.title}** | | | |"
        for row in section.rows:
            missed = " (missed)" if row.met is False else ""
            yield f"| {_cell(row.measure)} | {row.goal} | {_cell(row.measured)}{missed} | {row.n} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def shortened(text: str, length: int = 160) -> str:
    """The first words of a text."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"
