"""What stands at the top of a draft: what a reader must know before any of its criteria."""

from collections.abc import Iterator

from screener.drafting.draft import Draft


def notes(draft: Draft) -> Iterator[str]:
    """A sentence or two for each thing that is wrong with the draft as a whole."""
    assumed = sum(criterion.side == "assumed" for criterion in draft.criteria)
    unclear = sum(criterion.side == "unclear" for criterion in draft.criteria)
    if assumed:
        yield (
            f"No heading tells inclusions from exclusions: {_criteria(assumed)} read as an inclusion, and "
            "asks whether it is one."
        )
    if unclear:
        yield (
            f"A heading is not understood: {_criteria(unclear)} quoted whole, since nothing tells whether "
            "it is an inclusion or an exclusion."
        )
    if assumed or unclear:
        yield (
            "With `Inclusion criteria:` and `Exclusion criteria:` above its lists the text can be drafted "
            "again."
        )
    if draft.disease_by:
        yield f"The record names no disease that is known: `disease:` is taken from {draft.disease_by}."
    if not draft.disease:
        yield "No disease of the trial is recognised: name it (`disease: …`)."


def _criteria(count: int) -> str:
    return "one criterion is" if count == 1 else f"each of {count} criteria is"
