"""Which workspaces are trusted."""

from codenook.server.trust import is_trusted


def test_entries_that_name_no_folder_are_passed_over(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    entries = ["~no-such-user/work", "work", "nul\0", str(tmp_path / "loop")]
    assert not is_trusted(tmp_path / "work", entries)
    assert is_trusted(tmp_path / "work", [*entries, str(tmp_path)])
