"""Which lines name what follows them: a group of patients, a kind of criteria."""

import re

LONGEST = 160  # characters; a longer line is no heading
LOWEST = 4  # the rank of a heading that is neither in capitals nor of a group

_NUMBER = r"(?:[0-9]{1,2}[a-z]?|[A-Z]|[IVX]{1,4})"
_GROUP = (
    r"(?:sub-?study|part|cohort|arm|group|phase|stage|segment|stratum|step|population|dose level)"
    rf"(?:s?\s+{_NUMBER}|[0-9]{{1,2}}[a-z]?)\b(?:\s?(?:,|/|and|or|&|to|-|–)\s?{_NUMBER}\b)*"
)
ANY_GROUP = re.compile(rf"(?i)\b{_GROUP}")  # "Part B", "Cohorts 1 and 2"
_GROUP_LABEL = re.compile(rf"(?i)(?:for |all |in )?{_GROUP}[^.;]{{0,60}}")
_FOR_LABEL = re.compile(r"(?i)for\s+[^.;≥≤<>=]{3,80}:")
_LOGIC = re.compile(
    r"(?i)\b(?:follow\w*|defined|includ\w*|either|any|one|two|least|must|have|has|had|is|are|be|by|criteri\w+|"
    r"adequate|sufficient|normal|such as|evidence|history)\b|\b(?:of|with|to|as|for|from|in|than):$"
)
_VERB = re.compile(
    r"(?i)\b(?:is|are|be|must|have|has|had|will|can|may|should|not|no|who|signed|able|willing)\b"
)
_LEAST_CAPITALS = 4


def rank(line: str, before_bullet: bool) -> int:
    """How high a heading within a section a line is: 1 in capitals, 2 of a group, `LOWEST` another;
    0 if it is none.

    `before_bullet` says whether the next line has a bullet: without one a line of a few words may
    be an item as well."""
    label = line.rstrip(":").strip()
    if not label or len(line) > LONGEST or label[-1] in ".;,":
        return 0
    letters = [character for character in label if character.isalpha()]
    if len(letters) >= _LEAST_CAPITALS and label.isupper() and (line.endswith(":") or _titled(label, 8)):
        return 1
    if _GROUP_LABEL.fullmatch(label) and (line.endswith(":") or (before_bullet and not _VERB.search(label))):
        return 2
    if _FOR_LABEL.fullmatch(line) and not _LOGIC.search(line):
        return LOWEST
    if line.endswith(":"):
        return LOWEST if _titled(label, 8) and not _LOGIC.search(line) else 0
    return LOWEST if before_bullet and _titled(label, 5) and not _LOGIC.search(line) else 0


def is_title(line: str) -> bool:
    """Whether a line that its author has set off as a heading can be one."""
    return len(line) <= LONGEST and line[-1] not in ".;,"


def _titled(label: str, most: int) -> bool:
    """Whether a few words name something and say nothing of it."""
    words = label.split()
    return (
        len(words) <= most
        and label[0].isupper()
        and not _VERB.search(label)
        and not re.search(r"[≥≤<>=%]|\d", ANY_GROUP.sub("", label))
    )


_LEADING = (":", ":-", "following", "following.", "as follows", "as follows.")


def leads(text: str) -> bool:
    """Whether a text waits for the list that follows it."""
    return text.rstrip().endswith(_LEADING)
