"""Which lines are headings: of a section, of a group within it, or only an introduction."""

import re
from dataclasses import dataclass, replace
from typing import Literal

Section = Literal["inclusion", "exclusion", ""]
LONGEST = 160  # a longer line is no heading


@dataclass(frozen=True, slots=True)
class SectionHeading:
    """The heading of a section: which, for whom, and how far it goes in its line."""

    section: Section | None  # None: the section stays as it is
    scope: tuple[str, ...]
    length: int
    introduces: bool = False  # a sentence that may stand below the heading itself


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- headings of a section --------------------------------------------------------------------

_KIND = re.compile(
    r"(?i)(?P<ahead>\bcriteri(?:a|on) (?:for|of) (?:the )?)?"
    r"\b(?P<kind>inclusion|exclusion|eligibility|non-inclusion)s?\b"
    r"(?:\s*(?:/|&|and|or)\s*(?P<other>inclusion|exclusion)\b)?(?P<criteria>\s+criteri(?:a|on|as)\b)?"
)
# What may follow the name of a section before the line is a sentence about criteria.
_BEHIND = re.compile(
    r"(?i)\s*(?:$|[(\[,–—/-]|(?:for|in|to|of|at|part|arm|cohort|group|phase|step|stage|specific|only|"
    r"includes?|included|are as|as follows|all)\b)"
)
_SENTENCE = re.compile(
    r"(?i)\b(?:meets?|meeting|fulfil\w*|satisf\w+|violat\w+|must|may|can|could|apply|applies|see|per|not|no|who|"
    r"refer|if|any|these|those|above|below|by|will|were|was|is|has|have|been|with)\b"
)
# Words that say nothing of whom the criteria are for.
_PLAIN = _words("""
    pertinent relevant selection key main major minor general principal primary overall basic core
    common specific study trial protocol subject subjects patient patients participant participants
    individual individuals individual's the a an of for in to at all list summary selected important
    detailed further additional other criteria criterion and or include includes included are as
    follows follow following but not limited enter entry enrollment enrolment inclusion exclusion
    eligibility into this both
""")
_WORD = re.compile(r"[\w'’]+")
_EDGE = " \t:;,.*_-–—()[]/"


def section_heading(line: str, bulleted: bool) -> SectionHeading | None:
    """The heading of a section with which a line begins."""
    for head, length in _heads(line):
        found = _KIND.search(head)
        alone = length == len(line) or not bulleted
        if found and (heading := _read(head, found, length, bulleted, alone)):
            return heading
        if alone:
            sentence = introduction(head)
            if sentence:
                return replace(sentence, length=length)
    return None


def _heads(line: str) -> list[tuple[str, int]]:
    """The parts of a line that may be its heading: all of it, and what stands before its first colon."""
    heads = [(line, len(line))] if len(line) <= LONGEST else []
    if 0 < (colon := line.find(":")) < min(len(line) - 1, LONGEST):
        heads.append((line[: colon + 1], colon + 1))
    if found := _RUN_ON.match(line):
        heads.append((found.group().rstrip(), len(found.group().rstrip())))
    return heads


# "INCLUSION CRITERIA Subject has …", "Exclusion Criteria 1. …": a heading that lost its line's end.
_RUN_ON = re.compile(
    r"(?:INCLUSION|EXCLUSION) CRITERIA\s+(?=[A-Z][a-z])|(?:In|Ex)clusion [Cc]riteria\s+(?=\(?1[.)]\s|[-*•]\s)"
)


def _read(head: str, found: re.Match[str], length: int, bulleted: bool, alone: bool) -> SectionHeading | None:
    before, behind = head[: found.start()], head[found.end() :]
    closed = head.rstrip().endswith(":")
    bare = not before.strip(_EDGE) and not behind.strip(_EDGE)
    if (
        not (found["criteria"] or found["ahead"])
        and not (bare and (closed or not bulleted))
        and not _NAMED.match(head)
    ):
        return None
    if head.rstrip()[-1:] in ".;," or not (closed or head[:1].isupper()):
        return None
    if len(before.split()) > 7 or _SENTENCE.search(before) or _says(behind):
        return None
    if not alone and (not bare or _section(found) == ""):
        return None
    return SectionHeading(_section(found), _scopes(before, behind), length)


_NAMED = re.compile(r"(?i)(?:in|ex)clusions?\s*(?:[-–(]|for\b|arm\b|cohort\b|part\b|phase\b|group\b)")


def _says(behind: str) -> bool:
    """Whether what follows the name of the section makes the line a sentence."""
    return not _BEHIND.match(behind.rstrip(_EDGE)) or (
        bool(_SENTENCE.search(behind)) and "follow" not in behind.casefold()
    )


def _section(found: re.Match[str]) -> Section:
    kinds = {found["kind"].casefold().removeprefix("non-in").removeprefix("in"), found["other"]}
    if found["other"] or found["kind"].casefold() == "eligibility":
        return ""
    return "inclusion" if found["kind"].casefold() == "inclusion" and kinds else "exclusion"


def _scopes(before: str, behind: str) -> tuple[str, ...]:
    """The parts of a heading that say whose criteria they are, as published."""
    parts = (_limiting(before), _limiting(re.sub(r"(?i)^\W*(?:for|of|in)\s+", "", behind)))
    return tuple(part for part in parts if part)


def _limiting(part: str) -> str:
    said = part.strip(" \t:;,.*_-–—/").rstrip("([").lstrip(")]").strip()
    said = re.sub(r"(?i)\s+(?:key|main|major|additional|other)$", "", said)
    if said.startswith("(") and said.endswith(")"):
        said = said[1:-1].strip()
    words = _WORD.findall(said.casefold())
    return "" if all(word in _PLAIN for word in words) else said


# A heading within a line: a sentence stands before it, it names its section in capitals, and a colon
# ends it.
_WITHIN = re.compile(
    r"(?<=[^\s,/(])\s+(?P<heading>(?:(?:Key|Main|Major|KEY|MAIN|MAJOR)\s)?"
    r"(?:(?:In|Ex)clusion\s[Cc]riteria|(?:IN|EX)CLUSION\sCRITERIA)(?:\s(?:for|FOR)\s[^.:;]{1,40})?\s?:)"
)
_SPOKEN_OF = re.compile(
    r"(?i)\b(?:the|following|all|see|per|any|other|of|and|or|in|these|meets?|both|additional)$"
)
_ENDED = re.compile(r"[.;!?)][\"'”’]?$")
_SENTENCE_LENGTH = 8  # words; with fewer, and no full stop, they belong to the heading: "Key", "Part A: Main"


def headings_within(line: str) -> list[int]:
    """Where in a line headings of a section begin, other than at its start."""
    return [found.start("heading") for found in _WITHIN.finditer(line) if _ends_before(line, found.start())]


def _ends_before(line: str, at: int) -> bool:
    before = line[max(0, at - LONGEST) : at]
    if _SPOKEN_OF.search(before):
        return False
    return bool(_ENDED.search(before)) or len(before.split()) >= _SENTENCE_LENGTH


# --- sentences that only introduce ------------------------------------------------------------

_GROUP = (
    r"(?:sub-?study|part|cohort|arm|group|phase|stage|segment|stratum|step|substudy|population|dose level)s?"
    r"\s*(?:[0-9]{1,2}[a-z]?|[A-Za-z]|[ivx]{1,4})\b(?:\s?(?:,|/|and|or|&|to|-|–)\s?(?:[0-9]{1,2}[a-z]?|[A-Z]|[IVX]{1,4})\b)*"
)
_ANY_GROUP = re.compile(rf"(?i)\b{_GROUP}")
_INTRODUCING = _words("""
    a an the any all of following below criteria criterion conditions condition each every these
    listed requirements will would be is are was were exclude excludes excluded excluding from for
    in to into this study trial participate participating participation taking part enrolled enroll
    enrol enrollment enrolment eligible ineligible eligibility not must should shall may can cannot
    satisfy satisfies satisfying meet meets meeting fulfill fulfil fulfills fulfilling have has
    having with patient patients subject subjects individual individuals participant participants
    person persons people candidate candidates potential who whom that which if when they he she or
    and apply applies applicable true present presence included include includes including inclusion
    exclusion enter entering entry entered considered order only one more at but limited main key
    both met as on it by reasons reason
""")
_OUT = re.compile(
    r"(?i)\b(?:exclud\w*|ineligible|exclusion|"
    r"(?:not|cannot) (?:to )?(?:be )?(?:eligible|included|enrol\w*|enter\w*|take part|participat\w*))\b"
)
_IN = re.compile(r"(?i)\b(?:eligible|includ\w*|inclusion|enrol\w*|entry|enter|participat\w*)\b")
_SOME = re.compile(r"(?i)\b(?:any|one|either|or more)\b")
_ALL = re.compile(r"(?i)\b(?:all|each|every|both)\b")


def introduction(line: str) -> SectionHeading | None:
    """A sentence such as "Patients who meet any of the following will be excluded:", in which every
    word is one that introduces: a word more, and it says something of its own."""
    if not re.search(r"(?i)\bfollow\w*|\bbelow\b|:$", line) or len(line) > LONGEST:
        return None
    groups = _ANY_GROUP.findall(line)
    words = _WORD.findall(_ANY_GROUP.sub(" ", line).casefold())
    if len(words) < 4 or not all(word in _INTRODUCING for word in words):
        return None
    section = _meant(line)
    return section and SectionHeading(section[0], tuple(groups), len(line), introduces=True)


def _meant(line: str) -> tuple[Section | None] | None:
    """The section that a sentence introduces. Where "any" lets in, or "all" is needed to keep out,
    the sentence is part of the logic and no heading."""
    if re.search(r"(?i)inclusion\W+(?:and|or)?\W*exclusion", line):
        return (None,)
    if _OUT.search(line):
        return None if _ALL.search(line) else ("exclusion",)
    return None if _SOME.search(line) or not _IN.search(line) else ("inclusion",)


# --- headings within a section ----------------------------------------------------------------

_GROUP_LABEL = re.compile(rf"(?i)(?:for |all |in )?{_GROUP}[^.;]{{0,60}}")
_FOR_LABEL = re.compile(r"(?i)for\s+[^.;≥≤<>=]{3,80}:")
_LOGIC = re.compile(
    r"(?i)\b(?:follow\w*|defined|includ\w*|either|any|one|two|least|must|have|has|had|is|are|be|by|criteri\w+|"
    r"adequate|sufficient|normal|such as|evidence|history)\b|\b(?:of|with|to|as|for|from|in|than):$"
)
_VERB = re.compile(
    r"(?i)\b(?:is|are|be|must|have|has|had|will|can|may|should|not|no|who|signed|able|willing)\b"
)
_LEAST_CAPITALS = 4


def rank(line: str, before_bullet: bool) -> int:
    """How high a heading within a section a line is: 1 in capitals, 2 a group of patients, 4 another;
    0 if it is none.

    `before_bullet` says whether the next line has a bullet: without one a line of a few words may
    be an item as well."""
    label = line.rstrip(":").strip()
    if not label or len(line) > LONGEST or label[-1] in ".;,":
        return 0
    letters = [character for character in label if character.isalpha()]
    if len(letters) >= _LEAST_CAPITALS and label.isupper() and (line.endswith(":") or _titled(label, 8)):
        return 1
    if _GROUP_LABEL.fullmatch(label) and (line.endswith(":") or (before_bullet and not _VERB.search(label))):
        return 2
    if _FOR_LABEL.fullmatch(line) and not _LOGIC.search(line):
        return 4
    if line.endswith(":"):
        return 4 if _titled(label, 8) and not _LOGIC.search(line) else 0
    return 4 if before_bullet and _titled(label, 5) and not _LOGIC.search(line) else 0


def _titled(label: str, most: int) -> bool:
    """Whether a few words name something and say nothing of it."""
    words = label.split()
    return (
        len(words) <= most
        and label[0].isupper()
        and not _VERB.search(label)
        and not re.search(r"[≥≤<>=%]|\d", _ANY_GROUP.sub("", label))
    )


def leads(text: str) -> bool:
    """Whether a text waits for the list that follows it."""
    return text.rstrip().endswith((":", ":-", "following", "following."))
