"""Names get the style of their new language, none is reserved there, and no two are the same."""

import keyword

import pytest
from hypothesis import given
from written_shapes import NAMES, TARGETS

from codenook.server.translation.languages.writings import WRITERS
from codenook.server.translation.signature import Parameter, Signature
from codenook.server.translation.writing.names import Case, cased, distinct, words


@pytest.mark.parametrize(
    ("name", "snake", "camel", "pascal", "screaming"),
    [
        ("parseHTTPHeader", "parse_http_header", "parseHttpHeader", "ParseHttpHeader", "PARSE_HTTP_HEADER"),
        ("MAX_SIZE", "max_size", "maxSize", "MaxSize", "MAX_SIZE"),
        ("__init__", "init", "init", "Init", "INIT"),
        ("utf8Text", "utf8_text", "utf8Text", "Utf8Text", "UTF8_TEXT"),
        ("x", "x", "x", "X", "X"),
        ("_", "unused", "unused", "Unused", "UNUSED"),
        ("größe_in_cm", "größe_in_cm", "größeInCm", "GrößeInCm", "GRÖSSE_IN_CM"),
    ],
)
def test_words_are_put_together_in_every_style(name, snake, camel, pascal, screaming):
    assert [cased(name, case) for case in Case] == [snake, camel, pascal, screaming]


def test_words_of_a_name():
    assert words("getURLOfID2") == ["get", "URL", "Of", "ID", "2"]


def test_names_that_are_there_get_a_number():
    assert distinct(["n", "n", "n2", "n"], taken={"n3"}) == ("n", "n2", "n22", "n4")


@pytest.mark.parametrize(
    ("target", "written"),
    {
        "python": ("_load_all", "class_", "max_"),
        "javascript": ("loadAll", "class_", "max"),
        "typescript": ("loadAll", "class_", "max"),
        "go": ("loadAll", "class", "max_"),
        "rust": ("load_all", "class", "max"),
        "java": ("loadAll", "class_", "max"),
        "c": ("load_all", "class", "max"),
        "cpp": ("load_all", "class_", "max"),
    }.items(),
)
def test_what_is_reserved_is_escaped_and_what_is_private_stays_so(target, written):
    signature = Signature("_loadAll", (Parameter("class"), Parameter("max")), is_public=False)
    skeleton = WRITERS[target].function(signature, "typescript")
    names = (skeleton.signature.name, *(each.name for each in skeleton.signature.parameters))
    assert names == written
    row = skeleton.before.strip().splitlines()[-1]
    mark = {"java": "private static", "c": "static", "cpp": "static", "rust": "fn load_all"}.get(target, "")
    assert row.strip().startswith(mark)
    assert "export" not in row
    assert "pub" not in row


@pytest.mark.parametrize("target", ["go", "rust", "c", "cpp"])
def test_a_program_has_its_own_main(target):
    assert WRITERS[target].function(Signature("main"), "python").signature.name.lower() == (
        "main" if target == "go" else "main_"
    )


@given(name=NAMES)
def test_no_parameter_of_python_is_a_keyword(name):
    skeleton = WRITERS["python"].function(Signature("f", (Parameter(name),)), "java")
    (parameter,) = skeleton.signature.parameters
    assert parameter.name.isidentifier()
    assert not keyword.iskeyword(parameter.name)


@pytest.mark.parametrize("target", TARGETS)
def test_parameters_that_differ_in_their_style_alone_stay_apart(target):
    parameters = tuple(map(Parameter, ("maxSize", "max_size", "MAX_SIZE")))
    names = [
        each.name
        for each in WRITERS[target].function(Signature("f", parameters), "java").signature.parameters
    ]
    assert len({*names}) == 3
