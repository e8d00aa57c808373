"""A patient's profile, as the contract describes it. Numbers keep their decimals, dates their text.

Validation messages never hold what was read: `intake` words them from the place and the kind.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from screener.model.calendar import read_date
from screener.model.interval import MAX_DIGITS

SECTIONS = ("conditions", "treatments", "procedures", "allergies", "medications", "responses")


def _date(text: str) -> str:
    try:
        read_date(text)
    except ValueError:
        raise PydanticCustomError("date", "not a date") from None
    return text


def _number(value: Any) -> Any:
    if type(value) is Decimal:  # nearly every number, and what follows costs time
        digits = str(value)
        if len(digits) <= MAX_DIGITS and "E" not in digits and "N" not in digits and "I" not in digits:
            return value
    if isinstance(value, bool):
        raise PydanticCustomError("number", "not a number")
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, int):
        value = Decimal(value) if abs(value) < 10**MAX_DIGITS else Decimal("inf")
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() >= MAX_DIGITS or value.adjusted() < -MAX_DIGITS:
            raise PydanticCustomError("finite", "not a finite number")
        if len(value.as_tuple().digits) > MAX_DIGITS:
            raise PydanticCustomError("digits", "too many digits")
    return value


def _flag(value: Any) -> Any:
    if value is not None and not isinstance(value, bool):
        raise PydanticCustomError("bool", "not true or false")
    return value


def _whole(value: Any) -> Any:
    value = _number(value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise PydanticCustomError("whole", "not a whole number")


DateText = Annotated[str, Field(max_length=40), AfterValidator(_date)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Amount = Annotated[Decimal | Annotated[str, Field(max_length=200)], BeforeValidator(_number)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=10_000)]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Source = Annotated[str, Field(min_length=1, max_length=200)]


class Record(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        defer_build=True,  # one validator for the whole profile, not one for each kind of record
    )


class Code(Record):
    system: Name
    code: Name


class ReferenceRange(Record):
    low: Number | None = None
    high: Number | None = None


class Dose(Record):
    value: Number
    unit: Name
    per: Name | None = None


class Coded(Record):
    """A record that names its subject by a name, by codes, or by both."""

    name: Name | None = None
    codes: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _named(self) -> "Coded":
        if self.name is None and not self.codes:
            raise PydanticCustomError("unnamed", "neither name nor codes")
        return self


class Condition(Coded):
    status: Literal["active", "resolved", "absent", "suspected"] | None = None
    onset: DateText | None = None
    resolved: DateText | None = None
    date: DateText | None = None
    grade: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=5)] | None = None
    severity: Name | None = None
    controlled: Flag | None = None
    stage: Name | None = None
    source: Source | None = None  # where the record comes from, as `Observation/123`


class Observation(Coded):
    value: Amount | None = None
    unit: Annotated[str, Field(max_length=100)] | None = None
    date: DateText | None = None
    reference_range: ReferenceRange | None = None
    source: Source | None = None


class Genomic(Record):
    finding: Name
    result: Literal["detected", "not detected", "indeterminate"] | None = None
    copies: Whole | None = None
    percent_cells: Amount | None = None
    method: Name | None = None
    date: DateText | None = None
    codes: tuple[Code, ...] = ()
    source: Source | None = None


Intent = Literal["induction", "consolidation", "transplant conditioning", "maintenance", "salvage", "other"]


class Treatment(Record):
    regimen: Name | None = None
    drugs: tuple[Name, ...] = ()
    codes: tuple[Code, ...] = ()
    intent: Intent | None = None
    line: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100)] | None = None
    start: DateText | None = None
    end: DateText | None = None
    ongoing: Flag | None = None
    cycles: Whole | None = None
    best_response: Name | None = None
    refractory: Flag | None = None
    stop_reason: Literal["completed", "progression", "toxicity", "other"] | None = None
    dose: Dose | None = None
    source: Source | None = None


class Procedure(Coded):
    status: Literal["active", "resolved", "absent", "suspected"] | None = None
    date: DateText | None = None
    source: Source | None = None


class Response(Record):
    response: Name
    date: DateText | None = None
    criteria: Name | None = None
    source: Source | None = None


class Reproductive(Record):
    childbearing_potential: Flag | None = None
    pregnant: Flag | None = None
    breastfeeding: Flag | None = None
    date: DateText | None = None
    source: Source | None = None


class Allergy(Record):
    substance: Name
    codes: tuple[Code, ...] = ()
    status: Literal["active", "resolved", "absent", "suspected"] | None = None
    type: Literal["allergy", "intolerance"] | None = None
    severity: Name | None = None
    date: DateText | None = None
    source: Source | None = None


class Medication(Coded):
    start: DateText | None = None
    end: DateText | None = None
    ongoing: Flag | None = None
    dose: Dose | None = None
    source: Source | None = None


class DatedAnswer(Record):
    value: Flag
    date: DateText | None = None


class DatedAge(Record):
    value: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=150)]
    date: DateText | None = None


class Attestation(Record):
    """A person's answer to a criterion's text, or with `about` to the words it quotes."""

    trial: Name
    criterion: Name
    met: Flag
    by: Name
    date: DateText
    about: Name | None = None


class Complete(Record):
    conditions: DateText | None = None
    treatments: DateText | None = None
    procedures: DateText | None = None
    allergies: DateText | None = None
    medications: DateText | None = None
    responses: DateText | None = None


class Patient(Record):
    """All that is known of one patient. Absent sections are unknown, not empty."""

    schema_: Annotated[
        Literal["screener.patient/1"], Field(alias="schema")
    ] = "screener.patient/1"  # fmt: skip
    id: Name
    birth_date: DateText | None = None
    age: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=150)] | DatedAge | None = None
    sex: Literal["female", "male", "other"] | None = None
    as_of: DateText | None = None
    complete: Complete = Complete()
    anchors: dict[
        Literal["enrolment", "first dose", "informed consent", "transplant"], DateText
    ] = Field(default_factory=dict)  # fmt: skip
    conditions: tuple[Condition, ...] = ()
    observations: tuple[Observation, ...] = ()
    genomics: tuple[Genomic, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    responses: tuple[Response, ...] = ()
    reproductive: Reproductive | None = None
    transplant_candidate: DatedAnswer | None = None
    allergies: tuple[Allergy, ...] = ()
    medications: tuple[Medication, ...] = ()
    attestations: tuple[Attestation, ...] = ()

    @model_validator(mode="after")
    def _born(self) -> "Patient":
        if self.birth_date is None and self.age is None:
            raise PydanticCustomError("unborn", "neither birth_date nor age")
        return self
