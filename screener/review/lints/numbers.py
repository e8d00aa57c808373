"""number-dropped: every number of the published text stands in the rule, or the note speaks of it."""

import re
from collections.abc import Iterator

from screener.model.trial import Trial
from screener.review.lints.finding import Finding
from screener.vocabulary.catalogue import Catalogue

_NUMBER = re.compile(r"(?<![\w.^])(?:\d{1,3}(?:[,\u00a0\u202f ]\d{3})+|\d+(?:\.\d+)?)(?!\w)")
_THOUSANDS = re.compile(r"[,\s]")
_RANGE = re.compile(r"\b(\d{1,2})-(\d{1,2})\b")
_MARKER = re.compile(r"t\(\d+;\d+\)|\d+[pq][\d.]*[-+]?")
_ENUMERATION = re.compile(r"\(\d{1,2}\)")
_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_SPELLED = re.compile(rf"\b({'|'.join(_WORDS)})\b", re.IGNORECASE)


def check(trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:  # noqa: ARG001
    for criterion in trial.criteria:
        known = set(_numbers(criterion.printed)) | set(_numbers(criterion.note))
        for low, high in _RANGE.findall(criterion.printed):
            known.update(map(str, range(int(low), int(high) + 1)))
        dropped = [number for number in _numbers(criterion.text) if not _stands(number, known)]
        if dropped:
            yield Finding(
                "number-dropped", criterion.id,
                f"{', '.join(dict.fromkeys(dropped))} stands in the text and not in the rule",
                "state it in the rule, quote it in manual(…), or name it in a note and say why",
            )  # fmt: skip


def _stands(number: str, known: set[str]) -> bool:
    """Whether a number stands in the rule; `50 000` may be one number or two."""
    return _THOUSANDS.sub("", number) in known or known.issuperset(number.split())


def _numbers(text: str) -> list[str]:
    """The numbers of a text, without those of markers and of enumerations."""
    bare = _ENUMERATION.sub(" ", _MARKER.sub(" ", text.replace("\\", "")))
    bare = _SPELLED.sub(lambda match: _WORDS[match.group().casefold()], bare)
    return [match.group().replace(",", "").removesuffix(".0") for match in _NUMBER.finditer(bare)]
