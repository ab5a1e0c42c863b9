"""Documents of a megabyte: what is asked beside them is answered first, and they are answered, too."""

import lsp_wire
import pytest

from codenook.server.tasks.document import MAX_CHARACTERS

N_CHARACTERS = 990_000
READ = """\
def read_{n}(path, encoding):
    with open(path, encoding=encoding) as file:
        return file.read()
"""
PYTHON = "\n\n".join(READ.format(n=n) for n in range(N_CHARACTERS // 108))
DECLARED = ",".join(f"v{n}=function(a,b){{return a.split(b)+{n}}}" for n in range(N_CHARACTERS // 46))
MINIFIED = f"function first(path){{return path}}\nvar {DECLARED};\n"
assert all(0.9 * N_CHARACTERS < len(text) < MAX_CHARACTERS for text in (PYTHON, MINIFIED))
CAPABILITIES = {
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}},
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
}
DOCUMENTS = {"large.py": ("python", PYTHON), "large.js": ("javascript", MINIFIED)}


class Editor(lsp_wire.Wire):
    """An editor that notes in which order its requests are answered."""

    def __init__(self, environment, folder):
        super().__init__(environment)
        self.folder, self.order = folder, []
        self.initialize(None, {"comment_lenses": True}, **CAPABILITIES)

    def uri(self, name):
        return (self.folder / name).as_uri()

    def _take(self, message):
        if "method" not in message:
            self.order.append(message["id"])
        super()._take(message)


@pytest.fixture(scope="module")
def editor(environment, tmp_path_factory):
    editor = Editor(environment, tmp_path_factory.mktemp("large"))
    for name, (language, text) in DOCUMENTS.items():
        editor.open(editor.uri(name), text, language)
    yield editor
    assert editor.quit() == 0


def actions(uri, line):
    place = {"line": line, "character": 0}
    context = {"diagnostics": []}
    return {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": context}


def command(uri, **argument):
    return {"command": "codenook.comment", "arguments": [{"uri": uri, **argument}]}


@pytest.mark.parametrize(
    ("name", "method", "params"),
    [
        ("large.py", "textDocument/codeAction", lambda uri: actions(uri, PYTHON.count("\n") - 1)),
        ("large.js", "textDocument/codeLens", lambda uri: {"textDocument": {"uri": uri}}),
        ("large.py", "workspace/executeCommand", lambda uri: command(uri, symbol="read_9")),
    ],
)
def test_what_is_asked_meanwhile_is_answered_first(editor, monkeypatch, name, method, params):
    monkeypatch.setattr(lsp_wire, "SAFETY_NET_S", 300.0)
    slow = editor.request(method, params(editor.uri(name)))
    quick = [editor.request("codenook/status") for _ in range(3)]
    for each in quick:
        assert "result" in editor.answer(each)
    assert slow not in editor.order
    assert editor.answer(slow)["result"]
