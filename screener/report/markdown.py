"""The result as Markdown, for a note in the chart or an issue."""

from collections.abc import Iterator, Sequence

from screener.errors import visible
from screener.model.verdict import ScreeningResult
from screener.report.settling import first_things_first, settling, standing


def markdown(results: Sequence[ScreeningResult]) -> str:
    """One section for each trial, then what would settle the unknowns."""
    return "\n".join(line for result in results for line in _section(result)) + "\n"


def _section(result: ScreeningResult) -> Iterator[str]:
    counts = result.counts
    yield f"## {result.trial}: {result.overall}"
    yield ""
    yield _escaped(result.title)
    yield ""
    yield (f"Patient {_escaped(result.patient)}, as of {result.as_of}: {counts['pass']} pass, "
           f"{counts['fail']} fail, {counts['unknown']} unknown.")  # fmt: skip
    about = standing(result)
    if about:
        yield f"Rule file: {about}."
    yield ""
    yield "| verdict | criterion | reason |"
    yield "|---|---|---|"
    for criterion in first_things_first(result):
        change = criterion.changes_on
        later = f" Will {change.verdict} on {change.date} by time alone." if change else ""
        yield f"| {criterion.verdict} | {criterion.id} | {_escaped(criterion.reason)}{later} |"
    items = settling([result])
    if items:
        yield ""
        yield "What would settle the unknowns:"
        yield ""
        for item in items:
            yield f"- {_escaped(item.what)} ({', '.join(item.criteria)})"
    yield from _aside(result)
    yield ""
    yield f"*{result.notice}*"
    yield ""


def _aside(result: ScreeningResult) -> Iterator[str]:
    aside = [*result.not_understood, *result.ignored]
    if aside:
        yield ""
        yield "Records that decide nothing:"
        yield ""
        for ignored in aside:
            yield f"- `{ignored.record}`: {_escaped(ignored.reason)}"


def _escaped(text: str) -> str:
    text = visible(" ".join(text.split()))
    for sign in "\\|*_<>`[]":
        text = text.replace(sign, "\\" + sign)
    return text
