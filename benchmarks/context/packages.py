"""The workspaces of the benchmark: pinned archives of pip, npm and apt in a folder of the user's."""

import hashlib
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from attrs import frozen

MANIFEST = Path(__file__).with_name("packages.toml")


class PackagesMissing(Exception):
    """Packages are not there, can't be fetched, or are not what is pinned; the message says which."""


@frozen
class Package:
    """A release that the manifest pins; ``language`` is LSP's identifier of what it is written in.

    ``fetched_as`` is the name that its client knows it by where it is another, ``folder`` where in the
    archive the workspace is.
    """

    name: str
    language: str
    version: str
    licence: str
    holes_in: str
    archive: str
    sha256: str
    fetched_as: str = ""
    folder: str = ""

    def root(self, folder: Path) -> Path:
        """Where the package is unpacked below the folder of all packages."""
        return folder / f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}"

    @property
    def client(self) -> str:
        """What fetches the archive from the registry that it is in."""
        return {".deb": "apt-get", ".tgz": "npm"}.get(PurePath(self.archive).suffix, "pip")

    def fetching(self, folder: Path) -> Sequence[str]:
        """The command that fetches the archive into ``folder``."""
        name = self.fetched_as or self.name
        if self.client == "apt-get":
            return ["apt-get", "download", f"{name}={self.archive.split('_')[1].replace('%3a', ':')}"]
        if self.client == "npm":
            options = ["--silent", "--pack-destination", str(folder)]
            return ["npm", "pack", *options, f"{name}@{self.version}"]
        options = ["--quiet", "--no-deps", "--no-binary", name, "--dest", str(folder)]
        return [sys.executable, "-m", "pip", "download", *options, f"{name}=={self.version}"]


def read_manifest(path: Path = MANIFEST) -> list[Package]:
    """Return the pinned releases of all languages, in the order of the manifest."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Package(name, language, **pin) for language, pins in table.items() for name, pin in pins.items()]


def fetch(packages: Sequence[Package], folder: Path) -> None:
    """Have pip, npm or apt fetch the archives that ``folder`` lacks; they are never installed."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    for package in packages:
        if (folder / package.archive).exists():
            continue
        failed = f"{package.client} could not fetch {package.name}=={package.version}"
        try:
            command = package.fetching(folder)
            ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        except OSError as error:
            raise PackagesMissing(f"{failed}: {error.strerror}") from None
        if ran.returncode or not (folder / package.archive).exists():
            raise PackagesMissing(f"{failed}: {ran.stderr.strip()}")


def unpack(packages: Sequence[Package], folder: Path) -> Mapping[str, Path]:
    """Return the workspace of each package by name, unpacking those that are not yet.

    Raises PackagesMissing when an archive is missing or is not the pinned one.
    """
    missing = [package.archive for package in packages if not (folder / package.archive).is_file()]
    if missing:
        raise PackagesMissing(f"{folder} lacks {', '.join(missing)}; --fetch fetches them")
    for package in packages:
        archive = folder / package.archive
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != package.sha256:
            raise PackagesMissing(f"{archive}: its SHA-256 is {found}, packages.toml says {package.sha256}")
        if not package.root(folder).is_dir():
            _unpack(archive, package.folder, package.root(folder))
    return {package.name: package.root(folder) for package in packages}


def _unpack(archive: Path, inside: str, root: Path) -> None:
    """Move a folder of an archive, or the only one that it has, to ``root``, complete or not at all."""
    with TemporaryDirectory(dir=root.parent) as unfinished:
        top = Path(unfinished)
        if archive.suffix == ".deb":
            subprocess.run(["dpkg-deb", "--extract", str(archive), unfinished], check=True)  # noqa: S607 - apt's own
        else:
            with tarfile.open(archive) as tar:
                # Python 3.11.3 and earlier have no filter; the archive is the pinned one.
                tar.extraction_filter = getattr(tarfile, "data_filter", None)
                tar.extractall(unfinished)  # noqa: S202
            (top,) = top.iterdir()
        (top / inside).rename(root)
