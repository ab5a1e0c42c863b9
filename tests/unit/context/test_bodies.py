"""What is shown of a body: where it reads something, with marks for the rest."""

import inspect
import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.context.bodies import excerpt, whole
from codenook.context.outline import Kind
from codenook.context.parse import encode, language_named, parse

PYTHON = language_named("python")

LONG = """\
import os


class Reader:
    @cached
    def lines(
        self,
        path: str,
    ) -> list[str]:
        first = 1
        second = 2
        third = 3
        for line in open_it(
            path,
            first,
        ):
            yield line
        fourth = 4
        fifth = 5
        return open_it(second)
"""

GO = """\
package p

func (r *Reader) Lines(path string) []string {
	first := 1
	second := 2
	third := 3
	for _, line := range openIt(path) {
		use(line)
	}
	return nil
}
"""


def of(language, text, symbol, word):
    """Return (the excerpt around each ``word``, the whole) of one definition."""
    parsed = parse(language_named(language), encode(text))
    outline = parsed.language.reader.outline(parsed)
    (definition,) = (d for d in outline.definitions if d.symbol == symbol)
    starts = [node.start_byte for node in parsed.nodes_of([word])]
    return excerpt(parsed, definition, starts), whole(parsed.source, definition)


def test_an_excerpt_has_the_header_and_the_pieces_that_read_the_name() -> None:
    shown, _ = of("python", LONG, "Reader.lines", "open_it")
    assert shown == textwrap.dedent("""\
        @cached
        def lines(
            self,
            path: str,
        ) -> list[str]:
            # ...
            for line in open_it(
                path,
                first,
            ):
                yield line
            # ...
            return open_it(second)""")


def test_a_whole_body_is_the_text_without_its_indentation() -> None:
    _, text = of("python", LONG, "Reader.lines", "open_it")
    assert textwrap.indent(text, "    ") in LONG


def test_a_body_in_brackets_keeps_its_last_line() -> None:
    shown, _ = of("go", GO, "Reader.Lines", "openIt")
    assert shown.split("\n") == [
        "func (r *Reader) Lines(path string) []string {",
        "\t// ...",
        "\tfor _, line := range openIt(path) {",
        "\t\tuse(line)",
        "\t}",
        "\treturn nil",
        "}",
    ]


def test_a_header_ends_at_the_functions_own_body() -> None:
    text = LONG.replace("@cached", "@cached(key=lambda path: path)").replace(
        "        path: str,", "        path=lambda: 1,"
    )
    shown, _ = of("python", text, "Reader.lines", "fifth")
    assert shown.split("\n") == [
        "@cached(key=lambda path: path)",
        "def lines(",
        "    self,",
        "    path=lambda: 1,",
        ") -> list[str]:",
        "    # ...",
        "    fifth = 5",
        "    return open_it(second)",
    ]


def test_a_deep_expression_is_no_obstacle() -> None:
    deep = f"@deco({' + '.join('x' * 5_000)})\ndef f():\n    return use()\n"
    shown, _ = of("python", deep, "f", "use")
    assert shown.endswith("def f():\n    return use()")


def test_a_definition_without_uses_is_its_header() -> None:
    shown, _ = of("go", GO, "Reader.Lines", "absent")
    assert shown.split("\n") == ["func (r *Reader) Lines(path string) []string {", "\t// ...", "}"]


@pytest.fixture(scope="module")
def module():
    parsed = parse(PYTHON, encode(inspect.getsource(json.decoder)))
    functions = [
        definition
        for definition in PYTHON.reader.outline(parsed).definitions
        if definition.kind in {Kind.FUNCTION, Kind.METHOD}
    ]
    return parsed, functions


@given(data=st.data())
def test_each_use_is_in_the_excerpt_and_each_line_in_the_text_but_for_marks(data, module) -> None:
    parsed, functions = module
    definition = data.draw(st.sampled_from(functions))
    first, end = parsed.span(definition.start_line, definition.end_line)
    starts = data.draw(st.lists(st.integers(first, end - 1), max_size=4))
    shown = excerpt(parsed, definition, starts).split("\n")
    lines = whole(parsed.source, definition).split("\n")
    rest = iter(lines)
    assert all(line in rest for line in shown if line.strip() != "# ..."), "in the order of the text"
    rows = {parsed.source.count(b"\n", first, start) for start in starts}
    assert {lines[row] for row in rows if row < len(lines)} <= {*shown}
