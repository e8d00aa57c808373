"""SEMANTICS 2 of conditions: what is recorded, what is absent, what stays open."""

from typing import Any

import pytest

from tests.evaluate.asking import ask

Records = list[dict[str, Any]]

NOW = {"conditions": "2026-10-01"}
HIV = {"name": "HIV infection"}
PN = {"name": "peripheral neuropathy"}
BREAST = {"name": "breast cancer"}
MI = {"name": "myocardial infarction"}


def check(rule: str, records: Records, truth: str, **more: Any) -> str:
    answer = ask(rule, conditions=records, **more)
    assert answer.truth == truth, answer.reason
    return answer.reason


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([], "unknown"),
        ([HIV], "true"),  # without a status: active
        ([{**HIV, "status": "active"}], "true"),
        ([{**HIV, "status": "resolved"}], "false"),
        ([{**HIV, "status": "absent"}], "false"),
        ([{**HIV, "status": "suspected"}], "unknown"),
        ([{**HIV, "resolved": "2025-01-01"}], "false"),
        # of several records the latest decides
        ([{**HIV, "date": "2026-01-01"}, {**HIV, "status": "absent", "date": "2026-05-01"}], "false"),
        ([{**HIV, "status": "absent", "date": "2026-05-01"}, {**HIV, "date": "2026-01-01"}], "false"),
        ([{**HIV, "status": "absent", "date": "2026-01-01"}, {**HIV, "date": "2026-05-01"}], "true"),
        ([{**HIV, "date": "2026-01-01"}, {**HIV, "status": "resolved", "date": "2026-05-01"}], "false"),
        ([{**HIV, "status": "resolved", "date": "2026-01-01"}, {**HIV, "date": "2026-05-01"}], "true"),
        # what cannot be ordered ties, and records that differ leave it open
        ([HIV, {**HIV, "status": "absent"}], "unknown"),
        ([HIV, {**HIV, "status": "resolved"}], "unknown"),
        ([HIV, {**HIV, "status": "absent", "date": "2026-05-01"}], "unknown"),
        ([{**HIV, "date": "2026-05-01"}, {**HIV, "status": "absent"}], "unknown"),
        ([{**HIV, "date": "2026-05-01"}, {**HIV, "status": "absent", "date": "2026-05-01"}], "unknown"),
        ([{**HIV, "date": "2026-05"}, {**HIV, "status": "absent", "date": "2026-05-10"}], "unknown"),
        ([{**HIV, "date": "2026-04"}, {**HIV, "status": "absent", "date": "2026-05-10"}], "false"),
        ([{**HIV, "status": "absent", "date": "2026-05"}, {**HIV, "date": "2026-06-01"}], "true"),
        ([HIV, HIV], "true"),
        ([HIV, {**HIV, "date": "2026-05-01"}], "true"),
        # a suspicion decides nothing: it neither shows nor takes away
        ([{**HIV, "date": "2026-01-01"}, {**HIV, "status": "suspected", "date": "2026-05-01"}], "true"),
        ([{**HIV, "status": "absent", "date": "2026-01-01"},
          {**HIV, "status": "suspected", "date": "2026-05-01"}], "unknown"),
        ([{**HIV, "status": "suspected", "date": "2026-01-01"},
          {**HIV, "status": "absent", "date": "2026-05-01"}], "false"),
        ([{**HIV, "status": "suspected", "date": "2026-01-01"}, {**HIV, "date": "2026-05-01"}], "true"),
    ],
)  # fmt: skip
def test_the_latest_record_decides_and_ties_stay_open(records: Records, truth: str) -> None:
    check("HIV infection", records, truth)


@pytest.mark.parametrize(
    ("day", "truth"),
    [
        ("2026-10-01", "false"), ("2025-10-01", "false"),  # 365 days before
        ("2025-09-30", "unknown"),  # 366 days before
        ("2025-10", "false"), ("2025-09", "unknown"), ("2025", "unknown"),
        ("2020-01-01", "unknown"),
        ("2026", "unknown"),  # it may have been said after the as-of date
        (None, "false"),  # an undated absence holds
    ],
)  # fmt: skip
def test_a_dated_absence_holds_for_365_days(day: str | None, truth: str) -> None:
    check("HIV infection", [{**HIV, "status": "absent", "date": day}], truth)


def test_an_absence_too_old_to_hold_still_takes_the_place_of_an_earlier_record() -> None:
    records = [{**HIV, "date": "2020-01-01"}, {**HIV, "status": "absent", "date": "2024-01-01"}]
    check("HIV infection", records, "unknown")
    check("HIV infection", records, "false", complete=NOW)


def test_what_an_absence_decides_stands_until_it_is_too_old() -> None:
    answer = ask("HIV infection", conditions=[{**HIV, "status": "absent", "date": "2026-09-01"}])
    assert str(answer.grounds.expires) == "2027-09-02"


@pytest.mark.parametrize(
    ("rule", "records", "truth"),
    [
        # a recorded child makes its parent present
        ("malignancy", [BREAST], "true"),
        ("malignancy", [{"name": "basal cell carcinoma"}], "true"),
        ("infection", [{"name": "pneumonia"}], "true"),
        ("malignancy", [{**BREAST, "status": "suspected"}], "unknown"),
        # a parent recorded absent makes every child absent
        ("breast cancer", [{"name": "malignancy", "status": "absent"}], "false"),
        ("HIV infection", [{"name": "infection", "status": "absent"}], "false"),
        ("basal cell carcinoma", [{"name": "skin cancer", "status": "absent"}], "false"),
        # a parent present, a child absent or a child resolved says nothing of the other
        ("breast cancer", [{"name": "malignancy"}], "unknown"),
        ("malignancy", [{**BREAST, "status": "absent"}], "unknown"),
        ("malignancy", [{**BREAST, "status": "resolved"}], "unknown"),
        ("breast cancer", [{"name": "melanoma"}], "unknown"),
        # parent absent, child present: the later one, else open
        ("malignancy", [{"name": "malignancy", "status": "absent"}, BREAST], "unknown"),
        ("breast cancer", [{"name": "malignancy", "status": "absent"}, BREAST], "unknown"),
        ("malignancy", [{"name": "malignancy", "status": "absent", "date": "2026-01-01"},
                        {**BREAST, "date": "2026-05-01"}], "true"),
        ("breast cancer", [{"name": "malignancy", "status": "absent", "date": "2026-01-01"},
                           {**BREAST, "date": "2026-05-01"}], "true"),
        ("malignancy", [{"name": "malignancy", "status": "absent", "date": "2026-05-01"},
                        {**BREAST, "date": "2026-01-01"}], "false"),
        ("melanoma", [{"name": "malignancy", "status": "absent", "date": "2026-01-01"},
                      {**BREAST, "date": "2026-05-01"}], "false"),
        # a child absent, the parent present
        ("malignancy", [{**BREAST, "status": "absent", "date": "2026-05-01"},
                        {"name": "malignancy", "date": "2026-01-01"}], "true"),
        # each condition by its own latest record
        ("malignancy", [{**BREAST, "status": "resolved"}, {"name": "melanoma"}], "true"),
        ("malignancy", [{"name": "malignancy", "date": "2026-01-01"},
                        {**BREAST, "status": "resolved", "date": "2026-05-01"}], "true"),
    ],
)  # fmt: skip
def test_hierarchies(rule: str, records: Records, truth: str) -> None:
    check(rule, records, truth)


@pytest.mark.parametrize(
    ("complete", "truth"),
    [
        ("2026-10-01", "false"), ("2027-01-01", "false"), ("2026-11", "false"), ("2027", "false"),
        ("2026-10", "false"),  # its first day is the as-of date
        ("2026-09-30", "unknown"), ("2026-09", "unknown"), ("2025", "unknown"),
        ("2026", "unknown"),  # it may be a day before the as-of date
    ],
)  # fmt: skip
def test_not_recorded_is_absent_only_up_to_the_day_of_completeness(complete: str, truth: str) -> None:
    check("HIV infection", [], truth, complete={"conditions": complete})
    check("history of HIV infection", [], truth, complete={"conditions": complete})


def test_other_sections_say_nothing_of_conditions() -> None:
    check("HIV infection", [], "unknown", complete={"treatments": "2026-10-01"})


@pytest.mark.parametrize(
    ("rule", "records", "truth", "named"),
    [
        ("HIV infection", [{"name": "glorbitis"}], "unknown", "conditions[0]"),
        ("HIV infection", [{"name": "glorbitis", "status": "suspected"}], "unknown", "conditions[0]"),
        ("HIV infection", [{"name": "glorbitis", "status": "absent"}], "false", ""),
        ("HIV infection", [{**HIV, "status": "suspected"}], "unknown", "conditions[0]"),
        ("HIV infection", [BREAST, {"name": "viral infection"}], "unknown", "conditions[1]"),
        ("HIV infection", [{"name": "viral infection", "status": "suspected"}], "unknown", "conditions[0]"),
        ("HIV infection", [{"name": "viral infection", "status": "absent"}], "false", ""),
        ("HIV infection", [{"name": "viral infection", "status": "resolved"}], "false", ""),
        ("history of HIV infection", [{"name": "viral infection", "status": "resolved"}], "unknown",
         "conditions[0]"),
        ("breast cancer", [{"name": "malignancy", "date": "2020-01-01"},
                           {"name": "malignancy", "status": "absent", "date": "2026-05-01"}], "false", ""),
        ("HIV infection", [BREAST], "false", ""),
        # what the vocabulary says may be this, though it is not more general
        ("active hepatitis B", [{"name": "chronic hepatitis B"}], "unknown", "conditions[0]"),
        ("active hepatitis B", [{"name": "chronic hepatitis B", "status": "resolved"}], "false", ""),
        ("bacterial infection", [{"name": "meningitis"}], "unknown", "conditions[0]"),
        ("serious bacterial infection", [{"name": "meningitis", "severity": "mild"}], "false", ""),
        ("HIV infection", [{"name": "meningitis"}], "false", ""),
        ("malignancy", [HIV], "false", ""),
        # one that would not matter, were it this
        ("peripheral neuropathy grade >= 3",
         [{"name": "neuropathy", "grade": 1, "date": "2026-09-01"}], "false", ""),
        ("peripheral neuropathy grade >= 3",
         [{"name": "neuropathy", "grade": 3, "date": "2026-09-01"}], "unknown", "conditions[0]"),
        ("myocardial infarction within 6 months",
         [{"name": "cardiac disease", "resolved": "2020-01-01"}], "false", ""),
    ],
)  # fmt: skip
def test_completeness_does_not_speak_of_what_a_record_might_be(
    rule: str, records: Records, truth: str, named: str
) -> None:
    assert named in check(rule, records, truth, complete=NOW)


@pytest.mark.parametrize(
    "name", ["breast cancer", "prostate cancer", "colon cancer", "AML", "metastatic cancer"]
)
def test_a_cancer_of_which_it_is_not_said_may_be_invasive(name: str) -> None:
    found = ask("invasive malignancy", conditions=[{"name": name}], complete={"conditions": "2026-10-01"})
    assert found.truth == "unknown"


# each of these was read the wrong way while the vocabulary did not say how the two hang together
MAY_BE = [
    ("intracranial hemorrhage", "CNS hemorrhage"), ("refractory anemia with excess blasts", "MDS"),
    ("cardiac amyloidosis", "AL amyloidosis"), ("AL amyloidosis", "cardiac amyloidosis"),
    ("AL amyloidosis", "renal amyloidosis"), ("amyloidosis", "cardiomyopathy"),
    ("peripheral neuropathy", "POEMS syndrome"), ("kidney disease", "light chain deposition disease"),
    ("lymphoma", "CLL"), ("lymphoma", "lymphoproliferative disorder"), ("solid tumor", "metastatic cancer"),
    ("breast cancer", "metastatic cancer"), ("lung cancer", "squamous cell carcinoma"),
    ("CNS involvement by lymphoma", "CNS lymphoma"), ("CNS disorder", "brain tumor"),
    ("CNS disorder", "primary CNS lymphoma"),
    ("hepatitis B", "chronic hepatitis"), ("hepatitis B", "acute hepatitis"),
    ("viral infection", "hepatitis"),
    ("hepatitis C", "active viral hepatitis"), ("hepatitis B", "chronic viral hepatitis"),
    ("hepatitis C", "acute viral hepatitis"), ("chronic hepatitis B", "active hepatitis B"),
    ("active hepatitis B", "occult hepatitis B"), ("hepatitis B", "hepatitis D"),
    ("hepatitis B", "chronic liver disease"), ("systemic fungal infection", "sepsis"),
    ("infection", "febrile neutropenia"), ("bacterial infection", "empyema"),
    ("active infection", "diverticulitis"), ("infection", "appendicitis"), ("infection", "myocarditis"),
    ("tuberculosis", "positive tuberculin test"), ("COVID-19", "long COVID"),
    ("infection", "postherpetic neuralgia"),
    ("heart failure", "hypertensive heart disease"), ("angina", "acute coronary syndrome"),
    ("acute coronary syndrome", "angina"), ("coronary artery disease", "ischemic cardiomyopathy"),
    ("life-threatening ventricular arrhythmia", "ventricular tachycardia"),
    ("ventricular arrhythmia", "life-threatening arrhythmia"), ("ventricular arrhythmia", "cardiac arrest"),
    ("heart failure", "pulmonary edema"), ("heart failure", "cardiogenic shock"),
    ("bradycardia", "sick sinus syndrome"),
    ("deep vein thrombosis", "catheter-related thrombosis"),
    ("venous thromboembolism", "superficial vein thrombosis"),
    ("arterial thrombosis", "ischemic stroke"), ("arterial thrombosis", "myocardial infarction"),
    ("arterial thrombosis", "critical limb ischemia"), ("intracranial hemorrhage", "stroke"),
    ("stroke", "intracranial hemorrhage"), ("cerebrovascular disease", "subdural hematoma"),
    ("lower gastrointestinal bleeding", "hematochezia"), ("hemorrhage", "hemorrhagic cystitis"),
    ("pulmonary hemorrhage", "hemoptysis"),
    ("COPD", "chronic bronchitis"), ("interstitial lung disease", "sarcoidosis"),
    ("non-infectious pneumonitis", "organizing pneumonia"),
    ("chronic lung disease", "obstructive lung disease"),
    ("decompensated cirrhosis", "alcoholic cirrhosis"), ("cirrhosis", "primary biliary cholangitis"),
    ("cirrhosis", "alcoholic liver disease"), ("chronic liver disease", "liver failure"),
    ("liver disease", "ascites"),
    ("end stage renal disease", "chronic renal failure"),
    ("CKD stage 4", "hypertensive chronic kidney disease"),
    ("renal failure", "chronic kidney disease"), ("end stage renal disease", "dialysis dependence"),
    ("chronic kidney disease", "diabetic nephropathy"),
    ("painful neuropathy", "chemotherapy-induced peripheral neuropathy"),
    ("autonomic neuropathy", "diabetic neuropathy"), ("peripheral neuropathy", "carpal tunnel syndrome"),
    ("peripheral neuropathy", "neuropathic pain"),
    ("autoimmune disease", "arthritis"), ("autoimmune disease", "glomerulonephritis"),
    ("autoimmune disease", "hemolytic anemia"), ("autoimmune hemolytic anemia", "acquired hemolytic anemia"),
    ("colitis", "inflammatory bowel disease"), ("colitis", "Crohn's disease"),
    ("malabsorption", "exocrine pancreatic insufficiency"), ("myositis", "dermatomyositis"),
    ("CNS involvement", "primary CNS lymphoma"), ("CNS involvement", "glioblastoma"),
    ("CNS involvement by lymphoma", "primary CNS lymphoma"), ("CNS disorder", "glioblastoma"),
]  # fmt: skip
IS = [
    ("CNS hemorrhage", "spinal hemorrhage"), ("CNS bleeding", "intracranial hemorrhage"),
    ("invasive malignancy", "invasive breast cancer"), ("invasive malignancy", "invasive ductal carcinoma"),
    ("invasive malignancy", "invasive melanoma"), ("invasive malignancy", "invasive cervical cancer"),
    ("breast cancer", "invasive breast cancer"), ("invasive malignancy", "muscle-invasive bladder cancer"),
    ("MDS", "refractory anemia with excess blasts"),
    ("non-infectious pneumonitis", "drug-induced pneumonitis"),
    ("non-infectious pneumonitis", "radiation pneumonitis"),
    ("intracranial hemorrhage", "hemorrhagic stroke"), ("ischemic stroke", "cryptogenic stroke"),
    ("upper gastrointestinal bleeding", "bleeding esophageal varices"),
    ("upper gastrointestinal bleeding", "bleeding peptic ulcer"),
    ("upper gastrointestinal bleeding", "hematemesis"),
    ("deep vein thrombosis", "upper extremity DVT"),
    ("cerebrovascular disease", "cerebral venous thrombosis"),
    ("liver disease", "Budd-Chiari syndrome"), ("kidney disease", "MGRS"), ("infection", "empyema"),
    ("kidney disease", "renal vein thrombosis"), ("tachycardia", "ventricular tachycardia"),
    ("CNS disorder", "spinal hemorrhage"), ("aneurysm", "cerebral aneurysm"),
    ("lung disease", "lung abscess"), ("chronic lung disease", "bronchopulmonary dysplasia"),
    ("drug-induced peripheral neuropathy", "chemotherapy-induced peripheral neuropathy"),
    ("autoimmune disease", "neuromyelitis optica"), ("immune thrombocytopenia", "Evans syndrome"),
    ("autoimmune hemolytic anemia", "Evans syndrome"), ("colitis", "ulcerative colitis"),
    ("biliary tract cancer", "cholangiocarcinoma"), ("biliary tract cancer", "gallbladder cancer"),
    ("CNS lymphoma", "primary CNS lymphoma"), ("CNS lymphoma", "CNS involvement by lymphoma"),
    ("lymphoma", "CNS involvement by lymphoma"), ("delirium", "delirium tremens"),
]  # fmt: skip
IS_NOT = [
    ("viral infection", "autoimmune hepatitis"), ("hepatitis B", "alcoholic hepatitis"),
    ("chronic kidney disease", "acute kidney injury"),
    ("autoimmune disease", "osteoarthritis"), ("renal failure", "CKD stage 3"),
    ("life-threatening ventricular arrhythmia", "atrial fibrillation"), ("hepatitis B", "acute hepatitis C"),
    ("heart failure", "hypertension"), ("deep vein thrombosis", "pulmonary embolism"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "recorded", "truth"),
    [(*pair, "unknown") for pair in MAY_BE] + [(*pair, "true") for pair in IS]
    + [(*pair, "false") for pair in IS_NOT],
)  # fmt: skip
def test_what_a_record_is_by_definition_and_what_it_may_be(asked: str, recorded: str, truth: str) -> None:
    reason = check(asked, [{"name": recorded}], truth, complete=NOW)
    assert ("may be" in reason) == (truth == "unknown")  # not for a name that nobody understands
    assert "not understood" not in reason


def test_a_name_and_a_code_that_disagree_are_not_understood() -> None:
    record = {"name": "breast cancer", "codes": [{"system": "ICD-10-CM", "code": "B20"}]}
    check("HIV infection", [record], "unknown", complete=NOW)
    check("HIV infection", [{**record, "name": "glorbitis"}], "true")
    check("HIV infection", [{**record, "name": "viral infection"}], "true")


# --- history, windows -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([{**BREAST, "status": "resolved"}], "true"),
        ([BREAST], "true"),
        ([{**BREAST, "status": "suspected"}], "unknown"),
        ([{**BREAST, "status": "absent"}], "unknown"),  # absent now: nothing of the past
        ([{**BREAST, "date": "2020-01-01"},
          {**BREAST, "status": "absent", "date": "2026-01-01"}], "true"),
        ([BREAST, {**BREAST, "status": "absent"}], "unknown"),  # one of the two is wrong
        ([{**BREAST, "status": "resolved"}, {**BREAST, "status": "absent"}], "true"),
        ([], "unknown"),
    ],
)  # fmt: skip
def test_history_counts_resolved_ones(records: Records, truth: str) -> None:
    check("history of breast cancer", records, truth)


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([{**MI, "status": "absent"}], "false"),  # an event that never was
        ([MI, {**MI, "status": "absent"}], "unknown"),
        ([{**MI, "onset": "2020-01-01"}, {**MI, "status": "absent", "date": "2026-01-01"}], "true"),
    ],
)
def test_the_absence_of_an_event_denies_its_history(records: Records, truth: str) -> None:
    check("history of myocardial infarction", records, truth)


@pytest.mark.parametrize(
    ("record", "truth"),
    [
        # within 6 months of 2026-10-01: from 2026-04-01, which belongs to it
        ({"onset": "2026-04-01"}, "true"), ({"onset": "2026-03-31"}, "false"),
        ({"onset": "2026-10-01"}, "true"), ({"onset": "2026-05"}, "true"),
        ({"onset": "2026-03"}, "false"), ({"onset": "2026-04"}, "true"),
        ({"onset": "2026"}, "unknown"), ({"onset": "2025"}, "false"), ({}, "unknown"),
        ({"onset": "2026-10"}, "unknown"),
        ({"date": "2026-05-01"}, "true"), ({"date": "2026-03-31"}, "false"),
        # one that lasts in the record is still an event of its onset
        ({"onset": "2020-01-01", "status": "active", "date": "2026-09-01"}, "false"),
        ({"onset": "2020-01-01", "status": "resolved", "resolved": "2026-09-01"}, "false"),
        # recorded as resolved: it was before that, on some day
        ({"status": "resolved", "date": "2026-05-01"}, "unknown"),
        ({"status": "resolved", "date": "2026-03-31"}, "false"),
        ({"resolved": "2026-03-31"}, "false"), ({"resolved": "2026-05-01"}, "unknown"),
    ],
)  # fmt: skip
def test_an_event_counts_on_its_onset(record: dict[str, Any], truth: str) -> None:
    check("myocardial infarction within 6 months", [{**MI, **record}], truth, complete=NOW)


@pytest.mark.parametrize(
    ("record", "truth"),
    [
        ({"onset": "2010-01-01"}, "true"),  # active: it lasts
        ({}, "true"),
        ({"onset": "2010", "resolved": "2021-10-01"}, "true"),  # 5 years before, to the day
        ({"onset": "2010", "resolved": "2021-09-30"}, "false"),
        ({"onset": "2010", "resolved": "2021"}, "unknown"),
        ({"onset": "2010", "resolved": "2021-10"}, "true"),
        ({"onset": "2010", "resolved": "2021-09"}, "false"),
        ({"resolved": "2020-01-01"}, "false"), ({"resolved": "2022-01-01"}, "true"),
        ({"status": "resolved"}, "unknown"),
        ({"status": "resolved", "onset": "2022-01-01"}, "true"),
        ({"status": "resolved", "onset": "2010", "date": "2020-01-01"}, "false"),
        ({"status": "resolved", "onset": "2010", "date": "2022-01-01"}, "unknown"),
        ({"status": "suspected", "onset": "2010"}, "unknown"),
    ],
)  # fmt: skip
def test_a_lasting_condition_counts_from_onset_to_resolution(record: dict[str, Any], truth: str) -> None:
    check("breast cancer within 5 years", [{**BREAST, **record}], truth, complete=NOW)


@pytest.mark.parametrize(
    ("record", "truth"),
    [
        ({"resolved": "2023-10-01"}, "true"),
        ({"resolved": "2023-10-02"}, "false"),
        ({"resolved": "2023-10"}, "unknown"),
        ({"resolved": "2023"}, "unknown"),
        ({"resolved": "2023-09"}, "true"),
        ({"resolved": "2022"}, "true"),
        ({"status": "active"}, "false"),
        ({"status": "resolved"}, "unknown"),
        ({"status": "resolved", "date": "2022-01-01"}, "true"),  # it ended before its record
        ({"status": "resolved", "date": "2026-01-01"}, "unknown"),
    ],
)
def test_resolved_at_least_so_long_ago(record: dict[str, Any], truth: str) -> None:
    check("breast cancer resolved at least 3 years ago", [{**BREAST, **record}], truth, complete=NOW)


@pytest.mark.parametrize(
    ("complete", "truth"), [("2026-10-01", "false"), ("2026-04-01", "false"), ("2026-03-31", "unknown")]
)
def test_what_came_after_the_time_asked_about_cannot_matter(complete: str, truth: str) -> None:
    check("myocardial infarction at least 6 months ago", [], truth, complete={"conditions": complete})


# --- what lies after the as-of date -----------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "truth"),
    [
        ({"onset": "2026-10-02"}, "unknown"),
        ({"date": "2026-10-02"}, "unknown"),
        ({"date": "2026-11", "onset": "2026-01-01"}, "unknown"),
        ({"onset": "2026-01-01", "resolved": "2026-12-01"}, "true"),  # it lasted then
        ({"onset": "2026-01-01", "resolved": "2026-12-01", "status": "resolved"}, "true"),
        ({"onset": "2026-01-01", "resolved": "2026"}, "unknown"),
        ({"onset": "2026"}, "unknown"),
        ({"onset": "2026", "date": "2026-09-01"}, "true"),
        ({"onset": "2026-10-01"}, "true"),
    ],
)
def test_facts_after_the_as_of_date_are_not_used(record: dict[str, Any], truth: str) -> None:
    check("HIV infection", [{**HIV, **record}], truth)


def test_a_record_after_the_as_of_date_is_listed_as_ignored() -> None:
    answer = ask("HIV infection", conditions=[{**HIV, "date": "2026-10-02"}])
    assert [ignored.record for ignored in answer.chart.facts.ignored] == ["conditions[0]"]


# --- qualifiers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "record", "truth"),
    [
        ("serious infection", {"severity": "serious"}, "true"),
        ("serious infection", {"severity": "severe"}, "true"),
        ("serious infection", {"severity": "life-threatening"}, "true"),
        ("serious infection", {"severity": "mild"}, "false"),
        ("serious infection", {"severity": "moderate"}, "false"),
        ("serious infection", {"severity": "dreadful"}, "unknown"),
        ("serious infection", {}, "unknown"),
        ("serious infection", {"grade": 3, "date": "2026-09-01"}, "true"),
        ("serious infection", {"grade": 4, "date": "2026-09-01"}, "true"),
        ("serious infection", {"grade": 2, "date": "2026-09-01"}, "false"),
        ("serious infection", {"grade": 3, "date": "2026-01-01"}, "unknown"),  # too old
        ("serious infection", {"grade": 3}, "unknown"),  # no date
        ("serious infection", {"grade": 3, "date": "2026-09-01", "severity": "mild"}, "unknown"),
        ("serious infection", {"grade": 3, "date": "2026-09-01", "severity": "severe"}, "true"),
        ("serious infection", {"severity": "severe", "status": "resolved"}, "false"),
        ("mild infection", {"severity": "mild"}, "true"),
        ("mild infection", {"severity": "moderate"}, "false"),
        ("mild infection", {"grade": 1, "date": "2026-09-01"}, "true"),
        ("moderate infection", {"grade": 2, "date": "2026-09-01"}, "true"),
        ("moderate infection", {"grade": 3, "date": "2026-09-01"}, "false"),
        ("severe infection", {"grade": 3, "date": "2026-09-01"}, "true"),
        ("active infection", {}, "true"),
        ("active infection", {"status": "resolved"}, "false"),
        ("resolved infection", {"status": "resolved"}, "true"),
        ("uncontrolled infection", {"controlled": False}, "true"),
        ("uncontrolled infection", {"controlled": True}, "false"),
        ("uncontrolled infection", {}, "unknown"),
        ("controlled infection", {"controlled": True}, "true"),
        ("controlled infection", {"controlled": False}, "false"),
        ("clinically significant infection", {}, "unknown"),
        ("clinically significant infection", {"status": "resolved"}, "false"),
        ("clinically significant infection", {"severity": "severe"}, "unknown"),
        ("uncontrolled infection within 2 years", {"controlled": False, "status": "resolved",
                                                   "resolved": "2026-01-01"}, "true"),
    ],
)  # fmt: skip
def test_qualifiers_are_decided_by_recorded_fields(rule: str, record: dict[str, Any], truth: str) -> None:
    check(rule, [{"name": "infection", **record}], truth)


@pytest.mark.parametrize(
    ("rule", "record", "manual"),
    [
        ("serious infection", {}, True),
        ("uncontrolled infection", {}, True),
        ("clinically significant infection", {}, True),
        ("clinically significant serious infection", {}, True),
        ("serious infection", {"status": "suspected"}, False),
        ("clinically significant infection", {"onset": "2026"}, True),  # at least "no" would tell
        ("infection grade >= 3", {}, False),
    ],
)
def test_what_no_field_decides_stays_manual(rule: str, record: dict[str, Any], manual: bool) -> None:
    answer = ask(rule, conditions=[{"name": "infection", **record}], complete=NOW)
    assert answer.truth == "unknown"
    assert answer.outcome.manual is manual


def test_what_may_not_be_recorded_at_all_is_no_question_of_judgement() -> None:
    answer = ask("clinically significant lung disease", conditions=[])
    assert not answer.outcome.manual


@pytest.mark.parametrize(
    ("record", "truth"),
    [
        ({"grade": 3, "date": "2026-09-01"}, "true"), ({"grade": 4, "date": "2026-09-01"}, "true"),
        ({"grade": 2, "date": "2026-09-01"}, "false"), ({"grade": 1, "onset": "2026-09-01"}, "false"),
        ({"grade": 3, "date": "2026-07-03"}, "true"),  # 90 days before
        ({"grade": 3, "date": "2026-07-02"}, "unknown"), ({"grade": 2, "date": "2026-07-02"}, "unknown"),
        ({"grade": 2, "date": "2026-07"}, "unknown"), ({"grade": 2, "date": "2026-08"}, "false"),
        ({"grade": 2}, "unknown"), ({}, "unknown"),
        ({"grade": 3, "onset": "2020-01-01"}, "unknown"),
        ({"grade": 3, "onset": "2020-01-01", "date": "2026-09-01"}, "true"),
        ({"grade": 0, "date": "2026-09-01"}, "false"),
        ({"grade": 3, "date": "2026-09-01", "status": "resolved"}, "false"),
        ({"grade": 3, "date": "2026-09-01", "status": "suspected"}, "unknown"),
        ({"grade": 2, "date": "2026-09-01", "status": "suspected"}, "unknown"),
    ],
)  # fmt: skip
def test_grades_count_for_90_days(record: dict[str, Any], truth: str) -> None:
    check("peripheral neuropathy grade >= 3", [{**PN, **record}], truth)


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([{**PN, "grade": 3, "date": "2026-08-01"}, {**PN, "grade": 1, "date": "2026-09-01"}], "false"),
        ([{**PN, "grade": 1, "date": "2026-08-01"}, {**PN, "grade": 3, "date": "2026-09-01"}], "true"),
        ([{**PN, "grade": 1, "date": "2026-09-01"}, {**PN, "grade": 3, "date": "2026-09-01"}], "unknown"),
        ([{**PN, "grade": 3, "date": "2026-08-01"}, {**PN, "date": "2026-09-01"}], "unknown"),
        ([{**PN, "grade": 1, "date": "2026-09-01"}, {**PN, "grade": 3}], "unknown"),
        ([{**PN, "grade": 1, "date": "2026-09-01"},
          {"name": "sensory neuropathy", "grade": 3, "date": "2026-09-01"}], "true"),
    ],
)  # fmt: skip
def test_the_latest_grade_decides(records: Records, truth: str) -> None:
    check("peripheral neuropathy grade >= 3", records, truth)


def test_grade_0_is_none_of_it() -> None:
    check("peripheral neuropathy", [{**PN, "grade": 0, "date": "2026-09-01"}], "false")


def test_the_grade_of_an_event_or_of_the_past_does_not_age() -> None:
    clot = {"name": "deep vein thrombosis", "grade": 3, "onset": "2026-05-01"}
    check("deep vein thrombosis within 6 months", [clot], "true")
    check("deep vein thrombosis grade >= 3 within 6 months", [clot], "true")
    check("history of peripheral neuropathy grade >= 3", [{**PN, "grade": 3, "date": "2020"}], "true")


# --- other malignancies, exceptions -----------------------------------------------------------

OTHER = "history of other malignancy"


@pytest.mark.parametrize(
    "name",
    ["multiple myeloma", "smoldering myeloma", "plasmacytoma", "solitary plasmacytoma",
     "plasma cell leukemia", "relapsed multiple myeloma", "nonsecretory myeloma",
     "plasma cell neoplasm"],
)  # fmt: skip
def test_the_disease_of_the_trial_and_its_family_are_no_other_malignancy(name: str) -> None:
    check(OTHER, [{"name": name}], "false", complete=NOW)
    check(OTHER, [{"name": name}], "unknown")
    check("malignancy", [{"name": name}], "true")


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([{"name": "multiple myeloma"}, BREAST], "true"),
        ([{"name": "multiple myeloma"}, {**BREAST, "status": "resolved"}], "true"),
        ([{"name": "multiple myeloma"}, {"name": "malignancy"}], "unknown"),
        ([{"name": "hematologic malignancy"}], "unknown"),
        ([{"name": "malignancy"}], "unknown"),
        ([{"name": "lymphoma"}], "true"),
        ([{"name": "MGUS"}], "false"),
        ([{"name": "glorbitis"}], "unknown"),
        ([], "false"),
    ],
)
def test_other_malignancies(records: Records, truth: str) -> None:
    check(OTHER, records, truth, complete=NOW)


def test_one_malignancy_that_is_over_says_nothing_of_another() -> None:
    check("other malignancy", [{"name": "malignancy", "status": "resolved"}], "unknown")
    check("other malignancy", [{"name": "malignancy", "status": "absent"}], "false")


def test_in_a_trial_of_another_disease_myeloma_is_another_malignancy() -> None:
    check(OTHER, [{"name": "multiple myeloma"}], "true", disease="breast_cancer")
    check(OTHER, [BREAST], "false", disease="breast_cancer", complete=NOW)


EXCEPT = "history of other malignancy except basal cell carcinoma of the skin, prostate cancer stage T1a, malignancy resolved at least 3 years ago"  # noqa: E501
BCC = {"name": "basal cell carcinoma of the skin"}


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([BCC], "false"),
        ([{**BCC, "status": "resolved"}], "false"),
        ([{**BCC, "status": "suspected"}], "false"),  # an exception, whether confirmed or not
        ([BCC, BREAST], "true"),  # never excuses another beside it
        ([BCC, {"name": "squamous cell carcinoma of the skin"}], "true"),
        ([{"name": "skin cancer"}], "unknown"),  # it may be the excepted one
        ([{"name": "prostate cancer", "stage": "T1a"}], "false"),
        ([{"name": "prostate cancer", "stage": "cT1a"}], "false"),
        ([{"name": "prostate cancer", "stage": "T1aN0M0"}], "false"),
        ([{"name": "prostate cancer", "stage": "T2"}], "true"),
        ([{"name": "prostate cancer", "stage": "T1b"}], "true"),
        ([{"name": "prostate cancer", "stage": "T1"}], "unknown"),
        ([{"name": "prostate cancer", "stage": "II"}], "unknown"),
        ([{"name": "prostate cancer"}], "unknown"),
        ([{**BREAST, "resolved": "2023-10-01"}], "false"),
        ([{**BREAST, "resolved": "2023-10-02"}], "true"),
        ([{**BREAST, "resolved": "2023"}], "unknown"),
        ([{**BREAST, "resolved": "2020-01-01"}, {"name": "melanoma", "resolved": "2025-01-01"}], "true"),
        ([{**BREAST, "status": "suspected"}], "unknown"),
    ],
)  # fmt: skip
def test_exceptions_take_out_records_only(records: Records, truth: str) -> None:
    check(EXCEPT, records, truth, complete=NOW)


@pytest.mark.parametrize(
    ("wanted", "recorded", "truth"),
    [
        ("II", "II", "true"), ("II", "2", "true"), ("II", "IIA", "true"), ("II", "stage II", "true"),
        ("II", "III", "false"), ("I", "II", "false"), ("IV", "I", "false"), ("IIA", "II", "unknown"),
        ("T1", "T1a", "true"), ("T1a", "pT1a", "true"), ("T1", "T10", "false"), ("T2", "III", "unknown"),
    ],
)  # fmt: skip
def test_stages(wanted: str, recorded: str, truth: str) -> None:
    check(f"breast cancer stage {wanted}", [{**BREAST, "stage": recorded}], truth)


# --- tests that settle a condition ------------------------------------------------------------


def lab(name: str, value: Any, day: str | None = "2026-09-10", unit: str | None = None) -> dict[str, Any]:
    return {"name": name, "value": value, "date": day, "unit": unit}


HIV_NEG, HIV_POS = lab("HIV Ag/Ab", "negative"), lab("HIV Ag/Ab", "positive")
SURFACE_POS, SURFACE_NEG = lab("HBsAg", "positive"), lab("HBsAg", "negative")
RNA_POS, RNA_NEG = lab("HCV RNA", "positive"), lab("HCV RNA", "not detected")


@pytest.mark.parametrize(
    ("rule", "labs", "records", "truth"),
    [
        ("HIV infection", [HIV_NEG], [], "false"),
        ("AIDS", [HIV_NEG], [], "false"),  # a parent absent makes every child absent
        ("HIV infection", [HIV_POS], [], "unknown"),  # a screen alone proves nothing
        ("HIV infection", [HIV_POS, lab("HIV RNA", "positive")], [], "true"),
        ("viral infection", [HIV_POS, lab("HIV RNA", "positive")], [], "true"),
        ("HIV infection", [lab("HIV Ag/Ab", "indeterminate")], [], "unknown"),
        ("HIV infection", [lab("HIV Ag/Ab", "negative", None)], [], "unknown"),
        ("HIV infection", [lab("HIV Ag/Ab", "negative", "2026-07-03")], [], "false"),
        ("HIV infection", [lab("HIV Ag/Ab", "negative", "2026-07-02")], [], "unknown"),
        ("HIV infection", [HIV_NEG, HIV_POS], [], "unknown"),  # two results of one day
        ("HIV infection", [HIV_NEG, lab("HIV Ag/Ab", "positive", "2026-09-20")], [], "unknown"),
        ("HIV infection", [lab("HIV RNA", "negative")], [], "unknown"),
        # a record and a test
        ("HIV infection", [HIV_NEG], [HIV], "unknown"),
        ("HIV infection", [HIV_NEG], [{**HIV, "date": "2026-09-10"}], "unknown"),
        ("HIV infection", [HIV_NEG], [{**HIV, "date": "2010-01-01"}], "unknown"),
        ("HIV infection", [HIV_NEG], [{**HIV, "date": "2026-09-20"}], "true"),  # later than the test
        ("HIV infection", [HIV_NEG], [{**HIV, "status": "suspected", "date": "2026-09-01"}], "false"),
        ("HIV infection", [HIV_NEG], [{**HIV, "status": "suspected", "date": "2026-09-20"}], "unknown"),
        ("HIV infection", [HIV_NEG], [{**HIV, "status": "absent"}], "false"),
        ("HIV infection", [HIV_NEG], [{**HIV, "status": "resolved"}], "false"),
        ("history of HIV infection", [HIV_NEG], [], "unknown"),
        ("history of HIV infection", [HIV_POS, lab("HIV RNA", "positive")], [], "true"),
        # hepatitis B
        ("hepatitis B", [SURFACE_POS], [], "true"),
        ("infection", [SURFACE_POS], [], "true"),
        ("hepatitis B", [SURFACE_NEG], [], "unknown"),
        ("hepatitis B", [SURFACE_NEG, lab("anti-HBc", "negative")], [], "false"),
        ("hepatitis B", [SURFACE_NEG, lab("anti-HBc", "positive")], [], "unknown"),
        ("active hepatitis B", [SURFACE_NEG, lab("HBV DNA", "<20", unit="IU/mL")], [], "false"),
        ("active hepatitis B", [SURFACE_NEG, lab("HBV DNA", "not detected")], [], "false"),
        ("active hepatitis B", [SURFACE_NEG, lab("HBV DNA", 35, unit="IU/mL")], [], "unknown"),
        ("active hepatitis B", [SURFACE_NEG], [], "unknown"),
        ("active hepatitis B", [SURFACE_POS], [], "unknown"),  # a parent present
        ("active hepatitis B", [SURFACE_NEG, lab("anti-HBc", "negative")], [], "false"),
        ("hepatitis B", [SURFACE_POS], [{"name": "hepatitis B", "status": "absent", "date": "2026-01-01"}],
         "true"),
        ("hepatitis B", [SURFACE_POS], [{"name": "hepatitis B", "status": "absent", "date": "2026-09-20"}],
         "unknown"),
        ("hepatitis B", [SURFACE_POS], [{"name": "hepatitis B", "status": "absent"}], "unknown"),
        ("hepatitis B", [SURFACE_POS], [{"name": "hepatitis B", "resolved": "2026-09-20"}], "unknown"),
        ("hepatitis B", [SURFACE_POS], [{"name": "hepatitis B", "resolved": "2020-09-20"}], "true"),
        ("hepatitis B", [SURFACE_POS],
         [{"name": "viral infection", "status": "absent", "date": "2026-09-20"}],
         "unknown"),
        ("serious infection", [SURFACE_POS], [], "unknown"),
        # hepatitis C
        ("active hepatitis C", [RNA_NEG], [], "false"),
        ("active hepatitis C", [RNA_POS], [], "true"),
        ("hepatitis C", [RNA_POS], [], "true"),
        ("hepatitis C", [RNA_NEG], [], "unknown"),
        ("active hepatitis C", [lab("HCV RNA", "<15", unit="IU/mL")], [], "false"),
        ("active hepatitis C", [lab("HCV RNA", 1200, unit="IU/mL")], [], "true"),
        ("active hepatitis C", [RNA_NEG], [{"name": "hepatitis C", "date": "2015"}], "false"),
        ("hepatitis C", [lab("HCV antibody", "negative")], [], "false"),
        ("hepatitis C", [lab("HCV antibody", "positive")], [], "unknown"),
        ("active hepatitis C", [lab("HCV antibody", "negative")], [], "false"),
        # tests that contradict each other: an early infection has RNA and no antibody yet
        ("active hepatitis C", [lab("HCV antibody", "negative"), RNA_POS], [], "unknown"),
        ("hepatitis C", [lab("HCV antibody", "negative"), RNA_POS], [], "unknown"),
        ("active hepatitis C", [lab("HCV antibody", "negative"), RNA_NEG], [], "false"),
    ],
)  # fmt: skip
def test_tests_that_settle_a_condition(rule: str, labs: Records, records: Records, truth: str) -> None:
    check(rule, records, truth, observations=labs)


@pytest.mark.parametrize(
    ("records", "truth"),
    [
        ([{"name": "smoldering myeloma"}], "false"),
        ([{"name": "smoldering myeloma", "status": "suspected"}], "unknown"),
        ([{"name": "smoldering myeloma", "status": "resolved"}], "unknown"),
        ([{"name": "smoldering myeloma"}, {"name": "multiple myeloma"}], "true"),
        ([{"name": "smoldering myeloma"}, {"name": "relapsed multiple myeloma"}], "true"),
        ([{"name": "smoldering myeloma"}, {"name": "multiple myeloma", "status": "suspected"}],
         "unknown"),
        ([{"name": "smoldering myeloma", "date": "2018-01-01"},
          {"name": "smoldering myeloma", "status": "absent", "date": "2026-01-01"}], "unknown"),
    ],
)  # fmt: skip
def test_smoldering_myeloma_is_no_multiple_myeloma(records: Records, truth: str) -> None:
    check("multiple myeloma", records, truth)


@pytest.mark.parametrize(
    ("labs", "truth"),
    [
        ([lab("serum M-protein", 12, "2020-01-01", "g/L")], "false"),
        ([lab("serum M-protein", 12, None, "g/L")], "false"),
        ([lab("serum M-protein", 0, unit="g/L")], "unknown"),
        ([lab("serum M-protein", 12)], "unknown"),  # no unit
        ([lab("urine M-protein", 300, "2021-01-01", "mg/24 h")], "false"),
    ],
)
def test_who_ever_had_a_monoclonal_protein_has_no_nonsecretory_myeloma(labs: Records, truth: str) -> None:
    check("nonsecretory myeloma", [], truth, observations=labs)


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "records", "reason"),
    [
        ("HIV infection", [], "HIV infection is not recorded"),
        ("HIV infection", [{**HIV, "status": "suspected"}],
         "HIV infection is recorded suspected (conditions[0]): it is only suspected; "
         "further HIV infection is not recorded"),
        ("HIV infection", [{**HIV, "date": "2026-09-01"}],
         "HIV infection is recorded active on 2026-09-01 (30 days ago) (conditions[0])"),
        ("peripheral neuropathy grade >= 3", [{**PN, "grade": 2, "date": "2026-09-01"}],
         "peripheral neuropathy grade 2 is recorded active on 2026-09-01 (30 days ago) "
         "(conditions[0]): its grade is 2"),
    ],
)  # fmt: skip
def test_reasons_are_plain(rule: str, records: Records, reason: str) -> None:
    assert ask(rule, conditions=records).reason == reason


def test_a_section_that_is_complete_up_to_an_earlier_day_is_named() -> None:
    answer = ask("HIV infection", complete={"conditions": "2026-09-01"})
    assert answer.reason == (
        "HIV infection is not recorded, and conditions are complete only up to 2026-09-01"
    )
    assert answer.grounds.missing == ["condition: HIV infection"]
    assert answer.grounds.questions == ["Is there any HIV infection?"]
