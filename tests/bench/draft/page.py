"""docs/drafting.md: what was measured, when, and what misses its goal."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tests.bench.draft.table import Section, markdown

BY_HAND = "## A sample read by hand"
_EMPTY = "\nNot read yet. `--sample 100 SEED` prints items to read.\n"

_ABOUT = """# How well criteria are drafted

The drafter turns the published criteria of a trial into a draft of its rule file. This page says how well
it does that, measured on published records and on conditions that people annotated.

    make bench-draft CORPUS=<folder>

prints the table below. The folder holds the texts to measure on; they are no part of the project. Files are
found by name: `trials_*.jsonl` (records as registries publish them), `lct_measurements_*.jsonl` (numeric
conditions of the Leaf Clinical Trials corpus), `facebook_cases*.jsonl` (test cases of
facebookresearch/Clinical-Trial-Parser). What is not there is reported as absent.
`python -m tests.bench.draft <folder> --misses` lists what went wrong, `--sample 100 SEED` prints drafted
items to read, `--write docs/drafting.md` writes this page.

- An item is *understood* where each of its words has its place in the rule, or is known to change nothing;
  words that are known for a person's to judge (*adequately treated*) are quoted in their place, and counted.
  *Partly* is where words that are not known are quoted, *a person's to decide* where the whole asks for a
  judgement, *not understood* where nothing of it was read.
- The kind of an item is told from its words alone, by rules that do not ask the drafter.
- A relation is a concept, an operator, a value and a unit. A unit that one side does not write is not
  compared. Ranges count as two relations; on a scale of steps, `0-2` and `<= 2` are the same.
- A drafted relation of something that is not annotated in its criterion counts neither as right nor as wrong.
"""


def written(sections: Sequence[Section], kept: str = "") -> str:
    """The page; `kept` is what a person wrote under the heading for that."""
    return "\n".join([
        _ABOUT, f"## Measured on {date.today().isoformat()}", "", *markdown(sections), "",
        "## What misses its goal", "", *_missed(sections), "", BY_HAND, kept or _EMPTY,
    ]).rstrip() + "\n"  # fmt: skip


def kept_of(path: Path) -> str:
    """What stands under the heading of the sample in a page that is there already."""
    if not path.exists():
        return ""
    _, heading, below = path.read_text(encoding="utf-8").partition(BY_HAND + "\n")
    return below if heading else ""


def _missed(sections: Sequence[Section]) -> Iterator[str]:
    missed = [(section, row) for section in sections for row in section.rows if row.met is False]
    if not missed:
        yield "Nothing: every goal is met."
    for section, row in missed:
        yield f"- {section.title}: {row.measure}: {row.measured}, the goal is {row.goal}."
    for section in dict.fromkeys(section for section, _ in missed):
        yield from (f"- {section.title}: {reason}." for reason in section.reasons)
