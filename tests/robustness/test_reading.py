"""Files that somebody else put there, read without waiting, without end, and without leaving the folder."""

import os

import pytest

from codenook.server.sandbox.reading import content_of, is_file, is_folder, is_within
from codenook.server.unit_tests.frameworks.files import Files
from codenook.server.unit_tests.frameworks.texts import text_at, texts_in


@pytest.fixture
def root(tmp_path):
    """A folder with what may be in one, and a secret beside it."""
    (tmp_path / "secret").write_text("secret")
    root = tmp_path / "root"
    root.mkdir()
    (root / "own").write_text("own")
    (root / "to_own").symlink_to("own")
    (root / "out").symlink_to("../secret")
    (root / "folder").symlink_to("..")
    (root / "loop").symlink_to("loop")
    (root / "endless").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe")
    (root / "huge").write_bytes(bytes(1_000_001))
    (root / "binary").write_bytes(b"\xff\xfe")
    return root


TEXTS = {"own": "own", "to_own": "own", "./own": "own", "binary": None}
NOTHING = (
    *("out", "folder", "folder/secret", "../secret", "folder/root/../secret", "loop", "endless", "pipe"),
    *("huge", "none", "own/below", "x" * 300, "/x" * 5000, "a\0b", ""),
)


@pytest.mark.parametrize("name", [*TEXTS, *NOTHING])
def test_texts(root, name):
    expected = TEXTS.get(name)
    assert Files(root).text(name) == expected
    assert text_at(root / name, root) == (expected or "")


def test_texts_of_a_folder(root):
    assert texts_in(root, "", root) == {root / "own": "own", root / "to_own": "own"}
    assert texts_in(root, "n", root, most=1) == {root / "own": "own"}
    assert texts_in(root / "none", "", root) == texts_in(root / ("x" * 300), "", root) == {}
    assert texts_in(root / "folder", "", root) == {}


def test_with_a_folder_that_is_a_link_itself(root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    assert content_of(tmp_path / "link" / "own", 3, tmp_path / "link") == b"own"
    assert content_of(tmp_path / "link" / "own", 2, tmp_path / "link") is None
    assert content_of(tmp_path / "link" / "out", 9, tmp_path / "link") is None
    assert content_of(root / "out", 9) == b"secret"


@pytest.mark.parametrize("name", ["x" * 300, "/x" * 5000, "a\0b", "loop", "loop/x", "own/x", "none"])
def test_what_can_not_be_told(root, name):
    assert (is_file(root / name), is_folder(root / name)) == (False, False)
    assert is_within(root / name, root) in {True, False}
