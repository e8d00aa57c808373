"""The text above a list: how its items hang together, and what it says itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from screener.drafting.logic.compose import Composer
from screener.drafting.logic.dating import dated
from screener.drafting.logic.labels import turns
from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.shapes import is_measured, names_people
from screener.drafting.logic.times import timed
from screener.model import rule as r
from screener.model.trial import CriterionKind

# How the text above a list relates to it:
#   nothing     it only introduces, or labels what the list defines
#   and         it is a requirement of its own, beside the list
#   defined     the list says what it means
#   including   the list gives kinds of it
#   except      the list gives what it does not mean
#   unfinished  a claim that each line of the list ends: `prior treatment with …`
#   whom        it says of whom the list speaks
#   words       it is not understood, and does not turn the list
#   unclear     it may turn the list, and is not understood
Relation = Literal[
    "nothing", "and", "defined", "including", "except", "unfinished", "whom", "words", "unclear"
]
Mode = Literal["any", "all", "list"]

_LINKS = frozenset(
    {"COLON", "COMMA", "DEFINED", "INCLUDING", "SUCH_AS", "EXCEPT", "AND", "DOT", "DASH", "SEMI", "BOTH"}
)
# the lead-in itself, and what may stand behind it: any of the following laboratory results within 14 days
_BEHIND = {"LABEL": frozenset({"LEAD"}), "TIMING": frozenset({"LEAD", "COMMA", "DEFINED"})}
_OF_LEAD = frozenset({"LEAD", *_BEHIND})
# what says that a list follows
_INTRODUCES = frozenset({"LEAD", "COLON", "DEFINED", "INCLUDING", "SUCH_AS", "EXCEPT"})
_UNFINISHED = frozenset({"PRIOR", "HISTORY", "ONGOING", "ALLERGY", "REFRACTORY", "RELAPSED", "OTHER",
                         "QUALIFIER", "JUDGED", "OR", "AND", "NO", "POSITIVE", "NEGATIVE"})  # fmt: skip
_NOUNS = frozenset({"therapy", "therapies", "treatment", "treatments"})
_PAST = frozenset({"HISTORY", "PRIOR"})
_DEMANDS = re.compile(r"\b(?:must|should|shall|agree\w*|(?<!without )measurable disease)\b", re.IGNORECASE)
# `a woman of childbearing potential is a woman who:`
_DEFINES_PEOPLE = re.compile(
    r"\b(?:is|are)(?: defined as)?(?: an?| any| those)? (?:sexually mature |mature )?"
    r"(?:females?|wom[ae]n|persons?|individuals?|participants?|subjects?) (?:who|that)\W*$",
    re.IGNORECASE,
)
# measurable disease before it was treated, the examples of what was said above, a scheme of signs
_OF_BEFORE = re.compile(
    r"\b(?:prior to|before) (?:the )?(?:initial|any|first|induction|start of)\b[^.;]*\b(?:following|by)\W*$|"
    r"\bsuch \w+ include|^\W*(?:major|minor) criteria\b",
    re.IGNORECASE,
)
# a disease, as told by the list
_DEFINES = re.compile(
    r"(?:\bas follows|\b(?:as evidenced? )?by|\bi\.?e\.?)"
    r"(?: (?:any |either |at least )?(?:one )?of the following)?\s*[:,]?\s*$",
    re.IGNORECASE,
)
_IS_DEFINED = re.compile(r"\b(?:is|are|will be) defined\b", re.IGNORECASE)
_LABELS = frozenset({"LABEL", "COLON", "COMMA", "AND", "OR", "SLASH", "DOT", "SEMI", "GROUP"})


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a list."""

    relation: Relation
    mode: Mode
    node: Node | None = None  # what it says itself, where it says anything
    window: r.Window | None = None  # a time that it gives to all below it
    measurable: bool = False  # it is about measurable disease, of which one kind is enough


def head_of(text: str, kind: CriterionKind, parts: Sequence[Part]) -> Head:
    """Reads the text above a list from its parts."""
    rest, mode, links = _lead(parts)
    if defines := _DEFINES.search(text):
        links.add("DEFINED")
        rest = [part for part in rest if part.start < defines.start() and part.type != "THAT"]
    window = next((part.window for part in parts if part.type == "TIMING"), None)
    rest = [part for part in rest if part.type != "TIMING"]
    head = replace(_head(text, kind, rest, mode, links), window=window)
    if head.relation == "except" and head.node is not None and window is not None:
        rule = dated(head.node.rule, window)
        head = Head("unclear", mode) if rule is None else replace(head, node=head.node._replace(rule=rule))
    if head.relation == "and" and head.node is not None and head.node.kind == "rule":
        rule = timed(head.node.rule, window)  # its own: what is below is required beside it
        head = Head("unclear", mode) if rule is None else Head("and", mode, head.node._replace(rule=rule))
    elaborated = not links & _INTRODUCES and head.relation in ("and", "defined", "words", "including")
    return replace(head, relation="unclear") if elaborated else head


def _head(text: str, kind: CriterionKind, rest: Sequence[Part], mode: Mode, links: set[str]) -> Head:
    if _DEFINES_PEOPLE.search(text) or _OF_BEFORE.search(text):
        return Head("unclear", mode)  # what is below asks it of nobody, or not of how the patient is now
    if "EXCEPT" in links and not rest:
        return Head("unclear", mode)  # exceptions from what stands above
    if not rest or all(_is_label(part) for part in rest):
        return Head(
            "nothing", mode, measurable="measurable" in text.casefold() or "evaluable" in text.casefold()
        )
    if all(part.type in _UNFINISHED for part in rest) or (kind == "exclusion" and _names_past(rest, text)):
        return Head("unfinished", mode)
    composer = Composer(text, kind)
    if any(part.type in ("DOT", "SEMI") for part in rest):
        return Head("unclear", mode, composer.whole(rest))  # which of its sentences the list belongs to
    if "EXCEPT" in links:
        node = composer.sentence(rest)
        excepting = node.kind == "rule" and (is_measured(node.rule) or _names_disease(node.rule))
        return Head("except", mode, node) if excepting else Head("unclear", mode)
    if rest[0].type in ("IF", "SCOPE") or _names_group(rest):
        whom = _whom(composer, rest)
        return Head("unclear" if _demands(text, rest) else "whom", mode, whom)
    node = composer.sentence(rest)
    if node.kind == "unclear" or _permits(rest):
        return Head("unclear", mode, node)
    if node.kind == "person" and kind == "inclusion" and mode == "list":
        return Head("unclear", mode, node)
    if node.kind != "rule" and isinstance(node.rule, r.If):
        return Head("unclear", mode, node)  # females: if of childbearing potential, one of: who is asked?
    if node.kind != "rule" and kind == "inclusion" and _IS_DEFINED.search(text):
        return Head("unclear", mode, node)  # `treatment failure is defined as:` asks for nothing
    if node.kind != "rule":
        judged = any(part.type == "PERSON" for part in flat(rest[1:]))  # contraindications, by: it is said
        defined = kind == "exclusion" and "DEFINED" in links and not judged
        return Head("defined" if defined else "words", mode, node)
    if "INCLUDING" in links or "SUCH_AS" in links:
        return Head("including" if kind == "exclusion" else "unclear", mode, node)
    if "DEFINED" in links:
        return Head("defined", mode, node)
    if kind == "inclusion" and links == {"COLON"} and isinstance(node.rule, r.Condition):
        return Head("unclear", mode, node)  # `solid tumors:` may say of whom
    return Head("and", mode, node)


def _names_past(parts: Sequence[Part], text: str) -> bool:
    """`any of the following prior therapies:`, `received the following prior therapy:`."""
    *others, last = parts
    noun = last.type == "WORD" and text[last.start : last.end].casefold() in _NOUNS
    said = {part.type for part in others}
    return noun and bool(said & _PAST) and said <= _PAST | {"LEAD"}


def _names_disease(rule: r.Rule | None) -> bool:
    """A disease, or one that excludes unless a person says otherwise."""
    main = rule.rule if isinstance(rule, r.Unless) and isinstance(rule.exception, r.Manual) else rule
    return isinstance(main, r.Condition)


def _lead(parts: Sequence[Part]) -> tuple[list[Part], Mode, set[str]]:
    """The parts without the lead-in at their end, the way in which it joins, and the words that link it."""
    rest, links = list(parts), set()
    mode: Mode = "list"
    while rest and (rest[-1].type in _LINKS or rest[-1].type in _OF_LEAD):
        if rest[-1].type in _BEHIND and not (len(rest) > 1 and rest[-2].type in _BEHIND[rest[-1].type]):
            break
        part = rest.pop()
        if part.type == "LEAD":
            mode = part.value if part.value in ("any", "all") and mode == "list" else mode  # type: ignore[assignment]
        links.add(part.type)
    return rest, mode, links


def _names_group(parts: Sequence[Part]) -> bool:
    """`women:`, `women < 50 years of age:`."""
    first, *others = parts
    return names_people(first.rule) and all(isinstance(part.rule, r.Age) for part in others)


def _whom(composer: Composer, parts: Sequence[Part]) -> Node:
    claims = [part for part in parts if part.type == "CLAIM"]
    others = [part for part in parts if part.type not in ("CLAIM", "IF", "COMMA", "COLON")]
    start, end = parts[0].start, parts[-1].end
    if parts[0].type == "SCOPE" and all(
        part.type in ("SCOPE", "COLON", "COMMA", "AND", "OR") for part in parts
    ):
        return Node("person", composer.exactly(start, end), start, end)
    rules = tuple(claim.rule for claim in claims if claim.rule is not None)
    if len(rules) == 1 and not others:
        return Node("rule", rules[0], start, end)
    if _names_group(parts):
        return Node("rule", r.All(rules), start, end)
    return Node("mixed", composer.quoted(start, end), start, end)


def _is_label(part: Part) -> bool:
    """A label, or a bracket that says nothing of it that counts (`unless due to the disease`)."""
    leads = all(one.type in _OF_LEAD or one.type in ("COMPARE", "NUMBER", "COLON") for one in part.inner)
    return part.type in _LABELS and (leads or part.type != "GROUP" or not turns(part.inner))


def _demands(text: str, parts: Sequence[Part]) -> bool:
    """`cohort 2: untreated myeloma classified as …`: besides whom it speaks of, it says what is asked."""
    words = text[parts[0].end : parts[-1].end]
    if parts[0].type == "SCOPE" and text[: parts[0].end].rstrip().endswith(":") and len(parts) > 1:
        return True
    return any(part.type == "COLON" for part in parts[1:-1]) or _DEMANDS.search(words) is not None


def _permits(parts: Sequence[Part]) -> bool:
    return any(part.type in ("TURNING", "EXCLUDED", "UNLESS", "PROVIDED") for part in flat(parts))
