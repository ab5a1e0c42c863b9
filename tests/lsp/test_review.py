"""Reviews in an editor: findings as diagnostics that are never on a wrong line, fixes, dismissals."""

import asyncio
import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from repositories import Built
from test_stale_docs import part

ROOT = Path(__file__).parents[2]
AREA = "def area(width, height):\n    return width * height\n"
WIDER = "def area(width, height, unit):\n    return width * height * unit\n"
RENAMED = "def area(width, depth):\n    return width * depth\n"
CALL = "from shapes import area\n\nprint(area(1, 2))\n"
NAMED = "from shapes import area\n\nprint(area(1, height=2))\n"
PAGE = ROOT / "docs" / "review-rules.md"
CANCELLED = -32800

SHOWS_ALL = types.PublishDiagnosticsClientCapabilities(
    related_information=True,
    code_description_support=True,
    data_support=True,
    tag_support=types.ClientDiagnosticsTagOptions([types.DiagnosticTag.Unnecessary]),
)
LITERALS = types.CodeActionClientCapabilities(
    code_action_literal_support=types.ClientCodeActionLiteralOptions(types.ClientCodeActionKindOptions([""]))
)
EDITS = types.WorkspaceEditClientCapabilities(
    document_changes=True, change_annotation_support=types.ChangeAnnotationsSupportOptions()
)
ACTION = types.Command | types.CodeAction
"""lsprotocol takes an action that has a command for a command."""


class Desk:
    """An editor with a repository open. It keeps the newest list of diagnostics of each file."""

    def __init__(self, editor, folder="."):
        self.editor, self.client = editor, editor.client
        self.folder = folder
        self.built = Built(editor.workspace.resolve() / folder)
        self.shown, self.edits, self._news = {}, [], asyncio.Condition()
        protocol = self.client.protocol
        protocol._converter.register_structure_hook(
            ACTION, lambda action, _: protocol._converter.structure(action, types.CodeAction)
        )
        for method, handler in {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: self._hear,
            types.WORKSPACE_APPLY_EDIT: self._apply,
        }.items():
            protocol.fm.features.pop(method, None)
            self.client.feature(method)(partial(handler))

    async def _hear(self, told):
        async with self._news:
            self.shown[told.uri] = told
            self._news.notify_all()

    def _apply(self, params):
        self.edits.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def path(self, name):
        return (Path(self.folder) / name).as_posix()

    def uri(self, name):
        return self.editor.uri(self.path(name))

    def open(self, name, text):
        self.editor.open(self.path(name), text)

    def close(self, name):
        self.editor.close(self.path(name))

    def found(self, name):
        """What is shown of a file: rule and the first line (from 1) of each finding."""
        told = self.shown.get(self.uri(name))
        return [
            (each.code, each.range.start.line + 1)
            for each in (told.diagnostics if told else ())
            if each.source == "codenook review"
        ]

    async def until(self, fits):
        async with asyncio.timeout(30), self._news:
            await self._news.wait_for(fits)

    async def run(self, command, *arguments):
        params = types.ExecuteCommandParams(command, list(arguments))
        answer = await asyncio.wait_for(self.client.workspace_execute_command_async(params), 90)
        return SimpleNamespace(**answer)

    async def review(self, **asked):
        """Review without a model, unless it is asked for."""
        of_all = {"uri": self.built.top.as_uri(), "model": False}
        return await self.run("codenook.review", {**of_all, **asked})

    async def actions(self, name, line, only=None, *, to_line=None, diagnostics=()):
        wanted = types.Range(
            types.Position(line, 0), types.Position(line if to_line is None else to_line, 80)
        )
        return await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri(name)),
                wanted,
                types.CodeActionContext(diagnostics, only=only),
            )
        )

    def replace(self, name, text):
        self.editor.change(self.path(name), types.TextDocumentContentChangeWholeDocument(text))


def announced(publishes=SHOWS_ALL, edits=EDITS, encoding="utf-16"):
    return {
        "text_document": types.TextDocumentClientCapabilities(
            publish_diagnostics=publishes, code_action=LITERALS
        ),
        "workspace": types.WorkspaceClientCapabilities(apply_edit=True, workspace_edit=edits),
        "general": types.GeneralClientCapabilities(position_encodings=[encoding]),
    }


@pytest.fixture
def start_desk(start_editor):
    """Start an editor of the test's own, which announces what the test wants it to."""

    async def start(options=None, **changes):
        return Desk(await start_editor(options=options, **announced(**changes)))

    return start


@pytest_asyncio.fixture(scope="session")
async def shared_desk_editor(start_shared_editor):
    return await start_shared_editor(**announced())


@pytest_asyncio.fixture
async def desk(shared_desk_editor, tmp_path):
    """An editor that the tests share, with a repository of the test's own."""
    await shared_desk_editor.begin()
    return Desk(shared_desk_editor, tmp_path.name)


@pytest_asyncio.fixture
async def changed(desk):
    """An editor whose repository has a changed signature, and a caller that was left as it was."""
    desk.built.commit(shapes__py=AREA, cli__py=CALL)
    desk.built.write(shapes__py=WIDER)
    return desk


async def test_a_finding_is_a_diagnostic_with_all_that_the_editor_shows(changed):
    answer = await changed.review()
    await changed.until(lambda: changed.found("shapes.py"))
    told = changed.shown[changed.uri("shapes.py")]
    (diagnostic,) = told.diagnostics
    assert told.version is None
    assert (diagnostic.code, diagnostic.severity) == ("missing-argument", types.DiagnosticSeverity.Error)
    assert part(WIDER, diagnostic.range) == "unit"
    assert diagnostic.message == (
        "`area` needs `unit`, which a call does not give\n"
        "it fitted before the change: cli.py:3 (facts, 95% sure)"
    )
    assert diagnostic.code_description.href == f"{PAGE.as_uri()}#missing-argument"
    assert "missing-argument" in PAGE.read_text(encoding="utf-8")
    (related,) = diagnostic.related_information
    assert related.location.uri == changed.uri("cli.py")
    assert part(CALL, related.location.range) == "area"
    (finding,) = answer.report["findings"]
    assert diagnostic.data["fingerprint"] == finding["fingerprint"]


async def test_the_result_is_as_documented(changed):
    answer = await changed.review()
    schema = json.loads((ROOT / "docs" / "review.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(answer.report, schema)
    assert (answer.reason, answer.message, answer.report["complete"]) == (None, "", True)
    assert {each["source"]: each["reason"] for each in answer.report["sources"]} == {
        "facts": None,
        "linters": "no_linter",
        "surprise": "no_model",
        "reading": "no_model",
    }


async def test_an_editor_that_shows_less_is_told_less(start_desk):
    desk = await start_desk(publishes=types.PublishDiagnosticsClientCapabilities())
    desk.built.commit(shapes__py=AREA, cli__py=CALL)
    desk.built.write(shapes__py=WIDER)
    await desk.review()
    await desk.until(lambda: desk.found("shapes.py"))
    (diagnostic,) = desk.shown[desk.uri("shapes.py")].diagnostics
    assert (diagnostic.code_description, diagnostic.related_information, diagnostic.tags) == (None,) * 3


async def test_code_without_a_use_is_marked_as_such(changed):
    changed.built.write(shapes__py=AREA.replace("height)", "height, unit=1)"))
    await changed.review()
    await changed.until(lambda: changed.found("shapes.py") == [("unread-parameter", 1)])
    (diagnostic,) = changed.shown[changed.uri("shapes.py")].diagnostics
    assert diagnostic.tags == (types.DiagnosticTag.Unnecessary,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_unsaved_text_is_reviewed_and_columns_are_the_editors(start_desk, encoding):
    desk = await start_desk(encoding=encoding)
    desk.built.commit(shapes__py=AREA, cli__py=CALL)
    text = WIDER.replace("height,", 'height="ö🐢", *,')
    desk.open("shapes.py", text)
    await desk.review()
    await desk.until(lambda: desk.found("shapes.py"))
    told = desk.shown[desk.uri("shapes.py")]
    assert (told.version, part(text, told.diagnostics[0].range, encoding)) == (1, "unit")


async def test_what_is_in_no_file_yet_is_reviewed(changed):
    changed.built.commit()
    changed.open("more.py", "def f(a):\n    raise Nothing(a)\n")
    answer = await changed.review()
    (finding,) = answer.report["findings"]
    assert (finding["rule"], finding["path"]) == ("unknown-exception", "more.py")


async def test_diagnostics_move_with_the_text_and_go_with_their_line(changed):
    name = "shapes.py"
    changed.open(name, WIDER)
    await changed.review()
    await changed.until(lambda: changed.found(name) == [("missing-argument", 1)])
    for text, found in (
        ("# one\n\n" + WIDER, [("missing-argument", 3)]),
        ("# one\n\n" + WIDER.replace("unit)", "unit=1)"), []),
        ("# one\n\n" + WIDER, [("missing-argument", 3)]),
        ("", []),
        ("\n" + WIDER, [("missing-argument", 2)]),
    ):
        changed.replace(name, text)
        await changed.until(lambda found=found: changed.found(name) == found)
    assert changed.shown[changed.uri(name)].version == 6


async def test_a_finding_goes_with_its_evidence(changed):
    await changed.review()
    await changed.until(lambda: changed.found("shapes.py") == [("missing-argument", 1)])
    changed.open("cli.py", CALL.replace("(1, 2)", "(1, 2, 3)"))
    await changed.until(lambda: changed.found("shapes.py") == [])
    changed.replace("cli.py", "\n" + CALL)
    await changed.until(lambda: changed.found("shapes.py") == [("missing-argument", 1)])
    (diagnostic,) = changed.shown[changed.uri("shapes.py")].diagnostics
    assert diagnostic.related_information[0].location.range.start.line == 3


async def test_a_closed_document_is_its_file(changed):
    name = "shapes.py"
    changed.open(name, "# unsaved\n" + WIDER)
    await changed.review()
    await changed.until(lambda: changed.found(name) == [("missing-argument", 2)])
    changed.close(name)
    await changed.until(lambda: changed.found(name) == [("missing-argument", 1)])
    changed.open(name, WIDER)
    await changed.until(lambda: changed.shown[changed.uri(name)].version == 1)
    assert changed.found(name) == [("missing-argument", 1)]


async def test_a_file_that_changes_on_disk_is_looked_at_again(changed):
    name = "shapes.py"
    await changed.review()
    await changed.until(lambda: changed.found(name) == [("missing-argument", 1)])

    def report(kind):
        event = types.FileEvent(changed.uri(name), kind)
        params = types.DidChangeWatchedFilesParams([event])
        changed.client.workspace_did_change_watched_files(params)

    changed.built.write(shapes__py="# one\n" + WIDER)
    report(types.FileChangeType.Changed)
    await changed.until(lambda: changed.found(name) == [("missing-argument", 2)])
    (changed.built.top / name).unlink()
    report(types.FileChangeType.Deleted)
    await changed.until(lambda: changed.found(name) == [])


async def test_stale_documentation_is_told_beside_findings(changed):
    name, stale = "shapes.py", '    """Area.\n\n    Args:\n        depth: Gone.\n    """\n'
    text = WIDER.replace("unit):\n", f"unit):\n{stale}")
    changed.open(name, text)
    changed.open("cli.py", CALL)

    def codes():
        told = changed.shown.get(changed.uri(name))
        return sorted(each.code for each in told.diagnostics) if told else []

    await changed.until(lambda: "unknown-parameter" in codes())
    alone = codes()
    await changed.review()
    await changed.until(lambda: codes() == sorted(["missing-argument", *alone]))
    changed.replace(name, "\n" + text)
    await changed.until(lambda: changed.shown[changed.uri(name)].version == 2)
    assert codes() == sorted(["missing-argument", *alone])
    changed.replace("cli.py", "")
    await changed.until(lambda: codes() == alone)


async def test_a_review_takes_the_place_of_the_one_before(changed):
    changed.built.write(more__py="def f(a):\n    raise Nothing(a)\n")
    await changed.review()
    await changed.until(lambda: changed.found("more.py") and changed.found("shapes.py"))
    changed.built.write(more__py="def f(a):\n    raise ValueError(a)\n")
    await changed.review(scope="document", uri=changed.uri("more.py"))
    await changed.until(lambda: not changed.found("more.py"))
    assert changed.found("shapes.py") == [("missing-argument", 1)]
    changed.built.write(shapes__py=AREA)
    await changed.review()
    await changed.until(lambda: not changed.found("shapes.py"))


async def test_a_document_a_selection_and_a_revision(changed):
    both = "def f(a):\n    raise Nothing(a)\n\n\ndef g(a):\n    raise Nothing(a)\n"
    uri = changed.uri("more.py")
    changed.open("more.py", both)
    answer = await changed.review(scope="document", uri=uri)
    assert [each["span"]["start_line"] for each in answer.report["findings"]] == [2, 6]
    answer = await changed.review(scope="selection", uri=uri, lines=[5, 6], version=1)
    assert [each["span"]["start_line"] for each in answer.report["findings"]] == [6]
    await changed.until(lambda: changed.found("more.py") == [("unknown-exception", 6)])
    changed.built.commit()
    assert (await changed.review()).report["findings"] != []  # the open document is not saved
    changed.close("more.py")
    assert (await changed.review()).report["findings"] == []
    answer = await changed.review(since="HEAD~1")
    assert [each["rule"] for each in answer.report["findings"]] == ["missing-argument"]


async def test_nothing_found_is_one_message(changed):
    changed.built.commit()
    await changed.review()
    (message,) = changed.client.messages
    assert message.message.startswith(
        "codenook: nothing found in 0 changed lines of 0 files (uncommitted changes)"
    )
    assert "surprise: it asks a model (no_model)" in message.message


async def test_what_cannot_be_reviewed_says_why(start_desk):
    desk = await start_desk()
    (desk.built.top / ".git").rename(desk.built.top / "git")
    answer = await desk.review()
    assert (answer.report, answer.reason) == (None, "no_change")
    assert "in no git repository" in answer.message
    (message,) = desk.client.messages
    assert "codenook: no review (no_change): " in message.message
    assert (await desk.run("codenook.review")).reason == "no_change"
    desk.open("more.py", "def f(a):\n    raise Nothing(a)\n")
    answer = await desk.review(scope="document", uri=desk.uri("more.py"))
    assert [each["rule"] for each in answer.report["findings"]] == ["unknown-exception"]


async def test_what_makes_no_sense_is_refused(changed):
    changed.open("cli.py", CALL)
    uri = changed.uri("cli.py")
    for asked, reason in (
        ({"since": "--all"}, "no_change"),
        ({"since": "nowhere..."}, "no_change"),
        ({"scope": "selection", "uri": uri, "lines": [0, 9]}, "position_outside"),
        ({"scope": "selection", "uri": uri, "lines": [100, 110]}, "no_change"),
        ({"scope": "selection", "uri": uri}, "position_outside"),
        ({"scope": "selection", "uri": uri, "lines": [1, 1], "version": 7}, "document_changed"),
        (
            {"scope": "selection", "uri": changed.uri("shapes.py"), "lines": [1, 1]},
            "document_not_open",
        ),
        ({"scope": "document", "uri": "untitled:one"}, "document_not_open"),
        ({"scope": "document", "uri": changed.uri("no/such.py")}, "no_change"),
    ):
        answer = await changed.review(**asked)
        assert (answer.report, answer.reason) == (None, reason), asked
    with pytest.raises(JsonRpcException):
        await changed.review(scope="everything")
    assert (await changed.run("codenook.dismiss", {"uri": uri, "fingerprint": "x"})).reason == "finding_gone"


async def test_files_that_are_not_read_are_named(changed):
    changed.built.put("blob.py", b"\0\1\2")
    changed.built.write(key__pem="1\n")
    answer = await changed.review()
    assert {left["path"]: left["reason"] for left in answer.report["left_out"]} == {
        "blob.py": "binary",
        "key.pem": "secret",
    }


async def test_switched_off_is_off(start_desk):
    desk = await start_desk(options={"enabled": False})
    assert (await desk.review()).reason == "disabled"


@pytest_asyncio.fixture
async def renamed(desk):
    """An editor whose repository has a renamed parameter, and calls that name it as before."""
    await renaming(desk)
    return desk


async def renaming(desk):
    desk.built.commit(shapes__py=AREA, cli__py=NAMED)
    desk.built.write(shapes__py=RENAMED)
    desk.open("shapes.py", RENAMED)
    await desk.review()
    await desk.until(lambda: desk.found("shapes.py") == [("unknown-argument", 1)])


async def fixes(desk, line=0):
    return [each for each in await desk.actions("shapes.py", line) if "Write depth" in each.title]


async def test_a_fix_edits_the_files_as_they_are(renamed):
    (action,) = await fixes(renamed)
    assert (action.kind, action.diagnostics[0].code) == ("quickfix", "unknown-argument")
    (change,) = action.edit.document_changes
    assert (change.text_document.uri, change.text_document.version) == (renamed.uri("cli.py"), None)
    (edit,) = change.edits
    assert action.edit.change_annotations[edit.annotation_id].label == "Fix of a finding"
    assert (part(NAMED, edit.range), edit.new_text) == ("height", "depth")
    renamed.open("cli.py", "# unsaved\n" + NAMED)
    (action,) = await fixes(renamed)
    (change,) = action.edit.document_changes
    assert change.text_document.version == 1
    assert part("# unsaved\n" + NAMED, change.edits[0].range) == "height"
    renamed.replace("cli.py", NAMED.replace("height", "depth"))
    await renamed.until(lambda: renamed.found("shapes.py") == [])
    assert await fixes(renamed) == []


async def test_a_finding_that_the_editor_asks_about_need_not_be_in_the_range(renamed):
    (diagnostic,) = renamed.shown[renamed.uri("shapes.py")].diagnostics
    assert await renamed.actions("shapes.py", 1, ["quickfix"]) == ()
    other = types.Diagnostic(diagnostic.range, "by somebody else", data=[1])
    fix, dismissal = await renamed.actions("shapes.py", 1, ["quickfix"], diagnostics=[other, diagnostic])
    assert (fix.title, dismissal.title[:8]) == ("Write depth for height in the call", "Dismiss:")


async def test_a_document_that_changed_is_not_overwritten(renamed):
    renamed.open("cli.py", NAMED)
    renamed.replace("cli.py", NAMED.replace("height=2", "height=22"))
    await renamed.until(lambda: renamed.found("shapes.py") == [])
    assert await fixes(renamed) == []


async def test_an_editor_without_versions_has_fixes_put_in(start_desk):
    desk = await start_desk(edits=types.WorkspaceEditClientCapabilities())
    await renaming(desk)
    (action,) = await fixes(desk)
    assert action.edit is None
    (argument,) = action.command.arguments
    answer = await desk.run(action.command.command, argument)
    assert (answer.applied, answer.reason) == (True, None)
    ((edit,),) = desk.edits[0].changes.values()
    assert (part(NAMED, edit.range), edit.new_text) == ("height", "depth")
    desk.open("cli.py", NAMED.replace("height", "depth"))
    answer = await desk.run(action.command.command, argument)
    assert (answer.applied, answer.reason, len(desk.edits)) == (False, "document_changed", 1)


async def test_what_is_dismissed_stays_so_when_its_line_moves(changed):
    changed.open("shapes.py", WIDER)
    await changed.review()
    await changed.until(lambda: changed.found("shapes.py"))
    (action,) = [each for each in await changed.actions("shapes.py", 0) if "Dismiss" in each.title]
    assert action.title.endswith(" (write to .codenook/dismissed.toml)")
    (argument,) = action.command.arguments
    answer = await changed.run(action.command.command, argument)
    assert (answer.dismissed, answer.reason) == (1, None)
    await changed.until(lambda: changed.found("shapes.py") == [])
    written = (changed.built.top / ".codenook" / "dismissed.toml").read_text(encoding="utf-8")
    assert 'rule = "missing-argument"' in written
    changed.replace("shapes.py", "# one\n# two\n\n" + WIDER)
    answer = await changed.review()
    assert (answer.report["findings"], answer.report["dismissed"]) == ([], 1)
    answer = await changed.run(action.command.command, argument)
    assert (answer.dismissed, answer.reason) == (0, "finding_gone")


async def test_a_file_of_dismissals_that_cannot_be_read_is_left_alone(changed):
    changed.built.put(".codenook/dismissed.toml", b"[[dismissed")
    changed.open("shapes.py", WIDER)
    await changed.review()
    await changed.until(lambda: changed.found("shapes.py"))
    (action,) = [each for each in await changed.actions("shapes.py", 0) if "Dismiss" in each.title]
    answer = await changed.run(action.command.command, action.command.arguments[0])
    assert (answer.dismissed, answer.reason) == (0, "file_not_written")
    assert (changed.built.top / ".codenook" / "dismissed.toml").read_bytes() == b"[[dismissed"
    assert changed.found("shapes.py")


async def test_reviews_are_offered_as_actions(changed):
    changed.open("cli.py", CALL)
    (action,) = await changed.actions("cli.py", 0, ["codenook.review"], to_line=1)
    assert (action.title, action.command.command) == ("Review the selection", "codenook.review")
    argument = action.command.arguments[0]
    answer = await changed.run("codenook.review", {**argument, "model": False})
    assert (answer.reason, answer.report["change"]["name"]) == (None, "selected lines")
    (action,) = await changed.actions("cli.py", 0, ["source.codenook.review"])
    assert action.title == "Review the change"
    answer = await changed.run("codenook.review", {**action.command.arguments[0], "model": False})
    assert answer.report["change"]["name"] == "uncommitted changes"


async def test_the_model_is_asked_too(changed):
    answer = await changed.review(model=True)
    assert {each["source"]: each["done"] for each in answer.report["sources"]} == {
        "facts": True,
        "linters": False,
        "surprise": True,
        "reading": False,
    }
    assert changed.client.messages == []


BODY = "".join(f"    value_{n} = compute(value_{n - 1}, size - {n}) < limit[{n}]\n" for n in range(1, 60))
MANY = {
    f"module_{number}.py": f"def run(value_0, size, limit):\n{BODY}    return value_{number}\n"
    for number in range(30)
}
"""More than a model reads in a moment."""


@pytest_asyncio.fixture
async def busy(changed):
    """An editor whose server has begun a review that takes long, and has told what was found first."""
    for name, text in MANY.items():
        changed.built.put(name, text.encode())
    params = types.ExecuteCommandParams("codenook.review", [{"uri": changed.built.top.as_uri()}])
    protocol = changed.client.protocol
    sent = protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="review")
    changed.running = asyncio.wrap_future(sent)
    await changed.until(lambda: changed.found("shapes.py") == [("missing-argument", 1)])
    assert not changed.running.done()
    yield changed
    protocol.notify(types.CANCEL_REQUEST, types.CancelParams("review"))
    with suppress(JsonRpcException, asyncio.CancelledError):
        await changed.running


async def test_a_review_that_is_withdrawn_leaves_what_it_found(busy):
    busy.client.protocol.notify(types.CANCEL_REQUEST, types.CancelParams("review"))
    with pytest.raises(JsonRpcException) as error:
        await busy.running
    assert error.value.code == CANCELLED
    answer = await busy.review(scope="document", uri=busy.uri("cli.py"))
    assert answer.report["complete"]
    assert busy.found("shapes.py") == [("missing-argument", 1)]


def ended(reports):
    return isinstance(reports[-1], types.WorkDoneProgressEnd)


async def test_the_cancel_button_ends_a_review_with_what_it_has(busy):
    told, shown = busy.client.progress_reports, []
    async with asyncio.timeout(30):
        while not shown:
            await asyncio.sleep(0.05)
            at_work = {token: each for token, each in told.items() if each and not ended(each)}
            shown = [token for token, each in at_work.items() if "reviewing" in each[0].title]
    assert told[shown[0]][0].cancellable
    busy.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(shown[0]))
    answer = SimpleNamespace(**await asyncio.wait_for(busy.running, 60))
    assert (answer.reason, answer.report["complete"]) == ("cancelled", False)
    assert [each["rule"] for each in answer.report["findings"]] == ["missing-argument"]
    assert busy.client.messages == []
    assert ended(told[shown[0]])


async def test_a_newer_review_ends_an_older_one(busy):
    answer = await busy.review()
    assert (answer.reason, answer.report["complete"]) == (None, True)
    assert (await asyncio.wait_for(busy.running, 60))["reason"] == "superseded"
    assert busy.found("shapes.py") == [("missing-argument", 1)]
