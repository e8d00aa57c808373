"""Profile → facts: every record's names resolved, what was not understood kept and listed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from screener.evaluate.facts import Given, Marked, Observed, Places, Responded, Stated
from screener.evaluate.findings import markers_of, method_of, share_of
from screener.evaluate.naming import Names
from screener.evaluate.values import WORDS, Values
from screener.model import patient as p
from screener.model.calendar import Period, read_date
from screener.model.verdict import Ignored
from screener.vocabulary.catalogue import Catalogue, Concept, Kind
from screener.vocabulary.names import folded

# Says that none is known, which makes nothing absent: only a section declared complete does.
_NO_ALLERGIES = {folded(text) for text in (
    "no known allergies", "no known drug allergies", "NKA", "NKDA", "no allergies", "none", "none known",
)}  # fmt: skip
_MEASURES: tuple[Kind, ...] = ("measurement", "scale")
_THERAPIES: tuple[Kind, ...] = ("drug", "class", "regimen")


@dataclass
class Facts:
    """All records of a profile up to the as-of date."""

    observed: list[Observed] = field(default_factory=list)
    conditions: list[Stated] = field(default_factory=list)
    procedures: list[Stated] = field(default_factory=list)
    allergies: list[Stated] = field(default_factory=list)
    markers: list[Marked] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    responses: list[Responded] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    not_understood: list[Ignored] = field(default_factory=list)


def period(text: str | None) -> Period | None:
    return None if text is None else read_date(text)


class Reader:
    """Reads the sections of one profile."""

    def __init__(self, patient: p.Patient, catalogue: Catalogue, as_of: date) -> None:
        self.patient = patient
        self.catalogue = catalogue
        self.as_of = as_of
        self.facts = Facts()
        self._place = Places()
        self._names = Names(catalogue)
        self._values = Values(catalogue)
        self._drugs: dict[Any, tuple[tuple[str, ...], frozenset[str], bool]] = {}

    def read(self) -> Facts:
        patient, facts = self.patient, self.facts
        facts.observed.extend(self._observations(patient.observations))
        facts.conditions.extend(self._conditions(patient.conditions))
        facts.procedures.extend(self._procedures(patient.procedures))
        facts.allergies.extend(self._allergies(patient.allergies))
        for index, record in enumerate(patient.genomics):
            facts.markers.extend(self._genomic(self._place("genomics", index, record), record))
        for index, treatment in enumerate(patient.treatments):
            facts.given.extend(self._treatment(self._place("treatments", index, treatment), treatment))
        for index, medication in enumerate(patient.medications):
            facts.given.extend(self._medication(self._place("medications", index, medication), medication))
        for index, attestation in enumerate(patient.attestations):
            self._future(f"attestations[{index}]", period(attestation.date))
        for index, response in enumerate(patient.responses):
            facts.responses.extend(self._response(self._place("responses", index, response), response))
        return facts

    # --- what is set aside

    def _future(self, record: str, day: Period | None) -> bool:
        """Whether the record lies after the as-of date; then it is listed as ignored."""
        if day is not None and day.first > self.as_of:
            self.facts.ignored.append(Ignored(record, f"dated after {self.as_of.isoformat()}"))
            return True
        return False

    def _unknown(self, record: str, what: str) -> None:
        self.facts.not_understood.append(Ignored(record, f"{what} not understood"))

    def _concept(
        self, record: str, kinds: Sequence[Kind], name: str | None, codes: Sequence[p.Code]
    ) -> tuple[Concept | None, str]:
        """The concept that name and codes agree on, and the status that a code implies."""
        concept, implied, problem = self._names.agreed(kinds, name, codes)
        if concept is None:
            self._unknown(record, problem)
        return concept, implied

    # --- sections

    def _observations(self, records: Sequence[p.Observation]) -> Iterator[Observed]:
        for index, record in enumerate(records):
            place = self._place("observations", index, record)
            if self._is_answer(place, record):
                continue
            concept, _ = self._concept(place, _MEASURES, record.name, record.codes)
            when = period(record.date)
            if concept is None or self._future(place, when):
                continue
            limits = record.reference_range
            fact = self._values.observed(
                concept, place, record.value, record.unit, when,
                limits.low if limits else None, limits.high if limits else None,
            )  # fmt: skip
            if when is None:
                fact.problem = fact.problem or "it has no date"
            elif when.last > self.as_of:
                fact.problem = fact.problem or "its date may lie after the as-of date"
            if fact.problem.endswith("not understood"):
                self._unknown(place, "value")
            elif "unit does not" in fact.problem:
                self._unknown(place, "unit")
            yield fact

    def _is_answer(self, place: str, record: p.Observation) -> bool:
        """Whether an observation says of a condition that it is there or not: `HIV: negative`."""
        word = WORDS.get(folded(record.value), "") if isinstance(record.value, str) else ""
        if word not in ("positive", "negative"):
            return False
        concept = self._names.named(record.name) if record.name else None
        if concept is None or concept.kind != "condition":
            return False
        when = period(record.date)
        if not self._future(place, when):
            status = "active" if word == "positive" else "absent"
            self.facts.conditions.append(
                Stated(concept.id, place, f"{record.name}", status, when, dated=when))  # fmt: skip
        return True

    def _conditions(self, records: Sequence[p.Condition]) -> Iterator[Stated]:
        for index, record in enumerate(records):
            place = self._place("conditions", index, record)
            onset, ended, dated = period(record.onset), period(record.resolved), period(record.date)
            if self._future(place, dated) or self._future(place, onset or ended):
                continue
            status = record.status
            if ended is not None and ended.first > self.as_of:  # it had not resolved yet
                self._future(place, ended)
                ended, status = None, "active" if status == "resolved" else status
            concept, implied = self._concept(place, ("condition", "procedure"), record.name, record.codes)
            none = "absent" if record.grade == 0 else ""  # grade 0 is none of it
            stated = Stated(
                concept.id if concept else "", place, _name(record),
                status or implied or none or ("resolved" if ended is not None else "active"),
                dated or ended or onset, onset, ended, dated, record.grade,
                folded(record.severity or ""), record.controlled, record.stage or "",
            )  # fmt: skip
            if concept is not None and concept.kind == "procedure":
                self.facts.procedures.append(_as_procedure(stated))
            else:
                yield stated

    def _procedures(self, records: Sequence[p.Procedure]) -> Iterator[Stated]:
        for index, record in enumerate(records):
            place = self._place("procedures", index, record)
            dated = period(record.date)
            if self._future(place, dated):
                continue
            concept, _ = self._concept(place, ("procedure",), record.name, record.codes)
            yield Stated(concept.id if concept else "", place, _name(record),
                         record.status or "active", dated, dated, dated=dated)  # fmt: skip

    def _allergies(self, records: Sequence[p.Allergy]) -> Iterator[Stated]:
        for index, record in enumerate(records):
            place = self._place("allergies", index, record)
            dated = period(record.date)
            if self._future(place, dated) or folded(record.substance) in _NO_ALLERGIES:
                continue
            concept, _ = self._concept(place, _THERAPIES, record.substance, record.codes)
            yield Stated(concept.id if concept else "", place, record.substance,
                         record.status or "active", dated, dated=dated,
                         severity=folded(record.severity or ""), type=record.type or "")  # fmt: skip

    def _genomic(self, place: str, record: p.Genomic) -> Iterator[Marked]:
        when = period(record.date)
        if self._future(place, when):
            return
        found = markers_of(self.catalogue, record.finding)
        if not found:
            self._unknown(place, "finding")
        method = method_of(self.catalogue, record.method)
        if record.method and not method:
            self._unknown(place, "method")
        for one in found:
            yield Marked(one.marker, place, record.finding, one.result(record.result or ""), when,
                         record.copies if record.copies is not None else one.copies,
                         share_of(record.percent_cells) or one.cells, method)  # fmt: skip

    def _treatment(self, place: str, record: p.Treatment) -> Iterator[Given]:
        start, end = period(record.start), period(record.end)
        if self._future(place, start):
            return
        # A regimen's name says which drugs; where the drugs are listed, the list does.
        known = [record.regimen] if record.regimen and not record.drugs else list(record.drugs)
        drugs, concepts, unclear = self._therapies(place, known, record.codes)
        regimen = self._names.named(record.regimen) if record.regimen else None
        if regimen is not None and regimen.kind == "regimen":
            concepts = concepts | {regimen.id}
        if record.line is not None or record.intent not in (None, "other"):
            # What has a line or an intent is given against the disease, a steroid alone too.
            concepts = concepts.union(self.catalogue.with_ancestors("antimyeloma"))
        response = self._names.named(record.best_response) if record.best_response else None
        dose = _dose(record.dose)
        yield Given(
            place, record.regimen or ", ".join(record.drugs) or "treatment", "treatments", drugs,
            concepts, unclear or not drugs, start, end, record.ongoing, record.line,
            record.intent or "", record.cycles,
            response.id if response is not None and response.kind == "response" else "",
            record.refractory, record.stop_reason or "", dose,
        )  # fmt: skip

    def _medication(self, place: str, record: p.Medication) -> Iterator[Given]:
        start, end = period(record.start), period(record.end)
        if self._future(place, start):
            return
        names = [record.name] if record.name else []
        drugs, concepts, unclear = self._therapies(place, names, record.codes)
        dose = _dose(record.dose)
        yield Given(place, _name(record), "medications", drugs, concepts,
                    unclear or not drugs, start, end, record.ongoing, dose=dose)  # fmt: skip

    def _therapies(
        self, place: str, named: Sequence[str], codes: Sequence[p.Code]
    ) -> tuple[tuple[str, ...], frozenset[str], bool]:
        """The drugs, with their classes and the regimen, and whether something is not understood."""
        key = tuple(named), tuple([(code.system, code.code) for code in codes])
        known = self._drugs.get(key)
        if known is None:
            known = self._drugs[key] = self._held(*key)
        if known[2]:
            self._unknown(place, "a drug's name")
        return known

    def _held(
        self, named: Sequence[str], codes: Sequence[tuple[str, str]]
    ) -> tuple[tuple[str, ...], frozenset[str], bool]:
        drugs: dict[str, None] = {}
        concepts: set[str] = set()
        unclear = False
        found = [self._names.named(name) for name in named]
        found += [coded[0] if coded else None
                  for coded in (self.catalogue.coded(*code) for code in codes)
                  if coded is not None or not named]  # fmt: skip
        for concept in found:
            if concept is not None and concept.kind == "measurement":
                drugs[concept.id] = None  # calcium, iron, vitamin D: what is measured is also taken
                continue
            if concept is None or concept.kind not in _THERAPIES:
                unclear = True
                continue
            if concept.kind == "regimen":
                concepts.add(concept.id)
            for drug in concept.listed("drugs") if concept.kind == "regimen" else (concept.id,):
                drugs[drug] = None
                concepts.update(self.catalogue.with_ancestors(drug))
        return tuple(drugs), frozenset(concepts), unclear

    def _response(self, place: str, record: p.Response) -> Iterator[Responded]:
        when = period(record.date)
        if self._future(place, when):
            return
        concept = self._names.named(record.response)
        known = concept is not None and concept.kind == "response"
        if not known:
            self._unknown(place, "response")
        yield Responded(concept.id if concept and known else "", place, record.response, when)


def _dose(dose: p.Dose | None) -> tuple[Decimal, str, str] | None:
    return None if dose is None else (dose.value, dose.unit, dose.per or "")


def _as_procedure(stated: Stated) -> Stated:
    """A procedure on the list of conditions ("history of …"): it was done by the day of the record."""
    by = stated.dated if stated.status == "absent" or stated.dated is None else Period(
        date.min, stated.dated.last)  # fmt: skip
    return replace(stated, when=stated.onset or by)


def _name(record: p.Coded) -> str:
    return record.name or f"{record.codes[0].system} {record.codes[0].code}"
