"""SEMANTICS 2 and 4 of procedures."""

from typing import Any

import pytest

from tests.evaluate.asking import ask, chart_of

Records = list[dict[str, Any]]

ASCT = {"name": "autologous stem cell transplant"}
SCT = {"name": "stem cell transplant"}
ALLO = {"name": "allogeneic stem cell transplant"}
SURGERY = {"name": "major surgery"}
NOW = {"procedures": "2026-10-01"}


def check(rule: str, records: Records, truth: str, **more: Any) -> str:
    answer = ask(rule, procedures=records, **more)
    assert answer.truth == truth, answer.reason
    return answer.reason


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([], "unknown"), ([ASCT], "true"), ([{**ASCT, "date": "2010"}], "true"),
        ([{**ASCT, "status": "resolved"}], "true"),
        ([{**ASCT, "status": "suspected"}], "unknown"), ([{**ASCT, "status": "absent"}], "false"),
        ([SCT], "unknown"), ([{**SCT, "status": "absent"}], "false"), ([ALLO], "unknown"),
        ([{"name": "tandem autologous stem cell transplant"}], "true"),
        ([{**ASCT, "date": "2026-10-02"}], "unknown"), ([{**ASCT, "date": "2026"}], "unknown"),
        # an absence holds until a later record, for 365 days
        ([{**ASCT, "status": "absent", "date": "2025-10-01"}], "false"),
        ([{**ASCT, "status": "absent", "date": "2025-09-30"}], "unknown"),
        ([{**ASCT, "status": "absent", "date": "2026-01-01"}, {**ASCT, "date": "2026-02-01"}], "true"),
        # what was done cannot be undone: one of the two records is wrong
        ([{**ASCT, "date": "2026-01-01"}, {**ASCT, "status": "absent", "date": "2026-02-01"}],
         "unknown"),
        ([ASCT, {**ASCT, "status": "absent"}], "unknown"),
    ],
)  # fmt: skip
def test_a_procedure_at_any_time(records: Records, truth: str) -> None:
    check("autologous stem cell transplant", records, truth)


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([], "false"), ([SCT], "unknown"), ([ALLO], "false"),
        ([{"name": "glorbotomy"}], "unknown"), ([{**SCT, "status": "absent"}], "false"),
        ([{**ASCT, "status": "suspected"}], "unknown"),
    ],
)  # fmt: skip
def test_a_complete_list_of_procedures(records: Records, truth: str) -> None:
    reason = check("autologous stem cell transplant", records, truth, complete=NOW)
    assert "procedures[0]" in reason or truth == "false"


@pytest.mark.parametrize(
    ("day", "truth"),
    [
        ("2026-09-03", "true"),  # 28 days before
        ("2026-09-02", "false"), ("2026-10-01", "true"), ("2026-09", "unknown"),
        ("2026-08", "false"), ("2025", "false"), ("2026", "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_within_a_window_both_ends_count(day: str | None, truth: str) -> None:
    check("major surgery within 4 weeks", [{**SURGERY, "date": day}], truth, complete=NOW)


def test_earlier_than_the_window_says_nothing_of_a_later_one() -> None:
    check("major surgery within 4 weeks", [{**SURGERY, "date": "2020-01-01"}], "unknown")
    records = [{**SURGERY, "date": "2020-01-01"},
               {**SURGERY, "status": "absent", "date": "2026-09-25"}]  # fmt: skip
    check("major surgery within 4 weeks", records, "false")


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([{**ASCT, "date": "2026-07-01"}], "true"), ([{**ASCT, "date": "2026-07-02"}], "false"),
        ([{**ASCT, "date": "2026-07"}], "unknown"), ([{**ASCT, "date": "2026-06"}], "true"),
        ([ASCT], "unknown"), ([], "false"),
        ([{**ASCT, "date": "2020-01-01"}, {**ASCT, "date": "2026-09-01"}], "false"),
        ([{**ASCT, "date": "2020-01-01"}, {**SCT, "date": "2026-09-01"}], "unknown"),
        ([{**ASCT, "date": "2020-01-01"}, {**SCT, "date": "2021-09-01"}], "true"),
        ([{**SCT, "date": "2020-01-01"}], "unknown"),
        ([{**ASCT, "date": "2020-01-01", "status": "suspected"}], "unknown"),
    ],
)  # fmt: skip
def test_at_least_so_long_ago(records: Records, truth: str) -> None:
    check("autologous stem cell transplant at least 3 months ago", records, truth, complete=NOW)


def test_time_since_the_last_needs_to_know_of_a_later_one() -> None:
    rule = "autologous stem cell transplant at least 3 months ago"
    reason = check(rule, [{**ASCT, "date": "2026-02-15"}], "unknown")
    assert "a later autologous stem cell transplant is not recorded" in reason
    check(rule, [{**ASCT, "date": "2026-09-15"}], "false")


@pytest.mark.parametrize(
    ("complete", "truth"), [("2026-01-01", "false"), ("2025-12-31", "unknown"), ("2026-10-01", "false")]
)
def test_a_window_that_ends_before_the_day_of_completeness(complete: str, truth: str) -> None:
    check("allogeneic stem cell transplant within 1 year before enrolment", [], truth,
          complete={"procedures": complete}, anchors={"enrolment": "2026-01-01"})  # fmt: skip


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([{"name": "kyphoplasty"}], "false"),
        ([SURGERY], "true"),
        ([SURGERY, {"name": "kyphoplasty"}], "true"),
    ],
)
def test_exceptions_take_out_records(records: Records, truth: str) -> None:
    check("major surgery except kyphoplasty", records, truth, complete=NOW)


def test_an_exception_may_hide_in_a_more_general_record() -> None:
    rule = "stem cell transplant except autologous stem cell transplant"
    check(rule, [SCT], "unknown", complete=NOW)
    check(rule, [ASCT], "false", complete=NOW)
    check(rule, [ALLO], "true", complete=NOW)


def test_a_procedure_on_the_list_of_conditions_was_done_on_some_day() -> None:
    record = {"name": "history of autologous bone marrow transplant", "date": "2026-09-30"}
    assert ask("autologous stem cell transplant", conditions=[record]).truth == "true"
    within = "autologous stem cell transplant within 4 weeks"
    assert ask(within, conditions=[record], complete=NOW).truth == "unknown"
    old = {**record, "date": "2026-01-01"}
    assert ask(within, conditions=[old], complete=NOW).truth == "false"
    assert not ask(within, conditions=[record]).chart.facts.not_understood


def test_what_is_shown() -> None:
    unknown = ask("autologous stem cell transplant")
    assert unknown.reason == "autologous stem cell transplant is not recorded"
    assert unknown.grounds.questions == ["Was there an autologous stem cell transplant?"]
    done = ask("autologous stem cell transplant", procedures=[{**ASCT, "date": "2026-09-01"}])
    assert done.reason == ("autologous stem cell transplant on 2026-09-01 (30 days ago) (procedures[0])")


@pytest.mark.parametrize("day", ["2026-09-05", "2026", None])
def test_a_suspected_transplant_may_be_the_last_one(day: str | None) -> None:
    done, perhaps = {**ASCT, "date": "2020-01-05"}, {**ASCT, "status": "suspected", "date": day}
    reason = check(f"{ASCT['name']} at least 3 months ago", [done, perhaps], "unknown", complete=NOW)
    assert "suspected" in reason
    last = chart_of(procedures=[done, perhaps]).anchor("transplant")
    assert last is not None
    assert not last.exact
    assert chart_of(procedures=[perhaps]).anchor("transplant") is None


@pytest.mark.parametrize(
    ("asked", "recorded", "truth"),
    [
        # the purpose, the extent, the technique and the site of radiotherapy are said apart
        ("pelvic radiotherapy", "palliative radiotherapy", "unknown"),
        ("palliative radiotherapy", "pelvic radiotherapy", "unknown"),
        ("cranial radiotherapy", "stereotactic radiosurgery", "unknown"),
        ("cranial radiotherapy", "craniospinal irradiation", "true"),
        ("spinal radiotherapy", "craniospinal irradiation", "true"),
        ("thoracic radiotherapy", "pelvic radiotherapy", "false"),
        ("EBRT", "brachytherapy", "false"),
        ("pelvic radiotherapy", "total body irradiation", "unknown"),
        ("EBRT", "pelvic radiotherapy", "unknown"),
        ("EBRT", "SBRT", "true"),
        ("pelvic radiotherapy", "SBRT", "unknown"),
        ("major surgery", "revascularization", "unknown"),
        ("surgery", "coronary revascularization", "unknown"),
        ("surgery", "coronary stent", "false"),
        ("reduced intensity conditioning transplant", "haploidentical transplant", "unknown"),
        ("allogeneic stem cell transplant", "reduced intensity conditioning transplant", "true"),
        ("solid organ transplant", "islet cell transplant", "false"),
        ("solid organ transplant", "pancreas transplant", "true"),
    ],
)
def test_what_a_record_is_by_definition_and_what_it_may_be(asked: str, recorded: str, truth: str) -> None:
    reason = check(asked, [{"name": recorded}], truth, complete=NOW)
    assert "not understood" not in reason
