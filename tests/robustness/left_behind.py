"""A change that leaves a call behind: the parameter `unit` is new, and a caller doesn't give it."""

from pathlib import Path

from repositories import Built

AREA = "def area(width, height):\n    return width * height\n"
WIDER = "def area(width, height, unit):\n    return width * height * unit\n"
CALL = "from shapes import area\n\nprint(area(1, 2))\n"


def left_behind(top: Path) -> Built:
    """The repository at ``top``, with that change in it, not committed."""
    built = Built(top.resolve())
    built.commit(shapes__py=AREA, cli__py=CALL)
    built.write(shapes__py=WIDER)
    return built
