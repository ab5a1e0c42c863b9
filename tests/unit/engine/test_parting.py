"""Where candidates leave the greedy one."""

import numpy as np
import pytest

from codenook.models.engine.growing import Growing
from codenook.models.engine.messages import Finish, Lines
from codenook.models.engine.parting import NEAR, Parting
from codenook.models.engine.recall import Distribution
from codenook.models.memory import Place


def written(parting, steps):
    """A greedy candidate that has written the likeliest token of each distribution, shown to ``parting``."""
    greedy = Growing(sequence=3, greedy=True)
    for chances in steps:
        add(parting, greedy, chances)
    return greedy


def add(parting, greedy, chances):
    logprobs = np.log(np.array(chances, np.float32))
    parting.look(greedy, logprobs, Distribution(logprobs))
    token = int(logprobs.argmax())
    greedy.leaning.add([Place("a.py", len(greedy.tokens), 1 + len(greedy.tokens))])
    greedy.tokens.append(token)
    greedy.text += b"abc"[token : token + 1]
    greedy.logprob += float(logprobs[token])


def due(parting, greedy):
    return [(place.n_tokens, place.token) for place in parting.due(greedy, [greedy])]


SURE, UNSURE, TORN = [0.9, 0.06, 0.04], [0.8, 0.14, 0.06], [0.5, 0.1, 0.4]


def test_what_is_nearly_as_likely_is_followed_at_once():
    parting = Parting(2)
    greedy = written(parting, [SURE, TORN])
    assert due(parting, greedy) == [(1, 2)]
    add(parting, greedy, SURE)
    assert due(parting, greedy) == []


def test_the_rest_leaves_at_the_best_places_when_the_greedy_one_is_done():
    parting = Parting(2)
    greedy = written(parting, [SURE, UNSURE, SURE])
    assert NEAR > 0.14 / 0.8
    assert due(parting, greedy) == []
    greedy.finish = Finish.STOP_RULE
    assert due(parting, greedy) == [(1, 1), (1, 2)]


def test_none_leaves_where_nothing_else_may_be_written():
    parting = Parting(2)
    with np.errstate(divide="ignore"):
        greedy = written(parting, [[1.0, 0.0, 0.0]])
    greedy.finish = Finish.END_OF_TEXT
    assert due(parting, greedy) == []


def test_where_another_went_already_none_goes():
    parting = Parting(1)
    greedy = written(parting, [TORN])
    drawn = Growing(sequence=4, greedy=False, tokens=[2, 1])
    assert list(parting.due(greedy, [greedy, drawn])) == []
    greedy.finish = Finish.END_OF_TEXT
    assert [place.token for place in parting.due(greedy, [greedy, drawn])] == [1]


def test_none_leaves_to_say_nothing():
    parting, torn = Parting(1), np.log(np.array(TORN, np.float32))
    greedy = Growing(sequence=3, greedy=True, text=b" \n")
    parting.look(greedy, torn, Distribution(torn), ends=[2])
    assert due(parting, greedy) == []
    greedy.text = b"a"
    parting.look(greedy, torn, Distribution(torn), ends=[2])
    assert due(parting, greedy) == [(0, 2)]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_no_more_leave_than_were_asked_for(n):
    parting = Parting(n)
    assert len(due(parting, written(parting, [TORN, TORN, TORN]))) == n


def test_who_leaves_takes_along_what_was_written_up_to_there():
    parting = Parting(1)
    greedy = written(parting, [SURE, SURE, TORN])
    (place,) = parting.due(greedy, [greedy])
    left = place.begin(greedy, sequence=7)
    left.leaning.add([])
    assert (left.sequence, left.tokens, left.text) == (7, [0, 0], b"aa")
    assert left.logprob == pytest.approx(2 * np.log(0.9), abs=1e-5)
    assert left.leaning.lines == (Lines("a.py", 1, 2),)
    assert greedy.leaning.lines == (Lines("a.py", 1, 3),)
    assert greedy.tokens == [0, 0, 0]
