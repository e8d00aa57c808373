"""Rule → check: compiled once, immutable, run for any chart."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from screener.evaluate import (
    allergies,
    disease,
    duration,
    history,
    markers,
    measurements,
    person,
    procedures,
    progression,
    steroids,
    therapy,
)
from screener.evaluate.logic import Logic
from screener.evaluate.outcome import Check
from screener.language.printer import Printer
from screener.model import rule as r
from screener.model.interval import text
from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.quantities import members


class Compiler:
    """Compiles the rules of trials of one disease. A list that shares a predicate becomes one
    check for each of its members."""

    def __init__(self, catalogue: Catalogue, disease: str = "", max_age: int | None = None) -> None:
        self.catalogue = catalogue
        self.printer = Printer(catalogue)
        self.disease = disease
        self.max_age = max_age
        self._made: dict[r.Rule, Check] = {}

    def compile(self, rule: r.Rule) -> Check:
        """The check of a rule; the same check for the same rule."""
        made = self._made.get(rule)
        if made is None:
            made = self._made[rule] = self._compiled(rule)
        return made

    def _compiled(self, rule: r.Rule) -> Check:
        form = self.printer.print(rule)
        match rule:
            case r.All(of=of):
                return Logic("and", form, [self.compile(part) for part in of])
            case r.Any(of=of):
                return Logic("or", form, [self.compile(part) for part in of])
            case r.Not(rule=inner):
                return Logic("not", form, [self.compile(inner)])
            case r.AtLeast(count=count, of=of):
                return Logic("at least", form, [self.compile(part) for part in of], count)
            case r.If(condition=condition, then=then):
                return Logic("if", form, [self.compile(condition), self.compile(then)])
            case r.Unless(rule=inner, exception=exception):
                return Logic("unless", form, [self.compile(inner), self.compile(exception)])
            case _:
                singles = self._singles(rule)
                if len(singles) == 1:
                    return self._statement(singles[0])
                quantifier = getattr(rule, "quantifier", "any")
                return Logic("and" if quantifier == "all" else "or", form,
                             [self.compile(single) for single in singles])  # fmt: skip

    def _singles(self, rule: r.Statement) -> Sequence[r.Statement]:
        """The statement once for each thing that it lists."""
        match rule:
            case r.Measurement(concepts=concepts) | r.Finding(concepts=concepts):
                names = [name for concept in concepts for name in members(self.catalogue, concept)]
                return [replace(rule, concepts=(name,), quantifier="all") for name in names]
            case r.Condition(patterns=patterns):
                return [replace(rule, patterns=(pattern,), quantifier="any") for pattern in patterns]
            case r.Marker(concepts=concepts) | r.Procedure(concepts=concepts):
                return [replace(rule, concepts=(name,), quantifier="any") for name in concepts]
            case r.Therapy(exposure=exposure):
                return [replace(rule, exposure=replace(exposure, names=(name,)), quantifier="any")
                        for name in exposure.names]  # fmt: skip
            case r.Course(names=names):
                return [replace(rule, names=(name,), quantifier="any") for name in names]
            case r.Response(names=names) if names:
                return [replace(rule, names=(name,), quantifier="all") for name in names]
            case r.Allergy(substances=substances):
                return [replace(rule, substances=(name,), quantifier="any") for name in substances]
            case _:
                return [rule]

    def _statement(self, rule: r.Statement) -> Check:
        form, catalogue = self.printer.print(rule), self.catalogue
        match rule:
            case r.Measurement():
                printed = self._printed(rule)
                return measurements.MeasurementCheck(rule, form, printed, catalogue, self.disease,
                                                     self.max_age)  # fmt: skip
            case r.Finding():
                return measurements.FindingCheck(rule, form, catalogue, self.disease, self.max_age)
            case r.Condition():
                return history.ConditionCheck(rule, form, catalogue, self.disease)
            case r.Marker():
                return markers.MarkerCheck(rule, form, catalogue)
            case r.Therapy():
                return therapy.TherapyCheck(rule, form, catalogue)
            case r.Duration():
                return duration.DurationCheck(rule, form, catalogue)
            case r.SteroidDose():
                return steroids.SteroidDoseCheck(rule, form, catalogue)
            case r.Course():
                return disease.CourseCheck(rule, form, catalogue)
            case r.Response():
                return disease.ResponseCheck(rule, form, catalogue)
            case r.Progression():
                return progression.ProgressionCheck(rule, form)
            case r.Procedure():
                return procedures.ProcedureCheck(rule, form, catalogue)
            case r.Allergy():
                return allergies.AllergyCheck(rule, form, catalogue)
            case r.Age():
                return person.AgeCheck(rule, form)
            case r.Sex():
                return person.SexCheck(rule, form)
            case r.Status():
                return person.StatusCheck(rule, form)
            case r.Manual():
                return person.ManualCheck(rule, form)
            case _:
                assert_never(rule)

    def _printed(self, rule: r.Measurement) -> tuple[str, ...]:
        """Each threshold of a measurement as the language writes it, without its sign."""
        test = rule.test
        if isinstance(test, r.Range):
            unit = self.printer.unit(rule.concepts, test.unit)
            return tuple(f"{text(value)} {unit}".strip() for value in (test.low, test.high))
        limits = test.of if isinstance(test, r.EitherUnit) else (test,)
        return tuple(self.printer.test(rule.concepts, limit).partition(" ")[2] for limit in limits)
