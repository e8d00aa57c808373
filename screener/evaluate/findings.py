"""What a genomic record says: which markers, by which method, in which share of cells."""

from decimal import Decimal

from screener.model.interval import Interval, bounded, point
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.names import folded

Found = tuple[str, int | None, Interval | None, bool]  # marker, copies, share of cells, doubtful


def markers_of(catalogue: Catalogue, finding: str) -> list[Found]:
    """The markers that a finding speaks of: by its name, else by its notation."""
    named = catalogue.named(finding)
    if named is not None and named.kind == "marker":
        return [(named.id, None, None, False)]
    from screener.vocabulary.notation import read_notation

    found = []
    for one in read_notation(finding):
        key = one.key.removeprefix("possible ")
        concept = catalogue.alterations.get(key)
        if concept is not None:
            cells = None if one.percent is None else point(one.percent)
            found.append((concept, one.copies, cells, key != one.key))
    return found


def method_of(catalogue: Catalogue, name: str | None) -> str:
    """The method of the vocabulary that a record names; "" for none."""
    wanted = folded(name or "")
    for method, entry in catalogue.tables["methods"].items():
        names = (method, entry["name"], *entry.get("synonyms", ()))
        if wanted and wanted in {folded(text) for text in names}:
            return str(method)
    return ""


def share_of(value: object) -> Interval | None:
    """A percentage of cells as recorded: a number, or one with a sign before it."""
    if isinstance(value, Decimal):
        return point(value)
    text = str(value or "").replace("%", "").strip()
    sign = "".join(char for char in text[:2] if char in "<>=")
    number = text[len(sign) :].strip()
    return bounded(sign, Decimal(number)) if number.replace(".", "", 1).isdigit() else None
