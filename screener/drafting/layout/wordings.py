"""Headings of a section in ordinary words: "Who can take part", "Not eligible if", "Patients must have"."""

import re
from typing import Literal, NamedTuple


class Worded(NamedTuple):
    """What a heading in ordinary words opens."""

    section: Literal["inclusion", "exclusion"]
    # "Who can take part" is never a criterion, also behind a number; "Other exclusions"; "Not eligible if";
    # "Patients must not have" may as well be one criterion of a section.
    form: Literal["asks", "names", "tells", "demands"]


def worded(line: str, bulleted: bool) -> Worded | None:
    """The section that a line opens by its wording: all of it, so that it says nothing of its own."""
    if len(line) > _LONGEST or line[-1] in ".;,":
        return None
    said = _spoken(line)
    for opens, pattern in _WORDINGS:
        if pattern.fullmatch(said) and (opens.form == "asks" or not bulleted):
            # Where any lets in, or all are needed to keep out, it is part of the logic and no heading.
            turned = _SOME if opens.section == "inclusion" else _ALL
            return None if turned.search(said) else opens
    return None


def lets_in(line: str) -> bool:
    """Whether all of a line says that what is listed below it lets in."""
    if len(line) > _LONGEST or line[-1] != ":":
        return False
    said = _spoken(line)
    return any(opens.section == "inclusion" and pattern.fullmatch(said) for opens, pattern in _WORDINGS)


def is_remark(said: str, section: str) -> bool:
    """Whether the words beside the name of a section only tell how its criteria count: all must be
    met, none may be met."""
    words = _WORD.findall(said.casefold())
    told = _ALL if section == "inclusion" else _NONE
    turned = _NONE_OR_SOME if section == "inclusion" else _ALL
    counts = bool(told.search(said)) and not turned.search(said) and bool(_COUNTED.search(said))
    return counts and _COUNTING.issuperset(words)


def turns(line: str, section: str) -> bool:
    """Whether a line above a list may say, in words that are not understood, that the list is on the
    other side: that it keeps out, or after a section that keeps out, that it lets in."""
    if len(line) > _LONGEST:
        return False
    if section == "exclusion":
        return bool(_LETS_IN.search(line)) and not _AGAINST.search(line)
    return bool(_AGAINST.search(line)) and bool(_ABOUT.search(line))


_LONGEST = 100  # characters
_WORD = re.compile(r"[\w'’]+")
_SOME = re.compile(r"(?i)\b(?:any|one|either|least|some)\b")
_ALL = re.compile(r"(?i)\b(?:all|each|every|both)\b")
_NONE = re.compile(r"(?i)\b(?:none|no|not|any|absent)\b")
_NONE_OR_SOME = re.compile(r"(?i)\b(?:none|no|not|absent|any|one|either|least|some|two)\b")
_COUNTED = re.compile(
    r"(?i)\b(?:met|fulfilled|satisfied|present|absent|true|appl(?:y|ies)|answer(?:ed)?|required)\b"
)
_COUNTING_WORDS = """
    all each every none no not any one or more of the these following must may can should be have has to
    met fulfilled satisfied present absent true apply applies answered answer yes required is are if
    criteria criterion patient patients subject subjects participant participants excludes exclude
"""
_COUNTING = frozenset(_COUNTING_WORDS.split())


def _spoken(line: str) -> str:
    """The words of a line in small letters, without marks at its end and what only tells how they count."""
    said = " ".join(line.casefold().replace("’", "'").split()).strip(" *_#")
    said = _ENDING.sub("", said)
    bracket = _BRACKET.search(said)
    if bracket and _COUNTING.issuperset(_WORD.findall(bracket[1])):
        # "(any of)" stays among the words, where it may forbid that they are a heading
        said = f"{said[: bracket.start()].rstrip()} {bracket[1]}"
    return said.replace(",", "")


_ENDING = re.compile(r"(?:\s*(?:…|\.{2,}|[:?!*_–—-]))+$")
_BRACKET = re.compile(r"\s*\(([^()]*)\)$")

# --- the wordings -----------------------------------------------------------------------------

_SUBJECT = r"(?:patients?|subjects?|participants?|people|persons?|individuals?|volunteers?|candidates?)"
_ONE = (
    r"(?:you|they|he or she|he/she|those|"
    rf"(?:(?:the|all|any|potential|prospective|study|those) ){{0,3}}{_SUBJECT})"
)
_ENROLLED = r"(?:included|enrol+ed|eligible|entered|admitted|accepted|recruited|considered)"
_TAKE_PART = (
    rf"(?:take part|participate|join(?: in)?|enrol+|enter|qualify|volunteer|apply|be {_ENROLLED}|be in)"
)
# Words that only say in what, and those of a sentence that waits for its list: none of them denies.
_IN_THE_STUDY = (
    r"(?: (?:in|into|to|for|on|from|of|the|this|our|a|present|current|clinical|research|study|trial|project|"
    r"participate|participating|participation|take|taking|part|join|joining|enrol+|enrol+ment|entry|"
    r"inclusion|be|enter)){0,8}"
)
_IF = (
    r"(?: (?:if|when|who|that|with|having|have|has|are|is|be|meet|meets|meeting|fulfil+s?|satisfy|satisfies|"
    r"you|they|he|she|or|the|these|those|any|one|either|all|each|every|both|more|at|least|of|following|"
    r"below|listed|criteria|criterion|conditions?|statements?|reasons?|requirements?|apply|applies|true|"
    rf"met|must|can|may|should|present|to|even|only|{_SUBJECT})){{0,12}}"
)
_CANNOT = (
    r"(?:cannot|can not|can't|(?:may|must|should|could|will|would|shall) not|shouldn't|won't|couldn't|"
    r"(?:(?:are|is|will be|may be) )?(?:not able|unable|not allowed|not permitted) to|"
    r"(?:will|may|might|would) not be (?:able|allowed|permitted) to|won't be able to)"
)
_CAN = (
    r"(?:can|may|could|should|might|will|would|shall|"
    r"(?:(?:are|is|will be|may be|might be) )?(?:able|allowed) to)"
)
_BE = r"(?:(?:are|is|(?:will|would|should|must|may|might|can|could) be) )?"
_KEPT_OUT = (
    rf"(?:{_BE}(?:not (?:be )?(?:suitable|{_ENROLLED}|allowed|permitted)|ineligible|non-?eligible|excluded|"
    rf"disqualified)|(?:(?:will|may|might|can|should|would|must|could) not|cannot|can't|won't) be "
    rf"(?:suitable|{_ENROLLED}|allowed))"
)
_LET_IN = rf"(?:{_BE}(?:eligible|included|considered eligible))"
_PLAIN = (
    r"(?:(?:key|main|major|general|other|additional|important|specific|common|further|principal|primary|"
    r"selected|study|trial|protocol|patient|subject|participant|overall|basic|the) ){0,3}"
)
_KINDS = r"(?:criteri(?:a|on)|reasons?|factors?|conditions?|requirements?|characteristics|considerations)"
_ENTRY = r"(?:inclusion|inclusionary|entry|enrol+ment|recruitment)"
_EXIT = (
    r"(?:exclusion|exclusionary|non-?inclusion|ineligibility|non-?eligibility|rejection|disqualification|"
    r"disqualifying)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_WORDINGS = (
    (
        Worded("exclusion", "asks"),
        _any(
            rf"who {_CANNOT} {_TAKE_PART}{_IN_THE_STUDY}",
            rf"who {_KEPT_OUT}{_IN_THE_STUDY}",
        ),
    ),
    (
        Worded("inclusion", "asks"),
        _any(
            rf"who {_CAN} {_TAKE_PART}{_IN_THE_STUDY}",
            rf"who {_LET_IN}{_IN_THE_STUDY}",
            r"who (?:are we|we are) looking for",
        ),
    ),
    (
        Worded("exclusion", "tells"),
        _any(
            rf"{_ONE} (?:who )?{_CANNOT} {_TAKE_PART}{_IN_THE_STUDY}{_IF}",
            rf"(?:{_ONE} )?(?:who )?{_KEPT_OUT}{_IN_THE_STUDY}{_IF}",
            rf"(?:we )?(?:will )?exclude{_IF}",
            rf"{_PLAIN}{_KINDS} (?:for|of) (?:{_EXIT}|excluding|not (?:including|enrol+ing)){_IN_THE_STUDY}"
            rf"{_IF}",
            rf"{_PLAIN}reasons? (?:why |that )?{_ONE} {_CANNOT} {_TAKE_PART}{_IN_THE_STUDY}",
            rf"{_PLAIN}reasons? (?:not to {_TAKE_PART}|to exclude){_IN_THE_STUDY}{_IF}",
        ),
    ),
    (
        Worded("exclusion", "names"),
        _any(
            rf"{_PLAIN}{_EXIT} {_KINDS}",
            rf"{_PLAIN}(?:exclusions?|ineligibility|disqualifiers|disqualifications|contra-?indications)",
        ),
    ),
    (
        Worded("inclusion", "tells"),
        _any(
            rf"{_ONE} (?:who )?{_CAN} {_TAKE_PART}{_IN_THE_STUDY}{_IF}",
            rf"(?:{_ONE} )?(?:who )?{_LET_IN}{_IN_THE_STUDY}{_IF}",
            rf"(?:we )?(?:will )?include (?:if|{_SUBJECT}){_IF}",
            rf"(?:in order )?to {_TAKE_PART}{_IN_THE_STUDY} {_ONE} (?:must|should|need to|have to|will)"
            rf"{_IF}",
            rf"{_PLAIN}{_KINDS} (?:for|of) (?:{_ENTRY}|including|enrol+ing){_IN_THE_STUDY}{_IF}",
        ),
    ),
    (Worded("inclusion", "names"), _any(rf"{_PLAIN}{_ENTRY} {_KINDS}", rf"{_PLAIN}inclusions?")),
    (
        Worded("exclusion", "demands"),
        _any(
            rf"(?:{_ONE} )?(?:who )?(?:(?:must|should|shall|may|can|do|does) not|cannot|can't|mustn't|"
            rf"shouldn't|must never) (?:have|be|meet|fulfil+|satisfy){_IF}",
            rf"(?:{_ONE} )?(?:must |should |shall |can )?(?:have |meet )?none of the following{_IF}",
            r"absence of (?:any of |all of )?the following",
        ),
    ),
    (
        Worded("inclusion", "demands"),
        _any(
            rf"(?:{_ONE} )?(?:who )?(?:must|should|shall|need to|have to) (?:have|be|meet|fulfil+|satisfy)"
            rf"{_IF}",
            rf"{_ONE} must",
        ),
    ),
)

# --- words that may turn a list -----------------------------------------------------------------

_AGAINST = re.compile(
    r"(?i)\b(?:not?|non|none|never|cannot|exclu\w+|ineligib\w*|non-?eligib\w*|non-?inclusion|unsuitab\w*|unable|"
    r"disqualif\w*|barred|reject\w*|refus\w*|preclud\w*|prevent\w*|prohibit\w*|contra-?indicat\w*|"
    r"ruled? out|rules out|left out|leave out|keeps? out|turn\w* away|stops?|unfit|restrict\w*)\b|n['’]t\b"
)
_ABOUT = re.compile(
    r"(?i)\b(?:who|whom|you|join\w*|tak(?:e|ing) part|particip\w+|\w*eligib\w*|enrol\w*|inclu(?:ded?|sions?)|"
    r"exclu\w+|criteri\w+|trials?|stud(?:y|ies)|candidates?|qualif\w+|disqualif\w*|accept\w*|recruit\w*|"
    r"people|persons?|patients?|subjects?|volunteers?)\b"
)
_LETS_IN = re.compile(
    r"(?i)\b(?:who|you|looking for|join\w*|tak(?:e|ing) part|participat(?:e|ion)|eligib\w*|"
    r"inclu(?:ded?|sions?)|qualif\w+|recruit\w*|welcome)\b"
)
