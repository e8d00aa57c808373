"""Rules and trials as plain data and back, so that compiled rule files can be kept as JSON."""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from screener.model import rule, trial
from screener.model.calendar import Span

_CLASSES: dict[str, Any] = {
    name: value
    for module in (rule, trial)
    for name, value in vars(module).items()
    if isinstance(value, type) and is_dataclass(value)
} | {"Span": Span}
_FIELDS = {name: [field.name for field in fields(cls)] for name, cls in _CLASSES.items()}


def plain(value: Any) -> Any:
    """Nodes as `[class, field, …]`, tuples as `["()", …]`, decimals as `["#", text]`."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return ["#", str(value)]
    if isinstance(value, tuple):
        return ["()", *map(plain, value)]
    name = type(value).__name__
    return [name, *(plain(getattr(value, field)) for field in _FIELDS[name])]


def made(data: Any) -> Any:
    """What `plain` turned into data. Raises KeyError or TypeError where the data are not that."""
    if not isinstance(data, list):
        return data
    head, *rest = data
    if head == "#":
        return Decimal(rest[0])
    if head == "()":
        return tuple(map(made, rest))
    return _CLASSES[head](*map(made, rest))
