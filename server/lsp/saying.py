"""One line to the user, which may quote a project."""

from lsprotocol import types

from codenook.server.lsp.language_server import CodenookServer
from codenook.server.terminal import printable


def say(server: CodenookServer, text: str) -> None:
    """Show one line. Nothing of it is a link, as some editors show: it may quote a project."""
    line = printable(text).replace("](", "] (")
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"codenook: {line}"))
