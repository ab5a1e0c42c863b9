"""How tests of a Rust file are written and run: the crate around it, its test files, a toolchain."""

import re
from pathlib import Path, PurePosixPath

from codenook.context.languages.rust.crates import crate_of
from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.cargo import Cargo
from codenook.server.unit_tests.frameworks.framework import NoProject, Project, TestFile
from codenook.server.unit_tests.frameworks.rust_paths import import_of
from codenook.server.unit_tests.frameworks.rust_toolchain import toolchain_for
from codenook.server.unit_tests.frameworks.texts import text_at, texts_in
from codenook.server.unit_tests.target import Target

_MOST_OTHERS = 6


def project_of(target: Target) -> Project:
    """How tests of a target are run; raises NoProject where there can be none."""
    root = target.root
    crate = crate_of(str(root / target.path), str(root))
    if crate is None:
        raise NoProject(Reason.NOT_TESTABLE, f"there is no Cargo.toml around {target.path}")
    imported = import_of(target, crate)
    package = Path(crate.folder)
    workspace = _workspace(root, package)
    toolchain = toolchain_for(root, package)
    tests = texts_in(package / "tests", ".rs", root)
    name = target.symbol.partition(".")[0]
    naming = [path for path, text in tests.items() if re.search(rf"\b{re.escape(name)}\b", text)]
    stem = PurePosixPath(target.path).stem
    own = [path for path in naming if path.stem in {stem, f"{stem}_test", f"test_{stem}", name.lower()}]
    usual = package / "tests" / f"{_file_name(target, crate.name)}.rs"
    place = next(iter((*own, *(naming if len(naming) == 1 else ()))), usual)
    others = [_relative(root, path) for path in naming if path != place]
    if "#[test]" in target.text:
        others.insert(0, target.path)
    return Project(
        root,
        Cargo(toolchain, _relative(root, workspace), _relative(workspace, package), (imported,)),
        TestFile(_relative(root, place), tests.get(place)),
        workspace,
        toolchain.cargo if toolchain else None,
        tuple(others[:_MOST_OTHERS]),
    )


def _file_name(target: Target, crate: str) -> str:
    path = PurePosixPath(target.path)
    if path.name == "mod.rs":
        return path.parent.name
    return crate if path.name == "lib.rs" else path.stem


def _workspace(root: Path, package: Path) -> Path:
    """The folder whose manifest says that it is a workspace; the package's own without one."""
    for folder in (package, *package.parents):
        if not folder.is_relative_to(root):
            break
        if re.search(r"^\s*\[workspace[].]", text_at(folder / "Cargo.toml", root), re.MULTILINE):
            return folder
    return package


def _relative(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
