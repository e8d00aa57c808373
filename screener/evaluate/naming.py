"""The names and codes of a profile → concepts of the vocabulary."""

from collections.abc import Sequence
from typing import NamedTuple

from screener.model.patient import Code
from screener.vocabulary.catalogue import Catalogue, Concept, Kind

_Codes = tuple[tuple[str, str], ...]


class Agreed(NamedTuple):
    """The concept on which a name and codes agree, with the status that a code implies ("" for
    none); or what of them is not understood."""

    concept: Concept | None
    implied: str
    problem: str = ""


class Names:
    """Looks up each name and code once: a profile says the same few of them many times."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._named: dict[str, Concept | None] = {}
        self._agreed: dict[tuple[Sequence[Kind], str | None, _Codes], Agreed] = {}

    def named(self, name: str) -> Concept | None:
        if name not in self._named:
            self._named[name] = self._catalogue.named(name)
        return self._named[name]

    def agreed(self, kinds: Sequence[Kind], name: str | None, codes: Sequence[Code]) -> Agreed:
        key = (kinds, name, tuple([(code.system, code.code) for code in codes]))
        known = self._agreed.get(key)
        if known is None:
            known = self._agreed[key] = self._agree(*key)
        return known

    def _agree(self, kinds: Sequence[Kind], name: str | None, codes: _Codes) -> Agreed:
        found: dict[str, str] = {}
        named = None if name is None else self.named(name)
        if named is not None and named.kind in kinds:
            found[named.id] = ""
        for system, code in codes:
            coded = self._catalogue.coded(system, code)
            if coded is not None and coded[0].kind in kinds:
                found[coded[0].id] = coded[1]
        concept = self._one(found)
        if concept is None:
            return Agreed(None, "", "name and code disagree:" if len(found) > 1 else "name")
        return Agreed(self._catalogue[concept], found[concept])

    def _one(self, found: dict[str, str]) -> str | None:
        """The most special of concepts that lie on one line of the hierarchy."""
        for concept in found:
            line = self._catalogue.with_ancestors(concept)
            if all(other in line for other in found):
                return concept
        return None
