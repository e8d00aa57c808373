"""Every statement of a rule, for lints."""

from collections.abc import Iterator

from screener.model import rule as r


def statements(rule: r.Rule) -> Iterator[r.Statement]:
    """The statements of a rule, from left to right."""
    match rule:
        case r.All(of=of) | r.Any(of=of) | r.AtLeast(of=of):
            for part in of:
                yield from statements(part)
        case r.Not(rule=inner):
            yield from statements(inner)
        case r.If(condition=first, then=second) | r.Unless(rule=first, exception=second):
            yield from statements(first)
            yield from statements(second)
        case _:
            yield rule


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
