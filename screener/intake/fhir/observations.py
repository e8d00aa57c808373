"""Observation → measurements: single ones, components, and panels through their members."""

import re

from screener.intake.fhir import disease_status, genomics, pregnancy
from screener.intake.fhir.context import STANDING, UNKNOWN, Context, Record, never_was, status, whose
from screener.intake.fhir.dates import when
from screener.intake.fhir.limits import limits_of
from screener.intake.fhir.modifiers import unmodified
from screener.intake.fhir.references import references
from screener.intake.fhir.resources import (
    Doubted,
    Ended,
    Resource,
    Said,
    Wrong,
    items,
    not_needed,
    not_understood,
    obj,
    said,
)
from screener.intake.fhir.values import told, value_of
from screener.vocabulary.catalogue import Concept

_NOTHING = {
    "cancelled": "cancelled",
    "entered-in-error": "entered in error",
    "registered": "it has no result yet",
}
_OTHER_FLUID = re.compile(
    r"urin|cerebrospinal|csf|pleural|ascit|peritoneal|synovial|stool|fa?eces|saliva", re.I
)
_SOMEBODY_ELSE = {"RelatedPerson", "Group", "Device"}


def read(resource: Resource, at: Context) -> None:
    _decides(resource, at)
    try:
        _own(resource, at)
    except Ended:
        _members(resource, at, silent=False)
        raise
    if "hasMember" in resource:
        _members(resource, at, silent=at.entry.ended in ("", "not needed"))
    if not at.entry.ended:
        at.entry.end("not understood", UNKNOWN)


def _own(resource: Resource, at: Context) -> None:
    """What an observation says itself, apart from its members."""
    code = at.names.said(resource, "code")
    if code is None:
        raise Wrong("code", "missing")
    date = at.soft(when, resource, "effective")
    concept = at.names.measure(code)
    if concept is not None and resource.get("specimen") is not None:
        _blood(resource, code, concept, at)
    if concept is None or resource.get("component"):
        for reader in (pregnancy.observed, disease_status.observed, genomics.observed):
            if reader(resource, code, date, at):
                return
    if concept is not None:
        measured(resource, code, concept, date, at)
    if "component" in resource:
        _components(resource, date, at)
    several = at.names.by_code(code, ("measurement", "scale")) if concept is None else ()
    if len(several) > 1:
        before, kept = at.entry.ended, several if told(resource) else ()
        for one in kept:
            at.add("observations", {"name": one.name, "date": date})
        at.entry.ended = before
        how = " (kept without a value)" if kept else ""
        raise not_understood(f"code: its codes name different tests{how}")


def doubted(resource: Resource, at: Context) -> bool:
    """Keeps what a resource names (tests, markers, the course of the disease), and of its members, without
    what is said of it; whether it names any.

    What may not stand may still be the newest result: an older one must not step in for it.
    """
    if never_was(resource, _NOTHING) or at.soft(_of_somebody_else, resource, at):
        return False
    date = at.soft(when, resource, "effective")
    before, kept = at.entry.ended, held_in_doubt(resource, "hasMember", at)
    components = at.soft(items, resource, "component") or ()
    parts = [("", resource), *((f"component[{place}].", one) for place, one in enumerate(components))]
    for within, part in parts:
        code = at.soft(said, part, "code", within)
        if code is not None:
            with at.at(within and f".{within[:-1]}"):
                kept = _in_doubt(part, code, resource, date, at) or kept
    at.entry.ended = before
    return kept


def _in_doubt(part: Resource, code: Said, resource: Resource, date: str | None, at: Context) -> bool:
    """Keeps what an observation or one of its components names."""
    if part is not resource and genomics.is_part(code):
        return False  # of the whole, which has been asked
    if genomics.doubted(part, code, date, at) or pregnancy.doubted(part, code, date, at):
        return True
    concept = at.names.measure(code) if told(part) else None
    if concept is not None and resource.get("specimen") is not None:
        _blood(resource, code, concept, at)
    status_of = told(part) and disease_status.is_status(code)
    course = status_of and at.soft(disease_status.of_the_disease, resource, at)
    if course:
        at.add("responses", {"response": disease_status.UNREAD, "date": date})
    elif concept is not None:
        at.add("observations", _unvalued(code, concept, date, at))
    return bool(course) or concept is not None


def _unvalued(code: Said, concept: Concept, date: str | None, at: Context) -> Record:
    return {"name": concept.name, "codes": at.names.test(code).codes, "date": date}


def _decides(resource: Resource, at: Context) -> None:
    state = status(resource)
    if state not in STANDING:
        if state in _NOTHING:
            raise not_needed(_NOTHING[state])
        stands = "whether the result stands, nobody says" if state == "unknown" else "not one of the standard"
        raise Doubted(f"status: {stands}")
    if state == "preliminary":
        at.note("preliminary: it may still change")
    if resource.get("focus") is None:
        return
    if _of_somebody_else(resource, at):
        raise not_needed("it speaks of somebody else")
    if not all(kind for kind, _ in _aims(resource, at)):
        raise Doubted("focus: of whom or of what it speaks is not here")


def _of_somebody_else(resource: Resource, at: Context) -> bool:
    return any(
        kind in _SOMEBODY_ELSE or (kind == "Patient" and target is not at.mine)
        for kind, target in _aims(resource, at)
    )


def _aims(resource: Resource, at: Context) -> list[tuple[str, Resource | None]]:
    return [at.index.aimed(reference, resource) for reference, _ in references(resource, "focus")]


def _blood(resource: Resource, code: Said, concept: Concept, at: Context) -> None:
    """Raises Ended where a test that only words name was done in another fluid than they mean."""
    if concept in at.names.by_code(code, ("measurement", "scale")):
        return
    held = obj(resource, "specimen") or {}
    told = [held.get("display")]
    if held.get("reference") is not None and (target := at.soft(at.index.found, resource, "specimen")):
        kind = said(target, "type", "specimen.")
        told += kind.words() if kind else ()
    other = any(isinstance(words, str) and _OTHER_FLUID.search(words) for words in told)
    if other and not _OTHER_FLUID.search(concept.name):
        raise not_understood("specimen: of another kind than the name of the test means")


def measured(
    of: Resource, code: Said, concept: Concept, date: str | None, at: Context, within: str = ""
) -> None:
    """One record of a measurement. A value that cannot be read still is the newest one."""
    record = _unvalued(code, concept, date, at)
    try:
        record.update(value_of(of, concept, at.names, within))
    except Ended as ended:
        if ended.how == "not needed":
            at.entry.end(ended.how, ended.why)
            return
        at.add("observations", record)
        at.note(f"{ended.why} (kept without a value)")
        return
    if "referenceRange" in of:
        limits = at.soft(limits_of, of, concept, at.names, record.get("unit"), within)
        if limits:
            record["reference_range"] = limits
    at.add("observations", record)
    if date is None:
        at.note("it has no date")


def _components(resource: Resource, date: str | None, at: Context) -> None:
    for number, component in enumerate(items(resource, "component")):
        within = f"component[{number}]."
        try:
            code = said(component, "code", within)
            concept = at.names.measure(code) if code is not None else None
            with at.at(f".component[{number}]"):
                if code is not None and concept is not None:
                    measured(component, code, concept, date, at, within)
                elif code is None or not _probe(component, code, resource, date, at):
                    at.entry.end("not understood", f"{within}code: the vocabulary does not know it")
        except Ended as ended:
            at.entry.end(ended.how, ended.why)


def _probe(component: Resource, code: Said, resource: Resource, date: str | None, at: Context) -> bool:
    """Reads a component that is one of several markers, all seen by the method of the whole."""
    return genomics.observed({**component, "method": resource.get("method")}, code, date, at)


def _members(resource: Resource, at: Context, *, silent: bool) -> None:
    """A panel: its members are entries of their own, or are held within it.

    `silent` is one of which nothing else was read.
    """
    if not resource.get("hasMember"):
        return
    unread = silent and any(key.startswith("value") and resource[key] is not None for key in resource)
    if unread:
        at.entry.end("not understood", UNKNOWN)
    missing = held(resource, "hasMember", at)
    if missing:
        at.entry.end("not understood", f"hasMember: {missing} of its members are not here")
    elif silent and not unread:
        at.entry.end("used", "a panel of its members")


def held(resource: Resource, key: str, at: Context) -> int:
    """Reads the observations that `key` points to within the resource; how many point nowhere."""
    missing = 0
    for reference, path in references(resource, key):
        try:
            target = at.index.pointed(reference, resource, path)
        except Ended:
            missing += 1
            continue
        member = _within(resource, reference, target, at)
        if member is not None:
            _contained(member, path, at)
    return missing


def held_in_doubt(resource: Resource, key: str, at: Context) -> bool:
    """Keeps the observations that a resource contains which may not stand, without their values."""
    kept = False
    for reference, path in references(resource, key):
        target = at.soft(at.index.pointed, reference, resource, path)
        member = _within(resource, reference, target, at) if target is not None else None
        if member is not None:
            with at.at(f".{path}"):
                kept = bool(at.soft(_doubted_of_the_patient, member, at)) or kept
    return kept


def _within(resource: Resource, reference: Resource, target: Resource, at: Context) -> Resource | None:
    """An observation that a resource contains, with what it may point to itself; each is taken once."""
    name = str(reference.get("reference", ""))
    if not name.startswith("#") or target.get("resourceType") != "Observation":
        return None
    if (at.entry.place, name) in at.taken:
        return None
    at.taken.add((at.entry.place, name))
    return {**target, "contained": resource.get("contained")}


def _contained(member: Resource, path: str, at: Context) -> None:
    """An observation that is held within another resource."""
    with at.within(path):
        try:
            _of_the_patient(member, at)
            unmodified(member)
            read(member, at)
        except Doubted as ended:
            at.note(f"{ended.why} (kept without a value)" if doubted(member, at) else ended.why)
        except Ended as ended:
            at.note(ended.why)


def _of_the_patient(member: Resource, at: Context) -> None:
    if member.get("subject") is not None:  # else it is whose the whole is
        whose(member, at)


def _doubted_of_the_patient(member: Resource, at: Context) -> bool:
    _of_the_patient(member, at)
    return doubted(member, at)
