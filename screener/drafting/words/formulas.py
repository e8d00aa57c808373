"""How a value is calculated or measured: `by means of the formula of Cockcroft and Gault`, `(Bazett)`.

It changes no verdict: the words are left out, where they end a claim or fill a bracket and nothing else is
among them. A formula that the vocabulary has a value of its own for names that value.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from screener.drafting.words.lexer import Token
from screener.drafting.words.walk import following

_MOST = 30  # tokens of one remark: it bounds the time that a text of nothing else takes
# the names of formulas and methods, as they are misspelled too
_NAMES = (r"cockfraft|cr?oc?kc?r?o\w{0,2}t|gault|mdrd|c(?:kd|ki)[- ]epi|diet in renal"
          r"|fridericia|friderica|frediricia|bazett|mosteller|du ?bois|freelite|simpson")  # fmt: skip
_NAMED = re.compile(rf"\b(?:{_NAMES})|\b24[- ]?h(?:ou)?r?s? urine|\burine (?:collection|sample|test)\b|"
                    r"\b(?:corrected|adjusted)\b|\bactual (?:body )?weight\b", re.IGNORECASE)  # fmt: skip
_NAMING = re.compile(rf"\b(?:{_NAMES})", re.IGNORECASE)
# the value that each formula gives
_RENAL = (
    ("creatinine_clearance", re.compile(r"cockfraft|cr?oc?kc?r?o\w{0,2}t|gault", re.IGNORECASE)),
    ("egfr", re.compile(r"mdrd|c(?:kd|ki)[- ]epi|diet in renal|disease epidemiology", re.IGNORECASE)),
)
_GIVEN_BY = {
    "qtc": (
        ("qtcf", re.compile(r"fridericia|friderica|frediricia", re.IGNORECASE)),
        ("qtcb", re.compile(r"bazett", re.IGNORECASE)),
    ),
    "creatinine_clearance": _RENAL,
    "egfr": _RENAL,
}
_MEASURED = re.compile(r"\burine (?:collection|sample|test)\b|\bactual (?:body )?weight\b", re.IGNORECASE)
_CORRECTED = frozenset({"corrected", "adjusted"})
_OF_BLOOD = frozenset({"dlco_percent", "hemoglobin"})
_WORDS = frozenset({
    "by", "means", "according", "formula", "formulas", "formulae", "equation", "equations", "method",
    "methods", "calculation", "calculations", "calculated", "calculate", "estimation", "estimated",
    "estimate", "correction", "corrected", "adjusted", "measured", "measure", "measurement", "assessed",
    "determined", "determination", "using", "use", "used", "based", "basis", "standard", "modified",
    "institutional", "local", "s", "in", "actual", "ideal", "lean", "weight", "gender", "sex", "either",
    "on", "the", "a", "an", "of", "to", "with", "from", "via", "per", "study", "following", "epi", "h",
    "hr", "urine", "collection", "sample", "test", "will", "kidney", "disease", "renal", "epidemiology",
    "collaboration", "cooperation", "should", "assay", "for", "is", "be", "see", "i", "ii", "serum",
    "of the", "and", "or", "as", "approximated", "following the", "hgb", "anemia", "age", "diet", "ckd",
    "cki", "ckd-epi",
})  # fmt: skip
_MAY = frozenset({"may", "can", "should", "must", "will"})
_SENTENCE = frozenset({"DOT", "SEMI"})
_JOINTS = frozenset({"COMMA", "AND", "OR", "SLASH"})
_INPUTS = frozenset({"creatinine_clearance", "egfr", "gfr_measured", "weight", "qt", "qtc", "qtcf", "qtcb",
                     "heart_rate", "creatinine", "bsa"})  # fmt: skip
_ENDS = frozenset({"DOT", "SEMI", "RPAR", "LPAR", "COLON", "WITHIN"})
_VALUE_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN", "NUMBER", "RPAR", "TIME_UNIT"})
_VALUE_BEGINS = frozenset(
    {"COMPARE", "NUMBER", "BETWEEN", "NORMAL", "ABNORMAL", "POSITIVE", "NEGATIVE", "ULN"}
)


def without_formulas(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens without what tells how a value is calculated."""
    if _NAMED.search(text) is None:
        return tokens
    tokens = [_by_formula(tokens, at, text) if token.value in _GIVEN_BY else token
              for at, token in enumerate(tokens)]  # fmt: skip
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        after = _bracket(tokens, at, kept, text) or _tail(tokens, at, kept, text)
        if not after:
            kept.append(tokens[at])
        at = max(after, at + 1)
    return kept


def _by_formula(tokens: Sequence[Token], at: int, text: str) -> Token:
    """`QTc > 480 ms using Fridericia's formula`, `creatinine clearance by MDRD`: the value that this formula
    gives, where one alone is named."""
    behind = takewhile(lambda one: one.type not in (*_SENTENCE, "MEASURE"), tokens[at + 1 : at + _MOST])
    said = " ".join(text[one.start : one.end] for one in behind)
    named = {value for value, formula in _GIVEN_BY[tokens[at].value] if formula.search(said)}
    alone = len(named) == 1 and "urine" not in said.casefold()
    return tokens[at]._replace(value=named.pop()) if alone else tokens[at]


def _bracket(tokens: Sequence[Token], at: int, kept: Sequence[Token], text: str) -> int:
    """The place behind a bracket that tells it, behind what is measured or its value; 0 for another one."""
    last = next((token for token in reversed(kept[-3:]) if token.type != "ASIDE"), None)
    if tokens[at].type != "LPAR" or last is None or last.type not in (*_VALUE_ENDS, "MEASURE"):
        return 0
    end = next((place for place in range(at + 1, min(at + _MOST, len(tokens)))
                if tokens[place].type in ("LPAR", "RPAR")), at)  # fmt: skip
    inner = tokens[at + 1 : end]
    if end == at or tokens[end].type != "RPAR" or not inner:
        return 0
    if all(one.type == "ASIDE" for one in inner):
        return 0
    return (
        end + 1 if _tells(inner, text, kept) and all(_belongs(one, text, inside=True) for one in inner) else 0
    )


def _tail(tokens: Sequence[Token], at: int, kept: Sequence[Token], text: str) -> int:
    """The place behind words that tell it, at the end of a claim, or behind a sentence that does; 0 where
    there are none."""
    last = next((token for token in reversed(kept[-3:]) if token.type != "ASIDE"), None)
    sentence = last is not None and last.type in _SENTENCE
    if (
        last is None
        or (last.type not in _VALUE_ENDS and not sentence)
        or tokens[at].type in ("RPAR", "NUMBER")
    ):
        return 0
    end, inputs = at, False
    while end < min(len(tokens), at + _MOST):
        measured = tokens[end].value in _INPUTS and following(tokens, end) not in _VALUE_BEGINS
        measured = measured and (sentence or tokens[end - 1].type != "OR")
        if not measured and not _belongs(tokens[end], text, sentence=sentence):
            break
        inputs = inputs or measured
        end += 1
    after = end
    while after > at and tokens[after - 1].type in _JOINTS:
        after -= 1
    closed = end == len(tokens) or tokens[end].type in (_SENTENCE if sentence else _ENDS)
    joined = not (sentence or inputs or tokens[at].type in _JOINTS) and after < end
    run = tokens[at:after]
    plain = all(one.type == "ASIDE" for one in run)
    return after if (closed or joined) and not plain and _tells(run, text, kept) else 0


def _tells(run: Sequence[Token], text: str, kept: Sequence[Token]) -> bool:
    """Whether a formula or method is named; of a diffusing capacity, what it is corrected for."""
    said = text[run[0].start : run[-1].end]
    if _NAMING.search(said) or _MEASURED.search(said):
        return True
    diffusing = any(token.value in _OF_BLOOD for token in kept[-10:])
    return diffusing and _CORRECTED.intersection(re.split(r"\W+", said.casefold())) != set()


def _belongs(token: Token, text: str, *, inside: bool = False, sentence: bool = False) -> bool:
    word = text[token.start : token.end].casefold()
    if sentence and (token.type in ("LPAR", "RPAR") or word in _MAY):
        return True
    if token.type in ("ASIDE", *_JOINTS) or word in _WORDS or _NAMING.match(word) is not None:
        return True
    if token.type == "NUMBER":
        return word in ("24", "2021", "2009", "2012", "1976")
    if token.type == "TIME_UNIT":
        return token.value == "h"
    return inside and (token.value in _INPUTS or token.value == "hemoglobin")
