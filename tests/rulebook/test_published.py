"""The rule files that ship: they load, print back, keep the order of their source, and are kept."""

import re

import pytest

from screener import resources
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import codec
from screener.model.trial import Criterion, Trial
from screener.rulebook import library
from screener.rulebook.read import read_trial
from screener.vocabulary.load import catalogue

FILES = library.trial_files()


def read(path: object) -> Trial:
    chosen = next(file for file in FILES if file == path)
    trial, problems = read_trial(chosen.read_text("utf-8"), catalogue(), chosen.name)
    assert [str(problem) for problem in problems] == []
    assert trial is not None
    return trial


TRIALS = {path.stem: read(path) for path in FILES}
CRITERIA = [(trial, criterion) for trial in TRIALS.values() for criterion in trial.criteria]
every_trial = pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
every_criterion = pytest.mark.parametrize(
    ("trial", "criterion"), CRITERIA, ids=[f"{trial.id}-{item.id}" for trial, item in CRITERIA]
)


def test_the_five_trials_are_there() -> None:
    assert set(TRIALS) >= {
        "NCT01053949", "NCT02538198", "NCT04217967", "NCT05378971", "NCT06158412"
    }  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_named_after_its_trial(path: object) -> None:
    assert read(path).id == getattr(path, "stem", "")


@every_criterion
def test_the_printed_rule_reads_as_the_same_rule(trial: Trial, criterion: Criterion) -> None:
    assert parse(criterion.printed, catalogue(), criterion.kind) == (criterion.rule, [])
    assert Printer(catalogue()).print(criterion.rule) == criterion.printed


@every_criterion
def test_a_criterion_has_its_text_and_its_letter_agrees_with_its_kind(
    trial: Trial, criterion: Criterion
) -> None:
    assert criterion.text
    assert "\n" not in criterion.text
    home = {"I": "inclusion", "E": "exclusion"}.get(criterion.id[0], criterion.kind)
    assert criterion.kind == home


@every_trial
def test_the_ids_are_in_the_order_of_the_source_without_a_gap(trial: Trial) -> None:
    by_letter: dict[str, list[int]] = {}
    for criterion in trial.criteria:
        match = re.fullmatch(r"([IES])(\d+)([a-z]?)", criterion.id)
        assert match is not None
        if match[3] in ("", "a"):
            by_letter.setdefault(match[1], []).append(int(match[2]))
    for letter, numbers in by_letter.items():
        assert numbers == list(range(1, len(numbers) + 1)), letter


@every_trial
def test_a_trial_as_plain_data_is_made_again_the_same(trial: Trial) -> None:
    import json

    assert codec.made(json.loads(json.dumps(codec.plain(trial)))) == trial


@every_trial
def test_the_disease_of_a_trial_is_a_condition(trial: Trial) -> None:
    assert catalogue()[trial.disease].kind == "condition"


def test_rule_files_are_found_in_the_checkout() -> None:
    assert {path.parent for path in FILES} == {resources.rules()}
