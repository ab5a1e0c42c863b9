"""Which files of a workspace are indexed, on real trees; git itself says what it ignores."""

import os
import re
import socket
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codenook.context.files.ignore import parsed
from codenook.context.files.skip import MAX_FILE_BYTES, Skip, Skipped
from codenook.context.files.walk import Candidate, find, is_indexed, read, walk

SUFFIXES = {".py"}
GIT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b.c",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b.c",
}


@pytest.fixture(autouse=True)
def no_global_file(tmp_path_factory, monkeypatch):
    """Give the user an empty configuration folder, and return git's in it."""
    folder = tmp_path_factory.mktemp("config") / "git"
    folder.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder.parent))
    return folder


def git(folder, *arguments, check=True, **options):
    command = ["git", "-c", "core.excludesFile=", "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, cwd=folder, env=GIT, check=check, capture_output=True, **options)


def write(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def indexed(root):
    return [found.path for found in walk(root, SUFFIXES) if isinstance(found, Candidate)]


def skipped(root):
    return {found.path: found.reason for found in walk(root, SUFFIXES) if isinstance(found, Skipped)}


def test_a_candidate_has_its_size_and_time(tmp_path):
    write(tmp_path, {"b/c.py": "x = 1\n", "a.py": "", "a.txt": ""})
    time = (tmp_path / "b/c.py").stat().st_mtime_ns
    found = list(walk(tmp_path, SUFFIXES))
    assert [each.path for each in found] == ["a.py", "b/c.py"]
    assert found[1] == Candidate("b/c.py", 6, time)


def test_a_folder_that_is_left_out_is_told_once(tmp_path):
    write(
        tmp_path, {"node_modules/a/b.py": "", "node_modules/c.py": "", "x/__pycache__/a.py": "", "y.py": ""}
    )
    assert skipped(tmp_path) == {"node_modules/": Skip.IGNORED, "x/__pycache__/": Skip.IGNORED}
    assert indexed(tmp_path) == ["y.py"]


def test_marks_of_output_count_under_any_name(tmp_path):
    write(tmp_path, {"env/pyvenv.cfg": "", "env/a.py": "", "cached/CACHEDIR.TAG": "", "cached/a.py": ""})
    assert skipped(tmp_path) == {"env/": Skip.IGNORED, "cached/": Skip.IGNORED}


def test_an_ignore_file_takes_a_default_back(tmp_path):
    write(tmp_path, {"build/a.py": "", "dist/a.py": "", ".codenookignore": "!build/\n"})
    assert indexed(tmp_path) == ["build/a.py"]


def test_codenookignore_has_the_last_word_in_its_folder(tmp_path):
    write(tmp_path, {"a.py": "", "b.py": "", ".gitignore": "a.py\n", ".codenookignore": "!a.py\nb.py\n"})
    assert indexed(tmp_path) == ["a.py"]


def test_ignore_files_above_the_root_count_up_to_the_top_of_the_working_tree(tmp_path):
    write(tmp_path, {".gitignore": "c.py\n", "top/.gitignore": "/x/a.py\n", "top/x/.gitignore": "/y/b.py\n"})
    write(tmp_path, {f"top/x/y/{name}.py": "" for name in "abc"} | {"top/x/a.py": ""})
    git(tmp_path / "top", "init")
    assert indexed(tmp_path / "top/x/y") == ["a.py", "c.py"]
    assert indexed(tmp_path / "top/x") == ["y/a.py", "y/c.py"]


def test_a_root_that_is_ignored_itself_is_still_read(tmp_path):
    write(tmp_path, {".gitignore": "build/\n", "build/a.py": ""})
    git(tmp_path, "init")
    assert indexed(tmp_path / "build") == ["a.py"]


def test_the_clone_and_the_user_have_their_own_ignore_files(tmp_path, no_global_file):
    write(tmp_path, {"a.py": "", "b.py": "", "c.py": ""})
    git(tmp_path, "init")
    (tmp_path / ".git/info/exclude").write_text("a.py\n")
    (no_global_file / "ignore").write_text("b.py\n")
    assert indexed(tmp_path) == ["c.py"]


def test_a_submodule_and_a_nested_clone_have_rules_of_their_own(tmp_path):
    write(tmp_path, {"library/a.py": "", "library/b.py": "", "library/.gitignore": "b.py\n"})
    git(tmp_path / "library", "init")
    git(tmp_path / "library", "add", ".")
    git(tmp_path / "library", "commit", "-m", "all")
    write(tmp_path, {"outer/.gitignore": "a.py\n", "outer/.codenookignore": "c.py\n", "outer/a.py": ""})
    outer = tmp_path / "outer"
    git(outer, "init")
    git(outer, "submodule", "add", "../library", "module")
    git(outer, "clone", "../library", "nested")
    write(outer, {f"{folder}/{name}.py": "" for folder in ("module", "nested") for name in "bcd"})
    assert (outer / "module/.git").is_file()
    assert indexed(outer) == ["module/a.py", "module/d.py", "nested/a.py", "nested/d.py"]
    assert [path for path in ("a.py", "b.py", "d.py") if git_ignores(outer / "module", [path])] == ["b.py"]


def test_a_worktree_inside_the_workspace_is_left_out_and_fine_as_the_workspace(tmp_path):
    write(tmp_path, {"a.py": "", "b.py": ""})
    git(tmp_path, "init")
    git(tmp_path, "add", "a.py")
    git(tmp_path, "commit", "-m", "all")
    git(tmp_path, "worktree", "add", "other")
    (tmp_path / ".git/info/exclude").write_text("b.py\n")
    write(tmp_path, {"other/b.py": ""})
    assert skipped(tmp_path) == {"b.py": Skip.IGNORED, "other/": Skip.WORKTREE}
    assert indexed(tmp_path / "other") == ["a.py"]


def test_links_are_not_followed(tmp_path):
    root = tmp_path / "root"
    write(tmp_path, {"away/a.py": "", "root/a.py": "", "root/x/b.py": ""})
    links = {"x/up": "..", "self.py": "self.py", "gone.py": "none.py", "inside.py": "a.py"}
    for name, target in (links | {"away": "../away", "away.py": "../away/a.py"}).items():
        (root / name).symlink_to(target)
    assert indexed(root) == ["a.py", "x/b.py"]
    assert skipped(root) == {
        "away": Skip.OUTSIDE,
        "away.py": Skip.OUTSIDE,
        "gone.py": Skip.UNREADABLE,
        "inside.py": Skip.LINK,
        "self.py": Skip.UNREADABLE,
        "x/up": Skip.LINK,
    }
    assert find(root, "x/up/a.py", SUFFIXES) == Skipped("x/up", Skip.LINK)
    assert read(root, "inside.py") == Skipped("inside.py", Skip.UNREADABLE)


def test_an_ignore_file_that_is_a_link_is_not_read(tmp_path):
    write(tmp_path, {"root/a.py": "", "patterns": "a.py\n"})
    (tmp_path / "root/.gitignore").symlink_to(tmp_path / "patterns")
    assert indexed(tmp_path / "root") == ["a.py"]


def test_names_that_are_not_utf8(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.py")).touch()
    (tmp_path / os.fsdecode(b"\xff")).mkdir()
    (tmp_path / "café.py").touch()
    assert indexed(tmp_path) == ["café.py"]
    assert skipped(tmp_path) == {r"caf\xe9.py": Skip.NOT_UTF8, r"\xff/": Skip.NOT_UTF8}


def test_what_cannot_be_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket.py"))
    write(tmp_path, {"a.py": ""})
    assert skipped(tmp_path) == {"pipe.py": Skip.UNREADABLE, "socket.py": Skip.UNREADABLE}
    (tmp_path / "a.py").unlink()
    assert read(tmp_path, "a.py") == Skipped("a.py", Skip.UNREADABLE)
    assert read(tmp_path, "pipe.py") == Skipped("pipe.py", Skip.UNREADABLE)
    assert list(walk(tmp_path / "none", SUFFIXES)) == [Skipped("./", Skip.UNREADABLE)]


@pytest.fixture
def open_folder():
    """Return a folder that every user can reach."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_what_may_not_be_read(open_folder):
    write(open_folder, {"a.py": "", "closed/a.py": ""})
    closed = [open_folder / "a.py", open_folder / "closed"]
    for path in closed:
        path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        found, source = skipped(open_folder), read(open_folder, "a.py")
    finally:
        os.seteuid(user)
        closed[1].chmod(0o700)
    assert found == {"closed/": Skip.UNREADABLE}
    assert source == Skipped("a.py", Skip.UNREADABLE)


def test_a_folder_that_vanishes_while_its_neighbours_are_read(tmp_path):
    write(tmp_path, {"a.py": "", "b/c/d.py": "", "e.py": ""})
    found = walk(tmp_path / ".", SUFFIXES)
    assert next(found).path == "a.py"
    (tmp_path / "b/c/d.py").unlink()
    (tmp_path / "b/c").rmdir()
    assert list(found) == [Skipped("b/c/", Skip.UNREADABLE), find(tmp_path, "e.py", SUFFIXES)]


def test_large_files_are_not_read(tmp_path):
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(1 << 40)
    write(tmp_path, {"b.py": "a" * 2_000_000, "c.py": "a\n" * (MAX_FILE_BYTES // 2)})
    assert skipped(tmp_path) == {"a.py": Skip.TOO_LARGE, "b.py": Skip.TOO_LARGE}
    assert read(tmp_path, "b.py") == Skipped("b.py", Skip.TOO_LARGE)
    assert len(read(tmp_path, "c.py")) == MAX_FILE_BYTES


@pytest.mark.parametrize("name", [".env", ".env.local", "id_rsa", "server.pem", "credentials.json", ".npmrc"])
def test_secrets_are_told_whatever_their_suffix(tmp_path, name):
    write(tmp_path, {name: "", f".ssh/{name}": "", "a.py": "", ".gitignore": f"!{name}\n"})
    assert skipped(tmp_path) == {name: Skip.SECRET, ".ssh/": Skip.SECRET}


def git_ignores(root, paths):
    """Return those of ``paths`` that git ignores."""
    asked = "\0".join(paths).encode()
    answer = git(root, "check-ignore", "--no-index", "-z", "--stdin", input=asked, check=False)
    assert answer.returncode in {0, 1}, answer.stderr
    return set(answer.stdout.decode().split("\0")) - {""}


NAMES = st.sampled_from(["a", "b", "ab", "a.py", "b.py", "ab.py", "a b.py", "[a].py", "!a.py", "#a.py"])
PARTS = st.one_of(
    NAMES,
    st.text("ab*?", min_size=1, max_size=6),
    st.sampled_from(
        ["**", "*", "*.py", "[ab]", "[!a]*", "[^a].py", "[]-a].py", "[[a]*", "[a", "[b-a]", "\\", "\\*"]
    ),
)
PATTERNS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", "!", "\\!", "\\#"]),
        st.sampled_from(["", "/"]),
        st.lists(PARTS, min_size=1, max_size=5).map("/".join),
        st.sampled_from(["", "", "/", "/**", "  ", "\r"]),
    ),
).filter(lambda pattern: not re.search(r"\[[^\]]*/", pattern))
"""Without a slash inside of brackets, which git reads in its own way: docs/files.md says so."""
FOLDERS = st.lists(NAMES, max_size=4).map(lambda names: "".join(f"{name}/" for name in names))
IGNORE_FILES = st.dictionaries(FOLDERS, st.lists(PATTERNS, max_size=6).map("\n".join), max_size=3)
TREES = st.sets(st.builds("{}{}".format, FOLDERS, NAMES), min_size=1, max_size=12)


def planted(root, tree, ignore_files):
    """Write a tree as far as its paths go together, and return the paths of its files."""
    for path in sorted(tree | {f"{folder}.gitignore" for folder in ignore_files}):
        parents = [root / parent for parent in Path(path).parents]
        if not any(parent.is_file() for parent in parents) and not (root / path).is_dir():
            text = (
                ignore_files.get(path.removesuffix(".gitignore"), "") if path.endswith(".gitignore") else ""
            )
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


@example({"a/b.py", "a/ab/a.py"}, {"": "*\n!a/\n!a/ab\n", "a/": "!b.py"})
@example({"a/b/a.py", "a/a.py", "a.py"}, {"": "a/**\n!a/b/\n"})
@example({"ab/b/a.py", "ab/a/b/b.py", "a.py"}, {"": "**/a*b*/**/a/**/b.py\n"})
@settings(max_examples=60, deadline=None)
@given(TREES, IGNORE_FILES)
def test_git_the_walk_and_the_single_answer_agree(tree, ignore_files):
    with TemporaryDirectory() as folder:
        root = Path(folder)
        git(root, "init", "--template=")
        files = planted(root, tree, ignore_files)
        sources = {path for path in files if path.endswith(".py")}
        found = set(indexed(root))
        assert found == sources - git_ignores(root, sources)
        assert found == {path for path in files if is_indexed(root, path, SUFFIXES)}


def test_a_question_mark_is_a_character_where_it_is_a_byte_to_git(tmp_path):
    write(tmp_path, {"é.py": "", "ß.py": "", "éé.py": "", ".gitignore": "?.py\n!ß.py\n"})
    git(tmp_path, "init")
    assert indexed(tmp_path) == ["ß.py", "éé.py"]
    assert git_ignores(tmp_path, ["é.py", "ß.py", "éé.py"]) == set()


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("*a*a*a*a*a*a*a*a*a*a*b", "a" * 255), ("**/a/**/a/**/a/**/a/**/a/**/b", "a/" * 500)],
)
def test_patterns_of_many_stars_are_answered(pattern, path):
    assert parsed(pattern).verdict(path) is None
    assert parsed(pattern).verdict(path + "b") is True
