"""Clauses with `and`, `or` and commas between them → one rule, where it is clear what they mean."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from screener.drafting.claims.limits import for_some
from screener.drafting.logic.composing import Composing
from screener.drafting.logic.parts import Node
from screener.drafting.logic.shapes import NOUNS, one_way
from screener.model import rule as r

_MANY = 3  # values of an exclusion: so many are a list


class Joining(Composing):
    """Joins what clauses come to."""

    def word(self, nodes: Sequence[Node], joins: Sequence[str]) -> Literal["and", "or"] | None:
        """The word that joins the clauses; None where it is not clear (`A and B or C`)."""
        said = {word for join in joins for word in join.split()}
        if "OR" in said and "AND" in said:
            return None
        if "OR" in said:
            return "or"
        if self.kind == "inclusion":
            return "and" if "AND" in said or not _is_bare_list(nodes) else None
        if "AND" in said and _is_treated_for(nodes):
            return None  # HIV infection and receiving therapy: the two of one patient?
        if all(node.kind == "rule" and isinstance(node.rule, NOUNS) for node in nodes):
            return "or"  # SEMANTICS 7: a list of findings excludes by any one of them
        measured = all(node.kind == "rule" and isinstance(node.rule, r.Measurement | r.Finding)
                       for node in nodes)  # fmt: skip
        outcomes = [node.rule.outcome for node in nodes if isinstance(node.rule, r.Finding)]
        alike = len(outcomes) > len(set(outcomes))  # two positive tests: each, or both?
        few = len(nodes) < _MANY  # DLCO < 50 %, FEV1 < 50 % and FVC < 50 %: each, or all of them?
        return "and" if "AND" in said and measured and few and not alike else None

    def joined(self, nodes: Sequence[Node], word: str) -> Node:
        """The nodes as one, with the word that joins them."""
        start, end = nodes[0].start, nodes[-1].end
        kinds = {node.kind for node in nodes}
        data = any(node.rule is not None and not isinstance(node.rule, r.Manual) for node in nodes)
        if not data:  # nothing of it is data: one quotation
            return Node("person" if "person" in kinds else "words", self.quoted(start, end), start, end)
        members = anchored_alike(tuple(dict.fromkeys(self._members(nodes, word))))
        settled = for_some(members, word)
        if settled is None:
            return Node("unclear", None, start, end)
        joined: r.Rule = (r.All if word == "and" else r.Any)(settled)
        if kinds == {"person"}:  # of men one promise, of women another
            return Node("person", joined, start, end)
        mixed = not kinds.isdisjoint(("words", "mixed"))
        return Node("mixed" if mixed else "rule", settled[0] if len(settled) == 1 else joined, start, end)

    def _members(self, nodes: Sequence[Node], word: str) -> Iterator[r.Rule]:
        for node in nodes:
            rule = one_way(self.rule_of(node)) if word == "or" else self.rule_of(node)
            if isinstance(rule, r.All if word == "and" else r.Any):
                yield from rule.of
            else:
                yield rule


def _is_bare_list(nodes: Sequence[Node]) -> bool:
    """Whether two of the nodes are findings of one kind: a list without its last word."""
    kinds = [type(node.rule) for node in nodes if isinstance(node.rule, NOUNS)]
    return len(kinds) > len(set(kinds))


def _is_treated_for(nodes: Sequence[Node]) -> bool:
    """Whether a disease is named, and behind it a treatment that goes on."""
    last = nodes[-1].rule
    ongoing = isinstance(last, r.Therapy) and last.ongoing
    return ongoing and any(isinstance(node.rule, r.Condition) for node in nodes[:-1])


def anchored_alike(rules: tuple[r.Rule, ...]) -> tuple[r.Rule, ...]:
    """`A within 4 weeks or B within 12 weeks before the first dose`: each counted from the first dose."""
    last = rules[-1]
    if not isinstance(last, r.Therapy | r.Procedure) or last.window is None or not last.window.anchor:
        return rules
    anchor, direction = last.window.anchor, last.window.direction
    return tuple(
        replace(rule, window=replace(rule.window, anchor=anchor, direction=direction))
        if isinstance(rule, r.Therapy | r.Procedure) and rule.window is not None and not rule.window.anchor
        else rule
        for rule in rules
    )
