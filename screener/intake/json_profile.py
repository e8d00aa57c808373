"""A patient's JSON → profile, with all its problems at once and nothing of its data in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from screener.errors import Problem
from screener.intake.json_text import joined, parsed
from screener.intake.keys import model_in, nearest
from screener.model.patient import Coded, Patient

MAX_BYTES = 50_000_000
MAX_RECORDS = 200_000  # in one section

# What pydantic calls a problem → what a person is told, and what to do about it.
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("this key is missing", "add it"),
    "date": ("not a date of the calendar", "write YYYY, YYYY-MM, YYYY-MM-DD or a date-time"),
    "number": ("not a number", "write a number without quotes"),
    "finite": ("NaN, infinite or too large a number", "write the number as it was reported"),
    "finite_number": ("NaN, infinite or too large a number", "write the number as it was reported"),
    "digits": ("a number with more than 30 digits", "write the number as it was reported"),
    "whole": ("not a whole number", "write digits without quotes and decimals"),
    "bool": ("not true or false", "write true or false without quotes"),
    "bool_type": ("not true or false", "write true or false without quotes"),
    "unnamed": ("neither `name` nor `codes`", "give one of the two"),
    "unborn": ("neither `birth_date` nor `age`", "give one of the two"),
    "string_too_short": ("an empty text", "fill it in"),
    "string_too_long": ("a text that is too long", "shorten it"),
    "string_type": ("not a text", "put it in quotes"),
    "string_unicode": ("a text with half a character (\\ud800 to \\udfff)", "write the whole character"),
    "invalid_key": ("a key with half a character (\\ud800 to \\udfff)", "write the whole character"),
    "tuple_type": ("not a list", "put it between [ and ]"),
    "dict_type": ("not an object", "put the keys between { and }"),
    "model_type": ("not an object", "put the keys between { and }"),
    "decimal_type": ("neither a number nor a word", "write a number, or a word in quotes"),
    "decimal_parsing": ("not a number", "write a number without quotes"),
}
# section, key of a record, and its keys that hold a number
_NUMBERS = (
    ("observations", "reference_range", ("low", "high")),
    ("treatments", "dose", ("value",)),
    ("medications", "dose", ("value",)),
)


def read_profile(text: str) -> tuple[Patient | None, list[Problem]]:
    """The profile of a JSON text, or None and all its problems."""
    data, problems = parsed(text)
    if data is None and problems:
        return None, problems
    patient, found = profile_of(data)
    problems += found
    return (None if problems else patient), problems


def profile_of(data: Any) -> tuple[Patient | None, list[Problem]]:
    """The profile of plain data (a parsed JSON object), or None and all its problems."""
    if not isinstance(data, Mapping):
        return None, [Problem("shape", "a profile is a JSON object", help="put it between { and }")]
    many = [key for key, value in data.items() if isinstance(value, list) and len(value) > MAX_RECORDS]
    if many:
        return None, [Problem("too-many", f"more than {MAX_RECORDS:,} records", joined("", key, data),
                              "check that it is the right file") for key in many]  # fmt: skip
    quoted = list(_quoted(data))
    try:
        patient = Patient.model_validate(dict(data))
    except ValidationError as error:
        details = _telling(error.errors(include_url=False, include_input=False), data)
        found = [_problem(path, detail["type"], detail.get("ctx", {}), data) for path, detail in details]
        places = {problem.place for problem in quoted}
        found = [problem for problem in found if problem.place not in places]
        return None, list(dict.fromkeys([*found, *quoted, *_unsaid(data)]))
    except RecursionError:
        return None, [Problem("too-deep", "the profile is nested too deeply", help="a profile has 4 levels")]
    return (None if quoted else patient), quoted


def _quoted(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Numbers that stand in quotes: pydantic reads them with any exponent, which no rule could bear."""
    for section, key, numbers in _NUMBERS:
        records = data.get(section)
        for index, record in enumerate(records if isinstance(records, list | tuple) else ()):
            inner = record.get(key) if isinstance(record, Mapping) else None
            if isinstance(inner, Mapping):
                texts = (number for number in numbers if isinstance(inner.get(number), str))
                for number in texts:
                    yield _problem((section, index, key, number), "number", {}, data)


_Path = tuple[int | str, ...]


def _telling(errors: Iterable[Any], data: Mapping[str, Any]) -> Iterator[tuple[_Path, Any]]:
    """Each problem with its place; of the several that a choice of forms gives, the one that helps."""
    by_path: dict[_Path, list[Any]] = {}
    for detail in errors:
        location = detail["loc"]
        dated = isinstance(data.get("age"), Mapping)
        if location[:1] == ("age",) and len(location) > 1 and dated != ("DatedAge" in location):
            continue
        path = tuple(part for part in location if not _is_branch(part))
        by_path.setdefault(path, []).append(detail)
    for path, details in by_path.items():
        long = [detail for detail in details if detail["type"] == "string_too_long"]
        yield path, (long or details)[0]


def _unsaid(data: Mapping[str, Any]) -> Iterator[Problem]:
    """What pydantic looks at only where the fields of a record are sound: what must not be absent."""
    if data.get("birth_date") is None and data.get("age") is None:
        yield _problem((), "unborn", {}, data)
    for section, field in Patient.model_fields.items():
        model, records = model_in(field.annotation), data.get(section)
        if model is not None and issubclass(model, Coded) and isinstance(records, Sequence):
            for index, record in enumerate(records):
                if not isinstance(record, Mapping):
                    continue
                if record.get("name") is None and not record.get("codes"):
                    yield _problem((section, index), "unnamed", {}, data)


def _problem(path: _Path, kind: str, context: Mapping[str, Any], data: Any) -> Problem:
    place = _place(path, data)
    if kind == "extra_forbidden":
        return Problem("unknown-key", "this key is not known", place, nearest(path))
    if kind == "literal_error":
        words = str(context.get("expected", "")).replace("'", "`")
        if path[-1:] == ("schema",):
            return Problem("schema", "the schema of another version", place, f"this program reads {words}")
        return Problem("choice", "not one of the words allowed here", place, f"write {words}")
    if kind == "greater_than_equal":
        return Problem(kind.replace("_", "-"), f"a number below {context['ge']}", place,
                       f"write {context['ge']} or more")  # fmt: skip
    if kind == "less_than_equal":
        return Problem(kind.replace("_", "-"), f"a number above {context['le']}", place,
                       f"write {context['le']} or less")  # fmt: skip
    if not path and kind == "string_unicode":
        kind = "invalid_key"
    message, help = _WORDS.get(kind, ("not what is expected here", "see `screen schema patient`"))
    return Problem(kind.replace("_", "-"), message, place, help)


def _is_branch(part: int | str) -> bool:
    """Whether a part of the place names a branch of a union, which the reader never wrote."""
    return isinstance(part, str) and (
        part in ("decimal", "str", "int", "bool", "DatedAge", "[key]")
        or part.startswith(("function-", "constrained-", "is-instance", "nullable", "literal["))
    )


def _place(path: _Path, data: Any) -> str:
    place, value = "", data
    for part in path:
        place = f"{place}[{part}]" if isinstance(part, int) else joined(place, part, value)
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
    return place
