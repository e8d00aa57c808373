"""What would settle the unknowns, the most useful first."""

from collections.abc import Sequence
from dataclasses import dataclass

from screener.model.verdict import CriterionResult, ScreeningResult

_ORDER = {"fail": 0, "unknown": 1, "pass": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """A question that somebody can answer, as `--explain` words it, and the criteria that wait for it."""

    what: str
    criteria: tuple[str, ...]


def first_things_first(result: ScreeningResult) -> list[CriterionResult]:
    """The criteria of a result: failing, then unknown, then passing, each in their order."""
    return sorted(result.criteria, key=lambda criterion: _ORDER[criterion.verdict])


def settling(results: Sequence[ScreeningResult]) -> list[Item]:
    """What to ask, by how many unknown criteria it may settle."""
    waiting: dict[str, list[str]] = {}
    for result in results:
        prefix = f"{result.trial}/" if len(results) > 1 else ""
        for criterion in result.criteria:
            if criterion.verdict == "unknown":
                for question in criterion.questions:
                    waiting.setdefault(question, []).append(f"{prefix}{criterion.id}")
    items = [Item(question, tuple(criteria)) for question, criteria in waiting.items()]
    return sorted(items, key=lambda item: -len(item.criteria))


def standing(result: ScreeningResult) -> str:
    """What the reader must know of the rule file itself."""
    status = result.rule_set.status
    words = {"drafted": "drafted, not reviewed", "curated": "", "reviewed": "reviewed"}[status]
    partial = "criteria published in part" if result.rule_set.completeness == "partial" else ""
    told = "; ".join(part for part in (words, partial) if part)
    never = result.rule_set.status == "drafted" or partial
    # Where answers could make a patient eligible of any other trial, they cannot here.
    return f"{told}, so never eligible" if never and result.overall == "undetermined" else told
