"""The table for a person: failing and unknown criteria first, one line each."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TextIO

from rich.console import Console
from rich.text import Text

from screener.errors import visible
from screener.model.verdict import CriterionResult, ScreeningResult, Trace
from screener.report.settling import first_things_first, settling, standing

if TYPE_CHECKING:
    from rich.table import Table

_STYLES = {
    "pass": "green", "fail": "bold red", "unknown": "yellow",
    "eligible": "bold green", "ineligible": "bold red", "undetermined": "bold yellow",
    "true": "green", "false": "red",
}  # fmt: skip
_MOST = 12  # items of what would settle the unknowns


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Rich would end the program with status 1, which here means something else."""
        raise BrokenPipeError


class Page:
    """Writes lines that never wrap: what does not fit is cut with an ellipsis."""

    def __init__(self, file: TextIO) -> None:
        # Not even bold letters for who wants no colour: then the text holds no escape code at all.
        system: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
        self.console = _Console(file=file, highlight=False, soft_wrap=False, color_system=system)
        self.width = self.console.width

    def line(self, *parts: str | tuple[str, str], cut: bool = True) -> None:
        shown = [visible(part) if isinstance(part, str) else (visible(part[0]), part[1]) for part in parts]
        text = Text.assemble(*shown)
        if cut:
            text.truncate(self.width, overflow="ellipsis")
            self._print(text)
        else:
            for line in text.wrap(self.console, self.width):
                self._print(line)

    def indented(self, text: str, indent: int, before: str = "", style: str = "") -> None:
        """A paragraph, wrapped at words behind an indent; `before` stands in the indent of its first line."""
        for line in Text(visible(text)).wrap(self.console, max(20, self.width - indent)):
            self._print(Text(before.ljust(indent), style) + line)
            before = ""

    def table(self, table: "Table") -> None:
        """A table, as wide as its columns."""
        for line in self.console.render_lines(table, pad=False):
            self._print(Text.assemble(*((part.text, part.style or "") for part in line)))

    def _print(self, line: Text) -> None:
        line.rstrip()  # blanks at the end would be shown by whoever compares two outputs
        self.console.print(line, no_wrap=True, overflow="ignore", crop=False)


def one_trial(result: ScreeningResult, file: TextIO) -> None:
    """One patient against one trial."""
    page = Page(file)
    _head(page, result)
    page.line()
    for criterion in first_things_first(result):
        _row(page, criterion)
    _settling(page, [result])
    _set_aside(page, result)
    page.line()
    page.line((result.notice, "dim"))


def several(results: Sequence[ScreeningResult], file: TextIO) -> None:
    """One patient against several trials, best prospects first."""
    page = Page(file)
    page.line((results[0].patient, "bold"), f" as of {results[0].as_of}")
    page.line()
    for result in results:
        counts = result.counts
        page.line(
            (f"{result.overall:<13}", _STYLES[result.overall]), f"{result.trial:<12} ",
            (f"{counts['pass']:>3} pass {counts['fail']:>3} fail {counts['unknown']:>3} unknown  ", ""),
            (result.title, "dim"),
        )  # fmt: skip
        if result.rule_set.status == "drafted" or (result.overall == "undetermined" and standing(result)):
            page.line(" " * 13, (f"rule file: {standing(result)}", "yellow"))
        for criterion in first_things_first(result):
            if criterion.verdict == "fail":
                page.indented(criterion.reason, 18, f"{'':13}{criterion.id:<5}", "red")
    open_ = [result for result in results if result.overall == "undetermined"]
    _settling(page, open_)
    _set_aside(page, results[0])
    page.line()
    page.line((results[0].notice, "dim"))


def explained(result: ScreeningResult, criterion: CriterionResult, file: TextIO) -> None:
    """One criterion's whole trace, leaf by leaf."""
    page = Page(file)
    page.line((f"{result.trial} {criterion.id}", "bold"), f"  {criterion.kind}  ",
              (criterion.verdict.upper(), _STYLES[criterion.verdict]))  # fmt: skip
    if result.rule_set.status == "drafted":
        page.line((f"rule file: {standing(result)}", "yellow"))
    for title, text in (("text", criterion.text), ("rule", criterion.rule),
                        ("reason", criterion.reason), ("note", criterion.note or "")):  # fmt: skip
        if text:
            page.line()
            page.line((title, "dim"))
            page.indented(text, 2)
    page.line()
    page.line(("trace", "dim"))
    _trace(page, criterion.trace, 2)
    for title, lines in _details(criterion):
        page.line()
        page.line((title, "dim"))
        for text in lines:
            page.indented(text, 2)


def _details(criterion: CriterionResult) -> Iterator[tuple[str, list[str]]]:
    if criterion.evidence:
        yield "evidence", [
            f"{fact.record}: {fact.recorded}{f', {fact.date}' if fact.date else ''}"
            f"{f' ({fact.note})' if fact.note else ''}" for fact in criterion.evidence
        ]  # fmt: skip
    if criterion.missing:
        yield "missing", list(criterion.missing)
    if criterion.questions:
        yield "questions", list(criterion.questions)
    if criterion.attestation:
        yield "attestation", [criterion.attestation]
    if criterion.changes_on:
        yield "changes", [f"on {criterion.changes_on.date} to {criterion.changes_on.verdict}: "
                          f"{criterion.changes_on.reason}"]  # fmt: skip
    if criterion.valid_until:
        yield "valid until", [str(criterion.valid_until)]


def _trace(page: Page, trace: Trace, indent: int) -> None:
    page.line(" " * indent, (f"{trace.truth:<8}", _STYLES[trace.truth]), trace.form)
    if not trace.children:
        page.indented(trace.reason, indent + 8)
    for child in trace.children:
        _trace(page, child, indent + 2)


def _head(page: Page, result: ScreeningResult) -> None:
    page.line((result.trial, "bold"), f"  {result.title}")
    counts = result.counts
    page.line(
        f"{result.patient} as of {result.as_of}: ", (result.overall.upper(), _STYLES[result.overall]),
        f"   {counts['pass']} pass, {counts['fail']} fail, {counts['unknown']} unknown",
    )  # fmt: skip
    about = standing(result)
    if about:
        page.line((f"rule file: {about}", "yellow"), cut=False)


def _row(page: Page, criterion: CriterionResult) -> None:
    style = _STYLES[criterion.verdict]
    if criterion.verdict == "fail":  # never cut: what keeps a patient out is read whole
        page.indented(criterion.reason, 13, f"{'FAIL':<8}{criterion.id:<5}", style)
    else:
        page.line((f"{criterion.verdict.upper():<8}", style), f"{criterion.id:<5}",
                  (criterion.reason, "dim" if criterion.verdict == "pass" else ""))  # fmt: skip
    if criterion.changes_on is not None:
        change = criterion.changes_on
        page.line(" " * 13, (f"will {change.verdict} on {change.date} by time alone", "cyan"))


def _settling(page: Page, results: Sequence[ScreeningResult]) -> None:
    items = settling(results)
    if not items:
        return
    page.line()
    page.line(("what would settle the unknowns", "bold"))
    for item in items[:_MOST]:
        named = ", ".join((*item.criteria[:4], *(["…"] if len(item.criteria) > 4 else [])))
        page.indented(f"{item.what} ({named})", 5, f"{len(item.criteria):>3}")
    if len(items) > _MOST:
        page.line(("     ", ""), (f"and {len(items) - _MOST} more (--format markdown lists all)", "dim"))


def _set_aside(page: Page, result: ScreeningResult) -> None:
    aside = [*result.not_understood, *result.ignored]
    if aside:
        page.line()
        page.line(("records that decide nothing", "bold"))
        for ignored in aside[:_MOST]:
            page.line(f"     {ignored.record}: {ignored.reason}")
        if len(aside) > _MOST:
            page.line(f"     and {len(aside) - _MOST} more")
