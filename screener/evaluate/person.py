"""Statements about age, sex and states that the profile answers, and what only a person can say."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import after, before
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.reading import period
from screener.evaluate.readings import default
from screener.model import rule as r
from screener.model.calendar import Period, Span, back, forward, shifted
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, negation, of
from screener.model.verdict import Evidence


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
        edge = back(chart.as_of, self._span(value))
        following = back(chart.as_of, self._following(value))
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

    def _span(self, value: Decimal) -> Span:
        """So many years, months, weeks or days; half a year is six months."""
        whole = value == value.to_integral_value()
        if whole or self.node.unit != "year":
            return Span(int(value), self.node.unit)
        return Span(int(value * 12), "month")

    def _following(self, value: Decimal) -> Span:
        """The age that one reaches next: after 17 years, 18; after 24.9 years, the next month."""
        span = self._span(value)
        return Span(span.count + 1, span.unit)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        test = self.node.test
        limits = [test.value] if isinstance(test, r.Limit) else [test.low, test.high]
        threshold = self.form.removeprefix("age ")
        if chart.birth is None:
            later = chart.patient.birth_date is not None
            told = f"the birth date lies after {chart.as_of}" if later else "age is not recorded"
            return Grounds(told, missing=["birth date"],
                           questions=["What is the date of birth?"], threshold=threshold)  # fmt: skip
        record = "birth_date" if chart.patient.birth_date is not None else "age"
        recorded = chart.patient.birth_date or "recorded age"
        years = _age(chart.birth.last, chart.as_of), _age(chart.birth.first, chart.as_of)
        between = "or" if years[1] - years[0] == 1 else "to"
        shown = str(years[0]) if years[0] == years[1] else f"{years[0]} {between} {years[1]}"
        age = Decimal(years[0]) if years[0] == years[1] else shown
        reason = f"age {shown} years on {chart.as_of}"
        reason += {
            TRUE: "", FALSE: f", not {threshold}",
            UNKNOWN: f": the birth date is not known well enough for {threshold}",
        }[outcome.truth]  # fmt: skip
        grounds = Grounds(reason, [Evidence("age", record, recorded, age, "years")],
                          threshold=threshold, turns=self._turns(chart, limits))  # fmt: skip
        if outcome.truth is UNKNOWN:
            grounds.missing, grounds.questions = ["birth date"], ["What is the exact date of birth?"]
        return grounds

    def _turns(self, chart: Chart, limits: Sequence[Decimal]) -> list[date]:
        if chart.birth is None:
            return []
        days = {shifted(forward(born, span(limit)), late)
                for born in (chart.birth.first, chart.birth.last) for limit in limits
                for span in (self._span, self._following) for late in (0, 1)}  # fmt: skip
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


def _signs(chart: Chart) -> list[str]:
    """What is recorded that speaks for a pregnancy, whatever the profile's own answer."""
    signs = [f"{record.recorded} is recorded ({record.record})"
             for record in chart.conditions.get("pregnancy", ()) if record.status == "active"]  # fmt: skip
    for test in ("pregnancy_test", "hcg"):
        if test in chart.newest_of:
            reading = default(chart, test)
            values = [] if reading.why else reading.values
            name = chart.catalogue[test].name
            signs += [f"{name} {value.recorded} ({value.record})" for value in values
                      if value.word == "positive"]  # fmt: skip
    return signs


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
        outcome = self._by_answer(chart, state)
        if state == "pregnant" and outcome.truth is not TRUE and _signs(chart):
            return Outcome(UNKNOWN, self, ("signs", None))
        return outcome

    def _by_answer(self, chart: Chart, state: str) -> Outcome:
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

    def _old(self, chart: Chart, why: str, when: Period | None) -> list[Evidence]:
        """An answer that is too old or has no date, shown."""
        if why not in ("no date", "too old") or chart.patient.reproductive is None:
            return []
        answer = getattr(chart.patient.reproductive, self.node.state.replace(" ", "_"))
        return [Evidence(self.node.state, _source(chart), "yes" if answer else "no", None, None,
                         str(when) if when else None, chart.age_days(when))]  # fmt: skip

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
            about = {
                "signs": f"open: {'; '.join(_signs(chart))}","no date": "recorded without a date",
                     "too old": f"recorded {wording.on_day(chart, when)}, which is too old: "
                                f"the limit is {self._limit(chart)}"}.get(why, "not recorded")  # fmt: skip
            return Grounds(f"whether the patient is {_a(state)} is {about}",
                           self._old(chart, why, when),
                           missing=[f"{record}: {self.node.state}"],
                           questions=[f"Is the patient {_a(state)}?"])  # fmt: skip
        yes = outcome.truth is TRUE
        day = f" {wording.on_day(chart, when)}" if when is not None else ""
        shown = Evidence(self.node.state, record if candidate else _source(chart),
                         "yes" if yes else "no", None, None,
                         str(when) if when else None, chart.age_days(when))  # fmt: skip
        expires = None if candidate else chart.expiry(when, self._limit(chart))
        return Grounds(f"{'' if yes else 'not '}{_a(state)}{day}", [shown], expires=expires)


def _source(chart: Chart) -> str:
    """What evidence calls the profile's one record of reproductive status."""
    recorded = chart.patient.reproductive
    return (recorded.source if recorded else None) or "reproductive"


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
                       questions=[f"Is it so: {wording.said(self.node.text)}?"])  # fmt: skip
