"""Measures against bounds: which rule they make, and where the authors cannot have meant it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from screener.drafting.claims.amounts import MISSING, Bound, Bounds, Flawed, Unread, shared
from screener.drafting.claims.forms import Forms, Listing
from screener.model import rule as r
from screener.vocabulary.catalogue import Concept

_RATIO, _HIGH_RATIO = "flc_ratio", 8
Test = r.Limit | r.Range
_THOUSANDTHS = -3  # the exponent of a number with three decimals
_FEWEST = 100_000  # cells in a millilitre that a criterion may ask for
_FILTRATION = {"creatinine_clearance", "egfr"}


class Comparisons(Forms):
    """Binds lists of measures to bounds."""

    def compared(self, listing: Listing, bounds: Bounds) -> r.Rule:
        """Every measure of a list against every bound."""
        if bounds.beside:
            raise Unread("two limits of one side")
        tests = self._tests(listing, bounds)
        told = any(bound.high for bound in bounds.of)
        if told and any(self._is_whole(concept, test) for concept in listing.members for test in tests):
            raise Unread("the ends of the scale")
        if any(test.unit == MISSING for test in tests):
            self._without_unit(listing, tests)
        if bounds.any and cover_everything(tests):
            raise Flawed("the two limits joined by `or` together hold for every value")
        if listing.members == (_RATIO,) and all(map(_of_involved, tests)):
            raise Flawed("a free light chain ratio this high is that of involved to uninvolved: is it meant?",
                         r.Measurement(listing.members, tests[0]))  # fmt: skip
        quantifier = self._quantifier(listing, tests[0])
        parts = tuple(r.Measurement(listing.members, test, quantifier) for test in tests)
        if len(parts) == 1:
            return parts[0]
        return r.Any(parts) if bounds.any else r.All(parts)

    def _tests(self, listing: Listing, bounds: Bounds) -> list[Test]:
        tests = [self.test(listing.members, bound) for bound in shared(bounds.of)]
        exact = [test for test in tests if isinstance(test, r.Limit) and test.comparator == "="]
        if exact:
            return [self._grades(listing, exact, len(tests))]
        if any(_is_slip(test) for test in tests):
            raise Flawed(
                "the count is given per mL or dL, and would be a thousandth of what is usual: per uL?"
            )
        if any(_parts_thousands(test) for test in tests):
            raise Flawed("a full stop and three digits in a count: does it part thousands?")
        if not bounds.any and exclude_each_other(tests):
            raise Flawed("the two limits exclude each other")
        return tests

    def _is_whole(self, concept: str, test: Test) -> bool:
        """`on a 0-10 scale`: every grade there is."""
        known = self.catalogue[concept]
        ends = (known.entry.get("low"), known.entry.get("high"))
        return known.kind == "scale" and isinstance(test, r.Range) and ends == (str(test.low), str(test.high))

    def _without_unit(self, listing: Listing, tests: Sequence[Test]) -> None:
        """A threshold that needs a unit and has none: shown to the reviewer, never guessed."""
        names = " and ".join(self.catalogue[concept].name for concept in listing.members)
        bare = tuple(r.Measurement(listing.members, replace(test, unit="")) for test in tests)
        raise Flawed(f"the threshold of {names} has no unit: which one is meant?",
                     bare[0] if len(bare) == 1 else r.All(bare))  # fmt: skip

    def test(self, concepts: Sequence[str], bound: Bound) -> Test:
        """What all the measures have to pass."""
        tests = {self.amounts.test(concept, bound) for concept in concepts}
        if len(tests) != 1:
            raise Unread("one unit does not measure all of them")
        return tests.pop()

    def _may_be_a_limit(self, known: Concept, limit: r.Limit) -> None:
        """`Karnofsky performance status 70`: on a scale of tens nobody asks for one value."""
        ends = (known.entry.get("low"), known.entry.get("high"))
        if known.entry.get("step") == "10" and str(limit.value) not in ends:
            sign = f"{known.name} {limit.value} without a sign: at least, at most, or exactly?"
            raise Flawed(sign, r.Measurement((known.id,), limit))

    def _grades(self, listing: Listing, exact: Sequence[r.Limit], count: int) -> Test:
        """`0, 1 or 2` of a scale: a range, if no grade between is left out."""
        known = self.catalogue[listing.members[0]]
        if len(exact) != count or len(listing.members) > 1 or not _has_grades(known):
            raise Unread("a bare number is no threshold")
        values = [limit.value for limit in exact]
        step = int(known.entry.get("step", 1))
        if any((value - int(known.entry.get("low", 0))) % step for value in values):
            raise Unread("a number between two grades")
        if len(values) == 1:
            self._may_be_a_limit(known, exact[0])
            return exact[0]
        if any(later - earlier != step for earlier, later in pairwise(values)):
            raise Flawed(f"{known.name} is named with a gap: did the authors mean a range?")
        return r.Range(values[0], values[-1], exact[0].unit)

    def _quantifier(self, listing: Listing, test: Test) -> r.Quantifier:
        concepts = listing.members
        if len(concepts) == 1 and self.catalogue[concepts[0]].kind == "group":
            above = isinstance(test, r.Limit) and test.comparator in (">", ">=")
            return "any" if above else "all"
        return "all" if self.every(listing) else "any"

    def every(self, listing: Listing) -> bool:
        """Whether all measures of a list have to pass, not any of them."""
        scales = any(self.catalogue[concept].kind == "scale" for concept in listing.members)
        if len(listing.members) > 1 and listing.joined == "slash" and scales:
            raise Unread("two scales of which each patient has one, or both?")
        if listing.joined == "slash" and set(listing.members) == _FILTRATION:
            return False  # CrCl/eGFR >= 30 mL/min: one quantity, found either way
        return len(listing.members) < 2 or (listing.joined != "or" and self.required)


def _has_grades(known: Concept) -> bool:
    return known.kind == "scale" or (known.kind == "measurement" and known.entry.get("integer") == "yes")


def exclude_each_other(tests: Sequence[Test]) -> bool:
    """Whether no value passes both limits."""
    low, high = _side(tests, ">"), _side(tests, "<")
    return low is not None and high is not None and _alike(low, high) and low.value >= high.value


def cover_everything(tests: Sequence[Test]) -> bool:
    """Whether every value passes one limit or the other."""
    low, high = _side(tests, ">"), _side(tests, "<")
    return low is not None and high is not None and _alike(low, high) and low.value <= high.value


def _alike(low: r.Limit, high: r.Limit) -> bool:
    return (low.unit, low.beyond) == (high.unit, high.beyond)


def _side(tests: Sequence[Test], sign: str) -> r.Limit | None:
    """The first limit of one side."""
    return next((test for test in tests if isinstance(test, r.Limit) and test.comparator[0] == sign), None)


def _parts_thousands(test: Test) -> bool:
    """`100.000/mm3`: nobody counts cells in a microlitre to the thousandth."""
    values = [test.value] if isinstance(test, r.Limit) else [test.low, test.high]
    counted = test.unit.startswith("/") or "copies" in test.unit
    return counted and any(value.as_tuple().exponent == _THOUSANDTHS for value in values)


def _of_involved(test: Test) -> bool:
    """`FLC ratio >= 100`: no patient with lambda chains has such a ratio of kappa to lambda."""
    return isinstance(test, r.Limit) and test.comparator[0] == ">" and test.value >= _HIGH_RATIO


def _is_slip(test: Test) -> bool:
    """Cells are counted by the microlitre; fewer than 100,000 in a millilitre are none."""
    return isinstance(test, r.Limit) and test.unit in ("/mL", "/dL") and 0 < test.value < _FEWEST
