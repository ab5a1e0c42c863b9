"""Which lines of one file are run: as coverage.py says where it is installed, else as seen here."""

from __future__ import annotations

import ast
import dis
import os
import re
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from types import CodeType, FrameType

_BY_EVENTS = (3, 12)
"""The first Python that tells of lines without much loss of time."""


class Lines(Protocol):
    """Watches one file from `start` on; `stop` says which lines could run, and which did."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> tuple[list[int], list[int]]:
        """End, and say."""


def watcher(path: str, *, by_coverage: bool) -> Lines:
    """What watches the file."""
    if by_coverage:
        try:
            return _ByCoverage(path)
        except Exception:  # noqa: BLE001, S110 - whatever keeps it from working here
            pass
    return _ByEvents(path) if sys.version_info >= _BY_EVENTS else _ByTrace(path)


class _ByCoverage:
    def __init__(self, path: str) -> None:
        import coverage  # noqa: PLC0415 - the project's own

        self._path = path
        pattern = re.sub(r"[*?[\]]", "?", path)  # it has no other way to write a bracket
        self._coverage: Any = coverage.Coverage(data_file=None, config_file=False, include=[pattern])

    def start(self) -> None:
        self._coverage.start()

    def stop(self) -> tuple[list[int], list[int]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._coverage.stop()
            _, lines, _, missing, _ = self._coverage.analysis2(self._path)
        return sorted(lines), sorted(set(lines) - set(missing))


class _Seen:
    """Lines that were run, and what they are counted as."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.seen: set[int] = set()
        self._ours: dict[str, bool] = {}

    def is_ours(self, code: CodeType) -> bool:
        name = code.co_filename
        if name not in self._ours:
            self._ours[name] = os.path.realpath(name) == os.path.realpath(self.path)
        return self._ours[name]

    def stop(self) -> tuple[list[int], list[int]]:
        first_of = statements(self.path)
        lines = set(first_of.values())
        return sorted(lines), sorted(lines & {first_of.get(line, 0) for line in self.seen})


class _ByTrace(_Seen):
    """By a function that Python calls for each line, of code that has lines left which didn't run."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._left: dict[int, tuple[CodeType, set[int]]] = {}

    def start(self) -> None:
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def _enter(self, frame: FrameType, event: str, argument: object) -> Any:
        del event, argument
        code = frame.f_code
        if not self.is_ours(code):
            return None
        if id(code) not in self._left:  # what is kept beside the lines keeps the id from being another's
            own = {0} if code.co_name == "<module>" else {0, code.co_firstlineno}  # the line with its name
            self._left[id(code)] = code, {line or 0 for _, line in dis.findlinestarts(code)} - own
        return self._line if self._left[id(code)][1] else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        del argument
        if event == "line":
            self.seen.add(frame.f_lineno)
            self._left[id(frame.f_code)][1].discard(frame.f_lineno)
        return self._line

    def stop(self) -> tuple[list[int], list[int]]:
        sys.settrace(None)
        threading.settrace(None)
        return super().stop()


class _ByEvents(_Seen):
    def start(self) -> None:
        self._monitoring: Any = vars(sys)["monitoring"]
        tools, events = self._monitoring, self._monitoring.events
        self._tool = next(number for number in range(6) if tools.get_tool(number) is None)
        tools.use_tool_id(self._tool, "codenook")
        tools.register_callback(self._tool, events.LINE, self._line)
        tools.set_events(self._tool, events.LINE)

    def _line(self, code: CodeType, line: int) -> Any:
        if self.is_ours(code):
            self.seen.add(line)
        return self._monitoring.DISABLE

    def stop(self) -> tuple[list[int], list[int]]:
        self._monitoring.free_tool_id(self._tool)
        return super().stop()


def statements(path: str) -> dict[int, int]:
    """The first line of the innermost statement for each line that can be run."""
    with open(path, "rb") as stream:  # noqa: PTH123 - a module of few imports
        tree = ast.parse(stream.read())
    first_of: dict[int, int] = {}
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop(0)
        if isinstance(node, ast.stmt):
            for line in range(min(_starts(node)), (node.end_lineno or node.lineno) + 1):
                if _is_run(node):
                    first_of[line] = node.lineno
                else:
                    first_of.pop(line, None)
        left += ast.iter_child_nodes(node)
    return first_of


def _starts(node: ast.stmt) -> list[int]:
    return [node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]


def _is_run(node: ast.stmt) -> bool:
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return not (is_constant or isinstance(node, (ast.Global, ast.Nonlocal)))
