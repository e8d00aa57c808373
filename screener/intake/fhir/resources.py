"""Reads parts of a resource as they come: what is absent is None, what has the wrong type ends the entry.

Only what is asked for is looked at, so whatever else a resource holds does no harm. Plain
dictionaries, no models: a record of some hundred entries is read in a few times the time of its JSON.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from screener.model.interval import MAX_DIGITS

Resource = Mapping[str, Any]
_NUMBER = re.compile(r"\s*[+-]?\d{1,30}(?:\.\d{1,30})?\s*")
_LONGEST = 500  # characters of a name: as many as a profile allows


class Ended(Exception):
    """An entry is done with: how it ended, and why in words without a patient's data."""

    def __init__(self, how: str, why: str) -> None:
        super().__init__(how)
        self.how, self.why = how, why


class Wrong(Ended):
    """Something at a path is not what it has to be."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__("in error", f"{path}: {why}")


class Doubted(Ended):
    """What a resource says may not stand: it keeps its place as the newest, and decides nothing."""

    def __init__(self, why: str) -> None:
        super().__init__("not understood", why)


def not_needed(why: str) -> Ended:
    return Ended("not needed", why)


def not_understood(why: str) -> Ended:
    return Ended("not understood", why)


def obj(of: Resource, key: str, within: str = "") -> Resource | None:
    value = of.get(key)
    if value is None or isinstance(value, dict):
        return value
    raise Wrong(within + key, "not an object")


def items(of: Resource, key: str, within: str = "") -> list[Resource]:
    """The objects of a list; one object that stands alone is taken for a list of one."""
    value = of.get(key)
    if value is None:
        return []
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise Wrong(within + key, "not a list")
    for number, item in enumerate(value):
        if not isinstance(item, dict):
            raise Wrong(f"{within}{key}[{number}]", "not an object")
    return value


def text(of: Resource, key: str, within: str = "") -> str | None:
    value = of.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Wrong(within + key, "not a text")
    return value.strip() or None


def flag(of: Resource, key: str, within: str = "") -> bool | None:
    value = of.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise Wrong(within + key, "not true or false")


def number(of: Resource, key: str, within: str = "") -> Decimal | None:
    """A number; digits in quotes are read too."""
    value = of.get(key)
    if value is None:
        return None
    if type(value) is Decimal:  # nearly every number, and the rest costs time
        digits = str(value)
        if len(digits) <= MAX_DIGITS and "E" not in digits and "N" not in digits and "I" not in digits:
            return value
    if type(value) is int and abs(value) < 10**MAX_DIGITS:
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Wrong(within + key, "not a number")
    return _finite(value, within + key)


def _finite(value: int | float | Decimal, path: str) -> Decimal:
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise Wrong(path, "too large a number")
    made = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not made.is_finite() or abs(made.adjusted()) >= MAX_DIGITS:
        raise Wrong(path, "NaN, infinite, too large or too small a number")
    if len(made.as_tuple().digits) > MAX_DIGITS:
        raise Wrong(path, f"a number with more than {MAX_DIGITS} digits")
    return made


class Coding(NamedTuple):
    system: str  # as a profile calls it (LOINC), "" for one that no profile knows
    code: str
    display: str


class Said(NamedTuple):
    """What a codeable concept says: its codes, and its words."""

    codings: tuple[Coding, ...]
    text: str

    def words(self) -> Iterator[str]:
        """The text, then what the codes are displayed as."""
        if self.text:
            yield self.text
        yield from (coding.display for coding in self.codings if coding.display)


SYSTEMS: Mapping[str, str] = {
    "http://loinc.org": "LOINC",
    "urn:oid:2.16.840.1.113883.6.1": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "urn:oid:2.16.840.1.113883.6.96": "SNOMED CT",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "urn:oid:2.16.840.1.113883.6.90": "ICD-10-CM",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "urn:oid:2.16.840.1.113883.6.88": "RxNorm",
    "http://www.ama-assn.org/go/cpt": "CPT",
    "urn:oid:2.16.840.1.113883.6.12": "CPT",
    "http://www.whocc.no/atc": "ATC",
    "http://www.genenames.org": "HGNC",
    "http://www.genenames.org/geneId": "HGNC",
}
_TAG = re.compile(
    r"\s*\((?:finding|disorder|procedure|situation|event|substance|product|medicinal product|"
    r"qualifier value|observable entity|regime/therapy|morphologic abnormality)\)$"
)


_TYPES: Mapping[str, frozenset[str]] = {
    stem: frozenset(stem + type for type in types.split())
    for stem, types in {
        "value": "Quantity CodeableConcept String Boolean Integer Decimal Range Ratio SampledData Time "
        "DateTime Period Attachment Reference",
        "effective": "DateTime Period Instant Timing",
        "performed": "DateTime Period String Age Range",
        "occurrence": "DateTime Period String Age Range Timing",
        "onset": "DateTime Period String Age Range",
        "abatement": "DateTime Period String Age Range Boolean",
        "medication": "CodeableConcept Reference",
    }.items()
}


def of_any_type(of: Resource, stem: str) -> bool:
    """Whether an element that may have one of several types is there at all."""
    return not _TYPES[stem].isdisjoint(of)


def one_type(of: Resource, stem: str, within: str = "") -> None:
    """Raises Ended where an element that may have one of several types has two of them."""
    stated = _TYPES[stem].intersection(of)
    if len(stated) > 1 and sum(of[key] is not None for key in stated) > 1:
        raise not_understood(f"{within}{stem}: of several types, and it is not said which one holds")


def said(of: Resource, key: str, within: str = "") -> Said | None:
    """A codeable concept; a plain coding or a text in its place is read as what it is."""
    value = of.get(key)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Wrong(within + key, "not an object")
    return meant(value, within + key)


def meant(value: Resource, path: str) -> Said | None:
    held = [value] if "code" in value and "coding" not in value else value.get("coding")
    if held is None:
        held = []
    elif isinstance(held, dict):
        held = [held]
    elif not isinstance(held, list):
        raise Wrong(f"{path}.coding", "not a list")
    codings: list[Coding] = []
    empty = True
    for index, one in enumerate(held):
        coding = _coding(one, path, index)
        codings.append(coding)
        empty = empty and not coding.code and not coding.display
    words = _words(value, "text", path)
    return None if empty and not words else Said(tuple(codings), words)


def _coding(one: Any, path: str, index: int) -> Coding:
    path = f"{path}.coding[{index}]"
    if not isinstance(one, dict):
        raise Wrong(path, "not an object")
    system, code = _written(one, "system", path), _written(one, "code", path).strip()
    name = SYSTEMS.get(system.rstrip("/"), "") if len(code) <= 100 else ""
    return Coding(name, code[:100], _words(one, "display", path))


def _written(of: Resource, key: str, path: str) -> str:
    """A text as it stands, "" where there is none."""
    value = of.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong(f"{path}.{key}", "not a text")
    return value


def _words(of: Resource, key: str, path: str) -> str:
    """Words without the tag that says what kind of thing they are."""
    words = _written(of, key, path).strip()
    return _TAG.sub("", words)[:_LONGEST] if words.endswith(")") else words[:_LONGEST]


UNCLEAR = "unclear"


def one_of(said: Said | None, known: Collection[str]) -> str:
    """The one code that a concept states of a small set that the standard fixes, "" where it is absent.

    UNCLEAR where it states none of the set or several: a status that nobody knows is no good news.
    """
    if said is None:
        return ""
    coded = {one.code.lower() for one in said.codings}.intersection(known)
    found = coded or {"-".join(words.lower().split()) for words in said.words()}.intersection(known)
    return found.pop() if len(found) == 1 else UNCLEAR


def code_in(said: Said | None) -> str:
    """The first code of a concept from a small set that the standard fixes (a status)."""
    if said is None:
        return ""
    return next((one.code.lower() for one in said.codings if one.code), said.text.lower())


def extension(of: Resource, *ends: str) -> Iterator[tuple[Resource, str]]:
    """The extensions whose address ends so, each with its path."""
    held = of.get("extension")
    if not isinstance(held, list):
        return
    for index, one in enumerate(held):
        url = one.get("url") if isinstance(one, dict) else None
        if isinstance(url, str) and url.rstrip("/").endswith(ends):
            yield one, f"extension[{index}]."
