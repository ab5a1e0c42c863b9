"""docs/files.md says what the code does."""

import re
from pathlib import Path

from codenook.context.files.content import _MAX_COMMENT_ROWS, _MAX_MEAN_LINE_CHARS, _MIN_MINIFIED_CHARS
from codenook.context.files.ignore import DEFAULTS
from codenook.context.files.names import SECRET_FOLDERS
from codenook.context.files.skip import MAX_FILE_BYTES, Skip

PAGE = (Path(__file__).parents[3] / "docs/files.md").read_text(encoding="utf-8")


def test_every_reason_is_documented():
    assert re.findall(r"^\| `([a-z0-9_]+)` \|", PAGE, flags=re.MULTILINE) == list(Skip)


def test_every_pattern_is_documented():
    assert f"```{DEFAULTS}```" in PAGE
    assert all(f"`{folder}`" in PAGE for folder in SECRET_FOLDERS)


def test_the_limits_are_documented():
    for limit in (MAX_FILE_BYTES, _MIN_MINIFIED_CHARS, _MAX_MEAN_LINE_CHARS, _MAX_COMMENT_ROWS):
        assert f" {limit:,} " in PAGE
