"""The curated rules of the project's own trials beside what the drafter makes of the same texts."""

from collections import Counter
from typing import Literal

from screener.drafting.groups import Grouping
from screener.drafting.layout.items import split
from screener.drafting.reader import Reader, Reading
from screener.model import rule as r
from screener.model.trial import Criterion
from screener.model.walk import statements
from screener.rulebook.library import load, trial_files
from screener.vocabulary.catalogue import Catalogue
from tests.bench.draft.table import Row, Section, shortened

Comparison = Literal["same", "drafted quotes a part", "drafted quotes the whole", "differs"]


def compared(drafted: r.Rule, curated: r.Rule) -> Comparison:
    """How a drafted rule stands to a curated one; which words of the text are quoted does not count."""
    if shape(drafted) == shape(curated):
        return "same"
    if isinstance(drafted, r.Manual):
        return "drafted quotes the whole"
    return "drafted quotes a part" if _quotes(drafted) > _quotes(curated) else "differs"


def shape(rule: r.Rule) -> object:
    """What a rule says: without the order of what is joined, and without the words of a quotation."""
    match rule:
        case r.All(of=of) | r.Any(of=of):
            parts = [shape(part) for part in of]
            inner = [part for part in parts if isinstance(part, tuple) and part[0] is type(rule)]
            flat = [one for part in inner for one in part[1]] + [part for part in parts if part not in inner]
            return type(rule), frozenset(flat)
        case r.AtLeast(count=count, of=of):
            return r.AtLeast, count, frozenset(map(shape, of))
        case r.Not(rule=one):
            return r.Not, shape(one)
        case r.If(condition=first, then=second) | r.Unless(rule=first, exception=second):
            return type(rule), shape(first), shape(second)
        case r.Manual():
            return r.Manual
        case _:
            return rule


def _quotes(rule: r.Rule) -> int:
    return sum(isinstance(statement, r.Manual) for statement in statements(rule))


def drafted(criterion: Criterion, reader: Reader) -> tuple[r.Rule, list[Reading]]:
    """The rule that is drafted of a criterion's text, lists in it cut as in a record, and its readings."""
    grouping = Grouping(reader, criterion.kind)
    items = split(f"{criterion.kind.title()} Criteria:\n\n{criterion.text}").items
    rules = [made.rule for made in grouping.criteria(items)]
    if not rules:
        return r.Manual(criterion.text), []
    joined = (r.All if criterion.kind == "inclusion" else r.Any)(tuple(rules))
    return (joined if len(rules) > 1 else rules[0]), [read.reading for read in grouping.items]


def why(criterion: Criterion, readings: list[Reading]) -> str:
    """Why a drafted rule is not the curated one: what the curators say, or what was not read."""
    if criterion.note:
        return f"curators: {shortened(criterion.note)}"
    unread = [reading.text[start:end] for reading in readings for start, end in reading.unread]
    if unread:
        return f"not read: {shortened(', '.join(unread), 100)}"
    flaws = [flaw for reading in readings for flaw in reading.flaws]
    standings = dict.fromkeys(reading.standing for reading in readings)
    return shortened("; ".join(flaws) or f"stands as: {', '.join(standings)}", 100)


def measured(catalogue: Catalogue) -> Section:
    reader = Reader(catalogue)
    counts: Counter[str] = Counter()
    rows = []
    for path in trial_files():
        trial = load(path, catalogue)
        for criterion in trial.criteria:
            rule, readings = drafted(criterion, reader)
            result = compared(rule, criterion.rule)
            counts[result] += 1
            if result != "same":
                rows.append(Row(f"{trial.id} {criterion.id}: {result}", why(criterion, readings)))
    total = sum(counts.values())
    summary = [Row(f"criteria: {result}", str(count), str(total)) for result, count in counts.most_common()]
    return Section("the project's own trials, drafted and curated", (*summary, *rows))
