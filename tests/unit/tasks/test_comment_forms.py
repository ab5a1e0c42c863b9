"""Every form of Python's definitions and docstrings, written and completed: proven, or told why not."""

import ast

import pytest
from attrs import frozen
from scripted import ScriptedEngine, comment_on

from codenook.server.reasons import Reason

SAID = [
    "Asks the first address for its answer.",
    "The first address to ask for it.",
    "How many tries the first may have.",
    "What the address answers to the first.",
    "If the first address never answers.",
    "The first tries that are left over.",
    "Whether the first of it answers.",
]
HEADER = "def fetch(first, tries=3):\n"
BODY = "    if not first:\n        raise ValueError(tries)\n    return first\n"
BEGUN = '    """Go.\n\n    Args:\n        first: A.\n    """\n'


@frozen
class Form:
    """A file, and what is expected of both ways: a reason, or the words that the docstring then has."""

    text: str
    completing: Reason | str = "Go"
    writing: Reason | str = ""
    symbol: str = "fetch"


def with_doc(doc, *outcomes):
    """The function with a docstring."""
    return Form(f"{HEADER}    {doc}\n{BODY}", *outcomes)


FORMS = {
    "line ends of Windows": Form((HEADER + BEGUN + BODY).replace("\n", "\r\n")),
    "line ends of Windows, bare": Form((HEADER + BODY).replace("\n", "\r\n"), ""),
    "tabs": Form((HEADER + BEGUN + BODY).replace("    ", "\t")),
    "tabs, bare": Form((HEADER + BODY).replace("    ", "\t"), ""),
    "tabs below spaces": with_doc('"""Go.\n\n\tArgs:\n\t    first: A.\n    """'),
    "no line end": Form(f'{HEADER}    """Go."""'),
    "a byte order mark": Form("\ufeff" + HEADER + BEGUN + BODY),
    "raw": with_doc('r"""Go \\d."""', "Go \\d."),
    "raw, with a capital": with_doc("R'''Go \\d.\n\n    More \\N.'''", "More \\N.", "More \\N."),
    "a prefix of old": with_doc("u'Go.'"),
    "bytes": with_doc('b"""Go."""', Reason.NO_ROOM, Reason.NO_ROOM),
    "a format string": with_doc('f"""Go {tries}."""', Reason.NO_ROOM, Reason.NO_ROOM),
    "pieces": with_doc('"Go " "there."', Reason.NO_ROOM, Reason.NO_ROOM),
    "pieces in brackets": with_doc(
        '(\n        "Go "\n        "there."\n    )', Reason.NO_ROOM, Reason.NO_ROOM
    ),
    "brackets": with_doc('("Go.")', Reason.NO_ROOM, Reason.NO_ROOM),
    "a row that goes on": with_doc('"Go \\\n    there."', "Go     there."),
    "a row that goes on into words": with_doc('"""Go \\\n    there.\n    """', "Go     there."),
    "a row that goes on to the end": with_doc('"""Go. \\\n    """', Reason.NO_ROOM),
    "a first row that goes on": with_doc('"""\\\n    Go.\n    """'),
    "a header that goes on": Form("def fetch(first, \\\n    tries=3):\n" + BODY, ""),
    "a header of several rows": Form("def fetch(\n    first,  # one\n    tries=3,\n):  # two\n" + BODY, ""),
    "one line": Form("def fetch(first, tries=3): return first\n", Reason.NO_ROOM, Reason.NO_ROOM),
    "one line with documentation": Form(
        'def fetch(first, tries=3): """Go."""; return first\n', Reason.NO_ROOM, Reason.NO_ROOM
    ),
    "one line of documentation": Form("def fetch(first): 'Go.'\n", Reason.NO_ROOM, Reason.NO_ROOM),
    "a class of one line": Form("class First: pass\n", Reason.NO_ROOM, Reason.NO_ROOM, "First"),
    "code behind it": with_doc('"""Go."""; tries = 4'),
    "a comment before it": with_doc('# first\n    """Go."""'),
    "decorators": Form("@cache\n@other(1)\n" + HEADER + BEGUN + BODY),
    "an overload": Form(
        "@overload\ndef fetch(first: int, tries=3) -> int:\n    ...\n\n\n" + HEADER + BODY, ""
    ),
    "overloads of one line": Form(
        "@overload\ndef fetch(first: int) -> int: ...\n\n\n" + HEADER + BEGUN + BODY,
        Reason.NO_ROOM,  # what is asked about by name is the first
        Reason.NO_ROOM,
    ),
    "a property": Form(
        "class A:\n    @property\n    def fetch(self):\n        return self.first\n", "", "", "A.fetch"
    ),
    "what sets a property": Form(
        'class A:\n    @property\n    def fetch(self):\n        """Go."""\n        return self.first\n\n'
        "    @fetch.setter\n    def fetch(self, first):\n        self.first = first\n",
        "Go.",
        "Go.",
        "A.fetch",
    ),
    "other quotes in it": with_doc("'''Go \"\"\"there\"\"\".'''", 'Go """there""".'),
    "other quotes in what stays": with_doc(
        "'''Go.\n\n    With \"\"\"quotes\"\"\".\n    '''", 'With """quotes""".', 'With """quotes""".'
    ),
    "a quote at its end": with_doc("'''Go \"there\"'''", 'Go "there"'),
    "identifiers with several spellings": Form(
        BEGUN.join([HEADER, BODY]).replace("first", "\ufb01rst"),
        "\ufb01rst: A.",
    ),
    "the other spelling": Form(
        BEGUN.join([HEADER.replace("first", "\ufb01rst"), BODY]),
        "first: A.",
    ),
    "identifiers of other alphabets": Form("def fetch(first, größe, 名前=3):\n    return first\n", ""),
    "an example": with_doc(
        '"""Go.\n\n    >>> fetch(1, 2)\n    1\n    """', ">>> fetch(1, 2)", ">>> fetch(1, 2)"
    ),
    "an example at its end": with_doc('"""Go.\n\n    >>> fetch(1, 2)\n    1"""', ">>> fetch(1, 2)", "1"),
    "an example of a parameter": with_doc(
        '"""Go.\n\n    Args:\n        first: A.\n            >>> fetch(1, 2)\n            1\n    """',
        Reason.NOT_VERIFIED,  # the row of the next parameter would be part of what the example gives
        Reason.NOT_VERIFIED,
    ),
    "parts in a code fence": with_doc(
        '"""Go.\n\n    ```\n    Args:\n        first: A.\n    ```\n    """', "```", "```"
    ),
    "escapes": with_doc(
        '"""Go \\d.\n\n    More \\t \\N{BULLET}.\n    """', "More \t \u2022.", "More \t \u2022."
    ),
    "a file that reads it": Form(
        HEADER + BEGUN + BODY + "print(fetch.__doc__)\n", Reason.NOT_VERIFIED, Reason.NOT_VERIFIED
    ),
    "a form feed": with_doc('"""Go.\x0c\n    """', "Go.", Reason.NOT_VERIFIED),
    "inside of a function": Form(
        "def outer():\n    def fetch(first, tries):\n        return first\n    return fetch\n",
        "",
        "",
        "outer.fetch",
    ),
    "asynchronous": Form("async " + HEADER + BEGUN + BODY),
    "an anonymous function": Form(
        "fetch = lambda first: first\n", Reason.NO_DEFINITION, Reason.NO_DEFINITION
    ),
}


def ask(form, **request):
    return comment_on(ScriptedEngine(lambda _prompt: SAID), form.text, form.symbol, **request)


def code_of(text):
    """The code as CPython reads it, without docstrings."""
    tree = ast.parse(text.removeprefix("\ufeff"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return ast.dump(tree)


def docstrings_of(text):
    """All docstrings, as Python has them."""
    nodes = ast.walk(ast.parse(text.removeprefix("\ufeff")))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return "\n".join(ast.get_docstring(node, clean=False) or "" for node in functions)


@pytest.mark.filterwarnings("ignore:invalid escape")
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("replace", [False, True], ids=["completing", "writing"])
def test_every_form_is_proven_or_told_why_not(name, replace):
    form = FORMS[name]
    result, expected = ask(form, replace=replace), form.writing if replace else form.completing
    if isinstance(expected, Reason):
        assert (result.edit, result.reason) == (None, expected)
        assert result.message
        return
    assert (result.reason, result.message) == (None, "")
    after = result.edit.apply(form.text)
    assert code_of(after) == code_of(form.text)
    assert expected in docstrings_of(after)
    assert len(docstrings_of(after)) > len(docstrings_of(form.text))
    ends = {"\r\n"} if "\r\n" in form.text else {"\n"}
    assert {row[len(row.rstrip("\r\n")) :] for row in after.splitlines(keepends=True)} - {""} <= ends
