"""``textDocument/publishDiagnostics``: documentation that the code has left behind."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

from lsprotocol import types

from codenook.server.documentation.rules import Rule
from codenook.server.documentation.stale import Finding
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.workspace_edit import range_of
from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import Looked, look

SOURCE = "codenook"

PAUSE_S = 0.5
"""How long nobody types before a changed document is looked at."""

_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="documentation")
_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")


def check(server: CodenookServer, opened: OpenDocument, after_s: float = 0.0) -> None:
    """Look at a document, and tell the editor what is stale in it."""
    opened.end_checking()
    opened.checking = asyncio.create_task(_check(server, opened, after_s))


def check_soon(server: CodenookServer, opened: OpenDocument) -> None:
    """Look at a document once nobody types."""
    check(server, opened, PAUSE_S)


def clear(server: CodenookServer, opened: OpenDocument) -> None:
    """Have the editor forget what it shows of a document."""
    _publish(server, opened, ())


def diagnostic(server: CodenookServer, document: Document, finding: Finding) -> types.Diagnostic:
    """A finding as the protocol has it."""
    is_wrong = finding.rule is not Rule.MISSING_PARAMETER
    return types.Diagnostic(
        range=range_of(server, document, finding.start, finding.end),
        message=finding.message,
        severity=types.DiagnosticSeverity.Warning if is_wrong else types.DiagnosticSeverity.Information,
        code=finding.rule.value,
        source=SOURCE,
    )


def is_wanted(server: CodenookServer, document: Document) -> bool:
    """Whether the settings want anything to be said of a document."""
    return server.settings.stale_docs and server.switched_off(document, automatic=True) is None


async def findings_in(opened: OpenDocument, snapshot: Document) -> tuple[Finding, ...]:
    """What is stale in a snapshot, looked at once, however often that is asked; nothing in an old one."""
    if opened.checking is not None:
        await asyncio.wait([opened.checking])
    looked = opened.looked
    return looked.findings if looked is not None and looked.document is snapshot else ()


async def in_worker(function: Callable[[*_Arguments], _Result], *arguments: *_Arguments) -> _Result:
    """Call a function in the thread for documentation; one that is cancelled before its turn isn't called."""
    return await asyncio.get_running_loop().run_in_executor(_WORKER, function, *arguments)


async def _check(server: CodenookServer, opened: OpenDocument, after_s: float) -> None:
    await server.configured.wait()
    await asyncio.sleep(after_s)
    snapshot, looked = opened.snapshot, opened.looked
    if not is_wanted(server, snapshot):
        _publish(server, opened, ())
        return
    if looked is None or looked.document is not snapshot:
        try:
            looked = await in_worker(look, snapshot, looked)
        except RecursionError:
            looked = Looked(snapshot)
    if opened.snapshot is snapshot:
        opened.looked = looked
        _publish(server, opened, looked.findings)


def _publish(server: CodenookServer, opened: OpenDocument, findings: tuple[Finding, ...]) -> None:
    if not findings and not opened.has_diagnostics:
        return
    document, opened.has_diagnostics = opened.snapshot, bool(findings)
    told = [diagnostic(server, document, finding) for finding in findings]
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(document.uri, told, document.version)
    )
