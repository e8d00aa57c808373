"""A patient's JSON → profile, with all its problems at once and nothing of its data in them."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from screener.errors import Problem
from screener.model.patient import Patient

MAX_BYTES = 50_000_000

# What pydantic calls a problem → what a person is told, and what to do about it.
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("this key is missing", "add it"),
    "date": ("not a date of the calendar", "write YYYY, YYYY-MM, YYYY-MM-DD or a date-time"),
    "number": ("not a number", "write a number without quotes"),
    "finite": ("not a finite number of ordinary size", "write the number as it was reported"),
    "digits": ("a number with more than 30 digits", "write the number as it was reported"),
    "whole": ("not a whole number", "write a number without decimals"),
    "bool": ("not true or false", "write true or false without quotes"),
    "unnamed": ("neither `name` nor `codes`", "give one of the two"),
    "unborn": ("neither `birth_date` nor `age`", "give one of the two"),
    "string_too_short": ("an empty text", "write the name, or leave the key out"),
    "string_too_long": ("a text that is too long", "shorten it"),
    "string_type": ("not a text", "put it in quotes"),
    "tuple_type": ("not a list", "put the records between [ and ]"),
    "dict_type": ("not an object", "put the keys between { and }"),
    "model_type": ("not an object", "put the keys between { and }"),
    "model_attributes_type": ("not an object", "put the keys between { and }"),
    "greater_than_equal": ("too small a number", "see the limits in `screen schema patient`"),
    "less_than_equal": ("too large a number", "see the limits in `screen schema patient`"),
    "decimal_type": ("neither a number nor a word", "write a number, or a word in quotes"),
    "decimal_parsing": ("not a number", "write a number without quotes"),
}


class _DuplicateKeyError(ValueError):
    pass


class _NotFiniteError(ValueError):
    pass


def read_profile(text: str) -> tuple[Patient | None, list[Problem]]:
    """The profile of a JSON text, or None and all its problems."""
    duplicates: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            keys = [key for key, _ in items]
            duplicates.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return made

    try:
        data = json.loads(
            text, parse_float=Decimal, object_pairs_hook=pairs, parse_constant=_not_finite
        )
    except _NotFiniteError:
        return None, [Problem("not-finite", "the file holds NaN or Infinity, which are no numbers",
                              help="leave the value out, or write the number")]  # fmt: skip
    except json.JSONDecodeError as error:
        return None, [Problem("json", f"not valid JSON: {_wording(error.msg)}",
                              f"{error.lineno}:{error.colno}",
                              "check quotes, commas and brackets there")]  # fmt: skip
    except RecursionError:
        return None, [Problem("too-deep", "the JSON is nested too deeply", help="a profile has 4 levels")]
    except ValueError:
        return None, [Problem("number", "the file holds a number that is too long to read",
                              help="write the number as it was reported")]  # fmt: skip
    patient, problems = profile_of(data)
    problems = [Problem("duplicate-key", f"the key `{_key(key)}` stands twice in one object",
                        help="remove one of the two") for key in duplicates] + problems  # fmt: skip
    return (None if problems else patient), problems


def profile_of(data: Any) -> tuple[Patient | None, list[Problem]]:
    """The profile of plain data (a parsed JSON object), or None and all its problems."""
    if not isinstance(data, Mapping):
        return None, [Problem("shape", "a profile is a JSON object", help="put it between { and }")]
    try:
        return Patient.model_validate(dict(data)), []
    except ValidationError as error:
        found = [_problem(detail["loc"], detail["type"], detail.get("ctx", {}))
                 for detail in error.errors(include_url=False, include_input=False)]  # fmt: skip
        return None, list(dict.fromkeys(found))
    except RecursionError:
        return None, [Problem("too-deep", "the profile is nested too deeply")]


def _not_finite(_: str) -> Any:
    raise _NotFiniteError


def _wording(message: str) -> str:
    return message[:1].lower() + message[1:]


def _problem(location: tuple[int | str, ...], kind: str, context: Mapping[str, Any]) -> Problem:
    path = [part for part in location if not _is_branch(part)]
    place = _place(path)
    if kind == "extra_forbidden":
        known = _known_keys(path[:-1])
        near = get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
        help = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
        return Problem("unknown-key", "this key is not known", place, help)
    if kind == "literal_error":
        return Problem("choice", "not one of the words allowed here", place,
                       f"write {_plainly(str(context.get('expected', '')))}")  # fmt: skip
    message, help = _WORDS.get(kind, ("not what is expected here", "see `screen schema patient`"))
    return Problem(kind.replace("_", "-"), message, place, help)


def _is_branch(part: int | str) -> bool:
    """Whether a part of the place names a branch of a union, which the reader never wrote."""
    return isinstance(part, str) and (
        part in ("decimal", "str", "int", "bool", "DatedAge", "[key]")
        or part.startswith(("function-", "constrained-", "is-instance", "nullable", "literal["))
    )


def _place(path: Iterable[int | str]) -> str:
    place = ""
    for part in path:
        place += f"[{part}]" if isinstance(part, int) else f".{_key(part)}" if place else _key(part)
    return place


def _key(key: str) -> str:
    """A key as shown: what stands where a key should may be data, so only a short word is shown."""
    return key if len(key) <= 40 and key.replace("_", "").isascii() else f"{key[:10]}…"


def _plainly(expected: str) -> str:
    return expected.replace("'", "`")


def _known_keys(path: list[int | str]) -> list[str]:
    model: type[BaseModel] = Patient
    for part in path:
        if isinstance(part, str):
            found = _model_in(model.model_fields[part].annotation)
            if found is None:
                return []
            model = found
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType, Annotated):
        for argument in get_args(annotation):
            found = _model_in(argument)
            if found is not None:
                return found
    return None
