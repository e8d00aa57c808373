"""Genomics observations and reports → findings: by component, by notation, and in free text."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from screener.intake.fhir.context import Context, Record
from screener.intake.fhir.resources import (
    Coding,
    Resource,
    Said,
    code_in,
    items,
    meant,
    not_needed,
    not_understood,
    number,
    obj,
    said,
    text,
)
from screener.intake.fhir.values import INTERPRETED, yes_no

_ASSESSED = "69548-6"  # a genetic variant is present or absent
_GENE, _CODING, _GENOMIC, _PROTEIN, _ISCN = "48018-6", "48004-6", "81290-9", "48005-3", "81291-7"
_PARTS = {_GENE, _CODING, _GENOMIC, _PROTEIN, _ISCN}
_SIGNIFICANCE, _ORIGIN, _CHANGE, _COPIES, _SHARE = "53037-8", "48002-0", "48019-4", "82155-3", "81258-6"
_HARMLESS = {"LA6675-8", "LA26334-5"}  # benign, likely benign: answers to 53037-8
_GERMLINE = {"LA6683-2"}
_RESULTS = {"positive": "detected", "negative": "not detected", "indeterminate": "indeterminate"}
_OTHER_CHANGE = re.compile(r"copy number|duplication|fusion|translocation|inversion|large|structural", re.I)
_SAYS = (
    ("not detected", r"not (?:detected|found|present|seen|observed|identified)|negative|absent|undetected"),
    ("detected", r"detected|found|present|positive|seen|observed|identified"),
    ("indeterminate", r"indeterminate|equivocal|inconclusive|borderline"),
)
_SHARE_OF = (
    r"(?:\s*(?:in|,|\()\s*(?P<share>\d{1,3}(?:\.\d+)?)\s*%"
    r"(?: of (?:the )?(?:cells|nuclei|plasma cells))?\)?)?"
)
_BETWEEN = re.compile(r"[;\n](?![^()]*\))|\.\s|,\s+(?![^()]*\))")  # what stands between clauses
_CLAUSES = [
    (result, re.compile(form.format(words=words, share=_SHARE_OF), re.I))
    for result, words in _SAYS
    for form in (
        r"(?P<what>.+?)(?:\s*[:=]\s*|\s+(?:is |was )?)(?:{words}){share}\.?",
        r"(?:{words})(?: for)?\s*:?\s+(?P<what>.+?){share}\.?",
    )
]


def observed(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    """Reads a genomic observation; whether it is one."""
    loinc = {one.code for one in code.codings if one.system == "LOINC"}
    parts = _parts(resource)
    if _ASSESSED in loinc or parts.keys() & _PARTS:
        _variant(resource, parts, _about(resource, date, at), at)
        return True
    if loinc & _PARTS:
        own = next(iter(loinc & _PARTS))
        value = said(resource, "valueCodeableConcept") or Said((), text(resource, "valueString") or "")
        _variant(resource, {own: value}, _about(resource, date, at), at)
        return True
    marker = next((words for words in code.words() if at.names.marks(words)), None)
    if marker is not None and at.names.measure(code) is None:
        _marker(resource, marker, _about(resource, date, at), at)
        return True
    words = resource.get("valueString")
    if not isinstance(words, str) or at.names.measure(code) is not None:
        return False
    return _told(_free(words, at), lambda: _about(resource, date, at), at)


def _about(resource: Resource, date: str | None, at: Context) -> Record:
    return {"date": date, "method": _method(resource, at)}


def _parts(resource: Resource) -> dict[str, Said]:
    """The components by their LOINC code."""
    found: dict[str, Said] = {}
    if not resource.get("component"):
        return found
    for index, one in enumerate(items(resource, "component")):
        path = f"component[{index}]."
        code = said(one, "code", path)
        for coding in code.codings if code else ():
            if coding.system == "LOINC":
                words = one.get("valueString")
                value = (
                    Said((), words.strip())
                    if isinstance(words, str)
                    else said(one, "valueCodeableConcept", path)
                )
                if value is None and coding.code in (_COPIES, _SHARE):
                    value = _amount(one, path)
                if value is not None and coding.code == _GENE and _GENE in found:
                    value = Said((*found[_GENE].codings, *value.codings, *_worded(found[_GENE], value)), "")
                if value is not None:
                    found[coding.code] = value
    return found


def _worded(*genes: Said) -> tuple[Coding, ...]:
    """Genes that are given in words, as codings, so that several stand side by side."""
    return tuple(Coding("", "", one.text) for one in genes if one.text)


def _amount(of: Resource, path: str) -> Said | None:
    quantity = obj(of, "valueQuantity", path)
    value = (
        number(of, "valueInteger", path)
        if quantity is None
        else number(quantity, "value", f"{path}valueQuantity.")
    )
    return None if value is None else Said((), f"{value:f}")


def _method(resource: Resource, at: Context) -> str | None:
    """The method by a name that the vocabulary knows; another one is left out, with a note."""
    stated = said(resource, "method")
    if stated is None:
        return None
    for words in stated.words():
        for entry in at.names.catalogue.tables["methods"].values():
            if words.casefold() in {name.casefold() for name in (entry["name"], *entry.get("synonyms", ()))}:
                return str(entry["name"])
    at.note("method: the vocabulary does not know it (left out)")
    return None


def _result(resource: Resource) -> str | None:
    if resource.get("valueBoolean") is not None:
        return "detected" if resource.get("valueBoolean") is True else "not detected"
    value = said(resource, "valueCodeableConcept")
    if value is None and isinstance(resource.get("valueString"), str):
        value = Said((), resource["valueString"].strip())
    if value is not None:
        found = _RESULTS.get(yes_no(value), "")
        return found or next((_spoken(words) for words in value.words() if _spoken(words)), None)
    stated = [meant(one, "interpretation") for one in items(resource, "interpretation")]
    words = {_RESULTS.get(INTERPRETED.get(code_in(one), "")) for one in stated} - {None}
    return words.pop() if len(words) == 1 else None


def _spoken(words: str) -> str:
    return next((result for result, known in _SAYS if re.fullmatch(known, words, re.I)), "")


def _variant(resource: Resource, parts: dict[str, Said], about: Record, at: Context) -> None:
    """A variant by its parts, the most telling first: notation of a karyotype, then gene and change."""
    if any(one.code in _HARMLESS for one in parts.get(_SIGNIFICANCE, Said((), "")).codings):
        raise not_needed("a variant without significance")
    if any(one.code in _GERMLINE for one in parts.get(_ORIGIN, Said((), "")).codings):
        raise not_needed("a germline variant is none of the tumour")
    genes = list(dict.fromkeys(parts.get(_GENE, Said((), "")).words()))
    if len(genes) > 1 and _ISCN not in parts:
        _none_of(genes, resource, about, at)
        return
    finding = next((words for words in _findings(parts) if at.names.marks(words)), None)
    if finding is None:
        raise not_understood("component: it names no marker of the vocabulary")
    stated = _result(resource)
    if stated is None and _ISCN in parts and not any(one.code == _ASSESSED for one in _code(resource)):
        stated = "detected"  # a karyotype says what was seen
    if stated is None:
        raise not_understood("value: neither detected nor not detected")
    if stated == "not detected" and parts.keys() & {_PROTEIN, _CODING, _GENOMIC}:
        raise not_understood("component: this change is not there, others of the gene may be")
    record = {"finding": finding, "result": stated, **about}
    if _COPIES in parts and parts[_COPIES].text.isdigit():
        record["copies"] = int(parts[_COPIES].text)
    at.add("genomics", record)


def _none_of(genes: list[str], resource: Resource, about: Record, at: Context) -> None:
    """Several genes that were looked at: where nothing was found, it was found in none of them."""
    if _result(resource) != "not detected":
        raise not_understood("component: several genes, and it is not said which one is meant")
    known = [f"{gene} mutation" for gene in genes if at.names.marks(f"{gene} mutation")]
    if not known:
        raise not_understood("component: it names no marker of the vocabulary")
    for finding in known:
        at.add("genomics", {"finding": finding, "result": "not detected", **about})


def _code(resource: Resource) -> tuple[Coding, ...]:
    stated = said(resource, "code")
    return tuple(one for one in stated.codings if one.system == "LOINC") if stated else ()


def _findings(parts: dict[str, Said]) -> Iterator[str]:
    nothing = Said((), "")
    for words in (
        *parts.get(_ISCN, nothing).words(),
        *(one.code for one in parts.get(_ISCN, nothing).codings),
    ):
        if words:
            yield words
    if any(_OTHER_CHANGE.search(words) for words in parts.get(_CHANGE, nothing).words()):
        return  # a loss or gain of a gene is no mutation of it
    for gene in parts.get(_GENE, nothing).words():
        for change in (_PROTEIN, _CODING, _GENOMIC):
            for words in parts.get(change, nothing).words():
                yield f"{gene} {words.rpartition(':')[2]}"
        yield f"{gene} mutation"


def _marker(resource: Resource, marker: str, about: Record, at: Context) -> None:
    """An observation whose own name is a marker, as laboratories report FISH probe by probe."""
    record = {"finding": marker, **about}
    quantity = obj(resource, "valueQuantity")
    if quantity is not None and (text(quantity, "code") or text(quantity, "unit")) == "%":
        share = number(quantity, "value", "valueQuantity.")
        record["percent_cells"] = (
            f"{text(quantity, 'comparator') or ''}{share:f}" if share is not None else None
        )
        stated = _interpreted(resource)
    else:
        stated = _result(resource)
    if stated is None and record.get("percent_cells") is None:
        raise not_understood("value: neither detected nor not detected")
    at.add("genomics", record | {"result": stated})


def _interpreted(resource: Resource) -> str | None:
    return _result({"interpretation": resource.get("interpretation")})


def _free(words: str, at: Context) -> list[Record]:
    """Free text: every clause says of one marker that it is there or not, or nothing of it is taken."""
    clauses = [one.strip() for one in _BETWEEN.split(words) if one.strip()]
    if len(words) > 5000 or len(clauses) > 60:
        return []
    read = [_clause(clause, at) for clause in clauses]
    if any(read) and not all(read):
        raise not_understood("valueString: not every part of it is understood, so none is used")
    return [record for record in read if record]


def _told(records: list[Record], about: Callable[[], Record], at: Context) -> bool:
    shared = about() if records else {}
    for record in records:
        at.add("genomics", record | shared)
    return bool(records)


def _clause(clause: str, at: Context) -> Record | None:
    for result, form in _CLAUSES:
        found = form.fullmatch(clause)
        if found and at.names.marks(found["what"]):
            share = found["share"]
            if share and result == "not detected":
                return None  # not there in so many cells: what of the others?
            return {
                "finding": found["what"],
                "result": result,
                "percent_cells": Decimal(share) if share else None,
            }
    return (
        {"finding": clause, "result": "detected"} if _karyotype(clause) and at.names.marks(clause) else None
    )


def _karyotype(clause: str) -> bool:
    """Whether it is written as what was seen: `46,XX,del(17)(p13)`, `nuc ish …`."""
    return re.match(r"\d{2}(?:[~-]\d{2})?,[XY]|nuc ish", clause) is not None


def reported(resource: Resource, date: str | None, at: Context) -> bool:
    """The conclusion of a report, where it says of markers that they are there or not."""
    words = resource.get("conclusion")
    return isinstance(words, str) and _told(_free(words, at), lambda: {"date": date}, at)
