"""Rewrites sequences of tokens as `grammar/rewrites.txt` says.

Each token is spelled as three letters: its type, the class of its word, the class of its meaning; a class
holds the words that the same patterns name. So a pattern over tokens is a regular expression over letters,
and trying it costs no more than that.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from screener import resources
from screener.drafting.words.lexer import Token
from screener.drafting.words.rewrite_notation import Atom, Result, Written, written
from screener.model.trial import CriterionKind
from screener.vocabulary.catalogue import Catalogue

_TYPE, _WORD, _VALUE = 0x1000, 0x2000, 0x3000  # where the letters of each begin: no two are mistaken
_WIDTH = 3  # letters of a token
_ANY = f"[{chr(_TYPE)}-{chr(_WORD - 1)}]"

Edit = tuple[int, int, Sequence[Result]]  # a stretch of tokens, and what it becomes
Settle = Callable[[Sequence[Token], str, CriterionKind], Sequence[Token]]


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
        self._stages = {name: [self.compiled(one) for one in stage] for name, stage in stages.items()}

    def needs(self, stage: str) -> frozenset[str]:
        """Types of which a text must have one for any rewrite of a stage to be found in it."""
        return frozenset(min(one.needs) for one in self._stages[stage])

    def stage(self, name: str) -> Settle:
        """What does the rewrites of one stage, one after the other."""
        return partial(self._settled, self._stages[name])

    def _settled(
        self, stage: Sequence[Rewrite], tokens: Sequence[Token], text: str, kind: CriterionKind
    ) -> Sequence[Token]:
        types, spelled = {token.type for token in tokens}, ""
        for rewrite in stage:
            if not rewrite.needs <= types or (rewrite.kind and rewrite.kind != kind):
                continue
            spelled = spelled or self._spelled(tokens, text)
            found = edits(rewrite, spelled)
            if found:
                tokens = _rewritten(tokens, found, text)
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

    def compiled(self, one: Written) -> Rewrite:
        """A rewrite in the letters of all of them."""
        letters = "".join(part if isinstance(part, str) else self._pattern(part) for part in one.parts)
        return Rewrite(one.kind, one.needs, re.compile(letters, re.DOTALL), one.results)

    def _pattern(self, atom: Atom) -> str:
        types = self._types.any_of(atom.types)
        of_type = f"(?!{types}){_ANY}" if atom.but else types if atom.types else _ANY
        return f"(?:{of_type}{self._words.any_of(atom.words)}{self._values.any_of(atom.values)})"


def edits(rewrite: Rewrite, spelled: str) -> list[Edit]:
    """The stretches that it changes, as places of tokens. What stands around one may be around the next."""
    stretches: list[Edit] = []
    begin = done = 0
    while (found := rewrite.pattern.search(spelled, begin)) is not None:
        changed = [(start // _WIDTH, end // _WIDTH, result)
                   for (start, end), result in zip(found.regs[1:], rewrite.results, strict=True)
                   if start >= 0]  # fmt: skip
        if changed and changed[0][0] >= done:
            stretches += changed
            done = max(changed[-1][1], changed[0][0] + 1)
        begin = found.start() + _WIDTH
    return stretches


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
        value = token.value if result.value is None else result.value
        yield Token(result.type or token.type, value, start, end)


@cache
def rewrites(catalogue: Catalogue) -> Rewrites:
    """Those of `grammar/rewrites.txt`, read once."""
    return Rewrites((resources.grammar() / "rewrites.txt").read_text("utf-8"), catalogue)
