"""Documents and positions that no model was trained on."""

import pytest

EMOJI = "🙂"
LONE = "\ud800"

DOCUMENTS = {
    "empty": "",
    "one line end": "\n",
    "no line end": "x",
    "binary": "".join(map(chr, range(256))) * 40,
    "NUL": "\0" * 1000,
    "byte order mark": "\ufeffimport os\nos.\n",
    "CRLF": "def f(a):\r\n    return a\r\n\r\nx = f(\r\n",
    "CR": "def f(a):\r    return a\r\rx = f(\r",
    "mixed line ends": "a = 1\r\nb = 2\rc = 3\nd = \n\r",
    "combining": "e\u0301 = 'a\u0300\u0316\u0317" + "\u0301" * 300 + "'\ne\u0301.\n",
    "emoji": f"x = '{EMOJI * 50}👩🏽‍🚀'\nx.\n",
    "right to left": "\u202ex = 'שלום'\nprint(\u2066x\u2069\n",
    "lone surrogates": f"x = '{LONE}\udfff\udc80'\ny = {LONE}\n",
    "line separators": "a = 1\u2028b = 2\u2029c = 3\x0bd\x0c\x1c\x85e\n",
    "deep nesting": "x = " + "(" * 3000 + "\n",
    "deep indentation": "".join(" " * depth + "if x:\n" for depth in range(120)),
    "only errors": "}{)( ~!@ \\ " * 2000,
    "control tokens": "<|fim_middle|><|endoftext|><fim_prefix><PRE> </s>\n",
    "a long line below the limit": "x = [" + "1, " * 20_000 + "]\n",
}

URI = "file:///document.py"
ANSWERS = {None, "not_verified", "no_candidate"}
"""What comes of a request that reached the model."""


def ends(text):
    """Give the places where a cursor may be: start, middle and end, lines counted as the protocol does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    width = len(lines[-1].encode("utf-16-le", "surrogatepass")) // 2
    return [(0, 0), (len(lines) // 2, 1), (len(lines) - 1, width)]


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_document_is_answered(wire, text):
    wire.open(URI, text)
    for line, character in ends(text):
        _, reason = wire.complete(URI, line, character)
        assert reason in ANSWERS
    wire.change(URI, 2, {"text": text * 2})
    wire.complete(URI, 0, 0)
    wire.close_document(URI)


@pytest.mark.parametrize("language", ["plaintext", "", "python3", "\0", "😀" * 1000])
def test_every_language_is_answered(wire, language):
    wire.open(URI, "def add(a, b):\n    return \n", language)
    assert wire.complete(URI, 1, 11)[1] in {*ANSWERS, "language_not_in_model"}
    wire.close_document(URI)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = 1\n" * (50_000_000 // 6), id="50 MB"),
        pytest.param("x = '" + "a" * 2_000_000 + "'\n", id="one line of 2 MB"),
        pytest.param("x = '" + "é" * 2_000_000 + "'\n", id="one line of 2 MB beyond ASCII"),
        pytest.param("}{)( " * 400_000, id="one line of 2 MB of errors"),
    ],
)
def test_a_document_beyond_the_limit_is_left_alone(wire, text):
    wire.open(URI, text)
    line = text.count("\n") // 2
    assert wire.complete(URI, line, 2_000_000) == ([], "document_too_large")
    end = {"line": line, "character": 2_000_000}
    wire.change(URI, 2, {"range": {"start": end, "end": end}, "text": "y"})
    assert wire.complete(URI, line, 3)[1] == "document_too_large"
    assert wire.call("codenook/context", {"textDocument": {"uri": URI}, "position": end})["snippets"] == []
    wire.close_document(URI)


def test_a_model_is_asked_up_to_the_limit(wire):
    text = "x = 1\n" * 160_000 + "def add(a, b):\n    return \n"
    wire.open(URI, text)
    assert wire.complete(URI, 160_001, 11)[1] != "document_too_large"
    wire.close_document(URI)


@pytest.mark.parametrize(
    ("line", "character", "reasons"),
    [
        (1, 0, ANSWERS),
        (0, 99, ANSWERS),
        (0, 2**31 - 1, ANSWERS),
        (2, 0, {"position_outside"}),
        (2**31 - 1, 0, {"position_outside"}),
    ],
)
def test_a_position_outside(wire, line, character, reasons):
    wire.open(URI, "x = 1\n")
    assert wire.complete(URI, line, character)[1] in reasons
    wire.close_document(URI)


def test_a_document_that_was_never_opened(wire):
    assert wire.complete("file:///never.py", 0, 0) == ([], "document_not_open")
    wire.change("file:///never.py", 2, {"text": "x"})
    wire.close_document("file:///never.py")
    assert wire.complete("file:///never.py", 0, 0) == ([], "document_not_open")


def test_a_document_that_was_closed(wire):
    wire.open(URI, "def add(a, b):\n    return \n")
    wire.close_document(URI)
    assert wire.complete(URI, 1, 11) == ([], "document_not_open")


def test_a_document_that_is_closed_meanwhile(wire):
    text = "def add(a, b):\n    return \n"
    for version in range(20):
        wire.open(URI, f"# {version}\n{text}")
        request = wire.ask(URI, 2, 11)
        wire.close_document(URI)
        assert wire.answer(request)["result"]["items"] == []
        assert wire.reasons[-1] == "document_not_open"


def test_a_document_that_is_opened_again_meanwhile(wire):
    wire.open(URI, "def add(a, b):\n    return \n")
    request = wire.ask(URI, 1, 11)
    wire.open(URI, "")
    assert wire.answer(request)["result"]["items"] == []
    assert wire.reasons[-1] == "document_changed"
    wire.close_document(URI)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "no uri",
        "untitled:Untitled-1",
        "file:",
        "file:///a%00b.py",
        "file:///%FF%FE.py",
        f"file:///{LONE}.py",
        "file://server/share/a.py",
        "http://example.org/a.py?query#fragment",
        "file:///" + "long/" * 2000 + "a.py",
        "file:///%",
        "\x00",
    ],
)
def test_every_name_of_a_document(wire, uri):
    wire.open(uri, "def add(a, b):\n    return \n")
    assert wire.complete(uri, 1, 11)[1] in ANSWERS
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 11}}
    assert "snippets" in wire.call("codenook/context", place)
    wire.close_document(uri)


def test_a_range_whose_end_comes_first(wire):
    wire.open(URI, "a\nb\nc\n")
    backwards = {"start": {"line": 2, "character": 1}, "end": {"line": 0, "character": 1}}
    wire.change(URI, 2, {"range": backwards, "text": ""})
    assert wire.complete(URI, 1, 0)[1] != "position_outside"
    assert wire.complete(URI, 2, 0)[1] == "position_outside"
    wire.close_document(URI)


def test_files_beside_the_document_that_cannot_be_read(start, tmp_path):
    (tmp_path / "binary.py").write_bytes(bytes(range(256)))
    (tmp_path / "latin.py").write_bytes("é = 1\n".encode("latin-1"))
    (tmp_path / "huge.py").write_bytes(b"x = 1\n" * 400_000)
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "broken.py").write_text("def f(:\n" * 1000)
    names = ["binary", "latin", "huge", "loop", "folder", "broken", "nothing"]
    text = "".join(f"from {name} import f, x\n" for name in names) + "f(x"
    wire = start()
    wire.initialize(tmp_path)
    uri = (tmp_path / "a.py").as_uri()
    wire.open(uri, text)
    assert wire.complete(uri, len(names), 3)[1] in ANSWERS
