"""Statements about cytogenetic and molecular findings."""

from collections.abc import Sequence
from decimal import Decimal

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Marked
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.standing import earlier
from screener.model import rule as r
from screener.model.interval import holds, rounded, text
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth
from screener.model.verdict import Evidence
from screener.vocabulary.catalogue import Catalogue


class MarkerCheck(Leaf):
    """`17p-`, `del(17p) in > 20 % of cells`. A marker once detected stays present."""

    def __init__(self, node: r.Marker, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.concept = catalogue[node.concepts[0]]
        name = self.concept.id
        self.finds = tuple(other for other in catalogue.of_kind("marker") if catalogue.is_a(other, name))
        self.may_be = tuple(self.concept.listed("may_be"))
        # What is more general, or comes before it, and was looked for and not found, rules it out.
        self.ruled_out_by = tuple(dict.fromkeys(
            (*catalogue.with_ancestors(name), *self.concept.listed("absent_with"))
        ))  # fmt: skip
        self.copies = self.concept.entry.get("copies", {})

    def __call__(self, chart: Chart) -> Outcome:
        if not chart.markers:
            return Outcome(UNKNOWN, self, ([], "not recorded"))
        detected, later = _said(chart, self.finds, "detected")
        near, near_later = _said(chart, self.may_be, "detected")
        sure = [record for record in detected if self._by_copies(record) is not UNKNOWN]
        sure += [record for record in near if self.copies and self._by_copies(record) is TRUE]
        if sure:
            truth = self._any({self._in_cells(record) for record in sure})
            doubtful = self._doubtful(chart, sure) if truth is FALSE else []
            if doubtful:
                return Outcome(UNKNOWN, self, (doubtful, "indeterminate"))
            return Outcome(truth, self, (sure, "detected"))
        if detected or near:
            return Outcome(UNKNOWN, self, ([*detected, *near], "near"))
        if later or near_later:
            return Outcome(UNKNOWN, self, ([*later, *near_later], "later"))
        return self._not_detected(chart)

    def _not_detected(self, chart: Chart) -> Outcome:
        looked, later = _said(chart, self.ruled_out_by, "not detected")
        adequate = [record for record in looked if self._sees(record)]
        doubtful = self._doubtful(chart, adequate)
        if doubtful:
            return Outcome(UNKNOWN, self, (doubtful, "indeterminate"))
        if adequate:
            return Outcome(FALSE, self, (adequate, "not detected"))
        if looked:
            return Outcome(UNKNOWN, self, (looked, "method"))
        if later:
            return Outcome(UNKNOWN, self, (later, "later"))
        unclear = list(chart.markers.get(self.concept.id, ()))
        return Outcome(UNKNOWN, self, (unclear, "indeterminate" if unclear else "not recorded"))

    def _doubtful(self, chart: Chart, settling: Sequence[Marked]) -> list[Marked]:
        """Results that say neither and may be newer than all that would settle it: an older one does not
        speak for them. Of results without any date none is the newer one."""
        about = dict.fromkeys((*self.finds, *self.may_be, *(record.concept for record in settling)))
        return [record for concept in about for record in chart.markers.get(concept, ())
                if settling and record.result not in ("detected", "not detected")
                and all(_may_be_newer(record, than) for than in settling)]  # fmt: skip

    def _sees(self, record: Marked) -> bool:
        return record.method in self.concept.listed("seen_by")

    def _by_copies(self, record: Marked) -> Truth:
        """What a recorded number of copies says. Another number than the concept's own does not
        deny it: whether the criterion means it is a question (SEMANTICS 2)."""
        if record.copies is None or not self.copies:
            return TRUE if record.concept in self.finds else UNKNOWN
        if "exactly" in self.copies:
            return TRUE if record.copies == int(self.copies["exactly"]) else UNKNOWN
        return TRUE if record.copies >= int(self.copies["at_least"]) else UNKNOWN

    def _in_cells(self, record: Marked) -> Truth:
        if self.node.cells is None:
            return TRUE
        if record.cells is None:
            return UNKNOWN
        return holds(record.cells, self.node.cells.comparator, self.node.cells.value)

    @staticmethod
    def _any(truths: set[Truth]) -> Truth:
        return TRUE if TRUE in truths else UNKNOWN if UNKNOWN in truths else FALSE

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        records: list[Marked]
        records, why = outcome.facts
        name = self.concept.name
        shown = [self._fact(chart, record) for record in records]
        grounds = Grounds(self._reason(chart, records, why), shown)
        if outcome.truth is UNKNOWN:
            grounds.missing = [f"marker: {name}"]
            asked = self.concept.entry.get("question")
            methods = [chart.catalogue.tables["methods"][method]["name"]
                       for method in self.concept.listed("seen_by")[:2]]  # fmt: skip
            by = f" (by {' or '.join(methods)})" if methods else ""
            grounds.questions = [asked if asked and why == "near" else f"Is {name} present{by}?"]
        if self.node.cells is not None:
            grounds.threshold = f"{self.node.cells.comparator} {text(self.node.cells.value)} % of cells"
        return grounds

    def _reason(self, chart: Chart, records: list[Marked], why: str) -> str:
        name = self.concept.name
        if not records:
            return f"{name} is not recorded"
        said = "; ".join(dict.fromkeys(sentence(chart, record) for record in records))
        match why:
            case "near":
                return f"{said}, which may or may not be {name}"
            case "method":
                return f"{said}, but that method cannot rule out {name}"
            case "later":
                return f"{said}, which may lie after {chart.as_of}"
            case "indeterminate":
                return f"{said}, which settles nothing"
            case _:
                return said

    @staticmethod
    def _fact(chart: Chart, record: Marked) -> Evidence:
        return Evidence(record.concept, record.record, f"{record.recorded}: {record.result or 'no result'}",
                        record.result or None, None, str(record.when) if record.when else None,
                        chart.age_days(record.when), record.method or None)  # fmt: skip


def _may_be_newer(record: Marked, than: Marked) -> bool:
    if record.when is None and than.when is None:
        return False
    return not earlier(record.when, than.when)


def _said(chart: Chart, concepts: Sequence[str], result: str) -> tuple[list[Marked], list[Marked]]:
    """The records that say so, and those that do but may be later than the as-of date."""
    records = [record for concept in concepts for record in chart.markers.get(concept, ())
               if record.result == result]  # fmt: skip
    later = [record for record in records
             if record.when is not None and record.when.last > chart.as_of]  # fmt: skip
    return [record for record in records if record not in later], later


def sentence(chart: Chart, record: Marked) -> str:
    """A finding in words, with its copies and its share of cells."""
    extra = []
    if record.copies is not None:
        extra.append(f"{record.copies} copies")
    if record.cells is not None:
        exact = record.cells.exact
        share = rounded(exact) if isinstance(exact, Decimal) else wording.number(record.cells)
        extra.append(f"{share} % of cells")
    method = chart.catalogue.tables["methods"][record.method]["name"] if record.method else ""
    by = f" by {method}" if method else ""
    detail = f" ({', '.join(extra)})" if extra else ""
    return (f"{record.recorded}{detail} {record.result or 'without a result'}{by} "
            f"{wording.on_day(chart, record.when)}")  # fmt: skip
