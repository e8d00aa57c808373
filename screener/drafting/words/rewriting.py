"""Rewrites of sequences of tokens: the notation of `grammar/rewrites.txt` → patterns → other tokens.

Each token is spelled as three letters: its type, the class of its word, the class of its meaning; a class
holds the words that the same patterns name. So a pattern over tokens is a regular expression over letters,
and trying it costs no more than that.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

from screener import resources
from screener.drafting.logic.composing import Kind
from screener.drafting.words.lexer import Token
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
_HEAD = re.compile(r"(?P<example>\S.*?)(?: \((?P<kind>inclusion|exclusion)\))?: \S.*")
_SET = re.compile(r"@(?P<name>\w+) = (?P<members>.+)")
_STAGE = re.compile(r"== (?P<name>\w+)")
_KINDS = "kinds of "
_TYPE, _WORD, _VALUE, _END = 0x1000, 0x2000, 0x3000, 0x4000  # where the letters of each begin and end
_WIDTH = 3  # letters of a token
_ANY = f"[{chr(_TYPE)}-{chr(_WORD - 1)}]"

Edit = tuple[int, int, Sequence["Result"]]  # a stretch of tokens, and what it becomes
Settle = Callable[[Sequence[Token], str, Kind], Sequence[Token]]
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


@dataclass(frozen=True, slots=True)
class Written:
    """A rewrite as it is written: atoms, and the signs of regular expressions between them."""

    example: str
    kind: str  # of criteria; empty: of both
    parts: Sequence[Atom | str]
    results: Sequence[Sequence[Result]]
    needs: frozenset[str]  # types without which it is not found


class Rewrite(NamedTuple):
    """A pattern over letters, and for each of its stretches what becomes of it."""

    kind: str
    needs: frozenset[str]
    pattern: re.Pattern[str]
    results: Sequence[Sequence[Result]]


class Letters:
    """The letters for the members of some sets: members of the same sets share one."""

    def __init__(self, first: int, sets: Iterable[frozenset[str]]) -> None:
        self._sets = list(dict.fromkeys(sets))
        self._first = first
        self._known: dict[frozenset[int], str] = {frozenset(): chr(first)}
        members = frozenset().union(*self._sets)
        self.of = {member: self._letter(member) for member in sorted(members)}
        self.other = chr(first)  # of what is in none of them

    def _letter(self, member: str) -> str:
        within = frozenset(at for at, one in enumerate(self._sets) if member in one)
        return self._known.setdefault(within, chr(self._first + len(self._known)))

    def any_of(self, members: frozenset[str]) -> str:
        """The pattern for one of these; any where there are none."""
        return f"[{''.join(sorted({self.of[member] for member in members}))}]" if members else "."


class Rewrites:
    """The rewrites of all stages, with one spelling."""

    def __init__(self, text: str, catalogue: Catalogue) -> None:
        stages = written(text, catalogue)
        atoms = [part for stage in stages.values() for one in stage for part in one.parts
                 if isinstance(part, Atom)]  # fmt: skip
        self._types = Letters(_TYPE, (frozenset({kind}) for atom in atoms for kind in atom.types))
        self._words = Letters(_WORD, (atom.words for atom in atoms))
        self._values = Letters(_VALUE, (atom.values for atom in atoms))
        self._stages = {name: [self._compiled(one) for one in stage] for name, stage in stages.items()}

    def stage(self, name: str) -> Settle:
        """What does the rewrites of one stage, one after the other."""
        return partial(self._settled, self._stages[name])

    def _settled(
        self, stage: Sequence[Rewrite], tokens: Sequence[Token], text: str, kind: Kind
    ) -> Sequence[Token]:
        types, spelled = {token.type for token in tokens}, ""
        for rewrite in stage:
            if not rewrite.needs <= types or (rewrite.kind and rewrite.kind != kind):
                continue
            spelled = spelled or self._spelled(tokens, text)
            edits = _edits(rewrite, spelled)
            if edits:
                tokens = _rewritten(tokens, edits, text)
                types, spelled = {token.type for token in tokens}, ""
        return tokens

    def _spelled(self, tokens: Sequence[Token], text: str) -> str:
        letters: list[str] = []
        types, words, values = self._types, self._words, self._values
        for kind, value, start, end in tokens:
            word = value if kind == "WORD" else text[start:end].casefold()
            letters += (
                types.of.get(kind, types.other),
                words.of.get(word, words.other),
                values.of.get(value, values.other),
            )
        return "".join(letters)

    def _compiled(self, one: Written) -> Rewrite:
        letters = "".join(part if isinstance(part, str) else self._pattern(part) for part in one.parts)
        return Rewrite(one.kind, one.needs, re.compile(letters, re.DOTALL), one.results)

    def _pattern(self, atom: Atom) -> str:
        types = self._types.any_of(atom.types)
        of_type = f"(?!{types}){_ANY}" if atom.but else types if atom.types else _ANY
        return f"(?:{of_type}{self._words.any_of(atom.words)}{self._values.any_of(atom.values)})"


def _edits(rewrite: Rewrite, spelled: str) -> list[Edit]:
    """The stretches that it changes, as places of tokens. What stands around one may be around the next."""
    edits: list[Edit] = []
    begin = done = 0
    while (found := rewrite.pattern.search(spelled, begin)) is not None:
        stretches = [(start // _WIDTH, end // _WIDTH, result)
                     for (start, end), result in zip(found.regs[1:], rewrite.results, strict=True)
                     if start >= 0]  # fmt: skip
        if stretches and stretches[0][0] >= done:
            edits += stretches
            done = max(stretches[-1][1], stretches[0][0] + 1)
        begin = found.start() + _WIDTH
    return edits


def _rewritten(tokens: Sequence[Token], edits: Iterable[Edit], text: str) -> list[Token]:
    kept: list[Token] = []
    done = 0
    for first, end, results in edits:
        kept += tokens[done:first]
        if first < end:
            kept += _made(tokens[first:end], results)
        else:  # what is put in takes no character
            place = tokens[first].start if first < len(tokens) else len(text)
            kept += [Token(one.type, one.value or "", place, place) for one in results]
        done = end
    return [*kept, *tokens[done:]]


def _made(stretch: Sequence[Token], results: Sequence[Result]) -> Iterator[Token]:
    """What a stretch becomes. As many tokens in another order take the places of those that stood there."""
    in_place = len(results) == len(stretch)
    for at, result in enumerate(results):
        token = stretch[result.at]
        place = stretch[at] if in_place else token
        start, end = (stretch[0].start, stretch[-1].end) if result.whole else place[2:]
        yield Token(
            result.type or token.type, token.value if result.value is None else result.value, start, end
        )


# --- the notation


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
            surely = (
                not depth and not atom.but and len(atom.types) == 1 and pattern[at : at + 1] not in _MAY_FAIL
            )
            needs |= atom.types if surely else frozenset()
        else:
            depth += (sign[0] == "(") - (sign[0] == ")")
            parts.append({"(": "(?:", "[": "("}.get(sign[0], sign[0]))
    return parts, results, frozenset(needs)


def _atom(pattern: str, at: int, sets: Sets) -> tuple[Atom, int]:
    """The atom that begins at a place, and the place behind it."""
    found = _ATOM.match(pattern, at)
    assert found is not None
    types = [] if found["types"] == "." else found["types"].split("|")
    values = found["values"].strip("'").split(",") if found["values"] else []
    words = [one.strip() for one in found["words"].split(",")] if found["words"] else []
    no = found["no"] is not None
    return Atom(_members(types, sets), no, _members(values, sets), _members(words, sets)), found.end()


def _members(told: Iterable[str], sets: Sets) -> frozenset[str]:
    return frozenset(one for member in told
                     for one in (sets[member[1:]] if member.startswith("@") else (member,)))  # fmt: skip


def _result(written: str) -> Result:
    found = _RESULT.fullmatch(written)
    assert found is not None
    value = found["value"]
    return Result(int(found["at"] or 0), found["type"] or "", None if value is None else value.strip("'"),
                  found["whole"] is not None)  # fmt: skip


@cache
def rewrites(catalogue: Catalogue) -> Rewrites:
    """Those of `grammar/rewrites.txt`, read once."""
    return Rewrites((resources.grammar() / "rewrites.txt").read_text("utf-8"), catalogue)
