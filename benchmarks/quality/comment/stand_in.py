"""A stand-in for a model: it answers with words of the prompt, and with all that must not get through."""

import random
import re
from collections.abc import Callable, Mapping, Sequence

from codenook.models.engine.messages import (
    Candidate,
    Counters,
    EngineStatus,
    Finish,
    GenerateRequest,
    Generation,
    MemoryFile,
    ModelInfo,
    Timings,
)
from codenook.models.prompts.fim import FimOrder, Special

_SENTENCES = (
    "Combines the {0} with the {1} in one step.",
    "Checks that the {0} fits the {1}.",
    "How the {0} is read before the {1}.",
    "Describes the {0} that belongs to the {1}.",
    "Keeps the {0} for the next {1}.",
)
_WRONG = (
    '""" + str({0})',
    "*/ {0}(); /*",
    "{0} = {1}",
    "\n\n",
    "Sure, here is the documentation of {0}.",
    "the {0} of the {0} of the {0} of the {0}",
    "Args: {0}: the {1}",
    "@param {0} the {1} @return",
    "\u202e{0}",
    "type: ignore",
    "`{0}",
)


class StandIn:
    """Answers as an `Engine` does, without a model."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    async def ready(self) -> ModelInfo:
        """Say that it knows every language."""
        special = (Special.FIM_PREFIX, Special.FIM_SUFFIX, Special.FIM_MIDDLE, Special.FILE_SEPARATOR)
        return ModelInfo(
            name="stand-in",
            path="",
            n_params=1 << 30,
            size_bytes=0,
            n_ctx=4096,
            n_vocab=256,
            tokenizer="",
            fim_order=FimOrder.SPM,
            special=special,
            languages=(),
            n_gpu_layers=0,
            family="codenook",
        )

    async def generate(
        self,
        request: GenerateRequest,
        finished: Callable[[Candidate], None] | None = None,  # noqa: ARG002
    ) -> Generation:
        """Give candidates in which half is wrong."""
        text = "".join(part for part in request.prompt if not isinstance(part, Special))
        words = re.findall(r"[a-z]{4,}", text.lower()[-1200:]) or ["value"]
        candidates = []
        for number in range(request.n):
            pattern = self._chance.choice(_WRONG if number % 2 else _SENTENCES)
            said = pattern.format(*(self._chance.choice(words) for _ in range(2)))
            candidates.append(Candidate(f" {said}", -self._chance.random(), 12, Finish.END_OF_TEXT))
        return Generation(tuple(candidates), Timings(), Counters(generated=12 * request.n))

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count four characters as a token."""
        return [len(text) // 4 + 1 for text in texts]

    async def offer_memory(self, name: str, versions: Mapping[str, str]) -> list[str]:  # noqa: ARG002
        """Remember nothing."""
        return []

    async def learn(
        self,
        name: str,  # noqa: ARG002
        files: Sequence[MemoryFile],  # noqa: ARG002
        gone: Sequence[str] = (),  # noqa: ARG002
        *,
        more: bool = False,  # noqa: ARG002
    ) -> bool:
        """Learn nothing."""
        return True

    async def status(self) -> EngineStatus:
        """Have no account of itself."""
        raise NotImplementedError

    async def close(self) -> None:
        """Have nothing to close."""
