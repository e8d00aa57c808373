"""A draft side by side: the published text with what was understood marked in it, and the rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TextIO

from rich.table import Table
from rich.text import Text

from screener.drafting.draft import Draft
from screener.drafting.finish import Finished, counts, finished
from screener.drafting.groups import ReadItem
from screener.drafting.notes import notes
from screener.drafting.reader import Span
from screener.drafting.rule_file import trial_id
from screener.errors import visible
from screener.report.console import Page
from screener.vocabulary.catalogue import Catalogue

_STYLES = {
    "understood": "green", "partly": "yellow", "a person's to decide": "cyan", "not understood": "bold red",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Marking:
    """How words are marked: by colour, or between brackets where there is none."""

    colour: bool

    def marked(self, text: str, spans: Sequence[Span]) -> Text:
        """The text with these places marked."""
        made, at = Text(), 0
        for start, end in _apart(spans, len(text)):
            made.append(visible(text[at:start]))
            words = visible(text[start:end])
            made.append(words if self.colour else f"[{words}]", "green" if self.colour else "")
            at = end
        made.append(visible(text[at:]))
        return made


def report(draft: Draft, catalogue: Catalogue, file: TextIO) -> None:
    """The whole trial, criterion by criterion, and how many stand how."""
    page = Page(file)
    marking = _Marking(page.console.color_system is not None)
    criteria = finished(draft, catalogue)
    disease = catalogue[draft.disease].name if draft.disease else "no disease recognised"
    page.line((trial_id(draft), "bold"), f"  {draft.record.title}")
    page.line(f"{disease}; drafted, not reviewed")
    how = "in green" if marking.colour else "[in brackets]"
    page.line((f"text, what was understood {how}, beside rules and questions", "dim"))
    for note in notes(draft):
        page.line((f"! {note}", "yellow"), cut=False)
    for title, group in _groups(draft, criteria):
        page.line()
        if title:
            page.line((title, "bold"))
            page.line()
        _side_by_side(page, [_row(read, drafted, marking) for read, drafted in group])
    page.line()
    page.line(_summary(criteria))


def _side_by_side(page: Page, rows: Sequence[tuple[Text, Text]]) -> None:
    # Half the page each: the lines of a rule are as long as those of its text.
    half = max(20, (page.width - 3) // 2)
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(width=half, overflow="fold")
    table.add_column(width=half, overflow="fold")
    for left, right in rows:
        table.add_row(left, right)
    page.table(table)


_Pair = tuple[list[ReadItem], list[Finished]]


def _groups(draft: Draft, criteria: Sequence[Finished]) -> Iterator[tuple[str, list[_Pair]]]:
    """What belongs together: the items of one criterion beside its parts, below the section's title."""
    for kind, title in (("inclusion", "Inclusion criteria"), ("exclusion", "Exclusion criteria")):
        pairs = []
        items = [read for read in draft.items if read.kind == kind]
        for whole, read in groupby(items, key=lambda read: read.criterion):
            pairs.append((list(read), [made for made in criteria if _whole(made.id) == whole]))
        if pairs:
            yield title, pairs
    own = [made for made in criteria if made.id.startswith("S")]
    if own:
        yield "From the fields of the record", [([], [made]) for made in own]


def _whole(identifier: str) -> str:
    return identifier.rstrip("abcdefghijklmnopqrstuvwxyz")


def _row(read: list[ReadItem], drafted: list[Finished], marking: _Marking) -> tuple[Text, Text]:
    left = [_item(one, marking) for one in read] or [Text(visible(drafted[0].text))]
    return Text("\n").join(left), Text("\n").join(map(_criterion, drafted))


def _item(read: ReadItem, marking: _Marking) -> Text:
    scope = "" if read.item.level else " / ".join(map(visible, read.item.scope))
    under = f"{scope}: " if scope else ""
    marker = f"{visible(read.item.marker)} " if read.item.marker else ""
    indent = "  " * min(read.item.level, 6)
    return Text.assemble(indent, (under, "dim"), marker,
                         marking.marked(read.item.text, read.reading.understood))  # fmt: skip


def _criterion(made: Finished) -> Text:
    text = Text.assemble((made.id, "bold"), "  ", (made.standing, _STYLES[made.standing]), "\n",
                         visible(made.rule))  # fmt: skip
    for question in made.questions:
        text.append(f"\n? {visible(question)}", "yellow")
    return text


def _apart(spans: Sequence[Span], length: int) -> Iterator[Span]:
    """The places in order, none within another."""
    at = 0
    for start, end in sorted(spans):
        first, last = max(start, at), min(end, length)
        if first < last:
            yield first, last
            at = last


def _summary(criteria: Sequence[Finished]) -> str:
    found = counts(criteria)
    number = f"{len(criteria)} criteri{'on' if len(criteria) == 1 else 'a'}"
    return f"{number}: {', '.join(f'{count} {way}' for way, count in found.items())}"
