"""YAML read strictly: text stays text, places are exact, and nothing is lost or reinterpreted."""

from typing import Any

import pytest

from screener.strict_yaml import Listed, Mapped, Scalar, plain, read, read_plain


def document(text: str) -> Any:
    node, problems = read(text)
    assert problems == []
    return plain(node)


def problem(text: str) -> tuple[str, str]:
    _, problems = read(text)
    assert len(problems) == 1, [str(found) for found in problems]
    return problems[0].code, problems[0].place


@pytest.mark.parametrize(
    "value",
    ["no", "yes", "on", "off", "true", "null", "~", "12:30", "1e3", "0x1F", "010", "1_000", ".5",
     "2026-10-01", "1.10", ".inf", "=", "<<", "5 %", ">= 3"],
)  # fmt: skip
def test_a_value_stays_the_text_that_it_is(value: str) -> None:
    quoted = value in ("=", ">= 3", "<<")
    assert document(f"a: {f'{value!r}' if quoted else value}\n") == {"a": value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b", {"a": "b"}),
        ("a:", {"a": ""}),
        ("a: ''", {"a": ""}),
        ("- a\n- b", ["a", "b"]),
        ("{a: [b, {c: d}]}", {"a": ["b", {"c": "d"}]}),
        ("a: >-\n  two\n  lines\n", {"a": "two lines"}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("a: two\n  lines", {"a": "two lines"}),
        ("a: b # a comment", {"a": "b"}),
        ("a: 'b # none'", {"a": "b # none"}),
        ('a: "b\\n\\u00e9"', {"a": "b\né"}),
        ("\ufeffa: b", {"a": "b"}),
        ("---\na: b\n...\n", {"a": "b"}),
        ("just text", "just text"),
        ("# nothing\n", None),
        ("", None),
    ],
)
def test_what_is_written_is_what_is_read(text: str, expected: Any) -> None:
    assert document(text) == expected


def test_every_node_knows_its_line_and_column() -> None:
    node, _ = read("a: b\nlist:\n  - 'c'\n  - d: e\n")
    assert isinstance(node, Mapped)
    assert node.entries["a"] == Scalar("b", 1, 4)
    assert node.keys["list"] == Scalar("list", 2, 1)
    listed = node.entries["list"]
    assert isinstance(listed, Listed)
    assert (listed.line, listed.column) == (3, 3)
    assert listed.items[0] == Scalar("c", 3, 5, quoted=True)
    inner = listed.items[1]
    assert isinstance(inner, Mapped)
    assert (inner.line, inner.column, inner.entries["d"]) == (4, 5, Scalar("e", 4, 8))


def test_quotes_and_blocks_are_told_from_bare_text() -> None:
    node, _ = read("a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >\n  x\n")
    assert isinstance(node, Mapped)
    quoted = {key: scalar.quoted for key, scalar in node.entries.items() if isinstance(scalar, Scalar)}
    assert quoted == {"a": False, "b": True, "c": True, "d": True, "e": True}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", "3:1"),
        ("x:\n  a: 1\n  'a': 2\n", "duplicate-key", "3:3"),
        ("{a: 1, a: 2}", "duplicate-key", "1:8"),
        ("a: &x 1\n", "anchor", "1:4"),
        ("a: *x\n", "alias", "1:4"),
        ("a: !!int 1\n", "tag", "1:4"),
        ("a: !!python/object:os.system 1\n", "tag", "1:4"),
        ("a: !own 1\n", "tag", "1:4"),
        ("? [a, b]\n: c\n", "key", "1:3"),
        ("a: 1\n---\nb: 2\n", "second-document", "2:1"),
        ("a: [1, 2\nb: 3\n", "yaml", "2:2"),
        ("a: 'never closed\n", "yaml", "1:4"),
        ("a: b: c\n", "yaml", "1:5"),
        ("a:\n\t- b\n", "yaml", "2:1"),
        ("a: b\n c: d\n", "yaml", "2:2"),
        ("a: %x\n", "yaml", "1:4"),
        ("a: b\x00c\n", "character", "1:5"),
        ("a: b\n\nc: \x07\n", "character", "3:4"),
        ("[" * 60, "too-deep", "1:42"),
        ("- " * 60 + "a", "too-deep", "1:83"),
    ],
)
def test_what_could_be_misread_is_refused_at_its_place(text: str, code: str, place: str) -> None:
    assert problem(text) == (code, place)


def test_every_doubled_key_of_a_file_is_reported() -> None:
    _, problems = read("a: 1\na: 2\nb: {c: 1, c: 2}\nb: 3\n")
    assert [(found.code, found.place) for found in problems] == [
        ("duplicate-key", "2:1"), ("duplicate-key", "3:11"), ("duplicate-key", "4:1")
    ]  # fmt: skip


def test_the_first_of_two_values_stays_and_the_message_says_where_it_is() -> None:
    node, problems = read("a: 1\nb: 2\na: 3\n")
    assert plain(node) == {"a": "1", "b": "2"}
    assert problems[0].message == "`a` is here a second time (first in line 1)"
    assert problems[0].snippet.splitlines()[0].strip() == "a: 3"


def test_a_billion_laughs_are_not_laughed() -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    _, problems = read(laughs)
    assert {found.code for found in problems} == {"anchor", "alias"}


def test_a_file_of_more_than_five_million_characters_is_not_read() -> None:
    node, problems = read("a: " + "x" * 5_000_000)
    assert node is None
    assert [found.code for found in problems] == ["too-large"]


def test_no_message_shows_what_yaml_calls_itself_or_python() -> None:
    for text in ("a: [1, 2\nb: 3\n", "a: 'x\n", "a: b: c\n", "a:\n\t- b\n", "a: b\n c: d\n", "a: %x\n"):
        _, problems = read(text)
        said = f"{problems[0].message} {problems[0].help}"
        assert problems[0].help
        assert not any(word in said for word in ("token", "scanning", "parsing", "<unicode", "node"))


@pytest.mark.parametrize(
    "text",
    ["a: b", "a: {b: [c, 'd']}\n", "# c\na: >-\n  x\n  y\n", "---\na: no\n", "a:\n  - b: 1\n    c: 2\n"],
)
def test_the_quick_reader_of_the_packages_own_files_reads_the_same(text: str) -> None:
    assert read_plain(text) == document(text)


@pytest.mark.parametrize(
    "text",
    ["", "# c", "a", "- a", "a: 1\na: 2", "b: {a: 1, a: 2}", "a: *x", "{[a]: b}", "a: [", "a: b: c"],
)
def test_the_quick_reader_raises_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_plain(text)
