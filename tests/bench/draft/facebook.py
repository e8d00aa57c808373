"""The drafter beside what the tests of facebookresearch/Clinical-Trial-Parser expect."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from screener.drafting.draft import draft
from screener.drafting.layout.record import Record
from screener.drafting.reader import Reader
from screener.vocabulary.catalogue import Catalogue
from tests.bench.draft.relations import Claim, agree, canonical, claims, related, said

# their variables → concepts of the vocabulary; what is not here is not known
_VARIABLES = {
    "a1c": "hba1c", "age": "age", "alt": "alt", "anc": "anc", "ast": "ast",
    "ast/alt_ratio": "ast_alt_ratio", "bmi": "bmi",
    "dbp": "diastolic_bp", "ecog": "ecog", "fasting_triglyceride_level": "triglycerides",
    "karnofsky_score": "karnofsky", "life_expectancy": "life_expectancy", "nyha": "nyha",
    "pf_ratio": "pao2_fio2", "sbp": "systolic_bp", "total_cholesterol": "cholesterol",
    "triglyceride_level": "triglycerides", "wbc": "wbc", "weight": "weight",
}  # fmt: skip
_HIGHEST = {"ecog": 4}  # of their scales: death is not among the values
_SIGNS = {">": ">", "<": "<", "≥": ">=", "≤": "<=", "=": "="}
_UNDONE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}

_Raw = tuple[str, str, str, str]  # variable, sign, value, unit


@dataclass(slots=True)
class Cases:
    """How many cases came out as expected, and which did not."""

    right: int = 0
    compared: int = 0
    skipped: int = 0  # token lists without variable, comparison and number
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / max(1, self.compared)


def measured(rows: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> Cases:
    cases = Cases()
    reader = Reader(catalogue)
    for row in rows:
        if row["kind"] == "study":
            pairs = list(_study(row, catalogue))
        else:
            expected = _tokens(row["expected"]) if row["kind"] == "tokens" else list(_listed(row["expected"]))
            if not expected:
                cases.skipped += 1
                continue
            seen = [rule for _, rule in reader.read(row["text"], "inclusion").seen]
            pairs = [(expected, claims(catalogue, seen))]
        cases.compared += 1
        found = [(known(raw, catalogue), drafted) for raw, drafted in pairs]
        if all(as_expected(expected, drafted) for expected, drafted in found):
            cases.right += 1
        else:
            cases.wrong += [f"drafted: {said(drafted)} | expected: {_said(expected)} | {row['test']} | "
                            f"{' '.join(row['text'].split())}"
                            for expected, drafted in found if not as_expected(expected, drafted)]  # fmt: skip
    return cases


def as_expected(expected: Sequence[Claim | None], drafted: Sequence[Claim]) -> bool:
    """Whether every expected bound was drafted, and no other."""
    sure = [claim for claim in expected if claim is not None]
    found = all(any(agree(claim, other) for other in drafted) for claim in sure)
    return found and len(sure) == len(expected) and all(any(agree(c, e) for e in sure) for c in drafted)


def known(raw: Iterable[_Raw], catalogue: Catalogue) -> list[Claim | None]:
    """Expected bounds in the terms of the vocabulary; None for a variable that it does not know."""
    found: list[Claim | None] = []
    for variable, sign, value, unit in raw:
        concept = _VARIABLES.get(variable)
        if concept is None:
            found.append(None)
            continue
        number = Decimal(value.replace(",", ""))
        one = related(catalogue, concept, sign, number, "ULN" if unit == "uln" else unit)
        found += canonical(catalogue, frozenset({one}))
    return found


def _said(expected: Iterable[Claim | None]) -> str:
    found = list(expected)
    unknown = ["a variable that the vocabulary does not know"] * found.count(None)
    return ", ".join([said([claim for claim in found if claim is not None]), *unknown])


# --- what they write --------------------------------------------------------------------------


def _listed(relations: Iterable[Mapping[str, Any]]) -> Iterator[_Raw]:
    for one in relations:
        if "value" in one:
            yield from _ordinal(one["name"], [int(value) for value in one["value"]])
        for side, sign in (("lower", ">"), ("upper", "<")):
            if side in one:
                loose = "=" if one[side].get("incl") else ""
                yield one["name"], sign + loose, one[side]["value"], one.get("unit", "")


def _ordinal(name: str, values: Sequence[int]) -> Iterator[_Raw]:
    yield name, ">=", str(min(values)), ""
    yield name, "<=", str(max(values)), ""


def _excluded(relations: Iterable[Mapping[str, Any]]) -> Iterator[_Raw]:
    """Their exclusions are negated: an excluded ECOG 0-2 is expected as 3, 4."""
    for one in relations:
        if "value" in one:
            rest = set(range(_HIGHEST[one["name"]] + 1)) - set(map(int, one["value"]))
            yield from _ordinal(one["name"], sorted(rest))
        else:
            yield from ((name, _UNDONE[sign], value, unit) for name, sign, value, unit in _listed([one]))


def _study(row: Mapping[str, Any], catalogue: Catalogue) -> Iterator[tuple[list[_Raw], list[Claim]]]:
    items = draft(Record("", "", (), row["text"]), catalogue).items
    for kind in ("inclusion", "exclusion"):
        seen = [rule for read in items if read.kind == kind for _, rule in read.reading.seen]
        expected = (
            _listed(chain.from_iterable(row["expected_inclusions"]))
            if kind == "inclusion"
            else _excluded(row["expected_exclusions_negated"])
        )
        yield list(expected), claims(catalogue, seen)


def _tokens(groups: Iterable[Sequence[Sequence[str]]]) -> list[_Raw]:
    """The bounds of token lists in which every number has a comparison; [] for all others."""
    found: list[_Raw] = []
    for tokens in groups:
        names = [value for kind, value in tokens if kind == "Variable"]
        if not names or any(kind == "Range" for kind, _ in tokens):
            return []
        found += _compared(tokens, names)
        if len(found) < sum(kind == "Number" for kind, _ in tokens):
            return []
    return found


def _compared(tokens: Sequence[Sequence[str]], names: Sequence[str]) -> Iterator[_Raw]:
    meant, sign, pending = list(names[:1]), "", ""
    for index, (kind, value) in enumerate(tokens):
        if kind == "Variable":
            meant = [*meant, value] if pending == "Slash" else value.split("/")
        elif kind == "Comparison":
            sign = _SIGNS[value]
        elif kind == "Number" and sign:
            after = tokens[index + 1] if index + 1 < len(tokens) else ("", "")
            unit = after[1] if after[0] == "Unit" else ""
            values = value.split("/") if "/" in value else [value] * len(meant)
            yield from ((name, sign, one, unit) for name, one in zip(meant, values, strict=True))
            sign = ""
        pending = kind
