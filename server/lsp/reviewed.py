"""What reviews found, file by file, until another review of the file says something else."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from attrs import define, evolve, field, frozen

from codenook.server.review.finding import Finding
from codenook.server.review.placing import Shift, placed
from codenook.server.review.scope.change import Change, Text

_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reviewed")
_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")


@frozen(eq=False)
class ReviewedFile:
    """What a review of ``change`` found in one of its files.

    ``others`` are the texts of files that are no part of the change, and that fixes edit all the same.
    """

    path: str
    change: Change
    findings: tuple[Finding, ...]
    others: Mapping[str, Text] = field(factory=dict)

    @property
    def place(self) -> Path:
        """Where the file is, symbolic links resolved."""
        return self.change.root / self.path

    def seen(self, path: str) -> Text | None:
        """The text of a file as the review saw it; None of one that was deleted, or not looked at."""
        file = self.change.by_path.get(path)
        return file.new if file else self.others.get(path)

    def with_fingerprint(self, fingerprint: str) -> Finding | None:
        """The finding, as the review told it."""
        return next((finding for finding in self.findings if finding.fingerprint == fingerprint), None)

    def standing(self, text: Callable[[Path], Text | None]) -> tuple[Finding, ...]:
        """What can still be told, where it is now, given the texts of files as they are now."""
        before, now = self.seen(self.path), text(self.place)
        if (before is None) != (now is None):
            return ()
        shift = Shift(before or Text(""), now or Text(""))
        root = self.change.root
        found = (placed(finding, shift, lambda path: text(root / path)) for finding in self.findings)
        return tuple(finding for finding in found if finding is not None)

    @cached_property
    def evidence(self) -> frozenset[Path]:
        """The places of the files that its findings have evidence in."""
        root = self.change.root
        return frozenset(root / path for path in {at.path for each in self.findings for at in each.related})


@define(eq=False)
class Reviewed:
    """The files in which something was found, by their places."""

    _files: dict[Path, ReviewedFile] = field(factory=dict, init=False)

    def of(self, place: Path) -> ReviewedFile | None:
        """What was found in a file."""
        return self._files.get(place)

    def take(self, file: ReviewedFile) -> None:
        """Take what was found in a file in the place of what was found before."""
        self._files.pop(file.place, None)
        if file.findings:
            self._files[file.place] = file

    def replace(self, files: Iterable[ReviewedFile], covered: Callable[[Path], bool]) -> list[Path]:
        """Take what was found, and forget the rest of what was ``covered``; return all that differs."""
        new = {file.place: file for file in files}
        gone = [place for place in self._files if covered(place) and place not in new]
        for place in gone:
            del self._files[place]
        for file in new.values():
            self.take(file)
        return [*gone, *new]

    def drop(self, file: ReviewedFile, left: Sequence[Finding]) -> None:
        """Keep only some of the findings of a file, unless another review has looked at it meanwhile."""
        if self._files.get(file.place) is file:
            self.take(evolve(file, findings=tuple(left)))

    def pointing_to(self, place: Path) -> list[Path]:
        """The other files that have findings with evidence in this one."""
        return [other for other, file in self._files.items() if other != place and place in file.evidence]

    def concerned(self, places: frozenset[Path]) -> list[Path]:
        """The files with findings that are in these files, or have evidence there; from any thread."""
        files = list(self._files.items())
        return [other for other, file in files if other in places or not places.isdisjoint(file.evidence)]


async def in_worker(function: Callable[[*_Arguments], _Result], *arguments: *_Arguments) -> _Result:
    """Call a function in the thread for findings, one after the other."""
    return await asyncio.get_running_loop().run_in_executor(_WORKER, function, *arguments)
