"""A rule file → trial, with all the problems of the file at once."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, cast

from screener import strict_yaml
from screener.errors import Problem
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model.calendar import read_date
from screener.model.trial import Criterion, Trial
from screener.strict_yaml import Listed, Mapped, Node, Scalar
from screener.vocabulary.catalogue import Catalogue

KEYS = {"trial", "title", "source", "completeness", "status", "version", "disease", "criteria",
        "reviewed", "max_age"}  # fmt: skip
CRITERION_KEYS = {"id", "kind", "text", "rule", "note", "reversed", "standing", "questions"}
REQUIRED = ("trial", "title", "completeness", "status", "version", "disease", "criteria")
CHOICES = {
    "completeness": ("full", "partial"),
    "status": ("curated", "drafted", "reviewed"),
    "kind": ("inclusion", "exclusion"),
    "reversed": ("yes", "no"),
}
_ID = re.compile(r"[IES]\d+[a-z]?")
_TRIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_AGE = re.compile(r"(\d{1,4}) d")


@dataclass
class _File:
    text: str
    catalogue: Catalogue
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.text.splitlines()

    def refuse(self, node: Node | Scalar, code: str, message: str, help: str = "") -> None:
        problem = Problem(code, message, help=help)
        width = len(node.text) if isinstance(node, Scalar) and "\n" not in node.text else 1
        self.problems.append(
            strict_yaml.place_problem(self.lines, node.line, node.column, problem, width)
        )


def read_trial(text: str, catalogue: Catalogue, place: str) -> tuple[Trial | None, list[Problem]]:
    """The trial of a rule file's text; `place` names the file in problems."""
    file = _File(text, catalogue)
    document, problems = strict_yaml.read(text)
    file.problems += problems
    trial = None
    if document is None:
        if not problems:
            file.problems.append(Problem("empty", "the file is empty", "1:1",
                                         "a rule file begins with `trial: …`"))  # fmt: skip
    elif not isinstance(document, Mapped):
        file.refuse(document, "shape", "a rule file is a list of `key: value` pairs")
    else:
        trial = _trial(file, document)
    located = [problem_in(place, problem) for problem in file.problems]
    return (None if located else trial), located


def problem_in(place: str, problem: Problem) -> Problem:
    """The problem with the file's name before its line and column."""
    return Problem(problem.code, problem.message, f"{place}:{problem.place or '1:1'}",
                   problem.help, problem.snippet)  # fmt: skip


def _trial(file: _File, document: Mapped) -> Trial | None:
    _known_keys(file, document, KEYS)
    for key in REQUIRED:
        if key not in document.entries:
            file.refuse(document, "missing-key", f"the key `{key}` is missing", f"add `{key}: …`")
    identifier = _text(file, document, "trial")
    if identifier and not _TRIAL.fullmatch(identifier):
        file.refuse(document.entries["trial"], "trial-id",
                    "a trial's id is of letters, digits, `.`, `_` and `-`")  # fmt: skip
    criteria = _criteria(file, document)
    reviewed = _reviewed(file, document)
    trial = Trial(
        id=identifier,
        title=_text(file, document, "title"),
        criteria=tuple(criteria),
        disease=_disease(file, document),
        status=cast(Any, _choice(file, document, "status")),
        completeness=cast(Any, _choice(file, document, "completeness")),
        version=_text(file, document, "version"),
        sha256=hashlib.sha256(file.text.encode()).hexdigest(),
        source=tuple(_source(file, document)),
        reviewed_by=reviewed[0],
        reviewed_on=reviewed[1],
        max_age_days=_max_age(file, document),
    )
    return None if file.problems else trial


# --- keys and values --------------------------------------------------------------------------


def _known_keys(file: _File, mapped: Mapped, known: set[str]) -> None:
    for key, scalar in mapped.keys.items():
        if key not in known:
            near = get_close_matches(key, sorted(known), n=1)
            file.refuse(scalar, "unknown-key", f"the key `{key}` is not known",
                        f"did you mean `{near[0]}`?" if near
                        else f"known are {', '.join(sorted(known))}")  # fmt: skip


def _text(file: _File, mapped: Mapped, key: str) -> str:
    node = mapped.entries.get(key)
    if node is None:
        return ""
    if not isinstance(node, Scalar):
        file.refuse(node, "shape", f"`{key}` must be text")
        return ""
    if not node.text.strip():
        file.refuse(mapped.keys[key], "empty", f"`{key}` is empty")
    return node.text.strip()


def _choice(file: _File, mapped: Mapped, key: str) -> str:
    value = _text(file, mapped, key)
    if value and value not in CHOICES[key]:
        file.refuse(mapped.entries[key], "choice", f"`{value}` is no {key}",
                    f"write {' or '.join(f'`{choice}`' for choice in CHOICES[key])}")  # fmt: skip
    return value


def _disease(file: _File, document: Mapped) -> str:
    name = _text(file, document, "disease")
    concept = file.catalogue.named(name) if name else None
    if concept is not None and concept.kind == "condition":
        return concept.id
    if name:
        near = file.catalogue.nearest(name, ("condition",))
        file.refuse(document.entries["disease"], "unknown-name", f"`{name}` is no known condition",
                    f"did you mean `{near}`?" if near else "see `screen concepts`")  # fmt: skip
    return ""


def _source(file: _File, document: Mapped) -> Iterator[tuple[str, str]]:
    node = document.entries.get("source")
    if node is None:
        return
    if not isinstance(node, Mapped):
        file.refuse(node, "shape", "`source` must be `{registry: …, last_updated: …}`")
        return
    for key in node.entries:
        yield key, _text(file, node, key)


def _reviewed(file: _File, document: Mapped) -> tuple[str, str]:
    node = document.entries.get("reviewed")
    if node is None:
        if _choice(file, document, "status") == "reviewed":
            file.refuse(document.entries["status"], "reviewed", "a reviewed file says by whom and when",
                        "add `reviewed: {by: …, date: YYYY-MM-DD}`")  # fmt: skip
        return "", ""
    if not isinstance(node, Mapped):
        file.refuse(node, "shape", "`reviewed` must be `{by: …, date: …}`")
        return "", ""
    _known_keys(file, node, {"by", "date"})
    day = _text(file, node, "date")
    try:
        read_date(day)
    except ValueError:
        file.refuse(node, "date", "`reviewed` needs a date as YYYY-MM-DD")
    return _text(file, node, "by"), day


def _max_age(file: _File, document: Mapped) -> int | None:
    value = _text(file, document, "max_age")
    if not value:
        return None
    match = _AGE.fullmatch(value)
    if match is None:
        file.refuse(document.entries["max_age"], "max-age", f"`{value}` is no age", "write `30 d`")
        return None
    return int(match.group(1))


# --- criteria ---------------------------------------------------------------------------------


def _criteria(file: _File, document: Mapped) -> Iterator[Criterion]:
    node = document.entries.get("criteria")
    if node is None:
        return
    if not isinstance(node, Listed) or not node.items:
        file.refuse(node, "shape", "`criteria` must be a list of criteria, one below the other")
        return
    seen: dict[str, int] = {}
    for item in node.items:
        if not isinstance(item, Mapped):
            file.refuse(item, "shape", "a criterion is a list of `key: value` pairs")
            continue
        criterion = _criterion(file, item, seen)
        if criterion is not None:
            yield criterion


def _criterion(file: _File, item: Mapped, seen: dict[str, int]) -> Criterion | None:
    before = len(file.problems)
    _known_keys(file, item, CRITERION_KEYS)
    for key in ("id", "kind", "text", "rule"):
        if key not in item.entries:
            file.refuse(item, "missing-key", f"the criterion has no `{key}`", f"add `{key}: …`")
    identifier = _identifier(file, item, seen)
    kind = _choice(file, item, "kind")
    text = _text(file, item, "text")
    node = item.entries.get("rule")
    source = _text(file, item, "rule")
    if not source or not isinstance(node, Scalar):
        return None
    rule, problems = parse(source, file.catalogue, kind)
    file.problems += [_in_rule(file, node, identifier, problem) for problem in problems]
    if rule is None or len(file.problems) > before:
        return None
    return Criterion(
        id=identifier,
        kind=cast(Any, kind),
        text=" ".join(text.split()),
        rule=rule,
        printed=Printer(file.catalogue).print(rule),
        note=" ".join(_text(file, item, "note").split()) if "note" in item.entries else "",
        reversed=_choice(file, item, "reversed") == "yes",
    )


def _identifier(file: _File, item: Mapped, seen: dict[str, int]) -> str:
    identifier = _text(file, item, "id")
    if not identifier:
        return ""
    node = item.entries["id"]
    if not _ID.fullmatch(identifier):
        file.refuse(node, "criterion-id", f"`{identifier}` is no criterion's id",
                    "write I or E and the number in the source (I4, E7, I8a), or S1")  # fmt: skip
    elif identifier in seen:
        file.refuse(node, "doubled-id", f"`{identifier}` is here a second time"
                    f" (first in line {seen[identifier]})", "number each criterion once")  # fmt: skip
    seen.setdefault(identifier, node.line)
    return identifier


def _in_rule(file: _File, node: Scalar, identifier: str, problem: Problem) -> Problem:
    """A problem of a rule's text, placed in the file. A folded rule is placed at its beginning."""
    line, _, column = (problem.place or "1:1").partition(":")
    row = file.lines[node.line - 1] if node.line <= len(file.lines) else ""
    start = row.find(node.text, node.column - 1)
    message = f"{problem.message} (rule of {identifier})" if identifier else problem.message
    if line == "1" and start >= 0:
        place = f"{node.line}:{start + int(column)}"
    else:
        place = f"{node.line}:{node.column}"
    return Problem(problem.code, message, place, problem.help, problem.snippet)
