"""What a model will take is told from its file: the catalogue's figures come out again."""

import os

import gguf
import pytest

from codenook.models.bundled import path as bundled
from codenook.models.engine.memory import MARGIN_BYTES, Cells, needed_bytes
from codenook.models.engine.options import EngineOptions
from codenook.models.hub import catalog

CELLS = 1000
OPTIONS = EngineOptions(n_kv_cells=CELLS)


@pytest.fixture
def written(tmp_path):
    """Write the header of a model; return the path."""

    def write(*, kv_heads=None, head=None, size=None, layers=2, heads=4, width=64, context=None):
        path = tmp_path / "model.gguf"
        writer = gguf.GGUFWriter(path, "llama")
        writer.add_token_list(["a", "b"])  # before the shape: a list of texts to read past
        writer.add_block_count(layers)
        writer.add_embedding_length(width)
        writer.add_head_count(heads)
        if kv_heads is not None:
            writer.add_head_count_kv(kv_heads)
        if context is not None:
            writer.add_context_length(context)
        if head is not None:
            writer.add_key_length(head)
            writer.add_value_length(head)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        if size is not None:
            os.truncate(path, size)
        return path

    return write


def kv_cell_bytes(path):
    """Return what a token takes in the KV cache, of what is needed."""
    return (needed_bytes(path, OPTIONS) - path.stat().st_size - MARGIN_BYTES) / CELLS


@pytest.mark.parametrize(
    ("shape", "numbers"),
    [
        ({}, 2 * 4 * (16 + 16)),
        ({"kv_heads": 1}, 2 * 1 * (16 + 16)),
        ({"kv_heads": 1, "head": 128}, 2 * 1 * (128 + 128)),
        ({"kv_heads": [1, 3]}, (1 + 3) * (16 + 16)),
    ],
)
def test_the_kv_cache_follows_the_shape(written, shape, numbers):
    assert kv_cell_bytes(written(**shape)) == 2 * numbers


def test_each_prompt_of_a_small_model_has_cells_of_its_own(written):
    path, options = written(context=2000), EngineOptions()
    cells = Cells.of(path, options)
    assert (cells.are_shared, cells.n) == (False, options.n_sequences * 2000)
    assert needed_bytes(path, options) == path.stat().st_size + MARGIN_BYTES + cells.n_bytes
    assert Cells.of(bundled(), options).are_shared is False


@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ({"context": 100_000}, EngineOptions()),
        ({"context": 2000}, EngineOptions(n_kv_cells=1000)),
        ({"context": 2000}, EngineOptions(apart_bytes=0)),
        ({}, EngineOptions()),
    ],
    ids=["too large", "longer than all cells", "not wanted", "context not told"],
)
def test_other_models_share_the_cells_that_are_set(written, shape, options):
    cells = Cells.of(written(**shape), options)
    assert (cells.are_shared, cells.n) == (True, options.n_kv_cells)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("codellama-7b", {"layers": 32, "heads": 32, "width": 4096}),
        ("qwen2.5-coder-7b", {"layers": 28, "heads": 28, "kv_heads": 4, "width": 3584}),
    ],
)
def test_the_catalogue_has_the_same_figures(written, name, shape):
    entry = catalog.find(name)
    path = written(**shape, size=int(entry.size_gb * catalog.GB))  # a sparse file
    assert round(needed_bytes(path, EngineOptions()) / catalog.GB, 1) == entry.memory_gb


@pytest.mark.parametrize("kept", [0, 10, 24, 30, 100])
def test_a_damaged_file_counts_as_large_as_it_is(tmp_path, kept):
    path = tmp_path / "model.gguf"
    path.write_bytes(bundled().read_bytes()[:kept])
    assert needed_bytes(path, OPTIONS) == kept + MARGIN_BYTES


def test_a_file_with_absurd_lengths_counts_as_large_as_it_is(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + b"\xff" * 60)
    assert needed_bytes(path, OPTIONS) == 64 + MARGIN_BYTES
