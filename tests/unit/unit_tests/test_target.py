import pytest
from python_projects import target_of


@pytest.mark.parametrize("odd", ["\f", "\v", "\u2028", "\x85", "\x1c"])
def test_only_line_feeds_end_the_lines_of_a_source(odd):
    text = f'ODD = "{odd}"\r\n\n\ndef f():\n    return "{odd}"\n\n\ndef g():\n    return 1\n'
    assert target_of(None, "a.py", text, "f").source == f'def f():\n    return "{odd}"\n'
