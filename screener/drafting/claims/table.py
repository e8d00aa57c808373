"""The LALR table of protocol.lark: what a token does in a state, and what each form builds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from lark import Lark, Tree
from lark.parse_tree_builder import ParseTreeBuilder
from lark.parsers.lalr_analysis import Shift

END = "$END"


class Reduction(NamedTuple):
    """A form that ends: how many values it takes (no form of the grammar is empty), what builds its value
    (None: the one that it takes is its value), and its symbol."""

    size: int
    build: Callable[[list[Any]], Any] | None
    symbol: str


# what a token does: shift to a state, or end a form before it is looked at again
Action = int | Reduction


class Table(NamedTuple):
    """The states of the parser, each with its actions and with where a finished symbol leads."""

    actions: Mapping[int, Mapping[str, Action]]
    gotos: Mapping[int, Mapping[str, int]]
    start: int
    accepted: int


def table(lark: Lark, meaning: object) -> Table:
    """The table of a grammar with one meaning for its reductions."""
    parsed: Any = lark.parser
    states = parsed.parser._parse_table
    # Lark's own builders, so that `?` and `_` of the grammar mean what they do
    builder: Any = ParseTreeBuilder
    builds = builder(lark.rules, Tree).create_callback(meaning)
    reductions = {rule: _reduction(rule, build) for rule, build in builds.items()}
    actions, gotos = {}, {}
    # names as plain strings: those of Lark compare slowly
    for state, row in states.states.items():
        actions[state] = {
            str(symbol): target if action is Shift else reductions[target]
            for symbol, (action, target) in row.items()
        }
        gotos[state] = {str(symbol): target for symbol, (action, target) in row.items() if action is Shift}
    return Table(actions, gotos, states.start_states["start"], states.end_states["start"])


def _reduction(rule: Any, build: Callable[[list[Any]], Any]) -> Reduction:
    size = len(rule.expansion)
    repeated = [at for at, symbol in enumerate(rule.expansion)
                if not symbol.is_term and symbol.name.startswith("_")]  # fmt: skip
    if repeated:
        build = _of_copies(build, repeated)
    passes = size == 1 and rule.options.expand1 and not rule.alias and not rule.expansion[0].is_term
    return Reduction(size, None if passes else build, str(rule.origin.name))


def _of_copies(build: Callable[[list[Any]], Any], repeated: Sequence[int]) -> Callable[[list[Any]], Any]:
    """Lark lengthens the list of a repetition where it stands; the driver may yet go back to the shorter."""

    def built(children: list[Any]) -> Any:
        for at in repeated:
            children[at] = Tree(children[at].data, children[at].children[:])
        return build(children)

    return built
