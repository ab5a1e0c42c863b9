"""What memory says behind a text, also where it is cut inside of a token: as the plain definition says."""

import json
import threading
from collections import Counter
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from codenook.models import bundled
from codenook.models.engine.decode import Decoder
from codenook.models.engine.messages import GenerateRequest, MemoryFile
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.turns import Cancelled, Job
from codenook.models.memory import DEPTH
from codenook.models.memory.mixture import LENGTHS
from codenook.models.memory.reader import LEVELS
from codenook.models.prompts.fim import Special

NEW_LINE = {b"\n", b"\r"}

CODE = """\
def grind(wheel):
    turned = frobnicate(wheel)
    if turned:
        for part in turned:
            yield part
    return wheel.rest
"""


@pytest.fixture(scope="module")
def decoder():
    return Decoder(bundled.path(), EngineOptions(n_slots=1))


def remembering(decoder, files):
    """Return what makes the recall of a request with a text before its cursor, in a workspace with files."""
    memories = decoder.memories()
    memories.offer("", dict.fromkeys(files, "1"))
    memories.learn("", [MemoryFile(path, "1", text) for path, text in files.items()], ())

    def recall_of(before):
        request = GenerateRequest(slot="", prompt=(Special.FIM_PREFIX, before))
        return decoder._recall(Job(request, memory=memories.get("")), decoder.encode(request.prompt))

    return recall_of


@pytest.fixture
def likeliest(decoder, tmp_path, monkeypatch):
    """Return the text of the token that follows ``before``, to a model that expects every token alike."""
    monkeypatch.setenv("CODENOOK_CACHE_DIR", str(tmp_path))
    recall_of = remembering(decoder, {"a.py": CODE})

    def ask(before):
        recall = recall_of(before)
        alike = np.full(decoder.info.n_vocab, -np.log(decoder.info.n_vocab), np.float32)
        return decoder._pieces[int(recall.distribution(alike, []).mixed.argmax())].decode()

    return ask


@pytest.mark.parametrize(
    ("before", "following"),
    [
        ("    turned = frob", "nicate"),
        ("    turned = frobnicate(", "wheel"),
        ("    turned = frobnicate(wheel)\n    ", "if"),
        ("    if turned:\n        ", "for"),
        ("            yield part\n    ", "return"),
    ],
)
def test_memory_goes_on_where_the_cursor_cuts_a_token(likeliest, before, following):
    token = likeliest(before)
    assert token
    assert following.startswith(token)


SOURCES = [Path(json.__file__).with_name("decoder.py"), Path(json.__file__).with_name("scanner.py")]
TYPED = Path(json.__file__).with_name("encoder.py").read_text()


@pytest.mark.parametrize("cursor", range(311, len(TYPED), len(TYPED) // 7))
def test_each_token_is_mixed_as_the_plain_definition_says(decoder, tmp_path, monkeypatch, cursor):
    monkeypatch.setenv("CODENOOK_CACHE_DIR", str(tmp_path))
    recall = remembering(decoder, {path.name: path.read_text() for path in SOURCES})(TYPED[:cursor])
    rng = np.random.default_rng(cursor)
    following = decoder.tokenize(TYPED[cursor : cursor + 150])
    for n in range(len(following)):
        model = np.log(rng.dirichlet(np.ones(decoder.info.n_vocab))).astype(np.float32)
        found = recall.distribution(model, following[:n])
        expected, leans = plain(decoder, recall, TYPED[:cursor], following[:n], model)
        np.testing.assert_allclose(np.exp(found.mixed), expected, rtol=1e-3, atol=1e-9)
        for token in {following[n], int(expected.argmax())}:
            assert bool(found.leans_on(token)) == leans(token)


def plain(decoder, recall, before, generated, model):
    """Return the distribution by definition, and whether it leans on other files for a token."""
    pieces = recall.spelling.pieces
    text = before[-160:].encode() + b"".join(pieces[token] for token in generated)
    tokens = decoder._vocabulary.tokenize_bytes(text)
    last = pieces[tokens[-1]]
    asked = [(tokens, b""), (tokens[:-1], last)]
    if len(last) > 1 and last.isspace():
        asked.append((decoder._vocabulary.tokenize_bytes(text[:-1]), last[-1:]))
    mass = {"prompt": np.zeros(len(pieces)), "workspace": np.zeros(len(pieces))}
    total = 1.0
    for source, of_source in mass.items():
        found = {}
        for context, part in asked:
            for length, counts in followed(recall.reader, source, context):
                rest = gone_on(decoder, counts, part)
                if rest.total() > found.get(length + bool(part), Counter()).total():
                    found[length + bool(part)] = rest
        for level, length in enumerate(sorted(found, reverse=True)[:LEVELS]):
            counts = found[length]
            kind = 0 if counts.total() == 1 else 1 if len(counts) == 1 else 2
            odds = getattr(recall.weights, source)[level][sum(length > one for one in LENGTHS) * 3 + kind]
            total += odds
            for token, n in counts.items():
                of_source[token] += odds * n / counts.total()
    likely = np.exp(model.astype(float))
    ends, said = recall.ends.tokens, sum(mass.values())
    goes_on = 1 + sum(
        one for one, piece in zip(said, pieces, strict=True) if piece.strip(b" \t")[:1] not in NEW_LINE
    )
    end = likely[ends].sum() / goes_on
    mixed = (likely + said) * (1 - end) / (total - likely[ends].sum())
    mixed[ends] = likely[ends] / goes_on

    def leans(token):
        prompt, workspace = mass["prompt"][token], mass["workspace"][token]
        return workspace > prompt and prompt + workspace >= 0.5 * (likely[token] + prompt + workspace)

    return mixed, leans


def gone_on(decoder, counts, part):
    """Return how what followed goes on after ``part``."""
    rest = Counter()
    for token, n in counts.items():
        piece = decoder.piece(token)
        if not part:
            rest[token] += n
        elif piece.startswith(part) and piece != part:
            rest[decoder._vocabulary.tokenize_bytes(piece[len(part) :])[0]] += n
    return rest


def followed(reader, source, context):
    """Yield the lengths of match in a source and what followed, by looking at every place."""
    found = {}
    for text, places in texts(reader, source):
        for place in places.get(context[-1], ()) if context else ():
            n = 1
            while n < min(DEPTH, place, len(context)) and text[place - 1 - n] == context[-1 - n]:
                n += 1
            found.setdefault(n, Counter())[text[place]] += 1
    return [(n, found[n]) for n in sorted(found, reverse=True)[:LEVELS]]


@lru_cache
def texts(reader, source):
    """Return the tokens of each file, and the places after each token."""
    if source == "prompt":
        known = [reader.passages.symbols.tolist()]
    else:
        known = [file.tokens.tolist() for segment in reader._workspace for file in segment.files()]
    found = []
    for text in known:
        places = {}
        for place in range(1, len(text)):
            if max(text[place - 1 : place + 1]) < len(reader._symbols):
                places.setdefault(text[place - 1], []).append(place)
        found.append((text, places))
    return found


def test_memory_is_at_rest_when_a_step_was_cancelled(decoder):
    asked, answered = threading.Event(), []

    class Slow:
        def ask(self, texts):
            asked.set()
            threading.Event().wait(0.05)
            answered.extend(texts)

    def cancelled_step():
        with decoder._asking(Slow(), [[1, 2]]):
            asked.wait()
            raise Cancelled

    with pytest.raises(Cancelled):
        cancelled_step()
    assert answered == [[1, 2]]
