"""What an oncologist says of the course of a cancer → the responses of a profile."""

from screener.intake.fhir.answers import DIFFER
from screener.intake.fhir.context import Context
from screener.intake.fhir.references import references
from screener.intake.fhir.resources import Resource, Said, code_in, not_understood, said, text

# LOINC: cancer disease progression; response to cancer treatment.
_CODES = {"97509-4", "88040-1"}
# A trend that is one of the responses; `improved` says none of them.
_TRENDS = {"359746009": "SD", "271299001": "PD"}


def observed(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    """Reads a disease status; whether the observation is one."""
    if not any(one.system == "LOINC" and one.code in _CODES for one in code.codings):
        return False
    _of_the_disease(resource, at)
    if code_in(said(resource, "dataAbsentReason")):
        raise not_understood("dataAbsentReason: why there is no answer")
    response = _response(said(resource, "valueCodeableConcept"), text(resource, "valueString"), at)
    if response is None:
        raise not_understood("value: it says of no response which one it is")
    at.add("responses", {"response": response, "date": date})
    return True


def _of_the_disease(resource: Resource, at: Context) -> None:
    """Raises Ended for the course of another cancer: a profile's responses are those of the myeloma."""
    for reference, path in references(resource, "focus"):
        target = at.index.pointed(reference, resource, path)
        code = said(target, "code") if target.get("resourceType") == "Condition" else None
        found = at.names.one(at.names.by_code(code, ("condition",))) if code else None
        if found is None and code is not None and (word := at.names.by_word(code, ("condition",))):
            found = word[0]
        if found is not None and not at.names.catalogue.is_a(found.id, "multiple_myeloma"):
            raise not_understood("focus: the course of another disease, which no profile holds")


def _response(value: Said | None, words: str | None, at: Context) -> str | None:
    value = value or Said((), words or "")
    said_so = [*value.words(), *(_TRENDS[one.code] for one in value.codings if one.code in _TRENDS)]
    found = {one.name for one in map(at.names.named, said_so) if one is not None and one.kind == "response"}
    if len(found) > 1:
        raise not_understood(f"value: {DIFFER}")
    return found.pop() if found else None
