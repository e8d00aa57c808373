"""What the parse tree of a notation says, as alterations. (Karyotypes, FISH results: clones.py.)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from screener.vocabulary.cytobands import (
    LOST,
    MORE,
    band_of,
    exchange,
    knowledge,
    known_alterations,
    named,
    segment,
)

if TYPE_CHECKING:
    from lark import Token, Tree

    Node = Tree[Token]


@dataclass(frozen=True, slots=True)
class Alteration:
    """One finding: its canonical text, and what the notation counted."""

    key: str
    copies: int | None = None  # only where the text states the number itself, not a bound
    percent: Decimal | None = None  # of the cells scored, from [n/N]


Found = Iterator[Alteration]


def token(node: Node, *types: str) -> str:
    """The first token of these kinds, without the marks and brackets of the folding; else empty."""
    found = next((c for c in node.children if getattr(c, "type", None) in types), "")
    return str(found).strip("<>() ")


def kinds(node: Node) -> set[str]:
    return {getattr(c, "type", "") for c in node.children}


def nodes(node: Node, *rules: str) -> list[Node]:
    return [c for c in node.children if getattr(c, "data", None) in rules]  # type: ignore[misc]


def _gene(node: Node) -> str:
    return next((token(g, "GENE") for g in nodes(node, "gene")), "") or token(node, "GENE")


def below(node: Node) -> Found:
    for child in node.children:
        reader = READERS.get(getattr(child, "data", ""))
        if reader is not None:
            yield from reader(child)  # type: ignore[arg-type]


def maybe(found: Found) -> Found:
    for one in found:
        doubtful = one.key.startswith("possible ")
        yield one if doubtful else replace(one, key=f"possible {one.key}")


def _at(change: str, target: Node, copies: int | None = None) -> Found:
    """A change of a target; none where its band and its gene lie on different arms."""
    locus, aside = token(target, "LOCUS").replace(" ", ""), token(target, "LOCUS_ASIDE")
    gene = _gene(target) or token(target, "GENE_ASIDE")
    band = knowledge()["genes"][gene].get("band") if gene else None
    if band and (locus or aside) and band_of(band)[:2] != band_of((locus or aside).split("-")[0])[:2]:
        return
    by_place = locus or (aside if not gene else "")
    yield Alteration(named(change, by_place) if by_place else f"{change} {gene}", copies)


def _loss(node: Node) -> Found:
    both = "BOTH" in kinds(node)
    for target in nodes(node, "target"):
        yield from _at(LOST[both], target)
    for structure in nodes(node, "structure"):
        if token(structure, "KIND").startswith("del"):
            yield from _structure(structure, LOST[both])


def by_number(low: int, high: int | None) -> str:
    """The change that so many copies are (`high` none: or more); empty: none, or not decided."""
    numbers = knowledge()["copy_numbers"]
    gain, amplified = int(numbers["gain"]["exactly"]), int(numbers["amplification"]["at_least"])
    if high is not None and high < 2:
        return LOST[high == 0]
    if low >= amplified:
        return "amplification"
    return "" if low < gain else "gain" if low == high else "extra"


def span(times: str) -> tuple[int, int]:
    numbers = [int(n) for n in re.findall(r"\d+", times)]
    return min(numbers), max(numbers)


def _counted(node: Node) -> tuple[int, int | None]:
    for inner in nodes(node, "number"):
        return _counted(inner)
    if times := token(node, "TIMES"):
        return span(times)
    count = nodes(node, "count")[0]
    number = int(token(count, "NUMBER")) + bool("MORE_THAN" in kinds(count))
    bounded = bool(kinds(count) & {"AT_LEAST", "MORE_THAN"})
    return number, None if bounded else number


def _copies(node: Node) -> Found:
    low, high = _counted(node)
    if change := by_number(low, high):
        yield from _at(change, nodes(node, "target")[0], low if low == high else None)


def _more(node: Node) -> Found:
    if nodes(node, "number"):  # the number, not the word, tells a gain from an amplification
        yield from (a for a in _copies(node) if a.key.split()[0] in MORE)
        return
    change = "extra" if token(node, "EXTRA") else "gain" if token(node, "GAIN") else "amplification"
    yield from _at(change, nodes(node, "target")[0])


def _bare(node: Node) -> Found:
    yield Alteration(named("extra" if "PLUS" in kinds(node) else "deletion", token(node, "LOCUS")))


_COUNT_NAMES = {"MINUS": "monosomy", "LOSS": "monosomy", "PLUS": "trisomy", "GAIN": "trisomy"}


def _aneuploidy(node: Node) -> Found:
    number = token(node, "NUMBER") or next((token(c, "NUMBER", "SEX") for c in nodes(node, "chromosome")), "")
    if not _is_chromosome(number):
        return
    somy = re.sub("(y|ies)$", "y", token(node, "SOMY"))
    change = somy or next(_COUNT_NAMES[k] for k in _COUNT_NAMES if k in kinds(node))
    yield _inborn(node, Alteration(f"{change} {number}"))


def _is_chromosome(name: str) -> bool:
    return name in ("x", "y") or (name.isdigit() and 1 <= int(name) <= 22)


def _inborn(node: Node, found: Alteration) -> Alteration:
    return replace(found, key=f"constitutional {found.key}") if "CONSTITUTIONAL" in kinds(node) else found


def _structures(node: Node) -> Found:
    """One ISCN term. What made a derivative chromosome is only half there, and a deleted chromosome
    besides two whole ones has taken nothing away: possible, no more."""
    first, *rest = nodes(node, "structure")
    marks, kind = kinds(node), token(first, "KIND")
    unsure = "MINUS" in marks or ("PLUS" in marks and kind in ("del", "i", "iso", "idic"))
    found = (_inborn(node, a) for a in _structure(first))
    yield from maybe(found) if unsure else found
    for made in rest:
        yield from maybe(_structure(made))


_KINDS = {
    "add": "addition",
    "i": "isochromosome",
    "iso": "isochromosome",
    "idic": "isodicentric",
    "der": "derivative",
    "r": "ring",
    "dic": "dicentric",
    "ins": "insertion",
    "inv": "inversion",
    "t": "translocation",
}


def _structure(node: Node, loss: str = "deletion") -> Found:
    if nodes(node, "gene"):
        if token(node, "KIND") in ("del", "dup"):
            yield Alteration(f"{loss if token(node, 'KIND') == 'del' else 'extra'} {_gene(node)}")
        return
    bands = [
        [str(b) for b in end.children] for breaks in nodes(node, "breaks") for end in nodes(breaks, "ends")
    ]
    exact = [[re.sub(r"~.*|\?", "", b) for b in end] for end in bands]
    found = _term(node, loss, exact)
    yield from found if exact == bands else maybe(found)


def _term(node: Node, loss: str, bands: list[list[str]]) -> Found:
    kind, locus = token(node, "KIND"), token(node, "LOCUS")
    chromosomes = [token(c, "NUMBER", "SEX") for c in nodes(node, "chromosome")]
    if len(chromosomes) == 1 and bands:  # inv(16)(p13;q22) is met for inv(16)(p13q22)
        bands = [[band for end in bands for band in end]]
    if not all(map(_is_chromosome, chromosomes)) or (bands and len(bands) not in (1, len(chromosomes))):
        return
    change = loss if kind == "del" else "extra" if kind in ("dup", "trp", "qdp") else ""
    if locus:
        if change:
            yield Alteration(named(change, locus))
        elif kind in ("add", "i", "iso", "idic", "der"):
            yield Alteration(f"{_KINDS[kind]} {''.join(band_of(locus.split('-')[0])[:2])}")
    elif change:
        if len(chromosomes) == len(bands) == 1 and len(bands[0]) <= 2:
            yield from (Alteration(key) for key in segment(change, chromosomes[0], bands[0]))
    elif kind == "inv":
        if len(chromosomes) == 1:
            ends = (bands[0] * 2)[:2] if bands else ["", ""]
            yield Alteration(exchange("inversion", [(chromosomes[0], end) for end in ends]))
    elif kind == "t":
        if len(chromosomes) > 1 and len(bands) in (0, len(chromosomes)) and all(len(b) == 1 for b in bands):
            ends = [b[0] for b in bands] or [""] * len(chromosomes)
            yield Alteration(exchange("translocation", list(zip(chromosomes, ends, strict=True))))
    else:
        arm = bands[0][0][0] if bands and kind in ("add", "i", "iso", "idic") else ""
        yield Alteration(f"{_KINDS.get(kind, kind)} {';'.join(chromosomes)}{arm}")


def _written_exchange(node: Node) -> Found:
    for structure in nodes(node, "structure"):
        if token(structure, "KIND") == "t":
            yield from _structure(structure)
    chromosomes = [token(c, "NUMBER", "SEX") for c in nodes(node, "chromosome")]
    if chromosomes and all(map(_is_chromosome, chromosomes)):
        yield Alteration(exchange("translocation", [(c, "") for c in chromosomes]))
    if locus := token(node, "LOCUS"):
        yield Alteration(f"isochromosome {''.join(band_of(locus.split('-')[0])[:2])}")
    if "INVERSION" in kinds(node) and _is_chromosome(number := token(node, "NUMBER")):
        yield Alteration(f"inversion {number}")


def _fusion(node: Node) -> Found:
    """A slash or hyphen alone joins the genes of a known fusion only: IDH1/IDH2 is a list."""
    genes = sorted(str(c).strip("<>") for c in node.children if getattr(c, "type", "") == "GENE")
    key = "fusion " + "::".join(genes)
    if token(node, "JOIN") == "::" or "FUSION" in kinds(node) or key in known_alterations():
        yield Alteration(key)


def _rearrangement(node: Node) -> Found:
    yield Alteration(f"rearrangement {_gene(node) or token(node, 'LOCUS').replace(' ', '')}")


def _mutation(node: Node) -> Found:
    variant = token(node, "VARIANT").removeprefix("p.")
    short = "itd" if "duplication" in variant else "tkd" if "domain" in variant else variant
    yield Alteration(f"mutation {_gene(node)} {short.upper()}".rstrip())


def _biallelic(node: Node) -> Found:
    yield Alteration(f"biallelic {_gene(node)}")


def _doubtful(node: Node) -> Found:
    return maybe(below(node))


READERS: dict[str, Callable[[Node], Found]] = {
    "loss": _loss,
    "bare_loss": _bare,
    "more": _more,
    "bare_more": _bare,
    "counted": _copies,
    "aneuploidy": _aneuploidy,
    "structures": _structures,
    "exchange": _written_exchange,
    "fusion": _fusion,
    "rearrangement": _rearrangement,
    "mutation": _mutation,
    "biallelic": _biallelic,
    "doubtful": _doubtful,
}
