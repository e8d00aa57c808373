"""The text of a JSON file → plain data, with all its problems and nothing of the data in them."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from screener.errors import Problem, broken_json
from screener.intake.keys import like_ours, ours

_LONGEST = 400  # digits of a whole number that are read at all; a profile allows far fewer
# A key as programs write them; what is written otherwise may be somebody's name.
_WORD = re.compile(r"[a-z_][A-Za-z0-9_-]{0,39}")
_FEW_DIGITS = 4


# As JSON begins; what begins otherwise is a file of another kind, and a place in it would help nobody.
_JSON = re.compile(r'\s*(?:[\[{"\d.+-]|(?:true|false|null|NaN|-?Infinity)\s*$)')


class _Doubled(dict[str, Any]):
    """An object in which keys stand more than once."""

    keys_twice: tuple[str, ...] = ()


def parsed(text: str) -> tuple[Any, list[Problem]]:
    """The data of a JSON text, and the problems of the text; with a broken text the data is None."""
    if not text.strip():
        return None, [Problem("empty", "the file is empty", help="a profile is a JSON object: { … }")]
    if not _JSON.match(text):
        return None, [_not_json(text)]
    doubled: list[_Doubled] = []
    try:
        data = json.loads(
            text, parse_float=_decimal, parse_int=_whole, parse_constant=lambda _: Decimal("NaN"),
            object_pairs_hook=lambda pairs: _object(pairs, doubled),
        )  # fmt: skip
    except json.JSONDecodeError as error:
        return None, [broken_json(error)]
    except RecursionError:
        return None, [Problem("too-deep", "the JSON is nested too deeply", help="a profile has 4 levels")]
    return data, list(_twice(data)) if doubled else []


def _not_json(text: str) -> Problem:
    if text.lstrip().startswith("<"):
        return Problem(
            "json", "this is XML, not JSON", help="FHIR is read as JSON: export the record in that form"
        )
    help = "give a profile, a FHIR bundle or a phenopacket as JSON; each begins with {"
    return Problem("json", "this is not JSON", help=help)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:  # an exponent beyond all bounds: the field's own check refuses it
        return Decimal("Infinity")


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _LONGEST else Decimal("Infinity")


def _object(pairs: list[tuple[str, Any]], doubled: list[_Doubled]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    keys = [key for key, _ in pairs]
    marked = _Doubled(made)
    marked.keys_twice = tuple(key for key in made if keys.count(key) > 1)
    doubled.append(marked)
    return marked


def _twice(data: Any) -> Iterator[Problem]:
    waiting: list[tuple[Any, str]] = [(data, "")]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, _Doubled):
            for key in value.keys_twice:
                yield Problem("duplicate-key", "this key stands twice in one object",
                              joined(place, key, value), "remove one of the two")  # fmt: skip
        if isinstance(value, dict):
            inner = [(item, joined(place, key, value)) for key, item in value.items()]
        elif isinstance(value, list):
            inner = [(item, f"{place}[{index}]") for index, item in enumerate(value)]
        else:
            continue
        waiting.extend(reversed(inner))


def joined(place: str, key: str, container: Any) -> str:
    """The place of a key in an object. What stands where a key should may be data: such a key is
    told by its number in the object, unless it is a key of ours in other letters (`Birth date`)."""
    written = _WORD.fullmatch(key) is not None and sum(map(str.isdigit, key)) <= _FEW_DIGITS
    if written or like_ours(key) in ours():
        return f"{place}.{key}" if place else key
    number = list(container).index(key) + 1 if isinstance(container, Mapping) and key in container else 1
    return f"{place} (key {number})".lstrip()
