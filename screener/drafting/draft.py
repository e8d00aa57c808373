"""A registry's record → a draft: criteria for a rule file, and what was made of every item."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from screener.drafting.claims.amounts import in_days
from screener.drafting.groups import DraftedCriterion, Grouping, ReadItem
from screener.drafting.layout.items import Item, Piece, split
from screener.drafting.layout.record import Record
from screener.drafting.own_disease import asked_for, disease_of
from screener.drafting.reader import Reader
from screener.drafting.sides import with_sides
from screener.model import rule as r
from screener.model.walk import statements
from screener.vocabulary.catalogue import Catalogue

_LEFT_OUT = re.compile(
    r"protocol[- ](?:defined|specified)[^.\n]{0,60}\b(?:apply|applies)\b"
    r"|\bother [^.\n]{0,40}criteria (?:may )?appl",
    re.IGNORECASE,
)
_AGE = re.compile(r"(\d{1,3}) (Year|Month|Week|Day)s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was drafted. The pieces tile the published text; items are in its order."""

    record: Record
    criteria: tuple[DraftedCriterion, ...]
    items: tuple[ReadItem, ...]
    pieces: tuple[Piece, ...]
    disease: str  # the id of the condition that the trial is about, "" where none was recognised
    complete: bool = True  # False where the text says that criteria are left out of it
    disease_by: str = ""  # the criterion that asks for the disease, where the record does not name it


def draft(record: Record, catalogue: Catalogue, reader: Reader | None = None) -> Draft:
    """Drafts a record's criteria. It never raises: what is not understood is quoted."""
    reader = reader or Reader(catalogue)
    found = split(record.text)
    inclusions = Grouping(reader, "inclusion")
    exclusions = Grouping(reader, "exclusion")
    criteria = [
        *inclusions.criteria([item for item in found.items if item.section != "exclusion"]),
        *exclusions.criteria([item for item in found.items if item.section == "exclusion"]),
    ]
    items = sorted((*inclusions.items, *exclusions.items), key=lambda read: read.item.start)
    criteria = [*with_sides(criteria, items, reader.headings)]
    criteria += structured(record, criteria)
    disease, by = disease_of(record, catalogue), ""
    if not disease:
        disease, by = asked_for(criteria, catalogue)
    complete = "appl" not in record.text.casefold() or _LEFT_OUT.search(record.text) is None
    return Draft(record, tuple(criteria), tuple(items), found.pieces, disease, complete, by)


# --- the record's own fields --------------------------------------------------------------------


def structured(record: Record, criteria: list[DraftedCriterion]) -> Iterator[DraftedCriterion]:
    """Criteria of the fields for age, sex and healthy volunteers; a text that says otherwise is named."""
    made: list[tuple[str, r.Rule]] = []
    for text, sign, words in (
        (record.minimum_age, ">=", "Minimum age"),
        (record.maximum_age, "<=", "Maximum age"),
    ):
        if text:
            made.append((f"{words}: {text}", _age(text, sign) or r.Manual(f"{words}: {text}")))
    if record.sex in ("female", "male"):
        made.append((f"Sex: {record.sex}", r.Sex("female" if record.sex == "female" else "male")))
    if record.healthy_volunteers is False:
        made.append(("Healthy volunteers: not accepted", r.Manual("the patient is no healthy volunteer")))
    stated = [(criterion.id, criterion.kind, age) for criterion in criteria
              for age in statements(criterion.rule) if isinstance(age, r.Age)]  # fmt: skip
    for number, (text, rule) in enumerate(made, 1):
        flaws = tuple(_contradictions(rule, stated))
        person = "Healthy" in text or isinstance(rule, r.Manual)
        yield DraftedCriterion(f"S{number}", "inclusion", text, rule,
                               "a person's to decide" if person else "understood", flaws)  # fmt: skip


def _age(text: str, sign: str) -> r.Age | None:
    match = _AGE.fullmatch(text.strip())
    if match is None:
        return None
    unit: r.AgeUnit = match[2].casefold()  # type: ignore[assignment]
    return r.Age(r.Limit(">=" if sign == ">=" else "<=", Decimal(match[1])), unit)


def _contradictions(rule: r.Rule, stated: Sequence[tuple[str, str, r.Age]]) -> Iterator[str]:
    if not isinstance(rule, r.Age) or not isinstance(rule.test, r.Limit):
        return
    for identifier, kind, age in stated:
        bound = _bound(age, rule.test.comparator)
        if (
            kind == "inclusion"
            and bound is not None
            and bound != (in_days(rule.test.value, rule.unit), rule.test.comparator)
        ):
            yield f"the record's field and {identifier} give two ages: which is meant?"


def _bound(age: r.Age, side: str) -> tuple[Decimal, str] | None:
    """The limit of an age to one side, in days, and its sign."""
    if isinstance(age.test, r.Range):
        return in_days(age.test.low if side == ">=" else age.test.high, age.unit), side
    sign = age.test.comparator
    return (in_days(age.test.value, age.unit), sign) if sign[0] == side[0] else None


def flat(items: tuple[Item, ...]) -> Iterator[Item]:
    """All items, those in lists too, in the order of the text."""
    for item in items:
        yield item
        yield from flat(item.children)
