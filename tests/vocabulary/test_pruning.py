"""The folder of compiled files stays small, and nothing else in it is touched."""

import os
import time
from pathlib import Path

import pytest

from screener.vocabulary import pruning
from screener.vocabulary.load import keep, kept

DAY = 86_400


def made(folder: Path, name: str, days: float, size: int = 1) -> Path:
    path = folder / name
    path.write_bytes(b"x" * size)
    os.utime(path, (time.time() - days * DAY,) * 2)
    return path


def ours(number: int) -> str:
    return f"rules-{number:032x}.json"


def test_what_nobody_has_used_for_long_goes(tmp_path: Path) -> None:
    new, old = made(tmp_path, ours(1), 29), made(tmp_path, ours(2), 31)
    writing, broken = made(tmp_path, ".rules-abcd_123", 0), made(tmp_path, ".rules-abcd_124", 2)
    pruning.prune(made(tmp_path, ours(999), 0))
    assert [path.exists() for path in (new, old, writing, broken)] == [True, False, True, False]


def test_beyond_a_size_the_longest_unused_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "MOST_BYTES", 100)
    paths = [made(tmp_path, ours(number), number, 40) for number in range(5)]
    pruning.prune(made(tmp_path, ours(999), 0))
    assert [path.exists() for path in paths] == [True, True, False, False, False]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    names = (
        "notes.txt",
        "rules-1.json",
        "rules.json",
        f"{ours(1)}.bak",
        ".profile",
        "RULES-" + "0" * 32 + ".json",
    )
    others = [made(tmp_path, name, 900) for name in names]
    below = tmp_path / "below"
    below.mkdir()
    others.append(made(below, ours(1), 900))
    target = made(tmp_path, "target.txt", 900)
    link = tmp_path / ours(9)
    link.symlink_to(target)
    pruning.prune(made(tmp_path, ours(999), 0))
    assert all(path.exists() for path in (*others, target, link))


def test_a_new_vocabulary_clears_what_an_old_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCREENER_CACHE", str(tmp_path))
    keep("vocabulary", "one", {"a": 1})
    (written,) = (tmp_path / "screener").iterdir()
    old = made(tmp_path / "screener", ours(1), 31)
    keep("vocabulary", "two", {"a": 2})
    assert not old.exists()
    assert written.exists()


def test_what_is_used_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCREENER_CACHE", str(tmp_path))
    keep("rules", "one", {"a": 1})
    (path,) = (tmp_path / "screener").iterdir()
    os.utime(path, (time.time() - 29 * DAY,) * 2)
    assert kept("rules", "one") == {"a": 1}
    assert time.time() - path.stat().st_mtime < DAY


def test_a_folder_that_vanishes_ends_no_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCREENER_CACHE", str(tmp_path))
    monkeypatch.setattr(pruning, "prune", lambda written: (written / "none").stat())
    keep("vocabulary", "one", {"a": 1})
    assert kept("vocabulary", "one") == {"a": 1}
