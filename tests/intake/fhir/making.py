"""Small records for the tests of this folder: a patient and whatever is said of her."""

import json
from typing import Any

from screener import api
from screener.intake.fhir.account import Account, Entry
from tests.evaluate.asking import asked

PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1960-02-29", "gender": "female"}
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
ICD, RXNORM = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def bundle(*resources: Any, kind: str = "collection", patient: Any = PATIENT) -> dict[str, Any]:
    held = [patient, *resources] if patient is not None else list(resources)
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in held]}


def convert(document: Any, wanted: str | None = None) -> api.Converted:
    text = document if isinstance(document, str) else json.dumps(document)
    return api.converted(text.encode("utf-8", "surrogatepass"), "record.json", wanted)


def account(made: api.Converted) -> Account:
    assert made.account is not None
    return made.account


def read(*resources: Any) -> tuple[dict[str, Any], list[Entry]]:
    """The profile of a patient with these resources, and how each of them ended."""
    made = convert(bundle(*resources))
    assert made.patient is not None, made.problems
    profile = made.patient.model_dump(exclude_none=True, exclude_defaults=True, mode="json")
    return profile, account(made).entries[1:]


def ended(resource: Any) -> tuple[dict[str, Any], str, list[str]]:
    """The profile of a patient with one resource, how it ended and why."""
    profile, entries = read(resource)
    return profile, entries[0].ended, entries[0].why


def concept(system: str, code: str, text: str | None = None) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def observation(code: Any = "718-7", **more: Any) -> dict[str, Any]:
    coded = concept(LOINC, code) if isinstance(code, str) else code
    return {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": coded,
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-09-20",
        **more,
    }


def quantity(value: Any, unit: str | None = "g/dL", **more: Any) -> dict[str, Any]:
    return {"value": value, **({"unit": unit, "system": UCUM, "code": unit} if unit else {}), **more}


def condition(code: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": "c",
        "code": code or concept(ICD, "C90.00"),
        "subject": {"reference": "Patient/p"},
        "clinicalStatus": concept(CLINICAL, "active"),
        "verificationStatus": concept(VERIFIED, "confirmed"),
        **more,
    }


# --- what several files of tests speak of -----------------------------------------------------

TURNED = {"modifierExtension": [{"url": "http://clinic.example/not", "valueBoolean": True}]}
MEANS = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
PRESENT, ABSENT = concept(LOINC, "LA9633-4"), concept(LOINC, "LA9634-2")
NEUROPATHY = concept(ICD, "G62.9")


def part(code: str, **value: Any) -> dict[str, Any]:
    """A component of a variant."""
    return {"code": concept(LOINC, code), **value}


def gene(name: str) -> dict[str, Any]:
    return part("48018-6", valueCodeableConcept={"coding": [{"display": name}]})


def panel(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A panel that holds its members."""
    held = [{**one, "id": f"m{number}"} for number, one in enumerate(members)]
    pointed = [{"reference": f"#m{number}"} for number in range(len(members))]
    return observation({"text": "panel"}, contained=held, hasMember=pointed, **more)


def report(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = panel(*members, **more)
    return {**made, "resourceType": "DiagnosticReport", "result": made["hasMember"], "hasMember": None}


def judged(rule: str, *resources: Any) -> str:
    """What a rule is of the patient; an unknown that says why."""
    profile, _ = read(*resources)
    outcome, grounds = asked(
        rule, **{key: profile[key] for key in profile if key not in ("id", "birth_date")}
    )
    assert grounds.reason.strip()
    return outcome.truth.value
