"""Free text about markers → findings: each clause says of one marker that it is there or not."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from screener.intake.fhir.answers import SAYS
from screener.intake.fhir.context import Context, Record
from screener.intake.fhir.resources import Ended, Resource, not_understood

RESULTS = {"positive": "detected", "negative": "not detected", "indeterminate": "indeterminate"}
_SHARE_OF = (
    r"(?:\s*(?:in|,|\()\s*(?P<share>\d{1,3}(?:\.\d+)?)\s*%"
    r"(?: of (?:the )?(?:cells|nuclei|plasma cells))?\)?)?"
)
_LONGEST_NAME = 6  # words
_NOTATION = re.compile(r"\d|::|/")
_BETWEEN = re.compile(r"[;\n](?![^()]*\))|\.\s|,\s+(?![^()]*\))")  # what stands between clauses
_CLAUSES = [
    (result, re.compile(form.format(words=words, share=_SHARE_OF), re.I))
    for result, words in ((RESULTS[answer], words) for answer, words in SAYS.items())
    for form in (
        r"(?P<what>.+?)(?:\s*[:=]\s*|\s+(?:is |was )?)(?:{words}){share}\.?",
        r"(?:{words})(?: for)?\s*:?\s+(?P<what>.+?){share}\.?",
    )
]


def free(words: str, at: Context) -> list[Record]:
    """Free text: every clause says of one marker that it is there or not, or nothing of it is taken."""
    clauses = [one.strip() for one in _BETWEEN.split(words) if one.strip()]
    if len(words) > 5000 or len(clauses) > 60:
        return []
    read = [_clause(clause, at) for clause in clauses]
    if any(read) and not all(read):
        raise not_understood("valueString: not every part of it is understood, so none is used")
    return [record for record in read if record]


def mentioned(words: str, at: Context) -> list[str]:
    """The markers that a text names (a long one in its beginning), whatever it says of them."""
    found: dict[str, None] = {}
    for clause in _BETWEEN.split(words[:1000]):
        parts = [part.strip(".,:;?!\"'") for part in clause.split()]
        for start in range(len(parts)):
            runs = (" ".join(parts[start : start + count]) for count in range(_LONGEST_NAME, 0, -1))
            longest = next((run for run in runs if _marker(run, at)), None)
            if longest is not None:
                found[longest] = None
    return list(found)


def _marker(words: str, at: Context) -> bool:
    """Whether words name a marker. Notation has a number or two genes: its grammar takes time to load."""
    return (bool(_NOTATION.search(words)) or at.names.named(words) is not None) and at.names.marks(words)


def kept(findings: Iterable[str], date: str | None, at: Context) -> bool:
    """Keeps findings as neither there nor not, so that what was not found before does not speak for them."""
    before, named = at.entry.ended, list(dict.fromkeys(findings))
    for finding in named:
        at.add("genomics", {"finding": finding, "result": "indeterminate", "date": date})
    at.entry.ended = before
    return bool(named)


def filed(records: list[Record], about: Callable[[], Record], at: Context) -> bool:
    shared = about() if records else {}
    for record in records:
        at.add("genomics", record | shared)
    return bool(records)


def _clause(clause: str, at: Context) -> Record | None:
    for result, form in _CLAUSES:
        found = form.fullmatch(clause)
        if found and at.names.marks(found["what"]):
            share = found["share"]
            if share and (result == "not detected" or not Decimal(share)):
                return None  # not there in so many cells: what of the others? there in none of them?
            return {
                "finding": found["what"],
                "result": result,
                "percent_cells": Decimal(share) if share else None,
            }
    return (
        {"finding": clause, "result": "detected"} if _karyotype(clause) and at.names.marks(clause) else None
    )


def _karyotype(clause: str) -> bool:
    """Whether it is written as what was seen: `46,XX,del(17)(p13)`, `nuc ish …`."""
    return re.match(r"\d{2}(?:[~-]\d{2})?,[XY]|nuc ish", clause) is not None


def reported(resource: Resource, date: str | None, at: Context) -> bool:
    """The conclusion of a report, where it says of markers that they are there or not."""
    words = resource.get("conclusion")
    if not isinstance(words, str):
        return False
    try:
        if filed(free(words, at), lambda: {"date": date}, at):
            return True
    except Ended:
        if not resource.get("result"):
            doubted(resource, date, at)
        raise
    if not resource.get("result") and doubted(resource, date, at):
        raise not_understood("conclusion: it names markers, and is not understood (kept as indeterminate)")
    return False


def doubted(resource: Resource, date: str | None, at: Context) -> bool:
    """Keeps the markers that the conclusion of a report names, as neither there nor not."""
    words = resource.get("conclusion")
    return isinstance(words, str) and kept(mentioned(words, at), date, at)
