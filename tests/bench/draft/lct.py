"""The drafter's numeric conditions beside those of the Leaf Clinical Trials corpus."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from screener.drafting.reader import Reader
from screener.vocabulary.catalogue import Catalogue
from tests.bench.draft.gold import Gold, gold
from tests.bench.draft.relations import Claim, agree, claims, said

_BULLET = re.compile(r"^\s*(?:[-•*●]|\(?(?:\d{1,2}|[a-zA-Z])[.)])\s+")


@dataclass(slots=True)
class Tally:
    """What was found of what is annotated, and the cases to look at."""

    rows: int = 0
    counted_rows: int = 0  # about a laboratory value, vital sign, score or age
    right: int = 0  # drafted relations that are annotated
    wrong: int = 0
    unit_not_compared: int = 0  # of the right ones: only one side writes a unit
    not_annotated: int = 0  # of a concept that has no annotation in that criterion
    undecided: int = 0  # of a concept whose annotation gives no relation
    found: int = 0  # annotated relations that are drafted
    missed: int = 0
    unknown: int = 0  # of those: of an entity that the vocabulary does not know
    with_unit: int = 0  # annotated with a unit, or of something that has none
    found_with_unit: int = 0
    without_unit: int = 0  # missed where the annotation names no unit though there should be one
    other_found: int = 0  # the same of rows of other types, where the vocabulary knows the entity
    other_missed: int = 0
    wrong_cases: list[str] = field(default_factory=list)
    unannotated_cases: list[str] = field(default_factory=list)
    missed_cases: list[str] = field(default_factory=list)
    unknown_names: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)


def measured(rows: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> Tally:
    tally = Tally()
    criteria: dict[tuple[str, str], list[Gold]] = {}
    for row in rows:
        one = gold(row, catalogue)
        criteria.setdefault(one.criterion, []).append(one)
        tally.rows += 1
        tally.counted_rows += one.counted
    reader = Reader(catalogue)
    for (_, criterion), golds in criteria.items():
        text = plain(criterion)
        kind = "exclusion" if golds[0].section == "exclusion" else "inclusion"
        reading = reader.read(text, kind)  # type: ignore[arg-type]
        compare(tally, text, golds, claims(catalogue, [rule for _, rule in reading.seen]))
    return tally


def plain(criterion: str) -> str:
    """A criterion without its bullet."""
    return _BULLET.sub("", criterion, count=1).strip()


def compare(tally: Tally, text: str, golds: list[Gold], drafted: list[Claim]) -> None:
    """One criterion: what is annotated in it beside what was drafted of it."""
    annotated = [claim for one in golds for claim in one.claims]
    about = {relation.concept for claim in annotated for relation in claim}
    named = {concept for one in golds for concept in one.concepts}
    for claim in drafted:
        concepts = {relation.concept for relation in claim}
        if any(agree(claim, known) for known in annotated):
            tally.right += 1
            tally.unit_not_compared += not any(claim & known for known in annotated)
        elif concepts & about:
            tally.wrong += 1
            tally.wrong_cases.append(f"{said([claim])} | annotated: {said(annotated)} | {text}")
        elif concepts & named:
            tally.undecided += 1
        else:
            tally.not_annotated += 1
            tally.unannotated_cases.append(f"{said([claim])} | annotated: {said(annotated)} | {text}")
    for one in golds:
        _recall(tally, text, one, drafted)


def _recall(tally: Tally, text: str, one: Gold, drafted: list[Claim]) -> None:
    found = [claim for claim in one.claims if any(agree(claim, known) for known in drafted)]
    missed = [claim for claim in one.claims if claim not in found]
    if not one.counted:
        tally.other_found += len(found)
        tally.other_missed += len(missed)
        return
    tally.found += len(found)
    tally.missed += len(missed)
    tally.with_unit += sum(claim not in one.bare for claim in one.claims)
    tally.found_with_unit += sum(claim not in one.bare for claim in found)
    tally.without_unit += sum(claim in one.bare for claim in missed)
    if not one.claims and not one.concepts and one.bounds:
        tally.missed += one.bounds
        tally.unknown += one.bounds
        tally.unknown_names[one.entity.casefold()] += one.bounds
    tally.missed_cases += [f"{said([claim])} | drafted: {said(drafted)} | {text}" for claim in missed]


def misses(tally: Tally) -> Iterator[str]:
    """What to look at, in lines."""
    yield f"## drafted wrongly ({len(tally.wrong_cases)})"
    yield from sorted(tally.wrong_cases)
    yield f"\n## drafted of a concept that is not annotated there ({len(tally.unannotated_cases)}; 60 shown)"
    yield from tally.unannotated_cases[:60]
    yield f"\n## annotated, not drafted ({len(tally.missed_cases)})"
    yield from sorted(tally.missed_cases)
    yield f"\n## entities that the vocabulary does not know ({tally.unknown} relations; 40 shown)"
    yield from (f"{count} {name}" for name, count in tally.unknown_names.most_common(40))
