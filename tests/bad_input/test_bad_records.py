"""Records that `screen draft` is given and nobody meant: a message and exit status 2 where there is
nothing to draft, else a rule file that loads and owns up to what is not understood."""

import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from screener import load_trial
from screener.cli import main
from screener.drafting.layout.record import MAX_BYTES

HERE = Path(__file__).parent
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("SCREENER_DEBUG", raising=False)
    (tmp_path / "folder").mkdir()

    def called(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return called


def table() -> list[Any]:
    cases = yaml.safe_load((HERE / "records.yaml").read_text("utf-8"))
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", table())
def test_a_record_that_cannot_be_used_is_refused(
    call: Call, monkeypatch: pytest.MonkeyPatch, case: Any
) -> None:
    content = case.get("record", "").encode()
    Path("record.json").write_bytes(content)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))
    status, out, err = call(*case.get("call", ["draft", "record.json"]))
    assert err == case["says"]
    assert (status, out) == (2, "")


BYTES = {
    "random bytes": (random.Random(7).randbytes(5_000), "not a text in UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a text in UTF-8"),
    "UTF-16": ("Inclusion Criteria".encode("utf-16"), "not a text in UTF-8"),
    "nothing but NULs": (bytes(100), "control characters: this is no text"),
    "more than can be read": (b"a " * (MAX_BYTES // 2 + 1), f"larger than {MAX_BYTES:,} bytes"),
    "brackets without end": (b"[" * 100_000, "the JSON is nested too deeply"),
    "objects without end": (b'{"a":' * 100_000, "the JSON is nested too deeply"),
}


@pytest.mark.parametrize(("content", "says"), BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("name", ["record.json", "-"])
def test_what_is_no_text_is_refused(
    call: Call, monkeypatch: pytest.MonkeyPatch, content: bytes, says: str, name: str
) -> None:
    Path("record.json").write_bytes(content)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))
    status, out, err = call("draft", name)
    assert (status, out) == (2, "")
    assert err.startswith(f"screen: {'standard input' if name == '-' else name}: ")
    assert says in err
    assert "\n  help: " in err


def test_standard_input_that_cannot_be_read_is_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert call("draft", "-") == (
        2, "", "screen: standard input: it cannot be read\n"
               "  help: pipe a record or its criteria in, or name its file\n")  # fmt: skip


def nested(depth: int) -> str:
    return "\n".join(f"{'  ' * level}* At least one of the following ({level}):" for level in range(depth))


ODD = {
    "one section only": "Exclusion Criteria:\n* Pregnant or breastfeeding",
    "no section at all": "Pregnant women may not take part.",
    "another language": "Критерии включения:\n* Возраст старше 18 лет\n* Подписанное согласие",
    "a language without blanks": "入选标准：\n1. 年龄大于18岁\n2. 签署知情同意书",
    "200,000 characters in lines": "Inclusion Criteria:\n" + "* Has a widget of 7 g/dL\n" * 8_000,
    "200,000 characters without a line": "Inclusion Criteria:\n* " + "widget of 7 g/dL and " * 10_000,
    "200,000 characters without a blank": "w" * 200_000,
    "entities escaped twice": "Inclusion Criteria:\n* Platelets &amp;gt;= 75 x 10^9/L &amp;amp; well",
    "brackets that never close": "Inclusion Criteria:\n* " + "(" * 500 + "ECOG 0-2\n* ]) ANC {{ >= 1",
    "brackets that never opened": "Inclusion Criteria:\n* " + ")" * 500 + "]" * 500,
    "bullets ten deep": "Inclusion Criteria:\n" + nested(10),
    "bullets a thousand deep": "Inclusion Criteria:\n" + nested(1_000),
    "bullets of every kind": "\n".join(f"{sign} ECOG 0-2" for sign in ("*", "-", "•", "1.", "(a)", "iv)")),
    "signs of YAML": "* - : # | > & ! % @ `\n* key: value # note\n* '\"\\'\n* ---\n* null",
    "signs that a terminal obeys": "* \x1b[31m ECOG 0-2\n* \u202ered\u202c and \u200b \x9b",
    "backslashes": "* " + "\\" * 19_000,
    "quotation marks": "* " + '"' * 19_000,
    "numbers and signs": "* >= <= 5 5 5 >= x ULN 10^ 10^99999999 1e999999999 " * 50,
    "a long chain of and": "* " + " and ".join(["ECOG 0-2"] * 2_000),
    "a long chain of not": "* " + "no " * 5_000 + "anemia",
    "a long list": "* Any of " + ", ".join(["anemia", "lenalidomide"] * 2_000),
    "words at random": "\n".join("".join(random.Random(seed).choices(
        ["* ", "not ", "ECOG ", "0-2 ", "and ", "or ", ">= ", "18 ", "years ", "(", ")", ", ", "unless ",
         "within ", "4 weeks ", "lenalidomide ", "\n", "if ", "pregnant ", ": ", "; "], k=60))
        for seed in range(60)),
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_text_is_drafted_as_far_as_it_goes(call: Call, text: str) -> None:
    Path("record.txt").write_text(text, "utf-8")
    status, out, err = call("draft", "record.txt")
    assert (status, err) == (0, "")
    Path("drafted.yaml").write_text(out, "utf-8")
    trial = load_trial(Path("drafted.yaml"))
    assert trial.status == "drafted"
    assert not trial.can_be_eligible


@pytest.mark.parametrize("form", ["--report", "--json"])
@pytest.mark.parametrize("name", ["another language", "brackets that never close", "bullets ten deep",
                                  "signs that a terminal obeys", "words at random"])  # fmt: skip
def test_an_odd_text_is_shown_too(call: Call, form: str, name: str) -> None:
    Path("record.txt").write_text(ODD[name], "utf-8")
    status, out, err = call("draft", "record.txt", form)
    assert (status, err) == (0, "")
    assert all(line.isprintable() for line in out.splitlines())
    if form == "--json":
        assert json.loads(out)["items"]


@pytest.mark.parametrize("name", ["another language", "a language without blanks"])
def test_another_language_is_not_understood_and_says_so(call: Call, name: str) -> None:
    Path("record.txt").write_text(ODD[name], "utf-8")
    _, out, _ = call("draft", "record.txt", "--json")
    criteria = json.loads(out)["criteria"]
    assert criteria
    assert {criterion["standing"] for criterion in criteria} <= {"partly", "not understood"}
    assert all('manual("' in criterion["rule"] and criterion["questions"] for criterion in criteria)
    assert {item["standing"] for item in json.loads(out)["items"]} == {"not understood"}


def test_entities_escaped_twice_are_read(call: Call) -> None:
    Path("record.txt").write_text("* Platelets &amp;gt;= 75 x 10^9/L", "utf-8")
    _, out, _ = call("draft", "record.txt")
    assert "    text: Platelets >= 75 x 10^9/L\n" in out


def test_a_file_that_may_not_be_read_is_refused(call: Call) -> None:
    Path("record.json").write_text("{}")
    Path("record.json").chmod(0)
    if os.access("record.json", os.R_OK):
        pytest.skip("this user may read every file")
    status, out, err = call("draft", "record.json")
    assert (status, out) == (2, "")
    assert err.startswith("screen: record.json: the file cannot be read\n")
