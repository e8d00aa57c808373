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
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
SPAN = r"([0-9]{1,5}) (h|d|wk|mo|a)"
_SHAPES = {
    "uln": "for instance `{ALT: {value: 40, unit: U/L}}`",
    "lln": "for instance `{platelets: {value: 150, unit: 10*9/L}}`",
    "max_age": "for instance `{default: 90 d, genomics: none}`",
    "half_life_bounds": "for instance `{small molecule: 3 d}`",
}
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


def read_policy(text: str, catalogue: Catalogue, place: str) -> tuple[Policy | None, list[Problem]]:
    """The policy of a YAML text; `place` names the file in problems."""
    if strict_yaml.foreign(text, KEYS):
        return None, [Problem("shape", "this is no policy: no line of it begins with a key of one", place,
                              f"known are {', '.join(KEYS)}")]  # fmt: skip
    document, problems = strict_yaml.read(text)
    file = _File(strict_yaml.lines_of(text), catalogue, list(problems))
    policy = None
    if isinstance(document, Mapped):
        policy = _policy(file, document, hashlib.sha256(text.encode()).hexdigest())
    elif not problems:
        file.problems.append(Problem("shape", "a policy is a list of `key: value` pairs", "1:1",
                                     f"known keys are {', '.join(KEYS)}"))  # fmt: skip
    found = [problem.at(place) for problem in strict_yaml.in_order(file.problems)]
    return (None if found else policy), found


def _policy(file: _File, document: Mapped, sha256: str) -> Policy:
    for key, scalar in document.keys.items():
        if key not in KEYS:
            file.refuse(scalar, "unknown-key", f"the key `{key}` is not known",
                        strict_yaml.nearest(key, KEYS))  # fmt: skip
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
        file.refuse(node, "shape", f"`{key}` must be a list of `name: value` pairs",
                    _SHAPES[key])  # fmt: skip


def _measurement(file: _File, name: Scalar) -> Concept | None:
    concept = file.catalogue.named(name.text)
    if concept is not None and concept.kind == "measurement":
        return concept
    near = file.catalogue.nearest(name.text, ("measurement",))
    file.refuse(name, "unknown-name", f"`{name.text}` is no known measurement",
                f"did you mean `{near}`?" if near else "see `screen concepts`")  # fmt: skip
    return None


def _bounds(file: _File, document: Mapped, key: str) -> Iterator[tuple[str, tuple[Bound, ...]]]:
    seen: dict[str, Scalar] = {}
    for name, node in _entries(file, document, key):
        concept = _measurement(file, name)
        if concept is None or _doubled(file, concept.id, name, seen):
            continue
        parts: dict[str, Node] = {"": node}
        if isinstance(node, Mapped) and {"female", "male"} & node.entries.keys():
            parts = {sex: part for sex, part in node.entries.items() if sex in ("female", "male")}
            _only(file, node, ("female", "male"))
        found = [_bound(file, concept, part, sex) for sex, part in parts.items()]
        yield concept.id, tuple(bound for bound in found if bound is not None)


def _doubled(file: _File, concept: str, name: Scalar, seen: dict[str, Scalar]) -> bool:
    """Whether another name of the same concept stood before: one of the two would be lost."""
    first = seen.setdefault(concept, name)
    if first is not name:
        message = f"`{name.text}` is the same as `{first.text}` in line {first.line}"
        file.refuse(name, "duplicate-key", message, "remove one of the two")
    return first is not name


def _only(file: _File, node: Mapped, known: tuple[str, ...]) -> None:
    for key, scalar in node.keys.items():
        if key not in known:
            file.refuse(scalar, "unknown-key", f"the key `{key}` is not known",
                        strict_yaml.nearest(key, known))  # fmt: skip


def _bound(file: _File, concept: Concept, node: Node, sex: str) -> Bound | None:
    unit_shown = str(concept.entry.get("unit", ""))
    written = f"write `{{value: …, unit: {unit_shown}}}`"
    if not isinstance(node, Mapped):
        file.refuse(node, "shape", f"the limit of `{concept.name}` needs a number and a unit", written)
        return None
    _only(file, node, ("value", "unit"))
    value, unit = node.entries.get("value"), node.entries.get("unit")
    if not isinstance(value, Scalar) or not _NUMBER.fullmatch(value.text) or not Decimal(value.text):
        file.refuse(value or node, "number", f"the limit of `{concept.name}` needs a number above 0", written)
        return None
    read = file.catalogue.units.read(unit.text, dimensions(concept)) if isinstance(unit, Scalar) else None
    if read is None:
        file.refuse(unit or node, "unit", f"the limit of `{concept.name}` needs a unit that measures it",
                    f"for instance `{unit_shown}`")  # fmt: skip
        return None
    return Bound(Decimal(value.text), read.code, "female" if sex == "female" else
                 "male" if sex == "male" else "")  # fmt: skip


def _ages(file: _File, document: Mapped) -> Iterator[tuple[str, Span | None]]:
    seen: dict[str, Scalar] = {}
    for name, node in _entries(file, document, "max_age"):
        concept = None if name.text in AGEING else file.catalogue.named(name.text)
        if name.text not in AGEING and (concept is None or concept.kind not in ("measurement", "scale")):
            near = file.catalogue.nearest(name.text, ("measurement", "scale"))
            file.refuse(name, "unknown-name", f"`{name.text}` is no known measurement",
                        f"did you mean `{near}`?" if near
                        else f"see `screen concepts`, or write {', '.join(AGEING)}")  # fmt: skip
            continue
        if _doubled(file, name.text if concept is None else concept.id, name, seen):
            continue
        text = node.text if isinstance(node, Scalar) else ""
        match = re.fullmatch(SPAN, text)
        if match is None and text != "none":
            file.refuse(node, "span", "an age is a number and a unit (d, wk, mo, a), or `none`",
                        "for instance `30 d`")  # fmt: skip
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
                        strict_yaml.nearest(name.text, kinds))  # fmt: skip
            continue
        match = re.fullmatch(SPAN, node.text) if isinstance(node, Scalar) else None
        if match is None or match.group(2) not in _DAYS:
            file.refuse(node, "span", "a half-life is a number and a unit (h, d, wk)",
                        "for instance `3 d`")  # fmt: skip
            continue
        yield name.text, int(match.group(1)) * _DAYS[match.group(2)]
