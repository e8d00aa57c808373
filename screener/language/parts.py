"""What the methods of the transformer share: finding the children of a form by their kind."""

from typing import Any, cast

from lark import Token

from screener.model import rule as r

Children = list[Any]
_SIGNS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}


def tokens_of(children: Children, *types: str) -> list[Token]:
    return [child for child in children if isinstance(child, Token) and child.type in types]


def has(children: Children, token_type: str) -> bool:
    return bool(tokens_of(children, token_type))


def made(children: Children, *kinds: type) -> Any:
    """The one child of a kind, or None."""
    return next((child for child in children if isinstance(child, kinds)), None)


def built(children: Children) -> Children:
    return [child for child in children if not isinstance(child, Token)]


def comparator(token: Token) -> Any:
    return _SIGNS.get(token.value, token.value)


def words(token: Token) -> str:
    return " ".join(token.value.casefold().split())


class Listing(tuple[Any, ...]):
    """`one`, `any of …` or `all of …`: a quantifier and what it is about."""

    __slots__ = ()

    @property
    def quantifier(self) -> r.Quantifier:
        return cast(r.Quantifier, self[0])

    @property
    def members(self) -> tuple[Any, ...]:
        return self[1:]


def members_of(children: Children) -> Children:
    words = ("ANY_OF", "ALL_OF", "COMMA", "AND", "OR")
    return [child for child in children if not isinstance(child, Token) or child.type not in words]
