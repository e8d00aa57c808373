"""MedicationRequest, MedicationStatement and MedicationAdministration → treatments and medications.

Each of them is one record of one product on its own days. Which of them belong to one course, to
one line of therapy, or to maintenance, no resource says, and nothing is inferred from dates.
"""

import re
from typing import NamedTuple

from screener.intake.fhir.context import Context, Record, status
from screener.intake.fhir.dates import day, span
from screener.intake.fhir.hedges import may_not_have_been, not_given
from screener.intake.fhir.modifiers import unmodified
from screener.intake.fhir.naming import Namer, codes_of
from screener.intake.fhir.resources import (
    Resource,
    Said,
    Wrong,
    extension,
    flag,
    items,
    meant,
    not_needed,
    not_understood,
    number,
    obj,
    one_type,
    said,
    text,
)
from screener.vocabulary.catalogue import Concept, Kind

_THERAPIES: tuple[Kind, ...] = ("drug", "class", "regimen", "measurement")
_DRUG: tuple[Kind, ...] = ("drug", "regimen")
_SUPPORTIVE, _AGAINST = "399707004", {"373808002", "363676003"}
# Why a treatment stopped, of mCODE's value set; that it had no effect is no progression.
_STOPPED = {"182992009": "completed", "407563006": "toxicity"}
_INTENTS = ("induction", "consolidation", "transplant conditioning", "maintenance", "salvage")
_NOTHING = {
    "entered-in-error": "entered in error",
    "cancelled": "cancelled",
    "not-done": "not done",
    "not-taken": "not taken",
    "draft": "a draft",
    "intended": "only intended",
}
_UNCLEAR = {"unknown", "on-hold"}
_KNOWN = {"", "active", "completed", "stopped", "in-progress", *_UNCLEAR}
_EARLIER = {"notGiven", "wasNotGiven", "wasNotTaken", "taken"}  # as editions before R4 say it
_PLANS = {"proposal", "plan", "option"}
_STRENGTH = re.compile(
    r"\s*(?:\d[\d.,]*\s*(?:ML|HR|ACTUAT)\s+)?([A-Za-z][A-Za-z' -]*?)"
    r"(?:\s+\d[\d.,]*\s*(?:MG|MCG|UG|G|UNT|MEQ|%)\b.*)?",
    re.I,
)


def read(resource: Resource, at: Context) -> None:
    _decides(resource)
    if at.soft(may_not_have_been, resource):
        raise not_understood("statusReason: it leaves open whether the drug was given")
    product = at.names.once(_product, _code(resource, at))
    start, end, ongoing = _days(resource, at)
    _file(product, {"codes": product.codes, "start": start, "end": end, "ongoing": ongoing}, resource, at)


def _decides(resource: Resource) -> None:
    if not _EARLIER.isdisjoint(resource):
        _given(resource)
    state = status(resource)
    if state in _NOTHING:
        raise not_needed(_NOTHING[state])
    if state not in _KNOWN:
        raise not_understood("status: not one of the standard")
    if flag(resource, "doNotPerform"):
        raise not_needed("it says not to give the drug")
    intent = (text(resource, "intent") or "").lower()
    if intent in _PLANS:
        raise not_needed("a proposal or plan, not an order")
    if intent and not intent.endswith("order"):
        raise not_understood("intent: not one of the standard")
    if state in _UNCLEAR:
        raise not_understood("status: whether the drug was given, nobody says")
    if resource.get("resourceType") == "MedicationAdministration" and "dosage" in resource:
        _something(resource)


def _something(resource: Resource) -> None:
    dose = obj(obj(resource, "dosage") or {}, "dose", "dosage.")
    if dose is not None and number(dose, "value", "dosage.dose.") == 0:
        raise not_understood("dosage.dose: an administration of nothing")


def _given(resource: Resource) -> None:
    taken = text(resource, "taken")
    if taken == "n" or any(resource.get(key) for key in _EARLIER - {"taken"}):
        raise not_needed("it says that the drug was not given")
    if taken not in (None, "y"):
        raise not_understood("taken: whether the drug was given, nobody says")


def _code(resource: Resource, at: Context) -> Said:
    one_type(resource, "medication")
    code = at.names.said(resource, "medicationCodeableConcept") or at.names.said(resource, "medication")
    if code is None:
        medication = at.index.found(resource, "medicationReference")
        if medication is None:
            raise Wrong("medication", "missing")
        code = _made_of(medication, resource, at)
    if code is None:
        raise not_understood("medication: it has no code")
    return code


class _Product(NamedTuple):
    """The drugs of a product, by its code or its name."""

    known: list[Concept]
    words: str
    codes: list[dict[str, str]]
    against_cancer: bool

    @property
    def drugs(self) -> list[str]:
        return [one.name for one in self.known] or [self.words][: bool(self.words)]


def _product(code: Said, names: Namer) -> _Product:
    coded = names.by_code(code, _THERAPIES)
    if coded:
        one = names.one(coded)
        if one is None:
            raise not_understood("medication: its codes name different drugs")
        if not _agree(one, code, names):
            raise not_understood("medication: its code and its words name different drugs")
        coded = [one]
    if not_given(code, names):
        raise not_understood("medication: its words leave it open whether the drug was given")
    known = coded or _by_words(code, names)
    words = next(code.words(), "") or (coded[0].name if coded else "")
    against_cancer = any(
        "antineoplastic" in names.catalogue.with_ancestors(one.id) or one.kind == "regimen" for one in known
    )
    return _Product(known, words, codes_of(code), against_cancer)


def _made_of(medication: Resource, resource: Resource, at: Context) -> Said | None:
    """What a Medication is: by its code, or by its single ingredient."""
    if medication.get("resourceType") != "Medication":
        raise Wrong("medicationReference", "it points to no Medication")
    unmodified(medication)
    if status(medication) == "entered-in-error":
        raise not_needed("its Medication was entered in error")
    active = [one for one in items(medication, "ingredient") if one.get("isActive") is not False]
    code = at.names.said(medication, "code")
    if code is not None or len(active) != 1:
        return code
    return _substance(active[0], medication.get("contained") or resource.get("contained"), at)


def _substance(ingredient: Resource, contained: object, at: Context) -> Said | None:
    path = "medicationReference.ingredient."
    named = said(ingredient, "itemCodeableConcept", path)
    if named is not None:
        return named
    holder = {"itemReference": ingredient.get("itemReference"), "contained": contained}
    substance = at.index.found(holder, "itemReference", path)
    if substance is None:
        return None
    unmodified(substance)
    if status(substance) == "entered-in-error":
        raise not_needed("its Substance was entered in error")
    return said(substance, "code", path)


def _agree(one: Concept, code: Said, names: Namer) -> bool:
    """Whether all words beside a code can mean it: one of its ingredients, its class, its regimen."""
    line = names.catalogue.with_ancestors
    named = [drugs for words in code.words() if (drugs := _named(words, names))]
    return all(
        any(two.kind == "regimen" or one.id in line(two.id) or two.id in line(one.id) for two in drugs)
        for drugs in named
    )


def _by_words(code: Said, names: Namer) -> list[Concept]:
    """The drugs that the first words which name any tell."""
    return next((drugs for words in code.words() if (drugs := _named(words, names))), [])


def _named(words: str, names: Namer) -> list[Concept]:
    """The ingredients that a product's name tells: `lenalidomide 10 MG Oral Capsule [Revlimid]`."""
    whole = names.named(words)
    if whole is not None and whole.kind in _THERAPIES:
        return [whole]
    parts = [_STRENGTH.fullmatch(part) for part in re.sub(r"\[.*?\]", "", words).strip().split(" / ")]
    found = [names.named(part[1]) if part else None for part in parts]
    drugs = [one for one in found if one is not None and one.kind in _DRUG]
    return drugs if len(drugs) == len(parts) else []


def _days(resource: Resource, at: Context) -> tuple[str | None, str | None, bool | None]:
    """Start, end, and whether it goes on. An order is dated by its own period, else by its day."""
    kind = resource.get("resourceType")
    if kind == "MedicationRequest":
        start, end = at.soft(_bounds, resource) or (None, None)
        return start or at.soft(day, resource, "authoredOn"), end, None
    start, end, single = at.soft(_effective, resource) or (None, None, None)
    if kind == "MedicationAdministration":
        return start or single, None if status(resource) == "in-progress" else end or single, None
    period = resource.get("effectivePeriod")
    over = period.get("end") is not None if isinstance(period, dict) else period is not None
    going = status(resource) == "active" and not over
    return start or single, end, going or None  # taken on a day: whether on later ones, it does not say


def _effective(resource: Resource) -> tuple[str | None, str | None, str | None]:
    """The start and the end of the period in which it was taken, or the single day."""
    one_type(resource, "effective")
    return *span(resource, "effectivePeriod"), day(resource, "effectiveDateTime")


def _bounds(resource: Resource) -> tuple[str | None, str | None]:
    if "dosageInstruction" not in resource:
        return None, None
    starts, ends = [], []
    for place, dosage in enumerate(items(resource, "dosageInstruction")):
        path = f"dosageInstruction[{place}].timing."
        timing = obj(dosage, "timing", path.removesuffix("timing."))
        unmodified(timing or {})
        repeat = obj(timing, "repeat", path) if timing else None
        start, end = span(repeat, "boundsPeriod", f"{path}repeat.") if repeat else (None, None)
        starts.append(start)
        ends.append(end)
    # Of several instructions the course is as long as all of them together.
    first = min(filter(None, starts), default=None) if all(starts) else None
    return first, max(filter(None, ends), default=None) if all(ends) else None


def _file(product: _Product, record: Record, resource: Resource, at: Context) -> None:
    """Against the disease, or beside it: a drug against cancer is a treatment unless it is supportive."""
    known, drugs = product.known, product.drugs
    intent, against = at.soft(_intent, resource) or (None, None)
    if (product.against_cancer and against is not False) or against:
        regimen = known and known[0].kind == "regimen"
        what = {"regimen": known[0].name} if regimen else {"drugs": drugs}
        why = at.soft(_stopped, resource)
        at.keep("treatments", {**what, **record, "intent": intent, "stop_reason": why}, bool(known))
        return
    for drug in drugs or [product.words]:
        at.keep("medications", {"name": drug} | record, bool(known))


def _stopped(resource: Resource) -> str | None:
    """Why the treatment ended, where it has and says why. An administration says so of one not done."""
    if status(resource) not in ("stopped", "completed") or "Administration" in str(resource["resourceType"]):
        return None
    if "statusReason" not in resource:
        return None
    stated = [meant(one, "statusReason") for one in items(resource, "statusReason")]
    found = {_STOPPED.get(one.code) for said in stated if said for one in said.codings} - {None}
    return found.pop() if len(found) == 1 else None


def _intent(resource: Resource) -> tuple[str | None, bool | None]:
    """The intent that the record states, and whether it is against the disease."""
    if "extension" not in resource:
        return None, None
    for one, path in extension(resource, "mcode-procedure-intent", "mcode-treatment-intent"):
        stated = said(one, "valueCodeableConcept", path)
        if stated is None:
            continue
        named = next((words.lower() for words in stated.words() if words.lower() in _INTENTS), None)
        codes = {coding.code for coding in stated.codings}
        if named:
            return named, True
        if codes & _AGAINST:
            return "other", True
        if _SUPPORTIVE in codes:
            return None, False
    return None, None
