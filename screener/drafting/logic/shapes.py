"""What kind of rule a rule is: the questions that the joining of claims asks."""

from screener.model import rule as r

TREATED = (r.Therapy, r.Procedure)
NOUNS = (r.Condition, r.Marker, r.Therapy, r.Procedure, r.Allergy, r.Course, r.Status)


def can_be_narrowed(rule: r.Rule | None) -> bool:
    """One disease without exceptions: words that are not understood may narrow it."""
    return isinstance(rule, r.Condition) and len(rule.patterns) == 1 and not rule.exceptions


def is_named_state(rule: r.Rule | None) -> bool:
    """A disease named without a time, or its absence: what a definition in numbers may stand for."""
    rule = rule.rule if isinstance(rule, r.Not) else rule
    if not isinstance(rule, r.Condition) or rule.history or rule.other or rule.exceptions:
        return False
    return all(pattern.window is None and pattern.grade is None for pattern in rule.patterns)


def is_listed(rule: r.Rule | None) -> bool:
    """Several diseases that are there now, of which one is enough."""
    if not isinstance(rule, r.Condition) or rule.history or rule.other or rule.exceptions:
        return False
    return (
        len(rule.patterns) > 1 and rule.quantifier == "any" and all(not one.window for one in rule.patterns)
    )


def is_dated(rule: r.Rule | None) -> bool:
    """A disease or treatment of a stated time."""
    match rule:
        case r.Therapy(window=window) | r.Procedure(window=window):
            return window is not None
        case r.Condition(patterns=patterns):
            return all(pattern.window for pattern in patterns)
        case r.Any(of=of):
            return all(is_dated(part) for part in of)
        case r.All(of=(r.Procedure(window=window), r.Manual())):  # radiotherapy, if it was meant
            return window is not None
        case _:
            return False


def is_bare(rule: r.Rule | None) -> bool:
    """A disease or treatment named without a time, and without words that say that it is there now."""
    match rule:
        case r.Therapy(window=window, ongoing=ongoing):
            return window is None and not ongoing
        case r.Procedure(window=window):
            return window is None
        case r.Condition(patterns=patterns):
            return any(pattern == r.Pattern(pattern.concept) for pattern in patterns)
        case r.Any(of=of):
            return any(is_bare(part) for part in of)
        case _:
            return False


def is_of_women(rule: r.Rule | None) -> bool:
    """States of women alone: pregnancy and the like."""
    match rule:
        case r.Status(state=state):
            return state != "transplant candidate"
        case r.Any(of=of):
            return all(isinstance(part, r.Status) and is_of_women(part) for part in of)
        case _:
            return False


def is_class(rule: r.Rule | None) -> bool:
    """A functional class, which is always one of a disease: NYHA class III heart failure."""
    return isinstance(rule, r.Measurement) and set(rule.concepts) <= {"nyha", "ccs"}


def tells_how_bad(rule: r.Rule | None) -> bool:
    """A value that many diseases limit: it says how bad one of them is, and makes none of them."""
    return is_class(rule) or (
        isinstance(rule, r.Measurement) and rule.concepts == ("fev1_percent_predicted",)
    )


def names_several(rule: r.Rule | None) -> bool:
    """Different diseases, or their absence."""
    rule = rule.rule if isinstance(rule, r.Not) else rule
    return isinstance(rule, r.Condition) and len({one.concept for one in rule.patterns}) > 1


def is_measured(rule: r.Rule | None) -> bool:
    """Told in measurements throughout."""
    match rule:
        case r.Measurement() | r.Finding():
            return True
        case r.All(of=(r.Sex(), limit)):  # one that holds for men or for women
            return is_measured(limit)
        case r.All(of=of) | r.Any(of=of):
            return all(is_measured(part) for part in of)
        case _:
            return False


def is_limit(rule: r.Rule | None) -> bool:
    """Told in measurements, of which some hold for some patients only: `<= 2 mg/dL (3 if Gilbert's)`."""
    match rule:
        case r.All(of=(_, r.Measurement())) | r.If(then=r.Measurement()):
            return True
        case r.All(of=of) | r.Any(of=of):
            return all(is_limit(part) for part in of)
        case _:
            return is_measured(rule)


def names_people(rule: r.Rule | None) -> bool:
    """Of whom a sentence speaks: men, women, women who can have children."""
    return isinstance(rule, r.Sex) or (isinstance(rule, r.Status) and rule.state == "childbearing potential")


def names_candidate(rule: r.Rule | None) -> bool:
    """Whether somebody is a candidate for a transplant, or is none."""
    rule = rule.rule if isinstance(rule, r.Not) else rule
    return isinstance(rule, r.Status) and rule.state == "transplant candidate"


def has_form(rule: r.Rule) -> bool:
    """Whether `if` or `unless` is in it: neither may stand under another."""
    match rule:
        case r.If() | r.Unless():
            return True
        case r.All(of=of) | r.Any(of=of):
            return any(has_form(part) for part in of)
        case _:
            return False


def one_way(rule: r.Rule) -> r.Rule:
    """What holds for some (`if A then B`) as one of several ways: who is not among them has not gone it."""
    return r.All((rule.condition, rule.then)) if isinstance(rule, r.If) else rule


def same_scale(one: r.Rule, other: r.Rule | None) -> bool:
    """ECOG with Karnofsky or Lansky in brackets: one requirement on two scales, of which one falls as the
    other rises."""
    if not isinstance(one, r.Measurement) or not isinstance(other, r.Measurement):
        return False
    if not (set(one.concepts) <= _SCALES and set(other.concepts) <= _SCALES):
        return False
    opposed = ("ecog" in one.concepts) != ("ecog" in other.concepts)
    sides = [rule.test.comparator[0] for rule in (one, other) if isinstance(rule.test, r.Limit)]
    return len(sides) < 2 or (sides[0] != sides[1]) == opposed


_SCALES = frozenset({"ecog", "karnofsky", "lansky"})
