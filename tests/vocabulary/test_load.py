"""The vocabulary is compiled once, kept by its content, and a broken file is refused by name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from screener import InputError, resources
from screener.cli import main
from screener.vocabulary import load
from screener.vocabulary.load import FILES, catalogue, compiled, keep, kept

EMPTY = dict.fromkeys(FILES, b"sources: {}\n")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCREENER_CACHE", str(tmp_path))
    return tmp_path / "screener"


def fresh() -> load.Catalogue:
    """The vocabulary as a new process would load it."""
    return catalogue.__wrapped__()


def test_the_files_listed_are_the_files_there_are() -> None:
    # the wording of prose is read by the drafter alone
    assert {path.stem for path in resources.vocabulary().glob("*.yaml")} == {*FILES, "prose"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"conditions:\n  a: {name: x}\n  a: {name: y}\n", "line 3: `a` is here a second time"),
        (b"conditions: &c {}\nsettled_by: *c\n", "line 2: an alias"),
        (b"conditions: {[a]: b}\n", "line 1: a key must be a word"),
        (b"conditions: [\n", "line 2"),
        (b"- a\n", "a file holds `key: value` pairs"),
        (b"", "the file is empty"),
        (b"\xff\xfe", ""),
    ],
)
def test_a_broken_file_is_refused_and_named(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=f"(?s)conditions.yaml: .*{said}"):
        compiled(EMPTY | {"conditions": content})


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ('plausible: {low: "1", high: "2"}', "plausible"),
        ('plausible: {low: "1", high: "2", source: ""}', "plausible"),
        ('upper_limit: [{low: "1", source: s}, {low: "2"}]', "upper_limit"),
    ],
)
def test_a_figure_without_a_source_is_refused_and_named(entry: str, where: str) -> None:
    content = f"measurements: {{x: {{name: ex, {entry}}}}}\n".encode()
    with pytest.raises(InputError) as refused:
        compiled(EMPTY | {"labs": content})
    assert str(refused.value) == (
        f"labs.yaml: x.{where}: a figure without a source\n"
        "  help: write `source:` with a name that the file's `sources` list"
    )


def test_a_broken_vocabulary_is_told_as_any_other_input(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in FILES:
        (tmp_path / f"{name}.yaml").write_bytes(EMPTY[name])
    (tmp_path / "labs.yaml").write_text("measurements: {x: {name: ex, plausible: {low: '1', high: '2'}}}\n")
    monkeypatch.setattr(resources, "vocabulary", lambda: tmp_path)
    monkeypatch.setattr("screener.commands.listing.catalogue", fresh, raising=False)
    monkeypatch.setattr(load, "catalogue", fresh)
    assert main(["concepts", "ex"]) == 2
    assert capsys.readouterr().err.startswith("screen: labs.yaml: x.plausible: a figure without")


def test_tables_that_are_no_concepts_are_kept_apart_from_them() -> None:
    data = compiled(EMPTY | {
        "labs": b"sources: {s: somewhere}\nmeasurements: {x: {name: ex}}\n",
        "conditions": b"conditions: {y: {name: why}}\nsettled_by: [{condition: y}]\n",
    })  # fmt: skip
    assert {key: kind for key, (kind, _) in data["concepts"].items()} == {
        "x": "measurement", "y": "condition"
    }  # fmt: skip
    assert data["names"] == {"ex": "x", "why": "y"}
    assert data["tables"]["settled_by"] == [{"condition": "y"}]
    assert data["tables"]["sources"]["labs"] == {"s": "somewhere"}


def test_what_is_kept_is_found_again_under_its_key_only(cache: Path) -> None:
    keep("things", "key", {"a": [1, "ü"]})
    assert kept("things", "key") == {"a": [1, "ü"]}
    assert kept("things", "other") is None
    assert kept("others", "key") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\x00", b"{'a': 1}"])
def test_a_kept_file_that_is_no_json_is_as_good_as_none(cache: Path, damage: bytes) -> None:
    keep("things", "key", [1])
    (file,) = cache.glob("things-*.json")
    file.write_bytes(damage)
    assert kept("things", "key") is None


def test_nothing_is_kept_where_others_can_write(cache: Path) -> None:
    keep("things", "key", [1])
    cache.chmod(0o775)
    assert kept("things", "key") is None
    keep("more", "key", [1])
    assert list(cache.glob("more-*")) == []


def test_the_kept_vocabulary_is_the_compiled_one(cache: Path) -> None:
    first = fresh()
    (file,) = cache.glob("vocabulary-*.json")
    second = fresh()
    assert list(cache.glob("vocabulary-*.json")) == [file]
    assert second.sha256 == first.sha256
    assert list(second) == list(first)
    assert all(second[concept] == first[concept] for concept in first)
    assert second.tables == first.tables


@pytest.mark.parametrize("damage", ["", "{", "null", "[]", "{}", '"x"', "7"])
def test_a_damaged_vocabulary_in_the_cache_is_compiled_anew(cache: Path, damage: str) -> None:
    whole = fresh()
    (file,) = cache.glob("vocabulary-*.json")
    file.write_text(damage)
    assert list(fresh()) == list(whole)


def test_the_hash_follows_the_content_and_not_the_time_or_the_process() -> None:
    code = "from screener.vocabulary.load import catalogue; print(catalogue().sha256)"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed,
                              "PYTHONPATH": str(Path(load.__file__).parents[2])},
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert found == {catalogue().sha256}
    assert len(catalogue().sha256) == 64


def test_the_compiled_vocabulary_is_plain_data() -> None:
    contents = {name: (resources.vocabulary() / f"{name}.yaml").read_bytes() for name in FILES}
    data = compiled(contents)
    assert json.loads(json.dumps(data)) == data
