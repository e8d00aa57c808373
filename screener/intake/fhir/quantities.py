"""Amounts of an observation: a quantity, a range, a ratio, and their units."""

import re
from decimal import Decimal
from typing import Any, Literal

from screener.intake.fhir.naming import Namer
from screener.intake.fhir.resources import (
    Resource,
    Wrong,
    not_understood,
    number,
    obj,
    text,
)
from screener.vocabulary.catalogue import Concept
from screener.vocabulary.quantities import dimensions

_ANNOTATION = re.compile(r"\{[^{}]*\}|1")
Relation = Literal["same", "differ", "unclear"]
_UCUM = "http://unitsofmeasure.org"
_COMPARATORS = ("<", "<=", ">=", ">")


def quantity_of(
    of: Resource, concept: Concept, names: Namer, within: str, key: str = "valueQuantity"
) -> dict[str, Any]:
    path = f"{within}{key}."
    quantity = obj(of, key, within) or {}
    value: Decimal | str | None = number(quantity, "value", path)
    sign = text(quantity, "comparator", path) if "comparator" in quantity else None
    if value is None:
        return {}
    if sign is not None:
        if sign not in _COMPARATORS:
            raise not_understood(f"{path}comparator: none of <, <=, >=, >")
        value = f"{sign}{value:f}"
    return {"value": value, "unit": unit_of(quantity, concept, names, path)}


def unit_of(quantity: Resource, concept: Concept, names: Namer, path: str) -> str | None:
    """The unit by its code, else as written. A pure remark such as `{score}` is none."""
    key = quantity.get("code"), quantity.get("unit"), quantity.get("system"), concept.id
    try:
        return names.units[key]
    except (KeyError, TypeError):  # not met yet, or of a wrong type that cannot be looked up
        unit = names.units[key] = _unit_of(quantity, concept, names, path)
        return unit


def _unit_of(quantity: Resource, concept: Concept, names: Namer, path: str) -> str | None:
    code, written = text(quantity, "code", path), text(quantity, "unit", path)
    if code and written and relation(code, written, concept, names) == "differ":
        raise not_understood(f"{path[:-1]}: its unit and its unit's code differ")
    foreign = quantity.get("system") != _UCUM and _foreign(quantity, path)
    unit = written if foreign and written else code or written
    if unit is None or len(unit) > 100 or concept.kind == "scale":
        return None
    return None if _ANNOTATION.fullmatch(unit) and not names.once(_measures, unit) else unit


def _foreign(quantity: Resource, path: str) -> bool:
    """Whether its code is of another system than that of units, so that it is none of a unit."""
    system = text(quantity, "system", path)
    return system is not None and system.rstrip("/") != _UCUM


def _measures(unit: str, names: Namer) -> bool:
    return bool(names.catalogue.units.dimensions_of(unit))


def relation(one: str, other: str, concept: Concept, names: Namer) -> Relation:
    """Whether two spellings are known to mean the same unit of a measurement, or different ones."""
    return "same" if one == other else names.once(_related, (one, other, concept.id))


def _related(stated: tuple[str, str, str], names: Namer) -> Relation:
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
    units = {unit_of(end, concept, names, path) for end in (low, high) if end}
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


def ratio_of(of: Resource, concept: Concept, names: Namer, within: str) -> dict[str, Any]:
    """`1.5 to 1`, `12 g to 1 dL`, `80 mg to 24 h`; a titer has no number that a profile could hold."""
    path = f"{within}valueRatio"
    ratio = obj(of, "valueRatio", within) or {}
    below = obj(ratio, "denominator", f"{path}.") or {}
    found = quantity_of(ratio, concept, names, f"{path}.", "numerator")
    bottom = number(below, "value", f"{path}.denominator.")
    top_unit, unit = found.get("unit"), unit_of(below, concept, names, f"{path}.denominator.")
    if not found or bottom is None or below.get("comparator") or (bottom != 1 and not (unit and top_unit)):
        raise not_understood(f"{path}: only a ratio to 1, or of two units, is read")
    if top_unit and unit:
        found["unit"] = f"{top_unit}/{unit}" if bottom == 1 else f"{top_unit}/({bottom:f}.{unit})"
    elif unit:
        raise not_understood(f"{path}: one unit for two numbers")
    return found
