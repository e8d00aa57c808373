"""Marker notation: what is read, what is refused, and that markers.yaml and the grammar agree."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark

from screener.vocabulary.notation import (
    Alteration,
    concept_table,
    grammar_path,
    parse,
    read_notation,
)
from tests.work import steps

ROOT = Path(__file__).parents[2]
ROWS = ROOT / "tests" / "grammar"


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)


ACCEPTS = load(ROWS / "marker_accepts.yaml")
REJECTS = load(ROWS / "marker_rejects.yaml")
DATA = load(ROOT / "screener" / "vocabulary" / "markers.yaml")
MARKERS = DATA["markers"]
TABLE = concept_table(MARKERS)
# findings that a laboratory states in words: no notation says them
WORDS_ONLY = {"hyperdiploidy", "hypodiploidy", "complex_karyotype"}


def markers_of(text: str) -> set[str]:
    return {TABLE[a.key] for a in read_notation(text) if a.key in TABLE}


def keys(text: str) -> list[str]:
    return [a.key for a in read_notation(text)]


@pytest.mark.parametrize("row", ACCEPTS, ids=lambda r: r["text"])
def test_reads(row: dict[str, Any]) -> None:
    found = read_notation(row["text"])
    assert [a.key for a in found] == row["keys"]
    none = [""] * len(found)
    assert ["" if a.copies is None else str(a.copies) for a in found] == row.get("copies", none)
    assert ["" if a.percent is None else str(a.percent) for a in found] == row.get("percent", none)


@pytest.mark.parametrize("row", REJECTS, ids=lambda r: r["text"])
def test_refuses(row: dict[str, Any]) -> None:
    if "not" in row:
        assert keys(row["text"])
        assert not markers_of(row["text"]) & set(row["not"])
    else:
        assert keys(row["text"]) == []


def test_there_are_enough_rows() -> None:
    assert len(ACCEPTS) >= 150
    assert len(REJECTS) >= 40
    assert len({r["text"] for r in ACCEPTS}) == len(ACCEPTS)


def test_grammar_has_no_conflict_and_every_rule_an_accepted_row() -> None:
    strict = Lark(grammar_path().read_text(encoding="utf-8"), parser="lalr", strict=True)
    rules = {r.alias or str(r.origin.name) for r in strict.rules}
    used: set[str] = set()
    for row in ACCEPTS:
        tree = parse(row["text"])
        assert tree is not None
        used |= {str(node.data) for node in tree.iter_subtrees()}
    assert {r for r in rules if not r.startswith("_")} - used == set()


def test_every_word_of_the_grammar_is_in_an_accepted_row() -> None:
    terminals = Lark(grammar_path().read_text("utf-8"), parser="lalr").terminals
    # those that a tree keeps: not the ones named with an underscore, nor mere punctuation
    words = {t.name for t in terminals if t.pattern.type == "re" and not t.name.startswith("_")}
    used: set[str] = set()
    for row in ACCEPTS:
        tree = parse(row["text"])
        assert tree is not None
        used |= {token.type for token in tree.scan_values(lambda _: True)}
    assert words - {"WS"} - used == set()


@pytest.mark.parametrize("marker", sorted(MARKERS))
def test_spellings_that_are_notation_mean_their_own_marker(marker: str) -> None:
    entry = MARKERS[marker]
    for spelling in [entry["name"], *entry["synonyms"]]:
        assert markers_of(spelling) <= {marker}, spelling
        assert all(k in TABLE for k in keys(spelling)), spelling


@pytest.mark.parametrize("marker", sorted(set(MARKERS) - WORDS_ONLY))
def test_every_marker_has_a_notation(marker: str) -> None:
    assert any(TABLE.get(k) == marker for row in ACCEPTS for k in row["keys"])


def test_markers_refer_to_what_exists() -> None:
    for marker, entry in MARKERS.items():
        for field in ("implies", "absent_with", "may_be"):
            assert set(entry.get(field, [])) <= set(MARKERS) - {marker}, marker
        assert set(entry["seen_by"]) <= set(DATA["methods"]), marker
        assert set(entry["source"]) <= set(DATA["sources"]), marker
        assert "question" in entry or "may_be" not in entry, marker
    for table in ("regions", "exchanges", "genes", "copy_numbers"):
        for name, entry in DATA[table].items():
            source = entry.get("source", [])
            cited = {source} if isinstance(source, str) else set(source)
            assert cited <= set(DATA["sources"]), name
            assert cited or table == "genes", name
            assert cited or "band" not in entry, name


def test_no_method_proves_absence_of_what_it_cannot_see() -> None:
    for marker, entry in MARKERS.items():
        seen, kind = set(entry["seen_by"]), entry["kind"]
        assert "karyotype" not in seen or marker in {"complex_karyotype", "normal_karyotype"}
        assert kind != "mutation" or "fish" not in seen
        assert kind != "translocation" or not seen & {"snp_array", "array_cgh"}


def test_implied_markers_are_never_implied_in_a_circle() -> None:
    def above(marker: str, path: tuple[str, ...] = ()) -> None:
        assert marker not in path, path
        for parent in MARKERS[marker].get("implies", []):
            above(parent, (*path, marker))

    for marker in MARKERS:
        above(marker)


def test_an_alteration_means_one_marker() -> None:
    with pytest.raises(ValueError, match="both"):
        concept_table({"a": {"alteration": "trisomy 9"}, "b": {"alteration": ["trisomy 9"]}})


def test_a_karyotype_holds_several_findings() -> None:
    assert markers_of("46,XX,del(17)(p13),t(4;14)(p16;q32)[5]/46,XX[15]") == {"del_17p", "t_4_14"}


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d")
def test_any_dash_is_a_minus(dash: str) -> None:
    assert keys(f"17p{dash}") == ["deletion 17p"]
    assert keys(f"{dash}13") == ["monosomy 13"]
    assert keys(f"IGH{dash}FGFR3") == ["fusion FGFR3::IGH"]


@given(st.permutations([("4", "p16"), ("14", "q32")]))
def test_the_order_of_the_chromosomes_does_not_matter(pair: list[tuple[str, str]]) -> None:
    (a, b), (c, d) = pair
    assert keys(f"t({a};{c})({b};{d})") == keys(f"t({a};{c})") == ["translocation 4;14"]


PIECES = tuple(
    "del t( ( ) ; , 17 17p p13.1 q32 - + x3 [20/200] / 46 XX nuc ish TP53 IGH :: gain of ? loss mut"  # noqa: SIM905
    " 1q21 99 c".split()
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
        st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
    )
)
def test_never_raises(text: str) -> None:
    assert all(isinstance(a, Alteration) and a.key for a in read_notation(text))


def test_long_texts_are_refused_or_read() -> None:
    assert read_notation("46,XX" + ",del(17)(p13)" * 500) == ()
    assert keys("46,XX" + ",del(17)(p13)" * 150) == ["deletion 17p"]
    for text in (
        "(" * 2000,
        "17p" * 600,
        "[" * 1990 + "copy]",
        "1q21 " * 400,
        "del" * 600,
        "x" * 2000,
    ):
        assert read_notation(text) == ()
        assert steps(lambda: read_notation(text)) < 400_000  # noqa: B023


def test_percent_is_exact() -> None:
    (found,) = read_notation("nuc ish(CKS1Bx3)[41/100]")
    assert found == Alteration("gain CKS1B", 3, Decimal(41))
    assert read_notation("nuc ish(CKS1Bx3)[300/200]")[0].percent is None
    assert read_notation("nuc ish(CKS1Bx3)[0/0]")[0].percent is None


def test_threads_may_begin_together() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: tuple(keys("del(17)(p13.1)")), range(64))) == {("deletion 17p",)}


def test_import_loads_neither_lark_nor_yaml() -> None:
    code = "import sys, screener.vocabulary.notation\nsys.exit(bool({'lark', 'yaml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
