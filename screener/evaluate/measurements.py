"""Statements about measurements: which value counts, how it compares, and why."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.derived import derive
from screener.evaluate.facts import Observed
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.thresholds import Threshold, normal
from screener.evaluate.values import convert
from screener.model import rule as r
from screener.model.calendar import Period, Span, back, forward
from screener.model.interval import Interval, decimal, holds, rounded
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, negation
from screener.model.verdict import Margin
from screener.vocabulary.catalogue import Catalogue

NOT_RECORDED, TOO_OLD, UNUSABLE, UNDERIVED = "not recorded", "too old", "unusable", "underived"
_DIAGNOSIS = Span(90, "day")  # a value this near the onset is one at diagnosis


class Reading:
    """The values that count for a concept, each of which may be the newest, or why none does."""

    __slots__ = ("lacking", "limit", "values", "why")

    def __init__(
        self, values: list[Observed], why: str, limit: Span | None, lacking: tuple[str, ...] = ()
    ) -> None:
        self.values = values
        self.why = why
        self.limit = limit
        self.lacking = lacking


def latest(chart: Chart, concept: str, stated: Span | None, of_rules: int | None) -> Reading:
    """The newest usable value of a concept; where none is recorded, or only an old one, what
    follows from others."""
    limit = chart.max_age(concept, stated, of_rules)
    records = chart.observed.get(concept)
    if not records:
        return _derived(chart, concept, limit, Reading([], NOT_RECORDED, limit))
    newest = chart.newest(records)
    if any(record.problem for record in newest):
        return Reading(newest, UNUSABLE, limit)
    if any(chart.too_old(record.when, limit) for record in newest if record.when):
        return _derived(chart, concept, limit, Reading(newest, TOO_OLD, limit))
    return Reading(newest, "", limit)


def _derived(chart: Chart, concept: str, limit: Span | None, otherwise: Reading) -> Reading:
    derived = derive(chart, concept, lambda name: latest(chart, name, limit, None).values
                     if not latest(chart, name, limit, None).why else [])  # fmt: skip
    if derived is None:
        return otherwise
    values, lacking = derived
    if not values:
        return otherwise if otherwise.values else Reading([], UNDERIVED, limit, tuple(lacking))
    return Reading(values, "", limit)


class _Measured(Leaf):
    """What checks of a measurement share. One concept each."""

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
            reading = chart.memo[self._key] = latest(
                chart, self.concept.id, self.node.within, self.max_age
            )
        if reading.why:
            return Outcome(UNKNOWN, self, reading, manual=self._is_judgement(reading))
        values = reading.values
        truth = self.compare(values[0], chart)
        for value in values[1:]:
            if self.compare(value, chart) is not truth:
                return Outcome(UNKNOWN, self, reading)
        return Outcome(truth, self, reading)

    def _is_judgement(self, reading: Reading) -> bool:
        """Life expectancy and its like: where nobody recorded it, a person's word can settle it."""
        return reading.why == NOT_RECORDED and self.concept.entry.get("judgement") == "yes"

    def _at_some_time(self, chart: Chart) -> Outcome:
        records = [record for record in chart.observed.get(self.concept.id, ())
                   if record.problem in ("", "it has no date")]  # fmt: skip
        if self.node.occasion == "at diagnosis":
            records = [record for record in records if self._at_diagnosis(chart, record.when)]
        met = [record for record in records if self.compare(record, chart) is TRUE]
        if met:
            return Outcome(TRUE, self, Reading(met[:1], "", None))
        return Outcome(UNKNOWN, self, Reading(records, "" if records else NOT_RECORDED, None))

    def _at_diagnosis(self, chart: Chart, when: Period | None) -> bool:
        onsets = [record.onset for record in chart.conditions.get(self.disease, ()) if record.onset]
        return when is not None and any(
            when.first >= back(onset.first, _DIAGNOSIS) and when.last <= forward(onset.last, _DIAGNOSIS)
            for onset in onsets
        )

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
        return Grounds(
            f"{self._value(value, chart)} {self.verb(outcome.truth)} {self.against(value, chart)}"
            f"{self.shortfall(value, chart, outcome.truth)}",
            evidence,
            threshold=self.threshold(),
            margin=self.margin(value, chart, outcome.truth),
            expires=self._expires(reading, chart),
        )

    def verb(self, truth: Truth) -> str:
        return "is" if truth is TRUE else "is not"

    def threshold(self) -> str | None:
        return None

    def converted(self, value: Observed) -> tuple[Decimal | None, str | None]:  # noqa: ARG002
        return None, None

    def margin(self, value: Observed, chart: Chart, truth: Truth) -> Margin | None:  # noqa: ARG002
        return None

    def shortfall(self, value: Observed, chart: Chart, truth: Truth) -> str:  # noqa: ARG002
        return ""

    def _value(self, value: Observed, chart: Chart) -> str:
        shown = value.recorded if not value.formula else _computed(value)
        return f"{self.concept.name} {shown} {wording.on_day(chart, value.when)}"

    def _expires(self, reading: Reading, chart: Chart) -> date | None:
        if self.node.occasion != "latest":
            return None
        days = [chart.expiry(value.when, reading.limit) for value in reading.values]
        return min((day for day in days if day is not None), default=None)

    def _missing(self, reading: Reading) -> list[str]:
        return list(reading.lacking) or [f"observation: {self.concept.name}"]

    def _question(self, reading: Reading, chart: Chart) -> str:
        name = self.concept.name
        if self.node.occasion != "latest":
            return f"Was {self.form.removeprefix(self.node.occasion).strip()} {self.node.occasion} shown?"
        if reading.why in (UNUSABLE,):
            return f"What is the {name}, with its unit and date?"
        if reading.lacking:
            return f"What is the {name}, or {_listed(reading.lacking)}?"
        since = back(chart.as_of, reading.limit) if reading.limit else None
        return f"What is the {name}{f' on or after {since}' if since else ''}?"

    def _why_unknown(self, reading: Reading, chart: Chart) -> str:
        name = self.concept.name
        if self.node.occasion != "latest":
            return f"{self.form} is not shown by any record"
        if reading.why == NOT_RECORDED:
            return f"{name} is not recorded"
        if reading.why == UNDERIVED:
            return f"{name} is not recorded, and computing it needs {_listed(reading.lacking)}"
        if reading.why == TOO_OLD:
            value = reading.values[0]
            return f"{self._value(value, chart)} is too old: the limit is {reading.limit}"
        if reading.why == UNUSABLE:
            value = next(value for value in reading.values if value.problem)
            return f"{self._value(value, chart)} cannot be used: {value.problem}"
        truths = {self.compare(value, chart) for value in reading.values}
        if len(truths) > 1:
            shown = " and ".join(dict.fromkeys(_either(value) for value in reading.values))
            return f"conflicting values of {name}: {shown} {wording.on_day(chart, reading.values[0].when)}"
        return self.undecided(reading.values[0], chart)

    def undecided(self, value: Observed, chart: Chart) -> str:
        """Why one usable value does not decide."""
        return f"{self._value(value, chart)} may lie on either side of {self.against(value, chart)}"


class MeasurementCheck(_Measured):
    """`creatinine < 177 umol/L` and its like."""

    node: r.Measurement

    def __init__(
        self, node: r.Measurement, form: str, printed: tuple[str, ...], catalogue: Catalogue,
        disease: str = "", max_age: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(node, form, catalogue, disease, max_age)
        self.printed = printed  # each threshold as the language writes it, without its sign
        self.thresholds = tuple(
            Threshold(catalogue, self.concept, limit) for limit in _limits(node.test)
        )
        self.either = isinstance(node.test, r.EitherUnit)

    def compare(self, value: Observed, chart: Chart) -> Truth:
        if self.either:
            return _holds(self._fitting(value), value, chart)
        if len(self.thresholds) == 1:
            return _holds(self.thresholds[0], value, chart)
        return conjunction(_holds(threshold, value, chart) for threshold in self.thresholds)

    def _fitting(self, value: Observed) -> Threshold:
        """Of a threshold in two units, the one in the unit of the value."""
        first, second = self.thresholds
        return first if first.fits(value) else second

    def _nearest(self, value: Observed, chart: Chart) -> Threshold:
        if self.either:
            return self._fitting(value)

        def distance(threshold: Threshold) -> Decimal:
            found = _distance(threshold, value, chart)
            return Decimal("Infinity") if found is None else found

        return min(self.thresholds, key=distance)

    # --- words

    def threshold(self) -> str | None:
        return self.form_of_test()

    def form_of_test(self) -> str:
        test = self.node.test
        if isinstance(test, r.Range):
            return "-".join((self.printed[0].split(" ")[0], self.printed[1]))
        if isinstance(test, r.EitherUnit):
            first, second = (f"{limit.comparator} {text}"
                             for limit, text in zip(test.of, self.printed, strict=True))  # fmt: skip
            return f"{first} (or {second})"
        return f"{test.comparator} {self.printed[0]}"

    def verb(self, truth: Truth) -> str:
        if isinstance(self.node.test, r.Range):
            return "is within" if truth is TRUE else "is outside"
        comparator = self.thresholds[0].limit.comparator
        return (wording.HOLDS if truth is TRUE else wording.FAILS)[comparator]

    def against(self, value: Observed, chart: Chart) -> str:
        if isinstance(self.node.test, r.Range):
            return self.form_of_test()
        threshold = self._nearest(value, chart)
        printed = self.printed[self.thresholds.index(threshold)]
        return threshold.explained(value, chart, printed)

    def undecided(self, value: Observed, chart: Chart) -> str:
        threshold = self._nearest(value, chart)
        printed = self.printed[self.thresholds.index(threshold)]
        seen = threshold.seen_from(value, chart)
        if seen is None and threshold.normal:
            return (f"{self._value(value, chart)} cannot be compared with {printed}: "
                    f"{normal(chart, self.concept, value, threshold.limit.unit)[1]}")  # fmt: skip
        if seen is None:
            return (f"{self._value(value, chart)} is in a unit that does not convert "
                    f"into that of {printed}")  # fmt: skip
        return super().undecided(value, chart)

    def margin(self, value: Observed, chart: Chart, truth: Truth) -> Margin | None:
        distance = _distance(self._nearest(value, chart), value, chart)
        if distance is None:
            return None
        return Margin(distance if truth is TRUE else -distance,
                      value.unit.printed if value.unit is not None else "")  # fmt: skip

    def shortfall(self, value: Observed, chart: Chart, truth: Truth) -> str:
        margin = self.margin(value, chart, truth)
        if truth is TRUE or margin is None or margin.value == 0:
            return ""
        word = "by" if isinstance(self.node.test, r.Range) else _SHORT[self.thresholds[0].limit.comparator]
        unit = f" {margin.unit}" if margin.unit else ""
        return f" ({word} {rounded(-margin.value)}{unit})"

    def converted(self, value: Observed) -> tuple[Decimal | None, str | None]:
        threshold = self._fitting(value) if self.either else self.thresholds[0]
        target = threshold.unit
        exact = value.interval.exact if value.interval is not None else None
        if target is None or value.unit is None or value.unit.code == target.code or exact is None:
            return None, None
        scale = convert(self.concept, value.unit, target)
        if scale is None:
            return None, None
        return Decimal(rounded(decimal(Fraction(exact) * scale), 6)), target.code


_SHORT = {"<": "over by", "<=": "over by", ">": "short by", ">=": "short by", "=": "by"}


def _limits(test: r.Test) -> tuple[r.Limit, ...]:
    match test:
        case r.Limit():
            return (test,)
        case r.Range():
            return (r.Limit(">=", test.low, test.unit), r.Limit("<=", test.high, test.unit))
        case r.EitherUnit(of=of):
            return of


def _holds(threshold: Threshold, value: Observed, chart: Chart) -> Truth:
    interval, seen = value.interval, threshold.seen_from(value, chart)
    if interval is None or seen is None:
        return UNKNOWN
    comparator = threshold.limit.comparator
    low, high = seen.low, seen.high
    if low is None or high is None:
        return UNKNOWN
    truth = holds(interval, comparator, low)
    if low == high:
        return truth
    return truth if holds(interval, comparator, high) is truth else UNKNOWN


def _distance(threshold: Threshold, value: Observed, chart: Chart) -> Decimal | None:
    exact = value.interval.exact if value.interval is not None else None
    seen = threshold.seen_from(value, chart)
    if exact is None or seen is None or seen.exact is None or value.word:
        return None
    return abs(exact - seen.exact)


def _computed(value: Observed) -> str:
    unit = f" {value.unit.printed}" if value.unit is not None else ""
    shown = wording.number(value.interval) if value.interval is not None else value.word
    return f"{shown}{unit} (computed)"


def _either(value: Observed) -> str:
    return _computed(value) if value.formula else value.recorded


def _listed(names: tuple[str, ...]) -> str:
    bare = [name.partition(": ")[2] or name for name in names]
    return ", ".join(bare[:-1]) + (" and " if len(bare) > 1 else "") + bare[-1]


class FindingCheck(_Measured):
    """`HBsAg positive`, `kappa/lambda ratio abnormal`."""

    node: r.Finding

    def compare(self, value: Observed, chart: Chart) -> Truth:
        if self.node.outcome in ("positive", "negative"):
            truth = is_positive(value)
            return truth if self.node.outcome == "positive" else negation(truth)
        truth = self._normal(value, chart)
        return truth if self.node.outcome == "normal" else negation(truth)

    def _normal(self, value: Observed, chart: Chart) -> Truth:
        if value.word in ("normal", "abnormal"):
            return TRUE if value.word == "normal" else FALSE
        if value.interval is None:
            return UNKNOWN
        return conjunction(
            _within(value.interval, *normal(chart, self.concept, value, which), which)
            for which in ("LLN", "ULN")
        )

    def verb(self, truth: Truth) -> str:
        return "is" if truth is TRUE else "is not"

    def against(self, value: Observed, chart: Chart) -> str:  # noqa: ARG002
        return self.node.outcome

    def undecided(self, value: Observed, chart: Chart) -> str:
        return f"{self._value(value, chart)} does not say whether it is {self.node.outcome}"


def is_positive(value: Observed) -> Truth:
    """A word, or a number: above zero is positive, below the test's limit negative."""
    if value.word:
        return {"positive": TRUE, "negative": FALSE}.get(value.word, UNKNOWN)
    if value.interval is None:
        return UNKNOWN
    if value.interval.high_open and value.interval.low == 0:
        return FALSE
    return holds(value.interval, ">", Decimal(0))


def _within(interval: Interval, bound: Interval | None, source: str, which: str) -> Truth:
    if bound is None or bound.low is None or bound.high is None:
        # A test with an upper limit only has no lower one to miss.
        return TRUE if which == "LLN" and source.startswith("no reference") else UNKNOWN
    comparator: r.Comparator = ">=" if which == "LLN" else "<="
    first, second = holds(interval, comparator, bound.low), holds(interval, comparator, bound.high)
    return first if first is second else UNKNOWN
