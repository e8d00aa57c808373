"""What each form of protocol.lark means: one method a form, called while the table reduces.

A method raises `Unread` where the words have the form and no meaning that could be relied on; the
driver then falls back to a shorter claim, or to none.
"""

from dataclasses import replace
from typing import cast

from screener.drafting.claims.amounts import Unread
from screener.drafting.claims.condition_forms import ConditionForms
from screener.drafting.claims.forms import Children, Listing, Timing, joined
from screener.drafting.claims.measure_forms import MeasureForms
from screener.drafting.claims.number_forms import NumberForms
from screener.drafting.claims.people_forms import PeopleForms
from screener.drafting.claims.treatment_forms import TreatmentForms
from screener.drafting.claims.window_forms import WindowForms
from screener.drafting.words.lexer import Token
from screener.model import rule as r


class Meaning(NumberForms, MeasureForms, PeopleForms, ConditionForms, TreatmentForms, WindowForms):
    """Builds rules bottom-up for criteria of one kind."""

    def start(self, children: Children) -> r.Rule | Timing:
        return cast(r.Rule, children[0])

    def negated(self, children: Children) -> r.Rule:
        rule = children[1]
        if isinstance(rule, r.Not | Timing):
            raise Unread("a negation of a negation, or of a time")
        rule = _any_of(rule)
        if children[0].value == "ever" and isinstance(rule, r.Condition):
            rule = replace(rule, history=True)
        return r.Not(rule)

    # --- lists

    def listing(self, children: Children) -> Listing:
        if len(children) == 1:
            return Listing((children[0],), "")
        members = tuple(dict.fromkeys(child for child in children if not isinstance(child, list | Token)))
        return Listing(members, joined(children))

    def past_listing(self, children: Children) -> Listing:
        again = any(isinstance(child, Token) for child in children)
        return self.listing(children)._replace(again=again)

    def listing_of_tokens(self, children: Children) -> Listing:
        members = tuple(dict.fromkeys(child.value for child in children if isinstance(child, Token)))
        return Listing(members, joined(children))

    def joint(self, children: Children) -> list[str]:
        return [token.type for token in children]

    def sep(self, children: Children) -> list[str]:
        return [token.type for token in children]

    def name(self, children: Children) -> str:
        return str(children[0].value)

    treatment_name = name


def _any_of(rule: r.Rule) -> r.Rule:
    """A negated list: none of them."""
    match rule:
        case r.Measurement() | r.Finding() | r.Condition() | r.Marker() | r.Therapy() | r.Procedure():
            return replace(rule, quantifier="any")
        case r.Allergy() | r.Course():
            return replace(rule, quantifier="any")
        case _:
            return rule
