"""Numeric conditions as relations: which concept, which sign, how much, of which unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from screener.model import rule as r
from screener.model.walk import statements
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.quantities import dimensions, members

AGE = "age"  # no concept of the vocabulary: a statement of its own
TIMES = ("ULN", "LLN")  # units that multiply a limit of the laboratory


@dataclass(frozen=True, slots=True)
class Relation:
    """One bound. Two are equal if they are in the base unit of their kind of quantity."""

    concept: str
    sign: str
    amount: Fraction
    unit: str  # the kind of quantity, a unit that does not convert, or "" where none is written
    value: Decimal = field(compare=False)  # as written

    def __str__(self) -> str:
        return f"{self.concept} {self.sign} {self.value} [{self.unit}]"


Claim = frozenset[Relation]  # ways to say one bound (in either of two units); any of them will do


def agree(one: Claim, other: Claim) -> bool:
    """Whether two claims have a relation in common; a unit that one does not write is not compared."""
    return any(same(first, second) for first in one for second in other)


def same(one: Relation, other: Relation) -> bool:
    if one == other:
        return True
    unwritten = (one.unit == "") != (other.unit == "")
    alike = one.concept == other.concept and one.sign == other.sign and one.value == other.value
    return unwritten and alike and not {one.unit, other.unit} & set(TIMES)


def said(found: Iterable[Claim]) -> str:
    return ", ".join(" = ".join(sorted(map(str, claim))) for claim in found) or "nothing"


def related(catalogue: Catalogue, concept: str, sign: str, value: Decimal, unit: str) -> Relation:
    """A relation, its unit written as criteria write it or as a code."""
    amount = Fraction(value)
    if not unit or unit in TIMES:
        return Relation(concept, sign, amount, unit, value)
    kinds = ("duration",) if concept == AGE else dimensions(catalogue[concept])
    known = catalogue.units.read(unit, kinds)
    if known is None:
        return Relation(concept, sign, amount, unit, value)
    if known.factor is None:
        return Relation(concept, sign, amount, known.code, value)
    return Relation(concept, sign, amount * known.factor, known.dimension, value)


def canonical(catalogue: Catalogue, claim: Claim) -> list[Claim]:
    """On a scale of steps, > 1 is >= 2, and a bound at the scale's end says nothing."""
    if len(claim) > 1:
        return [claim]
    (relation,) = claim
    if relation.concept not in catalogue or catalogue[relation.concept].kind != "scale":
        return [claim]
    return [frozenset({one}) for one in _on_scale(catalogue, relation)]


def _on_scale(catalogue: Catalogue, relation: Relation) -> Iterator[Relation]:
    entry = catalogue[relation.concept].entry
    low, high, step = (Decimal(entry[key]) for key in ("low", "high", "step"))
    value = relation.value
    if relation.sign in (">", ">=", "="):
        least = value + step if relation.sign == ">" else value
        if least > low:
            yield replace(relation, sign=">=", amount=Fraction(least), value=least, unit="")
    if relation.sign in ("<", "<=", "="):
        most = value - step if relation.sign == "<" else value
        if most < high:
            yield replace(relation, sign="<=", amount=Fraction(most), value=most, unit="")


# --- of rules ---------------------------------------------------------------------------------


def claims(catalogue: Catalogue, rules: Iterable[r.Rule]) -> list[Claim]:
    """Every bound of a measurement or an age that rules state, in whatever logic they stand."""
    found: dict[Claim, None] = {}
    for rule in rules:
        for statement in statements(rule):
            for claim in _stated(catalogue, statement):
                found.update(dict.fromkeys(canonical(catalogue, claim)))
    return list(found)


def _stated(catalogue: Catalogue, statement: r.Statement) -> Iterator[Claim]:
    if isinstance(statement, r.Age):
        unit = next(code for code, name in r.AGES.items() if name == statement.unit)
        yield from _bounds(catalogue, AGE, statement.test, unit)
    elif isinstance(statement, r.Measurement):
        for concept in statement.concepts:
            for member in members(catalogue, concept):
                yield from _bounds(catalogue, member, statement.test, "")


def _bounds(catalogue: Catalogue, concept: str, test: r.Test, unit: str) -> Iterator[Claim]:
    match test:
        case r.Limit():
            yield frozenset({_limit(catalogue, concept, test, unit)})
        case r.Range(low=low, high=high) if low == high:
            yield frozenset({related(catalogue, concept, "=", low, test.unit or unit)})
        case r.Range(low=low, high=high):
            yield frozenset({related(catalogue, concept, ">=", low, test.unit or unit)})
            yield frozenset({related(catalogue, concept, "<=", high, test.unit or unit)})
        case r.EitherUnit(of=of):
            yield frozenset(_limit(catalogue, concept, limit, unit) for limit in of)


def _limit(catalogue: Catalogue, concept: str, limit: r.Limit, unit: str) -> Relation:
    return related(catalogue, concept, limit.comparator, limit.value, limit.unit or unit)
