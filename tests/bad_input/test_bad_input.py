"""Whole calls with input that cannot be used: exit status 2, all that is wrong in exact words on
standard error, nothing on standard output, no traceback, nothing of a patient but the field's place."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from screener import load_patient, load_trial, resources
from screener.cli import main
from screener.errors import InputError, Problem, visible

HERE = Path(__file__).parent
PATIENT = {"id": "P1", "birth_date": "1960-01-01", "as_of": "2026-10-01"}
# What the tables write for short.
HEAD = """\
trial: NCT00000001
title: A trial
completeness: full
status: curated
version: 1
disease: multiple myeloma
criteria:
"""
CRITERION = """\
  - id: I1
    kind: inclusion
    text: ECOG of 0 to 2.
    rule: ECOG 0-2
"""
ONE_TRIAL = ("patient.json", "--trial", "NCT02538198")
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the command line in a folder of its own, with a sound patient and an empty folder in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("SCREENER_DEBUG", raising=False)
    (tmp_path / "sound.json").write_text(json.dumps(PATIENT), "utf-8")
    (tmp_path / "folder").mkdir()

    def called(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return called


def table(name: str) -> list[Any]:
    cases = yaml.safe_load((HERE / name).read_text("utf-8"))
    return [pytest.param(case, id=case["name"]) for case in cases]


def refused(result: tuple[int, str, str], says: str) -> None:
    status, out, err = result
    assert err == says
    assert (status, out) == (2, "")
    for line in err.splitlines():
        assert line.isprintable()
        assert line.strip() not in ("", "help:")


@pytest.mark.parametrize("case", table("patients.yaml"))
def test_a_patient_that_cannot_be_used_is_refused_with_every_reason(call: Call, case: Any) -> None:
    # Halves of a character stand in the table as JSON escapes only, so all of it is UTF-8.
    Path("patient.json").write_bytes(case["patient"].encode())
    refused(call(*ONE_TRIAL), case["says"])


@pytest.mark.parametrize("case", table("rules.yaml") + table("calls.yaml"))
def test_a_file_or_a_call_that_cannot_be_used_is_refused_with_every_reason(call: Call, case: Any) -> None:
    for name, text in case.get("write", {}).items():
        whole = text.replace("<head>\n", HEAD).replace("<criterion>\n", CRITERION)
        Path(name).write_bytes(whole.encode())
    trials = ", ".join(sorted(path.stem for path in resources.rules().glob("*.yaml")))
    refused(call(*case["call"]), case["says"].replace("<trials>", trials))


BYTES = {
    "UTF-16 with its mark": (
        json.dumps(PATIENT).encode("utf-16"), "line 1 is UTF-16, not UTF-8"),
    "UTF-16 without its mark": (
        json.dumps(PATIENT).encode("utf-16-le"),
        "line 1 holds a NUL byte: the file is damaged, or in UTF-16"),
    "Latin-1": (
        '{"id": "P1",\n"age": 60, "sex": "weiß"}'.encode("latin-1"), "line 2 is not UTF-8"),
    "a NUL within a text": (
        b'{"id": "P\x00", "age": 60}', "line 1 holds a NUL byte: the file is damaged, or in UTF-16"),
    "nothing but NULs": (
        bytes(50), "line 1 holds a NUL byte: the file is damaged, or in UTF-16"),
    "half a character in UTF-8": (
        '{"id": "\ud800"}'.encode("utf-8", "surrogatepass"), "line 1 is not UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("name", ["patient.json", "rules.yaml", "policy.yaml", "cases.yaml"])
def test_another_encoding_is_named_with_the_line(call: Call, content: bytes, message: str, name: str) -> None:
    Path(name).write_bytes(content)
    calls = {
        "patient.json": ONE_TRIAL,
        "rules.yaml": ("sound.json", "--trial", "./rules.yaml"),
        "policy.yaml": ("sound.json", "--policy", "policy.yaml"),
        "cases.yaml": ("test", "cases.yaml"),
    }
    refused(call(*calls[name]), f"screen: {name}: {message}\n  help: save the file as UTF-8\n")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"id":' * 100_000, '{"a":[' * 50_000], ids=len)
def test_100_000_brackets_are_refused(call: Call, text: str) -> None:
    Path("patient.json").write_text(text)
    refused(call(*ONE_TRIAL), "screen: patient.json: the JSON is nested too deeply\n"
                              "  help: a profile has 4 levels\n")  # fmt: skip


def test_100_000_brackets_in_a_rule_file_are_refused(call: Call) -> None:
    Path("rules.yaml").write_text("trial: " + "[" * 100_000)
    status, out, err = call("sound.json", "--trial", "./rules.yaml")
    assert (status, out) == (2, "")
    assert err.startswith("screen: rules.yaml:1:48: nested more than 40 deep\n")


def test_records_nested_900_deep_are_refused_as_records(call: Call) -> None:
    Path("patient.json").write_text('{"id": "P1", "age": 60, "conditions": ' + "[" * 900 + "]" * 900 + "}")
    refused(call(*ONE_TRIAL), "screen: patient.json: conditions[0]: not an object\n"
                              "  help: put the keys between { and }\n")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "limit", "arguments"),
    [
        ("patient.json", 50_000_000, ONE_TRIAL),
        ("rules.yaml", 5_000_000, ("sound.json", "--trial", "./rules.yaml")),
        ("policy.yaml", 5_000_000, ("sound.json", "--policy", "policy.yaml")),
    ],
)
def test_a_file_of_60_megabytes_is_refused(
    call: Call, name: str, limit: int, arguments: tuple[str, ...]
) -> None:
    with Path(name).open("wb") as file:
        file.truncate(60_000_000)
    refused(call(*arguments), f"screen: {name}: the file is larger than {limit:,} bytes\n"
                              "  help: check that it is the right file\n")  # fmt: skip


def test_a_rule_file_just_below_the_limit_of_bytes_is_refused_by_its_kind(call: Call) -> None:
    Path("rules.yaml").write_text("#" + "x" * 4_999_998)
    refused(call("sound.json", "--trial", "./rules.yaml"),
            "screen: rules.yaml: this is no rule file: no line of it begins with `trial:` or `criteria:`\n"
            "  help: name a rule file\n")  # fmt: skip


def test_more_records_than_a_patient_can_have_are_refused(call: Call) -> None:
    Path("patient.json").write_text('{"id": "P1", "age": 60, "conditions": [' + "0," * 200_000 + "0]}")
    refused(call(*ONE_TRIAL), "screen: patient.json: conditions: more than 200,000 records\n"
                              "  help: check that it is the right file\n")  # fmt: skip


def test_a_device_that_never_ends_is_refused(call: Call) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no such device here")
    refused(call("sound.json", "--trial", "/dev/zero"),
            "screen: /dev/zero: the file is larger than 5,000,000 bytes\n"
            "  help: check that it is the right file\n")  # fmt: skip


def test_a_file_that_may_not_be_read_is_refused(call: Call) -> None:
    Path("patient.json").write_text(json.dumps(PATIENT))
    Path("patient.json").chmod(0)
    if os.access("patient.json", os.R_OK):
        pytest.skip("this user may read every file")
    refused(call(*ONE_TRIAL), "screen: patient.json: the file cannot be read\n"
                              "  help: check the path and its permissions\n")  # fmt: skip


class _Broken(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise OSError(5, "no such thing")


@pytest.mark.parametrize("stream", [None, io.TextIOWrapper(io.BufferedReader(_Broken()))],
                         ids=["closed", "broken"])  # fmt: skip
def test_standard_input_that_cannot_be_read_is_refused(
    call: Call, monkeypatch: pytest.MonkeyPatch, stream: Any
) -> None:
    monkeypatch.setattr("sys.stdin", stream)
    refused(call("-"), "screen: standard input: it cannot be read\n"
                       "  help: pipe a patient's JSON in, or name its file\n")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ": the file is empty\n  help: a profile is a JSON object: { … }\n"),
        ("{", ":1:2: not valid JSON: a key in double quotes should stand here\n"
              "  help: check for a comma too many, or other quotes\n"),
        ('{"id": "P1", "age": -1}', ": age: a number below 0\n  help: write 0 or more\n"),
        ('{"id": "P1", "age": 60, "as_of": "2026"}',
         ": as_of: the as-of date is not one day of the calendar\n  help: write YYYY-MM-DD\n"),
    ],
    ids=["nothing", "broken", "a wrong field", "a day that is a year"],
)  # fmt: skip
def test_standard_input_is_named_in_problems(
    call: Call, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"))
    refused(call("-"), f"screen: standard input{says}")


def test_a_defect_of_the_program_prints_nothing_of_the_patient(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("P1 1960-01-01")

    monkeypatch.setattr("screener.api.screen_all", broken)
    refused(call("sound.json"), "screen: an internal error (KeyError); set SCREENER_DEBUG=1 to see where, "
                                "and report it\n")  # fmt: skip


# --- the library --------------------------------------------------------------------------------

SECRETS = {"id": 4711, "sex": "Xq-secret", "birth_date": "Xq-1961-04-12", "mail": "Xq@example.org",
           "conditions": [{"name": "Xq-disease", "status": "Xq-maybe", "grade": "Xq-9"}],
           "observations": [{"name": "Xq-test", "value": ["Xq-1"], "date": "Xq-soon"}]}  # fmt: skip


def test_the_library_raises_every_problem_and_holds_none_of_the_data() -> None:
    with pytest.raises(InputError) as caught:
        load_patient(SECRETS)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["id", "birth_date", "sex", "conditions[0].status", "conditions[0].grade",
                      "observations[0].value", "observations[0].date", "mail"]  # fmt: skip
    whole = repr(caught.value) + str(caught.value) + repr(caught.value.__context__)
    assert "Xq" not in whole
    assert "4711" not in whole


@pytest.mark.parametrize("data", [{"id": "P1", "age": float("nan")}, {"id": "P1", "age": float("inf")}])
def test_the_library_refuses_floats_that_are_no_numbers(data: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="age: NaN, infinite or too large a number"):
        load_patient(data)


def test_the_library_raises_for_a_rule_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        load_trial(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="no rule file for the trial `NCT1`"):
        load_trial("NCT1")


def test_a_problem_never_writes_what_a_terminal_obeys() -> None:
    problem = Problem("x", "read `\x1b[31m\u202e\x9b`", "a\nb", "write\x07")
    assert str(problem) == "a\\nb: read `\\x1b[31m\\u202e\\x9b`\n  help: write\\x07"
    assert visible("½ µmol/L ≥ naïve\u00a0café") == "½ µmol/L ≥ naïve\u00a0café"


# --- real processes -----------------------------------------------------------------------------


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR")}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run([sys.executable, "-m", "screener", *arguments], capture_output=True, check=False,
                          env=environment | options.pop("env", {}), timeout=60, **options)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "screen: PATIENT is missing\n  help: see `screen --help`\n"),
        (("nope.json",), "screen: nope.json: there is no such file\n  help: check the path\n"),
        (("schema", "foo"), "screen: schema: `foo` is not a word for DOCUMENT\n"
                            "  help: known are patient, rules, policy, result\n"),
    ],
    ids=["no patient", "no file", "no such schema"],
)  # fmt: skip
def test_a_process_ends_with_status_2_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    ended = process(*arguments, cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr.decode()) == (2, b"", says)


def test_a_process_whose_standard_input_is_closed_says_so(tmp_path: Path) -> None:
    ended = process("-", cwd=tmp_path, preexec_fn=lambda: os.close(0))
    assert ended.returncode == 2
    assert ended.stderr.decode() == ("screen: standard input: it cannot be read\n"
                                     "  help: pipe a patient's JSON in, or name its file\n")  # fmt: skip
