"""How names are compared: case, spacing and hyphens inside words do not count."""

import re
import unicodedata

_SIGNS = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("’‘ʼ", "'"))
_PIECE = re.compile(r"[^\W_]+|[^\w\s]|_")
_JOINER = re.compile(r"(?<=[^\W_])[-_](?=[^\W_])")


def plain(text: str) -> str:
    """The text with one kind of dash and apostrophe, and compatible characters made one."""
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


def pieces(text: str) -> list[tuple[str, int]]:
    """The words and signs of a text that `plain` has seen, each with the place where it ends."""
    joined = _JOINER.sub(" ", text)
    return [(match.group().casefold(), match.end()) for match in _PIECE.finditer(joined)]


def folded(name: str) -> str:
    """The form in which a name is looked up: `Front-line  Therapy` and `front line therapy` agree;
    `17p-`, `-13` and `+9` keep their signs."""
    text = name if name.isascii() else plain(name)
    return " ".join(_PIECE.findall(_JOINER.sub(" ", text).casefold()))
