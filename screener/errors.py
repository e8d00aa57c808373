"""Problems of an input, as values: where, what was read, and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `code` is stable and kebab-case; `place` says file, line and column or the field's path;
    `snippet` is the line at fault with a caret below it. Nothing of a patient's data is in it.
    """

    code: str
    message: str
    place: str = ""
    help: str = ""
    snippet: str = ""

    def at(self, place: str) -> "Problem":
        """The same problem, its place seen from further out."""
        return replace(self, place=f"{place}: {self.place}" if self.place else place)

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}" if self.place else self.message
        tail = f"\n  help: {self.help}" if self.help else ""
        return f"{head}{self.snippet and chr(10) + self.snippet}{tail}"


class InputError(ValueError):
    """An input that cannot be used, with all the problems found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def caret(line: str, column: int, width: int = 1) -> str:
    """A line of text with a caret below `column` (from 1), cut to fit a terminal."""
    start = max(0, column - 60)
    shown = line[start : start + 100]
    indent = column - 1 - start
    return f"  {shown}\n  {' ' * indent}{'^' * max(1, min(width, len(shown) - indent))}"
