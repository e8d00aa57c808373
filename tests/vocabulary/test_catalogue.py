"""Names to concepts, codes to concepts, ancestors, and the nearest known name."""

from typing import Any

import pytest

from screener.vocabulary.catalogue import Catalogue
from screener.vocabulary.load import FILES, catalogue, compiled
from screener.vocabulary.load import catalogue as shipped

EMPTY = dict.fromkeys(FILES, b"sources: {}\n")
CONDITIONS = b"""
conditions:
  cancer: {name: cancer, synonyms: [malignancy, malignant tumor]}
  in_situ: {name: carcinoma in situ, parents: [cancer]}
  cervix_in_situ:
    name: carcinoma in situ of the cervix
    parents: [in_situ]
    codes:
      - {system: ICD-10-CM, code: D06, prefix: yes, source: x}
      - {system: ICD-10-CM, code: D06.9, source: x}
  history: {name: earlier cancer, codes: [{system: ICD-10-CM, code: Z85, prefix: yes, status: resolved}]}
  pr_condition: {name: PRX}
"""
DRUGS = b"""
classes:
  anticancer: {name: anticancer therapy, parents: []}
  imid: {name: immunomodulatory drug, parents: [anticancer]}
drugs:
  lenalidomide: {name: lenalidomide, synonyms: [Revlimid], classes: [imid], kind: x}
regimens:
  rd: {name: Rd, drugs: [lenalidomide]}
"""
UNITS = b"dimensions: {}\n"


def made(**files: bytes) -> Catalogue:
    data: dict[str, Any] = compiled(EMPTY | {"units": UNITS} | files) | {"sha256": ""}
    return Catalogue(data)


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return made(conditions=CONDITIONS, drugs=DRUGS)


def test_a_concept_is_found_by_name_and_synonym_in_any_case(known: Catalogue) -> None:
    for name in ("cancer", "CANCER", " malignant   tumor ", "Malignant-Tumor"):
        found = known.named(name)
        assert found is not None
        assert (found.id, found.kind, found.name) == ("cancer", "condition", "cancer")
    assert known.named("tumor") is None
    assert known.named("") is None


def test_the_kind_of_a_concept_is_that_of_its_table(known: Catalogue) -> None:
    kinds = {concept: known[concept].kind for concept in known}
    assert kinds["lenalidomide"] == "drug"
    assert kinds["imid"] == "class"
    assert kinds["rd"] == "regimen"
    assert "nothing" not in known


@pytest.mark.parametrize(
    ("text", "found", "end"),
    [
        ("carcinoma in situ of the cervix within 5 years", "cervix_in_situ", 31),
        ("carcinoma in situ of the skin", "in_situ", 17),
        ("Carcinoma-in-Situ, lung", "in_situ", 17),
        ("cancers", None, 0),
        ("carcinoma", None, 0),
        ("", None, 0),
    ],
)
def test_the_longest_name_that_begins_here_is_taken(
    known: Catalogue, text: str, found: str | None, end: int
) -> None:
    longest = known.longest(text, 0)
    assert (longest and (longest[0].id, longest[1])) == (found and (found, end))


def test_a_name_is_looked_for_from_its_place_on(known: Catalogue) -> None:
    longest = known.longest("no cancer", 3)
    assert longest is not None
    assert (longest[0].id, longest[1]) == ("cancer", 9)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("D06.9", ("cervix_in_situ", "")),
        ("d06.9", ("cervix_in_situ", "")),
        ("D06.1", ("cervix_in_situ", "")),
        ("D06", ("cervix_in_situ", "")),
        ("Z85.3", ("history", "resolved")),
        ("D07.1", None),
        ("D0", None),
        ("", None),
    ],
)
def test_a_code_is_found_exactly_or_by_the_prefix_that_stands_for_it(
    known: Catalogue, code: str, found: tuple[str, str] | None
) -> None:
    coded = known.coded("ICD-10-CM", code)
    assert (coded and (coded[0].id, coded[1])) == found


def test_a_code_of_another_system_is_another_code(known: Catalogue) -> None:
    assert known.coded("SNOMED CT", "D06.9") is None


def test_ancestors_are_listed_once_the_nearest_first(known: Catalogue) -> None:
    assert known.ancestors("cervix_in_situ") == ("in_situ", "cancer")
    assert known.with_ancestors("cervix_in_situ") == ("cervix_in_situ", "in_situ", "cancer")
    assert known.ancestors("lenalidomide") == ("imid", "anticancer")
    assert known.ancestors("cancer") == ()
    assert known.is_a("cervix_in_situ", "cancer")
    assert known.is_a("cancer", "cancer")
    assert not known.is_a("cancer", "in_situ")


def test_what_may_be_another_thing_keeps_it_beside_a_narrower_list_of_its_own() -> None:
    known = made(
        conditions=b"""conditions:
  tumor: {name: tumor, may_be: [invasive]}
  invasive: {name: invasive tumor}
  breast: {name: breast tumor, parents: [tumor], may_be: [receptor]}
  receptor: {name: receptor tumor, parents: [breast]}
  surgery: {name: surgery, may_be: [major, bypass]}
  major: {name: major surgery, parents: [surgery]}
  bypass: {name: bypass, parents: [surgery]}
  valve: {name: valve surgery, parents: [surgery], may_be: [major]}
"""
    )
    assert set(known.may_be("invasive")) == {"tumor", "breast", "receptor"}
    assert known.may_be("receptor") == ("breast",)
    assert "valve" in known.may_be("major")
    assert "valve" not in known.may_be("bypass")


def test_what_a_bare_name_may_be_its_kinds_may_not() -> None:
    known = made(
        conditions=b"""conditions:
  hepatitis: {name: hepatitis, may_itself_be: [viral]}
  viral: {name: viral hepatitis, parents: [hepatitis, infection]}
  autoimmune: {name: autoimmune hepatitis, parents: [hepatitis]}
  infection: {name: infection}
"""
    )
    assert known.may_be("infection") == ("hepatitis",)


def test_free_light_chains_of_the_urine_are_no_m_protein() -> None:
    known = catalogue().named("urine free light chain")
    assert known is not None
    assert known.id == "urine_free_light_chain"


def test_any_cancer_but_one_in_situ_may_be_invasive() -> None:
    known = catalogue()
    of_cancer = {one for one in known if known[one].kind == "condition" and known.is_a(one, "malignancy")}
    settled = {
        one
        for one in of_cancer
        if known.is_a(one, "invasive_malignancy")
        or known.is_a(one, "carcinoma_in_situ")
        or one in known.ancestors("invasive_malignancy")
    }
    assert of_cancer - settled <= set(known.may_be("invasive_malignancy"))


def test_the_nearest_name_may_be_asked_of_some_kinds_only(known: Catalogue) -> None:
    assert known.nearest("lenalidomid") == "lenalidomide"
    assert known.nearest("malignancie") == "cancer"
    assert known.nearest("lenalidomid", ("condition",)) is None
    assert known.nearest("quite another thing") is None
    assert known.nearest("") is None


def test_a_name_goes_before_a_synonym_of_another_concept_and_the_first_synonym_wins() -> None:
    both = made(conditions=b"conditions:\n  a: {name: x, synonyms: [y]}\n  b: {name: y}\n")
    found = both.named("y")
    assert found is not None
    assert found.id == "b"


def test_codes_of_the_shipped_vocabulary_lead_to_their_concepts() -> None:
    for system, code, concept in (
        ("LOINC", "2160-0", "creatinine"),
        ("ICD-10-CM", "C90.00", "multiple_myeloma"),
        ("RxNorm", "342369", "lenalidomide"),
    ):
        found = shipped().coded(system, code)
        assert found is not None
        assert found[0].id == concept
