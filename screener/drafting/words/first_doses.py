"""`before the first cevostamab infusion`: the first dose of the study drug, named by its drug."""

from collections.abc import Sequence

from screener.drafting.words.lexer import Token

_GIVEN = frozenset({"dose", "infusion", "administration", "injection"})
_FIRST = frozenset({"first", "initial"})


def with_first_doses(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens with such words as one anchor."""
    if "first" not in text.casefold() and "initial" not in text.casefold():
        return tokens
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        three = tokens[at : at + 3]
        if len(three) == 3 and three[1].type == "THERAPY" and _says(three[0], text, _FIRST) and _says(
                three[2], text, _GIVEN):  # fmt: skip
            kept.append(Token("ANCHOR", "first dose", three[0].start, three[2].end))
            at += 3
        else:
            kept.append(tokens[at])
            at += 1
    return kept


def _says(token: Token, text: str, words: frozenset[str]) -> bool:
    return text[token.start : token.end].casefold() in words
