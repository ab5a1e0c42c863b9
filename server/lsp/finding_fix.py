"""Fixes of findings, as edits of the documents as they are now."""

from collections.abc import Sequence

from lsprotocol import types

from codenook.server.documentation.edits import Edit
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.editor_files import EditorFiles
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.reviewed import ReviewedFile, in_worker
from codenook.server.lsp.workspace_edit import Annotation, Edits, edit_of, send
from codenook.server.reasons import Reason
from codenook.server.review.finding import Finding
from codenook.server.review.placing import Shift

_ANNOTATION = Annotation("codenook.review", "Fix of a finding", "as the review suggests")


def fix_edit(
    server: CodenookServer, file: ReviewedFile, finding: Finding, files: EditorFiles
) -> types.WorkspaceEdit | None:
    """The fix of a finding as the review told it; None when a line that it edits has changed."""
    changes = _edits(file, finding, files)
    if not changes:
        return None
    return edit_of(server.client_capabilities, server.encoding, changes, _ANNOTATION)


async def apply_fix(server: CodenookServer, opened: OpenDocument, fingerprint: str) -> None:
    """Have the editor put a fix in, in all of its documents as they are; raises NoAnswer when it doesn't."""
    file = server.reviewed.of(opened.real)
    finding = file.with_fingerprint(fingerprint) if file else None
    if file is None or finding is None or finding.fix is None:
        raise NoAnswer(Reason.FINDING_GONE)
    files = EditorFiles.of(server)
    edit = await in_worker(fix_edit, server, file, finding, files)
    if edit is None:
        raise NoAnswer(Reason.DOCUMENT_CHANGED)

    def is_same() -> bool:
        now = {opened.real: opened.snapshot for opened in server.documents.values()}
        return all(now.get(place) is document for place, document in files.documents.items())

    await send(server, edit, finding.fix.title, is_same)


def _edits(file: ReviewedFile, finding: Finding, files: EditorFiles) -> Sequence[Edits]:
    """The edits by document, in the order of the text; none unless all lines are as the review saw them."""
    by_path: dict[str, list[Edit]] = {}
    for edit in finding.fix.edits if finding.fix else ():
        before, now = file.seen(edit.path), files.text(file.change.root / edit.path)
        span = Shift(before, now).span(edit.span) if before and now else None
        if now is None or span is None:
            return ()
        start = now.offset(span.start_line, span.start_column)
        end = now.offset(span.end_line, span.end_column)
        by_path.setdefault(edit.path, []).append(Edit(start, end, edit.text))
    changes: list[Edits] = []
    for path, edits in by_path.items():
        document = files.document(file.change.root / path)
        if document is None:
            return ()
        changes.append((document, sorted(edits, key=lambda edit: edit.start)))
    return changes
