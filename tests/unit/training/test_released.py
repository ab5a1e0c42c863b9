"""What is read back of a GGUF file is what was written, and llama.cpp reads the same."""

# ruff: noqa: E402  # imports follow the check that they can work

import ast
import json
import os
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")
gguf = pytest.importorskip("gguf", reason="the train extra is not installed")
pytest.importorskip("tokenizers", reason="the train extra is not installed")

import llama_cpp

from codenook.models import bundled
from codenook.models.training import __main__ as steps
from codenook.models.training import export, released, train
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.errors import TrainingError
from codenook.models.training.schedule import Plan

SOURCES = sorted(Path(json.__file__).parent.glob("*.py"))
TOLERANCE = {"f16": 0.01, "q8_0": 0.1, "q4_0": 0.6}
"""Of logits, in their standard deviations."""
SHAPE = train.Shape(n_vocabulary=600, n_layers=2, width=64, n_heads=4, n_kv_heads=2, width_ff=96)


@pytest.fixture(scope="module")
def tokenizer():
    return tokenizers.train((path.read_text() for path in SOURCES), size=SHAPE.n_vocabulary)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return train.Model(SHAPE)


@pytest.fixture(params=list(export.FORMATS))
def file(request, tmp_path, model, tokenizer):
    """A released model of each format."""
    path = tmp_path / f"{request.param}.gguf"
    export.write(path, SHAPE, model.state_dict(), tokenizer, form=request.param)
    return path


def test_shape_and_tokenizer_come_back_as_they_were(file, tokenizer):
    release = released.read(file)
    assert release.shape == SHAPE
    assert release.tokenizer.to_str() == tokenizer.to_str()


def test_weights_come_back_within_their_format_s_error(file, model):
    release = released.read(file)
    wanted = model.state_dict()
    assert release.weights.keys() == wanted.keys()
    for name, weight in wanted.items():
        read = release.weights[name]
        if weight.ndim == 1:
            assert torch.equal(read, weight)
        elif file.stem == "f16":
            assert torch.allclose(read, weight, rtol=2**-10, atol=1e-7)
        else:  # blocks of 32 numbers in steps of a part of the largest, its size in half precision
            is_4_bit = file.stem == "q4_0" and name != "embedding.weight"
            part = (
                1.1 / 8 if is_4_bit else 0.6 / 127
            )  # 4 bits reach from -8 to 7: the largest may lose a step
            blocks, of_read = weight.reshape(-1, 32), read.reshape(-1, 32)
            largest = blocks.abs().amax(1, keepdim=True)
            assert bool(((blocks - of_read).abs() <= largest * part + largest * 2**-10).all())
            assert not torch.equal(read, weight)


def test_logits_are_close_to_the_trained_model_s(file, model):
    again = train.Model(SHAPE)
    again.load_state_dict(released.read(file).weights)
    ids = torch.tensor(np.random.default_rng(0).integers(0, SHAPE.n_vocabulary, (1, 200)))
    with torch.no_grad():
        ours, theirs = model(ids), again(ids)
    assert (ours - theirs).abs().max() < TOLERANCE[file.stem] * ours.std()


def test_bundled_tokenizer_gives_llama_cpp_s_tokens():
    """``CODENOOK_TEST_CORPUS`` names a folder of Python files to compare on, else the standard library's."""
    release = released.read(bundled.path())
    llama = llama_cpp.Llama(str(bundled.path()), vocab_only=True, verbose=False)
    corpus = os.environ.get("CODENOOK_TEST_CORPUS")
    paths = [*(Path(corpus).rglob("*.py") if corpus else Path(ast.__file__).parent.glob("*.py"))]
    assert len(paths) > 100
    texts = [path.read_text("utf-8") for path in paths]
    texts += ["\tx = '\u00e9\u4e2d\U0001f600'  \r\n\r\n  <|fim_middle|>1234 don't\n", "\n \n", "    "]
    for text in texts:
        assert (
            llama.tokenize(text.encode(), add_bos=False, special=False) == release.tokenizer.encode(text).ids
        )


def test_another_model_s_file_is_refused(tmp_path):
    path = tmp_path / "other.gguf"
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_tokenizer_pre("qwen2")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    with pytest.raises(TrainingError, match="not written by the export step"):
        released.read(path)
    path.write_bytes(b"no model")
    with pytest.raises(TrainingError, match=r"other\.gguf"):
        released.read(path)
    with pytest.raises(TrainingError, match=r"missing\.gguf"):
        released.read(tmp_path / "missing.gguf")


def test_training_goes_on_from_a_release_in_its_own_vocabulary_only(tmp_path, tokenizer, monkeypatch, capsys):
    work, start = tmp_path / "work", str(bundled.path())
    began = []
    monkeypatch.setattr(train, "train", lambda *given: began.append(given))
    assert steps.main(["tokenizer", "--from", start, "--work", str(work)]) == 0
    assert steps.main(["train", "--from", start, "--hours", "1", "--work", str(work)]) == 0
    ((_, shape, plan, weights),) = began
    assert shape == train.Shape()
    assert (plan.hours, plan.lr_matrices) == (1, Plan().lr_matrices / 2)
    assert weights.keys() == train.Model(shape).state_dict().keys()

    tokenizer.save(str(work / "tokenizer.json"))
    assert steps.main(["train", "--from", start, "--hours", "1", "--work", str(work)]) == 2
    assert "vocabulary" in capsys.readouterr().err
    assert len(began) == 1
