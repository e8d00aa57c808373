"""How fast the drafter is, beside a plain tokenisation, and whether its memory stays flat."""

import gc
import random
import re
import tracemalloc
from collections.abc import Callable, Sequence
from time import process_time

from screener.drafting.draft import draft
from screener.drafting.layout.record import Record
from screener.drafting.reader import Reader
from screener.drafting.words.lexer import Lexer
from screener.drafting.words.wording import Trie, insert, wording
from screener.vocabulary.catalogue import Catalogue
from tests.bench.draft.table import Row, Section

PHRASES = 200_000  # more than the vocabulary has
_TOKENS = re.compile(r"\w+|[^\w\s]")
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "hy", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "xu")


def measured(records: Sequence[Record], catalogue: Catalogue) -> Section:
    reader, grown = Reader(catalogue), with_phrases(catalogue, PHRASES)
    made = [read for record in records for read in draft(record, catalogue, reader).items]
    texts = [(read.item.text, read.kind) for read in made]
    plain, reading, whole, larger = best(
        lambda: [_TOKENS.findall(text) for text, _ in texts],
        lambda: [reader.read(text, kind).standing for text, kind in texts],
        lambda: [draft(record, catalogue, reader).pieces for record in records],
        lambda: [draft(record, catalogue, grown).pieces for record in records],
    )
    n, known = f"{len(texts):,}", phrases_of(wording(catalogue))
    return Section("speed: processor time of one core, warm, the best of three", (
        Row("items drafted per second, records cut and grouped too", f"{len(texts) / whole:,.0f}", n,
            "≥ 5,000", len(texts) / whole >= 5_000),
        Row("items read per second, of their texts alone", f"{len(texts) / reading:,.0f}", n),
        Row("drafting / `re` tokenisation of the same items", f"{whole / plain:.1f} times", n),
        Row("reading / `re` tokenisation of the same items", f"{reading / plain:.1f} times", n),
        Row(f"drafting with {PHRASES:,} phrases more / with the vocabulary's {known:,}",
            f"{larger / whole:.2f} times", n, "≤ 3 times", larger / whole <= 3),
    ))  # fmt: skip


def best(*runs: Callable[[], object]) -> list[float]:
    """Seconds of each run's fastest of three. They take turns, so that a slow minute is all of theirs."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(3):
        for run, taken in zip(runs, times, strict=True):
            gc.collect()
            gc.disable()  # as timeit does: a collection belongs to no single run
            start = process_time()
            run()
            taken.append(process_time() - start)
            gc.enable()
    return list(map(min, times))


# --- a grown vocabulary -----------------------------------------------------------------------


def with_phrases(catalogue: Catalogue, count: int) -> Reader:
    """A reader whose vocabulary has made-up phrases besides its own."""
    reader = Reader(catalogue)
    # of their own, since the nodes of the vocabulary are shared
    trie = {first: dict(below) for first, below in wording(catalogue).items()}
    chance = random.Random(count)
    beginnings = [word for word in trie if word.isalpha()]
    for _ in range(count):
        # half of them begin as known phrases do, so that texts walk into them
        first = chance.choice(beginnings) if chance.random() < 0.5 else _word(chance)
        insert(trie, f"{first} {_word(chance)} {_word(chance)}", ("CONDITION", "multiple_myeloma"))
    reader._lexer = Lexer(trie, catalogue.units)
    return reader


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=4)) + "q"


def phrases_of(trie: Trie) -> int:
    return sum(1 if key == "" else phrases_of(below) for key, below in trie.items())


# --- memory -----------------------------------------------------------------------------------


def memory(records: Sequence[Record], catalogue: Catalogue) -> tuple[Row, ...]:
    """How much more is held after the last record than after the first tenth of them."""
    reader = Reader(catalogue)
    tracemalloc.start()
    first = _held(records, catalogue, reader)
    again = _held(records, catalogue, reader)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = sum(len(record.text) for record in records) / 1024
    n = f"{len(records):,}"
    return (
        Row("memory held after the last tenth of the records / after the first",
            f"{first[-1] - first[0]:+,.0f} KiB (peak {peak / 1024:,.0f}, the texts {size:,.0f} KiB)", n,
            "< 1 MiB", first[-1] - first[0] < 1024),
        Row("the same when they are all drafted once more", f"{again[-1] - again[0]:+,.0f} KiB", n),
    )  # fmt: skip


def _held(records: Sequence[Record], catalogue: Catalogue, reader: Reader) -> list[float]:
    """KiB after each tenth of the records."""
    held = []
    tenth = max(1, len(records) // 10)
    for number, record in enumerate(records, 1):
        draft(record, catalogue, reader)
        if number % tenth == 0 or number == len(records):
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0] / 1024)
    return held
