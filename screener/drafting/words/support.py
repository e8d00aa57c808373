"""Help for a blood count: `transfusions allowed` changes no verdict, `without transfusion support` is asked.

A chart holds the count and the transfusion; whether the one was reached by the other, a person says.
With a time (`no transfusion within 7 days`) it is a claim like others, and left to the grammar.
"""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token
from screener.vocabulary.catalogue import Catalogue

_MOST = 40  # tokens of one remark: it bounds the time that a text of nothing else takes
_GIVEN = ("transfusion", "hematopoietic_growth_factor")
_JOINTS = frozenset({"AND", "OR", "COMMA", "SLASH"})
_DENIES = frozenset({"NO", "EXCLUDED"})
_BOUNDS = frozenset({"LPAR", "RPAR", "SEMI", "DOT"})
_TIMES = frozenset({"BEFORE", "ANCHOR"})  # `at screening`, `before study entry`
_EARLIER = frozenset({"before", "prior", "prior to", "preceding"})
_VALUE = frozenset(
    {"MEASURE", "COMPARE", "NUMBER", "UNIT"}
)  # behind a goal: `to maintain hemoglobin > 8 g/dL`
_GOALS = frozenset({"achieve", "meet", "reach", "attain", "maintain", "get", "keep"})
_PARTS = frozenset({"COMMA", "SEMI"})
_PAST = frozenset({"PRIOR", "HISTORY"})  # `no prior transfusion`: that is data
_USED = frozenset({"used", "given", "administered"})  # must not be used: for the count
_PERMITS = frozenset({"allowed", "permitted", "permissible", "acceptable", "may", "can", "could"})
_WORDS = frozenset({
    "support", "supported", "assistance", "aid", "help", "use", "used", "using", "receive", "receiving",
    "given", "administered", "transfused", "transfusing", "dependency", "dependence", "whole", "packed",
    "regular", "human", "recombinant", "myeloid", "for", "by", "to", "in", "accordance", "order", "achieve",
    "meet", "reach", "attain", "maintain", "this", "these", "level", "levels", "threshold", "thresholds",
    "target", "value", "values", "criterion", "criteria", "eligibility", "requirement", "requirements",
    "minimum", "count", "counts", "platelet", "hemoglobin", "anc", "patients", "subject", "subjects",
    "initial", "screening", "goal", "institutional", "guidelines", "guideline", "study", "products",
    "which", "other", "stimulators", "it", "get", "keep", "intervention", "interventions", "achieved",
    "attained", "reached",
})  # fmt: skip
# between a treatment and how long ago the last was: `may have been given if completed at least 7 days before`
_LAST = frozenset({
    "last", "most", "recent", "most recent", "been", "completed", "have", "have completed", "received",
    "must", "should", "if", "may have", "as long as", "provided", "any", "but", "been administered",
    "been given", "been received",
})  # fmt: skip
_LONG_AGO = ("COMPARE", "NUMBER", "TIME_UNIT")
_USE = frozenset({"use of", "administration of"})
_UNAIDED = frozenset({"independent", "independence", "untransfused"})
_TRANSFUSED = frozenset({"transfuse", "transfused", "untransfused"})


def kinds_of(generals: Sequence[str], catalogue: Catalogue) -> frozenset[str]:
    """These concepts and all kinds of them, as far as the vocabulary has them."""
    known = [general for general in generals if general in catalogue]
    return frozenset(one for one in catalogue if any(catalogue.is_a(one, general) for general in known))


class Support:
    """Finds what is said of transfusions and growth factors alone."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._given = kinds_of(_GIVEN, catalogue)

    def settled(self, tokens: Sequence[Token], text: str) -> Sequence[Token]:
        """The tokens without permissions of support; what forbids it is one token, UNAIDED."""
        named = not self._given.isdisjoint([token.value for token in tokens])
        if not named and "transfuse" not in text.casefold():
            return tokens
        words = [text[token.start : token.end].casefold() for token in tokens]
        if not any(map(self._names, tokens, words)):
            return tokens
        kept: list[Token] = []
        at = 0
        while at < len(tokens):
            begins = _may_begin(kept, tokens[at], words[at])
            spaced, after = self._spaced(tokens, words, at) if begins else ([], at)
            if spaced:
                kept += spaced
                at = after
                continue
            after = self._end(tokens, words, at) if begins else at
            if any(map(self._names, tokens[at:after], words[at:after])):
                alone = not kept or kept[-1].type in ("SEMI", "DOT")
                said = _said(tokens[at:after], words[at:after], alone=alone)
                if not said and kept and _closes(tokens, after):
                    after += _drop_opening(kept)
                kept += said
            else:
                after = at + 1
                kept.append(tokens[at])
            at = after
        return kept

    def _end(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> int:
        """Where a stretch that speaks of support alone ends; `at` itself where none begins."""
        after, goal = at, False
        while after < min(len(tokens), at + _MOST) and (
            self._belongs(tokens[after], words[after]) or (goal and tokens[after].type in _VALUE)
        ):
            goal = goal or words[after] in _GOALS
            after += 1
        if after > at and words[after - 1] in _UNAIDED:
            return after  # untransfused platelets
        goes_on = after < len(tokens) and tokens[after].type == "MEASURE"
        while after > at and tokens[after - 1].type in _JOINTS:
            after -= 1
        if after == len(tokens) or tokens[after].type in _BOUNDS:
            return after
        return after if goes_on and tokens[after].type in _JOINTS else at

    def _spaced(self, tokens: Sequence[Token], words: Sequence[str], at: int) -> tuple[Sequence[Token], int]:
        """`transfusion may be given if completed at least 7 days before`: the last one was so long ago.
        Says where it ends; nothing where no such remark begins."""
        end = min(len(tokens), at + _MOST)
        compared = next((i for i in range(at, end) if tokens[i].type == "COMPARE"), end)
        after = compared + len(_LONG_AGO)
        run = range(at, compared)
        given = [tokens[i] for i in run if self._names(tokens[i], words[i])]
        said = any(words[i] in _LAST for i in run)
        if not given or not said or tuple(one.type for one in tokens[compared:after]) != _LONG_AGO:
            return [], at
        if tokens[compared].value[0] != ">" or tokens[after - 1].value == "h":
            return [], at
        goal = next((i for i in run if words[i] in _GOALS), compared)
        if not all(self._belongs(tokens[i], words[i]) or words[i] in _LAST
                   or (i > goal and tokens[i].type in _VALUE) for i in run):  # fmt: skip
            return [], at
        while after < end and tokens[after].type in _TIMES | {"ASIDE"}:
            after += 1
        if after < len(tokens) and tokens[after].type not in _BOUNDS:
            return [], at
        joints = [tokens[i] for i in run if tokens[i].type in _JOINTS or self._names(tokens[i], words[i])]
        first = Token("PRIOR", "last", tokens[at].start, given[0].start)
        return [first, *joints, *tokens[compared:after]], after

    def _belongs(self, token: Token, word: str) -> bool:
        return (token.type in _JOINTS | _DENIES | _PAST | _TIMES
                or self._names(token, word) or (token.type == "ASIDE" and word.startswith("to "))
                or word in _WORDS or word in _UNAIDED or word in _USE
                or (token.type == "TURNING" and word in _PERMITS))  # fmt: skip

    def _names(self, token: Token, word: str) -> bool:
        """Whether a transfusion or a growth factor is spoken of."""
        return token.value in self._given or word in _TRANSFUSED


def _drop_opening(kept: list[Token]) -> int:
    """Takes back what opened a remark that ends a bracket: `(< 5 mmol/L; transfusions are permitted)`, or
    the whole of the bracket; says how many tokens behind the remark go with it."""
    if kept[-1].type in _PARTS:
        kept.pop()
        return 0
    if kept[-1].type != "LPAR":
        return 0
    kept.pop()
    if kept and kept[-1].type == "COMMA":
        kept.pop()
    return 1


def _closes(tokens: Sequence[Token], after: int) -> bool:
    return after < len(tokens) and tokens[after].type == "RPAR"


def _said(run: Sequence[Token], words: Sequence[str], *, alone: bool) -> Sequence[Token]:
    """What stands for a stretch on support: nothing for a permission, one token for a denial.

    `no use of A`, where that stands `alone`, is data; beside a value it says how that came about.
    """
    types = {token.type for token in run}
    if not types.isdisjoint(_DENIES) or not _UNAIDED.isdisjoint(words):
        for_count = any(not _GOALS.isdisjoint(word.split()) for word in words)
        past = any(token.type in _PAST and word not in _USED for token, word in zip(run, words, strict=True))
        data = _EARLIER | _USE if alone else _EARLIER
        of_count = for_count or (not past and data.isdisjoint(words))
        return [Token("UNAIDED", "", run[0].start, run[-1].end)] if of_count else run
    return [] if any(word in _PERMITS for word in words) else run


def _may_begin(kept: Sequence[Token], first: Token, word: str) -> bool:
    """Whether a stretch may begin here: behind a bound, or with a word that denies."""
    behind = not kept or kept[-1].type in _BOUNDS | _JOINTS | {"COLON"}
    return behind or first.type == "NO" or word in _UNAIDED
