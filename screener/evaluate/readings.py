"""Which values of a measurement count: the newest, what follows from others, or any ever recorded."""

from collections.abc import Callable, Iterator
from datetime import date

from screener.evaluate import courses
from screener.evaluate.chart import Chart
from screener.evaluate.derived import derive, inputs
from screener.evaluate.facts import Observed
from screener.model.calendar import Period, Span, back, forward

NOT_RECORDED, TOO_OLD, UNUSABLE, UNDERIVED = "not recorded", "too old", "unusable", "underived"
_DIAGNOSIS = Span(90, "day")  # a value this near the onset is one at diagnosis


class Reading:
    """The values that count for a concept, each of which may be the newest, or why none does.

    `lacking` is what a value would need to be derived, or to be known more exactly.
    """

    __slots__ = ("lacking", "limit", "values", "why")

    def __init__(
        self, values: list[Observed], why: str, limit: Span | None, lacking: tuple[str, ...] = ()
    ) -> None:
        self.values = values
        self.why = why
        self.limit = limit
        self.lacking = lacking


def default(chart: Chart, concept: str) -> Reading:
    """The newest usable value of a concept, as old as values may ordinarily be; found once."""
    key = f"latest {concept} None None"
    reading: Reading | None = chart.memo.get(key)
    if reading is None:
        reading = chart.memo[key] = latest(chart, concept, None, None)
    return reading


def latest(chart: Chart, concept: str, stated: Span | None, of_rules: int | None) -> Reading:
    """The newest usable value of a concept; where none is recorded, or only an old one, what
    follows from others."""
    found = _recorded(chart, concept, chart.max_age(concept, stated, of_rules))
    if found.why not in (NOT_RECORDED, TOO_OLD):
        return found

    def usable(name: str) -> list[Observed]:
        own = stated if _ages(chart, name) else None
        reading = _recorded(chart, name, chart.max_age(name, own, of_rules))
        return [] if reading.why else reading.values

    derived = derive(chart, concept, usable, chart.as_of)
    return found if derived is None else _derived(chart, concept, *derived, found)


def _recorded(chart: Chart, concept: str, limit: Span | None) -> Reading:
    newest = chart.newest_of.get(concept)
    if newest is None:
        return Reading([], NOT_RECORDED, limit)
    if any(record.problem for record in newest):
        return Reading(newest, UNUSABLE, limit)
    old = any(chart.too_old(record.when, limit) for record in newest if record.when)
    return Reading(newest, TOO_OLD if old else "", limit)


def _derived(
    chart: Chart, concept: str, values: list[Observed], lacking: list[str], recorded: Reading
) -> Reading:
    # A count over treatments stands as long as they are complete.
    limit = None if concept in courses.COUNTED else recorded.limit
    old = any(chart.too_old(value.when, limit) for value in values if value.when)
    if values and not old:
        return Reading(values, "", limit, tuple(lacking))
    if recorded.values:
        return recorded
    return Reading(values, TOO_OLD if old else UNDERIVED, limit, tuple(lacking))


def _ages(chart: Chart, concept: str) -> bool:
    return chart.catalogue[concept].entry.get("ages") != "no"


# --- another time -----------------------------------------------------------------------------


def ever(chart: Chart, concept: str) -> list[list[Observed]]:
    """Every value there ever was, recorded or derived; where one may be this or that, both."""
    recorded = [[record] for record in chart.observed.get(concept, ())
                if record.problem in ("", "it has no date")]  # fmt: skip
    return [*recorded, *_derived_ever(chart, concept)]


def _derived_ever(chart: Chart, concept: str) -> Iterator[list[Observed]]:
    days = {record.when.first for name in inputs(concept) for record in chart.observed.get(name, ())
            if record.when is not None and record.when.exact and not record.problem}  # fmt: skip
    for day in sorted(days):
        derived = derive(chart, concept, _on(chart, day), day)
        if derived is not None and derived[0]:
            yield derived[0]


def _on(chart: Chart, day: date) -> Callable[[str], list[Observed]]:
    """The newest usable values of a day."""

    def usable(name: str) -> list[Observed]:
        records = chart.observed.get(name, ())
        if _ages(chart, name):
            records = [record for record in records if record.when is not None
                       and record.when.first == record.when.last == day]  # fmt: skip
        newest = chart.newest(records) if records else []
        return [] if any(record.problem for record in newest) else newest

    return usable


def at_diagnosis(chart: Chart, disease: str, values: list[Observed]) -> bool:
    """Whether values are of the time when the disease was found."""
    onsets = [record.onset for record in chart.conditions.get(disease, ())
              if record.onset and record.status in ("active", "resolved")]  # fmt: skip
    return any(_near(value.when, onset) for onset in onsets for value in values[:1])


def _near(when: Period | None, onset: Period) -> bool:
    return (when is not None and when.first >= back(onset.last, _DIAGNOSIS)
            and when.last <= forward(onset.first, _DIAGNOSIS))  # fmt: skip
