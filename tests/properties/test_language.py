"""The criterion language is the readable form of the rule model: printed, it reads back the same."""

import json

import pytest
from hypothesis import assume, currently_in_test_context, given
from hypothesis import strategies as st

from screener.language.parser import parse
from screener.language.printer import Printer
from screener.model import codec
from screener.model import rule as r
from screener.model.calendar import Span
from screener.model.trial import Criterion, Trial
from screener.vocabulary.load import catalogue
from tests import strategies as some

PRINTER = Printer(catalogue())
REFUSED = ("contradiction",)

FORMS = {
    "measurement": some.measurements(some.every()),
    "finding": some.findings(some.every()),
    "condition": some.conditions(some.every()),
    "marker": some.markers(some.every()),
    "therapy": some.therapies(some.every()),
    "duration": some.durations(some.every()),
    "steroid dose": some.steroid_doses(some.every()),
    "course": some.courses(some.every()),
    "response": some.responses(some.every()),
    "progression": st.builds(r.Progression, st.none() | some.windows(some.every())),
    "procedure": some.procedures(some.every()),
    "allergy": some.allergies(some.every()),
    "age": some.ages(),
    "manual": some.manuals(),
}


def read_back(rule: r.Rule) -> r.Rule:
    text = PRINTER.print(rule)
    read, problems = parse(text, catalogue())
    # What can be true of nobody is refused: such a rule the language cannot state.
    if currently_in_test_context():
        assume(not any(problem.code in REFUSED for problem in problems))
    assert not problems, f"{text}\n{problems[0]}"
    assert read is not None
    return read


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_statement_reads_back_as_it_was_printed(form: str) -> None:
    @some.examples(60)
    @given(FORMS[form])
    def law(rule: r.Rule) -> None:
        assert read_back(rule) == rule, PRINTER.print(rule)

    law()


@pytest.mark.parametrize("state", some.STATES)
def test_each_state_reads_back_as_it_was_printed(state: str) -> None:
    rule = r.Status(state)
    assert read_back(rule) == rule


@some.examples(120)
@given(some.rules(some.every(), leaves=8))
def test_every_rule_reads_back_as_it_was_printed(rule: r.Rule) -> None:
    assert read_back(rule) == rule, PRINTER.print(rule)


@some.examples(50)
@given(some.rules(some.every(), leaves=8))
def test_printing_what_was_printed_changes_nothing(rule: r.Rule) -> None:
    text = PRINTER.print(rule)
    assert PRINTER.print(read_back(rule)) == text


@some.examples(50)
@given(some.rules(some.few(), leaves=8), st.sampled_from(("upper", "spaced", "lines")))
def test_case_and_spacing_of_words_do_not_change_a_rule(rule: r.Rule, how: str) -> None:
    text = PRINTER.print(rule)
    if how == "upper" and '"' not in text:  # units and quoted words keep their case
        for word in (" and ", " or ", "not ", "within ", "prior ", "history of ", "at least "):
            text = text.replace(word, word.upper())
    elif how != "upper" and '"' not in text:
        text = text.replace(" and ", "  and\t" if how == "spaced" else "\nand\n")
    assert parse(text, catalogue())[0] == rule, text


@given(some.rules(some.every(), leaves=8))
def test_a_rule_kept_as_json_comes_back_the_same(rule: r.Rule) -> None:
    criterion = Criterion("I1", "inclusion", "text", rule, PRINTER.print(rule))
    trial = Trial("NCT00000000", "title", (criterion,), some.DISEASE, "curated", "full", "1", "0",
                  (("registry", "none"),))  # fmt: skip
    assert codec.made(json.loads(json.dumps(codec.plain(trial)))) == trial


@given(st.text(max_size=60))
def test_any_text_at_all_gives_a_rule_or_problems_never_both_or_neither(text: str) -> None:
    rule, problems = parse(text, catalogue())
    assert (rule is None) == bool(problems)


_SCRAPS = ("ALT", "creatinine", "< 3", "x ULN", "and", "or", "not", "(", ")", "if", "then", "17p-",
           "prior", "lenalidomide", "within", "4 weeks", "U/L", ",", "any of", "history of", "ECOG",
           "0-3", "manual(", '"x"', "at least 2 of", ";", "unless", "grade >= 3", "HIV infection",
           "best response", ">= PR", "age", "years", "stage", "except", "5 half-lives")  # fmt: skip


@some.examples(150)
@given(st.lists(st.sampled_from(_SCRAPS), max_size=9).map(" ".join))
def test_whatever_is_read_prints_and_reads_back_the_same(text: str) -> None:
    rule, problems = parse(text, catalogue())
    assert (rule is None) == bool(problems)
    if rule is not None:
        assert read_back(rule) == rule


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('active "hepatitis B"', "a qualifier and a name make another name"),
        ('manual("a\\u2019b")', "an escaped sign is folded when it is printed plainly"),
    ],
)
def test_what_reads_differently_unquoted_is_printed_so_that_it_reads_back(text: str, why: str) -> None:
    rule, _ = parse(text, catalogue())
    assert rule is not None
    assert read_back(rule) == rule, why


def test_all_of_several_drugs_is_not_read_as_any_of_them() -> None:
    both, _ = parse("all of lenalidomide, bortezomib lasting >= 2 months", catalogue())
    either, _ = parse("any of lenalidomide, bortezomib lasting >= 2 months", catalogue())
    assert both is None or both != either


def test_a_threshold_in_two_units_is_refused_where_the_units_convert() -> None:
    rule, _ = parse("creatinine < 2 mg/dL (or < 177 umol/L)", catalogue())
    assert rule is None


@pytest.mark.parametrize(
    "text",
    [
        "progression within 5 half-lives",
        "cumulative dose of corticosteroid >= 140 mg prednisone within 5 half-lives",
    ],
)
def test_half_lives_are_refused_where_no_drug_has_them(text: str) -> None:
    rule, _ = parse(text, catalogue())
    assert rule is None


def test_a_span_of_one_reads_back() -> None:
    rule = r.Procedure(("major_surgery",), window=r.Window("within", Span(1, "day")))
    assert PRINTER.print(rule) == "major surgery within 1 day"
    assert read_back(rule) == rule
