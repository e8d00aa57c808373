"""The forms of protocol.lark that compare measurements, or say how they came out."""

from dataclasses import replace
from typing import Any, cast

from screener.drafting.claims.amounts import Bound, Bounds, Flawed, Quantity, Unread, shared, span, spread
from screener.drafting.claims.forms import (
    Alternative,
    Children,
    Further,
    Listing,
    Restated,
    of_type,
    only,
    only_or_none,
)
from screener.drafting.claims.number_forms import a_day, turned_round
from screener.drafting.claims.restated import ToldAgain
from screener.drafting.words.lexer import Token
from screener.model import rule as r
from screener.model.calendar import Span


class MeasureForms(ToldAgain):
    """One method a form."""

    # --- compared with numbers

    def measured(self, children: Children) -> r.Rule:
        listing, bounds = children[0], children[1]
        further = [child.bound for child in children if isinstance(child, Further)]
        if further and (bounds.any or len(bounds.of) > 1):
            raise Unread("several bounds, and one more")
        if bounds.again:
            first, second = (Bounds((bound,)) for bound in shared(bounds.of))
            rule = self.told_again(self.compared(listing, first), listing, first, second)
            return _within(rule, only_or_none(children, Span))
        every = Bounds((*bounds.of, *further), bounds.any) if further else bounds
        rule = self.compared(listing, every)
        for child in children[2:]:
            if isinstance(child, Restated):
                rule = self.told_again(rule, listing, bounds, child.bounds)
            elif isinstance(child, Alternative):
                rule = self.otherwise(rule, listing, bounds, child)
        return _within(rule, only_or_none(children, Span))

    def measured_if(self, children: Children) -> r.Rule:
        """`> 1.5 x ULN, or > 3 mg/dL in Gilbert's syndrome`; or one limit that only some must meet."""
        listing, bounds, where = children[0], children[1], children[3]
        if isinstance(where, r.Condition) and any(pattern.window for pattern in where.patterns):
            raise Unread("the time is that of the measurement")
        if (bounds.any or bounds.beside) and len(bounds.of) == 2:
            first, second = (Bounds((bound,)) for bound in bounds.of)
            rule = self.compared(listing, first)
            return self.otherwise(rule, listing, first, Alternative(second, where))
        if bounds.any:
            raise Unread("several limits for some")
        rule = self.compared(listing, bounds)
        if isinstance(where, r.Measurement) and where.within:
            rule = _within(
                rule, where.within
            )  # direct bilirubin <= ULN if bilirubin > 1.5 x ULN, within 14 days
        return r.If(where, rule) if self.required else r.All((where, rule))

    def measured_unless(self, children: Children) -> r.Rule:
        """`<= 2.5 x ULN unless liver metastases, in which case it must be <= 5 x ULN`."""
        listing, bounds, where, other = (child for child in children if not isinstance(child, Token))
        if isinstance(where, r.Condition) and any(pattern.window for pattern in where.patterns):
            raise Unread("the time is that of the measurement")
        rule = self.compared(listing, bounds)
        return self.otherwise(rule, listing, bounds, Alternative(other, where))

    def measured_of(self, children: Children) -> r.Rule:
        """`NYHA class III or IV heart failure`: the class, and the disease of which it is one."""
        disease = r.Condition((r.Pattern(children[2].value),))
        return r.All((self.compared(children[0], children[1]), disease))

    def limits_by(self, children: Children) -> Alternative:
        return Alternative(children[0], next(child for child in children[1:] if not isinstance(child, Token)))

    def measured_by_group(self, children: Children) -> r.Rule:
        """`> 450 ms in men, > 470 ms in women`: each limit for its own."""
        listing = children[0]
        cases = [child for child in children if isinstance(child, Alternative)]
        first = cases[0].bounds.of[0]
        bounds = shared(bound if bound.sign != "=" or bound.high else replace(bound, sign=first.sign)
                        for case in cases for bound in case.bounds.of)  # fmt: skip
        if len(bounds) != len(cases):
            raise Unread("several limits for one group")
        limits = [self.compared(listing, Bounds((bound,))) for bound in bounds]
        pairs = [(case.where, limit) for case, limit in zip(cases, limits, strict=True)]
        if self.required:
            return r.All(tuple(r.If(where, limit) for where, limit in pairs))
        return r.Any(tuple(r.All(pair) for pair in pairs))

    def measured_in_brackets(self, children: Children) -> r.Rule:
        return self.compared(Listing((children[0].value,), ""), children[2])

    def measured_inside(self, children: Children) -> r.Rule:
        """`greater than NYHA class 2`."""
        bound = Bounds((Bound(children[0].value, children[2]),))
        return self.compared(Listing((children[1].value,), ""), bound)

    def measured_inside_of(self, children: Children) -> r.Rule:
        """`>= NYHA class 3 heart failure`."""
        disease = r.Condition((r.Pattern(children[3].value),))
        return r.All((self.measured_inside(children), disease))

    def measured_between(self, children: Children) -> r.Rule:
        """`120 ms < PR < 220 ms`."""
        low, high = turned_round(children[0], children[1]), Bound(children[3].value, children[4])
        if low.sign[0] == high.sign[0]:
            raise Unread("two bounds of one side")
        return self.compared(Listing((children[2].value,), ""), Bounds(shared((low, high))))

    def pressures(self, children: Children) -> r.Rule:
        """`blood pressure > 140/90 mmHg`: the upper and the lower value."""
        sign, upper, lower = children[1].value, children[2], children[4]
        if lower.kind == "plain" and upper.kind == "plain":
            parts: tuple[r.Rule, ...] = tuple(
                r.Measurement((name,), r.Limit(cast(Any, sign), value.value))
                for name, value in (("systolic_bp", upper), ("diastolic_bp", lower)))  # fmt: skip
            raise Flawed("the threshold of the blood pressure has no unit: mmHg?", r.All(parts))
        upper, lower = (bound.quantity for bound in shared((Bound(sign, upper), Bound(sign, lower))))
        parts = tuple(self.compared(Listing((name,), ""), Bounds((Bound(sign, value),)))
                      for name, value in (("systolic_bp", upper), ("diastolic_bp", lower)))  # fmt: skip
        return r.Any(parts) if sign[0] == ">" else r.All(parts)

    def measured_behind(self, children: Children) -> r.Rule:
        listing, bounds = only(children, Listing), only(children, Bounds)
        if len(listing.members) > 1:
            raise Unread("a number in front of a list")
        return _within(self.compared(listing, bounds), only_or_none(children, Span))

    def measured_behind_a_day(self, children: Children) -> r.Rule:
        """`>= 200 mg of urine M-protein in 24 hours`."""
        limits = tuple(replace(bound, quantity=a_day(bound.quantity)) for bound in children[0].of)
        return self.measured_behind([replace(children[0], of=limits), children[1]])

    # --- told in words

    def finding(self, children: Children) -> r.Rule:
        listing = only(children, Listing)
        outcome = next(child for child in children if isinstance(child, str))
        for concept in listing.members:
            self._can_be(concept, outcome)
        quantifier: r.Quantifier = "all" if self.every(listing) else "any"
        return r.Finding(
            listing.members, cast(Any, outcome), quantifier, "latest", only_or_none(children, Span)
        )

    def finding_in_numbers(self, children: Children) -> r.Rule:
        """`abnormal ratio (< 0.26 or > 1.65)`, `normal cholesterol <= 200 mg/dL`: the numbers say it."""
        outcome, listing, said = children
        bounds = said.bounds if isinstance(said, Restated) else said
        if outcome not in ("normal", "abnormal") or not isinstance(bounds, Bounds):
            raise Unread("numbers behind a word")
        if len(listing.members) > 1:
            raise Unread("a word and a number over a list: which is for which?")
        if outcome == "normal" and bounds.any:
            raise Unread("these are the numbers of the abnormal")
        if outcome == "abnormal" and any(bound.high for bound in bounds.of):
            return self._outside_of(listing, bounds)
        if outcome == "abnormal" and bounds is said:
            raise Unread("the limit, and abnormal besides?")
        return self.compared(listing, bounds)

    def finding_by_normal(self, children: Children) -> r.Rule:
        """`ratio abnormal (normal ratio: 0.26 to 1.65)`: outside the range."""
        listing, outcome, said, again, bounds = (child for child in children if not isinstance(child, Token))
        if (outcome, said) != ("abnormal", "normal") or listing != again:
            raise Unread("what is normal, and something else")
        return self._outside(listing, bounds)

    def finding_by_reference(self, children: Children) -> r.Rule:
        """`abnormal ratio (reference range 0.26-1.65)`: outside the range."""
        outcome, listing, said, bounds = (child for child in children if not isinstance(child, Token))
        if (outcome, said) != ("abnormal", "normal"):
            raise Unread("what is normal, and something else")
        return self._outside(listing, bounds)

    def finding_with_range(self, children: Children) -> r.Rule:
        """`outside the normal range (35-50 %)`, `within normal limits (3.5-5 mmol/L)`."""
        listing, outcome, bounds = (child for child in children if not isinstance(child, Token))
        if outcome == "abnormal" and not bounds.any:
            return self._outside(listing, bounds)
        return self.finding_in_numbers([outcome, listing, Restated(bounds)])

    def _outside_of(self, listing: Listing, bounds: Bounds) -> r.Rule:
        """`abnormal free light chain ratio (0.26-1.65)`: the range that is normal, of a ratio around 1."""
        if listing.members != (_RATIO,) or not _around_one(bounds.of[0]):
            raise Unread("a range behind `abnormal`: that of the normal?")
        return self._outside(listing, bounds)

    def _outside(self, listing: Listing, bounds: Bounds) -> r.Rule:
        known = spread(bounds.of[0])
        if len(bounds.of) > 1 or known.high is None:
            raise Unread("no range")
        beside = (Bound("<", known.quantity), Bound(">", known.high))
        return self.compared(listing, Bounds(beside, any=True))

    def outcome(self, children: Children) -> str:
        return str(children[0].type.lower())

    def recent(self, children: Children) -> Span:
        return span(only(children, Quantity)) if only_or_none(children, Quantity) else only(children, Span)

    def recent_at_most(self, children: Children) -> Span:
        if of_type(children, "COMPARE")[0].value not in ("<", "<="):
            raise Unread("a time that is no window")
        return span(only(children, Quantity))

    def _can_be(self, concept: str, outcome: str) -> None:
        known = self.catalogue[concept]
        if outcome in ("positive", "negative") and known.entry.get("results") != "yes":
            raise Unread("it is not positive or negative")
        if outcome in ("normal", "abnormal") and known.kind == "scale":
            raise Unread("it has no limits of normal")


_RATIO = "flc_ratio"


def _around_one(bound: Bound) -> bool:
    known = spread(bound)
    return known.high is not None and known.quantity.value < 1 < known.high.value


def _within(rule: r.Rule, window: Span | None) -> r.Rule:
    match rule:
        case _ if window is None:
            return rule
        case r.Measurement():
            return replace(rule, within=window)
        case r.All(of=of):
            return r.All(tuple(_within(part, window) for part in of))
        case r.Any(of=of):
            return r.Any(tuple(_within(part, window) for part in of))
        case _:
            return rule
