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
        self.trap.write_text(f"#!/bin/sh\necho ran >> {shlex.quote(str(self._marks))}\ncat\n")
        self.trap.chmod(0o755)
        self.first = self.commit(a__py=LINES, b__py=LINES)
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
        )

    def expected(self):
        return (
            self.git("rev-parse", "HEAD"),
            ["b.py", "trap"],
            [("a.py", 2, 2)],
            [("a.py", 2, 2)],
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
    it.configure(pager__rev_list=it.trap)
    it.git("config", "pager.rev-list", str(it.trap))
    return ["rev-list", "HEAD"]


def signature(it):
    it.put("gpg", it.trap.read_bytes().replace(b"cat\n", b"cat; echo '[GNUPG:] SIG_CREATED ' >&2\n"))
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
    it.write(b__py=LINES + "four\n")
    blob = it.git("rev-parse", "HEAD:b.py")
    it.git("update-index", "--assume-unchanged", "b.py")
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


@pytest.mark.parametrize("trap", TRAPS)
def test_plain_git_runs_into_the_trap_and_we_do_not(hostile, trap):
    command = trap(hostile)
    ours, theirs = pty.openpty()
    hostile.git(*command, status=None, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL)
    os.close(ours)
    os.close(theirs)
    assert hostile.marks() > 0
    expected = hostile.expected()
    hostile.marks()
    assert hostile.facts() == expected
    assert hostile.marks() == 0
