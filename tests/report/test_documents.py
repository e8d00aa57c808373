"""The documents that others read: schemas, listings, Markdown and HTML of a whole result."""

import json
import re
from io import StringIO
from typing import Any

import pytest

from screener import api, resources
from screener.cli import main
from screener.report import console, listing
from screener.report.markdown import markdown
from screener.report.page import html
from screener.report.schemas import schema
from screener.report.settling import settling
from screener.rulebook import policy
from screener.vocabulary.load import catalogue

RESULT_KEYS = {
    "schema", "patient", "trial", "as_of", "overall", "counts", "criteria", "ignored", "rule_set",
    "vocabulary", "policy", "engine",
}  # fmt: skip
CRITERION_KEYS = {
    "id", "kind", "text", "rule", "verdict", "reason", "evidence", "missing", "threshold", "margin",
    "trace", "changes_on", "valid_until",
}  # fmt: skip


def result(patient: str = "recent-chemotherapy.json", trial: str = "NCT05378971") -> Any:
    return api.screen(api.load_patient(resources.patients() / patient), api.load_trial(trial))


@pytest.mark.parametrize("document", ["patient", "rules", "policy", "result"])
def test_a_schema_is_a_schema_of_an_object(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", document]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(schema(document)))
    assert printed["$schema"].startswith("https://json-schema.org/")
    assert printed["type"] == "object"


def test_the_schema_of_results_names_the_keys_of_the_contract() -> None:
    properties = schema("result")["properties"]
    assert set(properties) >= RESULT_KEYS
    assert set(schema("result")["$defs"]["CriterionResult"]["properties"]) >= CRITERION_KEYS


def test_a_result_document_has_the_keys_of_the_contract() -> None:
    document = result().model_dump()
    assert set(document) >= RESULT_KEYS
    for criterion in document["criteria"]:
        assert set(criterion) >= CRITERION_KEYS
        assert set(criterion["trace"]) == {"form", "truth", "reason", "children"}


def test_the_schema_of_rules_lists_every_key_that_a_rule_file_may_have() -> None:
    properties = schema("rules")["properties"]
    assert {"trial", "title", "criteria", "status", "completeness"} <= set(properties)
    assert properties["completeness"] == {"enum": ["full", "partial"]}


def test_the_schema_of_policies_lists_every_key_that_a_policy_may_have() -> None:
    found = schema("policy")
    assert set(found["properties"]) == set(policy.KEYS)
    limit = found["properties"]["uln"]["additionalProperties"]["anyOf"][0]
    assert limit["required"] == ["value", "unit"]
    for spans in ("max_age", "half_life_bounds"):
        pattern = found["properties"][spans]["additionalProperties"]["pattern"]
        assert re.search(pattern, "3 d")
        assert not re.search(pattern, "3 days")


def test_the_schema_of_rules_lets_a_drafted_file_alone_leave_the_disease_out() -> None:
    found = schema("rules")
    assert "disease" not in found["required"]
    assert found["if"] == {"properties": {"status": {"const": "drafted"}}}
    assert found["else"] == {"required": ["disease"]}


def test_concepts_are_found_by_part_of_a_name_the_very_one_first() -> None:
    lines = list(listing.concepts(catalogue(), "lenalidomide", 80))
    assert lines[0] == "lenalidomide  (drug)"
    assert any("half-life" in line and "3 to 4 h" in line for line in lines[:12])
    assert any("RxNorm 342369" in line for line in lines[:12])


def test_all_concepts_are_listed_by_name_alone() -> None:
    lines = list(listing.concepts(catalogue(), "", 80))
    assert len(lines) == len(list(catalogue()))


def test_markdown_says_what_fails_first_and_what_time_alone_changes() -> None:
    lines = markdown([result()]).splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert rows[1].startswith("| fail | E7 |")
    assert "Will pass on 2026-10-17 by time alone." in rows[1]
    assert lines[0] == "## NCT05378971: ineligible"


def test_html_is_one_page_and_escapes_what_it_shows() -> None:
    patient = api.load_patient({"id": "<b>&", "age": 60, "as_of": "2026-10-01",
                                "conditions": [{"name": "<script>"}]})  # fmt: skip
    page = html([api.screen(patient, api.load_trial("NCT01053949"))])
    assert page.startswith("<!doctype html>")
    assert "<script>" not in page
    assert "&lt;b&gt;&amp;" in page
    assert "criteria published in part" in page


def test_a_partial_trial_is_never_eligible() -> None:
    for trial in ("NCT01053949", "NCT02538198"):
        assert not api.load_trial(trial).can_be_eligible


def test_a_trial_is_shown_text_beside_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "NCT05378971"]) == 0
    shown = capsys.readouterr().out
    assert "E4  exclusion\n  text  with central nervous system involvement.\n" in shown
    assert "  rule  central nervous system involvement" in shown


def test_patients_are_screened_without_a_folder_of_their_own_for_compiled_rules(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCREENER_CACHE", "/dev/null/nowhere")
    path = str(resources.patients() / "del17p.json")
    assert main([path, "--trial", "NCT05378971", "--exit-verdict"]) == 10
    assert "INELIGIBLE" in capsys.readouterr().out


# --- what would settle the unknowns, and why nothing can ----------------------------------------


def table(*results: Any) -> str:
    shown = StringIO()
    if len(results) == 1:
        console.one_trial(results[0], shown)
    else:
        console.several(results, shown)
    return shown.getvalue()


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


def test_what_would_settle_the_unknowns_is_asked_as_explain_asks_it(narrow: None) -> None:
    found = [result("many-illnesses.json", trial) for trial in ("NCT06158412", "NCT05378971")]
    asked = {question for one in found for criterion in one.criteria for question in criterion.questions}
    items = settling(found)
    assert {item.what for item in items} == asked
    assert "Multiple myeloma: is it relapsed/refractory multiple myeloma?" in asked
    for shown in (table(*found), markdown(found), html(found)):
        assert "attestation NCT" not in shown
        assert "transplant_candidate" not in shown


def test_a_question_is_never_cut_and_stands_before_its_criteria(narrow: None) -> None:
    trials = ("NCT02538198", "NCT04217967", "NCT05378971", "NCT06158412")
    every = [result("sparse.json", trial) for trial in trials]
    assert {one.overall for one in every} == {"undetermined"}
    shown = table(*every).split("what would settle the unknowns\n")[1].split("\n\n")[0]
    assert "…" not in shown.replace(", …)", "")
    lines = [" ".join(part.split()) for part in re.split(r"\n(?= {0,2}\d)", shown)]
    for line, item in zip(lines, settling(every), strict=False):
        assert line.startswith(f"{len(item.criteria)} {item.what} ({item.criteria[0]}")
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_a_question_quotes_what_a_person_must_say_in_plain_words() -> None:
    asked = [question for criterion in result("sparse.json").criteria for question in criterion.questions]
    assert "Is there any active thrombosis that is new?" in asked
    assert not [question for question in asked if "manual(" in question]


def test_a_patient_whom_no_answer_makes_eligible_is_told_why(narrow: None) -> None:
    found = result("relapsed-after-cart.json", "NCT01053949")
    assert (found.overall, found.counts["fail"], found.counts["unknown"]) == ("undetermined", 0, 0)
    for shown in (table(found), table(found, found), markdown([found]), html([found])):
        assert "criteria published in part, so never eligible" in shown


def test_who_is_ineligible_anyhow_is_not_told_of_it(narrow: None) -> None:
    found = result("relapsed-after-vcd.json", "NCT01053949")
    assert found.overall == "ineligible"
    assert "rule file: criteria published in part\n" in table(found)


def test_what_fails_is_never_cut(narrow: None) -> None:
    failing = result("recent-chemotherapy.json")
    (criterion,) = [one for one in failing.criteria if one.verdict == "fail"]
    for shown in (table(failing), table(failing, failing)):
        assert criterion.reason in " ".join(shown.split())
        assert all(len(line) <= 80 for line in shown.splitlines())
