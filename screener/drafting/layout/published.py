"""A text as a registry publishes it → as its author wrote it: escapes undone, lines kept."""

import html
import re
import unicodedata

from screener.drafting.layout import markup

_ROUNDS = 3  # some texts have been escaped for HTML twice on their way
# API v2 never leaves these without a backslash; with one of them bare, a backslash is the author's.
_BARE = re.compile(r"(?<!\\)[<>\[\]^~_&]")
_ESCAPE = re.compile(r"\\([<>\[\]^~_&*.)(+#`!|{}\\-])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_END_OF_LIST = re.compile(r"<!-- *-->")  # with which Markdown keeps two lists apart
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile("[\u00a0\u2007\u202f]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_HALF = re.compile("[\ud800-\udfff]")


def as_written(text: str) -> str:
    """The text without the escapes of Markdown and HTML, with plain line ends and blanks."""
    if not _BARE.search(text):
        text = _ESCAPE.sub(r"\1", text)
    for _ in range(_ROUNDS):
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    text = _BREAK.sub("\n", _END_OF_LIST.sub("", text))
    text = _HALF.sub("\N{REPLACEMENT CHARACTER}", _UNSEEN.sub("", _BLANK.sub(" ", text)))
    text = markup.plain(text)
    return unicodedata.normalize("NFC", text)  # an umlaut is one character, as rule files write it


def in_one_line(text: str) -> str:
    """The same, for a title or a name."""
    return " ".join(as_written(text).split())
