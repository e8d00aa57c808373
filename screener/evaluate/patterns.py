"""Whether one recorded condition is of the kind that a statement means."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from screener.evaluate.chart import DEFAULT_MAX_AGE, Chart
from screener.evaluate.facts import Stated, before
from screener.evaluate.standing import begun
from screener.evaluate.windows import in_window
from screener.model import rule as r
from screener.model.calendar import Period, back
from screener.model.interval import holds, point
from screener.model.interval import text as shown
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, negation, of
from screener.vocabulary.names import folded

# CTCAE's general definitions: grade 1 is mild, 2 moderate, 3 severe, 4 life-threatening.
SEVERITY = {"mild": 1, "moderate": 2, "severe": 3, "serious": 3, "life threatening": 4}

Truths = frozenset[Truth]
ANY: Truths = frozenset(Truth)
Answers = Mapping[str, Truth]  # to the words of manual atoms, folded


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a record matches; `why` it does not or may not, and what would settle it.

    `answers` are the truths that a person's answers may give it, where a person can settle it.
    """

    record: Stated
    truth: Truth
    why: str = ""
    question: str = ""
    lacks: str = ""
    answers: Truths = frozenset()

    @property
    def reach(self) -> Truths:
        return self.answers or frozenset({self.truth})

    def unless(self, exception: "Match", name: str) -> "Match":
        """The record taken out where the exception matches it."""
        if self.truth is FALSE or exception.truth is FALSE:
            return self
        if exception.truth is TRUE:
            return Match(self.record, FALSE, f"it is {name}")
        reach = reached(conjunction, (self.reach, {negation(truth) for truth in exception.reach}))
        asks = exception if self.truth is TRUE else self
        return replace(
            self, truth=UNKNOWN, answers=reach, why=asks.why or f"it may be {name}",
            question=asks.question or f"is it {name}?", lacks=asks.lacks,
        )  # fmt: skip


def reached(combine: Callable[[Iterable[Truth]], Truth], parts: Iterable[Iterable[Truth]]) -> Truths:
    """The truths that some choice of one truth from each part gives."""
    found: Truths | None = None
    for part in parts:
        options = frozenset(part)
        found = options if found is None else frozenset(
            combine((one, other)) for one in found for other in options)  # fmt: skip
    return frozenset({combine(())}) if found is None else found


def match(
    chart: Chart, record: Stated, pattern: r.Pattern, *, history: bool,
    supposed: bool = False, answers: Answers | None = None,
) -> Match:  # fmt: skip
    """Whether the record has every property of the pattern; `supposed` takes what is only
    suspected for confirmed."""
    parts = [part for part in _parts(chart, record, pattern, history=history, answers=answers or {})
             if part.truth is not TRUE]  # fmt: skip
    false = next((part for part in parts if part.truth is FALSE), None)
    if false is not None:
        return false
    if record.status == "suspected" and not supposed:
        return Match(record, UNKNOWN, "it is only suspected", "is it confirmed?")
    if not parts:
        return Match(record, TRUE)
    first = next((part for part in parts if not part.answers), parts[0])
    return replace(first, answers=reached(conjunction, [part.reach for part in parts]))


def _parts(
    chart: Chart, record: Stated, pattern: r.Pattern, *, history: bool, answers: Answers
) -> Iterable[Match]:
    yield Match(record, begun(chart, record), "its date may lie after the as-of date",
                "when was it?", "date")  # fmt: skip
    if pattern.window is not None:
        truth = in_window(chart, pattern.window, *presence(chart, record))
        yield Match(record, truth, _outside(truth), "when was it?", "dates")
    elif pattern.resolved is not None:
        ended = presence(chart, replace(record, concept=""))[1]
        truth = conjunction((over(chart, record), in_window(chart, pattern.resolved, ended, ended)))
        yield Match(record, truth, _outside(truth), "when did it resolve?", "date of resolution")
    elif not history and "resolved" not in pattern.qualifiers:
        truth = negation(over(chart, record))
        yield Match(record, truth, _over(truth), "is it still present?", "status")
    for qualifier in pattern.qualifiers:
        yield _qualified(chart, record, qualifier)
    if pattern.grade is not None:
        lasts = chart.catalogue[record.concept].entry.get("acute") != "yes"
        # The grade of an event is its own; so is that of something long past.
        ages = lasts if pattern.window is not None else not history
        yield _graded(chart, record, pattern.grade, ages=ages)
    if pattern.stage:
        yield _staged(record, pattern.stage)
    if pattern.that:
        yield _answered(record, pattern.that, answers)


def _answered(record: Stated, that: str, answers: Answers) -> Match:
    truth = answers.get(folded(that), UNKNOWN)
    return Match(record, truth, f"whether it {that} is for a person to say",
                 f"is it so that it {that}?", that, ANY if truth is UNKNOWN else frozenset())  # fmt: skip


def _outside(truth: Truth) -> str:
    known = truth is not UNKNOWN
    return "it is outside the time asked for" if known else "its time is not known well enough"


def over(chart: Chart, record: Stated) -> Truth:
    """Whether it has resolved by the as-of date."""
    if record.status != "resolved":
        return FALSE
    return TRUE if record.resolved is None else before(record.resolved, chart.as_of)


def _over(truth: Truth) -> str:
    return "it is resolved" if truth is FALSE else "it may not have resolved by the as-of date"


def presence(chart: Chart, record: Stated) -> tuple[Period | None, Period | None]:
    """The first and the last days on which it was present. An event has one day; what is active
    lasts; what resolved on an unknown day ended between its onset and its record."""
    if record.concept and chart.catalogue[record.concept].entry.get("acute") == "yes":
        day = _event(record)
        return day, day
    begin = record.onset
    if record.status != "resolved":
        return begin or Period(date.min, chart.as_of), Period(chart.as_of, chart.as_of)
    if record.resolved is not None:
        return begin or Period(date.min, record.resolved.last), record.resolved
    latest = record.dated.last if record.dated is not None else chart.judged_on
    return begin or Period(date.min, latest), Period(begin.first if begin else date.min, latest)


def _event(record: Stated) -> Period | None:
    """The day of an event: its onset, else its date. One that is recorded as resolved was before
    that, on some day."""
    if record.onset is not None:
        return record.onset
    if record.status != "resolved":
        return record.dated
    latest = record.resolved or record.dated
    return None if latest is None else Period(date.min, latest.last)


def _qualified(chart: Chart, record: Stated, qualifier: str) -> Match:
    match qualifier:
        case "active":
            truth = negation(over(chart, record))
            return Match(record, truth, _over(truth), "is it active now?", "status")
        case "resolved":
            return Match(record, over(chart, record), "it is not resolved", "has it resolved?", "status")
        case "controlled" | "uncontrolled":
            truth = of(record.controlled)
            return Match(
                record, truth if qualifier == "controlled" else negation(truth),
                "whether it is controlled is not recorded" if record.controlled is None
                else f"it is {'' if record.controlled else 'not '}controlled",
                "is it controlled?", "controlled", ANY if record.controlled is None else frozenset(),
            )  # fmt: skip
        case "clinically significant":
            return Match(record, UNKNOWN, "whether it is clinically significant is for a person to say",
                         "is it clinically significant?", "significance", ANY)  # fmt: skip
        case _:
            return _severity(chart, record, qualifier)


def _severity(chart: Chart, record: Stated, qualifier: str) -> Match:
    """By the recorded severity and by a grade that counts: where they differ, unknown."""
    wanted = SEVERITY[qualifier]
    graded = record.grade if _grade_counts(chart, record) else None
    inherent = chart.catalogue[record.concept].entry.get("severity", "") if record.concept else ""
    stated = SEVERITY.get(record.severity or inherent)
    levels = [level for level in (stated, graded) if level is not None]
    truths = {of(level >= wanted if wanted >= 3 else level == wanted) for level in levels}
    question = f"is it {qualifier}?"
    if not truths:
        return Match(record, UNKNOWN, "its severity is not recorded", question, "severity", ANY)
    recorded = " and ".join(part for part in (
        record.severity if record.severity in SEVERITY else "",
        f"of grade {graded}" if graded is not None else "") if part)  # fmt: skip
    truth = truths.pop() if len(truths) == 1 else UNKNOWN
    return Match(record, truth, f"it is recorded {recorded}", question, "severity")


def _grade_counts(chart: Chart, record: Stated) -> bool:
    """Whether a grade is recent enough: given on the record's date, else since its onset."""
    limit = chart.max_age("grade", None, None)
    given = record.dated or record.onset
    return limit is None or (given is not None and given.first >= back(chart.judged_on, limit))


def _graded(chart: Chart, record: Stated, limit: r.Limit, *, ages: bool) -> Match:
    question = f"what is its grade now (is it {limit.comparator} {shown(limit.value)})?"
    if record.grade is None:
        return Match(record, UNKNOWN, "its grade is not recorded", question, "grade")
    if ages and not _grade_counts(chart, record):
        days = chart.max_age("grade", None, None) or DEFAULT_MAX_AGE
        return Match(record, UNKNOWN, f"its grade {record.grade} has no date within {days}", question,
                     "grade")  # fmt: skip
    truth = holds(point(Decimal(record.grade)), limit.comparator, limit.value)
    return Match(record, truth, f"its grade is {record.grade}")


# --- stages -----------------------------------------------------------------------------------

_ROMAN = {"iv": "4", "iii": "3", "ii": "2", "i": "1"}


def _staged(record: Stated, wanted: str) -> Match:
    asks = f"is its stage {wanted}?"
    if not record.stage:
        return Match(record, UNKNOWN, "its stage is not recorded", asks, "stage", ANY)
    truth = _of_stage(_stage(record.stage), _stage(wanted))
    return Match(record, truth, f"its stage is {record.stage}", asks, "stage",
                 ANY if truth is UNKNOWN else frozenset())  # fmt: skip


def _stage(text: str) -> str:
    """A stage in one spelling: T1a for cT1a and `stage T1a`, 2b for IIB."""
    bare = re.sub(r"^(stage )?([cpy]{1,2}(?=t\d))?", "", folded(text))
    roman = re.match(r"(iv|i{1,3})(?=[a-d]?\d?\b)", bare)
    return bare if roman is None else _ROMAN[roman[0]] + bare[roman.end() :]


def _of_stage(recorded: str, wanted: str) -> Truth:
    """Whether one stage lies in the other: T1a in T1. Stages of two systems say nothing of each other."""
    if _lies_in(recorded, wanted):
        return TRUE
    comparable = re.match(r"t\d|\d", recorded) and re.match(r"t\d|\d", wanted)
    if not comparable or (recorded[0] == "t") != (wanted[0] == "t"):
        return UNKNOWN
    return UNKNOWN if _lies_in(wanted, recorded) else FALSE


def _lies_in(stage: str, general: str) -> bool:
    return re.match(re.escape(general) + r"(?![\di])", stage) is not None
