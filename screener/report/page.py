"""The result as one HTML page that needs nothing else."""

from collections.abc import Iterator, Sequence
from html import escape as escaped

from screener.errors import visible
from screener.model.verdict import CriterionResult, ScreeningResult
from screener.report.settling import first_things_first, settling, standing

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}td,th{padding:.4rem .6rem;border-bottom:1px solid #ddd;
text-align:left;vertical-align:top}.pass{color:#176f2c}.fail{color:#b3261e;font-weight:600}
.unknown{color:#8a5a00}small{color:#555}
"""


def escape(text: str) -> str:
    return escaped(visible(text))


def html(results: Sequence[ScreeningResult]) -> str:
    """One page with a section for each trial."""
    body = "\n".join(line for result in results for line in _section(result))
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Screening</title>'
            f"<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n")  # fmt: skip


def _section(result: ScreeningResult) -> Iterator[str]:
    counts = result.counts
    about = f" Rule file: {standing(result)}." if standing(result) else ""
    yield f"<h1>{escape(result.trial)}: {result.overall}</h1>"
    yield f"<p>{escape(result.title)}</p>"
    yield (f"<p>Patient {escape(result.patient)}, as of {result.as_of}: {counts['pass']} pass, "
           f"{counts['fail']} fail, {counts['unknown']} unknown.{escape(about)}</p>")  # fmt: skip
    yield "<table><tr><th>verdict</th><th>criterion</th><th>reason</th></tr>"
    for criterion in first_things_first(result):
        yield _row(criterion)
    yield "</table>"
    items = settling([result])
    if items:
        yield "<h2>What would settle the unknowns</h2><ul>"
        for item in items:
            yield f"<li>{escape(item.what)} <small>{', '.join(item.criteria)}</small></li>"
        yield "</ul>"
    aside = [*result.not_understood, *result.ignored]
    if aside:
        yield "<h2>Records that decide nothing</h2><ul>"
        yield from (f"<li>{escape(known.record)}: {escape(known.reason)}</li>" for known in aside)
        yield "</ul>"
    yield f"<p><small>{escape(result.notice)}</small></p>"


def _row(criterion: CriterionResult) -> str:
    change = criterion.changes_on
    later = f" Will {change.verdict} on {change.date} by time alone." if change else ""
    return (
        f'<tr><td class="{criterion.verdict}">{criterion.verdict}</td><td>{criterion.id}</td>'
        f"<td>{escape(criterion.reason)}{later}<br><small>{escape(criterion.text)}</small></td></tr>"
    )
