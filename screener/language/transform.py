"""Parse tree → rule. One method per form of the grammar; the binder checks what they name."""

from decimal import Decimal
from typing import Any, cast

from lark import Token, Transformer

from screener.language.bind import Binder, number
from screener.language.parts import (
    Children,
    Listing,
    built,
    comparator,
    has,
    made,
    members_of,
    tokens_of,
    words,
)
from screener.language.records import Records
from screener.model import rule as r
from screener.model.calendar import Span, TimeUnit

_CALENDAR = {"hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}


class Builder(Records, Transformer[Token, Any]):
    """Builds the rule bottom-up. Problems go to the binder; what is built then is not used."""

    def __init__(self, binder: Binder) -> None:
        super().__init__(visit_tokens=False)
        self.binder = binder

    # --- logic

    def start(self, children: Children) -> r.Rule:
        return cast(r.Rule, children[0])

    def disjunction(self, children: Children) -> r.Rule:
        return r.Any(tuple(built(children)))

    def conjunction(self, children: Children) -> r.Rule:
        return r.All(tuple(built(children)))

    def negated(self, children: Children) -> r.Rule:
        return r.Not(built(children)[0])

    def grouped(self, children: Children) -> r.Rule:
        return cast(r.Rule, built(children)[0])

    def if_then(self, children: Children) -> r.Rule:
        return r.If(*built(children))

    def unless(self, children: Children) -> r.Rule:
        return r.Unless(*built(children))

    def at_least(self, children: Children) -> r.Rule:
        count = tokens_of(children, "NUMBER")[0]
        of = tuple(built(children))
        return r.AtLeast(self.binder.count(count, len(of)), of)

    # --- lists

    def one(self, children: Children) -> Listing:
        return Listing(("one", *children))

    def any_of(self, children: Children) -> Listing:
        return Listing(("any", *members_of(children)))

    def all_of(self, children: Children) -> Listing:
        return Listing(("all", *members_of(children)))

    # --- measurements

    def measurement(self, children: Children) -> r.Rule:
        measures = made(children, Listing)
        test = made(children, r.Limit, r.Range, r.EitherUnit)
        concepts = tuple(token.value for token in measures.members)
        return r.Measurement(
            concepts,
            self.binder.test(measures.members, test),
            self.binder.quantifier(measures.quantifier, concepts, test),
            self._occasion(children),
            made(children, Span),
        )

    def finding(self, children: Children) -> r.Rule:
        measures = made(children, Listing)
        outcome = next(child for child in children if isinstance(child, str))
        self.binder.outcome(measures.members, outcome)
        return r.Finding(
            tuple(token.value for token in measures.members),
            cast(Any, outcome),
            "any" if measures.quantifier == "any" else "all",
            self._occasion(children),
            made(children, Span),
        )

    def lines(self, children: Children) -> r.Rule:
        count, measure = tokens_of(children, "NUMBER")[0], tokens_of(children, "MEASURE")[0]
        self.binder.countable(measure)
        sign = ">=" if has(children, "AT_LEAST") else "<="
        return r.Measurement((measure.value,), r.Limit(cast(Any, sign), number(count)))

    def _occasion(self, children: Children) -> r.Occasion:
        found = [child for child in children if isinstance(child, tuple) and child[:1] == ("when",)]
        return cast(r.Occasion, found[0][1]) if found else "latest"

    def occasion(self, children: Children) -> tuple[str, str]:
        return ("when", words(children[0]))

    def outcome(self, children: Children) -> str:
        return str(words(children[0]))

    def within(self, children: Children) -> Span:
        return cast(Span, children[-1])

    def limit(self, children: Children) -> r.Limit:
        value, unit, *beyond = children[1]
        return r.Limit(comparator(children[0]), value, unit, *beyond)

    def plain(self, children: Children) -> tuple[Decimal, str]:
        return number(children[0]), ""

    def in_unit(self, children: Children) -> tuple[Decimal, Token]:
        return number(children[0]), children[1]

    def in_time(self, children: Children) -> tuple[Decimal, Token]:
        return number(children[0]), _time_code(children[1])

    def times(self, children: Children) -> tuple[Decimal, str]:
        return number(children[0]), children[-1].value.upper()

    def once(self, children: Children) -> tuple[Decimal, str]:
        return Decimal(1), children[0].value.upper()

    def beyond(self, children: Children) -> tuple[Decimal, Token, str]:
        which, sign, value, unit = children
        return number(value) * (-1 if sign.value == "-" else 1), unit, which.value.upper()

    def range(self, children: Children) -> r.Range:
        low, high = tokens_of(children, "NUMBER")
        unit: str = ""
        if has(children, "UNIT"):
            unit = tokens_of(children, "UNIT")[0]
        elif has(children, "TIME_UNIT"):
            unit = _time_code(tokens_of(children, "TIME_UNIT")[0])
        self.binder.ordered(low, high)
        return r.Range(number(low), number(high), unit)

    def either(self, children: Children) -> r.EitherUnit:
        first, second = built(children)
        return r.EitherUnit((first, second))

    # --- who the patient is

    def age(self, children: Children) -> r.Rule:
        return self.binder.age(children[0], children[1])

    def sex(self, children: Children) -> r.Rule:
        return r.Sex(cast(Any, words(children[0])))

    def status(self, children: Children) -> r.Rule:
        return r.Status(cast(Any, words(children[0]).removeprefix("of ")))

    def manual(self, children: Children) -> r.Rule:
        return r.Manual(self.binder.manual(tokens_of(children, "STRING")[0]))

    # --- time

    def span(self, children: Children) -> Span:
        unit = cast(TimeUnit, children[1].value.casefold().removesuffix("s"))
        return Span(self.binder.whole(children[0]), unit)

    def half_lives(self, children: Children) -> r.HalfLives:
        return r.HalfLives(self.binder.whole(children[0]))

    def longer(self, children: Children) -> r.Longer:
        return r.Longer(tuple(built(children)))

    def shorter(self, children: Children) -> r.Shorter:
        return r.Shorter(tuple(built(children)))

    def within_window(self, children: Children) -> r.Window:
        return _window("within", children)

    def since_window(self, children: Children) -> r.Window:
        return _window(words(children[0]), children)

    def anchor(self, children: Children) -> tuple[str, str]:
        day = children[1]
        return (words(children[0]), day.value if day.type == "PROCEDURE" else words(day))


def _time_code(token: Token) -> Token:
    code = _CALENDAR[token.value.casefold().removesuffix("s")]
    return Token("UNIT", code, start_pos=token.start_pos, end_pos=token.end_pos)


def _window(relation: str, children: Children) -> r.Window:
    extent = made(children, Span, r.HalfLives, r.Longer, r.Shorter)
    anchors = [child for child in children if isinstance(child, tuple)
               and child[:1] in (("before",), ("after",))]  # fmt: skip
    direction, anchor = anchors[0] if anchors else ("before", "")
    return r.Window(cast(Any, relation), extent, cast(Any, direction), anchor)
