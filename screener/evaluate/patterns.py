"""Whether one recorded condition is of the kind that a statement means."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from screener.evaluate.chart import DEFAULT_MAX_AGE, Chart
from screener.evaluate.facts import Stated
from screener.evaluate.windows import in_window
from screener.model import rule as r
from screener.model.calendar import Period, back
from screener.model.interval import holds, point
from screener.model.interval import text as shown
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, negation, of

# CTCAE's general definitions: grade 1 is mild, 2 moderate, 3 severe, 4 life-threatening.
SEVERITY = {"mild": 1, "moderate": 2, "severe": 3, "serious": 3, "life threatening": 4}


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a record matches; `why` it does not or may not, and what would settle it."""

    record: Stated
    truth: Truth
    why: str = ""
    question: str = ""
    lacks: str = ""
    manual: bool = False

    def unless(self, exception: "Match", name: str) -> "Match":
        """The record taken out where the exception matches it."""
        if self.truth is FALSE or exception.truth is FALSE:
            return self
        if exception.truth is TRUE:
            return replace(self, truth=FALSE, why=f"it is {name}", manual=False)
        question = exception.question or f"is it {name}?"
        why = exception.why or f"it may be {name}"
        return replace(self, truth=UNKNOWN, why=why, question=question,
                       lacks=exception.lacks, manual=exception.manual)  # fmt: skip


def match(chart: Chart, record: Stated, pattern: r.Pattern, *, history: bool) -> Match:
    """Whether the record has every property of the pattern."""
    if record.status == "suspected":
        return Match(record, UNKNOWN, "it is only suspected", "is it confirmed?")
    parts = [part for part in _parts(chart, record, pattern, history=history)
             if part.truth is not TRUE]  # fmt: skip
    false = next((part for part in parts if part.truth is FALSE), None)
    if false is not None:
        return false
    if not parts:
        return Match(record, TRUE)
    return replace(parts[0], manual=all(part.manual for part in parts))


def _parts(chart: Chart, record: Stated, pattern: r.Pattern, *, history: bool) -> Iterable[Match]:
    if pattern.window is not None:
        first, last = presence(chart, record)
        truth = in_window(chart, pattern.window, first, last)
        yield Match(record, truth, _outside(truth, "time"), "when was it?", "dates")
    elif pattern.resolved is not None:
        truth = conjunction((
            of(record.status == "resolved"), in_window(chart, pattern.resolved, record.resolved, record.resolved)
        ))
        yield Match(record, truth, _outside(truth, "time"), "when did it resolve?", "date of resolution")
    elif not history and "resolved" not in pattern.qualifiers:
        yield Match(record, of(record.status == "active"), "it is resolved")
    for qualifier in pattern.qualifiers:
        yield _qualified(chart, record, qualifier)
    if pattern.grade is not None:
        yield _graded(chart, record, pattern.grade)
    if pattern.stage:
        truth = of(record.stage.casefold() == pattern.stage.casefold()) if record.stage else UNKNOWN
        yield Match(record, truth, f"its stage is {record.stage or 'not recorded'}",
                    f"is its stage {pattern.stage}?", "stage", manual=not record.stage)  # fmt: skip
    if pattern.that:
        yield Match(record, UNKNOWN, f"whether it {pattern.that} is for a person to say",
                    f"is it so that it {pattern.that}?", pattern.that, manual=True)  # fmt: skip


def _outside(truth: Truth, what: str) -> str:
    return f"its {what} is not known well enough" if truth is UNKNOWN else f"it is outside the {what} asked for"


def presence(chart: Chart, record: Stated) -> tuple[Period | None, Period | None]:
    """The first and the last days on which it was present. An event has one day; what is active
    lasts; what resolved on an unknown day ended between its onset and its record."""
    begin = record.onset
    if chart.catalogue[record.concept].entry.get("acute") == "yes":
        day = record.onset or record.dated
        return day, day
    if record.status == "active":
        return begin or Period(date.min, chart.as_of), Period(chart.as_of, chart.as_of)
    if record.resolved is not None:
        return begin or Period(date.min, record.resolved.last), record.resolved
    latest = record.dated.last if record.dated is not None else chart.judged_on
    return begin or Period(date.min, latest), Period(begin.first if begin else date.min, latest)


def _qualified(chart: Chart, record: Stated, qualifier: str) -> Match:
    match qualifier:
        case "active":
            return Match(record, of(record.status == "active"), "it is resolved")
        case "resolved":
            return Match(record, of(record.status == "resolved"), "it is not resolved")
        case "controlled" | "uncontrolled":
            truth = of(record.controlled)
            return Match(
                record, truth if qualifier == "controlled" else negation(truth),
                "whether it is controlled is not recorded" if record.controlled is None
                else f"it is {'' if record.controlled else 'not '}controlled",
                "is it controlled?", "controlled", manual=record.controlled is None,
            )  # fmt: skip
        case "clinically significant":
            return Match(record, UNKNOWN, "whether it is clinically significant is for a person to say",
                         "is it clinically significant?", "significance", manual=True)  # fmt: skip
        case _:
            return _severity(chart, record, qualifier)


def _severity(chart: Chart, record: Stated, qualifier: str) -> Match:
    wanted, recorded = SEVERITY[qualifier], SEVERITY.get(record.severity)
    if recorded is None and record.grade is not None and _grade_counts(chart, record) is TRUE:
        recorded = record.grade
    if recorded is None:
        return Match(record, UNKNOWN, "its severity is not recorded", f"is it {qualifier}?",
                     "severity", manual=True)  # fmt: skip
    truth = of(recorded >= wanted if wanted >= 3 else recorded == wanted)
    return Match(record, truth, f"it is {record.severity or f'of grade {record.grade}'}")


def _grade_counts(chart: Chart, record: Stated) -> Truth:
    """Whether the grade is recent enough: it was given on the record's date, else since its onset."""
    limit = chart.max_age("grade", None, None)
    if limit is None:
        return TRUE
    given = record.dated or record.onset
    return of(given is not None and given.first >= back(chart.judged_on, limit))


def _graded(chart: Chart, record: Stated, limit: r.Limit) -> Match:
    question = f"what is its grade now ({limit.comparator} {shown(limit.value)}?)"
    if record.grade is None:
        return Match(record, UNKNOWN, "its grade is not recorded", question, "grade", manual=False)
    if _grade_counts(chart, record) is not TRUE:
        days = chart.max_age("grade", None, None) or DEFAULT_MAX_AGE
        return Match(record, UNKNOWN, f"its grade {record.grade} has no date within {days}", question,
                     "grade")  # fmt: skip
    truth = holds(point(Decimal(record.grade)), limit.comparator, limit.value)
    return Match(record, truth, f"its grade is {record.grade}")
