"""How tests of a Go file are written and run: the module around it, its package, the test file beside it."""

import re
from pathlib import Path, PurePosixPath

from codenook.server.reasons import Reason
from codenook.server.sandbox.programs import on_path
from codenook.server.sandbox.reading import is_file
from codenook.server.unit_tests.frameworks.framework import NoProject, Project, TestFile
from codenook.server.unit_tests.frameworks.go import GoTest
from codenook.server.unit_tests.frameworks.texts import texts_in
from codenook.server.unit_tests.target import Target

_PACKAGE = re.compile(r"^package (\w+)", re.MULTILINE)
_MOST_OTHERS = 6


def project_of(target: Target) -> Project:
    """How tests of a target are run; raises NoProject where there can be none."""
    root, path = target.root, PurePosixPath(target.path)
    package = _PACKAGE.search(target.text)
    if package is None:
        raise NoProject(Reason.NOT_TESTABLE, f"{target.path} names no package")
    module = _module(root, (root / path).parent)
    if module is None:
        raise NoProject(Reason.NOT_TESTABLE, f"there is no go.mod around {target.path}")
    tests = texts_in((root / path).parent, "_test.go", root)
    inside = {
        each: text for each, text in tests.items() if f"package {package[1]}\n" in text.replace("\r", "")
    }
    usual = root / path.with_name(f"{path.stem}_test.go")
    if usual in tests and usual not in inside:  # it is in a package of its own, from which less is seen
        usual = usual.with_name(f"{path.stem}_internal_test.go")
    name = target.definition.name
    naming = [each for each, text in inside.items() if re.search(rf"\b{re.escape(name)}\b", text)]
    place = usual if usual in inside or len(naming) != 1 else naming[0]
    others = [
        each.relative_to(root).as_posix() for each, text in tests.items() if name in text and each != place
    ]
    return Project(
        root,
        GoTest(module.relative_to(root).as_posix(), package[1]),
        TestFile(place.relative_to(root).as_posix(), inside.get(place)),
        module,
        on_path("go", outside=root),
        tuple(others[:_MOST_OTHERS]),
    )


def _module(root: Path, folder: Path) -> Path | None:
    """The folder of the go.mod that counts, from a folder up to the root."""
    for place in (folder, *folder.parents):
        if is_file(place / "go.mod"):
            return place
        if place == root:
            break
    return None
