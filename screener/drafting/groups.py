"""Items with what is listed below them → criteria, each with a rule in which all of them have a place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Literal

from screener.drafting.compose import Kind
from screener.drafting.heads import Head
from screener.drafting.items import Item
from screener.drafting.reader import Reader, Reading, Standing
from screener.drafting.shapes import has_form
from screener.model import rule as r


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One item of the published text and what was read in its own words."""

    item: Item
    kind: Kind
    reading: Reading
    criterion: str  # the id of the criterion that holds it


@dataclass(frozen=True, slots=True)
class DraftedCriterion:
    """One criterion of the rule file that is drafted."""

    id: str
    kind: Kind
    text: str
    rule: r.Rule
    standing: Standing
    flaws: tuple[str, ...] = ()
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class _Built:
    """What an item and its list come to: parts that are criteria of their own, or one."""

    parts: tuple[tuple[str, r.Rule, Standing], ...]
    flaws: tuple[str, ...] = ()
    reversed: bool = False


@dataclass(slots=True)
class Grouping:
    """Reads the items of one section."""

    reader: Reader
    kind: Kind
    items: list[ReadItem] = field(default_factory=list)

    def criteria(self, items: Sequence[Item], first: int = 1) -> Iterator[DraftedCriterion]:
        """The criteria of the top items, numbered from `first`."""
        letter = "I" if self.kind == "inclusion" else "E"
        for number, item in enumerate(items, first):
            built = self._scoped(item, self._built(item, f"{letter}{number}"))
            parts = built.parts
            if len(parts) > len(ascii_lowercase):
                parts = (_one(parts, self.kind),)
            for index, (text, rule, standing) in enumerate(parts):
                suffix = ascii_lowercase[index] if len(parts) > 1 else ""
                yield DraftedCriterion(f"{letter}{number}{suffix}", self.kind, text, rule, standing,
                                       built.flaws, built.reversed)  # fmt: skip

    def _built(self, item: Item, criterion: str, beginning: str = "") -> _Built:
        """What an item comes to; `beginning` is a claim that the text above its list has begun."""
        if not item.children:
            reading = (self.reader.read_after(beginning, item.text, self.kind) if beginning
                       else self.reader.read(item.text, self.kind))  # fmt: skip
            self.items.append(ReadItem(item, self.kind, reading, criterion))
            return _Built(((item.text, reading.rule, reading.standing),), reading.flaws, reading.reversed)
        head, reading = self.reader.head(item.text, self.kind)
        self.items.append(ReadItem(item, self.kind, reading, criterion))
        begun = _LEAD_IN.sub("", item.text) if head.relation == "unfinished" else ""
        below = [
            self._built(child, criterion, begun) for child in item.children if _says_something(child.text)
        ]
        if any(built.reversed for built in below):
            return _whole(item, reading, below)
        return self._grouped(item, head, reading, below)

    def _grouped(self, item: Item, head: Head, reading: Reading, below: Sequence[_Built]) -> _Built:
        mode = self._mode(head, item.children)
        flaws = tuple(flaw for built in below for flaw in built.flaws) + reading.flaws
        if head.relation == "unclear" or mode is None or not below:
            return _whole(item, reading, below)
        parts = [
            (f"{item.text} {text}", rule, standing) for built in below for text, rule, standing in built.parts
        ]
        if (mode == "any" and self.kind == "inclusion") or (mode == "all" and self.kind == "exclusion"):
            if any(has_form(rule) for _, rule, _ in parts) and self.kind == "exclusion":
                return _whole(item, reading, below)
            rules = _flat([_one(built.parts, self.kind)[1] for built in below], self.kind == "inclusion")
            joined: r.Rule = (r.Any if self.kind == "inclusion" else r.All)(rules)
            joined = rules[0] if len(rules) == 1 else joined
            text = " ".join([item.text, *(text for built in below for text, _, _ in built.parts)])
            parts = [(text, joined, _worst([standing for _, _, standing in parts]))]
        return _Built(tuple(self._with_head(item, head, reading, parts)), flaws)

    def _excepting(self, item: Item, head: Head, reading: Reading, below: Sequence[_Built]) -> _Built:
        """`other malignancy within 5 years, except:` and a list of diseases."""
        rules = [rule for built in below for _, rule, _ in built.parts]
        listed = [rule for rule in rules if isinstance(rule, r.Condition) and not rule.exceptions]
        main = head.node.rule if head.node else None
        if len(listed) < len(rules) or not isinstance(main, r.Condition):
            return _whole(item, reading, below)
        text = " ".join([item.text, *(text for built in below for text, _, _ in built.parts)])
        standings = [reading.standing, *(standing for built in below for _, _, standing in built.parts)]
        patterns = tuple(pattern for rule in listed for pattern in rule.patterns)
        return _Built(((text, replace(main, exceptions=patterns), _worst(standings)),))

    def _mode(self, head: Head, children: Sequence[Item]) -> Literal["any", "all"] | None:
        """How the list is joined; None where two words of it disagree."""
        ends = {word for child in children for word in _joins(child.text)}
        if head.mode != "list":
            return head.mode
        if ends == {"and", "or"} or (head.measurable and self.kind == "inclusion" and not ends):
            return None
        if self.kind == "inclusion":
            return "any" if "or" in ends else "all"
        return "all" if "and" in ends and "or" not in ends and len(children) == 2 else "any"

    def _with_head(
        self, item: Item, head: Head, reading: Reading, parts: list[tuple[str, r.Rule, Standing]]
    ) -> Iterator[tuple[str, r.Rule, Standing]]:
        rule = None if head.node is None else head.node.rule
        if (
            head.relation == "nothing"
            or rule is None
            or (head.relation == "defined" and self.kind == "exclusion")
        ):
            yield from parts
        elif head.relation == "including":
            yield item.text, rule, reading.standing
            yield from parts
        elif head.relation == "whom" or self.kind == "exclusion":
            standing: Standing = "understood" if head.node and head.node.kind == "rule" else reading.standing
            for text, part, stands in parts:
                yield text, _conditional(self.kind, rule, part), _worst([standing, stands])
        else:
            yield item.text, rule, reading.standing
            yield from parts

    def _scoped(self, item: Item, built: _Built) -> _Built:
        """With what the headings above an item say of whom it speaks."""
        parts = built.parts
        for scope in reversed(item.scope):
            head, _ = self.reader.head(scope, self.kind)
            if head.relation == "nothing":
                continue
            known = head.relation == "whom" and head.node is not None and head.node.kind == "rule"
            rule = head.node.rule if known and head.node and head.node.rule else r.Manual(scope)
            parts = tuple(
                (f"{scope} {text}", _conditional(self.kind, rule, part),
                 standing if known else _worst([standing, "partly"]))
                for text, part, standing in parts
            )  # fmt: skip
        return built if parts is built.parts else replace(built, parts=parts)


# what only introduces the list, at the end of the text above it
_LEAD_IN = re.compile(
    r"\s*\b(?:any |one |either |all |at least one |one or more )?(?:of )?(?:the )?following\b[^:]*:?\s*$"
    r"|:\s*$",
    re.IGNORECASE,
)


def _conditional(kind: Kind, condition: r.Rule, rule: r.Rule) -> r.Rule:
    return r.If(condition, rule) if kind == "inclusion" else r.All((condition, rule))


def _whole(item: Item, reading: Reading, below: Sequence[_Built]) -> _Built:
    """One quotation of an item and all below it."""
    text = " ".join([item.text, *(text for built in below for text, _, _ in built.parts)])
    standings = [reading.standing, *(standing for built in below for _, _, standing in built.parts)]
    standing: Standing = "partly" if set(standings) & {"understood", "partly"} else _worst(standings)
    flaws = tuple(flaw for built in below for flaw in built.flaws) + reading.flaws
    return _Built(((text, r.Manual(text), standing),), flaws)


def _one(parts: Sequence[tuple[str, r.Rule, Standing]], kind: Kind) -> tuple[str, r.Rule, Standing]:
    """Several parts as one: an inclusion needs all of them, an exclusion any."""
    if len(parts) == 1:
        return parts[0]
    rules = _flat([rule for _, rule, _ in parts], kind == "exclusion")
    joined: r.Rule = (r.All if kind == "inclusion" else r.Any)(rules)
    if len(rules) == 1:
        joined = rules[0]
    return " ".join(text for text, _, _ in parts), joined, _worst([standing for _, _, standing in parts])


def _flat(rules: Sequence[r.Rule], any_of: bool) -> tuple[r.Rule, ...]:
    flat: list[r.Rule] = []
    for rule in rules:
        if isinstance(rule, r.Any if any_of else r.All):
            flat += rule.of
        else:
            flat.append(rule)
    return tuple(dict.fromkeys(flat))


def _worst(standings: Iterable[Standing]) -> Standing:
    """How several parts stand together."""
    found = set(standings)
    if len(found) == 1:
        return found.pop()
    return "understood" if found == {"understood", "a person's to decide"} else "partly"


def _joins(text: str) -> list[str]:
    words = text.rstrip(" ,;.:").casefold().split()
    last = words[-1] if words else ""
    return ["or"] if last in ("or", "and/or") else ["and"] if last == "and" else []


def _says_something(text: str) -> bool:
    return text.strip(" ,;.:").casefold() not in ("", "or", "and", "and/or")
