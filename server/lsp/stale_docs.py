"""Diagnostics of documentation that the code has left behind."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

from lsprotocol import types

from codenook.server.documentation.rules import Rule
from codenook.server.documentation.stale import Finding
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import positions_at
from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import Looked, look

SOURCE = "codenook"

_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="documentation")
_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")


def diagnostics(document: Document, findings: Sequence[Finding], encoding: str) -> list[types.Diagnostic]:
    """Findings as the protocol has them."""
    places = positions_at(document.text, [at for each in findings for at in (each.start, each.end)], encoding)
    spans = zip(places[::2], places[1::2], strict=True)
    return [_diagnostic(finding, types.Range(*span)) for finding, span in zip(findings, spans, strict=True)]


def _diagnostic(finding: Finding, span: types.Range) -> types.Diagnostic:
    is_wrong = finding.rule is not Rule.MISSING_PARAMETER
    return types.Diagnostic(
        range=span,
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


async def stale_docs(
    server: CodenookServer, opened: OpenDocument, snapshot: Document
) -> list[types.Diagnostic]:
    """What is stale in a snapshot; looked at again only where it changed."""
    if not is_wanted(server, snapshot):
        return []
    looked = opened.looked
    if looked is None or looked.document is not snapshot:
        try:
            looked = await in_worker(look, snapshot, looked)
        except RecursionError:
            looked = Looked(snapshot)
    told = await in_worker(diagnostics, snapshot, looked.findings, server.encoding)
    if opened.snapshot is snapshot:
        opened.looked = looked
    return told
