"""Test results that settle a condition, by the table of the vocabulary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed, Stated
from screener.evaluate.standing import standing
from screener.model.calendar import Period
from screener.model.interval import holds
from screener.model.kleene import FALSE, TRUE, Truth
from screener.vocabulary.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Settled:
    about: str
    truth: Truth
    reason: str
    values: tuple[Observed, ...]
    when: Period | None


def settled(chart: Chart, concept: str) -> list[Settled]:
    """All that recorded tests say of a condition. A parent's absence makes every child absent, a
    child's presence its parent present."""
    settling, _ = _entries(chart.catalogue, concept)
    found = [_found(chart, entry, truth) for entry, truth in settling]
    return [test for test in found if test is not None]


@lru_cache(maxsize=4096)
def _entries(
    catalogue: Catalogue, concept: str
) -> tuple[Sequence[tuple[Mapping[str, Any], Truth]], Sequence[tuple[Mapping[str, Any], str]]]:
    """What of the tables concerns a condition: entries that settle it, and those that open it, the
    latter with each test whose positive result does."""
    is_a, tables = catalogue.is_a, catalogue.tables
    settling = []
    opening = [(entry, test) for entry in tables["opened_by"]
               if is_a(concept, entry["condition"])
               or (is_a(entry["condition"], concept) and entry.get("parents") != "no")
               for test in entry["tests"]]  # fmt: skip
    for entry in tables["settled_by"]:
        about, absent = entry["condition"], entry["truth"] == "absent"
        if is_a(concept, about) if absent else is_a(about, concept):
            settling.append((entry, FALSE if absent else TRUE))
        elif not absent and is_a(concept, about):
            opening.append((entry, ""))
    return settling, opening


def tests(catalogue: Catalogue, concept: str) -> set[str]:
    """Every test, and every condition, that could say something of a condition."""
    settling, opening = _entries(catalogue, concept)
    named = {test for _, test in opening}
    for entry in (*(entry for entry, _ in settling), *(entry for entry, _ in opening)):
        for part in entry.get("when", ()):
            named |= {part[key] for key in ("test", "ever", "condition") if key in part}
    return named


def opened(chart: Chart, concept: str) -> str:
    """A positive test after which nobody can say that the condition is absent, in words; "" for none."""
    for entry, test in _entries(chart.catalogue, concept)[1]:
        if not test:  # it shows something more general
            found = _found(chart, entry, TRUE)
            if found is not None and not _told(chart, concept, entry, found.when):
                return found.reason
            continue
        value = _result(chart, test, "positive")
        if value is not None and not _told(chart, concept, entry, value.when):
            name = chart.catalogue[test].name
            return f"{name} {value.recorded} {wording.on_day(chart, value.when)}"
    return ""


def _told(chart: Chart, concept: str, entry: Mapping[str, Any], when: Period | None) -> bool:
    """Whether records or tests already say what is so of the condition, or of the kind of it that
    the entry is about. An end that may be before the day of the test says nothing of that day."""
    own = chart.catalogue.is_a(concept, entry["condition"])
    kind = concept if own else entry["condition"]
    records = [record for record in standing(chart, chart.conditions, kind)
               if record.status != "resolved" or entry.get("past") == "yes"
               or _no_earlier(record.when, when)]  # fmt: skip
    if own:
        return any(record.concept == kind and record.status != "absent" for record in records)
    return bool(records or settled(chart, kind))


def _no_earlier(when: Period | None, than: Period | None) -> bool:
    return when is not None and than is not None and when.first >= than.last


def _found(chart: Chart, entry: Mapping[str, Any], truth: Truth) -> Settled | None:
    values: list[Observed] = []
    reasons = []
    days = []
    for test in entry["when"]:
        if "condition" in test:
            records = _active(chart, test["condition"])
            # A condition that is recorded itself goes before what another one says of it.
            if not records or _active(chart, entry["condition"]):
                return None
            reasons.append(f"{records[0].recorded} is recorded ({records[0].record})")
            days.append(records[0].when)
            continue
        value = _ever(chart, test) if "ever" in test else _result(chart, test["test"], test["result"])
        if value is None:
            return None
        values.append(value)
        days.append(value.when)
        name = chart.catalogue[value.concept].name
        reasons.append(f"{name} {value.recorded} {wording.on_day(chart, value.when)}")
    # Together they say what was so on the day of the oldest of them.
    when = min((day for day in days if day is not None), key=lambda day: day.first, default=None)
    return Settled(entry["condition"], truth, " and ".join(reasons), tuple(values), when)


def _result(chart: Chart, test: str, wanted: str) -> Observed | None:
    """The newest usable result of a test, where it is the wanted one."""
    from screener.evaluate.measurements import is_positive
    from screener.evaluate.readings import default

    if test not in chart.newest_of:
        return None
    reading = default(chart, test)
    if reading.why or not reading.values:
        return None
    truths = {is_positive(value) for value in reading.values}
    return reading.values[0] if truths == {TRUE if wanted == "positive" else FALSE} else None


def _active(chart: Chart, concept: str) -> list[Stated]:
    return [record for record in standing(chart, chart.conditions, concept)
            if record.status == "active"]  # fmt: skip


def _ever(chart: Chart, test: Mapping[str, Any]) -> Observed | None:
    """Any recorded value of a test above a limit, whatever its age."""
    from screener.evaluate.thresholds import Threshold
    from screener.model.rule import Limit

    concept = chart.catalogue[test["ever"]]
    number, _, unit = test["above"].partition(" ")
    threshold = Threshold(chart.catalogue, concept, Limit(">", Decimal(number), unit))
    for value in chart.observed.get(concept.id, ()):
        seen = threshold.seen_from(value, chart)
        exact = None if seen is None else seen.exact
        if value.problem not in ("", "it has no date") or value.interval is None or exact is None:
            continue
        if holds(value.interval, ">", exact) is TRUE:
            return value
    return None
