"""The result of screening: plain frozen data, and its JSON document."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from screener.model.kleene import FALSE, TRUE, Truth

Verdict = Literal["pass", "fail", "unknown"]
Overall = Literal["eligible", "ineligible", "undetermined"]


def verdict_of(truth: Truth, kind: str) -> Verdict:
    """What a rule's truth means for the patient: an exclusion turns it round. Here, and only here."""
    if truth is not TRUE and truth is not FALSE:
        return "unknown"
    return "pass" if (truth is TRUE) == (kind == "inclusion") else "fail"


@dataclass(frozen=True)
class Evidence:
    """One fact that was looked at: the record, what it says as recorded, as understood, and when."""

    concept: str
    record: str
    recorded: str
    value: Decimal | str | None = None
    unit: str | None = None
    date: str | None = None
    age_days: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class Margin:
    """How far the deciding value lies from its threshold, on whichever side the verdict says."""

    value: Decimal
    unit: str


@dataclass(frozen=True)
class Change:
    """The first day on which time alone gives another verdict: if nothing new happens until then, and
    the records that are complete today are kept so."""

    date: date
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Trace:
    """A part of the rule, whether it holds, and why."""

    form: str
    truth: str
    reason: str
    children: tuple["Trace", ...] = ()


@dataclass(frozen=True)
class CriterionResult:
    id: str
    kind: str
    text: str
    rule: str
    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    questions: tuple[str, ...]
    threshold: str | None
    margin: Margin | None
    trace: Trace
    changes_on: Change | None
    valid_until: date | None
    attestation: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Ignored:
    """A record of the profile that decides nothing, and why."""

    record: str
    reason: str


@dataclass(frozen=True)
class RuleSet:
    version: str
    sha256: str
    status: str
    completeness: str


@dataclass(frozen=True)
class ScreeningResult:
    """One patient against one trial. `model_dump_json()` is the result document of the contract."""

    patient: str
    trial: str
    title: str
    as_of: date
    overall: Overall
    counts: dict[str, int]
    criteria: tuple[CriterionResult, ...]
    ignored: tuple[Ignored, ...]
    not_understood: tuple[Ignored, ...]
    rule_set: RuleSet
    vocabulary: dict[str, str]
    policy: dict[str, str] | None
    engine: str
    notice: str = "A pre-screen for a person to confirm; not medical advice."

    def model_dump(self) -> dict[str, Any]:
        """The result document as plain data, ready for `json.dumps`."""
        return json.loads(self.model_dump_json())  # type: ignore[no-any-return]

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The result document. The same inputs give the same bytes."""
        document = {"schema": "screener.result/1", **vars(self)}
        return json.dumps(document, ensure_ascii=False, indent=indent, default=_plain, check_circular=False)


def _plain(value: Any) -> Any:
    """What the JSON encoder does not know: dates, decimals, and the parts of a result."""
    if isinstance(value, Decimal):
        return json_number(value)
    if isinstance(value, date):
        return value.isoformat()
    return vars(value)


def json_number(value: Decimal) -> int | float | str:
    """A JSON number where it keeps every digit, else the digits as text."""
    if value == value.to_integral_value() and abs(value) < 10**15:
        return int(value)
    short = float(value)
    return short if Decimal(repr(short)) == value else format(value, "f")
