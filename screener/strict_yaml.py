"""YAML read strictly: every scalar stays text, a doubled key is an error, every problem has its
line and column, and what makes a file read differently than it looks (anchors, tags) is refused."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from screener.errors import Problem, caret
from screener.yaml_complaints import complaint

MAX_DEPTH = 40
MAX_CHARACTERS = 5_000_000
_REFUSED = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # what YAML itself does not allow
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
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


def place_problem(lines: list[str], line: int, column: int, problem: Problem, width: int = 1) -> Problem:
    """The problem with its line, column and the line itself."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    snippet = caret(text, column, width) if text else ""
    return Problem(problem.code, problem.message, f"{line}:{column}", problem.help, snippet)


def read(text: str) -> tuple[Node | None, list[Problem]]:
    """The document of a YAML text, with all its problems; None where it cannot be read."""
    reading = _Reading(lines_of(text))
    if len(text) > MAX_CHARACTERS:
        return None, [Problem("too-large", f"the file has more than {MAX_CHARACTERS:,} characters",
                              help="check that it is the right file")]  # fmt: skip
    try:
        events = yaml.parse(text, Loader=_Loader)
        document = _document(iter(events), reading)
    except yaml.MarkedYAMLError as error:
        return None, [*reading.problems, _complaint(error, reading.lines)]
    except yaml.YAMLError:
        return None, [_refused(reading.lines)]
    except _TooDeepError:
        return None, reading.problems
    return document, reading.problems


def lines_of(text: str) -> list[str]:
    """The lines of a text as YAML counts them."""
    return _LINE_END.split(text)


def foreign(text: str, keys: Iterable[str]) -> bool:
    """Whether no line begins with one of these keys: then the file is something else altogether,
    and none of its lines should be shown to whoever named it."""
    return re.search(rf"""^[\s{{]*["']?({"|".join(keys)})["']?\s*:""", text, re.MULTILINE) is None


def nearest(key: str, known: Iterable[str]) -> str:
    """The help for a key that is not known."""
    near = get_close_matches(key, sorted(known), n=1)
    return f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by line and column, each once."""

    def spot(problem: Problem) -> tuple[int, ...]:
        return tuple(int(part) for part in problem.place.split(":") if part.isdigit())

    return sorted(dict.fromkeys(problems), key=spot)


def _complaint(error: yaml.MarkedYAMLError, lines: list[str]) -> Problem:
    line, column, message, help, width = complaint(error, lines)
    return place_problem(lines, line + 1, column + 1, Problem("yaml", message, help=help), width)


def _refused(lines: list[str]) -> Problem:
    for number, line in enumerate(lines, 1):
        found = _REFUSED.search(line)
        if found is not None:
            message = f"the character U+{ord(found.group()):04X} is not allowed here"
            return place_problem(lines, number, found.start() + 1,
                                 Problem("character", message, help="remove it"))  # fmt: skip
    return Problem("character", "the text holds a character that YAML does not allow", help="remove it")


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


def _node(event: Any, events: Iterator[Any], reading: _Reading, depth: int, *, entry: bool = False) -> Node:
    mark = event.start_mark
    if depth > MAX_DEPTH:
        reading.refuse("too-deep", mark, f"nested more than {MAX_DEPTH} deep", "write it flat")
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
        return Scalar(event.value, mark.line + 1, mark.column + 1, bool(event.style))
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, reading, depth + 1, entry=True))
        return Listed(tuple(items), mark.line + 1, mark.column + 1)
    return _mapped(mark, events, reading, depth, entry=entry)


def _mapped(mark: Any, events: Iterator[Any], reading: _Reading, depth: int, *, entry: bool) -> Mapped:
    entries: dict[str, Node] = {}
    keys: dict[str, Scalar] = {}
    dashless = False  # whether the keys of a further entry follow, whose dash is missing
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, reading, depth + 1)
        value = _node(next(events), events, reading, depth + 1)
        if not isinstance(key, Scalar):
            reading.refuse("key", event.start_mark, "a key must be a word", "remove the brackets")
        elif key.text not in entries:
            entries[key.text], keys[key.text] = value, key
        elif not dashless:
            dashless = entry and len(keys) > 1 and key.text == next(iter(keys))
            _refuse_doubled(reading, event.start_mark, keys[key.text], dashless=dashless)
    return Mapped(entries, keys, mark.line + 1, mark.column + 1)


def _refuse_doubled(reading: _Reading, mark: Any, first: Scalar, *, dashless: bool) -> None:
    message = f"`{first.text}` is here a second time (first in line {first.line})"
    help = "remove one of the two, or put both values under one key"
    if dashless:  # the key that its entry begins with
        message += ": is a `-` missing before it?"
        help = f"begin another entry with `- {first.text}: …`, or remove one of the two"
    reading.refuse("duplicate-key", mark, message, help)


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


def read_plain(text: str) -> dict[str, Any]:
    """The document of one of the package's own files as dicts, lists and text, in half the time.

    Raises ValueError at the first problem, a doubled key among them.
    """
    events = iter(yaml.parse(text, Loader=_Loader))
    try:
        next(events)  # the stream begins
        next(events)  # the document begins
        document = _plain(next(events), events)
    except (yaml.YAMLError, StopIteration) as error:
        raise ValueError(str(error) or "the file is empty") from None
    if not isinstance(document, dict):
        raise ValueError("a file holds `key: value` pairs")  # noqa: TRY004
    return document


def _plain(event: Any, events: Iterator[Any]) -> Any:
    kind = type(event)
    if kind is yaml.ScalarEvent:
        return event.value
    if kind is yaml.SequenceStartEvent:
        items = []
        while type(event := next(events)) is not yaml.SequenceEndEvent:
            items.append(_plain(event, events))
        return items
    if kind is not yaml.MappingStartEvent:
        raise ValueError(f"line {event.start_mark.line + 1}: an alias")
    made: dict[str, Any] = {}
    while type(event := next(events)) is not yaml.MappingEndEvent:
        key = _plain(event, events)
        if not isinstance(key, str):
            raise ValueError(f"line {event.start_mark.line + 1}: a key must be a word")  # noqa: TRY004
        if key in made:
            raise ValueError(f"line {event.start_mark.line + 1}: `{key}` is here a second time")
        made[key] = _plain(next(events), events)
    return made
