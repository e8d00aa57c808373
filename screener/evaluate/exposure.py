"""Which treatments and medications a statement means, and how they are shown."""

from datetime import date

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Given
from screener.model import rule as r
from screener.model.kleene import TRUE, UNKNOWN, Truth, conjunction, of
from screener.model.verdict import Evidence
from screener.vocabulary.catalogue import Catalogue


class Selection:
    """The treatments that an exposure means."""

    def __init__(self, exposure: r.Exposure, catalogue: Catalogue) -> None:
        self.exposure = exposure
        self.catalogue = catalogue
        self.name = exposure.names[0]
        self.label = catalogue[self.name].name
        concept = catalogue[self.name]
        self.regimen = set(concept.listed("drugs")) if concept.kind == "regimen" else set()
        self.sections = _sections(catalogue, self.name)
        self._known: dict[str, bool] = {}
        self._key = f"given {self.name} {exposure.exceptions}"

    def given(self, chart: Chart) -> list[Given]:
        """The records that hold such a drug, excepted ones left out."""
        found: list[Given] = chart.remembered(self._key, lambda: self._given(chart))
        return found

    def _given(self, chart: Chart) -> list[Given]:
        records = chart.given.get(self.name, [])
        if self.regimen:  # named, or given by exactly its drugs
            return records + [record for record in chart.facts.given
                              if self.regimen == set(record.drugs) and record not in records]  # fmt: skip
        if not self.exposure.exceptions:
            return records
        return [record for record in records if self.drugs(record)]

    def drugs(self, record: Given) -> tuple[str, ...]:
        """Which drugs of the record are meant."""
        if self.regimen:
            return record.drugs
        is_a = self.catalogue.is_a
        return tuple(drug for drug in record.drugs if is_a(drug, self.name)
                     and not any(is_a(drug, excepted) or is_a(excepted, drug)
                                 for excepted in self.exposure.exceptions))  # fmt: skip

    def fits(self, record: Given) -> Truth:
        """Whether its intent and its line are the ones meant."""
        truth = UNKNOWN if self._for_another_illness(record) else TRUE
        if self.exposure.intents:
            truth = of(record.intent in self.exposure.intents) if record.intent else UNKNOWN
        if self.exposure.line is not None:
            same = UNKNOWN if record.line is None else of(record.line == self.exposure.line)
            truth = conjunction((truth, same))
        return truth

    def _for_another_illness(self, record: Given) -> bool:
        """Whether a drug against cancer may have been given for another illness: methotrexate among
        the concomitant drugs, say."""
        is_a = self.catalogue.is_a
        return (record.section == "medications" and self.catalogue[self.name].kind == "class"
                and is_a(self.name, "antineoplastic")
                and all(is_a(drug, "immunosuppressant") for drug in self.drugs(record)))  # fmt: skip

    def may_be(self, chart: Chart) -> list[Given]:
        """Records that nobody can tell from such a treatment: not understood, or more general."""
        found: list[Given] = chart.remembered(f"may be {self._key}", lambda: self._may_be(chart))
        return found

    def _may_be(self, chart: Chart) -> list[Given]:
        given = self.given(chart)
        unclear = [record for section in self.sections for record in chart.sections[section].unclear
                   if isinstance(record, Given)]  # fmt: skip
        general = [record for general in self.catalogue.ancestors(self.name)
                   for record in chart.given.get(general, ()) if general in record.drugs]  # fmt: skip
        overlapping = [record for record in chart.facts.given
                       if any(self._overlaps(drug) for drug in record.drugs)]  # fmt: skip
        found = [*unclear, *general, *overlapping, *self._excepted(chart), *self._drug_by_drug(chart)]
        return [record for index, record in enumerate(found)
                if record not in given and record not in found[:index]]  # fmt: skip

    def _overlaps(self, drug: str) -> bool:
        """Whether a class that stands for a drug shares members with the one that is meant."""
        if drug not in self._known:
            is_a, catalogue = self.catalogue.is_a, self.catalogue
            members = catalogue.of_kind("drug") if catalogue[drug].kind == "class" else ()
            self._known[drug] = any(is_a(other, drug) and is_a(other, self.name) for other in members)
        return self._known[drug]

    def _excepted(self, chart: Chart) -> list[Given]:
        """Records of something more general than an exception, which may be the excepted."""
        is_a, exceptions = self.catalogue.is_a, self.exposure.exceptions
        return [record for record in chart.given.get(self.name, ()) for excepted in exceptions
                if any(drug != excepted and is_a(excepted, drug) for drug in record.drugs)]  # fmt: skip

    def _drug_by_drug(self, chart: Chart) -> list[Given]:
        """Records that together hold all drugs of a regimen."""
        each = [chart.given.get(drug, []) for drug in self.regimen]
        return [record for records in each for record in records] if all(each) else []

    def covered(self, chart: Chart, day: date) -> Truth:
        """Whether every section that could hold it is complete up to the day."""
        return conjunction(
            TRUE if chart.sections[section].covers(day) is TRUE else UNKNOWN for section in self.sections
        )

    def gaps(self, chart: Chart, day: date) -> list[str]:
        """Why it is not known that there is no other record."""
        return [f"{section} are {f'complete only up to {until}' if until else 'not declared complete'}"
                for section in self.sections if chart.sections[section].covers(day) is not TRUE
                for until in [chart.sections[section].complete]]  # fmt: skip


def _sections(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The sections that can settle that something was not given."""
    concept = catalogue[name]
    if concept.kind == "regimen":
        return ("treatments",)
    stated = [catalogue[line].entry.get("section") for line in catalogue.with_ancestors(name)]
    found = [section for section in stated if section]
    if "treatments" in found and "both" not in found:
        return ("treatments",)
    if found and set(found) == {"medications"}:
        return ("medications",)
    return ("treatments", "medications")


def when(chart: Chart, record: Given) -> str:
    """The dates of a treatment in words."""
    start = f"from {record.start}" if record.start is not None else ""
    if record.end is not None:
        end = f"to {record.end}"
        days = chart.age_days(record.end) if record.end.last <= chart.as_of else None
        end += f" ({wording.ago(days)})" if days is not None else ""
    else:
        end = "and ongoing" if record.ongoing else "without an end date"
    return f"{start} {end}".strip()


def fact(chart: Chart, record: Given) -> Evidence:
    """A treatment as evidence."""
    dates = f"{record.start or '?'} to {record.end or ('ongoing' if record.ongoing else '?')}"
    last = record.end or record.start
    return Evidence(", ".join(record.drugs), record.record, f"{record.recorded} ({dates})", None, None,
                    str(last) if last else None, chart.age_days(last))  # fmt: skip
