"""`codenook models` as a person uses it, against a hub on this machine."""

import os
import signal
import subprocess
import sys
import time

import pytest

from codenook.models import bundled

NAME = "qwen2.5-coder-0.5b"


@pytest.fixture
def run(tmp_path, hub_server):
    """Run ``codenook ARGUMENTS`` with folders of its own and the test's hub."""
    environment = os.environ | {
        "CODENOOK_MODELS_DIR": str(tmp_path / "models"),
        "CODENOOK_CONFIG_FILE": str(tmp_path / "config.toml"),
        "CODENOOK_RUNTIME_DIR": str(tmp_path / "run"),
        "HF_ENDPOINT": hub_server.endpoint,
        "HF_HOME": str(tmp_path / "hub"),
        "COLUMNS": "120",
    }
    hub_server.offer(bundled.path().read_bytes())

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, "-P", "-E", "-m", "codenook", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            # a suite that runs in the background of a shell inherits that interrupts are ignored
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def run(*arguments):
        process = start(*arguments)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    run.start = start
    yield run
    run("engine", "stop")


def test_a_pulled_model_is_used_by_its_name(run, tmp_path, hub_server):
    pulled = run("models", "pull", NAME)
    assert pulled.returncode == 0, pulled.stderr
    path = tmp_path / "models" / f"{NAME}.gguf"
    assert pulled.stdout.strip() == str(path)
    assert "Apache-2.0" in pulled.stderr
    assert [method for method, _ in hub_server.requests] == ["HEAD", "GET"]
    assert run("models", "path", NAME).stdout.strip() == str(path)

    code = tmp_path / "code.py"
    code.write_text("def add(a, b):\n    return \n", encoding="utf-8")
    completed = run("complete", f"{code}:2:12", "--model", NAME)
    assert completed.returncode in {0, 1}, completed.stderr
    assert str(path) in run("engine", "status", "--json").stdout

    (tmp_path / "config.toml").write_text(f'model = "{NAME}"\n', encoding="utf-8")
    assert f"fim, chat {NAME}" in " ".join(run("models", "list").stdout.split())
    removed = run("models", "remove", NAME)
    assert removed.returncode == 0
    assert not path.exists()


def test_a_name_that_was_not_pulled_is_told_with_the_command(run, tmp_path, hub_server):
    for command in (("models", "path", NAME), ("context", f"{__file__}:1:1", "--model", NAME)):
        ran = run(*command)
        assert ran.returncode == 3
        assert f"{NAME} is not on this machine: codenook models pull {NAME}" in ran.stderr
        assert "Traceback" not in ran.stderr
    assert hub_server.requests == []


@pytest.mark.parametrize("command", ["pull", "path", "remove"])
def test_an_unknown_name_is_wrong_usage(run, command):
    ran = run("models", command, "qwen2.5-coder")
    assert ran.returncode == 2
    assert ran.stderr.startswith("codenook: the catalogue has no model qwen2.5-coder, did you mean")
    assert ran.stderr.count("\n") == 1


def test_a_failed_pull_is_one_line(run, hub_server):
    hub_server.status = 404
    hub_server.error_code = "EntryNotFound"
    ran = run("models", "pull", NAME)
    assert ran.returncode == 3
    assert ran.stderr.splitlines()[1:] == [
        "codenook: the hub has no ggml-org/Qwen2.5-Coder-0.5B-Q8_0-GGUF/qwen2.5-coder-0.5b-q8_0.gguf"
    ]


def test_a_pull_that_a_person_interrupts_is_gone_on_with(run, tmp_path, hub_server):
    n_chunk = 10 * 2**20  # what the library writes at a time
    model = bundled.path().read_bytes()[:24] + os.urandom(3 * n_chunk)
    hub_server.offer(model)
    hub_server.stalls_after = 2 * n_chunk + 1000
    pulling = run.start("models", "pull", NAME)
    while sum(path.stat().st_size for path in tmp_path.glob("models/*.partial")) != 2 * n_chunk:
        assert pulling.poll() is None, pulling.communicate()
        time.sleep(0.05)
    pulling.send_signal(signal.SIGINT)
    _, err = pulling.communicate(timeout=60)
    assert pulling.returncode == 130
    assert "Traceback" not in err

    hub_server.stalls_after = None
    assert run("models", "pull", NAME).returncode == 0
    assert hub_server.ranges == [0, 2 * n_chunk]
    assert (tmp_path / "models" / f"{NAME}.gguf").read_bytes() == model
