"""The code actions that carry ``codenook.translate``: of a definition, and of a file."""

from lsprotocol import types

from codenook.server.lsp.announced import shows_disabled, tags_of_model, takes_actions, takes_edits
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.positions import span_of
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.translate import TRANSLATE
from codenook.server.lsp.translation_target import known_targets
from codenook.server.tasks.definitions import definitions
from codenook.server.tasks.document import Document
from codenook.server.tasks.translation_offers import translatable_at

KIND = TRANSLATE
SOURCE_KIND = f"{types.CodeActionKind.Source.value}.{TRANSLATE}"

N_NAMED = 2
"""More languages than these are not named in an action each: the user is asked for one."""

Actions = list[types.Command | types.CodeAction]


async def translate_actions(server: CodenookServer, snapshot: Document, wanted: types.Range) -> Actions:
    """Translations of what is around a range, or why there can be none; nothing runs before one is chosen."""
    if not takes_edits(server.client_capabilities):
        return []
    start, end = span_of(snapshot.text, wanted, server.encoding)
    found = await in_worker(translatable_at, snapshot, start, end)
    return _actions(server, snapshot, KIND, f"Translate {found.name}", found.symbol) if found else []


async def translate_file(server: CodenookServer, snapshot: Document) -> Actions:
    """Translations of a file in which there is something to translate."""
    if not takes_edits(server.client_capabilities) or not await in_worker(definitions, snapshot):
        return []
    return _actions(server, snapshot, SOURCE_KIND, "Translate this file")


def _actions(server: CodenookServer, snapshot: Document, kind: str, title: str, symbol: str = "") -> Actions:
    announced = server.client_capabilities
    known = known_targets(server, snapshot)
    able = [each for each in known if not each.why_not]
    if known and not able:
        disabled = types.CodeActionDisabled(known[0].why_not)
        whole = f"{title} to another language"
        is_shown = takes_actions(announced) and shows_disabled(announced)
        return [types.CodeAction(whole, kind=kind, disabled=disabled)] if is_shown else []
    offered = {f"{title} to another language…": ""} if able else {}
    if len(able) <= N_NAMED:
        offered = {f"{title} to {each.title}": each.language for each in able}
    argument = {"uri": snapshot.uri, "symbol": symbol, "position": None, "version": snapshot.version}
    commands = [
        types.Command(name, TRANSLATE, arguments=[{**argument, "to": language}])
        for name, language in offered.items()
    ]
    if not takes_actions(announced):
        return list(commands)
    tags = tags_of_model(announced)
    return [types.CodeAction(each.title, kind=kind, command=each, tags=tags) for each in commands]
