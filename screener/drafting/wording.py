"""What words of prose mean: the names of the vocabulary and the phrases of `prose.yaml`, as one trie.

The trie is walked word by word, so its size hardly matters: a text is read in the same time with
ten thousand phrases and with two hundred thousand.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from screener import resources
from screener.vocabulary import load, names
from screener.vocabulary.catalogue import Catalogue

# type and meaning of a token: a terminal of protocol.lark, and what it stands for
Sense = tuple[str, str]
Trie = dict[str, Any]
SENSE = ""  # the key of a node's own meaning: no piece of a text is empty

_FORMAT = "1"  # of the compiled phrases: raise it when `_phrases` changes
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


@cache
def wording(catalogue: Catalogue) -> Trie:
    """The trie of all phrases and names; a phrase goes before a name that is spelled alike."""
    trie: Trie = {}
    for phrase, (terminal, meaning) in _phrases():
        if terminal != _MISSPELLED:
            insert(trie, phrase, (terminal, meaning))
    for name, concept in catalogue.spellings():
        insert(trie, name, (_TERMINALS[catalogue[concept].kind], concept))
    return trie


@cache
def headings() -> frozenset[str]:
    """Headings that only order the criteria of a record, in lower case: they limit nothing."""
    from screener import strict_yaml

    table = strict_yaml.read_plain((resources.vocabulary() / "prose.yaml").read_text("utf-8"))
    return frozenset(phrase.casefold() for pattern in table["headings"] for phrase in spelled_out(pattern))


@cache
def misspelled() -> Mapping[str, str]:
    """Single words that are often misspelled: what is written → what is meant."""
    return {written: meant for written, (terminal, meant) in _phrases() if terminal == _MISSPELLED}


def _phrases() -> list[tuple[str, Sense]]:
    content = (resources.vocabulary() / "prose.yaml").read_bytes()
    key = hashlib.sha256(content).hexdigest() + _FORMAT
    kept = load.kept("prose", key)
    if kept is None:
        from screener import strict_yaml

        table = strict_yaml.read_plain(content.decode())
        found: dict[str, Sense] = {}
        for phrase, sense in phrases(table):
            found.setdefault(names.folded(phrase), sense)
        kept = list(found.items())
        load.keep("prose", key, kept)
    return [(phrase, (sense[0], sense[1])) for phrase, sense in kept]
