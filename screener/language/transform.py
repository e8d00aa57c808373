"""Parse tree → rule. One method per form of the grammar; the binder checks what they name."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from lark import Token, Transformer

from screener.language.bind import Binder, number
from screener.model import rule as r
from screener.model.calendar import Span, TimeUnit

Children = list[Any]
_SIGNS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}
_CALENDAR = {"hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}


def _tokens(children: Children, *types: str) -> list[Token]:
    return [child for child in children if isinstance(child, Token) and child.type in types]


def _has(children: Children, token_type: str) -> bool:
    return bool(_tokens(children, token_type))


def _made(children: Children, *kinds: type) -> Any:
    """The one child of a kind, or None."""
    return next((child for child in children if isinstance(child, kinds)), None)


def _rest(children: Children) -> Children:
    return [child for child in children if not isinstance(child, Token)]


def _comparator(token: Token) -> Any:
    return _SIGNS.get(token.value, token.value)


def _words(token: Token) -> str:
    return " ".join(token.value.casefold().split())


class _List(tuple[Any, ...]):
    """`one`, `any of …` or `all of …`: a quantifier and what it is about."""

    __slots__ = ()

    @property
    def quantifier(self) -> r.Quantifier:
        return cast(r.Quantifier, self[0])

    @property
    def members(self) -> tuple[Any, ...]:
        return self[1:]


class Builder(Transformer[Token, Any]):
    """Builds the rule bottom-up. Problems go to the binder; what is built then is not used."""

    def __init__(self, binder: Binder) -> None:
        super().__init__(visit_tokens=False)
        self.binder = binder

    # --- logic

    def start(self, children: Children) -> r.Rule:
        return cast(r.Rule, children[0])

    def disjunction(self, children: Children) -> r.Rule:
        return r.Any(tuple(_rest(children)))

    def conjunction(self, children: Children) -> r.Rule:
        return r.All(tuple(_rest(children)))

    def negated(self, children: Children) -> r.Rule:
        return r.Not(_rest(children)[0])

    def grouped(self, children: Children) -> r.Rule:
        return cast(r.Rule, _rest(children)[0])

    def if_then(self, children: Children) -> r.Rule:
        return r.If(*_rest(children))

    def unless(self, children: Children) -> r.Rule:
        return r.Unless(*_rest(children))

    def at_least(self, children: Children) -> r.Rule:
        count = _tokens(children, "NUMBER")[0]
        of = tuple(_rest(children))
        return r.AtLeast(self.binder.count(count, len(of)), of)

    # --- lists

    def one(self, children: Children) -> _List:
        return _List(("one", *children))

    def any_of(self, children: Children) -> _List:
        return _List(("any", *_members(children)))

    def all_of(self, children: Children) -> _List:
        return _List(("all", *_members(children)))

    # --- measurements

    def measurement(self, children: Children) -> r.Rule:
        measures = _made(children, _List)
        test = _made(children, r.Limit, r.Range, r.EitherUnit)
        concepts = tuple(token.value for token in measures.members)
        return r.Measurement(
            concepts,
            self.binder.test(measures.members, test),
            self.binder.quantifier(measures.quantifier, concepts, test),
            self._occasion(children),
            _made(children, Span),
        )

    def finding(self, children: Children) -> r.Rule:
        measures = _made(children, _List)
        outcome = next(child for child in children if isinstance(child, str))
        self.binder.outcome(measures.members, outcome)
        return r.Finding(
            tuple(token.value for token in measures.members),
            cast(Any, outcome),
            "any" if measures.quantifier == "any" else "all",
            self._occasion(children),
            _made(children, Span),
        )

    def lines(self, children: Children) -> r.Rule:
        count, measure = _tokens(children, "NUMBER")[0], _tokens(children, "MEASURE")[0]
        self.binder.countable(measure)
        sign = ">=" if _has(children, "AT_LEAST") else "<="
        return r.Measurement((measure.value,), r.Limit(cast(Any, sign), number(count)))

    def _occasion(self, children: Children) -> r.Occasion:
        found = [child for child in children if isinstance(child, tuple) and child[:1] == ("when",)]
        return cast(r.Occasion, found[0][1]) if found else "latest"

    def occasion(self, children: Children) -> tuple[str, str]:
        return ("when", _words(children[0]))

    def outcome(self, children: Children) -> str:
        return str(_words(children[0]))

    def within(self, children: Children) -> Span:
        return cast(Span, children[-1])

    def limit(self, children: Children) -> r.Limit:
        value, unit = children[1]
        return r.Limit(_comparator(children[0]), value, unit)

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

    def range(self, children: Children) -> r.Range:
        low, high = _tokens(children, "NUMBER")
        unit: str = ""
        if _has(children, "UNIT"):
            unit = _tokens(children, "UNIT")[0]
        elif _has(children, "TIME_UNIT"):
            unit = _time_code(_tokens(children, "TIME_UNIT")[0])
        self.binder.ordered(low, high)
        return r.Range(number(low), number(high), unit)

    def either(self, children: Children) -> r.EitherUnit:
        first, second = _rest(children)
        return r.EitherUnit((first, second))

    # --- conditions

    def condition(self, children: Children) -> r.Rule:
        patterns = _made(children, _List)
        exceptions = [child for child in children if isinstance(child, list)]
        return r.Condition(
            patterns.members,
            "all" if patterns.quantifier == "all" else "any",
            _has(children, "HISTORY_OF"),
            _has(children, "OTHER"),
            tuple(exceptions[0]) if exceptions else (),
        )

    def pattern(self, children: Children) -> r.Pattern:
        pattern = r.Pattern(_tokens(children, "CONDITION")[0].value)
        qualifiers = []
        for child in _rest(children):
            match child:
                case ("qualifier", word):
                    qualifiers.append(word)
                case ("stage", stage):
                    pattern = replace(pattern, stage=stage)
                case ("resolved", window):
                    pattern = replace(pattern, resolved=window)
                case ("that", text):
                    pattern = replace(pattern, that=text)
                case r.Limit():
                    pattern = replace(pattern, grade=child)
                case r.Window():
                    pattern = replace(pattern, window=child)
        self.binder.pattern_window(pattern, _tokens(children, "CONDITION")[0])
        return replace(pattern, qualifiers=tuple(dict.fromkeys(qualifiers)))

    def qualifier(self, children: Children) -> tuple[str, str]:
        return ("qualifier", _words(children[0]))

    def grade(self, children: Children) -> r.Limit:
        return r.Limit(_comparator(children[1]), self.binder.grade(children[2]))

    def stage(self, children: Children) -> tuple[str, str]:
        return ("stage", str(children[1].value))

    def resolved(self, children: Children) -> tuple[str, r.Window]:
        return ("resolved", children[1])

    def that(self, children: Children) -> tuple[str, str]:
        return ("that", children[1].text)

    def exceptions(self, children: Children) -> list[r.Pattern]:
        return list(_rest(children))

    # --- markers

    def marker(self, children: Children) -> r.Rule:
        markers = _made(children, _List)
        concepts = tuple(token.value for token in markers.members)
        quantifier: r.Quantifier = "all" if markers.quantifier == "all" else "any"
        return r.Marker(concepts, quantifier, _made(children, r.Limit))

    def cells(self, children: Children) -> r.Limit:
        sign, value, unit = children[1:4]
        self.binder.percent(unit)
        return r.Limit(_comparator(sign), number(value), "%")

    # --- therapy

    def therapy(self, children: Children) -> r.Rule:
        exposure, quantifier = _exposed(children)
        return r.Therapy(exposure, quantifier, _has(children, "ONGOING"), _made(children, r.Window))

    def exposure(self, children: Children) -> tuple[r.Exposure, r.Quantifier]:
        therapies = _made(children, _List)
        exposure = r.Exposure(tuple(token.value for token in therapies.members))
        for child in _rest(children):
            match child:
                case ("intents", intents):
                    exposure = replace(exposure, intents=intents)
                case ("line", line):
                    exposure = replace(exposure, line=line)
                case ("except", names):
                    exposure = replace(exposure, exceptions=names)
        return exposure, "all" if therapies.quantifier == "all" else "any"

    def as_intent(self, children: Children) -> tuple[str, tuple[str, ...]]:
        return ("intents", tuple(_words(token) for token in _tokens(children, "INTENT")))

    def in_line(self, children: Children) -> tuple[str, int]:
        return ("line", self.binder.whole(children[-1]))

    def other_than(self, children: Children) -> tuple[str, r.Names]:
        return ("except", tuple(token.value for token in _tokens(children, "THERAPY")))

    def duration(self, children: Children) -> r.Rule:
        exposure, _ = _exposed(children)
        return r.Duration(exposure, _comparator(_tokens(children, "COMPARATOR")[0]), children[-1])

    def steroid_dose(self, children: Children) -> r.Rule:
        exposure, _ = _exposed(children)
        unit, equivalent = _tokens(children, "UNIT")[0], _tokens(children, "THERAPY")[0]
        self.binder.steroid(unit, equivalent)
        sign, value = _tokens(children, "COMPARATOR")[0], _tokens(children, "NUMBER")[0]
        limit = r.Limit(_comparator(sign), number(value), "mg")
        total = "cumulative" if _has(children, "CUMULATIVE_DOSE_OF") else "daily"
        return r.SteroidDose(cast(Any, total), exposure, limit, equivalent.value, children[-1])

    def refractory(self, children: Children) -> r.Rule:
        return _course("refractory", children)

    def relapsed(self, children: Children) -> r.Rule:
        return _course("relapsed", children)

    def response(self, children: Children) -> r.Rule:
        therapies = _made(children, _List)
        names = () if therapies is None else tuple(token.value for token in therapies.members)
        any_of = therapies is not None and therapies.quantifier == "any"
        return r.Response(
            "best" if _has(children, "BEST_RESPONSE") else "current",
            _comparator(_tokens(children, "COMPARATOR")[0]),
            _tokens(children, "RESPONSE")[0].value,
            names,
            "any" if any_of else "all",
        )

    def progression(self, children: Children) -> r.Rule:
        return r.Progression(_made(children, r.Window))

    # --- procedures, allergies

    def procedure(self, children: Children) -> r.Rule:
        procedures = _made(children, _List)
        exceptions = [child[1] for child in children if isinstance(child, tuple)
                      and child[:1] == ("not",)]  # fmt: skip
        return r.Procedure(
            tuple(token.value for token in procedures.members),
            "all" if procedures.quantifier == "all" else "any",
            self.binder.no_half_lives(_made(children, r.Window), procedures.members[0]),
            exceptions[0] if exceptions else (),
        )

    def not_counting(self, children: Children) -> tuple[str, r.Names]:
        return ("not", tuple(token.value for token in _tokens(children, "PROCEDURE")))

    def allergy(self, children: Children) -> r.Rule:
        therapies = _made(children, _List)
        types = next(child[1] for child in children if isinstance(child, tuple)
                     and child[:1] == ("types",))  # fmt: skip
        return r.Allergy(
            types,
            tuple(token.value for token in therapies.members),
            "all" if therapies.quantifier == "all" else "any",
            _has(children, "SEVERE"),
        )

    def allergy_type(self, children: Children) -> tuple[str, tuple[str, ...]]:
        return ("types", tuple(_words(children[0]).split(" or ")))

    # --- who the patient is

    def age(self, children: Children) -> r.Rule:
        return self.binder.age(children[0], children[1])

    def sex(self, children: Children) -> r.Rule:
        return r.Sex(cast(Any, _words(children[0])))

    def status(self, children: Children) -> r.Rule:
        return r.Status(cast(Any, _words(children[0]).removeprefix("of ")))

    def manual(self, children: Children) -> r.Rule:
        return r.Manual(self.binder.manual(_tokens(children, "STRING")[0]))

    # --- time

    def span(self, children: Children) -> Span:
        unit = cast(TimeUnit, children[1].value.casefold().removesuffix("s"))
        return Span(self.binder.whole(children[0]), unit)

    def half_lives(self, children: Children) -> r.HalfLives:
        return r.HalfLives(self.binder.whole(children[0]))

    def longer(self, children: Children) -> r.Longer:
        return r.Longer(tuple(_rest(children)))

    def shorter(self, children: Children) -> r.Shorter:
        return r.Shorter(tuple(_rest(children)))

    def within_window(self, children: Children) -> r.Window:
        return _window("within", children)

    def since_window(self, children: Children) -> r.Window:
        return _window(_words(children[0]), children)

    def anchor(self, children: Children) -> tuple[str, str]:
        day = children[1]
        return (_words(children[0]), day.value if day.type == "PROCEDURE" else _words(day))


def _members(children: Children) -> Children:
    words = ("ANY_OF", "ALL_OF", "COMMA", "AND", "OR")
    return [child for child in children if not isinstance(child, Token) or child.type not in words]


def _time_code(token: Token) -> Token:
    code = _CALENDAR[token.value.casefold().removesuffix("s")]
    return Token("UNIT", code, start_pos=token.start_pos, end_pos=token.end_pos)


def _exposed(children: Children) -> tuple[r.Exposure, r.Quantifier]:
    for child in children:
        if isinstance(child, tuple) and child and isinstance(child[0], r.Exposure):
            return cast(tuple[r.Exposure, r.Quantifier], child)
    raise AssertionError("the grammar gives each form of therapy an exposure")


def _course(state: Any, children: Children) -> r.Rule:
    therapies = _made(children, _List)
    names = tuple(token.value for token in therapies.members)
    return r.Course(state, names, "all" if therapies.quantifier == "all" else "any")


def _window(relation: str, children: Children) -> r.Window:
    extent = _made(children, Span, r.HalfLives, r.Longer, r.Shorter)
    anchors = [child for child in children if isinstance(child, tuple)
               and child[:1] in (("before",), ("after",))]  # fmt: skip
    direction, anchor = anchors[0] if anchors else ("before", "")
    return r.Window(cast(Any, relation), extent, cast(Any, direction), anchor)
