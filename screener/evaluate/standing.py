"""Which records of a section stand: the latest decide, absences hold for a while, dates may be open."""

from collections.abc import Mapping, Sequence
from datetime import date

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Stated
from screener.model import rule as r
from screener.model.calendar import Period, Span, back
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth
from screener.model.verdict import Evidence
from screener.vocabulary.catalogue import Catalogue

ABSENCE_HOLDS = Span(365, "day")  # SEMANTICS 2: how long a dated absence holds

Index = Mapping[str, Sequence[Stated]]


def standing(chart: Chart, index: Index, concept: str) -> list[Stated]:
    """The records of a concept and its children, absences of more general ones among them, that
    say what is now: of several records of one concept the latest, or each that may be it."""
    groups: dict[str, list[Stated]] = {concept: []}
    for record in index.get(concept, ()):
        groups.setdefault(record.concept, []).append(record)
    found: dict[str, Stated] = {}
    for about, group in groups.items():
        above = absences(chart.catalogue, index, about)
        found.update((record.record, record) for record in _last(chart, [*group, *above]))
    return list(found.values())


def absences(catalogue: Catalogue, index: Index, concept: str) -> list[Stated]:
    """Recorded absences of what is more general: each makes the concept absent too."""
    return [record for general in catalogue.ancestors(concept)
            for record in exactly(index, general) if record.status == "absent"]  # fmt: skip


def exactly(index: Index, concept: str) -> list[Stated]:
    """The records of a concept itself, without those of its children."""
    return [record for record in index.get(concept, ()) if record.concept == concept]


def generals(chart: Chart, index: Index, concept: str, *, past: bool) -> list[Stated]:
    """Records of something more general, or that the vocabulary says may be this."""
    abouts = (*chart.catalogue.ancestors(concept), *chart.catalogue.may_be(concept))
    groups = [exactly(index, about) for about in abouts]
    return [record for group in groups for record in (group if past else _last(chart, group))
            if record.status != "absent"]  # fmt: skip


def _last(chart: Chart, records: Sequence[Stated]) -> list[Stated]:
    """The records of which each may be the latest one. What is only suspected, or may lie after
    the as-of date, takes no other one's place."""
    sure = [record.when.first for record in records if record.when is not None
            and record.status != "suspected" and record.when.last <= chart.as_of]  # fmt: skip
    newest = max(sure, default=None)
    return [record for record in records
            if newest is None or record.when is None or record.when.last >= newest]  # fmt: skip


def holds_still(chart: Chart, record: Stated) -> bool:
    """Whether a recorded absence surely was made by the as-of date and is not too old."""
    when = record.when
    if when is None:
        return True
    return when.last <= chart.as_of and when.first >= back(chart.judged_on, ABSENCE_HOLDS)


def begun(chart: Chart, record: Stated) -> Truth:
    """Whether a record surely speaks of a day up to the as-of date."""
    if chart.speaks_of <= chart.as_of:
        return TRUE  # the profile was written by then
    days = [day for day in (record.dated, record.onset, record.resolved) if day is not None]
    return TRUE if not days or any(day.last <= chart.as_of for day in days) else UNKNOWN


def earlier(when: Period | None, than: Period | None) -> bool:
    """Whether it surely was on an earlier day."""
    return when is not None and than is not None and when.last < than.first


def until(chart: Chart, window: r.Window | None) -> date:
    """The last day that a statement asks about: what came after it cannot matter."""
    today = chart.as_of
    anchor = None if window is None else chart.anchor(window.anchor)
    if window is None or anchor is None or window.direction == "after":
        return today
    last = anchor.last
    if window.relation in ("at least", "more than"):
        if not isinstance(window.extent, Span):
            return today
        last = back(last, window.extent)
    return min(last, today)


def rest(chart: Chart, section: str, window: r.Window | None = None) -> tuple[Truth, str]:
    """Whether there may be a record that a section does not hold, and why."""
    about = chart.sections[section]
    if about.covers(until(chart, window)) is not TRUE:
        return UNKNOWN, "stale" if about.complete is not None else "not recorded"
    return (UNKNOWN, "not understood") if about.unclear else (FALSE, "complete")


def why_open(chart: Chart, section: str, why: str, name: str) -> str:
    """Why a section leaves open whether there is such a record."""
    about = chart.sections[section]
    match why:
        case "stale":
            return f"{name} is not recorded, and {section} are complete only up to {about.complete}"
        case "not understood":
            record = f"{about.unclear[0].recorded} ({about.unclear[0].record})"
            return f"{name} is not recorded, and {record} was not understood and may be that"
        case _:
            return f"{name} is not recorded"


# --- in words


def fact(chart: Chart, record: Stated) -> Evidence:
    """A recorded condition or procedure as evidence."""
    shown = record.recorded if record.status == "active" else f"{record.recorded}: {record.status}"
    extra = [f"grade {record.grade}" if record.grade is not None else "", record.severity,
             f"stage {record.stage}" if record.stage else ""]  # fmt: skip
    return Evidence(record.concept, record.record, ", ".join(part for part in (shown, *extra) if part),
                    record.status, None, str(record.when) if record.when else None,
                    chart.age_days(record.when))  # fmt: skip


def sentence(chart: Chart, record: Stated) -> str:
    """A recorded condition in words."""
    grade = f" grade {record.grade}" if record.grade is not None else ""
    if record.status == "active" and record.dated is None and record.onset is not None:
        event = chart.catalogue[record.concept].entry.get("acute") == "yes" if record.concept else True
        since = wording.on_day(chart, record.onset) if event else f"since {record.onset}"
        return f"{record.recorded}{grade} is recorded active {since} ({record.record})"
    day = f" {wording.on_day(chart, record.when)}" if record.when is not None else ""
    return f"{record.recorded}{grade} is recorded {record.status}{day} ({record.record})"


def article(form: str) -> str:
    """Words with `a` or `an` before them."""
    return f"an {form}" if form[:1] in "aeiou" else f"a {form}"
