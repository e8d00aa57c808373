"""A rule file → trial, with all the problems of the file at once."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from screener import strict_yaml
from screener.errors import Problem
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model.calendar import read_date
from screener.model.trial import Criterion, Trial
from screener.rulebook.places import in_rule
from screener.strict_yaml import Listed, Mapped, Node, Scalar
from screener.vocabulary.catalogue import Catalogue

KEYS = {"trial", "title", "source", "completeness", "status", "version", "disease", "criteria",
        "reviewed", "max_age"}  # fmt: skip
CRITERION_KEYS = {"id", "kind", "text", "rule", "note", "reversed", "standing", "questions"}
REQUIRED = ("trial", "title", "completeness", "status", "version", "disease", "criteria")
OPTIONAL = ("note", "reversed", "standing", "max_age")
CHOICES = {
    "completeness": ("full", "partial"),
    "status": ("curated", "drafted", "reviewed"),
    "kind": ("inclusion", "exclusion"),
    "reversed": ("yes", "no"),
}
_TELLING = ("trial", "criteria", "disease", "completeness")
_OF_NO_RECORD = ("criteria", "completeness")  # a patient's record may name a disease, and a trial
_ID = re.compile(r"[IES]\d+[a-z]?")
_TRIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_AGE = re.compile(r"([0-9]{1,4}) d")


@dataclass
class _File:
    text: str
    catalogue: Catalogue
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = strict_yaml.lines_of(self.text)

    def refuse(self, node: Node | Scalar, code: str, message: str, help: str = "") -> None:
        problem = Problem(code, message, help=help)
        width = len(node.text) if isinstance(node, Scalar) and "\n" not in node.text else 1
        self.problems.append(strict_yaml.place_problem(self.lines, node.line, node.column, problem, width))


def read_trial(text: str, catalogue: Catalogue, place: str) -> tuple[Trial | None, list[Problem]]:
    """The trial of a rule file's text; `place` names the file in problems."""
    if not text.strip():
        return None, [Problem("empty", "the file is empty", place, "a rule file begins with `trial: …`")]
    if strict_yaml.foreign(text, _OF_NO_RECORD if text.lstrip().startswith("{") else _TELLING):
        message = "this is no rule file: no line of it begins with `trial:` or `criteria:`"
        return None, [Problem("shape", message, place, "name a rule file")]
    file = _File(text, catalogue)
    document, problems = strict_yaml.read(text)
    file.problems += problems
    trial = None
    if isinstance(document, Mapped):
        trial = _trial(file, document)
    elif document is not None:
        file.refuse(document, "shape", "a rule file is a list of `key: value` pairs",
                    "write `trial: …` in its first line")  # fmt: skip
    located = [problem.at(place) for problem in strict_yaml.in_order(_first_causes(file.problems))]
    return (None if located else trial), located


def _first_causes(problems: list[Problem]) -> Iterator[Problem]:
    """Without what only follows: where a value is an alias, it is empty to all who read on."""
    aliases = {problem.place.partition(":")[0] for problem in problems if problem.code == "alias"}
    for problem in problems:
        if problem.code != "empty" or problem.place.partition(":")[0] not in aliases:
            yield problem


def _trial(file: _File, document: Mapped) -> Trial | None:
    _known_keys(file, document, KEYS)
    # Where the drafter recognised no disease it leaves the line out, for the reviewer to add.
    drafted = _choice(file, document, "status") == "drafted"
    for key in REQUIRED:
        if key not in document.entries and not (drafted and key == "disease"):
            file.refuse(document, "missing-key", f"the key `{key}` is missing", f"add `{key}: …`")
    identifier = _text(file, document, "trial")
    if identifier and not _TRIAL.fullmatch(identifier):
        file.refuse(document.entries["trial"], "trial-id",
                    "a trial's id is of letters, digits, `.`, `_` and `-`",
                    "for instance NCT05378971")  # fmt: skip
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
            file.refuse(scalar, "unknown-key", f"the key `{key}` is not known",
                        strict_yaml.nearest(key, sorted(known)))  # fmt: skip


def _text(file: _File, mapped: Mapped, key: str) -> str:
    node = mapped.entries.get(key)
    if node is None:
        return ""
    if not isinstance(node, Scalar):
        found = "a list" if isinstance(node, Listed) else "`key: value` pairs"
        file.refuse(node, "shape", f"`{key}` must be words, not {found}", "put it in quotes")
        return ""
    if not node.text.strip():
        file.refuse(mapped.keys[key], "empty", f"`{key}` is empty", "fill it in, or remove the line"
                    if key in OPTIONAL else "fill it in")  # fmt: skip
    return node.text.strip()


def _choice(file: _File, mapped: Mapped, key: str) -> str:
    value = _text(file, mapped, key)
    if value and value not in CHOICES[key]:
        file.refuse(mapped.entries[key], "choice", f"`{value}` is not a word for `{key}`",
                    _choices(CHOICES[key]))  # fmt: skip
    return value


def _choices(words: tuple[str, ...]) -> str:
    *most, last = (f"`{word}`" for word in words)
    return f"write {', '.join(most)} or {last}"


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
        file.refuse(node, "shape", "`source` must be a list of `key: value` pairs",
                    "for instance `{registry: …, last_updated: …}`")  # fmt: skip
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
        file.refuse(node, "shape", "`reviewed` says by whom and when", "write `{by: …, date: YYYY-MM-DD}`")
        return "", ""
    _known_keys(file, node, {"by", "date"})
    for key in ("by", "date"):
        if key not in node.entries:
            file.refuse(node, "missing-key", f"`reviewed` has no `{key}`",
                        "write `{by: …, date: YYYY-MM-DD}`")  # fmt: skip
    day = _text(file, node, "date")
    if day and not _is_day(day):
        file.refuse(node.entries["date"], "date", f"`{day}` is not a day of the calendar",
                    "write YYYY-MM-DD")  # fmt: skip
    return _text(file, node, "by"), day


def _is_day(text: str) -> bool:
    try:
        return read_date(text).exact
    except ValueError:
        return False


def _max_age(file: _File, document: Mapped) -> int | None:
    value = _text(file, document, "max_age")
    if not value:
        return None
    match = _AGE.fullmatch(value)
    if match is None:
        file.refuse(document.entries["max_age"], "max-age", f"`{value}` is no age in days",
                    "for instance `30 d`")  # fmt: skip
        return None
    return int(match.group(1))


# --- criteria ---------------------------------------------------------------------------------


def _criteria(file: _File, document: Mapped) -> Iterator[Criterion]:
    node = document.entries.get("criteria")
    if node is None:
        return
    if not isinstance(node, Listed) or not node.items:
        file.refuse(node, "shape", "`criteria` must be a list of criteria, one below the other",
                    "begin each with `- id: …`")  # fmt: skip
        return
    seen: dict[str, int] = {}
    for item in node.items:
        if not isinstance(item, Mapped):
            file.refuse(item, "shape", "a criterion is a list of `key: value` pairs",
                        "it has the keys `id`, `kind`, `text` and `rule`")  # fmt: skip
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
    file.problems += [in_rule(file.lines, node, identifier, problem) for problem in problems]
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
        standing=_text(file, item, "standing"),
        questions=tuple(_questions(item.entries.get("questions"))),
    )


def _questions(node: Node | None) -> Iterator[str]:
    """What a drafter asked: words, or a list of them. Nothing hangs on them, so that nothing is refused."""
    if isinstance(node, Scalar):
        yield " ".join(node.text.split())
    elif isinstance(node, Listed):
        for item in node.items:
            yield from _questions(item)
    elif node is not None:
        yield ""


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
