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


TWICE = "\0twice"  # a key of resources in which some key stands twice: one of the two values is lost


def loads(text: str) -> Any:
    """JSON with its decimals kept, or None where it cannot be read. See TWICE."""
    doubled: list[dict[str, Any]] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        one = dict(pairs)
        if len(one) < len(pairs):
            doubled.append(one)
        return one

    try:
        data = json.loads(
            text,
            parse_float=Decimal,
            parse_constant=lambda _: Decimal("NaN"),
            object_pairs_hook=made,
        )
    except (ValueError, ArithmeticError, RecursionError):
        return None
    if doubled:
        _mark(data, {id(one) for one in doubled})
    return data


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
