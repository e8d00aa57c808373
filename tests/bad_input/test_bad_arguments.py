"""The library called with what it does not take: the argument is named, and how to mend it; nothing
of what was given is told, for it may be a patient's."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from screener import load_patient, load_trial, screen
from screener.api import chart, load_policy, patient_of, quick, screen_all
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


# --- arguments of another type ------------------------------------------------------------------

A_PATIENT = "give what `load_patient(…)` returns"
A_TRIAL = "give what `load_trial(…)` returns"
A_CHART = "give what `chart(patient)` returns"
TYPES: dict[str, tuple[Callable[[], Any], str]] = {
    "no patient's file": (lambda: load_patient(None),  # type: ignore[arg-type]
        "load_patient: `source` is None; give the path of a file, or parsed JSON as a dict"),
    "a number for a file": (lambda: load_patient(3),  # type: ignore[arg-type]
        "load_patient: `source` is of type int; give the path of a file, or parsed JSON as a dict"),
    "a list for a file": (lambda: load_patient([RECORD]),  # type: ignore[arg-type]
        "load_patient: `source` is of type list; give the path of a file, or parsed JSON as a dict"),
    "bytes for a file": (lambda: load_patient(b"{}"),  # type: ignore[arg-type]
        "load_patient: `source` is of type bytes; give the path of a file, or parsed JSON as a dict"),
    "a number for one of several": (lambda: load_patient(DATA, patient=3),  # type: ignore[arg-type]
        "load_patient: `patient` is of type int; give the id of one of several patients, or nothing"),
    "no trial's id": (lambda: load_trial(None),  # type: ignore[arg-type]
        "load_trial: `trial` is None; give a trial's id, or the path of a rule file"),
    "a dict for an id": (lambda: load_trial({}),  # type: ignore[arg-type]
        "load_trial: `trial` is of type dict; give a trial's id, or the path of a rule file"),
    "a list of ids": (lambda: load_trial(["NCT05378971"]),  # type: ignore[arg-type]
        "load_trial: `trial` is of type list; give a trial's id, or the path of a rule file"),
    "a number for a folder": (lambda: load_trial("NCT05378971", 3),  # type: ignore[arg-type]
        "load_trial: `rules` is of type int; give the path of a folder of rule files, or nothing"),
    "a dict for a policy file": (lambda: load_policy({}),  # type: ignore[arg-type]
        "load_policy: `path` is of type dict; give the path of a policy file"),
    "no patient": (lambda: screen(None, trial()),  # type: ignore[arg-type]
        f"screen: `patient` is None; {A_PATIENT}"),
    "a path for a patient": (lambda: screen("p.json", "NCT05378971"),  # type: ignore[arg-type]
        f"screen: `patient` is of type str; {A_PATIENT}"),
    "a record for a patient": (lambda: screen(RECORD, trial()),  # type: ignore[arg-type]
        f"screen: `patient` is of type dict; {A_PATIENT}"),
    "patient and trial swapped": (lambda: screen(trial(), given()),
        f"screen: `patient` is of type Trial; {A_PATIENT}"),
    "no trial": (lambda: screen(given(), None),  # type: ignore[arg-type]
        f"screen: `trial` is None; {A_TRIAL}"),
    "an id for a trial": (lambda: screen(given(), "NCT05378971"),  # type: ignore[arg-type]
        f"screen: `trial` is of type str; {A_TRIAL}"),
    "several trials": (lambda: screen(given(), [trial()]),  # type: ignore[arg-type]
        f"screen: `trial` is of type list; {A_TRIAL}; `screen_all` takes several"),
    "a dict for a policy": (lambda: screen(given(), trial(), policy={"uln": {}}),  # type: ignore[arg-type]
        "screen: `policy` is of type dict; give the path of a policy file, "
        "or what `load_policy(path)` returns"),
    "a number for a policy": (lambda: screen(given(), trial(), policy=5),  # type: ignore[arg-type]
        "screen: `policy` is of type int; give the path of a policy file, "
        "or what `load_policy(path)` returns"),
    "a number for a day": (lambda: screen(given(), trial(), as_of=3),  # type: ignore[arg-type]
        "screen: `as_of` is of type int; give a datetime.date, or YYYY-MM-DD as a str"),
    "a path for the patient of a chart": (lambda: chart("p.json"),  # type: ignore[arg-type]
        f"chart: `patient` is of type str; {A_PATIENT}"),
    "a number for the day of a chart": (lambda: chart(given(), as_of=3),  # type: ignore[arg-type]
        "chart: `as_of` is of type int; give a datetime.date, or YYYY-MM-DD as a str"),
    "a patient for a chart": (lambda: quick(given(), trial()),  # type: ignore[arg-type]
        f"quick: `chart` is of type Patient; {A_CHART}"),
    "several trials to one": (lambda: quick(chart(given()), [trial()]),  # type: ignore[arg-type]
        f"quick: `trial` is of type list; {A_TRIAL}; `screen_all` takes several"),
    "a patient for the chart of all": (lambda: screen_all(given(), [trial()]),  # type: ignore[arg-type]
        f"screen_all: `chart` is of type Patient; {A_CHART}"),
    "one trial for all": (lambda: screen_all(chart(given()), trial()),
        "screen_all: `trials` is of type Trial; give a list of what `load_trial(…)` returns"),
    "ids for all": (lambda: screen_all(chart(given()), ["NCT05378971"]),  # type: ignore[list-item]
        f"screen_all: `trials[0]` is of type str; {A_TRIAL}"),
}  # fmt: skip


@pytest.mark.parametrize(("called", "says"), TYPES.values(), ids=TYPES)
def test_an_argument_of_another_type_is_named_with_what_to_give(called: Callable[[], Any], says: str) -> None:
    with pytest.raises(TypeError) as caught:
        called()
    assert str(caught.value) == says
    assert "Xq" not in whole(caught.value)


def test_a_moment_is_screened_on_its_day() -> None:
    moment = datetime(2026, 10, 3, 23, 59)
    assert screen(given(), trial(), as_of=moment).as_of == date(2026, 10, 3)


def test_any_iterable_of_trials_is_screened() -> None:
    assert len(screen_all(chart(given()), (one for one in [trial()]))) == 1


def test_a_folder_of_rules_may_be_given_by_its_name() -> None:
    folder = Path(__file__).parents[2] / "rules"
    assert load_trial("NCT05378971", str(folder)).id == "NCT05378971"


@pytest.mark.parametrize("key", [3, None, ("Xq",), b"Xq"])
def test_a_key_that_is_no_text_is_a_problem_of_the_input(key: Any) -> None:
    for data in ({**DATA, key: 1}, {**DATA, "conditions": [{"name": "x", key: 1}]}):
        with pytest.raises(InputError) as caught:
            load_patient(data)
        assert "Xq" not in whole(caught.value)
