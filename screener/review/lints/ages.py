"""two-ages: what all patients must be of age is one range, not two."""

from collections.abc import Iterator
from decimal import Decimal

from screener.model import rule as r
from screener.model.trial import Criterion, Trial
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue

_DAYS = {"year": Decimal("365.25"), "month": Decimal("365.25") / 12, "week": Decimal(7), "day": Decimal(1)}


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:  # noqa: ARG001
    known: dict[str, tuple[Criterion, tuple[Decimal, str]]] = {}
    for criterion in trial.criteria:
        for age in _asked(criterion.rule) if criterion.kind == "inclusion" else ():
            for side, bound in _bounds(age):
                other, first = known.setdefault(side, (criterion, bound))
                if first != bound and not (criterion.note or other.note):
                    yield Finding("two-ages", criterion.id, f"{other.id} gives another {side} age",
                                  "keep what is meant, or say in a `note:` why both stand")  # fmt: skip


def _asked(rule: r.Rule) -> Iterator[r.Age]:
    """The ages that a rule asks of everybody."""
    match rule:
        case r.Age():
            yield rule
        case r.All(of=of):
            for part in of:
                yield from _asked(part)
        case _:
            return


def _bounds(age: r.Age) -> Iterator[tuple[str, tuple[Decimal, str]]]:
    """The least and the greatest age, in days and with its sign."""
    days = _DAYS[age.unit]
    if isinstance(age.test, r.Range):
        yield "least", (age.test.low * days, ">=")
        yield "greatest", (age.test.high * days, "<=")
    elif age.test.comparator[0] in "<>":
        side = "least" if age.test.comparator[0] == ">" else "greatest"
        yield side, (age.test.value * days, age.test.comparator)
