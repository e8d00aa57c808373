"""Finds the files that ship with the package: bundled in an installation, or in a checkout."""

import os
import stat
from pathlib import Path

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent
BUNDLED = PACKAGE / "_bundled"


def _folder(bundled: str, checkout: str) -> Path:
    installed = BUNDLED / bundled
    return installed if installed.is_dir() else CHECKOUT / checkout


def grammar() -> Path:
    return _folder("grammar", "grammar")


def rules() -> Path:
    return _folder("rules", "rules")


def cases() -> Path:
    return _folder("cases", "tests/trials")


def patients() -> Path:
    return _folder("patients", "examples/patients")


def vocabulary() -> Path:
    return PACKAGE / "vocabulary"


def cache() -> Path | None:
    """A folder of the user's own for compiled rules; None where others could write to it."""
    base = os.environ.get("SCREENER_CACHE") or os.environ.get("XDG_CACHE_HOME")
    folder = Path(base) if base else Path.home() / ".cache"
    try:
        folder = folder / "screener"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):
        return None
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    private = not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return folder if mine and private else None
