"""What a chart says of one condition: its records, its absences, its tests, and what stays open."""

from collections.abc import Sequence
from dataclasses import dataclass

from screener.evaluate.chart import Chart
from screener.evaluate.facts import Stated
from screener.evaluate.settled import Settled, opened, settled
from screener.evaluate.standing import earlier, generals, holds_still, rest, standing
from screener.model import rule as r
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth


@dataclass(slots=True)
class Knowledge:
    """What the chart says of one condition.

    `records` may match the statement, and so may the more general ones of `generals`; `denials`
    are absences of it, of what it is, or of a kind of it, and `absent` those that deny all of it.
    `rest` is the truth of there being another, unrecorded one; `why` says what that rests on.
    """

    records: list[Stated]
    generals: list[Stated]
    denials: list[Stated]
    absent: list[Stated]
    tests: list[Settled]
    rest: Truth
    why: str
    opened: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a statement asks of a condition: of the past too, or of one of several such."""

    concept: str
    past: bool
    several: bool
    window: r.Window | None


def knowledge(chart: Chart, asked: Asked) -> Knowledge:
    """What is known of a condition now, or with `past` at any time."""
    known: Knowledge = chart.remembered(asked, lambda: _knowledge(chart, asked))
    return known


def _knowledge(chart: Chart, asked: Asked) -> Knowledge:
    concept = asked.concept
    latest = standing(chart, chart.conditions, concept)
    denials = [record for record in latest if record.status == "absent"]
    absent = [record for record in denials if chart.catalogue.is_a(concept, record.concept)]
    tests = [test for test in settled(chart, concept) if test.truth is TRUE or not asked.past]
    records = chart.conditions.get(concept, ()) if asked.past else latest
    found = [record for record in records
             if record.status != "absent" and not _cleared(record, tests)]  # fmt: skip
    own = [record for record in latest if record.concept == concept and record.status != "absent"]
    tests_left = [test for test in tests if not _explained(chart, test, latest)]
    truth, why = _rest(chart, asked, own, absent, tests_left)
    opening = opened(chart, concept) if why in ("complete", "recorded") else ""
    if opening:
        truth, why = UNKNOWN, "opened"
    # What is decided by a record of its own leaves nothing to a more general one.
    open_ = truth is UNKNOWN or why == "complete"
    above = generals(chart, chart.conditions, concept, past=asked.past) if open_ else []
    return Knowledge(found, above, denials, absent, tests, truth, why, opening)


def _explained(chart: Chart, test: Settled, latest: Sequence[Stated]) -> bool:
    """Whether a record already says what a test shows: then it leaves no further one to look for."""
    is_a = chart.catalogue.is_a
    return test.truth is TRUE and any(
        record.status == "active" and is_a(record.concept, test.about) for record in latest)  # fmt: skip


def _cleared(record: Stated, tests: Sequence[Settled]) -> bool:
    """Whether a later test shows that what was suspected is not so."""
    return record.status == "suspected" and any(
        test.truth is FALSE and earlier(record.when, test.when) for test in tests)  # fmt: skip


def _rest(
    chart: Chart, asked: Asked, own: Sequence[Stated], absent: Sequence[Stated],
    tests: Sequence[Settled],
) -> tuple[Truth, str]:  # fmt: skip
    """Whether there may be more than the records show."""
    if tests:
        told = {test.truth for test in tests}
        return (FALSE, "test") if told == {FALSE} else (UNKNOWN, "test")
    about_now = not asked.past or is_event(chart, asked.concept)
    if about_now and any(holds_still(chart, record) for record in absent):
        return FALSE, "absent"
    statuses = {record.status for record in own}
    if not asked.past and not asked.several and statuses in ({"active"}, {"resolved"}):
        return FALSE, "recorded"
    return rest(chart, "conditions", asked.window)


def is_event(chart: Chart, concept: str) -> bool:
    return chart.catalogue[concept].entry.get("acute") == "yes"
