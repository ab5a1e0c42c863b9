"""A test file into its place in the project, or to a path that a person named."""

from pathlib import Path

from codenook.server.reasons import Reason
from codenook.server.tasks.saving import NotSaved, save, save_new
from codenook.server.unit_tests.result import UnitTestsResult


def put_in_place(root: Path, result: UnitTestsResult) -> Path:
    """Write the result's file below ``root``, with the folders that it needs; raises NotSaved.

    Nothing is written through a link that leads out of the project, nor over what was changed meanwhile.
    """
    path = root / result.path
    if not path.resolve().is_relative_to(root.resolve()):
        raise NotSaved(f"can't write {path}: a link there leads out of the project")
    text = result.text or ""
    if result.before is not None:
        save(path, result.before, text)
        return path
    if path.exists():
        raise NotSaved(f"{path} was made meanwhile; it is left as it is", Reason.DOCUMENT_CHANGED)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotSaved(f"can't write {path}: {error.strerror}") from None
    save_new(path, text)
    return path


def write_apart(path: Path, text: str) -> Path:
    """Write ``text`` to a path of the user's choice; raises NotSaved."""
    save_new(path, text)
    return path
