"""Whatever is left of a criterion, or spliced from two: it is read without an error, and its rule is one."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.drafting.reader import Reader
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model.trial import CriterionKind
from screener.vocabulary.load import catalogue

TESTS = Path(__file__).parent.parent
TABLES = ("drafting/honesty.yaml", "grammar/protocol_accepts.yaml", "grammar/protocol_rejects.yaml")


def _texts() -> list[str]:
    tables: list[dict[str, Any]] = [yaml.safe_load((TESTS / name).read_text("utf-8")) for name in TABLES]
    return [row["text"] for table in tables for rows in table.values() for row in rows]


TEXTS = _texts()


@cache
def reader() -> Reader:
    return Reader(catalogue())


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """The words of one or two criteria: cut, spliced, or in another order."""
    words = draw(st.sampled_from(TEXTS)).split()
    more = draw(st.sampled_from(TEXTS)).split()
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(words))] * 2)))
    words = words[start:end] + draw(st.sampled_from(([], more, more[len(more) // 2 :])))
    return " ".join(draw(st.permutations(words)) if draw(st.booleans()) else words)


@settings(max_examples=400, deadline=None)
@given(pieces(), st.sampled_from(["inclusion", "exclusion"]))
def test_any_part_of_a_criterion_is_read(text: str, kind: CriterionKind) -> None:
    found = reader().read(text, kind)
    spans = [*found.understood, *found.unread, *(span for span, _ in found.seen)]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    again, problems = parse(Printer(catalogue()).print(found.rule), catalogue(), kind)
    contradicted = {problem.code for problem in problems} == {"contradiction"}  # the draft quotes it instead
    assert not problems or contradicted
    assert again == found.rule or contradicted
    reader().head(text, kind)
