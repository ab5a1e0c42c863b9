"""Families in the engine itself, with whole models that write nonsense."""

import os
import subprocess
import sys

import pytest

from codenook.models.engine.decode import Decoder
from codenook.models.engine.messages import GenerateRequest, StopRule
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.turns import Job
from codenook.models.prompts.families import FAMILIES
from codenook.models.prompts.layouts import Infill

OPTIONS = EngineOptions(n_threads=1, n_kv_cells=512, n_slots=2)
PARTS = Infill(path="b.py", prefix="def f", suffix="\n", blocks=["a.py\nx = 1\n"], repository="shop")


@pytest.mark.parametrize(
    ("name", "markers", "options"),
    [
        ("codestral", ("[PREFIX]", "[MIDDLE]", "[SUFFIX]"), {"model": "llama", "bos": True}),
        ("codellama", ("▁<PRE>", "▁<MID>", "▁<SUF>", "▁<EOT>"), {"model": "llama", "bos": True}),
        ("seed-coder", ("<[fim-prefix]>", "<[fim-middle]>", "<[fim-suffix]>"), {}),
        ("starcoder2", ("<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<repo_name>", "<file_sep>"), {}),
    ],
)
def test_a_family_s_prompt_is_answered(nonsense, name, markers, options):
    decoder = Decoder(nonsense(*markers, **options), OPTIONS)
    assert (decoder.info.family, decoder.info.fim_order) == (name, FAMILIES[name].order)
    request = GenerateRequest(
        slot="s", prompt=FAMILIES[name].prompt(PARTS), max_tokens=8, stop=StopRule(max_lines=9)
    )
    generation = decoder.generate(Job(request))
    assert len(generation.candidates) == 3
    for candidate in generation.candidates:
        assert not any(marker in candidate.text for marker in markers)


def test_a_chat_template_is_told_from_the_file(nonsense):
    template = {"tokenizer.chat_template": "{% for message in messages %}{{ message.content }}{% endfor %}"}
    assert Decoder(nonsense(**template), OPTIONS).info.has_chat_template
    assert not Decoder(nonsense(), OPTIONS).info.has_chat_template


def test_a_model_without_fim_is_told_so_in_words(nonsense, tmp_path):
    code = tmp_path / "code.py"
    code.write_text("x = \n", encoding="utf-8")
    environment = os.environ | {
        "CODENOOK_RUNTIME_DIR": str(tmp_path / "run"),
        "CODENOOK_CONFIG_FILE": str(tmp_path / "config.toml"),
        "CODENOOK_CACHE_DIR": str(tmp_path / "cache"),
    }

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-P", "-E", "-m", "codenook", *map(str, arguments)],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    ran = run("complete", f"{code}:1:5", "--model", nonsense(name="chatty"))
    run("engine", "stop")
    assert ran.returncode == 3
    told = "chatty can't fill in code: its vocabulary has no fill-in-the-middle tokens (model_without_fim)"
    assert " ".join(ran.stderr.split()) == f"codenook: {told}"
