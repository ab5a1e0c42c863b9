"""What commands print: one object for a long list, and one line whatever is in it."""

import json

import pytest

from codenook.server.terminal import JsonList, err, out, print_json, printable, say


@pytest.mark.parametrize("before", [{}, {"written": False, "root": "/"}])
@pytest.mark.parametrize("values", [[], [1], [{"a": [1, 2]}, "\u00e4\n", [], {}]])
def test_a_list_that_is_printed_as_it_comes_reads_as_if_printed_at_once(capsys, before, values):
    after = {"skipped": {"n": 1}, "files": 3}
    printed = JsonList(before, "results")
    for value in values:
        printed.add(value)
    printed.end(after)
    as_it_came = capsys.readouterr().out
    print_json({**before, "results": values, **after})
    assert as_it_came == capsys.readouterr().out
    assert json.loads(as_it_came)["results"] == values


def test_a_name_that_is_no_utf8_is_valid_json(capfdbinary):
    print_json({"path": "bad\udcff.py"})
    assert json.loads(capfdbinary.readouterr().out.decode("utf-8")) == {"path": "bad\udcff.py"}


def test_a_message_is_one_line_that_commands_no_terminal(capsys):
    say("can't read a\nb\x1b[31m\udcff\u202e.py: [bold]no\u00e9 :x:")
    assert (
        capsys.readouterr().err
        == "codenook: can't read a\\nb\\x1b[31m\\udcff\\u202e.py: [bold]no\u00e9 :x:\n"
    )


@pytest.mark.parametrize("console", [out, err])
def test_a_line_s_number_is_no_emoji(console, capsys):
    console.print("a.py:100:5: far has no parameter angle", markup=False)
    captured = capsys.readouterr()
    assert (captured.out + captured.err) == "a.py:100:5: far has no parameter angle\n"


def test_printable_text_stays():
    assert printable("pkg/na\u00efve \u540d.py") == "pkg/na\u00efve \u540d.py"
