"""Free text about markers → findings: each clause says of one marker that it is there or not."""

import re
from collections.abc import Callable
from decimal import Decimal

from screener.intake.fhir.answers import SAYS
from screener.intake.fhir.context import Context, Record
from screener.intake.fhir.resources import Resource, not_understood

RESULTS = {"positive": "detected", "negative": "not detected", "indeterminate": "indeterminate"}
_SHARE_OF = (
    r"(?:\s*(?:in|,|\()\s*(?P<share>\d{1,3}(?:\.\d+)?)\s*%"
    r"(?: of (?:the )?(?:cells|nuclei|plasma cells))?\)?)?"
)
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


def told(records: list[Record], about: Callable[[], Record], at: Context) -> bool:
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
    return isinstance(words, str) and told(free(words, at), lambda: {"date": date}, at)
