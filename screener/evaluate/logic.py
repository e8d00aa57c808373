"""The logical forms of a rule, each evaluated whole so that a report has no holes."""

from collections.abc import Callable, Iterable, Sequence

from screener.evaluate.chart import Chart
from screener.evaluate.outcome import Check, Grounds, Outcome, outcome_of
from screener.model import kleene
from screener.model.kleene import FALSE, TRUE, Truth, negation

Combine = Callable[[Iterable[Truth]], Truth]


class Logic:
    """A form with parts. `name` says which: and, or, not, at least, if, unless."""

    def __init__(self, name: str, form: str, parts: Sequence[Check], count: int = 0) -> None:
        self.name = name
        self.form = form
        self.parts = tuple(parts)
        self.count = count
        self.combine: Combine = _COMBINE.get(name, self._at_least)

    def __call__(self, chart: Chart) -> Outcome:
        children = tuple([outcome_of(part, chart) for part in self.parts])
        return Outcome(self.combine([child.truth for child in children]), self, None, children)

    def _at_least(self, truths: Iterable[Truth]) -> Truth:
        return kleene.at_least(self.count, truths)

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        said = [child.check.grounds(child, chart).reason for child in deciding(outcome)]
        return Grounds("; ".join(dict.fromkeys(said)))


def _not(truths: Iterable[Truth]) -> Truth:
    (truth,) = truths
    return negation(truth)


def _if(truths: Iterable[Truth]) -> Truth:
    condition, then = truths
    return kleene.disjunction((negation(condition), then))


def _unless(truths: Iterable[Truth]) -> Truth:
    statement, exception = truths
    return kleene.conjunction((statement, negation(exception)))


_COMBINE: dict[str, Combine] = {
    "and": kleene.conjunction, "or": kleene.disjunction, "not": _not, "if": _if, "unless": _unless,
}  # fmt: skip


def parts_deciding(outcome: Outcome) -> list[Outcome]:
    """The parts of an outcome that its truth rests on."""
    truth, children, check = outcome.truth, outcome.children, outcome.check
    name = check.name if isinstance(check, Logic) else ""
    match name:
        case "not":
            return list(children)
        case "if" | "unless":
            return _two_deciding(name, truth, children)
        case "and" if truth is TRUE:
            return list(children)
        case "or" if truth is FALSE:
            return list(children)
        case _:
            return [child for child in children if child.truth is truth]


def _two_deciding(name: str, truth: Truth, children: Sequence[Outcome]) -> list[Outcome]:
    first, second = children
    if name == "if":
        if truth is TRUE:
            return [first] if first.truth is FALSE else [second]
        if truth is FALSE:
            return [first, second]
    else:
        if truth is TRUE:
            return [first, second]
        if truth is FALSE:
            return [first] if first.truth is FALSE else [second]
    unknown = [child for child in children if child.truth is kleene.UNKNOWN]
    return unknown or list(children)


def deciding(outcome: Outcome) -> list[Outcome]:
    """The statements that the truth of an outcome rests on, in their order."""
    if not outcome.children:
        return [outcome]
    return [leaf for part in parts_deciding(outcome) for leaf in deciding(part)]


def does_not_apply(outcome: Outcome) -> bool:
    """Whether an `if … then` holds because its condition does not."""
    return (isinstance(outcome.check, Logic) and outcome.check.name == "if"
            and outcome.children[0].truth is FALSE)  # fmt: skip
