"""What is shown with a program: enough to run it, and nothing of the user's that a workspace asks for."""

import os
import sys
from pathlib import Path

import pytest

from codenook.server.sandbox.command import Command
from codenook.server.sandbox.programs import needs, on_path, search_path
from codenook.server.sandbox.run import run, why_not


def script(path, first):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{first}\n")
    path.chmod(0o755)
    return path


def python_in(prefix):
    (prefix / "lib" / "python3.11").mkdir(parents=True)
    return script(prefix / "bin" / "python3", "")


def test_a_virtual_environment_needs_what_it_was_made_from(tmp_path):
    base = python_in(tmp_path / "python-3")
    venv = tmp_path / "project" / ".venv"
    venv.mkdir(parents=True)
    (venv / "pyvenv.cfg").touch()
    tool = script(venv / "bin" / "tool", f"#!{venv}/bin/python")
    (venv / "bin" / "python").symlink_to("python3")
    (venv / "bin" / "python3").symlink_to(base)
    assert needs(tool) == (venv, tmp_path / "python-3")


def test_a_copied_interpreter_names_its_home(tmp_path):
    base = python_in(tmp_path / "python-3")
    python = script(tmp_path / "venv" / "bin" / "python", "")
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"home = {base.parent}\n")
    assert needs(python) == (tmp_path / "python-3", tmp_path / "venv")


def test_scripts_that_ask_env(tmp_path, monkeypatch):
    node = script(tmp_path / "node" / "bin" / "node", "")
    work = tmp_path / "work"
    real = script(work / "node_modules" / "eslint" / "bin" / "eslint.js", "#!/usr/bin/env -S node --x")
    linked = work / "node_modules" / ".bin" / "eslint"
    linked.parent.mkdir()
    linked.symlink_to("../eslint/bin/eslint.js")
    monkeypatch.setenv("PATH", str(node.parent))
    assert set(needs(linked, workspace=work)) == {work / "node_modules", tmp_path / "node"}
    assert real.is_relative_to(work / "node_modules")


def test_the_home_folder_is_never_seen_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in ("bin", ".local/bin", ".cargo/bin"):
        tool = script(tmp_path / folder / "tool", "")
        assert needs(tool, workspace=tmp_path / "work") == (tool,)
    own = script(tmp_path / "miniconda" / "bin" / "tool", "")
    assert needs(own, workspace=tmp_path / "work") == (tmp_path / "miniconda",)


def test_only_programs_are_seen(tmp_path):
    key = tmp_path / "keys" / "id"
    key.parent.mkdir()
    key.write_text("secret")
    tool = script(tmp_path / "venv" / "bin" / "tool", f"#!{key}")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    link = tmp_path / "venv" / "bin" / "python"
    link.symlink_to(key)
    assert needs(tool, link) == (tmp_path / "venv",)


def test_shims_are_passed_over(tmp_path, monkeypatch):
    script(tmp_path / "shims" / "tool", "")
    tool = script(tmp_path / "bin" / "tool", "")
    monkeypatch.setenv("PATH", f"{tmp_path}/shims:relative:{tmp_path}/bin")
    assert on_path("tool") == tool
    assert on_path("tool", outside=tmp_path) is None


# What a workspace names


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder with a key, a project that isn't open, and Cargo's settings."""
    home = tmp_path / "home"
    for name in (".ssh/id", ".cargo/credentials.toml", "work/secretapp/config/key", "work/open/a.py"):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("secret")
    for name in ("bin/tool", ".cargo/bin/cargo", "work/secretapp/bin/rails"):
        script(home / name, "")
    monkeypatch.setenv("HOME", str(home))
    return home


ATTACKS = (
    *("/{home}/bin/tool", "//{home}/bin/tool", "/{home}/.cargo/bin/cargo", "{home}/x/../bin/tool"),
    *("{home}/.ssh/../bin/tool", "{home}/../home/bin/tool", "{home}/work/secretapp/bin/rails"),
    *(
        "/etc/../bin/sh",
        "/proc/self/root/bin/sh",
        "/proc/self/root{home}/bin/tool",
        "/proc/self/cwd/bin/tool",
    ),
    *("/usr/bin/env {home}/work/secretapp/bin/rails", "/usr/bin/env ../../../bin/tool", "{link}/bin/tool"),
    *("{home}/work/secretapp/bin/\0/../rails", "{long}/bin/tool", "bin/tool", ""),
)


def seen_of(home, readable):
    """All files of the home folder that can be read."""
    secret = [path for path in home.rglob("*") if path.is_file() and path.read_text() == "secret"]
    places = [Path(os.path.realpath(path)) for path in readable]
    return [path for path in secret if any(path.is_relative_to(place) for place in places)]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("is_told", [True, False])
def test_a_first_line_shows_no_folder_of_the_user(home, monkeypatch, attack, is_told):
    work = home / "work" / "open"
    (work / "link").symlink_to(home)
    monkeypatch.chdir(home)
    named = attack.format(home=home, link=work / "link", long="/x" * 200)
    tool = script(work / "node_modules" / ".bin" / "tool", f"#!{named}")
    readable = needs(tool, workspace=work if is_told else None)
    assert seen_of(home, readable) == []
    assert not {Path("/"), *home.parents} & {Path(os.path.realpath(path)) for path in readable}


@pytest.mark.parametrize(
    "attack", ["/{home}/bin", "{home}/work/secretapp/bin", "/proc/self/root/bin", "/etc/../bin"]
)
def test_what_a_virtual_environment_says_that_it_was_made_from(home, attack):
    for folder in ("bin", "work/secretapp/bin"):
        script(home / folder / "python3", "")
    venv = home / "work" / "open" / ".venv"
    python = script(venv / "bin" / "python", "")
    (venv / "pyvenv.cfg").write_text(f"home = {attack.format(home=home)}\n")
    readable = needs(python, workspace=home / "work" / "open")
    assert venv in readable
    assert seen_of(home, readable) == []
    assert not {Path("/"), *home.parents} & {Path(os.path.realpath(path)) for path in readable}


@pytest.mark.parametrize("to", ["work/secretapp", ".cargo", ""])
def test_links_of_a_workspace_show_no_folder(home, to):
    script(home / "node_modules" / "x" / "bin" / "tool", "")
    (home / "node_modules" / "x" / "key").write_text("secret")
    work = home / "work" / "open"
    (work / "node_modules" / ".bin").mkdir(parents=True)
    (work / "node_modules" / ".bin" / "npm").symlink_to(home / "node_modules" / "x" / "bin" / "tool")
    (work / "env").symlink_to(home / to)
    programs = [work / "env" / "bin" / each for each in ("tool", "cargo", "rails")]
    assert seen_of(home, needs(*programs, work / "node_modules" / ".bin" / "npm", workspace=work)) == []


@pytest.mark.parametrize("kind", ["endless", "pipe", "huge", "not text"])
def test_settings_of_an_environment_that_can_not_be_read(tmp_path, kind):
    python = script(tmp_path / "venv" / "bin" / "python", "")
    settings = tmp_path / "venv" / "pyvenv.cfg"
    if kind == "endless":
        settings.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(settings)
    else:
        settings.write_bytes(b"home = /usr/bin\n" * 10_000 if kind == "huge" else b"home = /\xff\0/bin\n" * 9)
    assert needs(python, workspace=tmp_path / "work") == (tmp_path / "venv",)


@pytest.mark.parametrize(
    ("program", "prefix"),
    [
        (".pyenv/versions/3.11.7/bin/python3.11", ".pyenv/versions/3.11.7"),
        (".nvm/versions/node/v20.1.0/bin/node", ".nvm/versions/node/v20.1.0"),
        (".local/opt/node/bin/node", ".local/opt/node"),
    ],
)
def test_installations_of_the_users_own(home, program, prefix):
    tool = script(home / program, "")
    (home / "bin" / tool.name).symlink_to(tool)
    work = home / "work" / "open"
    assert needs(tool, workspace=work) == (home / prefix,)
    assert set(needs(home / "bin" / tool.name, workspace=work)) == {home / prefix, home / "bin" / tool.name}


def test_a_python_that_a_workspace_names(home):
    base = python_in(home / ".pyenv" / "versions" / "3.11.7")
    venv = home / "work" / "open" / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text(f"home = {base.parent}\n")
    (venv / "bin" / "python").symlink_to(base)
    assert set(needs(venv / "bin" / "python", workspace=home / "work" / "open")) == {venv, base.parent.parent}


def test_credentials_beside_a_program_are_not_shown(tmp_path):
    cargo = script(tmp_path / "cargo" / "bin" / "cargo", "")
    for name in ("lib/rustlib/a", "credentials.toml", "config.toml"):
        (tmp_path / "cargo" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "cargo" / name).touch()
    readable = needs(cargo, workspace=tmp_path / "work")
    assert set(readable) == {tmp_path / "cargo" / "bin", tmp_path / "cargo" / "lib"}
    assert search_path(readable).split(":")[0] == str(tmp_path / "cargo" / "bin")
    key = script(tmp_path / "work" / "credentials.toml", "")
    assert needs(script(tmp_path / "work" / "tool", f"#!{key}"), workspace=tmp_path / "work") == (
        tmp_path / "work" / "tool",
    )


async def test_inside_nothing_of_the_home_folder_is_there(home):
    if why := await why_not():
        pytest.skip(why)
    work = home / "work" / "open"
    tool = script(work / "tool", f"#!/{home}/.cargo/bin/cargo")
    readable = (*needs(tool, workspace=work), *needs(Path(sys.executable), workspace=work))
    code = "import os, sys; print(sorted(n for _, _, names in os.walk(sys.argv[1]) for n in names))"
    told = await run(Command((sys.executable, "-I", "-c", code, str(home)), work, readable))
    assert told.stdout.decode().strip() == "['a.py', 'cargo', 'tool']", told.stderr
