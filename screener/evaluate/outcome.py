"""What evaluating a statement gives: its truth and the facts it rests on, worded only when asked."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from screener.model.kleene import Truth
from screener.model.verdict import Evidence, Margin

if TYPE_CHECKING:
    from screener.evaluate.chart import Chart


class Outcome:
    """The truth of one part of a rule for one chart, with what was found.

    `facts` is whatever the check needs to word its grounds. `manual` marks an unknown that only a
    person can settle, so that an attestation may.
    """

    __slots__ = ("check", "children", "facts", "manual", "truth")

    def __init__(
        self,
        truth: Truth,
        check: "Check",
        facts: Any = None,
        children: "tuple[Outcome, ...]" = (),
        manual: bool = False,
    ) -> None:
        self.truth = truth
        self.check = check
        self.facts = facts
        self.children = children
        self.manual = manual

    def leaves(self) -> "Iterator[Outcome]":
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


class Check(Protocol):
    """A compiled part of a rule. Immutable; holds its bound concepts."""

    form: str  # as the criterion language prints it

    def __call__(self, chart: "Chart") -> Outcome: ...

    def combine(self, truths: Iterable[Truth]) -> Truth:
        """The truth of the whole from the truths of its parts."""
        ...

    def grounds(self, outcome: Outcome, chart: "Chart") -> "Grounds": ...


def outcome_of(check: Check, chart: "Chart") -> Outcome:
    """What a check finds in a chart. Trials share their checks, and a chart remembers outcomes."""
    known: Outcome | None = chart.memo.get(check)
    if known is None:
        known = chart.memo[check] = check(chart)
    return known


@dataclass(slots=True)
class Grounds:
    """Why a statement is true, false or unknown, in words and facts.

    `turns` are days on which time alone may change its truth; `expires` is the first day on which
    a value that it rests on is too old. `failing` is the reason for a criterion that fails, where it
    is worded otherwise then.
    """

    reason: str
    evidence: list[Evidence] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    threshold: str | None = None
    margin: Margin | None = None
    turns: list[date] = field(default_factory=list)
    expires: date | None = None
    failing: str = ""


class Leaf:
    """What checks without parts share."""

    form: str = ""

    def combine(self, truths: Iterable[Truth]) -> Truth:  # noqa: ARG002
        raise AssertionError("a statement has no parts")


Evaluate = Callable[["Chart"], Outcome]
