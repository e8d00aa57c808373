"""The clauses of a sentence, each a claim with words at it, and the words between them."""

from collections.abc import Sequence
from itertools import pairwise

from screener.drafting.logic.brackets import Brackets, ends_for_a_person
from screener.drafting.logic.dating import dated, dated_alike, dated_events
from screener.drafting.logic.doubts import WITH, first_word, is_bounded, misleads
from screener.drafting.logic.freedom import asks_a_person
from screener.drafting.logic.joining import Joining
from screener.drafting.logic.labels import JOINS, TURNING, turns
from screener.drafting.logic.misleading import NOT_DATA, relative_end
from screener.drafting.logic.parts import Node, Part, flat, split
from screener.drafting.logic.promises import with_times
from screener.drafting.logic.shapes import (
    TREATED,
    can_be_narrowed,
    is_bare,
    is_class,
    is_measured,
    is_of_women,
    names_several,
)
from screener.drafting.logic.stubs import lacks_allergy
from screener.drafting.logic.times import timed
from screener.drafting.logic.viruses import active_alike
from screener.model import rule as r

_JOINING = JOINS | {"COMBINED"}
_ASKING = frozenset({"PERSON", "GROUP"})


class Clauses(Brackets, Joining):
    """Reads clauses, and joins them."""

    def clauses(self, parts: Sequence[Part]) -> Node:
        """Clauses and the words that join them."""
        if _JOINING.isdisjoint([part.type for part in parts]):
            node = self.clause(parts)
            return self.unclear(parts) if node.kind == "unclear" else node
        stretches, joins = [], []
        for stretch, join in split(self._with_slashes(_with_and(parts)), JOINS):
            if stretch:
                stretches.append(stretch)
                joins.append(join)
        stretches, joins = with_times(self.text, stretches, joins)
        nodes = [self.clause(stretch) for stretch in active_alike(stretches)]
        if not nodes or self._chooses(parts) or any(node.kind == "unclear" for node in nodes):
            return self.unclear(parts)
        whole = relative_end(self.text, nodes, stretches)
        if whole < len(nodes):
            start, end = nodes[whole].start, nodes[-1].end
            stretches[whole:] = [[part for one in stretches[whole:] for part in one]]
            joins = [*joins[:whole], ""]
            quoted = Node("person", self.quoted(start, end), start, end)
            nodes[whole:] = [quoted if nodes[whole].kind in NOT_DATA else self.clause(stretches[whole])]
        if len(nodes) == 1:
            return nodes[0]
        word = self.word(nodes, joins[:-1])
        if word is None and _ends_with_or(stretches) and self.kind == "exclusion":
            word = "or" if {*joins[:-1]} == {"COMMA"} else None
        nodes = dated_alike(nodes, self.events, self.text)
        if word == "or" and self.kind == "exclusion" and lacks_allergy(self.text, nodes):
            return (
                self.unclear(parts) if _limits(stretches[-1]) else self.joined(self._allergies(nodes), word)
            )
        if word is None or misleads(self.text, self.kind, nodes, stretches, joins[:-1], word):
            return self.unclear(parts)
        return self.joined(nodes, word)

    def _allergies(self, nodes: Sequence[Node]) -> list[Node]:
        """`allergy to A or its excipients`: an allergy to A, or what the whole asks of a person."""
        start, end = nodes[0].start, nodes[-1].end
        named = [node for node in nodes if node.kind == "rule" and isinstance(node.rule, r.Allergy)]
        unread = any(node.kind in ("words", "mixed") for node in nodes)
        return [*named, Node("words" if unread else "person", self.quoted(start, end), start, end)]

    def _with_slashes(self, parts: Sequence[Part]) -> Sequence[Part]:
        """`in CR/PR`: a sign within words that were not read joins no clauses."""
        found = list(parts)
        for at in range(1, len(parts) - 1):
            before, part, behind = parts[at - 1 : at + 2]
            if part.type != "SLASH" or before.end != part.start or part.end != behind.start:
                continue
            if before.rule is None and behind.rule is None and not before.inner:
                found[at] = part._replace(type="WORD")
            elif (before.rule is None) != (behind.rule is None):
                found[at] = part._replace(type="TURNING")  # allergy/…: a word for both, or one of two?
        return found

    def _chooses(self, parts: Sequence[Part]) -> bool:
        """`A with either B or C`, `A, either B or C`: the `either` joins nothing to A."""
        return any(part.type == "OR" and self.text[part.start : part.end].casefold() == "either"
                   and before.type not in _WORDS for before, part in pairwise(parts))  # fmt: skip

    def clause(self, parts: Sequence[Part]) -> Node:
        """One clause: a claim, words for a person, or a mixture."""
        start, end = parts[0].start, parts[-1].end
        types = [part.type for part in parts]
        in_bracket = types == ["CLAIM", "GROUP"] and ends_for_a_person(parts[1].inner)
        if not _ASKING.isdisjoint(types) and asks_a_person(parts) and not in_bracket:
            return Node("person", self.quoted(start, end), start, end)
        if "UNAIDED" in types:
            return self._unaided(parts)
        if types == ["POSITIVE", "CLAIM", "GROUP"] and self._is_serology(parts):
            return self.sentence(parts[2].inner[1:])._replace(start=start, end=end)
        if types[0] == "SIGNS" and len(parts) > 1 and not turns(parts[2:]):
            return self._signs(parts)
        if not TURNING.isdisjoint(types):
            return Node("unclear", None, start, end)
        if parts[0].type == "CLAIM":
            claimed = self._claimed(parts)
            if claimed is not None:
                return claimed
        elif parts[-1].type == "GROUP" and all(part.type == "LABEL" for part in parts[:-1]):
            if len(parts) > 1 and not all(
                is_measured(part.rule) for part in flat(parts[-1].inner) if part.rule
            ):
                return self._worded(parts)
            inner = [part._replace(type="COMMA") if part.type == "SEMI" else part for part in parts[-1].inner]
            return self.sentence(inner) if inner else Node("words", None, start, end)
        return self._worded(parts)

    def _is_serology(self, parts: Sequence[Part]) -> bool:
        """`seropositive for hepatitis B (defined by a positive HBsAg)`: of several tests the named one."""
        if not _is_bare_disease(parts[1].rule):
            return False
        first, *tests = parts[2].inner
        measured = all(is_measured(part.rule) for part in tests if part.type == "CLAIM")
        return first.type == "DEFINED" and measured and all(part.type in ("CLAIM", *JOINS) for part in tests)

    def _signs(self, parts: Sequence[Part]) -> Node:
        """`clinical signs of X`: X may be there without them, and they without X. A person knows."""
        start, end = parts[0].start, parts[-1].end
        if self.kind == "inclusion" or not isinstance(parts[1].rule, r.Condition):
            return self.unclear(parts)
        return Node("person" if len(parts) == 2 else "words", self.quoted(start, end), start, end)

    def _unaided(self, parts: Sequence[Part]) -> Node:
        """`platelets >= 50 x 10^9/L without transfusion`: the value, and a person says how it came.

        In an exclusion, a value that is high enough may still be too low without help.
        """
        at = next(at for at, part in enumerate(parts) if part.type == "UNAIDED")
        whole = self.kind == "exclusion" or at == 0
        start, end = (parts[0].start, parts[-1].end) if whole else (parts[at].start, parts[at].end)
        said = Node("person", self.quoted(start, end), start, end)
        if len(parts) == 1:
            return said if self.kind == "inclusion" else self.unclear(parts)
        node = self.clause([*parts[:at], *parts[at + 1 :]])  # behind it, the time of the value
        if node.kind != "rule":
            return self.unclear(parts)
        return self.joined((node, said), "and" if self.kind == "inclusion" else "or")

    def _claimed(self, parts: Sequence[Part]) -> Node | None:
        """A clause that begins with claims, where what follows on them is clear."""
        claims, rest = _claims(parts)
        if rest and rest[0].type == "TIMING" and len(claims) == 1:
            rule = self._timed_behind(claims[0], rest[0].window)
            if rule is not None:
                claims, rest = [claims[0]._replace(rule=rule, end=rest[0].end)], rest[1:]
        joined = self._together(claims)
        if joined is None:
            return None
        if all(part.type == "GROUP" for part in rest):
            return self.with_brackets(joined, rest)
        if (
            self.narrows(joined)
            and rest
            and not turns(rest)
            and (len(claims) == 1 or can_be_narrowed(joined.rule))
        ):
            told = rest[0].type == "THAT" or all(self._is_measurable(part) for part in rest)
            return self.narrowed(joined, parts[-1].end, "rule" if told else "mixed")
        return None

    def _timed_behind(self, claim: Part, window: r.Window | None) -> r.Rule | None:
        """A claim with the time behind it: `malignancy other than myeloma within 3 years`, too."""
        rule = claim.rule
        if claim.refused:  # the list with its time had no clear meaning, but for its end
            return None if window is None else dated_events(rule, window, self.events)
        other_than = "other than" in self.text[claim.start : claim.end].casefold()
        if not isinstance(rule, r.Condition) or not rule.exceptions or not other_than:
            return timed(rule, window)
        return None if window is None else dated(rule, window)

    def _is_measurable(self, part: Part) -> bool:
        """`myeloma with measurable disease`: a person says whether it is."""
        return part.type == "LABEL" and "measurable" in self.text[part.start : part.end].casefold()

    def _worded(self, parts: Sequence[Part]) -> Node:
        """A clause of words that no claim took, with or without claims among them."""
        start, end = parts[0].start, parts[-1].end
        types = {part.type for part in flat(parts)}
        if not types.isdisjoint(TURNING):
            return Node("unclear", None, start, end)
        if "CLAIM" in types:
            return Node("mixed", self.quoted(start, end), start, end)
        judged = any(part.type == "LABEL" for part in parts)  # adequate …: who judges it?
        return Node("person" if judged else "words", self.quoted(start, end), start, end)

    def _together(self, claims: Sequence[Part]) -> Part | None:
        """`A without B`, `A with B`: claims of one clause that hold together; None where they may not."""
        first, *others = claims
        if not others:
            return first
        kept = [claim for claim in others if not (isinstance(claim.rule, r.Sex) and is_of_women(first.rule))]
        end = first.end
        for claim in others:
            if claim in kept and not self._holds_with(first, claim, end, alone=len(others) == 1):
                return None
            end = claim.end
        rules = tuple(claim.rule for claim in (first, *kept) if claim.rule is not None)
        return Part("CLAIM", first.start, end, rules[0] if len(rules) == 1 else r.All(rules))

    def _holds_with(self, first: Part, claim: Part, end: int, *, alone: bool) -> bool:
        """Whether a claim holds beside the first of its clause; `end` is where the one before it ends."""
        without = claim.rule.rule if isinstance(claim.rule, r.Not) else None
        if self.kind == "exclusion" and is_measured(first.rule) and isinstance(without, TREATED):
            return False  # hemoglobin < 8 g/dL without transfusion: who has less with one is no better off
        linked = first_word(self.text[end : claim.end]) in WITH
        if linked and isinstance(claim.rule, r.Marker) and not first.value:
            return True  # leukemia with A or B
        if any(
            (part.value and not is_class(part.rule)) or names_several(part.rule) for part in (first, claim)
        ):
            return isinstance(claim.rule, r.Not)  # which members of a list hold together is not said
        if self.kind == "inclusion" and is_measured(first.rule) and isinstance(claim.rule, r.Condition):
            return False  # AST <= 5 x ULN with liver metastases: asked of all, or a limit for some?
        if linked or isinstance(claim.rule, r.Not):
            return True
        if self.kind == "inclusion" and is_bounded(first.rule) and is_bounded(claim.rule):
            return True  # ANC >= 1500/uL platelets >= 100,000/uL: a list that lost its signs
        of_class = is_class(first.rule) and isinstance(claim.rule, r.Condition)
        with_class = is_class(claim.rule) and can_be_narrowed(first.rule)
        return alone and (of_class or with_class or isinstance(claim.rule, r.Age))


def _is_bare_disease(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Condition) and is_bare(rule) and len(rule.patterns) == 1


def _limits(parts: Sequence[Part]) -> bool:
    """`allergy to A or its excipients refractory to treatment`: that may be said of A, too."""
    return any(part.type in ("REFRACTORY", "THAT") or isinstance(part.rule, r.Course) for part in flat(parts))


def _ends_with_or(stretches: Sequence[Sequence[Part]]) -> bool:
    """`A, B or C`, of which the last two were read as one claim."""
    last = stretches[-1]
    return len(last) == 1 and last[0].value == "OR" and not is_class(last[0].rule)


def _with_and(parts: Sequence[Part]) -> Sequence[Part]:
    """`FLC >= 100 mg/L together with an abnormal ratio`: between measurements, it is an `and`."""
    found = list(parts)
    for at, part in enumerate(parts[1:-1], 1):
        before, behind = parts[at - 1], parts[at + 1]
        if before.type == "COMMA" and at > 1:
            before = parts[at - 2]
        if part.type == "COMBINED" and is_measured(before.rule) and is_measured(behind.rule):
            found[at] = part._replace(type="AND")
    return found


_WORDS = JOINS - {"COMMA"}


def _claims(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The claims that a clause begins with, and the rest of it."""
    at = 0
    while at < len(parts) and parts[at].type == "CLAIM":
        at += 1
    return list(parts[:at]), list(parts[at:])
