"""Documentation taken apart and written, in every dialect."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.server.documentation.dialects import DIALECTS, google
from codenook.server.documentation.parts import Item, Parts

WRITTEN = {
    "google": """\
Move the turtle.

It leaves a line.

Args:
    distance (float): How far,
        in steps.
    *others: More turtles.

Returns:
    int: Where it is.

Raises:
    ValueError: For a wall.

Example:
    move(3)""",
    "numpy": """\
Move the turtle.

It leaves a line.

Parameters
----------
distance : float
    How far,
    in steps.
*others
    More turtles.

Returns
-------
int
    Where it is.

Raises
------
ValueError
    For a wall.

Examples
--------
move(3)""",
    "rest": """\
Move the turtle.

It leaves a line.

:param float distance: How far,
    in steps.
:param \\*others: More turtles.
:return: Where it is.
:rtype: int
:raises ValueError: For a wall.""",
    "jsdoc": """\
Move the turtle.

It leaves a line.

@param {float} distance - How far,
in steps.
@param others - More turtles.
@returns {int} Where it is.
@throws {ValueError} For a wall.
@example
move(3)""",
    "javadoc": """\
Move the turtle.

It leaves a line.

@param distance How far,
    in steps.
@param others More turtles.
@return Where it is.
@throws ValueError For a wall.
@see Pen""",
    "doxygen": """\
@brief Move the turtle.

It leaves a line.

@param[in] distance How far,
in steps.
@param others More turtles.
@return Where it is.
@throws ValueError For a wall.

@note Slow.""",
    "rustdoc": """\
Move the turtle.

It leaves a line.

# Arguments

* `distance` - How far,
  in steps.
* `others` - More turtles.

# Returns

Where it is.

# Errors

For a wall.

# Examples

move(3)""",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_part_is_found(name):
    parts = DIALECTS[name].parse(WRITTEN[name].split("\n"))
    assert (parts.summary, parts.description) == ("Move the turtle.", "It leaves a line.")
    flat = parts.unwrapped()
    assert [(item.names, item.text) for item in flat.parameters] == [
        (("distance",), "How far, in steps."),
        (("others",), "More turtles."),
    ]
    assert flat.returns.text == "Where it is."
    assert [(item.name, item.text) for item in flat.raises] == [
        ("Errors" if name == "rustdoc" else "ValueError", "For a wall.")
    ]
    assert parts.is_whole


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_again_says_the_same(name):
    parts = DIALECTS[name].parse(WRITTEN[name].split("\n"))
    assert DIALECTS[name].parse(DIALECTS[name].render(parts, 60)).unwrapped() == parts.unwrapped()


@pytest.mark.parametrize("name", ["google", "numpy", "rest", "jsdoc"])
def test_types_are_found_where_they_are_written(name):
    parts = DIALECTS[name].parse(WRITTEN[name].split("\n"))
    assert (parts.parameters[0].type, parts.returns.type) == ("float", "int")


HEADINGS = {title.lower() for title in google._TITLES}
WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12).filter(
    lambda word: word not in HEADINGS
)
TEXT = st.lists(WORD, min_size=1, max_size=30).map(lambda words: " ".join(words).capitalize() + ".")
NAMES = st.lists(WORD, unique=True, max_size=4)


@st.composite
def any_parts(draw, dialect):
    items = [Item((name,), "", draw(TEXT)) for name in draw(NAMES)]
    raised = (
        [Item((name.capitalize(),), "", draw(TEXT)) for name in draw(NAMES)] if dialect.says_raises else []
    )
    if dialect.name == "rustdoc":
        raised = [
            Item((name,), "", draw(TEXT)) for name in draw(st.sets(st.sampled_from(["Errors", "Panics"])))
        ]
    result = draw(st.none() | st.builds(Item, text=TEXT))
    types = ["int", "str"] if dialect.name in {"numpy", "jsdoc"} else [""]
    return Parts(
        draw(TEXT),
        draw(st.just("") | TEXT),
        tuple(evolve(item, type=draw(st.sampled_from(types))) for item in items),
        result,
        raises=tuple(raised),
    )


@pytest.mark.parametrize("name", [name for name in DIALECTS if name != "godoc"])
@settings(deadline=None, max_examples=60)
@given(data=st.data(), width=st.integers(40, 100))
def test_any_parts_are_found_in_what_is_written_of_them(name, data, width):
    parts = data.draw(any_parts(DIALECTS[name]))
    assert DIALECTS[name].parse(DIALECTS[name].render(parts, width)).unwrapped() == parts


@pytest.mark.parametrize("name", DIALECTS)
@settings(deadline=None, max_examples=60)
@given(text=st.text("ab:.-_@\\`*#{}[]() \n\"'=<>", max_size=120))
def test_no_text_is_too_strange_to_be_read(name, text):
    parts = DIALECTS[name].parse(text.split("\n"))
    assert all(item.first <= item.last < len(text.split("\n")) for item in parts.items)


@pytest.mark.parametrize(
    ("name", "row", "default"),
    [
        ("google", "    x: How far. Defaults to 3.", "3"),
        ("google", "    x (int): How far (default: `None`).", "`None`"),
        ("google", "    x: How far. Defaults to 3 when y is given.", ""),
        ("google", "    x: Defaults to the length.", ""),
        ("google", "    x: The default is 1.5.", "1.5"),
        ("google", "    x: How far. Default is 3", "3"),
        ("google", "    x: Use 4, but the default is 3.", ""),
    ],
)
def test_defaults_are_found_where_they_are_certain(name, row, default):
    parts = DIALECTS[name].parse(["Go.", "", "Args:", row])
    assert parts.parameters[0].default == default


@pytest.mark.parametrize(
    ("name", "rows", "default"),
    [
        ("numpy", ["Parameters", "----------", "x : int, default 3"], "3"),
        ("numpy", ["Parameters", "----------", "x : int, default: 3"], "3"),
        ("numpy", ["Parameters", "----------", "x : int, optional (default=3)"], "3"),
        ("rest", [":param x=3: how far"], "3"),
        ("jsdoc", ["@param {number} [x=3] how far"], "3"),
        ("jsdoc", ["@param {number} [x] how far"], ""),
    ],
)
def test_each_dialect_has_its_own_places_for_defaults(name, rows, default):
    assert DIALECTS[name].parse(rows).parameters[0].default == default


def test_code_in_comments_has_no_tags():
    parts = DIALECTS["jsdoc"].parse(["Go.", "```", "@param x", "```", "@param y - far"])
    assert [item.name for item in parts.parameters] == ["y"]


@pytest.mark.parametrize(
    "row", ["\\param[in] size How many", "\\param [in,out] size How many", "@param size, how many"]
)
def test_what_stands_beside_a_name_is_no_name(row):
    (item,) = DIALECTS["doxygen"].parse(["Go.", "", row]).parameters
    assert item.names == ("size",)
    assert row[item.column :].startswith("size")


def test_members_of_a_parameter_are_no_parameters():
    rows = ["@param {Object} options", "@param {number} options.speed", "@param {Item[]} items[].name"]
    assert [item.name for item in DIALECTS["jsdoc"].parse(rows).parameters] == ["options"]


def test_a_row_that_is_no_item_is_told():
    assert not DIALECTS["google"].parse(["Args:", "    x: far", "    and so on"]).is_whole
