"""One walk over the tokens of a text, and what of them may be seen from where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from screener.drafting.words.lexer import Token

VALUE_ENDS = frozenset({"UNIT", "ULN", "LLN", "TIMES_ULN", "NUMBER", "NORMAL", "RPAR"})


@dataclass(slots=True)
class Walk:
    """The tokens of a text, the place that the walk has reached, and the tokens that it kept so far."""

    tokens: Sequence[Token]
    text: str
    at: int = 0
    kept: list[Token] = field(default_factory=list)
    later: Token | None = None  # 18+ years: the sign, until its unit has passed
    weak: Token | None = None  # `of`, `from`, `to`: nothing, or the word in front of an anchor
    before_start: bool = False  # in `before the start of`, between its first word and the anchor
    bracket: bool = False  # in a bracket whose opening was left out
    passed: int = 0  # tokens that begin before this place were taken in by one before them
    several: bool = False  # in a list that counts its members: at least one A, one B

    @property
    def last(self) -> str:
        """The type of the token that was kept last."""
        return self.kept[-1].type if self.kept else ""

    @property
    def following(self) -> str:
        """The type of the next token that is not set aside."""
        return following(self.tokens, self.at)

    def comes(self, value: str) -> bool:
        """Whether the next token that is not set aside means this."""
        return any(token.value == value for token in self.tokens[self.at + 1 : self.at + 4]
                   if token.type == self.following)  # fmt: skip

    def word(self, token: Token) -> str:
        """What is written there."""
        return self.text[token.start : token.end]

    def follows_value(self) -> bool:
        """Whether a comma and a value stand before this place."""
        return self.last == "COMMA" and len(self.kept) > 1 and self.kept[-2].type in VALUE_ENDS

    def dated_behind(self) -> bool:
        """Whether a length of time, counted from something, follows behind a value and a comma."""
        types = [token.type for token in self.tokens[self.at + 1 : self.at + 4]]
        return self.follows_value() and types == ["NUMBER", "TIME_UNIT", "BEFORE"]

    def drop_last(self, kind: str) -> bool:
        """Takes the token kept last back if it is of this type; says whether it did."""
        if self.last != kind:
            return False
        self.kept.pop()
        return True


# The token as it is meant at the place where the walk stands; None where it is left out.
Settle = Callable[[Walk, Token], Token | None]


def following(tokens: Sequence[Token], index: int) -> str:
    """The type of the first token behind a place that is not set aside."""
    for at in range(index + 1, len(tokens)):
        if tokens[at].type != "ASIDE":
            return tokens[at].type
    return ""
