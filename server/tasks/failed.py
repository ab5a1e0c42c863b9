"""Where codenook failed itself, for its log."""

import traceback


def place_of(error: Exception) -> str:
    """The line of codenook's own that an error came through last (``module:line``)."""
    frames = [
        (frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    module, line = [each for each in frames if each[0].startswith("codenook.")][-1]
    return f"{module}:{line}"
