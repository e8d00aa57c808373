"""Treatments and medications: exposure, duration, doses of steroids (SEMANTICS 2 to 4)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.evaluate.asking import AS_OF, asked, truth

ALL = {"treatments": AS_OF, "medications": AS_OF}


def given(*drugs: str, start: str | None = "2025-01-01", end: str | None = "2025-06-01", **more: Any) -> Any:
    record = {"drugs": list(drugs), "start": start, "end": end} | more
    return {key: value for key, value in record.items() if value not in (None, [])}


def taken(name: str, start: str | None = "2026-01-01", end: str | None = None, **more: Any) -> Any:
    record = {"name": name, "start": start, "end": end} | more
    return {key: value for key, value in record.items() if value is not None}


@pytest.mark.parametrize(
    ("treatments", "complete", "rule", "expected"),
    [
        ([given("lenalidomide")], {}, "prior lenalidomide", "true"),
        ([given("Revlimid")], {}, "prior lenalidomide", "true"),
        ([given("lenalidomide", start=None, end=None)], {}, "prior lenalidomide", "true"),
        ([given("lenalidomide")], {}, "prior bortezomib", "unknown"),
        ([given("lenalidomide")], ALL, "prior bortezomib", "false"),
        ([], ALL, "prior bortezomib", "false"),
        ([], {}, "prior bortezomib", "unknown"),
        ([], {"treatments": "2026-09-30"}, "prior bortezomib", "unknown"),
        ([], {"treatments": "2026"}, "prior bortezomib", "unknown"),
        ([], {"treatments": "2027"}, "prior bortezomib", "false"),
        # a dated-after record is not used
        ([given("bortezomib", start="2026-10-02", end=None)], ALL, "prior bortezomib", "false"),
        ([given("bortezomib", start="2026-10", end=None)], ALL, "prior bortezomib", "unknown"),
        # classes hold their drugs; a class says nothing of one drug
        ([given("lenalidomide")], {}, "prior immunomodulatory drug", "true"),
        ([given("lenalidomide")], ALL, "prior proteasome inhibitor", "false"),
        ([given("immunomodulatory drug")], ALL, "prior lenalidomide", "unknown"),
        ([given("immunomodulatory drug")], {}, "prior antimyeloma therapy", "true"),
        ([given("immunomodulatory drug")], ALL, "prior bortezomib", "false"),
        # a name not understood may be anything of its section
        ([given("XYZ-1")], ALL, "prior bortezomib", "unknown"),
        ([given("lenalidomide", "XYZ-1")], ALL, "prior bortezomib", "unknown"),
        ([given("lenalidomide", "XYZ-1")], ALL, "prior lenalidomide", "true"),
        # regimens
        ([given(regimen="VRd")], {}, "prior bortezomib", "true"),
        ([given(regimen="VRd")], {}, "prior VRd", "true"),
        ([given("bortezomib", "lenalidomide", "dexamethasone", regimen="VRd")], {}, "prior VRd", "true"),
        ([given("bortezomib", "lenalidomide", "dexamethasone")], ALL, "prior VRd", "true"),
        ([given("bortezomib"), given("lenalidomide"), given("dexamethasone")], ALL, "prior VRd", "unknown"),
        ([given("bortezomib", "dexamethasone")], ALL, "prior VRd", "false"),
        ([given(regimen="Kd")], ALL, "prior VRd", "false"),
        # any, all
        ([given("lenalidomide")], {}, "prior any of lenalidomide, bortezomib", "true"),
        ([given("lenalidomide")], ALL, "prior all of lenalidomide, bortezomib", "false"),
        ([given("lenalidomide"), given("bortezomib")], {}, "prior all of lenalidomide, bortezomib", "true"),
        ([given("lenalidomide")], {}, "prior all of lenalidomide, bortezomib", "unknown"),
        # exceptions take records out
        ([given("lenalidomide")], ALL, "prior immunomodulatory drug except lenalidomide", "false"),
        ([given("lenalidomide"), given("thalidomide")], ALL,
         "prior immunomodulatory drug except lenalidomide", "true"),
        ([given("immunomodulatory drug")], ALL, "prior immunomodulatory drug except lenalidomide", "unknown"),
        # intents and lines
        ([given("lenalidomide", intent="maintenance")], {}, "prior lenalidomide as maintenance", "true"),
        ([given("lenalidomide", intent="induction")], ALL, "prior lenalidomide as maintenance", "false"),
        ([given("lenalidomide")], ALL, "prior lenalidomide as maintenance", "unknown"),
        ([given("lenalidomide", intent="induction")], {},
         "prior lenalidomide as induction/maintenance", "true"),
        ([given("lenalidomide", line=1)], {}, "prior lenalidomide in line 1", "true"),
        ([given("lenalidomide", line=2)], ALL, "prior lenalidomide in line 1", "false"),
        ([given("lenalidomide")], ALL, "prior lenalidomide in line 1", "unknown"),
        ([given("lenalidomide"), given("lenalidomide", line=1)], ALL, "prior lenalidomide in line 1", "true"),
    ],
)  # fmt: skip
def test_exposure(treatments: Any, complete: Any, rule: str, expected: str) -> None:
    assert truth(rule, treatments=treatments, complete=complete) == expected


@pytest.mark.parametrize(
    ("treatments", "complete", "rule", "expected"),
    [
        # every exposure must lie so far back, and there must be one
        ([given("lenalidomide")], ALL, "lenalidomide at least 4 weeks ago", "true"),
        ([given("lenalidomide")], {}, "lenalidomide at least 4 weeks ago", "unknown"),
        ([given("lenalidomide"), given("lenalidomide", end="2026-09-20")], ALL,
         "lenalidomide at least 4 weeks ago", "false"),
        ([given("lenalidomide"), given("lenalidomide", end="2026-09-20")], {},
         "lenalidomide at least 4 weeks ago", "false"),
        ([], ALL, "lenalidomide at least 4 weeks ago", "false"),
        ([given("lenalidomide"), given("XYZ-1", end="2026-09-20")], ALL,
         "lenalidomide at least 4 weeks ago", "unknown"),
        ([given("lenalidomide"), given("XYZ-1")], ALL, "lenalidomide at least 4 weeks ago", "true"),
        # a recent one of unknown intent may not be meant
        ([given("lenalidomide", intent="maintenance"), given("lenalidomide", end="2026-09-20")], ALL,
         "lenalidomide as maintenance at least 4 weeks ago", "unknown"),
        ([given("lenalidomide", intent="maintenance"),
          given("lenalidomide", end="2026-09-20", intent="induction")], ALL,
         "lenalidomide as maintenance at least 4 weeks ago", "true"),
        # what is within a window needs records complete up to its end only
        ([given("XYZ-1", end="2026-01-01")], ALL, "lenalidomide within 4 weeks", "false"),
        ([given("XYZ-1", end="2026-09-20")], ALL, "lenalidomide within 4 weeks", "unknown"),
    ],
)  # fmt: skip
def test_the_time_since_the_last_exposure(treatments: Any, complete: Any, rule: str, expected: str) -> None:
    assert truth(rule, treatments=treatments, complete=complete) == expected


@pytest.mark.parametrize(
    ("medications", "complete", "rule", "expected"),
    [
        ([taken("warfarin", ongoing=True)], {}, "ongoing warfarin", "true"),
        ([taken("warfarin", ongoing=False)], ALL, "ongoing warfarin", "false"),
        ([taken("warfarin")], ALL, "ongoing warfarin", "unknown"),
        ([taken("warfarin", end="2026-10-01")], {}, "ongoing warfarin", "true"),
        ([taken("warfarin", end="2026-09-30")], ALL, "ongoing warfarin", "false"),
        ([taken("warfarin", end="2026-10")], {}, "ongoing warfarin", "true"),
        ([taken("warfarin", end="2026")], ALL, "ongoing warfarin", "unknown"),
        ([taken("warfarin", end="2026-12-01")], {}, "ongoing warfarin", "true"),
        ([taken("warfarin", end="2026-09-01", ongoing=True)], ALL, "ongoing warfarin", "unknown"),
        ([], {"medications": AS_OF}, "ongoing warfarin", "false"),
        ([], ALL, "ongoing warfarin", "false"),
        ([], {"treatments": AS_OF}, "ongoing warfarin", "unknown"),
        ([], {"treatments": AS_OF}, "ongoing lenalidomide", "false"),
        ([], {"medications": AS_OF}, "ongoing lenalidomide", "unknown"),
        ([taken("lenalidomide", ongoing=True)], {}, "ongoing lenalidomide", "true"),
        ([], {"treatments": AS_OF}, "ongoing dexamethasone", "unknown"),
    ],
)
def test_medications_and_treatments_are_both_looked_at(
    medications: Any, complete: Any, rule: str, expected: str
) -> None:
    assert truth(rule, medications=medications, complete=complete) == expected


@pytest.mark.parametrize(
    ("profile", "rule", "reason", "missing", "question"),
    [
        ({}, "prior bortezomib", "bortezomib is not recorded, and treatments are not declared complete",
         "treatment: bortezomib", "Was there ever bortezomib?"),
        ({"complete": {"treatments": "2026-09-01"}}, "prior bortezomib",
         "bortezomib is not recorded, and treatments are complete only up to 2026-09-01",
         "treatment: bortezomib", "Was there ever bortezomib?"),
        ({"treatments": [given("XYZ-1")], "complete": ALL}, "prior bortezomib",
         "XYZ-1 (treatments[0]) may be bortezomib", "treatment: XYZ-1", "Did XYZ-1 include bortezomib?"),
        ({"treatments": [given("lenalidomide")], "complete": ALL}, "prior lenalidomide in line 1",
         "lenalidomide from 2025-01-01 to 2025-06-01 (487 days ago) (treatments[0]): "
         "its line is not recorded",
         "treatment: lenalidomide (line)", "What was the line of lenalidomide?"),
        ({"treatments": [given("lenalidomide", end=None)], "complete": ALL}, "lenalidomide within 4 weeks",
         "lenalidomide from 2025-01-01 without an end date (treatments[0]): its end is not recorded",
         "treatment: lenalidomide (dates)", "When was lenalidomide last given?"),
    ],
)  # fmt: skip
def test_an_unknown_exposure_says_what_is_missing(
    profile: Any, rule: str, reason: str, missing: str, question: str
) -> None:
    outcome, grounds = asked(rule, **profile)
    assert outcome.truth.value == "unknown"
    assert (grounds.reason, grounds.missing, grounds.questions) == (reason, [missing], [question])


def test_absence_names_the_completeness_it_rests_on() -> None:
    _, grounds = asked("prior bortezomib", complete=ALL)
    assert grounds.reason == "no record of bortezomib; treatments are complete up to 2026-10-01"


# --- how long it lasted -----------------------------------------------------------------------

INDUCTION = "antineoplastic therapy as induction lasting"


def induction(start: str | None, end: str | None, **more: Any) -> Any:
    return given("bortezomib", start=start, end=end, intent="induction", **more)


@pytest.mark.parametrize(
    ("treatments", "complete", "test", "expected"),
    [
        ([induction("2025-01-01", "2026-01-01")], ALL, "<= 12 months", "true"),
        ([induction("2025-01-01", "2026-01-02")], ALL, "<= 12 months", "false"),
        ([induction("2025-01-01", "2026-01-01")], ALL, "< 12 months", "false"),
        ([induction("2025-01-01", "2026-01-01")], ALL, ">= 12 months", "true"),
        ([induction("2025-01-01", "2026-01-01")], ALL, "> 12 months", "false"),
        ([induction("2025-01-01", "2026-01-01")], ALL, "= 12 months", "true"),
        ([induction("2025", "2026-06-01")], ALL, "= 12 months", "unknown"),
        ([induction("2025-01-01", "2025-03-01")], ALL, "= 12 months", "false"),
        # from the first start to the last end; where the time between decides, nobody knows
        ([induction("2025-01-01", "2025-03-01"), induction("2025-10-01", "2026-02-01")], ALL,
         "<= 12 months", "unknown"),
        ([induction("2025-01-01", "2025-03-01"), induction("2025-03-20", "2025-09-01")], ALL,
         "<= 12 months", "true"),
        ([induction("2024-01-01", "2024-09-01"), induction("2024-10-01", "2025-09-01")], ALL,
         "<= 12 months", "false"),
        # partial dates
        ([induction("2025-01", "2025-12")], ALL, "<= 12 months", "true"),
        ([induction("2025-01", "2026-01")], ALL, "<= 12 months", "unknown"),
        # others can only lengthen it
        ([induction("2025-01-01", "2025-03-01")], {}, "<= 12 months", "unknown"),
        ([induction("2025-01-01", "2026-03-01")], {}, "<= 12 months", "false"),
        ([induction("2025-01-01", "2026-03-01")], {}, ">= 12 months", "true"),
        ([induction("2025-01-01", "2025-03-01")], {}, "= 12 months", "unknown"),
        # going on, or without an end
        ([induction("2025-01-01", None, ongoing=True)], ALL, "<= 12 months", "false"),
        ([induction("2026-01-01", None, ongoing=True)], ALL, "<= 12 months", "true"),
        ([induction("2025-01-01", None)], ALL, "<= 12 months", "unknown"),
        ([induction("2026-01-01", None)], ALL, "<= 12 months", "true"),
        ([induction(None, "2025-03-01")], ALL, "<= 12 months", "unknown"),
        # an intent that is not recorded may be induction
        ([induction("2025-01-01", "2025-03-01"), given("lenalidomide")], ALL, "<= 12 months", "unknown"),
        ([given("lenalidomide")], ALL, "<= 12 months", "unknown"),
        ([], ALL, "<= 12 months", "unknown"),
    ],
)  # fmt: skip
def test_duration_is_from_the_first_start_to_the_last_end(
    treatments: Any, complete: Any, test: str, expected: str
) -> None:
    outcome, grounds = asked(f"{INDUCTION} {test}", treatments=treatments, complete=complete)
    assert outcome.truth.value == expected
    assert grounds.reason
    assert expected != "unknown" or (grounds.missing and grounds.questions)


# --- steroids: 5 mg of prednisone are 0.75 mg of dexamethasone ----------------------------------

TOTAL = "cumulative dose of corticosteroid >= 140 mg prednisone within 2 weeks"
DAILY = "daily dose of corticosteroid >= 10 mg prednisone within 2 weeks"


def steroid(name: str, value: Any, start: str | None, end: str | None = None, unit: str = "mg",
            per: str = "day", **more: Any) -> Any:  # fmt: skip
    return taken(name, start, end, dose={"value": value, "unit": unit, "per": per}, **more)


@pytest.mark.parametrize(
    ("medications", "complete", "rule", "expected"),
    [
        ([steroid("prednisone", 10, "2026-01-01", ongoing=True)], {}, TOTAL, "true"),
        ([steroid("prednisone", 9, "2026-01-01", ongoing=True)], ALL, TOTAL, "false"),  # at most 135
        ([steroid("prednisone", Decimal("9.5"), "2026-01-01", ongoing=True)], ALL, TOTAL, "unknown"),
         # 133 or 142.5
        ([steroid("prednisone", 10, "2026-09-20", "2026-09-25")], ALL, TOTAL, "false"),  # 60
        ([steroid("prednisone", 30, "2026-09-20", "2026-09-25")], {}, TOTAL, "true"),  # 180
        ([steroid("prednisone", 30, "2026-09-20", "2026-09-25")], {}, DAILY, "true"),
        ([steroid("prednisone", 30, "2026-08-01", "2026-09-16")], ALL, TOTAL, "false"),
        ([steroid("dexamethasone", Decimal("1.5"), "2026-01-01", ongoing=True)], {}, DAILY, "true"),
        ([steroid("dexamethasone", Decimal("1.4"), "2026-01-01", ongoing=True)], ALL, DAILY, "false"),
        ([steroid("dexamethasone", Decimal("0.0015"), "2026-01-01", ongoing=True, unit="g")], {}, DAILY,
         "true"),
        # two at once are taken together
        ([steroid("prednisone", 6, "2026-01-01", ongoing=True),
          steroid("prednisone", 6, "2026-01-01", ongoing=True)], ALL, DAILY, "unknown"),
        ([steroid("prednisone", 4, "2026-01-01", ongoing=True),
          steroid("prednisone", 4, "2026-01-01", ongoing=True)], ALL, DAILY, "false"),
        ([steroid("prednisone", 10, "2026-01-01", ongoing=True, per="week")], ALL, TOTAL, "unknown"),
        ([steroid("prednisone", 10, "2026-01-01", ongoing=True, unit="tablets")], ALL, TOTAL, "unknown"),
        ([taken("prednisone", ongoing=True)], ALL, TOTAL, "unknown"),
        ([], ALL, TOTAL, "false"),
        ([], {}, TOTAL, "unknown"),
        ([taken("XYZ-1", ongoing=True)], ALL, TOTAL, "unknown"),
    ],
)  # fmt: skip
def test_doses_of_steroids_are_added_up_as_intervals(
    medications: Any, complete: Any, rule: str, expected: str
) -> None:
    outcome, grounds = asked(rule, medications=medications, complete=complete)
    assert outcome.truth.value == expected
    assert grounds.reason
    assert expected != "unknown" or (grounds.missing and grounds.questions)
