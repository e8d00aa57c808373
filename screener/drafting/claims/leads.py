"""One disease of a list with the words before it, and what the words before another say of it, too."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from screener.drafting.claims.amounts import Unread
from screener.model import rule as r

# names with an adjective of their own
DESCRIBED = ("symptomatic_", "unstable_", "uncontrolled_")
_REQUIRING = ("_dependence",)
_VIRUSES = frozenset({"hiv_infection", "htlv_infection", "covid_19", "cytomegalovirus_infection"})
_HEPATITIS = frozenset({"hepatitis_b", "hepatitis_c"})
_LASTING = ("chronic_hepatitis", "chronic_active_hepatitis", "acute_hepatitis")
_ORIGINS = frozenset(
    {"idiopathic", "primary", "secondary", "congenital", "acquired", "hereditary", "familial"}
)
_OWN = ("active_", "chronic_", "acute_")  # names with an adjective of their own


class Lead(NamedTuple):
    """A pattern of a condition, and the words before it that may stand for its whole list."""

    pattern: r.Pattern
    history: bool
    other: bool
    present: bool = False  # `current`: the word `history of` before it does not reach it
    positive: bool = False  # a positive test stands for it
    behind: bool = False  # its grade stands behind it, so it is said of this one alone
    cured: bool = False  # what stands behind it says that it was treated
    active: str = ""  # the adjective as it is written
    otherwise: tuple[r.Pattern, ...] = ()  # where one of two adjectives is enough: the pattern with the other

    @property
    def bare(self) -> bool:
        pattern = self.pattern
        own = pattern.concept.startswith(DESCRIBED) or pattern.concept.endswith(_REQUIRING)
        return not own and not (
            self.history or self.other or self.present or pattern.qualifiers or pattern.grade or pattern.that
        )


def then(lead: Lead) -> Lead:
    """A disease of a time, which may be past: whether it was active then is asked, not how it is now."""
    return lead._replace(pattern=_asked(lead.pattern, lead.active),
                         otherwise=tuple(_asked(one, lead.active) for one in lead.otherwise))  # fmt: skip


def _asked(pattern: r.Pattern, active: str) -> r.Pattern:
    if "active" not in pattern.qualifiers:
        return pattern
    left = tuple(word for word in pattern.qualifiers if word != "active")
    return replace(pattern, qualifiers=left, that=f"{active} {pattern.that}".strip())


def shared_lead(leads: Sequence[Lead]) -> Sequence[Lead]:
    """Words before the first of a list that no other member repeats stand for all of it."""
    first, *others = leads
    if not others:
        return leads
    shared = replace(first.pattern, grade=None) if first.behind else first.pattern
    leading = first._replace(pattern=shared)
    plain = all(lead.bare and not lead.positive for lead in others)  # active A or positive serology for B
    if leading.bare or not plain or _is_origin(shared.that):
        return _same_virus(leads)
    return [first, *(
        leading._replace(pattern=replace(shared, concept=lead.pattern.concept), behind=False,
                         otherwise=tuple(replace(pattern, concept=lead.pattern.concept)
                                         for pattern in first.otherwise))
        for lead in others)]  # fmt: skip


def _same_virus(leads: Sequence[Lead]) -> Sequence[Lead]:
    """`HIV, or active hepatitis B, hepatitis C`: one adjective for the viruses that follow on it."""
    found = list(leads)
    for at, lead in enumerate(found[1:], 1):
        before = found[at - 1].pattern
        if not lead.bare or lead.pattern.concept.startswith(_OWN):
            continue
        if before.concept.startswith(_LASTING) and lead.pattern.concept in _HEPATITIS:
            raise Unread("whether a hepatitis behind a chronic one is chronic, too, is not clear")
        if _is_virus(lead.pattern.concept) and _is_virus(before.concept):
            found[at] = lead._replace(pattern=replace(lead.pattern, qualifiers=before.qualifiers))
    return found


def _is_origin(words: str) -> bool:
    """`idiopathic aplastic anemia, Fanconi anemia`: where a disease comes from is said of that one."""
    return not _ORIGINS.isdisjoint(words.casefold().split())


def _is_virus(concept: str) -> bool:
    return "hepatitis" in concept or concept in _VIRUSES


def with_history(leads: Sequence[Lead]) -> Sequence[Lead]:
    """`history of A, severe B or C`: a history of each, but for a current or an active one.

    What is recent may be over by now.
    """
    later = next((at for at, lead in enumerate(leads) if lead.history), 0)
    if later and any(lead.bare and not lead.pattern.concept.startswith(_OWN) for lead in leads[later + 1 :]):
        raise Unread("how far a history in the middle of a list reaches is not clear")
    found = [lead._replace(history=True) if _is_recent(lead) else lead for lead in leads]
    if not leads[0].history:
        return found
    return [lead._replace(history=lead.history or not (lead.present or "active" in lead.pattern.qualifiers),
                          other=leads[0].other or lead.other) for lead in found]  # fmt: skip


def _is_recent(lead: Lead) -> bool:
    return lead.pattern.that.casefold() == "recent" and not lead.otherwise
