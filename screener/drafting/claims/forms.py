"""What the forms of protocol.lark are made of, and what every family of them may ask."""

from typing import Any, Literal, NamedTuple

from screener.drafting.claims.amounts import Amounts, Bound, Bounds, Unread
from screener.drafting.words.lexer import Token
from screener.model import rule as r
from screener.model.trial import CriterionKind
from screener.vocabulary.catalogue import Catalogue

Children = list[Any]
Joint = Literal["", "and", "or", "comma", "slash"]
_JOINTS: tuple[tuple[str, Joint], ...] = (
    ("OR", "or"),
    ("AND", "and"),
    ("COMMA", "comma"),
    ("SLASH", "slash"),
)


class Listing(NamedTuple):
    """What a list names, and the word that joins it ("" for one member)."""

    members: tuple[Any, ...]
    joined: Joint
    again: bool = False  # `prior A or prior B`: each is said to be past for itself


class Restated(NamedTuple):
    """The threshold told again, in another unit."""

    bounds: Bounds


class Further(NamedTuple):
    """A second bound that holds too."""

    bound: Bound


class Alternative(NamedTuple):
    """Another threshold where something else is so."""

    bounds: Bounds
    where: r.Rule


class Timing(NamedTuple):
    """A time by itself: of what stands before it, or of the list below it."""

    window: r.Window


class Forms:
    """The vocabulary, and of what the claim is one that is being read."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.amounts = Amounts(catalogue)
        self.kind: CriterionKind = "inclusion"
        self.text = ""  # the published text of the claim
        self.denied = False  # whether the claim being read begins with a negation

    def quantifier(self, listing: Listing) -> r.Quantifier:
        """How a list is meant (SEMANTICS 7): by commas or slashes alone only where it is all one."""
        if self.denied or self.kind == "exclusion" or listing.joined in ("", "or"):
            return "any"
        if listing.joined in ("comma", "slash"):
            raise Unread("a list without its last `and` or `or`")
        return "all"

    @property
    def required(self) -> bool:
        """Whether a patient must meet what is read, not be without it."""
        return self.kind == "inclusion" and not self.denied


def joined(children: Children) -> Joint:
    """The word that joins a list, from the tokens between its members."""
    kinds = {kind for child in children if isinstance(child, list) for kind in child}
    if "OR" in kinds and "AND" in kinds:
        raise Unread("joined by `and` and by `or`")
    return next((word for kind, word in _JOINTS if kind in kinds), "")


def of_type(children: Children, *types: str) -> list[Token]:
    """The tokens of these types."""
    return [child for child in children if isinstance(child, Token) and child.type in types]


def only(children: Children, kind: type) -> Any:
    """The first child of this kind, which the form always has."""
    return next(child for child in children if isinstance(child, kind))


def made(children: Children, *kinds: type) -> Any:
    """The first child of these kinds, or None."""
    return next((child for child in children if isinstance(child, kinds)), None)


def only_or_none(children: Children, kind: type) -> Any:
    """The one child of this kind, or None; two of them say too much."""
    found = [child for child in children if isinstance(child, kind)]
    if len(found) > 1:
        raise Unread("two windows")
    return found[0] if found else None
