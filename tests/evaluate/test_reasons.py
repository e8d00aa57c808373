"""How a criterion's reason reads: what keeps a patient out is told whole, and in whole sentences."""

from typing import Any

import pytest

from screener import screen
from screener.evaluate.wording import ago
from screener.intake.json_profile import profile_of
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model.trial import Criterion, Trial
from screener.model.verdict import CriterionResult
from screener.vocabulary.load import catalogue
from tests.evaluate.asking import ask


def lab(name: str, value: Any, unit: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "date": "2026-09-20"}


def criterion(kind: str, rule: str, **profile: Any) -> CriterionResult:
    node, problems = parse(rule, catalogue(), kind)
    assert node is not None, problems
    made = Criterion("I1", kind, "text", node, Printer(catalogue()).print(node))  # type: ignore[arg-type]
    trial = Trial("T", "title", (made,), "multiple_myeloma", "curated", "full", "1", "0")
    patient, found = profile_of({"id": "p", "birth_date": "1961-04-12", **profile})
    assert patient is not None, found
    return screen(patient, trial, as_of="2026-10-01").criteria[0]


def test_only_who_fails_falls_short() -> None:
    low = [lab("bilirubin", 1, "mg/dL")]
    assert "(short by 2 mg/dL)" in criterion("inclusion", "bilirubin >= 3 mg/dL", observations=low).reason
    passed = criterion("exclusion", "bilirubin >= 3 mg/dL", observations=low)
    assert passed.verdict == "pass"
    assert passed.reason.endswith("is below 3 mg/dL (by 2 mg/dL).")


def test_every_value_that_keeps_a_patient_out_is_shown() -> None:
    tests = ("ALT", "AST", "LDH", "GGT", "alkaline phosphatase", "lipase")
    labs = [lab(name, 20, "U/L") for name in tests]
    rule = " or ".join(f"{name} > 50 U/L" for name in tests)
    failed = criterion("inclusion", rule, observations=labs)
    assert failed.verdict == "fail"
    assert failed.reason.count("20 U/L") == len(tests)
    assert "more." not in failed.reason
    assert criterion("inclusion", rule).reason.endswith("And 2 more.")


def test_what_is_absent_for_one_reason_is_told_in_one_sentence() -> None:
    sections = {"conditions": "2026-10-01", "procedures": "2026-10-01"}
    rule = "HIV infection or stroke or radiotherapy within 4 weeks or seizure"
    assert criterion("exclusion", rule, complete=sections).reason == (
        "No record of HIV infection, stroke or seizure; conditions are complete up to 2026-10-01. "
        "No record of radiotherapy; procedures are complete up to 2026-10-01."
    )


@pytest.mark.parametrize("text", ["dizzy on stairs.", "dizzy on stairs"])
def test_a_sentence_ends_with_one_full_stop(text: str) -> None:
    found = criterion("exclusion", f'manual("{text}")')
    assert found.reason == "A person must say: dizzy on stairs."
    assert found.questions == ("Is it so: dizzy on stairs?",)


def test_what_a_count_lacks_is_told_in_a_sentence() -> None:
    answer = ask("prior lines of therapy >= 2")
    assert answer.reason == (
        "prior lines of therapy are not recorded, and computing it needs a complete list of treatments "
        "up to 2026-10-01"
    )
    assert answer.grounds.questions == [
        "What are the prior lines of therapy, or a complete list of treatments up to 2026-10-01?"
    ]


def test_units_of_a_value_and_of_its_limit_are_written_alike() -> None:
    labs = [lab("platelet count", 60, "10*9/L"), lab("urine M-protein", 300, "mg/(24.h)")]
    assert ask("platelet count >= 75 x 10^9/L", observations=labs).reason.startswith(
        "platelet count 60 x 10^9/L on 2026-09-20 (11 days ago) is below 75 x 10^9/L"
    )
    assert "300 mg/24 h" in ask("urine M-protein >= 200 mg/24 h", observations=labs).reason


def test_one_of_a_time_is_no_several() -> None:
    assert (ago(0), ago(1), ago(2)) == ("the day of screening", "1 day ago", "2 days ago")
    short = criterion("inclusion", "life expectancy >= 6 months",
                      observations=[lab("life expectancy", 5, "mo")])  # fmt: skip
    assert "(short by 1 month)" in short.reason
