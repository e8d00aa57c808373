"""How much work a call is, counted and not timed: no test fails on a clock."""

import sys
from collections.abc import Callable


def steps(call: Callable[[], object]) -> int:
    """How many functions are called and left: the same on every machine.

    The call is made twice, so that what it keeps for later ones is kept before the count.
    """
    count = 0

    def seen(*_: object) -> None:
        nonlocal count
        count += 1

    call()
    sys.setprofile(seen)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count
