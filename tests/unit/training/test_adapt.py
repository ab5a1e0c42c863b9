"""A whole run of `codenook adapt` in small: a tiny model, a few files, a few steps."""

# ruff: noqa: E402  # imports follow the check that they can work

import json
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner

torch = pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("gguf", reason="the train extra is not installed")
pytest.importorskip("tokenizers", reason="the train extra is not installed")

from codenook.models.engine.decode import Decoder
from codenook.models.engine.options import EngineOptions
from codenook.models.hub import store
from codenook.models.training import adapt, compare, export, own_code, released, train
from codenook.models.training import tokenizer as tokenizers
from codenook.server import adapt_command

STANDARD_LIBRARY = Path(json.__file__).parents[1]
SHAPE = train.Shape(n_vocabulary=800, n_layers=1, width=64, n_heads=4, n_kv_heads=2, width_ff=96)
PLAN = evolve(adapt.PLAN, max_steps=3, n_rows=1, compiled=False, checkpoint_minutes=0.0, report_seconds=0.0)
CHANGE = {"before", "after", "difference", "low", "high"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A repository."""
    root = tmp_path_factory.mktemp("repository") / "My Shop"
    for package in ("json", "wsgiref"):
        (root / package).mkdir(parents=True)
        for path in (STANDARD_LIBRARY / package).glob("*.py"):
            (root / package / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def start(tmp_path_factory, folder):
    """A model with random weights."""
    torch.manual_seed(0)
    tokenizer = tokenizers.train((path.read_text("utf-8") for path in folder.rglob("*.py")), size=800)
    path = tmp_path_factory.mktemp("start") / "start.gguf"
    export.write(path, SHAPE, train.Model(SHAPE).state_dict(), tokenizer, form="q8_0")
    return path


@pytest.fixture
def run(tmp_path, monkeypatch, folder, start):
    """Run ``codenook adapt`` on the repository, in this process."""
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path / "models"))
    monkeypatch.setenv("CODENOOK_CONFIG_FILE", str(tmp_path / "config.toml"))
    monkeypatch.setenv("CODENOOK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(adapt, "PLAN", PLAN)
    monkeypatch.setattr(adapt, "N_SHARD", 12)
    monkeypatch.setattr(own_code, "MIN_FILES", 4)
    monkeypatch.setattr(own_code, "MIN_BYTES", 1000)
    monkeypatch.setattr(own_code, "MIN_HELD_OUT", 2)
    monkeypatch.setattr(adapt, "N_HOLES", 6)
    monkeypatch.setattr(adapt_command.os, "nice", lambda _: 0)

    def run(*arguments):
        given = [str(folder), "--model", str(start), "--minutes", "1", "--json", *arguments]
        return CliRunner().invoke(adapt_command.adapt, given, standalone_mode=False)

    return run


def code_of(ran):
    """Return how a command ended."""
    return ran.return_value or 0


def test_a_model_that_is_no_better_is_refused(run, tmp_path):
    ran = run()
    assert code_of(ran) == 1
    assert "not installed: " in ran.stderr
    told = json.loads(ran.stdout)
    assert told["installed"] is False
    assert told["path"] is None
    assert told["name"] == "adapted-my-shop"
    comparison = told["comparison"]
    assert comparison.pop("is_better") is False
    assert comparison.pop("holes") == 6
    assert 1 <= comparison.pop("files") <= told["files"]["held_out"]
    assert comparison.keys() == {
        "exact",
        "exact_with_memory",
        "bits_per_byte",
        "bits_per_byte_with_memory",
    }
    assert all(change.keys() == CHANGE for change in comparison.values())
    assert 1 < comparison["bits_per_byte"]["after"] < 9
    assert not (tmp_path / "models").exists()
    assert [path.suffix for path in (tmp_path / "cache" / "adapt").iterdir()] == [".lock"]


def test_a_better_model_is_installed_under_a_name_of_its_own(run, tmp_path, monkeypatch):
    monkeypatch.setattr(compare.Comparison, "is_better", property(lambda _: True))
    ran = run("--name", "adapted-mine")
    assert code_of(ran) == 0, ran.stderr
    path = tmp_path / "models" / "adapted-mine.gguf"
    assert json.loads(ran.stdout)["path"] == str(path)
    assert path.stat().st_mode & 0o077 == 0
    assert store.adapted() == ["adapted-mine"]
    info = Decoder(path, EngineOptions(n_gpu_layers=0, n_kv_cells=512)).info
    assert (info.name, info.family, info.languages) == ("adapted-mine", "codenook", ("python",))


def test_what_is_kept_lies_between_the_old_weights_and_the_learned_ones(run, tmp_path, monkeypatch, start):
    monkeypatch.setattr(compare.Comparison, "is_better", property(lambda _: True))
    ran = run("--work", str(tmp_path / "work"))
    assert code_of(ran) == 0, ran.stderr
    (checkpoint,) = (tmp_path / "work").rglob("checkpoint.pt")
    old, learned = released.read(start).weights, train.load_checkpoint(checkpoint)["model"]
    kept = released.read(Path(json.loads(ran.stdout)["path"])).weights
    moved = sum(float((learned[key] - old[key]).norm()) for key in old)
    off = sum(float((kept[key] - (old[key] + learned[key]) / 2).norm()) for key in old)
    assert off < 0.2 * moved, "but for the quantization it is their mean"


def test_an_interrupted_run_goes_on_where_it_was(run, tmp_path, monkeypatch):
    steps = []
    train_model = train.train

    def interrupted(work, shape, plan, weights, tell):
        def told(report):
            steps.append(report.step)
            if len(steps) == 2:
                raise KeyboardInterrupt
            tell(report)

        return train_model(work, shape, plan, weights, told)

    monkeypatch.setattr(adapt, "train", interrupted)
    first = run()
    assert code_of(first) == 130
    assert "the same command goes on" in first.stderr
    (work,) = (path for path in (tmp_path / "cache" / "adapt").iterdir() if path.is_dir())
    assert work.stat().st_mode & 0o077 == 0

    assert code_of(run()) == 1
    assert steps[:2] == [1, 2]
    assert steps[2] == 2, "the second run begins after the checkpoint of step 1"
    assert not work.exists()


def test_another_model_s_file_is_wrong_usage(run, tmp_path):
    other = tmp_path / "other.gguf"
    other.write_bytes(b"no model")
    ran = run("--model", str(other))
    assert code_of(ran) == 2
    assert ran.stderr.count("\n") == 1


def test_without_the_extra_it_says_what_to_install(run, monkeypatch):
    monkeypatch.setattr(adapt_command, "find_spec", lambda _: None)
    ran = run()
    assert code_of(ran) == 2
    assert 'pip install "codenook[train]"' in ran.stderr
