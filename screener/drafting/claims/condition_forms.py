"""The forms of protocol.lark that speak of diseases and of markers."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple, cast

from screener.drafting.claims.amounts import Unread
from screener.drafting.claims.forms import Children, Forms, Listing, made, only
from screener.drafting.claims.leads import Lead, shared_lead, then, with_history
from screener.drafting.words.lexer import Token
from screener.model import rule as r

_UNGRADED = ("malignancy", "poems", "amyloidosis")
_WORSE: dict[str, Any] = {"<": ">=", "<=": ">"}
_TEST_IS_DISEASE = frozenset({"hiv_infection"})
_ASKED = frozenset({"JUDGED", "CURED"})  # adjectives that no chart records as such


class Choice(NamedTuple):
    """Adjectives of which one is enough: `severe or uncontrolled`."""

    words: tuple[Token, ...]


class Worse(NamedTuple):
    """A lower grade, and what must come with it."""

    grade: r.Limit
    words: str


class ConditionForms(Forms):
    """One method a form."""

    # --- diseases

    def condition(self, children: Children) -> r.Rule:
        listing, window = only(children, Listing), made(children, r.Window)
        exceptions = made(children, list) or []
        quantifier = self.quantifier(listing)
        _clear_list(listing, window)
        leads = [*map(self._graded, listing.members, with_history(shared_lead(listing.members)))]
        _clear_tests(leads)
        if window is not None and not self._takes_window(leads):
            raise Unread("which of the list the window holds for is not clear")
        groups: dict[tuple[bool, bool], list[Lead]] = {}
        for lead in leads if window is None else map(then, leads):
            groups.setdefault((lead.history, lead.other), []).append(lead)
        if exceptions and len(groups) > 1:
            raise Unread("which of the list the exceptions hold for is not clear")
        rules = tuple(self._named(_condition(members, quantifier, window, exceptions))
                      for members in groups.values())  # fmt: skip
        if len(rules) == 1:
            return _none_worse(rules[0]) if self.required and not exceptions else rules[0]
        return r.Any(rules) if quantifier == "any" else r.All(rules)

    def _graded(self, written: Lead, lead: Lead) -> Lead:
        """`grade 3 neuropathy or POEMS syndrome`: CTCAE grades the one, not the other."""
        if (
            lead.pattern.grade is None
            or written.pattern.grade
            or not any(self.catalogue.is_a(lead.pattern.concept, kind) for kind in _UNGRADED)
        ):
            return lead
        return lead._replace(pattern=replace(lead.pattern, grade=None))

    def _named(self, rule: r.Condition) -> r.Condition:
        """With the vocabulary's own name where it has one for the disease and its adjective."""
        if not any("active" in pattern.qualifiers for pattern in rule.patterns):
            return rule
        return replace(rule, patterns=tuple(map(self._active, rule.patterns)))

    def _active(self, pattern: r.Pattern) -> r.Pattern:
        name = f"active_{pattern.concept}"
        if "active" not in pattern.qualifiers or name not in self.catalogue:
            return pattern
        left = tuple(word for word in pattern.qualifiers if word != "active")
        return replace(pattern, concept=name, qualifiers=left)

    def _takes_window(self, leads: Sequence[Lead]) -> bool:
        """A window behind a list speaks of all of it where all are events, or none, or all a history."""
        if len(leads) == 1 or all(lead.history for lead in leads):
            return True
        return len({self.catalogue[lead.pattern.concept].entry.get("acute") for lead in leads}) == 1

    def pattern(self, children: Children) -> Lead:
        words = [child for child in children if isinstance(child, Token)]
        concept = next(word.value for word in words if word.type == "CONDITION")
        if concept not in self.catalogue:
            raise Unread("the vocabulary has no such disease")
        if len(children) == 1:
            return Lead(r.Pattern(concept), history=False, other=False)
        types = {word.type for word in words}
        grade, choice = made(children, r.Limit), made(children, Choice)
        wordings = [[*words, word] for word in choice.words] if choice else [words]
        pattern, *otherwise = (_described(concept, wording, grade) for wording in wordings)
        behind = grade is not None and children.index(grade) > _place(children)
        active = next((self.text[word.start : word.end] for wording in wordings for word in wording
                       if word.value == "active" and word.type == "QUALIFIER"), "")  # fmt: skip
        return Lead(pattern, "HISTORY" in types, "OTHER" in types, "ONGOING" in types, "POSITIVE" in types,
                    behind, "CURED" in types, active, tuple(otherwise))  # fmt: skip

    def pattern_or_worse(self, children: Children) -> Lead:
        """`neuropathy of grade 3, or of grade 2 with pain`."""
        lead, worse = self.pattern(children), made(children, Worse)
        painful = replace(lead.pattern, grade=worse.grade, that=f"{lead.pattern.that} {worse.words}".strip())
        return lead._replace(otherwise=(painful,), behind=False)

    def worse(self, children: Children) -> Worse:
        return Worse(made(children, r.Limit), children[0].value)

    def pattern_positive(self, children: Children) -> Lead:
        """`HIV positive`: of these diseases a positive test is the disease."""
        lead = self.pattern(children)
        if lead.pattern.concept not in _TEST_IS_DISEASE:
            raise Unread("a positive test may be more than the disease")
        return lead

    def either_lead(self, children: Children) -> Choice:
        return Choice(tuple(child for child in children if child.type != "OR"))

    def exceptions(self, children: Children) -> list[r.Pattern]:
        listing = only(children, Listing)
        _clear_list(listing, None)
        leads = shared_lead(listing.members)
        if any(lead.history or lead.other for lead in leads):
            raise Unread("an exception with `history of`")
        return [pattern for lead in leads for pattern in (lead.pattern, *lead.otherwise)]

    # --- their grades

    def grade(self, children: Children) -> r.Limit:
        return _grade(children[1].value, children[2])

    def grade_behind(self, children: Children) -> r.Limit:
        return _grade(children[2].value, children[1])

    def grade_range(self, children: Children) -> r.Limit:
        low, high = _grade(">=", children[1]), _grade("<=", children[3])
        if low.value >= high.value or (low.value > 0 and high.value < 4):
            raise Unread("a range of grades that is open to no side")
        return high if low.value == 0 else low

    def grade_exact(self, children: Children) -> r.Limit:
        return replace(_grade(">=", children[1]), comparator="=")

    def progressed(self, _: Children) -> r.Rule:
        return r.Progression()

    # --- markers

    def marker(self, children: Children) -> r.Rule:
        listing = only(children, Listing)
        return r.Marker(listing.members, self.quantifier(listing))


def _condition(
    leads: Sequence[Lead], quantifier: r.Quantifier, window: r.Window | None, exceptions: Sequence[r.Pattern]
) -> r.Condition:
    """One statement about diseases that are all meant alike."""
    meant = list(dict.fromkeys(pattern for lead in leads for pattern in (lead.pattern, *lead.otherwise)))
    if any(lead.otherwise for lead in leads) and quantifier == "all":
        raise Unread("one of two adjectives, in a list that all must hold")
    patterns = tuple(meant) if window is None else tuple(replace(one, window=window) for one in meant)
    return r.Condition(patterns, quantifier, leads[0].history, leads[0].other, tuple(exceptions))


def _described(concept: str, words: Sequence[Token], grade: r.Limit | None) -> r.Pattern:
    """A disease with its adjectives; what no chart records as such is asked of a person."""
    qualifiers = dict.fromkeys(word.value for word in words if word.type == "QUALIFIER")
    that = " ".join(" ".join(word.value.split()) for word in words if word.type in _ASKED)
    return r.Pattern(concept, cast(Any, tuple(qualifiers)), grade, that=that)


def _grade(sign: str, token: Token) -> r.Limit:
    if token.value not in ("0", "1", "2", "3", "4", "5") or sign == "=":
        raise Unread("grades run from 0 to 5")
    return r.Limit(cast(Any, sign), Decimal(token.value))


def _none_worse(rule: r.Condition) -> r.Rule:
    """`grade < 2 neuropathy`, of what is required: who has none at all has none of grade 2 either."""
    grades = [pattern.grade for pattern in rule.patterns]
    bounds = [grade for grade in grades if grade is not None and grade.comparator in _WORSE]
    if len(bounds) < len(grades):
        return rule
    worse = (replace(one, grade=replace(bound, comparator=_WORSE[bound.comparator]))
             for one, bound in zip(rule.patterns, bounds, strict=True))  # fmt: skip
    return r.Not(replace(rule, patterns=tuple(worse), quantifier="any"))


def _place(children: Children) -> int:
    """Where the disease stands among its words."""
    return next(at for at, child in enumerate(children)
                if isinstance(child, Token) and child.type == "CONDITION")  # fmt: skip


def _clear_list(listing: Listing, window: r.Window | None) -> None:
    """Raises Unread where it is not clear which members of a list a word is said of."""
    first, *others = listing.members
    if any(lead.behind for lead in others) and not all(lead.pattern.grade for lead in listing.members):
        raise Unread("a grade behind the last of a list")
    if any(lead.cured for lead in (first, *others)[:-1]):
        raise Unread("a treatment behind one of a list, and others behind it")
    if window is not None and listing.joined == "comma" and not first.bare:
        raise Unread("words before and behind a list without its last `and` or `or`")


def _clear_tests(leads: Sequence[Lead]) -> None:
    """Raises Unread where a positive test may be said of a disease that is more than its test."""
    tested = [lead.positive for lead in leads]
    if any(tested) and not all(lead.positive or _is_not_its_test(lead.pattern)
                               for lead in leads[tested.index(True):]):  # fmt: skip
        raise Unread("a positive test of each, and one may be more than the disease")


def _is_not_its_test(pattern: r.Pattern) -> bool:
    """`positive for HIV, or active hepatitis B`: of the one a test is the disease, the other is no test."""
    described = bool(pattern.qualifiers) or pattern.concept.startswith(("active_", "chronic_"))
    return described or pattern.concept in (*_TEST_IS_DISEASE, "aids")
