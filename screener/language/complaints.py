"""Why the words of a rule do not fit together, and how to mend it, for a reader who knows medicine
and not this grammar."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lark import Token

from screener.errors import Problem
from screener.language import unknown
from screener.language.tokens import problem_at
from screener.vocabulary.catalogue import Catalogue, Concept

# Terminals that are no fixed word, as a person calls them; the most telling first.
_CALLED = {
    "MEASURE": "a measurement", "CONDITION": "a condition", "MARKER": "a marker",
    "THERAPY": "a drug, class of drugs or regimen", "PROCEDURE": "a procedure",
    "RESPONSE": "a response such as `PR`", "COMPARATOR": "a sign (<, <=, >, >=, =)",
    "NUMBER": "a number", "UNIT": "a unit", "TIME_UNIT": "a unit of time (days, weeks, months, years)",
    "STRING": "words in quotes", "WORD": "a stage", "INTENT": "an intent such as `induction`",
    "ANCHOR": "a day such as `first dose` or `enrolment`", "HALF_LIVES": "`half-lives`",
    "LPAR": "`(`", "RPAR": "`)`", "COMMA": "`,`", "SEMICOLON": "`;`", "SLASH": "`/`", "DASH": "`-`",
    "OFFSET": "`+` or `-` before a number",
}  # fmt: skip
_KINDS = {
    "measurement": "a measurement", "scale": "a score", "group": "a group of measurements",
    "marker": "a marker", "drug": "a drug", "class": "a class of drugs", "regimen": "a regimen",
    "condition": "a condition", "procedure": "a procedure", "response": "a response",
}  # fmt: skip
_STATEMENT = "a statement, such as `creatinine < 2 mg/dL`, `history of stroke` or `prior lenalidomide`"
_NAMES = {"MEASURE", "MARKER", "THERAPY", "CONDITION", "PROCEDURE", "RESPONSE"}
_RESULTS = {"POSITIVE", "NEGATIVE", "NORMAL", "ABNORMAL"}
_MOST = 5


@dataclass(frozen=True, slots=True)
class Misfit:
    """The place where a rule cannot go on: what stood before, what came, what could have come."""

    text: str
    before: Sequence[Token]
    token: Token | None  # None where the rule ends
    expected: AbstractSet[str]
    catalogue: Catalogue
    word: Callable[[str], str]  # a terminal of the grammar that is a fixed word → that word

    @property
    def last(self) -> str:
        return self.before[-1].type if self.before else ""

    @property
    def came(self) -> str:
        return "" if self.token is None else self.token.type

    def read(self, token: Token) -> str:
        return self.text[token.start_pos : token.end_pos]

    def concept(self, token: Token | None) -> Concept | None:
        return self.catalogue[token.value] if token is not None and token.type in _NAMES else None


def complaint(misfit: Misfit) -> Problem:
    """What is wrong at this place of the rule."""
    token = misfit.token
    help = next(filter(None, _hints(misfit)), "") or f"expected {_expected(misfit)}"
    if token is None:
        end = len(misfit.text.rstrip())
        message = "the rule is not complete" if misfit.before else "the rule is empty"
        return problem_at(misfit.text, end, end + 1, "syntax", message, help)
    start, end = token.start_pos or 0, token.end_pos or 0
    concept = misfit.concept(token)
    what = "cannot stand here" if concept is None else (
        f"is {_KINDS[concept.kind]} and cannot stand here")  # fmt: skip
    message = f"`{misfit.text[start:end]}` {what}"
    return problem_at(misfit.text, start, end, "syntax", message, help)


def example(concept: Concept, unit: str) -> str:
    """A measurement with a threshold, as a rule would write it."""
    if concept.entry.get("results") == "yes" and not concept.listed("dimensions"):
        return f"{concept.name} positive"
    return f"{concept.name} < 2 {unit}".rstrip()


# --- what to do about it ----------------------------------------------------------------------


def _hints(misfit: Misfit) -> Iterator[str]:
    """What helps in the places where people go wrong; "" where it does not apply."""
    yield _brackets(misfit)
    yield _list(misfit)
    yield _threshold(misfit)
    yield _sign(misfit)
    yield _number(misfit)
    yield _kind(misfit)
    yield _time(misfit)
    yield _form(misfit)


def _brackets(misfit: Misfit) -> str:
    opened = [token for token in misfit.before if token.type == "LPAR"]
    closed = [token for token in misfit.before if token.type == "RPAR"]
    if misfit.came == "RPAR" and len(opened) == len(closed):
        return "no `(` is open here: remove it"
    if misfit.came == "RPAR" and "SEMICOLON" in misfit.expected and "RPAR" not in misfit.expected:
        return "`at least n of (…)` has two parts or more, separated by `;`"
    if misfit.token is None and "RPAR" in misfit.expected:
        return "a `(` is never closed: put `)` where it ends"
    return ""


def _list(misfit: Misfit) -> str:
    if misfit.last == "COMMA" and (misfit.token is None or misfit.came == "COMMA"):
        return "a name is missing after the comma"
    if misfit.last == "MEASURE" and misfit.came == "COMPARATOR":
        return "a list begins with `any of` or `all of`: `any of ALT, AST < 3 x ULN`"
    if misfit.came == "COMMA" and misfit.last == "NUMBER":
        return "a decimal number has a point: `2.5`"
    if misfit.came == "COMMA" and "SEMICOLON" in misfit.expected:
        return "the parts of `at least n of (…)` are separated by `;`"
    if misfit.came == "COMMA" and "AND" in misfit.expected:
        return "write `and` or `or`; a list begins with `any of` or `all of`"
    if misfit.came == "SEMICOLON":
        return "write `and` or `or`; `;` separates the parts of `at least n of (…)`"
    return ""


def _threshold(misfit: Misfit) -> str:
    joined = misfit.last in ("AND", "OR") and misfit.expected == {"MEASURE"}
    at = 2 if joined and misfit.came in _NAMES else 1
    concept = misfit.concept(misfit.before[-at]) if misfit.before else None
    if concept is not None and (at == 2 or (misfit.last == "MEASURE" and "POSITIVE" in misfit.expected)):
        code = str(concept.entry.get("unit", ""))
        unit = misfit.catalogue.units.read(code, concept.listed("dimensions")) if code else None
        written = "" if unit is None else unit.printed
        needs = "threshold" if concept.listed("dimensions") or concept.kind != "measurement" else "result"
        return (f"`{concept.name}` is {_KINDS[concept.kind]} and needs a {needs},"
                f" e.g. `{example(concept, written)}`")  # fmt: skip
    if "LASTING" in misfit.expected and misfit.came != "EXCEPT":
        drug = next(token for token in reversed(misfit.before) if token.type == "THERAPY")
        name = misfit.catalogue[drug.value].name
        return (f"of a treatment say when: `prior {name}`, `ongoing {name}`"
                f" or `{name} within 4 weeks`")  # fmt: skip
    return ""


def _sign(misfit: Misfit) -> str:
    if misfit.came == "COMPARATOR":
        if misfit.last == "COMPARATOR":
            return "write one sign: <, <=, >, >= or ="
        if misfit.last == "MARKER":
            return "for the share of cells write `in > 20 % of cells`"
        if misfit.last == "CONDITION":
            return "a condition has no value: write its grade (`grade >= 3`) or name a measurement"
        if "MANUAL" in misfit.expected:
            return "a threshold follows the name of its measurement: `creatinine < 2 mg/dL`"
    if misfit.came in _RESULTS and misfit.last in ("CONDITION", "MARKER"):
        name = misfit.read(misfit.before[-1])
        return f"only a test has a result: write `{name}` or `no {name}`"
    return ""


def _number(misfit: Misfit) -> str:
    if misfit.last == "NUMBER" and misfit.came in ("ULN", "LLN"):
        return f"write `{misfit.read(misfit.before[-1])} x {misfit.came}`"
    if misfit.last == "NUMBER" and "DASH" in misfit.expected:
        number = misfit.read(misfit.before[-1])
        if misfit.came == "TO" and misfit.concept(misfit.before[-2]) is not None:
            return unknown.span(misfit.read(misfit.before[-2]), misfit.text[misfit.before[-1].start_pos :])
        return f"put a sign before the number (`>= {number}`) or write a range (`{number}-…`)"
    if misfit.came == "NUMBER" and "COMPARATOR" in misfit.expected:
        return "a number goes after its sign, e.g. `>= 3`"
    if misfit.came == "NUMBER" and "MANUAL" in misfit.expected:
        return "a number follows the name of its measurement: `creatinine < 2 mg/dL`"
    if misfit.came == "DASH" and misfit.last == "COMPARATOR":
        return "a threshold cannot be below zero"
    return ""


def _kind(misfit: Misfit) -> str:
    if misfit.token is None or misfit.came not in _NAMES:
        return ""
    name = misfit.read(misfit.token)
    match misfit.last, misfit.came:
        case "PRIOR", "CONDITION":
            return f"write `history of {name}`"
        case "ONGOING", "CONDITION":
            return f"write `{name}` alone: it speaks of the present"
        case (("PRIOR" | "HISTORY_OF"), ("PROCEDURE" | "MARKER")):
            return f"write `{name}` alone: any recorded one counts"
        case "HISTORY_OF", "THERAPY":
            return f"write `prior {name}`"
        case (("PRIOR" | "HISTORY_OF"), "MEASURE"):
            return f"write `ever {name} …` with a threshold"
        case (("EVER" | "AT_DIAGNOSIS"), _):
            return f"`{misfit.read(misfit.before[-1])}` stands before a measurement"
        case _, "RESPONSE" if "BEST_RESPONSE" in misfit.expected or "TO" in misfit.expected:
            return f"write `best response >= {name}` or `current response >= {name}`"
        case _:
            return "join the two with `and` or `or`" if "AND" in misfit.expected else ""


def _time(misfit: Misfit) -> str:
    if misfit.last == "TIME_UNIT" and misfit.came in ("PRIOR", "OF", "TO"):
        return "write `before …` or `after …`; without it the time counts back from the day of screening"
    if misfit.last == "TIME_UNIT" and misfit.came == "AGO":
        return "`within` needs no `ago`"
    return ""


def _form(misfit: Misfit) -> str:
    if misfit.last == "MANUAL":
        return 'quote the words of the criterion: manual("…")'
    forms = ("IF", "UNLESS")
    if misfit.came in forms and any(token.type in forms for token in misfit.before):
        return "put the inner `if … then` or `… unless …` in brackets"
    if misfit.came in ("GRADE", "STAGE"):
        return "grade and stage follow their condition: `peripheral neuropathy grade >= 3`"
    return ""


# --- what could have come ---------------------------------------------------------------------


def _expected(misfit: Misfit) -> str:
    expected = misfit.expected
    if "MANUAL" in expected:
        return _STATEMENT
    if {"MEASURE", "CONDITION", "THERAPY"} <= expected:
        return "a list of names, such as `any of stroke, seizure`"
    if "CONDITION" in expected:
        return "a condition or an allergy" if "ALLERGY" in expected else "a condition"
    called = [name for terminal, name in _CALLED.items() if terminal in expected]
    words = sorted(expected - _CALLED.keys() - {"$END", "ANY_OF", "ALL_OF"}, key=_joins)
    called = (called + [f"`{misfit.word(terminal)}`" for terminal in words])[:_MOST]
    if "$END" in expected:
        called.append("the end of the rule")
    return ", ".join(called[:-1]) + (" or " if len(called) > 1 else "") + called[-1]


def _joins(terminal: str) -> tuple[bool, str]:
    """Words that join statements go before the others."""
    return terminal not in ("AND", "OR"), terminal
