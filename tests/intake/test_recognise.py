"""JSON of other systems: decimals are kept, and a key that stands twice is seen however it is written."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screener.intake.recognise import TWICE, loads

ONCE = [
    '{"resourceType": "A", "a": 1, "b": {"a": 2}}',
    '{"resourceType" : "A", "a" : 1}',
    '{"resourceType"\n:\t"A","a"\r:": b"}',
    '{"resourceType": "A", "text": ": said", "div": "<p style=\\"x\\": \\": y"}',
    '{"resourceType": "A", "text": "Name : X"}',
]
TWO = [
    '{"resourceType": "A", "a": 1, "a": 2}',
    '{"resourceType":"A","a":1,"a":2}',
    '{"resourceType": "A", "a" : 1, "a": 2}',
    '{"resourceType": "A", "a"\n: 1, "\\u0061"\t: 2}',
    '{"resourceType": "A", "b": {"a": 1, "a": {"c": 2}}}',
    '{"resourceType": "A", "a": {"b": 1}, "a": ": \\": :"}',
    '{"resourceType": "A", "text": "Name : X", "a": 1, "a": 1}',
]


@pytest.mark.parametrize("text", ONCE)
def test_a_text_is_read_as_it_stands(text: str) -> None:
    assert loads(text) == json.loads(text)


@pytest.mark.parametrize("text", TWO)
def test_a_key_that_stands_twice_marks_its_resource(text: str) -> None:
    assert loads(text).pop(TWICE) is True


def test_the_mark_is_set_on_the_resource_around_it_alone() -> None:
    found = loads('[{"resourceType": "A", "a": 1}, {"resourceType": "B", "b": {"c": 1, "c": 1}}]')
    assert [TWICE in one for one in found] == [False, True]


def test_decimals_are_kept() -> None:
    assert [str(one) for one in loads("[1.10, 1E-2, NaN]")] == ["1.10", "0.01", "NaN"]
    assert isinstance(loads("[0.1]")[0], Decimal)


@pytest.mark.parametrize("text", ["", "{", '{"a": 1,}', "[1e99999999999999999999]", "[" * 100_000])
def test_what_cannot_be_read_is_none(text: str) -> None:
    assert loads(text) is None


_KEYS = st.sampled_from(["a", "b", "a:", ' : "', "\n:"])
_VALUES = st.recursive(
    st.sampled_from([1, ": x", '": ', " :", None]),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(_KEYS, inner), max_size=3).map(tuple),
    max_leaves=8,
)


def _written(value: Any, space: str) -> str:
    if isinstance(value, tuple):
        held = (f"{json.dumps(key)}{space}:{_written(one, space)}" for key, one in value)
        return "{" + ",".join(held) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(one, space) for one in value) + "]"
    return json.dumps(value)


def _twice(value: Any) -> bool:
    if isinstance(value, tuple):
        keys = [key for key, _ in value]
        return len(set(keys)) < len(keys) or any(_twice(one) for _, one in value)
    return isinstance(value, list) and any(_twice(one) for one in value)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(_VALUES, st.sampled_from(["", " ", "\n", "  "]))
def test_every_doubled_key_is_seen(value: Any, space: str) -> None:
    text = f'{{"resourceType": "A", "held": {_written(value, space)}}}'
    assert loads(text).pop(TWICE, False) is _twice(value)
