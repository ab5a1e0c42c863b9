"""Which maker asks which model, and what it is made with."""

from codenook.context.manager import ContextManager
from codenook.context.parse import Language
from codenook.context.tasks import Task
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import ModelWithoutFim
from codenook.server.config import Settings
from codenook.server.tasks.budget import n_context
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Strategy, strategy_of
from codenook.server.translation.making.chat_maker import ChatMaker
from codenook.server.translation.making.infill_maker import InfillMaker
from codenook.server.translation.making.maker import Maker
from codenook.server.translation.making.material import Material


async def maker_for(
    document: Document,
    symbol: str,
    path: str,
    target: Language,
    target_path: str,
    *,
    known: ContextManager,
    engine: Engine,
    settings: Settings,
    slot: str,
) -> Maker:
    """The maker for the engine's model and a definition (``symbol``) of a document at ``path``.

    Raises EngineError, also where the model can neither be instructed nor fill in.
    """
    model = await engine.ready()
    strategy = strategy_of(model)
    if strategy is Strategy.INFILL and not model.family:
        raise ModelWithoutFim(
            f"{model.name} can't fill in code: {model.fim_problem or 'it has no FIM tokens'}"
        )
    context = await known.for_definition(
        path=document.path,
        text=document.text,
        language=document.language,
        symbol=symbol,
        task=Task.TRANSLATION,
        budget=n_context(settings, model),
        count_tokens=engine.count_tokens,
    )
    material = Material(
        engine, settings, model, path, document.language, target.id, target_path, slot, context
    )
    kind = ChatMaker if strategy is Strategy.CHAT else InfillMaker
    return kind(material, target)
