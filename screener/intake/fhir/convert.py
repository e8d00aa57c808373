"""The resources of one patient → the data of a profile, and how each entry ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from screener.errors import InputError, Problem
from screener.intake.fhir import (
    adverse,
    allergies,
    conditions,
    medications,
    observations,
    person,
    pregnancy,
    procedures,
    reports,
)
from screener.intake.fhir.account import Account
from screener.intake.fhir.bundle import Held, held
from screener.intake.fhir.context import Context, whose
from screener.intake.fhir.modifiers import unmodified
from screener.intake.fhir.naming import Namer
from screener.intake.fhir.references import Index
from screener.intake.fhir.resources import (
    Doubted,
    Ended,
    Resource,
)
from screener.model.patient import Patient
from screener.vocabulary.catalogue import Catalogue

Reader = Callable[[Resource, Context], None]
READERS: Mapping[str, Reader] = {
    "Observation": observations.read,
    "DiagnosticReport": reports.read,
    "Condition": conditions.read,
    "MedicationRequest": medications.read,
    "MedicationStatement": medications.read,
    "MedicationAdministration": medications.read,
    "Procedure": procedures.read,
    "AllergyIntolerance": allergies.read,
    "AdverseEvent": adverse.read,
}
# What a resource that may not stand leaves behind, so that nothing older decides in its place.
DOUBTED: Mapping[str, tuple[Callable[[Resource, Context], bool], str]] = {
    "Observation": (observations.doubted, "kept without a value"),
    "DiagnosticReport": (reports.doubted, "kept without its values"),
    "Condition": (conditions.doubted, "kept as suspected"),
    "AdverseEvent": (adverse.doubted, "kept as suspected"),
    "Procedure": (procedures.doubted, "kept as suspected"),
    "AllergyIntolerance": (allergies.doubted, "kept as suspected"),
}
# Resources that might be taken for what they are not.
NOT_TAKEN = {
    "Consent": "consent in a record is no consent to the trial: only an attestation is",
    "FamilyMemberHistory": "it speaks of a relative",
    "ServiceRequest": "an order, and nothing that was done",
    "CarePlan": "a plan, and nothing that was done",
    "Medication": "a product: what was ordered or given points to it",
    "MedicationDispense": "dispensed is neither ordered nor taken",
    "OperationOutcome": "what a server says of its answer",
}


@dataclass(slots=True)
class Converted:
    """What an input became: the data of a profile (None without a patient), and the account."""

    data: dict[str, Any] | None
    account: Account
    problems: list[Problem]
    patient: Patient | None = None


def converted(document: Any, catalogue: Catalogue, wanted: str | None = None) -> Converted:
    """The profile of one patient in a bundle, a lone resource, or a list of resources."""
    account = Account()
    return of_entries(held(document, account), account, catalogue, wanted)


def of_entries(found: list[Held], account: Account, catalogue: Catalogue, wanted: str | None) -> Converted:
    context = Context(Namer(catalogue), Index())
    for one in found:
        if not one.wrong:
            context.index.add(one.resource, one.url, one.name)
    patients = [one for one in found if one.resource["resourceType"] == "Patient"]
    data: dict[str, Any] | None = None
    problems: list[Problem] = []
    context.patients = len(patients)
    try:
        chosen = person.chosen(patients, wanted)
        context.mine = chosen.resource
        data = person.person(chosen)
        context.birth = str(data["birth_date"])
    except InputError as error:
        problems = list(error.problems)
    for one in found:
        if not one.entry.ended:
            _read(one, context)
    return checked(data, context, account, problems)


def _read(one: Held, context: Context) -> None:
    kind = one.resource["resourceType"]
    context.entry = one.entry
    if kind == "Patient":
        one.entry.end("in error" if one.wrong else "not needed", one.wrong or "another patient")
        return
    reader = READERS.get(kind)
    if reader is None and one.wrong:
        one.entry.end("in error", one.wrong)
        return
    if reader is None:
        one.entry.end("not needed", NOT_TAKEN.get(kind, "no such resource decides a criterion"))
        return
    try:
        whose(one.resource, context)
        _read_unmodified(one.resource, context, reader, one.wrong)
        if not one.entry.ended:
            one.entry.end("not understood", "nothing in it is understood")
    except Ended as ended:
        one.entry.end(ended.how, ended.why)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # The last guard: a resource in a shape that nobody thought of must not lose the others.
        one.entry.end("in error", "it cannot be read")


def _read_unmodified(resource: Resource, context: Context, reader: Reader, wrong: str) -> None:
    try:
        _sound(resource, wrong)
        reader(resource, context)
    except Ended as ended:
        if not isinstance(ended, Doubted) and ended.how != "in error":
            raise
        keep, how = DOUBTED.get(resource["resourceType"], (None, ""))
        if keep is not None and not context.told() and _kept(keep, resource, context):
            ended.why += f" ({how})"
        raise


def _sound(resource: Resource, wrong: str) -> None:
    if wrong:
        raise Ended("in error", wrong)
    unmodified(resource)


def _kept(keep: Callable[[Resource, Context], bool], resource: Resource, context: Context) -> bool:
    told = len(context.entry.why)
    try:
        kept = keep(resource, context)
    except Ended:  # not even what it speaks of can be read
        kept = False
    if not kept:
        del context.entry.why[told:]
    return kept


def checked(
    data: dict[str, Any] | None, context: Context, account: Account, problems: list[Problem]
) -> Converted:
    """The profile, without the records that it would refuse: their entries end in error."""
    if data is None:
        return Converted(None, account, problems)
    reproductive = pregnancy.settle(context)
    if reproductive:
        data["reproductive"] = reproductive
    data = {"schema": "screener.patient/1", **data, **context.sections}
    patient, found = _profile(data)
    while found and _without(found, data, context):
        patient, found = _profile(data)
    return Converted(data, account, found, patient)


def _profile(data: Mapping[str, Any]) -> tuple[Patient | None, list[Problem]]:
    from screener.intake.json_profile import profile_of

    return profile_of(data)


def _without(problems: list[Problem], data: dict[str, Any], context: Context) -> bool:
    """Takes out the records that a profile refuses; whether there were any."""
    refused: dict[str, dict[int, str]] = {}
    for problem in problems:
        section, _, rest = problem.place.partition("[")
        number, _, path = rest.partition("]")
        if number.isdigit() and section in context.made_by:
            refused.setdefault(section, {})[int(number)] = f"{path.lstrip('.') or section}: {problem.message}"
    for section, numbers in refused.items():
        for index, why in sorted(numbers.items(), reverse=True):
            del data[section][index]
            entry = context.made_by[section].pop(index)
            entry.ended = ""
            entry.end("in error", why)
    return bool(refused)
