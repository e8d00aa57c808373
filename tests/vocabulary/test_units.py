"""The table of units against UCUM itself, the traps of spelling, and exact conversion."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pint
import pytest
import ucumvert
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ucumvert.parser import get_ucum_parser
from ucumvert.ucum_pint import UcumToPintTransformer
from ucumvert.xml_util import get_units_with_full_definition

from screener import vocabulary
from screener.vocabulary import ucum
from screener.vocabulary.units import Unit, Units, factor, fold

FILE = Path(vocabulary.__file__).parent / "units.yaml"
DOCUMENT = yaml.load(FILE.read_text(), yaml.BaseLoader)
DIMENSIONS: dict[str, Any] = DOCUMENT["dimensions"]
UNITS = Units(DIMENSIONS)
ENTRIES = [
    (name, code, entry) for name, table in DIMENSIONS.items() for code, entry in table["units"].items()
]
every_entry = pytest.mark.parametrize(
    ("name", "code", "entry"), ENTRIES, ids=[f"{name}:{code}" for name, code, _ in ENTRIES]
)


def known(code: str, dimension: str) -> Unit:
    unit = UNITS.read(code, [dimension])
    assert unit is not None, f"{code} in {dimension}"
    return unit


ALL = [known(code, name) for name, code, _ in ENTRIES]


# --- the table is what UCUM says --------------------------------------------------------------

# Entries that ucumvert and pint cannot vouch for, and why. All others are proven below.
EXCEPTIONS = {
    ("pressure", "mm[Hg]"): "pint's own mmHg (133.322387415 Pa), not UCUM's (133.3220 Pa)",
    ("pressure", "cm[Hg]"): "the same; see test_pressure_is_by_the_definition_of_ucum",
    ("pressure", "Pa"): "converts to mm[Hg]; the same",
    ("pressure", "kPa"): "converts to mm[Hg]; the same",
    ("temperature", "Cel"): "has an offset in pint, which refuses to divide by it; alone there",
    ("ratio", "{INR}"): "only an annotation: another name for the same number, by convention",
    ("ratio", "1"): "the same",
    ("score", "%"): "a score of 70 is written 70 %: by convention, not 0.7",
    ("score", "1"): "by convention",
    ("duration", "mo"): "of the calendar: no factor",
    ("duration", "a"): "of the calendar: no factor",
}


@cache
def registry() -> tuple[Any, Any]:
    made: Any = pint.UnitRegistry(non_int_type=Decimal, on_redefinition="ignore")
    made.load_definitions(Path(ucumvert.__file__).parent / "pint_ucum_defs.txt")
    return get_ucum_parser(), UcumToPintTransformer(ureg=made)


def quantity(code: str) -> Any:
    """The code in pint, with Decimal. ucumvert reads it as it stands; then, as pint makes a float
    of a leading `/` and a token of an annotation, a 1 in place of each."""
    parser, transformer = registry()
    parser.parse(code)
    bare = re.sub(r"\{[^}]*\}", "1", code)
    return transformer.transform(parser.parse("1" + bare if bare.startswith("/") else bare))


def annotations(code: str) -> list[str]:
    return re.findall(r"/?\{[^}]*\}|\[iu\]|eq|osm", code.lower())


@pytest.mark.parametrize(
    ("name", "code", "entry"),
    [pytest.param(*entry, id=f"{entry[0]}:{entry[1]}") for entry in ENTRIES if entry[:2] not in EXCEPTIONS],
)
def test_factor_is_the_one_of_pint_and_ucum(name: str, code: str, entry: Any) -> None:
    base = DIMENSIONS[name]["base"]
    assert annotations(code) == annotations(base)  # what pint does not see
    ratio = quantity(code) / quantity(base)
    if not isinstance(ratio, int | Decimal):
        ratio = ratio.to_root_units()
        assert ratio.unitless
        ratio = ratio.magnitude
    assert isinstance(ratio, int | Decimal)
    off = abs(Fraction(ratio) / Fraction(entry["factor"]) - 1)
    # 28 digits: 1/60 and 50/3 have no exact Decimal
    assert off < Fraction(1, 10**26)
    assert off == 0 or Fraction(entry["factor"]).denominator % 3 == 0


def test_no_exception_is_out_of_date() -> None:
    assert set(EXCEPTIONS) <= {(name, code) for name, code, _ in ENTRIES}


def test_pressure_is_by_the_definition_of_ucum() -> None:
    defined = {unit.code_cs: unit for unit in get_units_with_full_definition()}["m[Hg]"]
    assert defined.defining_unit == "kPa"
    kilopascals_in_a_metre = Fraction(str(defined.conversion_factor))
    read = {code: known(code, "pressure") for code in ("mm[Hg]", "cm[Hg]", "kPa", "Pa")}
    assert factor(read["mm[Hg]"], read["kPa"]) == kilopascals_in_a_metre / 1000
    assert factor(read["cm[Hg]"], read["kPa"]) == kilopascals_in_a_metre / 100
    assert factor(read["kPa"], read["Pa"]) == 1000


def test_customary_units_are_by_the_definition_of_ucum() -> None:
    """Exactly, where pint could only be compared to 26 digits."""
    defined = {unit.code_cs: unit for unit in get_units_with_full_definition()}

    def times(code: str, unit: str) -> Fraction:
        of, _, parts = defined[code].defining_unit.partition("/")
        assert of == unit
        return Fraction(str(defined[code].conversion_factor)) / int(parts or 1)

    pound = times("[lb_av]", "[gr]") * times("[gr]", "mg") / 1000
    assert known("[lb_av]", "mass").factor == pound
    assert known("[oz_av]", "mass").factor == pound * times("[oz_av]", "[lb_av]")
    assert known("[stone_av]", "mass").factor == pound * times("[stone_av]", "[lb_av]")
    inch = times("[in_i]", "cm") / 100
    assert known("[in_i]", "length").factor == inch
    assert known("[ft_i]", "length").factor == inch * times("[ft_i]", "[in_i]")


# --- the table is in order --------------------------------------------------------------------


@every_entry
def test_entry_reads_back(name: str, code: str, entry: Any) -> None:
    unit = known(code, name)
    assert unit.code == code
    assert unit.dimension == name
    assert unit.printed == entry["print"]
    assert entry["print"].isascii()
    assert fold(entry["print"]) in {fold(code), *map(fold, entry["spellings"])}
    for spelling in (entry["print"], *entry["spellings"]):
        assert UNITS.read(spelling, [name]) == unit
        assert UNITS.read(f"  {spelling} ", [name]) == unit
        assert UNITS.read(spelling.upper(), [name]) == unit
        assert name in UNITS.dimensions_of(spelling)
        text = f"> 3 {spelling}, or"
        if spelling not in {"in", "C", "1"}:
            assert UNITS.longest(text, 4) == len(text) - 4


@pytest.mark.parametrize("name", DIMENSIONS)
def test_dimension_is_in_order(name: str) -> None:
    table = DIMENSIONS[name]
    assert set(table) == {"base", "source", "units"}
    assert table["source"] in DOCUMENT["sources"]
    assert table["units"][table["base"]]["factor"] == "1"
    seen: dict[str, str] = {}
    for code, entry in table["units"].items():
        assert set(entry) == {"calendar" if "calendar" in entry else "factor", "print", "spellings"}
        for spelling in (code, entry["print"], *entry["spellings"]):
            assert seen.setdefault(fold(spelling).casefold(), code) == code


def test_two_units_of_one_spelling_are_refused() -> None:
    entry = {"factor": "1", "print": "x", "spellings": []}
    broken = Units({"d": {"base": "x", "units": {"x": entry, "y": entry}}})
    with pytest.raises(ValueError, match="two units"):
        broken.read("x", ["d"])


def test_works_from_json() -> None:
    again = Units(json.loads(json.dumps(DIMENSIONS)))
    assert again.read("x 109/L", ["number concentration"]) == known("10*9/L", "number concentration")


# --- spellings --------------------------------------------------------------------------------

SPELLINGS = {
    ("number concentration", "10*9/L"): """x 109/L | x 10^9/L | × 10⁹/L | 10**9/L | 10e9/L | 10E9/L
        | 10(9)/L | 10 9/L | 10exp9/L | 10 exp 9/L | x 10 9/L | *10^9/L | X 10E9/l | 109/L
        | x 109 cells/L | x 10^9 cells/L | x109/L | x 109 / l | ×109 /L | G/l | Giga/L | ·10^9/L
        | 10⁹ L⁻¹ | 10^9.L-1 | 10E+09/L | 10^9 per liter | 10*9/L | x10^{9}/L""",
    ("number concentration", "10*3/uL"): """K/uL | k/µL | K/μL | K/mm3 | K/cumm | k/cu mm
        | x 103/uL | x103/µL | 10³/µL | x 10³/mm³ | thou/mcL | thousand cells/uL | x10(3)/mcL
        | 10x3/uL | 103/uL | x 1000/uL | 10^3 per microliter | Thousand/uL | K/MCL""",
    ("number concentration", "10*6/uL"): "M/uL | million/uL | 10^6/µL | x10E6/uL | 106/uL",
    ("number concentration", "10*12/L"): "T/L | x 1012/L | 10^12/l | 10¹²/L",
    ("number concentration", "10*6/L"): "x 10e6/L | 106/L | ×10⁶/L",
    ("number concentration", "/uL"): """/mm3 | /mm^3 | /mm³ | /cumm | /cu mm | /cubic millimeter
        | /microliter | cells per uL | cells/mcL | / µL | / mcL | cells per cubic mm | /micro L
        | {cells}/uL | platelets/mcL | per mm3 | per microlitre | /ul | cells / mm^3 | /mm**3
        | cell/mm3 | /microL""",
    ("mass concentration", "g/dL"): """g/dl | gm/dL | G/DL | grams/deciliter | gram per decilitre
        | g / dl | g/100 mL | g% | g·dL⁻¹ | gms/dL | gram (g)/deciliter (dL)""",
    ("mass concentration", "mg/dL"): """mg per deciliter | milligrams per decilitre | MG/DL
        | mg% | mg/dl | mg/Dl | mg/100 mL | Milligrams/Deciliter""",
    ("mass concentration", "ug/mL"): "mcg/mL | µg/mL | μg/ml | micrograms/milliliter | ugm/ml",
    ("mass concentration", "mg/L"): "mg/Liter | mg/litre | mg L-1 | mg.L-1",
    ("mass concentration", "g/L"): "g/l | G/L | grams per liter",
    ("molar concentration", "mmol/L"): """millimol/L | mmol/l | millimoles/liter | mmol / l
        | mmol.L-1 | MMOL/L""",
    ("molar concentration", "umol/L"): """µmol/L | μmol/l | umol/l | micromol/L | mcmol/L
        | micromoles per litre""",
    ("equivalent concentration", "meq/L"): "mEq/L | MEQ/L | milliequivalents/liter | mEq/l",
    ("catalytic concentration", "U/L"): """u/L | IU/L | units/L | UI/L | U/l | [IU]/L | iu/l
        | international units/L | units per liter""",
    ("arbitrary concentration", "[IU]/mL"): "IU/mL | U/mL | IU/ml | international units/mL",
    ("arbitrary concentration", "m[IU]/mL"): "mIU/mL | mU/mL | MIU/ML | milliunits/mL",
    ("arbitrary concentration", "k[IU]/L"): "kU/L | kIU/L",
    ("copy concentration", "{copies}/mL"): "copies/mL | copies per milliliter | Copies/ml | cp/mL",
    ("copy concentration", "{copies}/uL"): "copies/mm^3",
    ("mass excretion", "mg/(24.h)"): """mg/24h | mg/24 h | mg/24 hours | mg/24hrs | mg per 24 hours
        | mg/day | mg/d | milligrams/24 hours | mg / 24 hr | mg/24-hours | mg per day | MG/24HR
        | mg in 24 hours | milligrams (mg)/24 hours""",
    ("mass excretion", "g/(24.h)"): "g/24 hours | gm/24 hours | grams per day | g/d | g/24hrs",
    ("clearance", "mL/min"): "ml/min | mL/minute | cc/min | mL per minute | milliliters/minute",
    ("clearance", "mL/s"): "mL/sec | ml/second",
    ("indexed clearance", "mL/min/{1.73_m2}"): """mL/min/1.73m2 | mL/min/1.73 m² | mL/min/1.73m^2
        | ml/min/1.73 m**2 | mL/min per 1.73 m2 | mL/minute/1.73 m 2 | mL/min/1.73 sqm
        | milliliters/minute/1.73 square meters | mL per minute per 1.73 m^2 | mL/min/1.73_m2
        | mL/min/1.73 meters squared | mL/min/(1.73m2) | ml/min/1,73 m²
        | milliliter per minute per 1.73 meter square | mL/(min·1.73m²)""",
    ("duration", "ms"): "msec | msecs | milliseconds | MS | msec",
    ("duration", "h"): "hr | hrs | hours | hour | H",
    ("duration", "wk"): "weeks | wks | week",
    ("duration", "a"): "years | yrs | y | Year",
    ("pressure", "mm[Hg]"): "mmHg | mm Hg | MMHG | mm hg",
    ("mass", "[lb_av]"): "lb | lbs | pounds",
    ("mass per area", "kg/m2"): """kg/m² | kg/m^2 | Kg/m2 | kg per square meter | kg/sqm
        | kilograms per meter square""",
    ("area", "cm2"): "cm² | cm^2 | sq cm | square centimeters",
    ("temperature", "Cel"): "°C | ℃ | degrees Celsius | C | degrees c",
    ("frequency", "/min"): "beats/min | bpm | beats per minute | breaths/minute | per minute",
    ("fraction", "%"): "percent | % | ％ | per cent",
    ("osmolality", "mosm/kg"): "mOsm/kg | mosmol/kg | milliosmoles/kg",
}


@pytest.mark.parametrize(
    ("dimension", "code", "spelling"),
    [
        (dimension, code, spelling.strip())
        for (dimension, code), listed in SPELLINGS.items()
        for spelling in listed.split("|")
    ],
)
def test_spelling(dimension: str, code: str, spelling: str) -> None:
    assert known(spelling, dimension).code == code
    text = f"5 {spelling}; and"
    assert UNITS.longest(text, 2) == (None if spelling == "C" else len(text) - 5)


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("", "count"),
        ("x", "number concentration"),
        ("0.45", "fraction"),
        ("1", "fraction"),  # a bare fraction is no percentage
        ("cells", "number concentration"),
        ("1000/mL/min", "number concentration"),
        ("K/L", "number concentration"),
        ("K/uL", "mass concentration"),
        ("mg/{24h}", "mass excretion"),  # plain mg in UCUM
        ("mg", "mass excretion"),
        ("mg.h/24", "mass excretion"),
        ("mL/min/1.73.m2", "indexed clearance"),  # m5 in UCUM
        ("mL/min/m2", "indexed clearance"),
        ("mL/min", "indexed clearance"),
        ("mL/min/{1.73_m2}", "clearance"),
        ("IU/mL", "copy concentration"),
        ("copies/mL", "arbitrary concentration"),
        ("{Log_IU}/mL", "arbitrary concentration"),
        ("log10 copies/mL", "copy concentration"),
        ("meq/L", "molar concentration"),
        ("mmol/L", "equivalent concentration"),
        ("mmol/L", "mass concentration"),
        ("[degF]", "temperature"),
        ("K", "temperature"),
        ("m in", "duration"),
        ("m", "duration"),
        ("mg/dL; 3", "mass concentration"),
        ("g/dL g/dL", "mass concentration"),
        ("pH", "number concentration"),
        ("\x00", "mass"),
    ],
)
def test_no_unit_is_guessed(text: str, dimension: str) -> None:
    assert UNITS.read(text, [dimension]) is None


# --- traps ------------------------------------------------------------------------------------


def test_a_power_of_ten_is_no_product() -> None:
    """pint reads 10*9/L as 90/L, and NFKC makes 10⁹ a 109."""
    giga, per_litre = (known(code, "number concentration") for code in ("10*9/L", "/L"))
    assert factor(giga, per_litre) == 10**9
    assert known("10⁹/L", "number concentration") == giga
    assert factor(known("K/uL", "number concentration"), giga) == 1
    assert factor(known("/mm3", "number concentration"), giga) == Fraction(1, 1000)


def test_mg_in_24_hours_is_per_day() -> None:
    a_day, grams = known("mg/24 h", "mass excretion"), known("g/day", "mass excretion")
    assert factor(a_day, grams) == Fraction(1, 1000)
    assert factor(known("mg/min", "mass excretion"), grams) == Fraction(1440, 1000)


def test_enzyme_units() -> None:
    assert known("u/L", "catalytic concentration").code == "U/L"
    katal = known("µkat/L", "catalytic concentration")
    assert factor(katal, known("IU/L", "catalytic concentration")) == 60
    # the same spelling is another unit for a hormone, and never converts to it
    assert known("IU/L", "arbitrary concentration").code == "[IU]/L"
    apart = known("IU/L", "catalytic concentration"), known("IU/L", "arbitrary concentration")
    assert factor(*apart) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("IU/mL", "arbitrary concentration"), ("copies/mL", "copy concentration")),
        (("mL/min", "clearance"), ("mL/min/1.73 m2", "indexed clearance")),
        (("%", "fraction"), ("%", "score")),
        (("1", "count"), ("1", "ratio")),
        (("g/L", "mass concentration"), ("g/24 h", "mass excretion")),
        (("years", "duration"), ("days", "duration")),
        (("months", "duration"), ("years", "duration")),
        (("mosm/kg", "osmolality"), ("mmol/L", "molar concentration")),
    ],
)
def test_what_never_converts(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = known(*one), known(*other)
    for pair in permutations((first, second)):
        assert factor(*pair, Fraction(100), Fraction(2)) is None


def test_exact_spelling_goes_before_any_case() -> None:
    both = ["mass concentration", "number concentration"]
    assert UNITS.read("G/L", both) == known("10*9/L", "number concentration")
    assert UNITS.read("g/L", both) == known("g/L", "mass concentration")
    assert UNITS.dimensions_of("G/L") == tuple(both)
    assert UNITS.dimensions_of("IU/L") == ("catalytic concentration", "arbitrary concentration")
    assert UNITS.dimensions_of("furlong") == ()


def test_calendar_units_have_no_factor() -> None:
    year = known("years", "duration")
    assert year.factor is None
    assert factor(year, year) == 1


# --- in a running text ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mL/min/1.73 m^2 (Cockcroft)", "mL/min/1.73 m^2"),
        ("mL/min per 1.73 m2", "mL/min per 1.73 m2"),
        ("mL/min by Cockcroft", "mL/min"),
        ("mL/min/1.73ells", None),  # and not mL/min
        ("mL/min x 1.73", None),
        ("mL/min {1.73", "mL/min"),
        ("mL/min{x}", None),
        ("mL/min (1.73 m2)", None),
        ("mg/24 hours.", "mg/24 hours"),
        ("mg/24-h urine", "mg/24-h"),
        ("mg/kg", None),
        ("mg/dL/day", None),
        ("g.m", None),
        ("mmol-1", None),
        ("x 10^9/L)", "x 10^9/L"),
        ("× 10⁹ /L", "× 10⁹ /L"),
        ("x ULN", None),
        ("/mm3 or", "/mm3"),
        ("cells per µL", "cells per µL"),
        ("m in size", "m"),
        ("in the past", None),
        ("a year", None),
        ("years of age", "years"),
        ("C", None),
        ("°C", "°C"),
        ("%", "%"),
        ("%x", None),
        ("mgs", None),
        ("mm Hg", "mm Hg"),
        ("mm", "mm"),
        (" mg", None),
        ("", None),
        ("1", None),
    ],
)
def test_longest(text: str, unit: str | None) -> None:
    end = UNITS.longest("≥ 5" + text, 3)
    assert (None if end is None else ("≥ 5" + text)[3:end]) == unit


def test_did_you_mean() -> None:
    assert UNITS.nearest("mg/dLL") == "mg/dL"
    assert UNITS.nearest("K/uLL") == "x 10^3/uL"
    assert UNITS.nearest("mmol/LL") == "mmol/L"
    assert UNITS.nearest("qqqqqqq") is None


@given(st.text(max_size=60), st.integers(0, 60))
def test_any_text_is_survived(text: str, start: int) -> None:
    fold(text)
    end = UNITS.longest(text, start)
    if end is not None:
        assert UNITS.dimensions_of(text[start:end])


@given(st.sampled_from([entry["print"] for _, _, entry in ENTRIES] + [code for _, code, _ in ENTRIES]))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


# --- conversion -------------------------------------------------------------------------------

a_unit = st.sampled_from(ALL)
positive = st.fractions(min_value=Fraction(1, 100), max_value=100000).filter(bool)


@given(a_unit, a_unit, positive, positive)
def test_there_and_back(one: Unit, other: Unit, molar_mass: Fraction, valence: Fraction) -> None:
    there = factor(one, other, molar_mass, valence)
    back = factor(other, one, molar_mass, valence)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there * back == 1


CONCENTRATIONS = [unit for unit in ALL if re.match("mass|molar|equi", unit.dimension)]


@given(st.data(), positive, positive)
def test_by_a_third_unit(data: st.DataObject, molar_mass: Fraction, valence: Fraction) -> None:
    first = data.draw(a_unit)
    same = [unit for unit in ALL if unit.dimension == first.dimension]
    reach = CONCENTRATIONS if first in CONCENTRATIONS else same
    second, third = data.draw(st.sampled_from(reach)), data.draw(st.sampled_from(reach))
    one, two = (
        factor(first, second, molar_mass, valence),
        factor(second, third, molar_mass, valence),
    )
    if one is not None and two is not None:
        assert one * two == factor(first, third, molar_mass, valence)


def test_mass_moles_and_equivalents() -> None:
    mass, moles = known("mg/dL", "mass concentration"), known("mmol/L", "molar concentration")
    equivalents = known("mEq/L", "equivalent concentration")
    made_up, two = Fraction("40.5"), Fraction(2)
    assert factor(mass, moles, made_up) == Fraction(10) / made_up
    assert factor(moles, mass, made_up) == made_up / 10
    assert factor(moles, equivalents, valence=two) == 2
    assert factor(mass, equivalents, made_up, two) == Fraction(20) / made_up
    for pair in ((mass, moles), (moles, mass), (mass, equivalents)):
        assert factor(*pair) is None
        assert factor(*pair, Fraction(0), two) is None
    assert factor(mass, equivalents, made_up) is None
    assert factor(moles, equivalents, made_up) is None


def test_equal_at_the_limit() -> None:
    """30 g/L is not above 3 g/dL, nor below."""
    ratio = factor(known("g/dL", "mass concentration"), known("g/L", "mass concentration"))
    assert ratio is not None
    assert Fraction("3") * ratio == Fraction("30")


# --- UCUM codes outside the table -------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "base", "expected"),
    [
        ("pg/L", "g/L", Fraction(1, 10**12)),
        ("10*9/mL", "10*9/L", Fraction(1000)),
        ("10^5/uL", "10*9/L", Fraction(100)),
        ("/h", "/min", Fraction(1, 60)),
        ("L/d/{1.73_m2}", "mL/min/{1.73_m2}", Fraction(25, 36)),
        ("[iU]/uL", "[IU]/mL", Fraction(1000)),
        ("{copies}/dL", "{copies}/mL", Fraction(1, 100)),
        ("umol/min/L", "U/L", Fraction(1)),
        ("kg/(24.h)", "g/(24.h)", Fraction(1000)),
        ("g/cm2", "kg/m2", Fraction(10)),
        ("neq/L", "eq/L", Fraction(1, 10**9)),
        # the guard
        ("L/d", "mL/min/{1.73_m2}", None),
        ("mL/min/{1.73_m2}", "mL/min", None),
        ("{1.73_m2}/L", "/{1.73_m2}/L", None),
        ("[IU]/mL", "{copies}/mL", None),
        ("U/mL", "[IU]/mL", None),
        ("[IU]/L", "U/L", None),
        ("eq/L", "mol/L", None),
        ("osm/kg", "mol/kg", None),
        ("mol/kg", "osm/kg", None),
        ("g{wet}/L", "g/L", None),
        ("u/L", "U/L", None),
        ("G/L", "10*9/L", None),
        ("K/uL", "10*9/L", None),
        ("mg/g", "%", None),
        ("1", "%", None),
        ("[degF]", "Cel", None),
        ("mg/{24h}", "g/(24.h)", None),
        ("mg.h/24", "g/(24.h)", None),
        ("g/L/", "g/L", None),
        ("g//L", "g/L", None),
        ("mol/L", "g/L", None),
        ("nonsense", "g/L", None),
        ("", "g/L", None),
        ("mo", "s", None),
        ("mol.L-1", "mol/L", None),  # a float in ucumvert: not exact. The table reads it
    ],
)
def test_ucum_outside_the_table(code: str, base: str, expected: Fraction | None) -> None:
    assert ucum.exact(code, base) == expected


def test_read_answers_for_ucum_outside_the_table() -> None:
    unit = known("pg/L", "mass concentration")
    assert unit == Unit("pg/L", "mass concentration", Fraction(1, 10**12), "pg/L")
    assert UNITS.read("pg/L", ["molar concentration"]) is None
    assert UNITS.read("pg/L", ["molar concentration", "mass concentration"]) == unit


@every_entry
def test_fallback_agrees_with_the_table(name: str, code: str, entry: Any) -> None:
    found = ucum.exact(code, DIMENSIONS[name]["base"])
    assert found is None or found == Fraction(entry["factor"])


def test_threads_get_the_same_answer() -> None:
    codes = [f"10*{power}/L" for power in range(13, 29)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda code: ucum.exact(code, "10*9/L"), codes))
    assert found == [Fraction(10) ** (power - 9) for power in range(13, 29)]


def test_neither_pint_nor_lark_is_loaded_for_known_units_or_nonsense() -> None:
    script = (
        "import sys, json\n"
        "from screener.vocabulary.units import Units\n"
        "units = Units(json.load(sys.stdin))\n"
        "assert units.read('x 109/L', ['number concentration'])\n"
        "assert not units.read('big ones', ['number concentration'])\n"
        "assert not units.read('K/mL', ['number concentration'])\n"
        "assert not units.read('mg/dL', ['number concentration'])\n"
        "assert not {'pint', 'ucumvert', 'lark', 'difflib', 'yaml'} & set(sys.modules)\n"
    )
    given_data = json.dumps(DIMENSIONS)
    subprocess.run([sys.executable, "-c", script], input=given_data, text=True, check=True)
