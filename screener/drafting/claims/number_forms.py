"""The forms of protocol.lark for numbers with what stands behind them, and for bounds."""

from dataclasses import replace
from typing import Any, Literal, cast

from screener.drafting.claims.amounts import Bound, Bounds, Quantity, Unread, number, shared, spread
from screener.drafting.claims.forms import Alternative, Children, Forms, Further, Restated, of_type, only
from screener.drafting.words.lexer import Token
from screener.drafting.words.near_myeloma import A_DAY
from screener.model import rule as r

_ROUND = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def turned_round(quantity: Quantity, sign: Token) -> Bound:
    """`18 <` before a name is `> 18` behind it."""
    return Bound(_ROUND[sign.value], quantity)


def beyond_normal(amount: Bound, which: Literal["ULN", "LLN"]) -> Bound:
    """The bound of a value that lies so much above ULN, or below LLN."""
    if amount.sign[0] != ">" or amount.quantity.kind != "unit" or amount.high is not None:
        raise Unread("less than so much beyond the limit of normal")
    if which == "ULN":
        return replace(amount, beyond=which)
    quantity = replace(amount.quantity, value=-amount.quantity.value)
    return Bound(_ROUND[amount.sign], quantity, beyond=which)


def a_day(quantity: Quantity) -> Quantity:
    """An amount that is excreted in a day."""
    if quantity.kind != "unit":
        raise Unread("no amount")
    return quantity if A_DAY.search(quantity.unit) else replace(quantity, unit=f"{quantity.unit}/24 h")


def spread_range(low: Quantity, high: Quantity) -> Bound:
    """A range; what only its last number says of the unit is said of both."""
    return spread(Bound("=", low, high))


class NumberForms(Forms):
    """Numbers, and the bounds that they make."""

    # --- numbers

    def plain(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "plain")

    def in_unit(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "unit", children[1].value)

    def in_unit_a_day(self, children: Children) -> Quantity:
        return a_day(self.in_unit(children))

    def in_time(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "time", children[1].value)

    def in_age(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "age", children[1].value)

    def half_lives(self, children: Children) -> Quantity:
        return Quantity(number(children[0].value), "half-lives")

    def times(self, children: Children) -> Quantity:
        unit = "LLN" if of_type(children, "LLN") else "ULN"
        return Quantity(number(children[0].value), "normal", unit)

    def fold(self, children: Children) -> Quantity:
        """`5 x`, where the limit of normal was named before."""
        return Quantity(number(children[0].value), "fold")

    def once(self, children: Children) -> Quantity:
        return Quantity(number("1"), "normal", children[0].type)

    # --- one bound

    def limit(self, children: Children) -> Bounds:
        return Bounds((Bound(children[0].value, children[1]),))

    def limit_behind(self, children: Children) -> Bounds:
        return Bounds((Bound(children[1].value, children[0]),))

    def limit_twice(self, children: Children) -> Bounds:
        """`>= 5.7 % or higher`."""
        if children[0].of[0].sign != children[1].value:
            raise Unread("two signs that differ")
        bounds = cast(Bounds, children[0])
        if children[1].type != "OLDER" or bounds.of[0].quantity.kind != "time":
            return bounds
        return self.age_behind([bounds.of[0].quantity, children[1]])

    def age_behind(self, children: Children) -> Bounds:
        quantity = children[0]
        if quantity.kind in ("time", "plain"):
            quantity = Quantity(quantity.value, "age", quantity.unit or "a")
        return Bounds((Bound(children[1].value, quantity),))

    def beyond(self, children: Children) -> Bounds:
        """`> 2 g/dL below LLN`: a value under LLN - 2 g/dL."""
        told, direction, limit = children
        if (direction.value[0] == "<") != (limit.type == "LLN"):
            raise Unread("below the upper limit, or above the lower one")
        bound = told.of[0] if isinstance(told, Bounds) else Bound(">=", told)
        return Bounds((beyond_normal(bound, cast(Any, limit.type)),))

    def range(self, children: Children) -> Bounds:
        return Bounds((spread_range(children[0], children[2]),))

    def between(self, children: Children) -> Bounds:
        return Bounds((spread_range(children[1], children[3]),))

    def exact(self, children: Children) -> Bounds:
        return Bounds((Bound("=", children[0]),))

    # --- several bounds

    def values(self, children: Children) -> Bounds:
        quantities = [child for child in children if isinstance(child, Quantity)]
        return Bounds(tuple(Bound("=", quantity) for quantity in quantities), any=True)

    def or_also(self, children: Children) -> Bounds:
        """`> 2.75 mmol/L or 11.5 mg/dL`: the sign holds for both."""
        first = children[0].of[0]
        second = Bound(first.sign, children[2])
        kinds = {bound.quantity.kind for bound in (first, second)}
        return Bounds((first, second), any=True, again=kinds != {"normal", "unit"})

    def both(self, children: Children) -> Bounds:
        first, second = (child.of[0] for child in children if isinstance(child, Bounds))
        if first.high or second.high:
            raise Unread("two bounds of one side")
        beside = first.sign[0] == second.sign[0]
        if not beside and {first.quantity.kind, second.quantity.kind} == {"normal", "unit"}:
            raise Unread("from so much to a multiple of the limit of normal: of one thing?")
        if beside and (first.quantity.kind, second.quantity.kind) == ("normal", "plain"):
            raise Unread("a multiple of the limit of normal, and a number: of what?")
        return Bounds(shared((first, second)), beside=beside)

    def beside(self, children: Children) -> Bounds:
        """`<= 1.5 x ULN; <= 3 x ULN`, of which the second is for some."""
        return replace(self.both(children), beside=True)

    def from_to(self, children: Children) -> Bounds:
        """`2 to < 12 years`."""
        low, high = only(children, Quantity), only(children, Bounds).of[0]
        if high.sign[0] != "<":
            raise Unread("a range that does not end")
        return Bounds(shared((Bound(">=", low), high)))

    def either(self, children: Children) -> Bounds:
        first, second = (child.of[0] for child in children if isinstance(child, Bounds))
        alike = {first.quantity.kind, second.quantity.kind} <= {
            "normal"
        } or first.quantity.unit == second.quantity.unit
        beside = first.sign[0] == second.sign[0] and alike and first.beyond == second.beyond
        return Bounds(shared((first, second)), any=True, beside=beside)

    def restated(self, children: Children) -> Restated:
        return Restated(only(children, Bounds))

    def further(self, children: Children) -> Further:
        return Further(children[2].of[0])

    def alternative_by_cause(self, children: Children) -> Alternative:
        """`(5 x ULN if due to liver metastases)`: what a value comes from is judged by a person."""
        first, end = of_type(children, "DUE_TO")[0].start, children[-1].start
        return Alternative(only(children, Bounds), r.Manual(" ".join(self.text[first:end].split())))

    def alternative(self, children: Children) -> Alternative:
        where = next(child for child in children if not isinstance(child, Token | Bounds))
        return Alternative(only(children, Bounds), where)
