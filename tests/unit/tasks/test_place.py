"""``FILE:LINE:COL`` from the command line."""

import pytest

from codenook.server.tasks.place import PlaceError, find, workspace_of


def test_columns_count_characters(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("é = '😀' + x\n", encoding="utf-8")
    found = find(f"{path}:1:8")
    assert found.document.text[: found.offset] == "é = '😀'"[: found.offset]
    assert found.offset == 7
    assert found.document.language == "python"


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"x\n", "", "not FILE:LINE:COL"),
        (b"x\n", ":1", "not FILE:LINE:COL"),
        (b"x\n", ":0:1", "no line 0"),
        (b"x\n", ":3:1", "no line 3"),
        (b"x\n", ":1:3", "no column 3"),
        (b"x\n", ":1:0", "no column 0"),
        (b"\xff\xfe\x00", ":1:1", "UTF-8"),
        (None, ":1:1", "can't read"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, content, place, message):
    path = tmp_path / "a.py"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PlaceError, match=message):
        find(f"{path}{place}")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(PlaceError, match="can't read"):
        find(f"{tmp_path}:1:1")


def test_the_workspace_is_the_nearest_project(tmp_path):
    (tmp_path / "pyproject.toml").touch()
    inner = tmp_path / "package" / "deep"
    inner.mkdir(parents=True)
    assert workspace_of(inner / "a.py") == tmp_path
    (tmp_path / "package" / ".git").mkdir()
    assert workspace_of(inner / "a.py") == tmp_path / "package"
