from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from codenook.server.config import OnBattery, Settings
from codenook.server.lsp.switches import on_battery, switched_off
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document

FOLDER = Path("/home/me/shop")


def document(path: str, language: str = "python") -> Document:
    return Document(f"file://{path}", Path(path), "", language)


@pytest.fixture
def battery(monkeypatch):
    """Return a function that plugs the machine in (True), out (False), or takes its battery (None)."""

    def battery(*, plugged_in: bool | None) -> None:
        found = None if plugged_in is None else SimpleNamespace(power_plugged=plugged_in)
        monkeypatch.setattr(psutil, "sensors_battery", lambda: found, raising=False)

    battery(plugged_in=None)
    return battery


def off(settings, path="/home/me/shop/cart.py", *, folder=FOLDER, automatic=True, language="python"):
    return switched_off(settings, document(path, language), folder, automatic=automatic)


@pytest.mark.usefixtures("battery")
class TestWithoutBattery:
    def test_nothing_is_off_by_default(self):
        assert off(Settings()) is None

    def test_all(self):
        assert off(Settings(enabled=False)) is Reason.DISABLED

    def test_by_language(self):
        settings = Settings(languages_off=("markdown", "plaintext"))
        assert off(settings, language="markdown") is Reason.LANGUAGE_OFF
        assert off(settings) is None

    @pytest.mark.parametrize(
        ("pattern", "path", "is_off"),
        [
            ("*.py", "/home/me/shop/deep/cart.py", True),
            ("/cart.py", "/home/me/shop/cart.py", True),
            ("/cart.py", "/home/me/shop/deep/cart.py", False),
            ("secret/", "/home/me/shop/a/secret/b/cart.py", True),
            ("home", "/home/me/shop/cart.py", False),
            ("/home/you", "/home/you/notes.py", True),
        ],
    )
    def test_by_glob(self, pattern, path, is_off):
        assert (off(Settings(files_off=(pattern,)), path) is Reason.FILE_OFF) == is_off

    def test_outside_of_any_folder_the_whole_path_counts(self):
        assert off(Settings(files_off=("/home/me/",)), folder=None) is Reason.FILE_OFF

    def test_a_later_glob_takes_an_exception(self):
        settings = Settings(files_off=("*.py", "!cart.py"))
        assert off(settings) is None
        assert off(settings, "/home/me/shop/till.py") is Reason.FILE_OFF

    @pytest.mark.parametrize("mode", OnBattery)
    def test_a_machine_without_battery_is_never_on_it(self, mode):
        assert off(Settings(on_battery=mode)) is None


@pytest.mark.parametrize(
    ("mode", "automatic", "reason"),
    [
        (OnBattery.FULL, True, None),
        (OnBattery.EXPLICIT, True, Reason.ON_BATTERY),
        (OnBattery.EXPLICIT, False, None),
        (OnBattery.OFF, True, Reason.ON_BATTERY),
        (OnBattery.OFF, False, Reason.ON_BATTERY),
    ],
)
def test_the_battery(battery, mode, automatic, reason):
    battery(plugged_in=False)
    assert off(Settings(on_battery=mode), automatic=automatic) is reason
    battery(plugged_in=True)
    assert off(Settings(on_battery=mode), automatic=automatic) is None


def test_a_system_that_knows_no_batteries(monkeypatch):
    monkeypatch.delattr(psutil, "sensors_battery", raising=False)
    assert on_battery() is False
