"""Rule → text of the criterion language. Parsing the text gives the same rule."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import assert_never

from screener.model import rule as r
from screener.model.calendar import Span
from screener.model.interval import text as shown
from screener.vocabulary import names
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.quantities import UNITLESS, dimensions, members

_LOGIC = (r.All, r.Any, r.If, r.Unless)


class Printer:
    """Prints rules with the names of one vocabulary."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def print(self, rule: r.Rule) -> str:
        match rule:
            case r.All(of=of):
                return " and ".join(self._inside(part) for part in of)
            case r.Any(of=of):
                return " or ".join(
                    self.print(part) if isinstance(part, r.All) else self._inside(part) for part in of
                )
            case r.Not(rule=inner):
                return f"{'no' if isinstance(inner, _RECORDS) else 'not'} {self._inside(inner)}"
            case r.AtLeast(count=count, of=of):
                return f"at least {count} of ({'; '.join(map(self.print, of))})"
            case r.If(condition=condition, then=then):
                return f"if {self._branch(condition)} then {self._branch(then)}"
            case r.Unless(rule=inner, exception=exception):
                return f"{self._branch(inner)} unless {self._branch(exception)}"
            case _:
                return self._statement(rule)

    def name(self, concept: str) -> str:
        """A concept's name, in quotes where it would not be read back as one."""
        return self._names.setdefault(concept, self._readable(concept))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {}

    def _readable(self, concept: str) -> str:
        name = self.catalogue[concept].name
        found = self.catalogue.named(name)
        plain = found is not None and found.id == concept and names.plain(name) not in _WORDS
        return name if plain else f'"{name}"'

    def _apart(self, listed: Sequence[str]) -> Iterator[str]:
        """Names of a list, in quotes where a comma would make one name of two: `creatinine, serum …`."""
        yield listed[0]
        for before, name in pairwise(listed):
            found = self.catalogue.longest(names.plain(f"{before}, {name}"), 0)
            longer = found is not None and found[1] > len(before) and not before.startswith('"')
            yield f'"{name}"' if longer and not name.startswith('"') else name

    def _behind(self, words: str, concept: str) -> str:
        """A name behind words that could make another name with it: `active "hepatitis B"`."""
        name = self.name(concept)
        text = names.plain(f"{words} {name}")
        found = (self.catalogue.longest(text, at.start()) for at in _WORD.finditer(words))
        longer = any(match is not None and match[1] > len(words) for match in found)
        return f'"{name}"' if longer else name

    def _inside(self, rule: r.Rule) -> str:
        text = self.print(rule)
        return f"({text})" if isinstance(rule, _LOGIC) else text

    def _branch(self, rule: r.Rule) -> str:
        text = self.print(rule)
        return f"({text})" if isinstance(rule, r.If | r.Unless) else text

    def _statement(self, rule: r.Statement) -> str:
        match rule:
            case r.Measurement():
                return self._measurement(rule)
            case r.Finding():
                return _spaced(
                    _occasion(rule.occasion), self._measures(rule.concepts, rule.quantifier, "all"),
                    rule.outcome, _within(rule.within),
                )  # fmt: skip
            case r.Condition():
                return self._condition(rule)
            case r.Marker():
                cells = rule.cells
                share = f"in {cells.comparator} {shown(cells.value)} % of cells" if cells else ""
                return _spaced(self._list(rule.concepts, rule.quantifier), share)
            case r.Therapy():
                when = "ongoing" if rule.ongoing else "" if rule.window else "prior"
                return _spaced(when, self._exposure(rule.exposure, rule.quantifier),
                               self._window(rule.window))  # fmt: skip
            case r.Duration():
                return f"{self._exposure(rule.exposure)} lasting {rule.comparator} {rule.span}"
            case r.SteroidDose():
                limit = f"{rule.limit.comparator} {shown(rule.limit.value)} mg"
                return _spaced(f"{rule.total} dose of", self._exposure(rule.exposure), limit,
                               self.name(rule.equivalent), self._window(rule.window))  # fmt: skip
            case r.Course():
                state = "refractory to" if rule.state == "refractory" else "relapsed after"
                return f"{state} {self._list(rule.names, rule.quantifier)}"
            case r.Response():
                therapies = self._list(rule.names, rule.quantifier, "all") if rule.names else ""
                to = therapies and f"to {therapies}"
                return _spaced(f"{rule.which} response", to, rule.comparator, self.name(rule.response))
            case r.Progression():
                return _spaced("progression", self._window(rule.window))
            case r.Procedure():
                return _spaced(self._list(rule.concepts, rule.quantifier), self._window(rule.window),
                               self._except(map(self.name, rule.exceptions)))  # fmt: skip
            case r.Allergy():
                severe = "severe" if rule.severe else ""
                return _spaced(severe, " or ".join(rule.types), "to",
                               self._list(rule.substances, rule.quantifier))  # fmt: skip
            case r.Age():
                return f"age {_numbers(rule.test)} {rule.unit}s"
            case r.Sex():
                return rule.sex
            case r.Status():
                of = "of " if rule.state == "childbearing potential" else ""
                return f"{of}{rule.state}"
            case r.Manual():
                return f"manual({json.dumps(rule.text, ensure_ascii=False)})"
            case _:
                assert_never(rule)

    # --- measurements

    def _measurement(self, rule: r.Measurement) -> str:
        default = "all"
        if self.catalogue[rule.concepts[0]].kind == "group" and isinstance(rule.test, r.Limit):
            default = "any" if rule.test.comparator in (">", ">=") else "all"
        measures = self._measures(rule.concepts, rule.quantifier, default)
        return _spaced(_occasion(rule.occasion), measures, self.test(rule.concepts, rule.test),
                       _within(rule.within))  # fmt: skip

    def _measures(self, concepts: r.Names, quantifier: r.Quantifier, default: str) -> str:
        if len(concepts) == 2 and quantifier == "all":
            return f"{self.name(concepts[0])} and {self.name(concepts[1])}"
        return self._list(concepts, quantifier, default)

    def test(self, concepts: Sequence[str], test: r.Test) -> str:
        """A threshold with its unit, as the language writes it."""
        match test:
            case r.Limit():
                return f"{test.comparator} {self._limit(concepts, test)}"
            case r.Range():
                unit = self.unit(concepts, test.unit)
                return _spaced(f"{shown(test.low)}-{shown(test.high)}", unit)
            case r.EitherUnit(of=(first, second)):
                return f"{self.test(concepts, first)} (or {self.test(concepts, second)})"
            case _:
                assert_never(test)

    def _limit(self, concepts: Sequence[str], limit: r.Limit) -> str:
        number = shown(abs(limit.value) if limit.beyond else limit.value)
        if limit.unit in ("ULN", "LLN"):
            return f"{number} x {limit.unit}"
        quantity = _spaced(number, self.unit(concepts, limit.unit))
        sign = "-" if limit.value < 0 else "+"
        return f"{limit.beyond} {sign} {quantity}" if limit.beyond else quantity

    def unit(self, concepts: Sequence[str], code: str) -> str:
        """A unit as rule files print it."""
        if not code:
            return ""
        if code in _TIMES:
            return _TIMES[code]
        concept = self.catalogue[members(self.catalogue, concepts[0])[0]]
        unit = self.catalogue.units.read(code, dimensions(concept))
        return code if unit is None or unit.dimension in UNITLESS else unit.printed

    # --- records

    def _list(self, concepts: Sequence[str], quantifier: str, default: str = "any") -> str:
        listed = ", ".join(self._apart(list(map(self.name, concepts))))
        return listed if len(concepts) == 1 and quantifier == default else f"{quantifier} of {listed}"

    def _condition(self, rule: r.Condition) -> str:
        history, other = "history of" if rule.history else "", "other" if rule.other else ""
        first = self._pattern(rule.patterns[0], _spaced(history, other))
        patterns = ", ".join((first, *map(self._pattern, rule.patterns[1:])))
        if len(rule.patterns) > 1 or rule.quantifier != "any":
            patterns = f"{rule.quantifier} of {patterns}"
        exceptions = self._except(map(self._pattern, rule.exceptions))
        return _spaced(history, other, patterns, exceptions)

    def _pattern(self, pattern: r.Pattern, before: str = "") -> str:
        limit = pattern.grade
        grade = f"grade {limit.comparator} {shown(limit.value)}" if limit else ""
        resolved = f"resolved {self._window(pattern.resolved)}" if pattern.resolved else ""
        that = pattern.that and f"that {self.print(r.Manual(pattern.that))}"
        stage = pattern.stage and f"stage {pattern.stage}"
        name = self._behind(_spaced(before, *pattern.qualifiers), pattern.concept)
        return _spaced(*pattern.qualifiers, name, grade, stage,
                       self._window(pattern.window), resolved, that)  # fmt: skip

    def _exposure(self, exposure: r.Exposure, quantifier: str = "any") -> str:
        intents = f"as {'/'.join(exposure.intents)}" if exposure.intents else ""
        line = "" if exposure.line is None else f"in line {exposure.line}"
        return _spaced(self._list(exposure.names, quantifier), intents, line,
                       self._except(map(self.name, exposure.exceptions)))  # fmt: skip

    def _except(self, listed: Iterable[str]) -> str:
        text = ", ".join(listed)
        return text and f"except {text}"

    def _window(self, window: r.Window | None) -> str:
        if window is None:
            return ""
        anchor = window.anchor and self._anchor(window)
        if window.relation == "within":
            return _spaced("within", self._extent(window.extent), anchor)
        return f"{window.relation} {self._extent(window.extent)} {anchor or 'ago'}"

    def _anchor(self, window: r.Window) -> str:
        known = window.anchor in self.catalogue
        return f"{window.direction} {self.name(window.anchor) if known else window.anchor}"

    def _extent(self, extent: r.Extent) -> str:
        match extent:
            case Span():
                return str(extent)
            case r.HalfLives(count=count):
                return f"{count} half-lives"
            case r.Longer(of=(first, second)):
                return f"the longer of {self._extent(first)} and {self._extent(second)}"
            case r.Shorter(of=(first, second)):
                return f"the shorter of {self._extent(first)} and {self._extent(second)}"
            case _:
                assert_never(extent)


_WORD = re.compile(r"\S+")
_WORDS = {"allergy"}  # names that are words of the grammar
_RECORDS = (r.Condition, r.Marker, r.Therapy, r.Procedure, r.Allergy, r.Progression)
_TIMES = {"h": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years"}


def _spaced(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _occasion(occasion: r.Occasion) -> str:
    return "" if occasion == "latest" else occasion


def _within(span: Span | None) -> str:
    return "" if span is None else f"within {span}"


def _numbers(test: r.Limit | r.Range) -> str:
    if isinstance(test, r.Range):
        return f"{shown(test.low)}-{shown(test.high)}"
    return f"{test.comparator} {shown(test.value)}"
