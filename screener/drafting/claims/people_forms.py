"""The forms of protocol.lark that say who the patient is: ages, sex, pregnancy."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from screener.drafting.claims.amounts import Bound, Bounds, Flawed, Unread, in_days, shared
from screener.drafting.claims.comparisons import cover_everything, exclude_each_other
from screener.drafting.claims.forms import Children, Forms, joined, only
from screener.drafting.claims.number_forms import spread_range, turned_round
from screener.drafting.words.lexer import Token
from screener.model import rule as r

_OLDEST = in_days(Decimal(120), "year")


class PeopleForms(Forms):
    """One method a form."""

    # --- ages

    def aged(self, children: Children) -> r.Rule:
        return self._aged(only(children, Bounds), named=True)

    def aged_compare(self, children: Children) -> r.Rule:
        return self._aged(Bounds((Bound(children[-2].value, children[-1]),)), named=True)

    def aged_in_words(self, children: Children) -> r.Rule:
        """`between the ages of 18 and 75`."""
        return self._aged(Bounds((spread_range(children[2], children[4]),)), named=True)

    def aged_between(self, children: Children) -> r.Rule:
        """`18 < age < 80 years`; `18 years >= age` says the wrong thing, and says it."""
        low = turned_round(children[0], children[1])
        if len(children) > 3:
            return self._aged(Bounds(shared((low, Bound(children[3].value, children[4])))), named=True)
        rule = self._aged(Bounds((low,)), named=True)
        if low.sign[0] == "<" and low.quantity.value <= 21:
            raise Flawed("the number stands before the sign: is the age meant the other way round?", rule)
        return rule

    def aged_by_unit(self, children: Children) -> r.Rule:
        return self._aged(only(children, Bounds), named=any(isinstance(child, Token) for child in children))

    def _aged(self, bounds: Bounds, *, named: bool) -> r.Rule:
        if bounds.beside:
            raise Unread("two ages of one side")
        tests = [self._age(bound, named=named) for bound in shared(_ends(bounds.of))]
        limits = [_in_days(age) for age in tests]
        if bounds.any and cover_everything(limits):
            raise Flawed("the two ages joined by `or` together hold for everybody")
        if not bounds.any and exclude_each_other(limits):
            raise Flawed("the two ages exclude each other")
        if len(tests) == 1:
            return tests[0]
        return r.Any(tuple(tests)) if bounds.any else r.All(tuple(tests))

    def _age(self, bound: Bound, *, named: bool) -> r.Age:
        bound = spread_range(bound.quantity, bound.high) if bound.high else bound
        quantity = bound.quantity
        if not named and quantity.kind != "age":
            raise Unread("nothing says that this is an age")
        if quantity.kind not in ("age", "time", "plain") or (bound.sign == "=" and bound.high is None):
            raise Unread("that is no age")
        unit = quantity.unit or "a"
        if unit not in r.AGES or in_days(quantity.value, r.AGES[unit]) > _OLDEST:
            raise Unread("an age is in years, months, weeks or days")
        if unit != "a" and quantity.value != quantity.value.to_integral_value():
            raise Unread("a part of a month, week or day")
        test: r.Limit | r.Range = r.Limit(cast(Any, bound.sign), quantity.value)
        if bound.high is not None:
            if bound.high.unit not in ("", unit) or quantity.value >= bound.high.value:
                raise Unread("the ages run backwards")
            test = r.Range(quantity.value, bound.high.value)
        return r.Age(test, r.AGES[unit])

    # --- states

    def states(self, children: Children) -> r.Rule:
        rules = tuple(child for child in children if not isinstance(child, list))
        word = joined(children)
        if len(rules) > 1 and any(isinstance(rule, r.Not) for rule in rules):
            raise Unread("a state and one that is denied")
        if len(rules) == 1:
            return cast(r.Rule, rules[0])
        if word not in ("or", "slash", "comma") and self.required:
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
            case "CANDIDATE":
                candidate = r.Status("transplant candidate")
                return r.Not(candidate) if children[0].value == "no" else candidate
            case sex:
                return r.Sex(cast(Any, sex.lower()))


def _ends(bounds: Iterable[Bound]) -> Iterator[Bound]:
    """`6 months to 18 years`: each end by itself."""
    for bound in bounds:
        high = bound.high
        if high is not None and bound.quantity.unit and high.unit not in ("", bound.quantity.unit):
            yield from (replace(bound, sign=">=", high=None), Bound("<=", high))
        else:
            yield bound


def _in_days(age: r.Age) -> r.Limit | r.Range:
    """The test, so that ages in years and in months can be set beside each other."""
    if isinstance(age.test, r.Range):
        return replace(age.test, low=in_days(age.test.low, age.unit), high=in_days(age.test.high, age.unit))
    return replace(age.test, value=in_days(age.test.value, age.unit))
