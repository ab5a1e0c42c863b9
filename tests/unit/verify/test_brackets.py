"""Brackets that stand alone."""

import pytest

from codenook.server.verify.brackets import missing_closers, n_unmatched


@pytest.mark.parametrize(
    ("text", "closers"),
    [("f(a", ")"), ("f([{", "}])"), ("f(a)", ""), ("f(')'", ")"), ("x)", ""), ("(]", ")")],
)
def test_missing_closers(text, closers):
    assert missing_closers(text) == closers
    assert n_unmatched(text + closers) == n_unmatched(text) - len(closers)
