"""How names are compared, and how the lexer walks over them."""

import pytest

from screener.vocabulary import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Front-line  Therapy", "front line therapy"),
        ("beta-2 microglobulin", "Beta 2 Microglobulin"),
        ("β₂-microglobulin", "β2 microglobulin"),
        ("anti–HBc", "anti-HBc"),
        ("Waldenström", "WALDENSTRO\u0308M"),
        ("Crohn’s disease", "Crohn's disease"),
        ("t(4;14)", "t( 4 ; 14 )"),
        ("straße", "STRASSE"),
        ("ﬁbrosis", "fibrosis"),
        ("HIV_infection", "HIV infection"),
    ],
)
def test_names_that_differ_only_in_writing_agree(one: str, other: str) -> None:
    assert names.folded(one) == names.folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("17p-", "17p"), ("-13", "13"), ("+9", "9"), ("+9", "-9"), ("t(4;14)", "t(14;4)"),
        ("VRd", "VR d"), ("1q21", "1q 21"), ("CD3", "CD38"),
    ],
)  # fmt: skip
def test_names_that_differ_in_meaning_stay_apart(one: str, other: str) -> None:
    assert names.folded(one) != names.folded(other)


def test_folding_a_folded_name_changes_nothing() -> None:
    for name in ("Front-line  Therapy", "t(4;14)(p16;q32)", "17p-", "β₂-microglobulin", "IGH::FGFR3"):
        assert names.folded(names.folded(name)) == names.folded(name)


@pytest.mark.parametrize("sign", "‐‑‒–—―−﹣－")
def test_every_dash_is_one_dash(sign: str) -> None:
    assert names.plain(f"17p{sign}") == "17p-"


def test_pieces_say_where_each_of_them_ends() -> None:
    text = "t(4;14) in anti-HBc"
    found = names.pieces(text)
    assert [piece for piece, _ in found] == ["t", "(", "4", ";", "14", ")", "in", "anti", "hbc"]
    assert [text[:end] for _, end in found][-2:] == ["t(4;14) in anti", "t(4;14) in anti-HBc"]


def test_pieces_and_folding_agree() -> None:
    for name in ("17p-", "Anti-HBc", "a-b_c d", "x-", "-x", "a--b", "t(4;14)", "mL/min", "50 %"):
        assert " ".join(piece for piece, _ in names.pieces(name)) == names.folded(name)


@pytest.mark.parametrize("nothing", ["", "   ", "\t\n"])
def test_nothing_has_no_pieces(nothing: str) -> None:
    assert names.pieces(nothing) == []
    assert names.folded(nothing) == ""
