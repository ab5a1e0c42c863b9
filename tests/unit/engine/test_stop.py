"""Where a candidate ends, by its text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.models.engine.messages import StopRule
from codenook.models.engine.stop import cut

LINE = StopRule(max_lines=1)
OPENING = StopRule(max_lines=1, openers=(":",))
BODY = StopRule(max_lines=10, min_indent=4)
BELOW = StopRule(max_lines=10, min_indent=4, following="    below()")
BRACES = StopRule(max_lines=10, min_indent=4, keep_closer=True)


@pytest.mark.parametrize(
    ("text", "rule", "shown"),
    [
        ("a + b", LINE, None),
        ("a + b\n", LINE, "a + b"),
        ("\n    return a\n", LINE, "\n    return a"),
        ("\n    return a", LINE, None),
        ("\n\n\n", LINE, ""),
        ("if a:\n", OPENING, None),
        ("if a:\n    b\n", OPENING, "if a:\n    b"),
        ("if a:\n    if b:\n        c\n    d\n", OPENING, "if a:\n    if b:\n        c"),
        ("x = 1\n    y = 2\n", BODY, None),
        ("x = 1\n    y = 2\ndef", BODY, "x = 1\n    y = 2"),
        ("x = 1\n\n    y = 2\n  z", BODY, "x = 1\n\n    y = 2"),
        ("x = 1\n\n\n", BODY, "x = 1"),
        ("x = 1\n        y\n    z\n", BODY, None),
        ("x();\n}", BRACES, None),
        ("x();\n}\n", BRACES, "x();\n}"),
        ("x();\n};\nint y", BRACES, "x();\n};"),
        ("x();\nint y", BRACES, "x();"),
        ("x = 1\n    x = 1\n", BODY, "x = 1"),
        ("x = 1\n\n    x = 1\n", BODY, "x = 1"),
        ("\n    x = 1\n    x = 1  \n", BODY, "\n    x = 1"),
        ("x = 1\n    x = 1", BODY, None),
        ("x = 1\n    x = 12\n", BODY, None),
        ("if a:\n        return 1\n    return 1\n", BODY, None),
        ("x = [\n    [],\n    [],\n", BODY, None),
        ("x = 1\n    below()\n", BELOW, "x = 1"),
        ("x = 1\n        below()\n", BELOW, None),
        ("below()\n    x = 1\n", BELOW, None),
    ],
)
def test_cut(text, rule, shown):
    length = cut(text, rule)
    assert (None if length is None else text[:length]) == shown


@given(st.text(alphabet="ab \n\t}:", max_size=60), st.integers(1, 4), st.one_of(st.none(), st.integers(0, 4)))
def test_a_candidate_ends_where_it_would_have_ended_token_by_token(text, max_lines, min_indent):
    rule = StopRule(max_lines=max_lines, min_indent=min_indent, following="  b")
    whole = cut(text, rule)
    first = next(
        (length for end in range(len(text) + 1) if (length := cut(text[:end], rule)) is not None), None
    )
    assert first == whole


@given(st.text(alphabet="ab \n", max_size=60), st.integers(1, 4))
def test_what_is_kept_has_at_most_the_lines_asked_for(text, max_lines):
    length = cut(text, StopRule(max_lines=max_lines))
    if length is not None:
        assert sum(1 for line in text[:length].split("\n") if line.strip()) <= max_lines
