"""GA4GH Phenopackets v2 (JSON) → profile, where the one maps to the other.

Each part becomes the resource that says the same, and is read as that one is, so that one set of
rules decides what counts. A feature that is `excluded` is absent: here somebody looked.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from screener.errors import InputError, Problem
from screener.intake.fhir import conditions, genomics, medications, observations, procedures
from screener.intake.fhir.account import Account
from screener.intake.fhir.context import Context
from screener.intake.fhir.convert import Converted, checked
from screener.intake.fhir.dates import day
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
from screener.intake.phenopacket_terms import OLDEST, URIS, coded, least_age, time_of, unit_of
from screener.model.calendar import Span, back, read_date
from screener.vocabulary.catalogue import Catalogue

_SEXES = {"MALE": "male", "FEMALE": "female", "OTHER_SEX": "other"}


def converted(packet: Resource, catalogue: Catalogue, wanted: str | None = None) -> Converted:
    """The profile of a phenopacket, and how each of its parts ended."""
    account, context = Account(), Context(Namer(catalogue), Index())
    data, problems = _person(packet, account, wanted)
    context.made = context.soft(lambda: _created(packet))
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
        born = day(subject, "dateOfBirth", "subject.") or _born(packet, subject)
        sex = _SEXES.get(text(subject, "sex", "subject.") or "")
    except Ended as ended:
        entry.end(ended.how, ended.why)
        path, _, why = ended.why.partition(": ")
        return None, [Problem("patient", why, path, "mend it in the record")]
    if wanted is not None and wanted != name:
        raise InputError(
            [
                Problem(
                    "no-such-patient",
                    "no patient here has this id",
                    "--patient",
                    "a phenopacket holds one patient",
                )
            ]
        )
    if born is None:
        entry.end("in error", "dateOfBirth: missing")
        return None, [
            Problem("patient", "this is missing", "subject.dateOfBirth", "a profile needs the birth date")
        ]
    if subject.get("dateOfBirth") is None:
        entry.why.append("dateOfBirth: only a least age follows, from timeAtLastEncounter and created")
    vital = subject.get("vitalStatus")
    if isinstance(vital, dict) and vital.get("status") == "DECEASED":
        entry.why.append("deceased: no profile holds it")
    entry.end("used")
    data: dict[str, Any] = {"id": name or "patient", "birth_date": born if "/" in born else born[:10]}
    return data | ({"sex": sex} if sex else {}), []


def _born(packet: Resource, subject: Resource) -> str | None:
    """The days of birth that an age at the last encounter leaves open: it was before the packet was made."""
    made = _created(packet)
    seen = obj(subject, "timeAtLastEncounter", "subject.")
    years = least_age(seen) if seen else None
    if made is None or years is None:
        return None
    latest = back(read_date(made).last, Span(years, "year"))
    return f"{back(latest, Span(OLDEST - years, 'year')).isoformat()}/{latest.isoformat()}"


def _created(packet: Resource) -> str | None:
    return day(obj(packet, "metaData") or {}, "created", "metaData.")


# --- the parts as resources -------------------------------------------------------------------


def _condition(code: str, ended: str) -> Callable[[Resource, Context], None]:
    def read(part: Resource, at: Context) -> None:
        stated = coded(part, code)
        said = meant(stated, code) if stated else None
        if said is None:
            raise Wrong(code, "missing")
        record, known = conditions.named(said, at)
        gone = at.soft(lambda: time_of(part, ended, at))
        record |= {
            "onset": at.soft(lambda: time_of(part, "onset", at)),
            "resolved": gone,
            "stage": at.soft(lambda: _stage(part)),
        }
        severity = at.soft(lambda: coded(part, "severity"))
        record["severity"] = conditions.severity(meant(severity, "severity")) if severity else None
        excluded = flag(part, "excluded")
        if excluded:
            # What was looked for and not found was so by the day on which the packet was made, not for ever.
            record = {key: record[key] for key in ("name", "codes")} | {"date": at.made}
        over = part.get(ended) is not None
        record["status"] = "absent" if excluded else "resolved" if over else "active"
        at.keep("conditions", record, known is not None)

    return read


def _stage(part: Resource) -> str | None:
    for one in items(part, "diseaseStage"):
        label = text(one, "label", "diseaseStage.")
        if label:
            return conditions.stage_of(label)
    return None


def _measurement(part: Resource, at: Context) -> None:
    made: dict[str, Any] = {"resourceType": "Observation", "code": coded(part, "assay")}
    value, several = obj(part, "value") or {}, obj(part, "complexValue") or {}
    quantity = obj(value, "quantity", "value.")
    if quantity is not None:
        made |= _amount(quantity, "value.quantity.")
    elif value.get("ontologyClass") is not None:
        made["valueCodeableConcept"] = coded(value, "ontologyClass")
    elif value:
        raise not_understood("value: neither a quantity nor an ontology class")
    if several:
        made["component"] = [
            {"code": coded(one, "type"), **_amount(obj(one, "quantity") or {}, "complexValue.")}
            for one in items(several, "typedQuantities", "complexValue.")
        ]
    if part.get("timeObserved") is not None:
        made["effectiveDateTime"] = at.soft(lambda: time_of(part, "timeObserved", at))
    observations.read(made, at)


def _amount(quantity: Resource, path: str) -> dict[str, Any]:
    """A quantity and its limits as an observation or one of its components has them."""
    unit = unit_of(quantity)
    made: dict[str, Any] = {"valueQuantity": {"value": quantity.get("value"), "code": unit}}
    limits = obj(quantity, "referenceRange", path)
    if limits is not None:
        ends = {end: {"value": limits[end], "code": unit} for end in ("low", "high") if end in limits}
        made["referenceRange"] = [ends]
    return made


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
    variant = obj(one, "variantInterpretation") or {}
    held = obj(variant, "variationDescriptor")
    if held is None:
        raise not_understood("no variant in it")
    gene = text(obj(held, "geneContext") or {}, "symbol")
    parts = [_component("48018-6", gene)] if gene else []
    for expression in items(held, "expressions"):
        code = {"hgvs.p": "48005-3", "hgvs.c": "48004-6", "hgvs.g": "81290-9", "iscn": "81291-7"}.get(
            str(expression.get("syntax"))
        )
        value = text(expression, "value")
        if code and value:
            parts.append(_component(code, value))
    significance = text(variant, "acmgPathogenicityClassification") or ""
    kind = obj(held, "structuralType")
    parts += [_component("53037-8", significance.replace("_", " "))] if significance else []
    parts += [_component("48019-4", text(kind, "label") or text(kind, "id") or "")] if kind else []
    made = {
        "resourceType": "Observation",
        "component": parts,
        "code": {"coding": [{"system": URIS["LOINC"], "code": "69548-6"}]},
        "valueBoolean": True,
    }
    code_of = meant(made["code"], "code")  # type: ignore[arg-type]
    if code_of is not None:
        genomics.observed(made, code_of, None, at)


def _component(code: str, value: str) -> dict[str, Any]:
    return {"code": {"coding": [{"system": URIS["LOINC"], "code": code}]}, "valueString": value}


def _action(part: Resource, at: Context) -> None:
    """A procedure, a drug, a regimen or radiotherapy; anything else of an action is not read."""
    if (procedure := obj(part, "procedure")) is not None:
        made = {
            "resourceType": "Procedure",
            "status": "completed",
            "code": coded(procedure, "code"),
            "performedDateTime": at.soft(lambda: time_of(procedure, "performed", at, last=True)),
        }
        procedures.read(made, at)
    elif (treatment := obj(part, "treatment")) is not None:
        medications.read(_given(coded(treatment, "agent"), *_days(treatment, at)), at)
    elif (regimen := obj(part, "therapeuticRegimen")) is not None:
        start = at.soft(lambda: time_of(regimen, "startTime", at))
        end = at.soft(lambda: time_of(regimen, "endTime", at))
        medications.read(_given(coded(regimen, "ontologyClass"), start, end), at)
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
    return {
        "resourceType": "MedicationStatement",
        "status": "completed",
        "medicationCodeableConcept": code,
        "effectivePeriod": period or None,
    }


_READERS: Mapping[str, Callable[[Resource, Context], None]] = {
    "phenotypicFeatures": _condition("type", "resolution"),
    "diseases": _condition("term", "resolution"),
    "measurements": _measurement,
    "interpretations": _interpretation,
    "medicalActions": _action,
}
