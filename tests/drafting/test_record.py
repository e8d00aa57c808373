"""A registry's record in all its forms, and what is no record."""

import json
from typing import Any

import pytest

from screener.drafting.layout.record import MAX_BYTES, Record, read_record
from screener.errors import InputError

CRITERIA = "Inclusion Criteria:\n\n* Age of 18 years or more\n* Able to walk"


def read(text: str | bytes) -> Record:
    return read_record(text if isinstance(text, bytes) else text.encode(), "trial.json")


def problem(text: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    [found] = caught.value.problems
    assert found.place.partition(":")[0] == "trial.json"
    assert found.help
    return f"{found.code}: {found.message}"


def api(**eligibility: Any) -> dict[str, Any]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A  Study of\nWalking"},
            "statusModule": {"lastUpdatePostDateStruct": {"date": "2024-03-09"}},
            "conditionsModule": {"conditions": ["Falls", "Frailty"]},
            "eligibilityModule": {"eligibilityCriteria": CRITERIA, **eligibility},
        }
    }


ELIGIBILITY = {"minimumAge": "18 Years", "maximumAge": "N/A", "sex": "FEMALE", "healthyVolunteers": False}
RECORD = Record(
    "NCT00000001",
    "A Study of Walking",
    ("Falls", "Frailty"),
    CRITERIA,
    "18 Years",
    "",
    "female",
    False,
    "2024-03-09",
)
FULL = {
    "Study": {
        "ProtocolSection": {
            "IdentificationModule": {"NCTId": "NCT00000001", "BriefTitle": "A Study of Walking"},
            "StatusModule": {"LastUpdatePostDateStruct": {"LastUpdatePostDate": "March 9, 2024"}},
            "ConditionsModule": {"ConditionList": {"Condition": ["Falls", "Frailty"]}},
            "EligibilityModule": {
                "EligibilityCriteria": CRITERIA, "MinimumAge": "18 Years", "Gender": "Female",
                "HealthyVolunteers": "No",
            },
        }
    }
}  # fmt: skip
LINE = {
    "nct_id": "NCT00000001", "title": "A Study of Walking", "conditions": ["Falls", "Frailty"],
    "eligibility_text": CRITERIA, "min_age": "18 Years", "max_age": None, "sex": "FEMALE",
    "healthy_volunteers": False,
}  # fmt: skip
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="1">
  <id_info><nct_id>NCT00000001</nct_id></id_info>
  <brief_title>A Study of Walking</brief_title>
  <condition>Falls</condition><condition>Frailty</condition>
  <eligibility>
    <criteria><textblock>
{CRITERIA}
    </textblock></criteria>
    <gender>Female</gender><minimum_age>18 Years</minimum_age><maximum_age>N/A</maximum_age>
    <healthy_volunteers>No</healthy_volunteers>
  </eligibility>
  <last_update_posted type="Actual">March 9, 2024</last_update_posted>
</clinical_study>"""


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(api(**ELIGIBILITY)),
        json.dumps({"studies": [api(**ELIGIBILITY)], "nextPageToken": "x"}),
        json.dumps([api(**ELIGIBILITY)]),
        json.dumps(FULL),
        json.dumps({"FullStudiesResponse": {"FullStudies": [FULL]}}),
        XML,
        "\ufeff" + XML,
    ],
)
def test_each_form_of_the_registry_gives_the_same_record(text: str) -> None:
    assert read(text) == RECORD


def test_a_line_of_a_collection_is_a_record_without_a_date() -> None:
    found = read(json.dumps(LINE))
    assert (found.id, found.conditions, found.text) == (RECORD.id, RECORD.conditions, CRITERIA)
    assert (found.minimum_age, found.maximum_age, found.sex, found.last_updated) == (
        "18 Years",
        "",
        "female",
        "",
    )


def test_what_is_neither_json_nor_xml_is_the_criteria_themselves() -> None:
    assert read(CRITERIA) == Record("", "", (), CRITERIA)
    assert read("[Part A] Age < 70").text == "[Part A] Age < 70"
    assert read("<70 years of age").text == "<70 years of age"


def test_what_a_record_does_not_say_stays_open() -> None:
    found = read(json.dumps(api(sex="ALL", minimumAge="n/a")))
    assert (found.sex, found.minimum_age, found.maximum_age, found.healthy_volunteers) == ("", "", "", None)


def test_a_record_may_say_that_healthy_volunteers_are_welcome() -> None:
    assert read(json.dumps(api(healthyVolunteers=True))).healthy_volunteers is True


# --- escapes ----------------------------------------------------------------------------------


def criteria(text: str) -> str:
    return read(json.dumps(api(eligibilityCriteria=text))).text


def test_the_escapes_of_markdown_are_undone() -> None:
    assert criteria(r"* ANC \> 1 \[G\] 10\^9/L \~ 5 \& a\_b \* c") == "* ANC > 1 [G] 10^9/L ~ 5 & a_b * c"
    assert criteria("15\\. Age \\< 70\n16\\) fit\n\\- frail") == "15. Age < 70\n16) fit\n- frail"


def test_a_backslash_in_a_text_without_escapes_is_the_authors() -> None:
    assert criteria(r"pain < 3 and\or use of \[x]") == r"pain < 3 and\or use of \[x]"


def test_the_escapes_of_html_are_undone_twice_over() -> None:
    assert criteria("ANC &lt; 1, HR &amp;gt; 50, &amp;amp;le; 3, A&#39;s") == "ANC < 1, HR > 50, ≤ 3, A's"
    assert criteria("AT&T; R&D; &unheard;") == "AT&T; R&D; &unheard;"


def test_line_ends_and_blanks_are_plain() -> None:
    assert criteria("A:\r\n*\u00a0b\r*\u202fc\u2028* d\ufeff") == "A:\n* b\n* c\n* d"


def test_the_lines_and_their_indentation_stay() -> None:
    assert criteria("\n\n   A:\n\n     -  b\n        c\n\n") == "   A:\n\n     -  b\n        c"


def test_a_letter_and_its_mark_are_one_character() -> None:
    assert criteria("o\N{COMBINING DIAERESIS}") == "\N{LATIN SMALL LETTER O WITH DIAERESIS}"


def test_half_a_character_is_seen() -> None:
    assert criteria("a \ud83d b") == "a \N{REPLACEMENT CHARACTER} b"


# --- what is no record ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("{}", "no-record: JSON, but no record of a trial: no `protocolSection`"),
        ("[]", "many: 0 records"),
        ("[{}]", "no-record"),
        ("null", "no-record"),
        ('{"protocolSection": 3}', "no-record"),
        ('{"studies": 3}', "no-record"),
        ('{"protocolSection": {"eligibilityModule": []}}', "no-criteria"),
        ('{"eligibility_text": null}', "no-criteria"),
        ('{"eligibility_text": "\\n &nbsp; "}', "no-criteria"),
        ('{"eligibility_text": "a', "json: not valid JSON"),
        ("{" * 10, "json"),
        ("[" * 100_000, "too-deep"),
        ('{"a":' * 100_000, "too-deep"),
        ("<clinical_study>", "xml: not valid XML"),
        ("<a/>", "no-record"),
        ("<clinical_study/>", "no-criteria"),
        ("<clinical_study>" + "<a>" * 100_000, "xml"),
        ("<!DOCTYPE html><html></html>", "doctype"),
        ("<?xml version='1.0' encoding='latin-1'?><clinical_study>\0", "binary"),
        (b"\xff\xfeA\0g\0e\0", "encoding: not a text in UTF-8: byte 1"),
        (bytes(range(256)), "encoding"),
        (b"PK\x03\x04 zipped", "binary"),
        (b"x" * (MAX_BYTES + 1), "too-large: 5,000,001 bytes"),
    ],
)
def test_what_is_no_record_is_said_to_be_none(text: str | bytes, said: str) -> None:
    assert problem(text).startswith(said)


def test_of_several_records_their_number_is_said() -> None:
    assert "3 records" in problem(json.dumps({"studies": [api()] * 3}))


def test_no_entity_of_xml_is_ever_expanded() -> None:
    bomb = (
        '<!DOCTYPE clinical_study [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><clinical_study>&b;</clinical_study>'
    )
    assert problem(bomb).startswith("doctype")
    assert problem(f"<?xml version='1.0'?><!-- a -->\n{bomb}").startswith("doctype")


def test_a_number_of_a_million_digits_does_no_harm() -> None:
    assert problem('{"a": ' + "9" * 1_000_000 + "}").startswith("no-record")


def test_a_deep_tree_of_xml_does_no_harm() -> None:
    deep = "<a>" * 50_000 + "</a>" * 50_000
    assert problem(f"<clinical_study>{deep}</clinical_study>").startswith("no-criteria")


@pytest.mark.parametrize(
    "text",
    ["criteria:\n- Able to walk", "trial: a trial of shoes\nCriteria:\n- Able to walk",
     "trial: a trial of shoes\ninclusion criteria:\n- Able to walk"],
)  # fmt: skip
def test_a_text_that_names_its_criteria_is_no_rule_file(text: str) -> None:
    assert read_record(text.encode(), "text").text == text
