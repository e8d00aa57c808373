"""What stands before a claim or behind it and says when it holds: of whom, unless, if, provided, excluded."""

import re
from collections.abc import Sequence
from typing import Literal

from screener.drafting.logic.composing import Composing
from screener.drafting.logic.labels import JOINS, TAILS, trimmed, turns
from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.shapes import NOUNS, TREATED, has_form, is_measured, names_people
from screener.drafting.logic.times import timed
from screener.drafting.words.freedom import FREE
from screener.model import rule as r
from screener.model.walk import statements

_THEN, _COLON = ["CLAIM", "THEN", "CLAIM"], ["CLAIM", "COLON", "CLAIM"]
_NEXT_WORD = 14  # characters in which it stands
_PEOPLE = frozenset({"patients", "subjects", "participants", "individuals", "those", "people", "persons"})

_MUST_NOT = re.compile(r"\b(?:must|should|may|will|can)\s?not\b|\bno\b", re.IGNORECASE)
_PARTNER = re.compile(r"\W*partners?\b", re.IGNORECASE)
_SIGNS = re.compile(r"[\s:,;-]*")
_MUST_HAVE = re.compile(r"\b(?:must|should|shall) (?:have|be)\b", re.IGNORECASE)
_HISTORY = re.compile(r"(?:a |any )?(?:history|prior|previous)", re.IGNORECASE)
_REQUIRES = re.compile(
    r"\b(?:must|should|shall|will|agree\w*|required?|need|have to|has to|willing|able|use|practi[cs]e|not)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\bwithin\b|\bprior to\b|\bbefore\b", re.IGNORECASE)
_REQUIRED_TO_BE = re.compile(
    r"\b(?:is|are|be)(?: an?)?(?: adult)? (?:male|female|man|woman)s?$", re.IGNORECASE
)


class Tails(Composing):
    """One method a construction."""

    def excluded(self, parts: Sequence[Part]) -> Node:
        """`patients with X are excluded`: X as an exclusion, no X as an inclusion."""
        node = self.sentence(parts[:-1])
        if self.kind == "exclusion" and node.kind in ("mixed", "person", "words"):
            return node
        if node.kind != "rule" or node.rule is None or isinstance(node.rule, r.Not):
            return self.unclear(parts)
        rule = node.rule if self.kind == "exclusion" else r.Not(node.rule)
        return Node("rule", rule, parts[0].start, parts[-1].end)

    def led(self, parts: Sequence[Part]) -> Node | None:
        """A sentence that says first of whom it speaks."""
        first = parts[0]
        behind = 2 if len(parts) > 2 and parts[1].type in ("COLON", "COMMA", "THEN") else 1
        if len(parts) > 1 and is_measured(first.rule) and self._says_of_whom(parts[-1]):
            whom = self.quoted(parts[-1].start, parts[-1].end)
            return self.conditional(whom, self.sentence(parts[:-1]), parts)
        if first.type == "SCOPE" and len(parts) > behind and parts[1].type not in ("AND", "OR", "SLASH"):
            return self.conditional(
                self.exactly(first.start, first.end), self.sentence(parts[behind:]), parts
            )
        if first.type == "CLAIM" and names_people(first.rule) and len(parts) > behind:
            if _PARTNER.match(self.text, first.end):
                return self.unclear(parts)  # the female partner should …: she is no patient
            told = next((part.type for part in parts[1:] if part.type != "GROUP"), "")
            if (behind == 2 and parts[1].type == "COMMA") or told in JOINS | set(TAILS):
                return None
            rest = self.sentence(parts[behind:])
            said = self.text[parts[0].start : parts[-1].end]
            if (
                self.kind == "inclusion"
                and rest.kind in ("words", "mixed", "person")
                and _REQUIRES.search(said) is None
            ):
                return self.unclear(parts)  # `women who are sterile`: is that asked of all women?
            if (
                self.kind == "inclusion"
                and _REQUIRED_TO_BE.search(self.text[: first.end])
                and rest.kind == "rule"
            ):
                return self.joined((Node("rule", first.rule, first.start, first.end), rest), "and")
            if self._asks_for_one_sex(first.rule, rest):
                return self.unclear(parts)
            if rest.kind in ("person", "words"):  # with what was set aside between the two
                start = first.end + len(_SIGNS.match(self.text, first.end)[0])  # type: ignore[index]
                rest = rest._replace(rule=self.quoted(start, parts[-1].end))
            return self.conditional(first.rule, rest, parts)
        if self.speaks_of_some(parts):
            return self.conditional(first.rule, self.clauses(parts[2:]), parts)
        if first.type == "IF":
            if len(parts) > 2 and self.speaks_of_some([parts[1], first._replace(type="THEN"), parts[2]]):
                return self.conditional(parts[1].rule, self.clauses(parts[2:]), parts)
            comma = next((at for at, part in enumerate(parts) if part.type in ("COMMA", "COLON", "THEN")), 0)
            if comma < 2 or comma == len(parts) - 1:
                return self.unclear(parts)
            condition = self.clauses(parts[1:comma])
            rule = condition.rule if condition.kind == "rule" else self.quoted(first.end, parts[comma].start)
            return self.conditional(rule, self.sentence(parts[comma + 1 :]), parts)
        return None

    def _asks_for_one_sex(self, rule: r.Rule | None, rest: Node) -> bool:
        """`women >= 18 years of age`: of women alone, or of a trial of women?"""
        aged = rest.rule is not None and any(isinstance(one, r.Age) for one in statements(rest.rule))
        return self.kind == "inclusion" and isinstance(rule, r.Sex) and rest.kind == "rule" and aged

    def _says_of_whom(self, part: Part) -> bool:
        """`FLC >= 100 mg/L in patients without measurable M-protein`: a group, named at the end."""
        words = self.text[part.start : part.end].casefold().split() if part.type == "SCOPE" else [""]
        return words[0] in ("in", "for")

    def speaks_of_some(self, parts: Sequence[Part]) -> bool:
        """`patients with Gilbert's syndrome may have bilirubin <= 3 x ULN`: a disease, and a limit for it."""
        kinds, aged = [part.type for part in parts[:3]], isinstance(parts[0].rule, r.Age)
        if not (kinds == _THEN or (kinds == _COLON and (aged or self._of_people(parts[0])))):
            return False  # `renal insufficiency: creatinine > 2 mg/dL` defines
        if kinds == _COLON and _MUST_HAVE.search(self.text, 0, parts[0].end):
            return False  # `patients must have myeloma: M-protein >= 3 g/dL` asks it of all
        return isinstance(parts[0].rule, r.Condition | r.Age) and is_measured(parts[2].rule)

    def _of_people(self, part: Part) -> bool:
        """Whether people are named in a claim or in front of it, in its sentence or bracket."""
        before = self.text[: part.end].casefold().replace("(", ".").rpartition(".")[2].split()
        return not _PEOPLE.isdisjoint(before)

    def conditional(self, condition: r.Rule | None, node: Node, parts: Sequence[Part]) -> Node:
        if node.kind == "unclear" or condition is None:
            return self.unclear(parts)
        if self.kind == "exclusion" and _MUST_NOT.search(self.text, parts[0].start, parts[-1].end):
            return self.unclear(parts)  # `part B: must not have …`: a requirement among the exclusions
        then = self.rule_of(node)
        if isinstance(condition, r.Manual) and has_form(then):
            return self.unclear(parts)
        if isinstance(condition, r.Sex) and isinstance(then, r.Sex):
            return self.unclear(parts)  # `male female patients`: a word was lost between them
        rule = r.If(condition, then) if self.kind == "inclusion" else r.All((condition, then))
        kind = node.kind if not isinstance(condition, r.Manual) else _with_manual(node.kind)
        return Node(kind, rule, parts[0].start, parts[-1].end)

    def tailed(self, main: Sequence[Part], word: Part, tail: Sequence[Part]) -> Node:
        """`A unless B`, `A if B`, `A provided B`, where A is one claim."""
        parts = [*main, word, *tail]
        if word.type == "IF" and main[-1].type == "COMMA" and names_people(tail[0].rule if tail else None):
            main = main[:-1]  # a negative pregnancy test, for women of childbearing potential
        head = self.clauses(main)
        if head.kind != "rule" or head.rule is None or len(main) > 1 or not tail:
            return self.unclear(parts)
        given = head.rule.rule if isinstance(head.rule, r.Not) else head.rule
        if isinstance(given, r.Status) and names_people(given):
            return self.unclear(parts)  # a woman is of childbearing potential if …: a definition asks nothing
        if word.type == "IF" and isinstance(given, TREATED) and self._is_for_disease(word, tail):
            return self._given_for(head.rule, parts, word, tail)
        if word.type == "EXCEPT" and not is_measured(head.rule):
            return self.unclear(parts)  # an exception takes records out; it does not excuse the others
        if tail[0].value == FREE and any(part.type == "COMMA" for part in tail):
            return self.unclear(parts)  # unless free of disease, or B: a ground of its own?
        provided = TAILS[word.type] == "unless" and any(part.type == "PROVIDED" for part in tail)
        if not provided and any(part.type in TAILS or part.type == "EXCLUDED" for part in tail):
            return self.unclear(parts)
        if word.type == "IF" and any(part.type in ("COMPARE", "THEN", "COMMA", "TURNING") for part in tail):
            return self.unclear(parts)  # another limit for some, or a statement of its own
        main_rule, tail = head.rule, _opened(head.rule, tail)
        if len(tail) > 1 and [part.type for part in tail[-1].inner] == ["TIMING"]:
            rule = timed(head.rule, tail[-1].inner[0].window)  # A unless B (within 14 days): the time of A
            if rule is None:
                return self.unclear(parts)
            main_rule, tail = rule, tail[:-1]
        if provided:
            return self._unless_provided(main_rule, parts, tail)
        some = [part for part in tail[:3] if part.type != "COMMA"]
        if TAILS[word.type] == "unless" and [part.type for part in some[:2]] in (_THEN[:2], _COLON[:2]):
            limit = self._limit_for_some(main_rule, some[0].rule, tail[tail.index(some[1]) + 1 :])
            if limit is not None:
                return Node("rule", limit, parts[0].start, parts[-1].end)
            if self.kind == "exclusion" or has_form(main_rule):
                return self.unclear(parts)
            for_some = r.Any((main_rule, self.quoted(tail[0].start, tail[-1].end)))
            return Node("mixed", for_some, parts[0].start, parts[-1].end)
        other = self._circumstance(word, tail)
        if word.type == "IF" and other.kind != "rule" and _DATED.search(self.text, other.start, other.end):
            return self.unclear(parts)  # the time may be that of what stands before the `if`
        permits = word.type == "PROVIDED" and self.kind == "inclusion" and isinstance(head.rule, NOUNS)
        if permits and _HISTORY.match(self.text, parts[0].start):
            return self.unclear(parts)  # `prior transplant, provided …` lets in who had one
        rule = self._with_tail(TAILS[word.type], main_rule, self.rule_of(other))
        if rule is None:
            return self.unclear(parts)
        kind = {"rule": "rule", "person": "rule", "words": "mixed", "mixed": "mixed"}.get(other.kind, "mixed")
        return Node(kind, rule, parts[0].start, parts[-1].end)  # type: ignore[arg-type]

    def _unless_provided(self, rule: r.Rule, parts: Sequence[Part], tail: Sequence[Part]) -> Node:
        """`A unless B, provided that C`: A, or B and C."""
        at = next(at for at, part in enumerate(tail) if part.type == "PROVIDED")
        where, proviso = trimmed(tail[:at]), tail[at + 1 :]
        dated = any(part.type in TAILS or part.type == "TIMING" for part in flat(proviso))
        if self.kind == "exclusion" or [part.type for part in where] != ["CLAIM"] or not proviso or dated:
            return self.unclear(parts)
        judged = any(part.type == "PERSON" for part in proviso)
        said = self.quoted(proviso[0].start, proviso[-1].end)
        asked = Node("rule", said, 0, 0) if judged else self.clauses(proviso)
        if asked.kind != "rule" or asked.rule is None or has_form(asked.rule):
            return self.unclear(parts)
        assert where[0].rule is not None
        both = r.All((where[0].rule, asked.rule))
        return Node("rule", r.Any((rule, both)), parts[0].start, parts[-1].end)

    def _is_for_disease(self, word: Part, tail: Sequence[Part]) -> bool:
        """`for renal cell carcinoma`; `for HIV-positive patients` says of whom."""
        words = self.text[word.start : tail[-1].end + _NEXT_WORD].casefold().split()
        return words[0] == "for" and _PEOPLE.isdisjoint(word.strip(".,;)") for word in words)

    def _given_for(self, given: r.Rule, parts: Sequence[Part], word: Part, tail: Sequence[Part]) -> Node:
        """`radiotherapy for X`: what it was given for is asked."""
        if turns(tail, claims=False):
            return self.unclear(parts)
        kind: Literal["rule", "mixed"] = "rule" if [part.type for part in tail] == ["CLAIM"] else "mixed"
        said = self.quoted(word.start, parts[-1].end)
        rule = r.Not(r.All((given.rule, said))) if isinstance(given, r.Not) else r.All((given, said))
        return Node(kind, rule, parts[0].start, parts[-1].end)

    def _limit_for_some(self, rule: r.Rule, some: r.Rule | None, told: Sequence[Part]) -> r.Rule | None:
        """`A unless X, in which case B`: A, or X and B."""
        node = self.clauses(told) if told else None
        limit = node.rule if node is not None and node.kind == "rule" else None
        concepts = _measured(limit)
        if some is None or limit is None or not concepts or not is_measured(rule) or has_form(rule):
            return None
        if isinstance(rule, r.Measurement) and concepts < set(rule.concepts):
            return None  # and of the others?
        allowed = r.All((some, *(limit.of if isinstance(limit, r.All) else (limit,))))
        if self.kind == "inclusion":
            return r.Any((rule, allowed))
        return r.Any((r.All((r.Not(some), rule)), allowed))

    def _circumstance(self, word: Part, tail: Sequence[Part]) -> Node:
        end = tail[-1].end
        if _comes_from(tail):  # what an abnormal value comes from is judged by a person
            return Node("person", self.quoted(tail[0].start, end), word.start, end)
        claims = [part for part in tail if part.type == "CLAIM"]
        others = [part for part in tail if part.type not in ("CLAIM", "COMMA", "AND")]
        if len(claims) == 2 and not others and isinstance(claims[0].rule, r.Condition) and isinstance(
                claims[1].rule, r.Measurement):  # fmt: skip
            return Node("rule", r.All((claims[0].rule, claims[1].rule)), word.start, end)
        node = self.clauses(tail)
        if node.kind in ("rule", "person"):
            return node
        return Node("mixed", self.quoted(tail[0].start, end), word.start, end)

    def _with_tail(self, word: str, rule: r.Rule, other: r.Rule) -> r.Rule | None:
        if word == "unless":
            if has_form(other):
                return None
            return r.Any((rule, other)) if self.kind == "inclusion" else r.Unless(rule, other)
        several = isinstance(rule, r.Condition) and len(rule.patterns) > 1
        if word == "if" and (isinstance(rule, r.Any) or several):
            return None  # `A or B if C`: of which of the two?
        if word == "if":
            return r.If(other, rule) if self.kind == "inclusion" else r.All((rule, other))
        return r.All((rule, other)) if self.kind == "inclusion" else None


def _measured(rule: r.Rule | None) -> set[str]:
    """What is compared in a limit, or in several that hold together; nothing for other rules."""
    limits = rule.of if isinstance(rule, r.All) else (rule,)
    if not all(isinstance(limit, r.Measurement) for limit in limits):
        return set()
    return {concept for limit in limits if isinstance(limit, r.Measurement) for concept in limit.concepts}


def _opened(rule: r.Rule, tail: Sequence[Part]) -> Sequence[Part]:
    """`unless X (in which case B)`, `unless X (B)`: a limit for X, if it bounds the side of the other."""
    if [part.type for part in tail] != ["CLAIM", "GROUP"]:
        return tail
    some, group = tail
    inner = [part for part in group.inner if part.type != "COMMA"]
    limit = inner[-1].rule if inner else None
    if not isinstance(limit, r.Measurement) or not isinstance(rule, r.Measurement):
        return tail
    told = [part.type for part in inner] == ["THEN", "CLAIM"]
    if told or (len(inner) == 1 and _side(limit) == _side(rule)):
        return [some, Part("THEN", group.start, group.start), inner[-1]]
    return tail


def _side(rule: r.Measurement) -> str:
    return rule.test.comparator[0] if isinstance(rule.test, r.Limit) else ""


def _comes_from(tail: Sequence[Part]) -> bool:
    """`due to X`, `the bilirubin rise is due to X`, `in whom hyperbilirubinemia is due to X`."""
    at = next((at for at, part in enumerate(tail) if part.type == "DUE_TO"), len(tail))
    return at < min(4, len(tail)) and all(part.type in _RISES for part in tail[:at])


_RISES = frozenset({"MEASURE", "WORD", "CLAIM", "THEN"})


def _with_manual(kind: str) -> Literal["rule", "person", "mixed"]:
    return "person" if kind == "person" else "mixed" if kind in ("words", "mixed") else "rule"
