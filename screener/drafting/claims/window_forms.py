"""The forms of protocol.lark for lengths of time, and from when they are counted."""

from typing import Any, NamedTuple

from screener.drafting.claims.amounts import CALENDAR, Quantity, Unread, extent
from screener.drafting.claims.forms import Children, Forms, Timing, made, of_type
from screener.drafting.words.lexer import Token
from screener.model import rule as r
from screener.model.calendar import Span


class Anchor(NamedTuple):
    """From what a time is counted."""

    name: str


class WindowForms(Forms):
    """One method a form."""

    # --- lengths

    def extent(self, children: Children) -> r.Extent:
        return extent(children[0])

    def whichever(self, children: Children) -> r.Extent:
        first, second = (extent(child) for child in children if isinstance(child, Quantity))
        return _of_two(first, second, of_type(children, "WHICHEVER")[0].value)

    # --- windows

    def timing(self, children: Children) -> Timing:
        return Timing(_anchored("within", children))

    def timing_at_most(self, children: Children) -> Timing:
        if children[0].value not in ("<", "<="):
            raise Unread("a time that is no window")
        return Timing(_anchored("within", [extent(children[1]), *children[2:]]))

    def within(self, children: Children) -> r.Window:
        return _anchored("within", children)

    def within_whichever(self, children: Children) -> r.Window:
        """`within 30 days or 5 half-lives before the first dose, whichever is longer`."""
        lengths = [extent(child) if isinstance(child, Quantity) else child
                   for child in children if isinstance(child, Quantity | Span | r.HalfLives)]  # fmt: skip
        anchors = {child for child in children if isinstance(child, Anchor)}
        if len(lengths) != 2 or len(anchors) != 1:
            raise Unread("two times, or two days from which they are counted")
        length = _of_two(lengths[0], lengths[1], of_type(children, "WHICHEVER")[0].value)
        return _anchored("within", [length, *anchors])

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

    def anchor(self, children: Children) -> Anchor:
        return Anchor(children[1].value)


def _of_two(first: Any, second: Any, which: str) -> r.Extent:
    return r.Longer((first, second)) if which == "longer" else r.Shorter((first, second))


def _anchored(relation: Any, children: Children) -> r.Window:
    length = next(child for child in children if isinstance(child, Span | r.HalfLives | r.Longer | r.Shorter))
    anchor = made(children, Anchor)
    return r.Window(relation, length, "before", anchor.name if anchor else "")
