"""After any sequence of edits the index says what one built from scratch says."""

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from index_sources import find, outline_of, sources

from codenook.context.index import store
from codenook.context.index.index import Index

PATHS = st.sampled_from(
    ["m.py", "n.py", "a/m.py", "a/n.py", "a/b/m.py", "a/b.txt", "b/m.py", "node_modules/m.py"]
)
LINES = st.sampled_from(
    [
        "def alpha(): 'Get the alpha.'",
        "def beta(self): return self",
        "class Gamma(alpha):\n    delta = 1\n    def get(self): ...",
        "import os",
        "from .alpha import beta as delta",
        "from os import *",
        "alpha(beta, beta)",
        "# test: raise an error",
        "def (",
    ]
)
TEXTS = st.lists(LINES, max_size=4).map("\n".join)


class Edits(RuleBasedStateMachine):
    """A workspace that is edited, on disk and in open documents, and an index that is told."""

    said = None

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="codenook-"))
        self.root = self.folder / "root"
        self.root.mkdir()
        self.opened = {}
        self.index = self.open("cache")

    def open(self, cache, root=None):
        os.environ[store.FOLDER_VARIABLE] = str(self.folder / cache)
        return Index(sources(root or self.root))

    @rule(path=PATHS, text=TEXTS)
    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.index.refresh([path])

    @rule(path=PATHS)
    def delete(self, path):
        (self.root / path).unlink(missing_ok=True)
        self.index.refresh([path])

    @rule(before=PATHS, after=PATHS)
    def rename(self, before, after):
        if (self.root / before).exists():
            (self.root / after).parent.mkdir(parents=True, exist_ok=True)
            (self.root / before).rename(self.root / after)
        self.index.refresh([after, before])

    @rule(folder=st.sampled_from(["a", "a/b", "b", "node_modules"]))
    def remove_folder(self, folder):
        shutil.rmtree(self.root / folder, ignore_errors=True)
        self.index.refresh([folder])

    @rule(path=PATHS, text=TEXTS)
    def write_unnoticed(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.index.scan()

    @rule(
        path=PATHS.filter(lambda path: find("", path)[1] == ""),
        text=TEXTS.filter(lambda text: "error" not in text),
    )
    def edit_document(self, path, text):
        self.opened[path] = text
        self.index.show(path, outline_of(path, text.encode()))

    @rule(path=PATHS)
    def close_document(self, path):
        self.opened.pop(path, None)
        self.index.hide(path)

    @rule()
    def start_again(self):
        self.index.close()
        self.index = self.open("cache")
        for path, text in self.opened.items():
            self.index.show(path, outline_of(path, text.encode()))

    @invariant()
    def says_what_an_index_from_scratch_says(self):
        seen = self.folder / "seen"
        shutil.copytree(self.root, seen)
        for path, text in self.opened.items():
            (seen / path).parent.mkdir(parents=True, exist_ok=True)
            (seen / path).write_text(text)
        scratch = self.open("scratch", seen)
        scratch.scan()
        expected, found = self.said(scratch, seen), self.said(self.index, seen)
        hidden = {path for path, _ in found["skipped"]} & self.opened.keys()
        found["skipped"] = [row for row in found["skipped"] if row[0] not in hidden]
        assert found == expected
        scratch.close()
        shutil.rmtree(seen)
        shutil.rmtree(self.folder / "scratch")

    def teardown(self):
        self.index.close()
        shutil.rmtree(self.folder)


def test_any_sequence_of_edits(said, monkeypatch):
    monkeypatch.setattr(Edits, "said", staticmethod(said))
    run = Edits.TestCase("runTest")
    run.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
    run.runTest()
