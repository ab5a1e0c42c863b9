"""Changes in real repositories, as the plain git makes them."""

import os

import pytest
from repositories import Built

from codenook.context.files.skip import Skip
from codenook.server.review.scope.change import Unread
from codenook.server.review.scope.errors import ScopeError
from codenook.server.review.scope.readable import MAX_HUNK_LINES
from codenook.server.review.scope.repository import changed

LINES = "one\ntwo\nthree\nfour\nfive\n"


@pytest.fixture
def built(tmp_path):
    return Built((tmp_path / "top").resolve())


def files(change):
    """Each file: its old path, the changed and the removed lines."""
    return {f.path: (f.old_path, sorted(f.changed), sorted(f.removed)) for f in change.files}


def left_out(change):
    return {left.path: left.reason for left in change.left_out}


def test_uncommitted_staged_and_since(built):
    first = built.commit(a__py=LINES, b__py=LINES)
    built.commit(a__py=LINES.replace("one", "1"))
    built.write(a__py=LINES.replace("one", "1").replace("two", "2"), c__py="c\n")
    built.git("add", "a.py")
    built.write(a__py=LINES.replace("one", "1").replace("two", "2").replace("five", "5"))
    assert files(changed(built.top)) == {"a.py": ("a.py", [2, 5], [2, 5]), "c.py": (None, [1], [])}
    assert files(changed(built.top, staged=True)) == {"a.py": ("a.py", [2], [2])}
    assert files(changed(built.top, since=first)) == {
        "a.py": ("a.py", [1, 2, 5], [1, 2, 5]),
        "c.py": (None, [1], []),
    }
    staged = changed(built.top, staged=True).by_path["a.py"]
    assert staged.new.text == LINES.replace("one", "1").replace("two", "2")
    assert staged.old.text == LINES.replace("one", "1")


def test_only_some_paths(built):
    built.commit(a__py=LINES)
    built.put("sub/b.py", b"b\n")
    built.put("subway/c.py", b"c\n")
    built.write(a__py="1\n")
    assert set(files(changed(built.top / "sub", only=[built.top / "sub"]))) == {"sub/b.py"}
    assert set(files(changed(built.top, only=[built.top]))) == {"a.py", "sub/b.py", "subway/c.py"}
    with pytest.raises(ScopeError, match="is not in the repository"):
        changed(built.top, only=[built.top.parent])


def test_since_the_commit_from_which_it_parted(built):
    built.commit(a__py=LINES)
    built.git("checkout", "-q", "-b", "topic")
    built.commit(a__py=LINES.replace("five", "5"))
    built.git("checkout", "-q", "main")
    built.commit(b__py="b\n")
    built.git("checkout", "-q", "topic")
    assert set(files(changed(built.top, since="main"))) == {"a.py", "b.py"}
    assert files(changed(built.top, since="main...")) == {"a.py": ("a.py", [5], [5])}
    built.git("checkout", "-q", "--orphan", "other")
    built.git("commit", "-q", "-m", "x")
    with pytest.raises(ScopeError, match="no commit in common"):
        changed(built.top, since="main...")


@pytest.mark.parametrize("revision", ["nowhere", "--all", "main:a.py", "main..topic", "", "a b", "-"])
def test_what_is_no_revision_is_told_in_one_line(built, revision):
    built.commit(a__py=LINES)
    if not revision:
        assert changed(built.top, since=revision).files == ()
        return
    with pytest.raises(ScopeError, match="not a commit of this repository") as raised:
        changed(built.top, since=revision)
    assert "\n" not in str(raised.value)


def test_before_the_first_commit_everything_is_new(built):
    built.write(a__py=LINES)
    assert files(changed(built.top)) == {"a.py": (None, [1, 2, 3, 4, 5], [])}
    assert changed(built.top, staged=True).files == ()
    built.git("add", "a.py")
    assert files(changed(built.top)) == files(changed(built.top, staged=True))
    assert files(changed(built.top, staged=True)) == {"a.py": (None, [1, 2, 3, 4, 5], [])}


def test_no_repository_and_a_bare_one(built, tmp_path):
    (tmp_path / "plain").mkdir()
    bare = Built(tmp_path / "bare", "--bare")
    for folder in (tmp_path / "plain", bare.top):
        with pytest.raises(ScopeError) as raised:
            changed(folder)
        assert "\n" not in str(raised.value)


def test_a_rename_compares_with_what_it_was(built):
    text = LINES * 4
    built.commit(a__py=text)
    built.git("mv", "a.py", "b.py")
    assert files(changed(built.top, staged=True)) == {"b.py": ("a.py", [], [])}
    built.write(b__py=text.replace("one", "1", 1))
    assert files(changed(built.top)) == {"b.py": ("a.py", [1], [1])}


def test_a_file_that_was_moved_without_git(built):
    built.commit(a__py=LINES * 4, z__py="z\n")
    (built.top / "a.py").unlink()
    built.write(b__py=(LINES * 4).replace("one", "1", 1), c__py="something\nelse\n")
    assert files(changed(built.top)) == {"b.py": ("a.py", [1], [1]), "c.py": (None, [1, 2], [])}


def test_new_deleted_and_emptied_files(built):
    built.commit(gone__py=LINES, emptied__py=LINES)
    (built.top / "gone.py").unlink()
    built.write(emptied__py="", new__py="", full__py="1")
    change = changed(built.top)
    assert files(change) == {
        "emptied.py": ("emptied.py", [], [1, 2, 3, 4, 5]),
        "full.py": (None, [1], []),
        "gone.py": ("gone.py", [], [1, 2, 3, 4, 5]),
        "new.py": (None, [], []),
    }
    assert change.by_path["gone.py"].new is None
    assert change.by_path["new.py"].old is None


def test_removed_from_the_index_only(built):
    built.commit(a__py=LINES)
    built.git("rm", "-q", "--cached", "a.py")
    assert changed(built.top).files == ()
    assert files(changed(built.top, staged=True)) == {"a.py": ("a.py", [], [1, 2, 3, 4, 5])}
    built.write(a__py=LINES.replace("one", "1"))
    assert files(changed(built.top)) == {"a.py": ("a.py", [1], [1])}


def test_permissions_and_line_ends_change_no_line(built):
    built.commit(a__sh=LINES, b__py=LINES, c__py=LINES)
    (built.top / "a.sh").chmod(0o755)
    built.git("add", "a.sh")
    built.put("b.py", LINES.replace("\n", "\r\n").encode())
    built.put("c.py", LINES.encode()[:-1])
    change = changed(built.top)
    assert change.files == ()
    assert left_out(change) == dict.fromkeys(["b.py", "c.py"], Unread.MODE_ONLY)
    assert left_out(changed(built.top, staged=True)) == {"a.sh": Unread.MODE_ONLY}


def test_a_line_in_a_file_with_other_line_ends(built):
    built.commit(a__py=LINES)
    built.put("a.py", LINES.replace("two", "2").replace("\n", "\r\n").encode())
    change = changed(built.top)
    assert files(change) == {"a.py": ("a.py", [2], [2])}
    assert change.by_path["a.py"].new.line(2) == "2"


def test_what_is_not_text_is_left_out_with_a_reason(built):
    built.commit(binary__py="a\0b", latin__py=LINES, link__py=LINES, large__py="1\n", lfs__bin="1\n")
    built.put("binary.py", b"a\0c")
    built.put("latin.py", LINES.encode() + b"\xe9\n")
    (built.top / "link.py").unlink()
    (built.top / "link.py").symlink_to("binary.py")
    built.put("large.py", b"1\n" * 600_000)
    built.put("lfs.bin", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n")
    built.git("add", "--all")
    expected = {
        "binary.py": Skip.BINARY,
        "latin.py": Skip.NOT_UTF8,
        "link.py": Skip.LINK,
        "large.py": Skip.TOO_LARGE,
        "lfs.bin": Skip.BINARY,
    }
    for staged in (True, False):
        change = changed(built.top, staged=staged)
        assert (change.files, left_out(change)) == ((), expected)


def test_what_the_product_never_reads_stays_unread(built):
    built.commit(__gitignore="out/\n", keep__py=LINES)
    built.put("out/made.py", b"made\n")
    built.git("add", "-f", "out/made.py")
    built.put("deploy.pem", b"key\n")
    built.put("api_pb2.py", b"generated\n")
    built.put("lib.min.js", b"minified\n")
    built.put(".aws/config.py", b"secret\n")
    built.put("token.py", b'TOKEN = "ghp_' + b"a" * 36 + b'"\n')
    change = changed(built.top)
    assert change.files == ()
    assert left_out(change) == {
        "out/made.py": Skip.IGNORED,
        "deploy.pem": Skip.SECRET,
        "api_pb2.py": Skip.GENERATED,
        "lib.min.js": Skip.MINIFIED,
        ".aws/config.py": Skip.SECRET,
        "token.py": Skip.SECRET,
    }


def test_a_secret_that_is_taken_out_stays_unread(built):
    built.commit(a__py='TOKEN = "ghp_' + "a" * 36 + '"\n')
    built.write(a__py='TOKEN = read("token")\n')
    assert left_out(changed(built.top)) == {"a.py": Skip.SECRET}


def test_submodules_are_not_entered(built, tmp_path):
    inner = Built(tmp_path / "inner")
    inner.commit(a__py=LINES)
    built.commit(a__py=LINES)
    built.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.top), "sub")
    built.put("sub/a.py", b"changed\n")
    change = changed(built.top)
    assert left_out(change) == {"sub": Unread.SUBMODULE}
    assert set(files(change)) == {".gitmodules"}


def test_a_merge_that_is_not_resolved(built):
    built.commit(a__py=LINES, b__py=LINES)
    built.git("checkout", "-q", "-b", "theirs")
    built.commit(a__py=LINES.replace("two", "their two"), b__py=LINES.replace("five", "5"))
    built.git("checkout", "-q", "main")
    built.commit(a__py=LINES.replace("two", "our two"))
    built.git("merge", "-q", "theirs", status=1)
    for staged in (True, False):
        change = changed(built.top, staged=staged)
        assert left_out(change) == {"a.py": Unread.CONFLICT}
        assert files(change) == {"b.py": ("b.py", [5], [5])}


NAMES = ["with space.py", 'with"quote.py', "b/b.py", "é/ñ.py", "tab\there.py", "-x.py"]


@pytest.mark.parametrize("name", NAMES)
def test_unusual_paths(built, name):
    built.put(name, LINES.encode())
    built.commit()
    built.put(name, LINES.replace("two", "2").encode())
    assert files(changed(built.top)) == {name: (name, [2], [2])}


def test_a_path_that_is_not_utf8(built):
    built.put(b"caf\xe9.py", LINES.encode())
    change = changed(built.top)
    assert (change.files, left_out(change)) == ((), {"caf\\xe9.py": Skip.NOT_UTF8})


def test_a_sparse_checkout_deletes_nothing(built):
    built.put("in/a.py", LINES.encode())
    built.put("out/b.py", LINES.encode())
    built.commit()
    built.git("sparse-checkout", "set", "in")
    assert not (built.top / "out").exists()
    assert changed(built.top).files == ()


def test_a_huge_hunk_is_cut(built):
    built.commit(a__py=LINES)
    built.write(a__py=LINES + "".join(f"line {n}\n" for n in range(MAX_HUNK_LINES + 7)))
    change = changed(built.top)
    assert change.n_lines == MAX_HUNK_LINES
    assert [(left.path, left.reason, left.lines) for left in change.left_out] == [("a.py", Unread.CUT, 7)]
    assert max(change.by_path["a.py"].changed) == MAX_HUNK_LINES + 5


def test_a_folder_in_place_of_a_file_and_a_pipe(built):
    built.commit(a__py=LINES, b__py=LINES)
    (built.top / "a.py").unlink()
    built.put("a.py/inside.py", b"x\n")
    (built.top / "b.py").unlink()
    os.mkfifo(built.top / "b.py")
    change = changed(built.top)
    assert set(files(change)) == {"a.py", "a.py/inside.py"}
    assert change.by_path["a.py"].new is None
    assert left_out(change) == {"b.py": Skip.UNREADABLE}


def test_open_documents_stand_for_their_files(built):
    built.commit(a__py=LINES, b__py=LINES, gone__py=LINES, __gitignore="build/\n")
    built.write(b__py="b\n")
    (built.top / "gone.py").unlink()
    texts = {
        built.top / "a.py": LINES.replace("two", "2"),
        built.top / "b.py": LINES,
        built.top / "gone.py": LINES + "six\n",
        built.top / "new" / "c.py": "c\n",
        built.top / "build" / "d.py": "d\n",
        built.top.parent / "outside.py": "e\n",
    }
    change = changed(built.top, texts=texts)
    assert files(change) == {
        "a.py": ("a.py", [2], [2]),
        "gone.py": ("gone.py", [6], []),
        "new/c.py": (None, [1], []),
    }
    assert left_out(change) == {"build/d.py": Skip.IGNORED}
    assert set(files(changed(built.top))) == {"b.py", "gone.py"}


def test_a_byte_order_mark_that_an_editor_keeps_to_itself_is_no_change(built):
    built.commit(a__py="\ufeff" + LINES)
    assert files(changed(built.top, texts={built.top / "a.py": LINES})) == {}
    change = changed(built.top, texts={built.top / "a.py": LINES.replace("two", "2")})
    assert files(change) == {"a.py": ("a.py", [2], [2])}
