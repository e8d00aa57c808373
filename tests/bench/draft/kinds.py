"""What an item is about, told from its words alone: the first rule that fits wins.

Nothing here asks the drafter, so that what it fails to understand is still counted where it belongs.
"""

import re
from collections.abc import Iterator
from functools import cache

from screener.vocabulary import names
from screener.vocabulary.catalogue import Catalogue

PERFORMANCE, AGE, LIFE = "performance status", "age", "life expectancy"
THRESHOLD, LINES = "measurable threshold", "number of prior therapies"
NUMERIC = (PERFORMANCE, AGE, LIFE, THRESHOLD, LINES)  # the kinds with a number to compare

_COUNT = r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen)"
_SPAN = rf"{_COUNT}[\w.]*\)?[\s-]*(?:\(\d+\)\s*)?(?:hours?|days?|weeks?|months?|years?|half[- ]li[fv]es?)"
_THERAPY = (
    r"therap(?:y|ies)|treatments?|treated|chemotherap\w*|radiotherap\w*|radiation|surger(?:y|ies)|surgical|"
    r"transplant\w*|medications?|drugs?|inhibitors?|antibod\w+|vaccin\w+|steroids?|corticosteroids?|"
    r"\w+(?:mab|nib|mide|zomib|platin|taxel)|CAR[- ]?T|regimens?|agents?|washout|wash-out"
)

_BEFORE = {
    "pregnancy/contraception": (
        r"pregnan|lactat|breast[- ]?feed|contracepti|child[- ]?bearing|nursing (?:mother|women|a)|\bWOCBP\b|"
        r"\bFCBP\b|birth control|sperm|abstinen|reproductive potential|barrier method|condom"
    ),
    "consent/compliance": (
        r"consent|assent\b|complian|comply|willing|able to understand|adhere to|protocol require|"
        r"geographical|follow[- ]up visits|cooperat"
    ),
    PERFORMANCE: (
        r"\bECOG\b|karnofsky|\bKPS\b|lansky|zubrod|performance[- ](?:status|score)|\bECOG-?PS\b|\bWHO PS\b"
    ),
    AGE: (
        r"\d\W*(?:or older|and older|or over|and over|or younger|years? old|years? of age|y/?o\b|year-old|"
        r"months? of age|months? old)|\bage[ds]?\b\D{0,45}\d|\d\D{0,25}\bage\b|\bolder than \d|"
        r"\byounger than \d|eighteen (?:years|\()"
    ),
    LIFE: (
        r"life[- ]expectanc|expected (?:survival|life)|(?:anticipated|estimated|predicted) survival|"
        r"expected to (?:live|survive)|survival (?:time )?of (?:at least|more than|>|≥)"
    ),
}
_AFTER = {
    "allergy": r"allerg|hypersensitiv|intoleran|anaphyla",
    "other malignancy": (
        r"(?:other|second|another|prior|previous|concurrent|additional|history of) (?:\w+ ){0,3}"
        r"(?:malignan|cancer|neoplas|tumou?r)|malignan\w+ (?:other|within|in the)|basal cell|in[- ]situ"
    ),
    "infection": (
        r"infect|\bHIV\b|hepatitis|\bHBV\b|\bHCV\b|tubercul|sepsis|immunodeficiency virus|COVID|SARS|"
        r"pneumonia|HBsAg|viral|bacterial|fungal"
    ),
    "washout/recent therapy": (
        rf"(?=.*(?:{_THERAPY}))(?=.*(?:within|in the (?:last|past|previous)|less than|at least|prior to|"
        rf"before|since|<|≤|>|≥)\W.*?{_SPAN})"
    ),
    "prior therapy": rf"\b(?:{_THERAPY})\b|\bprior lines?\b|refractory|relapsed?\b|\bnaive\b",
    "diagnosis/stage": (
        r"diagnos|histolog|cytolog|confirmed|stage\b|\bstages\b|measurable|measureable|myeloma|lymphoma|"
        r"leuk[ae]?emia|carcinoma|cancer|plasma cell|amyloid|tumou?rs?\b|lesion|metasta|M[- ]protein|RECIST"
    ),
    "judgement": (
        r"investigator|opinion|judg|physician|discretion|any condition|clinically significant|interfere"
    ),
    "comorbidity": (
        r"disease|disorder|syndrome|failure|heart|cardiac|cardio|hypertens|diabet|renal|hepatic|liver|"
        r"neuropath|psychiatr|seizure|stroke|infarct|angina|arrhythm|thrombo|bleed|pulmonary|abuse|"
        r"history of|impair|disabilit"
    ),
}


@cache
def _compiled() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], ...]:
    return tuple(
        tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in rules)
        for rules in (_BEFORE.items(), _AFTER.items())
    )


def kind_of(text: str, catalogue: Catalogue) -> str:
    """The kind of an item."""
    before, after = _compiled()
    for kind, pattern in before:
        if pattern.search(text):
            return kind
    names_compared = compared(text, catalogue)
    if names_compared:
        return THRESHOLD if names_compared - _COUNTED else LINES
    return next((kind for kind, pattern in after if pattern.search(text)), "other")


# --- measurable thresholds --------------------------------------------------------------------

_COMPARED = (
    r"(?:[<>≤≥≦≧⩽⩾=]|\b(?:at least|at most|less than|more than|greater than|lower than|higher than|up to|"
    r"above|below|under|over|between|exceed(?:s|ing)?|minimum of|no more than|not more than|or equal to|"
    r"from)\b)"
)
_NUMBER = r"\d[\d.,]*"
_BEHIND = re.compile(
    rf"[^;.\n]{{0,60}}?(?:{_COMPARED}\W{{0,12}}(?:or equal to\W{{0,3}}|than\W{{0,3}})?{_NUMBER}"
    rf"|{_NUMBER}\s*(?:[-–~]|to)\s*{_NUMBER}"
    rf"|{_NUMBER}[^;.\n]{{0,20}}\bor (?:greater|more|less|higher|above|below|lower)"
    r"|(?:[<>≤≥=]+|within|times|x)\s*(?:the\s+)?(?:ULN|upper limit|normal limits?|LLN|lower limit))",
    re.IGNORECASE,
)
_AHEAD = re.compile(rf"{_COMPARED}\W{{0,3}}{_NUMBER}[^;.\n]{{0,25}}$", re.IGNORECASE)


_COUNTED = {"lines_of_therapy", "courses_of_therapy", "courses_of_frontline_therapy"}


def compared(text: str, catalogue: Catalogue) -> set[str]:
    """The measurements that have a comparison or a range with a number close behind or before them."""
    return {
        concept
        for concept, start, end in measurements(text, catalogue)
        if _BEHIND.match(text, end) or _AHEAD.search(text[max(0, start - 45) : start])
    }


def measurements(text: str, catalogue: Catalogue) -> Iterator[tuple[str, int, int]]:
    """Where the text has the name of something that is measured: the longest name at each word."""
    spelled, longest = _spelled(catalogue)
    words = names.pieces(text)
    for at, (word, end) in enumerate(words):
        found, best = "", None
        for following, stop in words[at : at + longest]:
            found = f"{found} {following}" if found else following
            if found in spelled:
                best = spelled[found], end - len(word), stop
        if best is not None:
            yield best


@cache
def _spelled(catalogue: Catalogue) -> tuple[dict[str, str], int]:
    found = {
        name: concept for name, concept in catalogue.spellings()
        if catalogue[concept].kind in ("measurement", "scale", "group")
    }  # fmt: skip
    return found, max(name.count(" ") + 1 for name in found)
