"""Indexes of folders, in a cache of their own, and what they say as plain values."""

import pytest
from attrs import evolve
from index_sources import sources, walk

from codenook.context.index import store
from codenook.context.index.index import Index

NAMES = ("alpha", "beta", "Gamma", "delta", "os", "self", "get", "parse", "Message", "message", "")


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """Keep the indexes of a test in a folder of its own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture
def opened():
    """Open indexes, which are closed at the end."""
    indexes = []

    def open_index(root, **changes):
        indexes.append(Index(evolve(sources(root), **changes)))
        return indexes[-1]

    yield open_index
    for index in indexes:
        index.close()


@pytest.fixture
def from_scratch(opened, monkeypatch, tmp_path_factory):
    """Build an index of a folder anew, in another cache."""

    def build(root):
        with monkeypatch.context() as patch:
            patch.setenv(store.FOLDER_VARIABLE, str(tmp_path_factory.mktemp("scratch")))
            index = opened(root)
        assert index.scan()
        return index

    return build


@pytest.fixture(scope="session")
def said():
    """Ask an index of ``root`` everything, but for what is searched."""

    def ask(index, root):
        paths = [path for path, reason in walk(root) if not reason]
        return {
            "files": {path: (index.definitions(path), index.imports(path)) for path in paths},
            "members": {
                (path, d.symbol): (index.members(path, d.symbol), index.definition(path, d.symbol))
                for path in paths
                for d in index.definitions(path)
            },
            "names": {
                name: (
                    index.named(name, 50),
                    index.n_definitions(name),
                    index.importers(name, 50),
                    index.occurrences(name, 50),
                    index.n_files(name),
                    sorted(index.search(name, 200), key=repr),
                )
                for name in NAMES
            },
            "folders": {folder: index.files_in(folder) for folder in ("", "a", "a/b")},
            "skipped": index.skipped(1000),
        }

    return ask


@pytest.fixture
def check_as_new(from_scratch, said):
    """Compare what an index of ``root`` says with what one built from scratch does."""

    def check(index, root):
        assert said(index, root) == said(from_scratch(root), root)

    return check
