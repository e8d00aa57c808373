"""Whether the time behind a list may be meant for what stands before its last member, too."""

import re
from collections.abc import Sequence

from screener.drafting.logic.parts import Node, Part, flat
from screener.drafting.logic.shapes import is_bare, is_class, is_dated, is_measured
from screener.model import rule as r

EVER = "at any time"
_VERB = re.compile(r"(?:has |have )?(?:previously )?(?:received|undergone|underwent)\b", re.IGNORECASE)
_TIMES = frozenset({"TIMING", "WITHIN", "AGO", "SINCE"})


def dated_behind(text: str, nodes: Sequence[Node], stretches: Sequence[Sequence[Part]]) -> bool:
    """`myocardial infarction or bypass within 6 months`: the time may be meant for what stands before it.

    Not where what stands there was so `at any time`, or a verb of its own begins the last of the list.
    """
    if EVER in text[nodes[0].start : nodes[-1].start].casefold() or _VERB.match(text, nodes[-1].start):
        return False
    bare = next(
        (at for at, node in enumerate(nodes) if is_bare(node.rule) or _is_described(node.rule)), len(nodes)
    )
    undated = next((at for at, node in enumerate(nodes)
                    if _may_be_dated(node.rule) or _is_graded(node.rule)), len(nodes))  # fmt: skip
    later = list(zip(nodes, stretches, strict=False))[undated + 1 :]
    valued = any(is_measured(node.rule) and not _has_time(node.rule) for node in nodes[:-1])
    last = nodes[-1].rule.rule if isinstance(nodes[-1].rule, r.Not) else None
    if valued and isinstance(last, r.Condition) and is_dated(last):
        return True  # LVEF >= 50 % and no effusion by an echocardiogram within 28 days
    in_words = any(node.kind != "rule" and _names_a_time(stretch) for node, stretch in later)
    unread = any(node.kind == "words" for node in nodes[:-1])  # other drugs of trials or A within 28 days
    return in_words or ((unread or bare < len(nodes) - 1) and _is_of_a_time(nodes[-1].rule))


def _is_of_a_time(rule: r.Rule | None) -> bool:
    """A disease or treatment of a time, or a functional class, which is one of heart failure."""
    classed = rule.of[0] if isinstance(rule, r.All) else rule
    return is_dated(rule) or (is_class(classed) and _has_time(classed))


def _has_time(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Measurement | r.Finding) and rule.within is not None


def _is_graded(rule: r.Rule | None) -> bool:
    return isinstance(rule, r.Condition) and any(one.grade and not one.window for one in rule.patterns)


def _names_a_time(stretch: Sequence[Part]) -> bool:
    return any(part.type in _TIMES or is_dated(part.rule) for part in flat(stretch))


def _may_be_dated(rule: r.Rule | None) -> bool:
    """A disease, or a treatment: `use of A or B within 28 days`."""
    return is_bare(rule) or _is_described(rule) or (isinstance(rule, r.Therapy) and rule.window is None)


def _is_described(rule: r.Rule | None) -> bool:
    """A disease without a time, with words that are not understood."""
    return isinstance(rule, r.Condition) and any(one.that and not one.window for one in rule.patterns)
