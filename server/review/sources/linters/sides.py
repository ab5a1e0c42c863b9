"""The workspace as a change leaves it, and as it was before: files that say otherwise than those on disk."""

from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.sandbox.reading import is_file


@frozen
class Side:
    """The workspace at ``root``, in which ``files`` are as given, or aren't there (None)."""

    root: Path
    files: Mapping[str, bytes | None]

    @classmethod
    def new(cls, change: Change) -> "Side":
        """As the change leaves it."""
        gone = {file.old_path: None for file in change.files if file.old_path}
        return cls._of(change.root, gone | {file.path: _content(file.new) for file in change.files})

    @classmethod
    def old(cls, change: Change) -> "Side":
        """As it was before the change."""
        come = dict.fromkeys((file.path for file in change.files), None)
        were = {file.old_path: _content(file.old) for file in change.files if file.old_path}
        return cls._of(change.root, come | were)

    @classmethod
    def _of(cls, root: Path, files: Mapping[str, bytes | None]) -> "Side":
        return cls(root, {path: said for path, said in files.items() if not _is_on_disk(root / path, said)})

    def text(self, path: Path) -> str | None:
        """What a file (absolute) says on this side; None without one."""
        name = path.relative_to(self.root).as_posix()
        content = self.files[name] if name in self.files else _on_disk(path)
        return None if content is None else content.decode("utf-8", "replace")


def before(file: ChangedFile) -> tuple[str, Text] | None:
    """The path and the text of a file before the change."""
    return (file.old_path, file.old) if file.old_path and file.old else None


def _content(text: Text | None) -> bytes | None:
    return None if text is None else text.source


def _is_on_disk(path: Path, said: bytes | None) -> bool:
    if said is None:
        return not is_file(path) or path.is_symlink()
    return _on_disk(path) == said


def _on_disk(path: Path) -> bytes | None:
    """What is in a regular file of ``MAX_FILE_BYTES`` at most; None for all else."""
    try:
        if not is_file(path) or path.is_symlink():
            return None
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= MAX_FILE_BYTES else None
