"""Help for a blood count, with a time or a condition that no claim reads: `without transfusion within 7 days
before the laboratory test`. Whether the count was reached without it, a person says (support.py)."""

import re
from collections.abc import Sequence

from screener.drafting.logic.parts import Part
from screener.drafting.logic.shapes import is_measured
from screener.drafting.words.lexer import Token
from screener.drafting.words.support import kinds_of
from screener.model.walk import listed, statements
from screener.vocabulary.catalogue import Catalogue

_GIVEN = ("transfusion", "hematopoietic_growth_factor", "tpo_receptor_agonist")
_MOST = 40  # parts of one remark: it bounds the time that a text of nothing else takes
_JOINTS = frozenset({"COMMA", "AND", "OR", "SLASH"})
_BOUNDS = frozenset({"DOT", "SEMI", "LPAR", "RPAR"})
_OF_REMARK = frozenset({
    *_JOINTS, "NO", "EXCLUDED", "PRIOR", "HISTORY", "ONGOING", "BEFORE", "ANCHOR", "WITHIN", "FOR", "SINCE",
    "TIMING", "TIME_UNIT", "NUMBER", "OR_MORE", "DASH", "UNAIDED", "EXCEPT", "AGO",
})  # fmt: skip
_BEFORE_A_LIMIT = ["LPAR", "UNAIDED", "RPAR", "LPAR", "NUMBER"]
_COUNTS = frozenset({"platelets", "hemoglobin", "anc", "rbc"})  # platelet stimulating agents
_WORDS = frozenset({
    "support", "use", "used", "using", "receive", "received", "receiving", "given", "administered",
    "required", "independent", "independence", "whole", "packed", "partial", "regular", "human",
    "recombinant", "myeloid", "pegylated", "extended", "acting", "its", "their", "equivalent",
    "equivalents", "agents", "agent", "drugs", "stimulating", "mimetics", "colony", "granulocyte", "factor",
    "factors", "like", "products", "product", "blood", "platelet", "red", "cell", "cells", "count",
    "counts", "entry", "qualifying", "value", "screening", "test", "tests", "testing", "laboratory", "lab",
    "labs", "assessment", "evaluation", "collection", "sample", "sampling", "obtaining", "hematologic",
    "hematology", "measurement", "assay", "draw", "period", "leading", "up", "to", "in", "of", "for", "by",
    "on", "from", "at", "least", "been", "may", "can", "could", "should", "must", "will", "not", "but",
    "however", "more", "most", "than", "recent", "recently", "last", "any", "all", "during", "allowed",
    "permitted", "permissible", "dosing", "therapy", "treatment", "with", "reach", "achieve", "meet",
    "maintain", "this", "these", "level", "levels", "criteria", "criterion", "eligibility", "requirement",
    "requirements", "obtain", "which", "supported", "performed", "the", "a", "prior to", "prior to the",
    "before the", "before", "preceding", "previous", "prior", "immediately", "following", "after", "only",
    "of the", "life", "half", "release", "two", "it", "is", "completed", "screening visit",
})  # fmt: skip
_FORBIDS = re.compile(
    r"\b(?:no|not|without|cannot|independent|un-?transfused)\b|\b(?:but|however)\b.*\bmust\b", re.IGNORECASE
)
_LETS = re.compile(
    r"\bnot (?:be )?(?:excluded|exclusionary|prohibited|required|necessary|needed|considered)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:hours?|days?|weeks?|months?|meet|reach|achieve|attain|maintain)\b", re.IGNORECASE)
_TO_REACH = re.compile(r"\b(?:meet|reach|achieve|attain|maintain)\b", re.IGNORECASE)
_OF_VALUE = re.compile(r"\W*(?:obtained|performed|measured|done|assessed|documented)\b", re.IGNORECASE)
_NOTE = re.compile(r"\W*note\W*", re.IGNORECASE)
_DENIES = re.compile(r"(?:with )?no\b|without\b|not\b|independent\b|un-?transfused\b", re.IGNORECASE)


class DatedSupport:
    """Finds what forbids transfusions and growth factors, where it is more than a claim."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._given = kinds_of(_GIVEN, catalogue)

    def named_in(self, tokens: Sequence[Token]) -> bool:
        """Whether a text speaks of transfusions or growth factors at all: most do not."""
        if not self._given.isdisjoint([token.value for token in tokens]):
            return True
        return "UNAIDED" in [token.type for token in tokens]

    def with_own_brackets(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """`(>= 5 mmol/L; without transfusion …)` as two brackets: one tells the value again."""
        if not any(token.type == "LPAR" for token in tokens):
            return tokens
        found: list[Token] = list(tokens)
        opened = parted = -1
        for at, token in enumerate(tokens):
            if token.type == "LPAR":
                opened, parted = at, -1
            elif token.type == "RPAR":
                opened = -1
            elif token.type in ("SEMI", "DOT") and opened >= 0 and at > opened + 1:
                parted = at
            elif parted >= 0 and opened >= 0 and token.value in self._given:
                cut = tokens[parted]
                found[parted] = Token("BRACKETS", "", cut.start, cut.end)
                opened = -1
        return _cut(_limits_first(found))

    def settled(self, parts: list[Part], text: str, kind: str) -> list[Part]:
        """The parts with each such remark as one, UNAIDED; a claim about a treatment stays one."""
        kept: list[Part] = []
        at = 0
        while at < len(parts):
            if parts[at].type == "COMMA" and kept and kept[-1].type == "UNAIDED" and _dates(parts, at, text):
                at += 1  # the time behind it is that of the value
                continue
            end = self._end(parts, at, text) if self._may_begin(kept, parts, at, text) else at
            of_value = end > at and _dates(parts, end, text)
            if end > at and self._forbids(parts[at:end], text, kind, kept, dated=of_value):
                self._close(kept, parts[at:end], kind)
                at = end
            else:
                kept.append(parts[at])
                at += 1
        return kept

    def _names(self, part: Part) -> bool:
        """Whether a transfusion or a growth factor is spoken of, and nothing else."""
        if part.rule is None:
            return part.type == "UNAIDED" or part.value in self._given
        named = [listed(one) for one in statements(part.rule)]
        return all(names and self._given.issuperset(names) for names in named)

    def _may_begin(self, kept: Sequence[Part], parts: Sequence[Part], at: int, text: str) -> bool:
        """Behind a bound, or with a word that denies."""
        part = parts[at]
        if not (self._counted(parts, at) or self._belongs(part, text)) or part.type in _JOINTS:
            return False
        if not kept or kept[-1].type in _BOUNDS or _NOTE.fullmatch(text, kept[-1].end, part.start):
            return True
        denies = _DENIES.match(text, part.start) is not None
        return denies and (kept[-1].type in ("COMMA", "AND") or is_measured(kept[-1].rule))

    def _belongs(self, part: Part, text: str) -> bool:
        if part.rule is not None:
            return self._names(part)
        if part.type in _OF_REMARK or part.value in self._given or part.value in _COUNTS:
            return True
        return text[part.start : part.end].casefold() in _WORDS

    def _end(self, parts: Sequence[Part], at: int, text: str) -> int:
        """Where a remark ends that begins here; `at` itself where it runs into something else."""
        end = at
        while end < min(len(parts), at + _MOST):
            part = parts[end]
            if part.type == "LPAR" and end > at and (after := self._bracket(parts, end, text)):
                end = after
            elif self._counted(parts, end) or self._belongs(part, text):
                if _OF_VALUE.match(text, part.end) and part.type == "COMMA":
                    break
                end += 1
            else:
                break
        goes_on = end < len(parts) and is_measured(parts[end].rule)
        joints = end
        while end > at and parts[end - 1].type in _JOINTS:
            end -= 1
        bounded = (
            joints == len(parts) or parts[joints].type in (*_BOUNDS, "COMMA") or (goes_on and joints > end)
        )
        return end if bounded else at

    def _counted(self, parts: Sequence[Part], at: int) -> bool:
        """A sign in front of a length of time, or of a number of transfusions."""
        if parts[at].type == "COMPARE" and at + 2 < len(parts) and parts[at + 1].type == "NUMBER":
            return parts[at + 2].type == "TIME_UNIT" or self._names(parts[at + 2])
        return False

    def _bracket(self, parts: Sequence[Part], at: int, text: str) -> int:
        """The place behind a bracket that says more of the same: `(14 days for pegfilgrastim)`."""
        end = at + 1
        while end < min(len(parts), at + _MOST) and parts[end].type != "RPAR":
            counted = parts[end].type == "IF" or self._counted(parts, end)
            if not (counted or self._belongs(parts[end], text)):
                return 0
            end += 1
        types = [part.type for part in parts[at + 1 : end]]
        told = "TIME_UNIT" in types or any(map(self._names, parts[at + 1 : end]))
        told = told or ("TIMING" in types and len(types) > 1)  # alone, it is the time of the value
        return end + 1 if told and end < len(parts) and parts[end].type == "RPAR" else 0

    def _forbids(
        self, run: Sequence[Part], text: str, kind: str, kept: Sequence[Part], *, dated: bool
    ) -> bool:
        said = text[run[0].start : run[-1].end]
        asks = _FORBIDS.search(said) and (dated or _DATED.search(said)) and not _LETS.search(said)
        if not asks or not any(map(self._names, run)):
            return False
        if kind == "exclusion":
            return _is_told_of(kept, said)
        read = all(part.type in ("CLAIM", "UNAIDED", *_JOINTS) for part in run)
        return not read and not (bool(kept) and kept[-1].type in ("OR", "SLASH"))

    def _close(self, kept: list[Part], run: Sequence[Part], kind: str) -> None:
        """Keeps a remark; of an exclusion, one on what the count must not be reached by belongs to it."""
        if kind == "exclusion" and kept[-1].type in ("SEMI", "DOT"):
            kept.pop()
        kept.append(Part("UNAIDED", run[0].start, run[-1].end))


def _is_told_of(kept: Sequence[Part], said: str) -> bool:
    """Whether a remark is on the value before it, and no ground of its own."""
    if not kept or is_measured(kept[-1].rule):
        return bool(kept)
    behind = len(kept) > 1 and is_measured(kept[-2].rule)
    to_reach = kept[-1].type in ("SEMI", "DOT") and _TO_REACH.search(said) is not None
    return behind and (kept[-1].type == "LPAR" or to_reach)


def _dates(parts: Sequence[Part], at: int, text: str) -> bool:
    """`, obtained within 14 days`."""
    behind = parts[at + 1 : at + 2] if at < len(parts) and parts[at].type == "COMMA" else ()
    return bool(behind) and behind[0].type == "TIMING" and _OF_VALUE.match(text, parts[at].end) is not None


def _limits_first(tokens: list[Token]) -> list[Token]:
    """`>= 90 (transfusion independent) (60 if B)`: the other limit first, which the value needs beside it."""
    for at in range(len(tokens) - 4):
        if [one.type for one in tokens[at : at + 5]] == _BEFORE_A_LIMIT:
            end = next(
                (i for i in range(at + 4, min(len(tokens), at + _MOST)) if tokens[i].type == "RPAR"), at
            )
            if end > at:
                tokens[at : end + 1] = [*tokens[at + 3 : end + 1], *tokens[at : at + 3]]
    return tokens


def _cut(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        if token.type == "BRACKETS":
            found += [token._replace(type="RPAR"), token._replace(type="LPAR", start=token.end)]
        else:
            found.append(token)
    return found
