"""``workspace/didChangeWatchedFiles``, ``didChangeWorkspaceFolders``: what happens beside the documents."""

from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from codenook.context.code import RULE_FILES, suffixes
from codenook.server.lsp.diagnostics import changed
from codenook.server.lsp.language_server import CodenookServer


def did_change_watched_files(server: CodenookServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Have the files read again that have changed, appeared or gone."""
    by_folder: dict[Path, list[Path]] = {}
    for event in params.changes:
        path = to_fs_path(event.uri)
        folder = server.folder_of(Path(path)) if path else None
        if path and folder:
            by_folder.setdefault(folder, []).append(Path(path))
    for folder, paths in by_folder.items():
        server.workspaces.of(folder).refresh(paths)
        server.memories.soon(folder)
    changed(server, [path for paths in by_folder.values() for path in paths])


def did_change_workspace_folders(
    server: CodenookServer, _params: types.DidChangeWorkspaceFoldersParams
) -> None:
    """Keep indexes of the folders that are open now; pygls has noted which."""
    if server.configured.is_set():
        server.follow_folders()


def ask_for_changes(server: CodenookServer) -> None:
    """Ask the editor to tell of files that codenook reads, if it can."""
    if not server.indexes.editor_watches:
        return
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    watchers = [types.FileSystemWatcher(glob) for glob in _globs()]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    registration = types.Registration(id=method, method=method, register_options=options)
    server.client_register_capability(types.RegistrationParams([registration]))


def _globs() -> list[str]:
    names = [*(f"*{suffix}" for suffix in sorted(suffixes())), *sorted(RULE_FILES)]
    return [f"**/{name}" for name in names]
