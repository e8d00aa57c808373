"""The reference range of a value: by its limits, or by its text where that says nothing but limits."""

import re
from decimal import Decimal

from screener.intake.fhir.modifiers import MODIFIED
from screener.intake.fhir.naming import Namer
from screener.intake.fhir.quantities import relation, unit_of
from screener.intake.fhir.resources import (
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
from screener.vocabulary.catalogue import Concept

_AMOUNT = r"(\d{1,30}(?:\.\d{1,30})?)"
_UNIT = r"\s*(\S.{0,40})?"
# Text as laboratories write it beside a value: `12.0 - 16.0 g/dL`, `<= 40`, `> 60 mL/min`.
_BETWEEN = re.compile(rf"{_AMOUNT}\s*(?:-|–|to)\s*{_AMOUNT}{_UNIT}")
_ONE_SIDED = re.compile(rf"(<=?|≤|up to|>=?|≥)\s*{_AMOUNT}{_UNIT}", re.I)


def limits_of(
    of: Resource, concept: Concept, names: Namer, unit: str | None, within: str = ""
) -> dict[str, Decimal] | None:
    """The reference range, where there is one for this person and in the value's own unit."""
    found = []
    for number_, one in enumerate(items(of, "referenceRange", within)):
        path = f"{within}referenceRange[{number_}]."
        kind = code_in(said(one, "type", path)) if "type" in one else ""
        if kind in ("", "normal", "normal range"):
            found.append(_limits(one, concept, names, unit, path))
    stated = [one for one in found if one]
    if len(found) > 1:
        raise not_understood(f"{within}referenceRange: several, and it is not said which one holds")
    return stated[0] if stated else None


def _limits(one: Resource, concept: Concept, names: Namer, unit: str | None, path: str) -> dict[str, Decimal]:
    if one.get("modifierExtension"):
        raise not_understood(f"{path}modifierExtension: {MODIFIED}")
    if one.get("appliesTo") or one.get("age"):
        raise not_understood(f"{path.rstrip('.')}: it holds for some people only")
    limits: dict[str, Decimal] = {}
    for end in ("low", "high"):
        quantity = obj(one, end, path)
        if quantity is None:
            continue
        within = f"{path}{end}."
        own = unit_of(quantity, concept, names, within)
        if own != unit and own and unit and relation(own, unit, concept, names) != "same":
            raise not_understood(f"{path}{end}: in another unit than the value")
        value = number(quantity, "value", within)
        if value is not None:
            limits[end] = value
    limits = limits or _worded(one, concept, names, unit, path)
    if len(limits) == 2 and limits["high"] < limits["low"]:
        raise Wrong(path.rstrip("."), "its high end lies below its low end")
    return limits


def _worded(one: Resource, concept: Concept, names: Namer, unit: str | None, path: str) -> dict[str, Decimal]:
    words = text(one, "text", path) or ""
    if found := _BETWEEN.fullmatch(words):
        low, high, own = found.groups()
        limits = {"low": Decimal(low), "high": Decimal(high)}
    elif found := _ONE_SIDED.fullmatch(words):
        sign, amount, own = found.groups()
        limits = {"low" if sign[0] in ">≥" else "high": Decimal(amount)}
    else:
        return {}
    if own and not (unit and relation(own, unit, concept, names) == "same"):
        raise not_understood(f"{path}text: in another unit than the value")
    return limits
