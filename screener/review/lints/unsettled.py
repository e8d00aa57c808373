"""open-questions: a signed criterion that still carries what its drafter asked."""

from collections.abc import Iterator

from screener.model.trial import Trial
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:  # noqa: ARG001
    if trial.status == "drafted":
        return
    for criterion in trial.criteria:
        if criterion.unsettled:
            yield Finding("open-questions", criterion.id, "`standing:` or `questions:` of the draft are left",
                          "settle them in the rule or a `note:`, then take both out")  # fmt: skip
