"""Profile → facts: names and codes resolved, what is not used listed, nothing lost in silence."""

from typing import Any

import pytest

from tests.evaluate.asking import ask, chart_of


def listed(**profile: Any) -> set[tuple[str, str]]:
    return {(item.record, item.reason) for item in chart_of(**profile).facts.not_understood}


def ignored(**profile: Any) -> list[str]:
    return [item.record for item in chart_of(**profile).facts.ignored]


@pytest.mark.parametrize(
    ("section", "record", "reason"),
    [
        ("conditions", {"name": "glorbitis"}, "name not understood"),
        ("conditions", {"codes": [{"system": "ICD-10-CM", "code": "ZZ9"}]}, "name not understood"),
        ("conditions", {"name": "HIV", "codes": [{"system": "ICD-10-CM", "code": "G62.9"}]},
         "name and code disagree: not understood"),
        ("conditions", {"name": "lenalidomide"}, "name not understood"),
        ("observations", {"name": "glorb", "value": 3}, "name not understood"),
        ("observations", {"name": "creatinine", "value": "plenty", "date": "2026-09-01"},
         "value not understood"),
        ("observations", {"name": "creatinine", "value": 3, "unit": "furlong", "date": "2026-09-01"},
         "unit not understood"),
        ("genomics", {"finding": "glorb(17)", "result": "detected"}, "finding not understood"),
        ("genomics", {"finding": "17p-", "result": "detected", "method": "tea"}, "method not understood"),
        ("procedures", {"name": "glorbotomy"}, "name not understood"),
        ("allergies", {"substance": "glorbinib"}, "name not understood"),
        ("treatments", {"drugs": ["glorbinib"]}, "a drug's name not understood"),
        ("medications", {"name": "glorbinib"}, "a drug's name not understood"),
        ("responses", {"response": "splendid"}, "response not understood"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_listed(section: str, record: dict[str, Any], reason: str) -> None:
    assert listed(**{section: [record]}) == {(f"{section}[0]", reason)}
    # The second time it is known already.
    assert listed(**{section: [record, record]}) == {(f"{section}[{index}]", reason) for index in (0, 1)}


@pytest.mark.parametrize(
    ("section", "record"),
    [
        ("conditions", {"name": "HIV", "onset": "2026-10-02"}),
        ("conditions", {"name": "HIV", "date": "2026-11"}),
        ("conditions", {"name": "HIV", "onset": "2020-01-01", "date": "2027"}),
        ("conditions", {"name": "HIV", "onset": "2020-01-01", "resolved": "2027"}),
        ("observations", {"name": "creatinine", "value": 3, "date": "2026-10-02"}),
        ("genomics", {"finding": "17p-", "result": "detected", "date": "2026-10-02"}),
        ("procedures", {"name": "major surgery", "date": "2026-10-02"}),
        ("allergies", {"substance": "lenalidomide", "date": "2026-10-02"}),
        ("treatments", {"drugs": ["lenalidomide"], "start": "2026-10-02"}),
        ("medications", {"name": "aspirin", "start": "2026-10-02"}),
        ("responses", {"response": "PR", "date": "2026-10-02"}),
    ],
)
def test_what_lies_after_the_as_of_date_is_listed_as_ignored(section: str, record: dict[str, Any]) -> None:
    assert ignored(**{section: [record]}) == [f"{section}[0]"]
    assert ignored(as_of="2027-12-31", **{section: [record]}) == []


@pytest.mark.parametrize("day", ["2026-10-01", "2026-10", "2026", "2025-12-31", "2026-10-01T23:59", "2020"])
def test_what_may_lie_before_it_is_not_ignored(day: str) -> None:
    assert ignored(conditions=[{"name": "HIV", "onset": day}]) == []


CODE = [{"system": "ICD-10-CM", "code": "B20"}]


@pytest.mark.parametrize(
    "record",
    [
        {"codes": CODE}, {"name": "HIV", "codes": CODE},
        {"name": "glorbitis", "codes": CODE},  # the code is known
        {"name": "HIV", "codes": [{"system": "ICD-10-CM", "code": "ZZ9"}]},
        {"name": "viral infection", "codes": CODE},  # the more special of the two
        {"name": "hiv-1  INFECTION"}, {"name": "human immunodeficiency virus"},
        {"codes": [{"system": "icd-10-cm", "code": "b20"}]},
    ],
)  # fmt: skip
def test_names_and_codes_find_their_concept(record: dict[str, Any]) -> None:
    assert ask("HIV infection", conditions=[record]).truth == "true"


def test_a_code_may_say_by_itself_that_it_is_of_the_past() -> None:
    record = {"codes": [{"system": "ICD-10-CM", "code": "Z85.3"}]}
    assert ask("breast cancer", conditions=[record]).truth == "false"
    assert ask("history of breast cancer", conditions=[record]).truth == "true"
    active = {**record, "status": "active"}
    assert ask("breast cancer", conditions=[active]).truth == "true"


def test_one_bad_record_loses_no_other() -> None:
    conditions = [{"name": "glorbitis"}, {"name": "HIV"}]
    assert ask("HIV infection", conditions=conditions).truth == "true"


def test_evidence_names_the_record_and_shows_it_as_recorded() -> None:
    record = {"name": "HIV-1 infection", "date": "2026-09-01", "stage": "2", "severity": "mild"}
    (fact,) = ask("HIV infection", conditions=[{"name": "x"}, record]).grounds.evidence
    assert (fact.record, fact.concept, fact.date, fact.age_days) == (
        "conditions[1]", "hiv_infection", "2026-09-01", 30)  # fmt: skip
    assert fact.recorded == "HIV-1 infection, mild, stage 2"
