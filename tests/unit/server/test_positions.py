import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range

from codenook.server.lsp.positions import offset_at, position_at, positions_at, span_of

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
ENCODINGS = pytest.mark.parametrize("encoding", CODECS)
TEXT = st.text(alphabet=st.sampled_from("ab \n\r\t\f\x0b\u2028é\u0301🙂👩🏽"), max_size=40)


def units(text: str, encoding: str) -> int:
    codec, width = CODECS[encoding]
    return len(text.encode(codec)) // width


def lines_of(text: str) -> list[str]:
    """What the specification calls lines: ended by a carriage return, a line feed, or both."""
    return re.split(r"\r\n|\n|\r", text)


@ENCODINGS
@given(text=TEXT, data=st.data())
def test_there_and_back(encoding: str, text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n" and offset:
        offset -= 1
    position = position_at(text, offset, encoding)
    assert offset_at(text, position, encoding) == offset
    line = lines_of(text)[position.line]
    assert units(line, encoding) >= position.character


@ENCODINGS
@given(text=TEXT, data=st.data())
def test_past_the_end_of_a_line_is_its_end(encoding: str, text: str, data: st.DataObject) -> None:
    lines = lines_of(text)
    number = data.draw(st.integers(0, len(lines) - 1))
    end = offset_at(text, Position(number, units(lines[number], encoding)), encoding)
    assert end is not None
    assert text[end - len(lines[number]) : end] == lines[number]
    assert offset_at(text, Position(number, 10_000), encoding) == end


@ENCODINGS
@given(text=TEXT)
def test_a_line_past_the_end_is_none(encoding: str, text: str) -> None:
    assert offset_at(text, Position(len(lines_of(text)), 0), encoding) is None


@pytest.mark.parametrize(("encoding", "quote"), [("utf-8", 7), ("utf-16", 5), ("utf-32", 4)])
def test_emoji(encoding: str, quote: int) -> None:
    assert offset_at('x="😋"\n', Position(0, quote), encoding) == 4
    assert position_at('x="😋"\n', 4, encoding) == Position(0, quote)


@ENCODINGS
def test_combining_characters_count_one_by_one(encoding: str) -> None:
    text = "e\u0301 = 1"
    assert offset_at(text, Position(0, units("e\u0301", encoding)), encoding) == 2


@pytest.mark.parametrize(("encoding", "inside"), [("utf-8", 2), ("utf-16", 1)])
def test_inside_a_character_is_its_start(encoding: str, inside: int) -> None:
    assert offset_at("🙂a", Position(0, inside), encoding) == 0


@ENCODINGS
def test_form_feed_ends_no_line(encoding: str) -> None:
    assert offset_at("a\n\fb\nc", Position(2, 0), encoding) == 5


@ENCODINGS
def test_a_range_past_the_end_reaches_the_end(encoding: str) -> None:
    assert span_of("a\nb", Range(Position(1, 0), Position(9, 0)), encoding) == (2, 3)


@ENCODINGS
@given(text=TEXT, data=st.data())
def test_many_offsets_have_the_positions_that_each_has(encoding: str, text: str, data: st.DataObject) -> None:
    places = [at for at in range(len(text) + 1) if text[max(at - 1, 0) : at + 1] != "\r\n"]
    offsets = data.draw(st.lists(st.sampled_from(places), max_size=5))
    assert positions_at(text, offsets, encoding) == [position_at(text, each, encoding) for each in offsets]
