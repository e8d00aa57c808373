"""The factor of a UCUM code that our own table has not, by ucumvert and pint.

Both read much that nobody meant: `u/L` as atomic mass units, `G/L` as gauss, `K/uL` as kelvin;
they drop annotations (`mL/min/{1.73_m2}` becomes mL/min) and turn [IU] into copies and equivalents
into moles one to one. So only codes made of the symbols below are shown to them at all, and what
they cannot tell apart must be the same in the code and in the base.
Loading them takes more than half a second: only a code that could be answered pays for it.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

_SYMBOL = r"(?:[kcdmunpf]?(?:mol|eq|osm|kat|\[[iI]U\]|g|L|l|m|s|U)|wk|min|h|d)"
_FACTOR = rf"(?:10[*^][1-9]\d?|{_SYMBOL}[1-9]?|[1-9]\d*)"
_PART = rf"(?:{_FACTOR}|\({_FACTOR}(?:\.{_FACTOR})*\))"
_CODE = re.compile(rf"{_PART}(?:[./]{_PART})*")
_ATTACHED = re.compile(r"(?<=[\w\])])\{[^{}]*\}")
_ANNOTATION = re.compile(r"(/|)(\{[^{}]*\})")
# No two of these kinds convert, whatever pint says: it counts all of them in moles or as numbers.
_KINDS = tuple(map(re.compile, (r"\[[iI]U\]", r"eq", r"osm", r"mol|kat|U(?!\])")))
_ONE_AT_A_TIME = Lock()


@lru_cache(maxsize=4096)
def exact(code: str, base: str) -> Fraction | None:
    """What a number in `code` is multiplied by to have it in `base`.

    None where that is not sure: not valid UCUM, another kind of quantity, other annotations.
    """
    plain, plain_base = _plain(code), _plain(base)
    if not (_CODE.fullmatch(plain) and _CODE.fullmatch(plain_base)):
        return None
    if _annotations(code) != _annotations(base) or _kinds(plain) != _kinds(plain_base):
        return None
    with _ONE_AT_A_TIME:
        return _ratio(_reader(), code, plain, plain_base)


def _plain(code: str) -> str:
    """The code without its annotations, which are a 1 where they stand alone."""
    plain = _ANNOTATION.sub(r"\g<1>1", _ATTACHED.sub("", code))
    return "1" + plain if plain.startswith("/") else plain


def _annotations(code: str) -> list[tuple[str, str]]:
    return sorted(_ANNOTATION.findall(code))


def _kinds(plain: str) -> list[bool]:
    return [kind.search(plain) is not None for kind in _KINDS]


@cache
def _reader() -> Callable[[str], Any]:
    """UCUM code → pint quantity with a magnitude of exact rational numbers."""
    import pint
    import ucumvert
    from ucumvert.parser import get_ucum_parser
    from ucumvert.ucum_pint import UcumToPintTransformer

    # Not PintUcumRegistry: its `from_ucum` computes in the application's registry, with floats.
    registry: Any = pint.UnitRegistry(non_int_type=Fraction, on_redefinition="ignore")
    registry.load_definitions(Path(ucumvert.__file__).parent / "pint_ucum_defs.txt")
    parser, transformer = get_ucum_parser(), UcumToPintTransformer(ureg=registry)

    def read(code: str) -> Any:
        return transformer.transform(parser.parse(code))

    return read


def _ratio(read: Callable[[str], Any], code: str, plain: str, base: str) -> Fraction | None:
    from lark.exceptions import LarkError
    from pint.errors import PintError

    try:
        read(code)  # valid as written, with its annotations
        ratio = (read(plain) / read(base)).to_root_units()
    except (LarkError, PintError, AttributeError, TypeError, ArithmeticError):
        return None
    # a float has been through binary rounding somewhere: not exact
    if not ratio.unitless or not isinstance(ratio.magnitude, int | Fraction):
        return None
    return Fraction(ratio.magnitude)
