"""`unless free of the disease for 5 years`, `a cancer from which the patient has been disease-free …`."""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token

FREE = "free"  # the value of such a token
_LENGTH = frozenset({"ASIDE", "FOR", "IF", "COMPARE", "NUMBER", "TIME_UNIT", "BEFORE", "ANCHOR"})
_ENDS = frozenset({"TIME_UNIT", "ANCHOR"})
_MEANS = {"CONDITION": "THAT", "UNLESS": "PERSON"}


def with_freedom(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each such state and its length as one: it says which cases of a disease are meant, or
    excuses a patient. No chart records it as such. Elsewhere it stays what nobody reads."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.type != "FREE":
            found.append(token)
            continue
        after = end = at
        while after < len(tokens) and tokens[after].type in _LENGTH:
            after += 1
            end = after if tokens[after - 1].type in _ENDS else end
        before = next((one.type for one in reversed(found) if one.type != "ASIDE"), "")
        meant = _MEANS.get(before, "WORD")
        at = at if meant == "WORD" else end
        found.append(token._replace(type=meant, value=FREE, end=tokens[at - 1].end))
    return found
