"""Statements that exclude each other are an error of the rule file, others are not."""

import pytest

from screener.language.parser import parse
from screener.vocabulary.load import catalogue


@pytest.mark.parametrize(
    "rule",
    [
        "ECOG >= 3 and ECOG <= 1",
        "ECOG 0-2 and ECOG > 2",
        "age > 18 and age < 18",
        "age 18-75 and age > 75",
        "creatinine < 2 mg/dL and creatinine >= 2 mg/dL",
        "platelets = 50 x 10^9/L and platelets > 50 x 10^9/L",
        "female and male",
        "pregnant and not pregnant",
        "(male or pregnant) and not (male or pregnant)",
        "multiple myeloma or (ECOG 0-1 and ECOG 2-3)",
        "not (female and male)",
    ],
)
def test_what_no_patient_can_meet_together_is_refused(rule: str) -> None:
    made, problems = parse(rule, catalogue())
    assert made is None
    assert [problem.code for problem in problems] == ["contradiction"]


@pytest.mark.parametrize(
    "rule",
    [
        "age >= 18 and age <= 18",
        "ECOG 0-2 and ECOG 2-3",
        "creatinine <= 2 mg/dL and creatinine >= 2 mg/dL",
        "ECOG >= 3 or ECOG <= 1",
        "at least 1 of (ECOG >= 3; ECOG <= 1)",
        "ever ECOG >= 3 and ever ECOG <= 1",
        "ALT < 3 x ULN and AST > 5 x ULN",
        "creatinine < 2 mg/dL and creatinine > 300 umol/L",  # units differ: not compared
        "prior lenalidomide and no prior bortezomib",
    ],
)
def test_what_a_patient_may_meet_is_accepted(rule: str) -> None:
    made, problems = parse(rule, catalogue())
    assert made is not None
    assert not problems
