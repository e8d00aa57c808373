"""Items with what is listed below them → criteria, each with a rule in which all of them have a place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Literal

from screener.drafting.drafted import (
    Drafted,
    below_words,
    conditional,
    full_text,
    is_misled,
    is_of_all,
    quoted_below,
    together,
    under_heading,
    whole,
    worst,
)
from screener.drafting.layout.items import Item
from screener.drafting.list_lines import is_no_alternative, joining_words, rejoined, says_something
from screener.drafting.logic.excusing import let_off
from screener.drafting.logic.heads import Head
from screener.drafting.logic.shapes import TREATED, has_form, is_limit, is_measured, one_way
from screener.drafting.logic.times import timed
from screener.drafting.reader import Reader, Reading, Standing
from screener.model import rule as r
from screener.model.trial import CriterionKind

# How it is known that a criterion lets in or keeps out: by a heading; only taken to let in; not at all.
Side = Literal["told", "assumed", "unclear"]


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One item of the published text and what was read in its own words."""

    item: Item
    kind: CriterionKind
    reading: Reading
    criterion: str  # the id of the criterion that holds it


@dataclass(frozen=True, slots=True)
class DraftedCriterion:
    """One criterion of the rule file that is drafted."""

    id: str
    kind: CriterionKind
    text: str
    rule: r.Rule
    standing: Standing
    flaws: tuple[str, ...] = ()
    reversed: bool = False
    side: Side = "told"


@dataclass(frozen=True, slots=True)
class _Built:
    """What an item and its list come to: parts that are criteria of their own, or one."""

    parts: tuple[Drafted, ...]
    flaws: tuple[str, ...] = ()
    reversed: bool = False


@dataclass(slots=True)
class Grouping:
    """Reads the items of one section."""

    reader: Reader
    kind: CriterionKind
    items: list[ReadItem] = field(default_factory=list)
    _heads: dict[str, tuple[Head, Reading]] = field(default_factory=dict)  # headings, which many share
    _slipped: frozenset[int] = frozenset()  # where heads begin whose members stood beside them

    def criteria(self, items: Sequence[Item], first: int = 1) -> Iterator[DraftedCriterion]:
        """The criteria of the top items, numbered from `first`."""
        letter = "I" if self.kind == "inclusion" else "E"
        items = self._rejoined(items)
        for number, item in enumerate(items, first):
            built = self._scoped(item, self._built(item, f"{letter}{number}"))
            parts = built.parts
            if len(parts) > len(ascii_lowercase):
                parts = (self._one(item, parts),)
            for index, part in enumerate(parts):
                suffix = ascii_lowercase[index] if len(parts) > 1 else ""
                yield DraftedCriterion(f"{letter}{number}{suffix}", self.kind, *part,
                                       built.flaws, built.reversed)  # fmt: skip

    def _built(self, item: Item, criterion: str, beginning: str = "") -> _Built:
        """What an item comes to; `beginning` is a claim that the text above its list has begun."""
        if not item.children:
            reading = self._alone(item, beginning)
            self.items.append(ReadItem(item, self.kind, reading, criterion))
            part = Drafted(item.text, reading.rule, reading.standing)
            return _Built((part,), reading.flaws, reading.reversed)
        head, reading = self.reader.head(item.text, self.kind)
        self.items.append(ReadItem(item, self.kind, reading, criterion))
        begun = self._begun(head, item)
        children = item.children if item.start in self._slipped else self._rejoined(item.children)
        below = [self._built(child, criterion, begun) for child in children if says_something(child.text)]
        unclear = item.start in self._slipped or is_misled(self.kind, head, item)
        parts = None if unclear else self._grouped(item, head, reading, below)
        flaws = tuple(flaw for built in below for flaw in built.flaws) + reading.flaws
        if parts is None:
            return _Built((whole(item, [reading.standing, *_standings(below)]),), flaws)
        return _Built(tuple(parts), flaws)

    def _rejoined(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items of an inclusion, with the members of a list that slipped out of it: where it ends is not
        told, so that it is quoted whole."""
        if self.kind == "exclusion":
            return items
        items, heads = rejoined(items, self._asks)
        self._slipped |= heads
        return items

    def _asks(self, item: Item) -> str:
        """What kind of thing an item asks for; nothing where no data decide it."""
        rule = self.reader.read(item.text, self.kind).rule
        rule = rule.then if isinstance(rule, r.If) else rule
        return "value" if is_limit(rule) else "" if isinstance(rule, r.Manual) else type(rule).__name__

    def _begun(self, head: Head, item: Item) -> str:
        """The claim that the text above a list begins, and each line of it ends."""
        if head.relation == "unfinished":
            begun = _LEAD_IN.sub("", item.text)
            return _HAD if not begun or _NAMED.search(begun) else begun
        dated = head.window is not None and head.relation == "nothing" and not head.measurable
        return _HAD if dated and self.kind == "exclusion" else ""

    def _alone(self, item: Item, beginning: str) -> Reading:
        """A line without a list. Below `any of the following within 14 days:` a bare treatment was had."""
        if beginning and beginning != _HAD:
            return self.reader.read_after(beginning, item.text, self.kind)
        reading = self.reader.read(item.text, self.kind)
        if self.kind == "inclusion" and item.text.casefold().rstrip(" :.") in self.reader.headings:
            return replace(reading, rule=r.Manual(item.text), standing="not understood", understood=())
        if not beginning or reading.standing == "understood":
            return reading
        had = self.reader.read_after(beginning, item.text, self.kind)
        return had if isinstance(had.rule, TREATED) and had.standing == "understood" else reading

    # --- a list and the text above it

    def _grouped(
        self, item: Item, head: Head, reading: Reading, below: Sequence[_Built]
    ) -> Iterable[Drafted] | None:
        """The parts that a list and its head come to; None where that is not clear."""
        mode = self._mode(head, item.children, below)
        if head.relation == "unclear" or mode is None or not below or any(built.reversed for built in below):
            return None
        if mode == "any" and self.kind == "inclusion" and any(map(is_no_alternative, item.children)):
            return None
        if head.relation == "except":
            return self._excepting(item, head, reading, below)
        dated = self._dated(item, head, below)
        if dated is None or self._is_choice(head, mode, dated):
            return None
        if mode == ("any" if self.kind == "inclusion" else "all"):
            joined = self._joined(item, dated)
            if joined is None:
                return None
            parts = [joined]
        else:
            parts = [part._replace(text=f"{item.text} {part.text}") for built in dated for part in built]
        return self._with_head(item, head, reading, parts)

    def _mode(
        self, head: Head, children: Sequence[Item], below: Sequence[_Built]
    ) -> Literal["any", "all"] | None:
        """How the list is joined; None where two words of it disagree, or nothing says so."""
        if head.mode != "list":
            return head.mode
        ends = {word for child in children for word in joining_words(child.text)}
        if self.kind == "inclusion" and not head.measurable and _may_join_two(children, below):
            return None
        if ends == {"and", "or"} or (head.measurable and self.kind == "inclusion" and not ends):
            return None
        if self.kind == "inclusion":
            return "any" if "or" in ends else "all"
        return "all" if ends == {"and"} and len(children) == 2 else "any"

    def _dated(self, item: Item, head: Head, below: Sequence[_Built]) -> list[list[Drafted]] | None:
        """The parts of each item with the time that the head gives to all of them."""
        found: list[list[Drafted]] = []
        for built in below:
            rules = [_with_head(item, head, part) if isinstance(part.rule, r.Manual)
                     else timed(part.rule, head.window)
                     for part in built.parts]  # fmt: skip
            found.append([part._replace(rule=rule) for part, rule in zip(built.parts, rules, strict=True)
                          if rule is not None])  # fmt: skip
        return found if sum(map(len, found)) == sum(len(built.parts) for built in below) else None

    def _is_choice(self, head: Head, mode: str, below: Sequence[Sequence[Drafted]]) -> bool:
        """Diseases listed for an inclusion, with nothing said of one or all: no one has all of them."""
        if self.kind == "exclusion" or mode == "any" or head.mode != "list":
            return False
        rules = [part.rule for parts in below for part in parts]
        of_groups = [rule for rule in rules if isinstance(rule, r.If) and isinstance(rule.then, r.Condition)]
        return len(of_groups) + sum(isinstance(rule, r.Condition) for rule in rules) > 1 or bool(of_groups)

    def _joined(self, item: Item, below: Sequence[Sequence[Drafted]]) -> Drafted | None:
        """Items of which one is enough (an inclusion), or which must all be so (an exclusion)."""
        any_of = self.kind == "inclusion"
        rules = [self._one(item, parts).rule for parts in below]
        rules = [one_way(rule) if any_of else rule for rule in rules]
        if any(has_form(rule) for rule in rules):
            return None
        return Drafted(full_text(item), together(rules, any_of=any_of),
                       worst(part.standing for parts in below for part in parts))  # fmt: skip

    def _excepting(
        self, item: Item, head: Head, reading: Reading, below: Sequence[_Built]
    ) -> Iterable[Drafted] | None:
        """`malignancy within 5 years, except:` and a list of diseases; or a limit, and those excused."""
        rules = [part.rule for built in below for part in built.parts]
        if head.node is not None and is_measured(head.node.rule):
            excused = [one for rule in rules if (one := let_off(rule)) is not None]
            if self.kind == "exclusion" or len(excused) < len(rules) or head.node.rule is None:
                return None
            rule = r.Any((head.node.rule, *excused))
            return [Drafted(full_text(item), rule, worst([reading.standing, *_standings(below)]))]
        listed = [rule for rule in rules if isinstance(rule, r.Condition) and not rule.exceptions]
        main = head.node.rule if head.node else None
        disease = main.rule if isinstance(main, r.Unless) else main
        if len(listed) < len(rules) or not isinstance(disease, r.Condition):
            return None
        patterns = tuple(pattern for rule in listed for pattern in rule.patterns)
        excepting = replace(disease, exceptions=(*disease.exceptions, *patterns))
        whole = replace(main, rule=excepting) if isinstance(main, r.Unless) else excepting
        return [Drafted(full_text(item), whole, worst([reading.standing, *_standings(below)]))]

    def _with_head(
        self, item: Item, head: Head, reading: Reading, parts: Sequence[Drafted]
    ) -> Iterator[Drafted]:
        rule = None if head.node is None else head.node.rule
        own = Drafted(item.text, rule, reading.standing) if rule is not None else None
        if own is None or (head.relation == "defined" and self.kind == "exclusion"):
            yield from parts
        elif head.relation == "words" and self.kind == "exclusion":
            yield from (below_words(item.text, own, part) for part in parts)
        elif head.relation == "and" and self.kind == "exclusion" and isinstance(own.rule, TREATED):
            yield from (quoted_below(item.text, part) if isinstance(part.rule, r.Manual) else part
                        for part in parts)  # fmt: skip
        elif head.relation == "whom" or (self.kind == "exclusion" and head.relation != "including"):
            yield from (conditional(self.kind, own, part) for part in parts)
        else:
            yield own
            yield from parts

    def _one(self, item: Item, parts: Sequence[Drafted]) -> Drafted:
        """Several parts as one: an inclusion needs all of them, an exclusion any."""
        if len(parts) == 1:
            return parts[0]
        rule = together([part.rule for part in parts], any_of=self.kind == "exclusion")
        return Drafted(full_text(item), rule, worst(part.standing for part in parts))

    # --- headings

    def _scoped(self, item: Item, built: _Built) -> _Built:
        """With what the headings above an item say of whom it speaks, or when."""
        for scope in reversed(item.scope):
            if scope.casefold().rstrip(" :.") in self.reader.headings or is_of_all(scope):
                continue
            if scope not in self._heads:
                self._heads[scope] = self.reader.head(scope, self.kind)
            head, reading = self._heads[scope]
            parts = [under_heading(self.kind, scope, head, reading, part) for part in built.parts]
            built = replace(built, parts=tuple(parts))
        return built


_HAD = "Received"
_NAMED = re.compile(r"\b(?:prior|previous) (?:therap(?:y|ies)|treatments?)$", re.IGNORECASE)
# what only introduces the list, at the end of the text above it
_LEAD_IN = re.compile(
    r"\s*\b(?:any |one |either |all |at least one |one or more )?(?:of )?(?:the )?following\b[^:]*:?\s*$"
    r"|:\s*$",
    re.IGNORECASE,
)


def _with_head(item: Item, head: Head, part: Drafted) -> r.Rule:
    """`received any of the following within 14 days:`, of a treatment that is quoted: within 14 days, too."""
    return r.Manual(f"{item.text} {part.text}") if head.window is not None else part.rule


def _standings(below: Sequence[_Built]) -> list[Standing]:
    return [part.standing for built in below for part in built.parts]


def _may_join_two(children: Sequence[Item], below: Sequence[_Built]) -> bool:
    """Values of which all are asked, and an `or` before the last that may join the last two alone."""
    said = [at for at, child in enumerate(children) if "or" in joining_words(child.text)]
    measured = [part for built in below for part in built.parts if is_measured(part.rule)]
    return len(children) > 2 and len(said) == 1 and len(measured) > 2
