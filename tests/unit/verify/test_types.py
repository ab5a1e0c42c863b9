"""Documented types beside declared ones: what is certain is told, and nothing else."""

import pytest

from codenook.server.verify.types import is_other_type

FITS = [
    ("int", "int"),
    ("integer", "int"),
    (":class:`str`", "str"),
    ("~builtins.int", "int"),
    ("int or None", "int | None"),
    ("int, optional", "int"),
    ("None or str", "typing.Optional[str]"),
    ("str", "Union[int, str]"),
    ("list of str", "list[str]"),
    ("list of ints", "typing.List[int]"),
    ("list", "list[str]"),
    ("dict[str, int]", "dict[str, int]"),
    ("int", "float"),
    ("bool", "int"),
    ("int", ""),
    ("", "int"),
    ("a number of rows", "str"),
    ("ndarray", "int"),
    ("int", "ArrayLike"),
    ("tuple", "Sequence[int]"),
    ("list[T]", "list[int]"),
]
OTHER = [
    ("str", "int"),
    ("string", "int | None"),
    ("int or str", "int"),
    ("list", "dict[str, int]"),
    ("list of str", "list[int]"),
    ("dict[str, str]", "dict[str, int]"),
    (":class:`int`", "Optional[str]"),
    ("None", "int"),
    ("float", "int"),
    ("str, optional", "int"),
]


@pytest.mark.parametrize(("told", "declared"), FITS)
def test_what_may_be_so_is_left_alone(told, declared):
    assert not is_other_type(told, declared)


@pytest.mark.parametrize(("told", "declared"), OTHER)
def test_what_can_not_be_so_is_told(told, declared):
    assert is_other_type(told, declared)


@pytest.mark.parametrize("text", ["[", "]", "|", "Union[", "Optional[]", "list[" * 40, "or or", ":class:``"])
def test_no_type_is_too_strange(text):
    assert not is_other_type(text, "int")
    assert not is_other_type("int", text)
