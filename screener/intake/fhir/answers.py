"""Answers that are no numbers, by code and in words: yes and no, and the steps of a score."""

import re
from collections.abc import Mapping

from screener.intake.fhir.resources import Said, not_understood

# Answers by code: mCODE's, LOINC's answer lists and a published value set; docs/fhir.md names them.
YES_NO: Mapping[tuple[str, str], str] = {
    ("LOINC", "LA6576-8"): "positive",
    ("LOINC", "LA6577-6"): "negative",
    ("LOINC", "LA9633-4"): "positive",
    ("LOINC", "LA9634-2"): "negative",
    ("LOINC", "LA11882-0"): "positive",
    ("LOINC", "LA11883-8"): "negative",
    ("LOINC", "LA33-6"): "positive",
    ("LOINC", "LA32-8"): "negative",
    ("LOINC", "LA11884-6"): "indeterminate",
    ("LOINC", "LA9663-1"): "indeterminate",
    ("SNOMED CT", "10828004"): "positive",
    ("SNOMED CT", "260385009"): "negative",
    ("SNOMED CT", "260373001"): "positive",
    ("SNOMED CT", "260415000"): "negative",
    ("SNOMED CT", "52101004"): "positive",
    ("SNOMED CT", "2667000"): "negative",
    ("SNOMED CT", "11214006"): "positive",
    ("SNOMED CT", "131194007"): "negative",
    ("SNOMED CT", "82334004"): "indeterminate",
    ("SNOMED CT", "419984006"): "indeterminate",
}
SCORES: Mapping[str, Mapping[str, str]] = {
    "ecog": {  # LL529-9, and the six grades of SNOMED CT
        "LA9622-7": "0",
        "LA9623-5": "1",
        "LA9624-3": "2",
        "LA9625-0": "3",
        "LA9626-8": "4",
        "LA9627-6": "5",
        "425389002": "0",
        "422512005": "1",
        "422894000": "2",
        "423053003": "3",
        "423237006": "4",
        "423409001": "5",
    },
    "karnofsky": {  # LL4986-7
        "LA29175-9": "100",
        "LA29176-7": "90",
        "LA29177-5": "80",
        "LA29178-3": "70",
        "LA29179-1": "60",
        "LA29180-9": "50",
        "LA29181-7": "40",
        "LA29182-5": "30",
        "LA29183-3": "20",
        "LA29184-1": "10",
        "LA9627-6": "0",
    },
}
# Forms of answers in words; the clauses of free text are made of them too.
SAYS = {
    "negative": r"not (?:detected|found|present|seen|observed|identified)|negative|absent|undetected|"
    r"non-?\s?reactive",
    "positive": r"detected|found|present|positive|seen|observed|identified|reactive",
    "indeterminate": r"indeterminate|equivocal|inconclusive|borderline",
}
DIFFER = "its codes and words say different things"
INTERPRETED = {
    "pos": "positive",
    "neg": "negative",
    "det": "positive",
    "nd": "negative",
    "rr": "positive",
    "nr": "negative",
    "wr": "indeterminate",
    "ind": "indeterminate",
    "e": "indeterminate",
    "n": "normal",
    "a": "abnormal",
    "aa": "abnormal",
}


def yes_no(answer: Said) -> str:
    """positive, negative or indeterminate; "" where no code says so. Raises Ended where two disagree."""
    found = {YES_NO[(one.system, one.code)] for one in answer.codings if (one.system, one.code) in YES_NO}
    spoken = {polarity(words) for words in answer.words()} - {""} if found else set()
    if len(found | spoken) > 1:
        raise not_understood(f"value: {DIFFER}")
    return found.pop() if found else ""


def polarity(words: str) -> str:
    """What an answer in words says; "" where it says neither."""
    return next((result for result, known in SAYS.items() if re.fullmatch(known, words, re.I)), "")
