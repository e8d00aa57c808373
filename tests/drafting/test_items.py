"""Published criteria cut into items: headings, bullets, wrapped lines, lists within a line."""

import pytest

from screener.drafting.layout.items import Item, split
from screener.drafting.layout.published import as_written
from tests.work import steps

Shape = list["str | tuple[str, Shape]"]


def shape(items: tuple[Item, ...]) -> Shape:
    """The texts of items, those with children with them."""
    return [(item.text, shape(item.children)) if item.children else item.text for item in items]


def cut(text: str) -> Shape:
    return shape(split(text).items)


def sections(text: str) -> dict[str, Shape]:
    items = split(text).items
    return {
        section: found
        for section in ("", "inclusion", "exclusion", "unclear")
        if (found := shape(tuple(item for item in items if item.section == section)))
    }


def scopes(text: str) -> list[tuple[str, ...]]:
    return [item.scope for item in split(text).items]


def headings(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in split(text).pieces if piece.role == "heading"]


# --- sections ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "Inclusion Criteria:", "INCLUSION CRITERIA", "Key Inclusion Criteria", "Main inclusion criteria",
        "* -  INCLUSION CRITERIA:", "* Inclusion Criteria:", "Inclusion:", "Inclusion",
        "Criteria for inclusion:",
        "Inclusion criteria (all patients):", "The inclusion criteria are as follows:",
        "Subjects must satisfy the following criteria to be enrolled in the study:",
        "Patients are eligible if they meet all of the following criteria:",
        "inclusion criteria", "Inclusion Criteria.", "* Inclusion", "Inlcusion critera:", "Entry criteria",
        "Inclusion criteria (all must be met)", "Inclusion Criteria\n*All must be met*",
        "**Inclusion Criteria**", "**Inclusion Criteria:**", "**Inclusion Criteria**:", "* **Inclusion**",
        "## Inclusion", "### 2. Inclusion criteria ###", "# **Inclusion**", "__Inclusion criteria__",
        "Inclusion criteria\n---", "Inclusion criteria\n==================", "# A trial of X\n\n## Inclusion",
        "Who can join", "Who can take part?", "1. Who may participate in this study", "Eligible patients:",
        "Who is eligible", "Eligible if", "You can join if you:", "You may be able to take part if you are:",
        "Patients must have:", "Participants must be", "To take part, you must:", "People who can take part:",
        "We will include people who have:",
    ],
)  # fmt: skip
def test_a_heading_opens_the_inclusion_criteria(heading: str) -> None:
    text = as_written(f"{heading}\n\n* Able to walk\n")
    assert sections(text) == {"inclusion": ["Able to walk"]}
    assert scopes(text) == [()]


@pytest.mark.parametrize(
    "heading",
    [
        "Exclusion Criteria:", "EXCLUSION CRITERIA", "Major Exclusion Criteria:", "Exclusion:",
        "Non-inclusion criteria:",
        "An individual who meets any of the following criteria will be excluded:",
        "Patients meeting any of the criteria below may not participate in the study:",
        "The presence of any of the following will exclude a subject from enrollment:",
        "exclusion criteria", "Exclusion Criteria.", "* Exclusion", "Exlusion criterias:", "Other exclusions",
        "Exclusion criteria (none may be met)", "Exclusion reasons", "Contraindications",
        "**Exclusion Criteria**", "## Exclusion", "__Exclusion:__", "Exclusion criteria\n=====",
        "Who cannot join", "Who can't take part?", "2. Who should not take part in this study",
        "Who is not eligible", "Not eligible if:", "Ineligible patients", "You cannot join if",
        "You may not be able to take part in this study if you are:", "Reasons for exclusion",
        "People who cannot participate", "Excluded are patients with:", "Exclude if:",
        "Patients will be excluded if they have",
        "Reasons why you cannot take part:", "Key reasons to exclude patients:",
    ],
)  # fmt: skip
def test_a_heading_opens_the_exclusion_criteria(heading: str) -> None:
    text = f"Inclusion Criteria:\n\n* Able to walk\n\n{heading}\n\n* Falls\n"
    assert sections(text) == {"inclusion": ["Able to walk"], "exclusion": ["Falls"]}


@pytest.mark.parametrize("mark", ["", "**", "## "])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_heading_opens_its_section_with_and_without_a_blank_line_before_it(mark: str, gap: str) -> None:
    end = mark.strip(" #")
    for inclusion, exclusion in (
        ("Inclusion criteria", "Exclusion criteria"), ("Who can join", "Who cannot join"),
        ("Eligible patients:", "Not eligible if:"), ("Patients must have:", "Patients must not have:"),
    ):  # fmt: skip
        text = f"{mark}{inclusion}{end}\n- Able to walk{gap}{mark}{exclusion}{end}\n- Falls\n"
        assert sections(text) == {"inclusion": ["Able to walk"], "exclusion": ["Falls"]}
        assert headings(text) == [inclusion, exclusion]


def test_a_demand_names_a_section_only_where_none_is_named_otherwise() -> None:
    text = "Inclusion Criteria:\n\n* a1\n\nPatients must not have:\n\n* b1\n\nAble to walk"
    assert cut(text) == ["a1", ("Patients must not have:", ["b1"]), "Able to walk"]
    assert list(sections(text)) == ["inclusion"]
    text = "Exclusion Criteria:\n\n* a1\n\nPatients must have:\n\n* b1\n"
    assert sections(text) == {"exclusion": ["a1"], "unclear": ["b1"]}


def test_what_follows_the_list_of_a_demand_has_no_section() -> None:
    text = "Patients must not have:\n\n* Falls\n* Vertigo\n\nEverybody signs a form"
    assert sections(text) == {"": ["Everybody signs a form"], "exclusion": ["Falls", "Vertigo"]}


@pytest.mark.parametrize(
    "line",
    [
        "Persons barred from the trial", "People whom we turn away", "**Reasons we would say no to you**",
        "Do not volunteer when", "## Unfit people", "Critères de non inclusion:",
    ],
)  # fmt: skip
def test_below_a_heading_that_may_turn_nothing_tells_the_section(line: str) -> None:
    text = f"Inclusion Criteria:\n\n* Able to walk\n{line}\n* Falls\n"
    assert sections(text) == {"inclusion": ["Able to walk"], "unclear": ["Falls"]}
    text += "\nExclusion Criteria:\n\n* Vertigo\n"
    assert sections(text)["exclusion"] == ["Vertigo"]


def test_below_a_heading_that_may_let_in_again_nothing_tells_the_section() -> None:
    text = "Exclusion Criteria:\n\n* Falls\n\nThe people we would welcome\n\n* Able to walk\n"
    assert sections(text) == {"exclusion": ["Falls"], "unclear": ["Able to walk"]}


@pytest.mark.parametrize(
    "line",
    [
        "Patients must have measurable disease", "Patients must be able to walk", "Must not be pregnant",
        "Not eligible for a transplant", "Patients must not have falls", "Eligible for a transplant",
        "* Patients must have:", "* Not eligible if:", "Patients are eligible if any of the following apply:",
        "Patients are excluded if all of the following apply:", "You cannot join unless you have:",
        "You cannot join if you are not:", "Not eligible if: falls", "Patients are not excluded if they have",
    ],
)  # fmt: skip
def test_an_ordinary_criterion_is_no_heading(line: str) -> None:
    text = f"Inclusion Criteria:\n\n* Able to walk\n* Able to run\n\n{line}\n"
    assert cut(text)[:3] == ["Able to walk", "Able to run", line.removeprefix("* ")]
    assert list(sections(text)) == ["inclusion"]


def test_emphasis_within_a_line_is_no_part_of_an_item() -> None:
    text = "### Inclusion Criteria\n1. **Age**: 18\n2. ANC** and __no__ falls (** of both)\n\n***\n\n3. Form"
    assert cut(as_written(text)) == ["Age: 18", "ANC** and no falls (** of both)", "Form"]


def test_a_title_right_below_a_list_is_no_part_of_its_last_item() -> None:
    text = "Inclusion Criteria:\n- Able to walk\nUnwanted\n- Falls"
    assert cut(text) == ["Able to walk", "Falls"]
    assert scopes(text) == [(), ("Unwanted",)]
    text = "Inclusion Criteria:\n- Able to walk and\nRun\n- Falls"
    assert cut(text) == ["Able to walk and Run", "Falls"]


def test_what_stands_beside_a_sentence_with_a_bullet_is_in_the_section_before() -> None:
    text = (
        "Inclusion Criteria:\n* Able to walk\n* Patients who meet any of the following are excluded:\n"
        "  * Falls\n  * Vertigo\n* Able to run\n"
    )
    assert sections(text) == {"inclusion": ["Able to walk", "Able to run"], "exclusion": ["Falls", "Vertigo"]}
    text = text.replace("  *", "*")
    assert sections(text) == {"inclusion": ["Able to walk"], "exclusion": ["Falls", "Vertigo", "Able to run"]}


def test_what_is_marked_line_after_line_is_a_list() -> None:
    assert cut("# Able to walk\n# Able to run\n# Consent") == ["Able to walk", "Able to run", "Consent"]


def test_headings_of_groups_may_be_marked() -> None:
    text = (
        "# Donors\n## Inclusion\n* a1\n# Recipients\n## Inclusion\n* a2\n## Exclusion\n* b1\n### Heart\n* b2"
    )
    assert scopes(text) == [("Donors",), ("Recipients",), ("Recipients",), ("Recipients", "Heart")]


def test_a_line_that_leads_in_a_list_is_no_part_of_the_item_above() -> None:
    text = "Inclusion Criteria:\n- Able to walk\nPatients must not take:\n- rifampicin\n- aspirin"
    assert cut(text) == ["Able to walk", ("Patients must not take:", ["rifampicin", "aspirin"])]


@pytest.mark.parametrize(
    "line",
    [
        "Other inclusion and exclusion criteria may apply.",
        "Meets all inclusion criteria of the parent study",
        "Exclusion of pregnancy by a test", "Violation of the exclusion criteria",
        "* Inclusion criteria of the parent trial", "Eligibility criteria are divided into sections",
        "Patients with a stent who meet any of the following will be excluded:",
    ],
)  # fmt: skip
def test_a_sentence_about_criteria_is_an_item(line: str) -> None:
    assert cut(f"Exclusion Criteria:\n\n* Falls\n\n{line}\n") == ["Falls", line.removeprefix("* ")]


def test_before_any_heading_an_item_has_no_section() -> None:
    assert sections("* Able to walk\n\nExclusion Criteria:\n\n* Falls") == {
        "": ["Able to walk"],
        "exclusion": ["Falls"],
    }


def test_a_section_may_be_opened_twice_and_again() -> None:
    text = (
        "Inclusion Criteria:\n\nINCLUSION CRITERIA:\n1. a1\n\nExclusion Criteria:\n1. b1\n\nInclusion:\n1. c1"
    )
    assert sections(text) == {"inclusion": ["a1", "c1"], "exclusion": ["b1"]}


def test_a_heading_within_a_line_opens_its_section() -> None:
    text = "Inclusion Criteria: 1. Able to walk 2. Consent signed. Exclusion Criteria: 1. Falls 2. Vertigo"
    assert sections(text) == {
        "inclusion": ["Able to walk", "Consent signed."],
        "exclusion": ["Falls", "Vertigo"],
    }
    assert headings(text) == ["Inclusion Criteria:", "Exclusion Criteria:"]


def test_a_heading_that_lost_the_end_of_its_line_opens_its_section() -> None:
    assert "exclusion" in sections("Exclusion Criteria Patients who will be excluded:\n* Falls")
    text = "INCLUSION CRITERIA Able to walk\n\nExclusion Arm B 7. Falls\n8. Vertigo"
    assert sections(text) == {"inclusion": ["Able to walk"], "exclusion": ["Falls", "Vertigo"]}


def test_a_heading_at_the_end_of_a_line_opens_its_section() -> None:
    text = "1. Able to walk\n2. Consent signed. 4.2 Exclusion Criteria\n\n1. Falls\n"
    assert sections(text) == {"": ["Able to walk", "Consent signed."], "exclusion": ["Falls"]}


def test_criteria_that_a_sentence_speaks_of_are_no_heading() -> None:
    text = "Inclusion Criteria:\n* Fulfils all of the following Inclusion Criteria: age and consent"
    assert cut(text) == ["Fulfils all of the following Inclusion Criteria: age and consent"]


def test_where_any_lets_in_the_sentence_is_part_of_the_logic() -> None:
    text = (
        "Inclusion Criteria:\n\nPatients are eligible if any of the following apply:\n\n* Falls\n* Vertigo\n"
    )
    assert cut(text) == [("Patients are eligible if any of the following apply:", ["Falls", "Vertigo"])]


# --- scope ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "scope"),
    [
        ("Inclusion criteria for Part B:", "Part B"), ("Donor inclusion criteria", "Donor"),
        ("INCLUSION CRITERIA - CONTROLS:", "CONTROLS"), ("Part A: Inclusion Criteria", "Part A"),
        ("Inclusion Criteria (Caregivers):", "Caregivers"),
        ("Inclusion criteria common to parts A and B:", "common to parts A and B"),
        ("Inclusion criteria (at least one must be met)", "at least one must be met"),
        ("* ADDITIONAL INCLUSION CRITERIA FOR GROUP C (NOT WITH DRUGS):", "GROUP C (NOT WITH DRUGS)"),
        ("Subjects must meet all of the following criteria to be included in Part B:", "Part B"),
    ],
)  # fmt: skip
def test_a_section_may_be_limited_to_a_group(heading: str, scope: str) -> None:
    text = f"{heading}\n\n* Able to walk\n\nExclusion Criteria:\n* Falls"
    assert scopes(text) == [(scope,), ()]
    assert sections(text)["inclusion"] == ["Able to walk"]


@pytest.mark.parametrize(
    "heading",
    [
        "For women of childbearing potential:",
        "Part B only:",
        "PATIENT CHARACTERISTICS:",
        "Cohort 1",
        "Hepatic",
        "Arms 2 and 3",
    ],
)
def test_a_heading_within_a_section_limits_what_follows(heading: str) -> None:
    text = f"Inclusion Criteria:\n\n* Able to walk\n\n{heading}\n\n* Able to run\n"
    assert cut(text) == ["Able to walk", "Able to run"]
    assert scopes(text) == [(), (heading.rstrip(":"),)]


def test_headings_nest_by_their_rank() -> None:
    text = "DISEASE CHARACTERISTICS:\n\n* a1\n\nPATIENT CHARACTERISTICS:\n\nAge\n\n* a2\n\nSex\n\n* a3\n"
    assert scopes(text) == [
        ("DISEASE CHARACTERISTICS",), ("PATIENT CHARACTERISTICS", "Age"), ("PATIENT CHARACTERISTICS", "Sex"),
    ]  # fmt: skip
    assert sections(text) == {"inclusion": ["a1", "a2", "a3"]}  # the older form of cancer trials


def test_a_group_above_the_sections_holds_for_both() -> None:
    text = "DONORS\n\nInclusion:\n* a1\n\nExclusion:\n* b1\n\nPatient B inclusion criteria:\n* c1"
    assert scopes(text) == [("DONORS",), ("DONORS",), ("Patient B",)]


def test_a_paragraph_after_a_list_is_outside_its_scope() -> None:
    text = "Inclusion Criteria:\n\nFor women:\n\n* a1\n* a2\n\nEverybody signs a form.\n"
    assert scopes(text) == [("For women",), ("For women",), ()]


def test_a_sentence_above_paragraphs_is_kept_as_their_scope() -> None:
    text = "Inclusion Criteria:\n\nOne of these must be true:\n\nFalls in the past.\n\nVertigo at present.\n"
    assert scopes(text) == [("One of these must be true",)] * 2


# --- bullets and nesting ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [("*", "*"), ("-", "-"), ("•", "•"), ("●", "●"), ("o", "o"), ("·", "·"), ("§", "§"), ("1.", "2."),
     ("1)", "2)"), ("(1)", "(2)"), ("1.1", "1.2"), ("a.", "b."), ("a)", "b)"), ("(a)", "(b)"), ("i.", "ii."),
     ("(i)", "(ii)"),
     ("A.", "B."), ("1-", "2-"), ("--", "--")],
)  # fmt: skip
def test_every_bullet_is_known(first: str, second: str) -> None:
    found = split(f"Inclusion Criteria:\n{first} Able to walk\n{second} Able to run\n").items
    assert shape(found) == ["Able to walk", "Able to run"]
    assert [item.marker for item in found] == [first, second]


def test_some_markers_need_no_blank() -> None:
    assert cut("1.Able to walk\n2.Able to run") == ["Able to walk", "Able to run"]
    assert cut("-Able to walk\n•Able to run") == ["Able to walk", "Able to run"]


@pytest.mark.parametrize(
    "text", ["E. coli in the urine", "2.5 x ULN or less", "-2.5 or below", "e.g. falls", "1.5 ULN at most"]
)
def test_what_only_looks_like_a_marker_is_text(text: str) -> None:
    assert cut(text) == [text]


def test_a_second_marker_belongs_to_the_first() -> None:
    found = split("* 1. Able to walk\n* 2. Able to run").items
    assert [(item.marker, item.text) for item in found] == [("1.", "Able to walk"), ("2.", "Able to run")]


def test_a_marker_alone_is_that_of_the_next_line() -> None:
    assert cut("1.\nAble to walk\n2.\nAble to run\n-\n") == ["Able to walk", "Able to run"]


def test_indentation_nests() -> None:
    text = "* a1:\n\n  * b1:\n\n    1. c1\n    2. c2\n  * b2\n* a2\n"
    assert cut(text) == [("a1:", [("b1:", ["c1", "c2"]), "b2"]), "a2"]


def test_ten_levels_nest() -> None:
    text = "".join(f"{'   ' * depth}-  level{depth}:\n\n" for depth in range(10))
    item, depth = split(text).items[0], 0
    while item.children:
        assert (item.text, item.level) == (f"level{depth}:", depth)
        [item], depth = item.children, depth + 1
    assert depth == 9


def test_without_indentation_the_style_of_the_markers_nests() -> None:
    text = "1. one\na. one a\ni. one a i\nii. one a ii\nb. one b\n2. two\n(a) two a\n(b) two b\n3. three\n"
    assert cut(text) == [
        ("one", [("one a", ["one a i", "one a ii"]), "one b"]), ("two", ["two a", "two b"]), "three",
    ]  # fmt: skip


def test_the_letter_i_follows_h() -> None:
    text = "\n".join(f"{letter}. item" for letter in "abcdefghij")
    assert cut(text) == ["item"] * 10


def test_numbers_that_begin_again_below_a_colon_are_one_level_deeper() -> None:
    assert cut("1. any of:\n1. sub1\n2. sub2\n2. next\n") == [("any of:", ["sub1", "sub2"]), "next"]


def test_numbers_that_begin_again_elsewhere_are_not() -> None:
    assert cut("1. one\n2. two\n\nSome words in between.\n\n1. three\n2. four\n") == [
        "one", "two", "Some words in between.", "three", "four",
    ]  # fmt: skip


def test_numbers_go_on_where_the_indentation_slips() -> None:
    assert cut("  9. nine\n 10. ten\n11. eleven") == ["nine", "ten", "eleven"]
    assert cut("1. one\n   2. two\n   3. three") == ["one", "two", "three"]


def test_bullets_of_another_kind_without_a_colon_stand_beside() -> None:
    assert cut("- one\n* two\n* three\n") == ["one", "two", "three"]
    assert cut("* any of:\n- one\n- two\n* next\n") == [("any of:", ["one", "two"]), "next"]


def test_a_label_with_deeper_items_is_their_parent() -> None:
    assert cut("* Adequate function:\n\n  * ANC ≥ 1\n\n* Consent") == [
        ("Adequate function:", ["ANC ≥ 1"]),
        "Consent",
    ]


def test_a_paragraph_that_leads_in_is_the_parent_of_the_list() -> None:
    text = (
        "Inclusion:\n\nMeasurable disease, defined as one of the following:\n\n* M-spike\n* FLC\n\nConsent.\n"
    )
    assert cut(text) == [
        ("Measurable disease, defined as one of the following:", ["M-spike", "FLC"]),
        "Consent.",
    ]


# --- paragraphs and wrapped lines -------------------------------------------------------------

WRAPPED = """
        Inclusion Criteria:

          -  Able to walk one hundred metres without any help, or two hundred metres with a stick or a
             walker; pain after the exercise at rest, and measured by the patient, of a grade of at most
             1. This is measured at the first visit, and is to be repeated at the third visit and at the
             last

          -  Able to run

        Patients who meet any of the following criteria will be excluded from participating in this
        study:

          1. Falls, of whatever kind they are and whenever they have happened, within the last twelve
             months

               -  but not from a horse
"""


def test_wrapped_lines_are_one_item() -> None:
    walk, run, falls = split(WRAPPED).items
    assert walk.text.startswith("Able to walk one hundred metres without any help, or two hundred")
    assert "of at most 1. This is measured at the first visit, and is to be repeated" in walk.text
    assert walk.text.endswith("third visit and at the last")
    assert (run.text, run.section, falls.section) == ("Able to run", "inclusion", "exclusion")
    assert falls.text.endswith("happened, within the last twelve months")
    assert shape(falls.children) == ["but not from a horse"]


def test_lines_without_bullets_are_items() -> None:
    text = "Inclusion:\n\nnon smoking\nno falls\nAble to walk\n\nExclusion:\n\nVertigo.\nStroke.\n"
    assert sections(text) == {
        "inclusion": ["non smoking", "no falls", "Able to walk"],
        "exclusion": ["Vertigo.", "Stroke."],
    }


def test_a_line_below_a_bullet_goes_on_with_it() -> None:
    assert cut("* Able to walk\nwithout help\n* Able to run") == ["Able to walk without help", "Able to run"]


@pytest.mark.parametrize(
    ("above", "below"),
    [("Able to walk", "or to run"), ("Able to walk,", "Running"), ("Able to walk and", "Running"),
     ("Able to:", "Running"), ("Able to walk.", "Note: with a stick"), ("Able to walk", "OR"),
     ("Able.", "† a footnote")],
)  # fmt: skip
def test_a_paragraph_may_go_on_with_the_item_above(above: str, below: str) -> None:
    assert cut(f"* {above}\n\n{below}\n\n* Next") == [f"{above} {below}", "Next"]


def test_another_paragraph_is_an_item_of_its_own() -> None:
    assert cut("* Able to walk.\n\nAble to run.\n\nAble to jump.") == [
        "Able to walk.",
        "Able to run.",
        "Able to jump.",
    ]


def test_a_paragraph_below_a_bullet_explains_it() -> None:
    assert cut("1. Able to walk.\n\n   Sticks are allowed.\n2. Able to run") == [
        "Able to walk. Sticks are allowed.", "Able to run",
    ]  # fmt: skip


def test_paragraphs_below_a_label_are_its_children() -> None:
    assert cut("1. Before step one:\n\n   Able to walk.\n\n   Able to run.\n2. Later") == [
        ("Before step one:", ["Able to walk.", "Able to run."]), "Later",
    ]  # fmt: skip


# --- lists within a line ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead", "rest", "members"),
    [
        (
            "Marrow defined as:",
            "1) ANC ≥ 1.0 2) platelets ≥ 75 3) Hb ≥ 8",
            ["ANC ≥ 1.0", "platelets ≥ 75", "Hb ≥ 8"],
        ),
        ("Any of:", "a. falls b. vertigo c. stroke", ["falls", "vertigo", "stroke"]),
        ("Any of", "(i) falls, (ii) vertigo or (iii) stroke", ["falls,", "vertigo or", "stroke"]),
        (
            "Liver:",
            "i. Direct bilirubin ≤ 2 ii. AST ≤ 2.5 x ULN",
            ["Direct bilirubin ≤ 2", "AST ≤ 2.5 x ULN"],
        ),
        ("All of:", "1. Falls. 2. Vertigo (grade 2). 3. Stroke", ["Falls.", "Vertigo (grade 2).", "Stroke"]),
        ("All of:", "1. Falls, 2. Vertigo, and 3. Stroke", ["Falls,", "Vertigo, and", "Stroke"]),
        ("Any of:", "• falls • vertigo (• or not)", ["falls", "vertigo (• or not)"]),
        ("Any of:", "- Falls - Vertigo, age 18 - 70", ["Falls", "Vertigo, age 18 - 70"]),
        ("Any of:", "*Falls and/or; *Vertigo", ["Falls and/or;", "Vertigo"]),
    ],
)
def test_a_flattened_list_becomes_children(lead: str, rest: str, members: list[str]) -> None:
    assert cut(f"* {lead} {rest}") == [(lead, members)]


@pytest.mark.parametrize(
    "text",
    [
        "AST ≤ 2.5 x ULN and ALT ≤ 3.5 x ULN", "t(4;14) or t(14;16)", "Meets (1) or (2) above",
        "Any toxicity (grade 1) and neuropathy (grade 2) at most", "NYHA class I or II. No falls",
        "ECOG 0 or 1. No more than 2. No falls", "Falls (defined as: 1) trips, 2) slips) and vertigo",
        "Hepatitis A. or hepatitis B. ever", "Only 2) and 3) here", "Alone 1) here",
        "ALT: 2 * ULN, AST: 3 * ULN",
        "Tumour of grade 1. Also of grade 2. Or more",
    ],
)  # fmt: skip
def test_what_is_no_flattened_list_stays_whole(text: str) -> None:
    assert cut(f"* {text}") == [text]


def test_a_flattened_list_may_hold_another() -> None:
    assert cut("* Any of: a) falls, of: i. trips ii. slips b) vertigo") == [
        ("Any of:", [("falls, of:", ["trips", "slips"]), "vertigo"]),
    ]  # fmt: skip


def test_items_run_together_are_parted() -> None:
    assert cut("1. Able to walk 2. Able to run\n3. Consent") == ["Able to walk", "Able to run", "Consent"]


# --- all of it --------------------------------------------------------------------------------


def test_a_text_without_words_has_no_items() -> None:
    assert split("").items == split("").pieces == split(" \n\n ").items == ()


def test_places_are_those_of_the_published_text() -> None:
    text = "Inclusion Criteria:\n\n* Able  to\n  walk: a. here b. there\n"
    [item] = split(text).items
    assert text[item.start : item.end] == "Able  to\n  walk:"
    assert [text[child.start : child.end] for child in item.children] == ["here", "there"]
    assert [(piece.role, text[piece.start : piece.end]) for piece in split(text).pieces] == [
        ("heading", "Inclusion Criteria:"), ("separator", "\n\n* "), ("item", "Able  to\n  walk:"),
        ("separator", " a. "), ("item", "here"), ("separator", " b. "), ("item", "there"),
        ("separator", "\n"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "unit",
    ["* Able to walk\n", "1. a:\n", "a ", "1) ", "(", "1) a ", "a. b. ", "Inclusion Criteria: ", "\n", " ",
     "or\n\n", "x,\n\n", "* x\ny\n", ". ", "- ", "i. ", "Part A\n", "x:\n\n", "((1) a (2) b "],
)  # fmt: skip
def test_the_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    def work(length: int) -> int:
        text = unit * (length // len(unit))
        return steps(lambda: split(text))

    # Ten times the text; were the work to grow with its square, it would be a hundred times as much.
    assert work(40_000) < 30 * work(4_000) + 10_000


@pytest.mark.parametrize(
    "text",
    ["# " * 20_000, "**" * 40_000, "*a" * 40_000, "# **", "- " * 30_000, "##", "# a" + " " * 40_000 + "b"],
)
def test_marks_without_end_are_read_as_text(text: str) -> None:
    assert "".join(text[piece.start : piece.end] for piece in split(text).pieces) == text
