"""Quantities that follow from recorded ones. Each names its formula, its inputs and its source.

Inputs are intervals: a formula is worked out at the ends of each, so that what is not known
exactly gives a range and never a guess. The oldest input dates the result.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

from screener.evaluate import courses
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.values import convert
from screener.model.calendar import Span, back
from screener.model.interval import Interval, decimal
from screener.vocabulary.quantities import dimensions
from screener.vocabulary.units import Unit

# What derivation gives: the values (each may be the true one), or what is lacking.
Derived = tuple[list[Observed], list[str]]
Latest = Callable[[str], list[Observed]]
Formula = Callable[..., Fraction | float]


def derive(chart: Chart, concept: str, latest: Latest) -> Derived | None:
    """The values of a concept that follow from others; None where no formula gives it.

    `latest` gives the newest usable values of another concept.
    """
    if concept in ("ecog", "karnofsky"):
        return _performance(chart, concept, latest)
    if concept in courses.COUNTED:
        return courses.counted(chart, concept)
    made = _FORMULAS.get(concept)
    return None if made is None else made(chart, latest)


# --- inputs -----------------------------------------------------------------------------------


def _input(
    chart: Chart, latest: Latest, concept: str, unit: str
) -> tuple[Observed, list[Fraction]] | None:
    """One usable value of a concept, and its ends in `unit`."""
    values = latest(concept)
    if len({(value.interval, value.unit) for value in values}) != 1:
        return None
    value = values[0]
    interval, source = value.interval, value.unit
    if interval is None or interval.low is None or interval.high is None or value.word:
        return None
    about = chart.catalogue[concept]
    target = chart.catalogue.units.read(unit, dimensions(about)) if unit else None
    scale = Fraction(1)
    if target is not None and source is not None:
        found = convert(about, source, target)
        if found is None:
            return None
        scale = found
    ends = dict.fromkeys((interval.low, interval.high))
    return value, [Fraction(end) * scale for end in ends]


def _worked(
    chart: Chart, latest: Latest, concept: str, unit: str, name: str, formula: Formula,
    needs: Mapping[str, str], more: Sequence[Sequence[object]] = (), *, same_day: bool = False,
) -> Derived:  # fmt: skip
    """A formula over measured inputs (`needs`: concept → unit) and `more` already known ones."""
    inputs = {need: _input(chart, latest, need, wanted) for need, wanted in needs.items()}
    lacking = [f"observation: {chart.catalogue[need].name}"
               for need, found in inputs.items() if found is None]  # fmt: skip
    used = [found for found in inputs.values() if found is not None]
    if lacking or not used:
        return [], lacking
    facts = [fact for fact, _ in used]
    if same_day and len({fact.when and (fact.when.first, fact.when.last) for fact in facts}) > 1:
        names = " and ".join(chart.catalogue[need].name for need in needs)
        return [], [f"observation: {names} of one day"]
    corners = [formula(*corner) for corner in product(*(ends for _, ends in used), *more)]
    return [_observed(chart, concept, unit, name, _hull(corners), facts)], []


def _hull(corners: Iterable[Fraction | float]) -> Interval:
    exact = [_decimal(corner) for corner in corners]
    return Interval(min(low for low, _ in exact), max(high for _, high in exact))


_ROUNDING = Fraction(1, 10**12)


def _decimal(value: Fraction | float) -> tuple[Decimal, Decimal]:
    """The value exactly; a power worked in binary as the narrow range it lies in."""
    if isinstance(value, Fraction):
        return decimal(value), decimal(value)
    middle = Fraction(value)
    return decimal(middle * (1 - _ROUNDING)), decimal(middle * (1 + _ROUNDING))


def _observed(
    chart: Chart, concept: str, unit: str, name: str, interval: Interval, facts: Sequence[Observed]
) -> Observed:
    days = [fact.when for fact in facts if fact.when is not None]
    oldest = min(days, key=lambda day: (day.first, day.last)) if days else None
    about = chart.catalogue[concept]
    made: Unit | None = chart.catalogue.units.read(unit, dimensions(about)) if unit else None
    record = ", ".join(fact.record for fact in facts)
    return Observed(concept, record, name, interval, "", made, oldest, formula=name,
                    inputs=tuple(facts))  # fmt: skip


# --- kidneys ----------------------------------------------------------------------------------


def _age_years(chart: Chart, day: date) -> list[int] | None:
    """The full years of age on a day: one number, or the two ends where the birth date is partial."""
    if chart.birth is None:
        return None
    years = [_full_years(born, day) for born in (chart.birth.first, chart.birth.last)]
    return sorted(set(years))


def _full_years(born: date, day: date) -> int:
    years = day.year - born.year
    return years if back(day, Span(years, "year")) >= born else years - 1


def _sexes(chart: Chart) -> list[str]:
    return [chart.sex] if chart.sex in ("female", "male") else ["female", "male"]


def _creatinine_clearance(chart: Chart, latest: Latest) -> Derived:
    """Cockcroft and Gault, Nephron 1976;16:31-41, with the actual weight, in mL/min:
    (140 - age) x weight [kg] / (72 x creatinine [mg/dL]), x 0.85 for women."""
    ages = _age_years(chart, chart.as_of)
    if ages is None or chart.sex is None:
        return [], ["birth date"] if ages is None else ["sex"]

    def formula(creatinine: Fraction, weight: Fraction, age: int, sex: str) -> Fraction:
        factor = Fraction(85, 100) if sex == "female" else Fraction(1)
        return (140 - age) * weight * factor / (72 * creatinine) if creatinine else Fraction(10**6)

    return _worked(
        chart, latest, "creatinine_clearance", "mL/min", "Cockcroft-Gault, actual weight", formula,
        {"creatinine": "mg/dL", "weight": "kg"}, (ages, _sexes(chart)),
    )  # fmt: skip


def _egfr(chart: Chart, latest: Latest) -> Derived:
    """CKD-EPI 2021 (Inker et al., N Engl J Med 2021;385:1737-1749), in mL/min/1.73 m2:
    142 x min(Scr/k, 1)^a x max(Scr/k, 1)^-1.200 x 0.9938^age, x 1.012 for women."""
    ages = _age_years(chart, chart.as_of)
    if ages is None or chart.sex is None:
        return [], ["birth date"] if ages is None else ["sex"]

    def formula(creatinine: Fraction, age: int, sex: str) -> float:
        k, a = (0.7, -0.241) if sex == "female" else (0.9, -0.302)
        ratio = float(creatinine) / k
        if not ratio:
            return 1e6
        female = 1.012 if sex == "female" else 1.0
        return float(142 * min(ratio, 1) ** a * max(ratio, 1) ** -1.2 * 0.9938**age * female)

    return _worked(
        chart, latest, "egfr", "mL/min/{1.73_m2}", "CKD-EPI 2021", formula,
        {"creatinine": "mg/dL"}, (ages, _sexes(chart)),
    )  # fmt: skip


# --- one-line formulas ------------------------------------------------------------------------


def _bmi(chart: Chart, latest: Latest) -> Derived:
    """Weight [kg] / height [m] squared."""
    return _worked(
        chart, latest, "bmi", "kg/m2", "weight / height squared",
        lambda weight, height: weight / height**2 if height else Fraction(10**6),
        {"weight": "kg", "height": "m"},
    )  # fmt: skip


def _corrected_calcium(chart: Chart, latest: Latest) -> Derived:
    """Payne et al., Br Med J 1973;4:643-646: calcium [mg/dL] + 0.8 x (4.0 - albumin [g/dL])."""
    return _worked(
        chart, latest, "calcium_corrected", "mg/dL", "calcium corrected for albumin (Payne)",
        lambda calcium, albumin: calcium + Fraction(8, 10) * (4 - albumin),
        {"calcium_total": "mg/dL", "albumin": "g/dL"}, same_day=True,
    )  # fmt: skip


def _qtcf(chart: Chart, latest: Latest) -> Derived:
    """Fridericia, Acta Med Scand 1920;53:469-486: QT / (RR [s])^(1/3), in ms; RR is 60 / heart rate."""
    if latest("rr_interval"):
        return _worked(
            chart, latest, "qtcf", "ms", "Fridericia: QT / RR^(1/3)",
            lambda qt, rr: float(qt) / (float(rr) / 1000) ** (1 / 3) if rr else 1e6,
            {"qt": "ms", "rr_interval": "ms"}, same_day=True,
        )  # fmt: skip
    return _worked(
        chart, latest, "qtcf", "ms", "Fridericia: QT / (60 / heart rate)^(1/3)",
        lambda qt, rate: float(qt) / (60 / float(rate)) ** (1 / 3) if rate else 0.0,
        {"qt": "ms", "heart_rate": "/min"}, same_day=True,
    )  # fmt: skip


# --- free light chains ------------------------------------------------------------------------

_CHAINS: Mapping[str, str] = {"kappa_flc": "mg/L", "lambda_flc": "mg/L"}


def _ratio(chart: Chart, latest: Latest) -> Derived:
    return _worked(
        chart, latest, "flc_ratio", "", "kappa / lambda of one day",
        lambda kappa, lambda_: kappa / lambda_ if lambda_ else Fraction(10**6), _CHAINS,
        same_day=True,
    )  # fmt: skip


def _chains(
    concept: str, name: str, unit: str, formula: Callable[[Fraction, Fraction], Fraction]
) -> Callable[[Chart, Latest], Derived]:
    """A quantity of the involved and the other chain: which one is involved, the ratio says; where
    the ratio is normal both are tried."""

    def made(chart: Chart, latest: Latest) -> Derived:
        results: list[Observed] = []
        for kappa_involved in _involved(chart, latest):
            def ordered(kappa: Fraction, lambda_: Fraction, swap: bool = not kappa_involved) -> Fraction:
                return formula(lambda_, kappa) if swap else formula(kappa, lambda_)

            values, lacking = _worked(chart, latest, concept, unit, name, ordered, _CHAINS, same_day=True)
            if lacking:
                return [], lacking
            results += values
        return (results, []) if results else ([], ["observation: kappa and lambda free light chains"])

    return made


def _involved(chart: Chart, latest: Latest) -> list[bool]:
    """Whether kappa is the involved chain: [True], [False], or both where the ratio is normal."""
    ratios = latest("flc_ratio") or _ratio(chart, latest)[0]
    bounds = _ratio_bounds(chart)
    if not ratios or bounds is None:
        return [True, False] if ratios else []
    interval = ratios[0].interval
    if interval is None or interval.low is None or interval.high is None:
        return [True, False]
    if interval.low > bounds[1]:
        return [True]
    return [False] if interval.high < bounds[0] else [True, False]


def _ratio_bounds(chart: Chart) -> tuple[Decimal, Decimal] | None:
    entry = chart.catalogue["flc_ratio"].entry
    if not entry.get("lower_limit") or not entry.get("upper_limit"):
        return None
    return (min(Decimal(limit["low"]) for limit in entry["lower_limit"]),
            max(Decimal(limit["high"]) for limit in entry["upper_limit"]))  # fmt: skip


def _quotient(involved: Fraction, other: Fraction) -> Fraction:
    return involved / other if other else Fraction(10**6)


_FORMULAS: Mapping[str, Callable[[Chart, Latest], Derived]] = {
    "creatinine_clearance": _creatinine_clearance,
    "egfr": _egfr,
    "bmi": _bmi,
    "calcium_corrected": _corrected_calcium,
    "qtcf": _qtcf,
    "flc_ratio": _ratio,
    "involved_flc": _chains("involved_flc", "the involved chain", "mg/L", lambda a, b: a),
    "uninvolved_flc": _chains("uninvolved_flc", "the uninvolved chain", "mg/L", lambda a, b: b),
    "difference_flc": _chains("difference_flc", "involved - uninvolved", "mg/L", lambda a, b: a - b),
    "involved_flc_ratio": _chains("involved_flc_ratio", "involved / uninvolved", "", _quotient),
}


# --- performance status -----------------------------------------------------------------------


def _performance(chart: Chart, concept: str, latest: Latest) -> Derived | None:
    """ECOG from Karnofsky or the reverse, by every published map: where they differ, all are tried."""
    other = "karnofsky" if concept == "ecog" else "ecog"
    if other not in chart.catalogue or not chart.observed.get(other):
        return None
    values: dict[Interval, Observed] = {}
    for fact in latest(other):
        exact = fact.interval.exact if fact.interval is not None else None
        if exact is None:
            return None
        for source, forward, reverse in _maps(chart):
            found = (reverse if concept == "ecog" else forward).get(exact)
            if not found:
                return None
            interval = Interval(min(found), max(found))
            name = f"from {chart.catalogue[other].name} by the published maps ({source})"
            values.setdefault(interval, _observed(chart, concept, "", name, interval, [fact]))
    return list(values.values()), []


_Map = tuple[str, dict[Decimal, list[Decimal]], dict[Decimal, list[Decimal]]]


def _maps(chart: Chart) -> list[_Map]:
    maps: list[_Map] = []
    for table in chart.catalogue.tables["conversions"]:
        forward = {Decimal(ecog): [Decimal(step) for step in steps]
                   for ecog, steps in table["map"].items()}  # fmt: skip
        reverse: dict[Decimal, list[Decimal]] = {}
        for ecog, steps in forward.items():
            for step in steps:
                reverse.setdefault(step, []).append(ecog)
        source = table["source"]
        maps.append((source if isinstance(source, str) else ", ".join(source), forward, reverse))
    return maps


