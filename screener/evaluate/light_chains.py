"""Free light chains: their ratio, and which of the two is the involved one."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from screener.evaluate.chart import Chart
from screener.evaluate.facts import Observed
from screener.evaluate.thresholds import normal
from screener.evaluate.worked import Derived, Formula, Latest, Number, worked

CHAINS = {"kappa_flc": "mg/L", "lambda_flc": "mg/L"}

RATIO = Formula("flc_ratio", "", "kappa / lambda of one day", lambda kappa, lambda_: kappa / lambda_,
                CHAINS, same_day=True)  # fmt: skip


def of_chains(
    concept: str, unit: str, name: str, work: Callable[[Fraction, Fraction], Number]
) -> Callable[[Chart, Latest], Derived]:
    """A quantity of the involved and the other chain. Which one is involved, the ratio says; where
    it is normal, both are tried."""
    kappa = Formula(concept, unit, f"{name}, kappa involved", work, CHAINS, same_day=True)
    lambda_ = replace(kappa, name=f"{name}, lambda involved",
                      work=lambda first, second: work(second, first))  # fmt: skip

    def made(chart: Chart, latest: Latest) -> Derived:
        ratio, lacking = worked(chart, latest, RATIO)
        if lacking:
            return [], lacking
        chains = _involved(chart, latest, ratio[0])
        results = [worked(chart, latest, kappa if chain == "kappa" else lambda_)[0] for chain in chains]
        return [value for values in results for value in values], []

    return made


def _involved(chart: Chart, latest: Latest, computed: Observed) -> tuple[str, ...]:
    """The involved chain, or both: by the ratio recorded on the day of the chains, else computed."""
    recorded = [value for value in latest("flc_ratio") if value.when == computed.when]
    found = {_side(chart, value) for value in recorded or [computed]}
    return (found.pop(),) if len(found) == 1 and "" not in found else ("kappa", "lambda")


def _side(chart: Chart, value: Observed) -> str:
    about = chart.catalogue[value.concept]
    lower, upper = (normal(chart, about, value, which)[0] for which in ("LLN", "ULN"))
    ratio = value.interval
    if ratio is None or lower is None or upper is None:
        return ""
    if ratio.low is not None and upper.high is not None and ratio.low > upper.high:
        return "kappa"
    below = ratio.high is not None and lower.low is not None and ratio.high < lower.low
    return "lambda" if below else ""
