"""The whole pipeline in small, and llama.cpp reading what it made."""

# ruff: noqa: E402  # imports follow the check that they can work

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("gguf", reason="the train extra is not installed")
pytest.importorskip("tokenizers", reason="the train extra is not installed")

import llama_cpp

from codenook.models import bundled
from codenook.models.training import export, remake, train
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.__main__ import main
from codenook.models.training.schedule import Plan
from codenook.models.training.tokenizer import Control, control_id

STANDARD_LIBRARY = Path(json.__file__).parents[1]
SHAPE = train.Shape(n_vocabulary=800, n_layers=2, width=64, n_heads=4, n_kv_heads=2, width_ff=96)
PLAN = Plan(max_steps=4, n_rows=2, n_micro_rows=1, compiled=False)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A working folder after all steps, on a handful of files."""
    work = tmp_path_factory.mktemp("work")
    for split, package in (("train", "json"), ("test", "wsgiref")):
        for path in (STANDARD_LIBRARY / package).glob("*.py"):
            target = work / "corpus" / split / "python" / package / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text())
    texts = [path.read_text() for path in (work / "corpus" / "train").rglob("*.py")]
    (work / "corpus.json").touch()  # the registry is not asked
    tokenizers.train(texts, size=SHAPE.n_vocabulary).save(str(work / "tokenizer.json"))
    begun = Plan(max_steps=2, n_rows=2, n_micro_rows=1, compiled=False)
    remake.remake(work, begun, work / "begun.gguf", shape=SHAPE)
    remake.remake(work, PLAN, work / "made.gguf", shape=SHAPE)
    for form in export.FORMATS:
        export.export(work, work / f"{form}.gguf", form)
    return work


@pytest.fixture(scope="module")
def llama(work):
    return llama_cpp.Llama(str(work / "f16.gguf"), n_ctx=512, logits_all=True, verbose=False)


def test_all_steps_make_a_model_that_llama_cpp_reads(work):
    assert (work / "made.gguf").read_bytes() == (work / "q8_0.gguf").read_bytes()
    assert (work / "begun.gguf").read_bytes() != (work / "made.gguf").read_bytes()


def test_training_goes_on_from_its_checkpoint(work):
    assert train.load_checkpoint(work / "checkpoint.pt")["step"] == PLAN.max_steps


def test_tokens_of_llama_cpp_are_the_trainer_s(work, llama):
    tokenizer = tokenizers.load(work / "tokenizer.json")
    sources = [STANDARD_LIBRARY / name for name in ("ast.py", "difflib.py", "tokenize.py", "typing.py")]
    texts = [path.read_text() for path in sources]
    texts += ["\tx = '\u00e9\u4e2d\U0001f600'  \r\n\r\n  <|fim_middle|>1234 don't\n", "\n \n", "    "]
    for text in texts:
        assert llama.tokenize(text.encode(), add_bos=True, special=False) == tokenizer.encode(text).ids


@pytest.mark.parametrize(("form", "tolerance"), [("f16", 0.01), ("q8_0", 0.1), ("q4_0", 0.6)])
def test_logits_of_llama_cpp_are_the_trainer_s(work, form, tolerance):
    model = train.Model(SHAPE)
    model.load_state_dict(train.load_checkpoint(work / "checkpoint.pt")["model"])
    ids = np.random.default_rng(0).integers(0, SHAPE.n_vocabulary, 1000).tolist()
    with torch.no_grad():
        ours = model(torch.tensor([ids]))[0].numpy()
    llama = llama_cpp.Llama(str(work / f"{form}.gguf"), n_ctx=1024, logits_all=True, verbose=False)
    llama.eval(ids)
    theirs = llama.scores[: len(ids)]
    assert np.abs(ours - theirs).max() < tolerance * ours.std()


def test_metadata_names_roles_order_and_languages(llama):
    vocabulary = llama_cpp.llama_model_get_vocab(llama.model)
    assert llama_cpp.llama_vocab_fim_pre(vocabulary) == control_id(Control.FIM_PREFIX)
    assert llama_cpp.llama_vocab_fim_suf(vocabulary) == control_id(Control.FIM_SUFFIX)
    assert llama_cpp.llama_vocab_fim_mid(vocabulary) == control_id(Control.FIM_MIDDLE)
    assert llama_cpp.llama_vocab_fim_sep(vocabulary) == control_id(Control.FILE_SEPARATOR)
    assert llama_cpp.llama_vocab_is_eog(vocabulary, control_id(Control.END))
    assert not llama_cpp.llama_vocab_get_add_bos(vocabulary)
    assert llama.metadata["general.name"] == "codenook-base"
    assert llama.metadata["codenook.fim.order"] == "spm"
    assert llama.metadata["llama.context_length"] == "1024"


def test_evaluation_measures_any_model(work, capsys):
    assert main(["evaluate", "--work", str(work), "--holes", "1", "--json", str(work / "q8_0.gguf")]) == 0
    model, alone = json.loads(capsys.readouterr().out)["models"]
    assert (model["model"], alone["model"]) == ("q8_0.gguf", "memory alone")
    assert 0 < model["bits_per_byte_with_memory"] < model["bits_per_byte"] < 10


def test_bundled_path(tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(FileNotFoundError, match="bundled model"):
        bundled.path()
    (tmp_path / bundled.NAME).touch()
    assert bundled.path() == tmp_path / bundled.NAME
