"""Published words with the rule that they come to, and what several of them come to together."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from screener.drafting.claims.leads import DESCRIBED
from screener.drafting.layout.items import Item
from screener.drafting.layout.wordings import lets_in
from screener.drafting.logic.heads import Head
from screener.drafting.logic.shapes import is_measured
from screener.drafting.logic.times import timed
from screener.drafting.reader import Reading, Standing
from screener.model import rule as r
from screener.model.trial import CriterionKind


class Drafted(NamedTuple):
    """Published words and the rule that they come to."""

    text: str
    rule: r.Rule
    standing: Standing


def conditional(kind: CriterionKind, whom: Drafted, part: Drafted) -> Drafted:
    """A part that is said of some only."""
    rule: r.Rule = r.If(whom.rule, part.rule) if kind == "inclusion" else r.All((whom.rule, part.rule))
    if kind == "exclusion" and isinstance(whom.rule, r.Manual) and isinstance(part.rule, r.Manual):
        rule = r.Manual(f"{whom.rule.text} {part.rule.text}")  # one question: neither turns the other
    text = part.text if part.text.startswith(whom.text) else f"{whom.text} {part.text}"
    return Drafted(text, rule, worst([whom.standing, part.standing]))


def together(rules: Sequence[r.Rule], *, any_of: bool) -> r.Rule:
    flat: list[r.Rule] = []
    for rule in rules:
        if isinstance(rule, r.Any if any_of else r.All):
            flat += rule.of
        else:
            flat.append(rule)
    members = tuple(dict.fromkeys(flat))
    if len(members) == 1:
        return members[0]
    return r.Any(members) if any_of else r.All(members)


def worst(standings: Iterable[Standing]) -> Standing:
    """How several parts stand together."""
    found = set(standings)
    if len(found) == 1:
        return found.pop()
    return "understood" if found == {"understood", "a person's to decide"} else "partly"


def quoted_below(head: str, part: Drafted) -> Drafted:
    """A part of a list whose head is not understood, and may turn it or narrow it."""
    text = part.text if part.text.startswith(head) else f"{head} {part.text}"
    return Drafted(text, r.Manual(text), worst([part.standing, "partly"]))


def whole(item: Item, standings: Sequence[Standing]) -> Drafted:
    """One quotation of an item and all below it."""
    text = full_text(item)
    standing: Standing = "partly" if set(standings) & {"understood", "partly"} else worst(standings)
    return Drafted(text, r.Manual(text), standing)


def full_text(item: Item) -> str:
    """The words of an item and of all below it, as published."""
    return " ".join([item.text, *map(full_text, item.children)])


def below_words(head: str, own: Drafted, part: Drafted) -> Drafted:
    """A ground to exclude below words that are not understood, and may turn or narrow it.

    `uncontrolled illness, including: unstable angina`: what is described is one, a bare disease may be; and
    where somebody judges, each is.
    """
    if not _INCLUDES.search(head):
        return quoted_below(head, part)
    described = isinstance(part.rule, r.Condition) and all(
        one.qualifiers or one.that or one.concept.startswith(DESCRIBED) for one in part.rule.patterns
    )
    alone = described or is_measured(part.rule) or isinstance(part.rule, r.Any | r.All | r.Unless)
    return part if alone and not _IS_JUDGED.search(head) else conditional("exclusion", own, part)


def is_of_all(heading: str) -> bool:
    """Whether what stands below a heading is asked of everybody."""
    return _OF_ALL.fullmatch(heading) is not None


def under_heading(kind: CriterionKind, scope: str, head: Head, reading: Reading, part: Drafted) -> Drafted:
    """A part with what the heading above it says of whom it speaks, or when."""
    rule = timed(part.rule, head.window)
    if head.relation == "nothing" and rule is not None:
        return part._replace(rule=rule)
    if _INTRODUCES.search(scope) or _ASKS.search(
        scope
    ):  # the head of a list whose members stand apart: no group of patients
        return quoted_below(scope, part)._replace(text=part.text)
    if head.relation == "whom" and head.node is not None and head.node.rule is not None:
        return conditional(kind, Drafted(scope, head.node.rule, reading.standing), part)
    return conditional(kind, Drafted(scope, r.Manual(scope), "not understood"), part)


def is_misled(kind: CriterionKind, head: Head, item: Item) -> bool:
    """Whether a list is not what its head or its section says: `patients must have:` in an exclusion."""
    return (kind == "exclusion" and lets_in(item.text)) or _of_the_other_sex(head, item)


def _of_the_other_sex(head: Head, item: Item) -> bool:
    """`women must be:` above `men must …`: the list has gone on to others."""
    rule = head.node.rule if head.node is not None else None
    if head.relation != "whom" or not isinstance(rule, r.Sex):
        return False
    other = _MALE if rule.sex == "female" else _FEMALE
    return any(other.match(child.text) for child in item.children)


_MALE = re.compile(r"\W*(?:males?|men|man)\b", re.IGNORECASE)
_FEMALE = re.compile(r"\W*(?:females?|women|woman)\b", re.IGNORECASE)
_INTRODUCES = re.compile(
    r"\bfollowing\b|\bmust be met\b|\binclude\b|^\W*(?:major|minor) criteria\b", re.IGNORECASE
)
_ASKS = re.compile(r"[<>≤≥]\s?\d[^:]*\.$")  # a sentence with a limit: it names no group
_OF_ALL = re.compile(
    r"common to (?:all\b|both\b)?.*|(?:cohort|arm|part|group|phase|disease)[- ]specific(?: criteria)?|"
    r"(?:for |in )?all (?:patients|subjects|participants|cohorts|arms|parts|phases|groups)",
    re.IGNORECASE,
)
_INCLUDES = re.compile(r"\binclud", re.IGNORECASE)
_IS_JUDGED = re.compile(r"\b(?:investigator|physician|opinion|judg\w+|considered|deemed)\b", re.IGNORECASE)
