"""One recorded observation → a value that can be compared, or why it cannot."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from screener.evaluate.facts import Observed
from screener.model.calendar import Period
from screener.model.interval import Interval, bounded, decimal, holds, point
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.names import folded
from screener.vocabulary.quantities import UNITLESS, dimensions
from screener.vocabulary.units import Unit, factor

_NUMBER = re.compile(r"(<=|>=|=<|=>|≤|≥|<|>)?\s*(-?\d{1,30}(?:\.\d{1,30})?)")
_BETWEEN = re.compile(r"(\d{1,30}(?:\.\d{1,30})?) to (\d{1,30}(?:\.\d{1,30})?)")
_NO_UNIT = "it has no unit"
_SIGNS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}

WORDS: Mapping[str, str] = {
    folded(word): outcome
    for outcome, words in {
        "positive": ("positive", "pos", "+", "reactive", "detected", "present"),
        "negative": ("negative", "neg", "-", "non-reactive", "nonreactive", "not detected",
                     "undetected", "undetectable", "none detected", "target not detected",
                     "not present", "absent", "below detection limit"),
        "indeterminate": ("indeterminate", "equivocal", "borderline", "inconclusive"),
        "normal": ("normal", "within normal limits", "wnl", "in range"),
        "abnormal": ("abnormal", "out of range"),
    }.items()
    for word in words
}  # fmt: skip


class Scale(NamedTuple):
    """What a unit as written means for a concept: the unit, or why it is none, and what is plausible."""

    unit: Unit | None
    problem: str
    low: Decimal | None
    high: Decimal | None


class Values:
    """Reads the observations of a profile, and each of its units once for each concept."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._scales: dict[tuple[str, str | None], Scale] = {}

    def observed(
        self, concept: Concept, record: str, value: Decimal | str | None,
        unit: str | None, when: Period | None, low: Decimal | None, high: Decimal | None,
    ) -> Observed:  # fmt: skip
        """The observation, with `problem` where it cannot be used."""
        shown = _recorded(value, unit)
        fact = Observed(concept.id, record, shown, None, "", None, when, low, high)
        if value is None:
            fact.problem = "it has no value"
            return fact
        _read_value(fact, concept, value)
        if not fact.problem and fact.interval is not None:
            self._place(fact, concept, fact.interval, unit)
        fact.positive = _positive(fact, concept)
        return fact

    def _place(self, fact: Observed, concept: Concept, interval: Interval, unit: str | None) -> None:
        scale = self._scale(concept, unit)
        fact.unit = scale.unit
        # No unit is needed for none at all.
        fact.problem = "" if fact.word and scale.problem == _NO_UNIT else scale.problem
        if not fact.problem:
            _check_plausible(fact, concept, interval, scale)

    def _scale(self, concept: Concept, unit: str | None) -> Scale:
        key = concept.id, unit
        known = self._scales.get(key)
        if known is None:
            known = self._scales[key] = _scale_of(self._catalogue, concept, unit)
        return known


def _recorded(value: Decimal | str | None, unit: str | None) -> str:
    number = "no value" if value is None else str(value)
    return f"{number} {unit}" if unit else number


def _read_value(fact: Observed, concept: Concept, value: Decimal | str) -> None:
    if isinstance(value, Decimal):
        fact.interval = point(value)
        return
    match = _NUMBER.fullmatch(value.strip())
    label = _label(concept, value)
    if match is not None:
        _read_number(fact, *match.groups())
    elif (ends := _BETWEEN.fullmatch(value.strip())) and Decimal(ends[1]) <= Decimal(ends[2]):
        fact.interval = Interval(Decimal(ends[1]), Decimal(ends[2]))
    elif label is not None:
        fact.interval = point(label)
    else:
        _read_word(fact, concept, value)


def _read_number(fact: Observed, sign: str | None, number: str) -> None:
    limit = Decimal(number)
    if sign == "<" and limit == 0:
        fact.problem = "nothing measured is below zero"
        return
    fact.interval = bounded(_SIGNS.get(sign or "", sign or ""), limit)


def _read_word(fact: Observed, concept: Concept, value: str) -> None:
    fact.word = WORDS.get(folded(value), "")
    if not fact.word:
        fact.problem = "its value was not understood"
    elif fact.word == "indeterminate":
        fact.problem = "its result is indeterminate"
    elif fact.word == "negative" and _quantified(concept):
        fact.interval = point(Decimal(0))  # not detected: below any positive threshold


def _quantified(concept: Concept) -> bool:
    """Whether a substance or cell is measured of which there may be none."""
    return any(name.endswith(("concentration", "excretion", "fraction"))
               for name in dimensions(concept))  # fmt: skip


def _positive(fact: Observed, concept: Concept) -> Truth:
    """What a result says as yes or no. A number below the test's limit is negative; one above zero
    is positive where the test looks for a nucleic acid, but no antibody."""
    if fact.word:
        return {"positive": TRUE, "negative": FALSE}.get(fact.word, UNKNOWN)
    interval = fact.interval
    if interval is None:
        return UNKNOWN
    if interval.exact == 0 or (interval.high_open and interval.low == 0):
        return FALSE
    return holds(interval, ">", Decimal(0)) if "copy concentration" in dimensions(concept) else UNKNOWN


def _label(concept: Concept, value: str) -> Decimal | None:
    """The number of a grade given as a word (NYHA `II`)."""
    labels: Mapping[str, str] = concept.entry.get("labels", {})
    wanted = folded(value)
    for label, number in labels.items():
        if folded(label) == wanted:
            return Decimal(number)
    return None


def _scale_of(catalogue: Catalogue, concept: Concept, written: str | None) -> Scale:
    allowed = dimensions(concept)
    unit, problem = None, ""
    if written is None or not written.strip():
        problem = "" if UNITLESS & set(allowed) else _NO_UNIT
    else:
        unit = catalogue.units.read(written, allowed)
        problem = "" if unit else f"its unit does not measure {concept.name}"
    if unit is not None and unit.dimension in UNITLESS:
        unit = None
    return Scale(unit, problem, *plausible(catalogue, concept, unit))


def _check_plausible(fact: Observed, concept: Concept, interval: Interval, scale: Scale) -> None:
    low, high = scale.low, scale.high
    below = low is not None and interval.high is not None and interval.high < low
    above = high is not None and interval.low is not None and interval.low > high
    if below or above:
        fact.problem = "it is outside what is physiologically possible: check its unit"
    elif concept.kind == "scale" and interval.exact is not None:
        _check_step(fact, concept, interval)


def _check_step(fact: Observed, concept: Concept, interval: Interval) -> None:
    step = Decimal(concept.entry.get("step", "1"))
    if interval.exact is not None and interval.exact % step != 0:
        fact.problem = f"it is not on the scale of {concept.name}"


def plausible(
    catalogue: Catalogue, concept: Concept, unit: Unit | None
) -> tuple[Decimal | None, Decimal | None]:
    """The bounds of what a recorded value can be, in its own unit. Nothing measured is negative."""
    return _bounds(catalogue, concept.id, unit)


@lru_cache(maxsize=4096)
def _bounds(catalogue: Catalogue, name: str, unit: Unit | None) -> tuple[Decimal | None, Decimal | None]:
    concept = catalogue[name]
    if concept.kind == "scale":
        return Decimal(concept.entry["low"]), Decimal(concept.entry["high"])
    stated = concept.entry.get("plausible")
    if stated is None:
        return Decimal(0), None
    low, high = Decimal(stated["low"]), Decimal(stated["high"])
    if unit is None:
        return low, high
    written = stated.get("unit", concept.entry.get("unit", ""))
    source = catalogue.units.read(written, dimensions(concept))
    scale = None if source is None else convert(concept, source, unit)
    if scale is None:
        return Decimal(0), None
    return decimal(Fraction(low) * scale), decimal(Fraction(high) * scale)


def convert(concept: Concept, source: Unit, target: Unit) -> Fraction | None:
    """What turns a number in `source` into one in `target` for this analyte, exactly, or None."""
    mass = concept.entry.get("molar_mass")
    valence = concept.entry.get("valence")
    return factor(
        source,
        target,
        None if mass is None else Fraction(mass["value"]),
        None if valence is None else Fraction(valence["value"]),
    )
