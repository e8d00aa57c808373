"""The cases kept for the trials: example patients and what a careful reader says of them."""

from pathlib import Path

import pytest

from screener import api, resources
from screener.errors import InputError
from screener.review.cases import Case, case_files, differences, read_cases, screened

CASES = [case for path in case_files() for case in read_cases(path)]
TRIALS = sorted(path.stem for path in resources.rules().glob("*.yaml"))
PATIENTS = sorted(resources.patients().glob("*.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.trial}: {case.name}")
def test_the_engine_agrees_with_the_reader(case: Case) -> None:
    assert list(differences(case)) == []


def test_every_trial_has_cases_and_every_criterion_a_passing_one() -> None:
    for trial in TRIALS:
        known = {criterion.id for criterion in api.load_trial(trial).criteria}
        passed = {identifier for case in CASES if case.trial == trial
                  for identifier, verdict in case.criteria.items() if verdict == "pass"}  # fmt: skip
        assert known <= passed, (trial, sorted(known - passed))


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("path", PATIENTS, ids=lambda path: path.stem)
def test_every_trial_screens_every_example_patient(trial: str, path: Path) -> None:
    result = api.screen(api.load_patient(path), api.load_trial(trial))
    assert sum(result.counts.values()) == len(result.criteria)
    for criterion in result.criteria:
        assert criterion.reason.endswith((".", ")")), criterion
        if criterion.verdict == "unknown":
            assert criterion.missing, criterion
            assert criterion.questions, criterion


def test_a_wrong_expectation_is_told_in_words() -> None:
    expected = {"E1": "pass", "E99": "pass"}
    case = Case("wrong", "NCT05378971", "del17p.json", overall="eligible", criteria=expected)
    found = list(differences(case))
    assert found[0] == "overall: expected eligible, found ineligible"
    assert found[1].startswith("E1: expected pass, found fail: ")
    assert found[2] == "E99: the trial has no such criterion"


def test_a_case_may_change_a_patient() -> None:
    case = Case("younger", "NCT04217967", "del17p.json", change={"birth_date": "2015-01-01"})
    verdicts = {criterion.id: criterion.verdict for criterion in screened(case).criteria}
    assert verdicts["I1"] == "fail"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trial: X\n", "a file of cases has the keys `trial` and `cases`"),
        ("trial: X\ncases:\n  - name: a\n", "a case names its `patient`"),
        ("trial: X\ncases:\n  - {name: a, patient: b, wrong: c}\n", "the key `wrong` is not known"),
        ("trial: X\ncases:\n  - text\n", "a case is a list of `key: value` pairs"),
    ],
)
def test_a_broken_file_of_cases_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_cases(path)
    assert [problem.message for problem in caught.value.problems] == [message]
