"""What git tells about real repositories."""

import os
import subprocess
import sys

import pytest
from repositories import Built

from codenook.context.git import plumbing, repository
from codenook.context.git.hunks import changed_lines
from codenook.context.git.process import Git
from codenook.context.git.repository import Repository
from codenook.context.git.together import weighed

LINES = "one\ntwo\nthree\nfour\nfive\n"


@pytest.fixture
def built(tmp_path):
    return Built(tmp_path / "top")


@pytest.fixture
def opened(built):
    """Return the repository as it is opened by its top."""
    return Repository.open(built.top)


@pytest.fixture
def asked(monkeypatch):
    """Record the subcommands that git is asked for."""
    asked = []
    run = Git.run

    def record(self, *arguments, **options):
        asked.append(arguments[0])
        return run(self, *arguments, **options)

    monkeypatch.setattr(Git, "run", record)
    return asked


@pytest.mark.parametrize(
    ("old", "new", "ranges"),
    [
        ("", "", ()),
        ("a\nb\nc\n", "a\nB\nc\n", ((2, 2),)),
        ("a\nb\n", "a\nb\nc\nd\n", ((3, 4),)),
        ("a\nb\nc\n", "a\nc\n", ((2, 1),)),
        ("a\nb\nc\n", "a\nb\n", ((3, 2),)),
        ("a\nb\nc\n", "", ((1, 0),)),
        ("a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n", ((1, 1), (5, 5))),
        ("", "a\n", ((1, 1),)),
        ("a\nb\n", "a\r\nb\r\n", ()),
        ("a\r\nb\r\n", "a\nB\n", ((2, 2),)),
        ("a\nb", "a\nb\n", ()),
        ("a\na\na\n", "a\na\na\na\n", ((4, 4),)),
        ("a\0", "b", ()),
        ("b", "a\0", ()),
    ],
)
def test_changed_lines(old, new, ranges):
    assert changed_lines(old.encode(), new.encode()) == ranges


def test_a_long_stretch_of_changes_is_told_as_one():
    old = [f"{n}\n" for n in range(5000)]
    new = [line if n % 2 or n < 10 else f"new {line}" for n, line in enumerate(old)]
    assert changed_lines("".join(old).encode(), "".join(new).encode()) == ((11, 4999),)
    assert len(changed_lines("".join(old[:2000]).encode(), "".join(new[:2000]).encode())) == 995


def test_small_and_recent_commits_weigh_more():
    history = [
        {b"a", b"new"},
        *[{b"a"}] * 49,
        {b"a", b"old", b"older"},
        {b"a", *(b"%d" % n for n in range(51))},
    ]
    assert weighed(b"a", history) == {b"new": 1.0, b"old": 0.25, b"older": 0.25}


def test_files_that_changed_together(built):
    built.commit(a__py="1", b__py="1", c__py="1", gone__py="1")
    built.commit(a__py="2", b__py="2", gone__py="2")
    built.commit(b__py="3", c__py="3")
    built.commit(a__py="4")
    (built.top / "gone.py").unlink()
    built.commit(d__py="1")
    opened = Repository.open(built.top)
    first, second = 0.5 ** (2 / 50) / 3, 0.5 ** (1 / 50) / 2
    assert built.names(opened.co_changed(built.top / "a.py", 5)) == pytest.approx(
        {"b.py": first + second, "c.py": first}
    )
    assert list(built.names(opened.co_changed(built.top / "a.py", 1))) == ["b.py"]
    for path in ("d.py", "nothing.py", "../outside.py", ":(glob)*.py", "--all"):
        assert opened.co_changed(built.top / path, 5) == [], path


def test_edited_staged_and_new_lines(built, opened):
    built.commit(edited__py=LINES, staged__py=LINES, both__py=LINES, same__py=LINES, gone__py=LINES)
    built.write(staged__py=LINES + "six\n", both__py="zero\n" + LINES, new__py="1\n2\n", empty__py="")
    built.git("add", "--all")
    built.write(
        edited__py=LINES.replace("two", "2").replace("four\n", ""), both__py="zero\n" + LINES + "six\n"
    )
    built.write(untracked__py="1\n")
    (built.top / "gone.py").unlink()
    assert built.hunks(opened.uncommitted()) == [
        ("both.py", 1, 1),
        ("both.py", 7, 7),
        ("edited.py", 2, 2),
        ("edited.py", 4, 3),
        ("new.py", 1, 2),
        ("staged.py", 6, 6),
    ]


def test_changed_since_an_older_commit(built, opened):
    first = built.commit(a__py=LINES, b__py=LINES)
    built.commit(a__py=LINES.replace("two", "2"))
    built.git("tag", "-a", "-m", "tag", "v1")
    built.write(a__py=LINES.replace("two", "2").replace("five", "5"))
    assert built.hunks(opened.changed_since(first)) == [("a.py", 2, 2), ("a.py", 5, 5)]
    for revision in ("HEAD", "v1", "main", "main@{0}", built.git("rev-parse", "HEAD")[:8]):
        assert built.hunks(opened.changed_since(revision)) == [("a.py", 5, 5)], revision
    assert built.hunks(opened.changed_since("HEAD~1")) == built.hunks(opened.changed_since("v1^"))


@pytest.mark.parametrize(
    "revision",
    [
        "",
        "nothing",
        "HEAD:a.py",
        ":a.py",
        ":/commit",
        "HEAD^{tree}",
        "--all",
        "-h",
        "--output=pwned",
        "HEAD..HEAD",
        "^HEAD",
        "HEAD HEAD",
        "HEAD\nHEAD",
        "HEAD\0",
        "HEAD\u2028",
        "a.py",
        "../x",
        "f" * 40,
    ],
)
def test_what_names_no_commit(built, opened, revision):
    built.commit(a__py=LINES)
    with pytest.raises(ValueError, match="not a commit"):
        opened.changed_since(revision)
    assert sorted(path.name for path in built.top.iterdir()) == [".git", "a.py"]


def test_a_branch_named_like_an_option_is_no_option(built, opened):
    first = built.commit(a__py=LINES)
    built.git("update-ref", "refs/heads/--all", first)
    built.write(a__py=LINES + "six\n")
    with pytest.raises(ValueError, match="not a commit"):
        opened.changed_since("--all")
    assert built.hunks(opened.changed_since("heads/--all")) == [("a.py", 6, 6)]


def test_a_renamed_file_is_compared_with_what_it_was(built, opened):
    built.commit(old__py=LINES)
    built.git("mv", "old.py", "new.py")
    built.write(new__py=LINES.replace("three", "3"))
    assert built.hunks(opened.uncommitted()) == [("new.py", 3, 3)]


def test_line_ends_are_no_change(built, opened):
    built.git("config", "core.autocrlf", "true")
    built.put("a.py", LINES.replace("\n", "\r\n").encode())
    built.commit()
    assert built.git("cat-file", "-s", "HEAD:a.py") == str(len(LINES))
    built.put("a.py", LINES.replace("\n", "\r\n").replace("two", "2").encode())
    assert built.hunks(opened.uncommitted()) == [("a.py", 2, 2)]
    built.put("a.py", LINES.replace("\n", "\r\n").encode())
    assert opened.uncommitted() == []


def test_paths_in_other_encodings_and_with_line_ends(built, opened):
    names = [
        b"caf\xe9.py",
        "ünï.py".encode(),
        b"two\nlines.py",
        b'quo"te.py',
        b"tab\t.py",
        b" .py",
        b":a",
        b"-b",
    ]
    for name in names:
        built.put(name, LINES.encode())
    built.commit()
    for name in names:
        built.put(name, b"zero\n" + LINES.encode())
    assert built.hunks(opened.uncommitted()) == [(os.fsdecode(name), 1, 1) for name in sorted(names)]
    together = built.names(opened.co_changed(built.top / os.fsdecode(names[0]), 9))
    assert set(together) == {os.fsdecode(name) for name in names[1:]}


def test_binary_files_links_and_large_files_have_no_hunks(built, opened, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.py").write_text("secret\n")
    built.put("dir/a.py", b"1\n")
    built.put("picture", b"\0\1")
    built.put("large.py", b"1\n" * 500_001)
    (built.top / "link").symlink_to("picture")
    built.commit(a__py=LINES)
    built.put("picture", b"\0\2")
    built.put("large.py", b"2\n" * 500_001)
    (built.top / "link").unlink()
    (built.top / "link").symlink_to("a.py")
    (built.top / "a.py").unlink()
    (built.top / "a.py").symlink_to(tmp_path / "outside" / "a.py")
    (built.top / "dir" / "a.py").unlink()
    (built.top / "dir").rmdir()
    (built.top / "dir").symlink_to(tmp_path / "outside")
    assert opened.uncommitted() == []
    (built.top / "dir").unlink()
    built.put("dir/a.py", b"secret\n")
    assert built.hunks(opened.uncommitted()) == [("dir/a.py", 1, 1)]


def test_many_large_files_are_compared_in_parts(built, opened):
    names = [f"f{n:02}.py" for n in range(70)]
    for name in names:
        built.put(name, b"1" * 950_000 + b"\n" + name.encode())
    built.commit()
    for name in names:
        built.put(name, b"1" * 950_000 + b"\n2\n")
    assert built.hunks(opened.uncommitted()) == [(name, 2, 2) for name in names]


def test_a_merge_conflict(built, opened):
    built.commit(a__py=LINES, b__py=LINES)
    built.git("checkout", "-q", "-b", "theirs")
    built.commit(a__py=LINES.replace("two", "their two"), b__py=LINES.replace("five", "5"))
    built.git("checkout", "-q", "main")
    built.commit(a__py=LINES.replace("two", "our two"))
    built.git("merge", "-q", "theirs", status=1)
    text = (built.top / "a.py").read_text().splitlines()
    assert [text[line - 1] for line in (2, 4, 5, 6)] == [
        "<<<<<<< HEAD",
        "=======",
        "their two",
        ">>>>>>> theirs",
    ]
    assert built.hunks(opened.uncommitted()) == [("a.py", 2, 2), ("a.py", 4, 6), ("b.py", 5, 5)]
    built.git("add", "--all")
    built.git("commit", "-q", "-m", "merged")
    assert opened.uncommitted() == []


def test_before_the_first_commit(built, opened):
    assert (opened.head(), opened.uncommitted(), opened.co_changed(built.top / "a.py", 5)) == (None, [], [])
    built.write(a__py=LINES, b__py="1\n")
    built.git("add", "a.py")
    assert built.hunks(opened.uncommitted()) == [("a.py", 1, 5)]
    with pytest.raises(ValueError, match="not a commit"):
        opened.changed_since("HEAD")
    built.commit()
    built.git("checkout", "-q", "--orphan", "other")
    assert opened.head() is None
    assert built.hunks(opened.uncommitted()) == [("a.py", 1, 5), ("b.py", 1, 1)]


def test_a_detached_head(built, opened):
    first = built.commit(a__py=LINES)
    built.commit(a__py=LINES + "six\n")
    built.git("checkout", "-q", "--detach", first)
    built.write(a__py="zero\n" + LINES)
    assert opened.head() == first
    assert built.hunks(opened.uncommitted()) == [("a.py", 1, 1)]


def test_a_linked_worktree(built, tmp_path):
    built.commit(a__py=LINES, b__py="1\n")
    built.git("worktree", "add", "-q", str(tmp_path / "linked"))
    (tmp_path / "linked" / "a.py").write_text("zero\n" + LINES)
    opened = Repository.open(tmp_path / "linked")
    assert opened.top == tmp_path / "linked"
    assert [(hunk.path, hunk.start_line) for hunk in opened.uncommitted()] == [(tmp_path / "linked/a.py", 1)]
    assert opened.co_changed(tmp_path / "linked" / "a.py", 5) == [(tmp_path / "linked" / "b.py", 1.0)]
    assert Repository.open(built.top).uncommitted() == []


def test_a_submodule_is_a_repository_of_its_own(built, tmp_path):
    inner = Built(tmp_path / "inner")
    inner.commit(a__py=LINES)
    built.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.top), "sub")
    built.commit(b__py="1\n")
    built.put("sub/a.py", b"zero\n" + LINES.encode())
    assert Repository.open(built.top).uncommitted() == []
    opened = Repository.open(built.top / "sub")
    assert opened.top == built.top / "sub"
    assert built.hunks(opened.uncommitted()) == [("sub/a.py", 1, 1)]


def test_a_shallow_clone_tells_what_it_has(built, tmp_path):
    built.commit(a__py="1", b__py="1")
    built.commit(a__py="2", c__py="2")
    clone = tmp_path / "clone"
    built.git("clone", "-q", "--depth=1", built.top.as_uri(), str(clone))
    opened = Repository.open(clone)
    assert dict(opened.co_changed(clone / "a.py", 5)) == {clone / "b.py": 0.5, clone / "c.py": 0.5}


def test_names_of_sha256(tmp_path):
    built = Built(tmp_path / "top", "--object-format=sha256")
    built.commit(a__py=LINES)
    os.utime(built.top / "a.py", ns=(0, 0))
    opened = Repository.open(built.top)
    assert opened.uncommitted() == []
    built.write(a__py=LINES + "six\n")
    assert built.hunks(opened.changed_since("HEAD")) == [("a.py", 6, 6)]
    assert len(opened.head()) == 64


@pytest.mark.parametrize("option", ["--index-version=4", "--split-index", "--untracked-cache"])
def test_other_forms_of_the_index(built, opened, option):
    built.commit(a__py=LINES, b__py=LINES)
    before = (built.top / ".git" / "index").read_bytes()
    built.git("update-index", *option.replace("=", " ").split())
    assert (built.top / ".git" / "index").read_bytes() != before
    built.write(c__py="1\n")
    built.git("add", "c.py")
    built.write(a__py="zero\n" + LINES)
    assert built.hunks(opened.uncommitted()) == [("a.py", 1, 1), ("c.py", 1, 1)]


def test_a_sparse_checkout_misses_nothing_that_is_there(built, opened):
    built.put("in/a.py", LINES.encode())
    built.put("out/b.py", LINES.encode())
    built.commit()
    built.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert built.git("ls-files", "--sparse").split() == ["in/a.py", "out/"]
    built.put("in/a.py", b"zero\n" + LINES.encode())
    assert built.hunks(opened.uncommitted()) == [("in/a.py", 1, 1)]


def test_an_edit_of_the_same_size_in_the_tick_of_the_index(built, opened):
    """The file's time and size say nothing then; git calls such an entry racy."""
    built.commit(a__py="1\n")
    os.utime(built.top / "a.py", ns=(10**18, 10**18))
    built.git("update-index", "--refresh")
    built.write(a__py="2\n")
    os.utime(built.top / "a.py", ns=(10**18, 10**18))
    os.utime(built.top / ".git" / "index", ns=(10**18, 10**18))
    assert built.hunks(opened.uncommitted()) == [("a.py", 1, 1)]


def test_nothing_is_asked_twice_until_it_changes(built, opened, asked):
    built.commit(a__py=LINES, b__py=LINES)
    built.write(a__py=LINES + "six\n")
    before = opened.uncommitted()
    assert asked == ["rev-parse", "ls-files", "diff-index", "cat-file", "cat-file"]
    asked.clear()
    assert opened.uncommitted() == before
    assert asked == ["rev-parse"]
    asked.clear()
    built.write(b__py="zero\n" + LINES)
    assert built.hunks(opened.uncommitted()) == [("a.py", 6, 6), ("b.py", 1, 1)]
    assert asked == ["rev-parse", "cat-file", "cat-file"]
    asked.clear()
    built.commit()
    assert opened.uncommitted() == []
    assert asked[:3] == ["rev-parse", "ls-files", "diff-index"]


def test_history_is_asked_once_for_each_head(built, opened, asked):
    built.commit(a__py="1", b__py="1")
    assert opened.co_changed(built.top / "a.py", 1) == opened.co_changed(built.top / "a.py", 5)
    assert asked == ["rev-parse", "rev-list", "diff-tree", "rev-parse"]
    built.commit(a__py="2", c__py="2")
    assert list(built.names(opened.co_changed(built.top / "a.py", 5))) == ["c.py", "b.py"]


def test_a_reset_that_leaves_the_index_is_seen(built, opened):
    built.commit(a__py=LINES)
    built.commit(a__py=LINES + "six\n")
    assert opened.uncommitted() == []
    built.git("reset", "-q", "--soft", "HEAD~1")
    assert built.hunks(opened.uncommitted()) == [("a.py", 6, 6)]


def test_what_is_held_is_bounded(built, opened, monkeypatch):
    monkeypatch.setattr(repository, "_N_PATHS_HELD", 2)
    built.commit(a__py="1", b__py="1", c__py="1")
    for name in "abc":
        opened.co_changed(built.top / f"{name}.py", 5)
    assert [path for _, path in opened._together] == [b"b.py", b"c.py"]


def test_only_so_many_commits_are_looked_at(built, opened, monkeypatch):
    monkeypatch.setattr(repository, "_N_COMMITS", 2)
    built.commit(a__py="1", old__py="1")
    built.commit(a__py="2", b__py="2")
    built.commit(a__py="3", b__py="3")
    assert list(built.names(opened.co_changed(built.top / "a.py", 5))) == ["b.py"]


def test_a_subfolder_opens_the_repository_around_it(built):
    built.put("pkg/a.py", LINES.encode())
    built.commit(b__py="1")
    opened = Repository.open(built.top / "pkg")
    assert opened.top == built.top
    assert built.names(opened.co_changed(built.top / "pkg" / "a.py", 5)) == {"b.py": 1.0}


def test_outside_of_a_repository_nothing_runs_and_nothing_is_said(tmp_path, asked, caplog):
    assert Repository.open(tmp_path) is None
    assert (asked, caplog.records) == ([], [])


def test_an_older_git_is_not_trusted(built, monkeypatch, caplog):
    monkeypatch.setattr(repository, "_OLDEST_GIT", (99, 0))
    assert Repository.open(built.top) is None
    assert "git 99.0 or later is needed" in caplog.text


def test_an_unreadable_listing_is_a_failure(built, opened, monkeypatch, caplog):
    """The form of ls-files --debug is not promised."""
    built.commit(a__py=LINES)
    form = plumbing._ENTRY.pattern.replace(b"size", b"bytes")
    monkeypatch.setattr(plumbing, "_ENTRY", plumbing.re.compile(form))
    assert opened.uncommitted() == []
    assert "wrote what cannot be read" in caplog.text


def test_importing_the_module_does_not_import_gitpython():
    code = "import sys, codenook.context.git.repository; sys.exit('git' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
