"""llama.cpp cuts text into the tokens that the bundled model was trained on.

``CODENOOK_TEST_CORPUS`` names a folder of Python files to compare on, the validation packages of
``models/training`` for one; without it the modules of the standard library are compared.
"""

import os
import sysconfig
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import llama_cpp

from codenook.models import bundled
from codenook.models.training import released


def test_tokens_of_the_bundled_model_are_the_trainer_s():
    tokenizer = released.read(bundled.path()).tokenizer
    llama = llama_cpp.Llama(str(bundled.path()), vocab_only=True, verbose=False)
    corpus = os.environ.get("CODENOOK_TEST_CORPUS")
    files = Path(corpus).rglob("*.py") if corpus else Path(sysconfig.get_path("stdlib")).glob("*.py")
    texts = [file.read_text("utf-8") for file in files]
    assert len(texts) > 100
    for text in texts:
        assert llama.tokenize(text.encode(), add_bos=False, special=False) == tokenizer.encode(text).ids
