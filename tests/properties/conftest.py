"""One hypothesis profile for every law: the same examples each time, and no clock."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "laws", deadline=None, derandomize=True, database=None, max_examples=40, report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
settings.register_profile(
    "search", parent=settings.get_profile("laws"), derandomize=False, max_examples=1000
)
if settings.get_current_profile_name() != "search":  # --hypothesis-profile=search looks further
    settings.load_profile("laws")
