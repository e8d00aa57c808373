"""Drafted criteria → criteria that a rule file may hold: their rules printed, and read back as they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from json import dumps
from unicodedata import normalize

from screener.drafting.draft import Draft
from screener.drafting.groups import DraftedCriterion
from screener.drafting.questions import Items, items_by_criterion, questions_of
from screener.drafting.reader import Standing
from screener.drafting.second_look import of_the_other_sex, other_than
from screener.language.parser import parse
from screener.language.printer import Printer
from screener.language.tokens import MAX_LENGTH
from screener.model import rule as r
from screener.model.trial import CriterionKind
from screener.model.walk import statements
from screener.vocabulary.catalogue import Catalogue

_MOST_QUOTED, _MOST_ESCAPED = 15_000, 2_000  # characters of one quotation
NO_DISEASE = (
    "the disease of the trial is not recognised, so what another malignancy is cannot be told: "
    "name the disease at the top (`disease: …`), then state the rule"
)
OWN_DISEASE = "read as another disease than the trial's own: is that meant?"
ASSUMED = "no heading of the text says that this is an inclusion: is it one?"
UNCLEAR = (
    "nothing says whether this is an inclusion or an exclusion, since a heading above it is not understood: "
    "which is it?"
)
OTHER_SEX = "what is asked of men stands under what holds for women, or the reverse: state each for its own"


@dataclass(frozen=True, slots=True)
class Finished:
    """One criterion as the rule file, the report and the JSON show it."""

    id: str
    kind: CriterionKind
    text: str
    rule: str  # in the criterion language
    meaning: r.Rule  # what the language reads in it
    standing: Standing
    questions: tuple[str, ...]
    reversed: bool = False


def finished(draft: Draft, catalogue: Catalogue) -> tuple[Finished, ...]:
    """The criteria of a draft, each with a rule that the language accepts and what is left to ask.

    A rule that the language would refuse becomes a quotation of the whole text: a file that cannot
    be loaded helps nobody, and a question says what was drafted and why it was refused.
    """
    printer = Printer(catalogue)
    items = items_by_criterion(draft)
    return tuple(_finished(draft, items, criterion, printer) for criterion in draft.criteria)


def _finished(draft: Draft, items: Items, drafted: DraftedCriterion, printer: Printer) -> Finished:
    meant = other_than(draft.disease, drafted.rule, drafted.kind, printer.catalogue)
    criterion = replace(drafted, rule=meant)
    rule, refusals = _accepted(criterion, printer)
    notes = (OWN_DISEASE,) if meant != drafted.rule and draft.disease else ()
    if not refusals and of_the_other_sex(meant):
        refusals = (OTHER_SEX,)
    if not refusals and not draft.disease and _speaks_of_others(criterion.rule):
        # Without a disease every malignancy would be another one, that of the trial too: decided so,
        # the very patients whom the trial is for would be excluded.
        refusals = (NO_DISEASE,)
    standing, reversed_ = criterion.standing, criterion.reversed
    asked = _of_the_side(criterion, printer, rule)
    if criterion.side == "assumed" and standing == "understood":
        standing = "partly"
    if rule is None or refusals or criterion.side == "unclear":
        rule = _quotation(criterion.text)
        standing, reversed_ = "partly" if standing == "understood" else standing, False
    questions = (*refusals, *notes, *questions_of(items, criterion))
    return Finished(
        criterion.id, criterion.kind, " ".join(criterion.text.split()), printer.print(rule), rule,
        standing, asked if criterion.side == "unclear" else (*asked, *questions), reversed_,
    )  # fmt: skip


def _of_the_side(criterion: DraftedCriterion, printer: Printer, rule: r.Rule | None) -> tuple[str, ...]:
    """What is asked where no heading tells an inclusion from an exclusion."""
    if criterion.side == "told":
        return ()
    if criterion.side == "assumed":
        return (ASSUMED,)
    decides = rule is not None and not isinstance(rule, r.Manual)
    return (
        UNCLEAR,
        *([f"as an inclusion its rule is: {_short(printer.print(rule))}"] if decides and rule else []),
    )


def _accepted(criterion: DraftedCriterion, printer: Printer) -> tuple[r.Rule | None, tuple[str, ...]]:
    """The rule as the language reads it, or why the language refuses it."""
    printed = printer.print(criterion.rule)
    rule, problems = parse(printed, printer.catalogue, criterion.kind)
    if rule is not None and _bare(printer.print(rule)) == _bare(printed):
        return rule, ()
    why = "; ".join(dict.fromkeys(problem.message for problem in problems)) or "it would be read otherwise"
    return None, (f"the rule that was drafted cannot stand ({_short(why)}): {_short(printed)}",)


def _bare(text: str) -> str:
    """What must not change when a rule is read: all but blanks and how letters are composed."""
    return normalize("NFC", "".join(text.split()))


def _quotation(text: str) -> r.Manual:
    folded = normalize("NFC", " ".join(text.split()))
    # A longer rule would be refused; escapes make a short text long.
    most = _MOST_QUOTED if len(dumps(folded)) < MAX_LENGTH else _MOST_ESCAPED
    return r.Manual(_short(folded, most))


def _speaks_of_others(rule: r.Rule) -> bool:
    return any(isinstance(part, r.Condition) and part.other for part in statements(rule))


def _short(text: str, most: int = 300) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def counts(criteria: Sequence[Finished]) -> dict[Standing, int]:
    """How many criteria stand how; all four ways are named."""
    ways: tuple[Standing, ...] = ("understood", "partly", "a person's to decide", "not understood")
    return {way: sum(criterion.standing == way for criterion in criteria) for way in ways}
