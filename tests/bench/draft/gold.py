"""What the annotators of the Leaf Clinical Trials corpus wrote for a numeric condition → relations."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.quantities import UNITLESS, dimensions, members
from tests.bench.draft.relations import AGE, Claim, Relation, canonical, related

_SIGNS = {"GT": ">", "GTEQ": ">=", "LT": "<", "LTEQ": "<=", "EQ": "="}
_TYPES = ("lab", "vital", "clinical-score")
_TIMES = {"year": "a", "month": "mo", "week": "wk", "day": "d", "hour": "h", "minute": "min", "second": "s"}
_PAIR = ("systolic_bp", "diastolic_bp")
_PRESSURE = ("bp", "blood pressure")
_MEASURED = ("measurement", "scale", "group")


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated row."""

    criterion: tuple[str, str]
    section: str
    entity: str
    counted: bool  # annotated as a laboratory value, vital sign, score or age
    concepts: tuple[str, ...]  # what the entity may mean; () where the vocabulary does not know it
    claims: tuple[Claim, ...]  # () where the annotation gives no relation
    bare: frozenset[Claim]  # of those: without a unit, though what is measured has one
    bounds: int  # how many relations the annotation gives, known to the vocabulary or not


def gold(row: Mapping[str, Any], catalogue: Catalogue) -> Gold:
    entity = " ".join(row["entity"].split())
    kind = (row.get("obs_type") or {}).get("Observation-Type-Value")
    concepts = _concepts(row, entity, catalogue)
    found: list[Claim] = []
    bounds = 0
    unit = ""
    for filter_ in reversed(
        row.get("numeric_filters") or ()
    ):  # `< 20 or > 35 kg/m2`: the unit is the last one's
        if _is_a_window(filter_, concepts, catalogue):
            continue
        pairs = _bounds(filter_, row["criterion"])
        bounds += len(pairs)
        unit = _raw_unit(filter_, catalogue) or unit
        for signs, value, pressure in pairs:
            meant = (pressure,) if pressure and not concepts else concepts
            found += _claims(catalogue, meant, signs, value, unit)
    return Gold(
        (row["nct_id"], row["criterion"]), row.get("section") or "inclusion", entity,
        row["entity_type"] == "Age" or kind in _TYPES, concepts, tuple(dict.fromkeys(found)),
        frozenset(claim for claim in found if all(_is_bare(catalogue, one) for one in claim)), bounds,
    )  # fmt: skip


def _is_bare(catalogue: Catalogue, relation: Relation) -> bool:
    if relation.unit or relation.concept == AGE:
        return False
    return not UNITLESS & set(dimensions(catalogue[relation.concept]))


def _is_a_window(filter_: Mapping[str, Any], concepts: tuple[str, ...], catalogue: Catalogue) -> bool:
    """`platelets within 7 days`: annotated like a value, but it says when."""
    if not filter_.get("temporal-unit") or not concepts:
        return False
    return all(concept != AGE and "duration" not in dimensions(catalogue[concept]) for concept in concepts)


def _claims(
    catalogue: Catalogue, concepts: tuple[str, ...], signs: tuple[str, ...], value: Decimal, unit: str
) -> Iterator[Claim]:
    """One claim of all that the entity may mean; an annotated group stands for each of its members."""
    singles = [concept for concept in concepts if concept == AGE or catalogue[concept].kind != "group"]
    grouped = [
        member for concept in concepts if concept not in singles for member in members(catalogue, concept)
    ]
    for meant in [singles, *([member] for member in grouped)]:
        parts = [
            canonical(catalogue, frozenset({_relation(catalogue, concept, sign, value, unit)}))
            for concept in meant
            for sign in signs
        ]
        for position in range(max(map(len, parts), default=0)):
            yield frozenset().union(*(part[position] for part in parts if position < len(part)))


def _relation(catalogue: Catalogue, concept: str, sign: str, value: Decimal, unit: str) -> Relation:
    """A scale's points are no unit."""
    scored = concept != AGE and dimensions(catalogue[concept]) == ("score",)
    return related(catalogue, concept, sign, value, "" if scored else unit)


# --- which concept ----------------------------------------------------------------------------

_TRIMMED = re.compile(
    r"^(?:serum|plasma|total|the|a|adequate|resting|baseline) | (?:score|scale|levels?|values?|concentration|"
    r"count|index|grade|class|classification|status|measurement)s?$"
)


def _concepts(row: Mapping[str, Any], entity: str, catalogue: Catalogue) -> tuple[str, ...]:
    """What the entity means, and the longer names that it is a part of where it stands."""
    if row["entity_type"] == "Age":
        return (AGE,)
    found = dict.fromkeys(_covering(row["criterion"], entity, catalogue))
    name = entity.casefold()
    while name:
        known = [catalogue.named(f"{name}{more}") for more in ("", " class", " score", " scale")]
        measured = [concept.id for concept in known if concept is not None and concept.kind in _MEASURED]
        if measured:
            found[measured[0]] = None
            break
        shorter = _TRIMMED.sub("", name)
        name = "" if shorter == name else shorter
    return tuple(found)


def _covering(criterion: str, entity: str, catalogue: Catalogue) -> Iterator[str]:
    for place in re.finditer(rf"\b{re.escape(entity)}\b", criterion, re.IGNORECASE):
        for word in re.finditer(r"\b\w", criterion[max(0, place.start() - 40) : place.start() + 1]):
            start = max(0, place.start() - 40) + word.start()
            longest = catalogue.longest(criterion, start)
            if longest and longest[1] >= place.end() and longest[0].kind in _MEASURED:
                yield longest[0].id
                break


# --- which bounds -----------------------------------------------------------------------------

_NUMBER = re.compile(r"\d[\d,.]*")
_THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")
_WORDS = {
    word: number
    for words in ("one two three four five six seven eight nine ten eleven twelve",
                  "i ii iii iv v vi", "ⅰ ⅱ ⅲ ⅳ ⅴ ⅵ", "a b c")
    for number, word in enumerate(words.split(), 1)
}  # fmt: skip
_ABOVE = re.compile(
    r">(?!\s*=)|(?:more|greater|older|higher) than(?! or)|\babove\b|\bover\b|exclusive", re.IGNORECASE
)
_BELOW = re.compile(
    r"<(?!\s*=)|(?:less|lower|younger|fewer) than(?! or)|\bbelow\b|\bunder\b|exclusive", re.IGNORECASE
)

_Bound = tuple[tuple[str, ...], Decimal, str]  # the signs that will do, the value, which blood pressure


def _bounds(filter_: Mapping[str, Any], criterion: str) -> list[_Bound]:
    operators = {each.get("Eq-Operator-Value") for each in filter_.get("operator", ())}
    values = _values(filter_)
    text = filter_["text"]
    if not values or "PLUS-MINUS" in operators:
        return []
    if len(operators) > 1:
        operators.discard("EQ")
    if "BETWEEN" in operators or (not operators and len(values) > 1):
        return _between(operators, values, text, criterion)
    if not operators and re.search(r"\d", text):
        return []  # `18 years`: which way the bound goes is not annotated; `NYHA IV` needs no sign
    sign = _one_sign(operators)
    if sign and len(values) == 2 and "/" in text:
        return [((sign,), value, which) for value, which in zip(values, _PAIR, strict=True)]
    return [((sign,), values[0], "")] if sign and len(values) == 1 else []


def _one_sign(operators: set[str]) -> str:
    if not operators:
        return "="
    for strict, loose in (("GT", "GTEQ"), ("LT", "LTEQ")):
        if operators <= {strict, loose}:
            return _SIGNS[loose if loose in operators else strict]
    return _SIGNS.get(next(iter(operators)), "") if len(operators) == 1 else ""


def _between(operators: set[str], values: list[Decimal], text: str, criterion: str) -> list[_Bound]:
    """BETWEEN does not say whether its ends belong: where the text does, either will do."""
    if len(values) < 2 or (not operators and not _are_a_range(values, text)):
        return []
    place = criterion.find(text)
    around = text if place < 0 else criterion[place : place + len(text) + 14]
    above = (">",) if "GT" in operators else (">=", ">") if _ABOVE.search(around) else (">=",)
    below = ("<",) if "LT" in operators else ("<=", "<") if _BELOW.search(around) else ("<=",)
    values = values[:2] if operators else values  # `between 14 weeks and 23 weeks 6 days`
    return [(above, min(values), ""), (below, max(values), "")]


def _are_a_range(values: list[Decimal], text: str) -> bool:
    steps = {after - before for before, after in pairwise(sorted(values))}
    return steps == {Decimal(1)} or bool(re.search(r"\d\s*[-–~～]\s*\d|\bto\b", text))


def _values(filter_: Mapping[str, Any]) -> list[Decimal]:
    written = _written(filter_)
    if not written and re.search(r"normal|ULN", filter_["text"], re.IGNORECASE):
        return [Decimal(1)]  # `>= lower limit of normal`
    return list(dict.fromkeys(number for value in written if (number := _number(value)) is not None))


def _written(filter_: Mapping[str, Any]) -> list[str]:
    """The values as written, in order, without the 109 of `x109/L` and the 30 of `26 / 30`."""
    text = filter_["text"]
    marked = [value["text"] for value in filter_.get("value", ())] or _NUMBER.findall(text)
    kept = [value for value in marked if not re.search(rf"[x×*∙·]\s*{re.escape(value)}(?!\.)\b", text)]
    ranged = [value for value in kept if not re.search(rf"\d\s+/\s*{re.escape(value)}\b", text)]
    return sorted(ranged, key=text.find)


def _number(text: str) -> Decimal | None:
    word = text.strip().casefold()
    if word in _WORDS:
        return Decimal(_WORDS[word])
    try:
        return Decimal(_THOUSANDS.sub("", word).replace(",", "."))
    except InvalidOperation:
        return None


# --- which unit -------------------------------------------------------------------------------

_ULN = re.compile(r"upper|ULN|UNL|maximum normal|times normal|x normal", re.IGNORECASE)
_LLN = re.compile(r"lower limit|LLN", re.IGNORECASE)
_NO_UNIT = re.compile(r"score|total score|class|classification|category|grade|cut-off|points?", re.IGNORECASE)


def _raw_unit(filter_: Mapping[str, Any], catalogue: Catalogue) -> str:
    """The unit as the annotated text has it: annotators often marked only its first word."""
    text = filter_["text"]
    if _ULN.search(text):
        return "ULN"
    if _LLN.search(text):
        return "LLN"
    for value in reversed(_written(filter_)[:2]):
        start = text.find(value) + len(value)
        start += len(text[start:]) - len(text[start:].lstrip())
        end = catalogue.units.longest(text, start)
        if end is not None:
            return str(text[start:end])
    for each in filter_.get("temporal-unit", ()):
        return str(_TIMES.get(each.get("Eq-Temporal-Unit-Value"), each["text"]))
    marked = "/".join(each["text"] for key in ("unit", "per") for each in filter_.get(key, ()))
    return "" if _NO_UNIT.fullmatch(marked) else marked
