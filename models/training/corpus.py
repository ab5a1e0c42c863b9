"""The corpus: fetch the packages that the manifest pins, check their licences, keep the clean Python.

``WORK/corpus/SPLIT/PACKAGE/`` holds each package as a workspace of its own, paths as its users import them.
Whole packages are held out, because a file's neighbours give away what stands in it.
"""

import ast
import email
import hashlib
import json
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from email.message import Message
from pathlib import Path, PurePosixPath
from random import Random

from attrs import asdict, field, frozen

MANIFEST = Path(__file__).with_name("manifest.toml")
SPLITS = ("train", "validation", "test")

MAX_FILE_BYTES = 200_000
MAX_LINE_CHARS = 400
MAX_MEAN_LINE_CHARS = 80
MIN_CODE_LINES = 5
MAX_DIGITS_SHARE = 0.2  # of all characters: above this a file is a table of numbers
MAX_LITERALS_SHARE = 0.6  # of all lines: above this a file is a table of strings
TESTS_KEPT = 0.15  # share of the test files that stays: tests repeat themselves

PERMISSIVE = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0"}
CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD",
    "License :: OSI Approved :: Apache Software License": "Apache",
    "License :: OSI Approved :: Python Software Foundation License": "PSF",
}

UNWANTED = {
    "vendored": re.compile(r"(^|/)(_?vendor(ed)?|_bundled|third_?party|site-packages|dist-packages)(/|$)"),
    "tables": re.compile(
        r"^(pydoc_data|ensurepip|lib2to3|config-[^/]*|encodings/(?!__init__|aliases|idna|punycode|utf_8))"
        r"|(^|/)(_sysconfigdata[^/]*|__phello__[^/]*)|(^|/)(locale|migrations)/"
    ),
}
TEST = re.compile(r"(^|/)(tests?|testing|idle_test)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$")
GENERATED = re.compile(
    r"generated (by|from|using)|do not (edit|modify)|auto-?generated|machine generated", re.IGNORECASE
)


class CorpusError(Exception):
    """The corpus cannot be made as the manifest asks; the message says why."""


@frozen
class Pin:
    """One release that the manifest names."""

    name: str
    split: str
    version: str
    licence: str
    sha256: str


@frozen
class PackageStats:
    """What cleaning left of one package."""

    name: str
    split: str
    version: str
    licence: str
    files: int
    n_bytes: int
    dropped: dict[str, int] = field(factory=dict)


def read_manifest(path: Path = MANIFEST) -> list[Pin]:
    """Return the pins of all splits; a licence that is not permissive is an error."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    pins = [Pin(name, split, **entry) for split in SPLITS for name, entry in table.get(split, {}).items()]
    for pin in pins:
        if pin.licence not in PERMISSIVE:
            raise CorpusError(f"{pin.name}: {pin.licence} is not one of {', '.join(sorted(PERMISSIVE))}")
    return pins


def fetch(pin: Pin, folder: Path) -> Path:
    """Return the pinned wheel, downloaded with pip unless ``folder`` has it already."""
    folder.mkdir(parents=True, exist_ok=True)
    pattern = f"{pin.name.replace('-', '_')}-{pin.version}-*.whl"
    if not list(folder.glob(pattern)):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        command += ["--only-binary", ":all:", "--platform", "any", "--abi", "none", "--implementation", "py"]
        done = subprocess.run(
            [*command, f"{pin.name}=={pin.version}"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CorpusError(
                f"{pin.name}=={pin.version}: pip found no such wheel\n{done.stderr.strip()[-400:]}"
            )
    (wheel,) = folder.glob(pattern)
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != pin.sha256:
        raise CorpusError(f"{wheel.name}: the content's hash is not the one in the manifest")
    check_licence(pin, wheel)
    return wheel


def check_licence(pin: Pin, wheel: Path) -> None:
    """Raise unless the licence that the wheel declares is the one in the manifest."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n)]
        metadata = email.message_from_bytes(archive.read(name))
    declared = declared_licences(metadata)
    if not any(pin.licence == licence or pin.licence.startswith(f"{licence}-") for licence in declared):
        raise CorpusError(
            f"{wheel.name}: declares {declared or 'no licence'}, the manifest says {pin.licence}"
        )


def declared_licences(metadata: Message) -> list[str]:
    """Return what a package says of its licence: an SPDX expression, else the families of its classifiers.

    A family (``BSD``) stands for all its variants. A classifier outside the permissive families is
    returned as it is, alone, and so matches nothing.
    """
    if expression := metadata.get("License-Expression"):
        return [str(expression)]
    classifiers = [c for c in metadata.get_all("Classifier", []) if c.startswith("License :: ")]
    if unknown := [c for c in classifiers if c not in CLASSIFIERS]:
        return unknown
    return [CLASSIFIERS[c] for c in classifiers] or [str(metadata.get("License", ""))]


def wheel_files(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the Python files of a wheel with their paths."""
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".py") and ".data/" not in name:
                yield name, archive.read(name)


def standard_library_files() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the running Python's standard library with their paths."""
    root = Path(sysconfig.get_path("stdlib"))
    paths = (path for path in root.rglob("*.py") if not UNWANTED["vendored"].search(path.as_posix()))
    for path in sorted(paths):
        yield path.relative_to(root).as_posix(), path.read_bytes()


def why_dropped(path: str, content: bytes, random: Random) -> str | None:
    """Say why a file is not worth learning from; None when it is."""
    for reason, pattern in UNWANTED.items():
        if pattern.search(path):
            return reason
    if len(content) > MAX_FILE_BYTES:
        return "too large"
    try:
        text = content.decode("utf-8")
        tree = ast.parse(text)
    except (UnicodeDecodeError, SyntaxError, ValueError):
        return "not Python in UTF-8"
    if TEST.search(path) and random.random() > TESTS_KEPT:
        return "tests"
    return why_text_dropped(text, tree)


def why_text_dropped(text: str, tree: ast.Module) -> str | None:
    """Say why a file's text is not worth learning from; None when it is."""
    lines = text.splitlines()
    n_code = sum(not (line.strip() or "#").startswith("#") for line in lines)
    n_digits = sum(character.isdigit() for character in text)
    reasons = {
        "too short": n_code < MIN_CODE_LINES,
        "generated": bool(GENERATED.search("\n".join(lines[:15]))),
        "minified": max(map(len, lines), default=0) > MAX_LINE_CHARS
        or len(text) > MAX_MEAN_LINE_CHARS * len(lines),
        "tables": n_digits > MAX_DIGITS_SHARE * len(text)
        or literal_lines(tree) > MAX_LITERALS_SHARE * len(lines),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def literal_lines(tree: ast.Module) -> int:
    """Count the lines that the module's top-level lists, tuples, sets and dictionaries take."""
    values = [n.value for n in tree.body if isinstance(n, ast.Assign | ast.AnnAssign)]
    tables = [v for v in values if isinstance(v, ast.List | ast.Tuple | ast.Set | ast.Dict)]
    return sum((v.end_lineno or v.lineno) - v.lineno + 1 for v in tables)


def clean(
    files: Iterable[tuple[str, bytes]], seen: set[bytes], dropped: Counter[str]
) -> Iterator[tuple[str, str]]:
    """Yield the files worth keeping, with Unix line ends; ``seen`` holds hashes of what came before."""
    random = Random(0)
    for path, content in files:
        unix = content.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf")
        digest = hashlib.sha256(unix).digest()
        reason = "duplicate" if digest in seen else why_dropped(path, unix, random)
        seen.add(digest)
        if reason:
            dropped[reason] += 1
        else:
            yield path, unix.decode("utf-8")


def store(files: Iterable[tuple[str, str]], root: Path) -> tuple[int, int]:
    """Write files under ``root``; return how many, and their bytes."""
    n_files = n_bytes = 0
    for path, text in files:
        target = root / PurePosixPath(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        n_bytes += target.write_bytes(text.encode("utf-8"))
        n_files += 1
    return n_files, n_bytes


def build(work: Path, manifest: Path = MANIFEST) -> list[PackageStats]:
    """Fetch and clean everything that the manifest names; write ``WORK/corpus`` and its statistics.

    Held-out packages come first, so that a file they share with a trained package stays held out.
    """
    pins = sorted(read_manifest(manifest), key=lambda pin: pin.split == "train")
    sources = [(pin, wheel_files(fetch(pin, work / "wheels"))) for pin in progress(pins)]
    version = ".".join(map(str, sys.version_info[:3]))
    sources.append((Pin("python", "train", version, "PSF-2.0", ""), standard_library_files()))
    seen: set[bytes] = set()
    stats = []
    for pin, files in sources:
        dropped: Counter[str] = Counter()
        n_files, n_bytes = store(clean(files, seen, dropped), work / "corpus" / pin.split / pin.name)
        stats.append(
            PackageStats(pin.name, pin.split, pin.version, pin.licence, n_files, n_bytes, dict(dropped))
        )
        print(
            f"{pin.split:<10} {pin.name:<14} {n_files:5d} files {n_bytes / 1e6:6.2f} MB"
            f"  dropped {dict(dropped)}"
        )
    (work / "corpus.json").write_text(json.dumps([asdict(s) for s in stats], indent=1), encoding="utf-8")
    for split in SPLITS:
        n_bytes = sum(s.n_bytes for s in stats if s.split == split)
        print(f"{split:<10} {n_bytes / 1e6:.2f} MB")
    return stats


def progress(pins: list[Pin]) -> Iterator[Pin]:
    """Yield the pins, naming each on the way."""
    for number, pin in enumerate(pins, 1):
        print(f"fetch {number}/{len(pins)} {pin.name} {pin.version} ({pin.licence})", flush=True)
        yield pin


def files_of(work: Path, split: str) -> list[tuple[str, str, str]]:
    """Return (package, path, text) of every file of a split, sorted."""
    root = work / "corpus" / split
    found = []
    for path in sorted(root.rglob("*.py")):
        package, _, inside = path.relative_to(root).as_posix().partition("/")
        found.append((package, inside, path.read_bytes().decode("utf-8")))
    if not found:
        raise CorpusError(f"{root} holds no Python files: run the corpus step first")
    return found
