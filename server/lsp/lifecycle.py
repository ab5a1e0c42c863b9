"""``initialize`` to ``shutdown``, and the editor's settings in between."""

import asyncio
from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from codenook.server.lsp.announced import takes_actions
from codenook.server.lsp.code_lens import refresh
from codenook.server.lsp.diagnostics import check
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.watched_files import ask_for_changes

SECTION = "codenook"
MACHINE = "machine"
DID_CHANGE_MACHINE_SETTINGS = "codenook/didChangeMachineSettings"

CONFIGURATION_TIMEOUT_S = 2.0
"""How long an editor may take to hand out its settings before codenook goes on without them."""

INITIALIZED_TIMEOUT_S = 5.0
"""How long requests wait for an editor to say ``initialized`` before they are answered all the same."""


def initialize(server: CodenookServer, params: types.InitializeParams) -> None:
    """Offer candidates in the one form that suits the editor, and remember the settings it sent along.

    Those under ``machine`` are the user's own: the editor's configuration puts them there by name, while
    everything else may have been merged with what the workspace contains.
    """
    other_form = (
        types.TEXT_DOCUMENT_COMPLETION if server.shows_inline else types.TEXT_DOCUMENT_INLINE_COMPLETION
    )
    server.protocol.fm.features.pop(other_form, None)
    if not takes_actions(params.capabilities):  # kinds are of actions, and such an editor knows commands only
        server.protocol.fm.feature_options.pop(types.TEXT_DOCUMENT_CODE_ACTION, None)
    options = dict(_mapping(params.initialization_options))
    if isinstance(options.get(MACHINE), Mapping):
        server.machine_settings = _mapping(options.pop(MACHINE))
    server.client_settings = _section_of(options)
    server.settling = asyncio.create_task(_settle(server))


async def _settle(server: CodenookServer) -> None:
    """See to it that requests are not kept waiting for ``initialized``."""
    try:
        await asyncio.wait_for(server.configured.wait(), INITIALIZED_TIMEOUT_S)
    except TimeoutError:
        await _configure(server)
        server.configured.set()


async def initialized(server: CodenookServer, _params: types.InitializedParams) -> None:
    """Ask for the editor's settings, and to be told when they change; then everything else may start."""
    try:
        await _pull(server)
        await _configure(server)
    finally:
        server.configured.set()
    _ask_to_be_told(server)
    ask_for_changes(server)


async def did_change_configuration(
    server: CodenookServer, params: types.DidChangeConfigurationParams
) -> None:
    """Take new settings: those sent along or, from an editor that sends none, those it has on asking."""
    sent = _section_of(params.settings)
    if sent:
        server.client_settings = {**server.client_settings, **sent}
    else:
        await _pull(server)
    await _configure(server)


async def did_change_machine_settings(server: CodenookServer, params: Any) -> None:
    """Take the machine's settings anew. A method of its own: no editor sends it because of a workspace."""
    server.machine_settings = params._asdict() if params else {}
    await _configure(server)


async def shutdown(server: CodenookServer, _params: None) -> None:
    """Let go of the engine, which lives on for the user's other windows, and stop building indexes."""
    server.has_shut_down = True
    server.indexes.follow([])
    await server.let_go()


async def _configure(server: CodenookServer) -> None:
    """Read all settings again, and look at what is open with them."""
    before = server.settings
    await server.configure()
    if server.configured.is_set():  # until then, nobody was answered
        refresh(server, before)
    for opened in server.documents.values():
        check(server, opened)


async def _pull(server: CodenookServer) -> None:
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return
    wanted = types.ConfigurationParams(items=[types.ConfigurationItem(section=SECTION)])
    asking = asyncio.ensure_future(server.workspace_configuration_async(wanted))
    # Not wait_for: pygls fails on the answer to a request that it was told to forget.
    await asyncio.wait([asking], timeout=CONFIGURATION_TIMEOUT_S)
    if asking.done() and asking.exception() is None and (answer := asking.result()):
        server.client_settings = {**server.client_settings, **_section_of(answer[0])}


def _ask_to_be_told(server: CodenookServer) -> None:
    workspace = server.client_capabilities.workspace
    changes = workspace and workspace.did_change_configuration
    if not changes or not changes.dynamic_registration:
        return
    method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
    options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
    server.client_register_capability(
        types.RegistrationParams([types.Registration(id=method, method=method, register_options=options)])
    )


def _section_of(values: object) -> Mapping[str, object]:
    """Return the settings among ``values``, which may hold them under ``codenook`` or be them."""
    if not isinstance(values, Mapping):
        return {}
    return _mapping(values.get(SECTION, values))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
