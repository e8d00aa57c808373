"""Statements about conditions: what is recorded, what completeness and tests settle, what stays open."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Stated
from screener.evaluate.knowledge import Asked, Knowledge, is_event, knowledge
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.patterns import Answers, Match, Truths, match, presence, reached
from screener.evaluate.settled import tests
from screener.evaluate.standing import (
    ABSENCE_HOLDS,
    earlier,
    fact,
    holds_still,
    rest,
    sentence,
    why_open,
)
from screener.evaluate.windows import turns
from screener.model import rule as r
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, disjunction
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.names import folded

IS_THE_DISEASE = "it is the disease of the trial"  # goes without saying where a criterion is met


class ConditionCheck(Leaf):
    """`peripheral neuropathy grade >= 3`, `history of other malignancy within 5 years except …`."""

    def __init__(self, node: r.Condition, form: str, catalogue: Catalogue, disease: str) -> None:
        self.node = node
        self.form = form
        self.pattern = node.patterns[0]
        self.concept = catalogue[self.pattern.concept]
        # Resolved records count where the past is asked for.
        past = (
            node.history or self.pattern.window is not None or self.pattern.resolved is not None
            or "resolved" in self.pattern.qualifiers
        )  # fmt: skip
        self.family = ""
        if node.other and disease:
            self.family = str(catalogue[disease].entry.get("family", disease))
        self.asked = Asked(self.concept.id, past, node.other, self.pattern.window)
        self.name = ("other " if node.other else "") + self.concept.name
        # Whether presence alone is asked for, which a test can show.
        self.plain = (
            self.pattern in (r.Pattern(self.concept.id), r.Pattern(self.concept.id, ("active",)))
            and not node.exceptions and not node.other
        )  # fmt: skip
        telling = tests(catalogue, self.concept.id)
        self._about = {*catalogue.with_ancestors(self.concept.id), *catalogue.may_be(self.concept.id),
                       *telling}  # fmt: skip
        self._tests = telling
        self.about = {folded(pattern.that) for pattern in (self.pattern, *node.exceptions)
                      if pattern.that}  # fmt: skip

    def __call__(self, chart: Chart) -> Outcome:
        return self.judged(chart, {})

    def judged(self, chart: Chart, answers: Answers) -> Outcome:
        """The outcome with some words of the criterion answered by a person."""
        if self._untouched(chart):
            return self._by_section(chart)
        known = knowledge(chart, self.asked)
        matches = [self._match(chart, record, answers) for record in known.records]
        matches = [self._doubted(chart, known, found, matches) for found in matches]
        matches += [self._general(chart, record, answers) for record in known.generals]
        rest_ = TRUE if self._shown(chart, known) else known.rest
        truth = disjunction((*(found.truth for found in matches), rest_))
        reach = reached(disjunction, [*(found.reach for found in matches), {rest_}])
        manual = truth is UNKNOWN and len(reach) > 1
        return Outcome(truth, self, (known, matches, reach), manual=manual)

    def _untouched(self, chart: Chart) -> bool:
        """Whether no record and no test of the chart says anything about the condition."""
        return (self.concept.id not in chart.conditions and self._about.isdisjoint(chart.stated)
                and self._tests.isdisjoint(chart.observed))  # fmt: skip

    def _by_section(self, chart: Chart) -> Outcome:
        """What the section alone says: absent where it is complete."""
        truth, why = rest(chart, "conditions", self.asked.window)
        return Outcome(truth, self, (Knowledge([], [], [], [], [], truth, why), [], frozenset({truth})))

    @staticmethod
    def reach(outcome: Outcome) -> Truths:
        """The truths that a person's answers may give."""
        reach: Truths = outcome.facts[2]
        return reach

    def _match(self, chart: Chart, record: Stated, answers: Answers) -> Match:
        found = match(chart, record, self.pattern, history=self.node.history, answers=answers)
        if self.family:
            found = found.unless(self._is_the_disease(chart, record), "the disease of the trial")
        for exception in self.node.exceptions:
            found = found.unless(self._excepted(chart, record, exception, answers), "an exception")
        return found

    def _general(self, chart: Chart, record: Stated, answers: Answers) -> Match:
        """Whether a more general record may be of the kind that is meant."""
        supposed = self._match(chart, replace(record, concept=self.concept.id), answers)
        if supposed.truth is FALSE:
            return replace(supposed, record=record)
        name = self.concept.name
        return Match(record, UNKNOWN, f"it may be {name}", f"is it {name}?")

    def _is_the_disease(self, chart: Chart, record: Stated) -> Match:
        about = chart.catalogue[record.concept]
        if self.family in chart.catalogue.with_ancestors(about.id) or (
            about.entry.get("family") == self.family
        ):
            return Match(record, TRUE)
        may_be = chart.catalogue.is_a(self.family, record.concept)
        return Match(record, UNKNOWN if may_be else FALSE, "it may be the disease of the trial",
                     "is it the disease of the trial?")  # fmt: skip

    def _excepted(self, chart: Chart, record: Stated, exception: r.Pattern, answers: Answers) -> Match:
        if chart.catalogue.is_a(record.concept, exception.concept):
            return match(chart, record, exception, history=True, supposed=True, answers=answers)
        name = chart.catalogue[exception.concept].name
        if not chart.catalogue.is_a(exception.concept, record.concept):
            return Match(record, FALSE)
        supposed = match(chart, replace(record, concept=exception.concept), exception, history=True,
                         supposed=True, answers=answers)  # fmt: skip
        truth = FALSE if supposed.truth is FALSE else UNKNOWN
        return Match(record, truth, f"it may be {name}", f"is it {name}?")

    # --- what contradicts itself

    def _doubted(self, chart: Chart, known: Knowledge, found: Match, matches: Sequence[Match]) -> Match:
        """A match held open by what says otherwise and is not surely earlier."""
        against = self._against(chart, known, found, matches) if found.truth is TRUE else ""
        if not against:
            return found
        return Match(found.record, UNKNOWN, f"but {against}", "is it present or not?")

    def _against(self, chart: Chart, known: Knowledge, found: Match, matches: Sequence[Match]) -> str:
        when, concept = found.record.when, found.record.concept
        for test in known.tests:
            if test.truth is FALSE and not earlier(test.when, when):
                return test.reason
        for record in known.denials:
            # What surely was before a denial has been, though it is no more.
            over = self.asked.past and (
                earlier(when, record.when)
                or (found.record.status == "resolved" and not is_event(chart, concept))
            )
            about = chart.catalogue.is_a(concept, record.concept)
            if about and not over and not earlier(record.when, when):
                return sentence(chart, record)
        if self.asked.past or self.asked.several:
            return ""
        ties = [other.record for other in matches
                if other.truth is FALSE and other.record.concept == concept]  # fmt: skip
        return f"{sentence(chart, ties[0])}, and may be later" if ties else ""

    def _shown(self, chart: Chart, known: Knowledge) -> bool:
        """Whether a test shows the condition, and nothing that may be later says otherwise."""
        shown = [test for test in known.tests if test.truth is TRUE]
        if not self.plain or len(shown) < len(known.tests):
            return False
        contrary = [record for record in (*known.absent, *known.records)
                    if record.status in ("absent", "resolved")
                    and chart.catalogue.is_a(self.concept.id, record.concept)]  # fmt: skip
        return any(self.asked.past or all(earlier(record.when, test.when) for record in contrary)
                   for test in shown)  # fmt: skip

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        known: Knowledge
        known, matches, _ = outcome.facts
        evidence = [fact(chart, found.record) for found in matches]
        evidence += [fact(chart, record) for record in known.absent]
        evidence += [wording.evidence(chart, value) for test in known.tests for value in test.values]
        grounds = Grounds("", list(dict.fromkeys(evidence)), turns=self._turns(chart, matches))
        if outcome.truth is UNKNOWN:
            self._word_unknown(grounds, known, matches, chart)
        else:
            grounds.reason = self._decided(outcome.truth, known, matches, chart)
            grounds.expires = _expiry(chart, known) if outcome.truth is FALSE else None
        return grounds

    def _turns(self, chart: Chart, matches: Iterable[Match]) -> list[date]:
        windows = [self.pattern.window, self.pattern.resolved]
        windows += [exception.resolved or exception.window for exception in self.node.exceptions]
        return sorted({day for found in matches for window in windows
                       for day in turns(chart, window, presence(chart, found.record)[1])})  # fmt: skip

    def _decided(self, truth: Truth, known: Knowledge, matches: Sequence[Match], chart: Chart) -> str:
        if truth is TRUE:
            found = next((found for found in matches if found.truth is TRUE), None)
            if found is not None:
                return sentence(chart, found.record)
            return f"{self.name} is present: {_told(known, TRUE)}"
        others = [found for found in matches if found.why != IS_THE_DISEASE]
        not_matching = [_said(chart, found) for found in others[:2]]
        return "; ".join(part for part in (*not_matching, self._no_other(known, chart)) if part)

    def _no_other(self, known: Knowledge, chart: Chart) -> str:
        match known.why:
            case "test":
                return f"{self.name} is absent: {_told(known, FALSE)}"
            case "absent":
                return sentence(chart, known.absent[0])
            case "complete":
                record = "further record" if known.records else "record"
                until = chart.sections["conditions"].complete
                return f"no {record} of {self.name}; conditions are complete up to {until}"
            case _:
                return ""

    def _word_unknown(
        self, grounds: Grounds, known: Knowledge, matches: Sequence[Match], chart: Chart
    ) -> None:
        reasons = []
        for found in (found for found in matches if found.truth is UNKNOWN):
            reasons.append(_said(chart, found))
            lacks = f" ({found.lacks})" if found.lacks else ""
            grounds.missing.append(f"condition: {found.record.recorded}{lacks}")
            asked = wording.first_upper(found.record.recorded)
            grounds.questions.append(f"{asked}: {found.question}")
        if known.rest is UNKNOWN:
            reasons.append(self._open(known, chart))
            grounds.missing.append(f"condition: {self.name}")
            grounds.questions.append(f"Is there {_any(self.form)}?")
        grounds.reason = "; ".join(reasons)

    def _open(self, known: Knowledge, chart: Chart) -> str:
        if known.why == "test":
            told = [test.reason for test in known.tests]
            told += [sentence(chart, record) for record in (*known.absent, *known.records)]
            return ", but ".join(dict.fromkeys(told))
        if known.why == "opened":
            return f"{known.opened} may mean {self.name}"
        more = f"further {self.name}" if known.records and not self.node.other else self.name
        return why_open(chart, "conditions", known.why, more)


def _said(chart: Chart, found: Match) -> str:
    between = ", " if found.why.startswith("but ") else ": "
    return f"{sentence(chart, found.record)}{between}{found.why}"


def _told(known: Knowledge, truth: Truth) -> str:
    return next((test.reason for test in known.tests if test.truth is truth), "")


def _expiry(chart: Chart, known: Knowledge) -> date | None:
    """The first day on which what rules a condition out is too old."""
    days: list[date | None] = []
    if known.why == "absent":
        held = [record for record in known.absent if holds_still(chart, record)]
        ends = [chart.expiry(record.when, ABSENCE_HOLDS) for record in held]
        days = [] if None in ends else [max(day for day in ends if day is not None)]
    elif known.why == "test":
        values = known.tests[0].values
        days = [chart.expiry(value.when, chart.max_age(value.concept, None, None)) for value in values]
    return min((day for day in days if day is not None), default=None)


def _any(form: str) -> str:
    """What a question asks for; exceptions are for the criterion to list."""
    asked, _, exceptions = wording.unquoted(form).partition(" except ")
    article = "a" if asked.startswith("history") else "any"
    return f"{article} {asked}{', apart from the exceptions' if exceptions else ''}"
