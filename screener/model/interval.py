"""Numbers as intervals: 7.2 is [7.2, 7.2], a laboratory's <0.1 is [0, 0.1), >60 is (60, inf)."""

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth

Comparator = Literal["<", "<=", ">", ">=", "="]

# A recorded number has at most 30 digits (intake refuses more), so a fraction rounded to 60 digits
# lies on the same side of every recorded number as the fraction itself.
MAX_DIGITS = 30
_DIGITS_KEPT = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """The values that a number may have; a bound of None is infinite."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @property
    def exact(self) -> Decimal | None:
        """The single value of the interval, or None."""
        return self.low if self.low == self.high else None


def point(value: Decimal) -> Interval:
    return Interval(value, value)


def bounded(comparator: str, value: Decimal) -> Interval:
    """The interval of a number recorded with a sign before it, for a quantity never below zero."""
    match comparator:
        case "<" | "<=":
            floor = Decimal(0) if value >= 0 else None
            return Interval(floor, value, high_open=comparator == "<")
        case ">" | ">=":
            return Interval(value, None, low_open=comparator == ">")
        case _:
            return point(value)


def holds(interval: Interval, comparator: Comparator, threshold: Decimal) -> Truth:
    """True where every value of the interval satisfies the comparison, false where none does."""
    match comparator:
        case ">":
            return _above(interval, threshold, strictly=True)
        case ">=":
            return _above(interval, threshold, strictly=False)
        case "<":
            return _below(interval, threshold, strictly=True)
        case "<=":
            return _below(interval, threshold, strictly=False)
        case "=":
            if interval.exact == threshold:
                return TRUE
            above = _above(interval, threshold, strictly=True)
            below = _below(interval, threshold, strictly=True)
            return FALSE if above is TRUE or below is TRUE else UNKNOWN


def _above(interval: Interval, threshold: Decimal, *, strictly: bool) -> Truth:
    low, high = interval.low, interval.high
    if low is not None and (low > threshold or (low == threshold and (interval.low_open or not strictly))):
        return TRUE
    if high is not None and (high < threshold or (high == threshold and (interval.high_open or strictly))):
        return FALSE
    return UNKNOWN


def _below(interval: Interval, threshold: Decimal, *, strictly: bool) -> Truth:
    truth = _above(interval, threshold, strictly=not strictly)
    if truth is TRUE:
        return FALSE
    return TRUE if truth is FALSE else UNKNOWN


def decimal(value: Fraction) -> Decimal:
    """A fraction as a decimal: exact where it ends, else rounded far beyond any recorded digit."""
    with localcontext() as context:
        context.prec = _DIGITS_KEPT
        return Decimal(value.numerator) / Decimal(value.denominator)


# Products of recorded numbers and limits are exact: neither has more than MAX_DIGITS digits.
_EXACT = Context(prec=4 * MAX_DIGITS)


def times(interval: Interval, factor: Decimal) -> Interval:
    """The interval times a positive number, exactly."""

    def of(bound: Decimal | None) -> Decimal | None:
        return None if bound is None else _EXACT.multiply(bound, factor)

    return Interval(of(interval.low), of(interval.high), interval.low_open, interval.high_open)


def plus(interval: Interval, offset: Decimal) -> Interval:
    """The interval moved by a number, exactly."""

    def of(bound: Decimal | None) -> Decimal | None:
        return None if bound is None else _EXACT.add(bound, offset)

    return Interval(of(interval.low), of(interval.high), interval.low_open, interval.high_open)


def text(value: Decimal) -> str:
    """A number as a person writes it: no exponent, no trailing zeros after the point."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def rounded(value: Decimal, digits: int = 4) -> str:
    """A number for a sentence: all its whole digits, and at least `digits` significant ones."""
    exact = value.as_tuple()
    whole = max(digits, value.adjusted() + 1)
    # Most recorded numbers are short already.
    return text(value if len(exact.digits) <= whole else Context(prec=whole).plus(value))
