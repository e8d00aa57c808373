"""A draft shown side by side and as JSON; and that every report of a drafted trial says what it is."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from screener import resources
from screener.cli import main
from screener.drafting.draft import Draft, draft
from screener.drafting.layout.record import Record
from screener.report.drafted import report
from screener.report.drafted_json import document
from screener.vocabulary.load import catalogue

TEXT = """\
Inclusion Criteria:

1. Age >= 18 years
2. ECOG 0-2 and well frobnicated
3. Adequate function, all of:
   - Platelets >= 75 x 10^9/L
   - Creatinine < 177 umol/L

Exclusion Criteria:

* Pregnant or breastfeeding
* Zorb
"""
PATIENT = {"id": "P1", "birth_date": "1960-01-01", "sex": "male", "as_of": "2026-10-01"}


def drafted(text: str = TEXT, **fields: Any) -> Draft:
    known: dict[str, Any] = {"id": "NCT00000001", "title": "A trial", "conditions": ("Multiple Myeloma",)}
    return draft(Record(**(known | fields), text=text), catalogue())


def shown(made: Draft, monkeypatch: pytest.MonkeyPatch, width: int = 100) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    page = io.StringIO()
    report(made, catalogue(), page)
    return "\n".join(page.getvalue().splitlines())


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(document(drafted(), catalogue())))
    return found


# --- side by side -------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["A trial", ""])
def test_no_line_ends_with_a_blank(monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    text = f"{TEXT}\nPersons barred\n\n* Stroke within the last {'very ' * 30}few days\n"
    page = shown(drafted(text, title=title, conditions=()), monkeypatch, 80)
    assert [line for line in page.splitlines() if line != line.rstrip()] == []


def test_the_whole_trial_stands_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(drafted(), monkeypatch, 140)
    lines = page.splitlines()
    assert lines[0] == "NCT00000001  A trial"
    assert lines[1] == "multiple myeloma; drafted, not reviewed"
    assert "[in brackets]" in lines[2]
    assert page.index("Inclusion criteria") < page.index("Exclusion criteria")
    [age] = [line for line in lines if "[Age >= 18 years]" in line]
    assert age.startswith("1. [Age >= 18 years]")
    assert age.endswith("I1  understood")
    assert "2. [ECOG 0-2] and well frobnicated" in page
    assert "? the words " in page
    assert "   - [Platelets >= 75 x 10^9/L]" in page.replace("\n  -", "\n   -")


def test_the_last_line_counts_how_the_criteria_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    last = shown(drafted("Inclusion Criteria:\n* Age >= 18 years\n* Zorb"), monkeypatch).splitlines()[-1]
    assert last == "2 criteria: 1 understood, 0 partly, 0 a person's to decide, 1 not understood"


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_the_page_is_never_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    page = shown(drafted(TEXT + "* " + "w" * 300), monkeypatch, width)
    assert max(map(len, page.splitlines()[:-1])) <= max(width, 43)


def test_a_record_s_own_fields_stand_below(monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(drafted(minimum_age="18 Years", conditions=()), monkeypatch)
    assert "no disease recognised; drafted, not reviewed" in page
    assert page.index("Exclusion criteria") < page.index("From the fields of the record") < page.index("S1")


def test_on_a_terminal_words_are_marked_by_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    page = shown(drafted(), monkeypatch)
    assert "\x1b[32mAge >= 18 years\x1b[0m" in page
    assert "[Age >= 18 years]" not in page


def test_what_a_terminal_would_obey_is_shown_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(drafted("* ECOG 0-2 \x1b[31m \u202e", title="\x1b[0m"), monkeypatch)
    assert "\x1b" not in page
    assert "\u202e" not in page


# --- JSON ---------------------------------------------------------------------------------------


def test_the_json_has_the_keys_that_programs_rely_on(data: dict[str, Any]) -> None:
    assert set(data) >= {"schema", "trial", "title", "disease", "published", "items", "pieces", "criteria"}
    assert (data["trial"], data["disease"]) == ("NCT00000001", "multiple myeloma")
    for item in data["items"]:
        assert set(item) >= {"id", "kind", "text", "start", "end", "standing", "rule", "understood",
                             "claims", "unread", "flaws"}  # fmt: skip
    for criterion in data["criteria"]:
        assert set(criterion) >= {"id", "kind", "text", "rule", "standing", "questions"}


def test_the_places_of_items_are_places_of_the_published_text(data: dict[str, Any]) -> None:
    published = data["published"]
    for item in data["items"]:
        assert " ".join(published[item["start"] : item["end"]].split()) == item["text"]
        for start, end in [*item["understood"], *item["unread"], *(one["span"] for one in item["claims"])]:
            assert 0 <= start < end <= len(item["text"])
    assert "".join(published[piece["start"] : piece["end"]] for piece in data["pieces"]) == published
    assert {piece["role"] for piece in data["pieces"]} == {"item", "heading", "separator"}


def test_items_are_named_by_their_criterion_and_their_place_in_its_list(data: dict[str, Any]) -> None:
    names = [item["id"] for item in data["items"]]
    assert names == ["I1", "I2", "I3", "I3.1", "I3.2", "E1", "E2"]
    assert [item["criterion"] for item in data["items"]] == ["I1", "I2", "I3", "I3", "I3", "E1", "E2"]
    assert len(names) == len(set(names))


def test_an_item_says_what_was_read_in_it(data: dict[str, Any]) -> None:
    age = data["items"][0]
    assert age["rule"] == "age >= 18 years"
    assert age["understood"] == [[0, 15]]
    assert age["claims"] == [{"span": [0, 15], "rule": "age >= 18 years"}]
    assert (age["unread"], age["flaws"], age["standing"]) == ([], [], "understood")


def test_the_same_record_gives_the_same_bytes() -> None:
    first, second = (json.dumps(document(drafted(), catalogue())) for _ in range(2))
    assert first == second


# --- what is screened against a draft ------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    record = {"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A trial"},
        "conditionsModule": {"conditions": ["Multiple Myeloma"]},
        "eligibilityModule": {"eligibilityCriteria": TEXT}}}  # fmt: skip
    Path("record.json").write_text(json.dumps(record))
    Path("patient.json").write_text(json.dumps(PATIENT))
    assert main(["draft", "record.json"]) == 0
    Path("rules").mkdir()
    Path("rules/NCT00000001.yaml").write_text(capsys.readouterr().out, "utf-8")
    curated = (resources.rules() / "NCT05378971.yaml").read_text("utf-8")
    Path("rules/NCT05378971.yaml").write_text(curated, "utf-8")
    return tmp_path


CALLS = {
    "the table": ["--trial", "rules/NCT00000001.yaml"],
    "several trials": ["--rules", "rules"],
    "one criterion": ["--trial", "rules/NCT00000001.yaml", "--explain", "I1"],
    "Markdown": ["--trial", "rules/NCT00000001.yaml", "--format", "markdown"],
    "HTML": ["--trial", "rules/NCT00000001.yaml", "--format", "html"],
}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("options", CALLS.values(), ids=CALLS)
def test_every_report_says_that_the_rules_are_drafted(
    capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main(["patient.json", *options]) == 0
    assert capsys.readouterr().out.count("drafted, not reviewed") == 1


@pytest.mark.usefixtures("files")
def test_the_result_document_says_that_the_rules_are_drafted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["patient.json", "--trial", "rules/NCT00000001.yaml", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["rule_set"]["status"] == "drafted"
    assert result["overall"] != "eligible"
    verdicts = {criterion["id"]: criterion["verdict"] for criterion in result["criteria"]}
    assert verdicts["I1"] == "pass"
    assert verdicts["E1"] == "pass"
    assert verdicts["E2"] == "unknown"


@pytest.mark.usefixtures("files")
def test_a_draft_can_be_corrected_and_reviewed(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("rules/NCT00000001.yaml")
    text = path.read_text("utf-8").replace(
        "status: drafted", "status: reviewed\nreviewed: {by: Dr Roe, date: 2026-10-02}"
    )
    path.write_text(text, "utf-8")
    assert main(["patient.json", "--trial", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "rule file: reviewed" in shown
    assert "drafted, not reviewed" not in shown
