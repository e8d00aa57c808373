"""The example bundles give the verdicts of their profiles, for every trial and criterion.

What no record system says (which lists are complete, which drugs make one course and line, what a
person attests) is not in a bundle. `unknown.yaml` lists every criterion that is therefore unknown,
with what would settle it; put back, that settles it as the profile does.
"""

import json
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from screener import api, load_patient, load_trial
from screener.report.profile import plain
from screener.rulebook.library import trial_files

ROOT = Path(__file__).parents[3]
BUNDLES = sorted((ROOT / "examples" / "fhir").glob("*.json"))
TABLE = Path(__file__).with_name("unknown.yaml")
AS_OF = "2026-10-01"
# What a bundle lacks, in the words of the table → how it is put back.
LACKS = (
    "complete lists",
    "courses of treatment",
    "attestations",
    "childbearing potential",
    "transplant candidate",
    "controlled or not",
)


def profile(path: Path) -> dict[str, Any]:
    return json.loads((ROOT / "examples" / "patients" / path.name).read_text("utf-8"))  # type: ignore[no-any-return]


def converted(path: Path) -> dict[str, Any]:
    return plain(load_patient(path))


def with_(data: dict[str, Any], lacks: tuple[str, ...], own: dict[str, Any]) -> dict[str, Any]:
    """The converted profile with some of what it lacks taken from the profile that a person wrote."""
    data = json.loads(json.dumps(data))
    for what in lacks:
        match what:
            case "complete lists":
                data["complete"] = own.get("complete", {})
            case "courses of treatment":
                data["treatments"] = own.get("treatments", [])
            case "attestations":
                data["attestations"] = own.get("attestations", [])
            case "childbearing potential":
                known = own.get("reproductive", {})
                kept = {key: known[key] for key in ("childbearing_potential", "date") if key in known}
                data["reproductive"] = data.get("reproductive", {}) | kept
            case "transplant candidate":
                data["transplant_candidate"] = own.get("transplant_candidate")
            case "controlled or not":
                named = {one["name"]: one for one in own["conditions"]}
                for one in data["conditions"]:
                    one["controlled"] = named[one["name"]].get("controlled")
    return data


@cache
def trials() -> list[Any]:
    return [load_trial(path) for path in trial_files()]


def verdicts(data: dict[str, Any]) -> dict[str, dict[str, str]]:
    chart = api.chart(load_patient(data), as_of=AS_OF)
    return {
        trial.id: dict(zip((one.id for one in trial.criteria), api.quick(chart, trial), strict=True))
        for trial in trials()
    }


def differing(path: Path) -> dict[str, dict[str, str]]:
    """trial → criterion → what its verdict lacks, the least that restores it."""
    own, data = profile(path), converted(path)
    expected, bare = verdicts(own), verdicts(data)
    open_ = {
        (trial, one)
        for trial in expected
        for one in expected[trial]
        if expected[trial][one] != bare[trial][one]
    }
    for trial, one in open_:
        assert bare[trial][one] == "unknown", f"{path.stem} {trial} {one} is decided otherwise"
    found: dict[str, dict[str, str]] = {}
    for count in range(1, len(LACKS) + 1):
        for lacks in combinations(LACKS, count):
            if not open_:
                break
            restored = verdicts(with_(data, lacks, own))
            for trial, one in sorted(open_):
                if restored[trial][one] == expected[trial][one]:
                    found.setdefault(trial, {})[one] = ", ".join(lacks)
                    open_.discard((trial, one))
    assert not open_, f"{path.stem}: nothing restores {sorted(open_)}"
    return {trial: dict(sorted(found[trial].items())) for trial in sorted(found)}


def test_there_are_bundles_of_at_least_six_patients() -> None:
    assert len(BUNDLES) >= 6
    assert {json.loads(path.read_text())["type"] for path in BUNDLES} == {
        "collection",
        "searchset",
        "transaction",
        "document",
    }


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_a_bundle_gives_the_verdicts_of_its_profile_but_for_those_listed(path: Path) -> None:
    assert differing(path) == yaml.safe_load(TABLE.read_text("utf-8"))[path.stem]


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_with_what_no_system_knows_put_back_every_verdict_is_that_of_the_profile(path: Path) -> None:
    own = profile(path)
    assert verdicts(with_(converted(path), LACKS, own)) == verdicts(own)


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_an_example_is_valid_fhir(path: Path) -> None:
    models = pytest.importorskip("fhir.resources.R4B.bundle")
    models.Bundle.model_validate_json(path.read_text("utf-8"))


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_every_entry_of_an_example_is_used_or_not_needed(path: Path) -> None:
    made = api.convert(path)
    assert made.account is not None
    assert {entry.ended for entry in made.account.entries} == {"used", "not needed"}


if __name__ == "__main__":
    head = (
        "# What verdicts of an example bundle are unknown for want of.\n"
        "# `python tests/intake/fhir/test_examples.py` writes it.\n"
    )
    TABLE.write_text(head + yaml.safe_dump({path.stem: differing(path) for path in BUNDLES}, sort_keys=True))
