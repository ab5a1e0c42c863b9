"""A text that grows is spelled as the tokenizer spells it, with little of it tokenized again."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.models import bundled
from codenook.models.engine.decode import Decoder
from codenook.models.engine.options import EngineOptions
from codenook.models.memory import Spelling

CODE = "".join(path.read_text() for path in sorted(Path(json.__file__).parent.glob("*.py")))
ODD = "caf\u00e9 = '\u00fcber \u4f60\u597d \U0001f642\U0001f469\U0001f3fd'\r\n\r\n"
ODD += "\tx  =  1;;\t\n   \n      y\u00a0= \u2028 2"


@pytest.fixture(scope="module")
def decoder():
    return Decoder(bundled.path(), EngineOptions(n_slots=1))


@pytest.fixture
def spelling(decoder):
    pieces = [decoder.piece(token) for token in range(decoder.info.n_vocab)]
    return Spelling(pieces, decoder._vocabulary.tokenize_bytes)


def grown(spelling, start, tokens):
    """Yield the tokens of a text to which tokens are added one by one, and the text."""
    spelled, text = spelling.tokens(start), start
    for token in tokens:
        spelled, text = spelling.append(spelled, spelling.pieces[token]), text + spelling.pieces[token]
        yield spelled, text


@pytest.mark.parametrize("source", [CODE, ODD * 3])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_text_that_grows_has_the_tokens_of_the_whole(decoder, source, data):
    pieces = [decoder.piece(token) for token in range(decoder.info.n_vocab)]
    spelling = Spelling(pieces, decoder._vocabulary.tokenize_bytes)
    start = data.draw(st.integers(0, len(source) - 1))
    cursor = data.draw(st.integers(start, min(len(source), start + 160)))
    following = decoder.tokenize(source[cursor : cursor + 100])
    drawn = data.draw(st.lists(st.integers(0, decoder.info.n_vocab - 1), max_size=5))
    for spelled, text in grown(spelling, source[start:cursor].encode(), [*drawn, *following]):
        assert spelling.text(spelled) == text
        if is_text(text):
            assert list(spelled) == decoder.tokenize(text.decode())


def is_text(text):
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_text_that_goes_on_as_files_do_costs_its_new_tokens(spelling, decoder):
    start, following = CODE[1000:1160], decoder.tokenize(CODE[1160:3000])
    before = spelling.n_tokenized
    for _ in grown(spelling, start.encode(), following):
        pass
    whole = spelling.n_tokenized - before
    n_start = len(decoder.tokenize(start))
    assert n_start < whole <= n_start + 4 * len(following), "each token, and its pair with the one before"
    before = spelling.n_tokenized
    for _ in grown(spelling, start.encode(), following):
        pass
    assert spelling.n_tokenized - before == n_start, "what was spelled once is remembered"


def test_characters_of_several_tokens_stay_the_tokens_that_were_chosen(spelling, decoder):
    tokens = decoder.tokenize("x = '\U0001f642")
    assert [spelled for spelled, _ in grown(spelling, b"", tokens)][-1] == tuple(tokens)


def test_tokens_that_go_on_are_found_by_their_bytes():
    spelling = Spelling([b"a", b"", b"ab", b"b", b"abc", b"ab\xff", b"ac"], list)
    every = range(7)
    assert spelling.longer(every, b"ab").tolist() == [4, 5]
    assert spelling.longer(every, b"a").tolist() == [2, 4, 5, 6]
    assert not spelling.has_longer(b"abc")
    assert not spelling.has_longer(b"zz")
    assert spelling.has_longer(b"a")
