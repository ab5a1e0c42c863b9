"""The example package is a working project of its own, wherever it is copied to."""

import shutil
import subprocess
import sys
from pathlib import Path

import codenook

EXAMPLE = Path(codenook.__file__).parent / "server" / "demo" / "example"


def test_the_example_passes_its_own_tests(tmp_path):
    project = tmp_path / "example"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    command = [sys.executable, "-P", "-E", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    tests = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert tests.returncode == 0, tests.stdout + tests.stderr


def test_the_example_imports_nothing_but_itself_and_the_standard_library():
    imported = {
        line.split()[1].split(".")[0]
        for file in (EXAMPLE / "lending").glob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= {"lending", *sys.stdlib_module_names}
