"""Laws of reading prose: it never raises, never loses a word, and says what the language can say."""

import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.drafting.reader import Reader, Reading
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import rule as r
from screener.vocabulary.load import catalogue
from tests import strategies as some
from tests.work import steps

KINDS = st.sampled_from(("inclusion", "exclusion"))
THRESHOLDS = (
    "hemoglobin ≥ 8.2 g/dL",
    "platelets > 60 x 10^9/L",
    "ANC ≥ 1,100/mm3",
    "ALT and AST ≤ 3 x ULN",
    "ECOG 0-2",
    "creatinine < 1.9 mg/dL",
    "age ≥ 19 years",
    "at least 2 prior lines of therapy",
    "LVEF 45% or higher",
    "total bilirubin ≤ 1.4 x ULN",
    "QTcF > 465 ms",
    "HBsAg positive",
    "creatinine clearance ≥ 31 mL/min",
    "18 years or older",
    "ECOG 0, 1 or 2",
    "(≥ 9 g/dL)",
    "(45 x 10^9/L if stroke)",
)
CONDITIONS = (
    "stroke",
    "heart failure",
    "history of seizure",
    "active hepatitis B",
    "HIV",
    "grade ≥ 2 neuropathy",
    "uncontrolled hypertension",
    "other malignancy",
    "pregnant",
    "breastfeeding",
    "women of childbearing potential",
    "del(17p)",
    "t(4;14)",
    "male",
    "basal cell carcinoma of the skin",
    "multiple myeloma",
)
THERAPIES = (
    "prior lenalidomide",
    "chemotherapy within 3 weeks",
    "bortezomib",
    "refractory to daratumumab",
    "warfarin",
    "allergy to dexamethasone",
    "concurrent corticosteroids",
    "autologous stem cell transplant",
    "radiotherapy",
    "at least 4 weeks since chemotherapy",
    "within 5 half-lives",
    "before first dose",
    "within 14 days",
)
CONNECTORS = (
    "and",
    "or",
    ",",
    ";",
    ".",
    "no",
    "not",
    "unless",
    "except",
    "if",
    "without",
    "both",
    "either",
    "(",
    ")",
    "/",
    "and/or",
    "must not have",
    "are allowed",
    "only",
    "with",
    "in",
    "for",
    "than",
    ":",
    "defined as",
    "including",
    "such as",
    "are excluded",
    "is",
    "patients",
    "≥",
    "< 5",
    "17",
    "provided",
    "but",
    "then",
    "-",
    "who have",
    "in the opinion of the investigator",
    "informed consent",
    "at least",
    "combined with",
)
UNKNOWN = ("flurble", "zorkin", "quabbish", "blenthic", "mivvot")
FRAGMENTS = st.one_of(
    *map(st.sampled_from, (THRESHOLDS, CONDITIONS, THERAPIES, CONNECTORS, CONNECTORS, UNKNOWN))
)
SENTENCES = st.lists(FRAGMENTS, min_size=1, max_size=9).map(" ".join)


@cache
def reader() -> Reader:
    return Reader(catalogue())


@cache
def printer() -> Printer:
    return Printer(catalogue())


def quotations(rule: r.Rule) -> str:
    return " ".join(re.findall(r'manual\("((?:[^"\\]|\\.)*)"\)', printer().print(rule)))


def checked(text: str, kind: Any) -> Reading:
    """A reading of which everything holds that holds of any."""
    found = reader().read(text, kind)
    assert found.text == text
    for start, end in (*found.understood, *found.unread, *(span for span, _ in found.seen)):
        assert 0 <= start < end <= len(text)
    assert found.standing != "not understood" or isinstance(found.rule, r.Manual)
    return found


@some.examples(300)
@given(SENTENCES, KINDS)
def test_whatever_is_read_prints_and_reads_back_as_the_same_rule(text: str, kind: Any) -> None:
    found = checked(text, kind)
    printed = printer().print(found.rule)
    read, problems = parse(printed, catalogue(), kind)
    # What can be true of nobody is refused by the language; whoever finishes the draft quotes it then.
    if {problem.code for problem in problems} != {"contradiction"}:
        assert read == found.rule, f"{text}\n{printed}\n{[str(problem) for problem in problems]}"


@some.examples(300)
@given(SENTENCES, KINDS)
def test_a_word_that_nothing_knows_is_quoted_in_the_rule(text: str, kind: Any) -> None:
    found = checked(text, kind)
    told = quotations(found.rule)
    lost = [word for word in text.split() if word in UNKNOWN and word not in told]
    assert not lost, f"{text}\n{printer().print(found.rule)}"


@some.examples(150)
@given(SENTENCES, KINDS)
def test_a_threshold_is_read_or_quoted_and_its_numbers_are_never_lost(text: str, kind: Any) -> None:
    """A number may be told in another way (1,100/mm3 as 1100 /uL), and is told."""
    found = checked(text, kind)
    told = printer().print(found.rule).replace(",", "")
    lost = [number for number in ("8.2", "1.4", "465", "1.9", "31", "45", "465") if number in text.split()
            and number not in told]  # fmt: skip
    assert not lost, f"{text}\n{told}"


@some.examples(80)
@given(SENTENCES, KINDS)
def test_reading_is_the_same_each_time_and_by_each_reader(text: str, kind: Any) -> None:
    reader().read("no stroke unless flurble (", "exclusion")  # what was read before leaves no trace
    assert reader().read(text, kind) == Reader(catalogue()).read(text, kind)


@some.examples(80)
@given(SENTENCES, KINDS)
def test_spacing_does_not_change_what_is_read(text: str, kind: Any) -> None:
    found, spaced = checked(text, kind), checked(text.replace(" ", "  \n"), kind)
    assert (spaced.rule, spaced.standing) == (found.rule, found.standing)


@some.examples(200)
@given(st.text(max_size=80), KINDS)
def test_any_text_at_all_is_read_without_an_error(text: str, kind: Any) -> None:
    checked(text, kind)


_SIGNS = "≥≤<>=/()[]{}.,;:-–*×^°%³£0123456789 \n\tabINRxULNγµ²\"'\\\u00a0\u200b"


@some.examples(200)
@given(st.text(_SIGNS, max_size=40), SENTENCES, KINDS)
def test_signs_around_a_sentence_do_no_harm(signs: str, text: str, kind: Any) -> None:
    checked(f"{signs}{text}", kind)
    checked(f"{text}{signs}", kind)


_UNITS = (
    "stroke or ",
    "no ",
    "(",
    "( stroke ",
    "hemoglobin ≥ 8 g/dL and ",
    "≥ ",
    "flurble ",
    "unless stroke ",
    "t(4;14) and ",
    "within 3 weeks ",
    "x",
    "1",
    "not stroke; ",
    "grade ≥ 3 ",
    "10^",
    "the patient ",
    "no transfusion ",
    "transfusion allowed flurble ",
    "5 mg ",
    "1 lenalidomide ",
    "lenalidomide (",
    "if ALT > 5 ",
    "QTc > 5 ms if male and ",
    "one line considered ",
)
_LISTS = ("stroke, ", "5, ", "1 x ULN or ", "ALT/AST/")


@pytest.mark.parametrize("unit", [*_UNITS, *_LISTS])
def test_the_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    def work(length: int) -> int:
        text = (unit * (length // len(unit) + 1))[:length]
        return steps(lambda: reader().read(text, "inclusion"))

    for length in (75, 300, 2_000):  # what is far too much shows it early
        assert work(4 * length) < 12 * work(length) + 40_000  # the square of it would be sixteen times
