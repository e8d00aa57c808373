"""What an oncologist says of the course of a cancer → the responses of a profile."""

from screener.intake.fhir.answers import DIFFER
from screener.intake.fhir.context import Context
from screener.intake.fhir.references import references
from screener.intake.fhir.resources import Resource, Said, code_in, not_understood, said, text

# LOINC: cancer disease progression; response to cancer treatment.
_CODES = {"97509-4", "88040-1"}
UNREAD = "not understood"  # the name of no response
# A trend that is one of the responses; `improved` says none of them.
_TRENDS = {"359746009": "SD", "271299001": "PD"}


def observed(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    """Reads a disease status; whether the observation is one.

    A status that is not understood keeps its place as the newest: an older response does not speak for it.
    """
    if not is_status(code):
        return False
    of_the_disease(resource, at)
    if code_in(said(resource, "dataAbsentReason")):
        raise not_understood("dataAbsentReason: why there is no answer")
    found = _responses(said(resource, "valueCodeableConcept"), text(resource, "valueString"), at)
    why = f"value: {DIFFER}" if found else "value: it says of no response which one it is"
    response = found.pop() if len(found) == 1 else UNREAD
    at.keep("responses", {"response": response, "date": date}, known=response != UNREAD, why=why)
    return True


def is_status(code: Said) -> bool:
    """Whether an observation with this code tells the course of a cancer."""
    return any(one.system == "LOINC" and one.code in _CODES for one in code.codings)


def of_the_disease(resource: Resource, at: Context) -> bool:
    """True; raises Ended for the course of another cancer: a profile's responses are those of the myeloma."""
    for reference, path in references(resource, "focus"):
        target = at.index.pointed(reference, resource, path)
        code = said(target, "code") if target.get("resourceType") == "Condition" else None
        found = at.names.one(at.names.by_code(code, ("condition",))) if code else None
        if found is None and code is not None and (word := at.names.by_word(code, ("condition",))):
            found = word[0]
        if found is not None and not at.names.catalogue.is_a(found.id, "multiple_myeloma"):
            raise not_understood("focus: the course of another disease, which no profile holds")
    return True


def _responses(value: Said | None, words: str | None, at: Context) -> set[str]:
    value = value or Said((), "")
    said_so = [
        *value.words(),
        *filter(None, [words]),
        *(_TRENDS[one.code] for one in value.codings if one.code in _TRENDS),
    ]
    return {one.name for one in map(at.names.named, said_so) if one is not None and one.kind == "response"}
