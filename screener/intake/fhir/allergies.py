"""AllergyIntolerance → allergies and intolerances."""

from screener.intake.fhir.context import Context
from screener.intake.fhir.dates import day
from screener.intake.fhir.hedges import DENIED, DOUBTED, hedges
from screener.intake.fhir.naming import codes_of
from screener.intake.fhir.resources import (
    UNCLEAR,
    Doubted,
    Resource,
    Said,
    Wrong,
    items,
    meant,
    not_needed,
    not_understood,
    one_of,
    said,
    text,
)
from screener.vocabulary.catalogue import Kind

_THERAPIES: tuple[Kind, ...] = ("drug", "class", "regimen")
_NEVER = {"refuted": "refuted", "entered-in-error": "entered in error"}
_PERHAPS = {"unconfirmed", "presumed", UNCLEAR}
_VERIFIED = {"confirmed", "unconfirmed", "presumed", *_NEVER}
# No known allergy, drug allergy, food allergy, environmental allergy (IPS), latex allergy (C-CDA on FHIR).
_NONE_KNOWN = {"716186003", "409137002", "429625007", "428607008", "1003774007"}
_STATUS = {"active": "active", "resolved": "resolved"}  # inactive: whether it is gone, nobody says
_SEVERITIES = ("mild", "moderate", "severe")


def read(resource: Resource, at: Context) -> None:
    verified = one_of(said(resource, "verificationStatus"), _VERIFIED)
    code = said(resource, "code") or _substance(resource)
    hedged = hedges(code, at.names) if code is not None and verified not in _NEVER else ""
    if hedged == "denied":
        raise not_understood(DENIED)
    if hedged == "doubted":
        raise Doubted(DOUBTED)
    _read(resource, verified, at)


def doubted(resource: Resource, at: Context) -> bool:
    """Keeps an allergy that may not be there as suspected; whether it names one."""
    verified = resource.get("verificationStatus")
    if isinstance(verified, dict) and one_of(meant(verified, ""), _VERIFIED) in _NEVER:
        return False
    _read({**resource, "clinicalStatus": None}, UNCLEAR, at)
    at.entry.ended = ""
    return True


def _read(resource: Resource, verified: str, at: Context) -> None:
    if verified in _NEVER:
        raise not_needed(_NEVER[verified])
    code = said(resource, "code") or _substance(resource)
    if code is None:
        raise Wrong("code", "missing")
    if any(one.code in _NONE_KNOWN for one in code.codings):
        raise not_needed(
            "that none is known makes none absent: only a person can say that the list is complete"
        )
    coded, word = at.names.by_code(code, _THERAPIES), at.names.by_word(code, _THERAPIES)
    known = at.names.one([*coded, *([word[0]] if word else [])])
    if known is None and coded:
        raise not_understood("code: its codes and words name different things")
    words = known.name if known else next(code.words(), None)
    if words is None:
        raise not_understood("code: no words, and no code that the vocabulary knows")
    kind = text(resource, "type")
    record = {
        "substance": words,
        "codes": codes_of(code),
        "status": _status(resource, verified),
        "type": kind if kind in ("allergy", "intolerance") else None,
        "severity": at.soft(_severity, resource),
        "date": at.soft(lambda: day(resource, "onsetDateTime") or day(resource, "recordedDate")),
    }
    at.keep("allergies", record, known is not None)


def _status(resource: Resource, verified: str) -> str | None:
    clinical = one_of(said(resource, "clinicalStatus"), {*_STATUS, "inactive"})
    if verified in _PERHAPS or (clinical and clinical not in _STATUS):
        return "suspected"
    return _STATUS.get(clinical)


def _substance(resource: Resource) -> Said | None:
    """What the reactions name where the allergy itself does not."""
    for number, one in enumerate(items(resource, "reaction")):
        found = said(one, "substance", f"reaction[{number}].")
        if found is not None:
            return found
    return None


def _severity(resource: Resource) -> str | None:
    """The worst of the recorded reactions."""
    found = [
        text(one, "severity", f"reaction[{number}].")
        for number, one in enumerate(items(resource, "reaction"))
    ]
    known = [_SEVERITIES.index(one) for one in found if one in _SEVERITIES]
    return _SEVERITIES[max(known)] if known else None
