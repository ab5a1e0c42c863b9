"""Memory without a model: the engine's own decoder, for which every token is equally likely."""

import numpy as np

from codenook.models.engine.decode import Decoder
from codenook.models.engine.sampling import Floats
from codenook.models.engine.slots import Slot
from codenook.models.engine.turns import Turn


class MemoryAlone(Decoder):
    """A model's tokens without the model: nothing is evaluated, so that what memory says decides."""

    def _decode(self, job: Turn, keep: Slot | None = None) -> None:
        """Evaluate nothing."""

    def _logits(self, row: int) -> Floats:  # noqa: ARG002 - no row knows more than another
        return np.zeros(self._n_vocab, np.float32)
