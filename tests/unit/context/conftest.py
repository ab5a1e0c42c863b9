"""Small workspaces on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[dict[str, str]], None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files, given as ``{path: text}``, below the workspace root."""

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return write
