"""Words that take back, doubt or date what the code beside them says.

A clinic picks the nearest code and writes beside it what it means: `B20`, "HIV test pending". None of
these words stands in the names that the code systems themselves give.
"""

import re
from typing import Literal

from screener.intake.fhir.naming import Namer
from screener.intake.fhir.resources import Resource, Said, items, meant

DENIED = "code: its words deny that it is there, or speak of something else"
DOUBTED = "code: its words doubt that it is there"
# At the beginning, or at the end.
_DENIES = re.compile(
    r"(?:ruled out|no|not|denies|negative for|absence of|without|family history|family hx|fhx?|"
    r"(?:at )?risk of|at risk|screening for|evaluation for|eval for|education|counsel\w*|referral|consult\w*|"
    r"candidate for|exposure to|planned|previous|past|(?:personal )?history of|h/o|hx of|"
    r"kein|keine|ausschluss)\b|"
    r".*\b(?:ruled out|excluded|unlikely|not done|consult\w*|evaluation|planning)$",
    re.I,
)
_DOUBTS = re.compile(
    r"(?:consider|query|concern for|screen(?:ing)?|unknown|old|verdacht|zustand nach)\b|[vz]\. ?[an]\.|\?|"
    r".*(?:\?|\bexposure|\bscreen(?:ing)?|\btest|\bcandidate|\splanned|\snegative)$",
    re.I,
)
# Wherever they stand.
_OPEN = re.compile(
    r"r/o\b|s/p\b|\b(?:rule[sd]?[- ]out|suspected|suspicion|questionable|unconfirmed|not confirmed|unlikely|"
    r"likely|possibl[ey]|probabl[ey]|presum(?:ed|ptive)|pending|awaiting|refus(?:ed|es|al)|declin(?:ed|es)|"
    r"deferred|postponed|scheduled|cancell?ed|work-?up|never|denie[sd]|tested|test negative|"
    r"(?:test|status) unknown|negative for|not (?:present|detected|found|seen)|tolerat(?:es|ed)|status post|"
    r"hx|history|prior|previously|formerly|resolved|prophyla\w+|vaccin\w+|fear of|"
    r"partner|mother|father|brother|sister|sibling|spouse|husband|wife|daughter)\b",
    re.I,
)
# Of a drug: that it was not given, or perhaps something else.
_NOT_GIVEN = re.compile(
    r"(?:no|not|without|hold|holding|avoid|consider\w*|query|\?)(?!\w)|.*\?$|"
    r".*\b(?:placebo|on hold|held|planned|pending|awaiting|not (?:started|given|taken|tolerated)|never|"
    r"refus(?:ed|es|al)|declin(?:ed|es)|deferred|cancell?ed|contraindicated|"
    r"(?:allerg(?:ic|y)|intoleran(?:t|ce)|hypersensitiv(?:e|ity)) to)\b",
    re.I,
)
# Of the reason why an order or a procedure has the status that it has.
_NEVER = re.compile(
    r"\b(?:never|not (?:started|given|taken|filled|done|performed|needed)|refus(?:ed|es|al)|declined|denied|"
    r"in error|duplicate\w*|cancell?ed|deferred|postponed)\b|\?",
    re.I,
)


def hedges(code: Said, names: Namer) -> Literal["denied", "doubted", ""]:
    """Whether words deny or doubt what they or the codes beside them name."""
    words = _unnamed(code, names)
    if names.implied(code):
        return ""
    if any(map(_DENIES.match, words)):
        return "denied"
    return "doubted" if any(_DOUBTS.match(one) or _OPEN.search(one) for one in words) else ""


def not_given(code: Said, names: Namer) -> bool:
    """Whether words beside a drug say that it was not given, or leave it open."""
    return any(map(_NOT_GIVEN.match, _unnamed(code, names)))


def may_not_have_been(resource: Resource) -> bool:
    """Whether the reason for its status leaves it open whether anything was given or done at all."""
    if "statusReason" not in resource:
        return False
    reasons = [meant(one, "statusReason") for one in items(resource, "statusReason")]
    return any(_NEVER.search(words) for one in reasons if one for words in one.words())


def _unnamed(code: Said, names: Namer) -> list[str]:
    """The words that are no name of the vocabulary, for a name says what it says; a test is none of what
    it tests for."""
    found = [(words, names.named(words)) for words in code.words()]
    return [words for words, one in found if one is None or one.kind in ("measurement", "scale")]
