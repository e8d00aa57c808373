"""GA4GH Phenopackets v2 (JSON) → profile, where the one maps to the other.

Each part becomes the resource that says the same, and is read as that one is, so that one set of
rules decides what counts. A feature that is `excluded` is absent: here somebody looked.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from screener.errors import InputError, Problem
from screener.intake.fhir import conditions, genomics, medications, observations, procedures
from screener.intake.fhir.account import Account
from screener.intake.fhir.context import Context
from screener.intake.fhir.convert import Converted, checked
from screener.intake.fhir.dates import aged, day
from screener.intake.fhir.naming import Namer
from screener.intake.fhir.references import Index
from screener.intake.fhir.resources import (
    Ended,
    Resource,
    Wrong,
    flag,
    items,
    meant,
    not_needed,
    not_understood,
    obj,
    text,
)
from screener.vocabulary.catalogue import Catalogue

_URIS = {
    "LOINC": "http://loinc.org", "SNOMED": "http://snomed.info/sct", "SNOMEDCT": "http://snomed.info/sct",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm", "HGNC": "http://www.genenames.org/geneId",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm", "RXCUI": "http://www.nlm.nih.gov/research/umls/rxnorm",
}  # fmt: skip
_SEXES = {"MALE": "male", "FEMALE": "female", "OTHER_SEX": "other"}
_YEARS = re.compile(r"P(\d{1,3})Y(?:\d+M)?(?:\d+D)?")


def converted(packet: Resource, catalogue: Catalogue, wanted: str | None = None) -> Converted:
    """The profile of a phenopacket, and how each of its parts ended."""
    account, context = Account(), Context(Namer(catalogue), Index())
    data, problems = _person(packet, account, wanted)
    context.birth = str(data["birth_date"]) if data and "birth_date" in data else None
    for section, read in _READERS.items():
        for place, part in _parts(packet, section, account):
            context.entry = account.opened(place)
            try:
                read(part, context)
            except Ended as ended:
                context.entry.end(ended.how, ended.why)
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
                context.entry.end("in error", "it cannot be read")  # one part must not lose the others
    for key in packet:
        if key in ("biosamples", "files") and packet[key]:
            account.opened(key).end("not needed", "no such part decides a criterion")
    return checked(data, context, account, problems)


def _parts(packet: Resource, section: str, account: Account) -> Iterator[tuple[str, Resource]]:
    held = packet.get(section)
    if held is None:
        return
    if not isinstance(held, list):
        account.opened(section).end("in error", "not a list")
        return
    for number, part in enumerate(held):
        if isinstance(part, dict):
            yield f"{section}[{number}]", part
        else:
            account.opened(f"{section}[{number}]").end("in error", "not an object")


def _person(
    packet: Resource, account: Account, wanted: str | None
) -> tuple[dict[str, Any] | None, list[Problem]]:
    entry = account.opened("subject")
    try:
        subject = obj(packet, "subject") or {}
        name = text(subject, "id", "subject.")
        born = day(subject, "dateOfBirth", "subject.")
        sex = _SEXES.get(text(subject, "sex", "subject.") or "")
        age = None if born else _age(subject)
    except Ended as ended:
        entry.end(ended.how, ended.why)
        path, _, why = ended.why.partition(": ")
        return None, [Problem("patient", why, path, "mend it in the record")]
    if wanted is not None and wanted != name:
        raise InputError([Problem("no-such-patient", "no patient here has this id", "--patient",
                                  "a phenopacket holds one patient")])  # fmt: skip
    if born is None and age is None:
        entry.end("in error", "dateOfBirth: missing, and no age in years")
        return None, [Problem("patient", "this is missing, and no age in years", "subject.dateOfBirth",
                              "a profile needs one of the two")]  # fmt: skip
    entry.end("used")
    data: dict[str, Any] = {"id": name or "patient"}
    data |= {"birth_date": born[:10]} if born else {"age": age}
    return data | ({"sex": sex} if sex else {}), []


def _age(subject: Resource) -> int | None:
    """The age at the last encounter in whole years."""
    last = obj(subject, "timeAtLastEncounter", "subject.")
    held = obj(last, "age", "subject.timeAtLastEncounter.") if last else None
    found = _YEARS.fullmatch(str(held.get("iso8601duration"))) if held else None
    return int(found[1]) if found else None


# --- the parts as resources -------------------------------------------------------------------


def _coded(of: Resource, key: str) -> dict[str, Any] | None:
    """An ontology class (`LOINC:718-7`) as a codeable concept."""
    held = obj(of, key)
    if held is None:
        return None
    name, label = text(held, "id", f"{key}.") or "", text(held, "label", f"{key}.") or ""
    prefix, _, code = name.partition(":")
    return {"coding": [{"system": _URIS.get(prefix.upper(), ""), "code": code, "display": label}]}


def _time(of: Resource, key: str, at: Context, last: bool = False) -> str | None:
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


def _condition(code: str, ended: str) -> Callable[[Resource, Context], None]:
    def read(part: Resource, at: Context) -> None:
        stated = _coded(part, code)
        said = meant(stated, code) if stated else None
        if said is None:
            raise Wrong(code, "missing")
        record, known = conditions.named(said, at)
        gone = at.soft(lambda: _time(part, ended, at))
        record |= {"onset": at.soft(lambda: _time(part, "onset", at)), "resolved": gone,
                   "stage": at.soft(lambda: _stage(part))}  # fmt: skip
        severity = at.soft(lambda: _coded(part, "severity"))
        record["severity"] = conditions.severity(meant(severity, "severity")) if severity else None
        excluded = flag(part, "excluded")
        if excluded:
            record = {key: record[key] for key in ("name", "codes")}
        record["status"] = "absent" if excluded else "resolved" if gone else "active"
        at.keep("conditions", record, known is not None)

    return read


def _stage(part: Resource) -> str | None:
    for one in items(part, "diseaseStage"):
        label = text(one, "label", "diseaseStage.")
        if label:
            return conditions.stage_of(label)
    return None


def _measurement(part: Resource, at: Context) -> None:
    value = obj(part, "value")
    if value is None:
        raise not_understood("value: of several parts, or missing")
    made: dict[str, Any] = {"resourceType": "Observation", "code": _coded(part, "assay")}
    quantity = obj(value, "quantity", "value.")
    if quantity is not None:
        unit = _unit(quantity)
        made["valueQuantity"] = {"value": quantity.get("value"), "code": unit}
        limits = obj(quantity, "referenceRange", "value.quantity.")
        if limits is not None:
            ends = {end: {"value": limits[end], "code": unit} for end in ("low", "high") if end in limits}
            made["referenceRange"] = [ends]
    elif value.get("ontologyClass") is not None:
        made["valueCodeableConcept"] = _coded(value, "ontologyClass")
    if part.get("timeObserved") is not None:
        made["effectiveDateTime"] = at.soft(lambda: _time(part, "timeObserved", at))
    observations.read(made, at)


def _unit(quantity: Resource) -> str | None:
    held = obj(quantity, "unit", "value.quantity.")
    if held is None:
        return None
    name = text(held, "id", "value.quantity.unit.") or ""
    label = text(held, "label", "value.quantity.unit.")
    return name.partition(":")[2] if name.upper().startswith("UCUM:") else label


def _interpretation(part: Resource, at: Context) -> None:
    diagnosis = obj(part, "diagnosis") or {}
    found = items(diagnosis, "genomicInterpretations", "diagnosis.")
    if not found:
        raise not_needed("it holds no genomic interpretation")
    for number, one in enumerate(found):
        path = f"diagnosis.genomicInterpretations[{number}]"
        with at.at(f".{path}"):
            try:
                _variant(one, at)
            except Ended as ended:
                at.entry.end(ended.how, f"{path}: {ended.why}")


def _variant(one: Resource, at: Context) -> None:
    if one.get("interpretationStatus") in ("REJECTED", "UNKNOWN_STATUS"):
        raise not_needed("rejected, or of unknown status")
    held = obj(obj(one, "variantInterpretation") or {}, "variationDescriptor")
    if held is None:
        raise not_understood("no variant in it")
    gene = text(obj(held, "geneContext") or {}, "symbol")
    parts = [_component("48018-6", gene)] if gene else []
    for expression in items(held, "expressions"):
        code = {"hgvs.p": "48005-3", "hgvs.c": "48004-6", "hgvs.g": "81290-9", "iscn": "81291-7"}.get(
            str(expression.get("syntax")))  # fmt: skip
        value = text(expression, "value")
        if code and value:
            parts.append(_component(code, value))
    made = {"resourceType": "Observation", "component": parts,
            "code": {"coding": [{"system": _URIS["LOINC"], "code": "69548-6"}]},
            "valueBoolean": True}  # fmt: skip
    code_of = meant(made["code"], "code")  # type: ignore[arg-type]
    if code_of is not None:
        genomics.observed(made, code_of, None, at)


def _component(code: str, value: str) -> dict[str, Any]:
    return {"code": {"coding": [{"system": _URIS["LOINC"], "code": code}]}, "valueString": value}


def _action(part: Resource, at: Context) -> None:
    """A procedure, a drug, a regimen or radiotherapy; anything else of an action is not read."""
    if (procedure := obj(part, "procedure")) is not None:
        made = {"resourceType": "Procedure", "status": "completed", "code": _coded(procedure, "code"),
                "performedDateTime": at.soft(lambda: _time(procedure, "performed", at, last=True))}  # fmt: skip
        procedures.read(made, at)
    elif (treatment := obj(part, "treatment")) is not None:
        medications.read(_given(_coded(treatment, "agent"), *_days(treatment, at)), at)
    elif (regimen := obj(part, "therapeuticRegimen")) is not None:
        start = at.soft(lambda: _time(regimen, "startTime", at))
        end = at.soft(lambda: _time(regimen, "endTime", at))
        medications.read(_given(_coded(regimen, "ontologyClass"), start, end), at)
    elif obj(part, "radiationTherapy") is not None:
        procedures.read({"resourceType": "Procedure", "code": {"text": "radiotherapy"}}, at)
    else:
        raise not_understood("it holds no action that is read")


def _days(treatment: Resource, at: Context) -> tuple[str | None, str | None]:
    """From the first dose to the last; without an interval for each dose no end is known."""
    starts, ends = [], []
    for number, dose in enumerate(items(treatment, "doseIntervals")):
        path = f"doseIntervals[{number}].interval."
        interval = at.soft(lambda dose=dose, path=path: obj(dose, "interval", path)) or {}  # type: ignore[misc]
        starts.append(at.soft(lambda held=interval, path=path: day(held, "start", path)))  # type: ignore[misc]
        ends.append(at.soft(lambda held=interval, path=path: day(held, "end", path)))  # type: ignore[misc]
    return min(filter(None, starts), default=None), max(filter(None, ends), default=None) if all(
        ends
    ) else None


def _given(code: Mapping[str, Any] | None, start: str | None, end: str | None) -> dict[str, Any]:
    period = {key: value for key, value in (("start", start), ("end", end)) if value}
    return {"resourceType": "MedicationStatement", "status": "completed", "medicationCodeableConcept": code,
            "effectivePeriod": period or None}  # fmt: skip


_READERS: Mapping[str, Callable[[Resource, Context], None]] = {
    "phenotypicFeatures": _condition("type", "resolution"),
    "diseases": _condition("term", "resolution"),
    "measurements": _measurement,
    "interpretations": _interpretation,
    "medicalActions": _action,
}
