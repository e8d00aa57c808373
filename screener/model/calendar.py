"""Dates that may be partial, and spans of time.

Days and weeks are exact; months and years go by the calendar, held to the month's last day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

TimeUnit = Literal["hour", "day", "week", "month", "year"]

_DATE = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r"(Z|[+-]\d{2}:?\d{2})?)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time."""

    count: int
    unit: TimeUnit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which something may have happened; `clock` where the time of day is known."""

    first: date
    last: date
    clock: time | None = None

    @property
    def exact(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        if self.first.month == self.last.month and self.first.year == self.last.year:
            return self.first.isoformat()[:7] if _whole_month(self) else _between(self)
        return str(self.first.year) if _whole_year(self) else _between(self)


def _whole_month(period: Period) -> bool:
    return period.first.day == 1 and period.last == _month_end(period.last)


def _whole_year(period: Period) -> bool:
    first, last = period.first, period.last
    return first.year == last.year and (first.month, first.day) == (1, 1) and last.month == 12


def _between(period: Period) -> str:
    return f"{period.first.isoformat()} to {period.last.isoformat()}"


@lru_cache(maxsize=8192)
def read_date(text: str) -> Period:
    """`2024`, `2024-05`, `2024-05-17`, a date-time, or two of them with a slash between (the first and
    the last day), as the days that it may be.

    Raises ValueError where the text is none of these or names no day of the calendar.
    """
    if "/" in text:
        return _from_to(*text.split("/", 1))
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a date")
    year, month, day, hour, minute, second, zone = match.groups()
    if month is None:
        return Period(date(int(year), 1, 1), date(int(year), 12, 31))
    if day is None:
        first = date(int(year), int(month), 1)
        return Period(first, _month_end(first))
    exact = date(int(year), int(month), int(day))
    if hour is None:
        return Period(exact, exact)
    return Period(exact, exact, time(int(hour), int(minute), int(second or 0), tzinfo=_zone(zone)))


def _from_to(start: str, end: str) -> Period:
    if "/" in end:
        raise ValueError("not a date")
    first, last = read_date(start).first, read_date(end).last
    if last < first:
        raise ValueError("it ends before it starts")
    return Period(first, last)


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def on(day: date) -> Period:
    return Period(day, day)


def back(day: date, span: Span) -> date:
    """The day that lies `span` before `day`."""
    match span.unit:
        case "hour":
            return shifted(day, -_days_of(span.count))
        case "day":
            return shifted(day, -span.count)
        case "week":
            return shifted(day, -7 * span.count)
        case "month":
            return _months(day, -span.count)
        case "year":
            return _months(day, -12 * span.count)


def forward(day: date, span: Span) -> date:
    """The day that lies `span` after `day`."""
    return back(day, Span(-span.count, span.unit))


def shifted(day: date, days: int) -> date:
    """The day so many days later, held to the first and the last day that there are."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def _days_of(hours: int) -> int:
    """A part of a day counts as one, forward and back."""
    return -(-hours // 24) if hours > 0 else hours // 24


def _months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    if not 12 <= index < 10000 * 12:
        return date.min if index < 12 else date.max
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
