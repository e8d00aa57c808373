"""Statements about procedures, allergies, age, sex and states that the profile answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Stated, after, before
from screener.evaluate.history import REAL, fact, holds_still, sentence
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.patterns import SEVERITY
from screener.evaluate.reading import period
from screener.evaluate.windows import in_window, turns
from screener.model import rule as r
from screener.model.calendar import Period, Span, back, forward
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

Judged = list[tuple[Stated, Truth]]


def _open_rest(
    chart: Chart, section: str, general: Sequence[Stated], absent: Sequence[Stated]
) -> tuple[Truth, str]:
    """Whether there may be a record that the profile does not hold, and why."""
    if absent:
        return FALSE, "absent"
    about = chart.sections[section]
    if about.covers(chart.as_of) is not TRUE:
        return UNKNOWN, "stale" if about.complete is not None else "not recorded"
    if about.unclear:
        return UNKNOWN, "not understood"
    return (UNKNOWN, "general") if general else (FALSE, "complete")


def _why_open(chart: Chart, section: str, why: str, name: str, general: Sequence[Stated]) -> str:
    about = chart.sections[section]
    match why:
        case "stale":
            return f"{name} is not recorded, and {section} are complete only up to {about.complete}"
        case "not understood":
            return f"{name} is not recorded, and {about.unclear[0].record} was not understood and may be that"
        case "general":
            return f"{general[0].recorded} ({general[0].record}) may be {name}"
        case _:
            return f"{name} is not recorded"


class ProcedureCheck(Leaf):
    """`autologous stem cell transplant at least 3 months ago`."""

    def __init__(self, node: r.Procedure, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.concept = catalogue[node.concepts[0]]

    def __call__(self, chart: Chart) -> Outcome:
        about, window = self.concept.id, self.node.window
        lines = chart.catalogue.with_ancestors(about)
        done = [record for record in chart.procedures.get(about, ())
                if record.status in (*REAL, "suspected") and not self._excepted(chart, record)]  # fmt: skip
        absent = [record for line in lines for record in chart.procedures.get(line, ())
                  if record.concept == line and record.status == "absent" and holds_still(chart, record)]  # fmt: skip
        general = [record for line in lines[1:] for record in chart.procedures.get(line, ())
                   if record.concept == line and record.status != "absent"]  # fmt: skip
        judged = [(record, self._when(chart, record)) for record in done]
        rest, why = _open_rest(chart, "procedures", general, [] if done else absent)
        if window is not None and window.relation in ("at least", "more than"):
            truth = self._since(judged, rest)
        else:
            truth = disjunction((*(truth for _, truth in judged), rest))
        return Outcome(truth, self, (judged, absent, general, why, rest))

    def _excepted(self, chart: Chart, record: Stated) -> bool:
        return any(chart.catalogue.is_a(record.concept, name) for name in self.node.exceptions)

    def _when(self, chart: Chart, record: Stated) -> Truth:
        if record.status == "suspected":
            return UNKNOWN
        if self.node.window is not None:
            return in_window(chart, self.node.window, record.when, record.when)
        return TRUE if record.when is None else before(record.when, chart.as_of)

    @staticmethod
    def _since(judged: Judged, rest: Truth) -> Truth:
        """The time since the last one: all must lie so far back, and there must be one."""
        exists = TRUE if any(record.status != "suspected" for record, _ in judged) else rest
        return conjunction((exists, *(truth for _, truth in judged), negation(rest) if judged else TRUE))

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        judged: Judged
        judged, absent, general, why, rest = outcome.facts
        name = self.concept.name
        grounds = Grounds("", [fact(chart, record) for record in (*(r for r, _ in judged), *absent)])
        for record, _ in judged:
            grounds.turns += turns(chart, self.node.window, record.when)
        telling = [record for record, truth in judged if truth is outcome.truth]
        said = "; ".join(f"{record.recorded} {wording.on_day(chart, record.when)} ({record.record})"
                         for record in telling)  # fmt: skip
        if outcome.truth is TRUE:
            grounds.reason = said
        elif outcome.truth is FALSE:
            grounds.reason = self._absent(chart, said, absent)
        else:
            asked = self.node.window is not None and bool(telling)
            parts = [f"{said}: its date is not known well enough" if telling else ""]
            if rest is UNKNOWN:
                further = f"a later {name}" if judged else name
                parts.append(_why_open(chart, "procedures", why, further, general))
            grounds.reason = "; ".join(part for part in parts if part)
            grounds.missing = [f"procedure: {name}{' (date)' if asked else ''}"]
            grounds.questions = [f"When was the {name}?" if asked else f"Was there {_an(self.form)}?"]
        if self.node.window is not None:
            grounds.threshold = self.form.removeprefix(name).strip()
        return grounds

    def _absent(self, chart: Chart, said: str, absent: Sequence[Stated]) -> str:
        if said:
            return f"{said}, outside the time asked for"
        if absent:
            return sentence(chart, absent[0])
        until = chart.sections["procedures"].complete
        return f"no record of {self.concept.name}; procedures are complete up to {until}"


def _an(form: str) -> str:
    return f"an {form}" if form[:1] in "aeiou" else f"a {form}"


class AllergyCheck(Leaf):
    """`allergy or intolerance to lenalidomide`."""

    def __init__(self, node: r.Allergy, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.concept = catalogue[node.substances[0]]
        self.label = f"{' or '.join(node.types)} to {self.concept.name}"

    def __call__(self, chart: Chart) -> Outcome:
        name = self.concept.id
        lines = chart.catalogue.with_ancestors(name)
        found = [record for record in chart.allergies.get(name, ()) if record.status != "absent"]
        absent = [record for line in lines for record in chart.allergies.get(line, ())
                  if record.concept == line and record.status == "absent"
                  and record.type in ("", *self.node.types) and holds_still(chart, record)]  # fmt: skip
        general = [record for line in lines[1:] for record in chart.allergies.get(line, ())
                   if record.concept == line and record.status != "absent"]  # fmt: skip
        own = [record for record in found if record.concept == name]
        judged = [(record, self._matches(record)) for record in found]
        rest, why = _open_rest(chart, "allergies", general, absent)
        if why == "absent" and own:
            rest, why = self._latest(own, absent)
        truth = disjunction((*(truth for _, truth in judged), rest))
        if why == "absent" and own:
            truth = rest
        elif why == "conflict" and truth is TRUE:
            truth = UNKNOWN
        manual = truth is UNKNOWN and rest is FALSE and self.node.severe
        return Outcome(truth, self, (judged, absent, general, why), manual=manual)

    @staticmethod
    def _latest(own: Sequence[Stated], absent: Sequence[Stated]) -> tuple[Truth, str]:
        """Of an allergy recorded both ways the later record decides, if it surely is later."""
        presents = [record.when for record in own]
        absents = [record.when for record in absent]
        if all(day is not None for day in (*presents, *absents)):
            last = max(day.last for day in presents if day is not None)
            since = max(day.first for day in absents if day is not None)
            if since > last:
                return FALSE, "absent"
            if max(day.last for day in absents if day) < max(day.first for day in presents if day):
                return FALSE, "recorded"
        return UNKNOWN, "conflict"

    def _matches(self, record: Stated) -> Truth:
        if record.status == "suspected":
            return UNKNOWN
        truth = of(record.status == "active")
        if record.type and record.type not in self.node.types:
            truth = FALSE
        elif not record.type and "allergy" not in self.node.types:
            truth = conjunction((truth, UNKNOWN))
        if self.node.severe:
            severity = SEVERITY.get(record.severity)
            truth = conjunction((truth, UNKNOWN if severity is None else of(severity >= 3)))
        return truth

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        judged: Judged
        judged, absent, general, why = outcome.facts
        shown = [self._fact(chart, record) for record in (*(record for record, _ in judged), *absent)]
        grounds = Grounds("", shown)
        telling = [record for record, truth in judged if truth is outcome.truth]
        said = "; ".join(self._sentence(chart, record) for record in telling)
        if outcome.truth is TRUE:
            grounds.reason = said
        elif outcome.truth is FALSE and not absent and not telling:
            until = chart.sections["allergies"].complete
            grounds.reason = f"no record of {self.label}; allergies are complete up to {until}"
        elif outcome.truth is FALSE:
            grounds.reason = self._sentence(chart, absent[0]) if absent else said
        else:
            grounds.reason = (f"{said or self.label}: recorded both ways, or not well enough" if telling or why == "conflict"
                              else _why_open(chart, "allergies", why, self.label, general))  # fmt: skip
            kind = "intolerance" if self.node.types == ("intolerance",) else "allergy"
            grounds.missing = [f"{kind}: {self.concept.name}"]
            severe = "severe " if self.node.severe else ""
            grounds.questions = [f"Is there {_an(f'{severe}{self.label}')}?"]
        return grounds

    def _sentence(self, chart: Chart, record: Stated) -> str:
        kind = record.type or "allergy"
        day = f" {wording.on_day(chart, record.when)}" if record.when is not None else ""
        severity = f"{record.severity} " if record.severity else ""
        state = {"active": "recorded", "absent": "recorded absent"}.get(record.status, record.status)
        return f"{severity}{kind} to {record.recorded} is {state}{day} ({record.record})"

    def _fact(self, chart: Chart, record: Stated) -> Evidence:
        return Evidence(f"allergy:{record.concept}", record.record, record.status, None, None,
                        str(record.when) if record.when else None, chart.age_days(record.when),
                        record.type or None)  # fmt: skip


class AgeCheck(Leaf):
    """`age >= 18 years`: by birthdays, as SEMANTICS 4 counts them."""

    def __init__(self, node: r.Age, form: str) -> None:
        self.node = node
        self.form = form

    def __call__(self, chart: Chart) -> Outcome:
        if chart.birth is None:
            return Outcome(UNKNOWN, self)
        test = self.node.test
        if isinstance(test, r.Range):
            truth = conjunction((self._holds(chart, chart.birth, ">=", test.low),
                                 self._holds(chart, chart.birth, "<=", test.high)))  # fmt: skip
        else:
            truth = self._holds(chart, chart.birth, test.comparator, test.value)
        return Outcome(truth, self)

    def _holds(self, chart: Chart, birth: Period, comparator: str, value: Decimal) -> Truth:
        count = int(value)
        if count != value:  # half a year: by months
            return UNKNOWN
        edge = back(chart.as_of, Span(count, self.node.unit))
        following = back(chart.as_of, Span(count + 1, self.node.unit))
        match comparator:
            case ">=":
                return before(birth, edge)
            case ">":
                return negation(after(birth, edge))
            case "<":
                return negation(before(birth, edge))
            case "<=":
                return negation(before(birth, following))
            case _:
                return conjunction((before(birth, edge), negation(before(birth, following))))

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        test = self.node.test
        limits = [test.value] if isinstance(test, r.Limit) else [test.low, test.high]
        threshold = self.form.removeprefix("age ")
        if chart.birth is None:
            return Grounds("age is not recorded", missing=["birth date"],
                           questions=["What is the date of birth?"], threshold=threshold)  # fmt: skip
        record = "birth_date" if chart.patient.birth_date is not None else "age"
        recorded = chart.patient.birth_date or "recorded age"
        years = _age(chart.birth.last, chart.as_of), _age(chart.birth.first, chart.as_of)
        shown = str(years[0]) if years[0] == years[1] else f"{years[0]} or {years[1]}"
        reason = f"age {shown} years on {chart.as_of}"
        reason += {TRUE: "", FALSE: f", not {threshold}",
                   UNKNOWN: f": the birth date is not known well enough for {threshold}"}[outcome.truth]  # fmt: skip
        grounds = Grounds(reason, [Evidence("age", record, recorded, shown, "years")],
                          threshold=threshold, turns=self._turns(chart, limits))  # fmt: skip
        if outcome.truth is UNKNOWN:
            grounds.missing, grounds.questions = ["birth date"], ["What is the exact date of birth?"]
        return grounds

    def _turns(self, chart: Chart, limits: Sequence[Decimal]) -> list[date]:
        if chart.birth is None:
            return []
        days = {forward(born, Span(int(limit) + more, self.node.unit)) + timedelta(days=late)
                for born in (chart.birth.first, chart.birth.last) for limit in limits
                for more in (0, 1) for late in (0, 1)}  # fmt: skip
        return sorted(day for day in days if day > chart.as_of)


def _age(born: date, day: date) -> int:
    years = day.year - born.year
    return years if back(day, Span(years, "year")) >= born else years - 1


class SexCheck(Leaf):
    """`female`, `male`."""

    def __init__(self, node: r.Sex, form: str) -> None:
        self.node = node
        self.form = form

    def __call__(self, chart: Chart) -> Outcome:
        known = chart.sex in ("female", "male")
        return Outcome(of(chart.sex == self.node.sex) if known else UNKNOWN, self)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        if outcome.truth is UNKNOWN:
            said = "sex is recorded as other" if chart.sex else "sex is not recorded"
            return Grounds(said, missing=["sex"], questions=[f"Is the patient {self.node.sex}?"])
        return Grounds(f"sex is {chart.sex}", [Evidence("sex", "sex", str(chart.sex))])


class StatusCheck(Leaf):
    """`pregnant`, `breastfeeding`, `of childbearing potential`, `transplant candidate`."""

    def __init__(self, node: r.Status, form: str) -> None:
        self.node = node
        self.form = form

    def __call__(self, chart: Chart) -> Outcome:
        if self.node.state == "transplant candidate":
            return self._candidate(chart)
        if chart.sex == "male":
            return Outcome(FALSE, self, ("male", None))
        return self._answered(chart, self.node.state)

    def _candidate(self, chart: Chart) -> Outcome:
        answer = chart.patient.transplant_candidate
        when = period(answer.date) if answer is not None else None
        if answer is None or (when is not None and before(when, chart.as_of) is not TRUE):
            return Outcome(UNKNOWN, self, ("not recorded", None))
        return Outcome(of(answer.value), self, ("answered", when))

    def _answered(self, chart: Chart, state: str) -> Outcome:
        recorded = chart.patient.reproductive
        answer = None if recorded is None else {
            "pregnant": recorded.pregnant, "breastfeeding": recorded.breastfeeding,
            "childbearing potential": recorded.childbearing_potential,
        }[state]  # fmt: skip
        when = period(recorded.date) if recorded is not None else None
        if recorded is None or answer is None:
            # Who cannot bear a child is not pregnant.
            barren = recorded is not None and recorded.childbearing_potential is False
            if not (state == "pregnant" and barren):
                return Outcome(UNKNOWN, self, ("not recorded", None))
            answer = False
        if when is None:
            return Outcome(UNKNOWN, self, ("no date", None))
        if before(when, chart.as_of) is not TRUE:
            return Outcome(UNKNOWN, self, ("not recorded", None))
        if chart.too_old(when, self._limit(chart)):
            return Outcome(UNKNOWN, self, ("too old", when))
        return Outcome(of(answer), self, ("answered", when))

    @staticmethod
    def _limit(chart: Chart) -> Span | None:
        return chart.max_age("reproductive", None, None)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        why, when = outcome.facts
        state = "of childbearing potential" if "child" in self.node.state else self.node.state
        if why == "male":
            return Grounds("the patient is male", [Evidence("sex", "sex", "male")])
        candidate = self.node.state == "transplant candidate"
        record = "transplant_candidate" if candidate else "reproductive"
        if outcome.truth is UNKNOWN:
            about = {"no date": "recorded without a date",
                     "too old": f"recorded {wording.on_day(chart, when)}, which is too old: "
                                f"the limit is {self._limit(chart)}"}.get(why, "not recorded")  # fmt: skip
            return Grounds(f"whether the patient is {_a(state)} is {about}",
                           missing=[f"{record}: {self.node.state}"],
                           questions=[f"Is the patient {_a(state)}?"])  # fmt: skip
        yes = outcome.truth is TRUE
        day = f" {wording.on_day(chart, when)}" if when is not None else ""
        shown = Evidence(self.node.state, record, "yes" if yes else "no", None, None,
                         str(when) if when else None, chart.age_days(when))  # fmt: skip
        expires = None if candidate else chart.expiry(when, self._limit(chart))
        return Grounds(f"{'' if yes else 'not '}{_a(state)}{day}", [shown], expires=expires)


def _a(state: str) -> str:
    return f"a {state}" if state == "transplant candidate" else state


class ManualCheck(Leaf):
    """`manual("…")`: unknown until a person answers."""

    def __init__(self, node: r.Manual, form: str) -> None:
        self.node = node
        self.form = form

    def __call__(self, chart: Chart) -> Outcome:  # noqa: ARG002
        return Outcome(UNKNOWN, self, manual=True)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:  # noqa: ARG002
        return Grounds(f"a person must say: {self.node.text}", missing=["attestation"],
                       questions=[f"Is it so: {self.node.text}?"])  # fmt: skip


