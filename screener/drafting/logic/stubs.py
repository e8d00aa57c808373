"""Quotations that would say too little alone: the cut went through what a word shares with its neighbour."""

import re
from collections.abc import Sequence
from itertools import pairwise

from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.shapes import is_measured
from screener.model import rule as r

# Words that want another one behind them.
_OPEN_ENDS = frozenset({
    "to", "for", "of", "with", "by", "in", "on", "at", "from", "the", "a", "an", "than", "as", "into",
    "requiring", "receiving", "using", "including", "either", "any", "other", "its", "his", "their", "no",
    "can", "may", "must", "is", "are", "be", "been", "has", "have", "who", "that", "which", "due", "about",
})  # fmt: skip
# An adjective, of which the noun may stand behind the next word of the list: severe allergic or …
_ADJECTIVE = re.compile(
    r"(?!enrol)(?:[\w-]+(?:al|ous|ar|ary|ory|ive|able|ible|ent|ant|oid|genic|toxic|gic|tic)|chronic|acute|"
    r"severe|hepatic|serous|high|low)",
    re.IGNORECASE,
)
_TIMES = frozenset(
    {"within", "before", "after", "prior", "until", "since", "throughout", "time", "thereafter", "pre-dose"}
)
_COMPARED = frozenset(
    {"NUMBER", "COMPARE", "CLAIM", "POSITIVE", "NEGATIVE", "NORMAL", "ABNORMAL", "LABEL", "PERSON"}
)
_OF_WHAT = re.compile(r"\bcandidates? for\b|\bcontraindicat", re.IGNORECASE)
_OBJECTS = re.compile(r"(?:the |planned )?(?:informed consent|compliance|(?:study )?participation)\W*")
_REACTION = re.compile(r"allerg|hypersens|intoleran|anaphyl|reaction|sensitiv", re.IGNORECASE)


def is_torn(text: str, nodes: Sequence[Node], stretches: Sequence[Sequence[Part]]) -> bool:
    """Whether a quotation among the members of a list lacks what another member says."""
    if not any(node.kind in ("rule", "mixed") for node in nodes):
        return False  # all of it is one quotation
    last = len(nodes) - 1
    for at, (node, stretch) in enumerate(zip(nodes, stretches, strict=False)):
        words = text[node.start : node.end].casefold().split()
        if _ends_open(node, words, final=at == last, judged=stretch[-1].type != "LABEL"):
            return True
        if node.kind in ("words", "mixed") and words[0].strip("(") in _TIMES:
            return True
        if node.kind in ("words", "person") and len(words) < 2:
            return True
        if at and _OBJECTS.fullmatch(" ".join(words)):
            return True  # … that would interfere with compliance or informed consent
        if node.kind == "person" and at < last and _OF_WHAT.search(text, node.start, node.end):
            return True  # a poor candidate for A or B
        if at < last and is_measured(nodes[at + 1].rule) and _lacks_value(stretch):
            return True  # blurred aminotransferase (AST) and ALT <= 3 x ULN
        if at and is_measured(nodes[at - 1].rule) and all(part.type == "LABEL" for part in stretch):
            return True  # blasts in blood or bone marrow
    return False


def lacks_allergy(text: str, nodes: Sequence[Node]) -> bool:
    """`allergy to A or its excipients`: of the second, the first word is missing."""
    return any(
        isinstance(node.rule, r.Allergy) and later.kind in ("words", "person")
        and not _REACTION.search(text, later.start, later.end)
        for node, later in pairwise(nodes)
    )  # fmt: skip


def _lacks_value(stretch: Sequence[Part]) -> bool:
    """Whether words name a measurement, and nothing that it is compared with."""
    types = {part.type for part in flat(stretch)}
    return "MEASURE" in types and types.isdisjoint(_COMPARED)


def _ends_open(node: Node, words: Sequence[str], *, final: bool, judged: bool) -> bool:
    """Whether quoted words end where another one is wanted."""
    if not words or (node.kind == "rule" and not _quotes(node.rule)):
        return False
    if words[-1].rstrip(".,;:").endswith(")"):
        return False  # a bracket ends what is said in it
    end = words[-1].strip(".,;:()")
    shares = not final and not (node.kind == "person" and judged) and _ADJECTIVE.fullmatch(end) is not None
    return shares or end in _OPEN_ENDS or (not final and end.endswith(("'s", "’s")))


def _quotes(rule: r.Rule | None) -> bool:
    """Whether a disease is narrowed by quoted words."""
    rule = rule.rule if isinstance(rule, r.Not) else rule
    return isinstance(rule, r.Condition) and any(one.that for one in rule.patterns)
