"""`grammar/rewrites.txt` and its notation: each rewrite is used on its example, and does what is told."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener import resources
from screener.drafting.reader import Reader
from screener.drafting.words import rewriting
from screener.drafting.words.lexer import Token
from screener.drafting.words.rewrite_notation import Atom, Written, written
from screener.drafting.words.rewriting import Rewrites
from screener.vocabulary.load import catalogue

TEXT = (resources.grammar() / "rewrites.txt").read_text("utf-8")
ALL = [(stage, one) for stage, of_stage in written(TEXT, catalogue()).items() for one in of_stage]
SET_ASIDE = frozenset({"ASIDE", "OTHER"})


def of(types: str) -> list[Token]:
    """Tokens of these types, each a letter wide with a blank behind it; `TYPE=value` has a meaning."""
    parted = [one.partition("=") for one in types.split()]
    return [Token(kind, value, 2 * at, 2 * at + 1) for at, (kind, _, value) in enumerate(parted)]


def rewritten(notation: str, types: str, text: str = "", kind: str = "inclusion") -> Sequence[Token]:
    rules = Rewrites(f"== one\n{notation}", catalogue())
    tokens = of(types)
    return rules.stage("one")(tokens, text or "x " * len(tokens), kind)  # type: ignore[arg-type]


def shown(tokens: Sequence[Token]) -> str:
    return " ".join(f"{one.type}={one.value}" if one.value else one.type for one in tokens)


@pytest.mark.parametrize(("stage", "one"), ALL, ids=[f"{stage}: {one.example}" for stage, one in ALL])
def test_each_rewrite_is_used_where_its_example_is_read(
    stage: str, one: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = rewriting.rewrites(catalogue()).compiled(one)
    used: list[str] = []
    edits = rewriting.edits

    def watched(rewrite: rewriting.Rewrite, spelled: str) -> list[rewriting.Edit]:
        found = edits(rewrite, spelled)
        used.extend([rewrite.pattern.pattern] if found else [])
        return found

    monkeypatch.setattr(rewriting, "edits", watched)
    Reader(catalogue()).read(one.example, one.kind or "inclusion")  # type: ignore[arg-type]
    assert mine.pattern.pattern in used, f"`{one.example}` does not use its rewrite in the stage {stage}"


@pytest.mark.parametrize("one", [one for _, one in ALL], ids=[one.example for _, one in ALL])
def test_the_time_that_a_pattern_takes_is_linear(one: Written) -> None:
    """One unbounded repetition is tried from each token once; two of the same tokens would try all pairs."""
    repeated = [before.types for before, sign in zip(one.parts, one.parts[1:], strict=False)
                if sign in ("*", "+") and isinstance(before, Atom)]  # fmt: skip
    groups = [before for before, sign in zip(one.parts, one.parts[1:], strict=False)
              if sign in ("*", "+") and not isinstance(before, Atom)]  # fmt: skip
    assert not groups
    assert sum(not (types and types <= SET_ASIDE) for types in repeated) <= 1


# --- the notation


@pytest.mark.parametrize(
    ("pattern", "before", "after"),
    [
        ("A [B →] C", "A B C B", "A C B"),
        ("A [B → D] C", "A B=b C", "A D=b C"),
        ("A [B → D=d] C", "A B=b C", "A D=d C"),
        ("A [B → D=] C", "A B=b C", "A D C"),
        ("[A B → #1]", "A B=b A", "B=b A"),
        ("[A B → #-1 #0]", "A=a B=b", "B=b A=a"),
        ("[→ D=d] A", "B A A", "B D=d A D=d A"),
        ("A [B →]? C [A → D]", "A B C A C A", "A C D C D"),
        ("A|B [C → D]", "A C B C E C", "A D B D E C"),
        ("!A [C → D]", "A C B C", "A C B D"),
        (". [C → D]", "C C", "C D"),
        ("^ [A →]", "A A", "A"),
        ("[A →] $", "A A", "A"),
        ("(^|B) [A → D]", "A B A C A", "D B D C A"),
        ("A=x,y [B → D]", "A=x B A=z B A=y B", "A=x D A=z B A=y D"),
        ("A='x y' [B → D]", "A=x B", "A=x B"),
        ("A .{1,2} [B → D]", "A C C B A B", "A C C D A B"),
        ("A [B → D] A", "A B A B A", "A D A D A"),
        ("[A A → D]", "A A A", "D A"),
    ],
)
def test_what_a_rewrite_makes_of_tokens(pattern: str, before: str, after: str) -> None:
    assert shown(rewritten(f"an example   # a reason\n    {pattern}", before)) == after


def test_words_are_compared_as_they_are_written_but_for_their_case() -> None:
    found = rewritten(
        'an example   # a reason\n    [A"big, very big" → D]', "A A A", "B Big b".replace("Big", "x")
    )
    assert shown(found) == "A A A"
    text = "Big x very big"
    tokens = [Token("A", "", 0, 3), Token("A", "", 4, 5), Token("A", "", 6, 14)]
    rules = Rewrites('== one\nan example   # a reason\n    [A"big, very big" → D]', catalogue())
    assert shown(rules.stage("one")(tokens, text, "inclusion")) == "D A D"


def test_the_place_of_what_is_made() -> None:
    swapped = rewritten("an example   # a reason\n    [A B → #1 #0]", "A B")
    assert [(one.type, one.start, one.end) for one in swapped] == [("B", 0, 1), ("A", 2, 3)]
    joined = rewritten("an example   # a reason\n    [A B C → D+]", "A B C")
    assert [(one.type, one.start, one.end) for one in joined] == [("D", 0, 5)]
    put_in = rewritten("an example   # a reason\n    A [→ D]", "A B A")
    assert [(one.type, one.start, one.end) for one in put_in] == [
        ("A", 0, 1), ("D", 2, 2), ("B", 2, 3), ("A", 4, 5), ("D", 6, 6),
    ]  # fmt: skip


def test_a_rewrite_of_one_kind_of_criteria_is_for_that_kind_alone() -> None:
    notation = "an example (exclusion)   # a reason\n    [A → D]"
    assert shown(rewritten(notation, "A", kind="inclusion")) == "A"
    assert shown(rewritten(notation, "A", kind="exclusion")) == "D"


def test_sets_of_types_of_meanings_of_numbers_and_of_the_vocabulary_s_kinds() -> None:
    notation = (
        "@ANY = A, B\n@some = x, 2..4\n@imids = kinds of imid\n"
        "one   # a reason\n    @ANY=@some [C → D]\nanother   # a reason\n    @ANY=@imids [C → E]"
    )
    found = rewritten(notation, "A=x C B=3 C A=5 C B=lenalidomide C B=bortezomib C")
    assert shown(found) == "A=x D B=3 D A=5 C B=lenalidomide E B=bortezomib C"


@pytest.mark.parametrize(
    ("notation", "told"),
    [
        ("what is this", "neither a stage"),
        ("an example   # a reason\n    @UNKNOWN [A →]", "`@UNKNOWN` is no set"),
        ("an example   # a reason\n    [A → b?]", "no token that tokens could become: b?"),
    ],
)
def test_a_mistake_in_the_notation_is_told(notation: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        rewritten(notation, "A")


@given(st.lists(st.sampled_from(["A", "B", "C", "ASIDE"]), max_size=12))
def test_tokens_keep_their_order_in_the_text(types: list[str]) -> None:
    patterns = ("A [→ D] B", "[B C → #1 #0]", "[C ASIDE* A → E+]")
    notation = "\n".join(f"an example   # a reason\n    {pattern}" for pattern in patterns)
    places = [place for one in rewritten(notation, " ".join(types)) for place in (one.start, one.end)]
    assert places == sorted(places)
