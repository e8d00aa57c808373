"""Which kind of record a text is, by its content: our own profile, FHIR, or a phenopacket.

What reads the other kinds is loaded only where one of them is met.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["profile", "fhir", "phenopacket"]


def kind_of(data: Any) -> Kind:
    """The kind of parsed JSON."""
    if isinstance(data, list):
        return (
            "fhir" if any(isinstance(one, Mapping) and "resourceType" in one for one in data) else "profile"
        )
    if not isinstance(data, Mapping):
        return "profile"
    if "resourceType" in data:
        return "fhir"
    packet = "subject" in data and ("metaData" in data or "phenotypicFeatures" in data)
    return "phenopacket" if packet else "profile"


def other_kind(text: str) -> tuple[Kind, Any]:
    """The kind of a text and its data, where it is none of our profiles; else `profile` and None.

    A broken text is `profile` too: what reads profiles says what is wrong with it.
    """
    if '"resourceType"' in text:
        data = loads(text)
        if data is None:
            data = _lines(text)
        return ("profile", None) if kind_of(data) == "profile" else (kind_of(data), data)
    if '"subject"' in text and ('"metaData"' in text or '"phenotypicFeatures"' in text):
        data = loads(text)
        return ("profile", None) if kind_of(data) == "profile" else (kind_of(data), data)
    return "profile", None


_SPACES = " \n\r\t"  # of JSON
TWICE = "\0twice"  # a key of resources in which some key stands twice: one of the two values is lost


def loads(text: str) -> Any:
    """JSON with its decimals kept, or None where it cannot be read. See TWICE."""
    try:
        quoted, spaced = text.count('":'), sum(text.count(f"{space}:") for space in _SPACES if space in text)
        if not (quoted and spaced):  # else a text in quotes has such a colon too
            data, keys = _counted(text)
            if keys == quoted + spaced:
                return data
        return _marked(text)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _counted(text: str) -> tuple[Any, int]:
    """The data, and how many keys all its objects have.

    The colon behind each key of a text follows a quote or white space, so there are at least as many
    such colons as keys: where the objects have as many keys as that, none stood twice. To look at the
    keys of each object while it is made costs half as much again as to read it.
    """
    keys = 0

    def counted(one: dict[str, Any]) -> dict[str, Any]:
        nonlocal keys
        keys += len(one)
        return one

    return json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_hook=counted), keys


def _marked(text: str) -> Any:
    """The data, with a mark in each resource in which a key stands twice."""
    doubled: list[dict[str, Any]] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        one = dict(pairs)
        if len(one) < len(pairs):
            doubled.append(one)
        return one

    data = json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=made)
    if doubled:
        _mark(data, {id(one) for one in doubled})
    return data


def _no_number(_: str) -> Decimal:
    return Decimal("NaN")


def _mark(data: Any, doubled: set[int]) -> None:
    """Sets TWICE in the resource around each object in which a key stands twice."""
    waiting = [(data, data)]
    while waiting:
        value, resource = waiting.pop()
        if isinstance(value, dict):
            resource = value if "resourceType" in value else resource
            if id(value) in doubled and isinstance(resource, dict):
                resource[TWICE] = True
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend((one, resource) for one in inner)


def _lines(text: str) -> Any:
    """The resources of a text that has one on each line; a line that cannot be read is None in its place."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or loads(lines[0]) is None:
        return None
    return [loads(line) for line in lines]
