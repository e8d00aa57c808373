"""What would settle the unknowns, the most useful first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from screener.model.verdict import CriterionResult, ScreeningResult

ASKED = "Is it so: "  # how the question of a manual atom begins
_ORDER = {"fail": 0, "unknown": 1, "pass": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """Something a person could record, and the criteria that wait for it."""

    what: str
    criteria: tuple[str, ...]


def first_things_first(result: ScreeningResult) -> list[CriterionResult]:
    """The criteria of a result: failing, then unknown, then passing, each in their order."""
    return sorted(result.criteria, key=lambda criterion: _ORDER[criterion.verdict])


def settling(results: Sequence[ScreeningResult]) -> list[Item]:
    """Everything that is missing, by how many unknown criteria it may settle."""
    waiting: dict[str, list[str]] = {}
    for result in results:
        prefix = f"{result.trial}/" if len(results) > 1 else ""
        for criterion in result.criteria:
            if criterion.verdict == "unknown":
                for what in map(_asked(criterion), criterion.missing):
                    waiting.setdefault(what, []).append(f"{prefix}{criterion.id}")
    items = [Item(what, tuple(criteria)) for what, criteria in waiting.items()]
    return sorted(items, key=lambda item: -len(item.criteria))


def _asked(criterion: CriterionResult) -> Callable[[str], str]:
    """How an item is shown: of an attestation, what a person is asked."""
    words = [question.removeprefix(ASKED).removesuffix("?") for question in criterion.questions
             if question.startswith(ASKED)]  # fmt: skip

    def shown(what: str) -> str:
        return f"a person says: {'; '.join(words)}" if what.startswith("attestation ") and words else what

    return shown


def standing(result: ScreeningResult) -> str:
    """What the reader must know of the rule file itself."""
    status = result.rule_set.status
    words = {"drafted": "drafted, not reviewed", "curated": "", "reviewed": "reviewed"}[status]
    partial = "criteria published in part" if result.rule_set.completeness == "partial" else ""
    return "; ".join(part for part in (words, partial) if part)
