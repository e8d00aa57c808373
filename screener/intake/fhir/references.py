"""What a reference points to: by full URL, by type and id, by identifier, or within the same resource."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from screener.intake.fhir.resources import Resource, Wrong, obj, text

_LITERAL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?/?")
_RELATIVE = re.compile(r"[A-Z][A-Za-z]{1,63}/[A-Za-z0-9\-.]{1,64}")  # as nearly all of them are
_ASKED = re.compile(r"([A-Z][A-Za-z]{1,63})\?(?:.*&)?identifier=([^&]+)(?:&.*)?")
ABSENT = "a reference to something that is not here"


def key_of(resource: Resource) -> str:
    """`Observation/123`, or "" without a usable id."""
    kind, name = resource.get("resourceType"), resource.get("id")
    if not isinstance(kind, str) or not isinstance(name, str):
        return ""
    key = f"{kind}/{name}"
    return key if _RELATIVE.fullmatch(key) or _LITERAL.fullmatch(key) else ""


def literal(reference: str) -> str:
    """`Observation/123` of a relative or absolute reference, "" for another one."""
    if _RELATIVE.fullmatch(reference):
        return reference
    found = _LITERAL.fullmatch(reference)
    return f"{found[1]}/{found[2]}" if found else ""


def _server(reference: str) -> str:
    """What stands before type and id of an absolute reference, without `http` or `https`."""
    key = literal(reference)
    return reference.partition("://")[2].rpartition(key)[0] if key and "://" in reference else ""


def identifiers(resource: Resource) -> Iterator[tuple[str, str]]:
    held = resource.get("identifier")
    if held is None:
        return
    for one in held if isinstance(held, list) else [held]:
        if isinstance(one, dict) and isinstance(one.get("value"), str):
            system = one.get("system")
            yield system if isinstance(system, str) else "", one["value"]


class Index:
    """The resources of one input by every name that a reference may call them."""

    def __init__(self) -> None:
        self._named: dict[str, Resource | None] = {}  # None: of several resources none is meant
        self._urls: dict[str, str] = {}  # the full URL under which a resource stands
        self._identified: dict[tuple[str, str], dict[str, Resource]] = {}  # by type and value, then system

    def add(self, resource: Resource, url: str | None, key: str) -> None:
        """Takes a resource under its full URL, its `Observation/123` and its identifiers."""
        for name in (url, key):
            if name:
                known = self._named.setdefault(name, resource)
                if known is not resource:
                    self._named[name] = resource if known == resource else None
        if key and url:
            self._urls[key] = url
        if "identifier" in resource:
            kind = str(resource.get("resourceType"))
            for system, value in identifiers(resource):
                self._identified.setdefault((kind, value), {})[system] = resource

    def found(self, of: Resource, key: str, within: str = "") -> Resource | None:
        """What the reference at `key` of a resource points to; None where there is none.

        Raises Wrong where it points to nothing that is here.
        """
        held = obj(of, key, within)
        return None if held is None else self.pointed(held, of, within + key)

    def pointed(self, held: Resource, of: Resource, path: str) -> Resource:
        reference = text(held, "reference", f"{path}.")
        target = self._target(reference, held, of)
        if target is None:
            raise Wrong(path, ABSENT)
        return target

    def _target(self, reference: str | None, held: Resource, of: Resource) -> Resource | None:
        if reference is None:
            return self._by_identifier(held)
        if reference.startswith("#"):
            return contained(of, reference[1:])
        known = self._named.get(reference) or self._by_literal(reference)
        if known is None and (asked := _ASKED.fullmatch(reference)):
            system, bar, value = unquote(asked[2]).rpartition("|")
            known = self._one(asked[1], system if bar else None, value)
        return known

    def _by_literal(self, reference: str) -> Resource | None:
        """By type and id, unless the reference names another server than the one where it lies."""
        key, server = literal(reference), _server(reference)
        url = self._urls.get(key) if server else None
        elsewhere = url is not None and literal(url) == key and _server(url) != server
        return None if elsewhere else self._named.get(key)

    def aimed(self, held: Resource, of: Resource) -> tuple[str, Resource | None]:
        """The type of what a reference points to, also where it is not here, and what it points to."""
        reference = held.get("reference")
        if reference is not None and not isinstance(reference, str):
            return "", None
        target = self._target(reference, held, of)
        kind = target.get("resourceType") if target else None
        named = literal(reference or "").partition("/")[0] or held.get("type")
        return str(kind or named or ""), target

    def _by_identifier(self, held: Resource) -> Resource | None:
        kind, identifier = held.get("type"), held.get("identifier")
        if not isinstance(identifier, dict) or not isinstance(identifier.get("value"), str):
            return None
        system = identifier.get("system")
        return self._one(
            kind if isinstance(kind, str) else "Patient",
            system if isinstance(system, str) else None,
            identifier["value"],
        )

    def _one(self, kind: str, system: str | None, value: str) -> Resource | None:
        held = self._identified.get((kind, value), {})
        found = {id(one): one for where, one in held.items() if system in (None, where)}
        return next(iter(found.values())) if len(found) == 1 else None


def contained(of: Resource, name: str) -> Resource | None:
    """The one that has this id; of several that differ none is meant."""
    held: Any = of.get("contained")
    found = [one for one in (held if isinstance(held, list) else ())
             if isinstance(one, dict) and one.get("id") in (name, f"#{name}")]  # fmt: skip
    return found[0] if found and all(one == found[0] for one in found) else None


def references(of: Mapping[str, Any], key: str) -> list[tuple[Resource, str]]:
    """The references of a list, or a single one, each with its path."""
    held = of.get(key)
    if isinstance(held, list):
        return [(one, f"{key}[{number}]") for number, one in enumerate(held) if isinstance(one, dict)]
    return [(held, key)] if isinstance(held, dict) else []
