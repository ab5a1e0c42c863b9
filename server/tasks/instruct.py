"""Instructs a chat model: a conversation in, answers by a schema out, each read and checked."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from codenook.models.engine.client import Engine
from codenook.models.engine.messages import Candidate, Counters, Finish, GenerateRequest
from codenook.models.prompts.chat import Message
from codenook.models.prompts.json_answer import NoAnswer, Schema, json_grammar, read_answer

TEMPERATURES = (0.4, 0.8)
"""How freely the model chooses, for each attempt; the first answer of the first is the likeliest."""


@frozen
class Reply:
    """One answer: its ``value`` by the schema, or None.

    ``problem`` then says what is wrong, as a model can be told. ``score`` is its mean log-probability;
    ``is_cut`` says that it reached the limit of tokens.
    """

    value: Any
    problem: str
    score: float
    is_cut: bool


@frozen
class Replies:
    """All answers of one asking, in the engine's order, and what they cost."""

    replies: tuple[Reply, ...]
    counters: Counters


async def instruct(
    engine: Engine,
    *,
    slot: str,
    messages: Sequence[Message],
    schema: Schema,
    n: int,
    max_tokens: int,
    attempt: int = 0,
) -> Replies:
    """Ask for ``n`` answers of at most ``max_tokens`` tokens; a further attempt is bolder.

    Raises EngineError.
    """
    generation = await engine.generate(
        GenerateRequest(
            slot=slot,
            messages=tuple(messages),
            grammar=json_grammar(schema),
            n=n,
            max_tokens=max_tokens,
            temperature=TEMPERATURES[min(attempt, len(TEMPERATURES) - 1)],
            seed=attempt,
            greedy_first=attempt == 0,
            stop=None,
        )
    )
    return Replies(tuple(_reply(each, schema) for each in generation.candidates), generation.counters)


def _reply(candidate: Candidate, schema: Schema) -> Reply:
    is_cut = candidate.finish is Finish.MAX_TOKENS
    try:
        value, problem = read_answer(candidate.text, schema), ""
    except NoAnswer as error:
        value, problem = None, "The answer is too long." if is_cut else str(error)
    return Reply(value, problem, candidate.mean_logprob, is_cut)
