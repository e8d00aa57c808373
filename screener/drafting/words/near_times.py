"""What words mean near times: windows and the events from which they are counted, units told late."""

from itertools import takewhile

from screener.drafting.words import near_drugs
from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Settle, Walk

_WEAK = frozenset({"of", "from", "at", "to", "on", "of the", "from the", "at the"})
_AT_SCREENING = frozenset({"baseline", "screening"})
_BEFORE_NAMES = frozenset({"", "THEN", "COMMA", "LPAR", "AND", "OR", "SEMI", "DOT", "COLON", "DEFINED", "IF"})
# what may stand before a member of a list and leave it under the adjective of the first
_ARTICLES = frozenset({"a", "an", "the", "of", "the presence of", "presence of", "of the"})
_NEAR = 40  # tokens of a list over which an adjective may reach
_LISTED = frozenset({"OR", "AND", "COMMA", "SLASH", "CONDITION", "QUALIFIER", "JUDGED"})
_LENGTHS = [["NUMBER", "HALF_LIVES"], ["NUMBER", "TIME_UNIT"]]
_SIGNS = frozenset({"COMPARE", "AGE_COMPARE"})
_ANCHORS = frozenset({"ANCHOR", "PROCEDURE"})
_VIROLOGIC = frozenset({"hbsag", "anti_hbc", "hbv_dna", "hcv_antibody", "hcv_rna", "hbeag"})
_VALUES = frozenset({"COMPARE", "NUMBER", "BETWEEN", "POSITIVE", "NEGATIVE", "NORMAL", "ABNORMAL"})
_LIMIT_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN"})
_LENGTH_ENDS = frozenset({"TIME_UNIT", "HALF_LIVES", "WHICHEVER", "RPAR", "COMMA"})


def _aside(walk: Walk, token: Token) -> Token | None:
    word = walk.word(token).casefold()
    if word.startswith("must ") and walk.last == "CONDITION" and walk.following == "MEASURE":
        return token._replace(type="THEN", value="")  # patients with liver metastases must have AST …
    if word.startswith("must ") and walk.last in _LIMIT_ENDS and walk.following == "MEASURE":
        return token._replace(type="TURNING")  # patients with creatinine > 2 mg/dL must have a clearance …
    if word == "inclusive" and any(one.type in _SIGNS and one.value in "<>" for one in walk.kept[-4:]):
        walk.kept.append(token._replace(type="WORD"))  # over 18 years inclusive: is 18 meant, too?
    if word.endswith(("presence of", "detection of")) and _is_virologic(walk):
        walk.kept.append(token._replace(type="POSITIVE", value=""))
    if word not in _ARTICLES and _has_adjective(walk):
        walk.kept.append(token._replace(type="EVER", value=""))  # active A or known B: B of any kind
    if word == "with" and _after_grade(walk):
        walk.kept.append(token._replace(type="WORD", value="with"))
    elif word in _WEAK:
        walk.weak = token
    return None


def _is_virologic(walk: Walk) -> bool:
    """`presence of hepatitis B surface antigen`: what is found or not, and no value follows."""
    later = [one for one in walk.tokens[walk.at + 1 : walk.at + 1 + _NEAR] if one.type != "ASIDE"][:2]
    valued = len(later) > 1 and later[1].type in _VALUES
    return bool(later) and later[0].type == "MEASURE" and later[0].value in _VIROLOGIC and not valued


def _has_adjective(walk: Walk) -> bool:
    """Whether an adjective stands in the list that goes on here with a disease of its own."""
    if walk.last not in ("OR", "AND") or walk.following != "CONDITION":
        return False
    listed = [one.type for one in takewhile(lambda one: one.type in _LISTED, reversed(walk.kept[-_NEAR:]))]
    return "QUALIFIER" in listed or "JUDGED" in listed


def _after_grade(walk: Walk) -> bool:
    return (
        walk.last == "NUMBER"
        and len(walk.kept) > 1
        and any(token.type == "GRADE" for token in walk.kept[-3:])
    )


def _before(walk: Walk, token: Token) -> Token | None:
    if walk.following == "ANCHOR" and walk.last not in _LENGTH_ENDS and not walk.comes("transplant"):
        if walk.word(token).casefold().startswith("of") and walk.last != "ONGOING":
            return token._replace(type="WORD")  # malabsorption of the study drug: no time
        walk.before_start = True  # before the study begins, which is when one is screened
        return None
    if walk.following not in _ANCHORS:
        return token._replace(type="TURNING")
    walk.drop_last("COMMA")
    return token


def _anchor(walk: Walk, token: Token) -> Token | None:
    if walk.before_start:
        walk.before_start = walk.bracket = False
        return None
    if walk.last == "BEFORE":
        return token
    if walk.weak is None and token.value == "transplant":
        return token._replace(type="PROCEDURE", value="stem_cell_transplant")  # no day, but the treatment
    if walk.weak is None and walk.word(token).casefold() in _AT_SCREENING and walk.following == "MEASURE":
        return None if walk.last in _BEFORE_NAMES else token._replace(type="WORD")  # baseline ECOG
    if walk.weak is None and token.value == "informed consent" and not walk.kept:
        return token._replace(type="PERSON", value="consent")  # written informed consent: it is asked for
    if walk.weak is None:
        return near_drugs.no_anchor(walk, token)
    walk.kept.append(walk.weak._replace(type="BEFORE"))
    return token


def _within(walk: Walk, token: Token) -> Token:
    """`creatinine < 2 mg/dL, within 14 days`: the comma parts nothing."""
    if walk.follows_value() or " or within" in walk.word(token).casefold():
        walk.drop_last("COMMA")
    return token


def _whichever(walk: Walk, token: Token) -> Token:
    if walk.drop_last("LPAR"):
        walk.bracket = True
    else:
        walk.drop_last("COMMA")
    return token


def two_lengths(walk: Walk) -> None:
    """`within 14 days, or at least 5 half-lives`, `or within 5 half-lives`: two lengths of one time."""
    before = [one.type for one in walk.kept[-4:] if one.type != "COMMA"][-2:]
    later = walk.tokens[walk.at + 1 : walk.at + 4]
    again = later[:1] and (later[0].type == "WITHIN" or (later[0].type, later[0].value) == ("COMPARE", ">="))
    lengths = [before, [one.type for one in later[1 if again else 0 :][:2]]]
    if sorted(lengths) == _LENGTHS:
        walk.drop_last("COMMA")
        walk.passed = later[0].end if again else walk.passed


def _closing(walk: Walk, token: Token) -> Token | None:
    """A bracket that is empty, or was never opened for the table, is none."""
    walk.drop_last("SEMI")  # (< 4.9 mmol/L; …), of which the rest was set aside
    if walk.drop_last("LPAR"):
        return None
    if walk.bracket:
        walk.bracket = False
        return None
    return token


def _or_more(walk: Walk, token: Token) -> Token | None:
    if walk.following not in ("TIME_UNIT", "AGE_UNIT"):
        return token
    walk.later = token
    return None


def _time_unit(walk: Walk, token: Token) -> Token | None:
    if walk.later is None:
        return token
    walk.kept += [token, walk.later]
    walk.later = None
    return None


SETTLES: dict[str, Settle] = {
    "ASIDE": _aside, "BEFORE": _before, "ANCHOR": _anchor, "WITHIN": _within, "WHICHEVER": _whichever,
    "RPAR": _closing, "OR_MORE": _or_more, "TIME_UNIT": _time_unit, "AGE_UNIT": _time_unit,
}  # fmt: skip
