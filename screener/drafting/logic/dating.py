"""A time behind a list of events: `myocardial infarction or bypass within 6 months` dates each of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from screener.drafting.logic.dated_lists import EVER
from screener.drafting.logic.parts import Node, Part
from screener.drafting.logic.shapes import is_bare, is_class, is_dated, is_limit
from screener.drafting.logic.times import timed
from screener.model import rule as r
from screener.model.calendar import Span
from screener.model.walk import statements

_NOW = ("symptomatic_", "uncontrolled_", "active_")
_OR_TREATED = re.compile(r"(?:been )?diagnosed (?:with )?or treated for\b", re.IGNORECASE)
_EXCEPTIONS = re.compile(r",?\s*\(?\b(?:with the exception|except|other than)\b", re.IGNORECASE)


def dated_alike(nodes: Sequence[Node], events: frozenset[str], text: str) -> list[Node]:
    """The nodes with the time of the last one on the events before it that have none.

    `events`: the conditions and procedures that happen on a day. A time dates a list of nothing else: of
    a disease that lasts (`diabetes or stroke within 6 months`) nobody says when it began.
    """
    measured = _measured_alike(nodes)
    if measured is not None:
        return measured
    window = _window(nodes[-1].rule)
    if window is not None and _names_others(nodes):
        return [*(node._replace(rule=_with(node.rule, window)) for node in nodes[:-1]), nodes[-1]]
    first = next((at for at, node in enumerate(nodes) if _undated(node.rule, events)), len(nodes))
    between = nodes[first:-1]
    ever = EVER in text[nodes[0].start : nodes[-1].end].casefold()
    if window is None or ever or not all(_undated(node.rule, events) for node in between):
        return list(nodes)
    if any(is_bare(node.rule) or is_dated(node.rule) for node in nodes[:first]):
        return list(nodes)
    dated = [node._replace(rule=_with(node.rule, window)) for node in between]
    return [*nodes[:first], *dated, nodes[-1]]


def _names_others(nodes: Sequence[Node]) -> bool:
    """`infection that requires antibiotics or other serious infection within 7 days`: of one disease."""
    first, *others = (node.rule for node in nodes)
    last = others[-1] if others else None
    if not isinstance(first, r.Condition) or not isinstance(last, r.Condition) or len(others) > 1:
        return False
    plain = not (first.history or first.other or first.exceptions) and last.other
    names = {one.concept for one in (*first.patterns, *last.patterns)}
    undated = all(one.window is None and "active" not in one.qualifiers for one in first.patterns)
    return plain and len(names) == 1 and undated


def _measured_alike(nodes: Sequence[Node]) -> list[Node] | None:
    """`ANC >= 1 and platelets >= 75 within 14 days`: the time of the last value is that of all; None where
    they are no such list."""
    if not all(node.kind == "rule" and is_limit(node.rule) for node in nodes):
        return None
    *others, last = (_measured_within(node.rule) for node in nodes)
    if len(last) != 1 or any(others):
        return None
    window = r.Window("within", last.pop())
    return [*(node._replace(rule=timed(node.rule, window) or node.rule) for node in nodes[:-1]), nodes[-1]]


def _measured_within(rule: r.Rule | None) -> set[Span]:
    """The times within which values of a rule were measured."""
    found = statements(rule) if rule is not None else ()
    return {
        one.within for one in found if isinstance(one, r.Measurement | r.Finding) and one.within is not None
    }


def _window(rule: r.Rule | None) -> r.Window | None:
    """The one time of a rule, if it is a length of the calendar."""
    windows = set(_windows(rule))
    window = windows.pop()
    return window if not windows and window is not None and isinstance(window.extent, Span) else None


def _windows(rule: r.Rule | None) -> Iterator[r.Window | None]:
    match rule:
        case r.Procedure(window=window) | r.Therapy(window=window):
            yield window
        case r.Condition(patterns=patterns):
            yield from (pattern.window for pattern in patterns)
        case r.Any(of=of):
            for part in of:
                yield from _windows(part)
        case r.Measurement(within=Span() as extent) if is_class(rule):  # NYHA class III within 6 months
            yield r.Window("within", extent)
        case _:
            yield None


def _undated(rule: r.Rule | None, events: frozenset[str]) -> bool:
    """Whether a rule speaks of events without a time, and of nothing else."""
    match rule:
        case r.Procedure(concepts=names, window=None, exceptions=()):
            return events.issuperset(names)
        case r.Condition(patterns=patterns, exceptions=()):
            return all(one == r.Pattern(one.concept) and one.concept in events for one in patterns)
        case r.Any(of=of):
            return all(_undated(part, events) for part in of)
        case _:
            return False


def _with(rule: r.Rule | None, window: r.Window) -> r.Rule | None:
    match rule:
        case r.Procedure():
            return replace(rule, window=window)
        case r.Condition(patterns=patterns):
            return replace(rule, patterns=tuple(replace(one, window=window) for one in patterns))
        case r.Any(of=of):
            return r.Any(tuple(part for part in (_with(part, window) for part in of) if part is not None))
        case _:
            return rule


def dated_events(rule: r.Rule | None, window: r.Window, events: frozenset[str]) -> r.Rule | None:
    """`uncontrolled hypertension, symptomatic heart failure, unstable angina or infarction within 6 months`.

    The events at the end of a list happened in that time, where each before them is told to be there now.
    """
    plain = isinstance(rule, r.Condition) and not (rule.history or rule.other or rule.exceptions)
    if not isinstance(rule, r.Condition) or not plain or rule.quantifier != "any":
        return None
    if not isinstance(window.extent, Span) or any(one.window for one in rule.patterns):
        return None
    at = len(rule.patterns)
    while at and _happens(rule.patterns[at - 1], events):
        at -= 1
    present, happened = rule.patterns[:at], rule.patterns[at:]
    if not present or not happened or not all(map(_is_there_now, present)):
        return None
    dated = tuple(replace(one, window=window) for one in happened)
    return r.Any((replace(rule, patterns=present), replace(rule, patterns=dated)))


def _happens(pattern: r.Pattern, events: frozenset[str]) -> bool:
    return pattern == r.Pattern(pattern.concept) and pattern.concept in events


def _is_there_now(pattern: r.Pattern) -> bool:
    """`uncontrolled hypertension`: an adjective says how it is, so it is no event of the past."""
    now = {"uncontrolled", "active"} & {*pattern.qualifiers} or pattern.concept.startswith(_NOW)
    return bool(now) or pattern.that.casefold() in ("symptomatic", "unstable")


def dated(rule: r.Rule | None, window: r.Window) -> r.Rule | None:
    """A disease, or a value, with the time that was said apart from it; None where it has one already."""
    if not isinstance(rule, r.Condition):
        return timed(rule, window)
    if any(one.window or "active" in one.qualifiers for one in (*rule.patterns, *rule.exceptions)):
        return None  # active then, which it need not be now
    return _with(rule, window)


def or_treated(claim: Part, text: str) -> Part:
    """`diagnosed or treated for A within 2 years`: an older disease may have been treated since; a person
    says whether it was."""
    rule = claim.rule
    if not isinstance(rule, r.Condition) or not rule.history or not _OR_TREATED.match(text, claim.start):
        return claim
    if all(pattern.window is None for pattern in rule.patterns):
        return claim
    said = _EXCEPTIONS.split(text[claim.start : claim.end], maxsplit=1)[0]
    that = " ".join(said.split())
    asked = tuple(replace(pattern, window=None, that=that) for pattern in rule.patterns)
    return claim._replace(rule=replace(rule, patterns=asked))
