"""Which lines open the inclusion or the exclusion criteria, and for whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from screener.drafting.layout.headings import ANY_GROUP, LONGEST
from screener.drafting.layout.wordings import is_remark, worded

# "" where no heading has said which; "unclear" below one that is not understood, and may say either
Section = Literal["inclusion", "exclusion", "unclear", ""]


@dataclass(frozen=True, slots=True)
class SectionHeading:
    """The heading of a section: which, for whom, and how far it goes in its line."""

    section: Section | None  # None: the section stays as it is
    scope: tuple[str, ...]
    length: int
    introduces: bool = False  # a sentence that may stand below the heading itself
    demands: bool = False  # it names a section only where none is named otherwise


def section_heading(line: str, bulleted: bool) -> SectionHeading | None:
    """The heading of a section with which a line begins."""
    for head in _heads(line):
        whole = len(head) == len(line)
        if found := (
            _named(head, bulleted, whole)
            or _in_words(head, bulleted, whole)
            or (_introduction(head) if whole or not bulleted else None)
        ):
            return found
    return None


def _heads(line: str) -> Iterator[str]:
    """The parts of a line that may be its heading: all of it, and what stands before its first colon."""
    if found := _BEFORE_NUMBER.match(line):
        yield found.group().rstrip()
    if len(line) <= LONGEST:
        yield line
    if 0 < (colon := line.find(":")) < min(len(line) - 1, LONGEST):
        yield line[: colon + 1]
    if found := _RUN_ON.match(line):
        yield found.group().rstrip()


# Headings that lost the end of their line: "Exclusion Arm B 7. Falls", "INCLUSION CRITERIA Subject has …".
_BEFORE_NUMBER = re.compile(r"(?:In|Ex)clusion [^.:;]{1,60}?\s(?=\d{1,2}[.)]\s[A-Z])")
_RUN_ON = re.compile(
    r"(?:INCLUSION|EXCLUSION) CRITERIA\s+(?=[A-Z][a-z])|(?:In|Ex)clusion [Cc]riteria\s+"
    r"(?=\(?1[.)]\s|[-*•]\s|(?:Subject|Patient|Participant|Individual|Volunteer)s?\s)"
)


def _in_words(head: str, bulleted: bool, whole: bool) -> SectionHeading | None:
    """The heading in ordinary words. Behind "Not eligible if:" the same line may go on with one criterion."""
    opens = worded(head, bulleted)
    if opens is None or not (whole or opens.form == "asks"):
        return None
    introduces = opens.form in ("tells", "demands")
    return SectionHeading(opens.section, (), len(head), introduces, demands=opens.form == "demands")


# --- headings that name their section ---------------------------------------------------------

# Misspelled as they often are: with its letters in place a heading would be known, and all below it turns.
_IN = r"(?:inclusion|inlcusion|inclussion|inclution)"
_EX = r"(?:exclusion|exlcusion|exlusion|excusion|exclussion|exclution)"
_KIND = re.compile(
    r"(?i)(?P<ahead>\bcriteri(?:a|on) (?:for|of) (?:the )?)?"
    rf"\b(?P<kind>{_IN}|{_EX}|eligibility|non-inclusion)s?\b"
    rf"(?:\s*(?:/|&|and|or)\s*(?P<other>{_IN}|{_EX})\b)?"
    r"(?P<criteria>\s+(?:criteri(?:a|on|as)|critera|critiera|critieria|crieria)\b)?"
)
# What may follow the name of a section before the line is a sentence about criteria.
_BEHIND = re.compile(
    r"(?i)\s*(?:$|[(\[,–—/-]|(?:for|in|to|of|at|part|arm|cohort|group|phase|step|stage|specific|only|"
    r"includes?|included|are as|as follows|all)\b)"
)
_SENTENCE = re.compile(
    r"(?i)\b(?:meets?|meeting|fulfil\w*|satisf\w+|violat\w+|must|may|can|could|apply|applies|see|per|not|no|who|"
    r"refer|if|any|these|those|above|below|by|will|were|was|is|has|have|been|divided|with)\b"
)
_BRACKETS = re.compile(r"\([^()]*\)")
# "Inclusion - Arm A", "Exclusions for controls": named without the word "criteria".
_BY_NAME = re.compile(r"(?i)(?:in|ex)clusions?\s*(?:[-–(]|for\b|arm\b|cohort\b|part\b|phase\b|group\b)")
# Words that say nothing of whom the criteria are for.
_PLAIN_WORDS = """
    pertinent relevant selection key main major minor general principal primary overall basic core
    common specific study trial protocol subject subjects patient patients participant participants
    individual individuals individual's the a an of for in to at all list summary selected important
    detailed further additional other criteria criterion and or include includes included are as
    follows follow following but not limited enter entry enrollment enrolment inclusion exclusion
    eligibility into this both
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_WORD = re.compile(r"[\w'’]+")
_EDGE = " \t:;,.*_-–—()[]/"
_LONG = 7  # words; more before the section's name are a sentence


def _named(head: str, bulleted: bool, whole: bool) -> SectionHeading | None:
    """The heading that names its section."""
    small = head.casefold()
    found = _KIND.search(head) if "usion" in small or "eligib" in small or "clution" in small else None
    if found is None:
        return None
    before, behind = head[: found.start()], head[found.end() :]
    closed = head.rstrip().endswith(":")
    bare = not before.strip(_EDGE) and not behind.strip(_EDGE)
    if bulleted and not bare and not (whole and (closed or head.isupper())):
        return None  # "* Exclusion criteria of another trial": an item
    if not (found["criteria"] or found["ahead"] or bare or _BY_NAME.match(head)):
        return None
    alone = bare and not bulleted
    if not alone and (head.rstrip()[-1:] in ".;," or not (closed or head[:1].isupper())):
        return None
    if _is_sentence(before, behind):
        return None
    section = _section(found)
    return SectionHeading(section, _scopes(before, _unremarked(behind, section)), len(head))


def _unremarked(behind: str, section: Section) -> str:
    """What stands behind the name of a section, without a bracket that only says how its criteria count."""
    bracket = _BRACKETS.search(behind)
    return _BRACKETS.sub("", behind) if bracket and is_remark(bracket.group(), section) else behind


def _is_sentence(before: str, behind: str) -> bool:
    """Whether what stands around the name of a section says something of the criteria."""
    if len(before.split()) > _LONG or _SENTENCE.search(before):
        return True
    if not (_BEHIND.match(behind.rstrip(_EDGE)) or behind.find(":") == len(behind.rstrip()) - 1):
        return True
    return bool(_SENTENCE.search(_BRACKETS.sub("", behind))) and "follow" not in behind.casefold()


def _section(found: re.Match[str]) -> Section:
    if found["other"] or found["kind"].casefold() == "eligibility":
        return ""
    return "inclusion" if found["kind"].casefold().startswith("in") else "exclusion"


def _scopes(before: str, behind: str) -> tuple[str, ...]:
    """The parts of a heading that say whose criteria they are, as published."""
    parts = (_limiting(before), _limiting(re.sub(r"(?i)^\W*(?:for|of|in)\s+", "", behind)))
    return tuple(part for part in parts if part)


def _limiting(part: str) -> str:
    said = part.strip(" \t:;,.*_-–—/").rstrip("([").lstrip(")]").strip()
    said = re.sub(r"(?i)\s+(?:key|main|major|additional|other)$", "", said)
    if said.startswith("(") and said.endswith(")"):
        said = said[1:-1].strip()
    return "" if all(word in _PLAIN for word in _WORD.findall(said.casefold())) else said


# --- headings within a line -------------------------------------------------------------------

# A sentence stands before it, it names its section in capitals, and a colon or the line ends it.
_WITHIN = re.compile(
    r"(?<=[^\s,/(])\s+(?P<heading>(?:\d\.\d+\s)?(?:(?:Key|Main|Major|KEY|MAIN|MAJOR)\s)?"
    r"(?:(?:In|Ex)clusion\s[Cc]riteria|(?:IN|EX)CLUSION\sCRITERIA)(?:\s(?:for|FOR)\s[^.:;]{1,40})?\s?(?::|$))"
)
_SPOKEN_OF = re.compile(
    r"(?i)\b(?:the|following|all|see|per|any|other|of|and|or|in|these|meets?|both|additional)$"
)
_ENDED = re.compile(r"[.;!?)][\"'”’]?$")
_SENTENCE_LENGTH = 8  # words; with fewer, and no full stop, they belong to the heading: "Key", "Part A: Main"


def headings_within(line: str) -> list[int]:
    """Where in a line headings of a section begin, other than at its start."""
    if "riteria" not in line and "CRITERIA" not in line:
        return []
    return [found.start("heading") for found in _WITHIN.finditer(line) if _ends_before(line, found.start())]


def _ends_before(line: str, at: int) -> bool:
    before = line[max(0, at - LONGEST) : at]
    if _SPOKEN_OF.search(before):
        return False
    return bool(_ENDED.search(before)) or len(before.split()) >= _SENTENCE_LENGTH


# --- sentences that only introduce ------------------------------------------------------------

# Words that introduce criteria and say nothing of a patient.
_INTRODUCING_WORDS = """
    a an the any all of following below criteria criterion conditions condition each every these
    listed requirements will would be is are was were exclude excludes excluded excluding from for
    in to into this study trial participate participating participation taking part enrolled enroll
    enrol enrollment enrolment eligible ineligible eligibility not must should shall may can cannot
    satisfy satisfies satisfying meet meets meeting fulfill fulfil fulfills fulfilling have has
    having with patient patients subject subjects individual individuals participant participants
    person persons people candidate candidates potential who whom that which if when they he she or
    and apply applies applicable true present presence included include includes including inclusion
    exclusion enter entering entry entered considered order only one more at but limited main key
    both met as on it by reasons reason prohibited
"""
_INTRODUCING = frozenset(_INTRODUCING_WORDS.split())
_OUT = re.compile(
    r"(?i)\b(?:exclud\w*|ineligible|exclusion|prohibited|"
    r"(?:not|cannot) (?:to )?(?:be )?(?:eligible|included|enrol\w*|enter\w*|take part|participat\w*))\b"
)
_LETS_IN = re.compile(r"(?i)\b(?:eligible|includ\w*|inclusion|enrol\w*|entry|enter|participat\w*)\b")
_SOME = re.compile(r"(?i)\b(?:any|one|either|or more)\b")
_ALL = re.compile(r"(?i)\b(?:all|each|every|both)\b")


_BOTH = re.compile(r"(?i)inclusion\W+(?:and|or)?\W*exclusion")
_POINTS = re.compile(r"(?i)\bfollow\w*|\bbelow\b|:$")
_SHORT = 4  # words; fewer introduce nothing


def _introduction(line: str) -> SectionHeading | None:
    """A sentence such as "Patients who meet any of the following will be excluded:", in which every
    word is one that introduces: a word more, and it says something of its own. Where "any" lets in,
    or "all" are needed to keep out, it is part of the logic and no heading either."""
    small = line.casefold()
    if not (line.endswith(":") or "follow" in small or "below" in small) or not _POINTS.search(line):
        return None
    words = _WORD.findall(ANY_GROUP.sub(" ", line).casefold())
    if len(words) < _SHORT or not _INTRODUCING.issuperset(words):
        return None
    heading = SectionHeading(None, tuple(ANY_GROUP.findall(line)), len(line), introduces=True)
    if _BOTH.search(line):
        return heading
    out = bool(_OUT.search(line))
    if (_ALL if out else _SOME).search(line) or not (out or _LETS_IN.search(line)):
        return None
    return replace(heading, section="exclusion" if out else "inclusion")
