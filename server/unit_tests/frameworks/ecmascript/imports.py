"""Puts imports into a test file, in the manner of the file and without saying twice what is there."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from attrs import frozen

from codenook.context.parse import Parsed
from codenook.server.unit_tests.frameworks.ecmascript.exports import How
from codenook.server.unit_tests.frameworks.ecmascript.package import Modules, relative_module
from codenook.server.unit_tests.frameworks.ecmascript.style import Style, bound_names
from codenook.server.unit_tests.frameworks.ecmascript.syntax import string, text, walk

_SUFFIX = re.compile(r"\.[cm]?[jt]sx?$")


@frozen
class Need:
    """A name that tests read: ``binding`` is what they call it."""

    module: str
    how: How
    name: str
    binding: str


@frozen
class Edit:
    """Text that is put into a file at a byte."""

    at: int
    text: str


def specifier(from_file: str, to_file: str, style: Style, modules: Modules) -> str:
    """How a test file names another file of the project."""
    name = relative_module(from_file, to_file)
    suffix = PurePosixPath(to_file).suffix
    if suffix in {".mjs", ".cjs"} or (modules is Modules.ESM and style.extension == "own"):
        return name
    if style.extension == ".js":
        return _SUFFIX.sub(lambda found: ".js" if suffix.endswith("x") else found[0].replace("t", "j"), name)
    return re.sub(r"/index$", "", _SUFFIX.sub("", name)) if modules is Modules.ESM else _SUFFIX.sub("", name)


def imported(needs: Sequence[Need], style: Style, modules: Modules) -> list[str]:
    """Import statements for all needs, one for each module."""
    by_module: dict[str, list[Need]] = {}
    for need in dict.fromkeys(needs):
        by_module.setdefault(need.module, []).append(need)
    return [
        line for module, of_module in by_module.items() for line in _lines(module, of_module, style, modules)
    ]


def added(needs: Sequence[Need], parsed: Parsed, style: Style, modules: Modules) -> list[Edit]:
    """What has to be put into a file so that it has all needs."""
    bound = bound_names(parsed)
    missing = [need for need in dict.fromkeys(needs) if need.binding not in bound]
    edits, left = [], []
    for need in missing:
        place = _room(need, parsed, modules)
        if place is None:
            left.append(need)
            continue
        at, is_first = place
        separator = " as " if modules is Modules.ESM else ": "
        name = need.name if need.name == need.binding else f"{need.name}{separator}{need.binding}"
        edits.append(Edit(at, name if is_first else f", {name}"))
    if left:
        lines = imported(left, style, modules)
        at = _end_of_imports(parsed)
        content = style.newline.join(lines)
        before = parsed.source[:at]
        edits.append(Edit(at, f"{style.newline}{content}" if before.strip() else content + style.newline))
    return edits


def _lines(module: str, needs: Sequence[Need], style: Style, modules: Modules) -> list[str]:
    whole = [
        need
        for need in needs
        if need.how is How.WHOLE or (need.how is How.DEFAULT and modules is Modules.ESM)
    ]
    named = [need for need in needs if need not in whole]
    quoted = style.quoted(module)
    separator = " as " if modules is Modules.ESM else ": "
    names = ", ".join(
        need.name if need.name == need.binding else f"{need.name}{separator}{need.binding}" for need in named
    )
    if modules is Modules.COMMONJS:
        patterns = [need.binding for need in whole] + ([f"{{ {names} }}"] if named else [])
        return [f"const {pattern} = require({quoted}){style.end}" for pattern in patterns]
    first, *others = [need.binding for need in whole] or [""]
    parts = [part for part in (first, f"{{ {names} }}" if named else "") if part]
    return [f"import {', '.join(parts)} from {quoted}{style.end}"] + [
        f"import {other} from {quoted}{style.end}" for other in others
    ]


def _room(need: Need, parsed: Parsed, modules: Modules) -> tuple[int, bool] | None:
    """Where a named import has room in an import of the same module, and whether it is the first one."""
    if need.how is not How.NAMED:
        return None
    for statement in parsed.root.named_children:
        is_type_only = any(child.type == "type" for child in statement.children)
        if modules is Modules.ESM and statement.type == "import_statement" and not is_type_only:
            if string(statement.child_by_field_name("source")) != need.module:
                continue
            kinds, end = "named_imports", "import_specifier"
        elif modules is Modules.COMMONJS and statement.type == "lexical_declaration":
            if not re.search(rf"=\s*require\(\s*['\"]{re.escape(need.module)}['\"]\s*\)", text(statement)):
                continue
            kinds, end = "object_pattern", ""
        else:
            continue
        for node in walk(statement):
            if node.type == kinds:
                parts = [part for part in node.named_children if part.type != "comment" and end in part.type]
                return (parts[-1].end_byte, False) if parts else (node.start_byte + 1, True)
    return None


def _end_of_imports(parsed: Parsed) -> int:
    """Behind the last import at the file's head; its start, behind a hashbang, without one."""
    end = 0
    for node in parsed.root.children:
        is_import = node.type == "import_statement" or (
            node.type in {"lexical_declaration", "variable_declaration"} and "require(" in text(node)
        )
        is_directive = node.type == "hash_bang_line" or (
            node.type == "expression_statement" and string(node.named_children[0]) is not None
        )
        if is_import or is_directive:
            end = node.end_byte
        elif node.type != "comment":
            break
    return end
