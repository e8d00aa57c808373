"""SEMANTICS 2 of cytogenetic and molecular findings."""

from typing import Any

import pytest

from tests.evaluate.asking import ask

Findings = list[dict[str, Any]]


def found(finding: str, result: str | None = "detected", **more: Any) -> dict[str, Any]:
    return {"finding": finding, "result": result, **more}


def missed(finding: str, method: str | None = "FISH", **more: Any) -> dict[str, Any]:
    return found(finding, "not detected", method=method, **more)


def check(rule: str, findings: Findings, truth: str, **more: Any) -> str:
    answer = ask(rule, genomics=findings, **more)
    assert answer.truth == truth, answer.reason
    return answer.reason


SPELLINGS = {
    "17p-": ["17p-", "del(17p)", "del17p", "17p deletion", "deletion of 17p", "del(17)(p13.1)",
             "del(17)(p13)", "del(17)(p12)", "TP53 deletion", "loss of TP53", "p53 loss",
             "46,XX,del(17)(p13)[5]/46,XX[15]", "nuc ish(TP53x1,D17Z1x2)[20/200]"],
    "t(4;14)": ["t(4;14)", "t(4;14)(p16;q32)", "t(14;4)", "IGH::FGFR3", "FGFR3/IGH", "IGH-NSD2",
                "translocation (4;14)", "46,XY,t(4;14)(p16;q32)[3]/46,XY[17]"],
    "t(11;14)": ["t(11;14)", "t(11;14)(q13;q32)", "CCND1::IGH", "IGH/CCND1"],
    "t(14;16)": ["t(14;16)", "t(14;16)(q32;q23)", "IGH::MAF"],
    "t(14;20)": ["t(14;20)", "t(14;20)(q32;q12)", "IGH::MAFB"],
    "amp(1q21)": ["amp(1q21)", "1q21 amplification", "amplification of CKS1B", "1q21 x4",
                  ">=4 copies of 1q21", "nuc ish(CKS1Bx5)[60/100]"],
    "gain(1q21)": ["gain(1q21)", "1q21 gain", "3 copies of 1q21", "1q21 x3", "nuc ish(CKS1Bx3)[60/100]"],
    "TP53 mutation": ["TP53 mutation", "mutated TP53", "p53 mutation", "p53 mut"],
    "del(13q)": ["13q-", "del(13q)", "del(13)(q14)", "RB1 deletion"],
    "del(1p32)": ["del(1p32)", "CDKN2C deletion", "1p32-"],
}  # fmt: skip
PAIRS = [(rule, spelling) for rule, spellings in SPELLINGS.items() for spelling in spellings]


@pytest.mark.parametrize(("rule", "spelling"), PAIRS)
def test_every_spelling_is_the_marker(rule: str, spelling: str) -> None:
    check(rule, [found(spelling)], "true")


@pytest.mark.parametrize(("rule", "spelling"), [pair for pair in PAIRS if "ish" not in pair[1]])
def test_every_spelling_not_detected_by_a_method_that_sees_it_is_absent(rule: str, spelling: str) -> None:
    method = "NGS" if "mutation" in rule else "FISH"
    check(rule, [missed(spelling, method)], "false")


SEES = {
    "17p-": {"FISH": True, "interphase FISH": True, "SNP array": True, "array CGH": True,
             "chromosomal microarray": True, "karyotype": False, "G-banding": False, "NGS": False,
             "PCR": False, "Sanger sequencing": False, "tea leaves": False, None: False},
    "t(4;14)": {"FISH": True, "iFISH": True, "karyotype": False, "conventional cytogenetics": False,
                "SNP array": False, "array CGH": False, None: False},
    "TP53 mutation": {"NGS": True, "whole exome sequencing": True, "WGS": True, "FISH": False,
                      "karyotype": False, "SNP array": False, None: False},
    "amp(1q21)": {"FISH": True, "SNP array": True, "karyotype": False, None: False},
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "method", "sees"),
    [(rule, method, sees) for rule, methods in SEES.items() for method, sees in methods.items()],
)
def test_only_a_method_that_can_see_it_proves_absence(rule: str, method: str | None, sees: bool) -> None:
    check(rule, [missed(rule, method)], "false" if sees else "unknown")
    check(rule, [found(rule, method=method)], "true")  # and any method can show it


@pytest.mark.parametrize(
    ("rule", "findings", "truth"),
    [
        ("17p-", [], "unknown"),
        ("17p-", [missed("t(4;14)")], "unknown"),
        ("17p-", [found("17p-", "indeterminate")], "unknown"),
        ("17p-", [found("17p-", None)], "unknown"),
        ("17p-", [found("17p-", None, method="FISH", percent_cells=3)], "unknown"),
        ("17p-", [found("glorb(17)")], "unknown"),
        ("17p-", [found("46,XX[20]", method="karyotype")], "unknown"),
        ("17p-", [missed("17p-", "karyotype"), missed("17p-", "FISH")], "false"),
        ("17p-", [missed("17p-", "FISH"), found("17p-", "indeterminate", method="FISH")], "false"),
        # once detected, it stays present
        ("17p-", [found("17p-", date="2020-01-01"), missed("17p-", date="2026-01-01")], "true"),
        ("17p-", [missed("17p-", date="2020-01-01"), found("17p-", date="2026-01-01")], "true"),
        ("17p-", [found("17p-", date="2010")], "true"),
        ("17p-", [missed("17p-", date="2010-01-01")], "false"),  # cytogenetics do not age
        # monosomy 17 may or may not be meant
        ("17p-", [found("monosomy 17")], "unknown"),
        ("17p-", [found("45,XX,-17[4]/46,XX[16]")], "unknown"),
        ("17p-", [found("i(17q)")], "unknown"),
        ("17p-", [missed("monosomy 17")], "unknown"),
        ("monosomy 17", [found("17p-")], "unknown"),
        ("17p-", [found("monosomy 17"), found("17p-")], "true"),
        ("17p-", [found("TP53 mutation")], "unknown"),
        ("TP53 mutation", [found("17p-")], "unknown"),
        # one variant shows that the gene is mutated, and rules out no other
        ("TP53 mutation", [found("TP53 R175H")], "true"),
        ("TP53 mutation", [missed("TP53 R175H", "NGS")], "unknown"),
        # what implies what
        ("IGH rearrangement", [found("t(4;14)")], "true"),
        ("t(4;14)", [found("IGH rearrangement")], "unknown"),
        ("t(4;14)", [missed("IGH rearrangement")], "false"),
        ("IGH rearrangement", [missed("t(4;14)")], "unknown"),
        ("t(4;14)", [found("t(11;14)")], "unknown"),
        ("del(1p)", [found("del(1p32)")], "true"),
        ("del(1p32)", [missed("del(1p)")], "false"),
        ("del(1p32)", [found("del(1p)")], "unknown"),
        # karyotypes hold several findings
        ("t(4;14)", [found("46,XX,t(4;14)(p16;q32),del(17)(p13)[5]/46,XX[15]")], "true"),
        ("17p-", [found("46,XX,t(4;14)(p16;q32),del(17)(p13)[5]/46,XX[15]")], "true"),
        ("t(11;14)", [found("46,XX,t(4;14)(p16;q32),del(17)(p13)[5]/46,XX[15]")], "unknown"),
        ("17p-", [missed("46,XX,t(4;14)(p16;q32),del(17)(p13)[5]/46,XX[15]", "karyotype")], "unknown"),
    ],
)  # fmt: skip
def test_what_findings_say(rule: str, findings: Findings, truth: str) -> None:
    check(rule, findings, truth)


@pytest.mark.parametrize(
    ("rule", "older", "newer", "truth"),
    [
        ("17p-", missed("17p-"), found("17p-", "indeterminate"), "unknown"),
        ("17p-", missed("17p-"), found("17p-", None), "unknown"),
        ("17p-", missed("17p-"), found("17p-", None, percent_cells=3), "unknown"),
        ("17p-", missed("17p-"), found("?del(17)(p13)"), "unknown"),
        ("17p-", missed("17p-"), found("monosomy 17", "indeterminate"), "unknown"),
        ("17p-", missed("17p-"), found("t(4;14)", "indeterminate"), "false"),
        ("17p-", found("17p-", "indeterminate"), missed("17p-"), "false"),
        ("17p-", found("17p-"), found("17p-", "indeterminate"), "true"),
        ("t(4;14)", missed("IGH rearrangement"), found("IGH rearrangement", "indeterminate"), "unknown"),
        ("IGH rearrangement", missed("IGH rearrangement"), found("t(4;14)", "indeterminate"), "unknown"),
        ("TP53 mutation", missed("TP53 mutation", "NGS"), found("TP53 R175H", "indeterminate"), "unknown"),
        ("17p- in > 20 % of cells", found("17p-", percent_cells=10), found("17p-", None), "unknown"),
        ("17p- in > 20 % of cells", found("17p-", None), found("17p-", percent_cells=10), "false"),
        ("17p- in > 20 % of cells", found("17p-", percent_cells=30), found("17p-", None), "true"),
    ],
)  # fmt: skip
def test_what_was_not_found_does_not_speak_for_a_newer_doubtful_result(
    rule: str, older: dict[str, Any], newer: dict[str, Any], truth: str
) -> None:
    check(rule, [older | {"date": "2026-01-05"}, newer | {"date": "2026-05-05"}], truth)


@pytest.mark.parametrize(
    ("first", "second", "truth"),
    [
        ("2026-05-05", "2026-05-05", "unknown"),
        ("2026-05-05", "2026-05", "unknown"),
        ("2026-05-05", None, "unknown"),
        (None, "2026-05-05", "unknown"),
        ("2026-05-05", "2026-10-02", "false"),  # after the day of screening
    ],
)
def test_a_doubtful_result_that_may_be_the_newer_one_leaves_it_open(
    first: str | None, second: str | None, truth: str
) -> None:
    doubtful = found("17p-", "indeterminate", date=second)
    reason = check("17p-", [missed("17p-", date=first), doubtful], truth)
    assert ("settles nothing" in reason) == (truth == "unknown")


@pytest.mark.parametrize(
    ("rule", "findings", "truth"),
    [
        # exactly 3 copies are a gain, 4 or more an amplification
        ("gain(1q21)", [found("gain(1q21)", copies=3)], "true"),
        ("gain(1q21)", [found("gain(1q21)")], "true"),
        ("gain(1q21)", [found("gain(1q21)", copies=4)], "unknown"),
        ("gain(1q21)", [found("amp(1q21)", copies=3)], "true"),
        ("gain(1q21)", [found("amp(1q21)", copies=4)], "unknown"),
        ("gain(1q21)", [found("amp(1q21)")], "unknown"),
        ("gain(1q21)", [found("1q21+")], "unknown"),
        ("gain(1q21)", [found("1q21+", copies=3)], "true"),
        ("amp(1q21)", [found("amp(1q21)", copies=4)], "true"),
        ("amp(1q21)", [found("amp(1q21)", copies=7)], "true"),
        ("amp(1q21)", [found("amp(1q21)")], "true"),
        ("amp(1q21)", [found("amp(1q21)", copies=3)], "unknown"),
        ("amp(1q21)", [found("gain(1q21)", copies=3)], "unknown"),
        ("amp(1q21)", [found("gain(1q21)")], "unknown"),
        ("amp(1q21)", [found("gain(1q21)", copies=4)], "true"),
        ("amp(1q21)", [found("gain(1q21)", copies=2)], "unknown"),
        ("amp(1q21)", [found("1q21+")], "unknown"),
        ("amp(1q21)", [found("1q21+", copies=5)], "true"),
        ("amp(1q21)", [missed("gain(1q21)")], "false"),
        ("amp(1q21)", [missed("1q21+")], "false"),
        ("amp(1q21)", [missed("gain(1q21)", "karyotype")], "unknown"),
        ("gain(1q21)", [missed("amp(1q21)")], "unknown"),
        ("gain(1q21)", [missed("1q21+")], "false"),
        ("1q21+", [found("gain(1q21)", copies=3)], "true"),
        ("1q21+", [found("amp(1q21)")], "true"),
        ("1q21+", [missed("amp(1q21)")], "unknown"),
        ("1q21+", [found("trisomy 1")], "unknown"),
        ("amp(1q21)", [found("gain(1q21)", copies=3), missed("amp(1q21)")], "unknown"),
        ("amp(1q21)", [found("gain(1q21)", copies=3), found("amp(1q21)", copies=5)], "true"),
    ],
)
def test_gain_and_amplification_by_copies(rule: str, findings: Findings, truth: str) -> None:
    check(rule, findings, truth)


def test_what_may_or_may_not_be_meant_names_the_question() -> None:
    answer = ask("amp(1q21)", genomics=[found("gain(1q21)", copies=3, method="FISH", date="2026-01-01")])
    assert answer.reason == (
        "gain(1q21) (3 copies) detected by FISH on 2026-01-01 (273 days ago), "
        "which may or may not be amp(1q21)"
    )
    assert answer.grounds.questions == ["How many copies of 1q21 (CKS1B) are there?"]
    assert answer.grounds.missing == ["marker: amp(1q21)"]


@pytest.mark.parametrize(
    ("findings", "truth"),
    [
        ([found("17p-", percent_cells=30)], "true"),
        ([found("17p-", percent_cells=20)], "false"),  # more than 20 is asked for
        ([found("17p-", percent_cells=20.5)], "true"),
        ([found("17p-", percent_cells="30%")], "true"),
        ([found("17p-", percent_cells="<10")], "false"),
        ([found("17p-", percent_cells="<30")], "unknown"),
        ([found("17p-", percent_cells=">20")], "true"),
        ([found("17p-", percent_cells=">=20")], "unknown"),
        ([found("17p-", percent_cells="a few")], "unknown"),
        ([found("17p-")], "unknown"),
        ([missed("17p-", percent_cells=3)], "false"),
        ([found("17p-", percent_cells=60, date="2020-01-01"),
          found("17p-", percent_cells=5, date="2026-01-01")], "true"),
        ([found("46,XX,del(17)(p13)[5]/46,XX[15]")], "unknown"),
        ([found("nuc ish(TP53x1,D17Z1x2)[120/200]")], "true"),
        ([found("nuc ish(TP53x1,D17Z1x2)[20/200]")], "false"),
    ],
)  # fmt: skip
def test_the_share_of_cells(findings: Findings, truth: str) -> None:
    check("17p- in > 20 % of cells", findings, truth)


def test_below_the_cut_off_the_laboratory_s_result_decides_and_the_share_is_shown() -> None:
    reason = check("17p-", [missed("17p-", percent_cells=3)], "false")
    assert "3 % of cells" in reason
    assert "3 % of cells" in check("17p-", [found("17p-", percent_cells=3)], "true")


@pytest.mark.parametrize(
    ("doubtful", "rule"),
    [
        ("?del(17)(p13)", "17p-"), ("46,XX,?del(17)(p13)[3]/46,XX[17]", "17p-"),
        ("?t(4;14)(p16;q32)", "t(4;14)"), ("del(17)(p1?3)", "17p-"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("result", ["detected", "not detected", "indeterminate", None])
def test_a_doubtful_notation_is_neither_present_nor_absent(
    doubtful: str, rule: str, result: str | None
) -> None:
    reason = check(rule, [found(doubtful, result, method="FISH")], "unknown")
    assert "settles nothing" in reason or "not recorded" in reason
    check(rule, [found(doubtful, result, method="FISH"), missed(rule)], "false")
    check(rule, [found(doubtful, result, method="FISH"), found(rule)], "true")


@pytest.mark.parametrize(
    ("day", "truth"),
    [("2026-10-01", "true"), ("2026-10-02", "unknown"), ("2026", "unknown"), ("2025", "true"),
     (None, "true")],
)  # fmt: skip
def test_findings_after_the_as_of_date_are_not_used(day: str | None, truth: str) -> None:
    check("17p-", [found("17p-", date=day)], truth)
    opposite = "false" if truth == "true" else truth
    check("17p-", [missed("17p-", date=day)], opposite)


@pytest.mark.parametrize(
    ("findings", "truth"),
    [
        ([found("t(4;14)")], "true"),
        ([missed("17p-"), missed("t(4;14)"), missed("gain(1q21)")], "false"),
        ([missed("17p-"), missed("t(4;14)")], "unknown"),
        ([missed("17p-"), found("t(4;14)")], "true"),
    ],
)
def test_any_of_a_list_of_markers(findings: Findings, truth: str) -> None:
    check("any of 17p-, amp(1q21), t(4;14)", findings, truth)


@pytest.mark.parametrize(
    ("findings", "truth"),
    [
        ([found("17p-"), found("t(4;14)")], "true"),
        ([found("17p-"), missed("t(4;14)")], "false"),
        ([found("17p-")], "unknown"),
        ([missed("t(4;14)")], "false"),
    ],
)
def test_all_of_a_list_of_markers(findings: Findings, truth: str) -> None:
    check("all of 17p-, t(4;14)", findings, truth)


def test_an_unknown_method_or_finding_is_listed_as_not_understood() -> None:
    answer = ask("17p-", genomics=[found("17p-", method="tea leaves"), found("glorb(17)")])
    listed = {(item.record, item.reason) for item in answer.chart.facts.not_understood}
    assert listed == {
        ("genomics[0]", "method not understood"),
        ("genomics[1]", "finding not understood"),
    }
