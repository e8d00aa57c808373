"""Remarks beside a claim that change nothing of it: what `refractory` means, what else is permitted.

`refractory to A (progression on or within 60 days after treatment)` says what the word means here already
(SEMANTICS 3). `Prior allogeneic transplant. Prior autologous transplant is allowed.`: who has had another
treatment than the one asked about is in no other case for it. A permission of a kind of it, or of what may
be one, stays: it would let somebody in.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from screener.drafting.words.lexer import Token, holds
from screener.vocabulary.catalogue import Catalogue

_BOUNDS = frozenset({"LPAR", "RPAR", "DOT", "SEMI"})
_NAMES = frozenset({"THERAPY", "PROCEDURE"})
_CLAIMED = _NAMES | {"CONDITION", "REFRACTORY", "RELAPSED"}
# all that a definition of it may say: progression or no response, during a treatment or soon after it
_OF_DEFINITION = frozenset({
    "60", "a", "achieve", "achieving", "after", "agent", "agents", "an", "and", "any", "as", "at",
    "based", "being", "by", "cessation", "clinical", "completed", "completing", "completion",
    "containing", "date", "day", "days", "defined", "despite", "develop", "developed", "develops",
    "discontinuation", "discontinuing", "disease", "documented", "dose", "drug", "during", "e", "end",
    "ended", "ending", "evidence", "failed", "failure", "following", "from", "given", "had", "has",
    "have", "having", "i", "ie", "immediately", "is", "it", "its", "lack", "last", "latest", "less",
    "line", "lines", "measured", "minimal", "mm", "most", "mr", "multiple", "myeloma", "non",
    "nonresponsive", "note", "of", "on", "or", "part", "pd", "prior", "progress", "progressed",
    "progresses", "progressing", "progression", "progressive", "receipt", "receiving", "recent",
    "refractoriness", "refractory", "regimen", "regimens", "relapse", "relapsed", "relapses",
    "respond", "response", "responsive", "shows", "sixty", "stopping", "taking", "than", "that", "the",
    "therapies", "therapy", "this", "to", "treated", "treatment", "treatments", "was", "were", "which",
    "while", "who", "with", "within",
})  # fmt: skip
_MAY_BEGIN = frozenset({"COMMA", "DEFINED", "REFRACTORY", "RESPONSE", "WORD", "ASIDE", "JUDGED", "CONDITION"})
_PROGRESS = ("progress", "pd", "relaps", "nonresponsive")
_BEHIND_NAME = frozenset({"ASIDE", "METHOD"})
_NEAR = 4  # tokens between a disease and the bracket that says which cases of it
_WORDS = re.compile(r"[a-z]{2,}")
# all that its definition may say: so many plasma cells of the blood's cells, or in a volume of it
_OF_COUNT = frozenset({
    "absolute", "an", "as", "blood", "by", "cd", "cell", "cells", "circulating", "comprised", "count",
    "criteria", "criterion", "defined", "differential", "either", "greater", "having", "ie", "in",
    "leukocytes",
    "more", "of", "or", "percent", "peripheral", "plasma", "standard", "than", "the", "white", "with", "ul",
})  # fmt: skip
_OF_LESION = frozenset({
    "at", "by", "cm", "computed", "cross", "ct", "diameter", "emission", "has", "have", "having", "in",
    "largest", "least", "lesion", "lesions", "longest", "mm", "mri", "of", "on", "one", "or", "pet",
    "portion", "positron", "scan", "sectional", "single", "that", "the", "tomography", "with",
})  # fmt: skip
_PERMITS = frozenset({"allowed", "permitted", "permissible", "acceptable", "eligible", "accepted"})
_OF_PERMISSIONS = ("allowed", "permi", "eligible", "accept", "exclu", "may have")
_OPENS = frozenset({"however", "but", "regardless", "also"})
_OF_PERMISSION = frozenset({
    "will", "would", "be", "use", "response", "timing", "therapy", "treatment", "exposure", "having", "still",
    "remain", "patients", "participants", "subjects", "for", "of", "the", "who",
})  # fmt: skip
_AROUND = frozenset({"ASIDE", "HISTORY", "PRIOR", "AND", "OR", "COMMA", "SLASH", "COLON", "DASH"})
_COUNTED = frozenset({"considered", "regarded", "deemed", "count", "constitute"})


_Test = Callable[[Sequence[Token], Sequence[Token], str], bool]


class Remarks:
    """Finds such remarks in brackets and sentences of their own, and behind `defined as`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._both: dict[tuple[str, str], bool] = {}  # two treatments: whether one may be both

    def without(self, tokens: Sequence[Token], text: str) -> Sequence[Token]:
        """The tokens without them."""
        words = text.casefold()
        if ("leuk" in words or "diameter" in words) and "LPAR" in {one.type for one in tokens}:
            tokens = self._with_counts(tokens, words)
        if "refractor" in words and "days" in words:
            tokens = _without_definitions(tokens, words)
        if holds(words, _OF_PERMISSIONS):
            tokens = self._left(tokens, words, self._permits_another)
        if "not considered" in words:
            tokens = self._left(tokens, words, self._is_no_kind)
        return tokens

    def _with_counts(self, tokens: Sequence[Token], text: str) -> Sequence[Token]:
        """`plasma cell leukemia (> 2 x 10^9/L circulating plasma cells)`: which cases, in numbers."""
        kept: list[Token] = []
        at = 0
        while at < len(tokens):
            end = next((one for one in range(at, len(tokens)) if tokens[one].type == "RPAR"), 0)
            asked = self._told_in_numbers(kept[-_NEAR:]) if tokens[at].type == "LPAR" else frozenset()
            said = _WORDS.findall(text[tokens[at].end : tokens[end].start]) if asked and end else []
            if not {"plasma", "diameter"}.isdisjoint(said) and asked.issuperset(said):
                kept.append(Token("THAT", "", tokens[at].start, tokens[end].end))
                at = end + 1
            else:
                kept.append(tokens[at])
                at += 1
        return kept

    def _told_in_numbers(self, before: Sequence[Token]) -> frozenset[str]:
        """The words in which the disease before a bracket is told in numbers; none of another one."""
        named = next((one for one in reversed(before) if one.type not in _BEHIND_NAME), None)
        if named is None or named.type != "CONDITION" or named.value not in self._catalogue:
            return frozenset()
        if self._catalogue.is_a(named.value, "plasma_cell_leukemia"):
            return _OF_COUNT
        return _OF_LESION if self._catalogue.is_a(named.value, "plasmacytoma") else frozenset()

    def _left(self, tokens: Sequence[Token], text: str, is_remark: _Test) -> Sequence[Token]:
        """Without the stretches that are remarks on the rest."""
        kept = list(tokens)
        for start, end in reversed(list(_stretches(tokens))):
            rest = [*kept[:start], *kept[end:]]
            if any(one.type in _CLAIMED for one in rest) and is_remark(kept[start:end], rest, text):
                kept[start:end] = []
                _close(kept, start)
        return kept

    def _permits_another(self, stretch: Sequence[Token], rest: Sequence[Token], text: str) -> bool:
        """`prior A is allowed`, where the rest speaks of other treatments than A and of no value."""
        names = [one for one in stretch if one.type in _NAMES]
        if not names or not _is_permission(stretch, text) or any(map(_is_value, rest)):
            return False
        others = {one.value for one in rest if one.type in _NAMES}
        return all(not self._overlap(one.value, other) for one in names for other in others)

    def _is_no_kind(self, stretch: Sequence[Token], _: Sequence[Token], text: str) -> bool:
        """`kyphoplasty is not considered major surgery`, which it is not here either."""
        said = [one for one in stretch if one.type not in _AROUND]
        names, verb, kind = said[:-3], said[-3:-1], said[-1:]
        told = [one.type for one in verb] == ["NO", "WORD"] and _word(verb[1], text) in _COUNTED
        if not told or kind[0].type not in _NAMES or not names:
            return False
        return all(one.type in _NAMES and not self._catalogue.is_a(one.value, kind[0].value) for one in names)

    def _overlap(self, one: str, other: str) -> bool:
        """Whether a treatment may be both."""
        known = self._both.get((one, other))
        if known is None:
            is_a = self._catalogue.is_a
            known = any(is_a(kind, one) and is_a(kind, other) for kind in self._catalogue)
            self._both[one, other] = known
        return known


def _stretches(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The places of what stands between brackets and ends of sentences."""
    start = 0
    for at in [*(at for at, one in enumerate(tokens) if one.type in _BOUNDS), len(tokens)]:
        if at > start:
            yield start, at
        start = at + 1


def _close(kept: list[Token], at: int) -> None:
    """Takes out the bracket, or the end of a sentence, that is empty at this place."""
    if at < len(kept) and kept[at].type == "RPAR" and at and kept[at - 1].type == "LPAR":
        kept[at - 1 : at + 1] = []
    elif at < len(kept) and kept[at].type in ("DOT", "SEMI"):
        kept[at : at + 1] = []


def _is_value(token: Token) -> bool:
    return token.type == "MEASURE" and token.value != "lines_of_therapy"


def _word(token: Token, text: str) -> str:
    return text[token.start : token.end]


def _is_permission(stretch: Sequence[Token], text: str) -> bool:
    """Whether the stretch holds treatments and the words of a permission, and no others."""
    permits = False
    for at, one in enumerate(stretch):
        word = _word(one, text)
        if one.type == "TURNING" and word in _PERMITS | _OPENS:
            permits |= word in _PERMITS
        elif one.type == "NO" and [later.type for later in stretch[at + 1 : at + 2]] == ["EXCLUDED"]:
            permits = True
        elif one.type == "EXCLUDED" and at and stretch[at - 1].type == "NO":
            continue
        elif one.type == "THEN" and word == "may have":
            permits = True
        elif (one.type, one.value) == ("ANCHOR", "enrolment") or (one.type, word) == ("WITHIN", "in the"):
            continue  # to participate in the study
        elif one.type not in _AROUND | _NAMES and not (one.type == "WORD" and word in _OF_PERMISSION):
            return False
    return permits


# --- what `refractory` means


def _without_definitions(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    kept = list(tokens)
    for first, end in reversed(list(_stretches(tokens))):
        start = _beginning(kept, first, end)
        said = kept[start:end]
        told = any("refractor" in _word(one, text) for one in [*kept[:start], *said[:3]])
        rest = any(one.type in _CLAIMED for one in [*kept[:start], *kept[end:]])
        bracket = first > 0 and tokens[first - 1].type == "LPAR"
        said_so = bracket or any(one.type == "DEFINED" for one in said)
        if told and rest and said_so and _defines(said, text):
            kept[start:end] = []
            _close(kept, start)
    return kept


def _beginning(tokens: Sequence[Token], start: int, end: int) -> int:
    """Where a definition begins within a stretch: behind the claim that it defines."""
    at = next((at for at in range(start, end) if tokens[at].type == "DEFINED"), start)
    claimed = any(one.type in ("REFRACTORY", "JUDGED") for one in tokens[start:at]) and any(
        one.type in _NAMES for one in tokens[start:at])  # fmt: skip
    if not claimed:
        return start
    return at - 1 if at > start and tokens[at - 1].type == "COMMA" else at


def _defines(said: Sequence[Token], text: str) -> bool:
    """Whether it is progression within 60 days that is said there, and nothing else."""
    if not any(one.type == "TIME_UNIT" and one.value == "d" for one in said):
        return False
    numbers = [one.value for one in said if one.type == "NUMBER"]
    words = " ".join(_word(one, text) for one in said if one.type not in _NAMES)
    plain = "".join(char if char.isalnum() else " " for char in words).split()
    return said[0].type in _MAY_BEGIN and numbers == ["60"] and _OF_DEFINITION.issuperset(plain) and any(
        word.startswith(_PROGRESS) for word in plain)  # fmt: skip
