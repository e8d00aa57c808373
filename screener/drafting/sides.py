"""Of which criteria nothing tells whether they let in or keep out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from screener.drafting.drafted import is_of_all
from screener.drafting.groups import DraftedCriterion, ReadItem, Side
from screener.drafting.layout.headings import ANY_GROUP
from screener.drafting.layout.items import Item
from screener.drafting.layout.wordings import turns

_STOPS = (".", ";", ",", ":")


def with_sides(
    criteria: Sequence[DraftedCriterion], read: Sequence[ReadItem], plain_headings: Collection[str]
) -> Iterator[DraftedCriterion]:
    """The criteria, each with how its side is known.

    Without a heading a plain list is taken for inclusions, and asks so; what stands below a heading that
    is not understood may be on either side, and decides nothing.
    """
    unclear, assumed = _doubtful(read, plain_headings)
    for criterion in criteria:
        whole = criterion.id.rstrip("abcdefghijklmnopqrstuvwxyz")
        side: Side = "unclear" if whole in unclear else "assumed" if whole in assumed else "told"
        yield replace(criterion, side=side)


def _doubtful(read: Sequence[ReadItem], plain_headings: Collection[str]) -> tuple[set[str], set[str]]:
    """The ids of the criteria whose side is unclear, and of those whose side is assumed."""
    unclear: set[str] = set()
    assumed: set[str] = set()
    named = [one.item.section for one in read if one.item.section in ("inclusion", "exclusion")]
    divided = False  # whether a line has been read that may be a heading
    first = True  # whether no heading has named a section yet
    for at, one in enumerate(read):
        first &= one.item.section not in ("inclusion", "exclusion")
        if one.item.section not in ("", "unclear") or one.criterion in unclear or one.criterion in assumed:
            continue
        if one.item.section == "unclear" or divided or _is_scoped(one.item, plain_headings):
            unclear.add(one.criterion)
        elif not (first and named[:1] == ["exclusion"]):  # what only a heading of exclusions ends, lets in
            assumed.add(one.criterion)
        divided |= not named and _may_divide(one, read[at + 1 : at + 2], first=at == 0)
    return unclear, assumed


def _is_scoped(item: Item, plain_headings: Collection[str]) -> bool:
    """Whether a heading above an item names neither a group of patients nor a mere order."""
    return any(
        not (scope.casefold().rstrip(" :.") in plain_headings or is_of_all(scope) or ANY_GROUP.search(scope))
        for scope in item.scope
    )


def _may_divide(one: ReadItem, below: Sequence[ReadItem], *, first: bool) -> bool:
    """Whether an item may be a heading: it is not understood, and stands as one would."""
    item = one.item
    if item.children or item.text.endswith(_STOPS) or one.reading.standing == "understood":
        return False
    above_list = not first and not item.marker and any(other.item.marker for other in below)
    return above_list or turns(item.text, "inclusion")
