"""What can be screened for, a trial's criteria, and the vocabulary, as text."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from screener.model.trial import Trial
from screener.vocabulary import names
from screener.vocabulary.catalogue import Catalogue, Concept


def trials(known: Sequence[Trial]) -> Iterator[str]:
    """One line for each trial."""
    for trial in known:
        state = trial.status if trial.completeness == "full" else f"{trial.status}, partial"
        yield f"{trial.id:<14}{len(trial.criteria):>3} criteria  {state:<18} {trial.title}"


def criteria(trial: Trial, width: int) -> Iterator[str]:
    """A trial's criteria, the published text beside the rule."""
    yield from wrap(f"{trial.id}  {trial.title}", width)
    reviewed = f" by {trial.reviewed_by} on {trial.reviewed_on}" if trial.reviewed_by else ""
    yield f"{trial.status}{reviewed}, {trial.completeness}, version {trial.version}"
    for key, value in trial.source:
        yield from wrap(f"{key}: {value}", width)
    for criterion in trial.criteria:
        yield ""
        yield f"{criterion.id}  {criterion.kind}"
        for label, text in (("text", criterion.text), ("rule", criterion.printed), ("note", criterion.note)):
            yield from _block(label, text, width)


def _block(label: str, text: str, width: int) -> Iterator[str]:
    for index, line in enumerate(wrap(text, max(30, width - 8), break_long_words=False)):
        yield f"  {label if index == 0 else '':<6}{line}"


def concepts(catalogue: Catalogue, word: str, width: int) -> Iterator[str]:
    """The vocabulary, or the concepts that a word is part of."""
    wanted = names.folded(word)
    exact = catalogue.named(word) if wanted else None
    first = [exact.id] if exact is not None else []
    for identifier in dict.fromkeys((*first, *sorted(catalogue))):
        concept = catalogue[identifier]
        known = [concept.name, *concept.listed("synonyms")]
        if not wanted or any(wanted in names.folded(name) for name in known):
            yield from _concept(catalogue, concept, width, brief=not wanted)


def _concept(catalogue: Catalogue, concept: Concept, width: int, *, brief: bool) -> Iterator[str]:
    yield f"{concept.name}  ({concept.kind})"
    if brief:
        return
    general = ", ".join(catalogue[name].name for name in catalogue.ancestors(concept.id))
    codes = ", ".join(f"{code['system']} {code['code']}" for code in concept.listed("codes"))
    details = (
        ("also", ", ".join(concept.listed("synonyms"))), ("unit", str(concept.entry.get("unit", ""))),
        ("is a", general), ("codes", codes),
        ("drugs", ", ".join(catalogue[drug].name for drug in concept.listed("drugs"))),
        ("half-life", _figure(concept, "half_life")), ("plausible", _figure(concept, "plausible")),
    )  # fmt: skip
    for label, text in details:
        for index, line in enumerate(wrap(text, max(30, width - 14), break_long_words=False)):
            yield f"    {label if index == 0 else '':<10}{line}"


def _figure(concept: Concept, key: str) -> str:
    figure = concept.entry.get(key)
    if not figure:
        return ""
    return f"{figure['low']} to {figure['high']} {figure.get('unit', '')} ({figure['source']})"
