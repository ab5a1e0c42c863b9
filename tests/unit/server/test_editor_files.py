"""Files as the editor has them, and as it spells them."""

import pytest

from codenook.server.lsp.editor_files import EditorFiles
from codenook.server.tasks.document import Document


@pytest.fixture
def folder(tmp_path):
    """A workspace folder that the editor knows by a link."""
    real = (tmp_path / "real").resolve()
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    return tmp_path / "link"


def test_an_open_document_stands_for_its_file(folder):
    path = folder.resolve() / "a.py"
    path.write_text("on disk\n")
    document = Document("file:///as%20it%20likes.py", path, "open\n", "python", 3)
    files = EditorFiles({path: document}, [folder])
    assert (files.text(path).text, files.uri(path), files.document(path)) == (
        "open\n",
        document.uri,
        document,
    )


def test_a_file_is_spelled_as_its_folder_is(folder):
    path = folder.resolve() / "sub" / "ö b.py"
    path.parent.mkdir()
    path.write_text("on disk\n")
    files = EditorFiles({}, [folder.parent / "other", folder])
    assert files.uri(path) == (folder / "sub" / "ö b.py").as_uri()
    assert files.document(path).version is None
    outside = folder.resolve().parent / "outside.py"
    assert files.uri(outside) == outside.as_uri()
    assert (files.text(outside), files.document(outside)) == (None, None)


def test_what_is_no_text_is_none(folder):
    path = folder.resolve() / "a.py"
    path.write_bytes(b"\xff\xfe")
    assert EditorFiles({}, [folder]).text(path) is None
