"""`hormonal or biologic therapy`, `viral, bacterial or fungal infection`: the last noun is that of each.

Only where the vocabulary has the name that the words come to: `hormonal therapy`, `viral infection`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from screener.drafting.words.lexer import Token
from screener.drafting.words.wording import SENSE, Sense, Trie
from screener.model.trial import CriterionKind

_NAMES = frozenset({"CONDITION", "THERAPY", "PROCEDURE", "MEASURE"})
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_PAIR = ["CONDITION", "OR", "CONDITION", "COMMA"]
_DESCRIBED = ("symptomatic_", "unstable_", "uncontrolled_", "active_", "chronic_", "acute_")
_MOST = 3  # words before the noun, and of it
_BETWEEN = _JOINTS | {"ASIDE"}
_ADJECTIVES = frozenset({"QUALIFIER", "JUDGED"})
_PLAIN = re.compile(r"[\w' -]+")
_PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")


def with_nouns(tokens: Sequence[Token], text: str, trie: Trie, kind: CriterionKind) -> Sequence[Token]:
    """The tokens with each such word as the name that it is short for."""
    places = [
        at for at in range(2, len(tokens)) if tokens[at].type in _NAMES and tokens[at - 1].type in _JOINTS
    ]
    if not places:
        return tokens
    lists = _Lists(list(tokens), text, trie, kind)
    for at in reversed(places):
        lists.complete(at)
    return list(lists.tokens())


@dataclass(slots=True)
class _Lists:
    """The tokens of one text; those that a name has taken in have no type."""

    found: list[Token]
    text: str
    trie: Trie
    kind: CriterionKind
    leads: dict[int, list[Token]] = field(default_factory=dict)  # place of a name → the adjectives it shares

    def tokens(self) -> Iterator[Token]:
        for at, token in enumerate(self.found):
            if token.type:
                yield from self.leads.get(at, ())
                yield token

    def complete(self, at: int) -> None:
        """Names the words before a name, one after the other from right to left."""
        name, members = self.found[at], [at]
        nouns = list(_nouns(self.text[name.start : name.end]))
        while at > 1 and nouns:
            end = at
            while end and self.found[end - 1].type in _JOINTS:
                end -= 1
            both = self.kind == "inclusion" and any(token.type == "AND" for token in self.found[end:at])
            # in an inclusion nobody has the one disease and the other
            start = (
                None if end == at or (both and name.type == "CONDITION") else self._named(end, nouns, name)
            )
            if start is None:
                break
            at = start
            members.append(at)
        self._share(members)

    def _share(self, members: list[int]) -> None:
        """The adjectives before the first member are those of each: of the noun, which is named once."""
        first = members[-1]
        at = beginning_of_adjectives(self.found, first)
        for member in members[:-1]:
            self.leads[member] = self.found[at:first]

    def _named(self, end: int, nouns: list[str], name: Token) -> int | None:
        """Puts a name in the place of the words that end there; gives its place, or None."""
        for start in self._beginnings(end):
            words = self.text[self.found[start].start : self.found[end - 1].end]
            for noun in nouns:
                sense = self._sense(f"{words} {noun}")
                if sense is not None and sense[0] == name.type and not self._shares(words, noun, name):
                    self.found[start] = Token(*sense, self.found[start].start, self.found[end - 1].end)
                    for gone in range(start + 1, end):
                        self.found[gone] = self.found[gone]._replace(type="")
                    return start
        return None

    def _beginnings(self, end: int) -> Iterator[int]:
        """Where the words before a joint may begin, the longest stretch first."""
        if end and self.found[end - 1].type == "JUDGED":
            yield end - 1
        first = end
        while first and end - first < _MOST and self.found[first - 1].type == "WORD":
            first -= 1
        yield from range(first, end)

    def _shares(self, words: str, noun: str, name: Token) -> bool:
        """`arterial thrombotic or thromboembolic event`: the first word may be that of both."""
        first, _, rest = words.partition(" ")
        shorter = self._sense(f"{rest} {noun}") if rest else None
        if shorter is None or (name.type == "MEASURE" and shorter == self._sense(f"{words} {noun}")):
            return False  # peripheral blood blasts are blood blasts
        again = self._sense(f"{first} {self.text[name.start : name.end]}")
        return again != (name.type, name.value)

    def _sense(self, phrase: str) -> Sense | None:
        node = self.trie
        for piece in _PIECE.findall(phrase.casefold()):
            if piece not in node:
                return None
            node = node[piece]
        return node.get(SENSE)


def with_pairs(tokens: Sequence[Token]) -> Sequence[Token]:
    """`asthma, recent stroke or seizure, diabetes`: two names that an `or` joins within a list share the
    adjective before them. Behind the last comma the `or` may be that of the list."""
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        if [one.type for one in tokens[at - 2 : at + 2]] == _PAIR and not token.value.startswith(_DESCRIBED):
            first = beginning_of_adjectives(tokens, at - 2)
            kept += tokens[first : at - 2] if tokens[first - 1].type == "COMMA" else ()
        kept.append(token)
    return kept


def beginning_of_adjectives(tokens: Sequence[Token], end: int) -> int:
    """Where the adjectives that stand before a name begin: `active, uncontrolled …`, `severe or active …`."""
    at = first = end
    while at and (tokens[at - 1].type in _ADJECTIVES or tokens[at - 1].type in _BETWEEN):
        at -= 1
        if tokens[at].type in _ADJECTIVES:
            first = at
        elif tokens[at].type in _JOINTS and tokens[at - 1].type not in _ADJECTIVES:
            break
    return first


def _nouns(name: str) -> Iterator[str]:
    """What may be the noun of a name of several words: its last ones."""
    if _PLAIN.fullmatch(name) is None:
        return
    words = name.casefold().split()
    for size in range(min(_MOST, len(words) - 1), 0, -1):
        yield " ".join(words[-size:])
