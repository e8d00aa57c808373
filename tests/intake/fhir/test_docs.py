"""docs/fhir.md says what the code does: its examples are run, its table names what is read."""

import json
import re
from pathlib import Path

import pytest

from screener.intake import phenopacket
from screener.intake.fhir import allergies, conditions, disease_status, genomics, medications, pregnancy
from screener.intake.fhir.account import ENDS
from screener.intake.fhir.convert import NOT_TAKEN, READERS
from screener.report.profile import plain
from tests.intake.fhir.making import account, bundle, convert
from tests.test_readme import BLOCK, output

PAGE = Path(__file__).parents[3] / "docs" / "fhir.md"
TEXT = PAGE.read_text("utf-8")
EXAMPLE = re.compile(r"```json\n(.*?)```\nbecomes in `(\w+)`\n```json\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall(TEXT)


@pytest.mark.parametrize(("resource", "section", "record"), EXAMPLES)
def test_an_example_becomes_what_the_page_says(resource: str, section: str, record: str) -> None:
    made = convert(bundle(json.loads(resource)))
    assert made.patient is not None
    assert [entry.ended for entry in account(made).entries] == ["used", "used"]
    assert plain(made.patient)[section] == [json.loads(record)]


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("block", list(BLOCK.finditer(TEXT)), ids=lambda block: block["command"])
def test_a_command_of_the_page_prints_what_it_shows(block: re.Match[str]) -> None:
    assert output(block["command"]) == block["output"]


def test_the_table_names_every_resource_that_is_read_or_deliberately_not() -> None:
    table = TEXT.split("## What becomes what")[1].split("| status |")[0]
    named = {
        word
        for line in table.splitlines()
        if line.startswith("| ")
        for word in re.findall(r"\b[A-Z]\w+", line.split("|")[1])
    }
    assert named == {"Patient", *READERS, *NOT_TAKEN}


@pytest.mark.parametrize(
    "codes",
    [pregnancy._KEYS, disease_status._CODES, genomics._PARTS, {genomics._ASSESSED}],
    ids=["pregnancy", "disease status", "parts of a variant", "variant"],
)
def test_the_table_names_every_code_that_makes_an_observation_another_record(codes: set[str]) -> None:
    table = TEXT.split("## What becomes what")[1]
    assert {code for code in codes if code not in table} == set()


def test_the_page_names_every_status_and_every_end() -> None:
    words = {
        *conditions._NOW,
        *conditions._PAST,
        *conditions._PERHAPS,
        *conditions._NEVER,
        *allergies._NEVER,
        *medications._NOTHING,
        *medications._UNCLEAR,
        *ENDS,
    }
    assert {word for word in words if word not in TEXT} == set()


def test_the_page_names_every_part_of_a_phenopacket_that_is_read() -> None:
    assert {part for part in phenopacket._READERS if part not in TEXT} == set()


if __name__ == "__main__":
    PAGE.write_text(
        BLOCK.sub(lambda block: f"```console\n$ {block['command']}\n{output(block['command'])}```", TEXT),
        "utf-8",
    )
