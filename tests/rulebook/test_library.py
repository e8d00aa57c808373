"""Finding rule files, and keeping each one compiled where nobody else can write."""

import json
import stat
from pathlib import Path

import pytest

from screener.errors import InputError
from screener.model import codec
from screener.rulebook import library
from screener.vocabulary.load import catalogue

RULES = """\
trial: T1
title: A study
completeness: full
status: curated
version: 1
disease: multiple myeloma
criteria:
  - {id: I1, kind: inclusion, text: of age, rule: age >= 18 years}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rules = tmp_path / "rules"
    rules.mkdir()
    for name in ("T1", "NCT00000002", "Nct00000003"):
        (rules / f"{name}.yaml").write_text(RULES.replace("T1", name))
    (rules / "notes.txt").write_text("no rules")
    return rules


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    catalogue()
    monkeypatch.setenv("SCREENER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "screener"


def kept_files(cache: Path) -> list[Path]:
    return sorted(cache.glob("rules-*.json"))


# --- finding ----------------------------------------------------------------------------------


def test_the_files_of_a_folder_are_listed_by_name(folder: Path) -> None:
    assert [path.name for path in library.trial_files(folder)] == [
        "NCT00000002.yaml", "Nct00000003.yaml", "T1.yaml"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [("T1", "T1"), ("t1", "T1"), ("nct00000002", "NCT00000002"), ("NCT00000003", "Nct00000003")],
)
def test_a_trial_is_found_by_its_id_in_any_case(folder: Path, asked: str, found: str) -> None:
    assert library.find(asked, folder) == folder / f"{found}.yaml"


def test_a_path_is_taken_as_it_is(folder: Path) -> None:
    assert library.find("some/where.yaml", folder) == Path("some/where.yaml")
    assert library.find("here.yml", folder) == Path("here.yml")


def problem(asked: str, folder: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        library.find(asked, folder)
    (only,) = caught.value.problems
    return only.code, only.help


def test_an_unknown_trial_is_answered_with_the_nearest_or_with_all(folder: Path) -> None:
    assert problem("NCT00000020", folder) == ("unknown-trial", "did you mean `NCT00000002`?")
    assert problem("xyz", folder) == ("unknown-trial", "known are NCT00000002, Nct00000003, T1")
    assert problem("..", folder)[0] == "unknown-trial"


def test_a_folder_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        library.trial_files(tmp_path / "nowhere")


# --- keeping ----------------------------------------------------------------------------------


def test_a_file_is_compiled_once_and_what_is_kept_gives_the_equal_trial(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = library.load(folder / "T1.yaml", catalogue())
    assert len(kept_files(cache)) == 1
    monkeypatch.setattr("screener.rulebook.read.read_trial", None)  # a second compilation would fail
    second = library.load(folder / "T1.yaml", catalogue())
    assert second == first
    assert second.criteria[0].rule == first.criteria[0].rule


@pytest.mark.parametrize(
    "damage",
    ["", "{", "null", "[]", "{}", '"Trial"', "[1, 2]", '["Trial"]', '["Nobody", 1]', '["()", 1]',
     '["Criterion", "I1"]', "\x00\xff", '["#", "x"]'],
)  # fmt: skip
def test_a_damaged_cache_file_is_ignored_and_written_anew(folder: Path, cache: Path, damage: str) -> None:
    trial = library.load(folder / "T1.yaml", catalogue())
    (file,) = kept_files(cache)
    whole = file.read_bytes()
    file.write_text(damage)
    assert library.load(folder / "T1.yaml", catalogue()) == trial
    assert file.read_bytes() == whole


def test_a_changed_file_is_compiled_anew(folder: Path, cache: Path) -> None:
    path = folder / "T1.yaml"
    before = library.load(path, catalogue())
    path.write_text(RULES.replace("age >= 18 years", "age >= 21 years"))
    after = library.load(path, catalogue())
    assert before.criteria[0].printed == "age >= 18 years"
    assert after.criteria[0].printed == "age >= 21 years"


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_cache_folder_that_others_can_write_to_is_not_used(folder: Path, cache: Path, mode: int) -> None:
    trial = library.load(folder / "T1.yaml", catalogue())
    (file,) = kept_files(cache)
    planted = json.loads(file.read_text())
    assert codec.made(planted) == trial
    file.write_text(file.read_text().replace("of age", "planted"))
    assert library.load(folder / "T1.yaml", catalogue()).criteria[0].text == "planted"
    cache.chmod(mode)
    assert library.load(folder / "T1.yaml", catalogue()) == trial


def test_the_cache_folder_is_made_for_its_owner_alone(folder: Path, cache: Path) -> None:
    library.load(folder / "T1.yaml", catalogue())
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept_files(cache)[0].stat().st_mode) == 0o600
    assert list(cache.glob(".rules-*")) == []


def test_without_a_place_to_keep_anything_trials_still_load(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("SCREENER_CACHE", str(blocked))
    assert library.load(folder / "T1.yaml", catalogue()).id == "T1"


def test_a_file_with_problems_is_not_kept(folder: Path, cache: Path) -> None:
    (folder / "T1.yaml").write_text(RULES.replace("age >=", "agee >="))
    with pytest.raises(InputError, match="agee"):
        library.load(folder / "T1.yaml", catalogue())
    assert kept_files(cache) == []
