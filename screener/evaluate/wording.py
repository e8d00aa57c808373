"""How dates, values and comparisons are put in a sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence
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


def unquoted(form: str) -> str:
    """A rule's form as a question words it: what it leaves to a person in plain words."""
    return _MANUAL.sub(lambda found: found[1].replace('\\"', '"'), form)


_MANUAL = re.compile(r'manual\("((?:[^"\\]|\\.)*)"\)')


def on_day(chart: Chart, when: Period | None) -> str:
    """`on 2026-09-20 (11 days ago)`, or what is known of the day. Counted back from the day of screening."""
    if when is None:
        return "on an unknown day"
    days = chart.age_days(when)
    if days is not None:
        return f"on {when} ({ago(days)})"
    if when.exact:
        return f"on {when}"
    return f"between {when.first} and {when.last}" if " to " in str(when) else f"in {when}"


def ago(days: int) -> str:
    if days == 0:
        return "the day of screening"
    return f"{days} day{'' if days == 1 else 's'} ago"


def amount(value: Decimal, unit: str) -> str:
    """`54 umol/L`; of time one month and two months."""
    one = value == 1 and unit in _TIMES
    return f"{rounded(value)} {unit.removesuffix('s') if one else unit}".rstrip()


_TIMES = ("hours", "days", "weeks", "months", "years")


def together(sentences: Iterable[str]) -> list[str]:
    """Sentences, each once; what is absent for one and the same reason stands in one of them."""
    absent: dict[str, list[str]] = {}
    found: dict[str, None] = {}
    for sentence in dict.fromkeys(sentences):
        match = _ABSENT.fullmatch(sentence)
        if match is None:
            found[sentence] = None
        else:
            absent.setdefault(match[2], []).append(match[1])
            found[match[2]] = None
    return [f"No record of {' or '.join(_joined(absent[one]))}; {one}" if one in absent else one
            for one in found]  # fmt: skip


_ABSENT = re.compile(r"No record of (.+); (\w+ are complete up to \S+)")


def _joined(names: Sequence[str]) -> Iterator[str]:
    """`a, b` and `c`, for a word between the two."""
    return filter(None, (", ".join(names[:-1]), *names[-1:]))


def said(sentence: str) -> str:
    """A sentence without its own full stop, for one that ends otherwise."""
    return sentence.rstrip().removesuffix(".")


def number(interval: Interval) -> str:
    """An interval as a laboratory writes it."""
    low, high = interval.low, interval.high
    if narrow(interval) is not None:
        return rounded(narrow(interval) or Decimal(0))
    if high is None:
        return "any value" if low is None else f"{'>' if interval.low_open else '>='}{text(low)}"
    if low is None or low == 0:
        return f"{'<' if interval.high_open else '<='}{text(high)}"
    return f"{rounded(low)} to {rounded(high)}"


def narrow(interval: Interval | None) -> Decimal | None:
    """The number that an interval is, to six digits, or None where its ends differ by more."""
    if interval is None or interval.low is None or interval.high is None:
        return None
    low, high = rounded(interval.low, 6), rounded(interval.high, 6)
    return Decimal(low) if low == high else None


def is_or_are(name: str) -> str:
    """The verb after a name: platelets are, prior lines of therapy are, NYHA class is."""
    head = name.partition(" of ")[0].partition(" between ")[0]
    return "are" if head.endswith("s") and not head.endswith(("ss", "is", "us")) else "is"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(_joined(names))


def evidence(
    chart: Chart, fact: Observed, value: Decimal | str | None = None, unit: str | None = None
) -> Evidence:
    """A measurement as evidence; `value` in `unit` where it was converted."""
    if value is None:
        exact = fact.interval.exact if fact.interval is not None else None
        if fact.formula:
            exact = narrow(fact.interval)
        value = (fact.word or None) if fact.word or exact is None else exact
        unit = fact.unit.code if fact.unit is not None else None
    inputs = "; ".join(f"{part.concept} {part.recorded} ({part.record})" for part in fact.inputs)
    note = f"{fact.formula}: {inputs}" if fact.formula else None
    return Evidence(
        fact.concept, fact.record, fact.recorded, value, unit,
        str(fact.when) if fact.when is not None else None, chart.age_days(fact.when), note,
    )  # fmt: skip
