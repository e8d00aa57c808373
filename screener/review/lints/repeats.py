"""repeated: the same thing twice in one list, or the same words twice in manual("…")."""

from collections import Counter
from collections.abc import Iterator

from screener.model import rule as r
from screener.model.trial import Trial
from screener.model.walk import listed, statements
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:
    for criterion in trial.criteria:
        found = list(statements(criterion.rule))
        for statement in found:
            for name, count in Counter(listed(statement)).items():
                if count > 1:
                    yield Finding("repeated", criterion.id, f"`{catalogue[name].name}` is listed twice",
                                  "list it once; two spellings may be one concept")  # fmt: skip
        words = Counter(part.text for part in found if isinstance(part, r.Manual))
        for text, count in words.items():
            if count > 1:
                yield Finding("repeated", criterion.id, f"manual(\"{text}\") stands twice",
                              "quote the words once: one answer settles them")  # fmt: skip
