"""The catalogue and the folder of models on this machine."""

import psutil
import pytest

from codenook.models.hub import catalog, errors, store
from codenook.models.hub.catalog import Role
from codenook.models.hub.survey import survey
from codenook.models.prompts.families import FAMILIES

ENTRIES = catalog.catalog().values()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_can_be_used(entry):
    assert entry.family in FAMILIES
    assert entry.roles
    assert 0 < entry.size_gb < entry.memory_gb
    assert entry.repository.count("/") == 1
    assert entry.file.endswith(".gguf")
    assert entry.licence
    assert len(entry.sha256) in {0, 64}


@pytest.mark.parametrize(
    ("available", "total", "fits"), [(10, 16, "yes"), (4, 16, "when_free"), (4, 8, "no")]
)
def test_memory_decides_what_fits(monkeypatch, available, total, fits):
    memory = type("Memory", (), {"available": available * catalog.GB, "total": total * catalog.GB})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert catalog.find("qwen2.5-coder-7b").fits == fits


def test_an_unknown_name_gets_the_nearest_one():
    with pytest.raises(errors.UnknownModel, match=r"did you mean qwen2\.5-coder-0\.5b\?"):
        catalog.find("qwen2.5-coder-0.5")
    with pytest.raises(errors.UnknownModel, match="codenook models list"):
        catalog.find("../../etc/passwd")


def test_a_setting_is_a_name_or_a_path(folder):
    assert store.locate("qwen2.5-coder-7b") == folder / "qwen2.5-coder-7b.gguf"
    assert store.locate("") == store.locate("codenook-base")
    assert store.locate("/models/own.gguf").as_posix() == "/models/own.gguf"


def test_a_model_that_is_not_there_is_told_with_the_command():
    with pytest.raises(errors.NotInstalled, match="codenook models pull codellama-7b"):
        store.installed("codellama-7b")


def test_removing_takes_unfinished_downloads_too(folder):
    (folder / "codellama-7b.gguf").write_bytes(b"123")
    store.partial_file("codellama-7b", "a" * 64).write_bytes(b"12")
    (folder / "qwen2.5-coder-7b.gguf").write_bytes(b"other")
    assert store.remove("codellama-7b") == 5
    assert [path.name for path in folder.iterdir()] == ["qwen2.5-coder-7b.gguf"]
    with pytest.raises(errors.NotInstalled):
        store.remove("codellama-7b")


def test_the_bundled_model_stays():
    with pytest.raises(errors.HubError, match="comes with codenook"):
        store.remove("codenook-base")


@pytest.mark.parametrize(
    "name", ["adapted-", "adapted-../x", "adapted-x.gguf", "adapted-a/b", "Adapted-x", "shop"]
)
def test_what_looks_otherwise_is_no_adapted_model_s_name(name):
    assert not store.is_adapted(name)


def test_an_adapted_model_is_known_by_its_name(folder, tmp_path_factory):
    made = tmp_path_factory.mktemp("work") / "made.gguf"
    made.write_bytes(b"model")
    path = store.adopt(made, "adapted-shop")
    assert path == folder / "adapted-shop.gguf" == store.locate("adapted-shop")
    assert path.read_bytes() == b"model"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in folder.iterdir()] == [path.name]

    known = survey(dict.fromkeys(Role, path))[1]
    assert (known.name, known.family, known.active_for) == ("adapted-shop", "codenook", tuple(Role))
    assert store.remove("adapted-shop") == 5
    assert store.adapted() == []
    with pytest.raises(errors.NotInstalled, match="codenook adapt makes such models"):
        store.installed("adapted-shop")


def test_a_folder_that_can_t_be_written_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path / "file"))
    with pytest.raises(errors.NoSpace, match="can't write to"):
        store.adopt(tmp_path / "file", "adapted-shop")
