"""What a lint finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reviewer should look at; `criterion` is "" where it is of the whole file."""

    code: str
    criterion: str
    message: str
    help: str

    def __str__(self) -> str:
        place = f"{self.criterion}: " if self.criterion else ""
        return f"{place}{self.message} [{self.code}]\n  help: {self.help}"
