from pathlib import Path

import pytest

from codenook.server.demo.places import EXAMPLE, NOT_SEEN_YET, PLACES, copy_example, go_to

ALL = [*PLACES, NOT_SEEN_YET]


@pytest.mark.parametrize("place", ALL, ids=lambda place: place.title)
def test_each_place_is_in_the_example_once(place):
    text = (EXAMPLE / place.file).read_text(encoding="utf-8")
    assert text.count(place.after + place.not_yet) == 1
    assert place.not_yet, "there is something to write"


@pytest.mark.parametrize("place", ALL, ids=lambda place: place.title)
def test_the_window_shows_the_file_without_what_is_to_be_written(place):
    file = go_to(place, EXAMPLE)
    assert file.text[: file.cursor].endswith(place.after + place.typed)
    finished = (EXAMPLE / place.file).read_text(encoding="utf-8")
    assert len(file.text) == len(finished) - len(place.not_yet) + len(place.typed)


def test_the_example_is_copied_without_leftovers(tmp_path):
    root = copy_example(tmp_path)
    copied = {path.relative_to(root) for path in root.rglob("*") if path.is_file()}
    assert Path("lending/ledger.py") in copied
    assert not [path for path in copied if "__pycache__" in path.parts or path.name.startswith(".")]
