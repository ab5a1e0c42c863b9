"""Small projects of Python on disk, with an environment that has pytest and little else."""

import importlib.metadata
import os
import sys
import sysconfig
from pathlib import Path

from codenook.context.code import outline_of
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.target import Target

OF_PYTEST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
CART = '''"""Carts."""


def total(prices, discount=0.0):
    """Add up."""
    if discount < 0:
        raise ValueError("a discount (of all) is positive")
    result = 0
    for price in prices:
        result += price
    return result * (1 - discount)


class Cart:
    def __init__(self, prices):
        self.prices = prices

    def total(self):
        return total(self.prices)

    def __secret(self):
        return 1
'''


def put(root, files):
    """Write files; texts keep their line ends."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def environment(root, packages=OF_PYTEST, name=".venv"):
    """Make a virtual environment, quickly: it has links to packages that are installed here."""
    place = root / name
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    site = place / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    (place / "bin").mkdir()
    (place / "bin" / "python").symlink_to(sys.executable)
    (place / "pyvenv.cfg").write_text(f"home = {os.path.realpath(sys.base_prefix)}/bin\n")
    here = Path(sysconfig.get_path("purelib"))
    for package in packages:
        for file in importlib.metadata.files(package) or ():
            top = file.parts[0]
            if not top.startswith("..") and top != "__pycache__" and not (site / top).is_symlink():
                (site / top).symlink_to(here / top)
    return place / "bin" / "python"


def target_in(root, path, symbol):
    """The target of a name in a file."""
    return target_of(root, path, (root / path).read_bytes().decode("utf-8-sig"), symbol)


def target_of(root, path, text, symbol):
    """The target of a name in a text."""
    outline = outline_of(path, text.encode())
    definition = next(each for each in outline.definitions if each.symbol == symbol)
    return Target(root, path, text, "python", definition)


def equal(name, actual, expected, **values):
    """A test with one comparison, of a value that was observed."""
    return Test(name, Origin.TYPES, checks=(Check(Kind.EQUAL, actual, expected),), **values)
