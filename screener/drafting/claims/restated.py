"""A threshold that is told again: in another unit, or another one where something else is so."""

from dataclasses import replace

from screener.drafting.claims.amounts import MISSING, Bound, Bounds, Flawed, Unread, shared
from screener.drafting.claims.comparisons import Comparisons
from screener.drafting.claims.forms import Alternative, Listing
from screener.drafting.claims.limits import weaker
from screener.drafting.claims.number_forms import beyond_normal
from screener.model import rule as r


class ToldAgain(Comparisons):
    """Comparisons with what brackets and `if` say of them."""

    def told_again(self, rule: r.Rule, listing: Listing, bounds: Bounds, again: Bounds) -> r.Rule:
        """The same threshold in another unit; where the two disagree, no one can say which is meant."""
        if len(again.of) != len(bounds.of):
            raise Unread("told twice, with another number of limits")
        for one, other in zip(shared(bounds.of), shared(again.of), strict=True):
            rule = self._told_twice(rule, listing, one, other)
        return rule

    def _told_twice(self, rule: r.Rule, listing: Listing, one: Bound, other: Bound) -> r.Rule:
        if one.beyond and not other.beyond:
            told = replace(other, sign=">") if other.sign == "=" else other
            beyond = beyond_normal(told, one.beyond)
            other = replace(beyond, sign=one.sign) if other.sign == "=" else beyond
        if other.sign == "=" and not other.high:
            other = replace(other, sign=one.sign)
        if one.sign != other.sign:
            raise Flawed("the threshold is told twice, with two signs")
        converts = True
        for concept in listing.members:
            alike = self.amounts.alike(concept, one, other)
            if alike is False and self._lost_its_prefix(concept, one, other):
                return self.compared(listing, Bounds((other,)))
            if alike is False:
                raise Flawed("the threshold is told twice, and the two do not agree")
            converts = converts and alike is True
        return rule if converts else self._in_two_units(rule, listing, other)

    def _lost_its_prefix(self, concept: str, one: Bound, other: Bound) -> bool:
        """`creatinine > 177 mol/L (> 2 mg/dL)`: the micro sign was lost, and the bracket says so."""
        if one.quantity.unit.replace(" ", "").casefold() != "mol/l" or one.high is not None:
            return False
        meant = replace(one, quantity=replace(one.quantity, unit="umol/L"))
        return self.amounts.alike(concept, meant, other) is True

    def _in_two_units(self, rule: r.Rule, listing: Listing, other: Bound) -> r.Rule:
        second = self.test(listing.members, other)
        if not (
            isinstance(rule, r.Measurement) and isinstance(rule.test, r.Limit) and isinstance(second, r.Limit)
        ):
            raise Unread("two units that do not convert")
        if second.unit == MISSING:
            raise Unread("a second number without its unit")
        if {rule.test.unit, second.unit} & {"ULN", "LLN", ""}:
            raise Unread("a multiple of the limit of normal, and a number")
        return replace(rule, test=r.EitherUnit((rule.test, second)))

    def otherwise(self, rule: r.Rule, listing: Listing, bounds: Bounds, other: Alternative) -> r.Rule:
        """`>= 75 (50 if B)`: the first, or B and the second, where the second is the weaker one."""
        first, second = _two_limits(bounds, other.bounds)
        there = self.compared(listing, Bounds((second,)))
        if not self.required:
            return r.Any((r.All((r.Not(other.where), rule)), r.All((other.where, there))))
        one, two = self.test(listing.members, first), self.test(listing.members, second)
        if not isinstance(one, r.Limit):
            if first.high is None or second.high is not None:
                raise Unread("a range, and another one if something else is so")
            return r.Any((rule, r.All((other.where, there))))  # 0-2 (3 if B): 3 is let in, too
        if isinstance(two, r.Limit) and weaker(one, two):
            return r.Any((rule, r.All((other.where, there))))
        return r.All((r.Any((other.where, rule)), r.Any((r.Not(other.where), there))))


def _two_limits(bounds: Bounds, others: Bounds) -> tuple[Bound, Bound]:
    """The limit, and the one that holds elsewhere, with the sign and the unit that it leaves out."""
    first, second = bounds.of[0], others.of[0]
    if len(bounds.of) + len(others.of) > 2:
        raise Unread("several limits, and others if something else is so")
    if second.quantity.kind == "plain" and first.quantity.kind == "normal":
        raise Unread("a multiple of the limit of normal, and a number: of what?")
    if second.sign == "=":
        second = replace(second, sign=first.sign)
    if first.sign[0] != second.sign[0]:
        raise Unread("the other limit is of the other side")
    return first, shared((first, second))[1]
