"""The benchmark of memory, with the bundled model, on a package that is always there."""

import json as package
from pathlib import Path

import numpy as np
import pytest
import quality
from large_workspace import measure
from quality import BEST, ROWS, fit, score, windows

from codenook.models import bundled
from codenook.models.engine.decode import Decoder
from codenook.models.engine.memories import FOLDER_VARIABLE
from codenook.models.engine.options import EngineOptions

FILES = {f"json/{path.name}": path.read_text() for path in sorted(Path(package.__file__).parent.glob("*.py"))}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield Decoder(bundled.path(), EngineOptions())


def test_memory_helps_the_bundled_model_and_rows_are_what_they_say(model, monkeypatch):
    monkeypatch.setattr(quality, "N_WINDOW", 150)
    read = list(windows(model, "json", FILES, 4))
    steps = [step for window in read for step in window.steps]
    assert [len(window.steps) for window in read] == [150] * 4
    weights = fit(read)
    scores = score(read, weights)
    alone = scores[ROWS[0]]
    assert alone.nats == pytest.approx(-sum(float(step.logprobs[step.token]) for step in steps), rel=1e-5)
    assert alone.n_bytes == sum(window.n_bytes for window in read)
    assert alone.n_right == sum(int(step.logprobs.argmax()) == step.token for step in steps)
    assert scores[BEST].bits_per_byte < alone.bits_per_byte
    assert not np.any(weights[ROWS[0]].prompt)
    assert not np.any(weights[ROWS[0]].workspace)
    assert not np.any(weights[ROWS[1]].workspace)


def test_no_token_is_told_by_its_own_file(model, monkeypatch):
    monkeypatch.setattr(quality, "N_WINDOW", 150)
    for window in windows(model, "json", FILES, 2):
        for step in window.steps:
            found = step.with_file.workspace if step.with_file else ()
            places = [place for seen in found for place in seen.places(step.token)]
            assert window.path not in {place.path for place in places}


def test_a_workspace_is_measured_line_by_line(model):
    told = dict(measure(model, Path(package.__file__).parent, 400, 152_000))
    assert told["files"] == "2"
    assert int(told["tokens"].replace(",", "")) > 1000
    assert [name for name in told if name.startswith(("build", "update", "a question"))] == [
        "build, s",
        "update of a file, ms",
        "a question, ms",
    ]
