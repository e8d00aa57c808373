"""Statements about allergies and intolerances, to drugs and to classes of drugs."""

from collections.abc import Sequence
from dataclasses import dataclass

from screener.evaluate import wording
from screener.evaluate.chart import Chart
from screener.evaluate.facts import Stated
from screener.evaluate.outcome import Grounds, Leaf, Outcome
from screener.evaluate.patterns import ANY, SEVERITY, Match, Truths, reached
from screener.evaluate.standing import (
    Index,
    article,
    begun,
    earlier,
    generals,
    holds_still,
    rest,
    standing,
    why_open,
)
from screener.model import rule as r
from screener.model.kleene import FALSE, TRUE, UNKNOWN, Truth, disjunction
from screener.model.verdict import Evidence
from screener.vocabulary.catalogue import Catalogue


@dataclass(slots=True)
class _Told:
    """What the chart says of allergies, or of intolerances, to one substance."""

    matches: list[Match]
    absent: list[Stated]
    rest: Truth
    why: str

    @property
    def truth(self) -> Truth:
        return disjunction((*(found.truth for found in self.matches), self.rest))

    @property
    def reach(self) -> Truths:
        return reached(disjunction, [*(found.reach for found in self.matches), {self.rest}])


class AllergyCheck(Leaf):
    """`allergy or intolerance to lenalidomide`."""

    def __init__(self, node: r.Allergy, form: str, catalogue: Catalogue) -> None:
        self.node = node
        self.form = form
        self.concept = catalogue[node.substances[0]]
        self._lines = catalogue.with_ancestors(self.concept.id)
        self.label = f"{' or '.join(node.types)} to {self.concept.name}"

    def __call__(self, chart: Chart) -> Outcome:
        told = [self._told(chart, kind) for kind in self.node.types]
        truth = disjunction(part.truth for part in told)
        reach = reached(disjunction, [part.reach for part in told])
        manual = truth is UNKNOWN and len(reach) > 1
        return Outcome(truth, self, (told, reach), manual=manual)

    @staticmethod
    def reach(outcome: Outcome) -> Truths:
        """The truths that a person's answers may give."""
        reach: Truths = outcome.facts[1]
        return reach

    def _told(self, chart: Chart, kind: str) -> _Told:
        name = self.concept.id
        stopped = kind == "intolerance" and any(
            given.stop_reason == "toxicity" for given in chart.given.get(name, ()))  # fmt: skip
        if name not in chart.allergies and chart.allergic.isdisjoint(self._lines):
            return _Told([], [], *((UNKNOWN, "toxicity") if stopped else rest(chart, "allergies")))
        index: Index = {about: [record for record in records if record.type in ("", kind)]
                        for about, records in chart.allergies.items()}  # fmt: skip
        latest = standing(chart, index, name)
        absent = [record for record in latest if record.status == "absent"]
        present = [record for record in latest if record.status != "absent"]
        matches = [self._match(chart, record, kind, latest) for record in present]
        own = {record.status for record in present if record.concept == name}
        denied = [record for record in absent if chart.catalogue.is_a(name, record.concept)]
        rest_, why = rest(chart, "allergies")
        if any(holds_still(chart, record) for record in denied):
            rest_, why = FALSE, "absent"
        elif own in ({"active"}, {"resolved"}):
            rest_, why = FALSE, "recorded"
        if rest_ is UNKNOWN or why == "complete":
            matches += [Match(record, UNKNOWN, f"it may be to {self.concept.name}",
                              f"is it to {self.concept.name}?")
                        for record in generals(chart, index, name, past=False)
                        if record.status != "resolved"]  # fmt: skip
        return _Told(matches, denied, rest_, why)

    def _match(self, chart: Chart, record: Stated, kind: str, latest: Sequence[Stated]) -> Match:
        if record.status == "resolved":
            return Match(record, FALSE, "it is resolved")
        level = SEVERITY.get(record.severity)
        if self.node.severe and level is not None and level < 3:
            return Match(record, FALSE, f"it is {record.severity}")
        against = [other for other in latest if other.status in ("absent", "resolved")
                   and chart.catalogue.is_a(record.concept, other.concept)
                   and not earlier(other.when, record.when)]  # fmt: skip
        if record.status == "suspected":
            return Match(record, UNKNOWN, "it is only suspected", "is it confirmed?")
        if against:
            return Match(record, UNKNOWN, f"but {_allergy(chart, against[0])}", "which is right?")
        if begun(chart, record) is not TRUE:
            return Match(record, UNKNOWN, "its date may lie after the as-of date", "when was it?")
        if not record.type and kind == "intolerance":
            return Match(record, UNKNOWN, "whether it is an intolerance is not recorded",
                         "is it an allergy or an intolerance?", "type")  # fmt: skip
        if self.node.severe and level is None:
            return Match(record, UNKNOWN, "its severity is not recorded", "is it severe?",
                         "severity", ANY)  # fmt: skip
        return Match(record, TRUE)

    # --- grounds

    def grounds(self, outcome: Outcome, chart: Chart) -> Grounds:
        told: list[_Told]
        told, _ = outcome.facts
        matches = [found for part in told for found in part.matches]
        denied = [record for part in told for record in part.absent]
        shown = {record.record: record for record in (*(m.record for m in matches), *denied)}
        grounds = Grounds("", [_allergy_fact(chart, record) for record in shown.values()])
        telling = [found for found in matches if found.truth is outcome.truth]
        said = list(dict.fromkeys(_allergy_said(chart, found) for found in telling))
        if outcome.truth is UNKNOWN:
            self._word_unknown(grounds, chart, told, telling)
        elif outcome.truth is FALSE:
            said += [_allergy(chart, record) for record in denied[:1]]
            if any(part.why == "complete" for part in told):
                until = chart.sections["allergies"].complete
                said.append(f"no record of {self.label}; allergies are complete up to {until}")
            grounds.reason = "; ".join(said)
        else:
            grounds.reason = "; ".join(said)
        return grounds

    def _word_unknown(
        self, grounds: Grounds, chart: Chart, told: Sequence[_Told], open_: Sequence[Match]
    ) -> None:
        parts = [_allergy_said(chart, found) for found in open_]
        kind = "intolerance" if self.node.types == ("intolerance",) else "allergy"
        for found in open_:
            lacks = f" ({found.lacks})" if found.lacks else ""
            grounds.missing.append(f"{kind}: {found.record.recorded}{lacks}")
            asked = wording.first_upper(found.record.recorded)
            grounds.questions.append(f"{asked}: {found.question}")
        why = next((part.why for part in told if part.rest is UNKNOWN), "")
        if why:
            parts.append(why_open(chart, "allergies", why, self.label))
            grounds.missing.append(f"{kind}: {self.concept.name}")
            severe = "severe " if self.node.severe else ""
            grounds.questions.append(f"Is there {article(f'{severe}{self.label}')}?")
        grounds.reason = "; ".join(dict.fromkeys(parts))
        grounds.missing = list(dict.fromkeys(grounds.missing))
        grounds.questions = list(dict.fromkeys(grounds.questions))


def _allergy_said(chart: Chart, found: Match) -> str:
    said = _allergy(chart, found.record)
    if not found.why:
        return said
    return f"{said}{', ' if found.why.startswith('but ') else ': '}{found.why}"


def _allergy(chart: Chart, record: Stated) -> str:
    kind = record.type or "allergy"
    day = f" {wording.on_day(chart, record.when)}" if record.when is not None else ""
    severity = f"{record.severity} " if record.severity else ""
    state = "recorded" if record.status == "active" else f"recorded {record.status}"
    return f"{severity}{kind} to {record.recorded} is {state}{day} ({record.record})"


def _allergy_fact(chart: Chart, record: Stated) -> Evidence:
    return Evidence(f"allergy:{record.concept}", record.record, record.status, None, None,
                    str(record.when) if record.when else None, chart.age_days(record.when),
                    record.type or None)  # fmt: skip
