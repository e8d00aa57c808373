"""missing-note: a reading that needs defending says why."""

from collections.abc import Iterator

from screener.model.trial import Trial
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:  # noqa: ARG001
    for criterion in trial.criteria:
        if criterion.reversed and not criterion.note:
            yield Finding("missing-note", criterion.id, "the text is read reversed, without a note",
                          "add `note:` and say why the text means its opposite")  # fmt: skip
