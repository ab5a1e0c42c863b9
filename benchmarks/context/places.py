"""Where the benchmark keeps what it measures with."""

from pathlib import Path

import platformdirs


def packages_folder() -> Path:
    """Return the folder of the packages' archives and sources, in codenook's cache."""
    return platformdirs.user_cache_path("codenook") / "benchmarks" / "context"
