"""Statements about treatments and medications: exposure, duration, steroid dose."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Given, after, before
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.windows import half_life, in_window, turns
from screener.model import rule as r
from screener.model.calendar import Period, Span, back, forward
from screener.model.interval import Interval, decimal, holds, text
from screener.model.kleene import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    conjunction,
    disjunction,
    negation,
    of,
)
from screener.model.verdict import Evidence
from screener.vocabulary.catalogue import Catalogue


class Selection:
    """The treatments that an exposure means."""

    def __init__(self, exposure: r.Exposure, catalogue: Catalogue) -> None:
        self.exposure = exposure
        self.catalogue = catalogue
        self.name = exposure.names[0]
        self.label = catalogue[self.name].name
        self.sections = _sections(catalogue, self.name)

    def given(self, chart: Chart) -> list[Given]:
        """The records that hold such a drug, excepted ones left out."""
        records = chart.given.get(self.name, [])
        if not self.exposure.exceptions:
            return records
        return [record for record in records if self.drugs(record)]

    def drugs(self, record: Given) -> tuple[str, ...]:
        """Which drugs of the record are meant."""
        if self.catalogue[self.name].kind == "regimen":
            return record.drugs if self.name in record.concepts else ()
        is_a = self.catalogue.is_a
        return tuple(drug for drug in record.drugs if is_a(drug, self.name)
                     and not any(is_a(drug, excepted) for excepted in self.exposure.exceptions))  # fmt: skip

    def fits(self, record: Given) -> Truth:
        """Whether its intent and its line are the ones meant."""
        truth = TRUE
        if self.exposure.intents:
            truth = of(record.intent in self.exposure.intents) if record.intent else UNKNOWN
        if self.exposure.line is not None:
            same = UNKNOWN if record.line is None else of(record.line == self.exposure.line)
            truth = conjunction((truth, same))
        return truth

    def may_be(self, chart: Chart) -> list[Given]:
        """Records that nobody can tell from such a treatment: not understood, or more general."""
        unclear = [record for section in self.sections for record in chart.sections[section].unclear
                   if isinstance(record, Given)]  # fmt: skip
        general = [record for general in self.catalogue.ancestors(self.name)
                   for record in chart.given.get(general, ()) if general in record.drugs]  # fmt: skip
        return [*unclear, *general]

    def covered(self, chart: Chart, day: date) -> Truth:
        """Whether every section that could hold it is complete up to the day."""
        return conjunction(
            TRUE if chart.sections[section].covers(day) is TRUE else UNKNOWN for section in self.sections
        )


def _sections(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The sections that can settle that something was not given."""
    concept = catalogue[name]
    if concept.kind == "regimen":
        return ("treatments",)
    stated = [catalogue[line].entry.get("section") for line in catalogue.with_ancestors(name)]
    found = [section for section in stated if section]
    if "treatments" in found and "both" not in found:
        return ("treatments",)
    if found and set(found) == {"medications"}:
        return ("medications",)
    return ("treatments", "medications")


class TherapyCheck(Leaf):
    """`prior lenalidomide`, `antineoplastic therapy within 4 weeks`, `ongoing warfarin`."""

    def __init__(self, node: r.Therapy, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.selection = Selection(node.exposure, catalogue)

    def __call__(self, chart: Chart) -> Outcome:
        selection = self.selection
        judged = [(record, conjunction((selection.fits(record), self._when(chart, record))))
                  for record in selection.given(chart)]  # fmt: skip
        truths = [truth for _, truth in judged]
        window = self.node.window
        if window is not None and window.relation in ("at least", "more than"):
            return self._since(chart, judged)
        doubtful = [record for record in selection.may_be(chart)
                    if record not in selection.given(chart)
                    and self._when(chart, record) is not FALSE]  # fmt: skip
        rest, why = self._rest(chart, doubtful)
        return Outcome(disjunction((*truths, rest)), self, (judged, doubtful, why))

    def _rest(self, chart: Chart, doubtful: Sequence[Given]) -> tuple[Truth, str]:
        if doubtful:
            return UNKNOWN, "doubtful"
        covered = self.selection.covered(chart, self._until(chart))
        return (FALSE, "complete") if covered is TRUE else (UNKNOWN, "not recorded")

    def _until(self, chart: Chart) -> date:
        """The day up to which the records must be complete."""
        window = self.node.window
        anchor = chart.anchor(window.anchor) if window is not None else None
        if window is not None and window.anchor and anchor is not None and window.direction == "before":
            return min(anchor.last, chart.as_of)
        return chart.as_of

    def _since(self, chart: Chart, judged: list[tuple[Given, Truth]]) -> Outcome:
        """The time since the last exposure: every record must lie so far back, and one must be."""
        fitting = [(record, truth) for record, truth in judged
                   if self.selection.fits(record) is not FALSE]  # fmt: skip
        doubtful = [record for record in self.selection.may_be(chart)
                    if self._when(chart, record) is not TRUE]  # fmt: skip
        rest, why = self._rest(chart, doubtful)
        others = conjunction((*(truth for _, truth in fitting), negation(rest)))
        exists = TRUE if any(self.selection.fits(record) is TRUE for record, _ in fitting) else rest
        return Outcome(conjunction((exists, others)), self, (judged, doubtful, why))

    def _when(self, chart: Chart, record: Given) -> Truth:
        if self.node.window is not None:
            return self._in_window(chart, record, self.node.window)
        if self.node.ongoing:
            return _ongoing(chart, record)
        return TRUE if record.start is None else before(record.start, chart.as_of)

    def _in_window(self, chart: Chart, record: Given, window: r.Window) -> Truth:
        first = record.start or Period(date.min, chart.as_of)
        last = record.last(chart.as_of)
        if isinstance(window.extent, Span):
            return in_window(chart, window, first, last)
        drugs = self.selection.drugs(record) or record.drugs
        if not drugs:
            return UNKNOWN
        each = [in_window(chart, window, first, last, half_life(chart, drug)) for drug in drugs]
        if window.relation in ("at least", "more than"):
            return conjunction(each)
        return disjunction(each)

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        judged: list[tuple[Given, Truth]]
        judged, doubtful, why = outcome.facts
        grounds = Grounds("", [fact(chart, record) for record, _ in judged])
        for record, truth in judged:
            if truth is not FALSE or self.node.window is not None:
                grounds.turns += self._turns(chart, record)
        telling = [record for record, truth in judged if truth is outcome.truth]
        if outcome.truth is UNKNOWN:
            self._word_unknown(grounds, telling, doubtful, why, chart)
        elif telling:
            said = "; ".join(self._sentence(chart, record) for record in telling[:3])
            grounds.reason = said if outcome.truth is TRUE else f"{said}{self._outside()}"
        else:
            until = ", ".join(f"{section} are complete up to {chart.sections[section].complete}"
                              for section in self.selection.sections)  # fmt: skip
            grounds.reason = f"no record of {self.selection.label}; {until}"
        if self.node.window is not None:
            grounds.threshold = self.form.removeprefix(self.selection.label).strip()
        return grounds

    def _outside(self) -> str:
        return ", outside the time asked for" if self.node.window is not None else ""

    def _turns(self, chart: Chart, record: Given) -> list[date]:
        last = record.last(chart.as_of)
        if record.ongoing or (record.end is None):
            return []
        days = set()
        for drug in self.selection.drugs(record) or ("",):
            half = half_life(chart, drug) if drug and chart.catalogue[drug].kind == "drug" else None
            days.update(turns(chart, self.node.window, last, half))
        return sorted(days)

    def _sentence(self, chart: Chart, record: Given) -> str:
        return f"{record.recorded} {when(chart, record)} ({record.record})"

    def _word_unknown(
        self, grounds: Grounds, telling: Sequence[Given], doubtful: Sequence[Given], why: str,
        chart: Chart,
    ) -> None:  # fmt: skip
        label = self.selection.label
        reasons = []
        for record in telling:
            reasons.append(f"{self._sentence(chart, record)}: {self._open(chart, record)}")
            grounds.questions.append(self._ask(chart, record))
            grounds.missing.append(f"treatment: {record.recorded} ({self._lacks(record)})")
        if doubtful:
            record = doubtful[0]
            reasons.append(f"{record.recorded} ({record.record}) may be {label}")
            grounds.questions.append(f"Was {record.recorded} a {label}?")
            grounds.missing.append(f"treatment: {record.recorded}")
        elif why == "not recorded":
            stale = [chart.sections[section].complete for section in self.selection.sections]
            only = f", and records are complete only up to {stale[0]}" if stale[0] else ""
            reasons.append(f"{label}{' otherwise' if telling else ''} is not recorded{only}")
            grounds.questions.append(f"Was there {self.form.replace('prior ', 'ever ')}?")
            grounds.missing.append(f"treatment: {label}")
        grounds.reason = "; ".join(reasons)

    def _open(self, chart: Chart, record: Given) -> str:
        if self.selection.fits(record) is UNKNOWN:
            return f"its {self._lacks(record)} is not recorded"
        if record.end is None and not record.ongoing:
            return "its end is not recorded"
        lacking = [drug for drug in self.selection.drugs(record)
                   if self._needs_half_life() and _unbounded(chart, drug)]  # fmt: skip
        if lacking:
            return f"no half-life is known for {chart.catalogue[lacking[0]].name}"
        return "its dates are not known well enough"

    def _needs_half_life(self) -> bool:
        return self.node.window is not None and not isinstance(self.node.window.extent, Span)

    def _lacks(self, record: Given) -> str:
        if self.selection.exposure.intents and not record.intent:
            return "intent"
        return "line" if self.selection.exposure.line is not None and record.line is None else "dates"

    def _ask(self, chart: Chart, record: Given) -> str:
        lacks = self._lacks(record)
        if lacks != "dates":
            return f"What was the {lacks} of {record.recorded}?"
        if record.end is None:
            return f"When was {record.recorded} last given?"
        del chart
        return f"On which days was {record.recorded} given?"


def _unbounded(chart: Chart, drug: str) -> bool:
    half = half_life(chart, drug)
    return half is not None and half.high is None


def _ongoing(chart: Chart, record: Given) -> Truth:
    if record.ongoing is not None and record.end is None:
        return of(record.ongoing)
    if record.end is not None:
        return after(record.end, chart.as_of)
    return UNKNOWN


def when(chart: Chart, record: Given) -> str:
    """The dates of a treatment in words."""
    start = f"from {record.start}" if record.start is not None else ""
    if record.end is not None:
        end = f"to {record.end}"
        days = chart.age_days(record.end) if record.end.last <= chart.as_of else None
        end += f" ({wording.ago(days)})" if days is not None else ""
    else:
        end = "and ongoing" if record.ongoing else "without an end date"
    return f"{start} {end}".strip()


def fact(chart: Chart, record: Given) -> Evidence:
    """A treatment as evidence."""
    dates = f"{record.start or '?'} to {record.end or ('ongoing' if record.ongoing else '?')}"
    last = record.end or record.start
    return Evidence(", ".join(record.drugs), record.record, f"{record.recorded} ({dates})", None, None,
                    str(last) if last else None, chart.age_days(last))  # fmt: skip


class DurationCheck(Leaf):
    """`antineoplastic therapy as induction lasting <= 12 months`: first start to last end."""

    def __init__(self, node: r.Duration, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.selection = Selection(node.exposure, catalogue)

    def __call__(self, chart: Chart) -> Outcome:
        selection = self.selection
        given = selection.given(chart)
        fitting = [record for record in given if selection.fits(record) is TRUE]
        unsure = [record for record in given if selection.fits(record) is UNKNOWN]
        complete = selection.covered(chart, chart.as_of)
        if not fitting:
            return Outcome(UNKNOWN, self, (given, "none"))
        if unsure or selection.may_be(chart):
            return Outcome(UNKNOWN, self, (unsure or given, "unsure"))
        if any(record.start is None for record in fitting):
            return Outcome(UNKNOWN, self, (fitting, "dates"))
        truth = self._compare(chart, fitting)
        # Earlier or later courses that are not recorded can only lengthen it.
        longer = self.node.comparator in (">", ">=")
        if complete is not TRUE and truth is not (TRUE if longer else FALSE):
            return Outcome(UNKNOWN, self, (fitting, "incomplete"))
        return Outcome(truth, self, (fitting, "dates"))

    def _compare(self, chart: Chart, given: Sequence[Given]) -> Truth:
        starts = [record.start for record in given if record.start is not None]
        ends = [record.last(chart.as_of) for record in given]
        first = Period(min(day.first for day in starts), min(day.last for day in starts))
        last = Period(max(day.first for day in ends), max(day.last for day in ends))
        truths = {_lasted(start, end, self.node.comparator, self.node.span)
                  for start in (first.first, first.last) for end in (last.first, last.last)}  # fmt: skip
        return truths.pop() if len(truths) == 1 else UNKNOWN

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        given: Sequence[Given]
        given, why = outcome.facts
        label = self.selection.label
        intents = "/".join(self.selection.exposure.intents)
        what = f"{intents} {label}".strip()
        said = "; ".join(f"{record.recorded} {when(chart, record)} ({record.record})" for record in given)
        grounds = Grounds(said or f"no {what} is recorded", [fact(chart, record) for record in given],
                          threshold=f"{self.node.comparator} {self.node.span}")  # fmt: skip
        if outcome.truth is UNKNOWN:
            reason = {
                "none": f"no {what} is recorded" + (f" as such ({said})" if said else ""),
                "unsure": f"{said}: the intent or the line is not recorded",
                "incomplete": f"{said}; earlier or later courses may not be recorded",
            }.get(why, f"{said}: the dates do not tell how long it lasted")
            grounds.reason = reason
            grounds.missing = [f"treatment: {what} (dates)"]
            grounds.questions = [f"From when to when was all {what} given?"]
        return grounds


def _lasted(start: date, end: date, comparator: str, span: Span) -> Truth:
    limit = forward(start, span)
    return {
        "<": of(end < limit), "<=": of(end <= limit), ">": of(end > limit), ">=": of(end >= limit),
        "=": of(end == limit),
    }[comparator]  # fmt: skip


class SteroidDoseCheck(Leaf):
    """`cumulative dose of corticosteroid >= 140 mg prednisone within 2 weeks`, in equivalents."""

    def __init__(self, node: r.SteroidDose, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.selection = Selection(node.exposure, catalogue)
        self.unit = Fraction(catalogue[node.equivalent].entry["steroid_equivalent"]["mg"])

    def __call__(self, chart: Chart) -> Outcome:
        given = [record for record in self.selection.given(chart)
                 if in_window(chart, self.node.window, record.start or Period(date.min, chart.as_of),
                              record.last(chart.as_of)) is not FALSE]  # fmt: skip
        doses = [self._dose(chart, record) for record in given]
        complete = self.selection.covered(chart, chart.as_of) is TRUE and not self.selection.may_be(chart)
        bound = self._total(doses)
        if not complete:
            bound = Interval(bound.low, None)
        return Outcome(holds(bound, self.node.limit.comparator, self.node.limit.value), self,
                       (given, bound, complete))  # fmt: skip

    def _total(self, doses: Sequence[tuple[Fraction, Fraction | None]]) -> Interval:
        lows = [low for low, _ in doses] or [Fraction(0)]
        highs = [high for _, high in doses if high is not None]
        total = sum if self.node.total == "cumulative" else max
        known = len(highs) == len(doses)
        high = decimal(Fraction(total(highs or [Fraction(0)]))) if known else None
        return Interval(decimal(Fraction(total(lows))), high)

    def _dose(self, chart: Chart, record: Given) -> tuple[Fraction, Fraction | None]:
        """The least and the most that was taken in the window, in milligrams of the equivalent."""
        steroids = [drug for drug in self.selection.drugs(record)
                    if "steroid_equivalent" in chart.catalogue[drug].entry]  # fmt: skip
        if record.dose is None or len(steroids) != 1 or len(record.drugs) != 1:
            return Fraction(0), None
        value, unit, per = record.dose
        if unit.casefold() != "mg" or per.casefold() not in ("d", "day", "daily"):
            return Fraction(0), None
        own = Fraction(chart.catalogue[steroids[0]].entry["steroid_equivalent"]["mg"])
        daily = Fraction(value) * self.unit / own
        if self.node.total == "daily":
            certain = in_window(chart, self.node.window, record.start, record.last(chart.as_of)) is TRUE
            return (daily if certain else Fraction(0)), daily
        low, high = self._days(chart, record)
        return daily * low, daily * high

    def _days(self, chart: Chart, record: Given) -> tuple[int, int]:
        """The least and the greatest number of days in the window on which it was taken."""
        extent = self.node.window.extent
        edge = back(chart.as_of, extent) if isinstance(extent, Span) else chart.as_of
        last = record.last(chart.as_of)
        start = record.start or Period(date.min, chart.as_of)
        least = (last.first - max(start.last, edge)).days + 1
        most = (last.last - max(start.first, edge)).days + 1
        return max(0, least), max(0, most)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        given: Sequence[Given]
        given, bound, complete = outcome.facts
        label = f"{self.node.total} dose of {self.selection.label}"
        equivalent = chart.catalogue[self.node.equivalent].name
        said = "; ".join(f"{record.recorded} {when(chart, record)} ({record.record})" for record in given)
        limit = f"{self.node.limit.comparator} {text(self.node.limit.value)} mg {equivalent}"
        shown = f"{wording.number(bound)} mg {equivalent} equivalent"
        reason = f"{label} within {self.node.window.extent}: {shown}{f' ({said})' if said else ''}"
        grounds = Grounds(reason, [fact(chart, record) for record in given], threshold=limit)
        if outcome.truth is UNKNOWN:
            lacks = "; doses are not recorded well enough" if complete else "; records are not complete"
            grounds.reason += lacks
            grounds.missing = [f"medication: {self.selection.label} (dose and dates)"]
            grounds.questions = [f"Which {self.selection.label} was taken within "
                                 f"{self.node.window.extent}, in which daily dose?"]  # fmt: skip
        return grounds

