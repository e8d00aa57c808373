"""SEMANTICS 2 of allergies and intolerances, to drugs and to classes of drugs."""

from typing import Any

import pytest

from tests.evaluate.asking import ask

Records = list[dict[str, Any]]

LEN = {"substance": "lenalidomide"}
THAL = {"substance": "thalidomide"}
IMID = {"substance": "immunomodulatory drug"}
ACTIVE = {"type": "allergy", **LEN}
INTOL = {"type": "intolerance", **LEN}


def check(rule: str, records: Records, truth: str, **more: Any) -> str:
    answer = ask(rule, allergies=records, **more)
    assert answer.truth == truth, answer.reason
    return answer.reason


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([], "unknown"),
        ([LEN], "true"), ([ACTIVE], "true"), ([INTOL], "unknown"), ([THAL], "unknown"),
        ([{**LEN, "status": "absent"}], "false"), ([{**LEN, "status": "suspected"}], "unknown"),
        ([{**LEN, "status": "resolved"}], "false"),
        ([{**ACTIVE, "status": "absent"}], "false"), ([{**INTOL, "status": "absent"}], "unknown"),
        ([{**INTOL, "status": "suspected"}], "unknown"),
        # classes
        ([{**IMID, "status": "absent"}], "false"), ([IMID], "unknown"),
        # the latest decides
        ([{**LEN, "date": "2026-01-01"}, {**LEN, "status": "absent", "date": "2026-05-01"}], "false"),
        ([{**LEN, "status": "absent", "date": "2026-01-01"}, {**LEN, "date": "2026-05-01"}], "true"),
        ([{**LEN, "date": "2026-01-01"}, {**LEN, "status": "resolved", "date": "2026-05-01"}], "false"),
        ([LEN, {**LEN, "status": "absent"}], "unknown"),
        ([LEN, {**LEN, "status": "absent", "date": "2026-05-01"}], "unknown"),
        ([LEN, {**LEN, "status": "resolved"}], "unknown"),
        ([{**LEN, "date": "2026-01-01"}, {**IMID, "status": "absent", "date": "2026-05-01"}], "false"),
        ([{**IMID, "status": "absent", "date": "2026-01-01"}, {**LEN, "date": "2026-05-01"}], "true"),
        # an intolerance beside the absence of an allergy contradicts nothing
        ([INTOL, {**ACTIVE, "status": "absent"}], "false"),
        ([ACTIVE, {**INTOL, "status": "absent"}], "true"),
        # an absence holds for 365 days
        ([{**LEN, "status": "absent", "date": "2025-10-01"}], "false"),
        ([{**LEN, "status": "absent", "date": "2025-09-30"}], "unknown"),
        # after the as-of date
        ([{**LEN, "date": "2026-10-02"}], "unknown"), ([{**LEN, "date": "2026"}], "unknown"),
        ([{**LEN, "status": "absent", "date": "2026"}], "unknown"),
    ],
)  # fmt: skip
def test_an_allergy_to_a_drug(records: Records, truth: str) -> None:
    check("allergy to lenalidomide", records, truth)


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([], "false"), ([INTOL], "false"), ([THAL], "false"), ([IMID], "unknown"),
        ([{**IMID, "status": "resolved"}], "false"), ([{**IMID, "status": "suspected"}], "unknown"),
        ([{**LEN, "status": "suspected"}], "unknown"), ([{"substance": "glorbinib"}], "unknown"),
        ([{"substance": "glorbinib", "status": "absent"}], "false"),
        ([LEN], "true"),
    ],
)  # fmt: skip
def test_a_complete_list_of_allergies(records: Records, truth: str) -> None:
    reason = check("allergy to lenalidomide", records, truth, complete={"allergies": "2026-10-01"})
    assert "allergies[0]" in reason or truth == "false"


@pytest.mark.parametrize("complete", ["2026-09-30", "2026-09", "2026"])
def test_days_after_the_declared_one_are_unknown(complete: str) -> None:
    check("allergy to lenalidomide", [], "unknown", complete={"allergies": complete})


@pytest.mark.parametrize(
    ("rule", "records", "truth"),
    [
        ("intolerance to lenalidomide", [INTOL], "true"),
        ("intolerance to lenalidomide", [LEN], "unknown"),  # which of the two is not recorded
        ("intolerance to lenalidomide", [ACTIVE], "unknown"),
        ("intolerance to lenalidomide", [{**LEN, "status": "absent"}], "false"),
        ("intolerance to lenalidomide", [{**ACTIVE, "status": "absent"}], "unknown"),
        ("allergy or intolerance to lenalidomide", [LEN], "true"),
        ("allergy or intolerance to lenalidomide", [INTOL], "true"),
        ("allergy or intolerance to lenalidomide", [ACTIVE], "true"),
        ("allergy or intolerance to lenalidomide", [{**LEN, "status": "absent"}], "false"),
        ("allergy or intolerance to lenalidomide", [{**ACTIVE, "status": "absent"}], "unknown"),
        (
            "allergy or intolerance to lenalidomide",
            [{**ACTIVE, "status": "absent"}, {**INTOL, "status": "absent"}],
            "false",
        ),
        ("allergy or intolerance to lenalidomide", [INTOL, {**ACTIVE, "status": "absent"}], "true"),
        ("allergy to immunomodulatory drug", [LEN], "true"),
        ("allergy to immunomodulatory drug", [{**LEN, "status": "absent"}], "unknown"),
        ("allergy to immunomodulatory drug", [{**IMID, "status": "absent"}], "false"),
        ("allergy to any of lenalidomide, thalidomide", [THAL], "true"),
        ("allergy to any of lenalidomide, thalidomide", [{**LEN, "status": "absent"}], "unknown"),
        ("allergy to any of lenalidomide, thalidomide", [{**IMID, "status": "absent"}], "false"),
        ("severe allergy to lenalidomide", [{**LEN, "severity": "severe"}], "true"),
        ("severe allergy to lenalidomide", [{**LEN, "severity": "mild"}], "false"),
        ("severe allergy to lenalidomide", [LEN], "unknown"),
        ("severe allergy to lenalidomide", [{**LEN, "status": "absent"}], "false"),
    ],
)
def test_allergies_by_type_by_class_and_by_severity(rule: str, records: Records, truth: str) -> None:
    check(rule, records, truth)


@pytest.mark.parametrize(
    ("record", "manual"),
    [(LEN, True), ({**LEN, "status": "suspected"}, False), (IMID, False)],
)
def test_only_an_open_severity_is_for_a_person_to_judge(record: dict[str, Any], manual: bool) -> None:
    answer = ask("severe allergy to lenalidomide", allergies=[record])
    assert answer.truth == "unknown"
    assert answer.outcome.manual is manual


def test_what_is_shown() -> None:
    record = {**LEN, "severity": "severe", "date": "2026-09-01"}
    answer = ask("allergy to lenalidomide", allergies=[record])
    assert answer.reason == (
        "severe allergy to lenalidomide is recorded on 2026-09-01 (30 days ago) (allergies[0])"
    )
    unknown = ask("allergy or intolerance to lenalidomide")
    assert unknown.reason == "allergy or intolerance to lenalidomide is not recorded"
    assert unknown.grounds.questions == ["Is there an allergy or intolerance to lenalidomide?"]
    complete = ask("allergy to lenalidomide", complete={"allergies": "2026-10-01"})
    assert complete.reason == (
        "no record of allergy to lenalidomide; allergies are complete up to 2026-10-01"
    )
