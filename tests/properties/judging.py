"""What the laws have in common: a profile and a rule in, truths and results out."""

from datetime import date

from screener.evaluate.chart import Chart
from screener.evaluate.predicate import Compiler
from screener.evaluate.screening import compiled, screened
from screener.intake.json_profile import profile_of
from screener.language.printer import Printer
from screener.model import rule as r
from screener.model.kleene import Truth
from screener.model.trial import Criterion, Trial
from screener.model.verdict import ScreeningResult
from screener.vocabulary.load import catalogue
from tests.strategies import AS_OF, DISEASE, Profile

TRIAL = "NCT00000000"
SETTLED = (Truth.TRUE, Truth.FALSE)
COMPILER = Compiler(catalogue(), DISEASE)
PRINTER = Printer(catalogue())


def chart_of(profile: Profile, as_of: date = AS_OF) -> Chart:
    patient, problems = profile_of(profile)
    assert patient is not None, problems
    return Chart(patient, catalogue(), as_of)


def truth(rule: r.Rule, chart: Chart) -> Truth:
    return COMPILER.compile(rule)(chart).truth


def truths(rules: list[r.Rule], profile: Profile, as_of: date = AS_OF) -> list[Truth]:
    chart = chart_of(profile, as_of)
    return [truth(rule, chart) for rule in rules]


def trial_of(rules: list[r.Rule], kind: str = "inclusion") -> Trial:
    criteria = tuple(
        Criterion(f"{kind[0].upper()}{number}", kind, "text", rule, PRINTER.print(rule))
        for number, rule in enumerate(rules, 1)
    )
    return Trial(TRIAL, "title", criteria, DISEASE, "curated", "full", "1", "0")


def screen(profile: Profile, trial: Trial, as_of: date = AS_OF) -> ScreeningResult:
    return screened(chart_of(profile, as_of), compiled(trial, catalogue()))


def unlike(rules: list[r.Rule], before: list[Truth], after: list[Truth]) -> list[str]:
    """The rules that were settled and are so no more, or otherwise."""
    return [f"{PRINTER.print(rule)}: {was.value} -> {now.value}"
            for rule, was, now in zip(rules, before, after, strict=True)
            if was is not Truth.UNKNOWN and now is not was]  # fmt: skip


def flipped(rules: list[r.Rule], before: list[Truth], after: list[Truth]) -> list[str]:
    """The rules that were settled one way and are now the other way."""
    return [f"{PRINTER.print(rule)}: {was.value} -> {now.value}"
            for rule, was, now in zip(rules, before, after, strict=True)
            if was in SETTLED and now in SETTLED and now is not was]  # fmt: skip
