"""The value of an observation or of one of its components, in every type that it may have."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from screener.intake.fhir.naming import Namer
from screener.intake.fhir.quantities import quantity_of, range_of, ratio_of
from screener.intake.fhir.resources import (
    Resource,
    Said,
    code_in,
    flag,
    items,
    meant,
    not_needed,
    not_understood,
    number,
    said,
    text,
)
from screener.vocabulary.catalogue import Concept

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
# Nothing was measured, or nobody says: no value is hidden behind these.
_NEVER_MEASURED = {
    "not-performed",
    "not-asked",
    "asked-declined",
    "asked-unknown",
    "temp-unknown",
    "not-applicable",
    "not-permitted",
    "unknown",
}
_MEASURED = re.compile(r"\s*(<=|>=|=<|=>|≤|≥|<|>)?\s*([+-]?\d{1,30}(?:\.\d{1,30})?)\s*(\S.{0,40})?")
_SCORE = re.compile(r"(?:(?:ECOG|KPS|Karnofsky)\b\D{0,30})?(\d{1,3})(?:\s*%|\s*[-–:].{0,200})?", re.I)
_STEP = re.compile(r"\b(?:stage|class|grade)\s+([IVX]{1,4}|\d)\b", re.I)
_OTHER = (
    "valueTime",
    "valueDateTime",
    "valuePeriod",
    "valueSampledData",
    "valueAttachment",
    "valueReference",
)


def value_of(of: Resource, concept: Concept, names: Namer, within: str = "") -> dict[str, Any]:
    """`value` and `unit` of a record. Raises Ended where there is none that a profile could hold."""
    found: dict[str, Any] | None = None
    if of.get("valueQuantity") is not None:
        found = quantity_of(of, concept, names, within)
    elif of.get("valueInteger") is not None:
        found = {"value": number(of, "valueInteger", within)}
    elif of.get("valueDecimal") is not None:
        found = {"value": number(of, "valueDecimal", within)}
    elif of.get("valueString") is not None:
        found = _words(text(of, "valueString", within) or "", concept)
    elif of.get("valueCodeableConcept") is not None:
        found = _coded(said(of, "valueCodeableConcept", within), concept)
    elif of.get("valueBoolean") is not None:
        found = {"value": "positive" if flag(of, "valueBoolean", within) else "negative"}
    elif of.get("valueRange") is not None:
        found = range_of(of, concept, names, within)
    elif of.get("valueRatio") is not None:
        found = ratio_of(of, within)
    elif any(of.get(key) is not None for key in _OTHER):
        raise not_understood(f"{within}value: a type that no profile holds")
    return found if found is not None and found.get("value") is not None else _without(of, concept, within)


def _words(words: str, concept: Concept) -> dict[str, Any]:
    if (measured := _MEASURED.fullmatch(words)) and (concept.kind != "scale" or not measured[3]):
        sign, amount, unit = measured.groups()
        return {"value": f"{sign}{amount}" if sign else Decimal(amount), "unit": unit}
    if concept.kind == "scale" and (score := _SCORE.fullmatch(words)):
        return {"value": Decimal(score[1])}
    if (
        concept.kind == "scale"
        and (step := _STEP.search(words))
        and step[1] in concept.entry.get("labels", {})
    ):
        return {"value": step[1]}
    return {"value": words[:200]}


def _coded(answer: Said | None, concept: Concept) -> dict[str, Any]:
    if answer is None:
        return {}
    scores = SCORES.get(concept.id, {})
    found = {scores[one.code] for one in answer.codings if one.code in scores}
    if len(found) == 1:
        return {"value": Decimal(found.pop())}
    word = yes_no(answer)
    if word:
        return {"value": word}
    words = next(answer.words(), None)
    return {} if words is None else _words(words, concept)


def yes_no(answer: Said) -> str:
    """positive, negative or indeterminate by code; "" where no code says so, or two disagree."""
    found = {YES_NO[(one.system, one.code)] for one in answer.codings if (one.system, one.code) in YES_NO}
    return found.pop() if len(found) == 1 else ""


def _without(of: Resource, concept: Concept, within: str) -> dict[str, Any]:
    """What is left without a value: an interpretation, or the reason why there is none."""
    interpreted = [meant(one, f"{within}interpretation") for one in items(of, "interpretation", within)]
    scores = SCORES.get(concept.id, {})
    found = {scores.get(code_in(one).upper()) or INTERPRETED.get(code_in(one), "") for one in interpreted}
    if len(found - {""}) == 1:
        return {"value": (found - {""}).pop()}
    absent = said(of, "dataAbsentReason", within)
    reason = code_in(absent)
    if reason in _NEVER_MEASURED:
        raise not_needed("it says that nothing was measured or is known")
    if reason:
        return {}  # something was measured and cannot be read: an older value must not step in
    raise not_needed("it has no value")
