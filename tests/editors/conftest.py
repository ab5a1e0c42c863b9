"""A real Neovim without a screen, driven over its own remote interface by typed keys."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from python_projects import environment as python_environment
from repositories import Built
from scripted_engine import scripted_engine

import codenook

CONFIGURATION = Path(__file__).parents[2] / "editors" / "neovim"
EXAMPLE = Path(codenook.__file__).parent / "server" / "demo" / "example"
SAFETY_NET_S = 240.0


class Neovim:
    """One running Neovim; `keys` types, `lua` looks, `until` waits for what should come about."""

    def __init__(self, program: str, folder: Path, environment: dict[str, str]) -> None:
        self._program = program
        self._socket = folder / "nvim.sock"
        self._environment = environment
        self._process = subprocess.Popen(
            [
                program,
                "--clean",
                "-n",
                "--headless",
                "-u",
                str(folder / "init.lua"),
                "--listen",
                self._socket,
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        self.until("true", lambda answer: answer)

    def lua(self, expression: str) -> Any:
        """Return the value of a Lua expression; None while Neovim can't be asked."""
        asked = self._remote("--remote-expr", f"luaeval({_quoted(f'vim.json.encode({expression})')})")
        return json.loads(asked.stdout) if asked.returncode == 0 and asked.stdout else None

    def keys(self, keys: str) -> None:
        """Type ``keys``, written as in a mapping: ``<Esc>``, ``<M-]>``."""
        typed = self._remote("--remote-send", keys)
        assert typed.returncode == 0, typed.stderr

    def says(self, command: str) -> str:
        """Run an Ex command and return its message."""
        return str(self.lua(f"vim.trim(vim.fn.execute({json.dumps(command)}))"))

    def until(self, expression: str, fits: Callable[[Any], bool]) -> Any:
        """Return the expression's value as soon as there is one that fits."""
        end = time.monotonic() + SAFETY_NET_S
        while (value := self.lua(expression)) is None or not fits(value):
            assert time.monotonic() < end, f"{expression} is still {value!r}; {self.says('CodenookWhy')}"
            assert self._process.poll() is None, "Neovim has ended"
            time.sleep(0.02)
        return value

    def quit(self) -> None:
        """End as a user would, so that the server is shut down too."""
        self._remote("--remote-send", "<C-\\><C-n>:qall!<CR>")
        self._process.wait(SAFETY_NET_S)

    def _remote(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [self._program, "--clean", "--server", str(self._socket), *arguments]
        return subprocess.run(
            command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=SAFETY_NET_S,
        )


def _quoted(text: str) -> str:
    """Write ``text`` as a Vim string."""
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="session")
def program() -> str:
    program = os.environ.get("CODENOOK_TEST_NVIM")
    if not program:
        pytest.skip("CODENOOK_TEST_NVIM does not name a Neovim 0.12 to test with")
    return program


@pytest.fixture(scope="session")
def environment(program: str) -> Iterator[dict[str, str]]:
    """An environment with nothing of the user's: neither configuration, state nor engines."""
    folder = Path(tempfile.mkdtemp(prefix="codenook-"))
    own = {
        "CODENOOK_RUNTIME_DIR": str(folder / "engines"),
        "CODENOOK_CONFIG_FILE": str(folder / "config.toml"),
        "CODENOOK_CACHE_DIR": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_STATE_HOME": str(folder),
        "XDG_CACHE_HOME": str(folder),
    }
    yield os.environ | own
    stop = [sys.executable, "-P", "-E", "-m", "codenook", "engine", "stop"]
    subprocess.run(stop, env=os.environ | own, capture_output=True, check=True)
    shutil.rmtree(folder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the example package."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return folder


FUNCTION = """\
def {name}(path, encoding):
    with open(path, encoding=encoding) as file:
        return file.read().split()
"""
NAMES = ("read_lines", "parse_options", "load_config", "find_file", "write_text", "split_words")


@pytest.fixture
def functions(project: Path) -> tuple[Path, Mapping[str, int]]:
    """Return a module of functions without documentation, each with its line: a small model has its days."""
    path = project / "files.py"
    path.write_text("\n\n".join(FUNCTION.format(name=name) for name in NAMES), encoding="utf-8")
    return path, {name: 1 + 5 * number for number, name in enumerate(NAMES)}


SHAPES = """\
def area(width, height):
    return width * height


def price(amount):
    return amount
"""
CALLS = """\
from shapes import area, price

print(area(1, height=2))
print(price(3))
"""


@pytest.fixture
def reviewed(tmp_path: Path) -> Built:
    """Return a repository whose change leaves two calls behind: one that can be mended, one that can't."""
    built = Built(tmp_path.resolve() / "shop")
    built.commit(shapes__py=SHAPES, cli__py=CALLS)
    changed = SHAPES.replace("height", "depth").replace("(amount)", "(amount, unit)")
    built.write(shapes__py=changed.replace("return amount", "return amount * unit"))
    return built


AMOUNTS = '''\
def half(value: int) -> int:
    """Cut a value in two."""
    return value // 2


def next_to(value: int) -> int:
    """Go on to the next."""
    return value + 1
'''
PYTEST = '[project]\nname = "shop"\nversion = "1"\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n'


class Shop:
    """A project without tests, whose own Python has pytest."""

    def __init__(self, top: Path) -> None:
        self.top, self.module = top, top / "amounts.py"
        self.tests = top / "tests" / "test_amounts.py"
        self.tests.parent.mkdir(parents=True)
        self.module.write_text(AMOUNTS, encoding="utf-8")
        (top / "pyproject.toml").write_text(PYTEST, encoding="utf-8")
        self.python = python_environment(top)

    def run(self) -> str:
        """Run its tests as its people do, and return what that says."""
        command = [self.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        return subprocess.run(command, cwd=self.top, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path.resolve() / "shop")


@pytest.fixture
def amounts(tmp_path: Path) -> Path:
    """Return a module whose functions can be translated."""
    path = tmp_path.resolve() / "shop" / "amounts.py"
    path.parent.mkdir()
    path.write_text(AMOUNTS, encoding="utf-8")
    return path


@pytest.fixture
def translator(environment: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    """Return the path of a chat model that knows how a value is cut in two in JavaScript."""
    says = {"This is half in Python": json.dumps({"body": "return Math.floor(value / 2);", "imports": []})}
    with scripted_engine(environment["CODENOOK_RUNTIME_DIR"], tmp_path / "chat.gguf", says) as model:
        yield model


@pytest.fixture
def start_neovim(program: str, environment: dict[str, str]) -> Iterator[Callable[..., Neovim]]:
    """Return a function that starts Neovim with codenook's configuration, and more Lua before it."""
    started: list[tuple[Neovim, Path]] = []

    def start(more: str = "") -> Neovim:
        folder = Path(tempfile.mkdtemp(prefix="codenook-"))
        (folder / "init.lua").write_text(
            f"{more}\n"
            f"vim.g.codenook_python = {json.dumps(sys.executable)}\n"
            f"vim.opt.runtimepath:prepend({json.dumps(str(CONFIGURATION))})\n",
            encoding="utf-8",
        )
        neovim = Neovim(program, folder, environment)
        started.append((neovim, folder))
        return neovim

    yield start
    for neovim, folder in started:
        neovim.quit()
        shutil.rmtree(folder)
