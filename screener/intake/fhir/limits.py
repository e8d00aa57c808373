"""The reference range of a value: by its limits, or by its text where that says nothing but limits."""

import re
from decimal import Decimal

from screener.intake.fhir.resources import (
    MODIFIED,
    Resource,
    Wrong,
    code_in,
    items,
    not_understood,
    number,
    obj,
    said,
    text,
)
from screener.intake.fhir.values import unit_of
from screener.vocabulary.catalogue import Catalogue, Concept
from screener.vocabulary.quantities import dimensions

_AMOUNT = r"(\d{1,30}(?:\.\d{1,30})?)"
_UNIT = r"\s*(\S.{0,40})?"
# Text as laboratories write it beside a value: `12.0 - 16.0 g/dL`, `<= 40`, `> 60 mL/min`.
_BETWEEN = re.compile(rf"{_AMOUNT}\s*(?:-|–|to)\s*{_AMOUNT}{_UNIT}")
_ONE_SIDED = re.compile(rf"(<=?|≤|up to|>=?|≥)\s*{_AMOUNT}{_UNIT}", re.I)


def limits_of(
    of: Resource, concept: Concept, catalogue: Catalogue, unit: str | None, within: str = ""
) -> dict[str, Decimal] | None:
    """The reference range, where there is one for this person and in the value's own unit."""
    found = []
    for number_, one in enumerate(items(of, "referenceRange", within)):
        path = f"{within}referenceRange[{number_}]."
        kind = code_in(said(one, "type", path))
        if kind in ("", "normal", "normal range"):
            found.append(_limits(one, concept, catalogue, unit, path))
    stated = [one for one in found if one]
    if len(found) > 1:
        raise not_understood(f"{within}referenceRange: several, and it is not said which one holds")
    return stated[0] if stated else None


def _limits(
    one: Resource, concept: Concept, catalogue: Catalogue, unit: str | None, path: str
) -> dict[str, Decimal]:
    if one.get("modifierExtension"):
        raise not_understood(f"{path}modifierExtension: {MODIFIED}")
    if one.get("appliesTo") or one.get("age"):
        raise not_understood(f"{path.rstrip('.')}: it holds for some people only")
    limits: dict[str, Decimal] = {}
    for end in ("low", "high"):
        quantity = obj(one, end, path)
        if quantity is None:
            continue
        own = unit_of(quantity, concept, catalogue, f"{path}{end}")
        if own is not None and unit is not None and own != unit and not _same(own, unit, concept, catalogue):
            raise not_understood(f"{path}{end}: in another unit than the value")
        value = number(quantity, "value", f"{path}{end}.")
        if value is not None:
            limits[end] = value
    limits = limits or _worded(one, concept, catalogue, unit, path)
    if len(limits) == 2 and limits["high"] < limits["low"]:
        raise Wrong(path.rstrip("."), "its high end lies below its low end")
    return limits


def _worded(
    one: Resource, concept: Concept, catalogue: Catalogue, unit: str | None, path: str
) -> dict[str, Decimal]:
    words = text(one, "text", path) or ""
    if found := _BETWEEN.fullmatch(words):
        low, high, own = found.groups()
        limits = {"low": Decimal(low), "high": Decimal(high)}
    elif found := _ONE_SIDED.fullmatch(words):
        sign, amount, own = found.groups()
        limits = {"low" if sign[0] in ">≥" else "high": Decimal(amount)}
    else:
        return {}
    if own is not None and own != unit and not (unit and _same(own, unit, concept, catalogue)):
        raise not_understood(f"{path}text: in another unit than the value")
    return limits


def _same(one: str, other: str, concept: Concept, catalogue: Catalogue) -> bool:
    allowed = dimensions(concept)
    if not (catalogue.units.dimensions_of(one) and catalogue.units.dimensions_of(other)):
        return False
    first, second = catalogue.units.read(one, allowed), catalogue.units.read(other, allowed)
    return first is not None and second is not None and first.code == second.code
