"""What words of prose mean: the names of the vocabulary and the phrases of `prose.yaml`, as one trie.

The trie is walked word by word, so its size hardly matters: a text is read in the same time with
ten thousand phrases and with two hundred thousand. Phrases that go on alike share what follows, which makes
a few ten thousand nodes of half a million phrases.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from screener import resources
from screener.vocabulary import load, names
from screener.vocabulary.catalogue import Catalogue

# type and meaning of a token: a terminal of protocol.lark, and what it stands for
Sense = tuple[str, str]
Trie = dict[str, Any]
SENSE = ""  # the key of a node's own meaning: no piece of a text is empty

_FORMAT = "2"  # of what is kept: raise it when `_known` changes
_MISSPELLED = "MISSPELLED"
_CHOICE = re.compile(r"\[([^\]]*)\]")
_TERMINALS = {
    "measurement": "MEASURE", "scale": "MEASURE", "group": "MEASURE", "marker": "MARKER",
    "drug": "THERAPY", "class": "THERAPY", "regimen": "THERAPY", "condition": "CONDITION",
    "procedure": "PROCEDURE", "response": "RESPONSE",
}  # fmt: skip


def spelled_out(pattern: str) -> Iterator[str]:
    """Every phrase that a pattern stands for: `[a|b|] c` is a c, b c and c."""
    parts = _CHOICE.split(pattern)
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    for chosen in product(*choices):
        phrase = " ".join("".join(chosen).split())
        if phrase:
            yield phrase


def phrases(table: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    """The phrases of `prose.yaml` with their terminal and meaning."""
    for terminal, content in table.items():
        if terminal == "headings":
            continue
        meanings: Mapping[str, Iterable[str]] = content if isinstance(content, dict) else {"": content}
        for meaning, patterns in meanings.items():
            for pattern in patterns:
                for phrase in spelled_out(pattern):
                    yield phrase, (terminal.upper(), meaning)


def insert(trie: Trie, phrase: str, sense: Sense) -> None:
    """Adds a folded phrase; the first meaning that it is given stays."""
    node = trie
    for piece in phrase.split(" "):
        node = node.setdefault(piece, {})
    node.setdefault(SENSE, sense)


class _Wording(NamedTuple):
    trie: Trie
    headings: frozenset[str]
    misspelled: Mapping[str, str]


def wording(catalogue: Catalogue) -> Trie:
    """The trie of all phrases and names; a phrase goes before a name that is spelled alike. Its nodes are
    shared: it is to be read, and nothing put into it."""
    return _wording(catalogue).trie


def headings(catalogue: Catalogue) -> frozenset[str]:
    """Headings that only order the criteria of a record, in lower case: they limit nothing."""
    return _wording(catalogue).headings


def misspelled(catalogue: Catalogue) -> Mapping[str, str]:
    """Single words that are often misspelled: what is written → what is meant."""
    return _wording(catalogue).misspelled


@cache
def _wording(catalogue: Catalogue) -> _Wording:
    known = _known(catalogue)
    nodes: list[Trie] = []
    for row in known["nodes"]:
        nodes.append({
            piece: (below[0], below[1]) if piece == SENSE else nodes[below] for piece, below in row.items()
        })  # fmt: skip
    return _Wording(nodes[-1], frozenset(known["headings"]), known["misspelled"])


def trie_of(senses: Iterable[tuple[str, Sense]]) -> Trie:
    """A trie of folded phrases, with nothing shared."""
    trie: Trie = {}
    for phrase, sense in senses:
        insert(trie, phrase, sense)
    return trie


def senses(table: Mapping[str, Any]) -> dict[str, Sense]:
    """Every phrase of a table like `prose.yaml`, folded, with its meaning."""
    found: dict[str, Sense] = {}
    for phrase, sense in phrases(table):
        found.setdefault(names.folded(phrase), sense)
    return found


def _known(catalogue: Catalogue) -> Mapping[str, Any]:
    """What an earlier call made of these files, or this one makes."""
    content = (resources.vocabulary() / "prose.yaml").read_bytes()
    key = f"{hashlib.sha256(content).hexdigest()} {catalogue.sha256} {_FORMAT}"
    known: Mapping[str, Any] | None = load.kept("prose", key)
    if known is None:
        from screener import strict_yaml

        known = _compiled(strict_yaml.read_plain(content.decode()), catalogue)
        load.keep("prose", key, known)
    return known


def _compiled(table: Mapping[str, Any], catalogue: Catalogue) -> Mapping[str, Any]:
    found = senses(table)
    misspelled = {written: meant for written, (kind, meant) in found.items() if kind == _MISSPELLED}
    for written in misspelled:
        del found[written]
    for name, concept in catalogue.spellings():
        found.setdefault(name, (_TERMINALS[catalogue[concept].kind], concept))
    spelled = [phrase.casefold() for pattern in table["headings"] for phrase in spelled_out(pattern)]
    return {"nodes": _nodes(found), "headings": spelled, "misspelled": misspelled}


def _nodes(found: Mapping[str, Sense]) -> Sequence[Mapping[str, Any]]:
    """The nodes of the trie of these phrases, each of them once: what is below one stands before it, by its
    place. They are made for one first word after the other, since all of them would be large."""
    places: dict[tuple[tuple[str, Any], ...], int] = {}

    def place(node: Trie) -> int:
        row = [(piece, below if piece == SENSE else place(below)) for piece, below in node.items()]
        return places.setdefault(tuple(sorted(row)), len(places))

    by_first: dict[str, list[tuple[str, Sense]]] = {}
    for phrase, sense in found.items():
        by_first.setdefault(phrase.partition(" ")[0], []).append((phrase, sense))
    root = {first: place(trie_of(listed)[first]) for first, listed in by_first.items()}
    return [*map(dict, places), root]
