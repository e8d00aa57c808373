"""Keeps the user's folder of compiled files small: what nobody has used for long goes, and the oldest
beyond a size. Whatever is deleted is made anew when it is needed."""

import os
import re
from pathlib import Path

UNUSED_DAYS = 30
MOST_BYTES = 200_000_000
_DAY = 86_400
_OURS = re.compile(r"[a-z]+-[0-9a-f]{32}\.json")
_UNFINISHED = re.compile(r"\.[a-z]+-\w{8}")  # of a call that was ended while it wrote


def used(path: Path) -> None:
    """Marks a file as used now, by its time of change."""
    os.utime(path)


def prune(written: Path) -> None:
    """Deletes what lies beside a file just written and was not used for long before it; where that is not
    enough, what was used the longest ago. Files of other names are left alone."""
    now, total = written.stat().st_mtime, 0
    for changed, size, path in _files(written.parent):
        total += size
        days = 1 if path.name.startswith(".") else UNUSED_DAYS
        if changed < now - days * _DAY or total > MOST_BYTES:
            path.unlink(missing_ok=True)


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """The program's own files, the last used first."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            known = _OURS.fullmatch(entry.name) or _UNFINISHED.fullmatch(entry.name)
            if known and entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                found.append((status.st_mtime, status.st_size, Path(entry.path)))
    return sorted(found, reverse=True)
