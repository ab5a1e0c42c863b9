"""Bits per byte: how surprising the text of held-out files is, to a model alone and with memory."""

import math

from attrs import define

from codenook.models.engine.turns import Turn
from codenook.models.memory import mix
from codenook.models.prompts.fim import Segment, Special
from codenook.models.training.evaluate.questions import Window
from codenook.models.training.evaluate.workspace import Workspace

N_STEP = 16  # tokens after which the text so far is indexed anew, about what a candidate has


@define
class Surprise:
    """What windows of text cost, in nats, and how long they are."""

    alone: float = 0.0
    with_memory: float = 0.0
    n_bytes: int = 0

    def bits_per_byte(self, *, memory: bool) -> float:
        """Return the mean; lower is better."""
        return (self.with_memory if memory else self.alone) / math.log(2) / self.n_bytes

    def read(self, workspace: Workspace, window: Window) -> None:
        """Read a window from its file's path on; memory has the file up to there, and the other files."""
        decoder, held = workspace.decoder, workspace.memory
        has_separator = Special.FILE_SEPARATOR in decoder.info.special
        separator: list[Segment] = [Special.FILE_SEPARATOR] if has_separator else []
        head = decoder.encode([*separator, f"{window.path}\n"])
        before, tokens = decoder.tokenize(window.before), decoder.tokenize(window.text)
        above = [held.memory.text(window.path, before, [0] * len(before))] if before else []
        job = Turn()
        for i, logprobs in enumerate(decoder.read(job, [*head, *tokens[:-1]]), start=1 - len(head)):
            if i < 0:
                continue
            if i % N_STEP == 0:
                so_far = [*before, *tokens[:i]]
                reader = held.memory.reader(tokens[:i], [window.path], so_far, above)
            found = reader.after(tokens[i - i % N_STEP : i])
            mixed = mix(logprobs, found, held.weights).logprobs if found else logprobs
            self.alone -= float(logprobs[tokens[i]])
            self.with_memory -= float(mixed[tokens[i]])
        self.n_bytes += len(window.text.encode())
