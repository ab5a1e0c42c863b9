"""Sources of an index for tests: every Python file of a folder, read by the real grammar.

The processes that read files import this module.
"""

import os
import time
from pathlib import Path

from codenook.context import code
from codenook.context.index.reading import Sources

RULE_FILES = frozenset({".ignore"})


def walk(root):
    for folder, folders, names in os.walk(root):
        folders.sort()
        if "node_modules" in folders:
            folders.remove("node_modules")
            yield "node_modules/", "ignored"
        for name in sorted(names):
            path = Path(folder, name).relative_to(root).as_posix()
            yield find(root, path)


def find(root, path):
    if "node_modules" in path.split("/"):
        return "node_modules/", "ignored"
    if Path(root, path).is_dir():
        return None
    return path, "" if path.endswith(".py") else "not_python"


def refuse(_path, source):
    return "binary" if b"\0" in source else None


def outline_of(path, source):
    if b"# test: end the process" in source:
        os._exit(1)
    if b"# test: raise an error" in source:
        raise RuntimeError
    if b"# test: wait a while" in source:
        time.sleep(0.5)
    return code.outline_of(path, source)


def sources(root):
    return Sources(str(root), walk, find, RULE_FILES, refuse, outline_of, "1")
