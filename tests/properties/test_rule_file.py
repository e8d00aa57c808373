"""Whatever is drafted, the rule file holds it: every text and every rule reads back as it was."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from screener import strict_yaml
from screener.drafting.draft import Draft
from screener.drafting.finish import finished
from screener.drafting.groups import DraftedCriterion
from screener.drafting.layout.record import Record
from screener.drafting.rule_file import rule_file
from screener.drafting.yaml_text import entry, inline, listed
from screener.language.printer import Printer
from screener.model import rule as r
from screener.rulebook.read import read_trial
from screener.vocabulary.load import catalogue
from tests import strategies as some

# Signs that YAML reads as its own, blanks, and letters of every script.
SIGNS = st.sampled_from(["- ", ": ", " #", "#", ":", '"', "'", "\\", "\n", "\t", " ", "  ", "|", ">-", "%",
                         "@", "`", "{", "}", "[", "]", ",", "&", "*", "!", "?", "---", "...", "~", "null",
                         "yes", "1.0", "\u00a0", "\u2028", "\u0085", "\ufeff", "\u202e", "\r", "≥", "é",
                         "x" * 200, "\0", "😀"])  # fmt: skip
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(SIGNS | st.text(CHARACTERS, max_size=12), max_size=12).map("".join)
# A person's words, as a rule file can hold them: not nothing, and no blanks at their ends.
WORDS = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)


@some.examples(300)
@given(TEXTS, st.lists(TEXTS, max_size=3))
@example("- a: b #c", ["x" * 500, " a", "a ", "'", "# no comment", "a: ", "2024-01-01", "no"])
def test_every_text_reads_back_as_it_was(text: str, texts: list[str]) -> None:
    lines = [*entry("one", text, 0), f"two: {{three: {inline(text)}}}", *listed("four", [*texts, text], 0)]
    node, problems = strict_yaml.read("\n".join(lines) + "\n")
    assert problems == []
    read = strict_yaml.plain(node)
    assert read == {"one": text, "two": {"three": text}, "four": [*texts, text]}


def drafted(*criteria: DraftedCriterion, disease: str = some.DISEASE, **record: Any) -> Draft:
    known = {"id": "NCT00000001", "title": "A trial", "conditions": (), "text": ""} | record
    return Draft(Record(**known), criteria, (), (), disease)


@some.examples(60)
@given(st.lists(st.tuples(WORDS, some.rules(some.every())), min_size=1, max_size=3), WORDS)
def test_every_rule_and_its_text_read_back_as_they_were(parts: list[tuple[str, r.Rule]], title: str) -> None:
    criteria = [
        DraftedCriterion(f"I{number}", "inclusion", text, rule, "understood")
        for number, (text, rule) in enumerate(parts, 1)
    ]
    made = drafted(*criteria, title=title)
    trial, problems = read_trial(rule_file(made, catalogue()), catalogue(), "drafted")
    assert problems == []
    assert trial is not None
    assert trial.title == title
    for (text, rule), given_, read in zip(parts, finished(made, catalogue()), trial.criteria, strict=True):
        assert read.text == text
        assert read.printed == given_.rule
        if given_.standing == "understood":  # else the language refuses the rule, and it says so
            assert read.rule == rule
        else:
            assert isinstance(read.rule, r.Manual)
            assert "cannot stand" in given_.questions[0]
            assert Printer(catalogue()).print(rule)[:100] in given_.questions[0]
