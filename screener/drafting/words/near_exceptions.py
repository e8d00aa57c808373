"""What words mean near diseases that are excepted: whether they were removed or cured."""

from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import Settle, Walk

_SYNCOPE = frozenset({"syncope", "unexplained_syncope"})


def _cured(walk: Walk, token: Token) -> Token:
    """`low-risk prostate cancer after curative therapy`."""
    return token._replace(value=walk.word(token)) if walk.last == "CONDITION" else token._replace(type="WORD")


def _resection(walk: Walk, token: Token) -> Token:
    """`malignancy except complete resection of basal cell carcinoma`: of those that were resected."""
    excepted = walk.last == "EXCEPT" and walk.following == "CONDITION"
    listed = [one.type for one in walk.tokens[walk.at + 1 :] if one.type != "ASIDE"][:3]
    if excepted and listed == ["CONDITION", "OR", "CONDITION"]:
        return token._replace(type="WORD")  # of both, or of the first?
    return (
        token._replace(type="JUDGED", value=walk.word(token))
        if excepted
        else token._replace(type="PROCEDURE")
    )


def _own_disease(walk: Walk, token: Token) -> Token | None:
    """`malignancy other than the disease under study`: another one than the trial's own."""
    if walk.last != "CONDITION":
        return token._replace(type="WORD")
    named = walk.kept[-1]
    walk.kept.insert(len(walk.kept) - 1, named._replace(type="OTHER", value="", end=named.start))
    return None


def _of_syncope(walk: Walk, token: Token) -> Token | None:
    """`arrhythmia or unexplained syncope, not believed to be vasovagal in nature`: of the syncope alone."""
    at = len(walk.kept) - 1 - (walk.last == "COMMA")
    several = sum(one.value in _SYNCOPE for one in walk.kept) > 1  # of which of the two?
    if at < 0 or walk.kept[at].value not in _SYNCOPE or several:
        return token._replace(type="THAT")
    named = walk.kept[at]
    del walk.kept[at + 1 :]
    walk.kept.insert(at, named._replace(type="JUDGED", value=walk.word(token), end=named.start))
    return None


SETTLES: dict[str, Settle] = {
    "CURED": _cured,
    "RESECTION_OF": _resection,
    "OWN_DISEASE": _own_disease,
    "OF_SYNCOPE": _of_syncope,
}
