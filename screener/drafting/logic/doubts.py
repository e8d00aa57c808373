"""Whether the word between two clauses may join other things than these: then a person reads the whole."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from screener.drafting.logic.dated_lists import dated_behind
from screener.drafting.logic.misleading import (
    cut_short,
    denies_a_part,
    excepts_on,
    had_then,
    last_two_alone,
    lost_noun,
    of_candidates,
    reaches_on,
    relative_reaches,
    remarks,
    says_of_all,
    shares_outcome,
    trails,
)
from screener.drafting.logic.parts import Node, Part
from screener.drafting.logic.shapes import is_class, is_measured, names_people
from screener.drafting.logic.stubs import is_torn
from screener.model import rule as r
from screener.model.trial import CriterionKind

_OR_TO = re.compile(r"\W*(?:and/)?or (?:na[iï]ve|refractory|resistant|sensitive|exposed) to\b", re.IGNORECASE)
_FEW_WORDS = 3
_JUDGES = frozenset({"investigator", "physician", "investigators", "pi", "sponsor", "clinician"})
WITH = frozenset({"with", "who", "having", "that"})


def misleads(
    text: str,
    kind: CriterionKind,
    nodes: Sequence[Node],
    stretches: Sequence[Sequence[Part]],
    joins: Sequence[str],
    word: str,
) -> bool:
    """Whether there is doubt about what a joining word joins."""
    required = kind == "inclusion"
    return (
        any(part.refused for stretch in stretches for part in stretch)
        or _asks_of_both(nodes)
        or (word == "and" and _tests_again(nodes))
        or _is_judged(text, stretches)
        or says_of_all(text, nodes)
        or cut_short(stretches, joins, word == "or")
        or excepts_on(text, nodes)
        or (required and last_two_alone(nodes, joins))
        or remarks(text, nodes, word)
        or denies_a_part(text, nodes, stretches, word)
        or reaches_on(nodes, stretches)
        or dated_behind(text, nodes, stretches)
        or lost_noun(text, nodes)
        or (nodes[-1].kind == "mixed" and _excepts(stretches[-1]))
        or had_then(text, nodes)
        or relative_reaches(text, nodes, stretches)
        or is_torn(text, nodes, stretches)
        or (any(node.kind in ("words", "person") for node in nodes) and _shares_object(text, nodes))
        or (word == "or" and _misleads_as_or(text, nodes, stretches, required=required))
    )


def _shares_object(text: str, nodes: Sequence[Node]) -> bool:
    """`sensitive or naive to A`: sensitive to A, too."""
    return any(_OR_TO.match(text, node.end) for node in nodes[:-1])


def _misleads_as_or(
    text: str, nodes: Sequence[Node], stretches: Sequence[Sequence[Part]], *, required: bool
) -> bool:
    return (
        (required and _may_lead(text, nodes))
        or any(_claims_more(stretch) for stretch in stretches)
        or any(_lost_a_sign(text, stretch) for stretch in stretches)
        or trails(text, nodes, stretches, required=required)
        or shares_outcome(text, nodes, required=required)
        or of_candidates(nodes)
    )


def _may_lead(text: str, nodes: Sequence[Node]) -> bool:
    """`treatment is needed for age over 60 or thrombosis`: what a person decides may be said of both."""
    first, *others = nodes
    words = text[first.start : first.end].split()
    data = any(node.kind in ("rule", "mixed") for node in others)
    return first.kind == "person" and len(words) > _FEW_WORDS and data


def _lost_a_sign(text: str, parts: Sequence[Part]) -> bool:
    """`A B or C`, where nothing stands between two values: which of them the `or` joins is not clear."""
    bounded = [part for part in parts if part.type == "CLAIM" and is_bounded(part.rule)]
    return any(first_word(text[one.end : other.end]) not in WITH for one, other in pairwise(bounded))


def first_word(text: str) -> str:
    """The first word of a stretch, in lower case."""
    return next(iter(text.casefold().split()), "")


def _is_judged(text: str, stretches: Sequence[Sequence[Part]]) -> bool:
    """`A or B, as determined by the investigator`: who judges is no member of the list."""
    said = stretches[-1]
    words = text[said[0].start : said[-1].end].casefold().split()
    return all(part.type == "PERSON" for part in said) and bool(words) and words[-1] in _JUDGES


def is_bounded(rule: r.Rule | None) -> bool:
    return is_measured(rule) or isinstance(rule, r.Age)


def _claims_more(parts: Sequence[Part]) -> bool:
    """Whether a clause has several claims: `B with C`, which in a list may be meant of A, too."""
    claims = [part for part in parts if part.type == "CLAIM" and not isinstance(part.rule, r.Sex)]
    if len(claims) == 2 and is_class(claims[1].rule):
        return False  # heart failure of NYHA class III
    return len(claims) > 1 and not all(is_measured(claim.rule) for claim in claims)


def _excepts(parts: Sequence[Part]) -> bool:
    """`A or B (except …)`, where the exception is not understood: of which of the two is it one?"""
    return any(part.inner and part.inner[0].type in ("EXCEPT", "UNLESS") for part in parts)


def _tests_again(nodes: Sequence[Node]) -> bool:
    """`a negative serum test within 7 days and a negative urine test within 24 hours`: one test meets both
    times, two are asked for."""
    found = [replace(node.rule, within=None) for node in nodes if isinstance(node.rule, r.Finding)]
    return len(found) > len(set(found))


def _asks_of_both(nodes: Sequence[Node]) -> bool:
    """`women of childbearing potential or partners of such women must agree to …`: both have to agree."""
    return names_people(nodes[0].rule) and any(node.kind == "person" for node in nodes[1:])
