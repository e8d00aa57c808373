"""Procedure → what was done: transplants, surgery, radiotherapy."""

from screener.intake.fhir.conditions import named, suspected
from screener.intake.fhir.context import Context, never_was, status
from screener.intake.fhir.dates import aged, aged_between, day, span
from screener.intake.fhir.hedges import hedges, may_not_have_been
from screener.intake.fhir.resources import (
    Doubted,
    Resource,
    Said,
    Wrong,
    not_needed,
    obj,
    one_type,
    said,
    text,
)
from screener.vocabulary.catalogue import Kind

_KIND: tuple[Kind, ...] = ("procedure",)
_NOTHING = {"entered-in-error": "entered in error", "not-done": "not done", "preparation": "not yet done"}
_UNCLEAR = {"unknown", "on-hold"}
_DONE = {"", "completed", "in-progress", "stopped"}
_SURGICAL = {"387713003"}


def read(resource: Resource, at: Context) -> None:
    state = status(resource)
    if resource.get("notDone") or resource.get("notPerformed"):  # as editions before R4 say it
        raise not_needed("not done")
    if state in _NOTHING:
        raise not_needed(_NOTHING[state])
    if state in _UNCLEAR:
        raise Doubted("status: whether it was done, nobody says")
    if state not in _DONE:
        raise Doubted("status: not one of the standard")
    if state == "stopped":
        raise Doubted("status: it ended before it was complete")
    if at.soft(may_not_have_been, resource):
        raise Doubted("statusReason: it leaves open whether it was done")
    code = at.names.said(resource, "code")
    if code is None:
        raise Wrong("code", "missing")
    record, known = named(code, at)
    if known is not None and known.kind != "procedure":
        known = None
    if known is None and _surgical(resource) and not hedges(code, at.names):
        record, known = {"name": "surgery"}, at.names.named("surgery")
        at.note("read as surgery by its category: the vocabulary does not know its code or name")
    record["date"] = at.soft(_performed, resource, state, at)
    at.keep("procedures", record, known is not None)


def doubted(resource: Resource, at: Context) -> bool:
    """Keeps a procedure that may not have been done as suspected; whether it is one that is known."""
    if never_was(resource, _NOTHING) or resource.get("notDone") or resource.get("notPerformed"):
        return False
    return suspected(
        "procedures",
        said(resource, "code"),
        lambda: {"date": at.soft(_performed, resource, "", at)},
        at,
    )


def _surgical(resource: Resource) -> bool:
    category = resource.get("category")
    held = category if isinstance(category, list) else [category]
    stated = [said({"category": one}, "category") for one in held if isinstance(one, dict)]
    return any(coding.code in _SURGICAL for one in stated if isinstance(one, Said) for coding in one.codings)


def _performed(resource: Resource, state: str, at: Context) -> str | None:
    """The day it was over: that is the last day of exposure, and the day a transplant was given."""
    if state == "in-progress":
        at.note("in progress: it has no last day yet")
        return None
    for stem in ("performed", "occurrence"):
        one_type(resource, stem)
        found = day(resource, f"{stem}DateTime")
        if found:
            return found
        start, end = span(resource, f"{stem}Period")
        if start and not end:
            at.note(f"{stem}Period: without an end nobody says when it was over")
        if start or end:
            return end
        age, ages = obj(resource, f"{stem}Age"), obj(resource, f"{stem}Range")
        if age is not None:
            return aged(at.birth, age, f"{stem}Age")
        if ages is not None:
            return aged_between(at.birth, ages, f"{stem}Range")
        if text(resource, f"{stem}String"):
            return day(resource, f"{stem}String")
    return None
