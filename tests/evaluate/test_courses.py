"""Refractory, relapsed, responses and progression (SEMANTICS 3 and 4)."""

from datetime import date
from typing import Any

import pytest

from tests.evaluate.asking import AS_OF, asked, truth

ALL = {"treatments": AS_OF, "responses": AS_OF, "procedures": AS_OF}


def given(end: str | None = "2026-03-01", drug: str = "lenalidomide", **more: Any) -> dict[str, Any]:
    record = {"drugs": [drug], "start": "2025-09-01", "end": end} | more
    return {key: value for key, value in record.items() if value is not None}


def response(what: str, day: str | None) -> dict[str, Any]:
    return {"response": what} | ({"date": day} if day else {})


@pytest.mark.parametrize(
    ("treatments", "responses", "complete", "expected"),
    [
        # as asserted
        ([given(refractory=True)], [], {}, "true"),
        ([given(refractory=False)], [], ALL, "false"),
        ([given(refractory=False)], [], {}, "unknown"),
        ([given(stop_reason="progression")], [], {}, "true"),
        ([given(best_response="PD")], [], {}, "true"),
        # progression on treatment or within 60 days after the last dose: 60 days yes, 61 no
        ([given()], [response("PD", "2026-02-01")], {}, "true"),
        ([given()], [response("PD", "2026-03-01")], {}, "true"),
        ([given()], [response("PD", "2026-04-30")], {}, "true"),
        ([given()], [response("PD", "2026-05-01")], ALL, "false"),
        ([given()], [response("PD", "2026-05-01")], {}, "unknown"),
        ([given()], [response("PD", "2025-08-31")], ALL, "false"),
        ([given()], [response("PD", "2026-04")], {}, "true"),
        ([given()], [response("PD", "2026-05")], ALL, "false"),
        ([given()], [response("PD", "2026")], ALL, "unknown"),
        ([given()], [response("PD", None)], ALL, "unknown"),
        # its absence only where responses are complete, and understood
        ([given()], [], ALL, "false"),
        ([given()], [], {"treatments": AS_OF}, "unknown"),
        ([given()], [], {"treatments": AS_OF, "responses": "2026-04-30"}, "false"),
        ([given()], [], {"treatments": AS_OF, "responses": "2026-04-29"}, "unknown"),
        ([given()], [response("nCR", "2026-02-01")], ALL, "unknown"),
        ([given()], [response("PR", "2026-02-01")], ALL, "false"),
        # another treatment stopped for progression in that time
        ([given(), given("2026-04-15", "bortezomib", stop_reason="progression")], [], {}, "true"),
        # without an end
        ([given(None)], [response("PD", "2025-10-15")], {}, "true"),
        ([given(None)], [response("PD", "2026-09-01")], ALL, "unknown"),
        ([given(None, ongoing=True)], [response("PD", "2026-09-01")], {}, "true"),
        ([given(start=None)], [response("PD", "2026-04-30")], {}, "true"),
        ([given(start=None)], [response("PD", "2025-04-30")], ALL, "unknown"),
        # never given
        ([], [], ALL, "false"),
        ([], [], {}, "unknown"),
        ([given(drug="XYZ-1", stop_reason="progression")], [], ALL, "unknown"),
        ([given(drug="bortezomib", stop_reason="progression")], [], ALL, "false"),
        # of several courses, one is enough
        ([given(), given("2026-08-01", stop_reason="progression")], [], {}, "true"),
    ],
)  # fmt: skip
def test_refractory_is_asserted_or_progression_within_sixty_days(
    treatments: Any, responses: Any, complete: Any, expected: str
) -> None:
    profile = {"treatments": treatments, "responses": responses, "complete": complete}
    outcome, grounds = asked("refractory to lenalidomide", **profile)
    assert outcome.truth.value == expected
    assert grounds.reason
    assert expected != "unknown" or (grounds.missing and grounds.questions)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("refractory to immunomodulatory drug", "true"), ("refractory to proteasome inhibitor", "true"),
        ("refractory to any of lenalidomide, carfilzomib", "true"),
        ("refractory to all of lenalidomide, bortezomib", "true"),
        ("refractory to all of lenalidomide, carfilzomib", "false"),
        ("refractory to antimyeloma therapy", "true"),
    ],
)  # fmt: skip
def test_who_is_refractory_to_a_combination_is_so_to_its_drugs(rule: str, expected: str) -> None:
    treated = given(drugs=["lenalidomide", "bortezomib"], stop_reason="progression")
    assert truth(rule, treatments=[treated], complete=ALL) == expected


@pytest.mark.parametrize(
    ("treatments", "responses", "complete", "expected"),
    [
        ([given(best_response="VGPR")], [response("PD", "2026-05-01")], {}, "true"),
        ([given(best_response="MR")], [response("PD", "2026-05-01")], {}, "true"),
        ([given(best_response="VGPR")], [response("PD", "2026-04-30")], ALL, "false"),
        ([given(best_response="SD")], [response("PD", "2026-08-01")], ALL, "false"),
        ([given()], [response("PD", "2026-08-01")], ALL, "unknown"),
        ([given(best_response="VGPR")], [], ALL, "false"),
        ([given(best_response="VGPR")], [], {"treatments": AS_OF}, "unknown"),
        ([], [], ALL, "false"),
    ],
)
def test_relapsed_is_a_response_and_a_later_progression(
    treatments: Any, responses: Any, complete: Any, expected: str
) -> None:
    profile = {"treatments": treatments, "responses": responses, "complete": complete}
    assert truth("relapsed after lenalidomide", **profile) == expected


# --- responses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("responses", "rule", "expected"),
    [
        ([("VGPR", "2024-05-20")], "current response >= PR", "true"),  # it holds until a later one
        ([("VGPR", "2024-05-20"), ("PD", "2026-05-20")], "current response >= PR", "false"),
        ([("PD", "2026-05-20"), ("VGPR", "2024-05-20")], "current response >= PR", "false"),
        ([("PR", "2026-05-20")], "current response >= PR", "true"),
        ([("PR", "2026-05-20")], "current response > PR", "false"),
        ([("MR", "2026-05-20")], "current response >= PR", "false"),
        ([("sCR", "2026-05-20")], "current response >= CR", "true"),
        ([("partial response", "2026-05-20")], "current response = PR", "true"),
        ([("PR", "2026-05-20"), ("CR", "2026-05-20")], "current response >= PR", "true"),
        ([("PR", "2026-05-20"), ("CR", "2026-05-20")], "current response >= VGPR", "unknown"),
        ([("PR", "2026-05"), ("CR", "2026-05-20")], "current response >= VGPR", "unknown"),
        ([("PR", "2026-04"), ("CR", "2026-05-20")], "current response >= VGPR", "true"),
        ([("PR", None)], "current response >= PR", "unknown"),
        ([("nCR", "2026-05-20")], "current response >= PR", "unknown"),
        ([("VGPR", "2026-05-20"), ("PD", "2026-10-02")], "current response >= PR", "true"),
        ([("VGPR", "2026-10")], "current response >= PR", "unknown"),
        ([], "current response >= PR", "unknown"),
    ],
)
def test_the_latest_response_holds_until_a_later_one(responses: Any, rule: str, expected: str) -> None:
    records = [response(what, day) for what, day in responses]
    outcome, grounds = asked(rule, responses=records)
    assert outcome.truth.value == expected
    assert expected != "unknown" or (grounds.missing and grounds.questions)


@pytest.mark.parametrize(
    ("stopped", "expected"), [("2026-08-01", "unknown"), ("2026-04-01", "true"), (None, "unknown")]
)
def test_a_later_stop_for_progression_leaves_the_current_response_open(
    stopped: str | None, expected: str
) -> None:
    treated = [given(stopped, stop_reason="progression")]
    records = [response("VGPR", "2026-05-20")]
    assert truth("current response >= PR", responses=records, treatments=treated) == expected


@pytest.mark.parametrize(
    ("responses", "treatments", "complete", "rule", "expected"),
    [
        ([("PD", "2026-05-20"), ("VGPR", "2024-05-20")], [], {}, "best response >= PR", "true"),
        ([("SD", "2026-05-20")], [], {}, "best response >= PR", "unknown"),
        ([("SD", "2026-05-20")], [], ALL, "best response >= PR", "false"),
        ([("VGPR", "2026-05-20")], [], {}, "best response < PR", "false"),
        ([], [given(best_response="CR")], {}, "best response >= VGPR", "true"),
        ([], [given(best_response="VGPR")], {}, "best response to lenalidomide >= PR", "true"),
        ([], [given(best_response="MR")], {}, "best response to lenalidomide >= PR", "unknown"),
        ([], [given(best_response="MR")], ALL, "best response to lenalidomide >= PR", "false"),
        ([], [given(best_response="MR"), given()], ALL, "best response to lenalidomide >= PR", "unknown"),
        ([], [given(best_response="MR"), given(drug="XYZ-1")], ALL,
         "best response to lenalidomide >= PR", "unknown"),
        ([], [given(best_response="MR"), given(best_response="CR")], {},
         "best response to lenalidomide >= PR", "true"),
        ([], [given()], ALL, "best response to lenalidomide >= PR", "unknown"),
        ([], [], ALL, "best response >= PR", "unknown"),
    ],
)  # fmt: skip
def test_the_best_response_can_only_be_surpassed(
    responses: Any, treatments: Any, complete: Any, rule: str, expected: str
) -> None:
    records = [response(what, day) for what, day in responses]
    assert truth(rule, responses=records, treatments=treatments, complete=complete) == expected


# --- progression ------------------------------------------------------------------------------

TRANSPLANT = [{"name": "autologous stem cell transplant", "date": "2026-02-15"}]
AFTER = "progression within 3 months after autologous stem cell transplant"


@pytest.mark.parametrize(
    ("day", "complete", "rule", "expected"),
    [
        ("2026-05-15", {}, AFTER, "true"), ("2026-02-15", {}, AFTER, "true"),
        ("2026-05-16", ALL, AFTER, "false"), ("2026-02-14", ALL, AFTER, "false"),
        ("2026-05-16", {}, AFTER, "unknown"),
        (None, {"responses": "2026-05-15"}, AFTER, "false"), (None, {"responses": "2026-05-14"}, AFTER,
         "unknown"),
        ("2026-05", ALL, AFTER, "unknown"),
        ("2020-01-01", {}, "progression", "true"), (None, ALL, "progression", "false"),
        (None, {}, "progression", "unknown"), ("2026-10-02", ALL, "progression", "false"),
        ("2026-09-03", {}, "progression within 4 weeks", "true"),
        ("2026-09-02", ALL, "progression within 4 weeks", "false"),
    ],
)  # fmt: skip
def test_progression_is_absent_only_where_responses_are_complete(
    day: str | None, complete: Any, rule: str, expected: str
) -> None:
    records = [response("PD", day)] if day else []
    assert truth(rule, responses=records, procedures=TRANSPLANT, complete=complete) == expected


@pytest.mark.parametrize("said", [{"stop_reason": "progression"}, {"best_response": "PD"}])
@pytest.mark.parametrize("end", ["2026-03-01", None])
def test_what_is_said_of_a_treatment_is_a_progression_too(said: Any, end: str | None) -> None:
    assert truth("progression", treatments=[given(end, **said)], complete=ALL) == "true"


def test_the_day_on_which_a_progression_leaves_its_window_is_foretold() -> None:
    _, grounds = asked("progression within 4 weeks", responses=[response("PD", "2026-09-20")], complete=ALL)
    assert date(2026, 10, 19) in grounds.turns
