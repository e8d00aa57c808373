"""Thresholds as prose writes them → limits of the rule model, with their units bound to a concept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal, cast

from screener.drafting.words.twice import DAYS
from screener.model import rule as r
from screener.model.calendar import Span, TimeUnit
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.quantities import UNITLESS, dimensions, members
from screener.vocabulary.units import factor

CALENDAR: dict[str, TimeUnit] = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
MISSING = "?"  # stands for a unit that the authors left out
_MOST = 10_000  # the longest count of days or years that a rule may name
_UNNAMED = frozenset({"plain", "fold"})  # 5, 5 x: the unit, or the limit of normal, is that of the others
_TOLERANCE = Decimal("0.06")  # two encodings of one threshold are rounded, each in its own unit
_ROUGH = Decimal("0.08")  # where one of them is rounded to whole ones


class Unread(Exception):
    """The words have the form of a claim, and no meaning that could be relied on."""


class Flawed(Exception):
    """The authors wrote what cannot be meant: it is shown to the reviewer, never mended in silence.

    `rule` is the comparison as far as it was read; it is shown, and decides nothing.
    """

    def __init__(self, message: str, rule: r.Rule | None = None) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what was written behind it. `unit` is as written, or a code for time, or ULN, LLN."""

    value: Decimal
    kind: Literal["plain", "unit", "time", "age", "normal", "fold", "half-lives"]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """One threshold; a range where `high` is given."""

    sign: str
    quantity: Quantity
    high: Quantity | None = None
    beyond: Literal["", "ULN", "LLN"] = ""  # so much above or below this limit of normal


@dataclass(frozen=True, slots=True)
class Bounds:
    """Thresholds that hold together, or of which one is enough."""

    of: tuple[Bound, ...]
    any: bool = False
    again: bool = False  # the second tells the first in another unit, or another limit by mistake
    beside: bool = False  # two limits of one side, of which the second can only be for some


def number(text: str) -> Decimal:
    """`1.5`, `75,000` or `10^3`."""
    plain = text.replace(",", "").replace(" ", "")
    if plain.startswith("10^"):
        exponent = int(plain[3:])
        if exponent > 15:
            raise Unread("the power is too large")
        return Decimal(10) ** exponent
    if len(plain) > 15:
        raise Unread("the number is too long")
    return Decimal(plain)


def spread(bound: Bound) -> Bound:
    """A range in which only the last number names the unit."""
    high = bound.high
    if high is not None and bound.quantity.kind == "plain" and high.kind != "plain":
        return Bound(bound.sign, Quantity(bound.quantity.value, high.kind, high.unit), high)
    if high is not None and high.kind == "plain" and bound.quantity.kind != "plain":
        return Bound(
            bound.sign, bound.quantity, Quantity(high.value, bound.quantity.kind, bound.quantity.unit)
        )
    return bound


def shared(bounds: Iterable[Bound]) -> tuple[Bound, ...]:
    """Bounds of one subject: a number without unit takes the unit of the others, if they agree."""
    spread_out = [spread(bound) for bound in bounds]
    named = {
        (bound.quantity.kind, bound.quantity.unit)
        for bound in spread_out if bound.quantity.kind not in _UNNAMED
    }  # fmt: skip
    if len(named) != 1:
        return tuple(spread_out)
    kind, unit = named.pop()
    short = _UNNAMED if kind == "normal" else {"plain"}
    return tuple(
        replace(bound, quantity=Quantity(bound.quantity.value, kind, unit))
        if bound.quantity.kind in short and bound.high is None else bound
        for bound in spread_out
    )  # fmt: skip


class Amounts:
    """Binds thresholds to concepts of one vocabulary."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._units: dict[tuple[str, str], str | None] = {}

    def test(self, concept: str, bound: Bound) -> r.Limit | r.Range:
        """A threshold for a concept. Raises Unread where the unit does not measure it."""
        bound = spread(bound)
        if bound.high is None:
            unit = self._unit(concept, bound.quantity)
            if bound.beyond and (
                unit in ("", "ULN", "LLN", MISSING) or self.catalogue[concept].kind == "scale"
            ):
                raise Unread("beyond the limit of normal by no amount")
            return r.Limit(cast(Any, bound.sign), bound.quantity.value, unit, bound.beyond)
        low, high = self._unit(concept, bound.quantity), self._unit(concept, bound.high)
        if low != high or bound.quantity.value >= bound.high.value:
            raise Unread("the range has two units, or runs backwards")
        return r.Range(bound.quantity.value, bound.high.value, low)

    def _unit(self, concept: str, quantity: Quantity) -> str:
        known = self.catalogue[concept]
        for one in members(self.catalogue, concept):
            code = self._unit_of(self.catalogue[one], quantity)
        if known.kind == "scale":
            _on_scale(known, quantity)
        return code

    def _unit_of(self, concept: Concept, quantity: Quantity) -> str:
        kinds = dimensions(concept)
        if not kinds:
            raise Unread("its result is no number")
        if quantity.kind == "normal":
            if concept.kind == "scale" or "count" in kinds:
                raise Unread("it has no limits of normal")
            return quantity.unit
        if quantity.kind in ("age", "half-lives", "fold"):
            raise Unread("that is an age, a half-life, or a multiple of what was not named")
        if quantity.kind == "plain":
            return "" if UNITLESS & set(kinds) else concept.entry.get("only_unit", {}).get("unit", MISSING)
        code = self._read(quantity.unit, concept.id, kinds)
        if code is None:
            raise Unread("the unit does not measure it")
        return code

    def _read(self, unit: str, concept: str, kinds: Sequence[str]) -> str | None:
        key = (unit, concept)
        if key not in self._units:
            self._units[key] = self._found(unit, kinds)
        return self._units[key]

    def _found(self, unit: str, kinds: Sequence[str]) -> str | None:
        for spelling in (unit, f"/{unit}"):  # 1500 uL: the slash is lost
            if not self.catalogue.units.dimensions_of(spelling):
                continue
            read = self.catalogue.units.read(spelling, kinds)
            if read is not None:
                return "" if read.dimension in UNITLESS else read.code
        return "" if unit == "%" and "score" in kinds else None

    def alike(self, concept: str, one: Bound, other: Bound) -> bool | None:
        """Whether two encodings say one threshold (None: their units do not convert)."""
        if one.beyond != other.beyond:
            return False
        first, second = self.test(concept, one), self.test(concept, other)
        if isinstance(first, r.Range) and isinstance(second, r.Range):
            low, high = (r.Limit(">=", test.low, test.unit) for test in (first, second))
            found = {self._alike(concept, low, high)}
            low, high = (r.Limit("<=", test.high, test.unit) for test in (first, second))
            found.add(self._alike(concept, low, high))
            return None if None in found else found == {True}
        if not isinstance(first, r.Limit) or not isinstance(second, r.Limit):
            return False
        return self._alike(concept, first, second)

    def _alike(self, concept: str, first: r.Limit, second: r.Limit) -> bool | None:
        if first.unit == second.unit:
            return first.value == second.value
        scale = self._factor(concept, first.unit, second.unit)
        if scale is None:
            return None
        meant = first.value * scale
        ratio = meant / second.value if second.value else Decimal(2)
        return abs(ratio - 1) <= (_ROUGH if _rounded(meant, second.value) else _TOLERANCE)

    def _factor(self, concept: str, source: str, target: str) -> Decimal | None:
        known = self.catalogue[members(self.catalogue, concept)[0]]
        kinds = dimensions(known)
        one, other = (self.catalogue.units.read(code, kinds) for code in (source, target))
        if one is None or other is None or {source, target} & {"ULN", "LLN"}:
            return None
        molar, valence = (_fraction(known.entry.get(key)) for key in ("molar_mass", "valence"))
        found = factor(one, other, molar, valence)
        return None if found is None else Decimal(found.numerator) / Decimal(found.denominator)


def _rounded(value: Decimal, written: Decimal) -> bool:
    """Whether one number is the other in whole ones: 4.65 mmol/L as 5."""
    whole = written == written.to_integral_value()
    return whole and value.quantize(Decimal(1), ROUND_HALF_UP) == written


def _fraction(fact: Mapping[str, Any] | None) -> Fraction | None:
    return None if fact is None else Fraction(str(fact["value"]))


def _on_scale(concept: Concept, quantity: Quantity) -> None:
    low, high = Decimal(concept.entry["low"]), Decimal(concept.entry["high"])
    if not low <= quantity.value <= high:
        raise Unread("the number is not on the scale")


# --- time -------------------------------------------------------------------------------------


def span(quantity: Quantity) -> Span:
    """A length of time in whole units."""
    if quantity.kind != "time" or quantity.value != quantity.value.to_integral_value():
        raise Unread("that is no length of time")
    if not 0 < quantity.value <= _MOST:
        raise Unread("the time is too long")
    return Span(int(quantity.value), CALENDAR[quantity.unit])


def in_days(age: Decimal, unit: r.AgeUnit) -> Decimal:
    """An age in days, to set two of them side by side."""
    return age * next(DAYS[code] for code, name in r.AGES.items() if name == unit)


def extent(quantity: Quantity) -> Span | r.HalfLives:
    """A length of time, or a number of half-lives."""
    if quantity.kind == "half-lives":
        if quantity.value != quantity.value.to_integral_value() or not 0 < quantity.value < 100:
            raise Unread("that is no number of half-lives")
        return r.HalfLives(int(quantity.value))
    return span(quantity)
