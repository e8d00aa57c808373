"""Whether a person decides a whole claim, or only who is excused from it."""

from collections.abc import Sequence

from screener.drafting.logic.parts import Part, flat
from screener.drafting.words.freedom import FREE


def asks_a_person(parts: Sequence[Part]) -> bool:
    """Whether a person decides the whole; a claim that excuses those free of the disease remains a claim."""
    said = [part for part in flat(parts) if part.type == "PERSON"]
    return bool(said) and not (parts[0].type == "CLAIM" and all(part.value == FREE for part in said))
