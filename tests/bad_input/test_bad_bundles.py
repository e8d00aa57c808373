"""Bad bundles: a clear message or an accounted entry, never a crash, and none of the patient's data."""

import json
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from screener import InputError, api, load_patient
from screener.cli import main
from screener.intake.fhir.convert import READERS

HERE = Path(__file__).parent
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1960-01-01", "gender": "female"}
TABLE = yaml.load((HERE / "bundles.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
ROWS = yaml.safe_load((HERE / "bundles.yaml").read_text("utf-8"))


def text_of(row: Any) -> str:
    if "whole" in row:
        return str(row["whole"])
    entries = [{"resource": one} for one in (PATIENT, *row["with"])]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, default=str)


def convert(text: str) -> api.Converted:
    return api.converted(text.encode("utf-8", "surrogatepass"), "record.json")


def test_the_table_has_forty_rows_at_least() -> None:
    assert len({row["name"] for row in TABLE}) == len(ROWS) >= 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_bad_bundle_is_told_in_full_and_tells_nothing_of_the_patient(row: Any) -> None:
    made = convert(text_of(row))
    assert made.account is not None
    told = [*map(str, made.problems), *made.account.lines()]
    assert "Xq" not in "".join(told)
    assert all(entry.ended for entry in made.account.entries)
    if "says" in row:
        assert str(made.problems[0]).startswith(row["says"])
        return
    assert made.patient is not None
    found = made.account.entries[1:]
    assert [(one.place, one.ended) for one in found] == [(place, ended) for place, ended, _ in row["ends"]]
    for entry, (_, _, why) in zip(found, row["ends"], strict=True):
        assert (why in entry.why) if why else not entry.why


DEEP = '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation", "code": %s}}]}'


@pytest.mark.parametrize("depth", [500, 5_000, 200_000])
def test_deep_nesting_is_no_crash(tmp_path: Path, capsys: pytest.CaptureFixture[str], depth: int) -> None:
    path = tmp_path / "deep.json"
    path.write_text(DEEP % ("[" * depth + "]" * depth))
    assert main([str(path), "--trial", "NCT05378971"]) == 2
    assert "internal error" not in capsys.readouterr().err


def test_bundles_within_bundles_come_to_an_end() -> None:
    document: dict[str, Any] = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}]}
    for _ in range(50):
        document = {"resourceType": "Bundle", "entry": [{"resource": document}]}
    made = convert(json.dumps(document))
    assert made.account is not None
    assert made.account.entries[0].why == ["bundles within bundles, too deep"]


def test_a_text_of_50_megabytes_is_refused_by_the_size_of_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "large.json"
    note = {"resourceType": "Observation", "id": "o", "code": {"text": "x" * 50_000_000}}
    path.write_text(
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": note}]})
    )
    assert main(["convert", str(path)]) == 2
    assert capsys.readouterr().err == (
        f"screen: {path}: the file is larger than 50,000,000 bytes\n  help: check that it is the right file\n"
    )


def test_a_line_of_6_megabytes_of_an_export_is_one_entry_in_error(tmp_path: Path) -> None:
    path = tmp_path / "all.ndjson"
    path.write_text(
        f'{json.dumps(PATIENT)}\n{{"resourceType": "Observation", "code": "{"x" * 6_000_000}"}}\n'
    )
    made = api.convert(path)
    assert made.account is not None
    assert made.account.counts()["used"] == 1
    assert made.account.counts()["in error"] >= 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"resourceType": "Bundle", "entry": [', ":1:38: not valid JSON"),
        ('{"resourceType": "Bundle", }', ":1:28: not valid JSON"),
        ('{"resourceType": "Patient"} {"a": 1}', ":1:29: not valid JSON"),
    ],
)
def test_broken_json_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_patient(path)
    assert says in str(caught.value)


# --- any JSON at all --------------------------------------------------------------------------

KEYS = [
    "resourceType",
    "id",
    "status",
    "code",
    "coding",
    "system",
    "display",
    "text",
    "subject",
    "patient",
    "reference",
    "valueQuantity",
    "value",
    "unit",
    "valueInteger",
    "valueString",
    "valueCodeableConcept",
    "component",
    "hasMember",
    "contained",
    "extension",
    "url",
    "entry",
    "resource",
    "birthDate",
    "gender",
    "effectiveDateTime",
    "effectivePeriod",
    "start",
    "end",
    "onsetAge",
    "onsetRange",
    "low",
    "high",
    "stage",
    "summary",
    "assessment",
    "medicationCodeableConcept",
    "medicationReference",
    "dosageInstruction",
    "timing",
    "repeat",
    "boundsPeriod",
    "clinicalStatus",
    "verificationStatus",
    "reaction",
    "severity",
    "interpretation",
    "referenceRange",
    "dataAbsentReason",
    "focus",
    "identifier",
    "meta",
    "lastUpdated",
    "category",
    "performedPeriod",
    "event",
    "outcome",
    "conclusion",
    "result",
    "request",
    "method",
    "link",
]
WORDS = [
    "Patient",
    "Bundle",
    "p",
    "Patient/p",
    "#x",
    "http://loinc.org",
    "718-7",
    "69548-6",
    "81291-7",
    "48018-6",
    "82810-3",
    "97509-4",
    "89247-1",
    "final",
    "completed",
    "active",
    "2026-01-01",
    "2026",
    "1960-01-01/",
    "del(17p)",
    "del(17p): detected",
    "lenalidomide",
    "g/dL",
    "a",
    "<",
    "1e999999999",
    "\ud800",
    "http://x/ctcae-grade",
    *READERS,
]
LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(string.printable, max_size=8)
)
ANY = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
RESOURCE = st.fixed_dictionaries(
    {
        "resourceType": st.sampled_from([*READERS, "Patient", "Bundle", "Medication"]),
        "code": st.just({"text": "hemoglobin"}) | ANY,
    },
    optional={key: ANY for key in KEYS if key not in ("resourceType", "code", "subject", "patient")},
)


def converts(document: Any) -> api.Converted | None:
    try:
        made = convert(json.dumps(document))
    except InputError:
        return None
    assert made.account is None or all(entry.ended for entry in made.account.entries)
    return made


@settings(deadline=None, max_examples=150)
@given(ANY)
def test_any_json_is_a_profile_a_record_or_an_input_error(document: Any) -> None:
    converts(document)


@settings(deadline=None, max_examples=250)
@given(st.lists(RESOURCE, max_size=4))
def test_any_resources_beside_a_patient_leave_her_profile(resources: list[Any]) -> None:
    made = converts(
        {
            "resourceType": "Bundle",
            "entry": [{"resource": PATIENT}, *({"resource": one} for one in resources)],
        }
    )
    assert made is not None
    if made.patient is not None and made.account is not None:
        # The last guard is for shapes that nobody thought of; these were thought of.
        assert all("it cannot be read" not in entry.why for entry in made.account.entries)
        api.quick(api.chart(made.patient, as_of="2026-10-01"), api.load_trial("NCT05378971"))
