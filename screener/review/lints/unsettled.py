"""open-questions: what a draft still asks, and what a signed criterion still carries of its draft."""

from collections.abc import Iterator, Sequence

from screener.drafting.finish import ASSUMED, UNCLEAR
from screener.model.trial import Trial
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue

_SHOWN = 8  # criteria that a message names


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:  # noqa: ARG001
    if trial.status == "drafted":
        yield from _of_a_draft(trial)
        return
    for criterion in trial.criteria:
        if criterion.standing or criterion.questions:
            yield Finding("open-questions", criterion.id, "`standing:` or `questions:` of the draft are left",
                          "settle them in the rule or a `note:`, then take both out")  # fmt: skip


def _of_a_draft(trial: Trial) -> Iterator[Finding]:
    """One finding for each kind of work that is left, whatever the number of criteria."""
    sideless = [one.id for one in trial.criteria if {ASSUMED, UNCLEAR} & {*one.questions}]
    if sideless:
        yield _open(f"no heading tells whether {_named(sideless)} include or exclude",
                    "mend `kind:` of those that exclude, or draft the text with its headings")  # fmt: skip
    left = [one.id for one in trial.criteria if one.questions or one.standing not in ("", "understood")]
    if left:
        yield _open(f"{len(left)} of {len(trial.criteria)} criteria are open: {_named(left)}",
                    "answer their `questions:`, then take them and `standing:` out")  # fmt: skip
    if not trial.disease:
        yield _open("no disease of the trial is named",
                    "add `disease: …` at the top; `screen concepts WORD` finds its name")  # fmt: skip


def _open(message: str, help: str) -> Finding:
    return Finding("open-questions", "", f"draft: {message}", help)


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - _SHOWN
    return ", ".join(ids[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
