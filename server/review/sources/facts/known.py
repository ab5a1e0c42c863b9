"""The files as they are after a change, for the questions that facts are found with."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from threading import Event

from attrs import define, field

from codenook.context.code import Code, outline_of
from codenook.context.parse import Language, Parsed, language_of, parse
from codenook.context.resolve import Resolution, View
from codenook.server.review.scope.change import Change

_N_TREES_HELD = 64
_N_FILES = 300
"""Files that are searched for uses of one name: those that mention it most often."""


class Stopped(Exception):
    """Nobody waits for the answer any more."""


@define(eq=False)
class Known:
    """The files of the workspace after ``change``: changed ones as it has them, others as ``code`` does.

    One thread at a time. Nothing is written to the index of ``code``.
    """

    change: Change
    code: Code
    stop: Event = field(factory=Event)
    """Once it is set, the next look at a file raises `Stopped`."""
    _views: dict[str, View | None] = field(factory=dict, init=False)
    _trees: OrderedDict[str, Parsed | None] = field(factory=OrderedDict, init=False)
    _resolutions: dict[str, Resolution] = field(factory=dict, init=False)

    @property
    def root(self) -> str:
        """The workspace's folder, an absolute path."""
        return self.code.root

    def view(self, path: str) -> View | None:
        """The outline of a file; None when it counts as absent."""
        if path not in self._views:
            self._views[path] = self._view(path)
        return self._views[path]

    def real(self, path: str) -> str:
        """The path without symbolic links."""
        return self.code.real(path)

    def of_package(self, package: str) -> Sequence[str]:
        """The files that say they belong to ``package``."""
        return self.code.of_package(package)

    def in_folder(self, folder: str) -> Sequence[str]:
        """The files directly in a folder."""
        return self.code.in_folder(folder)

    def parsed(self, path: str) -> Parsed | None:
        """The syntax tree of a file; None when it counts as absent, or nobody reads its language."""
        if path in self._trees:
            self._trees.move_to_end(path)
            return self._trees[path]
        self._trees[path] = self._parsed(path)
        if len(self._trees) > _N_TREES_HELD:
            self._trees.popitem(last=False)
        return self._trees[path]

    def resolution(self, language: Language) -> Resolution:
        """What finds the definitions behind names of a language."""
        if language.id not in self._resolutions:
            self._resolutions[language.id] = Resolution(
                self, language.resolver(self), language.reader.implicit_receiver
            )
        return self._resolutions[language.id]

    def mentioning(self, name: str, language: Language) -> Iterator[str]:
        """The files of a language that mention ``name`` outside of comments and strings."""
        index = self.code.index
        on_disk = [path for path, _ in index.occurrences(name, _N_FILES)] if index else self._near
        word = name.encode()
        changed = [
            file.path for file in self.change.files if file.new is not None and word in file.new.source
        ]
        for path in dict.fromkeys((*changed, *on_disk)):
            if self.stop.is_set():
                raise Stopped
            if PurePosixPath(path).suffix in language.extensions and not self._is_gone(path):
                yield path

    @cached_property
    def _near(self) -> list[str]:
        """Without an index: the files in the folders of the change."""
        folders = dict.fromkeys(str(PurePosixPath(file.path).parent) for file in self.change.files)
        return [path for folder in folders for path in self.code.in_folder("" if folder == "." else folder)]

    def _is_gone(self, path: str) -> bool:
        file = self.change.by_path.get(path)
        return (file is not None and file.new is None) or path in self._moved

    @cached_property
    def _moved(self) -> frozenset[str]:
        """Paths that files had before they were renamed."""
        files = self.change.files
        old = {file.old_path for file in files if file.old_path is not None and file.old_path != file.path}
        return frozenset(old - self.change.by_path.keys())

    def _view(self, path: str) -> View | None:
        file = self.change.by_path.get(path)
        if file is None:
            return None if path in self._moved else self.code.view(path)
        outline = outline_of(path, file.new.source) if file.new else None
        return View(path, outline) if outline else None

    def _parsed(self, path: str) -> Parsed | None:
        file = self.change.by_path.get(path)
        if file is not None:
            return file.parsed
        source = self.code.source(path)
        language = language_of(PurePosixPath(path), source or b"")
        return parse(language, source) if language and source is not None else None
