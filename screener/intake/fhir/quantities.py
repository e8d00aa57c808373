"""Amounts of an observation: a quantity, a range, a ratio, and the limits of what is normal."""

import re
from decimal import Decimal
from typing import Any, Literal

from screener.intake.fhir.naming import Namer
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
from screener.vocabulary.quantities import dimensions

_ANNOTATION = re.compile(r"\{[^{}]*\}|1")
_Relation = Literal["same", "differ", "unclear"]
_COMPARATORS = ("<", "<=", ">=", ">")


def quantity_of(of: Resource, concept: Concept, names: Namer, within: str) -> dict[str, Any]:
    path = f"{within}valueQuantity."
    quantity = obj(of, "valueQuantity", within) or {}
    value: Decimal | str | None = number(quantity, "value", path)
    sign = text(quantity, "comparator", path)
    if value is None:
        return {}
    if sign is not None:
        if sign not in _COMPARATORS:
            raise not_understood(f"{path}comparator: none of <, <=, >=, >")
        value = f"{sign}{value:f}"
    return {"value": value, "unit": _unit_of(quantity, concept, names, path)}


def _unit_of(quantity: Resource, concept: Concept, names: Namer, path: str) -> str | None:
    """The unit by its code, else as written. A pure remark such as `{score}` is none."""
    code, written = text(quantity, "code", path), text(quantity, "unit", path)
    if code and written and _relation(code, written, concept, names) == "differ":
        raise not_understood(f"{path[:-1]}: its unit and its unit's code differ")
    unit = code or written
    if unit is None or len(unit) > 100 or concept.kind == "scale":
        return None
    return None if _ANNOTATION.fullmatch(unit) and not names.once(_measures, unit) else unit


def _measures(unit: str, names: Namer) -> bool:
    return bool(names.catalogue.units.dimensions_of(unit))


def _relation(one: str, other: str, concept: Concept, names: Namer) -> _Relation:
    """Whether two spellings are known to mean the same unit of a measurement, or different ones."""
    return "same" if one == other else names.once(_related, (one, other, concept.id))


def _related(stated: tuple[str, str, str], names: Namer) -> _Relation:
    one, other, measured = stated
    units, allowed = names.catalogue.units, dimensions(names.catalogue[measured])
    if not (units.dimensions_of(one) and units.dimensions_of(other)):
        return "unclear"
    first, second = units.read(one, allowed), units.read(other, allowed)
    if first is None or second is None:
        return "unclear"
    return "same" if first.code == second.code else "differ"


def range_of(of: Resource, concept: Concept, names: Namer, within: str) -> dict[str, Any]:
    held = obj(of, "valueRange", within) or {}
    path = f"{within}valueRange."
    low, high = obj(held, "low", path), obj(held, "high", path)
    least = number(low, "value", f"{path}low.") if low else None
    most = number(high, "value", f"{path}high.") if high else None
    units = {_unit_of(end, concept, names, path) for end in (low, high) if end}
    if len(units) > 1:
        raise not_understood(f"{path.rstrip('.')}: its ends have different units")
    unit = units.pop() if units else None
    if least is not None and most is not None:
        if most < least:
            raise Wrong(path.rstrip("."), "its high end lies below its low end")
        return {"value": f"{least:f} to {most:f}", "unit": unit}
    if least is not None:
        return {"value": f">={least:f}", "unit": unit}
    return {"value": None if most is None else f"<={most:f}", "unit": unit}


def ratio_of(of: Resource, within: str) -> dict[str, Any]:
    ratio = obj(of, "valueRatio", within) or {}
    path = f"{within}valueRatio."
    above, below = obj(ratio, "numerator", path), obj(ratio, "denominator", path)
    top = number(above, "value", f"{path}numerator.") if above else None
    bottom = number(below, "value", f"{path}denominator.") if below else None
    plain = not any(
        text(part, "unit", path) or text(part, "comparator", path) for part in (above, below) if part
    )
    if top is None or bottom != 1 or not plain:
        raise not_understood(f"{path.rstrip('.')}: only a ratio to 1 without units is read")
    return {"value": top}


def limits_of(
    of: Resource, concept: Concept, names: Namer, unit: str | None, within: str = ""
) -> dict[str, Decimal] | None:
    """The reference range, where there is one for this person and in the value's own unit."""
    found = []
    for number_, one in enumerate(items(of, "referenceRange", within)):
        path = f"{within}referenceRange[{number_}]."
        kind = code_in(said(one, "type", path))
        if kind in ("", "normal", "normal range"):
            found.append(_limits(one, concept, names, unit, path))
    if len(found) > 1:
        raise not_understood(f"{within}referenceRange: several, and it is not said which one holds")
    return found[0] or None if found else None


def _limits(one: Resource, concept: Concept, names: Namer, unit: str | None, path: str) -> dict[str, Decimal]:
    limits: dict[str, Decimal] = {}
    for end in ("low", "high"):
        quantity = obj(one, end, path)
        if quantity is None:
            continue
        within = f"{path}{end}."
        own = _unit_of(quantity, concept, names, within)
        if own and unit and _relation(own, unit, concept, names) != "same":
            raise not_understood(f"{path}{end}: in another unit than the value")
        value = number(quantity, "value", within)
        if value is not None:
            limits[end] = value
    return limits
