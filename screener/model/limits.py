"""Thresholds: what a value is compared with."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from screener.model.interval import Comparator


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold. `unit` is a UCUM code, `ULN` or `LLN` (then `value` multiplies it), or "".

    `beyond` names a limit of normal that `value`, with its sign, is added to: `LLN - 2 g/dL`.
    """

    comparator: Comparator
    value: Decimal
    unit: str = ""
    beyond: Literal["", "ULN", "LLN"] = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it."""

    low: Decimal
    high: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class EitherUnit:
    """One threshold in two units that do not convert: the unit of the value decides which."""

    of: tuple[Limit, Limit]


Test = Limit | Range | EitherUnit
Occasion = Literal["latest", "ever", "at diagnosis"]
