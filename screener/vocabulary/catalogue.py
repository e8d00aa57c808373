"""The vocabulary in use: names to concepts, concepts to their facts, and the nearest known name."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from screener.vocabulary import names
from screener.vocabulary.units import Units

Kind = Literal[
    "measurement", "scale", "group", "marker", "drug", "class", "regimen",
    "condition", "procedure", "response",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that criteria and charts speak of. `entry` holds its facts as the file gives them."""

    id: str
    kind: Kind
    entry: Mapping[str, Any]
    name: str = field(init=False, compare=False)  # told, with the dimensions, for every record of it
    dimensions: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", str(self.entry["name"]))
        object.__setattr__(self, "dimensions", _dimensions(self.kind, self.entry))

    def listed(self, key: str) -> Sequence[Any]:
        value: Sequence[Any] = self.entry.get(key, ())
        return value


def _dimensions(kind: Kind, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of quantity in which a measurement may be given."""
    if kind == "scale":
        return ("score",)
    own = list(entry.get("dimensions", ()))
    if "molar_mass" in entry:
        own += [name for name in ("mass concentration", "molar concentration") if name not in own]
    if "valence" in entry:
        own.append("equivalent concentration")
    return tuple(own)


class Catalogue:
    """All concepts. Immutable once made; safe from many threads.

    `data` is the compiled vocabulary (see `load`): `concepts` (id → kind and entry), `names`
    (folded name → id), `lengths` (first piece → pieces of the longest name that starts with it),
    `codes` and `prefixes` ("system code" → id and status), `kinds` (kind → ids), `doubtful` (id →
    what it may also be), `tables` (everything else), `sha256`.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        # Each entry is JSON text, read when the concept is first asked for: a call needs few of them.
        self._concepts: Mapping[str, Sequence[Any]] = data["concepts"]
        self._names: Mapping[str, str] = data["names"]
        self._codes: Mapping[str, Sequence[str]] = data["codes"]
        self._prefixes: Mapping[str, Sequence[str]] = data["prefixes"]
        self._lengths: Mapping[str, int] = data["lengths"]
        self._kinds: Mapping[str, Sequence[str]] = data["kinds"]
        self._doubtful: Mapping[str, Sequence[str]] = data["doubtful"]
        self.tables: Mapping[str, Any] = data["tables"]
        self.sha256: str = data["sha256"]
        self.units = Units(self.tables["dimensions"])
        self._made: dict[str, Concept] = {}

    def __getitem__(self, concept: str) -> Concept:
        made = self._made.get(concept)
        if made is None:
            kind, entry = self._concepts[concept]
            made = self._made[concept] = Concept(concept, kind, json.loads(entry))
        return made

    def of_kind(self, kind: Kind) -> Sequence[str]:
        """The ids of all concepts of a kind."""
        return self._kinds.get(kind, ())

    def __contains__(self, concept: str) -> bool:
        return concept in self._concepts

    def __iter__(self) -> Iterator[str]:
        return iter(self._concepts)

    def named(self, name: str) -> Concept | None:
        """The concept of a name or synonym."""
        found = self._names.get(names.folded(name))
        return None if found is None else self[found]

    def spellings(self) -> Iterator[tuple[str, str]]:
        """Every name and synonym, folded, with the id of its concept."""
        return iter(self._names.items())

    def coded(self, system: str, code: str) -> tuple[Concept, str] | None:
        """The concept of a code, and the status that the code itself implies ("" for none)."""
        exact = self._codes.get(f"{system} {code}".casefold())
        if exact is not None:
            return self[exact[0]], exact[1]
        for length in range(len(code), 0, -1):
            found = self._prefixes.get(f"{system} {code[:length]}".casefold().rstrip("."))
            if found is not None:
                return self[found[0]], found[1]
        return None

    def longest(self, text: str, start: int) -> tuple[Concept, int] | None:
        """The longest name that begins at `text[start]`, and where it ends."""
        head = names.pieces(text[start : start + 200])
        if not head:
            return None
        for count in range(min(self._lengths.get(head[0][0], 0), len(head)), 0, -1):
            found = self._names.get(" ".join(piece for piece, _ in head[:count]))
            if found is not None:
                return self[found], start + head[count - 1][1]
        return None

    def nearest(self, name: str, kinds: Sequence[Kind] = ()) -> str | None:
        """The known name most like this one, of one of `kinds` where any are given."""
        from difflib import get_close_matches

        wanted = names.folded(name)
        if wanted in self._names and kinds and self[self._names[wanted]].kind not in kinds:
            return None  # it is spelled well, and a name of something else
        cutoff = 0.75 if len(wanted) > 8 else 0.8  # short words are alike by chance
        for found in get_close_matches(wanted, self._names, n=8, cutoff=cutoff):
            concept = self[self._names[found]]
            if not kinds or concept.kind in kinds:
                return concept.name
        return None

    def ancestors(self, concept: str) -> tuple[str, ...]:
        """The more general concepts, nearest first, without the concept itself."""
        return self._upward(concept)[1:]

    def with_ancestors(self, concept: str) -> tuple[str, ...]:
        return self._upward(concept)

    def is_a(self, concept: str, general: str) -> bool:
        return general in self._upward(concept)

    def may_be(self, concept: str) -> tuple[str, ...]:
        """Concepts whose record may also be this one, or a kind of it, though no parent says so.

        What an entry's `may_be` lists holds for its kinds too, but for those that are one of the
        listed already: a pneumonia may be bacterial or viral, a bacterial pneumonia is not viral.
        """
        known = self._possible.get(concept)
        if known is None:
            known = self._possible[concept] = tuple(
                other for other, listed in self._doubtful.items()
                if concept not in self._upward(other) and any(self.is_a(name, concept) for name in listed)
            )  # fmt: skip
        return known

    @cached_property
    def _possible(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _parents(self, concept: str) -> Sequence[str]:
        about = self[concept]
        return about.listed({"drug": "classes", "marker": "implies"}.get(about.kind, "parents"))

    def _upward(self, concept: str) -> tuple[str, ...]:
        known = self._lines.get(concept)
        if known is None:
            line = {concept: None}
            for parent in self._parents(concept):
                line.update(dict.fromkeys(self._upward(parent)))
            known = self._lines[concept] = tuple(line)
        return known

    @cached_property
    def _lines(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def methods(self) -> Mapping[str, str]:
        """The folded names of laboratory methods → their ids; an earlier entry goes before a later one."""
        methods: dict[str, str] = {}
        for method, entry in self.tables["methods"].items():
            for name in (method, entry["name"], *entry.get("synonyms", ())):
                methods.setdefault(names.folded(name), method)
        return methods

    @cached_property
    def alterations(self) -> Mapping[str, str]:
        """The canonical keys of marker notation → marker ids."""
        from screener.vocabulary.notation import concept_table

        return concept_table({concept: self[concept].entry for concept in self.of_kind("marker")})
