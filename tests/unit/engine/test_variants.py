"""Alternatives in tokens: where they part from the text's own tokens and meet them again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.models.engine.errors import ScoringUnsupported
from codenook.models.engine.messages import Alternative
from codenook.models.engine.variants import Tokens

PIECES = dict(
    enumerate([b"a", b"b", b" ", b"\n", b"ab", b"bb", b" a", b" ab", b"abb", b"\n\n", b"\xc3", b"\xa4"])
)
BY_PIECE = {piece: token for token, piece in PIECES.items()}


def tokenize(text):
    """The longest piece first, from the left."""
    source, tokens = text.encode(), []
    while source:
        piece = next(source[:n] for n in range(3, 0, -1) if source[:n] in BY_PIECE)
        tokens.append(BY_PIECE[piece])
        source = source[len(piece) :]
    return tokens


def pieces(tokens):
    return [PIECES[token] for token in tokens]


def spelled(before, text):
    return Tokens(before, text, tokenize, PIECES)


def test_a_token_may_belong_to_the_prompt_and_the_text():
    tokens = spelled("a", "bb a")
    assert pieces(tokens.tokens) == [b"abb", b" a"]
    assert tokens.ends == (2, 4)
    assert tokens.first == 0
    assert tokens.start(0) == -1


def test_an_alternative_that_begins_inside_of_a_token_is_scored_from_its_start():
    tokens = spelled("", "abb a\nb")
    variant = tokens.variant(Alternative(1, 3, "a"), n_after=0)
    assert pieces(tokens.tokens) == [b"abb", b" a", b"\n", b"b"]
    assert variant.first == 0
    assert pieces(variant.tokens) == [b"a", b"a", b" a", b"\n"]
    assert tokens.ends[variant.until - 1] == 6
    assert variant.ends[-1] == 5


def test_an_alternative_may_join_the_prompts_last_token():
    tokens = spelled("a", " a\n")
    variant = tokens.variant(Alternative(0, 2, "bb"), n_after=0)
    assert variant.first == 0
    assert pieces(variant.tokens) == [b"abb", b"\n"]


def test_more_tokens_after_the_line():
    tokens = spelled("", "a b\nb b b b")
    ends = [tokens.variant(Alternative(0, 1, "b"), n_after=n).until for n in range(8)]
    assert ends == [min(4 + n, len(tokens.tokens)) for n in range(8)]


def test_what_is_cut_into_the_same_tokens_is_no_alternative():
    assert spelled("", "ab a").variant(Alternative(0, 2, "ab"), 0) is None
    assert spelled("", "ab a").variant(Alternative(1, 1, ""), 0) is None


def test_what_is_shared_is_not_met_again():
    tokens = spelled("", "a\näa\nä")
    variant = tokens.variant(Alternative(0, 5, "a"), 0)
    assert (variant.first, variant.until, pieces(variant.tokens)) == (3, 8, [b"\xa4"])


@given(st.data())
def test_both_ways_spell_what_is_compared(data):
    text = data.draw(st.text("ab \nä", min_size=1, max_size=12))
    before = data.draw(st.text("ab \n", max_size=3))
    source = text.encode()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    start, end = (len(text[:place].encode()) for place in (start, end))
    alternative = Alternative(start, end, data.draw(st.text("ab \nä", max_size=4)))
    tokens = spelled(before, text)
    variant = tokens.variant(alternative, data.draw(st.integers(0, 3)))
    other = source[:start] + alternative.text.encode() + source[end:]
    if variant is None:
        assert other == source or not before.encode() + other or not before.encode() + source
        return
    head = before.encode() + source
    begin = len(before.encode()) + tokens.start(variant.first)
    until = len(before.encode()) + tokens.ends[variant.until - 1]
    own = b"".join(pieces(tokens.tokens[variant.first : variant.until]))
    its = b"".join(pieces(variant.tokens))
    assert own == head[begin:until]
    assert head[:begin] + its + head[until:] == before.encode() + other
    assert until == len(head) or source[: tokens.ends[variant.until - 1]].count(b"\n", alternative.end) >= 1


def test_tokens_that_dont_spell_the_text_are_refused():
    with pytest.raises(ScoringUnsupported, match="don't spell"):
        Tokens("", "ab", lambda _: [0], PIECES)


def test_lines_that_are_apart_are_spelled_without_the_others():
    lines = [f"{'ab' * n} a\n" for n in range(1, 9)]
    text, asked = "".join(lines), []

    def listening(part):
        asked.append(part)
        return tokenize(part)

    tokens = Tokens("a\n", text, listening, PIECES)
    place = text.index(lines[5])
    variant = tokens.variant(Alternative(place, place + 2, "bb"), n_after=0)
    assert asked[0] == "a\n" + text
    assert asked[1:] == ["".join(lines[4:7]), f"{lines[4]}bb{lines[5][2:]}{lines[6]}"]
    assert b"".join(pieces(variant.tokens)).decode() == "bb" + lines[5][2:]
