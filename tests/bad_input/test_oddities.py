"""What looks odd and is sound must work, and what is shown must be fit for where it is shown."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from screener import resources
from screener.cli import main

PATIENT = {"id": "P1", "birth_date": "1960-01-01", "as_of": "2026-10-01", "sex": "female"}
ONE = ("--trial", "NCT02538198")
OBEYED = "P\x1b[31m\x07\x9b31m\u202e\rX"  # a terminal would turn red, ring, and write backwards
RULES = """\
trial: NCT00000001
title: A trial
completeness: full
status: curated
version: 1
disease: multiple myeloma
criteria:
  - id: I1
    kind: inclusion
    text: ECOG of 0 to 2.
    rule: ECOG 0-2
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "SCREENER_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    Path("patient.json").write_text(json.dumps(PATIENT), "utf-8")


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    found = capsys.readouterr()
    assert found.err == ""
    return found.out


TEXT = json.dumps(PATIENT)


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf" + TEXT.encode(), json.dumps(PATIENT, indent=2).replace("\n", "\r\n").encode(),
     b" \n\t " + TEXT.encode() + b"\r\n\n ", TEXT.replace("P1", " P1\\t").encode(),
     TEXT.replace("2026-10-01", " 2026-10-01 ").encode()],
    ids=["a byte-order mark", "CRLF", "blanks around it", "blanks around the id", "blanks around a date"],
)  # fmt: skip
def test_a_patient_written_oddly_reads_the_same(content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    expected = shown(capsys, "patient.json", *ONE, "--json")
    Path("odd.json").write_bytes(content)
    assert shown(capsys, "odd.json", *ONE, "--json") == expected


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf" + RULES.encode(), RULES.replace("\n", "\r\n").encode(), b"---\n" + RULES.encode(),
     RULES.replace("ECOG 0-2", "ECOG   0-2  # a remark").encode(), RULES.rstrip().encode(),
     json.dumps({"trial": "NCT00000001", "title": "A trial", "completeness": "full", "status": "curated",
                 "version": 1, "disease": "multiple myeloma", "criteria": [
                     {"id": "I1", "kind": "inclusion", "text": "ECOG of 0 to 2.", "rule": "ECOG 0-2"}]},
                indent=2).encode()],
    ids=["a byte-order mark", "CRLF", "three dashes", "blanks and a remark", "no line end", "JSON"],
)  # fmt: skip
def test_a_rule_file_written_oddly_reads_the_same(content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    def screened(name: str) -> Any:
        result = json.loads(shown(capsys, "patient.json", "--trial", f"./{name}", "--json"))
        return {**result, "rule_set": {**result["rule_set"], "sha256": ""}}

    Path("plain.yaml").write_text(RULES, "utf-8")
    Path("odd.yaml").write_bytes(content)
    assert screened("odd.yaml") == screened("plain.yaml")


def test_json_is_format_json(capsys: pytest.CaptureFixture[str]) -> None:
    once = shown(capsys, "patient.json", *ONE, "--json")
    assert once == shown(capsys, "patient.json", *ONE, "--format", "json")
    assert json.loads(once)["trial"] == "NCT02538198"


def test_a_given_day_goes_before_a_profile_s_day_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    Path("patient.json").write_text(json.dumps({**PATIENT, "as_of": "2026-10"}), "utf-8")
    result = json.loads(shown(capsys, "patient.json", *ONE, "--as-of", "2026-10-01", "--json"))
    assert result["as_of"] == "2026-10-01"


def test_several_trials_give_a_list_and_one_gives_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    several = json.loads(shown(capsys, "patient.json", *ONE, "--trial", "nct05378971", "--json"))
    assert sorted(result["trial"] for result in several) == ["NCT02538198", "NCT05378971"]
    every = json.loads(shown(capsys, "patient.json", "--json"))
    assert len(every) == len(list(resources.rules().glob("*.yaml")))


def test_standard_input_reads_as_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode()), "utf-8"))
    piped = shown(capsys, "-", *ONE, "--json")
    assert piped == shown(capsys, "patient.json", *ONE, "--json")


def test_a_patient_named_like_a_command_is_read_as_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    Path("trials").write_text(TEXT, "utf-8")
    assert "P1 as of 2026-10-01" in shown(capsys, "./trials", *ONE)
    assert "P1" not in shown(capsys, "trials")


# --- what is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["table", "json", "markdown", "html"])
def test_no_report_hands_a_terminal_what_it_would_obey(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    record = {"name": OBEYED, "value": OBEYED, "unit": OBEYED, "date": "2026-09-28"}
    conditions = [{"name": OBEYED}, {"name": "plasma cell leukemia", "stage": OBEYED}]
    observations = [record, {**record, "name": "ALT"}]
    patient = {**PATIENT, "id": OBEYED, "observations": observations, "conditions": conditions}
    Path("patient.json").write_text(json.dumps(patient), "utf-8")
    text = shown(capsys, "patient.json", "--trial", "NCT05378971", "--format", form)
    assert "31m" in text
    for line in text.split("\n"):
        assert line.isprintable(), ascii(line)


def test_no_explanation_hands_a_terminal_what_it_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    allergy = {"substance": "lenalidomide", "severity": OBEYED, "date": "2026-09-28"}
    Path("patient.json").write_text(json.dumps({**PATIENT, "allergies": [allergy]}), "utf-8")
    for line in shown(capsys, "patient.json", "--trial", "NCT05378971", "--explain", "E2").split("\n"):
        assert line.isprintable(), ascii(line)


def test_a_title_cannot_hand_a_terminal_what_it_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    Path("rules").mkdir()
    Path("rules/NCT00000001.yaml").write_text(RULES.replace("A trial", '"A \\e[31mtrial\\u202e"'), "utf-8")
    for call in (["trials"], ["show", "NCT00000001"], ["patient.json"], ["patient.json", "--json"]):
        text = shown(capsys, *call, "--rules", "rules")
        assert "[31mtrial" in text
        assert all(line.isprintable() for line in text.split("\n"))


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_no_colour_means_no_escape_code_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")

    def on_a_terminal() -> str:
        terminal = _Terminal()
        monkeypatch.setattr("sys.stdout", terminal)
        assert main(["patient.json", *ONE]) == 0
        return terminal.getvalue()

    assert "\x1b[" in on_a_terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in on_a_terminal()


def test_what_is_no_terminal_gets_no_escape_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in shown(capsys, "patient.json")


PATIENTS = sorted(resources.patients().glob("*.json"))


@pytest.mark.parametrize("path", PATIENTS, ids=lambda path: path.stem)
def test_no_line_of_a_table_is_wider_than_80_columns(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = [shown(capsys, str(path))]
    tables += [shown(capsys, str(path), "--trial", trial.stem) for trial in resources.rules().glob("*.yaml")]
    for line in "".join(tables).splitlines():
        assert cell_len(line) <= 80, line


def test_no_line_of_an_explanation_is_wider_than_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(resources.patients() / "many-illnesses.json")
    for trial in json.loads(shown(capsys, path, "--json")):
        for criterion in trial["criteria"][::3]:
            text = shown(capsys, path, "--trial", trial["trial"], "--explain", criterion["id"])
            for line in text.splitlines():
                assert cell_len(line) <= 80, line
        for line in shown(capsys, "show", trial["trial"]).splitlines():
            assert cell_len(line) <= 80, line


# --- real processes -----------------------------------------------------------------------------


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "screener", *arguments]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_leaves_early_causes_no_traceback(form: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(command("patient.json", "--format", form), stdout=writing, env=environment(),
                               stderr=subprocess.PIPE, check=False, timeout=60)  # fmt: skip
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


UNWRITTEN = (b"screen: standard output: the result cannot be written\n"
             b"  help: check where it is sent, and the space left there\n")  # fmt: skip


def test_a_full_disk_is_told() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no such device here")
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command("patient.json", "--json"), stdout=full, env=environment(),
                               stderr=subprocess.PIPE, check=False, timeout=60)  # fmt: skip
    assert (ended.returncode, ended.stderr) == (2, UNWRITTEN)


def test_a_closed_standard_output_is_told() -> None:
    ended = subprocess.run(command("patient.json", "--json"), stderr=subprocess.PIPE, check=False,
                           env=environment(), timeout=60, preexec_fn=lambda: os.close(1))  # fmt: skip
    assert (ended.returncode, ended.stderr) == (2, UNWRITTEN)


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_terminal_that_knows_ascii_alone_is_served(form: str) -> None:
    Path("patient.json").write_text(json.dumps({**PATIENT, "id": "Jörg"}), "utf-8")
    ended = subprocess.run(command("patient.json", *ONE, "--format", form), capture_output=True, check=False,
                           env=environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"), timeout=60)  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    if form == "json":  # a document is UTF-8 wherever it goes
        assert json.loads(ended.stdout)["patient"] == "Jörg"
    else:
        assert "J\\xf6rg as of" in ended.stdout.decode("ascii")
