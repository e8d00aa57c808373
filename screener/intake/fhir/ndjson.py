"""Bulk exports: files with one resource a line, read as a stream. Only one patient's are kept."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from screener.errors import InputError, Problem
from screener.intake.fhir.account import Account
from screener.intake.fhir.bundle import Held, held, once
from screener.intake.fhir.convert import Converted, of_entries
from screener.intake.fhir.person import matches, several
from screener.intake.fhir.references import key_of, literal
from screener.intake.fhir.resources import Resource
from screener.intake.json_text import parsed
from screener.intake.recognise import loads
from screener.vocabulary.catalogue import Catalogue

MAX_LINE = 5_000_000  # bytes
_ENDS = (".ndjson", ".ndjson.gz")
_NO_RESOURCE = "no resource on one line of JSON"
_SHOWN = 5  # broken lines
_SUBJECTS = ("subject", "patient")


def is_export(path: Path) -> bool:
    """Whether a path is a bulk export: a file named so, or a folder that holds one."""
    if path.is_dir():
        return bool(_files(path))
    return path.name.endswith(_ENDS) and path.is_file()


def read(path: Path, catalogue: Catalogue, wanted: str | None = None) -> Converted:
    """The profile of one patient of an export. Raises InputError where that is not one patient's."""
    files = _files(path) if path.is_dir() else [path]
    mine = _patient(files, wanted)
    account = Account()
    found: list[Held] = []
    referred: set[str] = set()
    for one in _resources(files, account, count=True):
        if _about(one, mine):
            found += held(one, account)
            referred |= _refers(one)
        else:
            account.others += 1
    _add_products(files, referred, found, account)
    return of_entries(once(found), account, catalogue, None)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith(_ENDS))


def _patient(files: list[Path], wanted: str | None) -> str:
    """The name of the one patient that is meant."""
    bare = wanted.removeprefix("Patient/") if wanted else None
    broken: list[Problem] = []
    found = (
        key_of(one)
        for one in _resources(files, Account(), broken=broken)
        if one.get("resourceType") == "Patient" and (bare is None or matches(one, bare))
    )
    names = list(dict.fromkeys(filter(None, found)))
    if not names:
        problem = (
            ("no patient here has this id", "--patient")
            if wanted
            else ("it holds no Patient", "resourceType")
        )
        told = Problem("no-patient", *problem, "an export has a file of Patient resources")
        raise InputError([told, *broken])
    if len(names) > 1:
        raise several(names)
    return names[0]


def _resources(
    files: list[Path], account: Account, count: bool = False, broken: list[Problem] | None = None
) -> Iterator[Resource]:
    """Every resource. With `count` the account tells of what is none; `broken` takes the first of it."""
    for path in files:
        try:
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
                yield from _of_stream(stream, path.name, account, count, broken)
        except (OSError, EOFError, zlib.error):
            raise InputError(
                [
                    Problem(
                        "unreadable",
                        "the file cannot be read",
                        path.name,
                        "check the path and its permissions",
                    )
                ]
            ) from None


def _of_stream(
    stream: object, name: str, account: Account, count: bool, broken: list[Problem] | None
) -> Iterator[Resource]:
    number = 0
    while line := stream.readline(MAX_LINE + 1):  # type: ignore[attr-defined]
        number += 1
        if not line.strip():
            continue
        data = _line(line)
        if isinstance(data, dict) and isinstance(data.get("resourceType"), str):
            yield data
        elif count:
            account.opened(f"{name}:{number}").end("in error", _NO_RESOURCE)
        elif broken is not None and len(broken) < _SHOWN:
            broken.append(_what_is_wrong(line, f"{name}:{number}"))


def _line(line: bytes) -> object:
    if len(line) > MAX_LINE:
        return None
    try:
        return loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None


def _what_is_wrong(line: bytes, place: str) -> Problem:
    if len(line) > MAX_LINE:
        return Problem("too-large", f"a line of more than {MAX_LINE:,} bytes", place)
    try:
        _, problems = parsed(line.decode("utf-8-sig").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Problem("encoding", "not a text in UTF-8", place, "save the file as UTF-8")
    wrong = next((one for one in problems if one.code == "json"), Problem("json", _NO_RESOURCE))
    column = wrong.place.rpartition(":")[2]  # it is one line
    return replace(wrong, place=f"{place}:{column}" if column else place)


def _about(one: Resource, mine: str) -> bool:
    if one.get("resourceType") == "Patient":
        return key_of(one) == mine
    for key in _SUBJECTS:
        reference = one.get(key)
        target = reference.get("reference") if isinstance(reference, dict) else None
        if isinstance(target, str) and (literal(target) or target) == mine:
            return True
    return False


def _refers(one: Resource) -> set[str]:
    reference = one.get("medicationReference")
    target = reference.get("reference") if isinstance(reference, dict) else None
    return {literal(target)} if isinstance(target, str) else set()


def _add_products(files: list[Path], referred: set[str], found: list[Held], account: Account) -> None:
    """The products to which the kept resources point: they are nobody's, so they come in a second pass."""
    referred.discard("")
    if not referred:
        return
    for one in _resources(files, Account()):
        if one.get("resourceType") == "Medication" and key_of(one) in referred:
            found += held(one, account)
            account.others -= 1
