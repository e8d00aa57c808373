"""`liver disease. Patients with stable disease are eligible`: whom a sentence beside an exclusion lets in.

Whether a patient is among them a person says, by that sentence. It is taken out of the text before that is
cut, and the exclusion holds unless it is so.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from screener.drafting.logic.parts import Node
from screener.drafting.logic.shapes import is_bare, is_measured
from screener.drafting.words.lexer import holds
from screener.model import rule as r
from screener.model.trial import CriterionKind

_WHOM = (
    r"(?:(?:the |those |any )?(?:patients?|participants?|subjects?|individuals?|persons?)\b|"
    r"those (?:who|with|on)\b|(?:(?:a |prior )?history|presence) of\b|stable\b)"
)
_PIECE = r"(?:[^.;()]|\.(?=\d)|\((?:[^()]|\([^()]{0,200}\)){0,400}\))"
_LET_IN = (
    r"\b(?:(?:are|is|will be|may be|can be|remain) (?:also |still )?"
    r"(?:eligible|allowed|permitted|permissible|acceptable|enrolled|not (?:considered )?exclu\w+)"
    r"|will not (?:be )?exclude[ds]?"
    r"|(?:may|can) (?:still )?(?:be (?:enrolled|included)|enroll?|participate))\b"
)
_SENTENCE = re.compile(
    r"(?:(?<=[.;:])|(?<=\)))\s*\(?(?P<said>(?:(?:note|NB|however|exceptions?)\s*[:,]?\s*){0,2}"
    rf"(?P<told>{_WHOM}{_PIECE}{{0,600}}?{_LET_IN}{_PIECE}{{0,600}}))\)?[.;]?(?=\s|$)",
    re.IGNORECASE,
)
# some word of each kind of sentence
_HINTS = (
    "eligible", "allowed", "permi", "acceptable", "enrol", "not be exclu", "not exclu", "included",
    "participate", "unless", "considered", "opinion", "deemed", "judg", "investigator",
)  # fmt: skip
_KEEPS_OUT = re.compile(
    r"\b(?:ineligible|cannot|must not|"
    r"not (?:be )?(?:eligible|allowed|permitted|acceptable|enrolled|included)|"
    r"until|(?:are|is|will be) excluded|"
    r"eligible for(?! (?:the|this|our)\b| inclusion| enrol| participat| entry)|"
    r"(?:allowed|permitted|able) to (?!participate|enrol|register|be |enter|join)\w+)\b",
    re.IGNORECASE,
)
# what a finding comes from, and what somebody decides, is a person's to say whatever the words are
_JUDGED = re.compile(
    r"\b(?:because of|due to|resulting from|indicating|related to|secondary to|attribut\w+|considered|"
    r"investigator\w*|opinion|deemed|judg\w+|PI|sponsor|monitor|discretion|approv\w+|stable|cured|"
    r"(?:curatively|adequately|successfully|effectively) treated|"
    r"(?:meets?|fulfill?) (?:\w+ ){0,2}criteria)\b",
    re.IGNORECASE,
)
# malignancy except A, B, or malignancy that in the opinion of the investigator is considered cured
_NOUN = r"(?:malignan\w+|cancers?|tumou?rs?|carcinomas?|lesions?|neoplasms?)"
_ONE_MORE = re.compile(
    r"\b(?:except\w*|exclud\w+|other than)\b(?:[^.;()]|\.(?=\d)){0,400}?"
    r"(?P<more>(?:,\s*|\s+)(?:or|and|,)\s+(?P<told>(?:any |other |another |a |certain ){0,3}"
    rf"(?:(?!(?:or|and) )[\w-]+ ){{0,3}}?{_NOUN},? "
    rf"(?:that|which|for which|from which|considered|deemed|judged)\b{_PIECE}{{0,400}}))(?=[.;)]|$)",
    re.IGNORECASE,
)
# are excluded, unless the second malignancy has been medically stable for 2 years
_UNLESS = re.compile(
    r"(?P<more>,?\s{0,3}(?:(?:are|is|will be) excluded,?\s{1,3})?\bunless\s+"
    rf"(?P<told>(?:(?!\bexcept\b){_PIECE}){{1,400}}"
    r"(?:\.\s*(?:the )?(?:participant|patient|subject)s? must not be receiving "
    r"(?:active )?(?:therapy|treatment)[^.;()]{0,200})?))(?=[.;]|$)",
    re.IGNORECASE,
)
# of which virus a test, a vaccine or a disease is
_VIRUSES = (
    re.compile(
        r"hepatitis_b|hbv|hbs|anti_hb|hbsag|hepatitis b\b|anti-hb|\bhbc|"
        r"hep(?:atitis)? \(?hep\)? b\b|hep b\b",
        re.IGNORECASE,
    ),
    re.compile(r"hepatitis_c|hcv|hepatitis c\b|hep c\b", re.IGNORECASE),
    re.compile(r"\bhiv|human immunodeficiency", re.IGNORECASE),
)
# unstable liver disease, defined by ascites or jaundice: the signs of one ground
_DEFINED = re.compile(r"\bdefined (?:by|as)\b", re.IGNORECASE)
_KINDS = (r.Condition, r.Finding, r.Measurement)


class LetIn(NamedTuple):
    """The text without such sentences, with blanks for them, and what they say."""

    text: str
    told: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()  # which cases of the disease are no ground


def let_in(text: str, kind: CriterionKind) -> LetIn:
    """The sentences of an exclusion that let patients in, apart from the rest."""
    if kind == "inclusion" or not holds(text, _HINTS):
        return LetIn(text)
    found = [
        (one.span(), one["told"]) for one in _SENTENCE.finditer(text) if not _KEEPS_OUT.search(one["said"])
    ]
    more = [
        (one.span("more"), one["told"])
        for one in (_ONE_MORE.finditer(text) if "xc" in text or "ther than" in text else ())
        if _JUDGED.search(one["told"])
    ]
    if "unless" in text:
        found += [
            (one.span("more"), one["told"]) for one in _UNLESS.finditer(text) if _JUDGED.search(one["told"])
        ]
    said = text
    for (start, end), _ in (*found, *more):
        said = said[:start] + " " * (end - start) + said[end:]
    if said == text or not re.search(r"\w", said):
        return LetIn(text)
    told, excepted = (tuple(" ".join(words.split()) for _, words in some) for some in (found, more))
    return LetIn(said, told, excepted)


def excusing_those(node: Node, apart: LetIn, is_meant: Callable[[str], bool]) -> Node:
    """The exclusion unless a patient is one of those; unclear where it is not said which ground is meant.

    `is_meant` says of a concept of the exclusion whether those sentences may speak of it.
    """
    told, end = apart.told, len(apart.text)
    if not told and not apart.excepted:
        return node
    unclear = Node("unclear", None, 0, end)
    if node.kind not in ("rule", "mixed") or node.rule is None:
        return unclear
    if apart.excepted:
        rule = _excepting(node.rule, apart.excepted)
        return (
            unclear
            if rule is None
            else excusing_those(node._replace(rule=rule), LetIn(apart.text, told), is_meant)
        )
    words = " ".join(told)
    named = " ".join(map(_named, _grounds(node.rule)))
    of_virus = any(virus.search(words) and virus.search(named) for virus in _VIRUSES)
    main = node.rule.rule if isinstance(node.rule, r.Not) else node.rule
    defined = isinstance(main, r.Condition) and _DEFINED.search(apart.text) is not None
    if not of_virus and not defined and not any(map(is_meant, named.split())):
        return unclear  # stroke. Patients with stable angina are eligible: though they had a stroke?
    asked = [r.Manual(one) for one in told]
    excuse = asked[0] if len(asked) == 1 else r.Any(tuple(asked))
    rule = r.Unless(node.rule, excuse) if defined else _placed(node.rule, excuse, words)
    if rule is None:
        return unclear
    judged = node.kind == "rule" and all(_JUDGED.search(one) for one in told)
    if not judged and not is_bare(node.rule) and not is_measured(node.rule):
        return unclear  # severe infection. Patients with infection and blurs are eligible: with a severe one?
    return Node("rule" if judged else "mixed", rule, 0, end)


def _excepting(rule: r.Rule, told: Sequence[str]) -> r.Rule | None:
    """`malignancy except A, or cancer that is considered cured`: such a record is taken out, no other one."""
    match rule:
        case r.Not(rule=main):
            found = _excepting(main, told)
            return None if found is None else r.Not(found)
        case r.Condition(patterns=(first, *_), exceptions=(_, *_)):
            more = tuple(r.Pattern(first.concept, that=words) for words in told)
            return replace(rule, exceptions=(*rule.exceptions, *more))
        case _:
            return None


def _placed(rule: r.Rule, asked: r.Rule, words: str) -> r.Rule | None:
    match rule:
        case r.Unless(rule=main, exception=exception):
            return r.Unless(main, r.Any((exception, asked))) if _is_ground(main) else None
        case r.Not(rule=main):  # must not have: the words of an exclusion are turned later
            return r.Unless(rule, asked) if _is_ground(main) else None
    grounds = _grounds(rule)
    if not all(map(_is_ground, grounds)):
        return None  # of a treatment, too: who had another one is not among those who had this
    viruses = [virus for virus in _VIRUSES if virus.search(words)]
    meant = [ground for ground in grounds if any(virus.search(_named(ground)) for virus in viruses)]
    alone = len(grounds) == 1 and not (viruses and _is_of_other_kind(grounds[0]))
    if alone or len(meant) == len(grounds):
        return r.Unless(rule, asked)
    if not meant:
        return None
    others = [ground for ground in grounds if ground not in meant]
    excused = meant[0] if len(meant) == 1 else r.Any(tuple(meant))
    return r.Any((*others, r.All((excused, r.Not(asked)))))


def _is_ground(rule: r.Rule) -> bool:
    """One finding, or a disease with its signs."""
    if isinstance(rule, r.All):
        return all(isinstance(part, r.Condition) for part in rule.of)
    return isinstance(rule, _KINDS) and len(_grounds(rule)) == 1


def _grounds(rule: r.Rule) -> list[r.Rule]:
    """The members of an exclusion, each of which is enough."""
    match rule:
        case r.Any(of=of):
            return [ground for one in of for ground in _grounds(one)]
        case r.Condition(patterns=patterns, quantifier="any") if len({one.concept for one in patterns}) > 1:
            return [replace(rule, patterns=(one,)) for one in patterns]
        case r.Finding(concepts=concepts, quantifier="any") if len(concepts) > 1:
            return [replace(rule, concepts=(one,)) for one in concepts]
        case _:
            return [rule]


def _named(rule: r.Rule) -> str:
    """The concepts of a ground."""
    match rule:
        case r.Unless(rule=main) | r.Not(rule=main):
            return _named(main)
        case r.All(of=of):
            return " ".join(map(_named, of))
        case r.Condition(patterns=patterns):
            return " ".join(one.concept for one in patterns)
        case r.Finding(concepts=concepts) | r.Measurement(concepts=concepts):
            return " ".join(concepts)
        case _:
            return ""


def _is_of_other_kind(ground: r.Rule) -> bool:
    """`cirrhosis. Presence of anti-HBs …`: whether what is said of a virus is said of something else."""
    return not re.search(r"infection|immun|hepatitis|hiv|hbv|hcv|hbs|hbc", _named(ground))
