"""Every entry of every vocabulary file: its names, codes, figures, sources and references."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import yaml

from screener import resources
from screener.language import parser, tokens
from screener.language.printer import Printer
from screener.vocabulary import names
from screener.vocabulary.catalogue import Kind
from screener.vocabulary.load import FILES, TABLES, catalogue
from screener.vocabulary.quantities import dimensions

DOCUMENTS: dict[str, Any] = {
    name: yaml.load((resources.vocabulary() / f"{name}.yaml").read_text("utf-8"), yaml.CBaseLoader)
    for name in FILES
}


@dataclass(frozen=True, slots=True)
class Entry:
    file: str
    kind: Kind
    id: str
    facts: dict[str, Any]


ENTRIES = [
    Entry(file, TABLES[table], concept, facts)
    for file, document in DOCUMENTS.items()
    for table, entries in document.items()
    if table in TABLES
    for concept, facts in entries.items()
]
BY_ID = {entry.id: entry for entry in ENTRIES}
OF_KIND: dict[str, set[str]] = {
    kind: {entry.id for entry in ENTRIES if entry.kind == kind} for kind in set(TABLES.values())
}
every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=[f"{e.kind}-{e.id}" for e in ENTRIES])


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    chosen = [entry for entry in ENTRIES if entry.kind in kinds]
    return pytest.mark.parametrize("entry", chosen, ids=[entry.id for entry in chosen])


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# --- names ------------------------------------------------------------------------------------


def test_ids_are_unique_over_all_files_and_well_formed() -> None:
    assert len(BY_ID) == len(ENTRIES)
    assert [entry.id for entry in ENTRIES if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", entry.id)] == []


def test_names_and_synonyms_are_unique_over_all_files_after_folding() -> None:
    owners: dict[str, set[str]] = {}
    for entry in ENTRIES:
        for name in (entry.facts["name"], *entry.facts.get("synonyms", ())):
            owners.setdefault(names.folded(name), set()).add(entry.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_no_synonym_is_written_twice_and_none_repeats_the_name() -> None:
    doubled = {
        entry.id: sorted(name for name in spelled if spelled.count(name) > 1)
        for entry in ENTRIES
        if len(set(spelled := [entry.facts["name"], *entry.facts.get("synonyms", ())])) < len(spelled)
    }
    assert doubled == {}


def test_a_name_that_is_a_word_of_the_grammar_is_printed_in_quotes() -> None:
    patterns = {
        terminal: pattern
        for terminal, pattern in parser._words().items()
        if terminal not in ("WORD", "STRING", "NUMBER")
    }
    taken = [
        Printer(catalogue()).name(entry.id)
        for entry in ENTRIES
        if any(pattern.fullmatch(entry.facts["name"]) for pattern in patterns.values())
    ]
    assert taken == ['"allergy"']


@cache
def read_as(name: str) -> tuple[list[tuple[str, str]], list[str]]:
    found, problems, _ = tokens.tokenise(name, parser._words(), catalogue())
    return [(token.type, token.value) for token in found], [str(problem) for problem in problems]


@every_entry
def test_a_printed_name_is_read_as_its_own_concept(entry: Entry) -> None:
    printed = Printer(catalogue()).name(entry.id)
    assert read_as(printed) == ([(tokens.TERMINALS[entry.kind], entry.id)], [])


def test_every_name_and_synonym_is_found_as_its_own_concept() -> None:
    for entry in ENTRIES:
        for name in (entry.facts["name"], *entry.facts.get("synonyms", ())):
            found = catalogue().named(name)
            assert found is not None
            assert found.id == entry.id, name
            assert '"' not in name


# --- codes ------------------------------------------------------------------------------------

_FORMS = {
    "LOINC": r"\d{1,5}-\d", "SNOMED CT": r"\d{6,18}", "RxNorm": r"\d{3,8}", "CPT": r"\d{4}[0-9A-Z]",
    "ATC": r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?", "ICD-10-CM": r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?",
}  # fmt: skip


def loinc_digit(body: str) -> int:
    """Mod 10 (Luhn): every second digit from the right, doubled."""
    doubled = [sum(map(int, str(int(digit) * (2 - place % 2)))) for place, digit in enumerate(body[::-1])]
    return -sum(doubled) % 10


_D5 = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_ORDER = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def verhoeff(number: str) -> bool:
    """The check digit of an SCTID: the dihedral group of order ten."""
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(_D5[check][int(_ORDER[place % 8][int(digit)])])
    return check == 0


def test_the_check_digits_are_computed_as_published() -> None:
    assert [loinc_digit(body) for body in ("718", "2160", "1742")] == [7, 0, 6]
    assert verhoeff("73211009")
    assert verhoeff("38341003")
    assert not verhoeff("73211008")


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if entry.facts.get("codes")],
    ids=lambda entry: entry.id,
)
def test_codes_are_well_formed_and_have_their_check_digit_and_source(entry: Entry) -> None:
    for code in entry.facts["codes"]:
        assert set(code) <= {"system", "code", "source", "prefix", "status"}
        assert re.fullmatch(_FORMS[code["system"]], code["code"]), code
        assert code["source"] in DOCUMENTS[entry.file]["sources"], code
        assert code.get("prefix", "yes") == "yes"
        if code["system"] == "LOINC":
            body, _, digit = code["code"].partition("-")
            assert loinc_digit(body) == int(digit), code
        if code["system"] == "SNOMED CT":
            assert verhoeff(code["code"]), code


def test_no_code_means_two_concepts() -> None:
    owners: dict[tuple[str, str, str], set[str]] = {}
    for entry in ENTRIES:
        for code in entry.facts.get("codes", ()):
            key = (code["system"], code["code"].casefold(), code.get("prefix", ""))
            owners.setdefault(key, set()).add(entry.id)
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == {}


# --- sources ----------------------------------------------------------------------------------


def sources_in(facts: Any) -> Iterator[str]:
    if isinstance(facts, dict):
        for key, value in facts.items():
            if key == "source":
                yield from listed(value)
            else:
                yield from sources_in(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from sources_in(value)


@pytest.mark.parametrize("file", FILES)
def test_every_source_that_is_named_is_listed(file: str) -> None:
    document = dict(DOCUMENTS[file])
    known = document.pop("sources", {})
    assert set(sources_in(document)) <= set(known)
    assert all(text.strip() for text in known.values())


_FIGURES = ("plausible", "upper_limit", "lower_limit", "molar_mass", "valence", "half_life",
            "steroid_equivalent", "copies", "only_unit")  # fmt: skip


def test_every_figure_has_a_source() -> None:
    for entry in ENTRIES:
        for key in _FIGURES:
            for figure in listed(entry.facts.get(key, [])):
                assert figure.get("source"), (entry.id, key)
        if entry.kind in ("scale", "response"):
            assert entry.facts["source"], entry.id


# --- measurements and scales ------------------------------------------------------------------

FIELDS = {
    "measurement": {"name", "synonyms", "dimensions", "unit", "codes", "molar_mass", "plausible",
                    "upper_limit", "lower_limit", "valence", "results", "ages", "judgement",
                    "integer", "only_unit"},
    "scale": {"name", "synonyms", "low", "high", "step", "labels", "codes", "source"},
    "group": {"name", "synonyms", "members"},
    "marker": {"name", "synonyms", "alteration", "kind", "may_be", "question", "seen_by", "source",
               "codes", "implies", "copies", "absent_with"},
    "class": {"name", "synonyms", "parents", "section"},
    "drug": {"name", "synonyms", "classes", "kind", "codes", "half_life", "steroid_equivalent"},
    "regimen": {"name", "synonyms", "drugs"},
    "condition": {"name", "synonyms", "parents", "codes", "family", "acute", "may_be",
                  "may_itself_be", "severity"},
    "procedure": {"name", "synonyms", "codes", "parents", "may_be", "may_itself_be"},
    "response": {"name", "synonyms", "rank", "source"},
}  # fmt: skip


def test_an_entry_has_the_fields_of_its_kind_and_no_other() -> None:
    for entry in ENTRIES:
        assert set(entry.facts) <= FIELDS[entry.kind], entry.id
        assert entry.facts["name"].strip() == entry.facts["name"] != "", entry.id


def unit_of(entry: Entry, code: str) -> Any:
    return catalogue().units.read(code, dimensions(catalogue()[entry.id]))


@of_kind("measurement")
def test_the_units_of_a_measurement_exist_and_fit_its_dimensions(entry: Entry) -> None:
    known = DOCUMENTS["units"]["dimensions"]
    assert set(entry.facts["dimensions"]) <= set(known)
    assert entry.facts["dimensions"] or entry.facts.get("results") == "yes"
    used = [entry.facts["unit"]] if "unit" in entry.facts else []
    used += [figure["unit"] for figure in listed(entry.facts.get("only_unit", []))]
    used += [figure["unit"] for key in ("plausible", "upper_limit", "lower_limit")
             for figure in listed(entry.facts.get(key, []))]  # fmt: skip
    assert used or not entry.facts["dimensions"]
    for code in used:
        unit = unit_of(entry, code)
        assert unit is not None, code
        assert unit.code == code


@of_kind("measurement")
def test_the_ranges_of_a_measurement_run_upwards(entry: Entry) -> None:
    plausible = entry.facts.get("plausible")
    if plausible is not None:
        assert Fraction(plausible["low"]) < Fraction(plausible["high"])
    for key in ("upper_limit", "lower_limit"):
        limits = listed(entry.facts.get(key, []))
        for limit in limits:
            assert 0 <= Fraction(limit["low"]) <= Fraction(limit["high"])
            assert limit.get("sex", "male") in ("male", "female")
        sexes = [limit.get("sex", "") for limit in limits]
        assert sexes in ([], [""], ["male", "female"], ["female", "male"])


@of_kind("measurement")
def test_limits_of_normal_lie_in_the_plausible_range_and_the_lower_below_the_upper(
    entry: Entry,
) -> None:
    def in_base(figure: dict[str, str], key: str) -> Fraction | None:
        unit = unit_of(entry, figure["unit"])
        return None if unit.factor is None else Fraction(figure[key]) * unit.factor

    plausible = entry.facts.get("plausible")
    for key in ("upper_limit", "lower_limit"):
        for limit in listed(entry.facts.get(key, [])):
            same = plausible is not None and (
                unit_of(entry, limit["unit"]).dimension == unit_of(entry, plausible["unit"]).dimension
            )
            if same:
                low, high = in_base(plausible, "low"), in_base(plausible, "high")
                assert low is not None
                assert high is not None
                assert low <= (in_base(limit, "low") or 0)
                assert (in_base(limit, "high") or 0) <= high
    upper = {limit.get("sex", ""): limit for limit in listed(entry.facts.get("upper_limit", []))}
    for limit in listed(entry.facts.get("lower_limit", [])):
        above = upper.get(limit.get("sex", ""))
        if above is not None and above["unit"] == limit["unit"]:
            assert Fraction(limit["high"]) <= Fraction(above["low"])


@of_kind("measurement")
def test_molar_masses_and_valences_are_possible(entry: Entry) -> None:
    if "molar_mass" in entry.facts:
        assert 1 <= Fraction(entry.facts["molar_mass"]["value"]) < 1_000_000
        assert set(dimensions(catalogue()[entry.id])) >= {"mass concentration", "molar concentration"}
    if "valence" in entry.facts:
        assert entry.facts["valence"]["value"] in ("1", "2", "3")
    for flag in ("results", "ages", "judgement", "integer"):
        assert entry.facts.get(flag, "yes") == ("no" if flag == "ages" and flag in entry.facts
                                               else "yes")  # fmt: skip


@of_kind("group")
def test_a_group_has_measurements_of_one_kind(entry: Entry) -> None:
    assert len(entry.facts["members"]) >= 2
    assert set(entry.facts["members"]) <= OF_KIND["measurement"]
    assert len({dimensions(catalogue()[member]) for member in entry.facts["members"]}) == 1


@of_kind("scale")
def test_a_scale_runs_upwards_in_whole_steps_and_its_labels_are_grades_of_it(entry: Entry) -> None:
    low, high, step = (int(entry.facts[key]) for key in ("low", "high", "step"))
    assert low < high
    assert (high - low) % step == 0
    assert {int(grade) for grade in entry.facts["labels"].values()} <= set(range(low, high + 1, step))
    folded = [label.casefold() for label in entry.facts["labels"]]
    assert len(set(folded)) == len(folded)


def grades(scale: str) -> set[int]:
    facts = BY_ID[scale].facts
    return set(range(int(facts["low"]), int(facts["high"]) + 1, int(facts["step"])))


@pytest.mark.parametrize(
    "conversion", DOCUMENTS["scales"]["conversions"], ids=lambda conversion: conversion["source"]
)
def test_a_conversion_maps_each_grade_of_the_living_and_covers_the_other_scale(
    conversion: dict[str, Any],
) -> None:
    # ECOG 5 and Karnofsky 0 are death, which two of the published maps leave out
    mapped = {int(grade): {int(to) for to in listed(image)}
              for grade, image in conversion["map"].items()}  # fmt: skip
    images = [to for image in mapped.values() for to in image]
    assert grades(conversion["from"]) - {5} <= set(mapped) <= grades(conversion["from"])
    assert grades(conversion["to"]) - {0} <= set(images) <= grades(conversion["to"])
    assert len(set(images)) == len(images)
    falling = [(max(mapped[grade + 1]), min(mapped[grade])) for grade in mapped if grade + 1 in mapped]
    assert all(worse < better for worse, better in falling)


# --- references -------------------------------------------------------------------------------


@of_kind("condition", "procedure", "class")
def test_the_parents_of_an_entry_exist_and_are_of_its_kind(entry: Entry) -> None:
    parents = entry.facts.get("parents", [])
    assert set(parents) <= OF_KIND[entry.kind]
    assert len(set(parents)) == len(parents)
    for listed in ("may_be", "may_itself_be"):
        assert set(entry.facts.get(listed, [])) <= OF_KIND[entry.kind] - {entry.id, *parents}
    if entry.kind == "condition":
        assert entry.facts.get("family", entry.id) in OF_KIND["condition"]
        assert entry.facts.get("acute", "yes") == "yes"
    if entry.kind == "class":
        assert entry.facts.get("section", "both") in ("treatments", "medications", "both")


@of_kind("drug")
def test_a_drug_has_known_classes_a_known_kind_and_a_possible_half_life(entry: Entry) -> None:
    assert set(entry.facts["classes"]) <= OF_KIND["class"]
    assert entry.facts["kind"] in DOCUMENTS["drugs"]["kinds"]
    half_life = entry.facts.get("half_life")
    if half_life is not None:
        assert half_life["unit"] in ("min", "h", "d", "wk")
        assert 0 < Fraction(half_life["low"]) <= Fraction(half_life["high"])
        assert DOCUMENTS["drugs"]["kinds"][entry.facts["kind"]].get("half_life_applies") != "no"
    if "steroid_equivalent" in entry.facts:
        assert 0 < Fraction(entry.facts["steroid_equivalent"]["mg"]) <= 50


@of_kind("regimen")
def test_a_regimen_is_of_known_drugs(entry: Entry) -> None:
    drugs = entry.facts["drugs"]
    assert set(drugs) <= OF_KIND["drug"] | OF_KIND["class"]
    assert len(set(drugs)) == len(drugs) >= 1


@of_kind("marker")
def test_a_marker_refers_to_known_markers_and_methods(entry: Entry) -> None:
    facts = entry.facts
    for key in ("implies", "may_be", "absent_with"):
        assert set(facts.get(key, [])) <= OF_KIND["marker"] - {entry.id}
    assert set(facts["seen_by"]) <= set(DOCUMENTS["markers"]["methods"])
    assert ("may_be" in facts) == ("question" in facts)
    assert facts.get("question", "?").endswith("?")


def test_nothing_is_its_own_ancestor() -> None:
    known = catalogue()
    upward = {concept: set(known._parents(concept)) for concept in known}
    reached = {concept: set(parents) for concept, parents in upward.items()}
    grew = True
    while grew:
        grew = False
        for concept, line in reached.items():
            longer = line.union(*(reached[parent] for parent in line))
            grew = grew or longer != line
            reached[concept] = longer
    assert [concept for concept, line in reached.items() if concept in line] == []


@pytest.mark.parametrize(
    "row", DOCUMENTS["conditions"]["settled_by"], ids=lambda row: f"{row['condition']}-{row['truth']}"
)
def test_a_test_that_settles_a_condition_refers_to_what_exists(row: dict[str, Any]) -> None:
    assert row["condition"] in OF_KIND["condition"]
    assert row["truth"] in ("present", "absent")
    assert row["when"]
    for part in row["when"]:
        match part:
            case {"test": test, "result": result, **rest}:
                assert BY_ID[test].facts.get("results") == "yes"
                assert result in ("positive", "negative")
                assert set(rest) <= {"within"}
            case {"condition": condition, **rest}:
                assert condition in OF_KIND["condition"] - {row["condition"]}
                assert not rest
            case {"ever": test, "above": amount, **rest}:
                number, _, unit = amount.partition(" ")
                assert Fraction(number) >= 0
                assert unit_of(BY_ID[test], unit) is not None
                assert not rest
            case _:
                pytest.fail(f"an unknown form: {part}")


def test_responses_have_distinct_ranks_from_one_upwards_in_the_order_of_the_imwg() -> None:
    ranked = sorted((entry for entry in ENTRIES if entry.kind == "response"),
                    key=lambda entry: int(entry.facts["rank"]))  # fmt: skip
    assert [int(entry.facts["rank"]) for entry in ranked] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.facts["name"] for entry in ranked] == ["PD", "SD", "MR", "PR", "VGPR", "CR", "sCR"]


def test_what_stands_beside_the_responses_is_named_apart_from_them() -> None:
    document = DOCUMENTS["responses"]
    ranked = {names.folded(name) for entry in document["responses"].values()
              for name in (entry["name"], *entry["synonyms"])}  # fmt: skip
    for table in ("unranked", "findings"):
        for entry in document[table].values():
            assert not ranked & {names.folded(name) for name in (entry["name"], *entry["synonyms"])}
