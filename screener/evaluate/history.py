"""Statements about conditions: what is recorded, what completeness and tests settle, what stays open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Stated
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.patterns import Match, match, presence
from screener.evaluate.settled import Settled, settled
from screener.evaluate.windows import turns
from screener.model import rule as r
from screener.model.calendar import Period, Span, back
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, disjunction
from screener.model.verdict import Evidence
from screener.vocabulary.catalogue import Catalogue

ABSENCE_HOLDS = Span(365, "day")  # SEMANTICS 2: how long a dated absence holds
REAL = ("active", "resolved")


@dataclass(slots=True)
class Knowledge:
    """What a section says of one concept.

    `records` may match the statement; `rest` is the truth of there being another, unrecorded one,
    and `why` says what that rests on.
    """

    records: list[Stated]
    rest: Truth
    why: str
    absent: list[Stated]
    settled: Settled | None = None


def current(chart: Chart, records: Sequence[Stated]) -> tuple[list[Stated], list[Stated]]:
    """Of records of a concept and its children: those that say what is now, and the absences.

    Of several records of one condition the latest decides, an absence of a more general one too.
    """
    groups: dict[str, list[Stated]] = {}
    for record in records:
        groups.setdefault(record.concept, []).append(record)
    present: list[Stated] = []
    absent: list[Stated] = []
    for concept, group in groups.items():
        above = [record for general in chart.catalogue.ancestors(concept)
                 for record in chart.conditions.get(general, ())
                 if record.concept == general and record.status == "absent"]  # fmt: skip
        for record in _last([*group, *above]):
            (absent if record.status == "absent" else present).append(record)
    return present, absent


def _last(records: Sequence[Stated]) -> list[Stated]:
    """The records of which each may be the latest one."""
    dated = [record.when.first for record in records if record.when is not None]
    newest = max(dated, default=None)
    return [record for record in records
            if newest is None or record.when is None or record.when.last >= newest]  # fmt: skip


def holds_still(chart: Chart, record: Stated) -> bool:
    """Whether a recorded absence still holds."""
    return record.when is None or record.when.last >= back(chart.judged_on, ABSENCE_HOLDS)


def knowledge(chart: Chart, concept: str, *, past: bool) -> Knowledge:
    """What is known of a condition now, or with `past` at any time."""
    key = ("condition", concept, past)
    found: Knowledge | None = chart.memo.get(key)
    if found is None:
        found = chart.memo[key] = _knowledge(chart, concept, past=past)
    return found


def _knowledge(chart: Chart, concept: str, *, past: bool) -> Knowledge:
    recorded = chart.conditions.get(concept, [])
    present, absent = current(chart, recorded)
    for general in chart.catalogue.ancestors(concept):
        absent += [record for record in chart.conditions.get(general, ())
                   if record.concept == general and record.status == "absent"
                   and record not in absent]  # fmt: skip
    absent = [record for record in absent if _says_absent(chart, concept, record)]
    records = recorded if past else present
    records = [record for record in records if record.status != "absent"]
    test = None if past else settled(chart, concept)
    rest, why = _rest(chart, concept, present, absent, test, past=past)
    return Knowledge(records, rest, why, absent, test)


def _says_absent(chart: Chart, concept: str, record: Stated) -> bool:
    """An absence of the concept or of a more general one; of one child it says nothing."""
    return record.concept in chart.catalogue.with_ancestors(concept) and holds_still(chart, record)


def _rest(
    chart: Chart, concept: str, present: Sequence[Stated], absent: Sequence[Stated],
    test: Settled | None, *, past: bool,
) -> tuple[Truth, str]:  # fmt: skip
    """Whether there may be more than the records show."""
    own = [record for record in present if record.concept == concept]
    if test is not None:
        if test.truth is FALSE:
            return FALSE, "settled"
        return UNKNOWN, "settled"
    event = chart.catalogue[concept].entry.get("acute") == "yes"
    if absent and (not past or event):
        return (UNKNOWN, "conflict") if own else (FALSE, "absent")
    if not past and own and all(record.status == "resolved" for record in own):
        return FALSE, "resolved"
    if not past and own and all(record.status == "active" for record in own):
        return FALSE, "recorded"
    section = chart.sections["conditions"]
    if section.covers(chart.as_of) is not TRUE:
        return UNKNOWN, "stale" if section.complete is not None else "not recorded"
    if section.unclear:
        return UNKNOWN, "not understood"
    general = _general(chart, concept)
    return (UNKNOWN, "general") if general else (FALSE, "complete")


def _general(chart: Chart, concept: str) -> list[Stated]:
    """Records of something more general, which may be this."""
    return [record for general in chart.catalogue.ancestors(concept)
            for record in chart.conditions.get(general, ())
            if record.concept == general and record.status != "absent"]  # fmt: skip


class ConditionCheck(Leaf):
    """`peripheral neuropathy grade >= 3`, `history of other malignancy within 5 years except …`."""

    def __init__(self, node: r.Condition, form: str, catalogue: Catalogue, disease: str) -> None:
        self.node = node
        self.form = form
        self.pattern = node.patterns[0]
        self.concept = catalogue[self.pattern.concept]
        # Resolved records count where the past is asked for.
        self.past = (
            node.history or self.pattern.window is not None or self.pattern.resolved is not None
            or "resolved" in self.pattern.qualifiers
        )  # fmt: skip
        self.family = ""
        if node.other:
            self.family = str(catalogue[disease].entry.get("family", disease))
        self.plain = self.pattern == r.Pattern(self.concept.id) and not node.exceptions

    def __call__(self, chart: Chart) -> Outcome:
        known = knowledge(chart, self.concept.id, past=self.past)
        matches = [self._match(chart, record) for record in known.records]
        settled_true = known.settled is not None and known.settled.truth is TRUE
        rest = TRUE if settled_true and self.plain and not self.family else known.rest
        truth = disjunction([*(found.truth for found in matches), rest])
        if truth is TRUE and self._contradicted(known, matches):
            truth = UNKNOWN
        manual = truth is UNKNOWN and self._is_manual(known, matches)
        return Outcome(truth, self, (known, matches), manual=manual)

    def _match(self, chart: Chart, record: Stated) -> Match:
        found = match(chart, record, self.pattern, history=self.node.history)
        if self.family:
            found = found.unless(self._is_the_disease(chart, record), "the disease of the trial")
        for exception in self.node.exceptions:
            found = found.unless(self._excepted(chart, record, exception), "an exception")
        return found

    def _is_the_disease(self, chart: Chart, record: Stated) -> Match:
        if chart.catalogue.is_a(record.concept, self.family):
            return Match(record, TRUE)
        may_be = chart.catalogue.is_a(self.family, record.concept)
        return Match(record, UNKNOWN if may_be else FALSE, "it may be the disease of the trial")

    def _excepted(self, chart: Chart, record: Stated, exception: r.Pattern) -> Match:
        if chart.catalogue.is_a(record.concept, exception.concept):
            return match(chart, record, exception, history=True)
        may_be = chart.catalogue.is_a(exception.concept, record.concept)
        name = chart.catalogue[exception.concept].name
        return Match(record, UNKNOWN if may_be else FALSE, f"it may be {name}")

    @staticmethod
    def _contradicted(known: Knowledge, matches: Sequence[Match]) -> bool:
        """Whether a test or an absence says that what is recorded as present is not."""
        true = [found.record for found in matches if found.truth is TRUE]
        if known.settled is not None and known.settled.truth is FALSE:
            return any(not _earlier(record.when, known.settled.when) for record in true)
        return known.why == "conflict"

    def _is_manual(self, known: Knowledge, matches: Sequence[Match]) -> bool:
        """Whether all that is open is a property that only a person can judge."""
        others = disjunction([known.rest, *(m.truth for m in matches if not m.manual)])
        return others is FALSE and any(found.manual for found in matches)

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        known: Knowledge
        known, matches = outcome.facts
        evidence = [fact(chart, found.record) for found in matches]
        evidence += [fact(chart, record) for record in known.absent]
        if known.settled is not None:
            evidence += [wording.evidence(chart, value) for value in known.settled.values]
        grounds = Grounds("", list(dict.fromkeys(evidence)), turns=self._turns(chart, matches))
        if outcome.truth is UNKNOWN:
            self._word_unknown(grounds, known, matches, chart)
        else:
            grounds.reason = self._decided(outcome.truth, known, matches, chart)
        return grounds

    def _turns(self, chart: Chart, matches: Iterable[Match]) -> list:  # type: ignore[type-arg]
        windows = [self.pattern.window, self.pattern.resolved]
        windows += [exception.resolved or exception.window for exception in self.node.exceptions]
        return sorted({day for found in matches for window in windows
                       for day in turns(chart, window, presence(chart, found.record)[1])})  # fmt: skip

    def _decided(
        self, truth: Truth, known: Knowledge, matches: Sequence[Match], chart: Chart
    ) -> str:
        name = self.concept.name
        if truth is TRUE:
            found = next((found for found in matches if found.truth is TRUE), None)
            if found is None and known.settled is not None:
                return f"{name} is present: {known.settled.reason}"
            return sentence(chart, found.record) if found is not None else f"{name} is present"
        not_matching = [f"{sentence(chart, found.record)}: {found.why}" if found.why
                        else sentence(chart, found.record) for found in matches[:2]]  # fmt: skip
        return "; ".join([*not_matching, self._rest_is_false(known, chart)])

    def _rest_is_false(self, known: Knowledge, chart: Chart) -> str:
        name = ("other " if self.family else "") + self.concept.name
        match known.why:
            case "settled" if known.settled is not None:
                return f"{name} is absent: {known.settled.reason}"
            case "absent":
                return sentence(chart, known.absent[0])
            case "complete":
                return f"no {'further record' if known.records else 'record'} of {name}; conditions are complete up to {chart.sections['conditions'].complete}"
            case _:
                return f"no other record of {name} is later"

    def _word_unknown(
        self, grounds: Grounds, known: Knowledge, matches: Sequence[Match], chart: Chart
    ) -> None:
        open_ = [found for found in matches if found.truth is UNKNOWN]
        true = [found for found in matches if found.truth is TRUE]
        name = self.concept.name
        if true:
            grounds.reason = f"{sentence(chart, true[0].record)}, but {self._contrary(known, chart)}"
            grounds.missing.append(f"condition: {name}")
            grounds.questions.append(f"Is {name} present or not?")
            return
        for found in open_:
            grounds.questions.append(f"{wording.first_upper(found.record.recorded)}: {found.question}")
        reasons = [f"{sentence(chart, found.record)}: {found.why}" for found in open_]
        if open_:
            grounds.missing.append(f"condition: {open_[0].record.recorded}"
                                   f"{f' ({open_[0].lacks})' if open_[0].lacks else ''}")  # fmt: skip
        if known.rest is UNKNOWN:
            reasons.append(self._rest_is_open(known, chart))
            grounds.missing.append(f"condition: {name}")
            grounds.questions.append(f"Is there {_article(self.form)}?")
        grounds.reason = "; ".join(reasons)

    def _contrary(self, known: Knowledge, chart: Chart) -> str:
        if known.settled is not None:
            return known.settled.reason
        return sentence(chart, known.absent[0]) if known.absent else "another record differs"

    def _rest_is_open(self, known: Knowledge, chart: Chart) -> str:
        name = ("other " if self.family else "") + self.concept.name
        section = chart.sections["conditions"]
        match known.why:
            case "stale":
                return f"{name} is not recorded, and conditions are complete only up to {section.complete}"
            case "not understood":
                record = section.unclear[0].record
                return f"{name} is not recorded, and {record} was not understood and may be that"
            case "general":
                record = _general(chart, self.concept.id)[0]
                return f"{name} is not recorded, and {record.recorded} ({record.record}) may be that"
            case "conflict":
                return f"{name} is recorded both as present and as absent"
            case "settled" if known.settled is not None:
                return known.settled.reason
            case _:
                return f"{name} is not recorded{' otherwise' if known.records else ''}"


def _earlier(when: Period | None, than: Period | None) -> bool:
    return when is not None and than is not None and when.last < than.first


def _article(form: str) -> str:
    return form if form.startswith(("history", "other", "any", "all")) else f"any {form}"


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
    day = f" {wording.on_day(chart, record.when)}" if record.when is not None else ""
    return f"{record.recorded}{grade} is recorded {record.status}{day} ({record.record})"
