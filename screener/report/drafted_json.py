"""A draft as JSON, for programs: what stands where in the text, what was read in it, and the criteria.

`start` and `end` of items and pieces are places in `published`; the spans within an item (`understood`,
`claims`, `unread`) are places in the item's own `text`. Every place counts characters from 0, and ends
before its `end`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from screener.drafting.draft import Draft
from screener.drafting.finish import Finished, finished
from screener.drafting.groups import ReadItem
from screener.drafting.notes import notes
from screener.drafting.rule_file import trial_id
from screener.language.printer import Printer
from screener.vocabulary.catalogue import Catalogue

SCHEMA = "screener.draft/1"


def document(draft: Draft, catalogue: Catalogue) -> dict[str, Any]:
    """The whole draft as plain data."""
    printer = Printer(catalogue)
    return {
        "schema": SCHEMA,
        "trial": trial_id(draft),
        "title": draft.record.title,
        "disease": catalogue[draft.disease].name if draft.disease else "",
        "notes": list(notes(draft)),
        "published": draft.record.text,
        "items": [
            _item(identifier, read, printer)
            for identifier, read in zip(item_ids(draft.items), draft.items, strict=True)
        ],
        "pieces": [{"role": piece.role, "start": piece.start, "end": piece.end} for piece in draft.pieces],
        "criteria": [_criterion(criterion) for criterion in finished(draft, catalogue)],
    }


def item_ids(items: Sequence[ReadItem]) -> Iterator[str]:
    """`I4` for an item of the top level, `I4.2` for the second of the list below it, and so on."""
    counted: list[int] = []
    top = ""
    for read in items:
        level = read.item.level
        if level == 0 or read.criterion != top:
            top, counted = read.criterion, []
            yield top
            continue
        del counted[level:]
        counted += [0] * (level - len(counted))
        counted[-1] += 1
        yield ".".join((top, *map(str, counted)))


def _item(identifier: str, read: ReadItem, printer: Printer) -> dict[str, Any]:
    reading = read.reading
    return {
        "id": identifier,
        "criterion": read.criterion,
        "kind": read.kind,
        "text": read.item.text,
        "start": read.item.start,
        "end": read.item.end,
        "marker": read.item.marker,
        "level": read.item.level,
        "under": list(read.item.scope),
        "standing": reading.standing,
        "rule": printer.print(reading.rule),
        "understood": [list(span) for span in reading.understood],
        "claims": [{"span": list(span), "rule": printer.print(rule)} for span, rule in reading.seen],
        "unread": [list(span) for span in reading.unread],
        "flaws": list(reading.flaws),
    }


def _criterion(criterion: Finished) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "kind": criterion.kind,
        "text": criterion.text,
        "rule": criterion.rule,
        "standing": criterion.standing,
        "questions": list(criterion.questions),
        "reversed": criterion.reversed,
    }
