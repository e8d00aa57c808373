"""What numbers say of a disease or of its absence, and what follows on them: `despite treatment`."""

from collections.abc import Sequence

from screener.drafting.logic.parts import Part
from screener.model import rule as r
from screener.model.walk import statements

# what is too low, and what is too high, in an illness
_TOO_LOW = frozenset({
    "hemoglobin", "platelets", "anc", "creatinine_clearance", "egfr", "gfr_measured", "lvef", "albumin",
    "spo2", "spo2_room_air", "fev1_percent_predicted", "dlco_percent", "fvc_percent_predicted",
})  # fmt: skip
_TOO_HIGH = frozenset({
    "creatinine", "bilirubin_total", "bilirubin_direct", "ast", "alt", "transaminases", "alp", "inr",
    "systolic_bp", "diastolic_bp", "hba1c", "qtc", "qtcf", "calcium_total", "calcium_corrected",
})  # fmt: skip


def of_illness(rule: r.Rule) -> bool | None:
    """Whether numbers tell what it is to have a disease, not what it is to be free of it; None where that
    cannot be told: `no renal insufficiency (creatinine > 2 mg/dL)`, `absence of renal failure (creatinine
    < 1.5 mg/dL)`."""
    said = {_is_of_illness(one) for one in statements(rule)}
    return said.pop() if len(said) == 1 else None


def _is_of_illness(limit: r.Statement) -> bool | None:
    if not isinstance(limit, r.Measurement) or not isinstance(limit.test, r.Limit):
        return None
    high, low = _TOO_HIGH.issuperset(limit.concepts), _TOO_LOW.issuperset(limit.concepts)
    above = limit.test.comparator[0] == ">"
    return above == high if high != low else None


def despite(parts: Sequence[Part], text: str) -> int:
    """Where `despite optimal treatment` begins, behind values that a definition gives; the end where it is
    not there, or where more than words follow on it."""
    last = next((at for at in range(len(parts) - 1, -1, -1) if parts[at].type in ("CLAIM", "GROUP")), -1)
    at = last + 1 + (parts[last + 1 : last + 2] != [] and parts[last + 1].type == "COMMA")
    told = at < len(parts) and text[parts[at].start : parts[at].end].casefold() == "despite"
    return at if told and all(part.type in ("THAT", "WORD", "JUDGED") for part in parts[at:]) else len(parts)
