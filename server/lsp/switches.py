"""Where and when codenook is switched off by the settings."""

from functools import cache
from pathlib import Path

import psutil
from pathspec import GitIgnoreSpec

from codenook.server.config import OnBattery, Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document


def switched_off(
    settings: Settings, document: Document, folder: Path | None, *, automatic: bool
) -> Reason | None:
    """Return why a request is not to be answered, if so.

    ``folder`` is the document's workspace folder; ``automatic`` says that nobody asked on purpose.
    """
    everywhere = off_everywhere(settings, automatic=automatic)
    if everywhere is Reason.DISABLED:
        return everywhere
    if document.language in settings.languages_off:
        return Reason.LANGUAGE_OFF
    if _globs(settings.files_off).match_file(_shown_path(document.path, folder)):
        return Reason.FILE_OFF
    return everywhere


def off_everywhere(settings: Settings, *, automatic: bool) -> Reason | None:
    """Return why no request is to be answered, whatever it is about."""
    if not settings.enabled:
        return Reason.DISABLED
    unwanted = settings.on_battery is OnBattery.OFF or (
        settings.on_battery is OnBattery.EXPLICIT and automatic
    )
    if unwanted and on_battery():
        return Reason.ON_BATTERY
    return None


def on_battery() -> bool:
    """Whether the machine runs on its battery; one without a battery does not."""
    if not hasattr(psutil, "sensors_battery"):  # psutil leaves it out where the system can't tell
        return False
    battery = psutil.sensors_battery()
    return battery is not None and battery.power_plugged is False


@cache
def _globs(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)


def _shown_path(path: Path, folder: Path | None) -> str:
    if folder is not None and path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return path.relative_to(path.anchor).as_posix()
