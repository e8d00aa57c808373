"""What the lines of a list say of how they are joined, and which of them are no members of it."""

import re

from screener.drafting.layout.items import Item

_NOTE = re.compile(r"\W*(?:note|nb)\b", re.IGNORECASE)
_LEADS = re.compile(r"(?::|\bfollowing|\bor|\bfollows|\bby|-)\W*$", re.IGNORECASE)


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
