"""Patches, as git and diff write them, against files that are before or after them."""

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repositories import Built

from codenook.context.files.skip import Skip
from codenook.server.review.scope.change import Unread
from codenook.server.review.scope.errors import ScopeError
from codenook.server.review.scope.patch import patched
from codenook.server.review.scope.repository import changed

LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"
EDITED = LINES.replace("two", "2").replace("seven\n", "")


@pytest.fixture
def built(tmp_path):
    return Built((tmp_path / "top").resolve())


def texts(change):
    return {file.path: (file.old_path, *both(file), sorted(file.changed)) for file in change.files}


def both(file):
    return file.old and file.old.text, file.new and file.new.text


def diff(built, *options):
    return subprocess.run(
        ["git", "diff", *options],  # noqa: S607 - as a user would
        cwd=built.top,
        capture_output=True,
        check=True,
    ).stdout


FORMATS = [
    ["HEAD"],
    ["-U0", "HEAD"],
    ["-U10", "HEAD"],
    ["--no-prefix", "HEAD"],
    ["--src-prefix=i/", "--dst-prefix=w/", "HEAD"],
    ["-M", "--patience", "HEAD"],
]


@pytest.mark.parametrize("options", FORMATS, ids=" ".join)
@pytest.mark.parametrize("is_applied", [True, False])
def test_a_patch_is_the_change_that_git_made_it_of(built, options, is_applied):
    built.put("sub/a.py", LINES.encode())
    built.put("gone.py", b"gone\n")
    built.put("moved.py", (LINES * 3).encode())
    built.commit()
    built.put("sub/a.py", EDITED.encode())
    built.put("new é.py", b"new\n")
    (built.top / "gone.py").unlink()
    built.git("mv", "moved.py", "there.py")
    built.git("add", "--all")
    patch, expected = diff(built, *options), texts(changed(built.top, staged=True))
    assert len(expected) == 4
    if not is_applied:
        built.git("reset", "-q", "--hard")
    if "-M" not in options:
        assert b"rename" in patch
    assert texts(patched(built.top, patch)) == expected


def test_from_a_folder_below_the_top(built):
    built.put("sub/a.py", LINES.encode())
    built.commit()
    built.put("sub/a.py", EDITED.encode())
    for options in (["HEAD"], ["--relative=sub", "HEAD"]):
        found = patched(built.top / "sub", diff(built, *options))
        assert [file.new.text for file in found.files] == [EDITED]


def test_with_crlf_and_without_a_last_newline(built):
    old, new = LINES.replace("\n", "\r\n")[:-2], EDITED.replace("\n", "\r\n") + "nine"
    built.git("config", "core.autocrlf", "false")
    built.put("a.py", old.encode())
    built.commit()
    built.put("a.py", new.encode())
    patch = diff(built, "HEAD")
    for _ in range(2):
        (file,) = patched(built.top, patch).files
        assert (file.old.text, file.new.text) == (old, new)
        assert [file.new.line(line) for line in sorted(file.changed)] == ["2", "nine"]
        built.git("checkout", "-q", "--", "a.py")


def test_lines_that_have_moved_since(built):
    built.commit(a__py=LINES)
    built.write(a__py=EDITED)
    patch = diff(built, "HEAD")
    built.write(a__py="zero\n" * 3 + LINES)
    (file,) = patched(built.top, patch).files
    assert file.new.text == "zero\n" * 3 + EDITED
    assert sorted(file.changed) == [5]


def test_a_plain_diff_without_git(tmp_path):
    (tmp_path / "a.py").write_text(LINES)
    patch = b"--- a.py\t2020-01-01\n+++ a.py\t2020-01-02\n@@ -2 +2 @@\n-two\n+2\n"
    (file,) = patched(tmp_path, patch).files
    assert sorted(file.changed) == [2]


def test_a_mail_around_the_patch(built):
    built.commit(a__py=LINES)
    built.commit(a__py=EDITED)
    mail = built.git("format-patch", "-1", "--stdout").encode() + b"\n"
    (file,) = patched(built.top, mail).files
    assert file.new.text == EDITED


def test_binary_files_links_modes_and_submodules(built):
    built.commit(a__bin="a\0", b__sh=LINES, c__py=LINES)
    built.put("a.bin", b"b\0")
    (built.top / "b.sh").chmod(0o755)
    (built.top / "c.py").unlink()
    (built.top / "c.py").symlink_to("b.sh")
    for options in (["HEAD"], ["--binary", "HEAD"]):
        change = patched(built.top, diff(built, *options))
        reasons = {(left.path, left.reason) for left in change.left_out}
        assert {("a.bin", Skip.BINARY), ("b.sh", Unread.MODE_ONLY), ("c.py", Skip.LINK)} <= reasons


def test_secrets_stay_unread(built):
    built.commit(a__pem="1\n")
    built.write(a__pem="2\n")
    change = patched(built.top, diff(built, "HEAD"))
    assert (change.files, [left.reason for left in change.left_out]) == ((), [Skip.SECRET])


HUNK = b"@@ -1,2 +1,2 @@\n-one\n+1\n two\n"
BROKEN = {
    "other lines": b"--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-uno\n+1\n two\n",
    "a file that is not there": b"--- a/b.py\n+++ b/b.py\n" + HUNK,
    "too short": b"--- a/a.py\n+++ b/a.py\n" + HUNK[:-5],
    "no patch": b"hello\nworld\n",
    "a path that leads outside": b"--- a/../a.py\n+++ b/../a.py\n" + HUNK,
    "an absolute path": b"--- /etc/passwd\n+++ /etc/passwd\n" + HUNK,
    "a merge": b"diff --cc a.py\nindex 1,2..3\n--- a/a.py\n+++ b/a.py\n@@@ -1,1 -1,1 +1,1 @@@\n++x\n",
    "a hunk without a file": HUNK,
}


@pytest.mark.parametrize("patch", BROKEN.values(), ids=BROKEN.keys())
def test_what_does_not_fit_is_told_in_one_line(built, patch):
    built.commit(a__py=LINES)
    with pytest.raises(ScopeError) as raised:
        patched(built.top, patch)
    assert "\n" not in str(raised.value)


def test_nothing_is_an_empty_change(built):
    assert patched(built.top, b"").files == ()


def test_a_link_does_not_lead_outside(built, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.py").write_text(LINES)
    (built.top / "sub").symlink_to(tmp_path / "outside")
    with pytest.raises(ScopeError):
        patched(built.top, b"--- a/sub/a.py\n+++ b/sub/a.py\n" + HUNK)


PIECES = st.lists(st.sampled_from(["a", "b", "", "é", "x\r", "\f", "}"]), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(PIECES, st.booleans()), st.tuples(PIECES, st.booleans()), st.sampled_from(["-U0", "-U3"]))
def test_any_patch_of_git_gives_both_texts(tmp_path, old, new, context):
    for name, (lines, ends) in (("old", old), ("new", new)):
        text = "\n".join(lines) + ("\n" if lines and ends else "")
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "a.py").write_bytes(text.encode())
    patch = subprocess.run(
        ["git", "diff", "--no-index", "--text", context, "old/a.py", "new/a.py"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        check=False,
    ).stdout
    patch = patch.replace(b"a/old/", b"a/").replace(b"b/new/", b"b/")
    texts = tuple((tmp_path / name / "a.py").read_bytes().decode() for name in ("old", "new"))
    for name in ("old", "new"):
        assert all(both(file) == texts for file in patched(tmp_path / name, patch).files)
