"""Claims and the words between them → one rule, in which every word has its place (SEMANTICS 6 and 7).

What is not understood is quoted where it stands, as long as its place in the logic is clear. A word
that can turn, limit or widen what stands beside it makes the place unclear: then the whole
criterion is a person's to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from screener.drafting.limits import for_some
from screener.drafting.parts import Node, Part, flat, split
from screener.model import rule as r
from screener.model.calendar import Span

Kind = Literal["inclusion", "exclusion"]

_SENTENCE = frozenset({"DOT", "SEMI"})
_JOINS = frozenset({"COMMA", "AND", "OR", "SLASH"})
_TAILS = {"UNLESS": "unless", "EXCEPT": "unless", "IF": "if", "PROVIDED": "provided"}
# Tokens that can turn what stands beside them, where no claim took them.
_TURNING = frozenset({
    "TURNING", "NO", "UNLESS", "EXCEPT", "IF", "PROVIDED", "THEN", "INCLUDING", "SUCH_AS", "DEFINED", "BOTH",
    "NUMBER", "COMPARE", "EXCLUDED", "OR_MORE", "BETWEEN", "WHICHEVER", "SCOPE", "NORMAL", "ABNORMAL",
    "POSITIVE", "NEGATIVE", "OTHER", "AGO", "SINCE", "WITHIN", "LEAD", "DUE_TO", "COMBINED",
})  # fmt: skip
# Words that begin a remark about what stands before them, not a member of a list.
_REMARKS = frozenset(["with", "which", "that", "who", "whom", "whose", "in", "for", "on", "requiring", "during", "resulting", "as", "by", "from", "at", "where", "when", "per", "due", "receiving", "occurring", "using", "lasting", "to", "than", "of", "including", "such", "not"])  # fmt: skip
_EXAMPLES = frozenset({"INCLUDING", "SUCH_AS"})
_TREATED = (r.Therapy, r.Procedure)
_NOUNS = (r.Condition, r.Marker, r.Therapy, r.Procedure, r.Allergy, r.Course, r.Status, r.Finding)


@dataclass(slots=True)
class Composer:
    """Composes the parts of one text. `text` is quoted where a person has to read it."""

    text: str
    kind: Kind

    def whole(self, parts: Sequence[Part]) -> Node:
        """All sentences together: an inclusion needs every one, an exclusion any."""
        stretches = [stretch for stretch, _ in split(parts, _SENTENCE) if _trimmed(stretch)]
        nodes = [self.sentence(stretch) for stretch in stretches]
        if not nodes:
            return Node("words", None, 0, len(self.text))
        if len(nodes) == 1:
            return nodes[0]
        if any(node.kind == "unclear" for node in nodes):
            return self._unclear(parts)
        if self.kind == "exclusion" and any(node.kind in ("words", "mixed") for node in nodes):
            return self._unclear(parts)
        said = {part.type for stretch in stretches for part in (stretch[0], stretch[-1])} & {"AND", "OR"}
        if self.kind == "inclusion" and "OR" in said:  # `A; or B`
            return self._joined(nodes, "or") if len(nodes) == 2 and "AND" not in said else self._unclear(parts)
        return self._joined(nodes, "and" if self.kind == "inclusion" else "or")

    def sentence(self, parts: Sequence[Part]) -> Node:
        """One sentence, without a label that its own definition makes superfluous."""
        window, rest = _labelled(parts)
        if self.kind == "exclusion" and any(part.type == "BOTH" for part in parts):
            return self._unclear(parts)
        if not rest:
            return Node("words", None, 0, len(self.text))
        node = self._sentence(rest)
        if window is None or node.kind == "unclear":
            return node
        rule = None if node.rule is None else timed(node.rule, window)
        return self._unclear(parts) if rule is None else node._replace(rule=rule)

    def _sentence(self, parts: Sequence[Part]) -> Node:
        narrowed = self._described(parts)
        if narrowed is not None:
            return narrowed
        if parts[-1].type == "EXCLUDED" and len(parts) > 1:
            return self._excluded(parts)
        led = self._led(parts)
        if led is not None:
            return led
        if len(parts) > 2 and parts[0].type == "CLAIM" and parts[1].type in ("COLON", "DEFINED"):
            named = Node("rule", parts[0].rule, parts[0].start, parts[0].end)
            defined = self._definition(named, parts[2:])
            if defined is not None:
                return defined
        if len(parts) > 2 and parts[0].type == "CLAIM" and parts[1].type in _EXAMPLES:
            node = Node("rule", parts[0].rule, parts[0].start, parts[0].end)
            return self._with_examples(node, parts[2:], parts[-1].end)
        for index, part in enumerate(parts):
            if part.type in _TAILS and index:
                return self._tailed(parts[:index], part, parts[index + 1 :])
        return self._clauses(parts)

    def _described(self, parts: Sequence[Part]) -> Node | None:
        """`infection requiring …, … or …`: what follows says which cases of the disease are meant."""
        if len(parts) < 2 or parts[0].type != "CLAIM" or parts[1].type != "THAT":
            return None
        others = [part for part in flat(parts[1:]) if part.type == "CLAIM" and _is_measured(part.rule)]
        if others or not (_can_be_narrowed(parts[0].rule) or isinstance(parts[0].rule, _TREATED)) or _turns(parts[1:], claims=False):
            return None
        return self._narrowed(parts[0], parts[-1].end, "rule")

    # --- what stands before and behind

    def _excluded(self, parts: Sequence[Part]) -> Node:
        """`patients with X are excluded`: X as an exclusion, no X as an inclusion."""
        node = self.sentence(parts[:-1])
        if self.kind == "exclusion" and node.kind in ("mixed", "person", "words"):
            return node
        if node.kind != "rule" or node.rule is None or isinstance(node.rule, r.Not):
            return self._unclear(parts)
        rule = node.rule if self.kind == "exclusion" else r.Not(node.rule)
        return Node("rule", rule, parts[0].start, parts[-1].end)

    def _led(self, parts: Sequence[Part]) -> Node | None:
        """A sentence that says first of whom it speaks."""
        first = parts[0]
        behind = 2 if len(parts) > 2 and parts[1].type in ("COLON", "COMMA", "THEN") else 1
        if first.type == "SCOPE" and len(parts) > behind:
            return self._conditional(self._of(first), self.sentence(parts[behind:]), parts)
        if first.type == "CLAIM" and _is_subject(first.rule) and len(parts) > behind:
            if (behind == 2 and parts[1].type == "COMMA") or parts[1].type in _JOINS | set(_TAILS):
                return None
            return self._conditional(first.rule, self.sentence(parts[behind:]), parts)
        if first.type == "IF":
            comma = next((at for at, part in enumerate(parts) if part.type in ("COMMA", "COLON", "THEN")), 0)
            if comma < 2 or comma == len(parts) - 1:
                return self._unclear(parts)
            condition = self._clauses(parts[1:comma])
            rule = (
                condition.rule
                if condition.kind == "rule"
                else self.quoted(parts[1].start, parts[comma - 1].end)
            )
            return self._conditional(rule, self.sentence(parts[comma + 1 :]), parts)
        return None

    def _conditional(self, condition: r.Rule | None, node: Node, parts: Sequence[Part]) -> Node:
        if node.kind == "unclear" or condition is None:
            return self._unclear(parts)
        then = self._rule_of(node)
        if isinstance(condition, r.Manual) and _has_form(then):
            return self._unclear(parts)
        rule = r.If(condition, then) if self.kind == "inclusion" else r.All((condition, then))
        kind = node.kind if not isinstance(condition, r.Manual) else _with_manual(node.kind)
        return Node(kind, rule, parts[0].start, parts[-1].end)

    def _tailed(self, main: Sequence[Part], word: Part, tail: Sequence[Part]) -> Node:
        """`A unless B`, `A if B`, `A provided B`, where A is one claim."""
        parts = [*main, word, *tail]
        head = self._clauses(main)
        if head.kind != "rule" or head.rule is None or len(main) > 1 or not tail:
            return self._unclear(parts)
        if any(part.type in _TAILS or part.type == "EXCLUDED" for part in tail):
            return self._unclear(parts)
        other = self._circumstance(word, tail)
        rule = self._with_tail(_TAILS[word.type], head.rule, self._rule_of(other))
        if rule is None:
            return self._unclear(parts)
        kind = {"rule": "rule", "person": "rule", "words": "mixed", "mixed": "mixed"}.get(other.kind, "mixed")
        return Node(kind, rule, parts[0].start, parts[-1].end)  # type: ignore[arg-type]

    def _circumstance(self, word: Part, tail: Sequence[Part]) -> Node:
        end = tail[-1].end
        if tail[0].type == "DUE_TO":  # what an abnormal value comes from is judged by a person
            return Node("person", self.quoted(tail[0].start, end), word.start, end)
        claims = [part for part in tail if part.type == "CLAIM"]
        others = [part for part in tail if part.type not in ("CLAIM", "COMMA", "THEN", "AND")]
        if len(claims) == 2 and not others and isinstance(claims[0].rule, r.Condition) and isinstance(
                claims[1].rule, r.Measurement):  # fmt: skip
            return Node("rule", r.All((claims[0].rule, claims[1].rule)), word.start, end)
        node = self._clauses(tail)
        if node.kind in ("rule", "person"):
            return node
        return Node("mixed", self.quoted(tail[0].start, end), word.start, end)

    def _with_tail(self, word: str, rule: r.Rule, other: r.Rule) -> r.Rule | None:
        if word == "unless":
            if _has_form(other):
                return None
            return r.Any((rule, other)) if self.kind == "inclusion" else r.Unless(rule, other)
        if word == "if" and isinstance(rule, r.Any):
            return None  # `A or B if C`: of which of the two?
        if word == "if":
            return r.If(other, rule) if self.kind == "inclusion" else r.All((rule, other))
        return r.All((rule, other)) if self.kind == "inclusion" else None

    # --- clauses

    def _clauses(self, parts: Sequence[Part]) -> Node:
        stretches = list(split(parts, _JOINS))
        nodes, joins = [], []
        for stretch, join in stretches:
            if not stretch:
                continue
            nodes.append(self._clause(stretch))
            joins.append(join)
        if not nodes or any(node.kind == "unclear" for node in nodes):
            return self._unclear(parts)
        if len(nodes) == 1:
            return nodes[0]
        word = self._word(nodes, joins[:-1])
        if _cut_short([stretch for stretch, _ in stretches if stretch], joins[:-1], word == "or"):
            return self._unclear(parts)
        listed = [stretch for stretch, _ in stretches if stretch]
        if word is None or self._remark(nodes, word) or _denies_a_part(nodes, word) or _reaches_on(nodes, listed):
            return self._unclear(parts)
        return self._joined(nodes, word)

    def _clause(self, parts: Sequence[Part]) -> Node:
        """One clause: a claim, words for a person, or a mixture."""
        start, end = parts[0].start, parts[-1].end
        if any(part.type == "PERSON" for part in flat(parts)):
            return Node("person", self.quoted(start, end), start, end)
        if any(part.type in _TURNING for part in parts):
            return Node("unclear", None, start, end)
        if parts[0].type == "CLAIM":
            claims, rest = _claims(parts)
            if rest and rest[0].type == "TIMING" and len(claims) == 1:
                rule = timed(claims[0].rule, rest[0].window)
                if rule is not None:
                    claims, rest = [claims[0]._replace(rule=rule, end=rest[0].end)], rest[1:]
            joined = self._together(claims)
            if joined is not None and all(part.type == "GROUP" for part in rest):
                return self._with_brackets(joined, rest)
            if joined is not None and _can_be_narrowed(joined.rule) and not _turns(rest):
                return self._narrowed(joined, end, "rule" if rest[0].type == "THAT" else "mixed")
        if parts[0].type == "GROUP" and len(parts) == 1:
            return self.sentence(parts[0].inner) if parts[0].inner else Node("words", None, start, end)
        inner = [part for part in flat(parts) if part.type in _TURNING]
        if inner:
            return Node("unclear", None, start, end)
        if any(part.type == "LABEL" for part in parts) and not any(part.type == "CLAIM" for part in flat(parts)):
            return Node("person", self.quoted(start, end), start, end)  # adequate …: who judges it?
        mixed = any(part.type == "CLAIM" for part in flat(parts))
        return Node("mixed" if mixed else "words", self.quoted(start, end), start, end)

    def _together(self, claims: Sequence[Part]) -> Part | None:
        """`A without B`, `A with B`: claims of one clause that hold together; None where they may not."""
        first, *others = claims
        if not others:
            return first
        end = first.end
        for claim in others:
            if isinstance(claim.rule, r.Sex) and _is_of_women(first.rule):
                end = claim.end
                continue
            between = self.text[end : claim.start].split()
            joined = between and between[0].casefold() in ("with", "who", "having", "that")
            graded = (_is_class(first.rule) and isinstance(claim.rule, r.Condition)) or _is_class(claim.rule)
            if not joined and not isinstance(claim.rule, r.Not) and not (graded and len(others) == 1):
                return None
            end = claim.end
        rules = [claim.rule for claim in claims if claim.rule is not None
                 and not (isinstance(claim.rule, r.Sex) and _is_of_women(first.rule))]  # fmt: skip
        return Part("CLAIM", first.start, end, rules[0] if len(rules) == 1 else r.All(tuple(rules)))

    def _narrowed(self, claim: Part, end: int, kind: Literal["rule", "mixed"] = "mixed") -> Node:
        """A condition with words that are not understood: some of its records may be meant, not others."""
        rule = claim.rule
        if isinstance(rule, _TREATED):
            return Node(kind, r.All((rule, self.quoted(claim.end, end))), claim.start, end)
        assert isinstance(rule, r.Condition)
        words = " ".join(self.text[claim.end : end].split())
        patterns = (replace(rule.patterns[0], that=f"{rule.patterns[0].that} {words}".strip()),)
        return Node(kind, replace(rule, patterns=patterns), claim.start, end)

    def _with_brackets(self, claim: Part, groups: Sequence[Part]) -> Node:
        node = Node("rule", claim.rule, claim.start, claim.end)
        for group in groups:
            if not group.inner:
                continue
            node = self._with_bracket(node, group)
            if node.kind == "unclear":
                return node
        return node

    def _with_bracket(self, node: Node, group: Part) -> Node:
        """What a bracket says of the claim before it."""
        inner, end = list(group.inner), group.end
        first, rest = inner[0], inner[1:]
        assert node.rule is not None
        if first.type == "TIMING" and not rest:
            rule = timed(node.rule, first.window)
            return self._unclear(inner) if rule is None else node._replace(rule=rule, end=end)
        if first.type in _TAILS and rest and node.kind == "rule":
            tail = self._tailed([Part("CLAIM", node.start, node.end, node.rule)], first, rest)
            return tail._replace(end=end)
        if first.type in _EXAMPLES:
            return self._with_examples(node, rest, end)
        if first.type == "OR" and rest:
            inner, first = rest, rest[0]
        said = self._clauses(inner) if len(inner) == 1 else self._unclear(inner)
        if said.kind == "rule" and isinstance(said.rule, r.Not) and node.kind == "rule":
            return Node("rule", r.All((node.rule, said.rule)), node.start, end)
        if said.kind == "rule" and _same_scale(node.rule, said.rule):
            return Node("rule", r.Any((node.rule, said.rule)), node.start, end)  # type: ignore[arg-type]
        defined = self._definition(node, inner)
        if defined is not None:
            return defined._replace(end=end)
        if any(part.type in _TURNING or part.type in _TAILS for part in flat(inner)):
            return Node("unclear", None, node.start, end)
        if _can_be_narrowed(node.rule):
            return self._narrowed(Part("CLAIM", node.start, node.end, node.rule), end)
        return Node("mixed", self.quoted(node.start, end), node.start, end)

    def _with_examples(self, node: Node, parts: Sequence[Part], end: int) -> Node:
        """`X, including A and B`: an exclusion by X is one by A, too; an inclusion is not widened."""
        listed = [part for part in parts if part.type not in _JOINS]
        if node.kind != "rule" or node.rule is None or not listed or _turns(parts, claims=False):
            return Node("unclear", None, node.start, end)
        rules = [part.rule for part in listed if part.type == "CLAIM" and part.rule is not None]
        known = len(rules) == len(listed)
        if not all(isinstance(rule, r.Condition | r.Any) for rule in (node.rule, *rules)):
            return Node("unclear", None, node.start, end)
        if self.kind == "inclusion" and not isinstance(node.rule, r.Not):
            return Node("unclear", None, node.start, end)
        if not known:
            rules = [*rules, self.quoted(parts[0].start, end)]
        return Node("rule" if known else "mixed", r.Any((node.rule, *rules)), node.start, end)

    def _definition(self, node: Node, parts: Sequence[Part]) -> Node | None:
        """`renal insufficiency (creatinine > 2 mg/dL)`: the measured definition says what is meant."""
        if not _is_named_state(node.rule):
            return None
        window, parts = _labelled(parts)
        if window is not None or not parts:
            return None
        said = self._clauses(parts)
        if said.kind != "rule" or not _is_measured(said.rule):
            return None
        if _is_class(said.rule) and node.rule is not None and said.rule is not None:
            said = said._replace(rule=r.All((node.rule, said.rule)))
        return said._replace(start=node.start)

    def _word(self, nodes: Sequence[Node], joins: Sequence[str]) -> Literal["and", "or"] | None:
        """The word that joins the clauses; None where it is not clear (`A and B or C`)."""
        said = {word for join in joins for word in join.split()}
        if "OR" in said and "AND" in said:
            return None
        if "OR" in said:
            return "or"
        if self.kind == "inclusion":
            alike = {type(node.rule) for node in nodes if isinstance(node.rule, _NOUNS)}
            listed = sum(isinstance(node.rule, _NOUNS) for node in nodes)
            return None if "AND" not in said and listed > len(alike) else "and"  # a list without its last word
        nouns = all(node.kind == "rule" and isinstance(node.rule, _NOUNS) for node in nodes)
        if nouns:  # SEMANTICS 7: a list of findings excludes by any one of them
            return "or"
        if "AND" in said and all(
            node.kind == "rule" and isinstance(node.rule, r.Measurement) for node in nodes
        ):
            return "and"
        return None

    def _remark(self, nodes: Sequence[Node], word: str) -> bool:
        """Whether a clause that is not understood may speak of another one."""
        for index, node in enumerate(nodes):
            if node.kind not in ("words", "mixed", "person"):
                continue
            first = self.text[node.start : node.end].split(None, 1)[0].casefold().strip("(\"'")
            if first in _REMARKS and (index or word == "or"):
                return True
            if index == 0 and first in ("in", "for", "if", "when", "where", "during"):
                return True
        return False

    # --- rules

    def _joined(self, nodes: Sequence[Node], word: str) -> Node:
        start, end = nodes[0].start, nodes[-1].end
        kinds = {node.kind for node in nodes}
        if "rule" not in kinds and "mixed" not in kinds:  # nothing of it is data: one quotation
            kind: Literal["person", "words"] = "person" if "person" in kinds else "words"
            return Node(kind, self.quoted(start, end), start, end)
        rules = []
        for node in nodes:
            rule = self._rule_of(node)
            if word == "or" and isinstance(rule, r.If):
                rule = r.All((rule.condition, rule.then))  # one way among others: it does not hold for all else
            rules += rule.of if isinstance(rule, r.All if word == "and" else r.Any) else [rule]
        settled = for_some(tuple(dict.fromkeys(rules)), word)
        if settled is None:
            return Node("unclear", None, start, end)
        joined: r.Rule = (r.All if word == "and" else r.Any)(settled)
        if isinstance(joined, r.All | r.Any) and len(joined.of) == 1:
            joined = joined.of[0]
        kind_of: Literal["rule", "mixed"] = "mixed" if kinds & {"words", "mixed"} else "rule"
        return Node(kind_of, joined, start, end)

    def _rule_of(self, node: Node) -> r.Rule:
        return node.rule if node.rule is not None else self.quoted(node.start, node.end)

    def _of(self, part: Part) -> r.Manual:
        return self.quoted(part.start, part.end)

    def quoted(self, start: int, end: int) -> r.Manual:
        return r.Manual(" ".join(self.text[start:end].split()))

    def _unclear(self, parts: Sequence[Part]) -> Node:
        return Node("unclear", None, parts[0].start, parts[-1].end)


def _claims(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The claims that a clause begins with, and the rest of it."""
    at = 0
    while at < len(parts) and parts[at].type == "CLAIM":
        at += 1
    return list(parts[:at]), list(parts[at:])


def _turns(parts: Sequence[Part], *, claims: bool = True) -> bool:
    return any(part.type in _TURNING or part.type in _TAILS or (claims and part.type == "CLAIM")
               for part in flat(parts))  # fmt: skip


def _can_be_narrowed(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Condition) and len(rule.patterns) == 1 and not rule.exceptions


def _is_named_state(rule: r.Rule | None) -> bool:
    """A disease named without a time, or its absence: what a definition in numbers may stand for."""
    rule = rule.rule if isinstance(rule, r.Not) else rule
    return (isinstance(rule, r.Condition) and not rule.history and not rule.other and not rule.exceptions
            and all(pattern.window is None and pattern.grade is None for pattern in rule.patterns))  # fmt: skip


def _is_of_women(rule: r.Rule | None) -> bool:
    match rule:
        case r.Status():
            return True
        case r.Any(of=of):
            return all(isinstance(part, r.Status) for part in of)
        case _:
            return False


def _is_class(rule: r.Rule | None) -> bool:
    """A functional class, which is always one of a disease: NYHA class III heart failure."""
    return isinstance(rule, r.Measurement) and set(rule.concepts) <= {"nyha", "ccs"}


def _is_measured(rule: r.Rule | None) -> bool:
    match rule:
        case r.Measurement() | r.Finding():
            return True
        case r.All(of=of) | r.Any(of=of):
            return all(_is_measured(part) for part in of)
        case _:
            return False


def _labelled(parts: Sequence[Part]) -> tuple[r.Window | None, Sequence[Part]]:
    """Without a label that its own definition makes superfluous, and with the time that the label gives:
    `adequate renal function within 14 days, defined as …`."""
    parts = _trimmed(parts)
    at, window = 0, None
    while at < len(parts) and parts[at].type in _LABELS:
        window = parts[at].window or window
        at += 1
    labelled = any(part.type in ("LABEL", "TIMING") for part in parts[:at])
    rest = parts[at:]
    if not labelled or not rest:
        return None, parts
    if rest[0].type == "GROUP" and len(rest) == 1:
        return window, _trimmed(rest[0].inner)
    linked = any(part.type in ("DEFINED", "COLON") for part in parts[:at]) or parts[0].type == "TIMING"
    if linked or (rest[0].type == "CLAIM" and _is_measured(rest[0].rule)):
        return window, rest
    return None, parts


_LABELS = frozenset({"LABEL", "AND", "COMMA", "OR", "SLASH", "TIMING", "DEFINED", "COLON", "DASH", "LEAD"})


def _trimmed(parts: Sequence[Part]) -> Sequence[Part]:
    """Without the signs and joining words at either end."""
    at, end = 0, len(parts)
    while at < end and parts[at].type in ("COLON", "COMMA", "BOTH", "DEFINED", "SEMI", "DOT"):
        at += 1
    while end > at and parts[end - 1].type in ("COLON", "COMMA", "AND", "OR", "SLASH", "SEMI", "DOT"):
        end -= 1
    return parts[at:end]


def timed(rule: r.Rule | None, window: r.Window | None) -> r.Rule | None:
    """The rule with a time that was said apart from it; None where it cannot take one."""
    if window is None or rule is None:
        return rule
    match rule:
        case r.Measurement() | r.Finding():
            if rule.within is not None or not isinstance(window.extent, Span) or window.relation != "within":
                return None
            return replace(rule, within=window.extent)
        case r.Therapy() | r.Procedure():
            if rule.window is not None or (isinstance(rule, r.Procedure) and not isinstance(window.extent, Span)):
                return None
            return replace(rule, window=window, ongoing=False) if isinstance(rule, r.Therapy) else replace(rule, window=window)
        case r.All(of=of) | r.Any(of=of):
            parts = [timed(part, window) for part in of]
            dated = any(one is not None and one != part for one, part in zip(parts, of, strict=True))
            # a time said of a measurement is not said of the condition or the treatment beside it
            return type(rule)(tuple(one or part for one, part in zip(parts, of, strict=True))) if dated else None
        case r.Age() | r.Sex():
            return rule
        case _:
            return None


def _cut_short(stretches: Sequence[Sequence[Part]], joins: Sequence[str], any_of: bool) -> bool:
    """Whether a list goes on outside its claim with another word (`A or B and C`), or began before it."""
    outside = {word for join in joins for word in join.split()} & {"AND", "OR"}
    for stretch in stretches:
        if len(stretch) == 1 and stretch[0].type == "MEASURE":
            return True
        alone = len(stretch) == 1
        for part in stretch:
            noun = part.type == "CLAIM" and not _is_measured(part.rule)
            other = part.value and outside and outside != {part.value}
            if noun and other and not (alone and any_of):
                return True
    return False


def _reaches_on(nodes: Sequence[Node], stretches: Sequence[Sequence[Part]]) -> bool:
    """`active X, Y or Z` where X is not understood: its adjective may be meant for Y and Z, too."""
    last = max((index for index, node in enumerate(nodes) if node.kind == "rule"), default=-1)
    for node, stretch in list(zip(nodes, stretches, strict=True))[: max(last, 0)]:
        if node.kind in ("words", "mixed") and any(part.type in _REACHING for part in flat(stretch)):
            return True
    return False


_REACHING = frozenset({"QUALIFIER", "JUDGED", "HISTORY", "PRIOR", "ONGOING", "OTHER"})


def _is_subject(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Sex) or (isinstance(rule, r.Status) and rule.state == "childbearing potential")


def _has_form(rule: r.Rule) -> bool:
    """Whether `if` or `unless` is in it: neither may stand under another."""
    match rule:
        case r.If() | r.Unless():
            return True
        case r.All(of=of) | r.Any(of=of):
            return any(_has_form(part) for part in of)
        case _:
            return False


def _with_manual(kind: str) -> Literal["rule", "person", "mixed"]:
    return "person" if kind == "person" else "mixed" if kind in ("words", "mixed") else "rule"


def _same_scale(one: r.Rule, other: r.Rule | None) -> bool:
    """ECOG with Karnofsky or Lansky in brackets: one requirement on two scales."""
    scales = {"ecog", "karnofsky", "lansky"}
    return (isinstance(one, r.Measurement) and isinstance(other, r.Measurement)
            and set(one.concepts) <= scales and set(other.concepts) <= scales)  # fmt: skip


def _denies_a_part(nodes: Sequence[Node], word: str) -> bool:
    """`no A, B or C`, where only A was read as denied: how far the negation reaches is not clear."""
    denied = [index for index, node in enumerate(nodes) if isinstance(node.rule, r.Not)]
    if not denied:
        return False
    later = nodes[denied[0] + 1 :]
    clear = (r.Measurement, r.Age, r.Sex, r.Not)
    return any(not isinstance(node.rule, clear) or (word == "or" and not isinstance(node.rule, r.Not))
               for node in later)  # fmt: skip
