"""A limit for all and another one for some: `ALT <= 3 x ULN; if liver metastases, ALT <= 5 x ULN`."""

from collections.abc import Sequence

from screener.model import rule as r


def for_some(rules: Sequence[r.Rule], word: str) -> tuple[r.Rule, ...] | None:
    """The members of a conjunction (`and`) or disjunction (`or`), with each limit for some set against
    the limit for all; None where it is not clear how the two go together."""
    found = list(rules)
    for special in [rule for rule in rules if _case(rule) is not None]:
        general = next((rule for rule in found if _same_subject(rule, _case(special))), None)
        if general is None:
            continue
        joined = _together(general, special, word)
        if joined is None:
            return None
        if joined is not special:
            found = [joined if rule is general else rule for rule in found if rule is not special]
    return tuple(found)


def weaker(limit: r.Limit, other: r.Limit) -> bool:
    """Whether everyone who meets `limit` meets `other`, a limit of the same side and unit."""
    if (limit.unit, limit.beyond) != (other.unit, other.beyond):
        return False
    return other.value <= limit.value if limit.comparator[0] == ">" else other.value >= limit.value


def _complete(limit: r.Limit, other: r.Limit) -> bool:
    """Whether each value meets one of the two, and none both."""
    signs = {limit.comparator, other.comparator} in ({"<=", ">"}, {"<", ">="})
    return signs and (limit.value, limit.beyond) == (other.value, other.beyond)


def _case(rule: r.Rule) -> r.Measurement | None:
    """The limit that holds for some only."""
    match rule:
        case r.If(then=r.Measurement() as limit) | r.All(of=(_, r.Measurement() as limit)):
            return limit
        case _:
            return None


def _where(rule: r.Rule) -> r.Rule:
    match rule:
        case r.If(condition=where) | r.All(of=(where, _)):
            return where
        case _:
            return rule


def _same_subject(rule: r.Rule, case: r.Measurement | None) -> bool:
    return isinstance(rule, r.Measurement) and case is not None and rule.concepts == case.concepts


def _together(general: r.Rule, special: r.Rule, word: str) -> r.Rule | None:
    """What the two come to; `special` itself where both stand as they are."""
    case, where = _case(special), _where(special)
    if not isinstance(general, r.Measurement) or case is None:
        return None
    first, second = general.test, case.test
    if not isinstance(first, r.Limit) or not isinstance(second, r.Limit) or first.unit != second.unit:
        return None
    if isinstance(special, r.If) and _complete(first, second):
        return r.Any((general, where))  # `in Gilbert's syndrome it may be more`
    if first.comparator[0] != second.comparator[0]:
        return None if isinstance(special, r.If) else special  # `may have bilirubin > 2 x ULN`
    if isinstance(special, r.If):  # an inclusion: the weaker limit is an exception, the stricter one more
        return r.Any((general, r.All((where, case)))) if weaker(first, second) else special
    if word == "or" and not weaker(first, second):  # an exclusion: who has the other limit has not this one
        return r.Any((r.All((r.Not(where), general)), special))
    return special
