"""A file without documentation is documented as those beside it."""

import asyncio

from scripted import ScriptedEngine

from codenook.context.parse import language_named
from codenook.server.config import Settings
from codenook.server.tasks.comment import Comment, CommentRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.neighbours import N_NEIGHBOURS, neighbours
from codenook.server.tasks.workspaces import Workspaces

NUMPY = '''\
def near(place):
    """
    Look around.

    Parameters
    ----------
    place : str
        Where to look.
    """
    print(place)
'''
FAR = "def far(place: str):\n    print(place)\n"


def test_the_style_is_that_of_the_files_beside(tmp_path):
    (tmp_path / "near.py").write_text(NUMPY, encoding="utf-8")
    path = tmp_path / "far.py"
    document = Document(path.as_uri(), path, FAR, "python")
    said = ["Print a place that is far.", "The place to print."]
    workspaces = Workspaces()
    comment = Comment(ScriptedEngine(lambda _: said), Settings(), workspaces)
    result = asyncio.run(comment(CommentRequest(document, "far", tmp_path)))
    workspaces.close_all()
    assert result.style == "numpy"
    assert (
        "    Parameters\n    ----------\n    place : str\n        The place to print.\n" in result.edit.text
    )


def test_few_files_are_read_and_none_that_is_ignored(tmp_path):
    python = language_named("python")
    (tmp_path / ".gitignore").write_text("a0.py\n", encoding="utf-8")
    for number in range(N_NEIGHBOURS + 4):
        (tmp_path / f"a{number}.py").write_text(f"def f{number}(): pass\n", encoding="utf-8")
    found = neighbours(python, tmp_path / "b.py", tmp_path)
    symbols = {subject.symbol for file in found for subject in file}
    assert len(found) == N_NEIGHBOURS
    assert "f0" not in symbols
    assert not neighbours(python, tmp_path / "b.py", None)
    assert not neighbours(python, tmp_path / "gone" / "b.py", tmp_path)
