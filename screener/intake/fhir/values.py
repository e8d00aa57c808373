"""The value of an observation or of one of its components, in every type that it may have."""

import re
from decimal import Decimal
from typing import Any

from screener.intake.fhir.answers import DIFFER, INTERPRETED, SCORES, polarity, yes_no
from screener.intake.fhir.naming import Namer
from screener.intake.fhir.quantities import quantity_of, range_of, ratio_of
from screener.intake.fhir.resources import (
    UNCLEAR,
    Resource,
    Said,
    code_in,
    flag,
    items,
    meant,
    not_needed,
    not_understood,
    number,
    one_type,
    said,
    text,
)
from screener.vocabulary.catalogue import Concept
from screener.vocabulary.quantities import dimensions

# Nothing was measured, or nobody says: no value is hidden behind these.
NEVER_MEASURED = {
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
# `80%`, `ECOG 1`, `KPS 80-90`, `2 - Ambulatory …`: no further number may follow but the 50 % of the
# ECOG grades' own words, so that `2 - now 1` is no 2.
_SCORE = re.compile(
    r"(?:(?P<scale>ECOG|KPS|Karnofsky)\b\D{0,30})?(?P<score>\d{1,3})\s*%?"
    r"(?:\s*(?:-|–|to)\s*(?P<last>\d{1,3})\s*%?|\s*[-–:(]\s*[A-Za-z](?:50\s?%|\D){0,200})?",
    re.I,
)
# `1.200/uL` is one and a fifth or twelve hundred: who writes it does not say.
_THOUSANDS = re.compile(r"\s*\D{0,3}[1-9]\d{0,2}\.\d{3}\s*/")
_NO_ANSWER = {"-", "--", "---", "–", "—", "."}  # of a laboratory that fills in what it has not
_SCALES = {"ecog": "ecog", "kps": "karnofsky", "karnofsky": "karnofsky"}
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
    one_type(of, "value", within)
    found = _stated(of, concept, names, within)
    value = found.get("value")
    if value is None:
        return _without(of, concept, within)
    if "dataAbsentReason" in of and code_in(said(of, "dataAbsentReason", within)):
        raise not_understood(f"{within}dataAbsentReason: it stands beside a value")
    if isinstance(value, str) or not dimensions(concept):
        return _agreed(found, _interpreted(of, concept, within), concept, within)
    return found


def told(of: Resource) -> bool:
    """Whether something was seen or measured, be it readable or not: it may be the newest there is."""
    if _has_value(of):
        return True
    reason = of.get("dataAbsentReason")
    stated = meant(reason, "dataAbsentReason") if isinstance(reason, dict) else None
    return code_in(stated) not in NEVER_MEASURED if stated else bool(of.get("interpretation"))


def _has_value(of: Resource) -> bool:
    """Whether there is a value of any type, or what stands beside one that is withheld (`_valueString`)."""
    return any(key.startswith(("value", "_value")) and of[key] is not None for key in of)


def _stated(of: Resource, concept: Concept, names: Namer, within: str) -> dict[str, Any]:
    if of.get("valueQuantity") is not None:
        return quantity_of(of, concept, names, within)
    if of.get("valueInteger") is not None:
        return {"value": number(of, "valueInteger", within)}
    if of.get("valueDecimal") is not None:
        return {"value": number(of, "valueDecimal", within)}
    if of.get("valueString") is not None:
        words = text(of, "valueString", within) or ""
        if words in _NO_ANSWER:
            raise not_understood(f"{within}valueString: a dash may stand for no result")
        return _words(words, concept)
    if of.get("valueCodeableConcept") is not None:
        return _coded(said(of, "valueCodeableConcept", within), concept)
    if of.get("valueBoolean") is not None:
        return {"value": "positive" if flag(of, "valueBoolean", within) else "negative"}
    if of.get("valueRange") is not None:
        return range_of(of, concept, names, within)
    if of.get("valueRatio") is not None:
        return ratio_of(of, concept, names, within)
    if any(of.get(key) is not None for key in _OTHER):
        raise not_understood(f"{within}value: a type that no profile holds")
    return {}


def _agreed(found: dict[str, Any], word: str, concept: Concept, within: str) -> dict[str, Any]:
    """The value beside its interpretation, which alone tells what an index of a yes-or-no test means."""
    yes_or_no = ("positive", "negative")
    if word in yes_or_no and polarity(str(found["value"])) in {*yes_or_no} - {word}:
        raise not_understood(f"{within}interpretation: it says the opposite of the value")
    counted = str(found["value"]).lstrip("<=>")[:1].isdigit()
    return {"value": word} if word in yes_or_no and counted and not dimensions(concept) else found


def _words(words: str, concept: Concept) -> dict[str, Any]:
    if _THOUSANDS.match(words):
        return {"value": words[:200]}
    if (measured := _MEASURED.fullmatch(words)) and (concept.kind != "scale" or not measured[3]):
        sign, amount, unit = measured.groups()
        return {"value": f"{sign}{amount}" if sign else Decimal(amount), "unit": unit}
    if concept.kind == "scale" and (score := _score(words, concept)) is not None:
        return {"value": score}
    if (
        concept.kind == "scale"
        and (step := _STEP.search(words))
        and step[1] in concept.entry.get("labels", {})
    ):
        return {"value": step[1]}
    return {"value": words[:200]}


def _score(words: str, concept: Concept) -> Decimal | str | None:
    found = _SCORE.fullmatch(words)
    if found is None or _SCALES.get((found["scale"] or "").lower(), concept.id) != concept.id:
        return None
    if found["last"] is None:
        return Decimal(found["score"])
    low, high = sorted((int(found["score"]), int(found["last"])))
    return f"{low} to {high}"


def _coded(answer: Said | None, concept: Concept) -> dict[str, Any]:
    if answer is None:
        return {}
    scores = SCORES.get(concept.id, {})
    read = [_words(words, concept) for words in answer.words()]
    found = {Decimal(scores[one.code]) for one in answer.codings if one.code in scores}
    if scores:
        found |= {one["value"] for one in read if isinstance(one["value"], Decimal)}
    if len(found) > 1:
        raise not_understood(f"value: {DIFFER}")
    if found:
        return {"value": found.pop()}
    if len({polarity(words) for words in answer.words()} - {""}) > 1:
        raise not_understood(f"value: {DIFFER}")
    word = yes_no(answer)
    return {"value": word} if word else read[0] if read else {}


def _interpreted(of: Resource, concept: Concept, within: str) -> str:
    """What the interpretations say alike, "" where there is none, UNCLEAR where nobody can tell."""
    stated = [meant(one, f"{within}interpretation") for one in items(of, "interpretation", within)]
    scores = SCORES.get(concept.id, {})
    found = {scores.get(code_in(one).upper()) or INTERPRETED.get(code_in(one), "") for one in stated} - {""}
    return found.pop() if len(found) == 1 else UNCLEAR if stated else ""


def _without(of: Resource, concept: Concept, within: str) -> dict[str, Any]:
    """What is left without a value: an interpretation, or the reason why there is none.

    What was measured and cannot be read stays a record: an older value must not step in.
    """
    reason = code_in(said(of, "dataAbsentReason", within))
    interpreted = _interpreted(of, concept, within)
    if interpreted and interpreted != UNCLEAR:
        return {"value": interpreted}
    if reason in NEVER_MEASURED:
        raise not_needed("it says that nothing was measured or is known")
    if interpreted:
        raise not_understood(f"{within}interpretation: without a value it says neither yes nor no")
    if not reason and _has_value(of):
        raise not_understood(f"{within}value: nothing in it is read")
    if not reason:
        raise not_needed("it has no value")
    return {}
