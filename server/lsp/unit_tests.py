"""The command ``codenook.unitTests``, and the code action that offers it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.server.lsp.announced import shows_disabled, tags_of_model, takes_actions, takes_edits
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.model_job import Shown, being_done, snapshot_of, written
from codenook.server.lsp.positions import offset_at, span_of
from codenook.server.lsp.put_in_file import ChangedFile, put_in_file
from codenook.server.lsp.saying import say
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.workspace_edit import Annotation
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document
from codenook.server.tasks.unit_tests import UnitTestsRequest
from codenook.server.tasks.unit_tests_offers import Offer, offer_at
from codenook.server.unit_tests.report_markdown import summary, to_markdown
from codenook.server.unit_tests.result import UnitTestsResult

UNIT_TESTS = "codenook.unitTests"
KIND = UNIT_TESTS
TITLE = "codenook: writing unit tests"


@frozen
class UnitTestsParams:
    """The command's one argument: what to test, in which version of a document.

    It is ``symbol`` or, where that is empty, the innermost definition around ``position``. A class means its
    methods.
    """

    uri: str
    symbol: str = ""
    position: types.Position | None = None
    version: int | None = None


async def unit_tests(server: CodenookServer, params: UnitTestsParams) -> dict[str, Any]:
    """Have the editor put tests in that ran, and show their file; return them with the report."""
    result: UnitTestsResult | None = None
    uri = ""
    try:
        opened, snapshot = await snapshot_of(server, params.uri, params.version)
        request = await _request(server, opened, snapshot, params)
        shown = Shown(TITLE, request.symbol, being_done)
        job = partial(server.unit_tests, request)
        result = await written(server, opened, shown, job, needs_model=False)
        uri = await _put_in(server, request.root, result)
    except NoAnswer as why:
        _say_why_not(server, why)
        return _answer(params, result, {"reason": why.reason, "message": why.message})
    say(server, summary(result))
    return _answer(params, result, {"applied": True, "uri": uri})


async def _put_in(server: CodenookServer, root: Path, result: UnitTestsResult) -> str:
    """Put in what ran, and nothing else; return the file's URI."""
    if result.reason is not None or result.text is None:
        raise NoAnswer(result.reason or Reason.NO_TEST_KEPT, result.message)
    file = await in_worker(ChangedFile.of, root, result.path, result.before, result.text)
    return await put_in_file(server, file, Annotation(UNIT_TESTS, "Unit tests", summary(result)))


def _answer(
    params: UnitTestsParams, result: UnitTestsResult | None, came_of_it: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "symbol": params.symbol,
        "applied": False,
        "uri": "",
        **(result.to_json() if result else {}),
        "report": to_markdown(result) if result else "",
        **came_of_it,
    }


async def _request(
    server: CodenookServer, opened: OpenDocument, snapshot: Document, params: UnitTestsParams
) -> UnitTestsRequest:
    if not opened.real.is_absolute():
        raise NoAnswer(Reason.NOT_TESTABLE, "The document is in no file, so that no test could import it.")
    symbol = params.symbol
    if not symbol and params.position is not None:
        at = offset_at(snapshot.text, params.position, server.encoding)
        offer = await in_worker(offer_at, snapshot, at, at) if at is not None else None
        symbol = offer.symbol if offer else ""
    if not symbol:
        raise NoAnswer(Reason.NO_DEFINITION)
    texts = dict[Path, str]()
    for other in server.documents.values():
        if other is not opened and other.real.is_absolute():
            texts |= {other.real: other.snapshot.text, other.snapshot.path: other.snapshot.text}
    return UnitTestsRequest(snapshot, symbol, server.folder_of(snapshot.path), opened=texts)


async def unit_test_actions(
    server: CodenookServer, snapshot: Document, wanted: types.Range
) -> list[types.Command | types.CodeAction]:
    """Tests of what is around a range, or why there can be none; nothing runs before one is chosen."""
    announced = server.client_capabilities
    if not takes_edits(announced):
        return []
    start, end = span_of(snapshot.text, wanted, server.encoding)
    offer = await in_worker(offer_at, snapshot, start, end)
    if offer is None:
        return []
    if offer.why_not:
        disabled = types.CodeActionDisabled(offer.why_not)
        is_shown = takes_actions(announced) and shows_disabled(announced)
        return [types.CodeAction(offer.title, kind=KIND, disabled=disabled)] if is_shown else []
    command = _command(snapshot, offer)
    if not takes_actions(announced):
        return [command]
    tags = tags_of_model(announced)
    return [types.CodeAction(offer.title, kind=KIND, command=command, tags=tags)]


def _command(snapshot: Document, offer: Offer) -> types.Command:
    argument = {"uri": snapshot.uri, "symbol": offer.symbol, "position": None, "version": snapshot.version}
    return types.Command(offer.title, UNIT_TESTS, arguments=[argument])


def _say_why_not(server: CodenookServer, why: NoAnswer) -> None:
    """Tell the user why there are no tests, unless they stopped it themselves."""
    if why.reason is not Reason.CANCELLED:
        what = "a preview of tests" if why.reason is Reason.NOT_RUN else "no tests"
        say(server, f"{what} ({why.reason}): {why.message}")
