"""Which file the name of a JavaScript or TypeScript module stands for."""

# Imports are looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH112, PTH113, PTH117, PTH118, PTH120, PTH122

import os
from collections.abc import Iterator, Sequence

from attrs import define, field

from codenook.context.languages.ecmascript.settings import package_at, paths_at, workspaces
from codenook.context.resolve import Files, Module

DEFAULT = "default"
"""The name of a module's default export, and of what a CommonJS module is as a whole."""

_SUFFIXES = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".d.mts", ".d.cts", ".js", ".jsx", ".mjs", ".cjs")
_WRITTEN_FOR = {
    ".js": (".ts", ".tsx", ".d.ts"),
    ".jsx": (".tsx", ".d.ts"),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}
"""What TypeScript reads where a compiled file is imported."""

_LIBRARIES = "node_modules"
_BUILT = ("dist", "lib", "build", "out", "esm", "cjs", "es", "types", "dist-types", ".")
_SOURCES = ("src", "lib", "source", ".")


@define(eq=False)
class EcmaScriptModules:
    """Modules where TypeScript and bundlers find them; nothing is run for that.

    A relative name is a file, with or without its extension, or a folder with an `index`. Other names are
    looked up in `paths` and `baseUrl` of the nearest `tsconfig.json` or `jsconfig.json`, among the packages
    of the workspace, then in each `node_modules` from the file's folder up to the workspace's root.
    """

    files: Files
    _found: dict[tuple[str, str], Module | None] = field(factory=dict, init=False)

    def module(self, importer: str, name: str) -> Module | None:
        """The module that ``name`` means in the file ``importer``; the file itself for an empty name."""
        if not name:
            return Module((importer,))
        folder = os.path.dirname(importer.removeprefix(f"{self.files.root}/"))
        place = (folder, name)
        if place not in self._found:
            path = next(self._candidates(folder, name), None)
            self._found[place] = Module((path,)) if path else None
        return self._found[place]

    def submodule(self, module: Module, name: str) -> Module | None:
        """The module itself, as the default export of one that has none (CommonJS)."""
        return module if name == DEFAULT else None

    def neighbours(self, path: str) -> Sequence[str]:  # noqa: ARG002 - everything is imported
        """None."""
        return ()

    def homes(self, path: str) -> Sequence[str]:  # noqa: ARG002 - a class is written in one place
        """None."""
        return ()

    def _candidates(self, folder: str, name: str) -> Iterator[str]:
        if name in {".", ".."} or name.startswith(("./", "../")):
            yield from self._file(os.path.join(folder, name))
            return
        yield from self._by_settings(folder, name)
        if name.startswith("#"):
            yield from self._internal(folder, name)
            return
        own = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
        rest = name[len(own) + 1 :]
        place = workspaces(self.files.root).get(own)
        if place is not None:
            yield from self._in_package(place, rest)
        yield from self._in_libraries(folder, own, rest)

    def _by_settings(self, folder: str, name: str) -> Iterator[str]:
        """What the nearest settings of TypeScript say."""
        for above in _upwards(folder):
            if paths := paths_at(self._absolute(above)):
                for target in paths.targets(name):
                    yield from self._file(os.path.join(above, target))
                return

    def _internal(self, folder: str, name: str) -> Iterator[str]:
        """What the package around calls ``name``."""
        for above in _upwards(folder):
            if package := package_at(self._absolute(above)):
                for target in package.internal(name):
                    yield from self._built(above, target)
                return

    def _in_libraries(self, folder: str, own: str, rest: str) -> Iterator[str]:
        """The files of the package ``own`` that is installed nearest."""
        for above in _upwards(folder):
            base = os.path.join(above, _LIBRARIES)
            typed = own.removeprefix("@").replace("/", "__")
            for place in (os.path.join(base, own), os.path.join(base, "@types", typed)):
                if os.path.isdir(self._absolute(place)):
                    yield from self._in_package(place, rest)

    def _in_package(self, place: str, rest: str) -> Iterator[str]:
        """The files that ``rest`` may mean inside of a package; the package itself where it is empty."""
        package = package_at(self._absolute(place))
        for target in package.targets(rest) if package else ():
            yield from self._built(place, target)
        yield from self._file(os.path.join(place, rest) if rest else place)
        for folder in _SOURCES if _LIBRARIES not in place else ():
            yield from self._file(os.path.join(place, folder, rest))

    def _built(self, place: str, target: str) -> Iterator[str]:
        """A file that a package names; where it isn't built, what it is most likely built from."""
        yield from self._file(os.path.join(place, target))
        if _LIBRARIES in place:
            return
        parts = os.path.normpath(target).split("/")
        while len(parts) > 1 and parts[0] in _BUILT:
            parts = parts[1:]
        stem = _without_suffix("/".join(parts))
        for folder in _SOURCES:
            yield from self._file(os.path.join(place, folder, stem))

    def _file(self, path: str) -> Iterator[str]:
        """The source file at ``path``, with any extension, or the index of the folder there."""
        path = os.path.normpath(path)
        if path.startswith("..") or os.path.isabs(path):
            return
        stem, suffix = os.path.splitext(path)
        names = [f"{stem}{other}" for other in _WRITTEN_FOR.get(suffix, ())]
        if suffix in _SUFFIXES:
            names.append(path)
        names += [f"{path}{suffix}" for suffix in _SUFFIXES]
        names += [os.path.join(path, f"index{suffix}") for suffix in _SUFFIXES]
        for name in names:
            if os.path.isfile(self._absolute(name)):
                real = self.files.real(name)
                if _LIBRARIES in real.split("/"):
                    yield self._absolute(real)
                elif not os.path.isabs(real) or _LIBRARIES in name.split("/"):
                    yield real
                return

    def _absolute(self, path: str) -> str:
        return os.path.join(self.files.root, path)


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those around it, up to the workspace's root."""
    above = None
    while folder != above:
        yield folder
        above, folder = folder, os.path.dirname(folder)


def _without_suffix(path: str) -> str:
    for suffix in sorted(_SUFFIXES, key=len, reverse=True):
        if path.endswith(suffix):
            return path.removesuffix(suffix)
    return path
