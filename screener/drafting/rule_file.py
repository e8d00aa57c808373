"""A draft → the text of a rule file, as a person would have written it."""

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

from screener.drafting.draft import Draft
from screener.drafting.finish import Finished, finished
from screener.drafting.notes import notes
from screener.drafting.yaml_text import WIDTH, entry, inline, listed
from screener.language.printer import Printer
from screener.model import rule as r
from screener.vocabulary.catalogue import Catalogue

NO_ID = "draft"  # the id of a record that names none
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REVERSED = "The text is worded as a requirement among the exclusions; the rule states what excludes."


def trial_id(draft: Draft) -> str:
    """The id under which a draft is written and screened."""
    return draft.record.id if _ID.fullmatch(draft.record.id) else NO_ID


def rule_file(draft: Draft, catalogue: Catalogue) -> str:
    """The text of the rule file of a draft. It loads without problems if it has a criterion."""
    criteria = finished(draft, catalogue)
    lines = [*_notes(draft), *_head(draft, catalogue), "criteria:"]
    printer = Printer(catalogue)
    for criterion in criteria:
        lines += _criterion(criterion, printer)
    return "\n".join(lines) + "\n"


def _notes(draft: Draft) -> Iterator[str]:
    """What a reader must know first, as comments."""
    for note in notes(draft):
        yield from wrap(note, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _head(draft: Draft, catalogue: Catalogue) -> Iterator[str]:
    record = draft.record
    yield from entry("trial", trial_id(draft), 0)
    yield from entry("title", " ".join(record.title.split()) or "without a title", 0)
    if record.id.startswith("NCT"):
        updated = f", last_updated: {inline(record.last_updated)}" if record.last_updated else ""
        yield f"source: {{registry: ClinicalTrials.gov{updated}}}"
    yield f"completeness: {'full' if draft.complete else 'partial'}"
    yield "status: drafted"
    yield "version: 1"
    if draft.disease:
        yield from entry("disease", catalogue[draft.disease].name, 0)


def _criterion(criterion: Finished, printer: Printer) -> Iterator[str]:
    yield f"  - id: {criterion.id}"
    yield f"    kind: {criterion.kind}"
    yield from entry("text", criterion.text, 4)
    yield from entry("rule", criterion.rule, 4, _pieces(criterion, printer))
    if criterion.reversed:
        yield "    reversed: yes"
        yield from entry("note", _REVERSED, 4)
    yield f"    standing: {criterion.standing}"
    if criterion.questions:
        yield from listed("questions", criterion.questions, 4)


def _pieces(criterion: Finished, printer: Printer) -> Sequence[str]:
    """The rule in the parts that it joins, so that each begins a line of its own."""
    match criterion.meaning:
        case r.All(of=of):
            return _joined("and", [_inside(part, printer) for part in of])
        case r.Any(of=of):
            return _joined("or", [printer.print(part) if isinstance(part, r.All) else _inside(part, printer)
                                  for part in of])  # fmt: skip
        case r.If(condition=first, then=then):
            return (f"if {printer.print(first)}", f"then {printer.print(then)}")
        case _:
            return ()


def _inside(rule: r.Rule, printer: Printer) -> str:
    text = printer.print(rule)
    return f"({text})" if isinstance(rule, r.All | r.Any | r.If | r.Unless) else text


def _joined(word: str, parts: Sequence[str]) -> Sequence[str]:
    return (parts[0], *(f"{word} {part}" for part in parts[1:]))
