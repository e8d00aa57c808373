"""`make bench`: how much screening costs beside something everybody knows the cost of."""

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from screener import api
from screener.evaluate.chart import Chart
from screener.evaluate.screening import Compiled, compiled, indexed, screened, verdicts
from screener.vocabulary.load import catalogue
from tests.bench.made import AS_OF, bundle, patient, trial

PYDANTIC = [sys.executable, "-c", "from pydantic import BaseModel"]


def main() -> None:
    gc.disable()  # as timeit does: a collection belongs to no single call
    print(f"{'what':<58}{'ratio':>8}  {'goal':>8}")
    processes()
    one_patient()
    clinic_record()
    growth()


def row(what: str, ratio: float, goal: str) -> None:
    print(f"{what:<58}{ratio:>8.2f}  {goal:>8}")


def timed(run: Callable[[], object]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


# --- the process ------------------------------------------------------------------------------


def processes() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patient.json"
        path.write_text(json.dumps(patient(50)))
        call = [sys.executable, "-m", "screener", str(path), "--trial", "NCT05378971", "--json"]
        kept = os.environ | {"SCREENER_CACHE": f"{folder}/kept"}
        _run(call, kept)
        base, later, first = [], [], []
        for number in range(15):
            base.append(timed(lambda: _run(PYDANTIC, kept)))
            later.append(timed(lambda: _run(call, kept)))
            if number < 5:
                fresh = os.environ | {"SCREENER_CACHE": f"{folder}/fresh{number}"}
                first.append(timed(lambda env=fresh: _run(call, env)))  # type: ignore[misc]
        row("process, compiled rules kept / import of pydantic", median(later) / median(base), "<= 2.5")
        row("process, first call / import of pydantic", median(first) / median(base), "<= 6")


def _run(call: Sequence[str], env: dict[str, str]) -> None:
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, env=env)


# --- one patient ------------------------------------------------------------------------------


def one_patient() -> None:
    text = json.dumps(patient(50))
    profile = api.load_patient(json.loads(text))
    one = compiled(trial(0), catalogue())
    many = [compiled(trial(number), catalogue()) for number in range(300)]
    charts = [indexed(profile, catalogue(), AS_OF) for _ in range(600)]
    warm(charts.pop(), [one, *many])
    loads = best(lambda: json.loads(text), 300)
    alone = fresh(charts, 200, lambda chart: verdicts(chart, one))
    whole = fresh(charts, 100, lambda chart: screened(chart, one).model_dump_json())
    each = fresh(charts, 10, lambda chart: _all(chart, many)) / len(many)
    row("verdicts of 20 criteria, 50 records / json.loads", alone / loads, "<= 1.5")
    row("whole result as JSON / json.loads", whole / loads, "<= 15")
    row("verdicts of each of 300 trials / json.loads", each / loads, "<= 0.5")


def clinic_record() -> None:
    """A FHIR bundle on its way from bytes to the verdicts of one trial."""
    content = json.dumps(bundle(500)).encode()
    one = compiled(trial(0), catalogue())

    def read() -> None:
        verdicts(indexed(api.patient_of(content, "bundle"), catalogue(), AS_OF), one)

    read()
    loads = best(lambda: json.loads(content), 30)
    row("FHIR bundle of 500 entries to a profile / json.loads",
        best(lambda: api.patient_of(content, "bundle"), 15) / loads, "")  # fmt: skip
    row("FHIR bundle of 500 entries to verdicts / json.loads", best(read, 15) / loads, "<= 3")


def best(run: Callable[[], object], times: int) -> float:
    return median(timed(run) for _ in range(times))


def fresh(charts: list[Chart], times: int, run: Callable[[Chart], object]) -> float:
    """The time of a run on a chart that remembers nothing yet."""
    return median(timed(partial(run, charts.pop())) for _ in range(times))


def warm(chart: Chart, trials: Sequence[Compiled]) -> None:
    """Thresholds are converted once in a trial's life, not once a patient."""
    _all(chart, trials)
    screened(chart, trials[0])


def _all(chart: Chart, trials: Sequence[Compiled]) -> None:
    for each in trials:
        verdicts(chart, each)


# --- growth -----------------------------------------------------------------------------------


def growth() -> None:
    print()
    print(f"{'cost of one more, beside the smallest (1 is linear)':<58}{'ratio':>8}")
    one = compiled(trial(0), catalogue())
    costs = {}
    for records in (100, 1_000, 10_000):
        profile = api.load_patient(patient(records))
        costs[records] = best(lambda p=profile: verdicts(indexed(p, catalogue(), AS_OF), one), 5)  # type: ignore[misc]
        row(f"  index and verdicts, {records} records", _each(costs, records), "")
    profile = api.load_patient(patient(50))
    costs = {}
    for count in (20, 200, 2_000):
        longer = compiled(trial(0, count), catalogue())
        warm(indexed(profile, catalogue(), AS_OF), [longer])
        charts = [indexed(profile, catalogue(), AS_OF) for _ in range(7)]
        costs[count] = median(timed(lambda c=c, t=longer: verdicts(c, t)) for c in charts)  # type: ignore[misc]
        row(f"  verdicts, {count} criteria", _each(costs, count), "")


def _each(costs: dict[int, float], size: int) -> float:
    smallest = min(costs)
    return (costs[size] / size) / (costs[smallest] / smallest)


if __name__ == "__main__":
    main()
