"""`a cumulative dose of corticosteroids >= 140 mg of prednisone or equivalent within 14 days`.

Only where the text says whether the dose is that of a day or of the whole time.
"""

from collections.abc import Sequence
from typing import NamedTuple

from screener.drafting.words.lexer import Token
from screener.vocabulary.catalogue import Catalogue

_HEAD = frozenset({
    "therapeutic", "pharmacologic", "pharmacological", "cumulative", "dose", "doses", "daily", "maximum",
    "total",
})  # fmt: skip
_FILLERS = frozenset({"equivalent", "equivalents", "daily", "orally", "to", "its", "dose", "or"})
_TAKEN = frozenset({"PRIOR", "HISTORY", "ONGOING"})
_UNITS = frozenset({"mg", "mg/day", "mg/d"})


class _Dose(NamedTuple):
    """The tokens of one dose as the grammar reads them, and the place behind it."""

    tokens: list[Token]
    after: int


class SteroidDoses:
    """Finds doses of steroids that are told in those of one of them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._steroids = frozenset(one for one in catalogue if catalogue.is_a(one, "corticosteroid"))
        self._equivalents = frozenset(
            one for one in self._steroids if "steroid_equivalent" in catalogue[one].entry
        )

    def settled(self, tokens: Sequence[Token], text: str) -> Sequence[Token]:
        """The tokens with each such dose in one order."""
        if self._equivalents.isdisjoint([token.value for token in tokens]):
            return tokens
        words = [text[token.start : token.end].casefold() for token in tokens]
        types = [token.type for token in tokens]
        kept: list[Token] = []
        at = 0
        while at < len(tokens):
            found = self._dose(tokens, words, types, at)
            if found is None:
                kept.append(tokens[at])
                at += 1
                continue
            if kept and kept[-1].type in _TAKEN:
                kept.pop()
            kept += found.tokens
            at = found.after
        return kept

    def _dose(
        self, tokens: Sequence[Token], words: Sequence[str], types: Sequence[str], at: int
    ) -> _Dose | None:
        steroid = _past(words, types, at, _HEAD)
        if steroid >= len(tokens) or tokens[steroid].value not in self._steroids:
            return None
        bracket = types[steroid + 1 : steroid + 2] == ["LPAR"]
        limit = _past(words, types, steroid + 1 + bracket, _FILLERS)
        if types[limit : limit + 1] == ["DEFINED"]:  # doses (defined as > 20 mg/day of prednisone)
            limit = _past(words, types, limit + 1, _FILLERS)
        if types[limit : limit + 3] != ["COMPARE", "NUMBER", "UNIT"] or tokens[limit + 2].value not in _UNITS:
            return None
        other = _past(words, types, limit + 3, _FILLERS)
        if other >= len(tokens) or tokens[other].value not in self._equivalents:
            return None
        end = _past(words, types, other + 1, _FILLERS)
        if "equivalent" in words[other:end] and end < len(tokens) and tokens[end].value in self._steroids:
            end += 1  # or an equivalent dose of another corticosteroid
        if bracket and types[end : end + 1] != ["RPAR"]:
            return None
        end += bracket
        cumulative = "cumulative" in words[at:steroid]
        told = {*words[at:end], *types[at:end]}
        daily = tokens[limit + 2].value != "mg" or not told.isdisjoint(("daily", "PER_DAY"))
        if cumulative == daily or types[end : end + 1] != ["WITHIN"]:
            return None
        first = tokens[at].start
        dose = Token("DOSE", "cumulative" if cumulative else "daily", first, first)
        limits = [*tokens[limit : limit + 2], tokens[limit + 2]._replace(value="mg")]
        return _Dose([dose, tokens[steroid], *limits, tokens[other]], end)


def _past(words: Sequence[str], types: Sequence[str], at: int, fillers: frozenset[str]) -> int:
    """The first place from here on that holds none of these words."""
    while at < len(words) and types[at] in ("WORD", "OR", "PER_DAY") and (
            words[at] in fillers or types[at] == "PER_DAY"):  # fmt: skip
        at += 1
    return at
