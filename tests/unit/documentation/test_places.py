"""Places in a source, and comments above a definition, found without reading all that is before them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.comments import begins_row
from codenook.server.documentation.languages import describer
from codenook.server.documentation.languages.describer import comments_above
from codenook.server.documentation.places import code_points, row

TEXT = st.text(st.sampled_from("ab\n\té🙂") | st.characters(codec="utf-8"), max_size=40)


@settings(deadline=None)
@given(st.lists(TEXT, max_size=4), st.integers(0, 2), st.data())
def test_places_are_those_that_counting_from_the_start_gives(texts, factor, data):
    text = "".join(each * 50**factor for each in texts)
    at = data.draw(st.integers(0, len(text)))
    source, start = encode(text), len(encode(text[:at]))
    assert (code_points(source, start), row(source, start)) == (at, text.count("\n", 0, at))


PIECES = [
    "// one\n",
    "  // two\n",
    "/* three */\n",
    "/* four\n\n four */\n",
    "/** five\n * five\n */\n",
    "/* six\n* six */ x = 6;\n",
    "x = 7; // seven\n",
    "x = 8;\n",
    "\n",
    "   \n",
    "// nine \\\nnine\n",
    "*p = 1;\n",
    "@once\n",
]


def by_neighbours(source, node):
    """The same from neighbour to neighbour."""
    found = []
    at, above = node, node.prev_sibling
    while above is not None and "comment" in above.type and begins_row(source, above.start_byte):
        ends = above.end_point.row - (above.end_point.column == 0)
        if ends < at.start_point.row - 1:
            break
        found.insert(0, above)
        at, above = above, above.prev_sibling
    return found


@pytest.mark.parametrize("language", ["javascript", "typescript", "java", "go", "rust", "c", "cpp"])
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["", "\ufeff"]),
    st.lists(st.sampled_from(PIECES), max_size=9),
    st.sampled_from(["{}int f() {{}}\n", "class A {{\n{}int f() {{}}\n}}\n"]),
    st.integers(0, 2),
)
def test_comments_above_are_those_from_neighbour_to_neighbour(language, mark, pieces, around, n_near):
    source = encode(mark + around.format("".join(pieces)))
    to_visit = [parse(language_named(language), source).root]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(describer, "_N_NEAR", n_near)
        while to_visit:
            node = to_visit.pop()
            to_visit += node.children
            assert comments_above(source, node) == by_neighbours(source, node)
