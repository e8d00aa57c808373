"""Observation → measurements: single ones, components, and panels through their members."""

import re
from functools import partial

from screener.intake.fhir import disease_status, genomics, pregnancy
from screener.intake.fhir.context import UNKNOWN, Context, Record, status, whose
from screener.intake.fhir.dates import when
from screener.intake.fhir.limits import limits_of
from screener.intake.fhir.naming import Namer, codes_of
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
from screener.intake.fhir.values import value_of
from screener.vocabulary.catalogue import Concept

_NOTHING = {
    "cancelled": "cancelled",
    "entered-in-error": "entered in error",
    "registered": "it has no result yet",
}
_DONE = {"", "final", "preliminary", "amended", "corrected", "appended"}
_OTHER_FLUID = re.compile(
    r"urin|cerebrospinal|csf|pleural|ascit|peritoneal|synovial|stool|fa?eces|saliva", re.I
)
_SOMEBODY_ELSE = {"RelatedPerson", "Group", "Device"}


def read(resource: Resource, at: Context) -> None:
    _decides(resource, at)
    code = at.names.said(resource, "code")
    if code is None:
        raise Wrong("code", "missing")
    date = at.soft(lambda: when(resource, "effective"))
    concept = at.names.measure(code)
    if concept is not None and resource.get("specimen") is not None:
        _blood(resource, code, concept, at)
    if concept is None or resource.get("component"):
        for reader in (pregnancy.observed, disease_status.observed, genomics.observed):
            if reader(resource, code, date, at):
                return
    if concept is not None:
        measured(resource, code, concept, date, at)
    _components(resource, date, at)
    if resource.get("hasMember") and at.entry.ended in ("", "not needed"):
        _members(resource, at)
    elif not at.entry.ended:
        several = len(at.names.by_code(code, ("measurement", "scale"))) > 1
        at.entry.end("not understood", "code: its codes name different tests" if several else UNKNOWN)


def doubted(resource: Resource, at: Context) -> bool:
    """Keeps the tests and the course that a resource names, without their values; whether it names any.

    What may not be read may still be the newest result: an older one must not step in for it.
    """
    if at.soft(lambda: _of_somebody_else(resource, at)):
        return False
    date = at.soft(lambda: when(resource, "effective"))
    before, kept = at.entry.ended, False
    components = at.soft(lambda: items(resource, "component")) or ()
    parts = [("", resource), *((f"component[{place}].", one) for place, one in enumerate(components))]
    for within, part in parts:
        if not any(key.startswith("value") for key in part):
            continue
        code = at.soft(partial(said, part, "code", within))
        concept = at.names.measure(code) if code is not None else None
        status_of = code is not None and disease_status.is_status(code)
        if status_of and at.soft(partial(disease_status.of_the_disease, resource, at)):
            at.add("responses", {"response": disease_status.UNREAD, "date": date})
            kept = True
        if code is not None and concept is not None:
            with at.at(within and f".{within[:-1]}"):
                at.add("observations", _unvalued(code, concept, date, at))
            kept = True
    at.entry.ended = before
    return kept


def _unvalued(code: Said, concept: Concept, date: str | None, at: Context) -> Record:
    return {"name": concept.name, "codes": at.names.once(_own_codes, code), "date": date}


def _decides(resource: Resource, at: Context) -> None:
    state = status(resource)
    if state in _NOTHING:
        raise not_needed(_NOTHING[state])
    if state == "unknown":
        raise Doubted("status: whether the result stands, nobody says")
    if state not in _DONE:
        raise Doubted("status: not one of the standard")
    if state == "preliminary":
        at.note("preliminary: it may still change")
    if _of_somebody_else(resource, at):
        raise not_needed("it speaks of somebody else")


def _of_somebody_else(resource: Resource, at: Context) -> bool:
    for reference, _ in references(resource, "focus"):
        kind, target = at.index.aimed(reference, resource)
        if kind in _SOMEBODY_ELSE or (kind == "Patient" and target is not at.mine):
            return True
    return False


def _blood(resource: Resource, code: Said, concept: Concept, at: Context) -> None:
    """Raises Ended where a test that only words name was done in another fluid than they mean."""
    if concept in at.names.by_code(code, ("measurement", "scale")):
        return
    held = obj(resource, "specimen") or {}
    told = [held.get("display")]
    if held.get("reference") is not None and (
        target := at.soft(lambda: at.index.found(resource, "specimen"))
    ):
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
        record |= value_of(of, concept, at.names, within)
    except Ended as ended:
        if ended.how == "not needed":
            at.entry.end(ended.how, ended.why)
            return
        at.add("observations", record)
        at.note(f"{ended.why} (kept without a value)")
        return
    limits = at.soft(lambda: limits_of(of, concept, at.names, record.get("unit"), within))
    if limits:
        record["reference_range"] = limits
    at.add("observations", record)
    if date is None:
        at.note("it has no date")


def _own_codes(code: Said, names: Namer) -> list[dict[str, str]]:
    """The codes that the vocabulary knows for this test, so that name and codes agree."""
    concept = names.measure(code)
    return codes_of(Said(tuple(one for one in code.codings if names.coded(one) is concept), ""))


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


def _members(resource: Resource, at: Context) -> None:
    """A panel: its members are entries of their own, or are held within it."""
    unread = any(key.startswith("value") and resource[key] is not None for key in resource)
    if unread:
        at.entry.end("not understood", UNKNOWN)
    missing = held(resource, "hasMember", at)
    if missing:
        at.entry.end("not understood", f"hasMember: {missing} of its members are not here")
    elif not unread:
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
        if str(reference.get("reference", "")).startswith("#"):
            _contained(target, path, at)
    return missing


def _contained(member: Resource, path: str, at: Context) -> None:
    """An observation that is held within another resource."""
    if member.get("resourceType") != "Observation" or member.get("hasMember"):
        return
    with at.within(path):
        try:
            if member.get("subject") is not None:  # else it is whose the whole is
                whose(member, at)
            read(member, at)
        except Ended as ended:
            kept = isinstance(ended, Doubted) and doubted(member, at)
            at.note(f"{ended.why} (kept without a value)" if kept else ended.why)
