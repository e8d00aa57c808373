"""The trie of phrases and names: each has its meaning, and what goes on alike is held once."""

from collections.abc import Iterator

from screener.drafting.words.wording import SENSE, Sense, Trie, _nodes, senses, trie_of

PHRASES = {
    "within": ("WITHIN", ""),
    "up to": ("COMPARE", "<="),
    "up to the": ("ASIDE", ""),
    "within up to": ("WITHIN", ""),
    "not up to": ("COMPARE", "<="),
    "not up to the": ("ASIDE", ""),
}


def spelled(node: Trie, before: str = "") -> Iterator[tuple[str, Sense]]:
    for piece, below in node.items():
        if piece == SENSE:
            yield before, below
        else:
            yield from spelled(below, f"{before} {piece}".strip())


def test_every_phrase_has_its_meaning() -> None:
    table = {
        "within": ["within [up to|]"],
        "compare": {"<=": ["[not|] up to"]},
        "aside": ["[not|] up to the"],
    }
    assert senses(table) == PHRASES
    assert dict(spelled(trie_of(PHRASES.items()))) == PHRASES


def test_what_goes_on_alike_is_held_once() -> None:
    rows = _nodes(PHRASES)
    assert len(rows) == 8  # `up` is one node, behind `not` and by itself
    assert len({str(row) for row in rows}) == len(rows)
