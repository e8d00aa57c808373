"""Dates that may be partial, and the calendar that windows go by (SEMANTICS 4)."""

from datetime import date, timedelta

import pytest

from screener.model.calendar import Period, Span, back, forward, on, read_date, shifted


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-05-17", "2024-05-17", "2024-05-17"),
        (" 2024-05-17 ", "2024-05-17", "2024-05-17"),
        ("2024-05-17T08:30", "2024-05-17", "2024-05-17"),
        ("2024-05-17T08:30:15.25Z", "2024-05-17", "2024-05-17"),
        ("2024-05-17 08:30:15+02:00", "2024-05-17", "2024-05-17"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_date_is_the_interval_of_days_that_it_may_be(text: str, first: str, last: str) -> None:
    period = read_date(text)
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["", "24", "2023-02-29", "2024-13", "2024-00-10", "2024-5-1", "17.05.2024", "2024-05-17T25:00",
     "2024-05-17T08", "0000", "today", "2024-05-17T08:00+99:00", "2024-05-17x"],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text)


@pytest.mark.parametrize("text", ["2024", "2024-05", "2024-05-17"])
def test_a_period_is_written_as_it_was_read(text: str) -> None:
    assert str(read_date(text)) == text


def test_a_period_that_is_no_month_or_year_names_both_ends() -> None:
    assert str(Period(date(2024, 5, 2), date(2024, 6, 1))) == "2024-05-02 to 2024-06-01"


@pytest.mark.parametrize(
    ("day", "count", "unit", "expected"),
    [
        ("2026-10-01", 0, "day", "2026-10-01"),
        ("2026-10-01", 90, "day", "2026-07-03"),
        ("2026-10-01", 4, "week", "2026-09-03"),
        ("2026-03-31", 1, "month", "2026-02-28"),
        ("2024-03-31", 1, "month", "2024-02-29"),
        ("2026-05-31", 3, "month", "2026-02-28"),
        ("2026-03-28", 1, "month", "2026-02-28"),
        ("2026-01-15", 1, "month", "2025-12-15"),
        ("2024-02-29", 1, "year", "2023-02-28"),
        ("2024-02-29", 4, "year", "2020-02-29"),
        ("2026-10-01", 24, "hour", "2026-09-30"),
        ("2026-10-01", 25, "hour", "2026-09-29"),
        ("2026-10-01", 12, "hour", "2026-09-30"),
    ],
)
def test_a_span_back_goes_by_the_calendar(day: str, count: int, unit: str, expected: str) -> None:
    assert back(date.fromisoformat(day), Span(count, unit)) == date.fromisoformat(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "count", "unit", "expected"),
    [
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2026-08-31", 6, "month", "2027-02-28"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2026-12-31", 1, "day", "2027-01-01"),
        ("2026-10-01", 36, "hour", "2026-10-03"),
    ],
)
def test_a_span_forward_goes_by_the_calendar(day: str, count: int, unit: str, expected: str) -> None:
    assert forward(date.fromisoformat(day), Span(count, unit)) == date.fromisoformat(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", ["hour", "day", "week", "month", "year"])
@pytest.mark.parametrize("count", [1, 10_000, 10**9])
def test_no_span_leaves_the_calendar(unit: str, count: int) -> None:
    span = Span(count, unit)  # type: ignore[arg-type]
    assert back(date.min, span) == date.min
    assert forward(date.max, span) == date.max


def test_going_back_never_overtakes_a_later_day() -> None:
    days = [date(2023, 12, 1) + timedelta(days=more) for more in range(500)]
    for span in (Span(1, "month"), Span(6, "month"), Span(1, "year"), Span(4, "week")):
        edges = [back(day, span) for day in days]
        assert edges == sorted(edges)


def test_a_day_has_no_other_days() -> None:
    assert on(date(2024, 5, 17)).exact
    assert not read_date("2024-05").exact
    assert shifted(date(2024, 2, 28), 2) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("span", "text"), [(Span(1, "day"), "1 day"), (Span(2, "week"), "2 weeks"), (Span(0, "year"), "0 years")]
)
def test_a_span_is_written_in_words(span: Span, text: str) -> None:
    assert str(span) == text
