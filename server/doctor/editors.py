"""The editors on this machine that codenook can serve."""

from pathlib import Path

from attrs import frozen

from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.doctor.tools import find_program, shown, version_of


@frozen
class Editor:
    """An editor: its programs' names, and from which version it can do what with codenook.

    ``least`` is None where the version doesn't matter; then the program is not run.
    """

    name: str
    programs: tuple[str, ...]
    shows: str
    least: tuple[int, ...] | None = None
    older: str = ""


EDITORS = (
    Editor(
        "Neovim",
        ("nvim",),
        "candidates in place; see editors/neovim",
        least=(0, 12),
        older="shows candidates as a menu, through its own LSP client; 0.12 or later shows them in place",
    ),
    Editor("VS Code", ("code", "codium"), "candidates in place; see editors/vscode"),
    Editor(
        "Emacs",
        ("emacs",),
        "candidates as a menu, through eglot",
        least=(29,),
        older="has no LSP client of its own; install eglot, or version 29 or later",
    ),
    Editor("Helix", ("hx", "helix"), "candidates as a menu"),
)


def editors(workspace: Path) -> list[Finding]:
    """Name the editors that are there, outside of the workspace; one of them is enough."""
    programs = ((editor, find_program(*editor.programs, outside=workspace)) for editor in EDITORS)
    found = [_finding(editor, program) for editor, program in programs if program]
    if found:
        return found
    names = ", ".join(editor.name for editor in EDITORS)
    return [
        note(Check.EDITORS, f"none of {names} is on PATH", "any editor that speaks LSP 3.17 or later will do")
    ]


def _finding(editor: Editor, program: Path) -> Finding:
    version = version_of(program) if editor.least else ()
    facts = {"name": editor.name, "path": str(program), "version": shown(version) if version else None}
    named = f"{editor.name} {shown(version)}" if editor.least else editor.name
    if editor.least and version < editor.least:
        return note(
            Check.EDITORS,
            f"{named}, {program}",
            f"{editor.name} before {shown(editor.least)} {editor.older}",
            **facts,
        )
    return ok(Check.EDITORS, f"{named}, {program}: {editor.shows}", **facts)
