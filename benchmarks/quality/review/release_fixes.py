"""Small changes of code between consecutive releases of packages that the model wasn't trained on."""

import ast
import builtins
import hashlib
import io
import keyword
import re
import subprocess
import sys
import tokenize
import tomllib
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from attrs import frozen
from bug_cases import Case, rewritten

from codenook.context.usage import is_test
from codenook.server.review.scope.change import Hunk, Text
from codenook.server.review.scope.compare import hunks

MANIFEST = Path(__file__).with_name("releases.toml")

MOST_LINES, MOST_TOKENS = 3, 4
"""Lines and tokens that a fix changes at most: what a slip of a hand needs."""

_WORDLESS = {
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.COMMENT,
    tokenize.ENDMARKER,
}
_TEXTS = {tokenize.STRING, tokenize.COMMENT}
_NO_SLIPS = {"->", "import", "|", "Optional", "Union", "__version__", "__version_info__"}

Edit = tuple[tuple[str, ...], tuple[str, ...]]
"""Tokens that were taken away, and those that came in their place."""


class ReleasesMissing(Exception):
    """Releases are not there, can't be fetched, or are not what is pinned; the message says which."""


@frozen
class Release:
    """A wheel that the manifest pins."""

    package: str
    version: str
    archive: str
    sha256: str


@frozen
class Pair:
    """A release and the one after it; ``split`` says whether it is fitted on or reported on."""

    split: str
    old: Release
    new: Release


def read_manifest() -> list[Pair]:
    """The pinned pairs, in the order of the manifest."""
    table = tomllib.loads(MANIFEST.read_text("utf-8"))
    return [
        Pair(split, *(Release(package, **release) for release in pair))
        for split in ("fit", "report")
        for package, pairs in table[split].items()
        for pair in pairs
    ]


def fetch(pairs: Sequence[Pair], folder: Path) -> None:
    """Have pip fetch the wheels that ``folder`` lacks; they are read and never installed."""
    folder.mkdir(parents=True, exist_ok=True)
    for release in (release for pair in pairs for release in (pair.old, pair.new)):
        if (folder / release.archive).exists():
            continue
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
        wanted = f"{release.package}=={release.version}"
        ran = subprocess.run(
            [sys.executable, "-m", "pip", "download", *options, wanted],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise ReleasesMissing(f"pip could not fetch {wanted}: {ran.stderr.strip()}")


def fixes(pairs: Sequence[Pair], folder: Path, split: str) -> Iterator[Case]:
    """The small changes of code in the pairs of a split; raises ReleasesMissing."""
    for pair in pairs:
        if pair.split == split:
            old, new = (sources(folder, release) for release in (pair.old, pair.new))
            yield from _of_files(f"{pair.new.package} {pair.new.version}", old, new)


def sources(folder: Path, release: Release) -> Mapping[str, str]:
    """The Python files of a release without its tests, by path; raises ReleasesMissing."""
    archive = folder / release.archive
    if not archive.is_file():
        raise ReleasesMissing(f"{folder} lacks {release.archive}; --fetch fetches it")
    content = archive.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != release.sha256:
        raise ReleasesMissing(f"{archive}: its SHA-256 is {found}, releases.toml says {release.sha256}")
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        return {
            name: wheel.read(name).decode("utf-8", "replace").replace("\r\n", "\n")
            for name in wheel.namelist()
            if name.endswith(".py") and not _is_left_out(name)
        }


def _is_left_out(name: str) -> bool:
    stems = {PurePosixPath(part).stem.strip("_") for part in PurePosixPath(name).parts}
    return is_test(name) or bool(stems & {"tests", "test", "vendor", "version", "about"})


def _of_files(release: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Case]:
    """The slips in a release; what was replaced by the same in several places was renamed."""
    found: list[tuple[str, Hunk, Edit]] = []
    for path in sorted(old.keys() & new.keys()):
        before, after = Text(old[path]), Text(new[path])
        small = (
            hunk
            for hunk in hunks(before, after)
            if 0 < hunk.n_old <= MOST_LINES and 0 < hunk.n_new <= MOST_LINES
        )
        found += [(path, hunk, edit) for hunk in small if (edit := _edit(before, after, hunk))]
    times = Counter(edit for _, _, edit in found)
    for path, hunk, edit in found:
        wrong = _taken_back(Text(old[path]), Text(new[path]), hunk)
        if times[edit] == 1 and _knows(wrong, edit) and _differ(wrong, new[path]):
            yield rewritten(f"{release} {path}:{hunk.new_start}", path, wrong, new[path])


def _taken_back(before: Text, after: Text, hunk: Hunk) -> str:
    """The new text with the old lines of one hunk."""
    old = before.text[before.offset(hunk.old_start, 1) : before.offset(hunk.old_start + hunk.n_old, 1)]
    start, end = (after.offset(line, 1) for line in (hunk.new_start, hunk.new_start + hunk.n_new))
    return after.text[:start] + old + after.text[end:]


def _edit(before: Text, after: Text, hunk: Hunk) -> Edit | None:
    """The few tokens of code in which lines differ; None where strings, comments or types do, or many."""
    one, other = (_tokens(text, lines) for text, lines in ((before, hunk.removed), (after, hunk.added)))
    away, added, most = [], [], 0
    for tag, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            away += one[i:j]
            added += other[k:m]
            most += max(j - i, m - k)
    is_small = bool(one and other) and 0 < most <= MOST_TOKENS
    words = {word for _, word in (*one, *other, *away, *added)}
    if ":" in {word for _, word in added} - {word for _, word in away}:  # a type was written down
        return None
    if not is_small or any(kind in _TEXTS for kind, _ in (*away, *added)) or words & _NO_SLIPS:
        return None
    return tuple(word for _, word in away), tuple(word for _, word in added)


def _knows(wrong: str, edit: Edit) -> bool:
    """Whether the names that the fix brings were there: a new one is no slip."""
    known = set(re.findall(r"\w+", wrong)) | {*dir(builtins), *keyword.kwlist}
    return all(not word.isidentifier() or word in known for word in edit[1])


def _tokens(text: Text, lines: range) -> list[tuple[int, str]]:
    source = "\n".join(text.line(line).strip() for line in lines)
    try:
        found = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return []
    return [(token.type, token.string) for token in found if token.type not in _WORDLESS and token.string]


def _differ(wrong: str, right: str) -> bool:
    """Whether both are code, and not the same but for documentation."""
    one, other = _tree(wrong), _tree(right)
    return bool(one and other) and one != other


def _tree(text: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return ""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_string(one)]
    return ast.dump(tree)


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
