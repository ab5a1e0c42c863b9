"""Names that a JavaScript or TypeScript module no longer exports, and that are still imported from it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from attrs import define
from tree_sitter import Node

from codenook.context.parse import Parsed, known_languages
from codenook.context.reading import text_of
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import ChangedFile, Text
from codenook.server.review.sources.facts import at, gone
from codenook.server.review.sources.facts.gone import Use
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.python_tree import enclosing

LANGUAGES = ("javascript", "javascriptreact", "typescript", "typescriptreact")
_OPEN = re.compile(
    rb"\bmodule\.exports\b|\bexports[.\[]|\bexport\s*=|\bdeclare\s+module\b|\bexport\s*\*(?!\s*as\b)"
)
"""What may export names that nobody sees: CommonJS, and all names of another module."""

_STATEMENTS = frozenset({"import_statement", "export_statement"})
_LISTS = ("lexical_declaration", "variable_declaration")
_WORDS = r"(?:function\s*\*?|class|const\s+enum|const|let|var|enum|interface|type|namespace)"


@define(eq=False)
class Exports:
    """Finds imports of what is exported no more."""

    known: Known

    def findings(self, file: ChangedFile) -> Iterator[Finding]:
        """What a file's change no longer exports and somebody still imports."""
        before, after = file.parsed_before, file.parsed
        if before is None or before.root.has_error or file.old_path is None or _OPEN.search(before.source):
            return
        if after is not None and (after.root.has_error or _OPEN.search(after.source)):
            return
        is_moved = file.old_path != file.path
        kept = dict(_exported(after)) if after and not is_moved else {}
        for name, node in _exported(before):
            if name in kept or name == "default" or text_of(node) != name:
                continue
            if uses := list(self._uses(file, name)):
                yield from gone.findings(self.known.change, file, node, uses, lambda _: None)

    def against(self, finding: Finding) -> str:
        """What speaks against a finding, by patterns in the texts; empty for nothing."""
        claim = finding.evidence[0].facts
        name, file = str(claim["name"]), self.known.change.by_path.get(str(claim["module"]))
        if file is None or file.old is None or not _exports(file.old.text, name):
            return "the old text did not export it"
        if file.new is not None and file.path == file.old_path and _exports(file.new.text, name):
            return "the file may still export it"
        return ""

    def _uses(self, file: ChangedFile, name: str) -> Iterator[Use]:
        for language in known_languages():
            if language.id not in LANGUAGES:
                continue
            for path in self.known.mentioning(name, language):
                parsed = self.known.parsed(path)
                if parsed is None or parsed.root.has_error:
                    continue
                text = Text(parsed.source.decode("utf-8", "replace"))
                for node in parsed.nodes_of([name]):
                    source = _source(node)
                    if source and self._is_from(file, path, source):
                        yield Use(path, at.place(path, text, node, "still imported here"), node)

    def _is_from(self, file: ChangedFile, importer: str, source: str) -> bool:
        """Whether ``source`` means the file that had the name, and nothing else now."""
        if not source.startswith("."):
            return False
        view = self.known.parsed(importer)
        found = self.known.resolution(view.language).resolver.module(importer, source) if view else None
        if file.new is not None and file.path == file.old_path:
            return found is not None and found.files == (file.path,)
        return found is None and _leads_to(importer, source, file.old_path or "")


def _source(node: Node) -> str:
    """The module that a name is imported or exported from, where ``node`` is its name there."""
    specifier = node.parent
    if specifier is None or specifier.type not in {"import_specifier", "export_specifier"}:
        return ""
    statement = next(enclosing(node, _STATEMENTS), None)
    source = statement.child_by_field_name("source") if statement is not None else None
    return text_of(source).strip("\"'") if source and specifier.child_by_field_name("name") == node else ""


def _leads_to(importer: str, source: str, path: str) -> bool:
    """Whether a relative import means a path, with its suffix or without."""
    parts: list[str] = list(PurePosixPath(importer).parent.parts)
    for part in source.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in {".", ".."}:
            parts.append(part)
    wanted, bare = "/".join(parts), PurePosixPath(path).with_suffix("").as_posix()
    return wanted in {path, bare, bare.removesuffix("/index")}


def _exported(parsed: Parsed) -> Iterator[tuple[str, Node]]:
    """The names that a file exports, each with where it is written."""
    for statement in parsed.root.named_children:
        if statement.type != "export_statement":
            continue
        if any(child.type == "default" for child in statement.children):
            yield "default", statement
            continue
        for child in statement.named_children:
            if child.type == "export_clause":
                for each in child.named_children:
                    shown = each.child_by_field_name("alias") or each.child_by_field_name("name")
                    if shown is not None:
                        yield text_of(shown), shown
            elif child.type == "namespace_export":
                for each in child.named_children:
                    yield text_of(each), each
            else:
                yield from _declared(child)


def _declared(declaration: Node) -> Iterator[tuple[str, Node]]:
    name = declaration.child_by_field_name("name")
    if name is not None:
        yield text_of(name), name
    elif declaration.type in _LISTS:
        for each in declaration.named_children:
            yield from _bound(each.child_by_field_name("name"))
    else:  # `declare` and the like
        for each in declaration.named_children:
            yield from _declared(each)


def _bound(pattern: Node | None) -> Iterator[tuple[str, Node]]:
    if pattern is None:
        return
    if pattern.type in {"identifier", "shorthand_property_identifier_pattern"}:
        yield text_of(pattern), pattern
    for each in pattern.named_children:
        yield from _bound(each)


def _exports(text: str, name: str) -> bool:
    """Whether a text may export a name, by its words alone."""
    word = rf"(?<![\w$]){re.escape(name)}(?![\w$])"
    declared = (
        rf"\bexport\s+(?:(?:declare|default|async|abstract)\s+)*{_WORDS}\s+(?:[^=;]*[,:{{\[]\s*)?{word}"
    )
    return bool(re.search(rf"{declared}|\bexport\s+(?:type\s*)?\{{[^}}]*{word}|\bas\s+{word}\s+from\b", text))
