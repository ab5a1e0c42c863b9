"""What holds for all tests.

Property tests try the same examples each time, so that a commit passes or fails by what is in it. New
ones are tried with ``make test PYTEST_ARGS=--hypothesis-profile=default``.
"""

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")
