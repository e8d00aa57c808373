"""Runs the cases kept for a trial: example patients and the verdicts a reader expects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from screener import api, resources, strict_yaml
from screener.errors import InputError, Problem
from screener.intake.json_profile import profile_of
from screener.intake.json_text import parsed
from screener.model.calendar import read_date
from screener.model.verdict import ScreeningResult
from screener.rulebook.library import read_bytes, text_of
from screener.strict_yaml import Listed, Mapped, Node, Scalar, place_problem

_KEYS = {"name", "patient", "as_of", "change", "overall", "criteria"}
_OVERALL = ("eligible", "ineligible", "undetermined")
_VERDICTS = ("pass", "fail", "unknown")


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
    text = text_of(read_bytes(path), path)
    if strict_yaml.foreign(text, ("cases",)):
        raise InputError([Problem("shape", "a file of cases has the keys `trial` and `cases`", str(path),
                                  "no line of this file begins with `cases:`")])  # fmt: skip
    document, problems = strict_yaml.read(text)
    file = _File(strict_yaml.lines_of(text), list(problems))
    cases = list(_cases(file, document)) if isinstance(document, Mapped) else []
    if not isinstance(document, Mapped) and not problems:
        file.problems.append(Problem("shape", "a file of cases has the keys `trial` and `cases`", "1:1",
                                     "write `trial: …` in its first line"))  # fmt: skip
    if file.problems:
        raise InputError(problem.at(str(path)) for problem in strict_yaml.in_order(file.problems))
    return cases


@dataclass
class _File:
    lines: list[str]
    problems: list[Problem]

    def refuse(self, node: Node, code: str, message: str, help: str) -> None:
        width = len(node.text) if isinstance(node, Scalar) else 1
        problem = Problem(code, message, help=help)
        self.problems.append(place_problem(self.lines, node.line, node.column, problem, width))

    def known_keys(self, node: Mapped, known: Iterable[str]) -> None:
        for key, scalar in node.keys.items():
            if key not in known:
                self.refuse(scalar, "unknown-key", f"the key `{key}` is not known",
                            strict_yaml.nearest(key, sorted(known)))  # fmt: skip

    def text(self, node: Mapped, key: str, *, needed: bool = False) -> str | None:
        value = node.entries.get(key)
        if isinstance(value, Scalar) and value.text.strip():
            return value.text
        if value is not None:
            self.refuse(node.keys[key], "shape", f"`{key}` must be words", "fill it in")
        elif needed:
            owner = "a file of cases" if key == "trial" else "a case"
            self.refuse(node, "missing-key", f"{owner} names its `{key}`", f"add `{key}: …`")
        return None

    def choice(self, node: Mapped, key: str, words: tuple[str, ...]) -> str | None:
        value = self.text(node, key)
        if value is not None and value not in words:
            self.refuse(node.entries[key], "choice", f"`{value}` is not a word for `{key}`",
                        f"write one of {', '.join(words)}")  # fmt: skip
        return value


def _cases(file: _File, document: Mapped) -> Iterator[Case]:
    file.known_keys(document, ("trial", "cases"))
    trial = file.text(document, "trial", needed=True) or ""
    entries = document.entries.get("cases")
    if not isinstance(entries, Listed) or not entries.items:
        file.refuse(entries or document, "shape", "`cases` must be a list of cases",
                    "begin each with `- name: …`")  # fmt: skip
        return
    for entry in entries.items:
        if isinstance(entry, Mapped):
            yield _case(file, trial, entry)
        else:
            file.refuse(entry, "shape", "a case is a list of `key: value` pairs",
                        f"known are {', '.join(sorted(_KEYS))}")  # fmt: skip


def _case(file: _File, trial: str, entry: Mapped) -> Case:
    file.known_keys(entry, _KEYS)
    as_of = file.text(entry, "as_of")
    if as_of is not None and not _is_day(as_of):
        file.refuse(entry.entries["as_of"], "date", f"`{as_of}` is not a day of the calendar",
                    "write YYYY-MM-DD")  # fmt: skip
    criteria = _mapped(file, entry, "criteria", "I1: pass")
    if criteria is not None:
        for key in criteria.entries:
            file.choice(criteria, key, _VERDICTS)
    change = _mapped(file, entry, "change", "sex: male")
    return Case(
        name=file.text(entry, "name", needed=True) or "",
        trial=trial,
        patient=file.text(entry, "patient", needed=True) or "",
        as_of=as_of,
        change=strict_yaml.plain(change) or {},
        overall=file.choice(entry, "overall", _OVERALL),
        criteria=strict_yaml.plain(criteria) or {},
    )


def _mapped(file: _File, entry: Mapped, key: str, example: str) -> Mapped | None:
    node = entry.entries.get(key)
    if node is None or isinstance(node, Mapped):
        return node
    file.refuse(node, "shape", f"`{key}` must be a list of `key: value` pairs",
                f"for instance `{{{example}}}`")  # fmt: skip
    return None


def _is_day(text: str) -> bool:
    try:
        return read_date(text).exact
    except ValueError:
        return False


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
    """The result of a case. Raises InputError where its patient or its trial cannot be used."""
    path = (folder or resources.patients()) / case.patient
    data, problems = parsed(text_of(read_bytes(path), path))
    if isinstance(data, dict):
        data = {**data, **_typed(case.change)}
    if not problems:
        patient, problems = profile_of(data)
    if problems or patient is None:
        raise InputError(problem.at(str(path)) for problem in problems)
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
