"""Code actions about reviews: ask for one, apply what a finding suggests, dismiss it."""

from collections.abc import Collection, Mapping, Sequence

from lsprotocol import types

from codenook.server.lsp.announced import tags_of_model, takes_actions
from codenook.server.lsp.diagnostics import standing_in
from codenook.server.lsp.dismiss import dismiss_command
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.editor_files import EditorFiles
from codenook.server.lsp.finding_diagnostics import finding_diagnostics, fingerprint_of
from codenook.server.lsp.finding_fix import fix_edit
from codenook.server.lsp.fix import comes_back, finding_command
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.review import REVIEW
from codenook.server.lsp.reviewed import ReviewedFile, in_worker
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import Text
from codenook.server.tasks.document import Document

KIND = f"{types.CodeActionKind.Source.value}.codenook.review"
SELECTION_KIND = "codenook.review"

Action = types.Command | types.CodeAction


def review_change(server: CodenookServer, document: Document) -> Action:
    """The action that reviews what is not committed in the document's repository."""
    return _ask(server, KIND, "Review the change", {"scope": "change", "uri": document.uri})


def review_selection(server: CodenookServer, document: Document, wanted: types.Range) -> list[Action]:
    """The action that reviews the lines of a selection; none without one."""
    if wanted.start == wanted.end:
        return []
    first, last = sorted((wanted.start, wanted.end), key=lambda at: (at.line, at.character))
    is_before = last.character == 0 and last.line > first.line
    lines = [first.line + 1, last.line if is_before else last.line + 1]
    argument = {"scope": "selection", "uri": document.uri, "lines": lines, "version": document.version}
    return [_ask(server, SELECTION_KIND, "Review the selection", argument)]


def _ask(server: CodenookServer, kind: str, title: str, argument: Mapping[str, object]) -> Action:
    announced, command = server.client_capabilities, types.Command(title, REVIEW, arguments=[argument])
    if not takes_actions(announced):
        return command
    return types.CodeAction(title, kind=kind, command=command, tags=tags_of_model(announced))


async def finding_actions(
    server: CodenookServer, opened: OpenDocument, snapshot: Document, params: types.CodeActionParams
) -> list[Action]:
    """What can be done about findings in a range, or that the editor asks about: fixes first.

    Some editors ask about those in the cursor's line.
    """
    file, standing = server.reviewed.of(opened.real), await standing_in(opened, snapshot)
    if file is None or not standing:
        return []
    asked = {fingerprint_of(diagnostic) for diagnostic in params.context.diagnostics}
    touched = await in_worker(_touched, server, snapshot, standing, params.range, asked)
    fixes, dismissals = await in_worker(_actions, server, file, snapshot, touched, EditorFiles.of(server))
    return [*fixes, *dismissals]


def _touched(
    server: CodenookServer,
    snapshot: Document,
    standing: Sequence[Finding],
    wanted: types.Range,
    asked: Collection[str],
) -> list[Finding]:
    text = Text(snapshot.text)
    start, end = span_of(snapshot.text, wanted, server.encoding)
    return [
        finding
        for finding in standing
        if finding.fingerprint in asked
        or (
            text.offset(finding.span.start_line, finding.span.start_column) <= end
            and start <= text.offset(finding.span.end_line, finding.span.end_column)
        )
    ]


def _actions(
    server: CodenookServer,
    file: ReviewedFile,
    snapshot: Document,
    findings: Sequence[Finding],
    files: EditorFiles,
) -> tuple[list[Action], list[Action]]:
    announced = server.client_capabilities
    shown = finding_diagnostics(findings, file.change.root, files, server.encoding, announced)
    fixes, dismissals = list[Action](), list[Action]()
    for finding, diagnostic in zip(findings, shown, strict=True):
        told = file.with_fingerprint(finding.fingerprint)
        edit = fix_edit(server, file, told, files) if told and told.fix else None
        if edit is not None and finding.fix is not None:
            command = finding_command(snapshot, finding, finding.fix.title) if comes_back(server) else None
            if takes_actions(announced):
                fixes.append(
                    types.CodeAction(
                        finding.fix.title,
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[diagnostic],
                        is_preferred=finding.fix.is_sure,
                        edit=None if command else edit,
                        command=command,
                    )
                )
            elif command:
                fixes.append(command)
        dismissal = dismiss_command(snapshot.uri, finding)
        if takes_actions(announced):
            kind = types.CodeActionKind.QuickFix
            dismissals.append(
                types.CodeAction(dismissal.title, kind=kind, diagnostics=[diagnostic], command=dismissal)
            )
        else:
            dismissals.append(dismissal)
    return fixes, dismissals
