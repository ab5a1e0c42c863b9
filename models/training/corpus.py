"""The corpus: fetch the packages that the manifest pins, check their licences, keep the clean Python.

``WORK/corpus/SPLIT/PACKAGE/`` holds each package as a workspace of its own, paths as its users import them;
``WORK/files.jsonl`` names the package, version and licence that each file comes from.
Whole packages are held out, because a file's neighbours give away what stands in it.
"""

import ast
import email
import hashlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from email.message import Message
from itertools import repeat
from pathlib import Path, PurePosixPath
from random import Random
from string import digits
from tempfile import TemporaryDirectory

from attrs import asdict, field, frozen

from codenook.models.training.duplicates import (
    NO_RUNS,
    Hashes,
    Index,
    Signature,
    is_contaminated,
    problem_runs,
    signature,
)
from codenook.models.training.errors import TrainingError

MANIFEST = Path(__file__).with_name("manifest.toml")
SPLITS = ("train", "validation", "test")

N_DOWNLOADS = 4  # at the same time
N_PROCESSES = 2  # that clean
PYTHON = "3.13"  # wheels with compiled parts are those for this Python on Linux, wherever `corpus` runs
PLATFORMS = ("any", *(f"manylinux_2_{minor}_x86_64" for minor in (17, 24, 27, 28)), "manylinux2014_x86_64")

MAX_FILE_BYTES = 200_000
MAX_PACKAGE_BYTES = 25_000_000  # of what is clean: no package dominates
MAX_LINE_CHARS = 400
MAX_MEAN_LINE_CHARS = 80
MIN_CODE_LINES = 5
MAX_DIGITS_SHARE = 0.2  # of all characters: above this a file is a table of numbers
MAX_LITERALS_SHARE = 0.6  # of all lines: above this a file is a table of strings
TESTS_KEPT = 0.15  # share of the test files that stays: tests repeat themselves

PERMISSIVE = {
    "MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Apache-2.0",
    "ISC",
    "PSF-2.0",
    "0BSD",
    "Unlicense",
    "Zlib",
}
CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD",
    "License :: OSI Approved :: Apache Software License": "Apache",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: Python Software Foundation License": "PSF",
    "License :: OSI Approved :: The Unlicense (Unlicense)": "Unlicense",
}
FAMILY = re.compile(
    r"(?:the )?(?:new |modified )?(MIT|BSD|Apache|ISC|PSF|Unlicense)\b(?!.*GPL)", re.IGNORECASE
)

UNWANTED = {
    "vendored": re.compile(
        r"(^|/)(_?vendor(ed|ized)?|_bundled|third_?party|externals?|extern|ext_?libs?|b?lib2to3"
        r"|site-packages|dist-packages)(/|$)"
    ),
    "tables": re.compile(
        r"^(pydoc_data|ensurepip|config-[^/]*|encodings/(?!__init__|aliases|idna|punycode|utf_8))"
        r"|(^|/)(_sysconfigdata[^/]*|__phello__[^/]*)|(^|/)(locale|migrations)/"
    ),
    "generated": re.compile(r"_pb2(_grpc)?\.py$|(^|/)_?generated(/|\.py$)"),
}
TEST = re.compile(r"(^|/)(tests?|testing|idle_test)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$")
GENERATED = re.compile(
    r"generated (by|from|using)|do not (edit|modify)|auto-?generated|(machine|automatically) generated",
    re.IGNORECASE,
)
OTHER_LICENCE = re.compile(
    r"(?i:GNU (Lesser |Affero |Library )?General Public|Mozilla Public License)"
    r"|SPDX-License-Identifier:.*\b(A?GPL|LGPL|MPL|EPL|CC-BY)"
)
SECRET = re.compile(
    r"""-----BEGIN\ [A-Z ]*PRIVATE\ KEY(\ BLOCK)?-----(\\n|[\s"'+(])*[A-Za-z0-9+/]{16}  # a key of any program
    |\b(AKIA|ASIA)[0-9A-Z]{16}\b                                                    # Amazon
    |\bgh[opsu]_[A-Za-z0-9]{36}\b|\bglpat-[\w-]{20}\b                               # GitHub, GitLab
    |\bxox[abprs]-[\w-]{10,}                                                        # Slack
    |\bAIza[\w-]{35}\b                                                              # Google
    |\b[rs]k_live_[A-Za-z0-9]{20,}|\bsk-[A-Za-z0-9]{32,}\b                          # Stripe, model providers
    |\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}                                     # a signed web token
    """,
    re.VERBOSE,
)


class CorpusError(TrainingError):
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


@frozen
class File:
    """A clean file, and what tells it from others."""

    path: str
    text: str
    signature: Signature


def read_manifest(path: Path = MANIFEST) -> list[Pin]:
    """Return the pins of all splits; a licence that is not permissive is an error."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    pins = [Pin(name, split, **entry) for split in SPLITS for name, entry in table.get(split, {}).items()]
    for pin in pins:
        if not is_permissive(pin.licence):
            raise CorpusError(f"{pin.name}: {pin.licence} is not one of {', '.join(sorted(PERMISSIVE))}")
    return pins


def is_permissive(licence: str) -> bool:
    """Say whether every licence that an SPDX expression names is permissive."""
    return all(part.strip("() ") in PERMISSIVE for part in re.split(r" AND | OR ", licence))


def fetch(pin: Pin, folder: Path) -> Path:
    """Return the pinned wheel, downloaded unless ``folder`` has it already."""
    wheel = folder / f"{pin.name}-{pin.version}.whl"
    if not wheel.exists():
        download(pin, wheel)
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != pin.sha256:
        raise CorpusError(
            f"{wheel}: its SHA-256 is {found}, the manifest says {pin.sha256};"
            " delete the file to fetch it again"
        )
    check_licence(pin, wheel)
    return wheel


def download(pin: Pin, wheel: Path) -> None:
    """Have pip fetch a release; ``wheel`` appears when it is complete."""
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--python-version", PYTHON]
    options += [f"--platform={platform}" for platform in PLATFORMS]
    wheel.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=wheel.parent) as folder:
        requirement = Path(folder, "requirement.txt")  # the one place where pip chooses a file by its hash
        requirement.write_text(f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n", encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            *options,
            "--dest",
            folder,
            "-r",
            str(requirement),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CorpusError(f"{pin.name}=={pin.version}: pip says\n{done.stderr.strip()[-400:]}")
        (fetched,) = Path(folder).glob("*.whl")
        fetched.rename(wheel)


def check_licence(pin: Pin, wheel: Path) -> None:
    """Raise unless the licence that the wheel declares is the one in the manifest."""
    declared = declared_licences(metadata_of(wheel))
    if not any(pin.licence == licence or pin.licence.startswith(f"{licence}-") for licence in declared):
        raise CorpusError(
            f"{wheel.name}: declares {declared or 'no licence'}, the manifest says {pin.licence}"
        )


def metadata_of(wheel: Path) -> Message:
    """Return what a wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n)]
        return email.message_from_bytes(archive.read(name))


def declared_licences(metadata: Message) -> list[str]:
    """Return what a package says of its licence: an SPDX expression, else families, by classifier or by name.

    A family (``BSD``) stands for all its variants. A classifier outside the permissive families is
    returned as it is, alone, and so matches nothing.
    """
    if expression := metadata.get("License-Expression"):
        return [str(expression)]
    classifiers = [c for c in metadata.get_all("Classifier", []) if c.startswith("License :: ")]
    if unknown := [c for c in classifiers if c not in CLASSIFIERS]:
        return unknown
    if classifiers:
        return [CLASSIFIERS[c] for c in classifiers]
    text = str(metadata.get("License", "")).strip().partition("\n")[0]
    family = FAMILY.match(text)
    return [text, family[1]] if family else [text]


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
    if TEST.search(path) and random.random() > TESTS_KEPT:
        return "tests"
    try:
        text = content.decode("utf-8")
        tree = parse(text)
    except (UnicodeDecodeError, SyntaxError, ValueError, RecursionError, MemoryError):
        return "not Python in UTF-8"
    return why_text_dropped(text, tree)


def parse(text: str) -> ast.Module:
    """Parse a text, whatever Python warns of in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def why_text_dropped(text: str, tree: ast.Module, *, any_licence: bool = False) -> str | None:
    """Say why a file's text is not worth learning from; None when it is.

    Those who learn from their own code may do so under ``any_licence``.
    """
    lines = text.splitlines()
    n_code = sum(not (line.strip() or "#").startswith("#") for line in lines)
    n_digits = sum(map(text.count, digits))
    reasons = {
        "too short": n_code < MIN_CODE_LINES,
        "generated": bool(GENERATED.search("\n".join(lines[:25]))),
        "licence": not any_licence and bool(OTHER_LICENCE.search("\n".join(lines[:40]))),
        "secret": bool(SECRET.search(text)),
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
    files: Iterable[tuple[str, bytes]], problems: Hashes, dropped: Counter[str]
) -> Iterator[tuple[str, str]]:
    """Yield the files worth keeping, with Unix line ends."""
    random = Random(0)
    for path, content in files:
        unix = content.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf")
        reason = why_dropped(path, unix, random)
        if not reason and is_contaminated(unix.decode("utf-8"), problems):
            reason = "benchmark"
        if reason:
            dropped[reason] += 1
        else:
            yield path, unix.decode("utf-8")


def clean_package(wheel: Path | None, problems: Hashes) -> tuple[list[File], Counter[str]]:
    """Return the clean files of a wheel, or of the standard library, and how many were dropped for what."""
    dropped: Counter[str] = Counter()
    files = wheel_files(wheel) if wheel else standard_library_files()
    kept = [File(path, text, signature(text)) for path, text in clean(files, problems, dropped)]
    return kept, dropped


def distinct(files: Iterable[File], index: Index, dropped: Counter[str], *, held_out: bool) -> Iterator[File]:
    """Yield the files that are not nearly the same as one before."""
    for file in files:
        if index.add(file.signature, held_out=held_out):
            yield file
        else:
            dropped["duplicate"] += 1


def at_most(max_bytes: int, files: Sequence[File], dropped: Counter[str]) -> Iterator[File]:
    """Yield files up to ``max_bytes``: whole folders in random order, for neighbours explain each other."""
    room = max_bytes
    for file in sorted(files, key=shuffled_by_folder):
        room -= len(file.text.encode())
        if room < 0:
            dropped["over the package's share"] += 1
        else:
            yield file


def shuffled_by_folder(file: File) -> tuple[bytes, str]:
    """Return a key that sorts folders at random and the files of a folder by name."""
    folder = PurePosixPath(file.path).parent.as_posix()
    return hashlib.sha256(folder.encode()).digest(), file.path


def store(files: Iterable[File], root: Path) -> Iterator[tuple[str, int]]:
    """Write files under ``root``; yield the path and the bytes of each."""
    for file in files:
        target = root / PurePosixPath(file.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        yield file.path, target.write_bytes(file.text.encode("utf-8"))


def build(work: Path, data: Path | None = None, manifest: Path = MANIFEST) -> list[PackageStats]:
    """Fetch and clean everything that the manifest names; write ``WORK/corpus`` and its statistics.

    Files that hold a problem of the benchmark in ``data`` are dropped. Held-out packages come first, so that
    a file they share with a trained package stays held out.
    """
    problems = benchmark(data)
    pins = sorted(read_manifest(manifest), key=lambda pin: pin.split == "train")
    wheels: list[Path | None] = [*fetch_all(pins, work / "wheels"), None]
    version = ".".join(map(str, sys.version_info[:3]))
    pins.append(Pin("python", "train", version, "PSF-2.0", ""))
    shutil.rmtree(work / "corpus", ignore_errors=True)
    index = Index()
    stats = []
    with (
        ProcessPoolExecutor(N_PROCESSES) as pool,
        (work / "files.jsonl").open("w", encoding="utf-8") as record,
    ):
        for pin, (clean_files, dropped) in zip(
            pins, pool.map(clean_package, wheels, repeat(problems)), strict=True
        ):
            kept = list(distinct(clean_files, index, dropped, held_out=pin.split != "train"))
            stored = list(
                store(at_most(MAX_PACKAGE_BYTES, kept, dropped), work / "corpus" / pin.split / pin.name)
            )
            origin = {"split": pin.split, "package": pin.name, "version": pin.version, "licence": pin.licence}
            record.writelines(json.dumps({**origin, "path": path}) + "\n" for path, _ in stored)
            n_bytes = sum(size for _, size in stored)
            stats.append(
                PackageStats(
                    pin.name, pin.split, pin.version, pin.licence, len(stored), n_bytes, dict(dropped)
                )
            )
            print(
                f"{pin.split:<10} {pin.name:<24} {len(stored):5d} files {n_bytes / 1e6:6.2f} MB"
                f"  dropped {dict(dropped)}",
                flush=True,
            )
    (work / "corpus.json").write_text(json.dumps([asdict(s) for s in stats], indent=1), encoding="utf-8")
    report(stats)
    return stats


def benchmark(data: Path | None) -> Hashes:
    """Return the problems to keep out of the corpus, by their runs of words; say so when there are none."""
    if data is None:
        print("no --data: the corpus is not checked for the problems of a benchmark")
        return NO_RUNS
    problems = problem_runs(data)
    if not len(problems):
        raise CorpusError(f"{data} holds no Python problems (*.jsonl or *.jsonl.gz)")
    return problems


def fetch_all(pins: Sequence[Pin], folder: Path) -> Iterator[Path]:
    """Yield the wheels of the pins, in order, naming each."""
    with ThreadPoolExecutor(N_DOWNLOADS) as pool:
        wheels = pool.map(fetch, pins, repeat(folder))
        for number, (pin, wheel) in enumerate(zip(pins, wheels, strict=True), 1):
            print(f"fetch {number}/{len(pins)} {pin.name} {pin.version} ({pin.licence})", flush=True)
            yield wheel


def report(stats: Sequence[PackageStats]) -> None:
    """Print what each split holds, and how many files were dropped for what."""
    for split in SPLITS:
        of_split = [s for s in stats if s.split == split]
        n_files, n_bytes = sum(s.files for s in of_split), sum(s.n_bytes for s in of_split)
        print(f"{split:<10} {len(of_split)} packages {n_files} files {n_bytes / 1e6:.2f} MB")
    dropped: Counter[str] = Counter()
    for s in stats:
        dropped.update(s.dropped)
    print(f"dropped    {dict(dropped.most_common())}")


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
