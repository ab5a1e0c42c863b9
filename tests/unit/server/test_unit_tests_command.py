"""The command for unit tests: what ran is put in where nothing is overwritten, and all else is said."""

import asyncio
from pathlib import Path

import pytest
from attrs import evolve
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.workspace import Workspace

from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.server import create_server
from codenook.server.lsp.unit_tests import UnitTestsParams, unit_tests
from codenook.server.reasons import Reason
from codenook.server.tasks.jobs import Progress
from codenook.server.unit_tests.case import Origin
from codenook.server.unit_tests.result import KeptTest, Thrown, ThrownFor, UnitTestsResult

SOURCE = "def add(a, b):\n    return a + b\n"
BEFORE = "import sums\n\n\ndef test_it():\n    assert sums\n"
ADDED = "\n\ndef test_add():\n    assert sums.add(1, 2) == 3\n"
AFTER = BEFORE + ADDED
KEPT = (KeptTest("test_add", Origin.TYPES, (0,)),)
NEW = UnitTestsResult("add", path="tests/test_sums.py", text=AFTER, framework="pytest", kept=KEPT)
CHANGED = evolve(NEW, before=BEFORE)
VERSIONS = types.WorkspaceEditClientCapabilities(
    document_changes=True,
    resource_operations=[types.ResourceOperationKind.Create],
    change_annotation_support=types.ChangeAnnotationsSupportOptions(),
)


def announced(edits=VERSIONS, *, takes_edits=True, shows=True):
    show = types.ShowDocumentClientCapabilities(support=shows)
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(apply_edit=takes_edits, workspace_edit=edits),
        window=types.WindowClientCapabilities(show_document=show),
    )


class Job:
    """A job that has its result already; what ``meanwhile`` does happens while it is at work."""

    def __init__(self, result):
        self.result, self.meanwhile, self.requests = result, None, []

    async def __call__(self, request, told):
        self.requests.append(request)
        told(Progress(37, 100, "mutant 7 of 31"))
        if self.meanwhile is not None:
            self.meanwhile()
            await asyncio.sleep(0)
        return self.result


class Desk:
    """A server, the folder that is open, and what its editor was asked for."""

    def __init__(self, server, root, job):
        self.server, self.root, self.job = server, root, job
        self.edits, self.shown, self.messages = [], [], []
        self.answer = types.ApplyWorkspaceEditResult(applied=True)
        self.show_error = None
        self.place = root / "tests" / "test_sums.py"
        server.workspace_apply_edit_async = self._apply
        server.window_show_document_async = self._show
        server.window_show_message = lambda params: self.messages.append(params.message)
        self.open("sums.py", SOURCE)

    def open(self, name, text, version=1):
        uri = (self.root / name).as_uri()
        self.server.documents[uri] = OpenDocument.of(types.TextDocumentItem(uri, "python", version, text))

    def write(self, text=BEFORE):
        self.place.parent.mkdir(exist_ok=True)
        self.place.write_text(text, encoding="utf-8")

    async def run(self, name="sums.py", **argument):
        params = UnitTestsParams((self.root / name).as_uri(), **({"symbol": "add"} | argument))
        return await asyncio.wait_for(unit_tests(self.server, params), 30)

    async def _apply(self, params):
        self.edits.append(params.edit)
        return self.answer

    async def _show(self, params):
        self.shown.append(params)
        if self.show_error is not None:
            raise self.show_error
        return types.ShowDocumentResult(success=True)


@pytest.fixture
def job(monkeypatch):
    job = Job(NEW)
    monkeypatch.setattr(CodenookServer, "unit_tests", job)
    return job


@pytest.fixture
def desk(tmp_path: Path, job):
    server, root = create_server({}), tmp_path.resolve()
    server.protocol._workspace = Workspace(root.as_uri())
    server.protocol._workspace.add_folder(types.WorkspaceFolder(root.as_uri(), "root"))
    server.protocol.client_capabilities = announced()
    server.configured.set()
    yield Desk(server, root, job)
    server.shutdown()


async def test_a_new_file_is_made_and_shown_from_its_beginning(desk):
    answer = await desk.run()
    ((created, written),) = [edit.document_changes for edit in desk.edits]
    assert (created.kind, created.uri) == ("create", desk.place.as_uri())
    assert (created.options.overwrite, created.options.ignore_if_exists) == (False, False)
    assert (written.text_document.uri, written.text_document.version) == (desk.place.as_uri(), None)
    assert [(each.range.start.line, each.new_text) for each in written.edits] == [(0, AFTER)]
    (annotation,) = desk.edits[0].change_annotations.items()
    assert annotation[0] == created.annotation_id == written.edits[0].annotation_id
    assert annotation[1].description.startswith("1 test: each ran, passed every time")
    (shown,) = desk.shown
    assert (shown.uri, shown.take_focus) == (desk.place.as_uri(), True)
    assert shown.selection == types.Range(types.Position(0, 0), types.Position(0, 0))
    assert (answer["applied"], answer["uri"], answer["reason"]) == (True, desk.place.as_uri(), None)
    assert answer["text"] == AFTER
    assert answer["report"].startswith("# Unit tests for `add`")
    assert len(desk.messages) == 1
    assert not desk.place.exists()


async def test_a_file_on_disk_is_changed_where_it_is_as_it_was(desk):
    desk.job.result = CHANGED
    desk.write()
    assert (await desk.run())["applied"]
    (written,) = desk.edits[0].document_changes
    assert written.text_document.version is None
    assert [(each.range.start.line, each.new_text) for each in written.edits] == [(5, ADDED)]
    (shown,) = desk.shown
    assert shown.selection == types.Range(types.Position(7, 0), types.Position(8, 30))


async def test_an_open_file_is_changed_in_its_version_whatever_is_on_disk(desk):
    desk.job.result = CHANGED
    desk.write("older\n")
    desk.open("tests/test_sums.py", BEFORE, version=7)
    assert (await desk.run())["applied"]
    (written,) = desk.edits[0].document_changes
    assert written.text_document.version == 7


async def test_a_file_that_is_open_and_empty_is_not_made_again(desk):
    desk.open("tests/test_sums.py", "", version=3)
    assert (await desk.run())["applied"]
    (written,) = desk.edits[0].document_changes
    assert (written.text_document.version, written.edits[0].new_text) == (3, AFTER)


@pytest.mark.parametrize("result", [NEW, CHANGED])
@pytest.mark.parametrize("is_open", [True, False])
async def test_a_file_that_somebody_wrote_meanwhile_is_left_alone(desk, result, is_open):
    desk.job.result = result
    theirs = BEFORE + "# mine\n"
    desk.job.meanwhile = (
        (lambda: desk.open("tests/test_sums.py", theirs)) if is_open else (lambda: desk.write(theirs))
    )
    answer = await desk.run()
    assert (answer["applied"], answer["reason"], desk.edits) == (False, "document_changed", [])
    assert answer["text"] == AFTER
    assert desk.messages == [
        "codenook: no tests (document_changed): test_sums.py changed meanwhile; it is left as it is."
    ]


async def test_a_file_that_is_gone_is_not_made_again(desk):
    desk.job.result = CHANGED
    assert (await desk.run())["reason"] == "document_changed"
    assert desk.edits == []


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
async def test_what_cannot_be_read_any_more_is_left_alone(desk, content):
    desk.job.result = CHANGED
    if content is None:
        desk.place.mkdir(parents=True)
    else:
        desk.write()
        desk.place.write_bytes(content)
    assert (await desk.run())["reason"] == "document_changed"


@pytest.mark.parametrize("is_file", [True, False])
async def test_a_link_that_leads_out_of_the_workspace_is_not_followed(desk, tmp_path_factory, is_file):
    outside = tmp_path_factory.mktemp("outside")
    if is_file:
        desk.place.parent.mkdir()
        desk.place.symlink_to(outside / "profile")
    else:
        (desk.root / "tests").symlink_to(outside)
    answer = await desk.run()
    assert (answer["reason"], desk.edits) == ("file_not_written", [])
    assert "leads out of the workspace" in answer["message"]


@pytest.mark.parametrize(
    ("capabilities", "result", "reason"),
    [
        (announced(takes_edits=False), NEW, "edit_not_taken"),
        (announced(None), NEW, "edit_not_taken"),
        (announced(types.WorkspaceEditClientCapabilities(document_changes=True)), NEW, "edit_not_taken"),
        (announced(None), CHANGED, None),
    ],
)
async def test_an_editor_that_cannot_do_it_gets_the_text(desk, capabilities, result, reason):
    desk.server.protocol.client_capabilities = capabilities
    desk.job.result = result
    desk.write() if result is CHANGED else None
    answer = await desk.run()
    assert (answer["reason"], answer["applied"], answer["text"]) == (reason, reason is None, AFTER)
    assert len(desk.edits) == (reason is None)
    assert reason is None or not desk.place.exists()
    if reason is None:  # without versions: the server has compared
        assert list(desk.edits[0].changes) == [desk.place.as_uri()]


async def test_an_editor_that_makes_files_but_knows_no_versions_makes_one(desk):
    operations = types.WorkspaceEditClientCapabilities(
        resource_operations=[types.ResourceOperationKind.Create]
    )
    desk.server.protocol.client_capabilities = announced(operations)
    assert (await desk.run())["applied"]
    created, written = desk.edits[0].document_changes
    assert (created.annotation_id, written.edits[0].new_text) == (None, AFTER)


async def test_an_editor_that_refuses_is_told_so(desk):
    desk.answer = types.ApplyWorkspaceEditResult(applied=False, failure_reason="it exists")
    answer = await desk.run()
    assert (answer["applied"], answer["reason"], answer["message"]) == (False, "edit_not_taken", "it exists")
    assert desk.shown == []


@pytest.mark.parametrize("shows", [True, False])
async def test_an_editor_that_shows_nothing_has_the_tests_all_the_same(desk, shows):
    desk.server.protocol.client_capabilities = announced(shows=shows)
    desk.show_error = JsonRpcException("not today", -32000)
    assert (await desk.run())["applied"]
    assert len(desk.shown) == shows


async def test_a_preview_is_never_put_in(desk):
    desk.job.result = evolve(NEW, kept=(), reason=Reason.NOT_RUN, message="There is no go.")
    answer = await desk.run()
    assert (answer["applied"], answer["reason"], answer["text"]) == (False, "not_run", AFTER)
    assert (desk.edits, desk.shown) == ([], [])
    assert desk.messages == ["codenook: a preview of tests (not_run): There is no go."]
    assert "**Not run**" in answer["report"]


async def test_what_was_thrown_away_is_reported_without_any_tests(desk):
    thrown = (Thrown("test_x", ThrownFor.FLAKY, "odd"),)
    message = "see [here](command:evil) \x1b[31m"
    desk.job.result = UnitTestsResult("add", thrown=thrown, reason=Reason.NO_TEST_KEPT, message=message)
    answer = await desk.run()
    assert "`test_x`: it passed in some of the runs only (`odd`)" in answer["report"]
    assert desk.messages == ["codenook: no tests (no_test_kept): see [here] (command:evil) \\x1b[31m"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda opened: opened.end_jobs(Reason.DOCUMENT_CHANGED), "document_changed"),
        (lambda opened: opened.end_work(Reason.DOCUMENT_NOT_OPEN), "document_not_open"),
        (lambda opened: next(iter(opened.jobs)).end(Reason.CANCELLED), "cancelled"),
    ],
)
async def test_what_ends_the_version_ends_the_job(desk, change, reason):
    (opened,) = desk.server.documents.values()
    desk.job.meanwhile = lambda: change(opened)
    answer = await desk.run()
    assert (answer["applied"], answer["reason"], desk.edits) == (False, reason, [])
    assert len(desk.messages) == (reason != "cancelled")


async def test_open_documents_count_and_the_place_is_enough(desk):
    desk.open("other.py", "x = 1\n")
    await desk.run(symbol="", position=types.Position(1, 4), version=1)
    (request,) = desk.job.requests
    assert (request.symbol, request.workspace) == ("add", desk.root)
    assert request.opened == {desk.root / "other.py": "x = 1\n"}


@pytest.mark.parametrize(
    ("name", "argument", "reason"),
    [
        ("sums.py", {"symbol": "", "position": types.Position(9, 0)}, "no_definition"),
        ("sums.py", {"symbol": ""}, "no_definition"),
        ("sums.py", {"version": 2}, "document_changed"),
        ("none.py", {}, "document_not_open"),
    ],
)
async def test_what_cannot_be_asked_about_says_why(desk, name, argument, reason):
    answer = await desk.run(name, **argument)
    assert (answer["applied"], answer["reason"], answer["report"]) == (False, reason, "")
    assert desk.job.requests == []


async def test_a_document_in_no_file_has_no_tests(desk):
    uri = "untitled:Untitled-1"
    desk.server.documents[uri] = OpenDocument.of(types.TextDocumentItem(uri, "python", 1, SOURCE))
    answer = await unit_tests(desk.server, UnitTestsParams(uri, "add"))
    assert (answer["reason"], desk.job.requests) == ("not_testable", [])
