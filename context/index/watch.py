"""Noticing that files change on disk, where the editor does not tell."""

import logging
from collections.abc import Callable, Iterable
from threading import Event

import watchfiles

_SCAN_EVERY_S = 60.0

_log = logging.getLogger(__name__)


def follow(
    root: str, *, refresh: Callable[[Iterable[str]], object], scan: Callable[[], object], stopped: Event
) -> None:
    """Tell ``refresh`` which files below ``root`` have changed, until ``stopped`` is set.

    Paths are relative, with forward slashes. Where the system can't watch that many folders, ``scan`` is
    called every minute instead.
    """
    try:
        for changes in watchfiles.watch(
            root,
            watch_filter=lambda _, path: "/.git/" not in path,
            stop_event=stopped,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            refresh(sorted({path.removeprefix(root).lstrip("/") for _, path in changes}))
    except (OSError, RuntimeError) as error:
        _log.warning("%s can't be watched and is looked through every minute instead: %s", root, error)
        while not stopped.wait(_SCAN_EVERY_S):
            scan()
