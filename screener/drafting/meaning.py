"""What each form of protocol.lark means: one method a form, called while the table reduces.

A method raises `Unread` where the words have the form and no meaning that could be relied on; the
driver then falls back to a shorter claim, or to none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, cast

from screener.drafting.amounts import (
    MISSING,
    Amounts,
    Bound,
    Bounds,
    Flawed,
    Quantity,
    Unread,
    extent,
    number,
    shared,
    span,
)
from screener.drafting.lexer import Token
from screener.drafting.records import RecordForms, Timing
from screener.model import rule as r
from screener.model.calendar import Span
from screener.vocabulary.catalogue import Catalogue

Children = list[Any]


class Listing(NamedTuple):
    """What a list names, and the word that joins it ("" for one member)."""

    members: tuple[Any, ...]
    joined: Literal["", "and", "or", "comma", "slash"]


@dataclass(frozen=True, slots=True)
class Restated:
    """The threshold told again, in another unit."""

    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Further:
    """A second bound that holds too."""

    bound: Bound


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another threshold where something else is so."""

    bounds: Bounds
    where: r.Rule


def joined(children: Children) -> Literal["", "and", "or", "comma", "slash"]:
    """The word that joins a list, from the tokens between its members."""
    kinds = {kind for child in children if isinstance(child, list) for kind in child}
    if "OR" in kinds and "AND" in kinds:
        raise Unread("joined by `and` and by `or`")
    found = [word for kind, word in (("OR", "or"), ("AND", "and"), ("COMMA", "comma"), ("SLASH", "slash"))
             if kind in kinds]  # fmt: skip
    return cast(Any, found[0]) if found else ""


def of_type(children: Children, *types: str) -> list[Token]:
    return [child for child in children if isinstance(child, Token) and child.type in types]


class Meaning(RecordForms):
    """Builds rules bottom-up for criteria of one kind."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.amounts = Amounts(catalogue)
        self.kind: Literal["inclusion", "exclusion"] = "inclusion"
        self.denied = False  # whether the claim being read begins with a negation

    def start(self, children: Children) -> r.Rule | Timing:
        return cast(r.Rule, children[0])

    def negated(self, children: Children) -> r.Rule:
        rule = children[1]
        if isinstance(rule, r.Not | Timing):
            raise Unread("a negation of a negation, or of a time")
        rule = _any_of(rule)
        if children[0].value == "ever" and isinstance(rule, r.Condition):
            rule = replace(rule, history=True)
        return r.Not(rule)

    def quantifier(self, listing: Listing) -> r.Quantifier:
        """How a list is meant (SEMANTICS 7). A bare comma list is only read where both readings agree."""
        if self.denied or self.kind == "exclusion" or listing.joined in ("", "or"):
            return "any"
        if listing.joined == "comma":
            raise Unread("a list without its last `and` or `or`")
        return "all"

    # --- lists

    def listing(self, children: Children) -> Listing:
        members = tuple(dict.fromkeys(child for child in children if not isinstance(child, list | Token)))
        return Listing(members, joined(children))

    def listing_of_tokens(self, children: Children) -> Listing:
        members = tuple(dict.fromkeys(child.value for child in children if isinstance(child, Token)))
        return Listing(members, joined(children))

    def joint(self, children: Children) -> list[str]:
        return [token.type for token in children]

    def sep(self, children: Children) -> list[str]:
        return [token.type for token in children]

    def name(self, children: Children) -> str:
        return str(children[0].value)

    treatment_name = name

    # --- numbers

    def plain(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "plain")

    def in_unit(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "unit", children[1].value)

    def in_unit_a_day(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "unit", f"{children[1].value}/24 h")

    def in_time(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "time", children[1].value)

    def in_age(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "age", children[1].value)

    def half_lives(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "half-lives")

    def times(self, children: Children) -> Quantity:
        unit = "LLN" if of_type(children, "LLN") else "ULN"
        return Quantity(number(children[0].value), "normal", unit)

    def once(self, children: Children) -> Quantity:
        return Quantity(number("1"), "normal", children[0].type)

    # --- bounds

    def limit(self, children: Children) -> Bounds:
        return Bounds((Bound(children[0].value, children[1]),))

    def limit_behind(self, children: Children) -> Bounds:
        return Bounds((Bound(children[1].value, children[0]),))

    def limit_twice(self, children: Children) -> Bounds:
        """`>= 5.7 % or higher`."""
        if children[0].of[0].sign != children[1].value:
            raise Unread("two signs that differ")
        return cast(Bounds, children[0])

    def or_also(self, children: Children) -> Bounds:
        """`> 2.75 mmol/L or 11.5 mg/dL`: the sign holds for both."""
        first = children[0].of[0]
        return Bounds((first, Bound(first.sign, children[2])), any=True)

    def age_behind(self, children: Children) -> Bounds:
        quantity = children[0]
        if quantity.kind in ("time", "plain"):
            quantity = Quantity(quantity.value, "age", quantity.unit or "a")
        return Bounds((Bound(children[1].value, quantity),))

    def range(self, children: Children) -> Bounds:
        return Bounds((spread_range(children[0], children[2]),))

    def between(self, children: Children) -> Bounds:
        return Bounds((spread_range(children[1], children[3]),))

    def exact(self, children: Children) -> Bounds:
        return Bounds((Bound("=", children[0]),))

    def values(self, children: Children) -> Bounds:
        quantities = [child for child in children if isinstance(child, Quantity)]
        return Bounds(tuple(Bound("=", quantity) for quantity in quantities), any=True)

    def both(self, children: Children) -> Bounds:
        first, second = (child.of[0] for child in children if isinstance(child, Bounds))
        if first.high or second.high or first.sign[0] == second.sign[0]:
            raise Unread("two bounds of one side")
        return Bounds(shared((first, second)))

    def from_to(self, children: Children) -> Bounds:
        """`2 to < 12 years`."""
        low, high = children[0], children[2].of[0]
        if high.sign[0] != "<":
            raise Unread("a range that does not end")
        return Bounds(shared((Bound(">=", low), high)))

    def either(self, children: Children) -> Bounds:
        first, second = (child.of[0] for child in children if isinstance(child, Bounds))
        alike = {first.quantity.kind, second.quantity.kind} <= {"normal"} or first.quantity.unit == second.quantity.unit
        if first.sign[0] == second.sign[0] and alike:
            raise Unread("two limits of one side and one unit")
        return Bounds(shared((first, second)), any=True)

    def restated(self, children: Children) -> Restated:
        return Restated(_only(children, Bounds))

    def further(self, children: Children) -> Further:
        return Further(children[2].of[0])

    def alternative(self, children: Children) -> Alternative:
        return Alternative(_only(children, Bounds), children[-2])

    # --- measurements

    def measured(self, children: Children) -> r.Rule:
        listing, bounds = children[0], children[1]
        further = [child.bound for child in children if isinstance(child, Further)]
        if further and (bounds.any or len(bounds.of) > 1):
            raise Unread("several bounds, and one more")
        rule = self._compared(listing, replace(bounds, of=(*bounds.of, *further)))
        for child in children[2:]:
            if isinstance(child, Restated):
                rule = self._restated(rule, listing, bounds, child.bounds)
            elif isinstance(child, Alternative):
                rule = self._alternative(rule, listing, bounds, child)
        return _within(rule, _only_or_none(children, Span))

    def measured_if(self, children: Children) -> r.Rule:
        """`> 1.5 x ULN, or > 3 mg/dL in Gilbert's syndrome`; or one limit that only some must meet."""
        listing, bounds, where = children[0], children[1], children[3]
        if bounds.any and len(bounds.of) == 2:
            first, second = (Bounds((bound,)) for bound in bounds.of)
            rule = self._compared(listing, first)
            return self._alternative(rule, listing, first, Alternative(second, where))
        if bounds.any:
            raise Unread("several limits for some")
        rule = self._compared(listing, bounds)
        return r.If(where, rule) if self.kind == "inclusion" and not self.denied else r.All((where, rule))

    def limits_by(self, children: Children) -> Alternative:
        return Alternative(children[0], next(child for child in children[1:] if not isinstance(child, Token)))

    def measured_by_group(self, children: Children) -> r.Rule:
        """`> 450 ms in men, > 470 ms in women`: each limit for its own."""
        listing = children[0]
        cases = [child for child in children if isinstance(child, Alternative)]
        bounds = shared(bound for case in cases for bound in case.bounds.of)
        if len(bounds) != len(cases):
            raise Unread("several limits for one group")
        limits = [self._compared(listing, Bounds((bound,))) for bound in bounds]
        pairs = [(case.where, limit) for case, limit in zip(cases, limits, strict=True)]
        if self.kind == "exclusion" or self.denied:
            return r.Any(tuple(r.All(pair) for pair in pairs))
        return r.All(tuple(r.If(where, limit) for where, limit in pairs))

    def measured_in_brackets(self, children: Children) -> r.Rule:
        return self._compared(Listing((children[0].value,), ""), children[2])

    def measured_inside(self, children: Children) -> r.Rule:
        """`greater than NYHA class 2`."""
        bound = Bounds((Bound(children[0].value, children[2]),))
        return self._compared(Listing((children[1].value,), ""), bound)

    def measured_between(self, children: Children) -> r.Rule:
        """`120 ms < PR < 220 ms`."""
        low, high = _turned_round(children[0], children[1]), Bound(children[3].value, children[4])
        if low.sign[0] == high.sign[0]:
            raise Unread("two bounds of one side")
        return self._compared(Listing((children[2].value,), ""), Bounds(shared((low, high))))

    def pressures(self, children: Children) -> r.Rule:
        """`blood pressure > 140/90 mmHg`: the upper and the lower value."""
        sign, upper, lower = children[1].value, children[2], children[4]
        if lower.kind == "plain" and upper.kind == "plain":
            parts: tuple[r.Rule, ...] = tuple(
                r.Measurement((name,), r.Limit(cast(Any, sign), value.value))
                for name, value in (("systolic_bp", upper), ("diastolic_bp", lower)))  # fmt: skip
            raise Flawed("the threshold of the blood pressure has no unit: mmHg?", r.All(parts))
        upper, lower = (bound.quantity for bound in shared((Bound(sign, upper), Bound(sign, lower))))
        parts = tuple(self._compared(Listing((name,), ""), Bounds((Bound(sign, value),)))
                      for name, value in (("systolic_bp", upper), ("diastolic_bp", lower)))  # fmt: skip
        return r.Any(parts) if sign[0] == ">" else r.All(parts)

    def measured_behind(self, children: Children) -> r.Rule:
        listing, bounds = _only(children, Listing), _only(children, Bounds)
        if len(listing.members) > 1:
            raise Unread("a number in front of a list")
        return _within(self._compared(listing, bounds), _only_or_none(children, Span))

    def lines_including(self, children: Children) -> r.Rule:
        measures, treatments = (child for child in children if isinstance(child, Listing))
        lines = self._compared(measures, _only(children, Bounds))
        if not isinstance(lines, r.Measurement) or lines.concepts != ("lines_of_therapy",):
            raise Unread("only lines of therapy include drugs")
        return r.All((lines, self.exposed(treatments, None)))

    def finding(self, children: Children) -> r.Rule:
        listing = _only(children, Listing)
        outcome = next(child for child in children if isinstance(child, str))
        for concept in listing.members:
            self._can_be(concept, outcome)
        quantifier: r.Quantifier = "all" if self._all(listing) else "any"
        return r.Finding(
            listing.members, cast(Any, outcome), quantifier, "latest", _only_or_none(children, Span)
        )

    def finding_in_numbers(self, children: Children) -> r.Rule:
        """`abnormal ratio (< 0.26 or > 1.65)`: the numbers say what is abnormal."""
        if children[0] != "abnormal" or not isinstance(children[2], Restated):
            raise Unread("numbers behind a word")
        return self._compared(children[1], children[2].bounds)

    def outcome(self, children: Children) -> str:
        return str(children[0].type.lower())

    def recent(self, children: Children) -> Span:
        return span(_only(children, Quantity)) if _only_or_none(children, Quantity) else _only(children, Span)

    def recent_at_most(self, children: Children) -> Span:
        if of_type(children, "COMPARE")[0].value not in ("<", "<="):
            raise Unread("a time that is no window")
        return span(_only(children, Quantity))

    def _can_be(self, concept: str, outcome: str) -> None:
        known = self.catalogue[concept]
        if outcome in ("positive", "negative") and known.entry.get("results") != "yes":
            raise Unread("it is not positive or negative")
        if outcome in ("normal", "abnormal") and known.kind == "scale":
            raise Unread("it has no limits of normal")

    def _all(self, listing: Listing) -> bool:
        return len(listing.members) < 2 or (
            listing.joined != "or" and not self.denied and self.kind == "inclusion"
        )

    def _compared(self, listing: Listing, bounds: Bounds) -> r.Rule:
        """Every measure of a list against every bound."""
        tests = [self._test(listing.members, bound) for bound in shared(bounds.of)]
        exact = [test for test in tests if isinstance(test, r.Limit) and test.comparator == "="]
        if exact:
            tests = [self._grades(listing, exact, len(tests))]
        if not bounds.any and _exclude_each_other(tests):
            raise Flawed("the two limits exclude each other")
        quantifier = self._quantifier(listing, tests[0])
        if any(test.unit == MISSING for test in tests):
            self._without_unit(listing, tests)
        parts = tuple(r.Measurement(listing.members, test, quantifier) for test in tests)
        if len(parts) == 1:
            return parts[0]
        if not bounds.any:
            return r.All(parts)
        if _covers_everything(tests):
            raise Flawed("the two limits joined by `or` together hold for every value")
        return r.Any(parts)

    def _without_unit(self, listing: Listing, tests: Sequence[r.Limit | r.Range]) -> None:
        """A threshold that needs a unit and has none: shown to the reviewer, never guessed."""
        names = " and ".join(self.catalogue[concept].name for concept in listing.members)
        bare = tuple(r.Measurement(listing.members, replace(test, unit="")) for test in tests)
        raise Flawed(f"the threshold of {names} has no unit: which one is meant?",
                     bare[0] if len(bare) == 1 else r.All(bare))  # fmt: skip

    def _test(self, concepts: Sequence[str], bound: Bound) -> r.Limit | r.Range:
        tests = {self.amounts.test(concept, bound) for concept in concepts}
        if len(tests) != 1:
            raise Unread("one unit does not measure all of them")
        return tests.pop()

    def _grades(self, listing: Listing, exact: Sequence[r.Limit], count: int) -> r.Limit | r.Range:
        """`0, 1 or 2` of a scale: a range, if no grade between is left out."""
        known = self.catalogue[listing.members[0]]
        if len(exact) != count or len(listing.members) > 1 or known.kind not in ("scale", "measurement"):
            raise Unread("a bare number is no threshold")
        values = [limit.value for limit in exact]
        if known.kind == "measurement" and known.entry.get("integer") != "yes":
            raise Unread("a bare number is no threshold")
        step = int(known.entry.get("step", 1))
        if any((value - int(known.entry.get("low", 0))) % step for value in values):
            raise Unread("a number between two grades")
        if len(values) == 1:
            return exact[0]
        if any(later - earlier != step for earlier, later in zip(values, values[1:], strict=False)):
            raise Flawed(f"{known.name} is named with a gap: did the authors mean a range?")
        return r.Range(values[0], values[-1], exact[0].unit)

    def _quantifier(self, listing: Listing, test: r.Limit | r.Range) -> r.Quantifier:
        concepts = listing.members
        if len(concepts) == 1 and self.catalogue[concepts[0]].kind == "group":
            above = isinstance(test, r.Limit) and test.comparator in (">", ">=")
            return "any" if above else "all"
        return "all" if self._all(listing) else "any"

    def _restated(self, rule: r.Rule, listing: Listing, bounds: Bounds, again: Bounds) -> r.Rule:
        """The same threshold in another unit; where the two disagree, no one can say which is meant."""
        if len(again.of) != len(bounds.of):
            raise Unread("told twice, with another number of limits")
        either = None
        for one, other in zip(shared(bounds.of), shared(again.of), strict=True):
            other = other if other.sign != "=" or other.high else replace(other, sign=one.sign)
            if one.sign != other.sign:
                raise Flawed("the threshold is told twice, with two signs")
            for concept in listing.members:
                alike = self.amounts.alike(concept, one, other)
                if alike is False:
                    raise Flawed("the threshold is told twice, and the two do not agree")
                either = either or alike is None
            if either:
                rule = self._in_two_units(rule, listing, other)
        return rule

    def _in_two_units(self, rule: r.Rule, listing: Listing, other: Bound) -> r.Rule:
        second = self._test(listing.members, other)
        if not (
            isinstance(rule, r.Measurement) and isinstance(rule.test, r.Limit) and isinstance(second, r.Limit)
        ):
            raise Unread("two units that do not convert")
        if {rule.test.unit, second.unit} & {"ULN", "LLN", ""}:
            raise Unread("a multiple of the limit of normal, and a number")
        return replace(rule, test=r.EitherUnit((rule.test, second)))

    def _alternative(self, rule: r.Rule, listing: Listing, bounds: Bounds, other: Alternative) -> r.Rule:
        """`>= 75 (50 if B)`: the first, or B and the second, where the second is the weaker one."""
        first, second = bounds.of[0], other.bounds.of[0]
        if len(bounds.of) + len(other.bounds.of) > 2:
            raise Unread("several limits, and others if something else is so")
        if second.sign == "=":
            second = replace(second, sign=first.sign)
        second = shared((first, second))[1]
        if first.sign[0] != second.sign[0]:
            raise Unread("the other limit is of the other side")
        there = self._compared(listing, Bounds((second,)))
        if self.kind == "exclusion" or self.denied:
            return r.Any((r.All((r.Not(other.where), rule)), r.All((other.where, there))))
        test, weaker = self._test(listing.members, first), self._test(listing.members, second)
        if not (isinstance(test, r.Limit) and isinstance(weaker, r.Limit) and _weaker(test, weaker)):
            return r.All((r.Any((other.where, rule)), r.Any((r.Not(other.where), there))))
        return r.Any((rule, r.All((other.where, there))))

    # --- who the patient is

    def aged(self, children: Children) -> r.Rule:
        return self._aged(_only(children, Bounds), named=True)

    def aged_compare(self, children: Children) -> r.Rule:
        return self._aged(Bounds((Bound(children[0].value, children[-1]),)), named=True)

    def aged_in_words(self, children: Children) -> r.Rule:
        """`between the ages of 18 and 75`."""
        return self._aged(Bounds((spread_range(children[2], children[4]),)), named=True)

    def aged_between(self, children: Children) -> r.Rule:
        """`18 < age < 80 years`; `18 years >= age` says the wrong thing, and says it."""
        low = _turned_round(children[0], children[1])
        if len(children) > 3:
            return self._aged(Bounds(shared((low, Bound(children[3].value, children[4])))), named=True)
        rule = self._aged(Bounds((low,)), named=True)
        if low.sign[0] == "<" and low.quantity.value <= 21:
            raise Flawed("the number stands before the sign: is the age meant the other way round?", rule)
        return rule

    def aged_by_unit(self, children: Children) -> r.Rule:
        return self._aged(_only(children, Bounds), named=any(isinstance(child, Token) for child in children))

    def _aged(self, bounds: Bounds, *, named: bool) -> r.Rule:
        tests = [self._age(bound, named=named) for bound in shared(bounds.of)]
        if bounds.any and len(tests) > 1:
            raise Unread("ages joined by `or`")
        if _exclude_each_other([age.test for age in tests]):
            raise Flawed("the two ages exclude each other")
        return tests[0] if len(tests) == 1 else r.All(tuple(tests))

    def _age(self, bound: Bound, *, named: bool) -> r.Age:
        bound = spread_range(bound.quantity, bound.high) if bound.high else bound
        quantity = bound.quantity
        if not named and quantity.kind != "age":
            raise Unread("nothing says that this is an age")
        if quantity.kind not in ("age", "time", "plain") or (bound.sign == "=" and bound.high is None):
            raise Unread("that is no age")
        unit = quantity.unit or "a"
        if unit not in ("a", "mo") or quantity.value > 120 * (12 if unit == "mo" else 1):
            raise Unread("an age is in years or months")
        test: r.Limit | r.Range = r.Limit(cast(Any, bound.sign), quantity.value)
        if bound.high is not None:
            if bound.high.unit not in ("", unit) or quantity.value >= bound.high.value:
                raise Unread("the ages run backwards")
            test = r.Range(quantity.value, bound.high.value)
        return r.Age(test, "month" if unit == "mo" else "year")

    def states(self, children: Children) -> r.Rule:
        rules = tuple(child for child in children if not isinstance(child, list))
        word = joined(children)
        if len(rules) == 1:
            return cast(r.Rule, rules[0])
        if word not in ("or", "slash", "comma") and self.kind == "inclusion" and not self.denied:
            raise Unread("states joined by `and`")
        return r.Any(rules)

    def state(self, children: Children) -> r.Rule:
        match children[0].type:
            case "PREGNANT":
                return r.Status("pregnant")
            case "BREASTFEEDING":
                return r.Status("breastfeeding")
            case "CHILDBEARING":
                return r.Status("childbearing potential")
            case sex:
                return r.Sex(cast(Any, sex.lower()))

    # --- time

    def extent(self, children: Children) -> r.Extent:
        return extent(children[0])

    def whichever(self, children: Children) -> r.Extent:
        first, second = (extent(child) for child in children if isinstance(child, Quantity))
        which = of_type(children, "WHICHEVER")[0].value
        return r.Longer((first, second)) if which == "longer" else r.Shorter((first, second))


_ROUND = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def _turned_round(quantity: Quantity, sign: Token) -> Bound:
    """`18 <` before a name is `> 18` behind it."""
    return Bound(_ROUND[sign.value], quantity)


def spread_range(low: Quantity, high: Quantity) -> Bound:
    """A range; what only its last number says of the unit is said of both."""
    from screener.drafting.amounts import spread

    return spread(Bound("=", low, high))


def _only(children: Children, kind: type) -> Any:
    return next(child for child in children if isinstance(child, kind))


def _only_or_none(children: Children, kind: type) -> Any:
    found = [child for child in children if isinstance(child, kind)]
    if len(found) > 1:
        raise Unread("two windows")
    return found[0] if found else None


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


def _weaker(limit: r.Limit, other: r.Limit) -> bool:
    if limit.unit != other.unit:
        return False
    return other.value <= limit.value if limit.comparator[0] == ">" else other.value >= limit.value


def _exclude_each_other(tests: Sequence[r.Limit | r.Range]) -> bool:
    limits = [test for test in tests if isinstance(test, r.Limit)]
    high = [test for test in limits if test.comparator in ("<", "<=")]
    low = [test for test in limits if test.comparator in (">", ">=")]
    return bool(low and high) and low[0].unit == high[0].unit and low[0].value >= high[0].value


def _covers_everything(tests: Sequence[r.Limit | r.Range]) -> bool:
    limits = [test for test in tests if isinstance(test, r.Limit)]
    low = [test for test in limits if test.comparator in ("<", "<=")]
    high = [test for test in limits if test.comparator in (">", ">=")]
    return bool(low and high) and low[0].unit == high[0].unit and high[0].value <= low[0].value


def _any_of(rule: r.Rule) -> r.Rule:
    """A negated list: none of them."""
    match rule:
        case r.Measurement() | r.Finding() | r.Condition() | r.Marker() | r.Therapy() | r.Procedure():
            return replace(rule, quantifier="any")
        case r.Allergy() | r.Course():
            return replace(rule, quantifier="any")
        case _:
            return rule
