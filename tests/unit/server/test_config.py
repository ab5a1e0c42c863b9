import os
from pathlib import Path

import pytest

from codenook.models import bundled
from codenook.models.engine.room import BothModels
from codenook.models.hub import store
from codenook.models.hub.catalog import Role
from codenook.server.config import USER_FILE_VARIABLE, LogLevel, Settings, Source, load, merge


@pytest.fixture(autouse=True)
def user_file(tmp_path, monkeypatch):
    path = tmp_path / "user.toml"
    monkeypatch.setenv(USER_FILE_VARIABLE, str(path))
    return path


def test_no_files_mean_defaults(tmp_path):
    assert load(workspace=tmp_path) == (Settings(), [])


def test_the_stronger_place_wins(tmp_path, user_file):
    user_file.write_text("n_candidates = 1\nn_max_tokens = 1\ndebounce_min_ms = 1\nn_threads = 1\n")
    (tmp_path / ".codenook.toml").write_text("n_candidates = 2\nn_max_tokens = 2\ndebounce_min_ms = 2\n")
    client = {"n_candidates": 3, "n_max_tokens": 3}
    settings, problems = load(overrides={"n_candidates": 4}, client=client, workspace=tmp_path)
    assert problems == []
    assert (settings.n_candidates, settings.n_max_tokens) == (4, 3)
    assert (settings.debounce_min_ms, settings.n_threads) == (2, 1)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("n_candidates", 0, "from 1 to 8"),
        ("n_candidates", "3", "a whole number"),
        ("n_candidates", True, "a whole number"),
        ("n_candidates", 2.0, "a whole number"),
        ("enabled", 1, "true or false"),
        ("model", 7, "a text"),
        ("log_level", "loud", "one of error, warning, info, debug"),
        ("n_candidates", [1] * 10_000, "a whole number"),
    ],
)
def test_a_wrong_value_is_named_once_and_the_next_place_is_asked(name, value, expected):
    weaker = Source("weaker", {"n_candidates": 5, "log_level": "info"})
    settings, problems = merge([weaker, Source("stronger", {name: value})])
    assert settings == Settings(n_candidates=5, log_level=LogLevel.INFO)
    (problem,) = problems
    assert problem.startswith("stronger: ")
    assert name in problem
    assert expected in problem
    assert len(problem) < 200


def test_an_unknown_name_gets_a_hint():
    (problem,) = merge([Source("file", {"n_candidate": 5})])[1]
    assert problem == "file: unknown setting 'n_candidate', did you mean 'n_candidates'?; ignored"


@pytest.mark.parametrize(
    "name",
    ["model", "chat_model", "both_models", "n_threads", "n_gpu_layers", "n_kv_cells", "engine_idle_s"],
)
def test_a_project_cannot_choose_what_runs(tmp_path, name):
    (tmp_path / ".codenook.toml").write_text(f'{name} = "x"\n')
    settings, (problem,) = load(workspace=tmp_path)
    assert settings == Settings()
    assert "cannot be set by a project" in problem


@pytest.mark.parametrize("content", [b"n_candidates =", b"\xff\xfe"])
def test_a_broken_file_is_named_and_ignored(tmp_path, content):
    (tmp_path / ".codenook.toml").write_bytes(content)
    settings, (problem,) = load(client={"n_candidates": 2}, workspace=tmp_path)
    assert settings.n_candidates == 2
    assert ".codenook.toml" in problem


def test_what_the_editor_keeps_for_the_machine_may_choose_what_runs():
    machine = {"model": "/machine.gguf", "n_threads": 2, "n_candidates": 5}
    client = {"model": "/workspace.gguf", "n_threads": 2, "n_candidates": 4}
    settings, (problem,) = load(client=client, machine=machine)
    assert (settings.model, settings.n_threads, settings.n_candidates) == ("/machine.gguf", 2, 4)
    assert problem.startswith("editor settings: 'model' cannot be set by a project or a workspace")


@pytest.mark.parametrize("value", ["*.md", ["!"], [1], 3])
def test_globs_are_a_list_of_patterns(value):
    settings, (problem,) = merge([Source("file", {"files_off": value})])
    assert settings == Settings()
    assert "a list of texts, globs as in .gitignore" in problem


TOO_SLOW = [["*a*a*a*b"], ["**/a/**/a/**/b"], ["a**a*b**c"], ["a" * 201], ["a"] * 21]


@pytest.mark.parametrize("value", TOO_SLOW)
def test_globs_that_take_too_long_are_refused(value):
    rule = {"id": "a", "says": "x", "paths": value}
    for name, given in (("files_off", value), ("review_files_off", value), ("review_rules", [rule])):
        settings, (problem,) = merge([Source("file", {name: given})])
        assert settings == Settings()
        assert "may have 20 globs of 200 characters" in problem


def test_globs_that_people_write_are_taken():
    value = ["*a*a*b", "**/*test*/**", "packages/*/src/*/*.min.*", "**/fixtures/**/*.json", "!*.py", "/a/**"]
    settings, problems = merge([Source("file", {"files_off": value})])
    assert (settings.files_off, problems) == (tuple(value), [])


def test_null_means_not_set():
    assert merge([Source("editor", {"model": None, "n_candidates": None})]) == (Settings(), [])


def test_the_bundled_model_is_the_default(tmp_path, monkeypatch):
    assert Settings().model_path.name == bundled.NAME
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings(model="~/model.gguf").model_path == tmp_path / "model.gguf"


def test_each_role_has_its_model_and_chat_that_of_fim_unless_it_is_named(user_file):
    user_file.write_text('chat_model = "/user.gguf"\nboth_models = "always"\n')
    machine = {"model": "/fim.gguf", "both_models": "one_at_a_time"}
    settings, problems = load(machine=machine, overrides={"chat_model": "/command_line.gguf"})
    assert problems == []
    assert settings.both_models is BothModels.ONE_AT_A_TIME
    paths = [str(settings.model_path_of(role)) for role in (Role.FIM, Role.CHAT)]
    assert paths == ["/fim.gguf", "/command_line.gguf"]
    assert Settings(model="/fim.gguf").model_path_of(Role.CHAT).name == "fim.gguf"


def test_each_model_that_was_not_pulled_is_named_with_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path))
    names = ("codellama-7b", "qwen2.5-coder-7b")
    _, problems = load(overrides=dict(zip(("model", "chat_model"), names, strict=True)))
    assert problems == [f"{name} is not on this machine: codenook models pull {name}" for name in names]


def test_a_policy_that_does_not_exist_is_named():
    settings, (problem,) = merge([Source("file", {"both_models": "sometimes"})])
    assert settings == Settings()
    assert "one of when_they_fit, always, one_at_a_time" in problem


def test_engine_options_follow_the_settings():
    options = Settings(n_threads=3, n_gpu_layers=2, n_kv_cells=1024, engine_idle_s=5).engine_options
    assert (options.n_threads, options.n_gpu_layers, options.n_kv_cells, options.idle_exit_s) == (
        3,
        2,
        1024,
        5,
    )


def test_a_table_of_a_file_is_the_beginning_of_names(tmp_path):
    (tmp_path / ".codenook.toml").write_text(
        '[review]\noff = ["style"]\nof = 1\n[[review.rules]]\nid = "a"\nsays = "Names are plain."\n'
    )
    settings, (problem,) = load(workspace=tmp_path)
    assert (settings.review_off, [rule.rule.id for rule in settings.review_rules]) == (("style",), ["team/a"])
    assert problem.endswith("unknown setting 'review_of', did you mean 'review_off'?; ignored")


@pytest.mark.parametrize("brackets", ["[", "{a="])
def test_files_that_are_nested_too_deeply_are_named_and_the_others_count(tmp_path, user_file, brackets):
    nested = f"n_candidates = {brackets * 5_000}"
    for broken, whole in ((tmp_path / ".codenook.toml", user_file), (user_file, tmp_path / ".codenook.toml")):
        broken.write_text(nested)
        whole.write_text("n_max_tokens = 2\n")
        settings, problems = load(workspace=tmp_path)
        assert settings == Settings(n_max_tokens=2)
        assert problems == [f"{broken}: cannot be read (it is nested too deeply); ignored"]


def _link(path):
    path.symlink_to("/dev/zero")


def _link_to_file(path):
    (path.parent.parent / "outside.toml").write_text("n_max_tokens = 3\n")
    path.symlink_to("../outside.toml")


def _large(path):
    path.write_text("n_max_tokens = 3\n#" + "x" * (1 << 20))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_link, "a link that leads outside"),
        (_link_to_file, "a link that leads outside"),
        (os.mkfifo, "not a file"),
        (Path.mkdir, "not a file"),
        (_large, "larger than 1 MB"),
    ],
)
def test_settings_of_a_project_are_a_small_file_in_it(tmp_path, user_file, make, why):
    user_file.write_text("n_candidates = 2\n")
    workspace = tmp_path / "project"
    workspace.mkdir()
    make(workspace / ".codenook.toml")
    settings, (problem,) = load(workspace=workspace)
    assert settings == Settings(n_candidates=2)
    assert problem.startswith(f"{workspace / '.codenook.toml'}: cannot be read (it is ")
    assert why in problem


def test_settings_of_a_project_may_be_a_link_in_it(tmp_path):
    (tmp_path / "ours.toml").write_text("n_candidates = 2\n")
    (tmp_path / ".codenook.toml").symlink_to("ours.toml")
    assert load(workspace=tmp_path) == (Settings(n_candidates=2), [])


RULE = {"id": "a", "says": "Names are plain."}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, "is {}, but should be a list of tables"),
        ([RULE] * 21, "has 21 rules, but may have 20"),
        ([RULE, RULE], "rule 2 has the id of another one, 'a'"),
        (["a"], "rule 1: is no table"),
        ([{"says": "x"}], "rule 1: needs an `id`"),
        ([RULE | {"id": "A b"}], "rule 1 ('A b'): needs an `id`"),
        ([{"id": "a", "says": " "}], "rule 1 ('a'): needs `says`"),
        ([RULE, {"id": "b", "says": 3}], "rule 2 ('b'): `says` is 3, but should be a text"),
        ([RULE | {"says": "x" * 401}], "rule 1 ('a'): `says` is longer than 400 characters"),
        ([RULE | {"severity": "loud"}], "`severity` is 'loud', but should be one of hint, info"),
        ([RULE | {"category": "taste"}], "`category` is 'taste', but should be one of bug, api"),
        ([RULE | {"languages": "python"}], "`languages` is 'python', but should be a list of texts"),
        ([RULE | {"languages": ["cobol"]}], "`languages` has 'cobol', which codenook does not read"),
        ([RULE | {"paths": ["!"]}], "`paths` should be globs"),
        ([RULE | {"path": ["src"]}], "'path' is none of id, says,"),
    ],
)
def test_a_broken_rule_of_the_team_is_named_and_the_list_ignored(rules, expected):
    weaker = Source("weaker", {"review_rules": [RULE]})
    settings, (problem,) = merge([weaker, Source("stronger", {"review_rules": rules}, is_users=False)])
    assert [rule.id for rule in settings.review_rules] == ["a"]
    assert problem.startswith("stronger: 'review_rules': ")
    assert expected in problem
    assert len(problem) < 250
