"""Arguments of the library that are of another type than it takes: a programmer's mistake, told as such."""

from os import PathLike
from typing import Any

A_PATH = (str, PathLike)


def must_be(kinds: type | tuple[type, ...], call: str, name: str, given: Any, wanted: str) -> None:
    """Raises TypeError where an argument is of no such type. Nothing of what was given is in it."""
    if not isinstance(given, kinds):
        found = "None" if given is None else f"of type {type(given).__name__}"
        raise TypeError(f"{call}: `{name}` is {found}; give {wanted}")
