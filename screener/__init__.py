"""Reads the eligibility criteria of clinical trials and says, for one patient, pass, fail or
unknown, criterion by criterion, and why."""

from typing import TYPE_CHECKING, Any

from screener._version import __version__

if TYPE_CHECKING:
    from screener.api import load_patient, load_trial, screen
    from screener.errors import InputError, Problem
    from screener.model.verdict import ScreeningResult

_HOME = {
    "load_patient": "screener.api", "load_trial": "screener.api", "screen": "screener.api",
    "InputError": "screener.errors", "Problem": "screener.errors",
    "ScreeningResult": "screener.model.verdict",
}  # fmt: skip

__all__ = [
    "InputError", "Problem", "ScreeningResult", "__version__", "load_patient", "load_trial", "screen",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # Loaded when asked for: `import screener` alone costs nothing.
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'screener' has no attribute {name!r}")
