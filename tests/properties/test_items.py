"""Whatever the text: its pieces are the text, its items are the pieces, and no word is lost."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from screener.drafting.layout.items import Item, split
from screener.drafting.layout.record import read_record
from screener.errors import InputError

WORDS = st.sampled_from(
    ["Age", "≥ 18 years", "ECOG 0 or 1.", "such as:", "Inclusion Criteria:", "EXCLUSION CRITERIA", "and",
     "Part B only:", "2.5 x ULN", "t(4;14)", "(1) or (2)", "1) one 2) two 3) three", "a. first b. second",
     "Note: none", "For women:", "i. x ii. y", "E. coli", "the following:", "HIV,", "no other illness;"]
)  # fmt: skip
MARKERS = st.sampled_from(
    ["", "* ", "- ", "• ", "o ", "1. ", "2. ", "3) ", "(1) ", "a. ", "b) ", "(i) ", "ii. ", "* 1. ", "1.1 "]
)  # fmt: skip
LINES = st.builds(
    lambda indent, marker, words, end: " " * indent + marker + " ".join(words) + end,
    st.integers(0, 12), MARKERS, st.lists(WORDS, max_size=4), st.sampled_from(["\n", "\n\n", "", "\n\n\n"]),
)  # fmt: skip
STRUCTURED = st.lists(LINES, max_size=14).map("".join)
ORDINAL = r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})(?:\.\)|[.)]|-)"
ONLY_MARKERS = re.compile(rf"(?:\s|{ORDINAL}|(?:\d{{1,2}}\.)+\d{{1,2}}[.)]?|[^\w\s()≥≤<>=%]|\bo\b)*")


def flat(items: tuple[Item, ...]) -> list[Item]:
    return [one for item in items for one in (item, *flat(item.children))]


def check(text: str) -> None:
    found = split(text)
    assert "".join(text[piece.start : piece.end] for piece in found.pieces) == text
    assert all(piece.start < piece.end for piece in found.pieces)
    items = flat(found.items)
    assert [(item.start, item.end) for item in items] == [
        (piece.start, piece.end) for piece in found.pieces if piece.role == "item"
    ]
    assert all(item.text == " ".join(text[item.start : item.end].split()) != "" for item in items)
    for piece in found.pieces:
        if piece.role == "separator":
            assert ONLY_MARKERS.fullmatch(text[piece.start : piece.end])


@given(STRUCTURED)
def test_no_word_of_a_list_is_lost(text: str) -> None:
    check(text)


@given(st.text())
def test_no_word_of_any_text_is_lost(text: str) -> None:
    check(text)


@given(STRUCTURED)
def test_levels_are_those_of_the_nesting(text: str) -> None:
    def levels(items: tuple[Item, ...], level: int) -> bool:
        return all(item.level == level and levels(item.children, level + 1) for item in items)

    assert levels(split(text).items, 0)


@given(st.recursive(st.just([]), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=12))
def test_what_is_indented_below_an_item_is_its_child(tree: list[list[object]]) -> None:
    def written(children: list[list[object]], depth: int) -> str:
        return "".join(f"{'  ' * depth}* Point\n\n{written(child, depth + 1)}" for child in children)  # type: ignore[arg-type]

    def shape(items: tuple[Item, ...]) -> list[object]:
        return [shape(item.children) for item in items]

    assert shape(split(written(tree, 0)).items) == tree


KEYS = st.sampled_from(
    ["studies", "protocolSection", "eligibilityModule", "eligibilityCriteria", "minimumAge", "Study",
     "ProtocolSection", "FullStudiesResponse", "FullStudies", "EligibilityModule", "EligibilityCriteria",
     "eligibility_text", "conditions", "sex", "healthy_volunteers", "statusModule"]
)  # fmt: skip
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


def reads_or_says_why(content: bytes) -> None:
    try:
        found = read_record(content, "place")
    except InputError as error:
        problems, text = error.problems, "?"
    else:
        problems, text = (), found.text
    assert text.strip()
    assert all(problem.place == "place" and problem.help for problem in problems)


@given(st.binary() | st.text().map(str.encode) | st.binary().map(b"<clinical_study>".__add__))
def test_any_bytes_are_a_record_or_a_problem(content: bytes) -> None:
    reads_or_says_why(content)


@given(ANY_JSON)
def test_any_json_is_a_record_or_a_problem(data: object) -> None:
    reads_or_says_why(json.dumps(data).encode())
