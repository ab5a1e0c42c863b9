"""Changes to find something in."""

from pathlib import Path

import pytest

from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks


@pytest.fixture
def change_of():
    """Make a change of files, given as ``path: (old text, new text)``."""

    def make(files):
        changed = []
        for path, (old, new) in files.items():
            before, after = (None if text is None else Text(text) for text in (old, new))
            changed.append(
                ChangedFile(path, None if old is None else path, before, after, hunks(before, after))
            )
        return Change(Path("/work"), "a change", tuple(changed))

    return make
