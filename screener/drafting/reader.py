"""Reads one item of published criteria: text → rule, how it stands, and what was understood where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from screener.drafting.claims.driver import Driver
from screener.drafting.claims.meaning import Meaning
from screener.drafting.claims.treatment_forms import TRANSPLANTS
from screener.drafting.logic.compose import Composer
from screener.drafting.logic.dated_support import DatedSupport
from screener.drafting.logic.dating import or_treated
from screener.drafting.logic.heads import Head, head_of
from screener.drafting.logic.let_in import LetIn, excusing_those, let_in
from screener.drafting.logic.parts import Node, Part, bracketed, parts_of
from screener.drafting.words.lexer import Lexer, holds, readable, symbol_font
from screener.drafting.words.notices import without_notices
from screener.drafting.words.passes import Passes
from screener.drafting.words.wording import headings, misspelled, wording
from screener.model import rule as r
from screener.model.trial import CriterionKind
from screener.model.walk import listed, statements
from screener.vocabulary.catalogue import Catalogue

Standing = Literal["understood", "partly", "a person's to decide", "not understood"]
Span = tuple[int, int]

MAX_LENGTH = 20_000  # of one item; what is longer is no criterion
_REQUIRES = re.compile(
    r"\b(?:must|should|shall)\b(?!\s+not\b)|\b(?:has|have|needs?) to be\b(?! excluded)|"
    r"^\W*(?:\w+ ){0,2}negative (?:[\w/-]+ ){0,4}pregnancy test",
    re.IGNORECASE,
)
_CURED = re.compile(
    r"\b(?:considered (?:to be )?(?:completely )?cured|"
    r"(?:minimal|(?:very )?low) risk (?:of|for) recurrence)\b",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:not?|un\w+|less than|within|until)\b", re.IGNORECASE)
_CLEARANCE = re.compile(r"\bclearance\b|\bCr ?Cl\b|\bCLcr\b", re.IGNORECASE)
_LITERALLY = re.compile(r"\W*(?:no|not) (?:more|less|fewer|greater)\b", re.IGNORECASE)
_PERMISSION = re.compile(
    r"\b(?:are|is|will be|may be) (?:eligible|allowed|permitted|acceptable|enrolled)\b|"
    r"\bmay (?:enrol|participate)",
    re.IGNORECASE,
)
_PERMITTED = ("eligible", "allowed", "permitted", "acceptable", "enrol", "participate")
_FOOTNOTE = re.compile(r"[\w)%][*†‡^]+[\s.;,]*$")
_LOST_PREFIX = re.compile(r"\d{2}\s?mol/L\b")
_DENIAL = re.compile(r"\W*(?:no|not|without|absence of|never)\b", re.IGNORECASE)
_MUST_NOT = re.compile(r"\b(?:must|should|shall|may|can) ?not\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of one item. Spans are places in its text."""

    text: str
    rule: r.Rule
    standing: Standing
    understood: tuple[Span, ...] = ()  # claims that the rule holds
    seen: tuple[tuple[Span, r.Rule], ...] = ()  # every claim that was read, in the rule or not
    unread: tuple[Span, ...] = ()  # words that nothing knows
    flaws: tuple[str, ...] = ()  # what the authors seem to have got wrong
    reversed: bool = False  # an exclusion that is worded as a requirement


class Reader:
    """Reads items with one vocabulary. Not to be shared by threads; make one for each."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.headings = headings(catalogue)
        self._catalogue = catalogue
        self._lexer = Lexer(wording(catalogue), catalogue.units, misspelled(catalogue))
        self._meaning = Meaning(catalogue)
        self._driver = Driver(self._meaning)
        self._passes = Passes(catalogue, self._lexer.trie)
        self._dated_support = DatedSupport(catalogue)
        self._diagnoses = frozenset(one for one in catalogue if catalogue.is_a(one, "malignancy"))
        self._events = frozenset(_events(catalogue))

    def read(self, text: str, kind: CriterionKind) -> Reading:
        """The rule of one item, as far as it is understood; whole if need be as a quotation."""
        if len(text) > MAX_LENGTH:
            return Reading(text, r.Manual(text[:200]), "not understood", unread=((0, len(text)),),
                           flaws=(f"more than {MAX_LENGTH:,} characters in one item",))  # fmt: skip
        reading = self._read(text, LetIn(text), kind)
        if reading.standing == "understood":
            return reading
        apart = let_in(without_notices(text, kind), kind)  # what decides nothing, or lets somebody in
        if apart.text == text:
            return reading
        other = self._read(text, apart, kind)
        return reading if other.standing != "understood" and not other.understood else other

    def _read(self, text: str, apart: LetIn, kind: CriterionKind) -> Reading:
        parts, flaws = self._parts(apart.text, kind)
        node = Composer(apart.text, kind, self._diagnoses, self._events).whole(bracketed(parts))
        named = self._named(apart.told)
        node = excusing_those(node, apart, lambda concept: self._may_speak_of(named, concept))
        return _reading(text, apart.text, kind, parts, node, flaws)

    def _named(self, told: Sequence[str]) -> frozenset[str]:
        """The diseases and measurements that sentences name."""
        tokens = [token for one in told for token in self._lexer.cut(readable(one))]
        return frozenset(token.value for token in tokens if token.type in ("CONDITION", "MEASURE"))

    def _may_speak_of(self, named: frozenset[str], concept: str) -> bool:
        """Whether sentences that name these may speak of a disease: of it, of a kind of it, or of none."""
        is_a = self._catalogue.is_a
        return not named or any(is_a(one, concept) or is_a(concept, one) for one in named)

    def head(self, text: str, kind: CriterionKind) -> tuple[Head, Reading]:
        """The text above a list: how it relates to the list, and its own reading."""
        parts, flaws = self._parts(text[:MAX_LENGTH], kind)
        head = head_of(text, kind, bracketed(parts))
        known = head.node is None or head.node.kind == "rule"
        if known and head.relation in ("nothing", "whom", "unfinished"):
            return head, Reading(text, r.Manual(text), "understood", flaws=tuple(flaws))
        node = head.node or Node("unclear", None, 0, len(text))
        return head, _reading(text, text, "inclusion", parts, node, flaws)

    def read_after(self, beginning: str, text: str, kind: CriterionKind) -> Reading:
        """An item that ends a claim begun above its list; spans are places in the item's own text."""
        reading = self.read(f"{beginning} {text}", kind)
        cut = len(beginning) + 1
        return replace(
            reading, text=text,
            understood=_moved(reading.understood, cut), unread=_moved(reading.unread, cut),
            seen=tuple((span, rule) for (found, rule) in reading.seen for span in _moved((found,), cut)),
        )  # fmt: skip

    def _parts(self, text: str, kind: CriterionKind) -> tuple[list[Part], list[str]]:
        plain = readable(text)
        self._meaning.kind, self._meaning.text = kind, text
        tokens = self._passes.settled(self._lexer.cut(plain), plain, kind)
        helped = self._dated_support.named_in(tokens)
        if helped:
            tokens = self._dated_support.with_own_brackets(tokens)
        parts, flaws = parts_of(tokens, self._driver)
        parts = [or_treated(part, text) for part in parts]
        if helped:
            parts = self._dated_support.settled(parts, plain, kind)
        if symbol_font(text):
            flaws.append("a sign was lost to a symbol font: `³` is read as ≥, `£` as ≤")
        if holds(text, "*†‡^") and _FOOTNOTE.search(text):
            flaws.append("a sign that refers to a note: does the note change this?")
        if "mol/L" in text and _LOST_PREFIX.search(text):
            flaws.append("`mol/L` seems to have lost its prefix: the other unit beside it is read")
        return parts, flaws


def _events(catalogue: Catalogue) -> Iterator[str]:
    """What happens on a day. A transplant is asked of a whole life, whatever time stands behind a list."""
    for one in catalogue:
        known = catalogue[one]
        transplant = any(catalogue.is_a(one, kind) for kind in TRANSPLANTS)
        if known.entry.get("acute") or (known.kind == "procedure" and not transplant):
            yield one


def _reading(
    text: str, asked: str, kind: CriterionKind, parts: list[Part], node: Node, flaws: list[str]
) -> Reading:
    """What the parts of a text come to; `asked` is the text without its notices."""
    claims = [part for part in parts if part.rule is not None]
    rule, reversed_ = node.rule, False
    said = node.kind in ("rule", "mixed") or (node.kind == "person" and isinstance(rule, r.Any))
    if kind == "exclusion" and rule is not None and said:
        rule, reversed_, flaw = _turned(asked, rule)
        flaws += flaw
    elif kind == "exclusion" and _DENIAL.match(text):
        flaws.append("a negation among the exclusions: which way round is it meant?")
    elif kind == "exclusion" and holds(text.casefold(), _PERMITTED) and _PERMISSION.search(text):
        flaws.append("a permission among the exclusions: whom does it let in?")
    if isinstance(rule, r.Manual):
        rule = r.Manual(" ".join(text.split()))  # nothing of it is data: it is quoted whole
    if rule is not None and _formula_says_otherwise(text, rule):
        flaws.append(
            "the formula that is named gives another value than the one that is named: which is meant?"
        )
    if kind == "inclusion" and rule is not None and any(map(_lets_one_do, statements(rule))):
        flaws.append("as written one of several values within the limit is enough: are all of them meant?")
    if kind == "inclusion" and any(map(_asks_for_worse, rule.of if isinstance(rule, r.All) else (rule,))):
        flaws.append("the worse part of a scale alone is let in: is the other side of the limit meant?")
    if rule is None or node.kind == "unclear":
        asks = any(part.type == "PERSON" for part in parts)
        rule = r.Manual(" ".join(text.split()) or "(empty)")
        standing: Standing = "a person's to decide" if asks else "partly" if claims else "not understood"
        held: list[Part] = []
    else:
        standing, held = _STANDINGS[node.kind], claims if node.kind in ("rule", "mixed") else []
    unread = [] if standing == "understood" else [part for part in parts if part.rule is None]
    return Reading(
        text, rule, standing,
        tuple((part.start, part.end) for part in held),
        tuple(((part.start, part.end), seen) for part in parts if (seen := part.rule or part.seen)),
        tuple((part.start, part.end) for part in unread if part.type in _UNKNOWN),
        tuple(dict.fromkeys(flaws)), reversed_,
    )  # fmt: skip


_UNKNOWN = frozenset({"WORD", "TURNING", "NUMBER", "UNIT", "COMPARE", "TIME_UNIT", "FLAW", "NO", "MEASURE",
                      "CONDITION", "THERAPY", "PROCEDURE", "RESPONSE", "MARKER", "ACHIEVED", "TO_A_LINE",
                      "IN_RESPONSE"})  # fmt: skip
_STANDINGS: dict[str, Standing] = {
    "rule": "understood", "person": "a person's to decide", "words": "not understood", "mixed": "partly",
}  # fmt: skip


def _formula_says_otherwise(text: str, rule: r.Rule) -> bool:
    """`creatinine clearance >= 30 mL/min (MDRD)` is an eGFR, and `GFR (Cockcroft-Gault)` a clearance."""
    named = {name for one in statements(rule) for name in listed(one)}
    clearance, rate = _CLEARANCE.search(text) is not None, "GFR" in text or "filtration" in text.casefold()
    return ("egfr" in named and clearance and not rate) or (
        "creatinine_clearance" in named and rate and not clearance
    )


def _lets_one_do(rule: r.Statement) -> bool:
    """`AST or ALT <= 2.5 x ULN`: read as it is written."""
    match rule:
        case r.Measurement(test=r.Limit(comparator="<" | "<="), quantifier="any", concepts=(_, _, *_)):
            return True
        case _:
            return False


def _asks_for_worse(rule: r.Rule | None) -> bool:
    """`ECOG of at least 2`, `Karnofsky <= 70`, asked of everybody."""
    match rule:
        case r.Measurement(concepts=(scale,), test=r.Limit(comparator=sign, value=value)):
            return value > 0 and sign[0] == {"ecog": ">", "karnofsky": "<", "lansky": "<"}.get(scale)
        case _:
            return False


def _moved(spans: Sequence[Span], cut: int) -> tuple[Span, ...]:
    """Spans of a text without its first `cut` characters."""
    return tuple((max(0, start - cut), end - cut) for start, end in spans if end > cut)


def _turned(text: str, rule: r.Rule) -> tuple[r.Rule | None, bool, list[str]]:
    """An exclusion that denies: `must not have X` excludes by X; `no X` may mean either."""
    if isinstance(rule, r.Not) and _MUST_NOT.search(text):
        return rule.rule, True, ["an exclusion worded as a requirement: read as excluding what must not be"]
    if isinstance(rule, r.Unless) and isinstance(rule.rule, r.Not) and _MUST_NOT.search(text):
        flaw = "an exclusion worded as a requirement: read as excluding what must not be"
        return r.Unless(rule.rule.rule, rule.exception), True, [flaw]
    if _LITERALLY.match(text):
        flaw = "an exclusion that begins with `no more` or `not less`: which way round is it meant?"
        return None, False, [flaw]
    if isinstance(rule, r.Condition) and all(_is_cured(one) for one in rule.patterns):
        return None, False, ["a cured disease among the exclusions: is it let in?"]
    if _denies(rule):
        return None, False, ["a negation among the exclusions: which way round is it meant?"]
    if _REQUIRES.search(text):
        return None, False, ["a requirement among the exclusions: which way round is it meant?"]
    return rule, False, []


def _is_cured(pattern: r.Pattern) -> bool:
    """`cancer that is considered cured`: the member of a list of exceptions, torn from it."""
    return bool(_CURED.search(pattern.that)) and not _STILL.search(pattern.that)


def _denies(rule: r.Rule) -> bool:
    match rule:
        case r.Not() | r.Unless(rule=r.Not()):
            return True
        case r.Any(of=of):
            return any(isinstance(part, r.Not) for part in of)
        case _:
            return False


@cache
def reader(catalogue: Catalogue) -> Reader:
    """One reader for a program that reads in one thread."""
    return Reader(catalogue)
