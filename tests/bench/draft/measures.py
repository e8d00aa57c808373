"""The measures of one folder of real criteria, as sections of the table."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from screener.drafting.layout.record import Record, read_record
from screener.errors import InputError
from screener.model.walk import quotes
from screener.vocabulary.catalogue import Catalogue
from tests.bench.draft import facebook, lct, records, speed, trials
from tests.bench.draft.kinds import NUMERIC
from tests.bench.draft.records import STANDINGS, OneItem, shares, unread_phrases
from tests.bench.draft.table import Row, Section, absent, none, percent, share

Rows = list[dict[str, Any]]
SHORT = 100  # characters: an item that seldom says more than one thing


def rows_of(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


def sections(folder: Path, catalogue: Catalogue) -> list[Section]:
    """All of them. A file that the folder has not is said to be absent."""
    found: list[Section] = []
    for path in files(folder, "trials_*.jsonl"):
        found += _records(path.name, rows_of(path), catalogue)
    if not found:
        found.append(absent("trials_*.jsonl"))
    annotated = files(folder, "lct_measurements_*.jsonl")
    found += [_annotated(path.name, rows_of(path), catalogue) for path in annotated]
    if not annotated:
        found.append(absent("lct_measurements_*.jsonl"))
    cases = files(folder, "facebook_cases*.jsonl")
    found += [_cases(path.name, rows_of(path), catalogue) for path in cases]
    if not cases:
        found.append(absent("facebook_cases*.jsonl"))
    return [*found, trials.measured(catalogue)]


# --- whole records ----------------------------------------------------------------------------


def _records(name: str, rows: Rows, catalogue: Catalogue) -> list[Section]:
    parsed = _parsed(rows)
    flat = speed.memory(parsed, catalogue)
    made = records.measured(rows, catalogue)
    quick = speed.measured(parsed, catalogue)
    total = len(made.items)
    numeric = [one for one in made.items if one.kind in NUMERIC]
    short = [one for one in numeric if len(one.read.item.text) <= SHORT]
    myeloma = shares(one for one in made.items if one.myeloma)
    whole = Section(name, (
        none("records that crash or are refused", len(made.crashes), made.records),
        none("stretches of text in no piece and no item", len(made.lost), made.records),
        none("rules that the criterion language does not read back", len(made.unreadable), total),
        share("numeric threshold, performance status, age, life expectancy: understood whole",
              shares(numeric)["understood"], len(numeric), 0.9),
        _judged(numeric),
        share(f"the same, of items of up to {SHORT} characters", shares(short)["understood"], len(short)),
        share("items of myeloma trials: understood whole", myeloma["understood"], myeloma.total(), 0.55),
        _judged(one for one in made.items if one.myeloma),
        share("items of myeloma trials: not understood",
              myeloma["not understood"], myeloma.total(), 0.25, at_most=True),
        Row("items of myeloma trials", _spread(myeloma), f"{myeloma.total():,}"),
        Row("all items", _spread(shares(made.items)), f"{total:,}"),
        Row("drafted criteria", _spread(made.criteria), f"{made.criteria.total():,}"),
    ), tuple(_reasons(numeric)))  # fmt: skip
    return [whole, _by_kind(name, made.items), Section(quick.title, (*quick.rows, *flat))]


def _judged(items: Iterable[OneItem]) -> Row:
    readings = [one.read.reading for one in items if one.read.reading.standing == "understood"]
    quoted = sum(quotes(one.rule) for one in readings)
    return share("of these, with a part that a person must answer", quoted, len(readings))


def _by_kind(name: str, items: Iterable[OneItem]) -> Section:
    kinds: dict[str, list[OneItem]] = {}
    for one in items:
        kinds.setdefault(one.kind, []).append(one)
    ordered = sorted(kinds.items(), key=lambda pair: (pair[0] not in NUMERIC, -len(pair[1])))
    return Section(f"{name}, by kind of item: {' / '.join(STANDINGS)}", tuple(
        Row(kind, _spread(shares(found)), f"{len(found):,}") for kind, found in ordered
    ))  # fmt: skip


def _spread(counts: Counter[str]) -> str:
    total = max(1, counts.total())
    return " / ".join(percent(counts[standing] / total) for standing in STANDINGS)


def _reasons(items: Iterable[OneItem]) -> list[str]:
    """The words that most often keep a numeric item from being understood whole."""
    words: Counter[str] = Counter()
    without = 0
    for one in items:
        reading = one.read.reading
        if reading.standing == "understood":
            continue
        unread = set(map(str.casefold, unread_phrases(reading)))
        words.update(unread)
        without += not unread
    listed = ", ".join(f"`{word}` ({count})" for word, count in words.most_common(25))
    return [
        f"numeric items not understood whole, by the words in them that went unread: {listed}",
        f"numeric items not understood whole though no word of them went unread: {without}",
    ]


def _parsed(rows: Iterable[Mapping[str, Any]]) -> list[Record]:
    found = []
    for row in rows:
        try:
            found.append(read_record(json.dumps(row).encode(), str(row.get("nct_id"))))
        except InputError:
            continue
    return found


# --- annotated conditions ---------------------------------------------------------------------


def _annotated(name: str, rows: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> Section:
    tally = lct.measured(rows, catalogue)
    wrong = tally.right + tally.wrong
    known = tally.found + tally.missed - tally.unknown
    others = tally.other_found + tally.other_missed
    return Section(f"{name}, relations by concept, operator, value and unit", (
        Row("rows about a laboratory value, vital sign, score or age",
            f"{tally.counted_rows:,}", f"{tally.rows:,}"),
        share("precision: drafted relations that are annotated", tally.right, wrong, 0.97),
        share("recall: annotated relations that are drafted", tally.found, tally.found + tally.missed, 0.9),
        share("recall where the vocabulary knows what is measured", tally.found, known),
        share("recall where the text writes the unit, too", tally.found_with_unit, tally.with_unit),
        share("recall of other rows whose entity the vocabulary knows", tally.other_found, others),
        Row("right, but only one side writes a unit", f"{tally.unit_not_compared}", f"{tally.right:,}"),
        Row("drafted of something that is not annotated in that criterion", f"{tally.not_annotated}"),
        Row("drafted where the annotation gives no relation", f"{tally.undecided}"),
    ), (
        f"annotated relations of something that the vocabulary does not know: {tally.unknown}",
        f"annotated relations without a unit where one is needed, missed: {tally.without_unit}",
    ))  # fmt: skip


def _cases(name: str, rows: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> Section:
    cases = facebook.measured(rows, catalogue)
    return Section(name, (
        share("cases with every expected relation and no other", cases.right, cases.compared, 0.95),
        Row("token lists without variable, comparison and number, not compared", str(cases.skipped)),
    ))  # fmt: skip
