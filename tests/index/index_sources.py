"""Sources of an index for tests: every Python file of a folder, read by the real grammar.

The processes that read files import this module.
"""

import os
import time
from collections import Counter
from pathlib import Path

from codenook.context.index.reading import Sources
from codenook.context.outline import Definition, Kind, Outline
from codenook.context.parse import language_of, parse
from codenook.context.reading import text_of

KINDS = {"class_definition": Kind.CLASS, "function_definition": Kind.FUNCTION}
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
    language = language_of(Path(path))
    parsed = parse(language, source)
    definitions = []
    for match in parsed.matches("definitions"):
        node = (match.get("function") or match.get("class") or match["constant"])[0]
        name, around = text_of(match["name"][0]), _around(node)
        parent = ".".join(around)
        kind = KINDS.get(node.type, Kind.FIELD if parent else Kind.CONSTANT)
        start, end = node.start_point.row + 1, node.end_point.row + 1
        signature = text_of(node).partition("\n")[0]
        base = _bases(node) if kind is Kind.CLASS else ()
        symbol = ".".join([*around, name])
        public = not name.startswith("_")
        definitions.append(
            Definition(name, symbol, kind, start, end, signature, parent, _doc(node), "", base, public)
        )
    imported = tuple(language.reader.imports(parsed))
    names = parsed.captures("references").get("name", ())
    return Outline(language.id, tuple(definitions), imported, Counter(node.text.decode() for node in names))


def sources(root):
    return Sources(str(root), walk, find, RULE_FILES, refuse, outline_of, "1")


def _around(node):
    names = []
    while node := node.parent:
        if node.type in KINDS:
            names.append(text_of(node.child_by_field_name("name")))
    return names[::-1]


def _bases(node):
    listed = node.child_by_field_name("superclasses")
    bases = listed.named_children if listed else ()
    return tuple(text_of(base) for base in bases if base.type != "keyword_argument")


def _doc(node):
    body = node.child_by_field_name("body")
    first = body.named_children[0] if body and body.named_children else None
    string = first.named_children[0] if first and first.named_children else None
    if string is None or string.type != "string":
        return ""
    return text_of(string).strip("\"' \n").partition("\n")[0]
