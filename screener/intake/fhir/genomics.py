"""Genomics observations → findings: by component and by notation. Free text: see genomic_text."""

import re
from collections.abc import Iterator

from screener.intake.fhir.answers import DIFFER, INTERPRETED, polarity, yes_no
from screener.intake.fhir.context import Context, Record
from screener.intake.fhir.genomic_text import RESULTS, filed, free, kept, mentioned
from screener.intake.fhir.resources import (
    Coding,
    Ended,
    Resource,
    Said,
    code_in,
    flag,
    items,
    meant,
    not_needed,
    not_understood,
    number,
    obj,
    one_type,
    said,
    text,
)
from screener.intake.fhir.values import told

_ASSESSED = "69548-6"  # a genetic variant is present or absent
_GENE, _CODING, _GENOMIC, _PROTEIN, _ISCN = "48018-6", "48004-6", "81290-9", "48005-3", "81291-7"
_PARTS = {_GENE, _CODING, _GENOMIC, _PROTEIN, _ISCN}
_SIGNIFICANCE, _ORIGIN, _CHANGE, _COPIES, _SHARE = "53037-8", "48002-0", "48019-4", "82155-3", "81258-6"
# Answers to 53037-8 and 48002-0, by code and in words.
_HARMLESS = {"LA6675-8", "LA26334-5", "benign", "likely benign"}
_UNCERTAIN = {"LA26333-7", "uncertain significance", "variant of uncertain significance", "vus"}
_GERMLINE = {"LA6683-2", "germline"}
_OTHER_CHANGE = re.compile(
    r"copy.number|duplication|fusion|translocation|inversion|rearrange|amplif|large|structural|wild.?type",
    re.I,
)
# Without notation a change of this kind is a mutation; a `deletion` may be one of the whole gene.
_SMALL_CHANGE = re.compile(
    r"substitution|single.nucleotide|\bsnv\b|point|missense|nonsense|frame.?shift|indel|delins|splice", re.I
)


def observed(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    """Reads a genomic observation; whether it is one.

    One that is not understood keeps its place: what was not found before does not speak for it.
    """
    try:
        return _read(resource, code, date, at)
    except Ended as ended:
        if ended.how != "not needed" and doubted(resource, code, date, at):
            ended.why += " (kept as indeterminate)"
        raise


def doubted(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    """Keeps the markers that an observation names, as neither there nor not; whether it names any."""
    if not (told(resource) or (resource.get("component") and not resource.get("dataAbsentReason"))):
        return False
    return kept(at.soft(lambda: list(_named(resource, code, at))) or (), date, at)


def _named(resource: Resource, code: Said, at: Context) -> Iterator[str]:
    """The findings of which an observation speaks, whatever it says of them."""
    loinc = {one.code for one in code.codings if one.system == "LOINC"}
    parts = _parts(resource) | {own: _own(resource) for own in loinc & _PARTS}
    if parts.keys() & _PARTS:
        if _answers(parts, _SIGNIFICANCE, _HARMLESS) or _answers(parts, _ORIGIN, _GERMLINE):
            return
        yield from (words for words in _findings(parts) if at.names.marks(words))
    elif at.names.measure(code) is None:
        yield from (words for words in code.words() if at.names.marks(words))
        words = resource.get("valueString")
        yield from mentioned(words, at) if isinstance(words, str) else ()


def _read(resource: Resource, code: Said, date: str | None, at: Context) -> bool:
    loinc = {one.code for one in code.codings if one.system == "LOINC"}
    parts = _parts(resource)
    if _ASSESSED in loinc or parts.keys() & _PARTS:
        _variant(resource, parts, _about(resource, date, at), at)
        return True
    if loinc & _PARTS:
        own = next(iter(loinc & _PARTS))
        others = {key: resource[key] for key in resource if not key.startswith("value")}
        _variant(others, {own: _own(resource)}, _about(resource, date, at), at)
        return True
    marker = next((words for words in code.words() if at.names.marks(words)), None)
    if marker is not None and at.names.measure(code) is None:
        if resource.get("hasMember") and not told(resource):
            return False  # a panel, which is named as its members are
        _marker(resource, marker, _about(resource, date, at), at)
        return True
    words = resource.get("valueString")
    if not isinstance(words, str) or at.names.measure(code) is not None:
        return False
    if filed(free(words, at), lambda: _about(resource, date, at), at):
        return True
    if mentioned(words, at):
        raise not_understood("valueString: it names markers, and says of none whether it is there")
    return False


def _own(resource: Resource) -> Said:
    """The value of an observation that is itself a part of a variant."""
    return said(resource, "valueCodeableConcept") or Said((), text(resource, "valueString") or "")


def _about(resource: Resource, date: str | None, at: Context) -> Record:
    return {"date": date, "method": at.soft(_method, resource, at)}


def is_part(code: Said) -> bool:
    """Whether a component tells a part of the variant that the whole is about."""
    return any(one.system == "LOINC" and one.code in _PARTS for one in code.codings)


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
    one_type(resource, "value")
    if resource.get("valueBoolean") is not None:
        return "detected" if flag(resource, "valueBoolean") else "not detected"
    value = said(resource, "valueCodeableConcept")
    if value is None and isinstance(resource.get("valueString"), str):
        value = Said((), resource["valueString"].strip())
    answers = {yes_no(value) or _spoken(value)} - {""} if value is not None else set()
    if value is None or answers:
        interpretations = [meant(one, "interpretation") for one in items(resource, "interpretation")]
        answers |= {INTERPRETED.get(code_in(one), "") for one in interpretations} & RESULTS.keys()
    if len(answers) > 1:
        raise not_understood(f"value: {DIFFER}")
    return RESULTS[answers.pop()] if answers else None


def _spoken(value: Said) -> str:
    found = {polarity(words) for words in value.words()} - {""}
    return found.pop() if len(found) == 1 else ""


def _variant(resource: Resource, parts: dict[str, Said], about: Record, at: Context) -> None:
    """A variant by its parts, the most telling first: notation of a karyotype, then gene and change."""
    if _answers(parts, _SIGNIFICANCE, _HARMLESS):
        raise not_needed("a variant without significance")
    if _answers(parts, _ORIGIN, _GERMLINE):
        raise not_needed("a germline variant is none of the tumour")
    genes = list(dict.fromkeys(parts.get(_GENE, Said((), "")).words()))
    if len(genes) > 1 and _ISCN not in parts:
        _none_of(genes, resource, about, at)
        return
    finding = next((words for words in _findings(parts) if at.names.marks(words)), None)
    if finding is None:
        raise not_understood("component: it names no marker of the vocabulary")
    stated = _result(resource)
    if stated is None and _ISCN in parts and not _answered(resource):
        stated = "detected"  # a karyotype says what was seen
    if stated == "detected" and _answers(parts, _SIGNIFICANCE, _UNCERTAIN):
        at.note("its significance is uncertain, so it is neither there nor not")
        stated = "indeterminate"
    if stated is None:
        raise not_understood("value: neither detected nor not detected")
    if stated == "not detected" and parts.keys() & {_PROTEIN, _CODING, _GENOMIC}:
        at.entry.end("not understood", "component: this change is not there, others of the gene may be")
        return
    record = {"finding": finding, "result": stated, **about}
    if _COPIES in parts and parts[_COPIES].text.isdigit():
        record["copies"] = int(parts[_COPIES].text)
    at.add("genomics", record)


def _answers(parts: dict[str, Said], code: str, known: set[str]) -> bool:
    """Whether a part gives one of these answers, by code or in words."""
    value = parts.get(code, Said((), ""))
    return any(one.code in known for one in value.codings) or any(
        words.lower() in known for words in value.words()
    )


def _answered(resource: Resource) -> bool:
    """Whether it was asked if something is there, or an answer, or the lack of one, is stated."""
    said_so = (key for key in resource if key.startswith("value") or key == "dataAbsentReason")
    return any(one.code == _ASSESSED for one in _code(resource)) or any(resource[key] for key in said_so)


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
    kinds = list(parts.get(_CHANGE, nothing).words())
    if any(_OTHER_CHANGE.search(words) for words in kinds):
        return  # a loss or gain of a gene is no mutation of it
    notation = parts.keys() & {_PROTEIN, _CODING, _GENOMIC}
    for gene in parts.get(_GENE, nothing).words():
        for change in (_PROTEIN, _CODING, _GENOMIC):
            for words in parts.get(change, nothing).words():
                yield f"{gene} {words.rpartition(':')[2]}"
        if notation or not parts.keys() & {_CHANGE, _COPIES} or any(map(_SMALL_CHANGE.search, kinds)):
            yield f"{gene} mutation"


def _marker(resource: Resource, marker: str, about: Record, at: Context) -> None:
    """An observation whose own name is a marker, as laboratories report FISH probe by probe."""
    one_type(resource, "value")
    record = {"finding": marker, **about}
    quantity = obj(resource, "valueQuantity")
    if quantity is not None and (text(quantity, "code") or text(quantity, "unit")) == "%":
        share = number(quantity, "value", "valueQuantity.")
        if share is not None:
            record["percent_cells"] = f"{text(quantity, 'comparator') or ''}{share:f}"
        stated = _interpreted(resource)
        if share is not None and (not 0 <= share <= 100 or (share == 0 and stated == "detected")):
            raise not_understood("valueQuantity: no share of cells in which it is there")
    else:
        stated = _result(resource)
    if stated is None and record.get("percent_cells") is None:
        raise not_understood("value: neither detected nor not detected")
    at.add("genomics", record | {"result": stated})


def _interpreted(resource: Resource) -> str | None:
    return _result({"interpretation": resource.get("interpretation")})
