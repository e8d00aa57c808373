"""What words mean near the names of drugs: nouns that repeat them, `at least one PI`, drugs under trial."""

import re

from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Walk

_GIVEN = frozenset({"therapy", "therapies", "treatment", "treatments", "use", "exposure"})
_HOLDING = frozenset({"containing", "based"})
_HELD = frozenset({"therapy", "therapies", "treatment", "treatments", "regimen", "regimens"})
_ON_TRIAL = re.compile(
    r"investigational (?:drugs?|agent|product|medication|treatment|therapy)", re.IGNORECASE
)
_DATES = frozenset({"WITHIN", "COMPARE"})
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_HAD = frozenset({"PRIOR", "HISTORY", "REFRACTORY", "RELAPSED"})
_BEHIND = _JOINTS | {"", "DOT", "SEMI", "RPAR", "LPAR", "WITHIN"}
_INCLUDED = frozenset({"INCLUDING"})
_RECEIVED = re.compile(
    r"(?:has |have |had )?(?:previously )?(?:received|undergone|underwent)\b", re.IGNORECASE
)
_TREATED = frozenset({"THERAPY", "PROCEDURE"})
_MYELOMA = frozenset({"multiple_myeloma", "antimyeloma", "antineoplastic"})
_LINES = frozenset({"regimens", "regimen", "lines"})
_ONE_THERAPY = frozenset({"therapy", "treatment", "therapies", "treatments", "regimen", "line"})
_NOUN = re.compile(r"\b(?:therap(?:y|ies)|treatments?|regimens?)\b")
_AFTER = frozenset({"after", "following", "post"})
_GRAFT_DISEASE = ("gvhd", "graft_versus_host_disease")
_CHOOSING = frozenset({"PRIOR", "HISTORY", "REFRACTORY", "RELAPSED", "ONGOING", "INCLUDING"})
_USED = frozenset({"PRIOR", "HISTORY", "ONGOING"})
_LICENSED = frozenset({"approved", "marketed", "licensed"})
_LIST = 6  # tokens between the last two members of a list
_NEAR = 16  # tokens over which a list of drugs reaches
_FAR = 60  # tokens over which an allergy does


def no_anchor(walk: Walk, token: Token) -> Token | None:
    """`any investigational drug within 30 days`, `prior menin inhibitor therapy`: no day to count from."""
    if says_again(walk, token):
        return None
    named = walk.following in _DATES or (walk.last in _USED and walk.following in _BEHIND)
    if (
        named
        and _ON_TRIAL.fullmatch(walk.word(token))
        and all(one.type != "ALLERGY" for one in walk.kept[-_FAR:])
    ):
        return token._replace(type="THERAPY", value="investigational_drug")
    return token._replace(type="WORD")


def says_again(walk: Walk, token: Token) -> bool:
    """`lenalidomide therapy`, `a bortezomib-based regimen`: what a drug is, behind its name."""
    if walk.last != "THERAPY":
        return False
    word = walk.word(token).casefold()
    if _touch(walk, walk.kept[-1], token):
        return word in _GIVEN or (word in _HOLDING and _next_word(walk) in _HELD)
    behind = walk.tokens[walk.at - 1] if walk.at else None
    return word in _HELD and behind is not None and walk.word(behind).casefold() in _HOLDING


def licensed(walk: Walk, token: Token) -> bool:
    """`an investigational drug or approved antimyeloma therapy`: of either kind, so of any."""
    beside = walk.last == "OR" and len(walk.kept) > 1 and walk.kept[-2].value == "investigational_drug"
    return beside and walk.following == "THERAPY" and walk.word(token).casefold() in _LICENSED


def _touch(walk: Walk, before: Token, token: Token) -> bool:
    """Whether nothing stands between the two."""
    return not walk.text[before.end : token.start].strip(" -")


def _next_word(walk: Walk) -> str:
    later = walk.tokens[walk.at + 1 : walk.at + 2]
    return walk.word(later[0]).casefold() if later else ""


def without_one(walk: Walk) -> None:
    """`refractory to at least one PI and one IMiD`: to a PI and to an IMiD."""
    near = walk.kept[-_NEAR:]
    number = [(one.type, one.value) for one in near[-1:]] == [("NUMBER", "1")]
    sign = [(one.type, one.value) for one in near[-2:-1]] == [("COMPARE", ">=")]
    if not number:
        return
    before = near[-3:-2] if sign else near[-2:-1]
    had = bool(before) and before[0].type in _HAD
    among = bool(before) and before[0].type in _JOINTS and walk.several
    if not (_INCLUDED & {one.type for one in near} or (sign and had) or among):
        return
    walk.several = True
    walk.drop_last("NUMBER")
    if sign:
        walk.drop_last("COMPARE")


def naive_to(walk: Walk, token: Token) -> None:
    """`naive to lenalidomide`: it was never taken."""
    denied = walk.kept[-1] if walk.last == "NO" else None
    if denied is not None and walk.word(denied).casefold().startswith("na"):
        walk.kept.append(token._replace(type="PRIOR", value="", end=token.start))


def is_inhibitor(walk: Walk) -> bool:
    """`a PI, an IMiD and …`, `refractory to a PI`: among drugs, and where one was had, no investigator."""
    near = [*walk.kept[-2:], *walk.tokens[walk.at + 1 : walk.at + 4]]
    if any(token.type == "THERAPY" for token in near):
        return True
    listed = [one.type for one in walk.kept[-_LIST:] if one.type not in ("COMPARE", "NUMBER", "COMMA")]
    if listed[-2:] in (["THERAPY", "AND"], ["THERAPY", "OR"]):
        return True  # one IMiD, and one PI
    before = [one.type for one in walk.kept[-_NEAR:] if one.type not in ("COMPARE", "NUMBER")]
    return bool(before) and before[-1] in _HAD and walk.following in _BEHIND


def resists(walk: Walk, token: Token) -> Token | None:
    """`lenalidomide-refractory`: of one drug; of several it may be said of the last alone."""
    of_drug = walk.last == "THERAPY" and _touch(walk, walk.kept[-1], token)
    if not of_drug or walk.word(token).casefold() != "refractory" or walk.following == "CONDITION":
        return None
    several = len(walk.kept) > 1 and walk.kept[-2].type in _JOINTS
    return None if several else token._replace(type="RESISTANT", value="")


def counted_lines(walk: Walk, token: Token) -> Token | None:
    """`at least 2 prior MM regimens`, `at least one prior therapy for myeloma`: lines of therapy.

    Of `two prior therapies` it is not clear whether lines are meant, or drugs.
    """
    if not _counts(walk) or walk.word(token).casefold() not in ("prior", "previous"):
        return None
    named = [one for one in walk.tokens[walk.at + 1 : walk.at + 4] if one.type != "ASIDE"]
    if not named:
        return None
    first, *others = named
    noun, last = walk.word(first).casefold(), first
    if first.type == "CONDITION" and first.value in _MYELOMA and others:
        noun, last = walk.word(others[0]).casefold(), others[0]
    elif first.type == "THERAPY":
        if first.value not in _MYELOMA:
            return None
        noun = next(iter(_NOUN.findall(noun)), "")
    one = noun in _ONE_THERAPY and _at_least_one(walk)
    if noun not in _LINES and not one:
        return None
    walk.passed = last.end
    return Token("MEASURE", "lines_of_therapy", token.start, last.end)


def _counts(walk: Walk) -> bool:
    return walk.last == "NUMBER" or [one.type for one in walk.kept[-2:]] == ["NUMBER", "OR_MORE"]


def _at_least_one(walk: Walk) -> bool:
    near = [(one.type, one.value) for one in walk.kept[-2:]]
    return near in ([("COMPARE", ">="), ("NUMBER", "1")], [("NUMBER", "1"), ("OR_MORE", ">=")])


def begin_clause(walk: Walk, token: Token) -> None:
    """`prior A, or has received B within 3 months`: a verb of its own, and a time of its own."""
    before = [one.type for one in walk.kept[-_NEAR:] if one.type != "COMMA"][-2:]
    if before[1:] == ["OR"] and before[0] in _TREATED and _RECEIVED.match(walk.word(token)):
        walk.kept.append(token._replace(type="EVER", value=""))


def after_transplant(walk: Walk, token: Token) -> Token:
    """`graft-versus-host disease after allogeneic transplant`: which cases of it are meant."""
    of_graft = walk.last == "CONDITION" and walk.kept[-1].value.endswith(_GRAFT_DISEASE)
    told = of_graft and walk.word(token).casefold() in _AFTER and walk.following in ("PROCEDURE", "ANCHOR")
    return token._replace(type="THAT", value="") if told else token


def either(walk: Walk, token: Token) -> Token | None:
    """`prior treatment with either A or B`: the word says no more than the `or`."""
    if _either_transplant(walk, token):
        return token._replace(type="TURNING")
    said = walk.word(token).casefold() == "either" and walk.following == "THERAPY"
    return None if said and walk.last in _CHOOSING else token


def _either_transplant(walk: Walk, token: Token) -> bool:
    """`history of allogeneic transplant, or autologous transplant within 12 weeks`: of both, or of one?"""
    before = [one for one in walk.kept[-3:] if one.type != "COMMA"][-2:]
    if len(before) < 2 or before[0].type not in _CHOOSING or before[1].value != "allogeneic_sct":
        return False
    later = [one for one in walk.tokens[walk.at + 1 : walk.at + 5] if one.type != "ASIDE"]
    one_word = before[1].start == token.start  # allogeneic or autologous transplant
    return not one_word and [one.value for one in later[:1]] == ["autologous_sct"] and any(
        one.type in _DATES for one in later[1:3])  # fmt: skip
