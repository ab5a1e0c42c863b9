"""Documents that are looked at while someone works in them."""

from pathlib import Path

import pytest

from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import MOST_CHARACTERS, look

STALE = 'def far():\n    """Go far.\n\n    Args:\n        angle: Where.\n    """\n'


def document(text):
    return Document("file:///cart.py", Path("/cart.py"), text, "python")


def test_a_long_document_is_left_alone():
    assert len(look(document(STALE)).findings) == 1
    assert look(document(STALE + "#" * MOST_CHARACTERS)).findings == ()


@pytest.mark.parametrize("row", ["*" * 150_000, " " * 150_000 + "a", "-" * 150_000])
def test_documentation_with_endless_rows_is_left_alone(row):
    assert look(document(STALE.replace("Where.", f"Where.\n        {row}"))).findings == ()


def test_what_was_read_before_makes_no_difference():
    first = look(document(STALE))
    assert look(document("x = 1\n" + STALE), first).findings == look(document("x = 1\n" + STALE)).findings
