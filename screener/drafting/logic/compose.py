"""Claims and the words between them → one rule, in which every word has its place (SEMANTICS 6 and 7).

What is not understood is quoted where it stands, as long as its place in the logic is clear. A word
that can turn, limit or widen what stands beside it makes the place unclear: then the whole
criterion is a person's to read.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from screener.drafting.logic.examples import adjectives, is_illness, sharing
from screener.drafting.logic.excusing import excepted, excepting, said_already
from screener.drafting.logic.labels import EXAMPLES, JOINS, TAILS, labelled, trimmed, turns
from screener.drafting.logic.led_lists import LedLists
from screener.drafting.logic.misleading import UNABLE
from screener.drafting.logic.parts import Node, Part, flat, split
from screener.drafting.logic.shapes import TREATED, is_measured, names_people
from screener.drafting.logic.times import timed
from screener.drafting.logic.waivers import Waivers
from screener.model import rule as r
from screener.model.trial import CriterionKind

__all__ = ["Composer", "CriterionKind", "timed"]

_SENTENCE = frozenset({"DOT", "SEMI"})
_ELIGIBLE = re.compile(r"\b(?:are|is|remain) (?:also |still )?(?:eligible|included)\b", re.IGNORECASE)
_NOTICE = re.compile(
    r"\bwill (?:be (?:withdrawn|considered|discontinued|removed|evaluated|defined)|undergo|have|require)\b|"
    r"\b(?:are|is|remain) (?:also |still )?(?:eligible|allowed|permitted|acceptable|left to)\b",
    re.IGNORECASE,
)
_MEN = re.compile(r"\b(?:men|man|males?|partners?)\b", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:patients|subjects|participants|individuals|those|women|men)\s+"
    r"(?:on|with|who|whose|receiving|taking|requiring|under|in whom)\b|"
    r"(?:for|in) [^.:;,]{0,60}\b(?:cohort|arm|group|stratum|phase|part)s?\b",
    re.IGNORECASE,
)
_NO_CHILDREN = re.compile(
    r"because\b[^.;]*\bchildren (?:are|will be) excluded(?: from (?:this|the) (?:study|trial))?",
    re.IGNORECASE,
)
# signs of myeloma of which any one defines it, however they are listed
_ONE_IS_ENOUGH = re.compile(r"\W*(?:biomarkers? of malignancy|myeloma[- ]defining)\b", re.IGNORECASE)
_ADULT = 18
_PERMITTING = frozenset(
    {"can", "may", "could", "allowed", "permitted", "eligible", "acceptable", "unless", "except"}
)


class Composer(LedLists, Waivers):
    """Composes the sentences of one text."""

    def whole(self, parts: Sequence[Part]) -> Node:
        """All sentences together: an inclusion needs every one, an exclusion any."""
        self.parts = parts
        led = self.led_list(parts)
        if led is not None:
            return led
        stretches = [stretch for stretch, _ in split(parts, _SENTENCE) if trimmed(stretch)]
        excused = self._excused(stretches)
        if excused is not None:
            return excused
        node = self._sentences(parts, stretches)
        return (self.waived(stretches) or node) if node.kind == "unclear" else node

    def _sentences(self, parts: Sequence[Part], stretches: list[list[Part]]) -> Node:
        """The sentences, of which each asks something."""
        if self.kind == "inclusion" and self._of_age(stretches[:1]):
            stretches = [one for one in stretches if not self._tells_why_no_children(one)]
        window, stretches = _dated_last(stretches)
        nodes = [self._timed(self.sentence(stretch), window) for stretch in stretches]
        if not nodes:
            return Node("words", None, 0, len(self.text))
        if len(nodes) == 1:
            return self.unclear(parts) if self._lets_in(nodes[0]) else nodes[0]
        if self.kind == "inclusion" and _ONE_IS_ENOUGH.match(self.text):
            return self.unclear(parts)
        if any(node.kind == "unclear" for node in nodes) or stretches[0][0].type == "SCOPE":
            return self.unclear(parts)  # a group of patients, and several sentences: of whom is the second?
        if self.kind == "exclusion" and any(node.kind in ("words", "mixed") for node in nodes):
            return self.unclear(parts)
        said = zip(nodes, stretches, strict=True)
        if any(node.kind == "person" and self._permits(node) and not _of_support(one) for node, one in said):
            return self.unclear(parts)
        if self._speaks_of_some_others(nodes):
            return self.unclear(parts)
        if self.kind == "exclusion" and any(_NOTICE.search(self.text, one.start, one.end) for one in nodes):
            return self.unclear(parts)  # women who become pregnant will be withdrawn
        nodes = self._of_the_same(nodes)
        if len(nodes) == 1:
            return nodes[0]
        edges = [*(stretch[0] for stretch in stretches[1:]), *(stretch[-1] for stretch in stretches[:-1])]
        words = {part.type for part in edges} & {"AND", "OR"}
        if self.kind == "inclusion" and "OR" in words:  # `A; or B`
            return self.joined(nodes, "or") if len(nodes) == 2 and "AND" not in words else self.unclear(parts)
        return self.joined(nodes, "and" if self.kind == "inclusion" else "or")

    def _excused(self, stretches: Sequence[Sequence[Part]]) -> Node | None:
        """An exclusion, and in a second sentence cancers that do not exclude."""
        if self.kind == "inclusion" or len(stretches) != 2:
            return None
        exceptions = excepted(stretches[1], self.text, stretches[0][-1].end)
        node = self.sentence(stretches[0]) if exceptions else None
        rule = node.rule if node is not None and node.kind == "rule" else None
        rule = rule if said_already(rule, exceptions) else excepting(rule, exceptions, self.diagnoses)
        return None if rule is None else Node("rule", rule, stretches[0][0].start, stretches[1][-1].end)

    def _of_age(self, stretches: Sequence[Sequence[Part]]) -> bool:
        """Whether the first sentence asks for adults."""
        rules = [part.rule for stretch in stretches for part in stretch]
        return any(isinstance(rule, r.Age) and rule.unit == "year" and isinstance(rule.test, r.Limit)
                   and rule.test.comparator[0] == ">" and rule.test.value >= _ADULT
                   for rule in rules)  # fmt: skip

    def _tells_why_no_children(self, stretch: Sequence[Part]) -> bool:
        """`Because no data are available in patients < 18 years of age, children are excluded.`"""
        return _NO_CHILDREN.fullmatch(self.text[stretch[0].start : stretch[-1].end]) is not None

    def _timed(self, node: Node, window: r.Window | None) -> Node:
        """A sentence with the time that the last one gives for all."""
        if window is None or node.kind != "rule":
            return node
        rule = timed(node.rule, window)
        return Node("unclear", None, node.start, node.end) if rule is None else node._replace(rule=rule)

    def _lets_in(self, node: Node) -> bool:
        """`patients with HIV infection … are eligible`: it asks nobody to have what it permits."""
        asks = node.kind == "rule" and not _is_of_treatment(node.rule)
        return self.kind == "inclusion" and not asks and _ELIGIBLE.search(self.text) is not None

    def _of_the_same(self, nodes: list[Node]) -> list[Node]:
        """`women of childbearing potential must …. Methods are …`: what follows is asked of them, too."""
        first, *later = nodes
        whom = first.rule if isinstance(first.rule, r.If) else None
        quoted = all(node.kind in ("person", "words") and isinstance(node.rule, r.Manual) for node in later)
        of_others = _MEN.search(self.text, first.end) is not None
        if whom is None or not later or not quoted or of_others or not names_people(whom.condition):
            return nodes
        said = r.All((whom.then, self.quoted(later[0].start, later[-1].end)))
        kind: Literal["person", "mixed"] = (
            "mixed" if any(node.kind == "words" for node in later) else "person"
        )
        return [Node(kind, r.If(whom.condition, said), first.start, later[-1].end)]

    def _speaks_of_some_others(self, nodes: Sequence[Node]) -> bool:
        """`A; patients on warfarin should be discussed`: of an inclusion, that is asked of some alone."""
        return self.kind == "inclusion" and any(
            later.kind in ("person", "words", "mixed")
            and _SOME.match(self.text[node.end : later.end].lstrip(" .;,:)("))
            for node, later in pairwise(nodes)
        )

    def _permits(self, node: Node) -> bool:
        """Whether a sentence for a person lets in whom another one keeps out."""
        return not _PERMITTING.isdisjoint(self.text[node.start : node.end].casefold().split())

    def sentence(self, parts: Sequence[Part]) -> Node:
        """One sentence, without a label that its own definition makes superfluous."""
        window, rest = labelled(parts, listed=self.kind == "exclusion")
        if self.kind == "exclusion" and any(part.type == "BOTH" for part in parts):
            return self.unclear(parts)
        if not rest:
            return Node("words", None, 0, len(self.text))
        node = self._sentence(rest)
        if window is None or node.kind == "unclear":
            return node
        rule = None if node.rule is None else timed(node.rule, window)
        return self.unclear(parts) if rule is None else node._replace(rule=rule)

    def _sentence(self, parts: Sequence[Part]) -> Node:
        found = self._described(parts) or self._illness(parts)
        if found is None and parts[-1].type == "EXCLUDED" and len(parts) > 1:
            found = self.excluded(parts)
        found = found or self.led(parts) or self._explained(parts)
        if found is not None:
            return found
        for index, part in enumerate(parts):
            if part.type in TAILS and index:
                return self.tailed(parts[:index], part, parts[index + 1 :])
        return self.clauses(parts)

    def _explained(self, parts: Sequence[Part]) -> Node | None:
        """`X: its definition`, `X, including A and B`."""
        if len(parts) < 3 or parts[0].type != "CLAIM":
            return None
        claim, link, rest = (
            Node("rule", parts[0].rule, parts[0].start, parts[0].end),
            parts[1].type,
            parts[2:],
        )
        if link in EXAMPLES:
            return self.with_examples(claim, rest, parts[-1].end)
        defined = link == "DEFINED"
        return self.definition(claim, rest, told=defined) if defined or link == "COLON" else None

    def _illness(self, parts: Sequence[Part]) -> Node | None:
        """`uncontrolled illness including A or B`: an exclusion by A, by B, and by what a person says."""
        at = next((at for at, part in enumerate(parts) if part.type in EXAMPLES), 0)
        if self.kind == "inclusion" or not is_illness(parts[:at], self.text):
            return None
        behind = trimmed(parts[at + 1 :])
        if not behind:
            return None
        listed = self.clauses(behind)
        if listed.kind not in ("rule", "person") or listed.rule is None:
            return None
        kinds = listed._replace(rule=sharing(listed.rule, adjectives(parts[:at], self.text)))
        illness = Node(
            "person", self.quoted(parts[0].start, parts[at - 1].end), parts[0].start, parts[at - 1].end
        )
        return self.joined((illness, kinds), "or")

    def _described(self, parts: Sequence[Part]) -> Node | None:
        """`infection requiring …, … or …`: what follows says which cases of the disease are meant."""
        if len(parts) < 2 or parts[0].type != "CLAIM" or parts[1].type != "THAT":
            return None
        denied = isinstance(parts[0].rule, r.Not)
        claimed = parts[0].rule.rule if isinstance(parts[0].rule, r.Not) else parts[0].rule
        others = [part for part in flat(parts[1:]) if part.type == "CLAIM" and is_measured(part.rule)]
        if (
            others
            or _begins_another(parts, self.text)
            or not (self.narrows(parts[0]._replace(rule=claimed)) or isinstance(claimed, TREATED))
            or (denied and any(part.type in JOINS for part in parts[2:]))
            or turns(parts[1:], claims=False)
        ):
            return None
        node = self.narrowed(parts[0]._replace(rule=claimed), parts[-1].end, "rule", denied=denied)
        return node._replace(rule=r.Not(node.rule)) if denied and node.rule is not None else node


def _of_support(parts: Sequence[Part]) -> bool:
    """`transfusions may be given, but not within 3 days`: what is asked of all, with what they may do."""
    return [part.type for part in trimmed(parts)] == ["UNAIDED"]


def _is_of_treatment(rule: r.Rule | None) -> bool:
    """Of treatments alone, which a study that says `are included` rather allows than asks for."""
    if isinstance(rule, r.All | r.Any):
        return all(map(_is_of_treatment, rule.of))
    return isinstance(rule, TREATED)


def _dated_last(stretches: list[list[Part]]) -> tuple[r.Window | None, list[list[Part]]]:
    """`A. Values must be obtained within 28 days.`: the time of the last sentence, and the others."""
    last = [part for part in flat(stretches[-1]) if part.type != "COMMA"] if len(stretches) > 1 else []
    if [part.type for part in last] != ["TIMING"]:
        return None, stretches
    measured = all(
        is_measured(part.rule) for stretch in stretches[:-1] for part in flat(stretch) if part.rule
    )
    return (last[0].window, stretches[:-1]) if measured else (None, stretches)


def _begins_another(parts: Sequence[Part], text: str) -> bool:
    """Whether a disease, or what the patient cannot do, stands behind an `or` or a comma: it is no more of
    what the first one needs."""
    return any(
        before.type in JOINS
        and (
            isinstance(part.rule, r.Condition | r.Any)
            or part.type == "HISTORY"
            or UNABLE.match(text, part.start) is not None
        )
        for before, part in pairwise(parts)
    )
