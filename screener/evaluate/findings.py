"""What a genomic record says: which markers, by which method, in which share of cells."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from screener.model.interval import Interval, bounded, point
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.names import folded

if TYPE_CHECKING:
    from screener.vocabulary.notation import Alteration


@dataclass(frozen=True, slots=True)
class Found:
    """A marker that a finding speaks of, and whether the record can show it or rule it out."""

    marker: str
    copies: int | None = None
    cells: Interval | None = None
    shows: bool = True
    denies: bool = True

    def result(self, recorded: str) -> str:
        """The result that the record has for the marker."""
        told = {"detected": self.shows, "not detected": self.denies}.get(recorded, True)
        return recorded if told else "indeterminate"


def markers_of(catalogue: Catalogue, finding: str) -> list[Found]:
    """The markers that a finding speaks of: by its name, else by its notation."""
    named = catalogue.named(finding)
    if named is not None and named.kind == "marker":
        return [Found(named.id)]
    from screener.vocabulary.notation import read_notation

    found = [_found(catalogue, one) for one in read_notation(finding)]
    return [one for one in found if one is not None]


def _found(catalogue: Catalogue, one: "Alteration") -> Found | None:
    """A doubtful notation (`?del(17)(p13)`) neither shows a finding nor rules it out; one variant
    of a gene shows its mutation, and rules out none."""
    key = one.key.removeprefix("possible ")
    cells = None if one.percent is None else point(one.percent)
    sure = key == one.key
    exact = catalogue.alterations.get(key)
    if exact is not None:
        return Found(exact, one.copies, cells, sure, sure)
    change, _, variant = key.partition(" ")
    gene = catalogue.alterations.get(f"{change} {variant.partition(' ')[0]}")
    return Found(gene, None, cells, sure, False) if gene and change == "mutation" else None


def method_of(catalogue: Catalogue, name: str | None) -> str:
    """The method of the vocabulary that a record names; "" for none."""
    return catalogue.methods.get(folded(name), "") if name else ""


def share_of(value: object) -> Interval | None:
    """A percentage of cells as recorded: a number, or one with a sign before it."""
    if isinstance(value, Decimal):
        return point(value)
    text = str(value or "").replace("%", "").strip()
    sign = "".join(char for char in text[:2] if char in "<>=")
    number = text[len(sign) :].strip()
    return bounded(sign, Decimal(number)) if number.replace(".", "", 1).isdigit() else None
