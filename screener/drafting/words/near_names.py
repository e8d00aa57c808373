"""What words mean near the names of diseases and people, and what follows on a claim."""

import re
from itertools import takewhile

from screener.drafting.words import near_drugs, near_infections, near_measures, near_myeloma, near_treatments
from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import VALUE_ENDS, Settle, Walk

_ADJECTIVES = frozenset({"QUALIFIER", "JUDGED"})
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_PEOPLE = frozenset({"FEMALE", "MALE", "CHILDBEARING"})
_STATES = frozenset({"PREGNANT", "BREASTFEEDING"})
_CLAUSE_ENDS = _JOINTS | {"DOT", "SEMI", "COLON"}
_PARTNER = re.compile(r"\s+partners?\b", re.IGNORECASE)
_TESTED = re.compile(r"sero-?positiv|positiv", re.IGNORECASE)
_ABOUT = frozenset({
    "risk", "risks", "serology", "serologies", "testing", "cessation", "prophylaxis", "vaccination",
    "vaccine", "vaccines", "screening", "prevention",
})  # fmt: skip
_REMISSION = re.compile(
    r",?\s+((?:in|not having achieved|having achieved) (?:\w+ )?remission)$", re.IGNORECASE
)
# a name that begins with an adjective of its own
_DESCRIBED_NAME = re.compile(r"\s+non-?infectious\b", re.IGNORECASE)
_REQUIRING = re.compile(r"\s+(?:and )?requiring\b", re.IGNORECASE)
_NEAR = 16  # tokens between a limit and the end of its case
_LIST = 200  # tokens of one long statement
_ABNORMAL = ["ABNORMAL", "MEASURE", "LPAR"]
_GIVING = frozenset({"use", "support", "administration"})
_OF_HEART_FAILURE = frozenset({"nyha"})
_NOUN_ENDS = frozenset({"", "DOT", "SEMI", "COMMA", "AND", "LPAR"})
_WITH_ACRONYM = ["CONDITION", "LPAR", "CONDITION", "RPAR"]
_BEFORE_NAME = frozenset({"JUDGED", "QUALIFIER", "HISTORY", "DOT", "SEMI", "COLON", "COMMA", "AND"})
_COUNTED = frozenset({"lytic_bone_lesion", "plasmacytoma", "extramedullary_plasmacytoma"})
_PAINS = frozenset({"pain", "neuropathic_pain"})
_WITH_CLASS = frozenset({"heart_failure", "cardiac_disease", "cardiovascular_disease"})
_CLASSES = frozenset({"NUMBER", "OR", "AND", "DASH", "SLASH", "COMMA", "COMPARE", "OR_MORE"})
_IN_LIMIT = frozenset({"ASIDE", "COMPARE", "NUMBER", "UNIT"})
_DATED_NAMES = [[kind, "WITHIN"] for kind in ("CONDITION", "PROCEDURE", "THERAPY")]


# --- diseases


def _condition(walk: Walk, token: Token) -> Token | None:
    of_lines = walk.last == "IF" and len(walk.kept) > 1 and walk.kept[-2].value == "lines_of_therapy"
    if of_lines and walk.following not in _JOINTS:
        walk.drop_last("IF")  # regimens for multiple myeloma: those that are counted
        return None
    if _only_named(walk):
        return token._replace(type="WORD")
    remission = _REMISSION.search(walk.word(token))
    if remission is not None:  # a name for records; of a criterion it says which cases are meant
        walk.kept.append(token._replace(end=token.start + remission.start()))
        return Token("THAT", "", token.start + remission.start(1), token.end)
    if token.value in _COUNTED:
        _without_one(walk)
    if walk.last == "CONDITION" and walk.word(token)[:6].casefold() == "requir":
        return token._replace(type="THAT", value="")  # lung disease requiring oxygen
    if token.value == "hepatitis_c" and near_infections.is_serology(walk):
        return token._replace(type="MEASURE", value="hcv_antibody")
    if token.value in _PAINS and [one.type for one in walk.kept[-2:]] == ["NUMBER", "WORD"]:
        start = walk.kept.pop().start  # of `with`, which only stands there behind a grade
        return Token("PAINFUL", walk.text[start : token.end], start, token.end)
    if _TESTED.match(walk.word(token)) and _is_listed(walk):
        walk.kept.append(token._replace(type="POSITIVE", value=""))  # HIV, B or C: for each
    if token.value == "heart_failure" and _has_class(walk):
        return token._replace(type="CLASSED")
    return (
        None
        if token.value in near_infections.ANY_INFECTION and near_infections.says_infection(walk.kept)
        else token
    )


def _word(walk: Walk, token: Token) -> Token | None:
    value = token.value
    if value in near_infections.INFECTED and near_infections.says_infection(walk.kept):
        return None
    if value in near_infections.HEPATITIS and near_infections.after_hepatitis(walk.kept):
        return Token("CONDITION", near_infections.other_hepatitis(walk.kept, value), token.start, token.end)
    if value in ("disease", "symptoms") and walk.last == "NUMBER":
        return None
    if value == "in" and not walk.kept and walk.following == "RESPONSE":
        return token._replace(type="IN_RESPONSE")  # must be in VGPR or better
    if value == "diagnosis" and _names_diagnosis(walk, token):
        return None
    if (
        near_treatments.names_first_dose(walk)
        and walk.word(token)[0].isupper()
        and walk.following in ("", "DOT", "SEMI", "COMMA")
    ):
        near_treatments.with_drug(walk, token)  # a code name
        return None
    if value in _GIVING and walk.last in ("THERAPY", "PROCEDURE") and walk.following in ("WITHIN", "FOR"):
        return None
    if value == "additional" and walk.following == "CONDITION":
        return token._replace(type="OTHER", value="")
    if (value in ("it", "they") and walk.last == "THEN") or (value == "in" and walk.last == "EXCEPT"):
        return None
    if near_measures.says_again(walk, value) or near_measures.says_how(walk, value):
        return None
    if value == "reference" and walk.last == "LPAR" and walk.following == "NUMBER":
        return token._replace(type="NORMAL", value="")  # abnormal ratio (reference 0.26-1.65)
    if value in ("in", "for") and walk.following in _PEOPLE:
        return token._replace(type="IF")
    if (value, walk.following) in (("in", "SCOPE"), ("different", "MEASURE")):
        return None
    if value in ("pi", "pis") and near_drugs.is_inhibitor(walk):
        near_drugs.without_one(walk)
        return token._replace(type="THERAPY", value="proteasome_inhibitor")
    if near_drugs.says_again(walk, token) or near_drugs.licensed(walk, token):
        return None
    return token


def _names_diagnosis(walk: Walk, token: Token) -> bool:
    """`confirmed multiple myeloma diagnosis`: the disease; `within a year of myeloma diagnosis` is a time."""
    kept = walk.kept
    if [one.type for one in kept[-4:]] == _WITH_ACRONYM and kept[-4].value == kept[-2].value:
        kept = [*kept[:-4], kept[-4]._replace(end=kept[-1].end)]  # multiple myeloma (MM) diagnosis
    disease = kept[-1] if kept and kept[-1].type == "CONDITION" else None
    if disease is None or walk.text[disease.end : token.start].strip() or walk.following not in _NOUN_ENDS:
        return False
    return len(kept) == 1 or kept[-2].type in _BEFORE_NAME


def _without_one(walk: Walk) -> None:
    """`one or more lytic lesions`: lesions."""
    last = [(one.type, one.value) for one in walk.kept[-2:]]
    if last in ([("NUMBER", "1"), ("OR_MORE", ">=")], [("COMPARE", ">="), ("NUMBER", "1")]):
        del walk.kept[-2:]


def _judged(walk: Walk, token: Token) -> Token | None:
    word = walk.word(token).casefold()
    if word == "recent" and _is_dated_name(walk):
        return None
    resists = near_drugs.resists(walk, token)
    if resists is not None:
        return resists
    return token._replace(value=walk.word(token))


def _is_dated_name(walk: Walk) -> bool:
    """`recent major surgery within 4 weeks`: the time says how recent."""
    return [token.type for token in walk.tokens[walk.at + 1 : walk.at + 3]] in _DATED_NAMES


def _that(walk: Walk, token: Token) -> Token:
    """`bilirubin > 2 mg/dL in the absence of hemolysis`: and no hemolysis."""
    graded = any(one.type == "GRADE" for one in walk.kept[-4:])
    measured = walk.last in VALUE_ENDS and not graded
    absent = measured and walk.word(token).casefold() == "in the absence of" and walk.following != "THERAPY"
    return token._replace(type="NO", value="") if absent else token


def _only_named(walk: Walk) -> bool:
    """`smoking cessation`, `tumor lysis prophylaxis`: something about a disease, not the disease."""
    for later in walk.tokens[walk.at + 1 : walk.at + 3]:
        if later.type != "WORD":
            return False
        if later.value in _ABOUT:
            return True
    return False


def _is_listed(walk: Walk) -> bool:
    """Whether another name follows on a joint, with no verb or adjective of its own."""
    later = [token.type for token in walk.tokens[walk.at + 1 : walk.at + 4]]
    joints = list(takewhile(_JOINTS.__contains__, later))
    return bool(joints) and later[len(joints) : len(joints) + 1] not in (["ASIDE"], ["QUALIFIER"])


def _has_class(walk: Walk) -> bool:
    """`NYHA class III or IV heart failure`: of that disease, and of no other in the list."""
    for earlier in reversed(walk.kept):
        if earlier.type not in _CLASSES:
            return earlier.value in _OF_HEART_FAILURE and walk.last != earlier.type
    return False


def _then(walk: Walk, token: Token) -> Token | None:
    """`patients whose age is 18 years or more`: all of them."""
    return None if not walk.kept and walk.following == "AGE" else token


def _comma(walk: Walk, token: Token) -> Token | None:
    """`(if liver metastases, <= 5 x ULN)`: it parts a circumstance from its limit."""
    if walk.last == "LPAR" or (walk.last == "MEASURE" and near_measures.a_range_follows(walk)):
        return None  # (i.e., < 2); body mass index, 22-29 kg/m2
    if walk.kept and walk.kept[-1].value in _WITH_CLASS and any(map(walk.comes, _OF_HEART_FAILURE)):
        return None  # congestive heart failure, NYHA class III or IV
    if (
        walk.last == "CONDITION"
        and walk.following in ("THAT", "ONGOING")
        and _REQUIRING.match(walk.text, token.end)
    ):
        return None  # infection, requiring antibiotics
    if walk.last == "CONDITION" and walk.following in ("COMPARE", "THEN"):
        opens = walk.following == "COMPARE" and not _ends_a_case(walk) and not _measured_behind(walk)
        return token._replace(type="THEN") if opens else token if walk.following == "COMPARE" else None
    return _between_adjectives(walk, token)


def _measured_behind(walk: Walk) -> bool:
    """`relapsed myeloma, >= 2 prior lines of therapy`: a value of its own, and no limit for some."""
    later = [one.type for one in walk.tokens[walk.at + 1 : walk.at + 8] if one.type not in _IN_LIMIT]
    return later[:1] in (["MEASURE"], ["HISTORY"], ["PRIOR"])


def _ends_a_case(walk: Walk) -> bool:
    """`<= 3 x ULN if A, <= 5 x ULN if B`: what is so belongs to the limit before it."""
    near = walk.kept[-_NEAR:]
    link = max((at for at, one in enumerate(near) if one.type == "IF"), default=0)
    return link > 0 and near[link - 1].type in VALUE_ENDS


def _semicolon(walk: Walk, token: Token) -> Token:
    """`<= 3 x ULN if no liver metastases; <= 5 x ULN if …`: it parts two limits of one thing."""
    case = [one.type for one in walk.kept[-3:] if one.type != "NO"][-2:] == ["IF", "CONDITION"]
    return token._replace(type="COMMA") if case and walk.following == "COMPARE" else token


def _otherwise(walk: Walk, token: Token) -> Token:
    if not walk.drop_last("SEMI"):
        walk.drop_last("COMMA")
    return token


def _between_adjectives(walk: Walk, token: Token) -> Token | None:
    """`active, uncontrolled infection`: two adjectives of one disease."""
    if walk.last in _ADJECTIVES and walk.following == "CONDITION":
        alone = len(walk.kept) < 2 or walk.kept[-2].type not in ("CONDITION", "THAT")
        return None if alone and _DESCRIBED_NAME.match(walk.text, token.end) else token
    if walk.last in _ADJECTIVES and walk.following in _ADJECTIVES:
        return token._replace(type="OR") if token.type == "COMMA" and _one_of_several(walk) else None
    return token


def _one_of_several(walk: Walk) -> bool:
    """`uncontrolled, untreated or active infection`: whether the `or` stands before the last of them."""
    later = [one.type for one in walk.tokens[walk.at + 1 :][:_NEAR] if one.type != "ASIDE"]
    joints = list(takewhile(lambda kind: kind in ("COMMA", "OR"), later[1::2]))
    return joints[-1:] == ["OR"] and _ADJECTIVES.issuperset(later[0 : 2 * len(joints) + 1 : 2])


# --- people, and what follows on a claim


def _sex(walk: Walk, token: Token) -> Token:
    """`men with female partners`: she is no patient."""
    return token._replace(type="TURNING") if _PARTNER.match(walk.text, token.end) else token


def _people(walk: Walk, token: Token) -> Token:
    """`pregnant women, or women of childbearing potential unwilling to …`: those alone who are unwilling."""
    asked = _JOINTS & {walk.last} and any(one.type in _STATES for one in walk.kept[-_LIST:])
    if asked and walk.last != "AND":
        later = takewhile(lambda one: one.type not in _CLAUSE_ENDS, walk.tokens[walk.at + 1 :])
        if any(one.type == "PERSON" for one in later):
            return token._replace(type="PERSON", value="contraception")
    return token if token.type == "CHILDBEARING" else _sex(walk, token)


def _if(walk: Walk, token: Token) -> Token:
    """`for` is `if` before people and diseases; elsewhere it begins a length of time."""
    if token.value or walk.word(token).casefold() != "for":
        return token
    of_some = walk.following in _PEOPLE or walk.following == "CONDITION" or near_myeloma.of_subtype(walk)
    return token if of_some else token._replace(type="FOR")


def _after_comma(walk: Walk, token: Token) -> Token | None:
    """`X, unless Y`: the word parts the two, and the comma nothing more."""
    if token.type == "DEFINED" and [one.type for one in walk.kept[-3:]] == _ABNORMAL:
        return None  # an abnormal ratio (i.e., < 0.26 or > 1.65)
    if not walk.drop_last("COMMA") and token.type in ("EXCEPT", "UNLESS"):
        walk.drop_last("SEMI")
    return token


SETTLES: dict[str, Settle] = {
    "THAT": _that, "CONDITION": _condition, "WORD": _word, "JUDGED": _judged,
    "COMMA": _comma, "SEMI": _semicolon, "OTHERWISE": _otherwise, "AND": _between_adjectives,
    "IF": _if, "THEN": _then, **dict.fromkeys(_PEOPLE, _people),
    **dict.fromkeys(("EXCEPT", "UNLESS", "PROVIDED", "DEFINED", "INCLUDING", "SUCH_AS"), _after_comma),
}  # fmt: skip
