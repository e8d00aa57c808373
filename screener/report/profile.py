"""A profile as plain data, as short as it can be written: what intake reads again as the same."""

from decimal import Decimal
from typing import Any

from screener.model.patient import Patient
from screener.model.verdict import json_number


def plain(patient: Patient) -> dict[str, Any]:
    """The profile without what is absent or empty."""
    return _short(patient.model_dump(by_alias=True))  # type: ignore[no-any-return]


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        made = {key: _short(item) for key, item in value.items()}
        return {key: item for key, item in made.items() if item not in (None, {}, [])}
    if isinstance(value, list | tuple):
        return [_short(item) for item in value]
    return json_number(value) if isinstance(value, Decimal) else value
