"""What holds for all tests.

Property tests try the same examples each time, however long that takes, so that a commit passes or fails by
what is in it. New ones are tried with ``make test PYTEST_ARGS=--hypothesis-profile=default``.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")
