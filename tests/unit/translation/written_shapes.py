"""Signatures for the tests of what is written: some by hand, others drawn."""

from hypothesis import strategies as st

from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.signature import Parameter, Signature

TARGETS = ("python", "javascript", "typescript", "go", "rust", "java", "c", "cpp")


def of(kind, *parts, bits=0, is_signed=True, name=""):
    return Shape(Kind(kind), parts, bits, is_signed, name)


INT, LONG, TEXT, FLOAT = of("int"), of("int", bits=64), of("text"), of("float", bits=64)

PLAIN = (
    *(of("bool"), INT, of("char"), TEXT, of("bytes"), FLOAT, of("float", bits=32)),
    *(of("int", bits=bits, is_signed=is_signed) for bits in (8, 16, 32, 64) for is_signed in (True, False)),
)
SHAPES = (
    *PLAIN,
    UNKNOWN,
    of("class", name="Elsewhere"),
    *(of("list", part) for part in PLAIN),
    of("list", of("list", INT)),
    of("list", of("list", of("list", TEXT))),
    of("list", UNKNOWN),
    of("tuple", INT, INT),
    of("tuple", TEXT, INT, of("list", FLOAT)),
    of("tuple", FLOAT),
    of("tuple", of("tuple", INT, TEXT), of("option", TEXT)),
    of("map", TEXT, INT),
    of("map", of("tuple", INT, INT), of("list", TEXT)),
    of("map", INT, of("map", TEXT, of("set", INT))),
    of("map", of("list", INT), of("bool")),
    of("set", TEXT),
    of("set", of("tuple", INT, TEXT)),
    *(of("option", part) for part in PLAIN),
    of("option", of("list", INT)),
    of("option", of("map", TEXT, FLOAT)),
    of("option", of("tuple", INT, TEXT)),
    of("list", of("option", INT)),
    of("list", of("tuple", TEXT, INT)),
    of("option", of("option", INT)),
)
"""Shapes of all kinds, by themselves and in each other."""

NAMES = st.from_regex(
    r"_?[a-zA-Z][a-zA-Z0-9]{0,6}(_[a-zA-Z0-9]{1,5}){0,2}", fullmatch=True
) | st.sampled_from(
    [
        "class",
        "type",
        "func",
        "fn",
        "def",
        "lambda",
        "int",
        "default",
        "_",
        "match",
        "self",
        "this",
        "var",
        "new",
    ]
)
shapes = st.recursive(
    st.sampled_from([*PLAIN, UNKNOWN, of("nothing"), of("class", name="Other")]),
    lambda inner: st.one_of(
        st.builds(lambda part: of("list", part), inner),
        st.builds(lambda part: of("set", part), inner),
        st.builds(lambda part: of("option", part), inner),
        st.builds(lambda key, part: of("map", key, part), inner, inner),
        st.lists(inner, max_size=3).map(lambda parts: of("tuple", *parts)),
    ),
    max_leaves=5,
)
DOCS = st.text(max_size=120) | st.sampled_from(
    [
        'Ends """ here.\\',
        "Closes */ and /* opens.",
        "A \\u in Java.\n\nArgs:\n    x: What.",
        "`code`\n\n>>> f(1)\n1",
    ]
)


@st.composite
def signatures(draw):
    names = draw(st.lists(NAMES, max_size=5, unique=True))
    marks = [draw(st.sampled_from(["", "", "default", "named"])) for _ in names]
    parameters = [
        Parameter(
            name,
            draw(shapes),
            default=draw(st.sampled_from(["1", "None", '"a\\n"', "[]", "f(x)", "-2.5", "True"]))
            if mark
            else "",
            is_named=mark == "named",
        )
        for name, mark in zip(names, marks, strict=True)
    ]
    positional = [each for each in parameters if not each.is_named]
    named = [each for each in parameters if each.is_named]
    rest = [Parameter("others", draw(shapes), is_rest=True)] if draw(st.booleans()) else []
    return Signature(
        draw(NAMES),
        (*positional, *rest, *named),
        draw(shapes),
        owner=draw(st.sampled_from(["", "", "Shop", "_inner_thing"])),
        is_static=draw(st.booleans()),
        is_public=draw(st.booleans()),
        is_async=draw(st.booleans()),
        raises=tuple(
            draw(st.lists(st.sampled_from(["ValueError", "KeyError", "OSError", "ShopError"]), max_size=2))
        ),
        doc=draw(DOCS),
    )
