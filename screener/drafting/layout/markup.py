"""What marks a heading in a text that was pasted from Markdown: `## …`, `**…**`, a line below it."""

import re

BOLD, UNDERLINED = 7, 8  # beside the levels of `#`, 1 to 6

_HASHES = re.compile(r"(?P<left>(?P<hashes>#{1,6})[ \t]+)(?=\S)")
_EMPHASIS = re.compile(r"(?P<left>\*{1,3}|_{1,3})(?=[^\s*_])[^*_]+(?<=\S)(?P<right>(?P=left)[ \t]*:?)")
_RULE = re.compile(r"(?:[-–—][ \t]?){3,}|(?:[=*_~][ \t]?){3,}")
# Emphasis within a line: the marks stand at words, so that "ANC** … ** of both" has two of them.
_WITHIN = re.compile(r"(?<![\w*])(\*\*\*|\*\*)(?=[^\s*])([^*\n]+?)(?<=\S)\1(?![\w*])"
                     r"|(?<![\w_])(__)(?=[^\s_])([^_\n]+?)(?<=\S)\3(?![\w_])")  # fmt: skip


def is_rule(line: str) -> bool:
    """Whether a line holds nothing but a ruled line."""
    return line[0] in "-–—=*_~" and _RULE.fullmatch(line) is not None


def marks(line: str) -> tuple[int, int, int]:
    """How many characters at the beginning and at the end of a line mark it, and as what; 0 as nothing."""
    if line[0] == "#" and (found := _HASHES.match(line)):
        left, end = len(found["left"]), len(line.rstrip("#").rstrip())
        end = end if end > left else len(line)
        inner = _EMPHASIS.fullmatch(line, left, end)
        more = (len(inner["left"]), len(inner["right"])) if inner else (0, 0)
        return left + more[0], len(line) - end + more[1], len(found["hashes"])
    if line[0] in "*_" and (found := _EMPHASIS.fullmatch(line)):
        return len(found["left"]), len(found["right"]), BOLD if len(found["left"]) > 1 else 0
    return 0, 0, 0


def plain(text: str) -> str:
    """The text without the emphasis within its lines; lines that are emphasised as a whole keep it."""
    if "**" not in text and "__" not in text:
        return text
    return "\n".join(
        line if _EMPHASIS.fullmatch(line.strip()) else _WITHIN.sub(lambda m: m[2] or m[4], line)
        for line in text.split("\n")
    )
