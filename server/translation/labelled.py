"""A translation that says of itself, in its first row, that it was not proved."""

from codenook.server.terminal import printable
from codenook.server.translation.result import TranslationResult

_COMMENTS = {"python": "#"}


def labelled(result: TranslationResult) -> str | None:
    """The text as it may be shown: of a preview, with a comment that says so before it."""
    if result.text is None or result.reason is None:
        return result.text
    mark = _COMMENTS.get(result.target, "//")
    of = printable(result.path).replace("\\", "/")  # a row of C that ends in \ would go on in the next one
    return f"{mark} A preview ({result.reason}), not proved to do what {of} does.\n{result.text}"
