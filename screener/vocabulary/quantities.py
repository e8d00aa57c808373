"""Of which kinds of quantity a measurement is, and what a group of measurements stands for."""

from screener.vocabulary.catalogue import Catalogue, Concept

# Kinds of quantity that are written without a unit.
UNITLESS = {"score", "count", "ratio"}


def members(catalogue: Catalogue, concept: str) -> tuple[str, ...]:
    """The concepts that a group stands for, or the concept itself."""
    found = catalogue[concept]
    return tuple(found.listed("members")) if found.kind == "group" else (concept,)


def dimensions(concept: Concept) -> tuple[str, ...]:
    """The kinds of quantity in which a measurement may be given."""
    return concept.dimensions
