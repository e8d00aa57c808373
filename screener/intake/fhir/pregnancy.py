"""Pregnancy and breastfeeding as observations → the profile's one record of reproductive status."""

from screener.intake.fhir.answers import DIFFER, yes_no
from screener.intake.fhir.context import Context
from screener.intake.fhir.resources import Ended, Resource, Said, flag, not_understood, one_type, said
from screener.intake.fhir.values import told
from screener.model.calendar import read_date

_KEYS = {"82810-3": "pregnant", "11449-6": "pregnant", "63895-7": "breastfeeding"}
# IPS, pregnancy status: LOINC answers to SNOMED CT.
_ANSWERS = {
    "77386006": True,
    "60001007": False,
    "LA15173-0": True,
    "LA26683-5": False,
    # Breastfeeding status in the guides that docs/fhir.md names.
    "LA29252-6": True,
    "LA29253-4": False,
}
_SAID = {
    "pregnant": True,
    "not pregnant": False,
    "currently breastfeeding": True,
    "not currently breastfeeding": False,
}

_OPEN = "open"  # an answer that is not understood, or may not stand


def observed(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    """Reads a pregnancy or breastfeeding status; whether the observation is one."""
    keys = _keys(code)
    if len(keys) != 1:
        return False
    key = keys.pop()
    try:
        answer = _answer(resource)
        if answer is None:
            raise not_understood("value: neither yes nor no")
    except Ended as ended:
        if doubted(resource, code, date, at):
            ended.why += " (kept without an answer)"
        raise
    at.add("reproductive", {key: answer, "date": date})
    return True


def doubted(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    """Keeps the question without its answer, so that an older answer is not the newest; whether it is one."""
    keys = _keys(code)
    if len(keys) != 1 or not told(resource):
        return False
    before = at.entry.ended
    at.add("reproductive", {keys.pop(): _OPEN, "date": date})
    at.entry.ended = before
    return True


def _keys(code: Said) -> set[str]:
    return {_KEYS[one.code] for one in code.codings if one.system == "LOINC" and one.code in _KEYS}


def _answer(resource: Resource) -> bool | None:
    one_type(resource, "value")
    if resource.get("valueBoolean") is not None:
        return flag(resource, "valueBoolean")
    value = said(resource, "valueCodeableConcept")
    if value is None:
        return None
    found = {_ANSWERS[one.code] for one in value.codings if one.code in _ANSWERS}
    found |= {_SAID[words.lower()] for words in value.words() if words.lower() in _SAID}
    if len(found) > 1:
        raise not_understood(f"value: {DIFFER}")
    return found.pop() if found else {"positive": True, "negative": False}.get(yes_no(value))


def settle(at: Context) -> dict[str, object] | None:
    """One record of all: of each answer the one that is surely the newest, dated by the older of the two."""
    records = at.sections.pop("reproductive", [])
    newest: dict[str, dict[str, object]] = {}
    for key in ("pregnant", "breastfeeding"):
        answered = [record for record in records if key in record]
        latest = max((_first(record) for record in answered), default="")
        perhaps = [record for record in answered if not _last(record) or _last(record) >= latest]
        answers = {record[key] for record in perhaps}
        if len(answers) == 1 and _OPEN not in answers:  # else nobody says which answer is the newest
            newest[key] = max(perhaps, key=_last)
    if not newest:
        return None
    made: dict[str, object] = {key: record[key] for key, record in newest.items()}
    dates = [record.get("date") for record in newest.values()]
    if all(dates):
        made["date"] = min((str(day) for day in dates), key=lambda day: read_date(day).first)
    made["source"] = ", ".join(dict.fromkeys(str(record["source"]) for record in newest.values()))
    return made


def _first(record: dict[str, object]) -> str:
    date = record.get("date")
    return read_date(date).first.isoformat() if isinstance(date, str) else ""


def _last(record: dict[str, object]) -> str:
    date = record.get("date")
    return read_date(date).last.isoformat() if isinstance(date, str) else ""
