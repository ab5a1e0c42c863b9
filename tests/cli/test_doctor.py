"""``codenook doctor``: each fault that is planted here is named, with what to do about it."""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from attrs import evolve
from scripted_chat import ScriptedChat, always
from vocabularies import write_chat_model

from codenook.models import bundled
from codenook.models.engine.errors import ModelWaits
from codenook.models.engine.messages import LlamaBuild, ModelInfo
from codenook.models.prompts.fim import FimOrder
from codenook.server.config import OnBattery, Settings
from codenook.server.doctor import editors as editors_module
from codenook.server.doctor import engine, sandbox, tools
from codenook.server.doctor.chat import chat, instructed
from codenook.server.doctor.comment import comment
from codenook.server.doctor.findings import Check, Level, ok
from codenook.server.doctor.jobs import jobs
from codenook.server.doctor.python import python
from codenook.server.doctor.unit_tests import unit_tests
from codenook.server.reasons import Reason

CLI = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
DOCUMENTED = CLI.partition("## `codenook doctor")[2].partition("\n## ")[0]

MODEL = ModelInfo(
    name="chat only",
    path="/models/chat.gguf",
    n_params=1,
    size_bytes=1 << 60,
    n_ctx=2048,
    n_vocab=1,
    tokenizer="gpt2",
    fim_order=None,
    special=(),
    languages=(),
    n_gpu_layers=0,
)
"""A model larger than any machine's memory, which can't fill in code."""

COMMENT = ok(Check.COMMENT, "written")

FINDING = {"check": str, "level": str, "message": str, "advice": str, "facts": dict}

NOT_THE_ENGINE = {
    "python", "settings", "sockets", "sandbox", "git", "editors",
    "completion", "review", "comment", "translate", "unit_tests",
}  # fmt: skip


def of(ran, check, level=None):
    """Return the findings of a check; each run's JSON is held to its documented shape on the way."""
    assert ran.json.keys() == {"version", "findings"}
    for finding in ran.json["findings"]:
        assert {key: type(value) for key, value in finding.items()} == FINDING
        assert bool(finding["advice"]) == (finding["level"] != "ok"), finding
    return [
        finding
        for finding in ran.json["findings"]
        if finding["check"] == check and level in (None, finding["level"])
    ]


def checks(ran):
    return {finding["check"] for finding in ran.json["findings"]}


@pytest.fixture
def doctor(cli, tmp_path):
    """Run ``codenook doctor --json`` in an empty folder."""

    def run(*arguments, **environment):
        return cli("doctor", "--json", *arguments, cwd=tmp_path, **environment)

    return run


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A folder that alone is on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder, name, script):
    made = folder / name
    made.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    made.chmod(0o755)
    return made


def test_a_healthy_installation(doctor):
    ran = doctor()
    assert ran.code == 0, ran.out
    assert checks(ran) == set(Check) - {"engine"}
    assert [finding for finding in ran.json["findings"] if finding["level"] == "problem"] == []
    (llama,) = of(ran, "llama_cpp", "ok")
    assert llama["facts"]["features"]
    (model,) = of(ran, "model")
    assert model["facts"]["name"] == "codenook-base"
    (speed,) = of(ran, "speed")
    assert all(speed["facts"][name] > 0 for name in ("prefill_tokens_per_s", "decode_tokens_per_s"))
    (chat_model,) = of(ran, "chat_model", "note")
    assert chat_model["facts"]["path"] == model["facts"]["path"]
    assert (chat_model["facts"]["has_chat_template"], chat_model["facts"]["fit_for"]) == (False, ["fim"])
    (sockets,) = of(ran, "sockets")
    assert sockets["facts"]["mode"] == "0700"
    (comment,) = of(ran, "comment", "note")
    assert (comment["facts"]["strategy"], comment["facts"]["languages"]) == ("infill", ["python"])
    assert comment["facts"].keys() == {"strategy", "languages", "words", "refused", "total_ms", "reason"}
    assert "a model this small" in comment["message"]
    (review,) = of(ran, "review", "note")
    assert review["facts"] == {"sources": ["facts", "surprise"], "reason": "model_without_chat_template"}
    (translating,) = of(ran, "translate", "note")
    assert translating["facts"].keys() == {"languages", "toolchains"}
    assert translating["facts"]["languages"] == ["python"]
    assert "no pair of languages" in translating["message"]
    (tests,) = of(ran, "unit_tests")
    assert tests["facts"].keys() == {"sandbox", "runners"}
    assert set(tests["facts"]["runners"]) <= {"pytest", "unittest", "node", "cargo"}


def test_a_machine_without_python_and_an_environment_without_end(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert unit_tests(tmp_path).facts["runners"] == {}
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    (site / "a.pth").symlink_to("/dev/zero")
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").touch()
    assert unit_tests(tmp_path).facts["runners"].keys() == {"unittest"}


def test_people_get_what_to_do_below_what_was_found(cli, tmp_path):
    ran = cli("doctor", "--model", "/nowhere/model.gguf", cwd=tmp_path)
    assert ran.code == 3
    lines = ran.out.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("problem")]
    assert "/nowhere/model.gguf" in lines[at]
    assert "→" in lines[at + 1]
    assert lines[-1].endswith("1 problems")
    assert "Traceback" not in ran.err


def test_a_missing_model(doctor):
    ran = doctor("--model", "/nowhere/model.gguf")
    assert ran.code == 3
    (found,) = of(ran, "model")
    assert found["level"] == "problem"
    assert found["facts"]["reason"] == "model_missing"
    assert "/nowhere/model.gguf" in found["message"]
    assert checks(ran) == NOT_THE_ENGINE | {"llama_cpp", "model"}
    assert of(ran, "completion", "note")


def test_a_chat_model_of_its_own(doctor, cli, tmp_path):
    own = shutil.copy(bundled.path(), tmp_path / "own.gguf")
    with tempfile.TemporaryDirectory(prefix="codenook-") as sockets:
        ran = doctor("--chat-model", own, CODENOOK_RUNTIME_DIR=sockets)
        running = cli("engine", "status", "--json", CODENOOK_RUNTIME_DIR=sockets).json
        cli("engine", "stop", CODENOOK_RUNTIME_DIR=sockets)
    assert ran.code == 0
    assert of(ran, "model")[0]["facts"]["path"] == str(bundled.path())
    assert of(ran, "chat_model")[0]["facts"]["path"] == str(own)
    assert {engine["model"]["path"]: engine["active_for"] for engine in running}[str(own)] == []


def test_a_missing_chat_model(doctor):
    ran = doctor("--chat-model", "/nowhere/chat.gguf")
    assert ran.code == 3
    (found,) = of(ran, "chat_model", "problem")
    assert found["facts"]["reason"] == "model_missing"
    assert "`chat_model`" in found["advice"]
    assert of(ran, "completion", "ok")


async def test_a_chat_model_that_has_to_wait():
    class Waiting:
        """An engine whose model is kept out by the other role's."""

        async def ready(self):
            raise ModelWaits("chat.gguf waits")

    found = await chat(Waiting())
    assert (found.level, found.facts) == (Level.NOTE, {"reason": "model_waits"})


@pytest.mark.parametrize(
    ("family", "has_chat_template", "level", "told"),
    [
        ("qwen-coder", True, Level.OK, "fit for fim and chat"),
        ("", True, Level.OK, "fit for chat"),
        ("qwen-coder", False, Level.NOTE, "fit for fim"),
        ("", False, Level.NOTE, "fit for neither role"),
    ],
)
async def test_what_a_model_is_fit_for(family, has_chat_template, level, told):
    engine = always('{"answer": "An area."}')
    found = await instructed(engine, evolve(MODEL, family=family, has_chat_template=has_chat_template))
    assert found.level is level
    assert told in found.message
    assert found.facts["strategy"] == ("chat" if has_chat_template else "infill")
    assert bool(found.advice) == (level is Level.NOTE)
    assert len(engine.asked) == has_chat_template


async def test_a_chat_model_that_does_not_answer_as_it_is_told_to():
    found = await instructed(always("An area."), evolve(MODEL, has_chat_template=True))
    assert found.level is Level.NOTE
    assert "not valid JSON" in found.message


def test_a_chat_model_whose_template_fails(doctor, cli, tmp_path):
    own = write_chat_model(tmp_path / "own.gguf", template="{% for")
    with tempfile.TemporaryDirectory(prefix="codenook-") as sockets:
        ran = doctor("--chat-model", own, CODENOOK_RUNTIME_DIR=sockets)
        cli("engine", "stop", CODENOOK_RUNTIME_DIR=sockets)
    assert ran.code == 3
    (found,) = of(ran, "chat_model", "problem")
    assert found["facts"]["reason"] == "model_without_chat_template"
    assert "TemplateSyntaxError" in found["message"]
    (comment,) = of(ran, "comment", "note")
    assert comment["facts"]["reason"] == "model_without_chat_template"
    assert of(ran, "completion", "ok")


async def test_comments_that_a_model_writes_and_that_it_does_not():
    said = {
        "does it do": "Reads the lines of a file.",
        "`path`": "The path of the file.",
        "return": "All rows of the file.",
    }

    def says(_number, request):
        asked = request.messages[-1].text.rpartition("\n")[2]
        return json.dumps({"sentence": next(words for part, words in said.items() if part in asked)})

    found = await comment(ScriptedChat(says), Settings())
    assert (found.level, found.facts["strategy"]) == (Level.OK, "chat"), found.message
    assert "is told to document code" in found.message
    assert all(words in found.message for words in said.values())
    found = await comment(always("Sure!"), Settings())
    assert (found.level, found.facts["reason"]) == (Level.NOTE, "not_verified")
    assert "empty" in found.message


@pytest.mark.parametrize("content", [b"", b"GGUF, but not really", b"PK\3\4"])
def test_a_broken_model(doctor, tmp_path, content):
    model = tmp_path / "broken.gguf"
    model.write_bytes(content)
    ran = doctor("--model", model)
    assert ran.code == 3
    (found,) = of(ran, "model", "problem")
    assert found["facts"]["reason"] == "model_broken"
    assert "broken.gguf" in found["message"]
    assert of(ran, "llama_cpp", "ok")


def test_a_llama_cpp_that_cannot_be_loaded(doctor, monkeypatch):
    with tempfile.TemporaryDirectory(prefix="codenook-") as sockets:  # a short path, as sockets need
        ran = doctor(CODENOOK_RUNTIME_DIR=sockets, LLAMA_CPP_LIB_PATH="/nowhere")
    assert ran.code == 3
    (found,) = of(ran, "engine", "problem")
    assert "'llama' not found" in found["message"]
    assert "pip install" in found["advice"]


async def test_a_model_that_cannot_fill_in_code():
    class Completing:
        """An engine with such a model."""

        async def ready(self):
            return MODEL

        async def count_tokens(self, texts):
            return [len(text) for text in texts]

    found = await engine.fim(Completing(), MODEL, Settings())
    assert (found.check, found.level) == (Check.FIM, Level.PROBLEM)
    assert found.facts == {"reason": "model_without_fim"}
    assert jobs(Settings(), MODEL, COMMENT)[0].level is Level.NOTE


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_socket_directory_that_others_may_enter(doctor, tmp_path, mode):
    directory = tmp_path / "sockets"
    directory.mkdir()
    directory.chmod(mode)
    ran = doctor(CODENOOK_RUNTIME_DIR=str(directory))
    assert ran.code == 3
    (found,) = of(ran, "sockets", "problem")
    assert str(directory) in found["message"]
    assert "chmod 700" in found["advice"]
    assert of(ran, "engine", "problem")
    assert checks(ran) == NOT_THE_ENGINE | {"engine"}


def test_a_socket_directory_whose_path_is_too_long(doctor, tmp_path):
    ran = doctor(CODENOOK_RUNTIME_DIR=str(tmp_path / ("long" * 30)))
    assert ran.code == 3
    (found,) = of(ran, "sockets", "problem")
    assert "too long" in found["message"]


@pytest.mark.parametrize(
    ("where", "content", "named"),
    [
        ("user", "n_candidates = \n", "user.toml"),
        ("user", "n_candidate = 3\n", "did you mean 'n_candidates'"),
        ("user", "n_candidates = 99\n", "from 1 to 8"),
        ("project", "model = '/tmp/evil.gguf'\n", "'model' cannot be set by a project"),
    ],
)
def test_settings_that_were_ignored(doctor, tmp_path, where, content, named):
    files = {"user": tmp_path / "user.toml", "project": tmp_path / ".codenook.toml"}
    files[where].write_text(content, encoding="utf-8")
    ran = doctor(CODENOOK_CONFIG_FILE=str(files["user"]))
    assert ran.code == 1
    (found,) = of(ran, "settings", "problem")
    assert named in found["message"]
    there = {
        Path(file["facts"]["path"]).name: file["facts"]["is_there"] for file in of(ran, "settings", "ok")
    }
    assert there == {"user.toml": where == "user", ".codenook.toml": where == "project"}


def test_a_path_without_any_program(doctor, tmp_path):
    ran = doctor(PATH=str(tmp_path))
    assert ran.code == 0
    for check in ("git", "sandbox", "editors"):
        assert "is on PATH" in of(ran, check, "note")[0]["message"].replace("is not", "is")


def test_switched_off(doctor, tmp_path):
    (tmp_path / ".codenook.toml").write_text("enabled = false\n", encoding="utf-8")
    ran = doctor()
    for check in ("completion", "comment"):
        (found,) = of(ran, check, "note")
        assert "switched off" in found["message"]


def test_a_program_of_the_opened_project_is_never_run(path, monkeypatch, tmp_path):
    program(tmp_path, "git", f"touch {tmp_path}/was_run")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(path)]))
    assert tools.git(tmp_path / "work")[0].level is Level.NOTE
    assert not (tmp_path / "was_run").exists()


def test_a_git_that_does_not_run(path, tmp_path):
    program(path, "git", "exit 1")
    (found,) = tools.git(tmp_path / "work")
    assert (found.level, found.message) == (Level.NOTE, f"{path}/git does not run")


@pytest.mark.parametrize(
    ("name", "says", "level", "named"),
    [
        ("nvim", "NVIM v0.12.1", Level.OK, "Neovim 0.12.1"),
        ("nvim", "NVIM v0.11.5", Level.NOTE, "Neovim 0.11.5"),
        ("nvim", "no number", Level.NOTE, "Neovim of unknown version"),
        ("emacs", "GNU Emacs 30.1", Level.OK, "Emacs 30.1"),
        ("emacs", "GNU Emacs 28.2", Level.NOTE, "Emacs 28.2"),
        ("hx", "helix 25.07", Level.OK, "Helix"),
        ("codium", "1.104.0", Level.OK, "VS Code"),
    ],
)
def test_editors(path, name, says, level, named):
    program(path, name, f"echo '{says}'")
    (found,) = editors_module.editors(path / "work")
    assert found.level is level
    assert named in found.message
    assert found.facts["path"] == str(path / name)


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """The kernel's settings, of which none is there."""
    monkeypatch.setattr(sandbox, "SYSTEM", tmp_path / "sys")
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path / "sys"


@pytest.mark.usefixtures("kernel")
def test_a_sandbox_that_works(path, tmp_path):
    program(path, "bwrap", "exit 0")
    (found,) = sandbox.sandbox(tmp_path / "work")
    assert found.level is Level.OK
    assert found.facts == {"user_namespaces": True, "path": str(path / "bwrap")}


@pytest.mark.usefixtures("kernel")
def test_programs_of_the_workspace_are_not_run(path, tmp_path):
    for name in ("bwrap", "git", "nvim"):
        program(path, name, f"touch {tmp_path}/was_run")
    found = [*sandbox.sandbox(tmp_path), *tools.git(tmp_path), *editors_module.editors(tmp_path)]
    assert [each.level for each in found] == [Level.NOTE] * 3
    assert not (tmp_path / "was_run").exists()


def test_a_folder_around_the_home_folder_is_no_project(path, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    program(path, "git", "echo git version 2.50.1")
    assert [found.level for found in (*tools.git(tmp_path), *tools.git(Path("/")))] == [Level.OK] * 2


@pytest.mark.usefixtures("kernel")
def test_a_sandbox_that_does_not(path, tmp_path):
    program(path, "bwrap", "echo 'bwrap: No permissions' >&2; exit 1")
    (found,) = sandbox.sandbox(tmp_path / "work")
    assert found.level is Level.NOTE
    assert "No permissions" in found.message


@pytest.mark.parametrize(("name", "value"), sandbox.FORBIDDING.items())
def test_a_kernel_that_refuses_user_namespaces(path, tmp_path, kernel, name, value):
    (kernel / name).parent.mkdir(parents=True)
    (kernel / name).write_text(f"{value}\n", encoding="ascii")
    _, found = sandbox.sandbox(tmp_path / "work")
    assert name.replace("/", ".") in found.message


def test_another_system_has_no_sandbox(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    (found,) = sandbox.sandbox(tmp_path / "work")
    assert "darwin" in found.message


def test_features_of_the_processor_that_llama_cpp_leaves_unused(path, monkeypatch):
    monkeypatch.setattr(engine, "processor_flags", lambda: {"avx2", "fma", "sse"})
    _, found = engine.llama_cpp(LlamaBuild(binding="1", features=("FMA",), gpu_offload=False))
    assert found.facts == {"unused": ["AVX2"]}


def test_a_gpu_that_llama_cpp_was_not_built_for(path, monkeypatch):
    monkeypatch.setattr(engine, "processor_flags", set)
    program(path, "nvidia-smi", "exit 1")
    _, found = engine.llama_cpp(LlamaBuild(binding="1", features=(), gpu_offload=False))
    assert "GGML_CUDA" in found.advice
    assert len(engine.llama_cpp(LlamaBuild(binding="1", features=(), gpu_offload=True))) == 1


def test_a_model_that_fills_the_memory():
    found = engine.loaded(MODEL)
    assert found.level is Level.NOTE
    assert "of memory" in found.message


def test_a_pythonpath(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/some/project")
    assert "/some/project" in python()[-1].message


@pytest.mark.parametrize(
    "reason", [reason for reason in Reason if reason.value.startswith(("model", "engine"))]
)
def test_every_failure_of_the_engine_has_advice(reason):
    found = engine.failure(reason, "message")
    assert (found.level, found.facts) == (Level.PROBLEM, {"reason": reason})
    assert found.advice
    assert "{" not in found.advice


@pytest.mark.parametrize(("plugged_in", "level"), [(False, Level.NOTE), (True, Level.OK)])
def test_a_battery_that_is_spared(monkeypatch, plugged_in, level):
    battery = SimpleNamespace(power_plugged=plugged_in)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    settings = Settings(on_battery=OnBattery.EXPLICIT)
    assert jobs(settings, evolve(MODEL, fim_order=FimOrder.PSM), COMMENT)[0].level is level


def test_without_a_model_completion_says_so():
    assert jobs(Settings(), None, COMMENT)[0].level is Level.NOTE


def test_every_check_and_level_is_documented():
    rows = re.findall(r"^\| `([a-z_]+)` \|", DOCUMENTED, flags=re.MULTILINE)
    assert rows == [*Check, *Level]


@pytest.mark.parametrize(
    ("fim", "chats", "sources", "level"),
    [
        (False, None, ["facts"], Level.NOTE),
        (True, False, ["facts", "surprise"], Level.NOTE),
        (True, True, ["facts", "surprise", "reading"], Level.OK),
        (False, True, ["facts", "reading"], Level.OK),
    ],
)
def test_a_review_has_the_sources_that_the_models_allow(fim, chats, sources, level):
    chat = None if chats is None else evolve(MODEL, has_chat_template=chats)
    (found,) = [
        each
        for each in jobs(Settings(), MODEL if fim else None, COMMENT, chat=chat)
        if each.check == "review"
    ]
    assert (found.facts["sources"], found.level) == (sources, level)
    assert found.facts["reason"] == ("model_without_chat_template" if chats is False else None)
    assert bool(found.advice) == (level is Level.NOTE)
