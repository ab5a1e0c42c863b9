"""Runs JavaScript and TypeScript with the Node.js of the machine."""

import re
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from attrs import frozen

from codenook.context.parse import encode, language_named, parse
from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Command, Outcome
from codenook.server.sandbox.programs import needs, on_path, search_path
from codenook.server.translation.languages import interpreted
from codenook.server.translation.languages.ecmascript.compiler import Compiler, compiler
from codenook.server.translation.languages.ecmascript.reading import EcmaScriptReading, TypeScriptReading
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.languages.made_from import made_from
from codenook.server.translation.languages.versions import version
from codenook.server.translation.outcome import Call

_INSIDE = Path(__file__).resolve().parent / "inside"
_MISSING = Refusal(Stage.TOOLCHAIN, "there is no Node.js (node) on PATH: install it")
_NO_TYPESCRIPT = Refusal(
    Stage.TOOLCHAIN,
    "there is no TypeScript compiler (tsc) on PATH, nor a Node.js that reads it: npm install -g typescript",
)
_STRIPS_TYPES = (22, 13)
_OF_MODULES = frozenset({"import_statement", "export_statement"})
_FUNCTIONS = frozenset(
    {
        *("function_declaration", "function_expression", "arrow_function", "method_definition"),
        *("generator_function", "generator_function_declaration", "class_static_block"),
    }
)
_FLAGS = ("--experimental-vm-modules", "--no-warnings", "--max-old-space-size=1024")


@frozen
class JavaScriptRunning:
    """See `Running`."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        node = on_path("node")
        told = version(node) if node else ""
        return f"Node.js {told.removeprefix('v')}" if told else ""

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        node = on_path("node")
        if node is None:
            return _MISSING
        return await interpreted.refusal_of(text, partial(_started, node, None), _asked(text, "javascript"))

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        node = on_path("node")
        if node is None:
            return Ran(refusal=_MISSING)
        of_constructor = made_from(EcmaScriptReading(), "javascript", program, "constructor")
        asked = _asked(program.text, "javascript")
        return await interpreted.ran(program, of_constructor, calls, partial(_started, node, None), asked)


@frozen
class TypeScriptRunning:
    """See `Running`. Types are checked where there is a compiler."""

    def toolchain(self) -> str:
        """See `Running.toolchain`."""
        node = on_path("node")
        if node is None:
            return ""
        found = compiler()
        if found is not None:
            told = version(found.program)
            return f"TypeScript {told.removeprefix('Version ')}" if told else ""
        return f"Node.js {version(node).removeprefix('v')}" if _strips_types(node) else ""

    async def refusal(self, text: str) -> Refusal | None:
        """See `Running.refusal`."""
        node, found = on_path("node"), compiler()
        missing = _missing(node, found)
        if missing or node is None:
            return missing
        if found is not None and (refused := await found.refusal(node, text)):
            return refused
        return await interpreted.refusal_of(
            text, partial(_started, node, found), _asked(text, "typescript", found)
        )

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """See `Running.run`."""
        node, found = on_path("node"), compiler()
        missing = _missing(node, found)
        if missing or node is None:
            return Ran(refusal=missing)
        of_constructor = made_from(TypeScriptReading(), "typescript", program, "constructor")
        asked = _asked(program.text, "typescript", found)
        return await interpreted.ran(program, of_constructor, calls, partial(_started, node, found), asked)


def _missing(node: Path | None, found: Compiler | None) -> Refusal | None:
    if node is None:
        return _MISSING
    return None if found or _strips_types(node) else _NO_TYPESCRIPT


def _strips_types(node: Path) -> bool:
    return tuple(map(int, re.findall(r"\d+", version(node))[:2])) >= _STRIPS_TYPES


def _asked(text: str, language_id: str, found: Compiler | None = None) -> dict[str, object]:
    return {
        "isModule": _is_module(text, language_id),
        "isTypeScript": language_id == "typescript",
        "compiler": str(found.library) if found else "",
    }


def _is_module(text: str, language_id: str) -> bool:
    """Whether a file imports, exports, or waits at its top level."""
    language = language_named(language_id)
    if language is None:
        return False
    left = [parse(language, encode(text)).root]
    while left:
        node = left.pop()
        is_meta = node.type == "member_expression" and (node.text or b"").startswith(b"import.meta")
        if node.type in {*_OF_MODULES, "await_expression"} or is_meta:
            return True
        left += [child for child in node.named_children if child.type not in _FUNCTIONS]
    return False


async def _started(node: Path, found: Compiler | None, stdin: bytes) -> Outcome:
    readable = needs(node)
    environment = {"PATH": search_path(readable), "TZ": "UTC", "NODE_NO_WARNINGS": "1"}
    with tempfile.TemporaryDirectory(prefix="codenook-") as folder:
        arguments = (str(node), *_FLAGS, str(_INSIDE / "calls.mjs"))
        seen = (*readable, _INSIDE, *([found.folder] if found else []))
        command = Command(arguments, Path(folder), seen, {}, environment, stdin)
        return await sandbox.run(command, interpreted.LIMITS)
