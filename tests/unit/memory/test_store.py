"""A file that isn't what was written is set aside, and never a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.models.memory import Memory


def stored(tmp_path):
    memory = Memory(10)
    memory.update("a.py", [1, 2, 3, 1, 2, 4], [1, 1, 1, 2, 2, 2], "v1")
    memory.settle()
    memory.save(tmp_path / "memory", "letters")
    return tmp_path / "memory"


def test_what_was_stored_is_there_again(tmp_path):
    file = stored(tmp_path)
    assert Memory.load(file, "letters", 10).paths() == {"a.py": "v1"}
    assert [one.name for one in tmp_path.iterdir()] == ["memory"]


def test_nothing_stored_is_no_memory(tmp_path):
    assert Memory.load(tmp_path / "memory", "letters", 10) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("vocabulary", "n_vocab"), [("other", 10), ("letters", 11)])
def test_memory_of_another_vocabulary_is_set_aside(tmp_path, vocabulary, n_vocab):
    file = stored(tmp_path)
    assert Memory.load(file, vocabulary, n_vocab) is None
    assert [one.name for one in tmp_path.iterdir()] == ["memory.unread"]


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("stored")).read_bytes()


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_is_set_aside(tmp_path_factory, content, data):
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = data.draw(
        st.one_of(
            st.just(content[:at]),
            st.integers(1, 255).map(
                lambda bits: content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]
            ),
            st.binary(max_size=200),
            st.binary(min_size=1, max_size=20).map(lambda more: content + more),
        )
    )
    file = tmp_path_factory.mktemp("damaged") / "memory"
    file.write_bytes(damaged)
    assert Memory.load(file, "letters", 10) is None
    assert not file.exists()
    assert file.with_name("memory.unread").read_bytes() == damaged


def test_a_folder_that_cannot_be_written_raises_and_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Memory(10).save(tmp_path / "file" / "memory", "letters")
    (tmp_path / "memory").mkdir()
    with pytest.raises(OSError, match="memory"):
        Memory(10).save(tmp_path / "memory", "letters")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "memory"]
