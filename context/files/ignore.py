"""Ignore files as git reads them, and which of them count in a folder."""

import re
import warnings
from collections.abc import Container
from functools import lru_cache
from pathlib import Path

from attrs import evolve, frozen
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from codenook.context.files.repository import exclude_file, global_file, text_of, top_above

DEFAULTS = """
.hg/
.svn/
.jj/
node_modules/
bower_components/
site-packages/
.venv/
venv/
__pycache__/
.tox/
.nox/
.eggs/
*.egg-info/
.*_cache/
.cache/
.hypothesis/
.gradle/
.next/
.nuxt/
.svelte-kit/
.turbo/
.terraform/
Pods/
DerivedData/
CMakeFiles/
build/
dist/
target/
"""
"""Libraries, caches and what is built from the sources: patterns that any ignore file can take back."""

_LAST_STARS = re.compile(r"(^!?|/)(\*\*?)(/?)$")

_BRACKETS, _RANGE = re.compile(r"\[(?:\\.|[^\]\\])+\]"), re.compile(r"([^\\\[])-([^\]])")
_STAR, _FOLDERS = re.escape("[^/]*"), re.escape("(?:/.+)?")  # what pathspec makes of * and /**
_STAR_AND_NEXT = re.compile(rf"{_STAR}((?:(?!{_STAR})(?:\[\^/\]|[^/]))*?)(?={_STAR})")
_FOLDERS_AND_NEXT = re.compile(rf"{_FOLDERS}((?:(?!{_FOLDERS}).)+?)(?={_FOLDERS})")


@frozen
class _Pattern:
    regex: re.Pattern[str]
    excludes: bool


@frozen
class Patterns:
    """The patterns of one ignore file, the last first: that is the one that decides."""

    _patterns: tuple[_Pattern, ...]

    def verdict(self, path: str) -> bool | None:
        """Whether a path is excluded, a folder's with a slash at its end; None when no pattern matches it.

        Only what matches the path itself counts, not what matches a folder above it: git, too, asks folder
        by folder.
        """
        for pattern in self._patterns:
            if pattern.regex.fullmatch(path):
                return pattern.excludes
        return None


@lru_cache(maxsize=1024)
def parsed(text: str) -> Patterns:
    """The patterns of an ignore file's text; those that git cannot read match nothing."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    patterns = (_pattern(line) for line in reversed(lines))
    return Patterns(tuple(pattern for pattern in patterns if pattern is not None))


def _pattern(line: str) -> _Pattern | None:
    # pathspec shortens patterns that end in stars to ones that match a part of the path; a star that has
    # to match something comes to the same and is left as it is.
    line = _BRACKETS.sub(_without_backward_ranges, line)
    line = _LAST_STARS.sub(lambda m: m[1] + ("**/?*" if m[2] == "**" else "?*") + m[3], line.rstrip())
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # a [ within [ ]
            regex, excludes = GitIgnoreSpecPattern.pattern_to_regex(line)
            return None if regex is None else _Pattern(re.compile(_without_retries(regex)), bool(excludes))
    except (ValueError, re.error):
        return None


def _without_backward_ranges(brackets: re.Match[str]) -> str:
    """Of ``b-a`` git reads the first character; in an expression it would be an error."""
    return _RANGE.sub(lambda found: found[0] if found[1] <= found[2] else found[1], brackets[0])


def _without_retries(regex: str) -> str:
    """The same expression, in which all stars but the last settle for the first place where the rest fits.

    That is enough, and keeps a pattern of many stars from trying every way to divide a path.
    """
    regex = _STAR_AND_NEXT.sub(r"(?>[^/]*?\1)", regex)
    return _FOLDERS_AND_NEXT.sub(r"(?>(?:/.+?)??\1(?=/))", regex)


@frozen
class _Layer:
    """Patterns that count in a folder; ``n_above`` is its path's length with the slash, in characters."""

    patterns: Patterns
    n_above: int
    is_git: bool = True


@frozen
class Rules:
    """The ignore files that count in a folder, those with the last word at the end.

    Paths are absolute, with forward slashes, a folder's with one at its end.
    """

    _layers: tuple[_Layer, ...]

    @classmethod
    def above(cls, root: Path) -> "Rules":
        """What counts at ``root`` before its own files are read: from the top of its working tree down."""
        top = top_above(root) or root
        rules = cls(()).within(_path(top), {".git"})
        between = [folder for folder in reversed(root.parents) if folder.is_relative_to(top)]
        for folder in between:
            rules = rules.with_files_of(_path(folder), {".gitignore", ".codenookignore"})
        return rules

    def within(self, folder: str, names: Container[str]) -> "Rules":
        """The rules inside a folder that holds ``names``.

        The top of another working tree begins anew: of the rules above it only codenook's own stay.
        """
        rules = self
        if ".git" in names:
            texts = (DEFAULTS, text_of(global_file()), text_of(exclude_file(Path(folder))))
            begun = tuple(_Layer(parsed(text), len(folder)) for text in texts)
            rules = Rules((*begun, *(layer for layer in self._layers if not layer.is_git)))
        return rules.with_files_of(folder, names)

    def with_files_of(self, folder: str, names: Container[str]) -> "Rules":
        """The rules and the ignore files of a folder that are among ``names``."""
        layers = tuple(
            _Layer(parsed(text_of(path)), len(folder), is_git=name == ".gitignore")
            for name in (".gitignore", ".codenookignore")
            if name in names and not (path := Path(folder, name)).is_symlink()
        )
        return evolve(self, layers=(*self._layers, *layers)) if layers else self

    def exclude(self, path: str) -> bool:
        """Whether a path in the folder is excluded."""
        for layer in reversed(self._layers):
            verdict = layer.patterns.verdict(path[layer.n_above :])
            if verdict is not None:
                return verdict
        return False


def _path(folder: Path) -> str:
    return folder.as_posix().rstrip("/") + "/"
