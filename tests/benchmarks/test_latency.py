"""The latency benchmark runs, and what it counts adds up; how long anything took is not looked at."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

LATENCY = Path(__file__).parents[2] / "benchmarks" / "latency"
N_REQUESTS, N_CANCELS = 4, 1


def run(*arguments):
    command = [sys.executable, "-P", "-E", LATENCY, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    path = tmp_path_factory.mktemp("latency") / "latency.json"
    ran = run("--requests", str(N_REQUESTS), "--cancels", str(N_CANCELS), "--json", path)
    assert ran.returncode == 0, ran.stderr
    assert "cancel to engine idle" in ran.stdout
    return json.loads(path.read_text())


def test_shape(result):
    assert result.keys() == {"codenook", "machine", "model", "settings", "figures", "shares", "reasons"}
    for figure in result["figures"].values():
        assert figure.keys() == {"label", "unit", "n", "median", "p95", "target", "met"}
        assert (figure["median"] is None) == (figure["n"] == 0)
        assert (figure["met"] is None) == (figure["target"] is None or figure["n"] == 0)
    targets = {key: figure["target"] for key, figure in result["figures"].items() if figure["target"]}
    assert targets == {"not_engine": 10.0, "along": 5.0, "cancel_prefill": 50.0, "cancel_decode": 50.0}


def test_every_request_is_in_one_figure(result):
    figures, shares = result["figures"], result["shares"]
    n = {key: figure["n"] for key, figure in figures.items()}
    assert n["whole"] == n["not_engine"] == n["engine"] == n["whole_first"] + n["whole_next"]
    assert n["whole_first"] == 1
    typed = shares["typed_without_model"]
    assert typed["n"] == N_REQUESTS - 1
    assert n["whole_next"] == round(typed["n"] * (1 - typed["share"]))
    assert n["along"] == round(typed["n"] * typed["share"]) + shares["along_without_model"]["n"]
    assert n["cold_start"] == N_REQUESTS


def test_counters(result):
    figures, shares = result["figures"], result["shares"]
    assert 0 < figures["evaluated_first"]["median"] <= result["settings"]["n_prompt_tokens"]
    assert figures["decode_calls"]["median"] > 0
    assert figures["generated"]["median"] > 0
    assert shares["along_without_model"]["share"] in {None, 1.0}


def test_cancels_are_told_apart(result):
    for phase in ("cancel_prefill", "cancel_decode"):
        assert result["figures"][phase]["n"] == result["figures"][f"{phase}_engine"]["n"]
    assert result["figures"]["cancel_prefill"]["n"] + result["figures"]["cancel_decode"]["n"] > 0


def test_wrong_usage():
    assert run("--requests", "0").returncode == 2
    assert run("--model", "/nowhere/model.gguf").returncode == 2


def test_a_model_that_cannot_be_loaded(tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"no model")
    ran = run("--model", broken)
    assert ran.returncode == 3
    assert "Traceback" not in ran.stderr
    assert str(broken) in ran.stderr
