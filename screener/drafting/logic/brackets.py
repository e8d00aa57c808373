"""What is said of a claim in brackets or behind it: definitions, examples, times, words that narrow it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from screener.drafting.logic.dating import dated_events
from screener.drafting.logic.definitions import despite, of_illness
from screener.drafting.logic.examples import is_example, sharing, stand_together, with_class
from screener.drafting.logic.excusing import with_exceptions
from screener.drafting.logic.labels import EXAMPLES, JOINS, TAILS, TURNING, labelled, turns
from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.permitting import limit_for_some
from screener.drafting.logic.shapes import (
    TREATED,
    can_be_narrowed,
    has_form,
    is_bare,
    is_listed,
    is_measured,
    is_named_state,
    names_several,
    same_scale,
    tells_how_bad,
)
from screener.drafting.logic.tails import Tails
from screener.drafting.logic.times import timed
from screener.model import rule as r

_TITLES = frozenset({"LABEL", "DEFINED", "COMMA"})
_MUST_BE = re.compile(r"\bmust be\b", re.IGNORECASE)


class Brackets(Tails):
    """Claims with what is said of them."""

    def with_brackets(self, claim: Part, groups: Sequence[Part]) -> Node:
        node = Node("rule", claim.rule, claim.start, claim.end)
        for group in sorted(groups, key=_is_no_time):  # a time is that of the claim, not of its exceptions
            if not group.inner:
                continue
            node = self._with_bracket(node, group)
            if node.kind == "unclear":
                return node
        return node

    def _demands_more(self, node: Node, said: Node) -> bool:
        """`FLC ratio >= 100 (the involved chain must be >= 100 mg/L)`: another value, asked for as well."""
        both = isinstance(node.rule, r.Measurement) and isinstance(said.rule, r.Measurement)
        return both and _MUST_BE.search(self.text, said.start, said.end) is not None

    def _with_bracket(self, node: Node, group: Part) -> Node:
        """What a bracket says of the claim before it."""
        inner, end = list(_without_ends(group.inner)), group.end
        first, rest = inner[0], inner[1:]
        assert node.rule is not None
        if first.type == "TIMING" and not rest:
            dated = timed(node.rule, first.window)
            return self.unclear(inner) if dated is None else node._replace(rule=dated, end=end)
        excepted = first.type == "EXCEPT" and node.kind == "rule"
        if excepted and (without := with_exceptions(node.rule, rest)) is not None:
            return node._replace(rule=without, end=end)
        if first.type == "IF" and any(one.type == other.type == "CLAIM" for one, other in pairwise(rest)):
            return self.unclear(inner)  # (for subjects > 65 years FEV1 < 50 %): whom, and what holds for them
        if first.type in TAILS and rest and node.kind == "rule":
            tail = self.tailed([Part("CLAIM", node.start, node.end, node.rule)], first, rest)
            return tail._replace(end=end)
        if first.type in EXAMPLES:
            return self.with_examples(node, rest, end)
        if first.type == "DUE_TO" and can_be_narrowed(node.rule) and not turns(rest, claims=False):
            return self.narrowed(Part("CLAIM", node.start, node.end, node.rule), end, "rule")
        if self.kind == "exclusion" and ends_for_a_person(inner) and node.kind == "rule":
            return self._described_in_bracket(node, end)
        if _describes(inner) and node.kind == "rule":
            return self._described_in_bracket(node, end)
        if is_measured(node.rule) and all(part.type in _TITLES for part in inner):
            return node._replace(end=end)  # `M-protein >= 1 g/dL (measurable disease)`
        if first.type == "UNAIDED" and not rest and node.kind == "rule":
            rule: r.Rule = r.All((node.rule, self.quoted(first.start, first.end)))
            if self.kind == "exclusion":  # a value that is high enough may be too low without help
                rule = r.Any((node.rule, self.quoted(node.start, end)))
            return Node("rule", rule, node.start, end)
        alternative = first.type == "OR" and bool(rest)
        if alternative:
            inner, first = rest, rest[0]
        permitted = limit_for_some(inner, self.text) if self.kind == "inclusion" else inner
        if permitted is not inner and is_measured(node.rule):
            merged = self.joined((node, self.sentence(permitted)), "and")
            clear = merged.rule is not None and not has_form(merged.rule)
            return merged._replace(end=end) if clear else self.unclear(inner)
        if is_measured(node.rule) and self.speaks_of_some(inner):
            both = (node, self.sentence(inner))
            return self.joined(both, "and" if self.kind == "inclusion" else "or")._replace(end=end)
        said = self.clauses(inner) if len(inner) == 1 else self.unclear(inner)
        if said.kind == "rule" and isinstance(said.rule, r.Not) and node.kind == "rule":
            return Node("rule", r.All((node.rule, said.rule)), node.start, end)
        if said.kind == "rule" and node.kind == "rule" and self._demands_more(node, said):
            return self.joined((node, said), "and")._replace(end=end)
        if said.kind == "rule" and same_scale(node.rule, said.rule):
            return Node("rule", r.Any((node.rule, said.rule)), node.start, end)  # type: ignore[arg-type]
        if alternative and not is_measured(node.rule):
            return self._either(node, said, end)  # long QT syndrome (or QTcF > 470 ms)
        defined = self.definition(node, inner)
        if defined is not None:
            return defined._replace(end=end)
        if any(part.type in TURNING or part.type in TAILS for part in flat(inner)):
            return Node("unclear", None, node.start, end)
        if can_be_narrowed(node.rule):
            return self.narrowed(Part("CLAIM", node.start, node.end, node.rule), end)
        return Node("mixed", self.quoted(node.start, end), node.start, end)

    def _either(self, node: Node, said: Node, end: int) -> Node:
        if node.kind != "rule" or said.kind != "rule" or node.rule is None or said.rule is None:
            return Node("unclear", None, node.start, end)
        return Node("rule", r.Any((node.rule, said.rule)), node.start, end)

    def _described_in_bracket(self, node: Node, end: int) -> Node:
        """`infection (viral, bacterial or fungal)`: a person says whether it is of these."""
        denied = isinstance(node.rule, r.Not)
        claimed = node.rule.rule if isinstance(node.rule, r.Not) else node.rule
        if not can_be_narrowed(claimed):
            return Node("unclear", None, node.start, end)
        found = self.narrowed(Part("CLAIM", node.start, node.end, claimed), end, "rule", denied=denied)
        assert found.rule is not None
        return found._replace(rule=r.Not(found.rule)) if denied else found

    def with_examples(self, node: Node, parts: Sequence[Part], end: int) -> Node:
        """`X, including A and B`: an exclusion by X is one by A, too; an inclusion is not widened."""
        if any(stand_together(*both) for both in pairwise(parts)):
            return Node("unclear", None, node.start, end)
        listed = with_class([part for part in self._with_time(parts) if part.type not in JOINS])
        if self.kind == "exclusion" and [part.type in EXAMPLES for part in listed[1:2]] == [True]:
            return self._with_nested_examples(node, listed, end)
        rules = [part.rule for part in listed if part.type == "CLAIM" and not part.refused]
        if node.kind != "rule" or not listed or len(rules) < len(listed):
            return Node("unclear", None, node.start, end)
        if self.kind == "exclusion" and all(is_measured(rule) for rule in rules):
            return Node("rule", r.Any(tuple(filter(None, (node.rule, *rules)))), node.start, end)
        main = node.rule
        if self.kind == "inclusion" or not all(is_example(rule) for rule in rules):
            return Node("unclear", None, node.start, end)
        if is_bare(main):
            if isinstance(main, r.Condition) and main.history:  # history of A, such as B: of B, too
                rules = [sharing(rule, r.Pattern(""), history=True) for rule in rules if rule is not None]
            return Node("rule", r.Any(tuple(filter(None, (main, *rules)))), node.start, end)
        if not isinstance(main, r.Condition) or len({one.concept for one in main.patterns}) > 1:
            return Node("unclear", None, node.start, end)
        if main.exceptions or any(one.window or one.grade for one in main.patterns):
            return Node("unclear", None, node.start, end)
        kinds = [sharing(rule, replace(one, concept=""), history=main.history)
                 for one in main.patterns for rule in rules if rule is not None]  # fmt: skip
        return Node("rule", r.Any((main, *dict.fromkeys(kinds))), node.start, end)

    def _with_time(self, parts: Sequence[Part]) -> Sequence[Part]:
        """The members, the events at their end with the time behind them."""
        *others, last = parts if parts else [Part("", 0, 0)]
        if not others or last.type != "TIMING" or last.window is None:
            return parts
        rule = dated_events(others[-1].rule, last.window, self.events)
        return (
            parts
            if rule is None
            else [*others[:-1], others[-1]._replace(rule=rule, end=last.end, refused=False)]
        )

    def _with_nested_examples(self, node: Node, listed: Sequence[Part], end: int) -> Node:
        """`X, including A such as B`: by A with the adjectives of X, and by B with those of A."""
        outer = self.with_examples(node, listed[:1], end)
        if outer.kind != "rule" or not isinstance(outer.rule, r.Any):
            return Node("unclear", None, node.start, end)
        inner = self.with_examples(outer._replace(rule=outer.rule.of[-1]), listed[2:], end)
        if inner.kind != "rule" or not isinstance(inner.rule, r.Any):
            return Node("unclear", None, node.start, end)
        return outer._replace(rule=r.Any((*outer.rule.of, *inner.rule.of[1:])))

    def definition(self, node: Node, parts: Sequence[Part], *, told: bool = False) -> Node | None:
        """`renal insufficiency (creatinine > 2 mg/dL)`: the measured definition says what is meant.

        `told`: the text calls it a definition.
        """
        diagnosis = self._is_diagnosis(node.rule)
        if not is_named_state(node.rule) or (diagnosis and not told):
            return None
        window, parts = labelled(parts)
        if window is not None or not parts:
            return None
        end = despite(parts, self.text)
        said = self.clauses(parts[: end - (parts[end - 1].type == "COMMA")])
        signs = told and self.kind == "exclusion" and not diagnosis and end == len(parts)
        if signs and said.kind == "rule" and said.rule is not None and is_listed(said.rule):
            return said._replace(start=node.start, rule=_with_signs(node.rule, said.rule))
        clear = isinstance(said.rule, r.Finding) or not names_several(node.rule)
        if said.kind != "rule" or said.rule is None or not is_measured(said.rule) or not clear:
            return None  # A or B (eGFR < 30 mL/min): of both?
        if tells_how_bad(said.rule) and end == len(parts):
            return said._replace(start=node.start, rule=_with_signs(node.rule, said.rule))
        value, stop = said.rule, said.end
        if node.rule is not None and (tells_how_bad(value) or (diagnosis and self.kind == "inclusion")):
            value = r.All((node.rule, value))
        rule: r.Rule = value
        if end < len(parts):
            rule, stop = r.All((value, self.quoted(parts[end].start, parts[-1].end))), parts[-1].end
        if isinstance(node.rule, r.Not):
            ill = of_illness(value)
            if ill is None:
                return None
            rule = r.Not(rule) if ill else rule
        return Node("rule", rule, node.start, stop)

    def _is_diagnosis(self, rule: r.Rule | None) -> bool:
        rule = rule.rule if isinstance(rule, r.Not) else rule
        return isinstance(rule, r.Condition) and any(one.concept in self.diagnoses for one in rule.patterns)

    def _asked_of_some(self, claim: Part, end: int) -> Node:
        """`patients with a history of hepatitis C must have been cured`: a requirement for those alone."""
        if self.kind == "exclusion":
            return Node("unclear", None, claim.start, end)
        assert claim.rule is not None
        return Node("mixed", r.If(claim.rule, self.quoted(claim.end, end)), claim.start, end)

    def narrowed(
        self, claim: Part, end: int, kind: Literal["rule", "mixed"] = "mixed", *, denied: bool = False
    ) -> Node:
        """A condition with words that are not understood: some of its records may be meant, not others.

        `active infection requiring A within 7 days`: one that is over by now is meant, too.
        """
        rule = claim.rule
        if isinstance(rule, TREATED):
            return Node(kind, r.All((rule, self.quoted(claim.end, end))), claim.start, end)
        assert isinstance(rule, r.Condition)
        words = _PLURAL.sub("", " ".join(self.text[claim.end : end].split()))
        if _MUST.match(words):
            return self._asked_of_some(claim, end)
        patterns = tuple(replace(one, that=f"{one.that} {words}".strip()) for one in rule.patterns)
        past = rule.patterns[0].window is None and any(_AT_A_TIME.search(one.that) for one in patterns)
        if past and (denied or self.kind == "exclusion"):  # the words give a time, which may be past
            said = " ".join(self.text[claim.start : end].split())
            said = said[begun.end() :] if denied and (begun := _DENIED.match(said)) else said
            patterns = tuple(r.Pattern(one.concept.removeprefix("active_"), that=said)
                             if _is_active(one) else one for one in patterns)  # fmt: skip
            rule = replace(rule, history=True)
        return Node(kind, replace(rule, patterns=patterns), claim.start, end)


def _with_signs(rule: r.Rule | None, signs: r.Rule) -> r.Rule:
    """`unstable liver disease, defined by ascites or jaundice`, `severe asthma (FEV1 < 60 %)`: the disease
    with one of these."""
    disease = rule.rule if isinstance(rule, r.Not) else rule
    assert isinstance(disease, r.Condition)
    names = dict.fromkeys(one.concept for one in disease.patterns)
    plain = replace(disease, patterns=tuple(map(r.Pattern, names)))
    both = r.All((plain, signs))
    return r.Not(both) if isinstance(rule, r.Not) else both


# what is asked of those who have the disease, and a time at which one had it
_MUST = re.compile(r"(?:must|should|shall|need|needs|has to|have to|(?:is|are) required)\b", re.IGNORECASE)
_PLURAL = re.compile(r"^(?:\((?:e?s|ies)\))?[\s,;]*")  # infection(s), requiring …
_DENIED = re.compile(
    r"[\w ]{0,40}?\b(?:not?|without|absence of|free of|free from) (?:have |any )*", re.IGNORECASE
)
_AT_A_TIME = re.compile(
    r"\bwithin\b|\b(?:in|during) the (?:last|past|previous)\b|\bat (?:initial )?diagnosis\b|\brecent\b|"
    r"\b(?:completed|ended)\b|\b(?:days?|weeks?|months?|years?) (?:prior|before|ago)\b",
    re.IGNORECASE,
)


def _is_active(pattern: r.Pattern) -> bool:
    """Whether a disease is told to be there now, which a history of it takes back."""
    return "active" in pattern.qualifiers or pattern.concept.startswith("active_")


def _describes(parts: Sequence[Part]) -> bool:
    """Whether a bracket holds adjectives that no chart records as such, and nothing else."""
    words = [part for part in parts if part.type not in JOINS]
    return bool(words) and all(part.type == "JUDGED" for part in words)


def ends_for_a_person(parts: Sequence[Part]) -> bool:
    """`(infection, dialysis or any other condition that could affect the patient's safety)`."""
    other = any(part.type == "OTHER" for part in parts)
    turned = any(part.type in TURNING - {"OTHER"} or part.type in TAILS for part in flat(parts))
    return other and parts[-1].type == "PERSON" and not turned


def _is_no_time(group: Part) -> bool:
    return [part.type for part in group.inner] != ["TIMING"]


def _without_ends(parts: Sequence[Part]) -> Sequence[Part]:
    """Without the signs at the end, behind which something was set aside: `(ECOG 2, see appendix)`."""
    end = len(parts)
    while end > 1 and parts[end - 1].type in ("COMMA", "SEMI", "DOT"):
        end -= 1
    return parts[:end]
