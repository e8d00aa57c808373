"""Where the word between two clauses may join other things than these: a person reads the whole."""

import re
from collections.abc import Sequence
from itertools import pairwise

from screener.drafting.logic.labels import EXAMPLES
from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.shapes import NOUNS, is_limit, is_measured, names_candidate
from screener.model import rule as r

# Words that begin a remark about what stands before them, not a member of a list.
_REMARKS = frozenset({
    "with", "which", "that", "who", "whom", "whose", "in", "for", "on", "requiring", "during", "resulting",
    "as", "by", "from", "at", "where", "when", "per", "due", "receiving", "occurring", "using", "lasting",
    "to", "than", "of", "including", "such", "not",
})  # fmt: skip
_LINK = re.compile(r"\b(?:or|and)\b|,")
_METHODS = frozenset({
    "by", "using", "via", "per", "based", "calculated", "measured", "determined", "assessed", "according",
})  # fmt: skip
_OUTCOMES = frozenset({"positive", "negative", "abnormal", "normal"})
NOT_DATA = frozenset({"words", "person"})
_ADJECTIVE = re.compile(
    r"evidence|presence|suspicion|(?:a )?history(?: of)?,?|"
    r"[\w-]+(?:al|ic|ous|ar|ary|ory|ive|able|ible|ed|ent|ant|oid)"
)
UNABLE = re.compile(r"(?:inability|unable)\b", re.IGNORECASE)  # said of the patient, not of a disease
_SOMETIMES = frozenset({"in", "for", "if", "when", "where", "during"})
_WOULD = re.compile(r"\b(?:that|which) (?:would|could|may|might|will|can)\b", re.IGNORECASE)
_OF_SEVERAL = re.compile(
    r"\b(?:that|which) (?:would|could|may|might|will|can|prevent|preclude|interfere|limit|impair|affect|"
    r"require|compromise|contraindicate|increase|make|put|place|have|are|were)\b",
    re.IGNORECASE,
)
# the end of a list that many protocols share: what would limit compliance is this alone
_SOCIAL = re.compile(r"psychiatric \w+\s?(?:/|or|and/or)\s?social", re.IGNORECASE)
# anaphylaxis or other reactions to A: to what the first was a reaction, too
_REACTION = re.compile(
    r"\b(?:reactions?|events?|toxicit(?:y|ies)|effects?)\s+(?:\w+\s+){0,2}to\b", re.IGNORECASE
)
_OTHER = re.compile(r"(?:any )?other\b", re.IGNORECASE)
_RENAL = frozenset({"creatinine", "creatinine_clearance", "egfr"})  # of which one is usually enough
_AT_DIAGNOSIS = re.compile(r"\bdiagnosis\b", re.IGNORECASE)
# how a promise begins: no negation before it reaches it
PROMISES = re.compile(
    r"(?:(?:is|are|be|must be|must|who is|who are) )?(?:willing|agree|agrees|agreement|commit|commits)\b",
    re.IGNORECASE,
)
_REACHING = frozenset({"QUALIFIER", "JUDGED", "HISTORY", "PRIOR", "ONGOING", "OTHER"})


def remarks(text: str, nodes: Sequence[Node], word: str) -> bool:
    """Whether a clause that is not understood may speak of another one."""
    for index, node in enumerate(nodes):
        if node.kind in ("words", "mixed", "person"):
            first = text[node.start : node.end].split(None, 1)[0].casefold().strip("(\"'")
            parallel = first == "who" and index and text[: node.start].rstrip().casefold().endswith(" or")
            if first in _REMARKS and not parallel and (index or word == "or"):
                return True  # of `A within 4 weeks, or who have not recovered` the last is of the patient
            if first in _SOMETIMES and not index:
                return True
            if index and word == "or" and _tells_how(text[nodes[index - 1].end : node.start]):
                return True
    return False


def _tells_how(gap: str) -> bool:
    """`using A or based on …`, `on X-ray or …`: what was set aside says that they tell of a method."""
    pieces = [piece.split() for piece in _LINK.split(gap.casefold())]
    behind = pieces[-1][1:] if pieces[-1][:1] == ["as"] else pieces[-1]
    return pieces[0][:1] == ["on"] or not _METHODS.isdisjoint(behind[:1])


def cut_short(stretches: Sequence[Sequence[Part]], joins: Sequence[str], any_of: bool) -> bool:
    """Whether a list goes on outside its claim with another word (`A or B and C`), or began before it."""
    outside = {word for join in joins for word in join.split()} & {"AND", "OR"}
    for stretch in stretches:
        if len(stretch) == 1 and stretch[0].type == "MEASURE":
            return True
        alone = len(stretch) == 1
        for part in stretch:
            noun = part.type == "CLAIM" and not is_limit(part.rule)
            other = part.value and outside and outside != {part.value}
            if noun and other and not (alone and any_of):
                return True
    return False


def last_two_alone(nodes: Sequence[Node], joins: Sequence[str]) -> bool:
    """`ANC >= 1, platelets >= 75, creatinine <= 2 or clearance >= 30`: the last two alone may be joined."""
    if len(nodes) < 3 or any("OR" in join for join in joins[:-1]) or "OR" not in joins[-1]:
        return False
    if not all(is_measured(node.rule) for node in nodes):
        return False
    renal = [_RENAL.issuperset(_measured(node.rule)) for node in nodes]
    return joins[-1] == "OR" or (all(renal[-2:]) and not all(renal))


def _measured(rule: r.Rule | None) -> frozenset[str]:
    return frozenset(rule.concepts if isinstance(rule, r.Measurement | r.Finding) else ("",))


def excepts_on(text: str, nodes: Sequence[Node]) -> bool:
    """`malignancy except A, B or what is not understood`: it may be one more of the exceptions."""
    return any(
        isinstance(node.rule, r.Condition)
        and node.rule.exceptions
        and later.kind != "rule"
        and text[node.end - 1] != ")"  # a bracket ends them
        for node, later in pairwise(nodes)
    )


def had_then(text: str, nodes: Sequence[Node]) -> bool:
    """`at diagnosis blurred protein or plasma cells >= 10 %`: a time of the past may be that of the rest."""
    return any(
        node.kind != "rule" and is_measured(later.rule) and _AT_DIAGNOSIS.search(text, node.start, node.end)
        for node, later in pairwise(nodes)
    )


def of_candidates(nodes: Sequence[Node]) -> bool:
    """`has blurred or ineligible for a transplant`, where the first is not understood: the two may be one."""
    return any(node.kind != "rule" and names_candidate(later.rule) for node, later in pairwise(nodes))


def reaches_on(nodes: Sequence[Node], stretches: Sequence[Sequence[Part]]) -> bool:
    """`active X, Y or Z`, `oral cavity, larynx or tongue cancer`, where X is not understood: its adjective
    may be meant for what follows, or the last noun for what stands before it."""
    last = max((index for index, node in enumerate(nodes) if node.kind == "rule"), default=-1)
    for at, (node, stretch) in enumerate(zip(nodes[: max(last, 0)], stretches, strict=False)):
        if node.kind == "person" and any(part.type in EXAMPLES for part in flat(stretch)):
            return True  # illness that would …, such as cardiac or liver disease
        if stretch[0].type == "MEASURE" and any(part.type == "CLAIM" for part in stretch):
            return True  # monoclonal spike: IgG > 3.5 g/dL or IgA > 2 g/dL, of which it may be said, too
        judged = node.kind == "person" and all(part.type != "PERSON" for part in flat(stretch))
        if node.kind not in ("words", "mixed") and not judged:
            continue
        noun = not judged and isinstance(nodes[at + 1].rule, NOUNS)
        if noun or any(part.type in _REACHING for part in flat(stretch)):
            return True
    return False


def relative_end(text: str, nodes: Sequence[Node], stretches: Sequence[Sequence[Part]]) -> int:
    """Where a relative clause begins that takes in the rest: `or a procedure that could change the
    absorption or tolerance of A or B`; the number of nodes where there is none."""
    at = len(nodes)
    while at > 0 and nodes[at - 1].kind in NOT_DATA:
        at -= 1
    own = any(UNABLE.match(text, node.start) for node in nodes[at:])
    if 0 < at < len(nodes) and not own and _has_relative(stretches[at - 1], text):
        return at - 1  # zoster that was disseminated, required hospitalization, or …
    return next((index for index in range(at, len(nodes) - 1)
                 if _WOULD.search(text, nodes[index].start, nodes[index].end)), len(nodes))  # fmt: skip


def lost_noun(text: str, nodes: Sequence[Node]) -> bool:
    """`unresectable or metastatic cancer`, where the first word is not understood: what it describes may
    stand behind the next one."""
    return any(node.kind in ("rule", "mixed") for node in nodes) and any(
        node.kind in NOT_DATA and _ADJECTIVE.fullmatch(text[node.start : node.end].casefold().strip())
        for node in nodes[:-1]
    )


def trails(text: str, nodes: Sequence[Node], stretches: Sequence[Sequence[Part]], *, required: bool) -> bool:
    """`lymphoma in complete or partial remission`: the `or` may stand among the words behind the first.

    What lets a patient in (`required`) is read more strictly: there a word set aside before the `or`, or a
    single word behind it, is enough for doubt.
    """
    for at in range(1, len(nodes)):
        before, node = nodes[at - 1], nodes[at]
        if node.kind != "words":
            continue
        single = len(text[node.start : node.end].split()) == 1
        if required and single:
            return True
        if before.kind not in ("rule", "mixed"):
            continue
        gap = _LINK.split(text[stretches[at - 1][-1].end : node.start].casefold())[0]
        if before.kind == "mixed" or is_measured(before.rule) or (required and gap.strip(" ,;.)")):
            return True
    return False


def shares_outcome(text: str, nodes: Sequence[Node], *, required: bool) -> bool:
    """`a positive drug screen or breath test`, `relapsed lymphoma or blurred leukemia`: the first word may be
    meant for what was not understood, too; or the disease, `untreated myeloma or have had one cycle`."""
    return any(
        (later.kind == "words" and _begins_with_outcome(text, node))
        or (later.kind in NOT_DATA and required and _described(node.rule))
        for node, later in pairwise(nodes)
    )


def _begins_with_outcome(text: str, node: Node) -> bool:
    first = text[node.start : node.end].casefold().split()[:1]
    return isinstance(node.rule, r.Finding) and not _OUTCOMES.isdisjoint(first)


def _described(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Condition) and any(one.that for one in rule.patterns)


def relative_reaches(text: str, nodes: Sequence[Node], stretches: Sequence[Sequence[Part]]) -> bool:
    """`zoster that was disseminated, or blurred therapy`: whether the last is a part of the relative clause
    is not clear, nor is in `blurred function or disease that may …` whether it speaks of the first."""
    last = max((at for at, node in enumerate(nodes) if node.kind == "mixed"), default=0)
    quoted = any(node.kind in ("words", "person") for node in nodes[:-1])
    return any(_has_relative(stretch, text) for stretch in stretches[:last]) or (
        quoted and _has_relative(stretches[-1], text)
    )


def _has_relative(parts: Sequence[Part], text: str) -> bool:
    """`zoster that was …`: a disease, and a clause that says which cases of it are meant."""
    behind = text[parts[0].end : parts[-1].end].split(None, 1)[:1]
    return isinstance(parts[0].rule, r.Condition) and behind in (["that"], ["which"])


def says_of_all(text: str, nodes: Sequence[Node]) -> bool:
    """`dementia or altered status that would compromise …`, `rash to A or B`: the end of a list may speak of
    what stands before it."""
    last = nodes[-1]
    other = _OTHER.match(text, last.start)  # `or any other disease that would …`: that one alone
    other = other or _SOCIAL.match(text, last.start)
    said = _WOULD if last.kind == "person" else _OF_SEVERAL
    said = _REACTION if _REACTION.search(text, last.start, last.end) else said
    if (
        last.kind != "rule"
        and (other is None or said is _REACTION)
        and said.search(text, last.start, last.end)
    ):
        return any(node.kind == "rule" and isinstance(node.rule, (*NOUNS, r.Any)) for node in nodes[:-1])
    return any(node.kind == "mixed" and later.kind == "words" and _to_what(node.rule)
               for node, later in pairwise(nodes))  # fmt: skip


def _to_what(rule: r.Rule | None) -> bool:
    """A disease narrowed by what it comes from, of which a list may follow."""
    return isinstance(rule, r.Condition) and any(
        one.that.split(None, 1)[:1] in (["to"], ["from"], ["of"], ["with"]) for one in rule.patterns
    )


def denies_a_part(text: str, nodes: Sequence[Node], stretches: Sequence[Sequence[Part]], word: str) -> bool:
    """`no A, B or C`, where only A was read as denied: how far the negation reaches is not clear.

    `not pregnant and willing to …` promises: the negation ends before it."""
    denied = [
        index
        for index, (node, stretch) in enumerate(zip(nodes, stretches, strict=False))
        if isinstance(node.rule, r.Not) or (node.kind != "rule" and _denies(node, stretch))
    ]
    if not denied:
        return False
    later = nodes[denied[0] + 1 :]
    if word == "and":
        later = [node for node in later if node.kind != "person" or not PROMISES.match(text, node.start)]
    clear = (r.Measurement, r.Age, r.Sex, r.Not)
    return any(not isinstance(node.rule, clear) or (word == "or" and not isinstance(node.rule, r.Not))
               for node in later)  # fmt: skip


def _denies(node: Node, parts: Sequence[Part]) -> bool:
    """Whether words that are not understood deny: at their beginning, or `healthy with no A` anywhere."""
    asked = parts[:1] if node.kind == "person" else parts
    return any(part.type == "NO" or isinstance(part.rule, r.Not) for part in asked)
