"""Import statements between a test file and its target, the same in all frameworks."""

import re
from collections.abc import Sequence

from codenook.server.unit_tests.frameworks.ecmascript.exports import How
from codenook.server.unit_tests.frameworks.ecmascript.imports import Need
from codenook.server.unit_tests.frameworks.ecmascript.package import relative_module
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.target import Target

_LINE = re.compile(r"import\s+(?:([\w$]+)\s*,?\s*)?(?:\{([^}]*)\})?\s*from\s*['\"]([^'\"\n]+)['\"];?")
_LONGEST = 500


def import_line(name: str, target: Target, project: Project) -> str:
    """The import of a name of the target's file; a test file says it in its own manner."""
    return f"import {{ {name} }} from '{relative_module(project.file.path, target.path)}'"


def needs_of(lines: Sequence[str], path: str, target: str, module: str) -> tuple[list[Need], list[str]]:
    """What import statements need, and those of them that can't be read.

    ``module`` is how the test file at ``path`` names ``target``.
    """
    found: list[Need] = []
    others: list[str] = []
    plain = relative_module(path, target)
    for line in lines:
        read = _LINE.fullmatch(line.strip()) if len(line) <= _LONGEST else None
        if read is None:
            others.append(line)
            continue
        default, named, source = read.groups()
        source = module if source == plain else source
        if default:
            found.append(Need(source, How.DEFAULT if source == module else How.WHOLE, "default", default))
        for each in (part.strip() for part in (named or "").split(",") if part.strip()):
            name, _, alias = each.partition(" as ")
            found.append(Need(source, How.NAMED, name.strip(), (alias or name).strip()))
    return found, others
