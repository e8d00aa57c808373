"""Karyotypes and interphase FISH results: several findings in one notation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from screener.vocabulary.alterations import (
    READERS,
    Alteration,
    Found,
    below,
    by_number,
    kinds,
    maybe,
    nodes,
    span,
    token,
)
from screener.vocabulary.cytobands import LOST, band_of, knowledge

if TYPE_CHECKING:
    from screener.vocabulary.alterations import Node


def read_tree(tree: Node) -> Found:
    """The findings of a whole notation."""
    clones, sets = nodes(tree, "clone"), nodes(tree, "signals")
    if clones and all(map(_is_normal, clones)):
        yield Alteration("normal karyotype")
    if sets:
        yield from _signals(sets)
        return
    percent = _percent(tree)
    yield from (replace(a, percent=percent) if percent is not None else a for a in below(tree))


def _is_normal(clone: Node) -> bool:
    items = [c.data for c in clone.children if hasattr(c, "data")]
    count = [str(t) for modal in nodes(clone, "modal") for t in modal.children]
    return count == ["46"] and token(clone, "SEX") in ("xx", "xy") and set(items) <= {"modal", "cells"}


def _clone(node: Node) -> Found:
    """A clone of stated ploidy (<4n>) that lost a chromosome may have two of it left."""
    for found in below(node):
        lost = found.key.startswith("monosomy") and "PLOIDY" in kinds(node)
        yield from maybe(iter([found])) if lost else iter([found])


def _percent(node: Node) -> Decimal | None:
    numbers = [Decimal(str(n)) for cells in nodes(node, "cells") for n in cells.children if str(n).isdigit()]
    if len(numbers) != 2 or not 0 < numbers[1] >= numbers[0]:
        return None
    return numbers[0] * 100 / numbers[1]


def _signals(sets: list[Node]) -> Found:
    """Probe sets. A centromere counted in a set of its own is the control of the others too.

    Where signals lie together (con) or apart (sep), the numbers count pieces, not copies.
    """
    elsewhere = _controls([count for probes in sets for count in _counts(probes)])
    percent: Decimal | None = None
    found: list[Alteration] = []
    for probes in reversed(sets):  # the cells stand behind the last of the sets they are for
        if nodes(probes, "cells"):
            percent = _percent(probes)
        joined = nodes(probes, "joined")
        read = _joined(joined) if joined else _probes(_counts(probes), elsewhere)
        found[:0] = [replace(one, percent=percent) for one in read]
    yield from found


def _joined(parts: Iterable[Node]) -> Found:
    for part in parts:
        genes = sorted({str(c).strip("<>") for c in part.children if getattr(c, "type", "") == "GENE"})
        if span(token(part, "TIMES"))[1] > 0:
            yield Alteration(
                "fusion " + "::".join(genes) if "CON" in kinds(part) else f"rearrangement {genes[0]}"
            )


@dataclass(frozen=True, slots=True)
class _Count:
    """How often a probe was seen; `chromosome` empty where it is not known."""

    gene: str
    chromosome: str
    low: int
    high: int


def _counts(node: Node) -> list[_Count]:
    shared, found = token(node, "TIMES"), []
    for probe in nodes(node, "probe"):
        times, gene = token(probe, "TIMES") or shared, token(probe, "GENE")
        if times:
            entry = knowledge()["genes"][gene] if gene else {}
            chromosome = band_of(entry["band"])[0] if "band" in entry else entry.get("control_of", "")
            centromere = re.match(r"\D*(\d+)", token(probe, "CENTROMERE"))
            found.append(_Count(gene, centromere[1] if centromere else chromosome, *span(times)))
    if gene := token(node, "GENE_ASIDE"):
        found += [_Count(gene, "", *span(shared))] if shared else []
    return found


def _controls(counts: list[_Count]) -> dict[str, _Count]:
    return {c.chromosome: c for c in counts if _is_control(c)}


def _probes(counts: list[_Count], elsewhere: dict[str, _Count]) -> Found:
    here = _controls(counts)
    controls = elsewhere | here
    for count in counts:
        if not _is_control(count):
            yield from _gene_count(count, controls.get(count.chromosome))
    for chromosome, control in here.items():
        if not control.gene:
            others = [c for c in counts if c.chromosome == chromosome and not _is_control(c)]
            alone = any((c.low, c.high) != (control.low, control.high) for c in others)
            whole = _whole(control)
            yield from maybe(whole) if alone else whole


def _is_control(count: _Count) -> bool:
    return not count.gene or "control_of" in knowledge()["genes"][count.gene]


def _whole(control: _Count) -> Found:
    """The chromosome that a centromere probe counts."""
    somies = {(0, 1): "monosomy", (1, 1): "monosomy", (3, 3): "trisomy", (4, 4): "tetrasomy"}
    if somy := somies.get((control.low, control.high)):
        yield Alteration(f"{somy} {control.chromosome}")


def _gene_count(count: _Count, control: _Count | None) -> Found:
    exact = count.low if count.low == count.high else None
    change = by_number(count.low, count.high)
    if control is not None and (count.low, count.high) == (control.low, control.high) and change:
        # the whole chromosome (its centromere tells, below), or the whole arm
        if control.gene and change in LOST:
            yield Alteration(f"possible deletion {count.gene}")
            yield Alteration(f"possible monosomy {count.chromosome}")
    elif change:
        yield Alteration(f"{change} {count.gene}", exact)
    elif count.low < 2 or (control is not None and control.low > count.high):
        yield Alteration(f"possible deletion {count.gene}")


READERS.update(clone=_clone)
