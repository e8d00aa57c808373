"""Codes and words → concepts of the vocabulary. Codes go before words; what disagrees is nobody's."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from screener.intake.fhir.resources import Coding, Resource, Said, said
from screener.vocabulary.catalogue import Catalogue, Concept, Kind

S = TypeVar("S", bound=Hashable)
T = TypeVar("T")
_UNREAD: Any = object()
_PLAIN: tuple[Kind, ...] = ("measurement", "scale")
_MARKED = re.compile(r"[()\[\];]|[pq][+-]|\b(?:mutat|mutant|del|amp|gain)", re.I)

# Words that make another test of the one that stands without them.
_NARROWER = re.compile(
    r"urin|csf|cerebrospinal|pleural|ascit|peritoneal|synovial|stool|fa?ec|saliva|ioni[sz]ed|free|direct|"
    r"conjugated|f(?:o)?etal|glyc|ratio|clearance|24.?h|anti(?!gen)|antibod",
    re.I,
)

# Codes that the vocabulary's own entries lack, because a name of theirs is what they mean here.
ALSO: Mapping[tuple[str, str], str] = {
    ("SNOMED CT", "1217123003"): "radiotherapy",  # a course, as mCODE records it
    ("SNOMED CT", "1287742003"): "radiotherapy",  # CodeX Radiation Therapy, category
    ("SNOMED CT", "108290001"): "radiotherapy",  # the same, before it was retired
}


class Namer:
    """Remembers what it looked up: a record says the same few things many times."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._coded: dict[tuple[str, str], Concept | None] = {}
        self._named: dict[str, Concept | None] = {}
        self._markers: dict[str, bool] = {}
        self._said: dict[tuple[Any, ...], Said | None] = {}
        self._tests: dict[Said, Test] = {}
        self._read: dict[Any, Any] = {}
        self.units: dict[tuple[Any, ...], str | None] = {}  # see quantities.unit_of

    def said(self, of: Resource, key: str) -> Said | None:
        """A codeable concept, which is taken to pieces where it is first said."""
        spelled = _spelled(of.get(key))
        try:
            return self._said[spelled] if spelled else said(of, key)
        except (KeyError, TypeError):  # not said yet, or of a wrong type that cannot be looked up
            made = self._said[spelled] = said(of, key)
            return made

    def once(self, read: "Callable[[S, Namer], T]", stated: S) -> T:
        """What `read` makes of a code or a unit, which means the same wherever it stands."""
        key = (read, stated)
        found: T = self._read.get(key, _UNREAD)
        if found is _UNREAD:
            found = self._read[key] = read(stated, self)
        return found

    def coded(self, one: Coding) -> Concept | None:
        if not one.system or not one.code:
            return None
        key = (one.system, one.code)
        if key not in self._coded:
            found = self.catalogue.coded(*key)
            self._coded[key] = found[0] if found else self.named(ALSO[key]) if key in ALSO else None
        return self._coded[key]

    def implied(self, said: Said) -> bool:
        """Whether a code says by itself that something is past ("personal history of …")."""
        found = (
            self.catalogue.coded(one.system, one.code) for one in said.codings if one.system and one.code
        )
        return any(one is not None and one[1] for one in found)

    def named(self, words: str) -> Concept | None:
        if words not in self._named:
            self._named[words] = self.catalogue.named(words)
        return self._named[words]

    def by_code(self, said: Said, kinds: Sequence[Kind]) -> list[Concept]:
        found = (self.coded(one) for one in said.codings)
        return list({one.id: one for one in found if one is not None and one.kind in kinds}.values())

    def by_word(self, said: Said, kinds: Sequence[Kind]) -> tuple[Concept, str] | None:
        for words in said.words():
            found = self.named(words)
            if found is not None and found.kind in kinds:
                return found, words
        return None

    def test(self, said: Said) -> "Test":
        found = self._tests.get(said)
        if found is None:
            found = self._tests[said] = _test(said, self)
        return found

    def measure(self, said: Said) -> Concept | None:
        """The test that a code names, or words where no LOINC code says otherwise.

        A laboratory writes `Glucose` beside the code of a test in urine: beside a LOINC code that
        the vocabulary does not know, only LOINC's own long name is believed.
        """
        return self.test(said).concept

    def one(self, found: Sequence[Concept]) -> Concept | None:
        """The most special of concepts on one line of the hierarchy."""
        for concept in found:
            line = self.catalogue.with_ancestors(concept.id)
            if all(other.id in line for other in found):
                return concept
        return None

    def marks(self, words: str) -> bool:
        """Whether words name a marker, by its name or in notation."""
        known = self._markers.get(words)
        if known is None:
            known = self._markers[words] = self._reads(words)
        return known

    def _reads(self, words: str) -> bool:
        named = self.named(words)
        if named is not None:
            return named.kind == "marker"
        if not _MARKED.search(words):  # the grammar of notation is loaded only for what looks like it
            return False
        from screener.vocabulary.notation import read_notation

        return any(self._known(one.key) for one in read_notation(words))

    def _known(self, key: str) -> bool:
        key = key.removeprefix("possible ")
        change, _, variant = key.partition(" ")
        table = self.catalogue.alterations
        return key in table or f"{change} {variant.partition(' ')[0]}" in table


def _spelled(concept: Any) -> tuple[Any, ...]:
    """The words and codes of a concept as they stand, by which it is known again; none of another form."""
    codings = concept.get("coding") if isinstance(concept, dict) else None
    if not isinstance(codings, list):
        return ()
    spelled: tuple[Any, ...] = (concept.get("text"),)
    for one in codings:
        if not isinstance(one, dict):
            return ()
        spelled += one.get("system"), one.get("code"), one.get("display")
    return spelled


def _measure(said: Said, names: Namer) -> Concept | None:
    found = names.by_code(said, _PLAIN)
    if found:
        return names.one(found)
    kinds: tuple[Kind, ...] = (*_PLAIN, "condition")
    if any(one.system == "LOINC" for one in said.codings):
        said = Said(tuple(one for one in said.codings if "[" in one.display), "")
        kinds = _PLAIN
    return _by_words(said, kinds, names)


def _by_words(said: Said, kinds: Sequence[Kind], names: Namer) -> Concept | None:
    """The concept that all words allow: `Calcium` beside `Calcium, ionized` is not the total one."""
    found = {words: one for words in said.words() if (one := names.named(words)) is not None}
    others = " ".join(words for words in said.words() if words not in found)
    agreed = names.one([one for one in found.values() if one.kind in kinds])
    narrower = {word.lower() for word in _NARROWER.findall(others)}
    return None if narrower - {word.lower() for word in _NARROWER.findall(" ".join(found))} else agreed


class Test(NamedTuple):
    """What an observation's code names: the test, with those of its codes that the vocabulary knows
    for it, so that name and codes agree."""

    concept: Concept | None
    codes: list[dict[str, str]]


def _test(said: Said, names: Namer) -> Test:
    concept = _measure(said, names)
    own = tuple(one for one in said.codings if names.coded(one) is concept)
    return Test(concept, codes_of(Said(own, "")))


def codes_of(said: Said) -> list[dict[str, str]]:
    """The codes of systems that a profile knows."""
    return [{"system": one.system, "code": one.code} for one in said.codings if one.system and one.code]
