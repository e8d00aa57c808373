"""Values exactly at a threshold: no verdict depends on rounding, whatever the units.

What is right is worked out here with rational numbers, from the factors, molar masses and valences
of the data files alone; the engine's own conversion is not used.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest

from screener.evaluate.chart import Chart
from screener.evaluate.predicate import Compiler
from screener.intake.json_profile import read_profile
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import rule as r
from screener.model.kleene import Truth
from screener.vocabulary.load import catalogue

AS_OF = date(2026, 10, 1)
DIGITS = 12
MOST_DIGITS = 30  # a recorded number has no more
COMPARATORS = ("<", "<=", ">", ">=")
MASS, MOLAR, EQUIVALENT = "mass concentration", "molar concentration", "equivalent concentration"
UNITLESS = ("score", "count", "ratio")


# --- the arithmetic of the test ---------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    code: str
    dimension: str
    factor: Fraction  # one of it, in the base unit of its dimension


@cache
def units_of(concept: str) -> tuple[Unit, ...]:
    """Every unit of the table in which the concept may be given, months and years left out."""
    known = catalogue()
    entry = known[concept].entry
    kinds = list(entry.get("dimensions", ()))
    kinds += [kind for kind in (MASS, MOLAR) if "molar_mass" in entry and kind not in kinds]
    kinds += [EQUIVALENT] if "valence" in entry and EQUIVALENT not in kinds else []
    found: dict[str, Unit] = {}
    for kind in kinds:
        if kind in UNITLESS:
            continue
        for code, unit in known.tables["dimensions"][kind]["units"].items():
            if "factor" in unit:
                found.setdefault(code, Unit(code, kind, Fraction(unit["factor"])))
    return tuple(found.values())


def ratio(concept: str, source: Unit, target: Unit) -> Fraction | None:
    """How many of the target one of the source is; None where they do not convert."""
    plain = source.factor / target.factor
    if source.dimension == target.dimension:
        return plain
    entry = catalogue()[concept].entry
    per_mole = {MOLAR: Fraction(1)}
    if "molar_mass" in entry:
        per_mole[MASS] = Fraction(entry["molar_mass"]["value"])
    if "valence" in entry:
        per_mole[EQUIVALENT] = Fraction(entry["valence"]["value"])
    if source.dimension not in per_mole or target.dimension not in per_mole:
        return None
    return plain * per_mole[target.dimension] / per_mole[source.dimension]


def ending(value: Fraction) -> Decimal | None:
    """The value as a decimal of at most 30 digits, where there is one."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    whole = int(value * 10**places)
    return Decimal(f"{whole}e-{places}") if len(str(abs(whole))) <= MOST_DIGITS else None


def neighbours(value: Fraction, digits: int) -> tuple[Decimal, Decimal]:
    """The nearest decimals of so many digits below and above a value that is none itself."""
    power = 0
    while value * Fraction(10) ** power < 10 ** (digits - 1):
        power += 1
    while value * Fraction(10) ** power >= 10**digits:
        power -= 1
    below = int(value * Fraction(10) ** power)
    return Decimal(f"{below}e{-power}"), Decimal(f"{below + 1}e{-power}")


def nearby(value: Fraction) -> list[Decimal]:
    """What a laboratory may record at or next to the value."""
    exact = ending(value)
    return [exact] if exact is not None else list(neighbours(value, DIGITS))


def right(value: Fraction, comparator: str, threshold: Fraction) -> Truth:
    held = {"<": value < threshold, "<=": value <= threshold, ">": value > threshold,
            ">=": value >= threshold, "=": value == threshold}[comparator]  # fmt: skip
    return Truth.TRUE if held else Truth.FALSE


# --- which thresholds -------------------------------------------------------------------------


MEASURED = tuple(name for name in catalogue()
                 if catalogue()[name].kind == "measurement" and units_of(name))  # fmt: skip


@cache
def alike() -> dict[str, tuple[str, ...]]:
    """The measurements by all that a comparison at a threshold can depend on: units, factors, limits."""
    groups: dict[str, list[str]] = {}
    for name in MEASURED:
        entry = catalogue()[name].entry
        same = (entry["dimensions"], entry.get("molar_mass", {}).get("value"),
                entry.get("valence", {}).get("value"), entry.get("plausible"))  # fmt: skip
        groups.setdefault(repr(same), []).append(name)
    return {members[0]: tuple(members) for members in groups.values()}


def thresholds(concept: str, unit: Unit) -> list[Decimal]:
    """Thresholds in the unit, of several magnitudes, each of a possible value. The first of the
    measurements that a comparison cannot tell apart has two of them, the others one."""
    found = _possible(concept, unit)
    return found if concept in alike() else found[len(concept) % 2 :][:1]


def _possible(concept: str, unit: Unit) -> list[Decimal]:
    entry = catalogue()[concept].entry
    stated = entry.get("plausible")
    if stated is None:
        return [Decimal("0.35"), Decimal("1730")]
    own = next(found for found in units_of(concept) if found.code == stated["unit"])
    scale = ratio(concept, own, unit)
    if scale is None:
        return []
    low, high = Fraction(stated["low"]) * scale, Fraction(stated["high"]) * scale
    return [neighbours(low + (high - low) * part, 3)[0]
            for part in (Fraction(1, 40), Fraction(2, 3))]  # fmt: skip


def chart_of(concept: str, value: Decimal, unit: str, high: Decimal | None = None) -> Chart:
    """A chart of one result, read from JSON text with every digit as written."""
    limits = f', "reference_range": {{"high": {high:f}}}' if high is not None else ""
    name = json.dumps(catalogue()[concept].name)
    unit_text = f', "unit": {json.dumps(unit)}' if unit else ""
    patient, problems = read_profile(
        f'{{"id": "P", "age": 60, "observations": [{{"name": {name}, "value": {value:f}'
        f'{unit_text}, "date": "2026-09-25"{limits}}}]}}'
    )
    assert patient is not None, problems
    return Chart(patient, catalogue(), AS_OF)


@dataclass(frozen=True)
class Tally:
    cases: int
    wrong: tuple[str, ...]


COMPILER = Compiler(catalogue())


def checked(concept: str) -> Tally:
    """Every threshold of a concept against every unit of the recorded value."""
    cases, wrong = 0, []
    charts: dict[tuple[Decimal, str], Chart] = {}
    for source in units_of(concept):
        for threshold in thresholds(concept, source):
            checks = {sign: COMPILER.compile(
                r.Measurement((concept,), r.Limit(sign, threshold, source.code))
            ) for sign in COMPARATORS}  # fmt: skip
            for target in units_of(concept):
                scale = ratio(concept, source, target)
                if scale is None:
                    continue
                limit = Fraction(threshold) * scale
                for value in nearby(limit):
                    key = (value, target.code)
                    chart = charts.get(key) or charts.setdefault(key, chart_of(concept, *key))
                    for sign, check in checks.items():
                        cases += 1
                        found = check(chart).truth
                        if found is not right(Fraction(value), sign, limit):
                            wrong.append(f"{concept} {value} {target.code} {sign} {threshold} "
                                         f"{source.code}: {found.value}")  # fmt: skip
    return Tally(cases, tuple(wrong))


@pytest.mark.parametrize("concept", MEASURED)
def test_a_value_at_the_threshold_is_right_in_every_pair_of_units(concept: str) -> None:
    tally = checked(concept)
    assert tally.cases >= 4
    assert not tally.wrong, f"{len(tally.wrong)} of {tally.cases}: {tally.wrong[:5]}"


def _every_measurement() -> Iterator[tuple[str, Unit, Unit]]:
    """Each measurement with its first unit and one that it converts into, by moles where it can."""
    for concept in MEASURED:
        source, *others = units_of(concept)
        targets = [unit for unit in others if ratio(concept, source, unit) is not None]
        by_kind = {unit.dimension: unit for unit in targets}
        for target in by_kind.values() or [source]:
            yield concept, source, target


def test_every_single_measurement_is_right_at_a_threshold_written_as_text() -> None:
    printer, wrong, seen = Printer(catalogue()), [], 0
    for concept, source, target in _every_measurement():
        for threshold in thresholds(concept, source):
            limit = Fraction(threshold) * (ratio(concept, source, target) or 0)
            for sign in ("<", ">="):
                node = r.Measurement((concept,), r.Limit(sign, threshold, source.code))
                rule, problems = parse(printer.print(node), catalogue())
                assert rule is not None, problems
                check = COMPILER.compile(rule)
                for value in nearby(limit):
                    seen += 1
                    found = check(chart_of(concept, value, target.code)).truth
                    if found is not right(Fraction(value), sign, limit):
                        wrong.append(f"{concept} {value} {target.code} {sign} {threshold}")
    assert not wrong
    assert seen >= 3 * len(MEASURED)


def test_there_are_thousands_of_cases() -> None:
    pairs = sum(
        len(thresholds(concept, source)) * len(COMPARATORS)
        for concept in MEASURED for source in units_of(concept) for target in units_of(concept)
        if ratio(concept, source, target) is not None
    )  # fmt: skip
    assert pairs >= 3_000


def test_mass_moles_and_equivalents_are_all_among_the_pairs() -> None:
    crossed = {(source.dimension, target.dimension)
               for concept in alike() for source in units_of(concept)
               for target in units_of(concept) if ratio(concept, source, target) is not None}  # fmt: skip
    kinds = (MASS, MOLAR, EQUIVALENT)
    assert {(one, other) for one in kinds for other in kinds} <= crossed


# --- the edge of what can be recorded ---------------------------------------------------------


@pytest.mark.parametrize("sign", COMPARATORS)
def test_the_nearest_numbers_of_thirty_digits_lie_on_their_sides(sign: str) -> None:
    """Creatinine 2 mg/dL is 176.80… umol/L, a decimal without end."""
    source = next(unit for unit in units_of("creatinine") if unit.code == "mg/dL")
    target = next(unit for unit in units_of("creatinine") if unit.code == "umol/L")
    limit = 2 * (ratio("creatinine", source, target) or Fraction(0))
    assert ending(limit) is None
    check = COMPILER.compile(r.Measurement(("creatinine",), r.Limit(sign, Decimal(2), "mg/dL")))
    for value in neighbours(limit, MOST_DIGITS):
        chart = chart_of("creatinine", value, "umol/L")
        assert check(chart).truth is right(Fraction(value), sign, limit)


@pytest.mark.parametrize("sign", [*COMPARATORS, "="])
@pytest.mark.parametrize(
    ("high", "times"),
    [("40", "3"), ("35", "2.5"), ("0.1", "3"), ("33.3", "1.1"), ("1.2", "1.5"), ("0.7", "0.1"),
     ("0.333333333333333333333333333333", "3"), ("333333333333333333333333333333e-28", "1.5")],
)  # fmt: skip
def test_a_multiple_of_the_recorded_upper_limit_is_exact(high: str, times: str, sign: str) -> None:
    own, limit = Decimal(high), Fraction(high) * Fraction(times)
    check = COMPILER.compile(r.Measurement(("ggt",), r.Limit(sign, Decimal(times), "ULN")))
    value = ending(limit)
    values = [value] if value is not None else list(neighbours(limit, MOST_DIGITS))
    for near in values:
        found = check(chart_of("ggt", near, "U/L", own)).truth
        assert found is right(Fraction(near), sign, limit), f"{near} {sign} {times} x {high}"


@pytest.mark.parametrize("sign", [*COMPARATORS, "="])
@pytest.mark.parametrize(
    ("threshold", "unit", "value", "recorded"),
    [("1", "a", "12", "mo"), ("0.25", "a", "3", "mo"), ("18", "mo", "1.5", "a"),
     ("2", "wk", "14", "d"), ("48", "h", "2", "d")],
)  # fmt: skip
def test_lengths_of_time_that_are_equal_are_neither_above_nor_below(
    threshold: str, unit: str, value: str, recorded: str, sign: str
) -> None:
    check = COMPILER.compile(r.Measurement(("life_expectancy",), r.Limit(sign, Decimal(threshold), unit)))
    expected = Truth.TRUE if "=" in sign else Truth.FALSE
    assert check(chart_of("life_expectancy", Decimal(value), recorded)).truth is expected


@pytest.mark.parametrize(
    ("days", "truth"),
    [(83, Truth.FALSE), (90, Truth.UNKNOWN), (93, Truth.TRUE)],
)
def test_months_against_days_are_decided_only_where_every_month_decides_alike(
    days: int, truth: Truth
) -> None:
    """Three months in a row are 89 to 92 days."""
    check = COMPILER.compile(r.Measurement(("life_expectancy",), r.Limit(">=", Decimal(3), "mo")))
    assert check(chart_of("life_expectancy", Decimal(days), "d")).truth is truth


@pytest.mark.parametrize("sign", [*COMPARATORS, "="])
@pytest.mark.parametrize("scale", [name for name in catalogue() if catalogue()[name].kind == "scale"])
def test_every_grade_of_every_scale_is_right_at_and_beside_it(scale: str, sign: str) -> None:
    entry = catalogue()[scale].entry
    step = int(entry["step"])
    for grade in range(int(entry["low"]), int(entry["high"]) + 1, step):
        check = COMPILER.compile(r.Measurement((scale,), r.Limit(sign, Decimal(grade))))
        for near in (grade - step, grade, grade + step):
            if int(entry["low"]) <= near <= int(entry["high"]):
                found = check(chart_of(scale, Decimal(near), "")).truth
                assert found is right(Fraction(near), sign, Fraction(grade))


@pytest.mark.parametrize("text", ["30 g/L", "3 g/dL", "30000 mg/L", "3000 mg/dL", "30 mg/mL"])
def test_thirty_grams_a_litre_are_not_above_three_a_decilitre_nor_below(text: str) -> None:
    number, _, unit = text.partition(" ")
    chart = chart_of("m_protein_serum", Decimal(number), unit)
    for sign in (*COMPARATORS, "="):
        check = COMPILER.compile(r.Measurement(("m_protein_serum",), r.Limit(sign, Decimal(3), "g/dL")))
        assert (check(chart).truth is Truth.TRUE) == ("=" in sign)
