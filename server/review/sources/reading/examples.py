"""An example of a rule as a change, so that a model is asked about it as about any other."""

from codenook.server.review.scope.change import ChangedFile, Hunk, Text
from codenook.server.review.team import TeamRule


def example(rule: TeamRule, text: str) -> ChangedFile:
    """A new file that says ``text``."""
    new = Text(text)
    return ChangedFile(rule.example_path, None, None, new, (Hunk(1, 0, 1, new.n_lines),))
