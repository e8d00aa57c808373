"""draft-differs: a text that the drafter understands whole says what its rule says, or a note says why."""

from collections.abc import Hashable, Iterator
from dataclasses import replace

from screener.drafting.reader import reader
from screener.language.printer import Printer
from screener.model import rule as r
from screener.model.trial import Trial
from screener.model.walk import quotes
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:
    if trial.status == "drafted":
        return  # where it differs from its draft, a person has been at work on it
    printer = Printer(catalogue)
    for criterion in trial.criteria:
        if criterion.note:
            continue
        reading = reader(catalogue).read(criterion.text, criterion.kind)
        if reading.standing != "understood" or quotes(reading.rule):
            continue  # which words are quoted is a matter of taste
        if not alike(reading.rule, criterion.rule, printer):
            yield Finding("draft-differs", criterion.id,
                          f"its text alone is drafted otherwise: {printer.print(reading.rule)}",
                          "mend the rule, or say in a note why the text is read so")  # fmt: skip


def alike(one: r.Rule, other: r.Rule, printer: Printer) -> bool:
    """Whether two rules say the same, whatever the order in which they say it."""
    return _form(one, printer) == _form(other, printer)


def _form(rule: r.Rule, printer: Printer) -> Hashable:
    """A form that two rules share if they differ in order, brackets or lists alone."""
    match _opened(rule):
        case r.All(of=of):
            return "all", frozenset(_form(part, printer) for part in _flat(r.All, of))
        case r.Any(of=of):
            return "any", frozenset(_form(part, printer) for part in _flat(r.Any, of))
        case r.AtLeast(count=count, of=of):
            return count, tuple(sorted(repr(_form(part, printer)) for part in of))
        case r.Not(rule=inner):
            return "not", _form(inner, printer)
        case r.If(condition=first, then=second):
            return "if", _form(first, printer), _form(second, printer)
        case r.Unless(rule=first, exception=second):
            return "unless", _form(first, printer), _form(second, printer)
        case statement:
            return printer.print(statement)


def _flat(join: type[r.All | r.Any], of: tuple[r.Rule, ...]) -> Iterator[r.Rule]:
    for part in map(_opened, of):
        if isinstance(part, r.All | r.Any) and isinstance(part, join):
            yield from _flat(join, part.of)
        else:
            yield part


def _opened(rule: r.Rule) -> r.Rule:
    """A statement about a list as statements about its members."""
    match rule:
        case r.Measurement(concepts=names) | r.Finding(concepts=names) if len(names) > 1:
            return _join(rule.quantifier, *(replace(rule, concepts=(name,), quantifier="all")
                                            for name in names))  # fmt: skip
        case r.Marker(concepts=names) | r.Procedure(concepts=names) if len(names) > 1:
            return _join(rule.quantifier, *(replace(rule, concepts=(name,), quantifier="any")
                                            for name in names))  # fmt: skip
        case r.Condition(patterns=patterns) if len(patterns) > 1:
            return _join(rule.quantifier, *(replace(rule, patterns=(one,), quantifier="any")
                                            for one in patterns))  # fmt: skip
        case r.Allergy(substances=names) if len(names) > 1:
            return _join(rule.quantifier, *(replace(rule, substances=(name,), quantifier="any")
                                            for name in names))  # fmt: skip
        case r.Therapy(exposure=exposure) if len(exposure.names) > 1:
            return _join(rule.quantifier, *(
                replace(rule, exposure=replace(exposure, names=(name,)), quantifier="any")
                for name in exposure.names))  # fmt: skip
        case _:
            return rule


def _join(quantifier: r.Quantifier, *rules: r.Rule) -> r.Rule:
    return r.All(rules) if quantifier == "all" else r.Any(rules)
