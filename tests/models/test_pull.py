"""Pulling a model from a server on this machine that speaks the hub's protocol, well and badly."""

import errno
import struct

import huggingface_hub.constants
import huggingface_hub.file_download
import pytest
from attrs import evolve
from filelock import FileLock

from codenook.models.hub import catalog, download, errors, pull, store

NAME = "qwen2.5-coder-0.5b"
ENTRY = catalog.catalog()[NAME]
MODEL = struct.pack("<4sIQQ", b"GGUF", 3, 290, 30) + bytes(range(256)) * 4096
"""A megabyte that begins as a model does."""

CHUNK = 2**16
"""Bytes that the library writes at a time, in these tests."""


@pytest.fixture
def hub(hub_server, monkeypatch):
    """Return the hub that this process asks, with ``MODEL``."""
    constants = huggingface_hub.constants
    path = constants.HUGGINGFACE_CO_URL_TEMPLATE.removeprefix(constants.ENDPOINT)
    monkeypatch.setattr(constants, "ENDPOINT", hub_server.endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub_server.endpoint + path)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", CHUNK)
    monkeypatch.setattr(huggingface_hub.file_download.time, "sleep", lambda _: None)
    hub_server.offer(MODEL)
    return hub_server


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path / "models"))
    return tmp_path / "models"


def visible(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_model_is_installed_under_its_name(hub, folder):
    path = pull.pull(NAME)
    assert path == folder / f"{NAME}.gguf"
    assert path.read_bytes() == MODEL
    assert visible(folder) == [path.name]
    assert hub.requests == [
        ("HEAD", f"/{ENTRY.repository}/resolve/main/{ENTRY.file}"),
        ("GET", f"/{ENTRY.repository}/resolve/{hub.COMMIT}/{ENTRY.file}"),
    ]


def test_an_installed_model_is_not_asked_for_again(hub):
    pull.pull(NAME)
    asked = len(hub.requests)
    pull.pull(NAME)
    assert len(hub.requests) == asked


def test_a_hiccup_is_gone_on_with_at_once(hub):
    hub.hangs_up_after = 600_000
    assert pull.pull(NAME).read_bytes() == MODEL
    assert hub.ranges == [0, 600_000 // CHUNK * CHUNK]


def test_an_interrupted_download_is_kept_and_gone_on_with(hub, folder):
    hub.hangs_up_after = 0
    (folder).mkdir()
    partial = store.partial_file(NAME, hub.sha256)
    partial.write_bytes(MODEL[:400_000])
    with pytest.raises(errors.NoNetwork, match="are kept, the next pull goes on there"):
        pull.pull(NAME)
    assert partial.read_bytes() == MODEL[:400_000]
    assert visible(folder) == [partial.name]

    hub.hangs_up_after, hub.ranges = None, []
    assert pull.pull(NAME).read_bytes() == MODEL
    assert hub.ranges == [400_000]
    assert visible(folder) == [f"{NAME}.gguf"]


def test_what_is_left_of_another_version_is_not_gone_on_with(hub, folder):
    folder.mkdir()
    store.partial_file(NAME, "f" * 64).write_bytes(b"older")
    assert pull.pull(NAME).read_bytes() == MODEL
    assert hub.ranges == [0]
    assert visible(folder) == [f"{NAME}.gguf"]


@pytest.mark.parametrize("place", [30, 500_000, len(MODEL) - 1])
def test_a_damaged_file_is_deleted_and_not_installed(hub, folder, place):
    hub.content = MODEL[:place] + bytes([MODEL[place] ^ 1]) + MODEL[place + 1 :]
    with pytest.raises(errors.Untrusted, match="damaged"):
        pull.pull(NAME)
    assert visible(folder) == []


def test_a_damaged_beginning_is_found_when_the_rest_came(hub, folder):
    folder.mkdir()
    store.partial_file(NAME, hub.sha256).write_bytes(b"\0" * 400_000)
    with pytest.raises(errors.Untrusted, match="damaged"):
        pull.pull(NAME)
    assert visible(folder) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>not found</html>" * 100, "not a GGUF model"),
        (struct.pack("<4sIQQ", b"GGUF", 99, 290, 30), "GGUF version 99"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 0, 30), "no model in it"),
        (b"GGUF", "not a GGUF model"),
    ],
)
def test_what_is_no_model_is_not_installed(hub, folder, content, words):
    hub.offer(content)
    with pytest.raises(errors.Untrusted, match=words):
        pull.pull(NAME)
    assert visible(folder) == []


def test_a_file_larger_than_the_catalogue_says_is_not_downloaded(hub, folder):
    hub.announced = int(ENTRY.size_gb * 1.06 * catalog.GB)
    with pytest.raises(errors.Untrusted, match=r"0\.56 GB, the catalogue says 0\.53 GB"):
        pull.pull(NAME)
    assert [method for method, _ in hub.requests] == ["HEAD"]
    assert visible(folder) == []


def test_more_bytes_than_offered_are_refused_as_they_come(hub, folder):
    hub.announced = 1000
    with pytest.raises(errors.Untrusted, match="more than it offered"):
        pull.pull(NAME)
    assert visible(folder) == []


def test_another_file_than_the_catalogue_s_is_not_downloaded(hub, monkeypatch):
    monkeypatch.setattr(pull, "find", lambda _: evolve(ENTRY, sha256="a" * 64))
    with pytest.raises(errors.Untrusted, match="not the one of the catalogue"):
        pull.pull(NAME)
    assert [method for method, _ in hub.requests] == ["HEAD"]


def test_a_file_without_a_checksum_is_not_downloaded(hub):
    hub.sha256 = "abc"
    with pytest.raises(errors.Untrusted, match="no SHA-256"):
        pull.pull(NAME)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, "EntryNotFound", "the hub has no"),
        (404, "RepoNotFound", "the hub has no"),
        (403, "GatedRepo", "licence accepted"),
        (500, "", "HTTP 500"),
    ],
)
def test_a_refusal_is_told_in_one_line(hub, status, code, words):
    hub.status, hub.error_code = status, code
    with pytest.raises(errors.NotOffered, match=words) as told:
        pull.pull(NAME)
    assert "\n" not in str(told.value)


def test_no_network_is_told(hub):
    hub.shutdown()
    hub.server_close()
    with pytest.raises(errors.NoNetwork, match="can't be reached"):
        pull.pull(NAME)


def test_offline_is_told(monkeypatch, hub):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(errors.NoNetwork, match="HF_HUB_OFFLINE"):
        pull.pull(NAME)


def test_a_disk_with_too_little_room_is_told_before_the_download(hub, monkeypatch):
    full = type("Usage", (), {"free": pull.SPARE_BYTES + len(MODEL) - 1})
    monkeypatch.setattr(pull.shutil, "disk_usage", lambda _: full)
    with pytest.raises(errors.NoSpace, match="GB more"):
        pull.pull(NAME)
    assert [method for method, _ in hub.requests] == ["HEAD"]


def test_a_disk_that_fills_up_keeps_what_came(hub, folder, monkeypatch):
    def full(file, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download._Bounded, "write", full)
    with pytest.raises(errors.NoSpace, match="disk is full"):
        pull.pull(NAME)
    assert f"{NAME}.gguf" not in visible(folder)


def test_two_pulls_of_a_model_do_not_mix(hub, folder):
    folder.mkdir()
    with FileLock(folder / f".{NAME}.lock"), pytest.raises(errors.AlreadyPulling):
        pull.pull(NAME)


def test_a_folder_that_can_not_be_made_is_told(hub, folder):
    folder.write_text("a file")
    with pytest.raises(errors.NoSpace, match="can't write"):
        pull.pull(NAME)
