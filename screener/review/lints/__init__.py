"""The lints: one module each, with a function `check(trial, catalogue)` that yields findings.

A new lint is a new module named in `LINTS`, with a row in tests/review/test_lints.py.
"""

from collections.abc import Callable, Iterator

from screener.model.trial import Trial
from screener.review.lints import (
    ages,
    draft_differs,
    gaps,
    implausible,
    notes,
    numbers,
    repeats,
    unsettled,
)
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue

LINTS: dict[str, Callable[[Trial, Catalogue], Iterator[Finding]]] = {
    "criterion-gap": gaps.check,
    "draft-differs": draft_differs.check,
    "implausible-threshold": implausible.check,
    "missing-note": notes.check,
    "number-dropped": numbers.check,
    "open-questions": unsettled.check,
    "repeated": repeats.check,
    "two-ages": ages.check,
}


def lint(trial: Trial, catalogue: Catalogue) -> list[Finding]:
    """Every finding of every lint, in the order of the criteria."""
    order = {criterion.id: index for index, criterion in enumerate(trial.criteria)}
    found = [finding for check in LINTS.values() for finding in check(trial, catalogue)]
    return sorted(found, key=lambda finding: (order.get(finding.criterion, -1), finding.code))


__all__ = ["LINTS", "Finding", "lint"]
