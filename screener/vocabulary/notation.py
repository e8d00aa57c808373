"""Reads one cytogenetic or molecular notation: `17p-`, `t(4;14)(p16;q32)`, a karyotype, ISCN FISH.

The grammar is grammar/marker.lark; which genes, regions and breakpoints there are is markers.yaml,
next to this file. Both are loaded when a text is first read: the spellings in markers.yaml need
neither. What the text says is given as alterations, whose keys markers.yaml maps to concepts (its
head describes their forms). A text that is no notation, or that says less than a finding (a gene
alone, `1q21 x2`), gives none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from screener import resources
from screener.vocabulary.alterations import Alteration
from screener.vocabulary.clones import read_tree
from screener.vocabulary.cytobands import concept_table, folded

if TYPE_CHECKING:
    from lark import Lark

    from screener.vocabulary.alterations import Node

__all__ = ["Alteration", "concept_table", "grammar_path", "parse", "read_notation"]

LONGEST = 2_000  # characters; a karyotype of a whole report is shorter
_lock = Lock()


def read_notation(text: str) -> tuple[Alteration, ...]:
    """The alterations that `text` names, each once, in its order; none where it is no notation."""
    tree = parse(text)
    return () if tree is None else tuple(dict.fromkeys(read_tree(tree)))


def grammar_path() -> Path:
    """The file of the grammar."""
    return resources.grammar() / "marker.lark"


def parse(text: str) -> Node | None:
    """The parse tree of a notation (for the tests of the grammar too)."""
    if len(text) > LONGEST:
        return None
    with _lock:  # else two threads that begin together would each build the parser
        parser, unreadable = _parser()
    try:
        return parser.parse(folded(text))
    except unreadable:
        return None


@cache
def _parser() -> tuple[Lark, type[Exception]]:
    from lark import Lark
    from lark.exceptions import UnexpectedInput

    grammar = grammar_path().read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False), UnexpectedInput
