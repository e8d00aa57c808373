"""implausible-threshold: a limit that no measured value could reach is a slip of its unit."""

from collections.abc import Iterator

from screener.evaluate.measurements import limits_of
from screener.evaluate.values import plausible
from screener.model import rule as r
from screener.model.interval import text
from screener.model.trial import Trial
from screener.model.walk import statements
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.quantities import dimensions, members

_THOUSANDTHS = -3  # the exponent of a number with three decimals


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:
    for criterion in trial.criteria:
        for statement in statements(criterion.rule):
            if isinstance(statement, r.Measurement):
                for message in _messages(statement, catalogue):
                    yield Finding("implausible-threshold", criterion.id, message,
                                  "check the unit of the published text")  # fmt: skip


def _messages(statement: r.Measurement, catalogue: Catalogue) -> Iterator[str]:
    for name in statement.concepts:
        for member in members(catalogue, name):
            concept = catalogue[member]
            if concept.kind == "scale":
                continue
            for limit in limits_of(statement.test):
                if limit.unit.startswith("/") and limit.value.as_tuple().exponent == _THOUSANDTHS:
                    yield f"{limit.value} {limit.unit}: the full stop parts decimals, not thousands"
                unit = catalogue.units.read(limit.unit, dimensions(concept)) if limit.unit else None
                low, high = plausible(catalogue, concept, unit)
                outside = (low is not None and limit.value < low) or (
                    high is not None and limit.value > high)  # fmt: skip
                if outside and limit.unit not in ("ULN", "LLN") and not limit.beyond:
                    shown = f"{text(limit.value)} {limit.unit}".strip()
                    yield f"{shown} lies outside what {concept.name} can be"
