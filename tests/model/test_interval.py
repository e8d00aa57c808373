"""Numbers are intervals, compared exactly (SEMANTICS 3)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from screener.model.interval import Interval, bounded, decimal, holds, point, rounded, text, times
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth

T, F, U = TRUE, FALSE, UNKNOWN

# value, then whether it is < <= > >= = 10
ROWS = [
    ("=", "9.9", T, T, F, F, F),
    ("=", "10", F, T, F, T, T),
    ("=", "10.0", F, T, F, T, T),
    ("=", "10.1", F, F, T, T, F),
    ("<", "9", T, T, F, F, F),
    ("<", "10", T, T, F, F, F),
    ("<", "10.1", U, U, U, U, U),
    ("<=", "10", U, T, F, U, U),
    ("<=", "9", T, T, F, F, F),
    (">", "10", F, F, T, T, F),
    (">", "9", U, U, U, U, U),
    (">", "11", F, F, T, T, F),
    (">=", "10", F, U, U, T, U),
    (">=", "10.1", F, F, T, T, F),
]


@pytest.mark.parametrize(("sign", "number", "lt", "le", "gt", "ge", "eq"), ROWS)
def test_true_where_all_of_it_false_where_none_of_it(
    sign: str, number: str, lt: Truth, le: Truth, gt: Truth, ge: Truth, eq: Truth
) -> None:
    value = bounded(sign, Decimal(number))
    for comparator, truth in (("<", lt), ("<=", le), (">", gt), (">=", ge), ("=", eq)):
        assert holds(value, comparator, Decimal(10)) is truth  # type: ignore[arg-type]


@pytest.mark.parametrize("comparator", ["<", "<=", ">", ">=", "="])
def test_a_number_without_bounds_decides_nothing(comparator: str) -> None:
    assert holds(Interval(None, None), comparator, Decimal(0)) is UNKNOWN  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sign", "number", "interval"),
    [
        ("", "7.2", Interval(Decimal("7.2"), Decimal("7.2"))),
        ("<", "0.1", Interval(Decimal(0), Decimal("0.1"), high_open=True)),
        ("<=", "0.1", Interval(Decimal(0), Decimal("0.1"))),
        (">", "60", Interval(Decimal(60), None, low_open=True)),
        (">=", "60", Interval(Decimal(60), None)),
        ("<", "-2", Interval(None, Decimal(-2), high_open=True)),
    ],
)
def test_a_sign_makes_an_interval_never_below_zero(sign: str, number: str, interval: Interval) -> None:
    assert bounded(sign, Decimal(number)) == interval


def test_no_verdict_at_a_limit_depends_on_binary_rounding() -> None:
    tenth = times(point(Decimal("0.1")), Decimal(3))
    assert tenth.exact == Decimal("0.3")
    assert holds(tenth, ">", Decimal("0.3")) is FALSE


@pytest.mark.parametrize("factor", [Fraction(1, 3), Fraction(11312, 100), Fraction(7, 1_000_000)])
def test_a_rounded_fraction_lies_on_the_right_side_of_thirty_digits(factor: Fraction) -> None:
    exact = Fraction(2) * factor
    shown = decimal(exact)
    step = Fraction(1, 10**29)
    below, above = decimal(exact - step), decimal(exact + step)
    assert below < shown < above


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        ("176.8033946251768", 4, "176.8"), ("0.2", 4, "0.2"), ("12345.678", 4, "12346"),
        ("0.00012345678", 4, "0.0001235"), ("0", 4, "0"), ("-3.14159", 4, "-3.142"),
        ("36.92531", 6, "36.9253"), ("1000000", 4, "1000000"), ("1E+3", 4, "1000"),
    ],
)  # fmt: skip
def test_a_sentence_shows_few_digits_but_every_whole_one(value: str, digits: int, shown: str) -> None:
    assert rounded(Decimal(value), digits) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("1E+3", "1000"), ("7.20", "7.2"), ("0.10", "0.1"), ("30", "30")]
)
def test_a_number_is_written_without_exponent(value: str, shown: str) -> None:
    assert text(Decimal(value)) == shown
