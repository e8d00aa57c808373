"""The notation of `grammar/rewrites.txt`, which tells it at its head: text → patterns over tokens."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from screener.vocabulary.catalogue import Catalogue

_ATOM = re.compile(
    r"(?P<no>!)?(?P<types>\.|@?[A-Z_]+(?:\|@?[A-Z_]+)*)"
    r"(?:=(?P<values>'[^']*'|[^\s\"\[\](){}?*+]+))?"
    r'(?:"(?P<words>[^"]*)")?'
)
_SIGN = re.compile(r"(?P<atom>!?[.@A-Z])|(?P<close>→(?P<made>[^\]]*)\])|\S")
_MAY_FAIL = ("?", "*", "{")  # behind what need not stand there
_RESULTS = re.compile(r"[^\s']+(?:'[^']*')?\+?")
_RESULT = re.compile(r"(?:#(?P<at>-?\d+))?(?P<type>[A-Z_]+)?(?:=(?P<value>'[^']*'|[^\s+]*))?(?P<whole>\+)?")
_HEAD = re.compile(r"(?P<example>\S.*?)(?: \((?P<kind>inclusion|exclusion)\))? +# \S.*")
_SET = re.compile(r"@(?P<name>\w+) = (?P<members>.+)")
_STAGE = re.compile(r"== (?P<name>\w+)")
_KINDS = "kinds of "
Sets = Mapping[str, frozenset[str]]


class Result(NamedTuple):
    """A token of what a stretch becomes: one of its own, or one of another type or meaning."""

    at: int  # the token of the stretch that it is made from
    type: str
    value: str | None  # None: as it is
    whole: bool  # it takes the characters of the whole stretch


class Atom(NamedTuple):
    """Which tokens stand at one place of a pattern."""

    types: frozenset[str]  # empty: any
    but: bool  # any but these
    values: frozenset[str]  # empty: any
    words: frozenset[str]  # empty: any


class Written(NamedTuple):
    """A rewrite as it is written: atoms, and the signs of regular expressions between them."""

    example: str
    kind: str  # of criteria; empty: of both
    parts: Sequence[Atom | str]
    results: Sequence[Sequence[Result]]
    needs: frozenset[str]  # types without which it is not found


def written(text: str, catalogue: Catalogue) -> dict[str, list[Written]]:
    """The rewrites of each stage as they are written."""
    stages: dict[str, list[Written]] = {}
    sets: dict[str, frozenset[str]] = {}
    head: re.Match[str] | None = None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if (stage := _STAGE.fullmatch(line)) is not None:
            here = stages.setdefault(stage["name"], [])
        elif (named := _SET.fullmatch(line)) is not None:
            sets[named["name"]] = _set(named["members"], catalogue)
        elif line.startswith(" ") and head is not None:
            here.append(Written(head["example"], head["kind"] or "", *_parsed(line.strip(), sets)))
        elif (head := _HEAD.fullmatch(line)) is None:
            raise ValueError(f"neither a stage, a set, a rewrite nor its pattern: {line}")
    return stages


def _set(told: str, catalogue: Catalogue) -> frozenset[str]:
    if not told.startswith(_KINDS):
        return frozenset(number for one in told.split(",") for number in _range(one.strip()))
    general = told.removeprefix(_KINDS)
    return frozenset(one for one in catalogue if catalogue.is_a(one, general))


def _range(told: str) -> Iterator[str]:
    """`12..120`: all of these numbers."""
    first, _, last = told.partition("..")
    yield from map(str, range(int(first), int(last) + 1)) if last else (told,)


def _parsed(pattern: str, sets: Sets) -> tuple[list[Atom | str], list[list[Result]], frozenset[str]]:
    """The parts of a pattern, what its stretches become, and the types without which it is not found."""
    parts: list[Atom | str] = []
    results: list[list[Result]] = []
    needs: set[str] = set()
    at = depth = 0
    while (sign := _SIGN.search(pattern, at)) is not None:
        at = sign.end()
        if sign["close"] is not None:
            results.append([_result(one) for one in _RESULTS.findall(sign["made"])])
            parts.append(")")
        elif sign["atom"]:
            atom, at = _atom(pattern, sign.start(), sets)
            parts.append(atom)
            if not depth and not atom.but and len(atom.types) == 1 and pattern[at : at + 1] not in _MAY_FAIL:
                needs |= atom.types
        else:
            depth += (sign[0] == "(") - (sign[0] == ")")
            parts.append({"(": "(?:", "[": "("}.get(sign[0], sign[0]))
    return parts, results, frozenset(needs)


def _atom(pattern: str, at: int, sets: Sets) -> tuple[Atom, int]:
    """The atom that begins at a place, and the place behind it."""
    found = _ATOM.match(pattern, at)
    if found is None:
        raise ValueError(f"no token: {pattern[at:]}")
    types = [] if found["types"] == "." else found["types"].split("|")
    values = found["values"].strip("'").split(",") if found["values"] else []
    words = [one.strip() for one in found["words"].split(",")] if found["words"] else []
    no = found["no"] is not None
    return Atom(_members(types, sets), no, _members(values, sets), _members(words, sets)), found.end()


def _members(told: Iterable[str], sets: Sets) -> frozenset[str]:
    members: set[str] = set()
    for member in told:
        if not member.startswith("@"):
            members.add(member)
        elif member[1:] in sets:
            members |= sets[member[1:]]
        else:
            raise ValueError(f"`{member}` is no set that was defined above")
    return frozenset(members)


def _result(written: str) -> Result:
    found = _RESULT.fullmatch(written)
    if found is None:
        raise ValueError(f"no token that tokens could become: {written}")
    value = found["value"]
    return Result(int(found["at"] or 0), found["type"] or "", None if value is None else value.strip("'"),
                  found["whole"] is not None)  # fmt: skip
