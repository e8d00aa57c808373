"""Examples of drugs: `a BCMA-directed therapy (e.g. teclistamab)`, `cellular therapy, including NK cells`.

Who is kept out by a class is kept out by its examples, too, whether the vocabulary knows them for members or
not; who must have had a class has it by any member. `Prior therapy including A and B` demands A and B.
"""

from collections.abc import Sequence
from typing import NamedTuple

from screener.drafting.words.lexer import Token
from screener.model.trial import CriterionKind
from screener.vocabulary.catalogue import Catalogue

_NAMES = frozenset({"THERAPY", "PROCEDURE"})
_JOINTS = frozenset({"COMMA", "OR", "AND", "SLASH"})
_PAST = frozenset({"PRIOR", "HISTORY"})
_LINKS = frozenset({"INCLUDING", "SUCH_AS"})
_TOLD = _LINKS | {"DEFINED"}
_MAY_LEAD = _TOLD | {"LPAR"}
_ENDS = frozenset({"DOT", "SEMI", "WITHIN", "RPAR"})
_BOUNDS = frozenset({"DOT", "SEMI"})
_LEADS = _PAST | _BOUNDS | {"ONGOING", "REFRACTORY", "RELAPSED", "ALLERGY", "NO", "SINCE", "COLON", "EVER"}


class _Found(NamedTuple):
    """A list of examples: its link, its members, the words that join them, and the token behind it."""

    link: Token
    members: list[Token]
    joints: frozenset[str]
    after: int
    bracket: bool


class DrugExamples:
    """Finds lists of examples behind the name of a treatment."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def settled(self, tokens: Sequence[Token], kind: CriterionKind) -> Sequence[Token]:
        """The tokens with examples as members of the list that they stand in, or without them."""
        if _MAY_LEAD.isdisjoint([token.type for token in tokens]):
            return tokens
        kept: list[Token] = []
        at = 0
        while at < len(tokens):
            found = _examples(tokens, at) if kept and _is_claimed(kept) else None
            said = None if found is None else self._said(kept, found, kind)
            if found is None or said is None:
                kept.append(tokens[at])
                at += 1
            else:
                kept[-1] = kept[-1]._replace(end=kept[-1].end if said else tokens[found.after - 1].end)
                kept += said
                at = found.after
        return kept

    def _said(self, kept: Sequence[Token], found: _Found, kind: CriterionKind) -> list[Token] | None:
        """What a list of examples adds to the claim; None where that is not clear."""
        if found.link.type == "LPAR" and len(found.members) > 1:
            return self._listed(kept[-1], found) if kind == "exclusion" or _denied(kept) else None
        if found.link.type in ("DEFINED", "LPAR"):
            return (
                [] if all(self._catalogue.is_a(kept[-1].value, one.value) for one in found.members) else None
            )
        kinds = all(self._catalogue.is_a(one.value, kept[-1].value) for one in found.members)
        excludes = kind == "exclusion" or _denied(kept)
        if kinds and (excludes or found.link.type == "SUCH_AS" or found.bracket):
            return []
        if excludes:
            return _joined(found, "OR")
        alone = len(kept) < 2 or kept[-2].type not in _JOINTS
        others = self._behind_examples(kept[-1], found)
        if others and len(kept) > 1 and kept[-2].type in _PAST:
            return _joined(found._replace(members=others), "AND")
        demands = found.link.type == "INCLUDING" and not found.bracket and found.joints <= {"AND", "COMMA"}
        return (
            _joined(found, "AND") if demands and alone and len(kept) > 1 and kept[-2].type in _PAST else None
        )

    def _behind_examples(self, named: Token, found: _Found) -> list[Token]:
        """`a PI such as A and an IMiD`: the members that are no kinds of it, behind one that is."""
        if found.link.type != "SUCH_AS" or found.bracket or found.joints != {"AND"}:
            return []
        kinds = [self._catalogue.is_a(one.value, named.value) for one in found.members]
        return found.members[1:] if kinds[:1] == [True] and not any(kinds[1:]) else []

    def _listed(self, named: Token, found: _Found) -> list[Token] | None:
        """`strong CYP3A inducers (A, B, C)`: most are kinds of it; the others keep out, too."""
        others = [one for one in found.members if not self._catalogue.is_a(one.value, named.value)]
        if 2 * len(others) >= len(found.members):
            return None
        return _joined(found._replace(members=others), "OR")


def _is_claimed(kept: Sequence[Token]) -> bool:
    """Whether a list of treatments ends here that a claim begins with: `dosing of anticoagulants` is none."""
    at = len(kept)
    while at and kept[at - 1].type in _NAMES | _JOINTS:
        at -= 1
    return at < len(kept) and kept[-1].type in _NAMES and (at == 0 or kept[at - 1].type in _LEADS)


def _denied(kept: Sequence[Token]) -> bool:
    """Whether a denial stands before this place, in its sentence."""
    last = max((at for at, one in enumerate(kept) if one.type in _BOUNDS), default=-1)
    return any(one.type == "NO" for one in kept[last + 1 :])


def _joined(found: _Found, word: str) -> list[Token]:
    said: list[Token] = []
    for one in found.members:
        said += [Token(word, "", found.link.start, found.link.end), one]
    return said


def _examples(tokens: Sequence[Token], at: int) -> _Found | None:
    """The list of examples that begins there, if all of it was read and its end is clear."""
    bracket = tokens[at].type == "LPAR"
    start = at + 1 if bracket or tokens[at].type == "COMMA" else at
    if start >= len(tokens) or tokens[start].type not in _TOLD:
        if not bracket:
            return None
        start = at  # idelalisib (a PI3K inhibitor), strong inducers (A, B)
    members, joints = [], set()
    end = start + 1
    while end < len(tokens) and tokens[end].type in _NAMES | _JOINTS | _PAST:
        if tokens[end].type in _NAMES:
            members.append(tokens[end])
        elif tokens[end].type in _JOINTS:
            joints.add(tokens[end].type)
        end += 1
    last = tokens[end - 1].type
    following = tokens[end].type if end < len(tokens) else "DOT"
    if not members or following not in _ENDS or (bracket and following != "RPAR"):
        return None
    if last not in _NAMES and not (last == "COMMA" and following == "WITHIN"):
        return None
    return _Found(tokens[start], members, frozenset(joints), end + bracket, bracket)
