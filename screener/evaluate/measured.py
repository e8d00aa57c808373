"""What statements about measurements share: the values that count, and their grounds in words."""

from datetime import date
from decimal import Decimal

from screener.evaluate import readings, wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.readings import NOT_RECORDED, TOO_OLD, UNUSABLE, Reading
from screener.model import rule as r
from screener.model.calendar import back
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth
from screener.model.verdict import Margin
from screener.vocabulary.catalogue import Catalogue


class Measured(Leaf):
    """A statement about one measurement."""

    def __init__(
        self, node: r.Measurement | r.Finding, form: str, catalogue: Catalogue,
        disease: str, max_age: int | None,
    ) -> None:  # fmt: skip
        self.node = node
        self.form = form
        self.concept = catalogue[node.concepts[0]]
        self.disease = disease
        self.max_age = max_age
        self._key = f"latest {self.concept.id} {node.within} {max_age}"

    def compare(self, value: Observed, chart: Chart) -> Truth:
        raise NotImplementedError

    def against(self, value: Observed, chart: Chart) -> str:
        """What the value is compared with, in words."""
        raise NotImplementedError

    def __call__(self, chart: Chart) -> Outcome:
        if self.node.occasion != "latest":
            return self._at_some_time(chart)
        reading: Reading | None = chart.memo.get(self._key)
        if reading is None:
            reading = chart.memo[self._key] = readings.latest(
                chart, self.concept.id, self.node.within, self.max_age
            )
        if reading.why:
            return Outcome(UNKNOWN, self, reading, manual=self._is_judgement(reading))
        return Outcome(self._all(reading.values, chart), self, reading)

    def _all(self, values: list[Observed], chart: Chart) -> Truth:
        """The truth where every value that may be the one gives it."""
        truth = self.compare(values[0], chart)
        for value in values[1:]:
            if self.compare(value, chart) is not truth:
                return UNKNOWN
        return truth

    def _is_judgement(self, reading: Reading) -> bool:
        """Life expectancy and its like: where nobody recorded it, a person's word can settle it."""
        return (reading.why in (NOT_RECORDED, TOO_OLD)
                and self.concept.entry.get("judgement") == "yes")  # fmt: skip

    def _at_some_time(self, chart: Chart) -> Outcome:
        """True from any record, and never false for want of one."""
        found = readings.ever(chart, self.concept.id)
        if self.node.occasion == "at diagnosis":
            found = [values for values in found if readings.at_diagnosis(chart, self.disease, values)]
        for values in found:
            if self._all(values, chart) is TRUE:
                return Outcome(TRUE, self, Reading(values, "", None))
        shown = [value for values in found for value in values]
        return Outcome(UNKNOWN, self, Reading(shown, "" if shown else NOT_RECORDED, None))

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        reading: Reading = outcome.facts
        evidence = [wording.evidence(chart, value, *self.converted(value)) for value in reading.values]
        if outcome.truth is UNKNOWN:
            return Grounds(
                self._why_unknown(reading, chart), evidence, self._missing(reading),
                [self._question(reading, chart)], threshold=self.threshold(),
            )  # fmt: skip
        value = reading.values[0]
        margin = self.margin(value, chart)
        told = f"{self._value(value, chart)} {self.verb(outcome.truth, value)} {self.against(value, chart)}"
        return Grounds(
            told + self.shortfall(margin, outcome.truth, fails=False),
            evidence,
            failing=told + self.shortfall(margin, outcome.truth, fails=True),
            threshold=self.threshold(),
            margin=margin,
            expires=self._expires(reading, chart),
        )

    def verb(self, truth: Truth, value: Observed) -> str:  # noqa: ARG002
        return "is not" if truth is FALSE else "is"

    def threshold(self) -> str | None:
        return None

    def converted(self, value: Observed) -> tuple[Decimal | None, str | None]:  # noqa: ARG002
        return None, None

    def margin(self, value: Observed, chart: Chart) -> Margin | None:  # noqa: ARG002
        return None

    def shortfall(self, margin: Margin | None, truth: Truth, *, fails: bool) -> str:  # noqa: ARG002
        return ""

    def _value(self, value: Observed, chart: Chart) -> str:
        return f"{self.concept.name} {_shown(value)} {wording.on_day(chart, value.when)}"

    def _expires(self, reading: Reading, chart: Chart) -> date | None:
        if self.node.occasion != "latest":
            return None
        days = [chart.expiry(value.when, reading.limit) for value in reading.values]
        return min((day for day in days if day is not None), default=None)

    # --- what is not known

    def _missing(self, reading: Reading) -> list[str]:
        return list(reading.lacking) or [f"observation: {self.concept.name}"]

    def _question(self, reading: Reading, chart: Chart) -> str:
        name, verb = self.concept.name, wording.is_or_are(self.concept.name)
        if self.node.occasion != "latest":
            when = "at some time" if self.node.occasion == "ever" else "at diagnosis"
            return f"Was {self.form.removeprefix(self.node.occasion).strip()} shown {when}?"
        if reading.why == UNUSABLE:
            return f"What {verb} the {name}, with unit and date?"
        if reading.lacking:
            return f"What {verb} the {name}, or {_listed(reading.lacking)}?"
        since = back(chart.as_of, reading.limit) if reading.limit else None
        return f"What {verb} the {name}{f' on or after {since}' if since else ''}?"

    def _why_unknown(self, reading: Reading, chart: Chart) -> str:
        if self.node.occasion != "latest":
            shown = self.form.removeprefix(self.node.occasion).strip()
            return f"no record shows {shown}{' at diagnosis' if self.node.occasion != 'ever' else ''}"
        absent = f"{self.concept.name} {wording.is_or_are(self.concept.name)} not recorded"
        match reading.why:
            case "not recorded":
                return absent
            case "underived":
                return f"{absent}, and computing it needs {_listed(reading.lacking)}"
            case "too old":
                return f"{self._value(reading.values[0], chart)} is too old: the limit is {reading.limit}"
            case "unusable":
                value = next(value for value in reading.values if value.problem)
                return f"{self._value(value, chart)} cannot be used: {value.problem}"
            case _:
                return self._why_undecided(reading.values, chart)

    def _why_undecided(self, values: list[Observed], chart: Chart) -> str:
        if len({self.compare(value, chart) for value in values}) == 1:
            return self.undecided(values[0], chart)
        shown = dict.fromkeys(_shown(value) for value in values)
        day = wording.on_day(chart, values[0].when)
        if any(value.formula for value in values):
            return f"{self.concept.name} may be {' or '.join(shown)} {day}: {values[0].formula}"
        return f"conflicting values of {self.concept.name}: {wording.listed(list(shown))} {day}"

    def undecided(self, value: Observed, chart: Chart) -> str:
        """Why one usable value does not decide."""
        return f"{self._value(value, chart)} may lie on either side of {self.against(value, chart)}"


def _shown(value: Observed) -> str:
    if not value.formula:
        if value.unit is None or not value.recorded.endswith(f" {value.unit.code}"):
            return value.recorded
        return value.recorded.removesuffix(value.unit.code) + value.unit.printed
    unit = f" {value.unit.printed}" if value.unit is not None else ""
    number = wording.number(value.interval) if value.interval is not None else value.word
    return f"{number}{unit} (computed)"


def _listed(names: tuple[str, ...]) -> str:
    return wording.listed([name.partition(": ")[2] or name for name in names])
