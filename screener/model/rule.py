"""The rule model: what a criterion means, as a closed tree of frozen nodes.

Nodes carry no behaviour. Every consumer is one `match` over `Rule` that ends in `assert_never`,
so a new node breaks type checking wherever it must be handled. Concepts are named by their ids
in the vocabulary; units by their UCUM codes.
"""

from dataclasses import dataclass
from typing import Literal

from screener.model.calendar import Span
from screener.model.interval import Comparator
from screener.model.limits import EitherUnit, Limit, Occasion, Range, Test
from screener.model.windows import Extent, HalfLives, Longer, Shorter, Window

# parts of rules that have files of their own
__all__ = [
    "EitherUnit", "Extent", "HalfLives", "Limit", "Longer", "Occasion", "Range", "Shorter", "Test", "Window",
]  # fmt: skip

Quantifier = Literal["any", "all"]
Names = tuple[str, ...]
AgeUnit = Literal["day", "week", "month", "year"]
AGES: dict[str, AgeUnit] = {"d": "day", "wk": "week", "mo": "month", "a": "year"}


# --- statements -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measurement:
    """`ALT and AST < 3 x ULN`, `ECOG 0-3`, `ever marrow plasma cells >= 10 %`."""

    concepts: Names
    test: Test
    quantifier: Quantifier = "all"
    occasion: Occasion = "latest"
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """`HBsAg positive`, `kappa/lambda ratio abnormal`: a result that is a word."""

    concepts: Names
    outcome: Literal["positive", "negative", "normal", "abnormal"]
    quantifier: Quantifier = "all"
    occasion: Occasion = "latest"
    within: Span | None = None


Qualifier = Literal[
    "active", "resolved", "mild", "moderate", "severe", "serious",
    "controlled", "uncontrolled", "clinically significant",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which records of a condition are meant. `that` is a property only a person can judge."""

    concept: str
    qualifiers: tuple[Qualifier, ...] = ()
    grade: Limit | None = None
    stage: str = ""
    window: Window | None = None
    resolved: Window | None = None
    that: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """`history of other malignancy within 5 years except basal cell carcinoma of the skin`."""

    patterns: tuple[Pattern, ...]
    quantifier: Quantifier = "any"
    history: bool = False
    other: bool = False
    exceptions: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Marker:
    """`any of 17p-, amp(1q21), t(4;14)`; `cells` bounds the share of cells that carry it."""

    concepts: Names
    quantifier: Quantifier = "any"
    cells: Limit | None = None


Intent = Literal["induction", "consolidation", "transplant conditioning", "maintenance", "salvage", "other"]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Which treatments are meant: drugs, classes and regimens, by intent and line."""

    names: Names
    intents: tuple[Intent, ...] = ()
    line: int | None = None
    exceptions: Names = ()


@dataclass(frozen=True, slots=True)
class Therapy:
    """`prior lenalidomide`, `antineoplastic therapy within the longer of 2 weeks and 5 half-lives`."""

    exposure: Exposure
    quantifier: Quantifier = "any"
    ongoing: bool = False
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """`antineoplastic therapy as induction lasting <= 12 months`."""

    exposure: Exposure
    comparator: Comparator
    span: Span


@dataclass(frozen=True, slots=True)
class SteroidDose:
    """`cumulative dose of corticosteroid >= 140 mg prednisone within 2 weeks`, in equivalents."""

    total: Literal["cumulative", "daily"]
    exposure: Exposure
    limit: Limit
    equivalent: str
    window: Window


@dataclass(frozen=True, slots=True)
class Course:
    """`refractory to lenalidomide`, `relapsed after antimyeloma therapy`."""

    state: Literal["refractory", "relapsed"]
    names: Names
    quantifier: Quantifier = "any"


@dataclass(frozen=True, slots=True)
class Response:
    """`best response to bortezomib >= PR`, `current response >= VGPR`."""

    which: Literal["best", "current"]
    comparator: Comparator
    response: str
    names: Names = ()
    quantifier: Quantifier = "all"


@dataclass(frozen=True, slots=True)
class Progression:
    """`progression within 3 months after autologous stem cell transplant`."""

    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """`autologous stem cell transplant at least 3 months ago`."""

    concepts: Names
    quantifier: Quantifier = "any"
    window: Window | None = None
    exceptions: Names = ()


@dataclass(frozen=True, slots=True)
class Allergy:
    """`allergy or intolerance to any of lenalidomide, thalidomide`."""

    types: tuple[Literal["allergy", "intolerance"], ...]
    substances: Names
    quantifier: Quantifier = "any"
    severe: bool = False


@dataclass(frozen=True, slots=True)
class Age:
    """`age >= 18 years`, `age 18-75 years`, `age < 28 days`."""

    test: Limit | Range
    unit: AgeUnit = "year"


@dataclass(frozen=True, slots=True)
class Sex:
    sex: Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class Status:
    """A state that the profile answers with yes or no."""

    state: Literal["pregnant", "breastfeeding", "childbearing potential", "transplant candidate"]


@dataclass(frozen=True, slots=True)
class Manual:
    """What only a person can decide, in the words of the criterion."""

    text: str


Statement = (
    Measurement | Finding | Condition | Marker | Therapy | Duration | SteroidDose | Course
    | Response | Progression | Procedure | Allergy | Age | Sex | Status | Manual
)  # fmt: skip


# --- logic ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class All:
    of: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Any:
    of: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    of: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class If:
    """For inclusions: not `condition`, or `then`."""

    condition: "Rule"
    then: "Rule"


@dataclass(frozen=True, slots=True)
class Unless:
    """For exclusions: `rule` and not `exception`."""

    rule: "Rule"
    exception: "Rule"


Rule = All | Any | Not | AtLeast | If | Unless | Statement
