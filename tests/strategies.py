"""Hypothesis strategies: every rule that the criterion language can state, and patients' profiles.

`every()` draws on the whole vocabulary, for the laws of the language. `few()` draws on a small part
of it, so that rules and patients often speak of the same things and verdicts are often settled.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from screener.language.bind import UNITLESS, dimensions, members
from screener.model import rule as r
from screener.model.calendar import Span
from screener.vocabulary import names as spelling
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.load import catalogue

AS_OF = date(2026, 10, 1)
DISEASE = "multiple_myeloma"
COMPARATORS = ("<", "<=", ">", ">=", "=")
QUANTIFIERS = ("any", "all")
RESPONSES = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD")
SIGNS_OF_TIME = {"h", "d", "wk", "mo", "a"}

SCALE = int(os.environ.get("LAWS", "1"))  # how many times as many examples are tried

Profile = dict[str, Any]
Node = Any  # of the rule model


def examples(count: int) -> settings:
    """How many examples a law is tried on."""
    return settings(max_examples=count * SCALE)


# --- which names are used ---------------------------------------------------------------------


@dataclass(frozen=True, repr=False)  # hypothesis shows what a strategy was made of: 3,000 names
class Names:
    """The concepts, by id, that rules and patients speak of."""

    measures: tuple[str, ...]  # compared with a number
    results: tuple[str, ...]  # answered by a word
    conditions: tuple[str, ...]
    markers: tuple[str, ...]
    therapies: tuple[str, ...]
    drugs: tuple[str, ...]
    procedures: tuple[str, ...]
    responses: tuple[str, ...]

    def __repr__(self) -> str:
        return f"names of {len(self.conditions)} conditions and the rest"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


@cache
def every() -> Names:
    known = catalogue()

    def of(*kinds: str) -> tuple[str, ...]:
        return tuple(concept for concept in known if known[concept].kind in kinds)

    compared = tuple(name for name in of("measurement", "scale", "group") if units_of(name))
    results = tuple(name for name in of("measurement") if known[name].entry.get("results") == "yes")
    return Names(compared, results, of("condition"), of("marker"), of("drug", "class", "regimen"),
                 of("drug"), of("procedure"), of("response"))  # fmt: skip


_FEW: dict[str, Sequence[str]] = {
    "measures": (
        "ALT", "AST", "creatinine", "platelets", "total calcium", "HBV DNA", "serum M-protein",
        "creatinine clearance", "lines of therapy", "ECOG", "Karnofsky", "transaminases",
    ),
    "results": ("HBsAg", "HBV DNA", "HCV RNA", "HIV antigen/antibody", "anti-HBc"),
    "conditions": (
        "malignancy", "basal cell carcinoma of the skin", "breast cancer", "multiple myeloma",
        "nonsecretory myeloma", "HIV infection", "hepatitis B", "active hepatitis B", "infection",
        "pneumonia", "myocardial infarction",
    ),
    "markers": (
        "del(17p)", "TP53 mutation", "t(4;14)", "gain(1q21)", "amp(1q21)", "monosomy 17",
        "IGH rearrangement",
    ),
    "therapies": (
        "lenalidomide", "bortezomib", "prednisone", "warfarin", "antineoplastic therapy",
        "corticosteroid", "VRd",
    ),
    "drugs": (
        "lenalidomide", "bortezomib", "prednisone", "warfarin",
    ),
    "procedures": (
        "autologous stem cell transplant", "allogeneic stem cell transplant",
        "stem cell transplant", "major surgery",
    ),
    "responses": RESPONSES,
}  # fmt: skip


@cache
def few() -> Names:
    return Names(**{key: tuple(identity(name) for name in listed) for key, listed in _FEW.items()})


def identity(name: str) -> str:
    """The id of a concept, by its name."""
    concept = catalogue().named(name)
    assert concept is not None, f"the vocabulary no longer knows {name}"
    return concept.id


def _one(listed: Sequence[str]) -> st.SearchStrategy[str]:
    return st.integers(0, len(listed) - 1).map(lambda index: listed[index])


def _picked(listed: Sequence[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(_one(listed), min_size=1, max_size=most, unique=True).map(tuple)


# --- numbers and units ------------------------------------------------------------------------


def _typical(concept: str) -> Concept:
    """The concept, or the first member of a group."""
    known = catalogue()
    return known[members(known, concept)[0]]


@cache
def units_of(concept: str) -> tuple[str, ...]:
    """The codes of the units in which a threshold of the concept may be given, "" for a plain one."""
    known, about = catalogue(), _typical(concept)
    allowed = dimensions(about)
    codes = [] if not UNITLESS & set(allowed) else [""]
    for dimension in allowed:
        for code in known.tables["dimensions"][dimension]["units"]:
            unit = known.units.read(code, allowed)
            if unit is not None and unit.code == code and unit.dimension not in UNITLESS:
                codes.append(code)
    return tuple(dict.fromkeys(codes))


@cache
def _alike(concept: str) -> tuple[str, ...]:
    """The measurements that are given in the same kinds of unit, scales of the same grades."""
    known = catalogue()

    def kind(about: Concept) -> tuple[Any, ...]:
        return about.kind, dimensions(about), about.entry.get("low"), about.entry.get("high")

    wanted = kind(_typical(concept))
    return tuple(other for other in every().measures
                 if known[other].kind != "group" and kind(known[other]) == wanted)  # fmt: skip


def numbers(most: int = 10**5) -> st.SearchStrategy[Decimal]:
    """Decimals that a person would write, none of them negative."""
    return st.one_of(
        st.integers(0, 200).map(Decimal),
        st.builds(lambda whole, places: Decimal(whole).scaleb(-places),
                  st.integers(0, most), st.integers(0, 4)),
        st.integers(3, 12).map(lambda power: Decimal(10) ** power),
    )  # fmt: skip


def spans(most: int = 60) -> st.SearchStrategy[Span]:
    return st.builds(Span, st.integers(0, most),
                     st.sampled_from(("hour", "day", "week", "month", "year")))  # fmt: skip


def extents(*, half_lives: bool) -> st.SearchStrategy[Node]:
    if not half_lives:
        return spans()
    single = st.one_of(spans(), st.builds(r.HalfLives, st.integers(1, 10)))
    pair = st.tuples(single, single)
    return st.one_of(single, st.builds(r.Longer, pair), st.builds(r.Shorter, pair))


@st.composite
def windows(draw: st.DrawFn, names: Names, half_lives: bool = False) -> r.Window:
    relation = draw(st.sampled_from(("within", "at least", "more than", "less than")))
    extent = draw(extents(half_lives=half_lives))
    anchor = draw(st.sampled_from(
        ("", "", "", "enrolment", "first dose", "informed consent", "transplant", "procedure")
    ))  # fmt: skip
    if not anchor:
        return r.Window(relation, extent)
    if anchor == "procedure":
        anchor = draw(_one(names.procedures))
    return r.Window(relation, extent, draw(st.sampled_from(("before", "after"))), anchor)


# --- measurements -----------------------------------------------------------------------------


@st.composite
def _thresholds(draw: st.DrawFn, concepts: Sequence[str]) -> r.Test:
    about = _typical(concepts[0])
    values = numbers()
    if about.kind == "scale":
        edges = [_typical(concept).entry for concept in concepts]
        low = max(int(edge["low"]) for edge in edges)
        high = min(int(edge["high"]) for edge in edges)
        values = st.integers(low, max(low, high)).map(Decimal)
    usual = str(about.entry.get("unit", ""))
    usual = usual if usual in units_of(concepts[0]) else ""
    unit = st.sampled_from(units_of(concepts[0]))
    if usual:
        unit = st.one_of(st.just(usual), unit)
        values = st.one_of(_ordinary(usual), values)
    sign = st.sampled_from(COMPARATORS)
    form = draw(st.sampled_from(("limit", "limit", "range", "normal", "beyond", "either")))
    if form == "range":
        low, high = sorted((draw(values), draw(values)))
        return r.Range(low, high, draw(unit))
    if form == "normal" and about.kind != "scale":
        return r.Limit(draw(sign), draw(values), draw(st.sampled_from(("ULN", "LLN"))))
    codes = [code for code in units_of(concepts[0]) if code]
    if form == "beyond" and about.kind != "scale" and codes:
        below = draw(st.booleans())
        value = draw(values)
        return r.Limit(draw(sign), -value if below else value, draw(st.sampled_from(codes)),
                       draw(st.sampled_from(("ULN", "LLN"))))  # fmt: skip
    pair = _not_converting(concepts[0])
    if form == "either" and pair:
        first, second = (draw(st.sampled_from(codes)) for codes in pair)
        return r.EitherUnit((r.Limit(draw(sign), draw(values), first),
                             r.Limit(draw(sign), draw(values), second)))  # fmt: skip
    return r.Limit(draw(sign), draw(values), draw(unit))


@cache
def _not_converting(concept: str) -> tuple[tuple[str, ...], ...]:
    """The units of the two kinds of a viral load."""
    allowed = dimensions(_typical(concept))
    if set(allowed) != {"arbitrary concentration", "copy concentration"}:
        return ()
    read = catalogue().units.read
    return tuple(tuple(code for code in units_of(concept)
                       if (unit := read(code, allowed)) and unit.dimension == dimension)
                 for dimension in allowed)  # fmt: skip


_OCCASIONS = st.sampled_from((*["latest"] * 8, "ever", "at diagnosis"))


@st.composite
def measurements(draw: st.DrawFn, names: Names) -> r.Measurement:
    first = draw(_one(names.measures))
    others = sorted({*_alike(first)} & {*names.measures} - {first})
    more = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
    concepts = (first, *more)
    return r.Measurement(
        concepts, draw(_thresholds(concepts)), draw(st.sampled_from(QUANTIFIERS)), draw(_OCCASIONS),
        draw(st.one_of(*[st.none()] * 6, spans())),
    )  # fmt: skip


@st.composite
def findings(draw: st.DrawFn, names: Names) -> r.Finding:
    known = catalogue()
    if draw(st.booleans()):
        outcome, listed = draw(st.sampled_from(("positive", "negative"))), names.results
    else:
        outcome = draw(st.sampled_from(("normal", "abnormal")))
        listed = tuple(name for name in names.measures if known[name].kind == "measurement")
    return r.Finding(draw(_picked(listed)), outcome, draw(st.sampled_from(QUANTIFIERS)),
                     draw(_OCCASIONS), draw(st.one_of(*[st.none()] * 6, spans())))  # fmt: skip


# --- records ----------------------------------------------------------------------------------

QUALIFIERS = ("active", "resolved", "mild", "moderate", "severe", "serious", "controlled",
              "uncontrolled", "clinically significant")  # fmt: skip
INTENTS = ("induction", "consolidation", "transplant conditioning", "maintenance", "salvage")


def _keeps(text: str) -> bool:
    """Whether the language can hold the words as they are: it makes one kind of dash, quote and
    space of all."""
    return bool(text) and spelling.plain(text) == text and " ".join(text.split()) == text


WORDS = st.one_of(
    st.sampled_from(("agrees to use contraception", 'said "no" to aspirin', "a <25% fall", "a\\b",
                     "is treated", "in the opinion of the investigator, not suitable")),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(_keeps),
)  # fmt: skip


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), strategy)


@st.composite
def patterns(draw: st.DrawFn, names: Names) -> r.Pattern:
    grade = draw(_optional(st.builds(r.Limit, st.sampled_from(COMPARATORS),
                                     st.integers(0, 5).map(Decimal))))  # fmt: skip
    return r.Pattern(
        draw(_one(names.conditions)),
        tuple(draw(st.lists(st.sampled_from(QUALIFIERS), max_size=2, unique=True))),
        grade,
        draw(_optional(st.sampled_from(("T1a", "T1b", "I", "II", "III", "4")))) or "",
        draw(_optional(windows(names))),
        draw(_optional(windows(names))),
        draw(_optional(WORDS)) or "",
    )


@st.composite
def conditions(draw: st.DrawFn, names: Names) -> r.Condition:
    many = st.lists(patterns(names), max_size=2).map(tuple)
    return r.Condition(
        (draw(patterns(names)), *draw(many)), draw(st.sampled_from(QUANTIFIERS)),
        draw(st.booleans()), draw(st.booleans()), draw(st.one_of(st.just(()), many)),
    )  # fmt: skip


def markers(names: Names) -> st.SearchStrategy[r.Marker]:
    share = st.builds(r.Limit, st.sampled_from(COMPARATORS), numbers(1000), st.just("%"))
    return st.builds(r.Marker, _picked(names.markers), st.sampled_from(QUANTIFIERS),
                     _optional(share))  # fmt: skip


@st.composite
def exposures(draw: st.DrawFn, names: Names, most: int = 3) -> r.Exposure:
    return r.Exposure(
        draw(_picked(names.therapies, most)),
        tuple(draw(_optional(st.lists(st.sampled_from(INTENTS), min_size=1, max_size=2,
                                      unique=True))) or ()),
        draw(_optional(st.integers(1, 5))),
        draw(_optional(_picked(names.therapies, 2))) or (),
    )  # fmt: skip


@st.composite
def therapies(draw: st.DrawFn, names: Names) -> r.Therapy:
    ongoing = draw(st.booleans())
    window = None if ongoing else draw(st.none() | windows(names, half_lives=True))
    return r.Therapy(draw(exposures(names)), draw(st.sampled_from(QUANTIFIERS)), ongoing, window)


def durations(names: Names) -> st.SearchStrategy[r.Duration]:
    # One name: of several the language keeps no quantifier (see test_language).
    return st.builds(r.Duration, exposures(names, 1), st.sampled_from(COMPARATORS), spans())


@cache
def _steroids() -> tuple[str, ...]:
    known = catalogue()
    return tuple(name for name in every().drugs if "steroid_equivalent" in known[name].entry)


@st.composite
def steroid_doses(draw: st.DrawFn, names: Names) -> r.SteroidDose:
    exposure = draw(exposures(names, 1))
    if draw(st.booleans()):
        exposure = r.Exposure((identity("corticosteroid"),))
    limit = r.Limit(draw(st.sampled_from(COMPARATORS)), draw(numbers(1000)), "mg")
    return r.SteroidDose(draw(st.sampled_from(("cumulative", "daily"))), exposure, limit,
                         draw(st.sampled_from(_steroids())), draw(windows(names)))  # fmt: skip


def courses(names: Names) -> st.SearchStrategy[r.Course]:
    return st.builds(r.Course, st.sampled_from(("refractory", "relapsed")),
                     _picked(names.therapies), st.sampled_from(QUANTIFIERS))  # fmt: skip


@st.composite
def responses(draw: st.DrawFn, names: Names) -> r.Response:
    listed = draw(st.one_of(st.just(()), _picked(names.therapies)))
    quantifier = draw(st.sampled_from(QUANTIFIERS)) if listed else "all"
    return r.Response(draw(st.sampled_from(("best", "current"))),
                      draw(st.sampled_from(COMPARATORS)), draw(_one(names.responses)),
                      listed, quantifier)  # fmt: skip


def procedures(names: Names) -> st.SearchStrategy[r.Procedure]:
    return st.builds(
        r.Procedure, _picked(names.procedures), st.sampled_from(QUANTIFIERS),
        st.none() | windows(names), st.one_of(st.just(()), _picked(names.procedures, 2)),
    )  # fmt: skip


def allergies(names: Names) -> st.SearchStrategy[r.Allergy]:
    types = st.sampled_from((("allergy",), ("intolerance",), ("allergy", "intolerance")))
    return st.builds(r.Allergy, types, _picked(names.therapies), st.sampled_from(QUANTIFIERS),
                     st.booleans())  # fmt: skip


@st.composite
def ages(draw: st.DrawFn) -> r.Age:
    unit = draw(st.sampled_from(("year", "year", "month")))
    values = st.integers(0, 100 if unit == "year" else 1200).map(Decimal)
    if draw(st.booleans()):
        return r.Age(r.Limit(draw(st.sampled_from(COMPARATORS)), draw(values)), unit)
    low, high = sorted((draw(values), draw(values)))
    return r.Age(r.Range(low, high), unit)


STATES = ("pregnant", "breastfeeding", "childbearing potential", "transplant candidate")


def manuals() -> st.SearchStrategy[r.Manual]:
    return st.builds(r.Manual, WORDS)


def statements(names: Names) -> st.SearchStrategy[Node]:
    """Each form of statement of the language."""
    return st.one_of(
        measurements(names), findings(names), conditions(names), markers(names), therapies(names),
        durations(names), steroid_doses(names), courses(names), responses(names),
        st.builds(r.Progression, st.none() | windows(names)), procedures(names), allergies(names),
        ages(), st.builds(r.Sex, st.sampled_from(("female", "male"))),
        st.builds(r.Status, st.sampled_from(STATES)), manuals(),
    )  # fmt: skip


def _joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    counted = parts.flatmap(lambda of: st.builds(r.AtLeast, st.integers(1, len(of)), st.just(of)))
    return st.one_of(
        st.builds(r.All, parts), st.builds(r.Any, parts), st.builds(r.Not, inner), counted,
        st.builds(r.If, inner, inner), st.builds(r.Unless, inner, inner),
    )  # fmt: skip


def rules(names: Names, leaves: int = 5) -> st.SearchStrategy[Node]:
    """Rules of every logical form over every statement."""
    return st.recursive(statements(names), _joined, max_leaves=leaves)


# --- patients ---------------------------------------------------------------------------------

NOBODY_KNOWS = ("glorptinib", "xyzzy syndrome", "experimental agent 7", "unclear finding 3q")


def days(since: int = 700, until: int = 0) -> st.SearchStrategy[date]:
    return st.integers(-since, until).map(lambda number: AS_OF + timedelta(days=number))


def date_texts(since: int = 700, until: int = 20) -> st.SearchStrategy[str]:
    """Days, days with a clock, months and years, mostly before the as-of date."""
    exact = days(since, until).map(date.isoformat)
    recent = days(60, min(until, 0)).map(date.isoformat)
    return st.one_of(
        exact, recent, recent, recent, exact.map(lambda day: f"{day}T08:30"),
        exact.map(lambda day: day[:7]), exact.map(lambda day: day[:4]),
    )  # fmt: skip


def _record(needed: dict[str, Any], **optional: Any) -> st.SearchStrategy[Profile]:
    return st.fixed_dictionaries(needed, optional=optional)


def _name(concept: str) -> str:
    return catalogue()[concept].name


STATUSES = st.sampled_from(("active", "active", "resolved", "absent", "suspected"))


@st.composite
def observations(draw: st.DrawFn, names: Names, until: int = 20) -> Profile:
    """A result in any unit of its concept, sometimes a word, a sign, no unit or a strange one."""
    known = catalogue()
    listed = [name for name in {**dict.fromkeys(names.measures), **dict.fromkeys(names.results)}
              if known[name].kind != "group"]  # fmt: skip
    concept = known[draw(st.sampled_from(listed))]
    record: Profile = {"name": concept.name}
    if draw(st.integers(0, 15)):
        record["date"] = draw(date_texts(until=until))
    if concept.id in names.results and draw(st.booleans()):
        words = ("positive", "negative", "not detected", "detected", "indeterminate", "odd")
        return record | {"value": draw(st.sampled_from(words))}
    codes = [code for code in units_of(concept.id) if code]
    unit = draw(st.sampled_from((*[concept.entry["unit"]] * len(codes), *codes))) if codes else None
    value = draw(_values(concept, unit))
    sign = draw(st.sampled_from(("", "", "", "", "<", ">", "<=", ">=")))
    record["value"] = f"{sign}{value:f}" if sign else value
    if unit is not None and draw(st.integers(0, 12)):
        record["unit"] = draw(st.sampled_from((unit, unit, unit, unit, "furlongs")))
    if draw(st.booleans()):
        low, high = sorted((draw(_values(concept, unit)), draw(_values(concept, unit))))
        record["reference_range"] = draw(st.sampled_from(
            ({"high": high}, {"low": low}, {"low": low, "high": high})
        ))  # fmt: skip
    return record


def _values(concept: Concept, unit: str | None) -> st.SearchStrategy[Decimal]:
    if concept.kind == "scale":
        step = int(concept.entry.get("step", "1"))
        low, high = int(concept.entry["low"]), int(concept.entry["high"])
        return st.integers(low // step, high // step).map(lambda number: Decimal(number * step))
    return st.one_of(*[_ordinary(unit)] * 4, numbers())


def _ordinary(unit: str | None) -> st.SearchStrategy[Decimal]:
    """Numbers around what is usual for the tests that are given in the unit."""
    return st.integers(0, 40).map(lambda part: _near(unit) * part / 10)


def _near(unit: str | None) -> Decimal:
    usual = {"mg/dL": "3", "g/dL": "2", "U/L": "60", "10*9/L": "100", "mL/min": "60"}
    return Decimal(usual.get(unit or "", "3"))


def attestations(trial: str, criteria: Sequence[str], words: Sequence[str] = ()) -> Any:
    """Answers to a trial's criteria; with `words`, some to one manual atom."""
    about = {"about": st.sampled_from(words)} if words else {}
    return _record(
        {"trial": st.just(trial), "criterion": st.sampled_from(criteria), "met": st.booleans(),
         "by": st.just("Dr Grey"), "date": date_texts(until=20)},
        **about,
    )  # fmt: skip


class _Writer:
    """Writes one profile by chance. A seed and not hypothesis draws what is in it: its own examples
    are four times as slow and mostly copies of each other's parts."""

    def __init__(self, seed: int, names: Names, until: int) -> None:
        self.chance, self.names, self.until = Random(seed), names, until

    def one(self, *listed: Any) -> Any:
        return self.chance.choice(listed)

    def often(self) -> bool:
        return self.chance.random() < 0.75

    def some(self, **optional: Any) -> Profile:
        """Each key half the time."""
        return {key: make() if callable(make) else self.one(*make)
                for key, make in optional.items() if self.chance.random() < 0.5}  # fmt: skip

    def many(self, make: Callable[[], Profile], most: int) -> list[Profile]:
        return [make() for _ in range(self.chance.randint(0, most))]

    def when(self) -> str:
        since = 60 if self.often() else 700
        day = AS_OF + timedelta(days=self.chance.randint(-since, self.until))
        text = day.isoformat()
        return str(self.one(*[text] * 9, f"{text}T08:30", text[:7], text[:4]))

    def called(self, listed: Sequence[str], *others: str) -> str:
        return str(self.one(*[*map(_name, listed)] * 4, *others, NOBODY_KNOWS[0]))

    # --- records

    def condition(self) -> Profile:
        return {"name": self.called(self.names.conditions)} | self.some(
            status=_STATUSES, onset=self.when, resolved=self.when, date=self.when,
            grade=range(6), severity=("mild", "moderate", "severe", "odd"),
            controlled=(True, False), stage=("T1a", "II"),
        )  # fmt: skip

    def observations(self) -> list[Profile]:
        """Most of the measurements once, some twice, a few not at all."""
        known = catalogue()
        listed = [known[name] for name in dict.fromkeys((*self.names.measures, *self.names.results))
                  if known[name].kind != "group"]  # fmt: skip
        return [self.observation(concept) for concept in listed
                for _ in range(self.one(0, 1, 1, 1, 2))]  # fmt: skip

    def observation(self, concept: Concept) -> Profile:
        results = self.names.results
        record: Profile = {"name": concept.name}
        if self.chance.random() < 0.95:
            record["date"] = self.when()
        if concept.id in results and self.often():
            return record | {"value": self.one("positive", "negative", "not detected", "odd")}
        codes = [code for code in units_of(concept.id) if code]
        unit = self.one(*[concept.entry["unit"]] * 2 * len(codes), *codes) if codes else None
        value = self.number(concept, unit)
        sign = self.one("", "", "", "", "", "<", ">", "<=", ">=")
        record["value"] = f"{sign}{value:f}" if sign else value
        if unit is not None and self.chance.random() < 0.97:
            record["unit"] = self.one(*[unit] * 30, "furlongs")
        if self.often():
            low, high = sorted((self.number(concept, unit), self.number(concept, unit)))
            record["reference_range"] = self.one({"high": high}, {"low": low, "high": high})
        return record

    def number(self, concept: Concept, unit: str | None) -> Decimal:
        if concept.kind == "scale":
            step = int(concept.entry["step"])
            return Decimal(self.chance.randrange(int(concept.entry["low"]),
                                                 int(concept.entry["high"]) + 1, step))  # fmt: skip
        part = Decimal(self.chance.randint(0, 40)) / 10
        return _near(unit) * part if self.often() else part.scaleb(self.chance.randint(-2, 6))

    def genomic(self) -> Profile:
        return {
            "finding": self.called(self.names.markers, "46,XX", "-13"),
            "result": self.one("detected", "not detected", "not detected", "indeterminate"),
            "method": self.one("FISH", "FISH", "FISH", "NGS", "NGS", "odd"),
        } | self.some(copies=range(7), percent_cells=(0, 20, 41, 100, "<5", ">60", "41 %", "odd"),
                      date=self.when)  # fmt: skip

    def dose(self) -> Profile:
        return {"value": self.chance.randint(1, 100), "unit": self.one("mg", "mg", "g")} | self.some(
            per=("day", "day", "week"))  # fmt: skip

    def treatment(self) -> Profile:
        drugs = [self.called(self.names.drugs, "chemotherapy") for _ in range(self.one(1, 1, 2, 3))]
        named = self.one({"drugs": drugs}, {"drugs": drugs}, {"drugs": drugs}, {"regimen": "VRd"},
                         {"regimen": "VRd", "drugs": ["bortezomib"]})  # fmt: skip
        return named | self.some(
            start=self.when, end=self.when, ongoing=(True, False, False), line=range(1, 5),
            intent=(*INTENTS, "other"), cycles=range(13), best_response=RESPONSES,
            refractory=(True, False), dose=self.dose,
            stop_reason=("completed", "progression", "toxicity", "other"),
        )  # fmt: skip

    def medication(self) -> Profile:
        return {"name": self.called(self.names.drugs)} | self.some(
            start=self.when, end=self.when, ongoing=(True, False), dose=self.dose)  # fmt: skip

    def procedure(self) -> Profile:
        return {"name": self.called(self.names.procedures)} | self.some(
            status=_STATUSES, date=self.when)  # fmt: skip

    def response(self) -> Profile:
        return {"response": self.one(*RESPONSES, "odd")} | self.some(date=self.when)

    def allergy(self) -> Profile:
        return {"substance": self.called(self.names.drugs, "corticosteroid")} | self.some(
            status=_STATUSES, type=("allergy", "intolerance"), severity=("mild", "severe"),
            date=self.when,
        )  # fmt: skip

    # --- the whole

    def profile(self) -> Profile:
        years = self.chance.randint(0, 100)
        born = self.one(
            {"birth_date": self.one("1961-04-12", "1944", "2008-10", "2008-10-02", "2009-02-28")},
            {"age": years}, {"age": {"value": years, "date": self.when()}},
        )  # fmt: skip
        full = self.one(True, False)
        complete = {section: AS_OF.isoformat() if full else self.when() for section in SECTIONS
                    if full or self.often()}  # fmt: skip
        reproductive = self.some(childbearing_potential=(True, False), pregnant=(True, False),
                                 breastfeeding=(True, False), date=self.when)  # fmt: skip
        return {
            "id": "P-1", **born, "complete": complete,
            "conditions": self.many(self.condition, 4),
            "observations": self.observations(),
            "genomics": self.many(self.genomic, 5),
            "treatments": self.many(self.treatment, 3),
            "medications": self.many(self.medication, 2),
            "procedures": self.many(self.procedure, 2),
            "responses": self.many(self.response, 2),
            "allergies": self.many(self.allergy, 2),
        } | self.some(
            sex=("female", "female", "male", "other"), reproductive=lambda: reproductive,
            transplant_candidate=lambda: {"value": self.one(True, False)} | self.some(date=self.when),
            anchors=lambda: self.some(**dict.fromkeys(ANCHORS, self.when)),
        )  # fmt: skip


_STATUSES = ("active", "active", "resolved", "absent", "suspected")
ANCHORS = ("enrolment", "first dose", "informed consent", "transplant")
SECTIONS = ("conditions", "treatments", "procedures", "allergies", "medications", "responses")


def patients(names: Names, until: int = 20) -> st.SearchStrategy[Profile]:
    """Profiles as `profile_of` accepts them. Their dates run up to `until` days after the as-of
    date."""
    return st.integers(0, 2**60).map(lambda seed: _Writer(seed, names, until).profile())


def known_names(known: Catalogue, concept: str) -> list[str]:
    """The name of a concept and its synonyms, those that are no other concept's."""
    entry = known[concept].entry
    listed = (entry["name"], *entry.get("synonyms", ()))
    return [name for name in listed
            if (found := known.named(name)) is not None and found.id == concept]  # fmt: skip
