"""``workspace/executeCommand``: the commands that actions, lenses and candidates carry.

pygls' own handler goes on with a command that the editor withdrew; here it is cancelled.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from attrs import frozen
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from codenook.server.lsp.accepted import ACCEPTED, accepted
from codenook.server.lsp.comment import COMMENT, CommentParams, comment
from codenook.server.lsp.comment_document import (
    COMMENT_DOCUMENT,
    CommentDocumentParams,
    comment_document,
)
from codenook.server.lsp.dismiss import DISMISS, DismissParams, dismiss
from codenook.server.lsp.fix import FIX, FixParams, fix
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.review import REVIEW, ReviewParams, review
from codenook.server.lsp.translate import TRANSLATE, TranslateParams, translate
from codenook.server.lsp.unit_tests import UNIT_TESTS, UnitTestsParams, unit_tests


@frozen
class Command:
    """What runs a command, and the type of its one argument, which may be left out where that is said."""

    handler: Callable[..., Awaitable[Any]]
    argument: type[Any]
    may_lack: bool = False


COMMANDS: Mapping[str, Command] = {
    ACCEPTED: Command(accepted, str, may_lack=True),
    COMMENT: Command(comment, CommentParams),
    COMMENT_DOCUMENT: Command(comment_document, CommentDocumentParams),
    DISMISS: Command(dismiss, DismissParams),
    FIX: Command(fix, FixParams),
    REVIEW: Command(review, ReviewParams, may_lack=True),
    TRANSLATE: Command(translate, TranslateParams),
    UNIT_TESTS: Command(unit_tests, UnitTestsParams),
}


async def execute_command(server: CodenookServer, params: types.ExecuteCommandParams) -> Any:
    """Run a command and return its result."""
    command, arguments = COMMANDS.get(params.command), params.arguments
    if command is None:
        raise JsonRpcInvalidParams(f"there is no command {params.command!r}")
    if not arguments and command.may_lack:
        return await command.handler(server)
    if arguments is None or len(arguments) != 1:
        raise JsonRpcInvalidParams(f"{params.command} takes one argument, not {len(arguments or ())}")
    return await command.handler(server, server.protocol.structured(arguments[0], command.argument))
