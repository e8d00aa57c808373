"""`FOR PART 2 ONLY: …`: a group that the text names itself, and of which no chart tells who is in it."""

import re
from collections.abc import Sequence

from screener.drafting.lexer import Token

_ONLY = re.compile(r"\W*for ([^:.;,]{2,60}?) only\s*:", re.IGNORECASE)
_PEOPLE = frozenset({"FEMALE", "MALE", "CHILDBEARING", "PREGNANT", "BREASTFEEDING", "SCOPE", "AGE"})


def with_scope(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens with such a beginning as one; a disease that is named there stays itself."""
    found = _ONLY.match(text)
    if found is None:
        return tokens
    inside = [token for token in tokens if found.start(1) <= token.start < found.end(1)]
    if any(token.type in _PEOPLE for token in inside):
        return tokens
    rest = [token for token in tokens if token.start >= found.end()]
    colon = Token("COLON", ":", found.end() - 1, found.end())
    if len(inside) == 1 and inside[0].type == "CONDITION":
        return [Token("IF", "if", 0, found.start(1)), inside[0], colon, *rest]
    return [Token("SCOPE", "", 0, found.end() - 1), colon, *rest]
