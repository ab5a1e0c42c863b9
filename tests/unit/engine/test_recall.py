"""What memory says behind a text that is cut where a file's tokens go on."""

import numpy as np
import pytest

from codenook.models import bundled
from codenook.models.engine.decode import Decoder, Job
from codenook.models.engine.messages import GenerateRequest, MemoryFile
from codenook.models.engine.options import EngineOptions
from codenook.models.prompts.fim import Special

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


@pytest.fixture
def likeliest(decoder, tmp_path, monkeypatch):
    """Return the text of the token that follows ``before``, to a model that expects every token alike."""
    monkeypatch.setenv("CODENOOK_CACHE_DIR", str(tmp_path))
    memories = decoder.memories()
    memories.offer("", {"a.py": "1"})
    memories.learn("", [MemoryFile("a.py", "1", CODE)], ())

    def ask(before):
        request = GenerateRequest(slot="", prompt=(Special.FIM_PREFIX, before))
        recall = decoder._recall(Job(request, memory=memories.get("")), decoder.encode(request.prompt))
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
