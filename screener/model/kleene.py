"""Strong Kleene logic: true, false and unknown."""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Whether a statement holds of a patient. It is not a verdict: see `model.verdict`."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    # Python's own truth would quietly take unknown for true.
    def __bool__(self) -> bool:
        raise TypeError("a Truth is not a bool: compare it with `is`")


TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def of(value: bool | None) -> Truth:
    """The truth of a Python value, where None is unknown."""
    if value is None:
        return UNKNOWN
    return TRUE if value else FALSE


def negation(truth: Truth) -> Truth:
    if truth is TRUE:
        return FALSE
    return TRUE if truth is FALSE else UNKNOWN


def conjunction(truths: Iterable[Truth]) -> Truth:
    result = TRUE
    for truth in truths:
        if truth is FALSE:
            return FALSE
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    result = FALSE
    for truth in truths:
        if truth is TRUE:
            return TRUE
        if truth is UNKNOWN:
            result = UNKNOWN
    return result


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Whether at least `count` of the statements hold."""
    held = possible = 0
    for truth in truths:
        held += truth is TRUE
        possible += truth is not FALSE
    if held >= count:
        return TRUE
    return UNKNOWN if possible >= count else FALSE
