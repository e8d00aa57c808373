"""`bilirubin <= 2 mg/dL. Patients with Gilbert's syndrome may be enrolled if …`: a sentence or a bracket that
lets in some who do not meet the limit before it. It widens that and asks nothing of the others.

Whom a sentence lets in beside an exclusion, `let_in` knows.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from screener.drafting.logic.composing import Composing
from screener.drafting.logic.labels import trimmed
from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.shapes import TREATED, has_form
from screener.model import rule as r

_PERMITS = re.compile(
    r"\b(?:may|can|could|will|would) (?:also |still |then |nevertheless )?(?:be (?:accept|allow|permit|enrol|"
    r"includ|eligible|considered (?:eligible|for|on|after|if|with|upon|following|by)\b|waived|exempt|granted|"
    r"made)|enrol|participat|enter\b|qualif|exceed|have\b)|"
    r"\b(?:is|are|remains?|be) (?:also |still )?(?:eligible|allow(?:ed|able)|permi(?:tted|ssible)|"
    r"accept(?:ed|able)|exempt|not excluded)\b|\b(?:will|does|do) not apply to\b",
    re.IGNORECASE,
)
# it may ask more of others, take back what it permits, or speak of another trial or of a later value
_RESTRICTS = re.compile(
    r"\b(?:must|should|shall|only|cannot|never|unless|except|without|no|none|neither|until|before|otherwise|"
    r"once|re-?screen\w*|re-?test\w*|re-?peat\w*|but(?!\W*(?:[<>=≥≤]|at least|less|more|greater))|"
    r"not(?! (?:be )?excluded| apply)|"
    r"eligible for(?! (?:the|this|our)\b| inclusion| enrol| participat| entry))\b",
    re.IGNORECASE,
)
_OF_VALUES = re.compile(
    r"\b(?:lower|higher|greater|elevated|abnormal) (?:\w+ ){0,2}(?:values?|levels?|counts?|numbers?)\b|"
    r"\bvalues? (?:outside|above|below|lower|higher)\b|\bexceptions?\b|\bwaived?\b|\bnot apply to\b",
    re.IGNORECASE,
)
_ANOTHER_VALUE = re.compile(
    r"\b(?:exceed\w*|above|below|over|under|lower|higher|elevated|unreliable)\b", re.IGNORECASE
)
_TREATMENT = frozenset({"THERAPY", "PROCEDURE"})
_VALUE = frozenset({"COMPARE", "NUMBER"})  # `patients with >= 30,000/uL`, of what was named before
_JOINTS = frozenset({"IF", "AND", "COMMA", "THEN", "PROVIDED"})
_VERBS = frozenset({
    "allowed", "allowable", "permitted", "permissible", "eligible", "acceptable", "accepted", "may", "can",
    "be", "will", "enroll", "enrol", "enrolled", "participate", "included", "considered", "enter", "also",
    "they", "to",
})  # fmt: skip


class Waiver(NamedTuple):
    """Who is let in: a rule where all of it is data, else a quotation."""

    rule: r.Rule
    concepts: frozenset[str]  # that it speaks of
    understood: bool


@dataclass
class Waivers(Composing):
    """Criteria with sentences that let in some who do not meet them."""

    def waived(self, stretches: Sequence[Sequence[Part]]) -> Node | None:
        """The sentences that ask something, and who need not meet it; None where no sentence says so."""
        if self.kind == "exclusion":
            return None
        asking, waiving = self._parted(stretches)
        if not asking or not waiving:
            return None
        nodes = [self.sentence(stretch) for stretch in asking]
        rules = [node.rule for node in nodes if node.kind == "rule" and node.rule is not None]
        if len(rules) < len(nodes) or any(map(has_form, rules)):
            return None
        rules = [part for rule in rules for part in (rule.of if isinstance(rule, r.All) else (rule,))]
        waivers = [self._waiver(stretch) for stretch in waiving]
        for waiver in waivers:
            rules = self._let_off(rules, waiver)
        if not rules:
            return None
        rule = rules[0] if len(rules) == 1 else r.All(tuple(rules))
        understood = all(waiver.understood for waiver in waivers)
        return Node("rule" if understood else "mixed", rule, stretches[0][0].start, stretches[-1][-1].end)

    def _parted(
        self, stretches: Sequence[Sequence[Part]]
    ) -> tuple[list[Sequence[Part]], list[Sequence[Part]]]:
        """The sentences that ask, and those (and last brackets) that let somebody in."""
        asking: list[Sequence[Part]] = []
        waiving: list[Sequence[Part]] = []
        for stretch in stretches:
            *main, last = trimmed(stretch)
            if asking and self._waives(stretch):
                waiving.append(stretch)
            elif main and last.type == "GROUP" and self._waives(last.inner):
                asking.append(main)
                waiving.append(last.inner)
            else:
                asking.append(stretch)
        return asking, waiving

    def _waives(self, parts: Sequence[Part]) -> bool:
        start, end = parts[0].start, parts[-1].end
        permission = _PERMITS.search(self.text, start, end)
        if permission is None or _RESTRICTS.search(self.text, start, end):
            return False
        before = [part for part in flat(parts) if part.start < permission.start()]
        return not any(part.type in _TREATMENT or isinstance(part.rule, TREATED) for part in before)

    def _waiver(self, parts: Sequence[Part]) -> Waiver:
        """Of `A is allowed if B` both are asked; of another form, its words."""
        start, end = self._beginning(parts[0].start), parts[-1].end
        compares = _has_value(parts) or _ANOTHER_VALUE.search(self.text, start, end) is not None
        concepts = frozenset(
            concept for part in flat(parts) for concept in _concepts(part, compares=compares)
        )
        if parts[0].type in _VALUE or _OF_VALUES.search(self.text, start, end):
            concepts |= {""}
        claims = _claims(parts, self.text)
        if claims:
            return Waiver(claims[0] if len(claims) == 1 else r.All(claims), concepts, understood=True)
        judged = any(part.type in ("PERSON", "DUE_TO") for part in flat(parts))
        return Waiver(self.quoted(start, end), concepts, judged)

    def _beginning(self, start: int) -> int:
        """Where the sentence or bracket begins, with the words of it that were set aside."""
        behind = max((part.end for part in self.parts if part.end <= start), default=0)
        signs = max(self.text.rfind(sign, behind, start) for sign in ".;(")
        begin = max(behind, signs + 1)
        return begin + len(self.text[begin:start]) - len(self.text[begin:start].lstrip(" ,:-"))

    def _let_off(self, rules: Sequence[r.Rule], waiver: Waiver) -> list[r.Rule]:
        """The rules, of which that which the waiver speaks of is widened; none where it speaks of no one."""
        spoken = [at for at, rule in enumerate(rules) if waiver.concepts & set(_asked(rule))]
        if len(spoken) == 1 or len(rules) == 1:
            at = spoken[0] if spoken else 0
            if not spoken and "" not in waiver.concepts:
                return []
            rule = rules[at]
            alone = len(set(_asked(rule))) == 1
            if not _is_limit(rule) or not (alone or isinstance(waiver.rule, r.Manual)):
                return []
            ways = rule.of if isinstance(rule, r.Any) else (rule,)
            return [*rules[:at], r.Any((*ways, waiver.rule)), *rules[at + 1 :]]
        if "" not in waiver.concepts or not rules or not all(map(_is_limit, rules)):
            return []
        return [r.Any((r.All(tuple(rules)), waiver.rule))]


def _claims(parts: Sequence[Part], text: str) -> tuple[r.Rule, ...]:
    """What is asked of those who are let in, where the rest of the sentence only permits."""
    rules: list[r.Rule] = []
    for part in parts:
        if part.type == "CLAIM" and part.rule is not None and not part.refused and part.value != "OR":
            rules.append(part.rule)
        elif part.type not in _JOINTS and text[part.start : part.end].casefold() not in _VERBS:
            return ()
    return tuple(rules) if any(part.type == "IF" for part in parts) and len(rules) > 1 else ()


def _has_value(parts: Sequence[Part]) -> bool:
    """Whether a number stands there that no claim took, and that is no time: `performance status of 3`."""
    found = list(flat(parts))
    after = [*(part.type for part in found[1:]), ""]
    return any(
        part.type == "NUMBER" and behind != "TIME_UNIT" for part, behind in zip(found, after, strict=True)
    )


def _is_limit(rule: r.Rule) -> bool:
    """Whether it asks for values, which may be other ones in those who are let in."""
    ways = rule.of if isinstance(rule, r.Any) else (rule,)
    return all(isinstance(way, r.Measurement | r.Manual | r.All) for way in ways) and any(
        isinstance(way, r.Measurement) for way in ways
    )


def _asked(rule: r.Rule) -> Iterator[str]:
    """The concepts of a rule that may have another value in those who are let in."""
    match rule:
        case r.Measurement(concepts=concepts):
            yield from concepts
        case r.Any(of=of) | r.All(of=of):
            for part in of:
                yield from _asked(part)
        case _:
            return


def _concepts(part: Part, *, compares: bool) -> Iterator[str]:
    if part.type == "MEASURE" and compares:
        yield from part.value.split()
    for rule in (part.rule, part.seen):
        if rule is not None:
            yield from _asked(rule)
