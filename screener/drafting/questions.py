"""What a drafted criterion leaves to ask: words that were not understood, a person's part, flaws."""

import re
from collections.abc import Iterator, Mapping, Sequence

from screener.drafting.draft import Draft
from screener.drafting.groups import DraftedCriterion, ReadItem
from screener.drafting.reader import Span
from screener.model import rule as r
from screener.model.walk import statements

MOST_PHRASES = 8  # of words that are not understood, in one question
_LONGEST = 160  # characters of one phrase
_BETWEEN = re.compile(r"[\s,;:.()/'’-]*")  # what may lie between the words of one phrase
_PART = re.compile(r"([IES]\d+)[a-z]?")


Items = Mapping[str, Sequence[ReadItem]]  # by the criterion that holds them


def items_by_criterion(draft: Draft) -> Items:
    """The items of a draft, so that those of one criterion are found at once."""
    found: dict[str, list[ReadItem]] = {}
    for read in draft.items:
        found.setdefault(read.criterion, []).append(read)
    return found


def questions_of(known: Items, criterion: DraftedCriterion) -> tuple[str, ...]:
    """The questions of one criterion, in the order in which a reviewer needs them."""
    items = _items_of(known, criterion)
    asked = [*_unread(criterion, items), *_of_a_person(criterion, items)]
    asked += [f"for the reviewer: {flaw}" for flaw in criterion.flaws]
    return tuple(dict.fromkeys(asked))


def _items_of(known: Items, criterion: DraftedCriterion) -> list[ReadItem]:
    """The items that a criterion was drafted from: for a part, its own beside the text above the list."""
    match = _PART.fullmatch(criterion.id)
    items = known.get(match[1] if match else criterion.id, ())
    return [read for read in items if read.item.text in criterion.text]


def phrases(text: str, spans: Sequence[Span]) -> list[str]:
    """The words at these places, neighbours as one phrase."""
    joined: list[list[int]] = []
    for start, end in sorted(spans):
        if joined and _BETWEEN.fullmatch(text, joined[-1][1], max(start, joined[-1][1])):
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    return [phrase for start, end in joined if (phrase := text[start:end].strip())]


def _unread(criterion: DraftedCriterion, items: Sequence[ReadItem]) -> Iterator[str]:
    if criterion.standing not in ("partly", "not understood"):
        return
    found = [phrase for read in items for phrase in phrases(read.item.text, read.reading.unread)]
    words = [phrase for phrase in dict.fromkeys(found) if any(sign.isalnum() for sign in phrase)]
    if criterion.standing == "not understood":
        yield "nothing of it is understood: what is the rule?"
    elif words:
        more = f" and {len(words) - MOST_PHRASES} more" if len(words) > MOST_PHRASES else ""
        named = ", ".join(f"“{short(word)}”" for word in words[:MOST_PHRASES])
        yield f"the words {named}{more} are not understood"
    else:
        yield "its words are known, how they hang together is not understood: what is the rule?"


def _of_a_person(criterion: DraftedCriterion, items: Sequence[ReadItem]) -> Iterator[str]:
    """What a person is asked. A quotation of words that are not understood asks nothing of its own."""
    if criterion.standing == "not understood":
        return
    unread = [
        phrase
        for read in items
        if read.reading.standing in ("partly", "not understood")
        for phrase in phrases(read.item.text, read.reading.unread)
    ]
    whole = {criterion.text, *(read.item.text for read in items if read.reading.standing == "partly")}
    scopes = {" ".join(scope.split()) for read in items for scope in read.item.scope}
    for atom in statements(criterion.rule):
        if not isinstance(atom, r.Manual):
            continue
        if atom.text in scopes:
            yield f"whom does the heading “{short(atom.text)}” speak of?"
        elif criterion.standing == "a person's to decide" or (
            atom.text not in whole and not any(phrase in atom.text for phrase in unread)
        ):
            yield f"a person decides “{short(atom.text)}”"


def short(text: str, most: int = _LONGEST) -> str:
    """A text cut to what a question can hold; the criterion's own text has all of it."""
    return text if len(text) <= most else f"{text[:most].rstrip()} …"
