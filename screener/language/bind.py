"""Checks what a rule names: units fit their concept, ranges run upward, forms fit the kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeGuard, assert_never

from lark import Token, Tree

from screener.errors import Problem
from screener.language.tokens import problem_at
from screener.model import rule as r
from screener.model.calendar import Span
from screener.model.interval import text as shown
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.quantities import UNITLESS, dimensions, members
from screener.vocabulary.units import Unit

_GRADES = range(6)
_MOST = 10_000


def number(token: Token) -> Decimal:
    """A number as written: `1.5`, `75,000` or `10^9`."""
    text = token.value.replace(",", "")
    return Decimal(10) ** int(text[3:]) if text.startswith("10^") else Decimal(text)


@dataclass
class Binder:
    """Collects the problems of one rule while it is built."""

    catalogue: Catalogue
    text: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, token: Token, code: str, message: str, help: str = "") -> None:
        start = token.start_pos or 0
        end = token.end_pos or start + 1
        self.problems.append(problem_at(self.text, start, end, code, message, help))

    # --- numbers

    def whole(self, token: Token) -> int:
        value = number(token)
        whole = value == value.to_integral_value()
        if whole and value <= _MOST:
            return int(value)
        message = f"is more than {_MOST:,}" if whole else "is no whole number"
        self.refuse(token, "whole-number", f"`{token.value}` {message}",
                    "write a smaller number" if whole
                    else f"write {int(value)} or {int(value) + 1}")  # fmt: skip
        return 1

    def count(self, token: Token, of: int) -> int:
        count = self.whole(token)
        if not 1 <= count <= of:
            self.refuse(token, "count", f"`at least {count}` of {of} can never differ by patient",
                        f"write a number from 1 to {of}")  # fmt: skip
        return count

    def grade(self, token: Token) -> Decimal:
        grade = self.whole(token)
        if grade not in _GRADES:
            self.refuse(token, "grade", f"there is no grade {grade}", "grades run from 0 to 5")
        return Decimal(grade)

    def ordered(self, low: Token, high: Token) -> None:
        if number(low) > number(high):
            self.refuse(low, "reversed-range", f"the range {low.value}-{high.value} runs backwards",
                        f"write {high.value}-{low.value}")  # fmt: skip

    def percent(self, unit: Token) -> None:
        if unit.value != "%":
            self.refuse(unit, "unit", f"`{unit.value}` is no share of cells", "write `%`")

    # --- measurements

    def quantifier(self, written: str, concepts: Sequence[str], test: r.Test) -> r.Quantifier:
        """A bare group reads the way its sign does: all below a limit, any above one."""
        if written in ("any", "all"):
            return "any" if written == "any" else "all"
        group = self.catalogue[concepts[0]].kind == "group"
        above = isinstance(test, r.Limit) and test.comparator in (">", ">=")
        return "any" if group and above else "all"

    def test(self, measures: Sequence[Token], test: r.Test) -> r.Test:
        match test:
            case r.EitherUnit(of=(first, second)):
                bound = (self._limit(measures, first), self._limit(measures, second))
                self._both_units(measures, bound)
                return r.EitherUnit(bound)
            case r.Limit():
                return self._limit(measures, test)
            case r.Range():
                for value in (test.low, test.high):
                    self._in_scale(measures, value, test.unit)
                return replace(test, unit=self._unit(measures, test.unit))
            case _:
                assert_never(test)

    def _limit(self, measures: Sequence[Token], limit: r.Limit) -> r.Limit:
        self._in_scale(measures, limit.value, limit.unit)
        if limit.beyond:
            for token, concept in self._concepts(measures):
                self.normal(token, concept)
        return replace(limit, unit=self._unit(measures, limit.unit))

    def _concepts(self, measures: Sequence[Token]) -> list[tuple[Token, Concept]]:
        return [(token, self.catalogue[member]) for token in measures
                for member in members(self.catalogue, token.value)]  # fmt: skip

    def _unit(self, measures: Sequence[Token], unit: str) -> str:
        code = ""
        for token, concept in self._concepts(measures):
            if not dimensions(concept):
                self.refuse(token, "no-number", f"the result of `{concept.name}` is no number",
                            f"write `{concept.name} positive` or `{concept.name} negative`")  # fmt: skip
            elif unit in ("ULN", "LLN") and not isinstance(unit, Token):
                self.normal(token, concept)
                code = unit
            elif not isinstance(unit, Token):
                if not UNITLESS & set(dimensions(concept)):
                    self.refuse(token, "unit-missing", f"`{concept.name}` needs a unit",
                                f"for instance `{self._example(concept)}`")  # fmt: skip
            else:
                code = self._read_unit(concept, unit)
        return code

    def _read_unit(self, concept: Concept, unit: Token) -> str:
        read = self.catalogue.units.read(unit.value, dimensions(concept))
        if read is not None:
            return "" if read.dimension in UNITLESS else read.code
        example = self._example(concept)
        self.refuse(unit, "wrong-dimension",
                    f"`{self._written(unit)}` does not measure `{concept.name}`",
                    f"use a unit such as `{example}`" if example else "write the number alone")  # fmt: skip
        return ""

    def _example(self, concept: Concept) -> str:
        code = str(concept.entry.get("unit", ""))
        unit = self.catalogue.units.read(code, dimensions(concept))
        return code if unit is None else "" if unit.dimension in UNITLESS else unit.printed

    def _written(self, token: Token) -> str:
        return self.text[token.start_pos : token.end_pos]

    def _in_scale(self, measures: Sequence[Token], value: Decimal, unit: str) -> None:
        for token, concept in self._concepts(measures):
            if concept.kind != "scale" or isinstance(unit, Token):
                continue
            low, high = Decimal(concept.entry["low"]), Decimal(concept.entry["high"])
            if not low <= value <= high:
                self.refuse(token, "out-of-scale",
                            f"{shown(value)} is not on the scale of `{concept.name}`",
                            f"it runs from {low} to {high}")  # fmt: skip

    def _both_units(self, measures: Sequence[Token], limits: Sequence[r.Limit]) -> None:
        for token, concept in self._concepts(measures):
            if any(limit.unit in ("ULN", "LLN", "") or limit.beyond for limit in limits):
                self.refuse(token, "two-units", "a threshold in two units has a unit on each side",
                            "join two thresholds with `or` and a statement for each")  # fmt: skip
                return
            found = [self.catalogue.units.read(limit.unit, dimensions(concept)) for limit in limits]
            units = [unit for unit in found if unit is not None]
            if len(units) == 2 and self._convert(concept, *units):
                self.refuse(token, "same-kind",
                            f"`{units[0].printed}` and `{units[1].printed}` convert into each other",
                            "write one of the two")  # fmt: skip

    def _convert(self, concept: Concept, one: Unit, other: Unit) -> bool:
        kinds = {"mass concentration", "molar concentration"} if "molar_mass" in concept.entry else set()
        if "valence" in concept.entry:
            kinds |= {"molar concentration", "equivalent concentration"}
        return one.dimension == other.dimension or {one.dimension, other.dimension} <= kinds

    def countable(self, measure: Token) -> None:
        concept = self.catalogue[measure.value]
        if "count" not in dimensions(concept):
            self.refuse(measure, "not-a-count", f"`{concept.name}` is not counted",
                        f"write `{concept.name} >= …`")  # fmt: skip

    def outcome(self, measures: Sequence[Token], outcome: str) -> None:
        for token, concept in self._concepts(measures):
            if outcome in ("positive", "negative") and concept.entry.get("results") != "yes":
                self.refuse(token, "no-result", f"`{concept.name}` is not positive or negative",
                            "compare it with a number")  # fmt: skip
            if outcome in ("normal", "abnormal"):
                self.normal(token, concept)

    def normal(self, token: Token, concept: Concept) -> None:
        if concept.kind == "scale":
            self.refuse(token, "no-normal", f"`{concept.name}` has no limits of normal",
                        "compare it with a number")  # fmt: skip

    # --- the rest

    def age(self, word: Token, test: r.Limit | r.Range) -> r.Age:
        unit = test.unit or "a"
        if unit not in r.AGES:
            self.refuse(word, "unit", "an age is in years, months, weeks or days",
                        "write for instance `age >= 18 years`")  # fmt: skip
        ends = (test.value,) if isinstance(test, r.Limit) else (test.low, test.high)
        if unit != "a" and any(value != value.to_integral_value() for value in ends):
            self.refuse(word, "unit", "an age in months, weeks or days is a whole number",
                        "write a smaller unit")  # fmt: skip
        return r.Age(replace(test, unit=""), r.AGES.get(unit, "year"))

    def manual(self, words: Token) -> str:
        if not words.value.strip():
            self.refuse(words, "empty", "the quotation is empty", "quote the criterion's words")
        return str(words.value)

    def steroid(self, unit: Token, equivalent: Token) -> None:
        if unit.value != "mg":
            self.refuse(unit, "unit", f"`{unit.value}` is no unit of a steroid dose", "write `mg`")
        if "steroid_equivalent" not in self.catalogue[equivalent.value].entry:
            self.refuse(equivalent, "no-equivalent",
                        f"no dose equivalence is known for `{self.catalogue[equivalent.value].name}`",
                        "write `prednisone` or `dexamethasone`")  # fmt: skip

    def pattern_window(self, pattern: r.Pattern, name: Token) -> None:
        self.no_half_lives(pattern.window, name)
        self.no_half_lives(pattern.resolved, name)

    def one_drug(self, exposure: r.Exposure, form: Token) -> None:
        if len(exposure.names) > 1:
            self.refuse(form, "several", f"`{self._written(form)}` goes with one drug or class",
                        "write a statement for each, joined with `and` or `or`")  # fmt: skip

    def no_half_lives(self, window: r.Window | None, name: Token) -> r.Window | None:
        if window is not None and not isinstance(window.extent, Span):
            self.refuse(name, "half-lives", f"`{self._written(name)}` has no half-life",
                        "give the time in days, weeks, months or years")  # fmt: skip
        return window

    def check_forms(self, tree: Tree[Token], kind: str, *, negated: bool = False) -> None:
        """`if … then` belongs to inclusions and `… unless …` to exclusions, never under `not`."""
        if tree.data in _FORMS:
            self._check_form(tree, kind, negated=negated)
        for part, child in enumerate(filter(_is_tree, tree.children)):
            # The condition of `if` and the exception of `unless` are read negated, as under `not`.
            turned = (tree.data, part) in (("negated", 0), ("if_then", 0), ("unless", 1))
            self.check_forms(child, kind, negated=negated or turned)

    def _check_form(self, tree: Tree[Token], kind: str, *, negated: bool) -> None:
        form, word, home, instead, under_not = _FORMS[str(tree.data)]
        at = next(child for child in tree.children if isinstance(child, Token) and child.type == word)
        if kind != home:
            self.refuse(at, "form", f"`{form}` belongs to {home}s, and this is an {kind}",
                        f"write `{instead}`")  # fmt: skip
        elif negated:
            self.refuse(at, "form", f"`{form}` cannot stand under `not`", f"write `{under_not}`")


# form of the grammar → how it is written, its word, where it belongs, what says the same elsewhere,
# and what says the same as its negation
_FORMS = {
    "if_then": ("if A then B", "IF", "inclusion", "A and B", "A and not B"),
    "unless": ("A unless B", "UNLESS", "exclusion", "A or B", "not A or B"),
}


def _is_tree(node: object) -> TypeGuard[Tree[Token]]:
    return isinstance(node, Tree)
