"""The library: load a trial, load a patient, screen one against the other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.arguments import A_PATH, must_be
from screener.errors import InputError, Problem
from screener.evaluate.chart import Chart
from screener.evaluate.screening import Compiled, compiled, indexed, screened, verdicts
from screener.intake.json_profile import MAX_BYTES, profile_of, read_profile
from screener.intake.recognise import kind_of, other_kind
from screener.model.calendar import read_date
from screener.model.patient import Patient
from screener.model.policy import Policy
from screener.model.trial import Trial
from screener.model.verdict import ScreeningResult, Verdict
from screener.rulebook import library
from screener.vocabulary.load import catalogue

if TYPE_CHECKING:
    from screener.intake.fhir.account import Account


_A_PATIENT = "what `load_patient(…)` returns"
_A_TRIAL = "what `load_trial(…)` returns"
_A_CHART = "what `chart(patient)` returns"


@dataclass(frozen=True, slots=True)
class Converted:
    """What an input became. `account` says how each entry of a record of another system ended."""

    patient: Patient | None
    problems: tuple[Problem, ...] = ()
    account: "Account | None" = None


def load_trial(trial: str | Path, rules: str | Path | None = None) -> Trial:
    """The trial of an id (`NCT05378971`) or of a rule file's path.

    Raises InputError with every problem of the file.
    """
    must_be(A_PATH, "load_trial", "trial", trial, "a trial's id, or the path of a rule file")
    if rules is not None:
        must_be(A_PATH, "load_trial", "rules", rules, "the path of a folder of rule files, or nothing")
        rules = Path(rules)
    path = library.find(trial, rules) if isinstance(trial, str) else Path(trial)
    return library.load(path, catalogue())


def load_patient(source: str | Path | Mapping[str, Any], patient: str | None = None) -> Patient:
    """The profile of a file, or of a parsed JSON object: our own JSON, a FHIR R4 bundle, a bulk
    export (a folder of NDJSON, or a file of it), or a phenopacket, told apart by content.

    `patient` is the id of one of several patients. Raises InputError with every problem; none of
    them holds the patient's data.
    """
    must_be((*A_PATH, Mapping), "load_patient", "source", source,
            "the path of a file, or parsed JSON as a dict")  # fmt: skip
    must_be((str, type(None)), "load_patient", "patient", patient,
            "the id of one of several patients, or nothing")  # fmt: skip
    if not isinstance(source, Mapping):
        if not str(source).strip():
            raise InputError([Problem("call", "an empty name", "source", "name a patient's file")])
        return _profile(convert(Path(source), patient))
    made = _of_data(source, patient)
    if made is not None:
        return _profile(made)
    profile, problems = profile_of(source)
    if profile is None:
        raise InputError(problems)
    return profile


def patient_of(content: bytes, place: str, patient: str | None = None) -> Patient:
    """The profile of a JSON text; `place` names it in problems. Raises InputError."""
    return _profile(converted(content, place, patient))


def convert(path: Path, patient: str | None = None) -> Converted:
    """What a file became, with the account of its entries. Raises InputError where it has no profile
    and no entries either."""
    if path.suffix == ".ndjson" or _is_folder(path):
        from screener.intake import other
        from screener.intake.fhir.ndjson import is_export

        if is_export(path):
            return _placed(partial(other.exported, path, patient), str(path))
    return converted(library.read_bytes(path, MAX_BYTES), str(path), patient)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def converted(content: bytes, place: str, patient: str | None = None) -> Converted:
    """What a JSON text became. Raises InputError where it cannot be read at all."""
    text = library.text_of(content, place)
    kind, data = other_kind(text)
    if kind != "profile":
        from screener.intake import other

        return _placed(partial(other.converted, data, patient), place)
    profile, problems = read_profile(text)
    if profile is not None and patient is not None:
        problems = [Problem("call", "a profile holds one patient", "--patient", "leave it out")]
    return Converted(profile, tuple(problem.at(place) for problem in problems))


def _placed(read: Callable[[], Any], place: str) -> Converted:
    try:
        made = read()
    except InputError as error:
        raise InputError(problem.at(place) for problem in error.problems) from None
    return Converted(made.patient, tuple(problem.at(place) for problem in made.problems), made.account)


def _of_data(source: Mapping[str, Any], patient: str | None) -> Converted | None:
    if kind_of(source) == "profile":
        return None
    from screener.intake import other

    made = other.converted(source, patient)
    return Converted(made.patient, tuple(made.problems), made.account)


def _profile(made: Converted) -> Patient:
    if made.patient is None or made.problems:
        raise InputError(made.problems)
    return made.patient


def as_of_day(patient: Patient, given: date | str | None = None) -> date:
    """The day screening is judged: as given, else the profile's, else today.

    Raises InputError where it is not one day of the calendar.
    """
    stated = given if given is not None else patient.as_of
    if stated is None:
        return date.today()
    if isinstance(stated, datetime):
        return stated.date()
    if isinstance(stated, date):
        return stated
    try:
        day = read_date(stated)
    except ValueError:
        day = None
    if day is None or not day.exact:
        raise InputError([Problem("as-of", "the as-of date is not one day of the calendar",
                                  "as_of", "write YYYY-MM-DD")])  # fmt: skip
    return day.first


def load_policy(path: str | Path) -> Policy:
    """A site's policy file. Raises InputError with every problem of the file."""
    # Reads YAML, which a call without a policy need not load.
    from screener.rulebook.policy import read_policy

    must_be(A_PATH, "load_policy", "path", path, "the path of a policy file")
    place = Path(path)
    text = library.text_of(library.read_bytes(place), place)
    policy, problems = read_policy(text, catalogue(), str(place))
    if policy is None:
        raise InputError(problems)
    return policy


def chart(
    patient: Patient, *, as_of: date | str | None = None, policy: Policy | str | Path | None = None
) -> Chart:
    """A patient's records indexed for one day, for `screen_all` and `quick`."""
    return _chart("chart", patient, as_of, policy)


def _chart(
    call: str, patient: Patient, as_of: date | str | None, policy: Policy | str | Path | None
) -> Chart:
    must_be(Patient, call, "patient", patient, _A_PATIENT)
    must_be((date, str, type(None)), call, "as_of", as_of, "a datetime.date, or YYYY-MM-DD as a str")
    must_be((Policy, *A_PATH, type(None)), call, "policy", policy,
            "the path of a policy file, or what `load_policy(path)` returns")  # fmt: skip
    if isinstance(policy, str | PathLike):
        policy = load_policy(policy)
    return indexed(patient, catalogue(), as_of_day(patient, as_of), policy)


def _ready(call: str, name: str, trial: Any) -> Compiled:
    several = "; `screen_all` takes several" if isinstance(trial, list | tuple) else ""
    must_be(Trial, call, name, trial, f"{_A_TRIAL}{several}")
    return compile_trial(trial)


@lru_cache(maxsize=512)
def compile_trial(trial: Trial) -> Compiled:
    """A trial ready for screening. Kept, so that one trial is compiled once in a process."""
    return compiled(trial, catalogue())


def screen(
    patient: Patient, trial: Trial, *, as_of: date | str | None = None,
    policy: Policy | str | Path | None = None,
) -> ScreeningResult:  # fmt: skip
    """Screen one patient against one trial.

    `as_of` is the day screening is judged (default: the profile's, else today); `policy` the
    site's limits, or the path of their file. Raises InputError for an impossible `as_of`,
    and for a policy file that cannot be used.
    """
    indexed_chart = _chart("screen", patient, as_of, policy)
    return screened(indexed_chart, _ready("screen", "trial", trial))


def screen_all(chart: Chart, trials: Iterable[Trial]) -> list[ScreeningResult]:
    """One patient against several trials, best prospects first."""
    must_be(Chart, "screen_all", "chart", chart, _A_CHART)
    must_be(Iterable, "screen_all", "trials", trials, f"a list of {_A_TRIAL}")
    ready = [_ready("screen_all", f"trials[{index}]", trial) for index, trial in enumerate(trials)]
    return sorted((screened(chart, one) for one in ready), key=prospect)


def quick(chart: Chart, trial: Trial) -> list[Verdict]:
    """The verdicts of one trial's criteria alone, without their grounds."""
    must_be(Chart, "quick", "chart", chart, _A_CHART)
    return verdicts(chart, _ready("quick", "trial", trial))


def prospect(result: ScreeningResult) -> tuple[int, int, int, str]:
    """The order of trials for a patient: eligible, undetermined with the least open, ineligible."""
    order = {"eligible": 0, "undetermined": 1, "ineligible": 2}[result.overall]
    return order, result.counts["fail"], result.counts["unknown"], result.trial
