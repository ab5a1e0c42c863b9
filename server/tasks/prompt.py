"""What the model is asked for a completion: the prompt, laid out for its family, and how it answers."""

from pathlib import Path

from codenook.context.snippets import Context, CountTokens
from codenook.models.engine.errors import ModelWithoutFim
from codenook.models.engine.messages import GenerateRequest, ModelInfo
from codenook.models.prompts.families import FAMILIES
from codenook.models.prompts.fim import Special
from codenook.models.prompts.layouts import Infill, line_comment
from codenook.server.config import Settings
from codenook.server.tasks.budget import SUFFIX_SHARE, n_answer, n_prompt
from codenook.server.tasks.cursor import Cursor
from codenook.server.tasks.document import Document
from codenook.server.tasks.memory import memory_name
from codenook.server.tasks.window import around, n_lines_beyond

N_CONTROL_TOKENS = 8
"""Room for the control tokens of a prompt besides those before each snippet."""

N_PARTING = 2
"""Of several candidates, so many leave the greedy one where something else is nearly as likely.

They take the place of one that is drawn, so there is one more than is shown: some fail their checks.
"""


async def completion_prompt(
    document: Document,
    offset: int,
    workspace: Path | None,
    *,
    context: Context,
    model: ModelInfo,
    settings: Settings,
    count_tokens: CountTokens,
    n_candidates: int | None = None,
) -> GenerateRequest:
    """Return the request for a completion at ``offset`` (code points), within the budgets of ``settings``.

    Raises ModelWithoutFim for a model that can't fill in code, and what ``count_tokens`` raises.
    """
    if not model.family:
        raise ModelWithoutFim(f"{model.name} can't fill in code: {model.fim_problem}")
    n_wanted = n_candidates or settings.n_candidates
    n_tokens = n_prompt(settings, model)
    n_suffix = int(SUFFIX_SHARE * n_tokens)
    path = document.path_in(workspace)
    repository = workspace.name if workspace and Special.REPOSITORY in model.special else ""
    n_names = sum(await count_tokens([f"{path}\n", repository]))
    n_control = len(context.snippets) + N_CONTROL_TOKENS
    window = await around(
        document.text,
        offset,
        n_prefix=n_tokens - n_suffix - context.tokens - n_names - n_control,
        n_suffix=n_suffix,
        count_tokens=count_tokens,
    )
    n_above, n_below = n_lines_beyond(document.text, offset - len(window.prefix), offset + len(window.suffix))
    return GenerateRequest(
        slot=f"{workspace}\n{document.uri}\ncompletion",
        prompt=FAMILIES[model.family].prompt(
            Infill(
                blocks=context.blocks,
                path=path,
                prefix=window.prefix,
                suffix=window.suffix,
                repository=repository,
                comment=line_comment(document.language),
            )
        ),
        n=max(1, n_wanted - 1),
        n_parting=N_PARTING if n_wanted > 1 else 0,
        max_tokens=n_answer(settings, model),
        memory=memory_name(document, workspace) if settings.memory else None,
        document=path,
        n_lines_above=n_above,
        n_lines_below=n_below,
        stop=Cursor.at(document.text, offset).stop_rule(document.language),
    )
