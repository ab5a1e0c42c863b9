"""The index answers what a search through all texts would, whatever came and went before."""

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from codenook.models.memory import Memory, Place
from codenook.models.memory.reader import LEVELS
from codenook.models.memory.segment import DEPTH

N_VOCAB = 5
CONTROL = 4
VOCABULARY = "letters"

texts = st.lists(st.integers(0, CONTROL), max_size=60) | st.lists(st.integers(0, 1), max_size=60)
contexts = st.lists(st.integers(0, CONTROL), max_size=40) | st.lists(st.integers(0, 1), max_size=40)
paths = st.sampled_from(["a", "b", "c", "d"])


def remembering(files, *, n_vocab=N_VOCAB):
    memory = Memory(n_vocab, controls=[CONTROL])
    for path, tokens in files.items():
        memory.update(path, tokens, np.arange(len(tokens)) // 3 + 1)
    memory.settle()
    return memory


def searched(files, context):
    """Return the longest matches of a context with what followed each, by looking at every place."""
    tail = []
    for token in reversed(context[-DEPTH:]):
        if token == CONTROL:
            break
        tail.append(token)
    followed = {}
    for tokens in files.values():
        for place, token in enumerate(tokens):
            length = 0
            while length < min(len(tail), place) and tokens[place - 1 - length] == tail[length]:
                length += 1
            if length and token != CONTROL:
                followed.setdefault(length, Counter())[token] += 1
    return [(length, followed[length]) for length in sorted(followed, reverse=True)[:LEVELS]]


def told(memory, context, hidden=()):
    recollection = memory.reader([], hidden, before=context).after([])
    seen = recollection.workspace if recollection else ()
    return [
        (
            one.length,
            Counter({t: round(c * one.n) for t, c in zip(one.tokens.tolist(), one.chances, strict=True)}),
        )
        for one in seen
    ]


@given(st.dictionaries(paths, texts), contexts)
@settings(max_examples=300, deadline=None)
def test_the_longest_matches_are_those_of_a_search_through_everything(files, context):
    assert told(remembering(files), context) == searched(files, context)


@given(st.dictionaries(paths, texts, min_size=1), contexts, st.sets(paths))
@settings(deadline=None)
def test_hidden_files_count_as_unknown(files, context, hidden):
    others = {path: tokens for path, tokens in files.items() if path not in hidden}
    assert told(remembering(files), context, hidden) == searched(others, context)


@given(texts, contexts, contexts)
@settings(deadline=None)
def test_the_prompt_is_searched_with_what_was_generated_as_context(prompt, before, generated):
    recollection = Memory(N_VOCAB, [CONTROL]).reader(prompt, before=before).after(generated)
    found = searched({"prompt": prompt}, before + generated)
    seen = recollection.prompt if recollection else ()
    assert [one.length for one in seen] == [length for length, _ in found]


@given(texts, texts, contexts)
@settings(deadline=None)
def test_what_is_beyond_the_prompt_counts_as_said_in_it(prompt, more, context):
    memory = Memory(N_VOCAB, [CONTROL])
    beyond = memory.text("mine.py", more, [1] * len(more))
    recollection = memory.reader(prompt, before=context, beyond=[beyond]).after([])
    found = searched({"prompt": prompt, "beyond": more}, context)
    seen = recollection.prompt if recollection else ()
    assert [(one.length, one.n) for one in seen] == [(length, tokens.total()) for length, tokens in found]


@pytest.mark.parametrize("n_vocab", [8_000, 65_535, 65_536, 152_000])
def test_tokens_of_large_vocabularies_are_found(n_vocab):
    rng = np.random.default_rng(n_vocab)
    files = {path: rng.choice([9, 255, 256, n_vocab - 2, n_vocab - 1], 250).tolist() for path in "ab"}
    memory = remembering(files, n_vocab=n_vocab)
    for end in range(1, 250, 7):
        assert told(memory, files["a"][:end]) == searched(files, files["a"][:end])


def test_a_place_is_told_by_file_token_and_line():
    memory = remembering({"a": [0, 1, 2, 3, 2, 1], "b": [3, 0, 1, 2, 0]})
    (seen, *_) = memory.reader([0, 1]).after([2]).workspace
    assert seen.length == 3
    assert list(seen.places(3)) == [Place("a", 3, 2)]
    assert list(seen.places(0)) == [Place("b", 4, 2)]
    assert list(seen.places(1)) == []


def test_of_many_places_some_are_counted():
    memory = remembering({"a": [0, 1] * 3000, "b": [0, 2]})
    (seen, *_) = memory.reader([2, 0]).after([]).workspace
    assert seen.length == 1
    assert seen.n <= 257
    assert seen.chance(1) > 0.9


def test_a_file_behind_many_hidden_places_is_found():
    memory = remembering({"a": [0, 1] * 1500, "b": [0, 2]})
    (seen,) = memory.reader([0], hidden=["a"]).after([]).workspace
    assert list(seen.places(2)) == [Place("b", 1, 1)]


def test_wrong_tokens_are_refused_and_change_nothing():
    memory = remembering({"a": [0, 1, 2]})
    with pytest.raises(ValueError, match="3 tokens, but 2 lines"):
        memory.update("a", [0, 1, 2], [1, 1])
    with pytest.raises(IndexError):
        memory.update("a", [N_VOCAB], [1])
    assert told(memory, [0, 1]) == [(2, Counter({2: 1}))]


class Life(RuleBasedStateMachine):
    """Files come, change and go, memory is merged, stored and read again; a dictionary says what is true."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name, "a folder", "memory")
        self.memory = Memory(N_VOCAB, controls=[CONTROL])
        self.files = {}

    def teardown(self):
        self.folder.cleanup()

    @rule(path=paths, tokens=texts)
    def update(self, path, tokens):
        self.memory.update(path, tokens, [1] * len(tokens), version=str(tokens))
        self.files[path] = tokens

    @rule(path=paths)
    def forget(self, path):
        self.memory.forget(path)
        self.files.pop(path, None)

    @rule()
    def save_and_load(self):
        self.memory.settle()
        self.memory.save(self.file, VOCABULARY)
        self.memory = Memory.load(self.file, VOCABULARY, N_VOCAB, [CONTROL])

    @rule(context=contexts)
    def ask(self, context):
        self.memory.settle()
        assert told(self.memory, context) == searched(self.files, context)
        assert told(self.memory, context) == told(remembering(self.files), context)

    @invariant()
    def knows_which_files_it_holds(self):
        assert self.memory.paths() == {path: str(tokens) for path, tokens in self.files.items()}


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_what_is_forgotten_is_not_told_and_not_stored(tmp_path):
    secret, file = [3, 1, 3, 3, 2, 3, 1, 2, 2, 3], tmp_path / "memory"
    memory = remembering({"a": [0, 1, 0, 2], "secret.py": secret, "b": [0, 1, 0, 3]})
    reader = memory.reader(secret[:4])
    assert reader.after([]).workspace[0].length == 4
    memory.forget("secret.py")
    assert told(memory, secret[:4]) == searched({"a": [0, 1, 0, 2], "b": [0, 1, 0, 3]}, secret[:4])
    memory.save(file, VOCABULARY)
    stored = file.read_bytes()
    assert np.array([3, 0, 1, 0], ">u2").tobytes() in stored
    assert np.array(secret[::-1], ">u2").tobytes() not in stored
    assert b"secret.py" not in stored
    again = Memory.load(file, VOCABULARY, N_VOCAB, [CONTROL])
    assert told(again, [0, 1, 0]) == [(3, Counter({2: 1, 3: 1})), (1, Counter({1: 2}))]


def test_a_new_version_is_forgotten_before_it_settles():
    memory = remembering({"a": [0, 1, 2]})
    memory.update("a", [0, 1, 3], [1, 1, 1])
    assert told(memory, [0, 1]) == []
    memory.settle()
    assert told(memory, [0, 1]) == [(2, Counter({3: 1}))]


def test_many_small_updates_leave_few_segments():
    memory = remembering({f"file {i}": [i % 4] * 50 for i in range(200)})
    for i in range(100):
        memory.update(f"file {i}", [i % 3] * 50, [1] * 50)
        memory.settle()
    assert len(memory._segments) <= 5
    assert len(memory.paths()) == 200
    assert memory.n_tokens == 200 * 51
