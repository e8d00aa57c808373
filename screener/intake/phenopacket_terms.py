"""The small parts of a phenopacket: ontology classes, times and units."""

import re
from typing import Any

from screener.intake.fhir.context import Context
from screener.intake.fhir.dates import aged, day
from screener.intake.fhir.resources import Resource, Wrong, obj, text

URIS = {
    "LOINC": "http://loinc.org",
    "SNOMED": "http://snomed.info/sct",
    "SNOMEDCT": "http://snomed.info/sct",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "HGNC": "http://www.genenames.org/geneId",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "RXCUI": "http://www.nlm.nih.gov/research/umls/rxnorm",
}
OLDEST = 150  # years
_YEARS = re.compile(r"P(\d{1,3})Y(?:\d+M)?(?:\d+D)?")


def coded(of: Resource, key: str) -> dict[str, Any] | None:
    """An ontology class (`LOINC:718-7`) as a codeable concept."""
    held = obj(of, key)
    if held is None:
        return None
    name, label = text(held, "id", f"{key}.") or "", text(held, "label", f"{key}.") or ""
    prefix, _, code = name.partition(":")
    return {"coding": [{"system": URIS.get(prefix.upper(), ""), "code": code, "display": label}]}


def time_of(of: Resource, key: str, at: Context, last: bool = False) -> str | None:
    """A time element as a date: a timestamp, an age, or the first (last) day of an interval."""
    held = obj(of, key)
    if held is None:
        return None
    if held.get("timestamp") is not None:
        return day(held, "timestamp", f"{key}.")
    interval = obj(held, "interval", f"{key}.")
    if interval is not None:
        return day(interval, "end" if last else "start", f"{key}.interval.")
    age = obj(held, "age", f"{key}.")
    found = _YEARS.fullmatch(str(age.get("iso8601duration"))) if age else None
    if found is None:
        raise Wrong(key, "neither a timestamp nor an age in years")
    return aged(at.birth, {"value": int(found[1]), "code": "a"}, key)


def least_age(held: Resource) -> int | None:
    """The full years of an age, or of the start of a range of ages."""
    ages = obj(held, "ageRange")
    age = obj(held, "age") or (obj(ages, "start") if ages else None)
    found = _YEARS.fullmatch(str(age.get("iso8601duration"))) if age else None
    return int(found[1]) if found and int(found[1]) <= OLDEST else None


def unit_of(quantity: Resource) -> str | None:
    held = obj(quantity, "unit", "value.quantity.")
    if held is None:
        return None
    name = text(held, "id", "value.quantity.unit.") or ""
    label = text(held, "label", "value.quantity.unit.")
    return name.partition(":")[2] if name.upper().startswith("UCUM:") else label
