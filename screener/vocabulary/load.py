"""Reads the vocabulary files once and keeps what it made of them, by content hash, as JSON."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from screener import resources
from screener.errors import InputError, Problem
from screener.vocabulary import names, pruning
from screener.vocabulary.catalogue import Catalogue, Kind

FILES = ("units", "labs", "scales", "markers", "drugs", "conditions", "procedures", "responses")

# table of a file → the kind of its entries
TABLES: Mapping[str, Kind] = {
    "measurements": "measurement", "scales": "scale", "groups": "group", "markers": "marker",
    "classes": "class", "allergens": "class", "drugs": "drug", "regimens": "regimen",
    "conditions": "condition", "procedures": "procedure", "responses": "response",
}  # fmt: skip

_FORMAT = "2"  # of the compiled vocabulary: raise it when `compiled` changes


@cache
def catalogue() -> Catalogue:
    """The vocabulary that ships with the package."""
    folder = resources.vocabulary()
    contents = {name: (folder / f"{name}.yaml").read_bytes() for name in FILES}
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    sha256 = digest.hexdigest()
    data = kept("vocabulary", sha256 + _FORMAT)
    if not isinstance(data, dict) or data.get("sha256") != sha256:
        data = compiled(contents) | {"sha256": sha256}
        keep("vocabulary", sha256 + _FORMAT, data)
    return Catalogue(data)


def compiled(contents: Mapping[str, bytes]) -> dict[str, Any]:
    """The tables of all files as plain data for `Catalogue`. Raises InputError on a broken file."""
    documents = {name: _document(name, content) for name, content in contents.items()}
    entries: dict[str, tuple[Kind, dict[str, Any]]] = {}
    tables: dict[str, Any] = {}
    for name, document in documents.items():
        for table, content in document.items():
            if table in TABLES:
                _sourced(name, content)
                entries |= {concept: (TABLES[table], entry) for concept, entry in content.items()}
            elif table == "sources":
                tables.setdefault("sources", {})[name] = content
            else:
                tables[table] = content
    by_name: dict[str, str] = {}
    for concept, name in _names(entries):
        by_name.setdefault(names.folded(name), concept)
    codes, prefixes = _codes(entries)
    return {
        "concepts": {concept: [kind, json.dumps(entry)] for concept, (kind, entry) in entries.items()},
        "names": by_name, "lengths": _lengths(by_name), "codes": codes, "prefixes": prefixes,
        "kinds": _kinds(entries), "doubtful": _doubtful(entries), "tables": tables,
    }  # fmt: skip


_Entries = Mapping[str, tuple[Kind, Mapping[str, Any]]]


def _kinds(entries: _Entries) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for concept, (kind, _) in entries.items():
        kinds.setdefault(kind, []).append(concept)
    return kinds


def _lengths(by_name: Mapping[str, str]) -> dict[str, int]:
    """The number of pieces of the longest name that starts with a piece."""
    lengths: dict[str, int] = {}
    for name in by_name:
        first = name.partition(" ")[0]
        lengths[first] = max(lengths.get(first, 0), 1 + name.count(" "))
    return lengths


def _doubtful(entries: _Entries) -> dict[str, list[str]]:
    """What each condition or procedure may also be, by itself or by what it is.

    A list says nothing of what is one of its members already; nor does a general list where a narrower one
    speaks of the same (a valve replacement may be major or minor surgery, not a coronary bypass).
    What it `may_itself_be` its kinds may not: a chronic hepatitis may be viral, an autoimmune one is not.
    """

    def line(concept: str) -> list[str]:
        parents = entries[concept][1].get("parents", ()) if concept in entries else ()
        return [concept, *(general for parent in parents for general in line(parent))]

    doubtful: dict[str, list[str]] = {}
    for concept, (kind, _) in entries.items():
        if kind in ("condition", "procedure"):
            generals = line(concept)
            found: list[str] = []
            for general in generals:
                listed = entries[general][1].get("may_be", ()) if general in entries else ()
                if set(listed).isdisjoint([*generals, *found]):
                    found += listed
            found += entries[concept][1].get("may_itself_be", ())
            if found:
                doubtful[concept] = found
    return doubtful


def _document(name: str, content: bytes) -> dict[str, Any]:
    # Read only where the vocabulary was never compiled: YAML costs more than the rest of a call.
    from screener import strict_yaml

    try:
        document: dict[str, Any] = strict_yaml.read_plain(content.decode())
    except ValueError as error:
        raise InputError([Problem("vocabulary", str(error), f"{name}.yaml")]) from error
    return document


def _sourced(name: str, table: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises InputError where a figure does not say where it is from."""
    problems = [
        Problem("vocabulary", "a figure without a source", f"{name}.yaml: {concept}.{key}",
                "write `source:` with a name that the file's `sources` list")
        for concept, entry in table.items()
        for key, value in entry.items()
        for fact in (value if isinstance(value, list) else [value])
        if isinstance(fact, dict) and key not in ("labels", "codes") and not fact.get("source")
    ]  # fmt: skip
    if problems:
        raise InputError(problems)


def _names(entries: _Entries) -> Iterator[tuple[str, str]]:
    """Every name with its concept: a concept's own name goes before another's synonym."""
    for concept, (_, entry) in entries.items():
        yield concept, entry["name"]
    for concept, (_, entry) in entries.items():
        for synonym in entry.get("synonyms", ()):
            yield concept, synonym


def _codes(entries: _Entries) -> tuple[dict[str, Any], dict[str, Any]]:
    codes: dict[str, Any] = {}
    prefixes: dict[str, Any] = {}
    for concept, (_, entry) in entries.items():
        for code in entry.get("codes", ()):
            table = prefixes if code.get("prefix") == "yes" else codes
            key = f"{code['system']} {code['code']}".casefold()
            table.setdefault(key, [concept, code.get("status", "")])
    return codes, prefixes


# --- what is kept between calls ---------------------------------------------------------------


def kept(what: str, key: str) -> Any | None:
    """Plain data kept by an earlier call under this key, or None."""
    path = _path(what, key)
    if path is None:
        return None
    try:
        data = json.loads(path.read_bytes())
        pruning.used(path)
    except (OSError, ValueError):
        return None
    return data


def keep(what: str, key: str, data: Any) -> None:
    """Keeps plain data for later calls, where the user has a folder of their own for it."""
    path = _path(what, key)
    if path is None:
        return
    import tempfile

    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{what}-")
        with os.fdopen(handle, "w") as file:
            json.dump(data, file, separators=(",", ":"))
        Path(temporary).replace(path)
        # Of what is written in great numbers one in sixteen is enough.
        if what != "rules" or path.stem.endswith("0"):
            pruning.prune(path)
    except OSError:
        return


def _path(what: str, key: str) -> Path | None:
    folder = resources.cache()
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return None if folder is None else folder / f"{what}-{digest}.json"
