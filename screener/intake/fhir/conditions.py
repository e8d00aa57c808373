"""Condition → what the patient has, had, or may have."""

from collections.abc import Callable
from typing import Literal

from screener.intake.fhir.context import STANDING, Context, Record, status, whose
from screener.intake.fhir.dates import aged, aged_between, day, span
from screener.intake.fhir.hedges import DENIED, DOUBTED, hedges
from screener.intake.fhir.modifiers import unmodified
from screener.intake.fhir.naming import Namer, codes_of
from screener.intake.fhir.references import references
from screener.intake.fhir.resources import (
    UNCLEAR,
    Coding,
    Doubted,
    Ended,
    Resource,
    Said,
    Wrong,
    extension,
    items,
    meant,
    not_needed,
    not_understood,
    number,
    obj,
    of_any_type,
    one_of,
    one_type,
    said,
    text,
)
from screener.model.calendar import read_date
from screener.vocabulary.catalogue import Concept, Kind

_KINDS: tuple[Kind, ...] = ("condition", "procedure")
_NEVER = {"refuted": "refuted", "entered-in-error": "entered in error"}
_PERHAPS = {"unconfirmed", "provisional", "differential"}
VERIFIED = {"confirmed", *_NEVER, *_PERHAPS}
_NOW = {"active", "recurrence", "relapse"}
_PAST = {"inactive", "remission", "resolved"}
_ABATED = [f"abatement{type}" for type in ("DateTime", "Period", "Age", "Range", "String", "Boolean")]
# FHIR R4, condition-severity; the last one from the severities of the European patient summary.
_SEVERITIES = {
    "24484000": "severe",
    "6736007": "moderate",
    "255604002": "mild",
    "442452003": "life threatening",
    # FHIR R4, adverse-event-severity
    "severe": "severe",
    "moderate": "moderate",
    "mild": "mild",
}
_GRADES = ("ctcae-grade",)


def read(resource: Resource, at: Context) -> None:
    verified = one_of(at.names.said(resource, "verificationStatus"), VERIFIED)
    if verified in _NEVER:
        raise not_needed(_NEVER[verified])
    code = at.names.said(resource, "code")
    if code is None:
        raise Wrong("code", "missing")
    record, known = named(code, at)
    record |= _told(resource, at)
    record["status"] = _status(resource, verified, known, at)
    if record["status"] == "active" and at.names.implied(code):
        record["status"] = None  # an active entry of a past disease: the code says which of the two it is
    at.keep("conditions", record, known is not None)


def doubted(resource: Resource, at: Context) -> bool:
    """Keeps a condition that may not be there as suspected; whether it names one that is known.

    What may not stand may still be the newest: that it was gone before does not settle it.
    """
    verified = resource.get("verificationStatus")
    if isinstance(verified, dict) and one_of(meant(verified, ""), VERIFIED) in _NEVER:
        return False
    return suspected("conditions", said(resource, "code"), lambda: _told(resource, at), at)


def suspected(section: str, code: Said | None, more: Callable[[], Record], at: Context) -> bool:
    """Keeps a record of what may not be there; whether its code or name is known."""
    words, codes, known = at.names.once(_named, code) if code is not None else (None, [], None)
    if code is None or known is None or hedges(code, at.names) == "denied":
        return False
    at.add(section, {"name": words, "codes": codes, **more(), "status": "suspected"})
    at.entry.ended = ""
    return True


def _told(resource: Resource, at: Context) -> Record:
    """What is said of a condition beside its name and its status."""
    onset = at.soft(_day, resource, "onset", at)
    resolved = at.soft(_day, resource, "abatement", at)
    if onset and resolved and read_date(resolved).last < read_date(onset).first:
        at.note("abatement: it lies before the onset (both left out)")
        onset = resolved = None
    return {
        "onset": onset,
        "resolved": resolved,
        "date": at.soft(_recorded, resource),
        "severity": at.soft(lambda: severity(said(resource, "severity"))) if "severity" in resource else None,
        "stage": at.soft(_stage, resource, at),
        "grade": at.soft(grade, resource),
    }


def named(code: Said, at: Context) -> tuple[Record, Concept | None]:
    """Name and codes of a record, and the concept on which they agree."""
    words, codes, found = at.names.once(_named, code)
    hedged = found is not None and at.names.once(hedges, code)
    if hedged == "denied":
        raise not_understood(DENIED)
    if hedged == "doubted":
        raise Doubted(DOUBTED)
    return {"name": words, "codes": codes}, found


def _named(code: Said, names: Namer) -> tuple[str | None, list[dict[str, str]], Concept | None]:
    coded = names.by_code(code, _KINDS)
    word = names.by_word(code, _KINDS)
    found = names.one([*coded, *([word[0]] if word else [])])
    if found is None and coded and word:
        raise not_understood("code: its codes and words name different things")
    if word and not coded and any(_no_disease(one) for one in code.codings):
        raise not_understood("code: of no disease, whatever its words name")
    words = word[1] if word else next(code.words(), None) if not coded else coded[0].name
    codes = codes_of(code)
    if not words and not codes:
        raise not_understood("code: neither words nor a code of a system that is read")
    return words, codes, found


def _no_disease(one: Coding) -> bool:
    """ICD-10-CM, chapter 21: contacts with health services, family histories, what was ruled out."""
    return one.system == "ICD-10-CM" and one.code.upper().startswith("Z")


_Status = Literal["active", "resolved", "suspected"]


def _status(resource: Resource, verified: str, known: Concept | None, at: Context) -> _Status | None:
    clinical = one_of(at.names.said(resource, "clinicalStatus"), _NOW | _PAST)
    if verified == UNCLEAR:
        at.note("verificationStatus: not one of the standard, so it decides nothing")
    if verified in _PERHAPS or verified == UNCLEAR:
        return "suspected"
    over = _abated(resource)
    if over and clinical in _NOW:
        at.note(f"{over}: it is said to be over and to be active, so it decides nothing")
        return "suspected"
    if clinical in _NOW or not (clinical or over):
        return "active" if clinical else None
    if clinical == UNCLEAR:
        at.note("clinicalStatus: not one of the standard, so it decides nothing")
        return "suspected"
    if clinical == "resolved":
        return "resolved"
    if known is not None and at.names.catalogue.is_a(known.id, "multiple_myeloma"):
        return "active"  # in remission it is still there, as its ICD-10-CM code says too
    at.note("in remission or inactive: whether it is gone, nobody says")
    return "suspected"


def _abated(resource: Resource) -> str:
    """The element that says that it resolved or went into remission: the standard means either by it."""
    if not of_any_type(resource, "abatement"):
        return ""
    return next((key for key in _ABATED if resource.get(key) not in (None, False)), "")


def _day(resource: Resource, stem: str, at: Context) -> str | None:
    """The onset or abatement, whichever of its types is used."""
    if not of_any_type(resource, stem):
        return None
    one_type(resource, stem)
    if resource.get(f"{stem}DateTime") is not None:
        return day(resource, f"{stem}DateTime")
    if resource.get(f"{stem}Period") is not None:
        start, end = span(resource, f"{stem}Period")
        return start or end if stem == "onset" else end or start
    age, ages = obj(resource, f"{stem}Age"), obj(resource, f"{stem}Range")
    if age is not None:
        return aged(at.birth, age, f"{stem}Age")
    if ages is not None:
        return aged_between(at.birth, ages, f"{stem}Range")
    words = text(resource, f"{stem}String")
    return None if words is None else day(resource, f"{stem}String")


def _recorded(resource: Resource) -> str | None:
    """The day for which the record speaks: when it was asserted, else when it was written down."""
    for one, path in extension(resource, "condition-assertedDate"):
        return day(one, "valueDateTime", path)
    return day(resource, "recordedDate")


def severity(stated: Said | None) -> str | None:
    if stated is None:
        return None
    known = {_SEVERITIES[one.code] for one in stated.codings if one.code in _SEVERITIES}
    known |= {words.lower() for words in stated.words()} & set(_SEVERITIES.values())
    if len(known) > 1:
        raise not_understood("severity: its codes and words say different things")
    return known.pop() if known else next(stated.words(), None)


def grade(resource: Resource) -> int | None:
    """A grade of toxicity; the histologic grade of a tumour is none."""
    if "extension" not in resource:
        return None
    found = set()
    for one, path in extension(resource, *_GRADES):
        value, stated = number(one, "valueInteger", path), said(one, "valueCodeableConcept", path)
        codes = [code.code for code in stated.codings] or [stated.text] if stated else []
        for words in [str(value)] if value is not None else codes:
            digits = words.lower().removeprefix("grade").strip()
            if digits not in ("0", "1", "2", "3", "4", "5"):
                raise Wrong(path.rstrip("."), "not a grade from 0 to 5")
            found.add(int(digits))
    if len(found) > 1:
        raise not_understood("extension: several grades, and it is not said which one holds")
    return found.pop() if found else None


def _stage(resource: Resource, at: Context) -> str | None:
    if "stage" not in resource:
        return None
    found: dict[str, None] = {}
    for index, one in enumerate(items(resource, "stage")):
        summary = said(one, "summary", f"stage[{index}].")
        words = next(summary.words(), None) if summary else None
        words = words or _assessed(one, resource, index, at)
        if words:
            found[stage_of(words)] = None
    if len(found) > 1:
        raise not_understood("stage: several, and it is not said which one holds")
    return next(iter(found), None)


def _assessed(one: Resource, resource: Resource, index: int, at: Context) -> str | None:
    """The stage that an observation gives to which the condition points."""
    for reference, path in references(one, "assessment"):
        try:
            target = at.index.pointed(reference, resource, f"stage[{index}].{path}")
            unmodified(target)
            if status(target) not in STANDING:
                raise not_understood(f"stage[{index}].{path}: what it points to may not stand")
            if target.get("subject") is not None:
                whose(target, at)
        except Ended as ended:
            at.note(ended.why)
            continue
        value = said(target, "valueCodeableConcept")
        words = next(value.words(), None) if value else None
        if words:
            return words
    return None


def stage_of(words: str) -> str:
    """`IIB` of a display that names its system before it."""
    for before in ("American Joint Committee on Cancer ", "AJCC "):
        words = words.removeprefix(before)
    return words[:100]


def latest(*days: str | None) -> str | None:
    known = [one for one in days if one]
    return max(known, key=lambda one: read_date(one).last, default=None)
