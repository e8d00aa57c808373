"""How dates, values and comparisons are put in a sentence."""

from decimal import Decimal

from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.model.calendar import Period
from screener.model.interval import Interval, rounded, text
from screener.model.verdict import Evidence

HOLDS = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "=": "is"}
FAILS = {"<": "is not below", "<=": "is above", ">": "is not above", ">=": "is below",
         "=": "is not"}  # fmt: skip


def first_upper(sentence: str) -> str:
    """The sentence with a capital, unless its first word is a name that has its own."""
    head, _, rest = sentence.partition(" ")
    plain = head.isalpha() and head.islower()
    return head.capitalize() + (" " + rest if rest else "") if plain else sentence


def on_day(chart: Chart, when: Period | None) -> str:
    """`on 2026-09-20 (11 days before)`, or what is known of the day."""
    if when is None:
        return "on an unknown day"
    days = chart.age_days(when)
    if days is None:
        return f"in {when}" if " to " not in str(when) else f"between {when.first} and {when.last}"
    return f"on {when} ({ago(days)})"


def ago(days: int) -> str:
    if days == 0:
        return "the same day"
    return f"{days} day{'' if days == 1 else 's'} before"


def number(interval: Interval) -> str:
    """An interval as a laboratory writes it."""
    if interval.exact is not None:
        return rounded(interval.exact)
    low, high = interval.low, interval.high
    if high is None:
        return "any value" if low is None else f"{'>' if interval.low_open else '>='}{text(low)}"
    if low is None or low == 0:
        return f"{'<' if interval.high_open else '<='}{text(high)}"
    return f"{rounded(low)} to {rounded(high)}"


def evidence(
    chart: Chart, fact: Observed, value: Decimal | str | None = None, unit: str | None = None
) -> Evidence:
    """A measurement as evidence; `value` in `unit` where it was converted."""
    if value is None:
        exact = fact.interval.exact if fact.interval is not None else None
        value = exact if exact is not None else (fact.word or None)
        unit = fact.unit.code if fact.unit is not None else None
    inputs = "; ".join(f"{part.concept} {part.recorded} ({part.record})" for part in fact.inputs)
    note = f"{fact.formula}: {inputs}" if fact.formula else None
    return Evidence(
        fact.concept, fact.record, fact.recorded, value, unit,
        str(fact.when) if fact.when is not None else None, chart.age_days(fact.when), note,
    )  # fmt: skip
