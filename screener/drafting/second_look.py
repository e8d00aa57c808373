"""A second look at a whole criterion: its own disease among the exclusions, men under `if female`."""

import re
from dataclasses import replace

from screener.model import rule as r
from screener.model.trial import CriterionKind
from screener.model.walk import statements
from screener.vocabulary.catalogue import Catalogue

_OF_MEN = re.compile(r"(?:male|men|man)\b", re.IGNORECASE)
_OF_WOMEN = re.compile(r"(?:female|women|woman|WOCBP|FCBP)\b", re.IGNORECASE)
_BROADEST = "malignancy"


def other_than(disease: str, rule: r.Rule, kind: CriterionKind, catalogue: Catalogue) -> r.Rule:
    """The rule with each broader disease that keeps patients out read as another one: in a trial of
    myeloma, `prior malignancy` among the exclusions does not mean the myeloma."""
    return _without_own(rule, kind == "exclusion", disease, catalogue)


def _without_own(rule: r.Rule, keeps_out: bool, disease: str, catalogue: Catalogue) -> r.Rule:
    match rule:
        case r.Condition() if keeps_out and not rule.other and _holds(rule, disease, catalogue):
            return replace(rule, other=True)
        case r.Not(rule=denied):
            return r.Not(_without_own(denied, not keeps_out, disease, catalogue))
        case r.All(of=of) | r.Any(of=of):
            return replace(rule, of=tuple(_without_own(part, keeps_out, disease, catalogue) for part in of))
        case r.If(condition=condition, then=then):
            return r.If(condition, _without_own(then, keeps_out, disease, catalogue))
        case r.Unless(rule=main):
            return replace(rule, rule=_without_own(main, keeps_out, disease, catalogue))
        case _:
            return rule


def _holds(rule: r.Condition, disease: str, catalogue: Catalogue) -> bool:
    """Whether the disease is one of those named, and none of them by its own name."""
    if not disease:
        return any(pattern.concept == _BROADEST for pattern in rule.patterns)
    if not catalogue.is_a(disease, _BROADEST):
        return False
    broader = set(catalogue.ancestors(disease))
    excepted = {pattern.concept for pattern in rule.exceptions}
    return disease not in excepted and any(pattern.concept in broader for pattern in rule.patterns)


def of_the_other_sex(rule: r.Rule) -> bool:
    """Whether words on men stand under `if female`, or words on women under `if male`."""
    match rule:
        case r.If(condition=r.Sex(sex=sex), then=then):
            other = _OF_MEN if sex == "female" else _OF_WOMEN
            return any(other.match(words) for words in _quoted(then))
        case r.If(condition=r.Status(), then=then):
            return any(_OF_MEN.match(words) for words in _quoted(then))
        case r.All(of=of) | r.Any(of=of):
            return any(of_the_other_sex(part) for part in of)
        case _:
            return False


def _quoted(rule: r.Rule) -> list[str]:
    return [statement.text for statement in statements(rule) if isinstance(statement, r.Manual)]
