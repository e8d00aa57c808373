"""The parts of a rule, and every statement in it."""

from collections.abc import Iterator

from screener.model import rule as r


def parts(rule: r.Rule) -> tuple[r.Rule, ...]:
    """The rules that a rule joins, from left to right; none for a statement."""
    match rule:
        case r.All(of=of) | r.Any(of=of) | r.AtLeast(of=of):
            return of
        case r.Not(rule=inner):
            return (inner,)
        case r.If(condition=first, then=second) | r.Unless(rule=first, exception=second):
            return (first, second)
        case _:
            return ()


def statements(rule: r.Rule) -> Iterator[r.Statement]:
    """The statements of a rule, from left to right."""
    match rule:
        case r.All() | r.Any() | r.AtLeast() | r.Not() | r.If() | r.Unless():
            for part in parts(rule):
                yield from statements(part)
        case _:
            yield rule


def quotes(rule: r.Rule) -> bool:
    """Whether a person must answer a part of it: a quotation, or the one that says which cases are meant."""
    return any(isinstance(one, r.Manual) or (isinstance(one, r.Condition)
               and any(part.that for part in (*one.patterns, *one.exceptions)))
               for one in statements(rule))  # fmt: skip


def listed(statement: r.Statement) -> tuple[str, ...]:
    """The concepts that a statement lists."""
    match statement:
        case r.Measurement(concepts=names) | r.Finding(concepts=names) | r.Marker(concepts=names):
            return names
        case r.Procedure(concepts=names) | r.Course(names=names) | r.Response(names=names):
            return names
        case r.Therapy(exposure=r.Exposure(names=names)) | r.Allergy(substances=names):
            return names
        case _:
            return ()
