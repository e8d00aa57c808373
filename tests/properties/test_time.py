"""Time alone changes only what time decides."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from screener.evaluate.screening import compiled, screened, verdicts
from screener.model import rule as r
from screener.model.kleene import FALSE, TRUE, Truth
from screener.vocabulary.load import catalogue
from tests import strategies as some
from tests.properties.judging import chart_of, flipped, screen, trial_of, truth, truths

FEW = some.few()
PATIENTS = some.patients(FEW, until=0)
LATER = st.integers(1, 400).map(lambda days: some.AS_OF + timedelta(days=days))

# A derived value goes by the age of the day, and a count by the treatments up to it.
_DERIVED = {*map(some.identity, ("creatinine clearance", "lines of therapy"))}


def _timeless_condition(rule: r.Condition) -> bool:
    return all(pattern.window is None and pattern.resolved is None
               for pattern in (*rule.patterns, *rule.exceptions))  # fmt: skip


TIMELESS = st.one_of(
    some.measurements(FEW).filter(lambda rule: not _DERIVED & {*rule.concepts}),
    some.markers(FEW), some.allergies(FEW), some.responses(FEW),
    some.conditions(FEW).filter(_timeless_condition),
    st.builds(r.Sex, st.sampled_from(("female", "male"))),
    st.builds(r.Status, st.sampled_from(some.STATES)),
)  # fmt: skip


@some.examples(50)
@given(PATIENTS, st.lists(TIMELESS, min_size=4, max_size=8), LATER)
def test_what_has_no_time_in_it_is_never_turned_round_by_time(
    profile: some.Profile, rules: list[r.Rule], later: object
) -> None:
    """A value grows too old and an absence lapses; without a new fact neither becomes its contrary."""
    assert not flipped(rules, truths(rules, profile), truths(rules, profile, later))  # type: ignore[arg-type]


def _windowed(relation: str) -> st.SearchStrategy[r.Rule]:
    window = st.builds(r.Window, st.just(relation), some.spans())
    return st.one_of(
        st.builds(lambda rule, seen: replace(rule, window=seen), some.procedures(FEW), window),
        st.builds(lambda rule, seen: replace(rule, window=seen, ongoing=False),
                  some.therapies(FEW), window),
    )  # fmt: skip


RECENT = st.one_of(_windowed("within"), _windowed("less than"))
LONG_AGO = st.one_of(_windowed("at least"), _windowed("more than"))


@some.examples(50)
@given(PATIENTS, st.lists(RECENT, min_size=3, max_size=6), LATER)
def test_what_was_not_recent_never_becomes_recent(
    profile: some.Profile, rules: list[r.Rule], later: object
) -> None:
    before, after = truths(rules, profile), truths(rules, profile, later)  # type: ignore[arg-type]
    assert (FALSE, TRUE) not in [*zip(before, after, strict=True)]


@some.examples(50)
@given(PATIENTS, st.lists(LONG_AGO, min_size=3, max_size=6), LATER)
def test_what_was_long_ago_never_becomes_recent(
    profile: some.Profile, rules: list[r.Rule], later: object
) -> None:
    before, after = truths(rules, profile), truths(rules, profile, later)  # type: ignore[arg-type]
    assert (TRUE, FALSE) not in [*zip(before, after, strict=True)]


BORN = st.one_of(
    st.sampled_from(("1961-04-12", "2008-10-01", "2008-10", "2008-02-29", "1944")).map(
        lambda day: {"birth_date": day}),
    st.builds(lambda years, day: {"age": {"value": years, "date": day}}, st.integers(0, 100),
              some.date_texts(until=0)),
)  # fmt: skip


@some.examples(150)
@given(BORN, some.ages().filter(
    lambda rule: isinstance(rule.test, r.Limit) and rule.test.comparator != "="), LATER)  # fmt: skip
def test_nobody_grows_younger(born: some.Profile, rule: r.Age, later: object) -> None:
    profile = {"id": "P", **born}
    before, after = truths([rule], profile) + truths([rule], profile, later)  # type: ignore[arg-type]
    upward = rule.test.comparator in (">", ">=")
    assert (before, after) != ((TRUE, FALSE) if upward else (FALSE, TRUE))


SIMPLE = st.lists(st.one_of(RECENT, LONG_AGO, some.ages(), TIMELESS), min_size=2, max_size=4)


@some.examples(40)
@given(PATIENTS, SIMPLE, st.lists(st.integers(1, 500), min_size=4, max_size=8, unique=True))
def test_the_day_of_change_is_the_first_on_which_time_turns_the_verdict(
    profile: some.Profile, rules: list[r.Rule], ahead: list[int]
) -> None:
    trial = compiled(trial_of(rules), catalogue())
    chart = chart_of(profile)
    results = screened(chart, trial).criteria
    days = {chart.as_of + timedelta(days=number) for number in ahead}
    for result in results:
        if result.changes_on is not None:
            days |= {result.changes_on.date, result.changes_on.date - timedelta(days=1)}
    for day in sorted(days):
        if day <= chart.as_of:
            continue
        for result, then in zip(results, verdicts(chart.moved(day), trial), strict=True):
            # An unknown may be settled by time too, where a record is dated by its year alone.
            turned = "unknown" not in (then, result.verdict) and then != result.verdict
            change = result.changes_on
            if change is None or day < change.date:
                assert not turned, f"{result.rule}: {result.verdict} -> {then} on {day}"
            elif day == change.date:
                assert then == change.verdict, result.rule


@some.examples(60)
@given(some.observations(FEW, 0), st.data())
def test_a_value_is_usable_until_the_day_before_it_is_too_old(
    record: some.Profile, data: st.DataObject
) -> None:
    recorded = data.draw(some.days(60)).isoformat()
    profile = {"id": "P", "age": 60, "sex": "female", "observations": [record | {"date": recorded}]}
    concept = some.identity(record["name"])
    rule = r.Measurement((concept,), r.Limit("<", some.Decimal(2), some.units_of(concept)[0])) if (
        some.units_of(concept)) else r.Finding((concept,), "negative")  # fmt: skip
    (result,) = screen(profile, trial_of([rule])).criteria
    until = result.valid_until
    assert (until is None) == (result.verdict == "unknown" or _never_ages(concept))
    if until is not None:
        last = chart_of(profile, until - timedelta(days=1))
        assert truth(rule, last) is (Truth.TRUE if result.verdict == "pass" else Truth.FALSE)
        assert truth(rule, chart_of(profile, until)) is Truth.UNKNOWN


def _never_ages(concept: str) -> bool:
    return catalogue()[concept].entry.get("ages") == "no"
