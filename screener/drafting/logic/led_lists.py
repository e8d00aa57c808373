"""`at least one of the following: A; B; C` in one line: the word that leads a list says how it is joined."""

from collections.abc import Sequence
from typing import Literal

from screener.drafting.logic.clauses import Clauses
from screener.drafting.logic.doubts import misleads
from screener.drafting.logic.labels import JOINS, LABELS, trimmed
from screener.drafting.logic.parts import Node, Part, split
from screener.drafting.logic.times import timed
from screener.model import rule as r

Word = Literal["and", "or"]
_WORDS: dict[str, Word] = {"any": "or", "all": "and"}
_SEMI, _DOT = frozenset({"SEMI"}), frozenset({"DOT"})


class LedLists(Clauses):
    """Reads lists that follow on such words within their line."""

    def led_list(self, parts: Sequence[Part]) -> Node | None:
        """The list with what stands before it and behind it; None where no word leads one."""
        at = next((at for at, part in enumerate(parts) if part.type == "LEAD" and part.value in _WORDS), None)
        if at is None or not trimmed(parts[at + 1 :]):
            return None
        colon = self.text[parts[at].end - 1] == ":" or parts[at + 1].type == "COLON"
        if not colon:
            return None
        before = [part for part in parts[:at] if part.type not in LABELS]
        listed, *others = (stretch for stretch, _ in split(parts[at + 1 :], _DOT) if trimmed(stretch))
        window = next((part.window for part in parts[:at] if part.window), None)
        nodes = [self._dated(self._list(trimmed(listed), _WORDS[parts[at].value]), window)]
        if before:
            joined = [part.type for part in parts[:at]] == ["CLAIM", "AND"]
            nodes.insert(0, self.sentence(before) if joined else self.unclear(parts))
        nodes += [self.sentence(stretch) for stretch in others]
        if any(node.kind == "unclear" for node in nodes) or (others and self.kind == "exclusion"):
            return self.unclear(parts)
        return self.joined(nodes, "and") if len(nodes) > 1 else nodes[0]

    def _dated(self, node: Node, window: r.Window | None) -> Node:
        """The list with the time that stands before it."""
        rule = timed(node.rule, window)
        if node.rule is not None and rule is None:
            return node._replace(kind="unclear")
        return node._replace(rule=rule)

    def _list(self, parts: Sequence[Part], word: Word) -> Node:
        """The members, parted by semicolons or, where there are none, by commas and joining words."""
        members = [_without_join(stretch) for stretch, _ in split(parts, _SEMI)]
        members = [member for member in members if member]
        if len(members) > 1:
            nodes = [self.sentence(member) for member in members]
            return self.unclear(parts) if _contradict(nodes, "") else self.joined(nodes, word)
        stretches, joins = [], []
        for stretch, join in split(parts, JOINS):
            if stretch:
                stretches.append(stretch)
                joins.append(join)
        nodes = [self.clause(stretch) for stretch in stretches]
        said = {one for join in joins[:-1] for one in join.split()} & {"AND", "OR"}
        if len(said) > 1 or (word == "and" and "OR" in said) or _contradict(nodes, word):
            return self.unclear(parts)
        if word == "or" and "AND" in joins[:-1]:
            return self.unclear(parts)  # one of the following: A, B and C, where B and C may be one
        if len(nodes) > 1 and misleads(self.text, self.kind, nodes, stretches, joins[:-1], word):
            return self.unclear(parts)
        return self.joined(nodes, word)


def _without_join(parts: Sequence[Part]) -> Sequence[Part]:
    """Without the word that joins a member to the one before it: `; and C`."""
    parts = trimmed(parts)
    while parts and parts[0].type in JOINS:
        parts = parts[1:]
    return parts


def _contradict(nodes: Sequence[Node], word: str) -> bool:
    """Whether a member is not clear, or was read as a list that is joined otherwise."""
    quantifier = {"or": "any", "and": "all"}.get(word)
    return any(
        node.kind == "unclear" or (quantifier is not None and _listed(node.rule) not in ("", quantifier))
        for node in nodes
    )


def _listed(rule: r.Rule | None) -> str:
    """How several members of one claim are joined; nothing where there is one."""
    match rule:
        case r.Condition(patterns=patterns, quantifier=quantifier) if len(patterns) > 1:
            return quantifier
        case (
            r.Measurement(concepts=names, quantifier=quantifier)
            | r.Finding(concepts=names, quantifier=quantifier)
            | r.Procedure(concepts=names, quantifier=quantifier)
        ) if len(names) > 1:
            return quantifier
        case r.Any():
            return "any"
        case r.All():
            return "all"
        case _:
            return ""
