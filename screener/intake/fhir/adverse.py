"""AdverseEvent → a condition with its grade or severity."""

from screener.intake.fhir.conditions import grade, named, severity
from screener.intake.fhir.context import Context, status
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
    record |= {
        "status": _status(resource, at),
        "date": at.soft(lambda: day(resource, "date") or day(resource, "detected")),
        "severity": at.soft(lambda: severity(said(resource, "severity"))),
        "grade": at.soft(lambda: grade(resource)),
    }
    at.keep("conditions", record, known is not None)


def _status(resource: Resource, at: Context) -> str:
    outcome = one_of(said(resource, "outcome"), _GONE | _THERE)
    if outcome in _GONE:
        return "resolved"
    if outcome in _THERE:
        return "active"
    at.note("outcome: whether it is over, nobody says, so it decides nothing")
    return "suspected"
