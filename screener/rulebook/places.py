"""Where in a rule file a problem of a rule's text stands."""

from dataclasses import replace

from screener import strict_yaml
from screener.errors import Problem
from screener.strict_yaml import Scalar


def in_rule(lines: list[str], node: Scalar, identifier: str, problem: Problem) -> Problem:
    """A problem of a rule's text, placed in the file, at the beginning of the rule if need be."""
    line, _, column = (problem.place or "1:1").partition(":")
    before = node.text.strip().split("\n")[: int(line)]
    before[-1] = before[-1][: int(column) - 1]
    place = _spot(lines, node, "".join(before)) or (node.line, node.column)
    message = f"{problem.message} (rule of {identifier})" if identifier else problem.message
    width = max(1, problem.snippet.rpartition("\n")[2].count("^"))
    return strict_yaml.place_problem(lines, *place, replace(problem, message=message), width)


def _spot(lines: list[str], node: Scalar, before: str) -> tuple[int, int] | None:
    """Where in the file the text goes on after `before`, which it may hold folded, in a block or in
    quotes; None where that cannot be told (an escape within quotes)."""
    row = lines[node.line - 1]
    block = node.quoted and row[node.column - 1 : node.column] in ("|", ">")
    line, column = (node.line, 0) if block else (node.line - 1, node.column - 1 + node.quoted)
    for sign in "".join(before.split()):
        while line < len(lines) and not lines[line][column:].strip():
            line, column = line + 1, 0
        if line == len(lines):
            return None
        column += len(lines[line][column:]) - len(lines[line][column:].lstrip())
        if lines[line][column] != sign:
            return None
        column += 1
    rest = lines[line][column:] if line < len(lines) else ""
    if rest.strip():
        return line + 1, column + len(rest) - len(rest.lstrip()) + 1
    following = next((at for at in range(line + 1, len(lines)) if lines[at].strip()), None)
    if following is None or "".join(before.split()) == "".join(node.text.split()):
        return line + 1, column + 1
    return following + 1, len(lines[following]) - len(lines[following].lstrip()) + 1
