"""A trial as its rule file states it."""

from dataclasses import dataclass
from typing import Literal

from screener.model.rule import Rule

CriterionKind = Literal["inclusion", "exclusion"]
Status = Literal["curated", "drafted", "reviewed"]
Completeness = Literal["full", "partial"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One numbered requirement: the published text beside the rule that states it.

    `reversed` marks a text that says the opposite of its rule (an exclusion list that holds
    "I have not had …"): an attestation speaks of the text, and is turned round for the rule.
    `standing` and `questions` are what a drafter left for a person to settle.
    """

    id: str
    kind: CriterionKind
    text: str
    rule: Rule
    printed: str
    note: str = ""
    reversed: bool = False
    standing: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """The criteria of one trial, in the order of the source."""

    id: str
    title: str
    criteria: tuple[Criterion, ...]
    disease: str
    status: Status
    completeness: Completeness
    version: str
    sha256: str
    source: tuple[tuple[str, str], ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""
    max_age_days: int | None = None

    @property
    def can_be_eligible(self) -> bool:
        return self.status != "drafted" and self.completeness == "full"
