"""Units of measure: what a spelling means in a dimension, and exact conversion factors.

What differs only in writing (`x 10⁹/L`, `10**9 / l`, `109/L`) is folded to one key, so that the
table lists only what has to be known. A spelling means one unit in a dimension; it may mean
another one in another dimension, which is why every look-up names the dimensions it is for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import product
from typing import Any


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in one dimension. `factor` makes the base unit of it; None is a calendar unit."""

    code: str
    dimension: str
    factor: Fraction | None
    printed: str


# --- one key for all ways to write a unit -----------------------------------------------------

# Not NFKC: it would make 10⁹ and 109 the same before anything could look at the difference.
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_SIGNS = str.maketrans(
    {"µ": "u", "μ": "u", "×": "x", "✕": "x", "⨯": "x", "·": ".", "⋅": ".", "∙": ".", "•": ".",
     "∗": "*", "∕": "/", "⁄": "/", "／": "/", "％": "%", "º": "°", "℃": "°C",
     "−": "-", "‐": "-", "‑": "-", "–": "-"}
)  # fmt: skip


@cache
def _words() -> dict[str, str]:
    """Words and home-made symbols → UCUM symbols. All of them mean one thing in any dimension."""
    prefixes = {"": "", "kilo": "k", "deci": "d", "centi": "c", "milli": "m", "micro": "u",
                "nano": "n", "pico": "p"}  # fmt: skip
    stems = {"gram": "g", "gramme": "g", "liter": "L", "litre": "L", "meter": "m", "metre": "m",
             "mole": "mol", "mol": "mol", "equivalent": "eq", "osmole": "osm", "osmol": "osm",
             "unit": "U", "katal": "kat", "second": "s", "pascal": "Pa"}  # fmt: skip
    words = {
        prefix + stem + plural: prefixes[prefix] + stems[stem]
        for prefix, stem, plural in product(prefixes, stems, ("", "s"))
    }
    words |= {"mc" + symbol.lower(): "u" + symbol for symbol in ("g", "L", "mol", "kat")}
    words |= dict.fromkeys(("gm", "gms"), "g") | {"mcgs": "ug", "cc": "mL", "cumm": "uL"}
    words |= dict.fromkeys(("sec", "secs"), "s") | dict.fromkeys(("msec", "msecs"), "ms")
    words |= dict.fromkeys(("mins", "minute", "minutes"), "min")
    words |= dict.fromkeys(("hr", "hrs", "hour", "hours"), "h")
    words |= dict.fromkeys(("day", "days"), "d")
    words |= dict.fromkeys(("wks", "week", "weeks"), "wk")
    words |= dict.fromkeys(("mos", "month", "months"), "mo")
    words |= dict.fromkeys(("yr", "yrs", "year", "years"), "a")
    return words | {"per": "/"}


_Rewrite = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


@cache
def _rewrites() -> tuple[_Rewrite, ...]:
    """What `fold` does, in order. Not made on import: a call that folds nothing need not wait."""
    words = _words()
    return (
        (re.compile(r"\bmicro ?(?=l\b|g\b)", re.I), "u"),
        (re.compile(r"\binternational units?\b", re.I), "IU"),
        (re.compile(r"\b(?:cu\.?|cubic) ?(?:mm|millimet(?:er|re)s?)\b", re.I), "uL"),
        (re.compile(r"\b(?:square|sq\.?) ?m(?:et(?:er|re)s?)?\b", re.I), "m2"),
        (re.compile(r"\b(?:square|sq\.?) ?(?:c|centi)m(?:et(?:er|re)s?)?\b", re.I), "cm2"),
        (
            re.compile(f"[{''.join(_SUPERSCRIPTS)}]+"),
            lambda run: "^" + "".join(map(_SUPERSCRIPTS.__getitem__, run[0])),
        ),
        (re.compile(r"[A-Za-z]{2,}"), lambda word: words.get(word[0].lower(), word[0])),
        (re.compile(r"\b(c?m) squared?\b"), r"\g<1>2"),
        # x 10^9, 10E9, 10**9, 10 exp 9, 10(9), 10 9 and, the superscript lost, 109
        (
            re.compile(
                r"^(?:[x*.] ?)?10 ?(?:\^|\*{1,2}|exp|e|x)? ?[({]?\+?0?(3|6|9|12)[)}]?(?=[ ./c{]|$)",
                re.I,
            ),
            r"10^\1",
        ),
        (re.compile(r"\.?\{?\bcells?\b\}? ?(?=/)", re.I), ""),
        (re.compile(r"[. ]?\b([A-Za-z]+)\^?-1(?!\w)"), r"/\1"),
        (re.compile(r"(?<=[A-Za-z])(?:\^|\*\*)(?=\d)"), ""),
        (re.compile(r"\bmm3\b"), "uL"),
        (re.compile(r"\bcm3\b"), "mL"),
        (re.compile(r" ?([/.^*()\[\]{}-]) ?"), r"\1"),
        # a unit and its own symbol: milligrams (mg)/24 hours
        (re.compile(r"\b([A-Za-z]+)\(\1\)", re.I), r"\1"),
        # not between two letters: `3 m in` is no minute
        (re.compile(r"(?<=\d) (?=[A-Za-z])"), ""),
    )


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The key of a unit as written; upper and lower case stay apart."""
    text = " ".join(text.translate(_SIGNS).split())
    for pattern, replacement in _rewrites():
        text = pattern.sub(replacement, text)
    return text


# --- the table --------------------------------------------------------------------------------

_LETTERS = re.compile("[A-Za-zµμ]+")
# What the rewrites know beyond `_words`
_PHRASE_WORDS = ("micro", "microl", "microg", "international", "cu", "cubic", "square", "squared",
                 "sq", "sqm", "sqcm", "cell", "cells", "x", "e", "exp")  # fmt: skip
_LONGEST = 48  # characters: more than any known way to write a unit
# Known to `read`, but a word of prose, a letter of a name or a number in a running text.
_NOT_IN_TEXT = frozenset({"a", "in", "c", "1"})


@cache
def _continues() -> re.Pattern[str]:
    """What makes the text before it a part of a longer unit: mL/min in `mL/min/1.73 ells`."""
    longer = r"\s?[/∕⁄／]\s?\w|[\^{\[·⋅]|\*+\w|\.[a-zµμ]|-1\b|\s?[x×(]?\s?1[.,]73"
    per = r"(?<!min)\s+per\s+\d|\s+per\s+(?!24)\d"  # mL/min per 24-hour urine: how it was measured
    return re.compile(f"{longer}|{per}", re.IGNORECASE)


class _Dimension:
    """The spellings of one dimension."""

    def __init__(self, name: str, table: Mapping[str, Any]) -> None:
        self.exact: dict[str, Unit] = {}
        self.loose: dict[str, Unit | None] = {}  # case folded; None: ambiguous
        for code, entry in table["units"].items():
            calendar = entry.get("calendar") == "yes"
            unit = Unit(code, name, None if calendar else Fraction(entry["factor"]), entry["print"])
            for spelling in (code, entry["print"], *entry["spellings"]):
                self._add(spelling, unit)

    def _add(self, spelling: str, unit: Unit) -> None:
        for key in (spelling, fold(spelling)):
            if self.exact.setdefault(key, unit) is not unit:
                raise ValueError(f"{unit.dimension}: `{spelling}` is spelled for two units")
        loose = fold(spelling).casefold()
        if self.loose.setdefault(loose, unit) is not unit:
            self.loose[loose] = None

    def read(self, key: str) -> Unit | None:
        return self.exact.get(key) or self.loose.get(key.casefold())


class Units:
    """The `dimensions:` table of units.yaml. Tables are derived from it when first asked for."""

    def __init__(self, dimensions: Mapping[str, Any]) -> None:
        self._source = dimensions
        self._dimensions: dict[str, _Dimension] = {}
        self._known: dict[str, str] | None = None
        self._vocabulary: frozenset[str] | None = None
        self._foreign: dict[tuple[str, str], Unit | None] = {}

    def read(self, text: str, dimensions: Sequence[str]) -> Unit | None:
        """The unit that a spelling or UCUM code means in one of these dimensions.

        The exact spelling goes before any case (`G/L` of cells is no g/L), and the earlier
        dimension before the later one.
        """
        tables = [self._dimension(name) for name in dimensions]
        for table in tables:
            if unit := table.exact.get(text):
                return unit
        key = fold(text)
        for table in tables:
            if unit := table.exact.get(key):
                return unit
        key = key.casefold()
        for table in tables:
            if unit := table.loose.get(key):
                return unit
        if self.dimensions_of(text):  # a unit, but of another dimension: no need to load pint
            return None
        for name in dimensions:
            if unit := self._outside(text.strip(), name):
                return unit
        return None

    def dimensions_of(self, text: str) -> tuple[str, ...]:
        """Every dimension in which the table knows the spelling."""
        key = fold(text)
        return tuple(name for name in self._source if self._dimension(name).read(key))

    def longest(self, text: str, start: int) -> int | None:
        """Where the longest known spelling ends that starts at `start` and is all of a unit."""
        if start >= len(text) or text[start].isspace():
            return None
        known = self._spellings()
        for end in range(self._reach(text, start), start, -1):
            if text[end - 1].isspace() or (end < len(text) and text[end].isalnum()):
                continue
            key = fold(text[start:end]).casefold()
            if key in known and not _continues().match(text, end):
                return None if text[start:end].casefold() in _NOT_IN_TEXT else end
        return None

    def _reach(self, text: str, start: int) -> int:
        """How far the text has only words of units, so that prose costs next to nothing."""
        end = min(len(text), start + _LONGEST)
        if self._vocabulary is None:
            listed = _LETTERS.findall(" ".join(self._spellings()))
            self._vocabulary = frozenset((*listed, *_words(), *_PHRASE_WORDS))
        for word in _LETTERS.finditer(text, start, end):
            if word[0].translate(_SIGNS).lower() not in self._vocabulary:
                return word.start()
        return end

    def nearest(self, text: str) -> str | None:
        """The printed form of the unit whose spelling looks most like the text."""
        from difflib import get_close_matches

        known = self._spellings()
        found = get_close_matches(fold(text).casefold(), known, n=1, cutoff=0.6)
        return known[found[0]] if found else None

    def _dimension(self, name: str) -> _Dimension:
        table = self._dimensions.get(name)
        if table is None:
            table = self._dimensions[name] = _Dimension(name, self._source[name])
        return table

    def _spellings(self) -> dict[str, str]:
        """Every spelling, case folded, and how its unit (in the first dimension) is printed."""
        if self._known is None:
            known: dict[str, str] = {}
            for name in self._source:
                table = self._dimension(name)
                for key, unit in table.exact.items():
                    known.setdefault(fold(key).casefold(), unit.printed)
            self._known = known
        return self._known

    def _outside(self, code: str, dimension: str) -> Unit | None:
        """A valid UCUM code that the table has not."""
        key = (code, dimension)
        if key not in self._foreign:
            from screener.vocabulary import ucum

            factor = ucum.exact(code, self._source[dimension]["base"])
            unit = None if factor is None else Unit(code, dimension, factor, code)
            if len(self._foreign) >= 8192:  # texts of a patient's record, so without bound
                self._foreign.clear()
            self._foreign[key] = unit
        return self._foreign.get(key)


# --- conversion -------------------------------------------------------------------------------

_MASS, _MOLAR, _EQUIVALENT = "mass concentration", "molar concentration", "equivalent concentration"


def factor(
    source: Unit, target: Unit, molar_mass: Fraction | None = None, valence: Fraction | None = None
) -> Fraction | None:
    """Multiply a number in `source` by this to have it in `target`; None where they do not convert.

    Mass and moles convert by the molar mass (g/mol), moles and equivalents by the valence.
    """
    if source == target:
        return Fraction(1)
    if source.factor is None or target.factor is None:
        return None
    ratio = source.factor / target.factor
    if source.dimension == target.dimension:
        return ratio
    one, other = _per_mole(source, molar_mass, valence), _per_mole(target, molar_mass, valence)
    return ratio * other / one if one and other else None


def _per_mole(unit: Unit, molar_mass: Fraction | None, valence: Fraction | None) -> Fraction | None:
    """How much of the base unit of this dimension one mole per litre is."""
    per_mole = {_MASS: molar_mass, _MOLAR: Fraction(1), _EQUIVALENT: valence}
    return per_mole.get(unit.dimension)
