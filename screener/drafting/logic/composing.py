"""What every step of the composing shares: the text, the kind of criterion, and quotations."""

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.shapes import can_be_narrowed
from screener.model import rule as r
from screener.model.trial import CriterionKind

# up to the sign or bracket that ends them
_WORDS_BEHIND = re.compile(r"(?:\s+[\w'-]+)+")
_KINDS = ("infection", "block")  # nouns of which the vocabulary names kinds


@dataclass
class Composing(ABC):
    """Composes the parts of one text. `text` is quoted where a person has to read it.

    `diagnoses` are diseases that no single value makes: `IgG myeloma: M-protein >= 1 g/dL` says of whom.
    `events` are conditions that happen on a day: a time behind a list of them dates each.
    """

    text: str
    kind: CriterionKind
    diagnoses: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    parts: Sequence[Part] = ()  # of the whole text, brackets and all

    @abstractmethod
    def sentence(self, parts: Sequence[Part]) -> Node:
        """One sentence."""

    @abstractmethod
    def clauses(self, parts: Sequence[Part]) -> Node:
        """Clauses and the words that join them."""

    @abstractmethod
    def joined(self, nodes: Sequence[Node], word: str) -> Node:
        """The nodes as one, with the word that joins them."""

    def quoted(self, start: int, end: int) -> r.Manual:
        """A stretch of the text, for a person to read, with the words behind it that were set aside."""
        following = bisect_left(self._starts, end)
        stop = self._starts[following] if following < len(self._starts) else len(self.text)
        behind = _WORDS_BEHIND.match(self.text, end, stop) if self.parts else None
        return r.Manual(" ".join(self.text[start : behind.end() if behind else end].split()))

    def exactly(self, start: int, end: int) -> r.Manual:
        """A stretch of the text and no more: what is set aside behind it belongs to what follows."""
        return r.Manual(" ".join(self.text[start:end].split()))

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where each part begins, in order."""
        return sorted(part.start for part in flat(self.parts))

    def narrows(self, part: Part) -> bool:
        """Whether words behind a claim may say which cases of it are meant: it names one disease, or kinds of
        one under one noun (`viral or fungal infection requiring …`)."""
        if can_be_narrowed(part.rule) or not isinstance(part.rule, r.Condition) or part.rule.exceptions:
            return can_be_narrowed(part.rule)
        words = self.text[part.start : part.end].casefold()
        noun = next((one for one in _KINDS if re.search(rf"\b{one}s?$", words)), "")
        kinds = noun and all(one.concept.endswith(f"_{noun}") for one in part.rule.patterns)
        return bool(kinds) and words.count(noun) == 1 and part.rule.quantifier == "any"

    def rule_of(self, node: Node) -> r.Rule:
        """The rule of a node, or its words."""
        return node.rule if node.rule is not None else self.quoted(node.start, node.end)

    def unclear(self, parts: Sequence[Part]) -> Node:
        """These parts, of which it is not clear how they belong together."""
        return Node("unclear", None, parts[0].start, parts[-1].end)
