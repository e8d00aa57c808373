"""The library called with what it does not take: the argument is named, and how to mend it; nothing
of what was given is told, for it may be a patient's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from screener import load_patient, load_trial
from screener.api import load_policy, patient_of
from screener.errors import InputError

RECORD = {"id": "Xq-1", "name": "Xq Doe", "birth_date": "1961-04-12"}
DATA = {"id": "P1", "birth_date": "1960-01-01", "as_of": "2026-10-01"}


def given() -> Any:
    return load_patient(DATA)


def trial() -> Any:
    return load_trial("NCT05378971")


def whole(error: BaseException | None) -> str:
    """All that a log of the error could hold."""
    told = ""
    while error is not None:
        told, error = told + repr(error) + str(error), error.__context__
    return told


# --- a record's text where a path belongs -------------------------------------------------------

TEXTS = {
    "a profile": json.dumps(RECORD), "a profile over lines": json.dumps(RECORD, indent=1),
    "a list": json.dumps([RECORD]), "a text in quotes": '"Xq Doe"', "white space before it": " \n{Xq}",
    "XML": "<Patient><name>Xq</name></Patient>", "lines": "Xq Doe\n1961-04-12",
    "one long line": "Xq Doe " * 60, "a long way": "Xq/" * 2000, "a half character": '{"Xq": "\ud800"}',
    "a name of NDJSON": '{"Xq": 1}.ndjson', "a name of YAML": '{"Xq": 1}.yaml',
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(
    "read",
    [load_patient, load_policy, load_trial, lambda text: load_patient(Path(text))],
    ids=["patient", "policy", "trial", "path"],
)
def test_a_record_given_for_a_name_is_not_shown(read: Callable[[str], Any], text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert "Xq" not in whole(caught.value)


def test_who_gives_a_text_is_told_what_to_give() -> None:
    with pytest.raises(InputError) as caught:
        load_patient(json.dumps(RECORD))
    assert str(caught.value) == (
        "this is a text, not the name of a file, so it is not shown here\n"
        "  help: name a file, or pipe the text in as `-`; in a program, give json.loads(text)"
    )


def test_a_file_may_have_any_name_that_a_system_allows(tmp_path: Path) -> None:
    folder = tmp_path / "{a folder}"
    folder.mkdir()
    (folder / "[1].json").write_text(json.dumps(DATA), "utf-8")
    assert load_patient(folder / "[1].json").id == "P1"


def test_an_empty_name_is_no_folder() -> None:
    for name in ("", "  "):
        with pytest.raises(InputError, match="an empty name"):
            load_patient(name)


KEYS = ("Xq Jane Doe", "Xqjane doe", "Xq", "XqDoe", "Xq-Doe", "xq.doe@example.org", "xq (1961)", "xq/1961")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("data", [
    lambda key: {**DATA, key: 1}, lambda key: {**DATA, "conditions": [{"name": "x", key: 1}]},
    lambda key: {**DATA, "complete": {key: "2026"}}, lambda key: {**DATA, key: list(range(200_001))},
], ids=["profile", "record", "section", "long list"])  # fmt: skip
def test_a_key_that_may_be_a_name_is_told_by_its_number(key: str, data: Callable[[str], Any]) -> None:
    with pytest.raises(InputError) as caught:
        load_patient(data(key))
    assert "xq" not in whole(caught.value).casefold()
    assert "(key " in str(caught.value)


def test_a_key_that_stands_twice_and_may_be_a_name_is_told_by_its_number() -> None:
    with pytest.raises(InputError) as caught:
        patient_of(b'{"id": "P1", "age": 60, "Xq Doe": 1, "Xq Doe": 2}', "p.json")
    assert "Xq" not in whole(caught.value)
