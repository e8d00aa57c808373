"""Strings as YAML that a strict reader gives back unchanged, in the plainest form that does so."""

import re
from collections.abc import Iterator, Sequence
from json import dumps
from textwrap import wrap

from screener.errors import visible

WIDTH = 102
# No colon, number sign or blank can be taken for YAML's own in a text of this form.
_PLAIN = re.compile(r"[^\W_](?:[^\s:#]|(?<! )[#]|:(?=[^\s])|[ ](?=[^\s#]))*")
_WORDS_OF_YAML = re.compile(
    r"(?i)y|yes|n|no|true|false|on|off|null|[-+]?[\d_.,:]+(?:e[-+]?\d+)?|0[xo][\da-f_]+|\.?(?:nan|inf)"
)
_HALF = re.compile("[\ud800-\udfff]")  # of a character: no file in UTF-8 can hold it
_ESCAPED = re.compile("[\x7f-\x9f\ufffe\uffff]")


def entry(key: str, text: str, indent: int, pieces: Sequence[str] = ()) -> Iterator[str]:
    """The lines of `key: text`. `pieces` say where its lines may best be broken."""
    yield from _lines(f"{' ' * indent}{key}:", text, indent + 2, pieces)


def listed(key: str, texts: Sequence[str], indent: int) -> Iterator[str]:
    """The lines of a key that holds a list of texts."""
    yield f"{' ' * indent}{key}:"
    for text in texts:
        yield from _lines(f"{' ' * (indent + 2)}-", text, indent + 4, ())


def inline(text: str) -> str:
    """A text on one line, in quotes if need be, also between the braces of `{key: text}`."""
    plain = _is_plain(text) and not set(text) & set("{}[],")
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, with an escape for every character that would not be seen."""
    # The escapes of JSON are YAML's too, and those of what cannot be seen have the same form.
    written = dumps(_HALF.sub("\N{REPLACEMENT CHARACTER}", text), ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", visible(written))


def _lines(head: str, text: str, indent: int, pieces: Sequence[str]) -> Iterator[str]:
    if not _can_fold(text):
        yield f"{head} {quoted(text)}"
        return
    plain = _is_plain(text)
    short = text if plain else quoted(text)
    if len(head) + 1 + len(short) <= WIDTH and (plain or "\\" not in short):
        yield f"{head} {short}"
        return
    yield f"{head} >-"
    for piece in pieces if " ".join(pieces) == text else (text,):
        for line in wrap(piece, WIDTH - indent, break_long_words=False, break_on_hyphens=False):
            yield f"{' ' * indent}{line}"


def _can_fold(text: str) -> bool:
    """Whether breaking lines at blanks, and joining them by blanks, gives the same text."""
    return bool(text) and text.isprintable() and all(text.split(" ")) and not _ESCAPED.search(text)


def _is_plain(text: str) -> bool:
    return text.isprintable() and _PLAIN.fullmatch(text) is not None and not _WORDS_OF_YAML.fullmatch(text)
