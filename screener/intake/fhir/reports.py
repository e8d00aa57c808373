"""DiagnosticReport → nothing of its own but what its contained results and its conclusion say."""

from screener.intake.fhir import genomic_text, observations
from screener.intake.fhir.context import Context, never_was, status
from screener.intake.fhir.dates import when
from screener.intake.fhir.resources import Doubted, Resource, not_needed

_NOTHING = {
    "cancelled": "cancelled",
    "entered-in-error": "entered in error",
    "registered": "it has no result yet",
}

_STANDING = {"", "partial", "preliminary", "final", "amended", "corrected", "appended"}


def read(resource: Resource, at: Context) -> None:
    state = status(resource)
    if state in _NOTHING:
        raise not_needed(_NOTHING[state])
    if state not in _STANDING:
        raise Doubted("status: whether the report stands, nobody says")
    date = at.soft(when, resource, "effective")
    missing = observations.held(resource, "result", at)
    if missing:
        at.note(f"result: {missing} of its results are not here")
    if genomic_text.reported(resource, date, at):
        return
    if resource.get("result"):
        at.entry.end("not understood" if missing else "used", "its results are entries of their own")
    else:
        unread = " that is read" if resource.get("conclusion") or resource.get("presentedForm") else ""
        at.entry.end("not needed", f"it holds no result of its own{unread}")


def doubted(resource: Resource, at: Context) -> bool:
    """Keeps what a report holds that may not stand, without its values; whether it holds any."""
    if never_was(resource, _NOTHING):
        return False
    kept = observations.held_in_doubt(resource, "result", at)
    return genomic_text.doubted(resource, at.soft(when, resource, "effective"), at) or kept
