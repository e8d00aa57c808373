"""A time that was said apart from what it holds for."""

from dataclasses import replace

from screener.model import rule as r
from screener.model.calendar import Span


def timed(rule: r.Rule | None, window: r.Window | None) -> r.Rule | None:
    """The rule with a time that was said apart from it; None where it cannot take one."""
    if window is None or rule is None:
        return rule
    match rule:
        case r.Measurement() | r.Finding():
            if rule.within is not None or window.relation != "within" or not isinstance(window.extent, Span):
                return None
            return replace(rule, within=window.extent)
        case r.Therapy():
            return replace(rule, window=window, ongoing=False) if rule.window is None else None
        case r.Procedure():
            dated = isinstance(window.extent, Span) and rule.window is None
            return replace(rule, window=window) if dated else None
        case r.All() | r.Any():
            return _each_timed(rule, window)
        case r.If(then=limit):
            then = timed(limit, window)
            return None if then is None else replace(rule, then=then)
        case r.Age() | r.Sex():
            return rule
        case _:
            return None


def _each_timed(rule: r.All | r.Any, window: r.Window) -> r.Rule | None:
    """A time said of a measurement is not said of the condition or the treatment beside it."""
    parts = tuple(timed(part, window) or part for part in rule.of)
    return None if parts == rule.of else type(rule)(parts)
