"""YAML read strictly: every scalar stays text, a doubled key is an error, every problem has its
line and column, and what makes a file read differently than it looks (anchors, tags) is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from screener.errors import Problem, caret

MAX_DEPTH = 40
MAX_CHARACTERS = 5_000_000
_Loader: Any = getattr(yaml, "CLoader", yaml.Loader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text with its place (from 1) and whether it stood in quotes or a block."""

    text: str
    line: int
    column: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    entries: Mapping[str, "Node"]
    keys: Mapping[str, Scalar]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Listed:
    items: tuple["Node", ...]
    line: int
    column: int


Node = Scalar | Mapped | Listed


@dataclass
class _Reading:
    lines: list[str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, mark: Any, message: str, help: str = "") -> None:
        self.problems.append(place_problem(self.lines, mark.line + 1, mark.column + 1,
                                           Problem(code, message, help=help)))  # fmt: skip


def place_problem(
    lines: list[str], line: int, column: int, problem: Problem, width: int = 1
) -> Problem:
    """The problem with its line, column and the line itself."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    snippet = caret(text, column, width) if text else ""
    return Problem(problem.code, problem.message, f"{line}:{column}", problem.help, snippet)


def read(text: str) -> tuple[Node | None, list[Problem]]:
    """The document of a YAML text, with all its problems; None where it cannot be read."""
    reading = _Reading(text.splitlines())
    if len(text) > MAX_CHARACTERS:
        return None, [Problem("too-large", f"the file has more than {MAX_CHARACTERS:,} characters")]
    try:
        events = yaml.parse(text, Loader=_Loader)
        document = _document(iter(events), reading)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        if mark is None:
            return None, [Problem("yaml", message)]
        reading.refuse("yaml", mark, message, "check indentation, colons and quotes")
        return None, reading.problems
    except yaml.YAMLError:
        return None, [Problem("yaml", "the text holds characters that YAML does not allow")]
    except _TooDeepError:
        return None, reading.problems
    return document, reading.problems


class _TooDeepError(Exception):
    pass


def _document(events: Iterator[Any], reading: _Reading) -> Node | None:
    document: Node | None = None
    for event in events:
        if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
            continue
        if isinstance(event, yaml.DocumentStartEvent):
            if document is not None:
                reading.refuse("second-document", event.start_mark, "a second document begins here",
                               "a file holds one document: remove the line `---`")  # fmt: skip
                return document
            continue
        document = _node(event, events, reading, 0)
    return document


def _node(event: Any, events: Iterator[Any], reading: _Reading, depth: int) -> Node:
    mark = event.start_mark
    if depth > MAX_DEPTH:
        reading.refuse("too-deep", mark, f"nested more than {MAX_DEPTH} deep")
        raise _TooDeepError
    if isinstance(event, yaml.AliasEvent):
        reading.refuse("alias", mark, f"the alias `*{event.anchor}` is not allowed",
                       "write the value out")  # fmt: skip
        return Scalar("", mark.line + 1, mark.column + 1)
    if event.anchor is not None:
        reading.refuse("anchor", mark, f"the anchor `&{event.anchor}` is not allowed",
                       "write the value out where it is needed")  # fmt: skip
    if event.tag is not None and event.tag != "!":
        reading.refuse("tag", mark, f"the tag `{event.tag}` is not allowed", "remove it")
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, mark.line + 1, mark.column + 1, event.style is not None)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, reading, depth + 1))
        return Listed(tuple(items), mark.line + 1, mark.column + 1)
    return _mapped(mark, events, reading, depth)


def _mapped(mark: Any, events: Iterator[Any], reading: _Reading, depth: int) -> Mapped:
    entries: dict[str, Node] = {}
    keys: dict[str, Scalar] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, reading, depth + 1)
        value = _node(next(events), events, reading, depth + 1)
        if not isinstance(key, Scalar):
            reading.refuse("key", event.start_mark, "a key must be a word")
        elif key.text in entries:
            reading.refuse("duplicate-key", event.start_mark,
                           f"`{key.text}` is here a second time (first in line {keys[key.text].line})",
                           "remove one of the two, or put both values under one key")  # fmt: skip
        else:
            entries[key.text], keys[key.text] = value, key
    return Mapped(entries, keys, mark.line + 1, mark.column + 1)


def plain(node: Node | None) -> Any:
    """The document as dicts, lists and text, without places."""
    match node:
        case None:
            return None
        case Scalar(text=text):
            return text
        case Listed(items=items):
            return [plain(item) for item in items]
        case Mapped(entries=entries):
            return {key: plain(value) for key, value in entries.items()}
