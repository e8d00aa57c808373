"""What the lines of a list say of how they are joined, and which of them are no members of it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from screener.drafting.layout.items import Item

_NOTE = re.compile(r"\W*(?:note|nb)\b", re.IGNORECASE)
_LEADS = re.compile(r"(?::|\bfollowing|\bor|\bfollows|\bby|-)\W*$", re.IGNORECASE)

_ONE_OF = re.compile(
    r"\b(?:one|any|either|more)\b[^.:;]{0,30}\bof the following\b[^.:;]{0,60}:?\s*$", re.IGNORECASE
)


def rejoined(items: Sequence[Item], asks: Callable[[Item], str]) -> tuple[list[Item], frozenset[int]]:
    """The items with those that slipped out of a list (`one of the following:`, its members beside it) below
    its head again, and where such heads begin.

    Where the list ends is not told: its members are the lines that ask the same kind of thing, as `asks`
    says, and those between them of which nothing is data.
    """
    found: list[Item] = []
    heads: set[int] = set()
    at = 0
    while at < len(items):
        item, end = items[at], at + 1
        if not item.children and "of the following" in item.text.casefold() and _ONE_OF.search(item.text):
            end = _end_of_members(items, at + 1, asks)
        if end > at + 1:
            item = replace(item, children=tuple(items[at + 1 : end]))
            heads.add(item.start)
        found.append(item)
        at = end
    return found, frozenset(heads)


def _end_of_members(items: Sequence[Item], first: int, asks: Callable[[Item], str]) -> int:
    kind, end, at = "", first, first
    while at < len(items) and not items[at].children:
        asked = asks(items[at])
        if asked and kind and asked != kind:
            break
        kind, at = kind or asked, at + 1
        end = at if asked else end
    return end


def is_no_alternative(child: Item) -> bool:
    """A note, or a line with a list below it that it does not introduce: demands that slipped too deep."""
    return bool(_NOTE.match(child.text) or (child.children and not _LEADS.search(child.text)))


def joining_words(text: str) -> list[str]:
    """The word at the end of a line that joins it to the next."""
    words = text.rstrip(" ,;.:").casefold().split()
    last = words[-1] if words else ""
    return ["or"] if last in ("or", "and/or") else ["and"] if last == "and" else []


def says_something(text: str) -> bool:
    """Whether a line is more than such a word."""
    return text.strip(" ,;.:").casefold() not in ("", "or", "and", "and/or")
