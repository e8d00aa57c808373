"""`make bench-draft CORPUS=<folder>`: how well and how fast real criteria are drafted."""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from screener.language.printer import Printer
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.load import catalogue
from tests.bench.draft import facebook, lct, records
from tests.bench.draft.kinds import NUMERIC
from tests.bench.draft.measures import files, rows_of, sections
from tests.bench.draft.page import kept_of, written
from tests.bench.draft.table import markdown


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.draft", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the texts to measure on are")
    parser.add_argument("--misses", action="store_true", help="list what went wrong instead")
    parser.add_argument("--sample", nargs=2, type=int, metavar=("COUNT", "SEED"), help="print items to read")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the table to a page, too")
    asked = parser.parse_args()
    if asked.misses:
        print("\n".join(misses(asked.folder, catalogue())))
    elif asked.sample:
        print("\n".join(sample(asked.folder, catalogue(), *asked.sample)))
    else:
        measured = sections(asked.folder, catalogue())
        print("\n".join(markdown(measured)))
        if asked.write:
            asked.write.parent.mkdir(parents=True, exist_ok=True)
            asked.write.write_text(written(measured, kept_of(asked.write)), encoding="utf-8")


def misses(folder: Path, known: Catalogue) -> Iterator[str]:
    """What went wrong, file by file."""
    for path in files(folder, "lct_measurements_*.jsonl"):
        yield f"# {path.name}"
        yield from lct.misses(lct.measured(rows_of(path), known))
    for path in files(folder, "facebook_cases*.jsonl"):
        cases = facebook.measured(rows_of(path), known)
        yield f"\n# {path.name}: {cases.compared - cases.right} of {cases.compared} not as expected"
        yield from cases.wrong
    for path in files(folder, "trials_*.jsonl"):
        found = records.measured(rows_of(path), known)
        for what, lines in (
            ("crashes", found.crashes), ("lost", found.lost), ("not read back", found.unreadable),
        ):  # fmt: skip
            yield f"\n# {path.name}: {what} ({len(lines)})"
            yield from sorted(set(lines))
        yield from _numeric(path.name, found)


def _numeric(name: str, found: records.Found) -> Iterator[str]:
    """Some items with a number to compare that are not understood whole, and what went unread in them."""
    items = [one for one in found.items if one.kind in NUMERIC and one.read.reading.standing != "understood"]
    yield f"\n# {name}: with a number to compare, not understood whole ({len(items)}; 150 shown)"
    for one in random.Random(0).sample(items, min(150, len(items))):
        reading = one.read.reading
        unread = " / ".join(records.unread_phrases(reading)) or "; ".join(reading.flaws) or "no word"
        yield f"{one.kind}, {reading.standing} | unread: {unread} | {reading.text}"


def sample(folder: Path, known: Catalogue, count: int, seed: int) -> Iterator[str]:
    """Drafted items of which something was understood, for a person to read."""
    items = [
        one for path in files(folder, "trials_*.jsonl")
        for one in records.measured(rows_of(path), known).items
        if one.read.reading.standing == "understood"
        or (one.read.reading.standing == "partly" and one.read.reading.understood)
    ]  # fmt: skip
    printer = Printer(known)
    for number, one in enumerate(random.Random(seed).sample(items, min(count, len(items))), 1):
        reading = one.read.reading
        yield f"{number}. {one.trial}, {one.read.kind}, {one.kind}, {reading.standing}"
        yield f"   text: {reading.text}"
        yield f"   rule: {printer.print(reading.rule)}"
        yield from (f"   flaw: {flaw}" for flaw in reading.flaws)


if __name__ == "__main__":
    main()
