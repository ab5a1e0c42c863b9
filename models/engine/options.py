"""How an engine is started; two servers share one engine when these and the model are equal."""

from attrs import frozen

from codenook.models.engine.messages import MAX_CANDIDATES


@frozen
class EngineOptions:
    """The engine's knobs; `codenook.server.config` describes those that a user may set.

    ``n_threads`` 0 means one for each physical core; ``n_gpu_layers`` -1 means all, when llama.cpp was
    built for a GPU; ``n_kv_cells`` is the KV cache's size in tokens where all slots and candidates share it;
    ``idle_exit_s`` is how many seconds without a request the engine lives; ``n_slots`` is how many
    prompts it keeps. Each sequence has cells of its own where that takes at most ``apart_bytes``
    (`memory.Cells`).
    """

    n_threads: int = 0
    n_gpu_layers: int = -1
    n_kv_cells: int = 8192
    idle_exit_s: float = 600.0
    n_slots: int = 3
    apart_bytes: int = 64 << 20

    @property
    def n_sequences(self) -> int:
        """How many sequences the KV cache has: prompts, candidates, and a text that is scored."""
        return self.n_slots + MAX_CANDIDATES + 1
