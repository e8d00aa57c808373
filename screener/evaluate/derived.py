"""Quantities that follow from recorded ones. Each names its formula, its inputs and its source."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from screener.evaluate import courses, light_chains
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.worked import Derived, Formula, Latest, Number, computed, worked
from screener.model.calendar import Span, back
from screener.model.interval import Interval


def derive(chart: Chart, concept: str, latest: Latest, day: date) -> Derived | None:
    """The values of a concept that follow from others on a day; None where no formula gives it.

    `latest` gives the newest usable recorded values of another concept.
    """
    if concept in _PERFORMANCE:
        return _performance(chart, concept, latest)
    if concept in courses.COUNTED:
        return courses.counted(chart, concept)
    if concept in _KIDNEYS:
        return _kidneys(chart, latest, _KIDNEYS[concept], day)
    if concept in _CHAINS:
        return _CHAINS[concept](chart, latest)
    found: Derived | None = None
    for formula in _FORMULAS.get(concept, ()):
        found = worked(chart, latest, formula)
        if found[0]:
            break
    return found


def inputs(concept: str) -> tuple[str, ...]:
    """The measurements that a concept may follow from."""
    if concept in _PERFORMANCE:
        return (_PERFORMANCE[concept],)
    if concept in _CHAINS:
        return tuple(light_chains.CHAINS)
    if concept in _KIDNEYS:
        return tuple(_KIDNEYS[concept].needs)
    return tuple(need for formula in _FORMULAS.get(concept, ()) for need in formula.needs)


# --- kidneys ----------------------------------------------------------------------------------


def _cockcroft(creatinine: Fraction, weight: Fraction, age: int, sex: str) -> Number:
    """Cockcroft and Gault, Nephron 1976;16:31-41, with the actual weight:
    (140 - age) x weight [kg] / (72 x creatinine [mg/dL]), x 0.85 for women."""
    factor = Fraction(85, 100) if sex == "female" else Fraction(1)
    return max(140 - age, 0) * weight * factor / (72 * creatinine)


def _ckd_epi(creatinine: Fraction, age: int, sex: str) -> Number:
    """CKD-EPI 2021 (Inker et al., N Engl J Med 2021;385:1737-1749):
    142 x min(Scr/k, 1)^a x max(Scr/k, 1)^-1.200 x 0.9938^age, x 1.012 for women."""
    k, a = (0.7, -0.241) if sex == "female" else (0.9, -0.302)
    ratio = float(creatinine) / k
    female = 1.012 if sex == "female" else 1.0
    return float(142 * min(ratio, 1) ** a * max(ratio, 1) ** -1.2 * 0.9938**age * female)


_KIDNEYS: Mapping[str, Formula] = {
    "creatinine_clearance": Formula(
        "creatinine_clearance", "mL/min", "Cockcroft-Gault, actual weight", _cockcroft,
        {"creatinine": "mg/dL", "weight": "kg"},
    ),
    "egfr": Formula("egfr", "mL/min/{1.73_m2}", "CKD-EPI 2021", _ckd_epi, {"creatinine": "mg/dL"}),
}  # fmt: skip


def _kidneys(chart: Chart, latest: Latest, formula: Formula, day: date) -> Derived:
    """A formula that asks for age and sex; where they are not known well, all possible ones."""
    if chart.birth is None:
        return [], ["birth date"]
    ages = sorted({_full_years(born, day) for born in (chart.birth.first, chart.birth.last)})
    known = chart.sex in ("female", "male")
    values, lacking = worked(chart, latest, formula, (ages, [chart.sex] if known else _SEXES))
    return values, lacking + ([] if known else ["sex"]) + (["birth date"] if len(ages) > 1 else [])


_SEXES = ["female", "male"]


def _full_years(born: date, day: date) -> int:
    years = day.year - born.year
    return years if back(day, Span(years, "year")) >= born else years - 1


# --- one-line formulas ------------------------------------------------------------------------

# Payne et al., Br Med J 1973;4:643-646
_PAYNE = Formula(
    "calcium_corrected", "mg/dL", "Payne: calcium [mg/dL] + 0.8 x (4.0 - albumin [g/dL])",
    lambda calcium, albumin: calcium + Fraction(8, 10) * (4 - albumin),
    {"calcium_total": "mg/dL", "albumin": "g/dL"}, same_day=True,
)  # fmt: skip
_BMI = Formula(
    "bmi", "kg/m2", "weight / height squared", lambda weight, height: weight / height**2,
    {"weight": "kg", "height": "m"},
)  # fmt: skip
# Fridericia, Acta Med Scand 1920;53:469-486. RR in seconds is 60 / heart rate.
_BY_RR = Formula(
    "qtcf", "ms", "Fridericia: QT / RR^(1/3)",
    lambda qt, rr: float(qt) / (float(rr) / 1000) ** (1 / 3),
    {"qt": "ms", "rr_interval": "ms"}, same_day=True,
)  # fmt: skip
_BY_RATE = Formula(
    "qtcf", "ms", "Fridericia: QT / (60 / heart rate)^(1/3)",
    lambda qt, rate: float(qt) * (float(rate) / 60) ** (1 / 3),
    {"qt": "ms", "heart_rate": "/min"}, same_day=True,
)  # fmt: skip
# The first that gives a value counts.
_FORMULAS: Mapping[str, tuple[Formula, ...]] = {
    "bmi": (_BMI,), "calcium_corrected": (_PAYNE,), "qtcf": (_BY_RR, _BY_RATE),
    "flc_ratio": (light_chains.RATIO,),
}  # fmt: skip

_CHAINS: Mapping[str, Callable[[Chart, Latest], Derived]] = {
    "involved_flc": light_chains.of_chains(
        "involved_flc", "mg/L", "the involved chain", lambda involved, _: involved),
    "uninvolved_flc": light_chains.of_chains(
        "uninvolved_flc", "mg/L", "the uninvolved chain", lambda _, other: other),
    "difference_flc": light_chains.of_chains(
        "difference_flc", "mg/L", "involved - uninvolved", lambda involved, other: involved - other),
    "involved_flc_ratio": light_chains.of_chains(
        "involved_flc_ratio", "", "involved / uninvolved", lambda involved, other: involved / other),
}  # fmt: skip

# --- performance status -----------------------------------------------------------------------

_PERFORMANCE = {"ecog": "karnofsky", "karnofsky": "ecog"}


def _performance(chart: Chart, concept: str, latest: Latest) -> Derived | None:
    """ECOG from Karnofsky or the reverse, by every published map: where they differ, all are tried."""
    other = _PERFORMANCE[concept]
    name = chart.catalogue[other].name
    facts = latest(other)
    if not facts:
        return None
    values: dict[Interval, Observed] = {}
    for fact in facts:
        for source, steps in _maps(chart, concept):
            exact = fact.interval.exact if fact.interval is not None else None
            found = steps.get(exact) if exact is not None else None
            if not found:
                return None
            interval = Interval(min(found), max(found))
            how = f"from {name} by the published maps ({source})"
            values.setdefault(interval, computed(chart, concept, "", how, interval, [fact]))
    return list(values.values()), []


def _maps(chart: Chart, concept: str) -> list[tuple[str, dict[Decimal, list[Decimal]]]]:
    """Each published map to `concept`: its source, and what each step of the other scale may be."""
    maps = []
    for table in chart.catalogue.tables["conversions"]:
        pairs = [(Decimal(ecog), Decimal(karnofsky))
                 for ecog, steps in table["map"].items() for karnofsky in steps]  # fmt: skip
        steps: dict[Decimal, list[Decimal]] = {}
        for ecog, karnofsky in pairs:
            known, wanted = (karnofsky, ecog) if concept == "ecog" else (ecog, karnofsky)
            steps.setdefault(known, []).append(wanted)
        source = table["source"]
        maps.append((source if isinstance(source, str) else ", ".join(source), steps))
    return maps
