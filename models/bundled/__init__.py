"""The model that comes with codenook, so that the first completion needs no download."""

from pathlib import Path

NAME = "codenook-base.q8_0.gguf"

MEMORY_WEIGHTS = Path(__file__).with_name("memory_weights.json")
"""How far this model trusts the workspace's memory: `codenook.models.memory.Weights` in JSON.

Fitted on the validation packages: ``benchmarks/memory quality --write``.
"""


def path() -> Path:
    """Return the bundled GGUF file; an installation without it raises ``FileNotFoundError``."""
    found = Path(__file__).with_name(NAME)
    if not found.is_file():
        raise FileNotFoundError(
            f"the bundled model {found} is missing: install codenook again, or remake the model "
            "as models/training/README.md says"
        )
    return found
