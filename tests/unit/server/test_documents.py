import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.positions import position_at

TEXT = st.text(alphabet=st.sampled_from("ab \n\té\u0301🙂👩🏽\f\u2028"), max_size=20)


def opened(text):
    return OpenDocument.of(types.TextDocumentItem("file:///a%20b.py", "python", 1, text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@given(text=TEXT, data=st.data())
def test_the_text_follows_the_edits(encoding, text, data):
    document, changes = opened(text), []
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        replacement = data.draw(TEXT)
        wanted = types.Range(position_at(text, start, encoding), position_at(text, end, encoding))
        changes.append(types.TextDocumentContentChangePartial(range=wanted, text=replacement))
        text = text[:start] + replacement + text[end:]
    document.edit(changes, 2, encoding)
    assert (document.snapshot.text, document.snapshot.version) == (text, 2)


def test_a_whole_text_replaces_the_old():
    document = opened("old")
    document.edit([types.TextDocumentContentChangeWholeDocument(text="new")], 2, "utf-16")
    assert document.snapshot.text == "new"


def test_a_snapshot_stays_as_it_was():
    document = opened("old")
    snapshot = document.snapshot
    document.edit([types.TextDocumentContentChangeWholeDocument(text="new")], 2, "utf-16")
    assert (snapshot.text, snapshot.version) == ("old", 1)


@pytest.mark.parametrize(
    ("uri", "path"), [("file:///a%20b.py", "/a b.py"), ("untitled:Untitled-1", "Untitled-1")]
)
def test_the_path_of_a_uri(uri, path):
    document = OpenDocument.of(types.TextDocumentItem(uri, "python", 1, ""))
    assert str(document.snapshot.path) == path
