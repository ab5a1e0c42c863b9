"""Code actions on the wire, for editors that announce more or less, and what changed settings do to them."""

import pytest
from lsp_wire import NO_SUCH_METHOD, Wire
from test_stale_docs import MENDED, STALE, offset

UNDOCUMENTED = "import os\n\n\ndef far(steps):\n    print(steps,\n          os)\n"
DOCUMENTED = 'def far(steps):\n    """Go far.\n\n    Args:\n        steps: How many.\n    """\n    print()\n'
KINDS = [
    "quickfix",
    "refactor.rewrite",
    "source.codenook.document",
    "source.codenook.review",
    "codenook.review",
    "codenook.translate",
    "source.codenook.translate",
    "codenook.unitTests",
]
ELSEWHERE = ("Review the ", "Translate ", "Write unit tests for ")
"""How actions begin that test_review.py, test_translate.py and test_unit_tests.py are about."""

VERSIONS = {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}
NO_VERSIONS = {"applyEdit": True}


class Editor(Wire):
    """An editor that puts edits in, and notes what else it is asked for."""

    def __init__(self, environment, folder):
        super().__init__(environment)
        self.folder, self.edits, self.asked = folder, [], []

    def start(self, code_action=None, workspace=VERSIONS, options=None):
        literals = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}
        text_document = {"codeAction": literals | code_action} if code_action is not None else {}
        result = self.initialize(None, options, textDocument=text_document, workspace=workspace)
        return result["capabilities"]["codeActionProvider"]

    def uri(self, name):
        return (self.folder / name).as_uri()

    def actions(self, name, line=0, only=None):
        context = {"diagnostics": []} if only is None else {"diagnostics": [], "only": only}
        start, end = {"line": line, "character": 0}, {"line": line + 1, "character": 0}
        asked = {"textDocument": {"uri": self.uri(name)}, "range": {"start": start, "end": end}}
        found = self.call("textDocument/codeAction", asked | {"context": context})
        return [each for each in found if not each["title"].startswith(ELSEWHERE)]

    def run(self, command):
        return self.call(
            "workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]}
        )

    def lenses(self, name):
        return self.call("textDocument/codeLens", {"textDocument": {"uri": self.uri(name)}})

    def configure(self, **settings):
        self.notify("workspace/didChangeConfiguration", {"settings": {"codenook": settings}})

    def diagnostics(self, n):
        """The n-th that were told, once they are."""
        while len(told := [each for each in self.told if each["method"].endswith("publishDiagnostics")]) < n:
            self.status()
        return told[n - 1]["params"]["diagnostics"]

    def _take(self, message):
        if message.get("id") is not None and "method" in message:
            self.asked.append(message["method"])
        if message.get("method") != "workspace/applyEdit":
            super()._take(message)
            return
        self.edits.append(message["params"]["edit"])
        self.send({"jsonrpc": "2.0", "id": message["id"], "result": {"applied": True}})


@pytest.fixture
def editor(environment, tmp_path):
    editor = Editor(environment, tmp_path)
    yield editor
    assert editor.quit() == 0


def titles(actions):
    return [action["title"] for action in actions]


def applied(text, edit):
    class Place:
        def __init__(self, at):
            self.line, self.character = at["line"], at["character"]

    start, end = (offset(text, Place(edit["range"][at])) for at in ("start", "end"))
    return text[:start] + edit["newText"] + text[end:]


def test_only_filters_by_kind_and_what_is_above_it(editor):
    assert editor.start({}) == {"codeActionKinds": KINDS}
    editor.open(editor.uri("far.py"), STALE + "\n\n" + UNDOCUMENTED)
    editor.open(editor.uri("new.py"), UNDOCUMENTED)
    expected = {
        ("quickfix",): (1, 0),
        ("",): (2, 3),
        (): (1, 2),
        ("refactor",): (0, 2),
        ("refactor.rewrite",): (0, 2),
        ("refactor.rewrite.docs",): (0, 0),
        ("refactor.extract", "source.fixAll", "quick"): (0, 0),
        ("source",): (1, 1),
        ("source.codenook",): (1, 1),
        ("refactor.extract", "quickfix"): (1, 0),
    }
    for only, found in [(None, (1, 2)), *expected.items()]:
        kinds = only if only is None else list(only)
        actions = editor.actions("far.py", line=5, only=kinds), editor.actions("new.py", line=4, only=kinds)
        assert tuple(map(len, actions)) == found, only
    assert {each["kind"] for each in editor.actions("new.py", line=4)} == {"refactor.rewrite"}


def test_what_cannot_be_chosen_is_shown_with_the_reason_where_the_editor_shows_that(editor):
    editor.start({"disabledSupport": True})
    editor.open(editor.uri("done.py"), DOCUMENTED)
    done = editor.actions("done.py")[0]
    assert done["title"] == "Complete the documentation of far"
    assert "written anew only on request" in done["disabled"]["reason"]
    assert not {"command", "edit"} & done.keys()
    editor.open(editor.uri("inside.py"), UNDOCUMENTED)
    document, comment = editor.actions("inside.py", line=5)
    assert "disabled" not in document
    assert comment["disabled"]["reason"] == "line 6 begins no statement"


def test_other_editors_are_offered_what_can_be_chosen_only(editor):
    editor.start({})
    editor.open(editor.uri("done.py"), DOCUMENTED)
    assert titles(editor.actions("done.py", line=6)) == ["Comment these lines"]


@pytest.mark.parametrize(("known", "tags"), [({"tagSupport": {"valueSet": [1]}}, [1]), ({}, None)])
def test_an_action_that_asks_a_model_says_so_where_the_editor_knows_the_tag(editor, known, tags):
    editor.start(known)
    editor.open(editor.uri("far.py"), UNDOCUMENTED)
    assert [action.get("tags") for action in editor.actions("far.py", line=4)] == [tags, tags]


def test_an_editor_without_literals_gets_commands(editor):
    assert editor.start() is True
    editor.open(editor.uri("far.py"), STALE)
    (fix,) = editor.actions("far.py", line=5)
    editor.open(editor.uri("new.py"), UNDOCUMENTED)
    document, comment = editor.actions("new.py", line=4)
    expected = ["codenook.fix", "codenook.comment", "codenook.comment"]
    assert [each["command"] for each in (fix, document, comment)] == expected
    assert not {"kind", "edit", "diagnostics"} & (fix.keys() | document.keys())
    assert editor.run(fix) == {"applied": True, "reason": None, "message": ""}
    (change,) = editor.edits[0]["documentChanges"]
    assert (change["textDocument"]["version"], applied(STALE, change["edits"][0])) == (1, MENDED)


@pytest.mark.parametrize("can", [True, False])
def test_nothing_is_left_to_be_resolved_or_registered(editor, can):
    resolve = {"resolveSupport": {"properties": ["edit", "command"]}} if can else {}
    announced = editor.start(resolve | {"dynamicRegistration": can})
    assert announced == {"codeActionKinds": KINDS}
    editor.open(editor.uri("far.py"), STALE)
    (fix,) = editor.actions("far.py", line=5, only=["quickfix"])
    assert fix["edit"]["documentChanges"]
    assert editor.error("codeAction/resolve", fix) == NO_SUCH_METHOD
    assert editor.asked == []


def test_an_editor_that_takes_no_edits_is_offered_no_comments(editor):
    editor.start({}, workspace={}, options={"comment_lenses": True})
    editor.open(editor.uri("far.py"), STALE)
    (fix,) = editor.actions("far.py", line=5)
    assert fix["edit"]["changes"][editor.uri("far.py")]
    editor.open(editor.uri("new.py"), UNDOCUMENTED)
    assert (editor.actions("new.py", line=4), editor.lenses("new.py")) == ([], [])
    argument = {"uri": editor.uri("new.py"), "symbol": "far"}
    answer = editor.run({"command": "codenook.comment", "arguments": [argument]})
    assert (answer["applied"], answer["reason"]) == (False, "edit_not_taken")


def test_a_fix_without_versions_comes_back_to_the_server_first(editor):
    editor.start({}, workspace=NO_VERSIONS)
    uri = editor.uri("far.py")
    editor.open(uri, STALE)
    (action,) = editor.actions("far.py", line=5, only=["quickfix"])
    assert "edit" not in action
    assert (action["kind"], action["diagnostics"][0]["code"]) == ("quickfix", "unknown-parameter")
    assert editor.run(action["command"])["applied"]
    assert applied(STALE, editor.edits.pop()["changes"][uri][0]) == MENDED
    for finding in (-1, 1, 10**9):
        argument = {"uri": uri, "version": 1, "finding": finding}
        assert not editor.run({"command": "codenook.fix", "arguments": [argument]})["applied"]
    editor.change(uri, 2, {"text": "\n" + STALE})
    answer = editor.run(action["command"])
    assert (answer["applied"], answer["reason"], editor.edits) == (False, "document_changed", [])
    editor.close_document(uri)
    assert editor.run(action["command"])["reason"] == "document_not_open"


def test_lenses_are_asked_for_again_when_their_setting_changes(editor):
    editor.start({}, workspace=VERSIONS | {"codeLens": {"refreshSupport": True}})
    editor.open(editor.uri("far.py"), UNDOCUMENTED)
    assert (editor.lenses("far.py"), editor.asked) == ([], [])
    for n_times, (settings, n_lenses) in enumerate(
        [({"comment_lenses": True}, 2), ({"languages_off": ["python"]}, 0)], start=1
    ):
        editor.configure(**settings)
        while len(editor.asked) < n_times:
            editor.status()
        assert editor.asked == ["workspace/codeLens/refresh"] * n_times
        assert len(editor.lenses("far.py")) == n_lenses


def test_an_editor_that_cannot_refresh_is_not_asked_to(editor):
    editor.start({})
    editor.open(editor.uri("far.py"), UNDOCUMENTED)
    editor.configure(comment_lenses=True)
    while not editor.lenses("far.py"):
        pass
    editor.status()
    assert editor.asked == []


def test_diagnostics_follow_their_setting_off_and_on(editor):
    editor.start({})
    editor.open(editor.uri("far.py"), STALE)
    assert editor.diagnostics(1)
    editor.configure(stale_docs=False)
    assert not editor.diagnostics(2)
    editor.configure(stale_docs=True)
    assert editor.diagnostics(3)
