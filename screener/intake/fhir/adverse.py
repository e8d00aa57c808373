"""AdverseEvent → a condition with its grade or severity."""

from screener.intake.fhir.conditions import grade, named, severity, suspected
from screener.intake.fhir.context import Context, Record, never_was, status
from screener.intake.fhir.dates import day
from screener.intake.fhir.resources import Resource, Wrong, not_needed, one_of, said, text

_GONE, _THERE = {"resolved", "resolvedwithsequelae"}, {"ongoing", "recovering"}


def read(resource: Resource, at: Context) -> None:
    if (text(resource, "actuality") or "").lower() == "potential":
        raise not_needed("it might have happened, and did not")
    if status(resource) == "entered-in-error":
        raise not_needed("entered in error")
    code = said(resource, "event") or said(resource, "code")
    if code is None:
        raise Wrong("event", "missing")
    record, known = named(code, at)
    at.keep("conditions", record | _told(resource, at) | {"status": _status(resource, at)}, known is not None)


def doubted(resource: Resource, at: Context) -> bool:
    """Keeps an event that may not have been as suspected; whether it is one that is known."""
    potential = (text(resource, "actuality") or "").lower() == "potential"
    if potential or never_was(resource, ("entered-in-error",)):
        return False
    code = said(resource, "event") or said(resource, "code")
    return suspected("conditions", code, lambda: _told(resource, at), at)


def _told(resource: Resource, at: Context) -> Record:
    return {
        "date": at.soft(lambda: day(resource, "date") or day(resource, "detected")),
        "severity": at.soft(lambda: severity(said(resource, "severity"))),
        "grade": at.soft(grade, resource),
    }


def _status(resource: Resource, at: Context) -> str:
    outcome = one_of(said(resource, "outcome"), _GONE | _THERE)
    if outcome in _GONE:
        return "resolved"
    if outcome in _THERE:
        return "active"
    at.note("outcome: whether it is over, nobody says, so it decides nothing")
    return "suspected"
