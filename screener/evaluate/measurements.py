"""Statements about measurements: a value against a threshold, or a result in a word."""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.measured import Measured
from screener.evaluate.thresholds import Threshold, normal
from screener.evaluate.values import convert, plausible
from screener.model import rule as r
from screener.model.interval import Comparator, Interval, decimal, holds, rounded
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, conjunction, negation
from screener.model.verdict import Margin
from screener.vocabulary.catalogue import Catalogue


class MeasurementCheck(Measured):
    """`creatinine < 177 umol/L` and its like."""

    node: r.Measurement

    def __init__(
        self, node: r.Measurement, form: str, printed: tuple[str, ...], catalogue: Catalogue,
        disease: str = "", max_age: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(node, form, catalogue, disease, max_age)
        self.printed = printed  # each threshold as the language writes it, without its sign
        self.thresholds = tuple(Threshold(catalogue, self.concept, limit) for limit in limits_of(node.test))
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

        if len(self.thresholds) == 1:
            return self.thresholds[0]
        return min(self._limiting or self.thresholds, key=distance)

    @cached_property
    def _limiting(self) -> list[Threshold]:
        """The thresholds that a value can be beyond: the end of a scale is no limit."""
        catalogue, limiting = self.thresholds[0].catalogue, []
        for threshold in self.thresholds:
            low, high = plausible(catalogue, self.concept, threshold.unit)
            limit = threshold.limit
            end = {">=": low, "<=": high}.get(limit.comparator)
            if threshold.which or end is None or limit.value != end:
                limiting.append(threshold)
        return limiting

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

    def verb(self, truth: Truth, value: Observed) -> str:
        if isinstance(self.node.test, r.Range):
            return "is within" if truth is TRUE else "is outside"
        threshold = self._fitting(value) if self.either else self.thresholds[0]
        comparator = threshold.limit.comparator
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
        if seen is None and threshold.which:
            return (f"{self._value(value, chart)} cannot be compared with {printed}: "
                    f"{normal(chart, self.concept, value, threshold.which)[1]}")  # fmt: skip
        if seen is None:
            return (f"{self._value(value, chart)} is in a unit that does not convert "
                    f"into that of {printed}")  # fmt: skip
        return super().undecided(value, chart)

    def margin(self, value: Observed, chart: Chart) -> Margin | None:
        """How far the value lies from its threshold, on whichever side the verdict says."""
        distance = _distance(self._nearest(value, chart), value, chart)
        if distance is None or not self._limiting:
            return None
        unit = value.unit.printed if value.unit is not None else ""
        return Margin(Decimal(rounded(distance, 6)), unit)

    def shortfall(self, margin: Margin | None, truth: Truth, *, fails: bool) -> str:
        if truth is TRUE or margin is None or margin.value == 0:
            return ""
        # Who fails an "at least" falls short of it; an exclusion of "at least" is passed by the same value.
        demand = isinstance(self.node.test, r.Limit) and self.node.test.comparator == ">="
        return f" ({'short by' if demand and fails else 'by'} {wording.amount(margin.value, margin.unit)})"

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


def limits_of(test: r.Test) -> tuple[r.Limit, ...]:
    """The limits that a test sets, each with the unit it was written in."""
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
    number, seen = wording.narrow(value.interval), threshold.seen_from(value, chart)
    if number is None or seen is None or seen.exact is None or value.word:
        return None
    exact = value.interval.exact if value.interval is not None else None
    return abs((number if exact is None else exact) - seen.exact)


class FindingCheck(Measured):
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
        lower, upper = (normal(chart, self.concept, value, which)[0] for which in ("LLN", "ULN"))
        if lower is None and upper is None:
            return UNKNOWN
        # A test with one limit only has no other one to miss.
        return conjunction((_within(value.interval, ">=", lower), _within(value.interval, "<=", upper)))

    def against(self, value: Observed, chart: Chart) -> str:  # noqa: ARG002
        return self.node.outcome

    def undecided(self, value: Observed, chart: Chart) -> str:
        return f"{self._value(value, chart)} does not say whether it is {self.node.outcome}"


def is_positive(value: Observed) -> Truth:
    """Whether a test found what it looks for, by its word or its number."""
    return value.positive


def _within(interval: Interval, comparator: Comparator, bound: Interval | None) -> Truth:
    if bound is None or bound.low is None or bound.high is None:
        return TRUE
    first, second = holds(interval, comparator, bound.low), holds(interval, comparator, bound.high)
    return first if first is second else UNKNOWN
