"""A repository that would run its own programs, if it only could.

Each trap leaves a mark when it runs. First the plain git runs into it, so that the trap is known to work.
"""

import os
import pty
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from repositories import ENVIRONMENT, Built

from codenook.context.git.process import GitFailed, find_git
from codenook.context.git.repository import Repository

LINES = "one\ntwo\nthree\n"


class Hostile(Built):
    """A repository with an edit in line 2 of a.py, which changed with b.py before; `marks` tells what ran."""

    def __init__(self, top: Path) -> None:
        super().__init__(top)
        self._marks = top.with_name("marks")
        self.trap = top / "trap"
        self.trap.write_text(f"#!/bin/sh\necho ran >> {shlex.quote(str(self._marks))}\n")
        self.trap.chmod(0o755)
        self.first = self.commit(a__py=LINES, b__py="b\n")
        self.write(a__py=LINES.replace("two", "2"))
        os.utime(top / "b.py", ns=(0, 0))

    def configure(self, **options):
        for name, value in options.items():
            self.git("config", name.replace("__", "."), str(value))

    def attribute(self, attributes):
        self.put(".git/info/attributes", f"{attributes}\n".encode())

    def marks(self):
        """How many times a trap ran since the last time."""
        marks = self._marks.read_text().split() if self._marks.exists() else []
        self._marks.unlink(missing_ok=True)
        return len(marks)

    def facts(self):
        """Everything that can be asked, from a repository opened for that."""
        opened = Repository.open(self.top)
        together = [path.name for path, _ in opened.co_changed(self.top / "a.py", 9)]
        return (
            opened.head(),
            together,
            self.hunks(opened.uncommitted()),
            self.hunks(opened.changed_since(self.first)),
            self.contents(opened.differences(opened.base(None))),
            self.contents(opened.differences(opened.base(self.first, is_where_parted=True), staged=True)),
        )

    def contents(self, differences):
        """What is told of a.py: before and after."""
        return [(each.old.content, each.new.content) for each in differences if each.path == "a.py"]

    def expected(self):
        return (
            self.git("rev-parse", "HEAD"),
            ["b.py", "trap"],
            [("a.py", 2, 2)],
            [("a.py", 2, 2)],
            [(LINES.encode(), LINES.replace("two", "2").encode())],
            [],
        )


@pytest.fixture
def hostile(tmp_path):
    return Hostile(tmp_path / "top")


def fsmonitor(it):
    it.configure(core__fsmonitor=it.trap)
    return ["status"]


def hook_of_the_index(it):
    it.put(".git/hooks/post-index-change", it.trap.read_bytes())
    (it.top / ".git/hooks/post-index-change").chmod(0o755)
    return ["update-index", "--force-write-index", "--really-refresh"]


def hooks_elsewhere(it):
    it.put("hooks/post-index-change", it.trap.read_bytes())
    (it.top / "hooks/post-index-change").chmod(0o755)
    it.configure(core__hooksPath="hooks")
    return ["update-index", "--force-write-index", "--really-refresh"]


def external_diff(it):
    it.configure(diff__external=it.trap)
    return ["diff", "HEAD"]


def diff_command(it):
    it.attribute("* diff=evil")
    it.configure(diff__evil__command=it.trap)
    return ["diff", "HEAD"]


def textconv(it):
    it.attribute("* diff=evil")
    it.configure(diff__evil__textconv=it.trap)
    return ["diff", "HEAD"]


def clean_filter(it):
    it.attribute("* filter=evil")
    it.configure(filter__evil__clean=it.trap)
    return ["diff", "HEAD"]


def clean_filter_of_the_working_tree(it):
    it.put(".gitattributes", b"* filter=evil\n")
    it.configure(filter__evil__clean=it.trap)
    return ["diff", "HEAD"]


def required_clean_filter(it):
    it.attribute("* filter=evil")
    it.configure(filter__evil__clean=f"{it.trap}; false", filter__evil__required="true")
    return ["diff", "HEAD"]


def process_filter(it):
    it.attribute("* filter=evil")
    it.configure(filter__evil__process=it.trap)
    return ["diff", "HEAD"]


def filter_with_an_odd_name(it):
    it.attribute("* filter=a.b=c")
    it.git("config", "filter.a.b=c.clean", str(it.trap))
    return ["diff", "HEAD"]


def attributes_elsewhere(it):
    it.put("attributes", b"* filter=evil\n")
    it.configure(core__attributesFile=it.top / "attributes", filter__evil__clean=it.trap)
    return ["diff", "HEAD"]


def included(it):
    it.attribute("* filter=evil")
    it.put("evil.config", f'[filter "evil"]\nclean = {it.trap}\n[core]\nfsmonitor = {it.trap}\n'.encode())
    it.configure(include__path=it.top / "evil.config")
    return ["diff", "HEAD"]


def included_on_a_condition(it):
    it.attribute("* filter=evil")
    it.put("evil.config", f'[filter "evil"]\nclean = {it.trap}\n'.encode())
    it.git("config", "includeIf.onbranch:main.path", str(it.top / "evil.config"))
    return ["diff", "HEAD"]


def configuration_of_the_worktree(it):
    it.attribute("* filter=evil")
    it.configure(extensions__worktreeConfig="true")
    it.git("config", "--worktree", "filter.evil.clean", str(it.trap))
    return ["diff", "HEAD"]


def pager(it):
    it.configure(core__pager=it.trap)
    return ["log"]


def pager_of_a_command(it):
    it.git("config", "pager.rev-list", str(it.trap))
    return ["rev-list", "HEAD"]


def signature(it):
    signed = "echo -----BEGIN PGP SIGNATURE-----; echo; echo -----END PGP SIGNATURE-----"
    it.put(
        "gpg", it.trap.read_bytes() + f"cat > /dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; {signed}".encode()
    )
    (it.top / "gpg").chmod(0o755)
    it.git("-c", f"gpg.program={it.top / 'gpg'}", "commit", "-q", "--allow-empty", "-S", "-m", "signed")
    assert it.marks() == 1
    it.configure(log__showSignature="true", gpg__program=it.trap)
    return ["log"]


def alternate_refs(it):
    other = Built(it.top.with_name("other"))
    other.commit(a__py="1\n")
    it.put(".git/objects/info/alternates", f"{other.top}/.git/objects\n".encode())
    it.configure(core__alternateRefsCommand=it.trap)
    return ["rev-list", "--alternate-refs", "HEAD"]


def promised(it, url, **options):
    """Make b.py's blob one that the remote at ``url`` has to be asked for."""
    it.configure(core__repositoryFormatVersion=1, extensions__partialClone="origin")
    it.configure(remote__origin__promisor="true", remote__origin__url=url, **options)
    it.write(b__py="four\n")
    blob = it.git("rev-parse", "HEAD:b.py")
    (it.top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    return ["cat-file", "-p", blob]


def ssh_command(it):
    return promised(it, "ssh://host.invalid/x", core__sshCommand=it.trap)


def git_proxy(it):
    return promised(it, "git://host.invalid/x", core__gitProxy=it.trap)


def upload_pack(it):
    return promised(it, it.top, remote__origin__uploadpack=it.trap)


def command_as_a_remote(it):
    it.configure(protocol__allow="always", protocol__ext__allow="always")
    return promised(it, f"ext::{it.trap}")


TRAPS = [
    fsmonitor,
    hook_of_the_index,
    hooks_elsewhere,
    external_diff,
    diff_command,
    textconv,
    clean_filter,
    clean_filter_of_the_working_tree,
    required_clean_filter,
    process_filter,
    filter_with_an_odd_name,
    attributes_elsewhere,
    included,
    included_on_a_condition,
    configuration_of_the_worktree,
    pager,
    pager_of_a_command,
    signature,
    alternate_refs,
    ssh_command,
    git_proxy,
    upload_pack,
    command_as_a_remote,
]


def on_a_terminal(it, command):
    ours, theirs = pty.openpty()
    it.git(*command, status=None, stdout=theirs, stdin=subprocess.DEVNULL, timeout=10)
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("trap", TRAPS)
def test_plain_git_runs_into_the_trap_and_we_do_not(hostile, trap):
    command = trap(hostile)
    if trap in {pager, pager_of_a_command}:
        on_a_terminal(hostile, command)
    else:
        hostile.git(*command, status=None, stdin=subprocess.DEVNULL, timeout=10)
    assert hostile.marks() > 0
    expected = hostile.expected()
    hostile.marks()
    assert hostile.facts() == expected
    assert hostile.marks() == 0


def test_the_configuration_of_the_user_runs_nothing_either(hostile, tmp_path, monkeypatch):
    expected = hostile.expected()
    hostile.attribute("* filter=evil")
    path = tmp_path / "user.config"
    path.write_text(f'[core]\nfsmonitor = {hostile.trap}\n[filter "evil"]\nclean = {hostile.trap}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(path))
    subprocess.run(["git", "status"], cwd=hostile.top, check=True, capture_output=True)  # noqa: S607
    assert hostile.marks() > 0
    assert hostile.facts() == expected
    assert hostile.marks() == 0


def test_variables_of_git_in_our_environment_do_not_count(hostile, tmp_path, monkeypatch):
    """An editor that a hook of another repository opened passes them on."""
    expected = hostile.expected()
    other = Built(tmp_path / "other")
    other.commit(c__py="1\n")
    for name, value in {
        "GIT_DIR": other.top / ".git",
        "GIT_WORK_TREE": other.top,
        "GIT_INDEX_FILE": other.top / ".git/index",
        "GIT_OBJECT_DIRECTORY": other.top / ".git/objects",
        "GIT_EXTERNAL_DIFF": hostile.trap,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": hostile.trap,
        "GIT_TRACE": tmp_path / "trace",
    }.items():
        monkeypatch.setenv(name, str(value))
    subprocess.run(["git", "diff", "HEAD"], cwd=other.top, check=True, capture_output=True)  # noqa: S607
    assert hostile.marks() > 0
    (tmp_path / "trace").unlink()
    assert hostile.facts() == expected
    assert hostile.marks() == 0
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("entry", [".", "", "bin", "{top}/bin", "{outside}"])
def test_a_git_of_the_workspace_is_not_run(hostile, tmp_path, entry):
    """Nor by GitPython, which looks for one when it is imported."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (hostile.top / "bin").mkdir()
    for place in (hostile.top, hostile.top / "bin"):
        shutil.copy(hostile.trap, place / "git")
    (outside / "git").symlink_to(hostile.top / "bin" / "git")
    path = os.pathsep.join([entry.format(top=hostile.top, outside=outside), ENVIRONMENT["PATH"]])
    code = (
        "import pathlib; from codenook.context.git.repository import Repository;"
        "print(Repository.open(pathlib.Path()).uncommitted()[0].start_line)"
    )
    options = {"cwd": hostile.top, "env": ENVIRONMENT | {"PATH": path}, "timeout": 60}
    subprocess.run(["/usr/bin/env", "git", "version"], check=True, capture_output=True, **options)
    assert hostile.marks() == 1
    ran = subprocess.run([sys.executable, "-P", "-c", code], check=True, capture_output=True, **options)
    assert ran.stdout == b"2\n"
    assert hostile.marks() == 0


@pytest.mark.parametrize("entry", [".", "", "bin"])
def test_a_git_beside_the_working_directory_is_not_found(hostile, tmp_path, monkeypatch, entry):
    (tmp_path / "here" / entry).mkdir(parents=True)
    shutil.copy(hostile.trap, tmp_path / "here" / entry / "git")
    monkeypatch.chdir(tmp_path / "here")
    expected = find_git(hostile.top)
    monkeypatch.setenv("PATH", os.pathsep.join([entry, ENVIRONMENT["PATH"]]))
    assert find_git(hostile.top) == expected


def test_without_git_there_is_no_repository(hostile, monkeypatch, caplog):
    for path in (str(hostile.top), "", str(hostile.top / "nothing")):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(GitFailed, match="not found"):
            find_git(hostile.top)
        caplog.clear()
        assert Repository.open(hostile.top) is None
        assert [record.getMessage() for record in caplog.records] == [
            "the repository is left alone: git was not found on PATH, outside of the workspace"
        ]


def test_nothing_is_written(hostile):
    """Not even the index, which plain git refreshes."""

    def state():
        files = (path for path in hostile.top.rglob("*") if path.is_file())
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    os.utime(hostile.top / "b.py", ns=(10**18, 10**18))
    before = state()
    hostile.facts()
    assert state() == before
    hostile.git("status")
    assert state() != before


@pytest.mark.parametrize("worktree", ["/", "..", "../other"])
def test_a_working_tree_elsewhere_is_left_alone(hostile, tmp_path, worktree, caplog):
    Built(tmp_path / "other").commit(a__py="secret\n")
    hostile.configure(core__worktree=hostile.top / worktree)
    assert Repository.open(hostile.top) is None
    assert len(caplog.records) == 1


def test_a_nested_repository_does_not_reach_the_one_around_it(hostile, caplog):
    inner = Built(hostile.top / "inner")
    inner.commit(a__py="1\n")
    inner.git("config", "core.worktree", str(hostile.top))
    assert Repository.open(inner.top) is None
    assert "elsewhere" in caplog.text


def test_a_bare_repository_in_the_workspace_is_none(hostile, caplog):
    bare = hostile.top / "bare"
    hostile.git("clone", "-q", "--bare", ".", str(bare))
    subprocess.run(["git", "config", "core.fsmonitor", hostile.trap], cwd=bare, check=True)  # noqa: S607
    assert Repository.open(bare) is None
    assert hostile.marks() == 0
    shutil.rmtree(hostile.top / ".git")
    assert Repository.open(bare) is None


def test_a_git_file_may_lead_elsewhere_and_runs_nothing_there(hostile, tmp_path):
    expected = hostile.expected()
    hostile.configure(core__fsmonitor=hostile.trap)
    shutil.move(hostile.top / ".git", tmp_path / "elsewhere")
    (hostile.top / ".git").write_text(f"gitdir: {tmp_path / 'elsewhere'}\n")
    hostile.git("status")
    assert hostile.marks() > 0
    assert hostile.facts() == expected
    assert hostile.marks() == 0


def test_replaced_objects_and_grafts_do_not_change_the_facts(hostile):
    hostile.commit(a__py=LINES.replace("two", "2"), c__py="1\n")
    hostile.write(a__py=LINES)
    head, first = hostile.git("rev-parse", "HEAD"), hostile.first
    old, new = LINES.encode(), LINES.replace("two", "2").encode()
    expected = (
        *(head, ["c.py", "b.py", "trap"], [("a.py", 2, 2)], [("c.py", 1, 1)]),
        *([(new, old)], [(old, new)]),
    )
    assert hostile.facts() == expected
    hostile.git("replace", f"{head}:a.py", f"{first}:a.py")
    hostile.put(".git/info/grafts", f"{head}\n".encode())
    assert hostile.git("rev-list", "HEAD") == head
    assert hostile.git("show", "HEAD:a.py") == LINES.strip()
    assert hostile.facts() == expected


def test_objects_of_another_repository_are_read(hostile, tmp_path):
    """What `git clone --shared` makes."""
    expected = hostile.expected()
    shutil.move(hostile.top / ".git/objects", tmp_path / "objects")
    hostile.put(".git/objects/info/alternates", f"{tmp_path / 'objects'}\n".encode())
    assert hostile.facts() == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_of_another_user_is_left_alone(hostile, tmp_path, monkeypatch, caplog):
    expected = hostile.expected()
    for path in (hostile.top, hostile.top / ".git"):
        os.chown(path, 12345, 12345)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    assert Repository.open(hostile.top) is None
    assert len(caplog.records) == 1
    trusting = tmp_path / "user.config"
    trusting.write_text(f"[safe]\ndirectory = {hostile.top}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(trusting))
    assert hostile.facts() == expected


@pytest.mark.parametrize("damage", ["HEAD", "config", "index", "objects"])
def test_a_damaged_repository_raises_nothing(hostile, damage, caplog):
    path = hostile.top / ".git" / damage
    if path.is_dir():
        shutil.rmtree(path)
        path.mkdir()
    else:
        path.write_bytes(b"\xff\0damaged")
    opened = Repository.open(hostile.top)
    if opened is not None:
        assert opened.uncommitted() == []
        assert opened.uncommitted() == []
    assert len(caplog.records) == 1
    assert "two" not in caplog.text


def test_git_that_waits_forever_is_ended_when_it_opens(hostile, caplog):
    os.mkfifo(hostile.top / "never")
    hostile.configure(include__path=hostile.top / "never")
    assert Repository.open(hostile.top, seconds=0.3) is None
    assert "took too long" in caplog.text
    assert not any(child.name() == "git" for child in psutil.Process().children(recursive=True))


def test_git_that_waits_forever_is_ended_when_it_is_asked(hostile, caplog):
    opened = Repository.open(hostile.top, seconds=0.3)
    (hostile.top / ".git/config").unlink()
    os.mkfifo(hostile.top / ".git/config")
    assert (opened.head(), opened.uncommitted(), opened.co_changed(hostile.top / "a.py", 5)) == (None, [], [])
    assert len(caplog.records) == 1
    with pytest.raises(GitFailed, match="took too long"):
        opened.changed_since("HEAD")
    assert not any(child.name() == "git" for child in psutil.Process().children(recursive=True))
