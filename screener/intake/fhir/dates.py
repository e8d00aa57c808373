"""Days as resources give them: dates, date-times, instants, periods, and ages that need a birth date."""

from decimal import Decimal
from functools import lru_cache

from screener.intake.fhir.resources import Resource, Wrong, number, obj, one_type, text
from screener.model.calendar import Span, forward, read_date, shifted

_LONGEST = 40
_YEARS = {"a": 1, "year": 1, "years": 1, "yr": 1, "yrs": 1}


def day(of: Resource, key: str, within: str = "") -> str | None:
    """A date or date-time, as written. Raises Wrong where it is none of the calendar."""
    value = text(of, key, within)
    if value is None:
        return None
    try:
        return _written(value)
    except ValueError:
        raise Wrong(within + key, "not a date of the calendar") from None


@lru_cache(maxsize=8192)
def _written(value: str) -> str:
    """A day as far as a profile holds it. Raises ValueError where it is none of the calendar."""
    read_date(value[:_LONGEST])
    return value[:_LONGEST]


def span(of: Resource, key: str, within: str = "") -> tuple[str | None, str | None]:
    """The start and the end of a period."""
    period = obj(of, key, within)
    if period is None:
        return None, None
    start, end = day(period, "start", f"{within}{key}."), day(period, "end", f"{within}{key}.")
    if start and end and read_date(end).last < read_date(start).first:
        raise Wrong(within + key, "it ends before it starts")
    return start, end


def between(start: str, end: str) -> str:
    """The days from one date to another as one date of a profile."""
    first, last = read_date(start), read_date(end)
    if first.first == last.last:
        return end if last.clock else start
    return f"{first.first.isoformat()}/{last.last.isoformat()}"


def when(of: Resource, stem: str, within: str = "") -> str | None:
    """The day of an element in all the types that it may have (`effective`, `performed`)."""
    one_type(of, stem, within)
    for key in (f"{stem}DateTime", f"{stem}Instant"):
        if key in of and (found := day(of, key, within)):
            return found
    if of.get(f"{stem}Period") is not None:
        start, end = span(of, f"{stem}Period", within)
        return between(start, end) if start and end else start or end
    timing = obj(of, f"{stem}Timing", within)
    events = timing.get("event") if timing else None
    if not isinstance(events, list) or not events:
        return None
    held = {f"{stem}Timing.event[{place}]": event for place, event in enumerate(events)}
    known = sorted(
        filter(None, (day(held, path, within) for path in held)), key=lambda one: read_date(one).first
    )
    return between(known[0], known[-1]) if known else None


def aged(birth: str | None, age: Resource, path: str) -> str | None:
    """The days on which a person born then had an age: `onsetAge` of 52 years is one whole year."""
    years = _years(age, path)
    if years is None or birth is None:
        return None
    return _lived(birth, years, years, path)


def _years(age: Resource, path: str) -> Decimal | None:
    years = number(age, "value", f"{path}.")
    unit = (text(age, "code", f"{path}.") or text(age, "unit", f"{path}.") or "").lower()
    if years is not None and unit not in _YEARS:
        raise Wrong(path, "an age in another unit than years")
    if age.get("comparator") is not None:
        raise Wrong(f"{path}.comparator", "an age that is not exact")
    return years


def aged_between(birth: str | None, ages: Resource, path: str) -> str | None:
    low, high = obj(ages, "low", f"{path}."), obj(ages, "high", f"{path}.")
    youngest = _years(low, f"{path}.low") if low else None
    oldest = _years(high, f"{path}.high") if high else None
    if birth is None or youngest is None or oldest is None:
        return None
    return _lived(birth, youngest, oldest, path)


def _lived(birth: str, youngest: Decimal, oldest: Decimal, path: str) -> str:
    if not 0 <= youngest <= oldest <= 150:
        raise Wrong(path, "an age below 0 or above 150 years")
    born = read_date(birth)
    first = forward(born.first, Span(int(youngest), "year"))
    last = shifted(forward(born.last, Span(int(oldest) + 1, "year")), -1)
    return f"{first.isoformat()}/{last.isoformat()}"
