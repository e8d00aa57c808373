"""The forms of protocol.lark that speak of treatments and how they went."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple, cast

from screener.drafting.claims.amounts import Bounds, Unread
from screener.drafting.claims.comparisons import Comparisons
from screener.drafting.claims.forms import Children, Listing, made, only
from screener.drafting.words.lexer import Token
from screener.model import rule as r
from screener.model.calendar import Span

TRANSPLANTS = ("stem_cell_transplant", "solid_organ_transplant")
_EXTENTS = (Span, r.HalfLives, r.Longer, r.Shorter)

_OF_CANCER = frozenset({"antineoplastic", "antimyeloma"})
_ANY_THERAPY = re.compile(
    r"\b(?:anti[- ]?(?:cancer|neoplastic|tumou?r|myeloma|MM)|cancer|myeloma)"
    r" (?:therap(?:y|ies)|treatments?)\b",
    re.IGNORECASE,
)
_SAYS_WHICH = re.compile(r"systemic|radi", re.IGNORECASE)
_LONG_AGO: dict[str, Any] = {"at least": "less than", "more than": "within"}


class Past(NamedTuple):
    """`prior`, `history of`; or the last dose of something."""

    last: bool


class ButNot(NamedTuple):
    """Treatments that are not meant."""

    names: r.Names


class TreatmentForms(Comparisons):
    """One method a form."""

    # --- had

    def had(self, children: Children) -> r.Rule:
        listing, window = only(children, Listing), made(children, r.Window)
        past = made(children, Past)
        if listing.again and window is not None and len(listing.members) > 1:
            raise Unread("the time may be that of the last alone")
        if past is not None and past.last and window is not None and window.relation in _LONG_AGO:
            # the last dose was long ago: there was none since
            listing = listing._replace(joined="or" if listing.joined else "")
            since = replace(window, relation=_LONG_AGO[window.relation])
            return r.Not(self._without(self.exposed(listing, since), children))
        return self._without(self.exposed(listing, window), children)

    def named_alone(self, children: Children) -> r.Rule:
        """`any allogeneic transplant`: had at any time. Of a drug it may also mean that it is taken now."""
        listing = only(children, Listing)
        if self.required or not all(map(self._lasts, listing.members)):
            raise Unread("a treatment of no time")
        return self.exposed(listing, None)

    def _lasts(self, name: str) -> bool:
        """Whether a treatment is asked of a whole life."""
        return any(self.catalogue.is_a(name, kind) for kind in TRANSPLANTS)

    def kept_out(self, children: Children) -> r.Rule:
        """`transfusions are not permitted within 7 days`: what is forbidden excludes."""
        if self.denied:
            raise Unread("a denial of what is forbidden")
        listing = only(children, Listing)
        rule = self.exposed(listing._replace(joined=listing.joined and "or"), made(children, r.Window))
        return r.Not(rule) if self.required else rule

    def taking(self, children: Children) -> r.Rule:
        listing = only(children, Listing)
        if all(self.catalogue.is_a(name, "dialysis") for name in listing.members):
            return r.Condition((r.Pattern("dialysis_dependence"),))
        if any(self.catalogue[name].kind == "procedure" for name in listing.members):
            raise Unread("a procedure is not taken")
        rule = r.Therapy(r.Exposure(listing.members), self.quantifier(listing), ongoing=True)
        return self._without(rule, children)

    def taken_for(self, children: Children) -> r.Rule:
        """`on antiretroviral therapy for at least 4 weeks`: taken now, and so long."""
        listing, sign, length = only(children, Listing), children[3].value, children[4]
        if len(listing.members) > 1 or sign not in (">", ">=") or not isinstance(length, Span):
            raise Unread("several treatments, or no least time: which is meant?")
        exposure = r.Exposure(listing.members)
        return r.All((self.taking(children), r.Duration(exposure, sign, length)))

    def taking_within(self, children: Children) -> r.Rule:
        """`must not be receiving A within 14 days`: had in that time."""
        return self._without(self.exposed(only(children, Listing), made(children, r.Window)), children)

    def but_not(self, children: Children) -> ButNot:
        return ButNot(children[1].members)

    def _without(self, rule: r.Rule, children: Children) -> r.Rule:
        """`anticoagulants except aspirin`."""
        left_out = made(children, ButNot)
        if left_out is None:
            return rule
        if isinstance(rule, r.Any) and len(rule.of) == 2 and isinstance(rule.of[-1], r.All):
            return r.Any((self._without(rule.of[0], children), rule.of[1]))  # and radiotherapy
        drugs = [name for name in left_out.names if self.catalogue[name].kind != "procedure"]
        if isinstance(rule, r.Therapy) and len(drugs) == len(left_out.names):
            return replace(rule, exposure=replace(rule.exposure, exceptions=left_out.names))
        if isinstance(rule, r.Procedure) and not drugs:
            return replace(rule, exceptions=left_out.names)
        raise Unread("drugs and procedures, and exceptions of either")

    def exposed(self, listing: Listing, window: r.Window | None) -> r.Rule:
        """Drugs and procedures of one list, had at some time or in a window."""
        quantifier = self.quantifier(listing)
        drugs = tuple(name for name in listing.members if self.catalogue[name].kind != "procedure")
        done = tuple(name for name in listing.members if name not in drugs)
        if done and window is not None and not isinstance(window.extent, Span):
            raise Unread("a procedure has no half-life")
        if window is not None and len({self._lasts(name) for name in listing.members}) > 1:
            raise Unread("a transplant may be meant at any time")
        parts: list[r.Rule] = []
        if drugs:
            parts.append(r.Therapy(r.Exposure(drugs), quantifier, window=window))
        if done:
            parts.append(r.Procedure(done, quantifier, window))
        if window is not None and quantifier == "any" and not _OF_CANCER.isdisjoint(drugs):
            parts += self._radiation(window)
        if len(parts) == 1:
            return parts[0]
        return r.Any(tuple(parts)) if quantifier == "any" else r.All(tuple(parts))

    def _radiation(self, window: r.Window) -> Iterator[r.Rule]:
        """`anticancer therapy within 4 weeks`: the vocabulary means drugs, the text radiotherapy, too, where
        it was such a therapy: a person says so."""
        named = None if _SAYS_WHICH.search(self.text) else _ANY_THERAPY.search(self.text)
        extent = window.extent
        among = extent.of if isinstance(extent, r.Longer | r.Shorter) else (extent,)
        days = [span for span in among if isinstance(span, Span)]
        if named is not None and days:  # it has no half-life
            done = r.Procedure(("radiotherapy",), "any", replace(window, extent=days[0]))
            yield r.All((done, r.Manual(" ".join(named[0].split()))))

    def washed_out(self, children: Children) -> r.Rule:
        """`at least 4 weeks since X`: no X in less than four weeks; `less than` is the reverse."""
        sign = children[0].value
        length = made(children, *_EXTENTS)
        listing = only(children, Listing)
        relation = {">=": "less than", ">": "within", "<": "less than", "<=": "within"}.get(sign)
        if relation is None:
            raise Unread("an exact time since a treatment")
        listing = listing._replace(joined="or" if listing.joined else "")
        rule = self.exposed(listing, r.Window(cast(Any, relation), length))
        return r.Not(rule) if sign[0] == ">" else rule

    def lines_including(self, children: Children) -> r.Rule:
        measures, treatments = (child for child in children if isinstance(child, Listing))
        lines = self.compared(measures, only(children, Bounds))
        if not isinstance(lines, r.Measurement) or lines.concepts != ("lines_of_therapy",):
            raise Unread("only lines of therapy include drugs")
        return r.All((lines, self.exposed(treatments, None)))

    # --- how they went

    def allergic(self, children: Children) -> r.Rule:
        *severity, kind = [child for child in children if isinstance(child, Token)]
        if any(word.value != "severe" for word in severity):
            raise Unread("an allergy is severe or any")
        types, listing = tuple(kind.value.split(" or ")), only(children, Listing)
        if any(self.catalogue[name].kind == "procedure" for name in listing.members):
            raise Unread("an allergy to a procedure")
        return r.Allergy(cast(Any, types), listing.members, self.quantifier(listing), severe=bool(severity))

    def refractory(self, children: Children) -> r.Rule:
        return self._course("refractory", children[1])

    def relapsed(self, children: Children) -> r.Rule:
        return self._course("relapsed", children[1])

    def refractory_behind(self, children: Children) -> r.Rule:
        return self._course("refractory", Listing((children[0],), ""))

    def steroid_dose(self, children: Children) -> r.Rule:
        total, steroid, sign, number, _, other, window = children
        if not isinstance(window.extent, Span) or sign.value == "=":
            raise Unread("a dose of no stretch of time")
        limit = r.Limit(sign.value, Decimal(number.value), "mg")
        return r.SteroidDose(total.value, r.Exposure((steroid,)), limit, other, window)

    def _course(self, state: Any, listing: Listing) -> r.Rule:
        if any(self.catalogue[name].kind == "procedure" for name in listing.members):
            raise Unread("refractory to a procedure")
        return r.Course(state, listing.members, self.quantifier(listing))

    def best_response(self, children: Children) -> r.Rule:
        """`partial response or better to at least one prior line`: to any treatment so far."""
        reached: r.Response = made(children, r.Response)
        if not self.required or reached.comparator != ">=":
            raise Unread("a response to one line, of which it is not clear to which")
        return replace(reached, which="best")

    def current_response(self, children: Children) -> r.Rule:
        return cast(r.Response, made(children, r.Response))

    def reached(self, children: Children) -> r.Response:
        return self._response(children[0].value, children[1].value)

    def reached_behind(self, children: Children) -> r.Response:
        return self._response(children[1].value, children[0].value)

    def _response(self, sign: str, name: str) -> r.Response:
        if sign == "=" or self.catalogue[name].entry.get("rank") is None:
            raise Unread("a response outside the order of responses")
        return r.Response("current", cast(Any, sign), name)

    def past(self, children: Children) -> Past:
        return Past(children[0].value == "last")
