"""A loaded model's chat template: rendered once for each order of speakers, in a process with limits.

What fails is remembered as well, with the message: a template that is broken fails each time.
"""

import asyncio
import json
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from codenook.models.engine.errors import ModelWithoutChatTemplate
from codenook.models.prompts.chat import Author, Message, fill, has_places, place_holders, without_system
from codenook.models.prompts.fim import Segment

PATIENCE_S = 15.0
"""Longest wait for a rendering, on a machine where the process's few seconds of computation take long."""


RETRY_S = 60.0
"""How long a template that took too long is not tried again: a busy machine may have been the cause."""


class _TooSlowError(ModelWithoutChatTemplate):
    """A rendering was given up."""


class ChatTemplate:
    """The template of one model; ``text`` is empty for a model without."""

    def __init__(self, text: str, *, bos: str, eos: str) -> None:
        self._text = text
        self._given = {
            "bos_token": bos,
            "eos_token": eos,
            "add_generation_prompt": True,
            "enable_thinking": False,  # a held answer has no place for thoughts
            "tools": None,
        }
        self._layouts: dict[tuple[Author, ...], str] = {}
        self._failures: dict[tuple[Author, ...], tuple[str, float]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def lay_out(self, messages: Sequence[Message]) -> tuple[Segment, ...]:
        """Return the prompt of a conversation, up to where the model's answer begins.

        Where the template has no place for a system, what it says stands before the user's first words.
        Raises ModelWithoutChatTemplate when there is no template, or none that lays out this conversation.
        """
        if not self._text:
            raise ModelWithoutChatTemplate("the model's file has no chat template")
        try:
            return fill(await self._layout(messages), messages)
        except ModelWithoutChatTemplate:
            joined = without_system(messages)
            if len(joined) == len(messages):
                raise
            return fill(await self._layout(joined), joined)

    async def _layout(self, messages: Sequence[Message]) -> str:
        authors = tuple(message.author for message in messages)
        async with self._one_at_a_time:
            told, until = self._failures.get(authors, ("", 0.0))
            if time.monotonic() < until:
                raise ModelWithoutChatTemplate(told)
            if authors not in self._layouts:
                try:
                    self._layouts[authors] = await self._checked(authors)
                except ModelWithoutChatTemplate as error:
                    retry = time.monotonic() + RETRY_S if isinstance(error, _TooSlowError) else math.inf
                    self._failures[authors] = str(error), retry
                    raise ModelWithoutChatTemplate(str(error)) from None
            return self._layouts[authors]

    async def _checked(self, authors: Sequence[Author]) -> str:
        rendered = await self._render(authors)
        if not has_places(rendered, len(authors)):
            raise ModelWithoutChatTemplate(
                f"the model's chat template does not lay out a conversation of {', '.join(authors)}"
            )
        return rendered

    async def _render(self, authors: Sequence[Author]) -> str:
        question = {
            "template": self._text,
            "given": {**self._given, "messages": place_holders(authors)},
        }
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-P", "-E", "-m", "codenook.models.prompts.template"],
            cwd=Path(sys.prefix),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(json.dumps(question).encode()), PATIENCE_S)
            answer = json.loads(output) if output else {"error": "it takes too long"}
        except TimeoutError:
            raise _TooSlowError("the model's chat template fails: it takes too long") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if "error" in answer:
            raise ModelWithoutChatTemplate(f"the model's chat template fails: {answer['error']}")
        return str(answer["text"])
