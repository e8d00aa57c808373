"""A site's own limits of normal, ages of values and bounds of half-lives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from screener.model.calendar import Span


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit of normal of the site, in a unit; `sex` where it holds for one sex only."""

    value: Decimal
    unit: str
    sex: Literal["female", "male", ""] = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a site decides for itself. Empty by default."""

    uln: Mapping[str, tuple[Bound, ...]] = field(default_factory=dict)
    lln: Mapping[str, tuple[Bound, ...]] = field(default_factory=dict)
    max_age: Mapping[str, Span | None] = field(default_factory=dict)
    half_life_bounds: Mapping[str, Decimal] = field(default_factory=dict)  # kind → days
    sha256: str = ""

    def max_age_of(self, concept: str, default: Span) -> Span | None:
        """The site's limit for a concept, its default, else `default`. None: does not age."""
        if concept in self.max_age:
            return self.max_age[concept]
        return self.max_age.get("default", default)
