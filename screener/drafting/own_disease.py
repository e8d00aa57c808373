"""The disease that a trial is about: as its record names it, or as its criteria ask for it."""

from collections.abc import Iterator, Sequence

from screener.drafting.groups import DraftedCriterion
from screener.drafting.layout.record import Record
from screener.model import rule as r
from screener.vocabulary.catalogue import Catalogue

_MALIGNANCY = "malignancy"
# Were one of these the trial's own disease, no cancer beside it would be another malignancy.
_NO_ONE_DISEASE = (_MALIGNANCY, "hematologic_malignancy", "solid_tumor")


def disease_of(record: Record, catalogue: Catalogue) -> str:
    """The first of the record's conditions that the vocabulary knows; "" if it knows none."""
    for name in record.conditions:
        concept = catalogue.named(name)
        if concept is not None and concept.kind == "condition" and concept.id not in _NO_ONE_DISEASE:
            return concept.id
    return ""


def asked_for(criteria: Sequence[DraftedCriterion], catalogue: Catalogue) -> tuple[str, str]:
    """The one malignancy that the inclusions ask for, and the id of the criterion that does; "" twice
    where there is none, or several are asked for."""
    found = [
        (concept, criterion.id)
        for criterion in criteria
        if criterion.kind == "inclusion" and criterion.side != "unclear"
        for concept in _demanded(criterion.rule)
        if concept not in _NO_ONE_DISEASE and catalogue.is_a(concept, _MALIGNANCY)
    ]
    families = {catalogue[concept].entry.get("family", concept) for concept, _ in found}
    return found[0] if len(families) == 1 else ("", "")


def _demanded(rule: r.Rule) -> Iterator[str]:
    """The conditions that everybody must have."""
    match rule:
        case r.All(of=of):
            for part in of:
                yield from _demanded(part)
        case r.Condition(patterns=(pattern,)) if not (rule.history or rule.other or rule.exceptions):
            if pattern.window is None and pattern.resolved is None:
                yield pattern.concept
        case _:
            return
