"""One patient on one day: records indexed by concept, built once, read by every rule.

A chart is not changed by reading it but for what it remembers, so many threads may share one.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from screener.evaluate.facts import Given, Marked, Observed, Responded, Section, Stated, after
from screener.evaluate.reading import Facts, Reader, period
from screener.model.calendar import Period, Span, back, forward, on, shifted
from screener.model.kleene import TRUE
from screener.model.patient import SECTIONS, Patient
from screener.model.policy import Policy
from screener.vocabulary.catalogue import Catalogue

DEFAULT_MAX_AGE = Span(90, "day")  # SEMANTICS 3: how long a time-varying value counts


class Chart:
    """What is known of a patient on the as-of date."""

    def __init__(
        self, patient: Patient, catalogue: Catalogue, as_of: date, policy: Policy | None = None
    ) -> None:
        self.patient = patient
        self.catalogue = catalogue
        self.as_of = as_of
        # Ages of values are counted to this day: it stays when the chart is moved in time.
        self.judged_on = as_of
        self.policy = policy or Policy()
        # The day of which the profile speaks: no record of it can be later.
        own = period(patient.as_of)
        self.speaks_of = own.last if own is not None else date.max
        self.facts: Facts = Reader(patient, catalogue, as_of).read()
        self.sex = patient.sex
        self.birth = _birth(patient, as_of)
        self.anchors = {name: period(text) for name, text in patient.anchors.items()}
        self.sections = _sections(patient, self.facts)
        self._index()
        self.memo: dict[Any, Any] = {}

    def moved(self, day: date) -> "Chart":
        """The same chart on a later day, as if nothing had happened since."""
        moved = object.__new__(Chart)
        moved.__dict__.update(self.__dict__)
        days = day - self.as_of
        moved.as_of = day
        moved.sections = {name: _later(section, self.as_of, days)
                          for name, section in self.sections.items()}  # fmt: skip
        moved.memo = {}
        return moved

    def later(self, day: date) -> "Chart":
        """The chart moved to a day, one for all who ask."""
        moved: Chart = self.remembered(("moved", day), lambda: self.moved(day))
        return moved

    def _index(self) -> None:
        facts, lines = self.facts, self.catalogue.with_ancestors
        self.observed: dict[str, list[Observed]] = {}
        for observed in facts.observed:
            self.observed.setdefault(observed.concept, []).append(observed)
        self.newest_of = {concept: self.newest(records) for concept, records in self.observed.items()}
        self.conditions = _by_line(facts.conditions, lines)
        self.stated = {record.concept for record in facts.conditions}
        self.procedures = _by_line(facts.procedures, lines)
        self.allergies = _by_line(facts.allergies, lines)
        self.allergic = {record.concept for record in facts.allergies}
        self.markers: dict[str, list[Marked]] = {}
        for marked in facts.markers:
            self.markers.setdefault(marked.concept, []).append(marked)
        self.given: dict[str, list[Given]] = {}
        for given in facts.given:
            for concept in given.concepts:
                self.given.setdefault(concept, []).append(given)
        self.responses: list[Responded] = facts.responses

    def remembered(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was found for `key` before, or what `make` finds now."""
        found = self.memo.get(key, self)
        if found is self:
            found = self.memo[key] = make()
        return found

    def exposure(self, record: Given) -> tuple[Period, Period]:
        """The days that may be the first, and the last, of a treatment."""
        known: tuple[Period, Period] | None = self.memo.get(record.record)
        if known is None:
            first = record.start or Period(date.min, self.as_of)
            known = self.memo[record.record] = first, record.last(self.as_of)
        return known

    # --- values and their ages

    def max_age(self, concept: str, stated: Span | None, of_rules: int | None) -> Span | None:
        """How old a value may be: the criterion's word, the rule file's, the site's, else 90 days.
        None where the value does not age."""
        if stated is not None:
            return stated
        if concept in self.catalogue and self.catalogue[concept].entry.get("ages") == "no":
            return None
        if of_rules is not None:
            return Span(of_rules, "day")
        return self.policy.max_age_of(concept, DEFAULT_MAX_AGE)

    def too_old(self, when: Period, limit: Span | None) -> bool:
        """Whether it may be older than the limit allows."""
        return limit is not None and when.first < back(self.judged_on, limit)

    def expiry(self, when: Period | None, limit: Span | None) -> date | None:
        """The first day on which it is too old."""
        if when is None or limit is None:
            return None
        day = forward(when.first, limit)
        while back(day, limit) <= when.first and day < date.max:  # months differ in length
            day = shifted(day, 1)
        return day if back(day, limit) > when.first else None

    def newest(self, records: Sequence[Observed]) -> list[Observed]:
        """The records of which each may be the newest one."""
        if any(record.when is None for record in records):
            return list(records)
        days = [record.when for record in records if record.when is not None]
        zoned = all(day.clock is not None and day.clock.tzinfo is not None for day in days)
        spans = [_seconds(day, zoned) for day in days]
        latest = max(first for first, _ in spans)
        return [record for record, (_, last) in zip(records, spans, strict=True) if last >= latest]

    def age_days(self, when: Period | None) -> int | None:
        """Days between a record and the as-of date, where the day is known and not ahead of it."""
        known = when is not None and when.exact and when.first <= self.as_of
        return (self.as_of - when.first).days if known and when is not None else None

    # --- time

    def anchor(self, name: str) -> Period | None:
        """The days that an anchor may be: dated by the profile, else the as-of date."""
        if not name:
            return on(self.as_of)
        if name in self.catalogue:
            return self._procedure_day(name)
        dated = self.anchors.get(name)  # type: ignore[call-overload]
        if dated is not None:
            return dated  # type: ignore[no-any-return]
        if name == "transplant":
            return self._procedure_day("stem_cell_transplant")
        return on(self.as_of)

    def anchor_days(self, name: str) -> list[Period]:
        """The anchor's days; of a procedure those of each time that it was done."""
        if name not in self.catalogue:
            return [day for day in [self.anchor(name)] if day is not None]
        done = [record for record in self.procedures.get(name, ())
                if record.status in ("active", "resolved")]  # fmt: skip
        return [record.when or Period(date.min, self.as_of) for record in done]

    def moves(self, name: str) -> bool:
        """Whether an anchor is the as-of date, for want of a day of its own."""
        return not name or (name not in self.catalogue and name not in self.anchors
                            and name != "transplant")  # fmt: skip

    def _procedure_day(self, concept: str) -> Period | None:
        """The days that the latest such procedure may have been on, which may be one that is suspected."""
        done = [record for record in self.procedures.get(concept, ()) if record.status != "absent"]
        firsts = [record.when.first for record in done
                  if record.when is not None and record.status != "suspected"]  # fmt: skip
        if not firsts:
            return None
        lasts = [self.as_of if record.when is None else record.when.last for record in done]
        return Period(max(firsts), max(*firsts, *lasts))


def _seconds(when: Period, zoned: bool) -> tuple[int, int]:
    """The first and the last second that it may be; of one zone where every record states its own."""
    clock = when.clock
    if clock is None:
        return when.first.toordinal() * 86_400, (when.last.toordinal() + 1) * 86_400 - 1
    second = when.first.toordinal() * 86_400 + clock.hour * 3600 + clock.minute * 60 + clock.second
    offset = clock.utcoffset() if zoned else None
    if offset is not None:
        second -= offset.days * 86_400 + offset.seconds
    return second, second


def _by_line(records: Sequence[Stated], lines: Callable[[str], tuple[str, ...]]) -> dict[str, list[Stated]]:
    """Records under their own concept and every more general one."""
    index: dict[str, list[Stated]] = {}
    for record in records:
        for concept in lines(record.concept) if record.concept else ():
            index.setdefault(concept, []).append(record)
    return index


def _sections(patient: Patient, facts: Facts) -> dict[str, Section]:
    sections = {name: Section(period(getattr(patient.complete, name))) for name in SECTIONS}
    for name, records in (("conditions", facts.conditions), ("procedures", facts.procedures),
                          ("allergies", facts.allergies)):  # fmt: skip
        sections[name].unclear += [record for record in records
                                   if not record.concept and record.status != "absent"]  # fmt: skip
    for given in facts.given:
        if given.unclear:
            sections[given.section].unclear.append(given)
    sections["responses"].unclear += [record for record in facts.responses if not record.response]
    return sections


def _later(section: Section, as_of: date, days: timedelta) -> Section:
    """The section as if nothing had happened since: complete as far beyond as the chart moved."""
    complete = section.complete
    if complete is None or after(complete, as_of) is not TRUE:
        return section
    first, last = shifted(complete.first, days.days), shifted(complete.last, days.days)
    return Section(Period(first, last), section.unclear)


def _birth(patient: Patient, as_of: date) -> Period | None:
    """The days on which the patient may have been born: the date, else from a recorded age."""
    if patient.birth_date is not None:
        born = period(patient.birth_date)
        # Who is born later has no age: the date is wrong, and nobody fails by a wrong date.
        return born if born is not None and born.first <= as_of else None
    if patient.age is None:
        return None
    stated = patient.age
    if isinstance(stated, int):
        years, day = stated, patient.as_of
    else:
        years, day = stated.value, stated.date or patient.as_of
    on_days = period(day) or on(as_of)
    first = back(on_days.first, Span(years + 1, "year"))
    return Period(shifted(first, 1), back(on_days.last, Span(years, "year")))
