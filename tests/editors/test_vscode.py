"""``editors/vscode`` in a real VS Code, with the real server, engine and bundled model.

Runs where CODENOOK_TEST_CODE_SERVER names a folder with code-server (VS Code in the browser): a program
``code-server``, and playwright-core in ``node_modules``. Chromium is ``/usr/bin/chromium``, or what
CODENOOK_TEST_CHROMIUM names. Where CODENOOK_TEST_SCREENSHOTS names a folder, pictures are left there.
"""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"
BROWSER = Path(__file__).with_name("vscode_browser.mjs")
CODENOOK = [sys.executable, "-P", "-E", "-m", "codenook"]
ANSWER_S = 3.0
"""Time enough for an answer, also on a busy machine."""

SAFETY_NET_S = 240.0

QUIET = {
    "extensions.autoCheckUpdates": False,
    "files.autoSave": "off",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "workbench.startupEditor": "none",
}
GHOST = [".view-lines .ghost-text-decoration", ".suggest-preview-text .view-line"]
"""The rest of the cursor's line, and the lines after it."""
STATUS_BAR = "[id='codenook.codenook.codenook']"
MESSAGES = ".notification-list-item-message"

UNFINISHED = [
    "        if",
    "            return",
    "        for loan in",
    "        member =",
    "        loan.due =",
]
"""Beginnings of lines in ledger.py; a blank is typed after them, and the model is asked for the rest."""


class Browser:
    """Chromium without a screen, obeying ``vscode_browser.mjs``."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [shutil.which("node"), BROWSER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, command: str, argument: Any = None) -> Any:
        self._process.stdin.write(json.dumps([command, argument]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def quit(self) -> None:
        self._process.communicate(timeout=SAFETY_NET_S)


class VSCode:
    """One code-server and the browser that shows it."""

    def __init__(self, command: list[Any], environment: Mapping[str, str], browser: Browser) -> None:
        self.browser = browser
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        self._address = next(
            found.group() for line in self._process.stdout if (found := re.search(r"http://\S+", line))
        )

    def open(self, folder: Path, file: Path, line: int = 1, column: int = 1) -> None:
        """Open a folder and a file of it, with the cursor at a place, and wait for codenook."""
        host = urllib.parse.urlsplit(self._address).netloc  # without it, edits go to another document
        payload = [["gotoLineMode", "true"], ["openFile", f"vscode-remote://{host}{file}:{line}:{column}"]]
        query = urllib.parse.urlencode({"folder": folder, "payload": json.dumps(payload)})
        self.browser("open", f"{self._address}?{query}")
        self.until(self.place, lambda place: place == f"Ln {line}, Col {column}")
        self.until(self.status_bar, lambda said: said and "starting" not in said)

    def type(self, text: str) -> None:
        self.browser("type", text)

    def press(self, keys: str) -> None:
        self.browser("press", keys)

    def ghost(self) -> str:
        """Return the candidate shown."""
        here, below = self.browser("drawn", GHOST)
        return "\n".join(["".join(here), *below]).replace("\xa0", " ")

    def candidate(self, fits: Callable[[str], bool] = bool) -> str:
        """Return the candidate shown as soon as one is that fits, and is drawn to the end."""
        self.until(self.ghost, fits)
        return self.until(self.ghost, lambda shown: fits(shown) and shown == self.ghost())

    def place(self) -> str:
        return "".join(self.browser("texts", "[id='status.editor.selection']"))

    def status_bar(self) -> str:
        """Return what codenook's place in the status bar says, with its tooltip."""
        return "".join(self.browser("attributes", [STATUS_BAR, "aria-label"]))

    def messages(self) -> list[str]:
        return self.browser("texts", MESSAGES)

    def servers(self) -> list[psutil.Process]:
        """Return the language servers that run."""
        below = psutil.Process(self._process.pid).children(recursive=True)
        with contextlib.suppress(psutil.NoSuchProcess):
            return [process for process in below if process.cmdline()[-2:] == ["codenook", "serve"]]
        return []

    def run(self, title: str) -> None:
        """Run a command as a user does, from the command palette."""
        self.press("F1")
        self.until(lambda: self.browser("texts", ".quick-input-widget .monaco-list-row"), bool)
        self.type(title)
        focused = ".quick-input-widget .monaco-list-row.focused"
        self.until(lambda: self.browser("texts", focused), lambda rows: rows and rows[0].startswith(title))
        self.press("Enter")

    def status(self) -> str:
        """Return what ``codenook: Show Status`` shows."""
        self.run("codenook: Show Status")
        dialog = lambda: "".join(self.browser("texts", ".monaco-dialog-box"))  # noqa: E731
        said = self.until(dialog, bool)
        self.press("Escape")
        self.until(dialog, lambda said: not said)
        return said

    def until(self, ask: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
        """Return what ``ask`` returns as soon as it fits."""
        end = time.monotonic() + SAFETY_NET_S
        while not fits(value := ask()):
            if time.monotonic() > end:
                self.picture("timeout")
                pytest.fail(f"still {value!r}; the status bar says {self.status_bar()!r}")
            time.sleep(0.05)
        return value

    def picture(self, name: str) -> None:
        """Leave a picture where someone wants to look at it."""
        if folder := os.environ.get("CODENOOK_TEST_SCREENSHOTS"):
            self.browser("screenshot", str(Path(folder) / f"{name}.png"))

    def quit(self) -> None:
        self.browser.quit()
        self._process.terminate()
        self._process.communicate(timeout=SAFETY_NET_S)


@pytest.fixture(scope="session")
def code_server() -> Path:
    folder = os.environ.get("CODENOOK_TEST_CODE_SERVER")
    if not folder:
        pytest.skip("CODENOOK_TEST_CODE_SERVER does not name a folder with code-server to test with")
    return Path(folder)


@pytest.fixture(scope="session")
def own(code_server: Path) -> Iterator[Path]:
    """Return a folder for this session's extensions, settings and engines."""
    folder = Path(tempfile.mkdtemp(prefix="codenook-"))
    (folder / "config.toml").touch()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def environment(own: Path) -> Iterator[dict[str, str]]:
    """An environment with nothing of the user's: neither configuration nor engines."""
    environment = os.environ | {
        "CODENOOK_RUNTIME_DIR": str(own / "engines"),
        "CODENOOK_CONFIG_FILE": str(own / "config.toml"),
        "CODENOOK_CACHE_DIR": str(own / "cache"),
    }
    yield environment
    subprocess.run([*CODENOOK, "engine", "stop"], env=environment, capture_output=True, check=True)


@pytest.fixture(scope="session")
def extensions(code_server: Path, own: Path, environment: dict[str, str]) -> Path:
    """Return a folder of extensions that has ours, packaged and installed as a user would."""
    npm = shutil.which("npm")
    if not (EXTENSION / "node_modules").exists():
        subprocess.run([npm, "ci"], cwd=EXTENSION, check=True)
    package = own / "codenook.vsix"
    subprocess.run([npm, "run", "package", "--", "--out", package], cwd=EXTENSION, check=True)
    folder = own / "extensions"
    install = ["--extensions-dir", folder, "--user-data-dir", own / "data", "--install-extension", package]
    subprocess.run([code_server / "code-server", *install], env=environment, check=True)
    return folder


@pytest.fixture
def start_vscode(
    code_server: Path, extensions: Path, environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., VSCode]]:
    """Return a function that starts VS Code: with settings of the machine, trusting workspaces or not."""
    started: list[VSCode] = []

    def start(
        *,
        settings: Mapping[str, Any] | None = None,
        trusts: bool = True,
        variables: Mapping[str, str] | None = None,
    ) -> VSCode:
        data = tmp_path / f"data{len(started)}"
        trust = {} if trusts else {"security.workspace.trust.startupPrompt": "never"}
        write_json(data / "User" / "settings.json", QUIET | trust)
        write_json(data / "Machine" / "settings.json", {"codenook.python": sys.executable} | (settings or {}))
        options = ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry"]
        options += ["--disable-update-check", *(["--disable-workspace-trust"] if trusts else [])]
        folders = ["--user-data-dir", data, "--extensions-dir", extensions]
        command = [code_server / "code-server", *options, *folders]
        started.append(VSCode(command, environment | (variables or {}), Browser(code_server)))
        return started[-1]

    yield start
    for vscode in started:
        vscode.quit()


class Unfinished:
    """A module that stops in a line, at a place for which the model has at least two candidates."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.path = path
        whole = path.read_text(encoding="utf-8")
        for beginning in UNFINISHED:
            before = whole[: whole.index(f"\n{beginning} ") + 1] + beginning
            after = whole[whole.index("\n", len(before)) :]
            self.before, self.after = f"{before} ", after
            self.line, self.column = before.count("\n") + 1, len(beginning) + 1
            path.write_text(self.before + after, encoding="utf-8")
            if self._candidates(environment) > 1:
                path.write_text(before + after, encoding="utf-8")
                return
        pytest.fail("the model has two candidates at no place of ledger.py")

    def _candidates(self, environment: Mapping[str, str]) -> int:
        complete = [*CODENOOK, "complete", f"{self.path}:{self.line}:{self.column + 1}", "--json"]
        asked = subprocess.run(complete, env=environment, capture_output=True, text=True, check=False)
        return len(json.loads(asked.stdout)["candidates"])


@pytest.fixture
def ledger(project: Path, environment: dict[str, str]) -> Unfinished:
    return Unfinished(project / "lending" / "ledger.py", environment)


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def declared() -> dict[str, Any]:
    """Return the settings that the extension declares."""
    manifest = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    return manifest["contributes"]["configuration"]["properties"]


def test_the_settings_declared_are_the_servers():
    spec = importlib.util.spec_from_file_location("vscode_settings", EXTENSION / "settings.py")
    settings = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(settings)
    properties = json.loads(settings.MANIFEST.read_text("utf-8"))["contributes"]["configuration"][
        "properties"
    ]
    assert properties == settings.declared(), "run editors/vscode/settings.py"


def test_a_workspace_cannot_set_what_runs():
    assert {declared()[f"codenook.{name}"]["scope"] for name in ("python", "model", "chat_model")} == {
        "machine"
    }


def test_the_lock_file_names_no_place_to_download_from():
    assert '"resolved"' not in (EXTENSION / "package-lock.json").read_text(encoding="utf-8")


def test_candidates_show_cycle_and_are_accepted_exactly(start_vscode, project, ledger):
    vscode = start_vscode()
    vscode.open(project, ledger.path, ledger.line, ledger.column)
    vscode.type(" ")
    first = vscode.candidate()
    vscode.picture("ghost-text")
    assert "codenook is ready." in vscode.status_bar()

    vscode.press("Alt+]")
    second = vscode.candidate(lambda shown: shown not in ("", first))
    vscode.picture("next-candidate")
    vscode.press("Alt+[")
    vscode.until(vscode.ghost, lambda shown: shown == first)
    vscode.press("Alt+]")
    vscode.until(vscode.ghost, lambda shown: shown == second)

    vscode.press("Tab")
    vscode.until(vscode.place, lambda place: place != f"Ln {ledger.line}, Col {ledger.column + 1}")
    vscode.press("Control+S")
    inserted = ledger.before + second + ledger.after
    vscode.until(lambda: ledger.path.read_text(encoding="utf-8"), lambda text: text == inserted)
    status = vscode.status()
    assert "accepted: 1" in status
    assert "places_looked_at: 0" not in status
    assert "places_looked_at: " in status


def test_an_empty_answer_says_why(start_vscode, project, tmp_path):
    missing = str(tmp_path / "missing.gguf")
    vscode = start_vscode(settings={"codenook.model": missing})
    vscode.open(project, project / "lending" / "ledger.py")
    vscode.type(" ")
    said = vscode.until(vscode.status_bar, lambda said: "codenook: model_missing" in said)
    assert missing in said
    vscode.browser("click", STATUS_BAR)
    vscode.until(vscode.messages, lambda all_: any(one.endswith("(model_missing)") for one in all_))
    vscode.picture("why")


def test_a_language_that_the_model_does_not_know_is_named(start_vscode, project):
    script = project / "shelf.js"
    script.write_text("let books =", encoding="utf-8")
    vscode = start_vscode()
    vscode.open(project, script, 1, 12)
    vscode.type(" ")
    vscode.until(vscode.status_bar, lambda said: "codenook: language_not_in_model" in said)
    vscode.picture("language")


def test_changed_settings_count_at_once_and_a_good_answer_clears_the_reason(start_vscode, project, ledger):
    settings = project / ".vscode" / "settings.json"
    write_json(settings, {"codenook.enabled": False})
    vscode = start_vscode()
    vscode.open(project, ledger.path, ledger.line, ledger.column)
    vscode.type(" ")
    vscode.until(vscode.status_bar, lambda said: "codenook: disabled" in said)

    write_json(settings, {"codenook.enabled": True})

    def again() -> str:
        vscode.press("Backspace")
        vscode.type(" ")
        time.sleep(ANSWER_S)  # the next key would supersede the request
        return vscode.status_bar()

    vscode.until(again, lambda said: "disabled" not in said)
    vscode.until(vscode.ghost, bool)
    assert "codenook is ready." in vscode.status_bar()


def test_an_untrusted_workspace_gets_candidates_and_no_say_in_what_runs(
    start_vscode, project, ledger, tmp_path
):
    mark = tmp_path / "mark"
    (project / "codenook").mkdir()
    (project / "codenook" / "__init__.py").write_text(f"open({str(mark)!r}, 'w')", encoding="utf-8")
    evil = project / "evil"
    evil.write_text(f"#!/bin/sh\ntouch '{mark}'\n", encoding="utf-8")
    evil.chmod(0o755)
    theirs = {"codenook.python": str(evil), "codenook.model": str(evil), "codenook.n_candidates": 2}
    write_json(project / ".vscode" / "settings.json", theirs)
    vscode = start_vscode(trusts=False, variables={"PYTHONPATH": str(project)})
    vscode.open(project, ledger.path, ledger.line, ledger.column)
    vscode.type(" ")
    vscode.until(vscode.ghost, bool)
    vscode.picture("untrusted")
    assert str(evil) not in vscode.status()
    assert not mark.exists()


def test_a_lens_documents_a_function_and_one_undo_takes_it_back(start_vscode, project, functions):
    path, lines = functions
    before = path.read_text(encoding="utf-8")
    vscode = start_vscode(settings={"codenook.comment_lenses": True})
    vscode.open(project, path)

    def saved() -> str:
        vscode.press("Control+S")
        return path.read_text(encoding="utf-8")

    for n_refused, name in enumerate(lines):
        lens = f".codelens-decoration a:text-is('Document {name}')"
        vscode.until(lambda lens=lens: vscode.browser("texts", lens), bool)
        vscode.browser("click", lens)
        vscode.until(
            lambda: (saved(), vscode.messages()),
            lambda seen, n=n_refused: "path:" in seen[0] or len(seen[1]) > n,
        )
        if "path:" in (after := saved()):
            assert f'def {name}(path, encoding):\n    """' in after
            break
    assert after != before
    vscode.picture("documented")
    vscode.press("Control+Z")
    vscode.until(saved, lambda text: text == before)


def test_restart_starts_another_server(start_vscode, project, ledger):
    vscode = start_vscode()
    vscode.open(project, ledger.path, ledger.line, ledger.column)
    vscode.type(" ")
    vscode.until(vscode.ghost, bool)
    assert "requests: 0" not in vscode.status()
    vscode.run("codenook: Restart Server")
    assert "requests: 0" in vscode.status()


def test_a_server_that_died_is_started_again(start_vscode, project, ledger):
    vscode = start_vscode()
    vscode.open(project, ledger.path, ledger.line, ledger.column)
    [first] = vscode.until(vscode.servers, bool)
    first.kill()
    vscode.until(vscode.servers, lambda servers: servers and first not in servers)
    assert "requests: 0" in vscode.status()
    vscode.type(" ")
    vscode.until(vscode.ghost, bool)


STARTED_S = 3.0
"""A server that is so old has answered its first request; one that is killed before did not start."""


def test_a_server_that_keeps_dying_is_given_up(start_vscode, project):
    vscode = start_vscode()
    vscode.open(project, project / "lending" / "ledger.py")

    def messages_after_killing() -> list[str]:
        if "ready" in vscode.status_bar():
            for server in vscode.servers():
                if time.time() - server.create_time() > STARTED_S:
                    server.kill()
        return vscode.messages()

    [said] = vscode.until(messages_after_killing, bool)
    assert said == "The server ended again and again and is not started any more. Its log says why."
    assert vscode.status_bar().startswith("error")


def test_the_python_beside_the_command_on_the_path_is_found(start_vscode, project, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "codenook").symlink_to(Path(sys.executable).with_name("codenook"))
    path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
    variables = {
        "PATH": path,
        "VSCODE_CLI": "1",
    }  # the latter keeps it from asking a login shell for the PATH
    vscode = start_vscode(settings={"codenook.python": ""}, variables=variables)
    vscode.open(project, project / "lending" / "ledger.py")
    [server] = vscode.until(vscode.servers, bool)
    assert server.cmdline() == [str(Path(sys.executable).with_name("python")), *CODENOOK[1:], "serve"]


def test_a_server_that_does_not_start_is_told_once(start_vscode, project, tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$*" in *serve) exit 1;; *) echo 0.1.0;; esac', encoding="utf-8")
    python.chmod(0o755)
    vscode = start_vscode(settings={"codenook.python": str(python)})
    vscode.open(project, project / "lending" / "ledger.py")
    assert vscode.until(vscode.messages, bool) == ["The server did not start. Its log says why."]
    assert vscode.status_bar().startswith("error")
    vscode.picture("always-dies")


def test_a_missing_python_says_what_to_do(start_vscode, project, tmp_path):
    missing = str(tmp_path / "no" / "python")
    vscode = start_vscode(settings={"codenook.python": missing})
    vscode.open(project, project / "lending" / "ledger.py")
    said = (
        f'There is no Python at "{missing}". Set codenook.python to the Python that codenook is installed in.'
    )
    assert vscode.until(vscode.messages, bool) == [said]
    assert said in vscode.status_bar()
    vscode.picture("no-python")


def test_a_python_without_codenook_says_what_to_do(start_vscode, project, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    python = str(tmp_path / "bare" / "bin" / "python")
    vscode = start_vscode(settings={"codenook.python": python})
    vscode.open(project, project / "lending" / "ledger.py")
    [said] = vscode.until(vscode.messages, bool)
    assert said.startswith(f'codenook is not installed for "{python}". Install it there')


PROBLEMS = ".markers-panel .monaco-list-row"
ACTIONS = ".action-widget .monaco-list-row.action"


def choose(vscode: VSCode, line: int, title: str) -> None:
    """Go to a line, and choose the quick fix there whose title begins so."""
    vscode.press("Control+G")
    vscode.until(lambda: vscode.browser("texts", ".quick-input-widget input"), bool)
    vscode.type(str(line))
    vscode.press("Enter")
    vscode.until(vscode.place, lambda place: place.startswith(f"Ln {line},"))

    def offered() -> list[str]:
        if not vscode.browser("texts", ACTIONS):  # the server may have opened the document by now
            vscode.press("Control+.")
            time.sleep(1)
        return vscode.browser("texts", ACTIONS)

    vscode.until(offered, lambda all_: any(one.startswith(title) for one in all_))
    vscode.picture(title.partition(" ")[0])
    vscode.until(
        lambda: vscode.press("ArrowDown") or vscode.browser("texts", f"{ACTIONS}.focused"),
        lambda focused: any(one.startswith(title) for one in focused),
    )
    vscode.press("Enter")  # a click would go to what covers the page below the menu


def test_a_review_is_among_the_problems_mended_and_dismissed_for_good(start_vscode, reviewed):
    vscode = start_vscode()
    vscode.open(reviewed.top, reviewed.top / "shapes.py")

    def problems() -> str:
        return "\n".join(vscode.browser("texts", PROBLEMS)).replace("\xa0", " ")

    vscode.run("codenook: Review Changes")
    vscode.until(problems, lambda all_: "`height`" in all_ and "needs `unit`" in all_)
    vscode.picture("problems")
    vscode.press("Control+1")  # back to the text

    choose(vscode, 1, "Write depth")
    vscode.until(problems, lambda all_: "`height`" not in all_)
    assert "needs `unit`" in problems()
    vscode.run("File: Save All Files")
    calls = reviewed.top / "cli.py"
    vscode.until(lambda: calls.read_text(encoding="utf-8"), lambda text: "area(1, depth=2)" in text)

    choose(vscode, 5, "Dismiss: ")
    vscode.until(problems, lambda all_: "needs `unit`" not in all_)
    dismissed = reviewed.top / ".codenook" / "dismissed.toml"
    assert 'rule = "missing-argument"' in dismissed.read_text(encoding="utf-8")

    vscode.press("Control+Home")
    vscode.type("# one")
    vscode.press("Enter")
    vscode.run("codenook: Review Changes")
    vscode.until(
        vscode.messages, lambda all_: any("nothing found in" in one and "1 dismissed" in one for one in all_)
    )
    assert "unit" not in problems()


TABS = ".tab .label-name"
PROGRESS = ".statusbar-item"


def test_unit_tests_open_with_their_report(start_vscode, shop):
    vscode = start_vscode(settings={"codenook.unit_tests_time_s": 300})
    vscode.open(shop.top, shop.module, 5)
    vscode.run("codenook: Write Unit Tests")
    vscode.until(vscode.messages, lambda all_: any("no tests (no_definition)" in one for one in all_))

    choose(vscode, 3, "Write unit tests for half")
    told = lambda: "\n".join(vscode.browser("texts", PROGRESS))  # noqa: E731
    vscode.until(told, lambda said: "codenook: writing unit tests: " in said.replace("\xa0", " "))
    vscode.picture("writing-tests")
    tabs = lambda: vscode.browser("texts", TABS)  # noqa: E731
    vscode.until(tabs, lambda all_: all_[1:] == ["test_amounts.py", "Unit tests for half.md"])
    report = lambda: "\n".join(vscode.browser("framed", "body"))  # noqa: E731
    vscode.until(report, lambda said: "Unit tests for half" in said and "records current behaviour" in said)
    vscode.picture("tests-and-report")
    vscode.press("Control+S")  # the cursor is in the tests
    vscode.until(lambda: shop.tests.exists() and shop.tests.read_text(encoding="utf-8"), bool)
    assert " passed" in (said := shop.run())
    assert "failed" not in said


def test_no_unit_tests_are_written_without_trust(start_vscode, shop):
    mark = shop.top.parent / "mark"
    shop.module.write_text(
        f"open({str(mark)!r}, 'w')\n\n\ndef one() -> int:\n    return 1\n", encoding="utf-8"
    )
    vscode = start_vscode(trusts=False)
    vscode.open(shop.top, shop.module)
    choose(vscode, 4, "Write unit tests for one")
    vscode.until(vscode.messages, lambda all_: any("needs your trust" in one for one in all_))
    assert not shop.tests.exists()
    assert not mark.exists()


PICKED = ".quick-input-widget .monaco-list-row"


def test_a_translation_opens_with_its_report(start_vscode, amounts, translator):
    settings = {"codenook.chat_model": str(translator), "codenook.translation_time_s": 600}
    vscode = start_vscode(settings=settings)
    vscode.open(amounts.parent, amounts, 3)
    vscode.run("codenook: Translate Function or Class...")
    languages = lambda: vscode.browser("texts", PICKED)  # noqa: E731
    vscode.until(languages, lambda all_: all_[:2] == ["JavaScript", "TypeScript"])
    vscode.picture("languages")
    vscode.type("JavaScript")
    vscode.press("Enter")
    tabs = lambda: vscode.browser("texts", TABS)  # noqa: E731
    vscode.until(tabs, lambda all_: all_[1:] == ["amounts.js", "Translation of half.md"])
    report = lambda: "\n".join(vscode.browser("framed", "body"))  # noqa: E731
    vscode.until(report, lambda said: "Translation of half to JavaScript" in said and "agrees on" in said)
    vscode.picture("translation-and-report")
    vscode.press("Control+S")  # the cursor is in the translation
    place = amounts.with_suffix(".js")
    written = lambda: place.exists() and place.read_text(encoding="utf-8")  # noqa: E731
    assert "return Math.floor(value / 2);" in vscode.until(written, bool)


def test_a_translation_by_a_model_that_knows_no_other_language_is_refused(start_vscode, amounts):
    vscode = start_vscode()
    vscode.open(amounts.parent, amounts, 3)
    vscode.run("codenook: Translate This File...")
    said = lambda: "\n".join([*vscode.messages(), *vscode.browser("texts", PICKED)])  # noqa: E731
    shown = vscode.until(said, bool)
    if "JavaScript" in shown:  # the engine had not told of its model yet
        vscode.press("Enter")
    shown = vscode.until(said, lambda told: "no translation (language_not_in_model)" in told)
    assert "was trained on python only, not on " in shown
    vscode.picture("refused-language")
