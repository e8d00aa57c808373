"""Runs the LALR table of protocol.lark from any token, and keeps the longest claim that begins there.

Prose has claims between words that mean nothing to a rule. So a claim may begin at any token and
end wherever the table accepts; where reading on fails, the longest claim so far stands.

A name by itself is understood once: what it means does not depend on where it stands.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from lark import Lark

from screener import resources
from screener.drafting.claims.amounts import Flawed, Unread
from screener.drafting.claims.forms import Timing
from screener.drafting.claims.meaning import Meaning
from screener.drafting.claims.table import END, Reduction, table
from screener.drafting.words.lexer import Token
from screener.language.parser import NoLexer
from screener.model.rule import Rule
from screener.model.trial import CriterionKind

# What may not follow a claim: it would have been cut in the middle of a number.
_GOES_ON = frozenset({"UNIT", "TIME_UNIT", "AGE_UNIT", "TIMES", "TIMES_ULN", "ULN", "LLN", "PER_DAY", "DASH",
                      "OR_MORE", "OLDER", "HALF_LIVES", "NUMBER", "BEYOND"})  # fmt: skip
_NUMERIC = _GOES_ON - {"DASH"}
_PEOPLE = frozenset({"FEMALE", "MALE"})
# Of one claim: what goes on longer is a list that no reader would check. It also bounds the time that
# a text of nothing but list signs takes, since a claim is tried from each of its words.
MOST_TOKENS = 80
_LONGEST, _SHORTEST = 6, 2  # how many of the ends that a claim may have are tried
_REMEMBERED = 1024  # names; those of a few records, so that memory stays flat


class Claim(NamedTuple):
    """What a claim means, and how many tokens it takes.

    `flaw` says what is wrong with it where the authors wrote what cannot be meant; there is no rule then.
    """

    rule: Rule | Timing | None
    size: int
    flaw: str = ""
    seen: Rule | None = None  # what a flawed claim says as far as it was read
    refused: bool = False  # a longer claim had the form, and no meaning: this may be a part of its list


@cache
def grammar(*, strict: bool = False) -> Lark:
    """The grammar of protocol prose, built once. Strict mode (for tests) refuses any conflict."""
    path = resources.grammar() / "protocol.lark"
    return Lark(path.read_text("utf-8"), parser="lalr", lexer=NoLexer, maybe_placeholders=False,
                strict=strict)  # fmt: skip


class _End(NamedTuple):
    """A place where a claim may end, and what the table had read there."""

    size: int
    states: list[int]
    values: list[Any]


class Driver:
    """The parse table with one meaning for its reductions."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._actions, self._gotos, self._start, self._accepted = table(grammar(), meaning)
        self.begins = frozenset(self._actions[self._start])
        self._stops = cache(self._found_to_stop)
        self._alone = lru_cache(_REMEMBERED)(self._by_itself)

    def read(self, tokens: Sequence[Token], first: int) -> Claim | None:
        """The longest claim that begins at this token, or None."""
        token = tokens[first]
        following = tokens[first + 1].type if first + 1 < len(tokens) else ""
        if self._stops(token.type, following):
            return self._alone(self._meaning.kind, token.type, token.value, following)
        return self._claim(tokens[first : first + MOST_TOKENS + 1])

    def _found_to_stop(self, kind: str, following: str) -> bool:
        """Whether the table takes a token of the one kind, and none of the other behind it."""
        actions: Any = self._actions
        states = [self._start, actions[self._start][kind]]
        action = actions[states[-1]].get(following)
        while isinstance(action, Reduction):
            del states[-action.size :]
            states.append(self._gotos[states[-1]][action.symbol])
            action = actions[states[-1]].get(following)
        return action is None

    def _by_itself(self, side: CriterionKind, kind: str, value: str, following: str) -> Claim | None:
        """The claim of one token, wherever it stands; `following` is what the table does not take."""
        self._meaning.kind = side
        behind = [Token(following, "", 0, 0)] if following else []
        return self._claim([Token(kind, value, 0, 0), *behind])

    def _claim(self, tokens: Sequence[Token]) -> Claim | None:
        """The longest claim that begins with the first of these tokens."""
        self._meaning.denied = tokens[0].type == "NO"
        states, values = [self._start], []  # type: list[int], list[Any]
        ends: list[_End] = []
        refused = False
        at, last = 0, min(len(tokens), MOST_TOKENS)
        try:
            while at < last and self._take(states, values, tokens[at]):
                at += 1
                if END in self._actions[states[-1]]:
                    ends.append(_End(at, states[:], values[:]))
        except Unread:
            refused = True
        except Flawed as flaw:
            return Claim(None, at + 1, str(flaw), flaw.rule)
        if len(ends) > _LONGEST + _SHORTEST:
            ends = [*ends[:_SHORTEST], *ends[-_LONGEST:]]
        return self._longest(tokens, ends, refused=refused)

    def _longest(self, tokens: Sequence[Token], ends: Sequence[_End], *, refused: bool) -> Claim | None:
        for size, states, values in reversed(ends):
            if _cut_short(tokens, size):
                continue  # a number without its unit, an age without its bound: not what was written
            try:
                rule = self._finish(states, values)
            except Flawed as flaw:
                return Claim(None, size, str(flaw), flaw.rule)
            if rule is not None:
                return Claim(rule, size, refused=refused)
            refused = True
        return None

    def _take(self, states: list[int], values: list[Any], token: Token) -> bool:
        """Shifts a token, after the reductions that it calls for; False where none can stand here."""
        kind, actions = token.type, self._actions
        action = actions[states[-1]].get(kind)
        while isinstance(action, Reduction):
            self._reduce(states, values, action)
            action = actions[states[-1]].get(kind)
        if action is None:
            return False
        states.append(action)
        values.append(token)
        return True

    def _reduce(self, states: list[int], values: list[Any], form: Reduction) -> None:
        size, build, symbol = form
        if build is not None:
            taken = values[-size:]
            del values[-size:]
            values.append(build(taken))
        del states[-size:]
        states.append(self._gotos[states[-1]][symbol])

    def _finish(self, states: list[int], values: list[Any]) -> Any:
        """What the claim means if it ends here, or None."""
        try:
            while states[-1] != self._accepted:
                action = self._actions[states[-1]].get(END)
                if not isinstance(action, Reduction):
                    return None
                self._reduce(states, values, action)
        except Unread:
            return None
        return values[-1]


def _cut_short(tokens: Sequence[Token], after: int) -> bool:
    if after == len(tokens):
        return False
    following, last = tokens[after].type, tokens[after - 1].type
    if last in _PEOPLE:  # male, 18 years or older
        return False
    return following in _GOES_ON or (following == "COMPARE" and last in _NUMERIC)
