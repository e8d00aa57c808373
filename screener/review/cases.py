"""Runs the cases kept for a trial: example patients and the verdicts a reader expects."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from screener import api, resources, strict_yaml
from screener.errors import InputError, Problem
from screener.model.verdict import ScreeningResult
from screener.rulebook.library import read_bytes, text_of

_KEYS = {"name", "patient", "as_of", "change", "overall", "criteria"}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, a patient, and what a careful reader says of them."""

    name: str
    trial: str
    patient: str
    as_of: str | None = None
    change: Mapping[str, Any] = field(default_factory=dict)
    overall: str | None = None
    criteria: Mapping[str, str] = field(default_factory=dict)


def case_files() -> list[Path]:
    return sorted(resources.cases().glob("*.yaml"))


def read_cases(path: Path) -> list[Case]:
    """The cases of a file. Raises InputError with all its problems."""
    document, problems = strict_yaml.read(text_of(read_bytes(path), path))
    plain = strict_yaml.plain(document)
    if not problems and not (isinstance(plain, dict) and isinstance(plain.get("cases"), list)):
        problems = [Problem("shape", "a file of cases has the keys `trial` and `cases`", "1:1")]
    if problems:
        raise InputError(problem.at(str(path)) for problem in problems)
    return [_case(str(plain.get("trial", "")), entry, path) for entry in plain["cases"]]


def _case(trial: str, entry: Any, path: Path) -> Case:
    wrong = sorted(set(entry) - _KEYS) if isinstance(entry, dict) else ["a case that is no mapping"]
    if wrong or "patient" not in entry:
        message = f"unknown: {', '.join(wrong)}" if wrong else "a case names its `patient`"
        raise InputError([Problem("case", message, str(path), f"known are {', '.join(sorted(_KEYS))}")])
    return Case(entry.get("name", ""), trial, entry["patient"], entry.get("as_of"),
                entry.get("change", {}), entry.get("overall"), entry.get("criteria", {}))  # fmt: skip


def differences(case: Case, folder: Path | None = None, rules: Path | None = None) -> Iterator[str]:
    """Where the verdicts differ from the expected ones, in words."""
    result = screened(case, folder, rules)
    if case.overall is not None and result.overall != case.overall:
        yield f"overall: expected {case.overall}, found {result.overall}"
    found = {criterion.id: criterion for criterion in result.criteria}
    for identifier, expected in case.criteria.items():
        criterion = found.get(identifier)
        if criterion is None:
            yield f"{identifier}: the trial has no such criterion"
        elif criterion.verdict != expected:
            yield f"{identifier}: expected {expected}, found {criterion.verdict}: {criterion.reason}"


def screened(case: Case, folder: Path | None = None, rules: Path | None = None) -> ScreeningResult:
    path = (folder or resources.patients()) / case.patient
    data = json.loads(text_of(read_bytes(path), path), parse_float=Decimal)
    patient = api.load_patient({**data, **_typed(case.change)})
    return api.screen(patient, api.load_trial(case.trial, rules), as_of=case.as_of)


def _typed(value: Any) -> Any:
    """The strict reader keeps every scalar as text; a profile wants numbers, true and false."""
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if value in ("true", "false"):
        return value == "true"
    if value == "null":
        return None
    try:
        return Decimal(value) if value.replace(".", "", 1).lstrip("-").isdigit() else value
    except ArithmeticError:
        return value
