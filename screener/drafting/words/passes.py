"""What settles the tokens of one item, in order, each where a token that it needs is there."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from screener.drafting.words.ages import as_age
from screener.drafting.words.counting import without_counting
from screener.drafting.words.drug_examples import DrugExamples
from screener.drafting.words.ellipsis import with_nouns, with_pairs
from screener.drafting.words.forbidden import with_forbidden
from screener.drafting.words.formulas import without_formulas
from screener.drafting.words.lexer import Token
from screener.drafting.words.lost_brackets import closed
from screener.drafting.words.remarks import Remarks
from screener.drafting.words.rewriting import rewrites
from screener.drafting.words.scopes import with_scope
from screener.drafting.words.sense import settled
from screener.drafting.words.states import with_states
from screener.drafting.words.steroid_doses import SteroidDoses
from screener.drafting.words.support import Support
from screener.drafting.words.washouts import with_washouts
from screener.drafting.words.wording import Trie
from screener.model.trial import CriterionKind
from screener.vocabulary.catalogue import Catalogue


class _Pass(NamedTuple):
    """One of them, and the types of token of which it needs one: most texts need few of them."""

    needs: frozenset[str]
    settle: Callable[[Sequence[Token], str, CriterionKind], Sequence[Token]]


class Passes:
    """All of them, with what they know of one vocabulary."""

    def __init__(self, catalogue: Catalogue, trie: Trie) -> None:
        rewriting = rewrites(catalogue)
        remarks, support = Remarks(catalogue), Support(catalogue)
        doses, examples = SteroidDoses(catalogue), DrugExamples(catalogue)

        def stage(name: str) -> _Pass:
            return _Pass(rewriting.needs(name), rewriting.stage(name))

        self._all = (
            _needing("COMMA OR AND SLASH", lambda said, text, kind: with_nouns(said, text, trie, kind)),
            _needing("QUALIFIER JUDGED", lambda said, *_: with_pairs(said)),
            _needing("CONDITION", lambda said, text, _: with_states(said, text, trie)),
            stage("names"),
            _needing("THERAPY PROCEDURE ANCHOR", lambda said, text, _: with_washouts(said, text)),
            _needing("THERAPY PROCEDURE CONDITION REFRACTORY RELAPSED",
                     lambda said, text, _: remarks.without(said, text)),
            stage("tables"),
            stage("measures"),
            stage("values"),
            _needing("LPAR RPAR", lambda said, _, __: closed(said)),
            _needing("SCOPE COLON", lambda said, text, _: with_scope(said, text)),
            _needing("MEASURE", lambda said, text, _: without_formulas(said, text)),
        )  # fmt: skip
        # of what a claim may hold, without what is set aside
        self._behind = (
            stage("grades"),
            stage("ages"),
            _needing("COMPARE AGE_COMPARE BETWEEN NUMBER", lambda said, _, __: as_age(said)),
            _needing("COMPARE OR_MORE DASH", lambda said, text, _: without_counting(said, text)),
            _needing("NO", with_forbidden),
            _needing("UNIT", lambda said, text, _: doses.settled(said, text)),
            _needing("THERAPY PROCEDURE WORD", lambda said, text, _: support.settled(said, text)),
            _needing("THERAPY PROCEDURE", lambda said, _, kind: examples.settled(said, kind)),
        )

    def settled(self, tokens: Sequence[Token], text: str, kind: CriterionKind) -> Sequence[Token]:
        """The tokens as they are meant where they stand."""
        tokens = settled(_through(self._all, tokens, text, kind), text)
        return _through(self._behind, tokens, text, kind)


def _needing(types: str, settle: Callable[[Sequence[Token], str, CriterionKind], Sequence[Token]]) -> _Pass:
    return _Pass(frozenset(types.split()), settle)


def _through(
    passes: Sequence[_Pass], tokens: Sequence[Token], text: str, kind: CriterionKind
) -> Sequence[Token]:
    types = {token.type for token in tokens}
    for needs, settle in passes:
        if needs.isdisjoint(types):
            continue
        found = settle(tokens, text, kind)
        if found is not tokens:
            tokens, types = found, {token.type for token in found}
    return tokens
