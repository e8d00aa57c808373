"""criterion-gap: a full rule file holds every number of its source, in their order."""

import re
from collections.abc import Iterator

from screener.model.trial import Trial
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:  # noqa: ARG001
    if trial.completeness != "full":
        return
    for letter in "IE":
        expected = 1
        for criterion in trial.criteria:
            match = re.fullmatch(rf"{letter}(\d+)[a-z]?", criterion.id)
            if match is None:
                continue
            number = int(match.group(1))
            if number > expected:
                missing = ", ".join(f"{letter}{skipped}" for skipped in range(expected, number))
                yield Finding("criterion-gap", criterion.id, f"{missing} is missing before this one",
                              "add every published criterion, or say `completeness: partial`")  # fmt: skip
            elif number < expected - 1:
                yield Finding("criterion-gap", criterion.id, "it is out of order",
                              "keep the order of the source")  # fmt: skip
            expected = max(expected, number + 1)
