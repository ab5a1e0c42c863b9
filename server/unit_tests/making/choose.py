"""Which maker asks which model, and what it is made with."""

from collections.abc import Sequence

from codenook.context.manager import ContextManager
from codenook.context.tasks import Task
from codenook.models.engine.client import Engine
from codenook.server.config import Settings
from codenook.server.tasks.budget import n_context
from codenook.server.tasks.jobs import Strategy, strategy_of
from codenook.server.unit_tests.case import Call, Test
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.kit import Kit
from codenook.server.unit_tests.making.chat_maker import ChatMaker
from codenook.server.unit_tests.making.infill_maker import InfillMaker
from codenook.server.unit_tests.making.maker import Maker
from codenook.server.unit_tests.making.material import Material
from codenook.server.unit_tests.target import Target


async def maker_for(
    target: Target,
    project: Project,
    kit: Kit,
    *,
    known: ContextManager,
    engine: Engine,
    settings: Settings,
    calls: Sequence[Call] = (),
    examples: Sequence[Test] = (),
) -> Maker:
    """The maker for the engine's model.

    ``calls`` are those that are known already, ``examples`` tests of them, which show a model the manner.
    Raises EngineError.
    """
    model = await engine.ready()
    context = await known.for_definition(
        path=target.root / target.path,
        text=target.text,
        language=target.language,
        symbol=target.symbol,
        task=Task.UNIT_TESTS,
        budget=n_context(settings, model),
        count_tokens=engine.count_tokens,
    )
    kind = ChatMaker if strategy_of(model) is Strategy.CHAT else InfillMaker
    return kind(
        Material(
            engine,
            settings,
            model,
            kit,
            target,
            project,
            slot=f"{target.root}\n{target.path}\nunit tests",
            context=context,
            calls=calls,
            examples=examples,
        )
    )
