"""Changes made of two releases of a package: all at once, or one file while the others stay as they were.

The second is what somebody has in front of them who changed a file and not yet those that use it.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from codenook.context.code import Code, sources_of
from codenook.context.index.index import Index
from codenook.server.review.scope.change import Change
from codenook.server.review.scope.readable import Gathered, Sides

_SOURCES = {".py", ".pyi", ".ts", ".tsx", ".js", ".jsx", ".mjs"}
_SCRIPTS = {"src", "lib", "index.js", "v3", "v4"}
"""Where packages from npm have their sources, at their tops; beside them is what these were made into."""


def files(top: Path) -> dict[str, bytes]:
    """The source files of a release by path, without what describes it."""
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and _is_source(path.relative_to(top))
    }


def _is_source(path: Path) -> bool:
    if path.suffix in {".py", ".pyi"}:
        return ".dist-info" not in path.as_posix()
    return path.suffix in _SOURCES and path.parts[0] in _SCRIPTS and not path.name.endswith(".d.ts")


@contextmanager
def indexed(root: Path) -> Iterator[Code]:
    """The files below ``root``, with an index of their own."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["CODENOOK_CACHE_DIR"] = cache
        index = Index(sources_of(root))
        index.scan()
        code = Code(str(root))
        code.use(index)
        try:
            yield code
        finally:
            index.close()


def whole(old: Path, new: Path) -> Change:
    """The change from one release to the next; it is at ``new``."""
    before, after = files(old), files(new)
    gathered = Gathered(new)
    for path in sorted(before.keys() | after.keys()):
        was, is_now = before.get(path), after.get(path)
        if was != is_now:
            gathered.add(Sides(path, path if was is not None else None, was, is_now))
    return gathered.change(f"{old.name} to {new.name}")


def with_slips(
    old: Path, new: Path, root: Path, plant: Callable[[dict[str, str], dict[str, str]], dict[str, str]]
) -> Change:
    """The change from one release to the next with what ``plant`` makes of its files, put at ``root``."""
    before, after = files(old), files(new)
    sides = ({path: text.decode() for path, text in side.items()} for side in (before, after))
    planted = plant(*sides)
    shutil.copytree(new, root, dirs_exist_ok=True)
    gathered = Gathered(root)
    for path in sorted(before.keys() | after.keys()):
        is_now = planted[path].encode() if path in planted else None
        if is_now is not None:
            (root / path).write_bytes(is_now)
        if before.get(path) != is_now:
            gathered.add(Sides(path, path if path in before else None, before.get(path), is_now))
    return gathered.change(f"{old.name} to {new.name} with slips")


def one_by_one(old: Path, new: Path, root: Path) -> Iterator[Change]:
    """For each file that differs the old release with this file of the new one; ``root`` is put to use."""
    before, after = files(old), files(new)
    shutil.copytree(old, root, dirs_exist_ok=True)
    for path in sorted(before):
        if path not in after or before[path] == after[path]:
            continue
        gathered = Gathered(root)
        gathered.add(Sides(path, path, before[path], after[path]))
        yield gathered.change(path)
