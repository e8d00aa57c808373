"""The forms of protocol.lark that speak of records: conditions, markers, treatments, windows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from screener.drafting.amounts import CALENDAR, Unread, extent
from screener.drafting.lexer import Token
from screener.model import rule as r
from screener.model.calendar import Span

if TYPE_CHECKING:
    from screener.drafting.meaning import Listing
    from screener.vocabulary.catalogue import Catalogue

Children = list[Any]


class Timing(NamedTuple):
    """A time by itself: of what stands before it, or of the list below it."""

    window: r.Window


class ButNot(NamedTuple):
    """Treatments that are not meant."""

    names: r.Names


class Choice(NamedTuple):
    """Two adjectives of which one is enough: `severe or uncontrolled`."""

    words: tuple[Token, Token]


class Lead(NamedTuple):
    """A pattern of a condition, and the words before it that may stand for its whole list."""

    pattern: r.Pattern
    history: bool
    other: bool
    present: bool = False  # `current`: the word `history of` before it does not reach it
    otherwise: tuple[r.Pattern, ...] = ()  # where one of two adjectives is enough: the pattern with the other

    @property
    def bare(self) -> bool:
        pattern = self.pattern
        return not (self.history or self.other or self.present or pattern.qualifiers or pattern.grade or pattern.that)


class RecordForms:
    """One method per form of the grammar."""

    catalogue: "Catalogue"
    kind: Literal["inclusion", "exclusion"]
    denied: bool

    def quantifier(self, listing: "Listing") -> r.Quantifier:
        raise NotImplementedError

    # --- conditions

    def condition(self, children: Children) -> r.Rule:
        listing = next(child for child in children if _is_listing(child))
        window = _made(children, r.Window)
        exceptions = next((child for child in children if isinstance(child, list)), [])
        quantifier = self.quantifier(listing)
        leads = _shared_lead(listing.members)
        if leads[0].history:  # `history of A, severe B or C`: a history of each, but for a current one
            leads = [lead._replace(history=not lead.present, other=leads[0].other or lead.other) for lead in leads]
        if window is not None and not self._takes_window(leads):
            raise Unread("which of the list the window holds for is not clear")
        groups: dict[tuple[bool, bool], list[Lead]] = {}
        for lead in leads:
            groups.setdefault((lead.history, lead.other), []).append(lead)
        if exceptions and len(groups) > 1:
            raise Unread("which of the list the exceptions hold for is not clear")
        rules = tuple(self._named(_condition(members, quantifier, window, exceptions))
                      for members in groups.values())  # fmt: skip
        if len(rules) == 1:
            return rules[0]
        return r.Any(rules) if quantifier == "any" else r.All(rules)

    def _named(self, rule: r.Condition) -> r.Condition:
        """With the vocabulary's own name where it has one for the disease and its adjective."""
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
        types = {word.type for word in words}
        grade, choice = _made(children, r.Limit), _made(children, Choice)
        either = [_described(concept, [*words, word], grade) for word in choice.words] if choice else []
        pattern, *otherwise = either or [_described(concept, words, grade)]
        return Lead(pattern, "HISTORY" in types, "OTHER" in types, "ONGOING" in types, tuple(otherwise))

    def pattern_positive(self, children: Children) -> Lead:
        """`HIV positive`: of these diseases a positive test is the disease."""
        lead = self.pattern(children)
        if lead.pattern.concept not in _TEST_IS_DISEASE:
            raise Unread("a positive test may be more than the disease")
        return lead

    def either_lead(self, children: Children) -> Choice:
        return Choice((children[0], children[2]))

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

    def exceptions(self, children: Children) -> list[r.Pattern]:
        listing = next(child for child in children if _is_listing(child))
        leads = _shared_lead(listing.members)
        if any(lead.history or lead.other for lead in leads):
            raise Unread("an exception with `history of`")
        return [lead.pattern for lead in leads]

    # --- markers

    def marker(self, children: Children) -> r.Rule:
        listing = next(child for child in children if _is_listing(child))
        return r.Marker(listing.members, self.quantifier(listing))

    # --- treatments

    def had(self, children: Children) -> r.Rule:
        listing = next(child for child in children if _is_listing(child))
        return self._without(self.exposed(listing, _made(children, r.Window)), children)

    def taking(self, children: Children) -> r.Rule:
        listing = next(child for child in children if _is_listing(child))
        if any(self.catalogue[name].kind == "procedure" for name in listing.members):
            raise Unread("a procedure is not taken")
        rule = r.Therapy(r.Exposure(listing.members), self.quantifier(listing), ongoing=True)
        return self._without(rule, children)

    def but_not(self, children: Children) -> "ButNot":
        return ButNot(children[1].members)

    def _without(self, rule: r.Rule, children: Children) -> r.Rule:
        """`anticoagulants except aspirin`."""
        left_out = _made(children, ButNot)
        if left_out is None:
            return rule
        drugs = [name for name in left_out.names if self.catalogue[name].kind != "procedure"]
        if isinstance(rule, r.Therapy) and len(drugs) == len(left_out.names):
            return replace(rule, exposure=replace(rule.exposure, exceptions=left_out.names))
        if isinstance(rule, r.Procedure) and not drugs:
            return replace(rule, exceptions=left_out.names)
        raise Unread("drugs and procedures, and exceptions of either")

    def exposed(self, listing: "Listing", window: r.Window | None) -> r.Rule:
        """Drugs and procedures of one list, had at some time or in a window."""
        quantifier = self.quantifier(listing)
        drugs = tuple(name for name in listing.members if self.catalogue[name].kind != "procedure")
        done = tuple(name for name in listing.members if name not in drugs)
        if done and window is not None and not isinstance(window.extent, Span):
            raise Unread("a procedure has no half-life")
        parts: list[r.Rule] = []
        if drugs:
            parts.append(r.Therapy(r.Exposure(drugs), quantifier, window=window))
        if done:
            parts.append(r.Procedure(done, quantifier, window))
        if len(parts) == 1:
            return parts[0]
        return r.Any(tuple(parts)) if quantifier == "any" else r.All(tuple(parts))

    def washed_out(self, children: Children) -> r.Rule:
        """`at least 4 weeks since X`: no X in less than four weeks; `less than` is the reverse."""
        sign = children[0].value
        length = _made(children, *_EXTENTS)
        listing = next(child for child in children if _is_listing(child))
        relation = {">=": "less than", ">": "within", "<": "less than", "<=": "within"}.get(sign)
        if relation is None:
            raise Unread("an exact time since a treatment")
        listing = listing._replace(joined="or" if listing.joined else "")
        rule = self.exposed(listing, r.Window(cast(Any, relation), length))
        return r.Not(rule) if sign[0] == ">" else rule

    def allergic(self, children: Children) -> r.Rule:
        types = tuple(children[0].value.split(" or "))
        listing = children[1]
        if any(self.catalogue[name].kind == "procedure" for name in listing.members):
            raise Unread("an allergy to a procedure")
        return r.Allergy(cast(Any, types), listing.members, self.quantifier(listing))

    def refractory(self, children: Children) -> r.Rule:
        return self._course("refractory", children[1])

    def relapsed(self, children: Children) -> r.Rule:
        return self._course("relapsed", children[1])

    def _course(self, state: Any, listing: "Listing") -> r.Rule:
        if any(self.catalogue[name].kind == "procedure" for name in listing.members):
            raise Unread("refractory to a procedure")
        return r.Course(state, listing.members, self.quantifier(listing))

    def past(self, _: Children) -> None:
        """`prior`, `history of`: the form that it stands in says what it means."""

    # --- windows

    def timing(self, children: Children) -> "Timing":
        return Timing(_anchored("within", children))

    def timing_at_most(self, children: Children) -> "Timing":
        if children[0].value not in ("<", "<="):
            raise Unread("a time that is no window")
        return Timing(_anchored("within", [extent(children[1]), *children[2:]]))

    def within(self, children: Children) -> r.Window:
        return _anchored("within", children)

    def within_one(self, children: Children) -> r.Window:
        span = Span(1, CALENDAR[children[1].value])
        return _anchored("within", [span, *children[2:]])

    def since(self, children: Children) -> r.Window:
        relation = {"<": "less than", "<=": "within", ">": "more than", ">=": "at least"}.get(
            children[0].value
        )
        named = len(children) > 2
        if relation is None or (not named and relation not in ("less than", "within")):
            raise Unread("a time of which it is not clear from when")
        return _anchored(relation, children)

    def free_for(self, children: Children) -> r.Window:
        """`without transfusion for 7 days`: none in that time. Of what was had, it would be a duration."""
        signs = [child.value for child in children if isinstance(child, Token) and child.type == "COMPARE"]
        if not self.denied or signs not in ([], [">="], [">"]):
            raise Unread("a duration")
        return _anchored("within", children)

    def shortly(self, children: Children) -> r.Window:
        return _anchored("within", children)

    def anchor(self, children: Children) -> tuple[str]:
        return (children[1].value,)


_EXTENTS = (Span, r.HalfLives, r.Longer, r.Shorter)
_TEST_IS_DISEASE = frozenset({"hiv_infection"})


def _condition(
    leads: Sequence[Lead], quantifier: r.Quantifier, window: r.Window | None, exceptions: Sequence[r.Pattern]
) -> r.Condition:
    """One statement about diseases that are all meant alike."""
    meant = [pattern for lead in leads for pattern in (lead.pattern, *lead.otherwise)]
    if len(meant) > len(leads) and quantifier == "all":
        raise Unread("one of two adjectives, in a list that all must hold")
    patterns = tuple(replace(pattern, window=window) for pattern in meant)
    return r.Condition(patterns, quantifier, leads[0].history, leads[0].other, tuple(exceptions))


def _described(concept: str, words: Sequence[Token], grade: r.Limit | None) -> r.Pattern:
    """A disease with its adjectives; what no chart records as such is asked of a person."""
    qualifiers = dict.fromkeys(word.value for word in words if word.type == "QUALIFIER")
    that = " ".join(" ".join(word.value.split()) for word in words if word.type == "JUDGED")
    return r.Pattern(concept, cast(Any, tuple(qualifiers)), grade, that=that)


def _anchored(relation: Any, children: Children) -> r.Window:
    length = next(child for child in children if isinstance(child, Span | r.HalfLives | r.Longer | r.Shorter))
    anchor = next((child[0] for child in children if type(child) is tuple), "")
    return r.Window(relation, length, "before", anchor)


def _grade(sign: str, token: Token) -> r.Limit:
    from decimal import Decimal

    if token.value not in ("0", "1", "2", "3", "4", "5") or sign == "=":
        raise Unread("grades run from 0 to 5")
    return r.Limit(cast(Any, sign), Decimal(token.value))


def _shared_lead(leads: Sequence[Lead]) -> Sequence[Lead]:
    """Words before the first of a list that no other member repeats stand for all of it."""
    first, *others = leads
    if first.bare or not all(lead.bare for lead in others):
        return leads
    return [first, *(
        Lead(replace(first.pattern, concept=lead.pattern.concept), first.history, first.other, False,
             tuple(replace(pattern, concept=lead.pattern.concept) for pattern in first.otherwise))
        for lead in others)]  # fmt: skip


def _is_listing(child: Any) -> bool:
    return hasattr(child, "joined") and hasattr(child, "members")


def _made(children: Children, *kinds: type) -> Any:
    return next((child for child in children if isinstance(child, kinds)), None)
