"""What is settled stays settled when more becomes known, and what does not matter changes nothing."""

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from screener.evaluate.screening import verdicts
from screener.language.bind import dimensions
from screener.model import rule as r
from screener.model.calendar import Period, Span, read_date
from screener.vocabulary.load import catalogue
from tests import strategies as some
from tests.properties.judging import chart_of, flipped, screen, trial_of, truths, unlike

FEW = some.few()
RULES = st.lists(some.rules(FEW, leaves=2), min_size=4, max_size=8)
PATIENTS = some.patients(FEW, until=0)
TODAY = some.AS_OF.isoformat()


def copied(profile: some.Profile) -> Any:
    return copy.deepcopy(profile)


# --- more becomes known -----------------------------------------------------------------------

# Not those that settle a condition or that another value is derived from or goes before: there a
# new record may contradict what is recorded, and SEMANTICS says which of them decides.
_PLAIN = ("ALT", "AST", "platelets", "hemoglobin", "total calcium", "potassium", "creatinine",
          "bone marrow plasma cells", "life expectancy", "NYHA class")  # fmt: skip


@given(PATIENTS, RULES, st.data())
def test_a_first_value_of_a_measurement_unsettles_nothing(
    profile: some.Profile, rules: list[r.Rule], data: st.DataObject
) -> None:
    recorded = {record["name"] for record in profile["observations"]}
    names = [name for name in _PLAIN if catalogue().named(name).name not in recorded]
    concept = some.identity(data.draw(st.sampled_from(names)))
    one = some.Names(*[(concept,) if field == "measures" else ()
                       for field in some.Names.__dataclass_fields__])  # fmt: skip
    about = data.draw(some.measurements(one))
    rules = [about, r.Not(about), *(r.Any((about, rule)) for rule in rules),
             *(r.All((about, rule)) for rule in rules)]  # fmt: skip
    before = truths(rules, profile)
    more = copied(profile)
    more["observations"].append(data.draw(some.observations(one, 0)))
    assert not unlike(rules, before, truths(rules, more))


@given(PATIENTS, st.lists(some.markers(FEW), min_size=3, max_size=6), st.data())
def test_a_first_genomic_finding_unsettles_nothing(
    profile: some.Profile, rules: list[r.Rule], data: st.DataObject
) -> None:
    less = copied(profile) | {"genomics": []}
    more = copied(profile)
    assert not unlike(rules, truths(rules, less), truths(rules, more))


ANSWERED = st.lists(
    st.one_of(st.builds(r.Status, st.sampled_from(some.STATES)), some.rules(FEW, leaves=2)),
    min_size=3, max_size=6,
)  # fmt: skip


@given(PATIENTS, ANSWERED, st.sampled_from(("reproductive", "transplant_candidate", "sex")))
def test_an_answer_where_there_was_none_unsettles_nothing(
    profile: some.Profile, rules: list[r.Rule], key: str
) -> None:
    assume(key in profile)
    # A male is none of these, and an answer that he is would contradict that.
    assume(key == "transplant_candidate" or profile.get("sex") != "male")
    less = copied(profile)
    del less[key]
    assert not unlike(rules, truths(rules, less), truths(rules, profile))


_ADDED: dict[str, tuple[str, ...]] = {
    "conditions": ("grade", "severity", "controlled", "stage"),
    "genomics": ("percent_cells", "method"),
    "treatments": ("line", "intent", "end", "dose"),
    "medications": ("end", "dose"),
}


@some.examples(30)
@given(PATIENTS, RULES, st.data())
def test_a_detail_of_a_record_that_had_none_unsettles_nothing(
    profile: some.Profile, rules: list[r.Rule], data: st.DataObject
) -> None:
    places = [(section, index, key) for section, keys in _ADDED.items()
              for index, record in enumerate(profile[section]) for key in keys if key in record]  # fmt: skip
    assume(places)
    less = copied(profile)
    for section, index, key in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3,
                                                  unique=True)):  # fmt: skip
        record = less[section][index]
        assume(key != "end" or not record.get("ongoing"))
        assume(key != "end" or _in_order(record, "start", "end"))
        del record[key]
    assert not unlike(rules, truths(rules, less), truths(rules, profile))


_ORDERS = (("start", "end"), ("onset", "resolved"), ("onset", "date"), ("resolved", "date"))


def _in_order(record: some.Profile, first: str, second: str) -> bool:
    """Whether the first date surely is not after the second, so far as both are given."""
    if first not in record or second not in record:
        return True
    return read_date(record[first]).first <= read_date(record[second]).last


def _sane(record: some.Profile) -> bool:
    return all(_in_order(record, first, second) for first, second in _ORDERS)


def _partial_dates(profile: some.Profile) -> list[tuple[Any, str]]:
    """The places of the dates that are not one day."""
    records = [record for section in (*some.SECTIONS, "observations", "genomics")
               for record in profile[section]]  # fmt: skip
    records += [profile, profile.get("anchors", {}), profile.get("reproductive", {}),
                profile.get("transplant_candidate", {})]  # fmt: skip
    return [(record, key) for record in records for key, value in record.items()
            if key in {"date", "start", "end", "onset", "resolved", "birth_date", "enrolment",
                       "first dose", "informed consent", "transplant"}
            and isinstance(value, str) and not read_date(value).exact]  # fmt: skip


def _day_in(draw: Callable[..., Any], period: Period) -> date:
    last = min(period.last, some.AS_OF)
    return date.fromordinal(draw(st.integers(period.first.toordinal(), last.toordinal())))


@some.examples(50)
@given(PATIENTS, RULES, st.data())
def test_the_day_of_what_was_dated_by_month_or_year_unsettles_nothing(
    profile: some.Profile, rules: list[r.Rule], data: st.DataObject
) -> None:
    exact = copied(profile)
    places = _partial_dates(exact)
    assume(places)
    record, key = data.draw(st.sampled_from(places))
    assume(_sane(record))
    record[key] = _day_in(data.draw, read_date(record[key])).isoformat()
    assume(_sane(record))
    assert not unlike(rules, truths(rules, profile), truths(rules, exact))


def test_an_event_between_the_days_an_anchor_may_be_is_not_ruled_out() -> None:
    """Surgery in mid-year, four weeks before an anchor that is only known to lie in that year."""
    rule = r.Procedure(("major_surgery",), window=r.Window(
        "within", Span(4, "week"), "before", "enrolment"))  # fmt: skip
    profile: some.Profile = {
        "id": "P", "age": 60, "complete": {"procedures": TODAY}, "anchors": {"enrolment": "2025"},
        "procedures": [{"name": "major surgery", "date": "2025-06-15"}],
    }  # fmt: skip
    assert [truth.value for truth in truths([rule], profile)] == ["unknown"]
    profile["anchors"] = {"enrolment": "2025-06-20"}
    assert [truth.value for truth in truths([rule], profile)] == ["true"]


@some.examples(30)
@given(PATIENTS, RULES, st.sampled_from(some.SECTIONS), some.days(90).map(date.isoformat))
def test_declaring_a_section_complete_unsettles_nothing(
    profile: some.Profile, rules: list[r.Rule], section: str, day: str
) -> None:
    less, more = copied(profile), copied(profile)
    less["complete"].pop(section, None)
    more["complete"][section] = day
    full = copied(profile)
    full["complete"][section] = TODAY
    before, partly, wholly = (truths(rules, one) for one in (less, more, full))
    assert not unlike(rules, before, partly)
    assert not unlike(rules, partly, wholly)
    assert not flipped(rules, before, wholly)


# --- what does not matter ---------------------------------------------------------------------


def _unrelated(listed: tuple[str, ...], used: tuple[str, ...]) -> list[str]:
    """The concepts that share no line of the hierarchy with those in use."""
    known = catalogue()
    above = {general for name in used for general in known.with_ancestors(name)}
    return [name for name in listed if not above & {*known.with_ancestors(name)}]


def _others() -> dict[str, list[str]]:
    every = some.every()
    observed = ("vitamin_b12", "folate", "tsh", "ferritin", "syphilis_test", "cmv_igm", "waist")
    return {
        "observations": list(observed),
        "conditions": _unrelated(every.conditions, (*FEW.conditions, some.DISEASE)),
        "procedures": _unrelated(every.procedures, FEW.procedures),
        "drugs": _unrelated(every.drugs, FEW.therapies),
    }


OTHERS = _others()


@some.examples(25)
@given(some.patients(FEW), RULES, st.data())
def test_a_record_of_what_no_criterion_mentions_changes_nothing(
    profile: some.Profile, rules: list[r.Rule], data: st.DataObject
) -> None:
    def name(section: str) -> str:
        listed = OTHERS[section]
        return catalogue()[listed[data.draw(st.integers(0, len(listed) - 1))]].name

    more = copied(profile)
    day = data.draw(some.date_texts())
    status = data.draw(some.STATUSES)
    more["observations"].append({"name": name("observations"), "value": 4, "date": day})
    more["conditions"].append({"name": name("conditions"), "status": status, "onset": day})
    more["procedures"].append({"name": name("procedures"), "status": status, "date": day})
    more["medications"].append({"name": name("drugs"), "start": day})
    more["allergies"].append({"substance": name("drugs"), "status": status, "date": day})
    trial = trial_of(rules)
    assert screen(more, trial).criteria == screen(profile, trial).criteria


@some.examples(25)
@given(some.patients(FEW), RULES, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(
    profile: some.Profile, rules: list[r.Rule], random: Any
) -> None:
    mixed = copied(profile)
    for section in (*some.SECTIONS, "observations", "genomics"):
        random.shuffle(mixed[section])
    trial = trial_of(rules)
    for one, other in zip(screen(profile, trial).criteria, screen(mixed, trial).criteria, strict=True):
        assert (one.verdict, one.valid_until) == (other.verdict, other.valid_until), one.rule
        assert _day(one.changes_on) == _day(other.changes_on), one.rule
        assert bool(one.missing) == bool(other.missing)


def _day(change: Any) -> Any:
    return change and (change.date, change.verdict)


@some.examples(25)
@given(some.patients(FEW), RULES, st.data())
def test_a_synonym_changes_no_verdict(
    profile: some.Profile, rules: list[r.Rule], data: st.DataObject
) -> None:
    known = catalogue()

    def another(name: str) -> str:
        concept = known.named(name)
        if concept is None:
            return name
        said = data.draw(st.sampled_from(some.known_names(known, concept.id)))
        return data.draw(st.sampled_from((said, said.upper(), f"  {said} ")))

    renamed = copied(profile)
    for section, key in (("conditions", "name"), ("observations", "name"), ("procedures", "name"),
                         ("medications", "name"), ("allergies", "substance"),
                         ("genomics", "finding")):  # fmt: skip
        for record in renamed[section]:
            assume(known.named(another_ := another(record[key])) == known.named(record[key]))
            record[key] = another_
    for record in renamed["treatments"]:
        if "drugs" in record:
            record["drugs"] = [another(drug) for drug in record["drugs"]]
    trial = trial_of(rules)
    one, other = screen(profile, trial), screen(renamed, trial)
    assert [c.verdict for c in one.criteria] == [c.verdict for c in other.criteria]
    assert [bool(c.missing) for c in one.criteria] == [bool(c.missing) for c in other.criteria]


def _factor(concept: str, source: str, target: str) -> Fraction | None:
    """Between units of one kind of quantity, from the table of units alone."""
    known = catalogue()
    for kind in dimensions(known[concept]):
        units = known.tables["dimensions"][kind]["units"]
        if source in units and target in units and "factor" in units[source]:
            if "factor" not in units[target]:
                return None
            return Fraction(units[source]["factor"]) / Fraction(units[target]["factor"])
    return None


def _scaled(value: Any, factor: Fraction) -> Any:
    """The value times the factor where that is a decimal, with its sign; None where it is not."""
    sign = value.rstrip("0123456789.") if isinstance(value, str) else ""
    number = Fraction(value[len(sign) :] if sign else value) * factor
    for places in range(25):
        if (number * 10**places).denominator == 1:
            exact = Decimal(int(number * 10**places)).scaleb(-places)
            return f"{sign}{exact:f}" if sign else exact
    return None


@some.examples(30)
@given(some.patients(FEW), st.lists(st.one_of(some.measurements(FEW), some.findings(FEW), *[
    some.rules(FEW, leaves=2)]), min_size=6, max_size=12), st.data())  # fmt: skip
def test_the_same_amount_in_another_unit_changes_no_verdict(
    profile: some.Profile, rules: list[r.Rule], data: st.DataObject
) -> None:
    converted, changed = copied(profile), False
    for record in converted["observations"]:
        concept = catalogue().named(record["name"]).id
        codes = [code for code in some.units_of(concept) if code]
        if record.get("unit") not in codes:
            continue
        target = data.draw(st.sampled_from(codes))
        factor = _factor(concept, record["unit"], target)
        if factor is None:
            continue
        limits = record.get("reference_range", {})
        numbers = [_scaled(value, factor) for value in (record["value"], *limits.values())]
        if None in numbers:
            continue
        changed = changed or target != record["unit"]
        record |= {"value": numbers[0], "unit": target}
        if limits:
            record["reference_range"] = dict(zip(limits, numbers[1:], strict=True))
    assume(changed)
    trial = trial_of(rules)
    compiled_trial = _compiled(trial)
    assert verdicts(chart_of(profile), compiled_trial) == verdicts(chart_of(converted), compiled_trial)


def _compiled(trial: Any) -> Any:
    from screener.evaluate.screening import compiled

    return compiled(trial, catalogue())
