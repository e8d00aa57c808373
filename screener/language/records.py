"""Parse tree → rule, the forms about what is recorded: conditions, markers, therapy, procedures."""

from dataclasses import replace
from typing import Any, cast

from screener.language.bind import Binder, number
from screener.language.parts import Children, Listing, built, comparator, has, made, tokens_of, words
from screener.model import rule as r


class Records:
    """One method per form of the grammar."""

    binder: Binder

    # --- conditions

    def condition(self, children: Children) -> r.Rule:
        patterns = made(children, Listing)
        exceptions = [child for child in children if isinstance(child, list)]
        return r.Condition(
            patterns.members,
            "all" if patterns.quantifier == "all" else "any",
            has(children, "HISTORY_OF"),
            has(children, "OTHER"),
            tuple(exceptions[0]) if exceptions else (),
        )

    def pattern(self, children: Children) -> r.Pattern:
        pattern = r.Pattern(tokens_of(children, "CONDITION")[0].value)
        qualifiers = []
        for child in built(children):
            match child:
                case ("qualifier", word):
                    qualifiers.append(word)
                case ("stage", stage):
                    pattern = replace(pattern, stage=stage)
                case ("resolved", window):
                    pattern = replace(pattern, resolved=window)
                case ("that", text):
                    pattern = replace(pattern, that=text)
                case r.Limit():
                    pattern = replace(pattern, grade=child)
                case r.Window():
                    pattern = replace(pattern, window=child)
        self.binder.pattern_window(pattern, tokens_of(children, "CONDITION")[0])
        return replace(pattern, qualifiers=tuple(dict.fromkeys(qualifiers)))

    def qualifier(self, children: Children) -> tuple[str, str]:
        return ("qualifier", words(children[0]))

    def grade(self, children: Children) -> r.Limit:
        return r.Limit(comparator(children[1]), self.binder.grade(children[2]))

    def stage(self, children: Children) -> tuple[str, str]:
        return ("stage", str(children[1].value))

    def resolved(self, children: Children) -> tuple[str, r.Window]:
        return ("resolved", children[1])

    def that(self, children: Children) -> tuple[str, str]:
        return ("that", children[1].text)

    def exceptions(self, children: Children) -> list[r.Pattern]:
        return list(built(children))

    # --- markers

    def marker(self, children: Children) -> r.Rule:
        markers = made(children, Listing)
        concepts = tuple(token.value for token in markers.members)
        quantifier: r.Quantifier = "all" if markers.quantifier == "all" else "any"
        return r.Marker(concepts, quantifier, made(children, r.Limit))

    def cells(self, children: Children) -> r.Limit:
        sign, value, unit = children[1:4]
        self.binder.percent(unit)
        return r.Limit(comparator(sign), number(value), "%")

    # --- therapy

    def therapy(self, children: Children) -> r.Rule:
        exposure, quantifier = _exposed(children)
        return r.Therapy(exposure, quantifier, has(children, "ONGOING"), made(children, r.Window))

    def exposure(self, children: Children) -> tuple[r.Exposure, r.Quantifier]:
        therapies = made(children, Listing)
        exposure = r.Exposure(tuple(token.value for token in therapies.members))
        for child in built(children):
            match child:
                case ("intents", intents):
                    exposure = replace(exposure, intents=intents)
                case ("line", line):
                    exposure = replace(exposure, line=line)
                case ("except", names):
                    exposure = replace(exposure, exceptions=names)
        return exposure, "all" if therapies.quantifier == "all" else "any"

    def as_intent(self, children: Children) -> tuple[str, tuple[str, ...]]:
        return ("intents", tuple(words(token) for token in tokens_of(children, "INTENT")))

    def in_line(self, children: Children) -> tuple[str, int]:
        return ("line", self.binder.whole(children[-1]))

    def other_than(self, children: Children) -> tuple[str, r.Names]:
        return ("except", tuple(token.value for token in tokens_of(children, "THERAPY")))

    def duration(self, children: Children) -> r.Rule:
        exposure, _ = _exposed(children)
        self.binder.one_drug(exposure, tokens_of(children, "LASTING")[0])
        return r.Duration(exposure, comparator(tokens_of(children, "COMPARATOR")[0]), children[-1])

    def steroid_dose(self, children: Children) -> r.Rule:
        exposure, _ = _exposed(children)
        dose = tokens_of(children, "CUMULATIVE_DOSE_OF", "DAILY_DOSE_OF")[0]
        self.binder.one_drug(exposure, dose)
        self.binder.no_half_lives(children[-1], dose)
        unit, equivalent = tokens_of(children, "UNIT")[0], tokens_of(children, "THERAPY")[0]
        self.binder.steroid(unit, equivalent)
        sign, value = tokens_of(children, "COMPARATOR")[0], tokens_of(children, "NUMBER")[0]
        limit = r.Limit(comparator(sign), number(value), "mg")
        total = "cumulative" if has(children, "CUMULATIVE_DOSE_OF") else "daily"
        return r.SteroidDose(cast(Any, total), exposure, limit, equivalent.value, children[-1])

    def refractory(self, children: Children) -> r.Rule:
        return _course("refractory", children)

    def relapsed(self, children: Children) -> r.Rule:
        return _course("relapsed", children)

    def response(self, children: Children) -> r.Rule:
        therapies = made(children, Listing)
        names = () if therapies is None else tuple(token.value for token in therapies.members)
        any_of = therapies is not None and therapies.quantifier == "any"
        return r.Response(
            "best" if has(children, "BEST_RESPONSE") else "current",
            comparator(tokens_of(children, "COMPARATOR")[0]),
            tokens_of(children, "RESPONSE")[0].value,
            names,
            "any" if any_of else "all",
        )

    def progression(self, children: Children) -> r.Rule:
        return r.Progression(self.binder.no_half_lives(made(children, r.Window), children[0]))

    # --- procedures, allergies

    def procedure(self, children: Children) -> r.Rule:
        procedures = made(children, Listing)
        exceptions = [child[1] for child in children if isinstance(child, tuple)
                      and child[:1] == ("not",)]  # fmt: skip
        return r.Procedure(
            tuple(token.value for token in procedures.members),
            "all" if procedures.quantifier == "all" else "any",
            self.binder.no_half_lives(made(children, r.Window), procedures.members[0]),
            exceptions[0] if exceptions else (),
        )

    def not_counting(self, children: Children) -> tuple[str, r.Names]:
        return ("not", tuple(token.value for token in tokens_of(children, "PROCEDURE")))

    def allergy(self, children: Children) -> r.Rule:
        therapies = made(children, Listing)
        types = next(child[1] for child in children if isinstance(child, tuple)
                     and child[:1] == ("types",))  # fmt: skip
        return r.Allergy(
            types,
            tuple(token.value for token in therapies.members),
            "all" if therapies.quantifier == "all" else "any",
            has(children, "SEVERE"),
        )

    def allergy_type(self, children: Children) -> tuple[str, tuple[str, ...]]:
        return ("types", tuple(words(children[0]).split(" or ")))


def _exposed(children: Children) -> tuple[r.Exposure, r.Quantifier]:
    for child in children:
        if isinstance(child, tuple) and child and isinstance(child[0], r.Exposure):
            return cast(tuple[r.Exposure, r.Quantifier], child)
    raise AssertionError("the grammar gives each form of therapy an exposure")


def _course(state: Any, children: Children) -> r.Rule:
    therapies = made(children, Listing)
    names = tuple(token.value for token in therapies.members)
    return r.Course(state, names, "all" if therapies.quantifier == "all" else "any")
