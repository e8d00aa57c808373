"""A site's policy file → policy, with all its problems at once."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from screener import strict_yaml
from screener.errors import Problem
from screener.model.calendar import Span, TimeUnit
from screener.model.policy import Bound, Policy
from screener.strict_yaml import Mapped, Node, Scalar, place_problem
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.quantities import dimensions

KEYS = ("uln", "lln", "max_age", "half_life_bounds")
# What has an age limit but is no measurement.
AGEING = ("default", "genomics", "grade", "reproductive")
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?")
_SPAN = re.compile(r"(\d{1,5}) (h|d|wk|mo|a)")
_UNITS = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_DAYS = {"h": Decimal(1) / 24, "d": Decimal(1), "wk": Decimal(7)}


@dataclass
class _File:
    lines: list[str]
    catalogue: Catalogue
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, node: Node, code: str, message: str, help: str = "") -> None:
        problem = Problem(code, message, help=help)
        width = len(node.text) if isinstance(node, Scalar) else 1
        self.problems.append(place_problem(self.lines, node.line, node.column, problem, width))


def read_policy(
    text: str, catalogue: Catalogue, place: str
) -> tuple[Policy | None, list[Problem]]:
    """The policy of a YAML text; `place` names the file in problems."""
    document, problems = strict_yaml.read(text)
    file = _File(text.splitlines(), catalogue, list(problems))
    policy = None
    if isinstance(document, Mapped):
        policy = _policy(file, document, hashlib.sha256(text.encode()).hexdigest())
    elif not problems:
        file.problems.append(Problem("shape", "a policy is a list of `key: value` pairs", "1:1",
                                     f"known keys are {', '.join(KEYS)}"))  # fmt: skip
    found = [Problem(problem.code, problem.message, f"{place}:{problem.place or '1:1'}",
                     problem.help, problem.snippet) for problem in file.problems]  # fmt: skip
    return (None if found else policy), found


def _policy(file: _File, document: Mapped, sha256: str) -> Policy:
    for key, scalar in document.keys.items():
        if key not in KEYS:
            file.refuse(scalar, "unknown-key", f"the key `{key}` is not known",
                        f"known are {', '.join(KEYS)}")  # fmt: skip
    return Policy(
        uln=dict(_bounds(file, document, "uln")),
        lln=dict(_bounds(file, document, "lln")),
        max_age=dict(_ages(file, document)),
        half_life_bounds=dict(_half_lives(file, document)),
        sha256=sha256,
    )


def _entries(file: _File, document: Mapped, key: str) -> Iterator[tuple[Scalar, Node]]:
    node = document.entries.get(key)
    if isinstance(node, Mapped):
        yield from ((node.keys[name], value) for name, value in node.entries.items())
    elif node is not None:
        file.refuse(node, "shape", f"`{key}` must be a list of `name: value` pairs")


def _measurement(file: _File, name: Scalar) -> Concept | None:
    concept = file.catalogue.named(name.text)
    if concept is not None and concept.kind == "measurement":
        return concept
    near = file.catalogue.nearest(name.text, ("measurement",))
    file.refuse(name, "unknown-name", f"`{name.text}` is no known measurement",
                f"did you mean `{near}`?" if near else "see `screen concepts`")  # fmt: skip
    return None


def _bounds(file: _File, document: Mapped, key: str) -> Iterator[tuple[str, tuple[Bound, ...]]]:
    for name, node in _entries(file, document, key):
        concept = _measurement(file, name)
        if concept is None:
            continue
        if not isinstance(node, Mapped):
            file.refuse(node, "shape", "a limit is `{value: 40, unit: U/L}`")
        elif set(node.entries) <= {"female", "male"} and node.entries:
            by_sex = [(sex, part) for sex, part in node.entries.items() if isinstance(part, Mapped)]
            found = [_bound(file, concept, part, sex) for sex, part in by_sex]
            yield concept.id, tuple(bound for bound in found if bound is not None)
        else:
            bound = _bound(file, concept, node, "")
            if bound is not None:
                yield concept.id, (bound,)


def _bound(file: _File, concept: Concept, node: Mapped, sex: str) -> Bound | None:
    value, unit = node.entries.get("value"), node.entries.get("unit")
    if not isinstance(value, Scalar) or not _NUMBER.fullmatch(value.text):
        file.refuse(node, "number", f"the limit of `{concept.name}` has no number",
                    "write `{value: 40, unit: U/L}`")  # fmt: skip
        return None
    read = None
    if isinstance(unit, Scalar):
        read = file.catalogue.units.read(unit.text, dimensions(concept))
    if read is None:
        file.refuse(node, "unit", f"the limit of `{concept.name}` has no unit that measures it",
                    f"for instance `{concept.entry.get('unit', '')}`")  # fmt: skip
        return None
    return Bound(Decimal(value.text), read.code, "female" if sex == "female" else
                 "male" if sex == "male" else "")  # fmt: skip


def _ages(file: _File, document: Mapped) -> Iterator[tuple[str, Span | None]]:
    for name, node in _entries(file, document, "max_age"):
        concept = None if name.text in AGEING else file.catalogue.named(name.text)
        if name.text not in AGEING and (concept is None or concept.kind not in ("measurement", "scale")):
            near = file.catalogue.nearest(name.text, ("measurement", "scale"))
            file.refuse(name, "unknown-name", f"`{name.text}` is no known measurement",
                        f"did you mean `{near}`?" if near else f"or one of {', '.join(AGEING)}")  # fmt: skip
            continue
        text = node.text if isinstance(node, Scalar) else ""
        match = _SPAN.fullmatch(text)
        if match is None and text != "none":
            file.refuse(node, "span", "an age is a number and a unit, or `none`", "write `30 d`")
            continue
        key = name.text if concept is None else concept.id
        yield key, None if match is None else _span(match)


def _span(match: re.Match[str]) -> Span:
    return Span(int(match.group(1)), cast(TimeUnit, _UNITS[match.group(2)]))


def _half_lives(file: _File, document: Mapped) -> Iterator[tuple[str, Decimal]]:
    kinds = file.catalogue.tables["kinds"]
    for name, node in _entries(file, document, "half_life_bounds"):
        if name.text not in kinds:
            file.refuse(name, "unknown-kind", f"`{name.text}` is no kind of substance",
                        f"known are {', '.join(kinds)}")  # fmt: skip
            continue
        match = _SPAN.fullmatch(node.text) if isinstance(node, Scalar) else None
        if match is None or match.group(2) not in _DAYS:
            file.refuse(node, "span", "a half-life is a number and a unit", "write `3 d` or `40 h`")
            continue
        yield name.text, int(match.group(1)) * _DAYS[match.group(2)]
