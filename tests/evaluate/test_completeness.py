"""Every unknown says why, what is missing, and what to ask; no reason is clumsy."""

import re
from datetime import date
from typing import Any

import pytest

from screener import api
from screener.evaluate.screening import screened
from screener.rulebook import library

TRIALS = ["NCT01053949", "NCT02538198", "NCT04217967", "NCT05378971", "NCT06158412"]
DAY = "2026-09-20"

PROFILES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "all complete": {"complete": dict.fromkeys(
        ("conditions", "treatments", "procedures", "allergies", "medications", "responses"),
        "2026-10-01")},
    "complete long ago": {"complete": dict.fromkeys(
        ("conditions", "treatments", "procedures", "allergies", "medications", "responses"), "2025")},
    "suspected": {"sex": "female", "conditions": [
        {"name": name, "status": "suspected"} for name in
        ("multiple myeloma", "HIV infection", "infection", "breast cancer", "asthma", "COPD")]},
    "general": {"conditions": [{"name": "malignancy"}, {"name": "neuropathy"}, {"name": "infection"}],
                "procedures": [{"name": "stem cell transplant"}],
                "allergies": [{"substance": "immunomodulatory drug"}]},
    "not understood": {"complete": {"conditions": "2026-10-01", "procedures": "2026-10-01"},
                       "conditions": [{"name": "glorbitis"}], "procedures": [{"name": "glorbotomy"}],
                       "genomics": [{"finding": "glorb", "result": "detected"}],
                       "allergies": [{"substance": "glorbinib"}], "treatments": [{"drugs": ["glorb"]}]},
    "contradictory": {"conditions": [{"name": name, "status": status} for name in
                                     ("HIV infection", "peripheral neuropathy", "breast cancer")
                                     for status in ("active", "absent")],
                      "allergies": [{"substance": "lenalidomide", "status": status}
                                    for status in ("active", "absent")],
                      "procedures": [{"name": "autologous stem cell transplant", "status": status}
                                     for status in ("active", "absent")],
                      "observations": [{"name": "HIV Ag/Ab", "value": "negative", "date": DAY}]},
    "doubtful markers": {"genomics": [
        {"finding": "?del(17)(p13)", "result": "detected", "method": "karyotype", "date": DAY},
        {"finding": "gain(1q21)", "result": "detected", "copies": 3, "method": "FISH"},
        {"finding": "t(4;14)", "result": "not detected", "method": "karyotype"},
        {"finding": "t(11;14)", "result": "indeterminate"}, {"finding": "t(14;16)"}]},
    "old and undated": {"sex": "female", "reproductive": {"pregnant": False, "date": "2020-01-01"},
                        "conditions": [{"name": "peripheral neuropathy", "grade": 3},
                                       {"name": "prostate cancer"}, {"name": "myocardial infarction"}],
                        "procedures": [{"name": "major surgery"}],
                        "observations": [{"name": "platelets", "value": 100, "unit": "10*9/L"}]},
}  # fmt: skip


def results(trial: str, profile: dict[str, Any]) -> Any:
    rules = library.load(library.find(trial, None), api.catalogue())
    patient = api.load_patient({"id": "p", "birth_date": "1960-01-01", **profile})
    chart = api.chart(patient, as_of=date(2026, 10, 1))
    return screened(chart, api.compile_trial(rules)).criteria


CASES = [(trial, name) for trial in TRIALS for name in PROFILES]


@pytest.mark.parametrize(("trial", "name"), CASES)
def test_every_unknown_has_a_reason_a_missing_entry_and_a_question(trial: str, name: str) -> None:
    for result in results(trial, PROFILES[name]):
        assert result.reason.strip(" ."), result.id
        if result.verdict == "unknown":
            assert result.missing, result.id
            assert result.questions, result.id
            assert all(question.endswith("?") for question in result.questions), result.questions


def leaves(trace: Any) -> list[Any]:
    return [leaf for child in trace.children for leaf in leaves(child)] or [trace]


@pytest.mark.parametrize(("trial", "name"), CASES)
def test_reasons_and_questions_are_plain_english(trial: str, name: str) -> None:
    for result in results(trial, PROFILES[name]):
        said = [result.reason, *result.questions, *(leaf.reason for leaf in leaves(result.trace))]
        for sentence in said:
            assert not re.search(r"\b([a-z]+) \1\b", sentence.casefold()), sentence
            assert not re.search(r"\ban? (an?|any|the)\b|\bany no\b|\ba [aeio]\w", sentence), sentence
            assert not re.search(r"\s[,;:.]|;\s*$|:\s*$|None|  |\.\.|_", sentence), sentence


@pytest.mark.parametrize("trial", TRIALS)
def test_nothing_recorded_decides_nothing_but_age(trial: str) -> None:
    for result in results(trial, {}):
        assert result.verdict == "unknown" or "age" in result.rule, result.id


@pytest.mark.parametrize("trial", TRIALS)
def test_completeness_alone_never_excludes(trial: str) -> None:
    for result in results(trial, PROFILES["all complete"]):
        if result.kind == "exclusion":
            assert result.verdict != "fail", result.id
