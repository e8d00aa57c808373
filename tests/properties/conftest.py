"""One hypothesis profile for every law: the same examples each time, and no clock.

`LAWS=20 pytest tests/properties` looks twenty times as far, at other examples each time.
"""

from hypothesis import HealthCheck, Phase, settings

from tests.strategies import SCALE

settings.register_profile(
    "laws", deadline=None, derandomize=SCALE == 1, database=None, max_examples=40 * SCALE,
    # Without the phase that explains a failure: it costs minutes.
    phases=[Phase.explicit, Phase.generate, Phase.shrink], report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
settings.load_profile("laws")
