"""`uncontrolled illness, including infection or stroke`: its adjectives are those of the kinds it lists."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast

from screener.drafting.claims.leads import DESCRIBED
from screener.drafting.logic.parts import Part
from screener.drafting.logic.shapes import is_class
from screener.model import rule as r

# What names no disease of its own: an exclusion by it is one by what it lists, and a person says what else.
_ILLNESS = frozenset({
    "illness", "illnesses", "condition", "conditions", "disease", "diseases", "disorder", "disorders",
    "comorbidity", "comorbidities", "event", "events",
})  # fmt: skip
_PRESENT = frozenset({"intercurrent"})  # it is there: what any record of a disease says
_DESCRIBING = frozenset({"WORD", "QUALIFIER", "JUDGED", "OTHER", "ONGOING"})


def is_illness(parts: Sequence[Part], text: str) -> bool:
    """Whether the words name an illness of no kind: `uncontrolled intercurrent illness`."""
    if not parts or any(part.type not in _DESCRIBING for part in parts):
        return False
    return text[parts[-1].start : parts[-1].end].casefold() in _ILLNESS


def adjectives(parts: Iterable[Part], text: str) -> r.Pattern:
    """The adjectives among the words, as a pattern of no disease."""
    found = list(parts)
    qualifiers = dict.fromkeys(part.value for part in found if part.type == "QUALIFIER")
    judged = [text[part.start : part.end] for part in found if part.type == "JUDGED"]
    that = " ".join(word for word in judged if word.casefold() not in _PRESENT)
    return r.Pattern("", cast(Any, tuple(qualifiers)), that=that)


def with_class(parts: Sequence[Part]) -> list[Part]:
    """The members of a list, with a functional class and the disease before it as one of them."""
    found: list[Part] = []
    for part in parts:
        if not is_class(part.rule) or not found or not _ends_with_heart_failure(found[-1].rule):
            found.append(part)
            continue
        listed = found.pop()
        assert isinstance(listed.rule, r.Condition)
        assert part.rule is not None
        *others, last = listed.rule.patterns
        if others:
            found.append(listed._replace(rule=replace(listed.rule, patterns=tuple(others))))
        classed = r.All((replace(listed.rule, patterns=(last,)), part.rule))
        found.append(part._replace(rule=classed, refused=part.refused or listed.refused))
    return found


def stand_together(one: Part, other: Part) -> bool:
    """`lymphoma with CNS involvement`: two claims of one member; a class and its disease are one anyway."""
    claims = one.type == other.type == "CLAIM"
    return claims and not (is_class(one.rule) or is_class(other.rule))


def is_example(rule: r.Rule | None) -> bool:
    """A disease, several of which one is enough, or one of a functional class."""
    classed = isinstance(rule, r.All) and any(map(is_class, rule.of))
    return classed or isinstance(rule, r.Condition | r.Any)


def _ends_with_heart_failure(rule: r.Rule | None) -> bool:
    return (
        isinstance(rule, r.Condition)
        and rule.patterns[-1] == r.Pattern("heart_failure")
        and (rule.quantifier == "any" and not rule.exceptions)
    )


def sharing(rule: r.Rule, shared: r.Pattern, *, history: bool = False) -> r.Rule:
    """The rule with the adjectives on each disease that has none of its own and no time.

    `active` is not enough of its own: in `uncontrolled illness including active infection, hypertension` it
    may have come to the hypertension from the head of the list.
    """
    match rule:
        case r.Condition(patterns=patterns) if not rule.history:
            return replace(rule, history=history, patterns=tuple(_with(one, shared) for one in patterns))
        case r.Any(of=of):
            return r.Any(tuple(sharing(part, shared, history=history) for part in of))
        case _:
            return rule


def _with(pattern: r.Pattern, shared: r.Pattern) -> r.Pattern:
    own = replace(pattern, qualifiers=tuple(word for word in pattern.qualifiers if word != "active"))
    if own != r.Pattern(pattern.concept) or pattern.concept.startswith(DESCRIBED):
        return pattern
    qualifiers = dict.fromkeys([*pattern.qualifiers, *shared.qualifiers])
    return replace(pattern, qualifiers=tuple(qualifiers), that=shared.that)
