"""What markers.yaml knows of genes, regions and breakpoints, and places on chromosomes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from screener import resources


@cache
def knowledge() -> dict[str, Any]:
    """markers.yaml, read when a notation is first met."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar stays text
    found = yaml.load((resources.vocabulary() / "markers.yaml").read_bytes(), loader)
    return dict(found)


def concept_table(markers: Mapping[str, Any]) -> dict[str, str]:
    """The marker that each alteration key means, from the `markers` table of markers.yaml."""
    table: dict[str, str] = {}
    for marker, entry in markers.items():
        keys = entry["alteration"]
        for key in [keys] if isinstance(keys, str) else keys:
            if table.setdefault(key, marker) != marker:
                raise ValueError(f"alteration {key!r} means both {table[key]} and {marker}")
    return table


@cache
def known_alterations() -> dict[str, str]:
    """The marker of each alteration."""
    return concept_table(knowledge()["markers"])


@cache
def _gene_names() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {n: gene for gene, e in knowledge()["genes"].items() for n in e["names"]}
    longest_first = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    # a name touches only what notation writes against it: mutTP53, CKS1Bx3, BRAFV600E
    before, after = (
        r"(?:(?<![a-z0-9<])|(?<=mut)|(?<=del))",
        r"(?=x\d|mut|[a-z]\d+[a-z]\b|[^a-z0-9]|$)",
    )
    return re.compile(f"{before}({longest_first}){after}"), names


_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_REWRITES = [
    (re.compile(pattern), new)
    for pattern, new in (
        ("\u00d7", "x"),
        ("[\u2018\u2019\u2032`\u00b4]", "'"),
        ("\u2265|>/=|=>|\u2a7e", ">="),
        (r"greater than or equal to|at least|no fewer than", ">="),
        (r"greater than|more than", ">"),
        (r"\b(\d{1,2}) ?(?:or more|\+)(?= (?:total )?cop)", r">=\1"),
        (r"\btotal cop", "cop"),
        (r"\[([^\[\]]{1,40}cop(?:y|ies))\]", r"(\1)"),
        (r"\bdel-(?=\d)", "del "),
        (r"\s+", " "),
        (r" ?([()\[\];,:/~]) ?", r"\1"),
        (r"(>=?) ", r"\1"),
        (r"(?<=>)-(?=[a-z])", " "),
    )
]


def folded(text: str) -> str:
    """Lower case, plain hyphens, no space by punctuation, genes as <SYMBOL>: for the grammar."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold()).strip()
    pattern, names = _gene_names()
    for rewrite, new in _REWRITES[:-1]:
        text = rewrite.sub(new, text)
    text = pattern.sub(lambda found: f"<{names[found[1]]}>", text)
    return _REWRITES[-1][0].sub(" ", text)  # TP53-mutated, FLT3-ITD: the hyphen only joins words


# --- places --------------------------------------------------------------------------------------

LOST, MORE = ("deletion", "biallelic deletion"), ("extra", "gain", "amplification")
_BAND = re.compile(r"(\d{1,2}|[xy])? ?([pq])(.*)")


def band_of(text: str) -> tuple[str, str, str]:
    """Chromosome, arm and the digits of the band from the centromere outwards: 17, p, 131."""
    found = _BAND.fullmatch(text)
    assert found is not None, text
    return found[1] or "", found[2], found[3].replace(".", "")


def _holds(low: str, high: str, band: str) -> bool:
    """Whether a segment (empty: to the arm's end) holds `band`; p13 and p13.1 hold each other."""
    return band >= low[: len(band)] and (not high or band[: len(high)] <= high)


def _place(change: str, chromosome: str, arm: str, low: str, high: str) -> str:
    """The region a segment stands for, else the segment as written."""
    for name, region in knowledge()["regions"].items():
        if change not in (LOST if region["change"] == "loss" else MORE):
            continue
        bare = not low and not high
        if bare and region.get("arm") == chromosome + arm:
            return f"{change} {name}"
        if bare and "within" not in region:
            continue
        where = band_of(region.get("holds", region.get("within")))
        if where[:2] == (chromosome, arm) and ("within" in region or _holds(low, high, where[2])):
            return f"{change} {name}"
    start, end = (f"{arm}{b[:2]}" + (f".{b[2:]}" if b[2:] else "") for b in (low, high))
    if low == high:
        return f"{change} {chromosome}{start}"
    return f"{change} {chromosome}{start}-{end if high else arm + 'ter'}"


def named(change: str, locus: str) -> str:
    """A band or an arm that is itself gained or lost: del(17p13.1), 1q21-q23."""
    first, _, last = locus.partition("-")
    chromosome, arm, low = band_of(first)
    if not last:
        return _place(change, chromosome, arm, low, low)
    end = band_of(last)[1:]
    if end[0] != arm:
        return f"{change} {locus}"
    return _place(change, chromosome, arm, *sorted((low, end[1])))


def segment(change: str, chromosome: str, bands: list[str]) -> list[str]:
    """Between the breakpoints of the ISCN form, or from the only one to the end of the arm."""
    ends = sorted((arm, "" if digits == "ter" else digits) for _, arm, digits in map(band_of, bands))
    if len(ends) == 1:
        return [] if not ends[0][1] else [_place(change, chromosome, ends[0][0], ends[0][1], "")]
    (arm, low), (last, high) = ends
    if arm != last:  # over the centromere
        return [
            _place(change, chromosome, arm, "10", low),
            _place(change, chromosome, last, "10", high),
        ]
    if not low:  # pter or qter sorts first
        low, high = high, low
    return [_place(change, chromosome, arm, low, high)]


def exchange(change: str, pairs: list[tuple[str, str]]) -> str:
    """A translocation or inversion; with its bands if they are not those of its short name."""
    pairs = sorted(pairs, key=lambda p: (int(p[0]) if p[0].isdigit() else 0, p[1]))
    label = (
        ";".join(dict.fromkeys(c for c, _ in pairs))
        if change == "inversion"
        else ";".join(c for c, _ in pairs)
    )
    usual = knowledge()["exchanges"].get(label if change == "translocation" else f"{change} {label}")
    if usual is None or not all(band for _, band in pairs):
        return f"{change} {label}"
    if len(pairs) == len(usual["breaks"]) and all(map(_meets, pairs, usual["breaks"])):
        return f"{change} {label}"
    return f"{change} " + ";".join(map("".join, pairs))


def _meets(pair: tuple[str, str], usual: list[str]) -> bool:
    written = band_of("".join(pair))
    return any(
        written[:2] == band[:2] and (written[2].startswith(band[2]) or band[2].startswith(written[2]))
        for band in map(band_of, usual)
    )
