"""How many tokens the parts of a prompt may have, with these settings and this model."""

from codenook.models.engine.messages import ModelInfo
from codenook.server.config import Settings

SUFFIX_SHARE, CONTEXT_SHARE = 0.22, 0.26
"""At most these parts of the prompt go to code after the cursor and to snippets."""

_ANSWER_SHARE = 1 / 8
"""At most this part of what the model can hold goes to one candidate."""


def n_answer(settings: Settings, model: ModelInfo) -> int:
    """How long one candidate may get."""
    return min(settings.n_max_tokens, int(_ANSWER_SHARE * model.n_ctx))


def n_prompt(settings: Settings, model: ModelInfo) -> int:
    """How many tokens a prompt may have."""
    return min(settings.n_prompt_tokens, model.n_ctx - n_answer(settings, model))


def n_context(settings: Settings, model: ModelInfo) -> int:
    """How many of them may be snippets of other files."""
    return min(settings.n_context_tokens, int(CONTEXT_SHARE * n_prompt(settings, model)))
