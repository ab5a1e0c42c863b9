"""How an engine is started; two servers share one engine when these and the model are equal."""

from attrs import frozen


@frozen
class EngineOptions:
    """The engine's knobs; `codenook.server.config` describes those that a user may set.

    ``n_threads`` 0 means one for each physical core; ``n_gpu_layers`` -1 means all, when llama.cpp was
    built for a GPU; ``n_kv_cells`` is the KV cache's size in tokens, shared by all slots and candidates;
    ``idle_exit_s`` is how many seconds without a request the engine lives; ``n_slots`` is how many
    prompts it keeps. In a unified KV cache each of them makes every evaluation slower: without flash
    attention, 650 tokens took 80 ms beside none, 460 ms beside two, 1.2 s beside seven (4M parameters).
    """

    n_threads: int = 0
    n_gpu_layers: int = -1
    n_kv_cells: int = 8192
    idle_exit_s: float = 600.0
    n_slots: int = 3
