"""Inspection: what the model would be shown of other files for a task at a cursor."""

from attrs import frozen

from codenook.context.git.hunks import Hunk
from codenook.context.snippets import Context
from codenook.context.tasks import Task
from codenook.models.engine.client import Engine
from codenook.server.config import Settings
from codenook.server.tasks.budget import n_context
from codenook.server.tasks.completion import CompletionRequest
from codenook.server.tasks.workspaces import Workspaces


@frozen
class Inspection:
    """Chooses context as the tasks do, and asks the model for nothing but prices."""

    engine: Engine
    settings: Settings
    workspaces: Workspaces

    async def __call__(self, request: CompletionRequest, task: Task) -> Context | None:
        """The context of a ``task`` at the cursor of ``request``; raises EngineError.

        A review is asked for as if the cursor's line had changed, the other tasks but completion for the
        definition around the cursor: None where there is none.
        """
        document, manager = request.document, self.workspaces.of(request.workspace)
        budget = n_context(self.settings, await self.engine.ready())
        if task is Task.COMPLETION:
            return await manager.for_completion(
                path=document.path,
                text=document.text,
                offset=request.offset,
                language=document.language,
                budget=budget,
                count_tokens=self.engine.count_tokens,
            )
        line = document.text.count("\n", 0, request.offset) + 1
        await manager.warm(path=document.path, text=document.text, language=document.language)
        if task is Task.REVIEW:
            return await manager.for_changes(
                hunks=[Hunk(document.path, line, line)],
                texts={document.path: document.text},
                budget=budget,
                count_tokens=self.engine.count_tokens,
            )
        definition = await manager.definition_at(
            path=document.path, text=document.text, language=document.language, line=line
        )
        if definition is None:
            return None
        return await manager.for_definition(
            path=document.path,
            text=document.text,
            language=document.language,
            symbol=definition.symbol,
            task=task,
            budget=budget,
            count_tokens=self.engine.count_tokens,
        )
