"""Names at the level of a Python module that the change removed, and that are still used."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from attrs import define
from tree_sitter import Node

from codenook.context.outline import Import
from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.context.resolve import Module, View
from codenook.server.review.finding import Edit, Finding, Fix
from codenook.server.review.scope.change import ChangedFile, Text
from codenook.server.review.sources.facts import at, gone
from codenook.server.review.sources.facts.callee import Callees
from codenook.server.review.sources.facts.gone import Use
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.python_tree import Bindings, enclosing, outermost_function
from codenook.server.review.sources.facts.renames import new_name

_GUARDS = frozenset({"try_statement", "with_statement", "if_statement"})
_DYNAMIC = ("__getattr__", "__path__")


@define(eq=False)
class Names:
    """Finds uses of names that are gone."""

    known: Known
    callees: Callees

    def findings(self, file: ChangedFile) -> Iterator[Finding]:
        """What a file's change removed and somebody still uses."""
        if file.parsed_before is None or file.old_path is None:
            return
        for name, node in self._removed(file):
            uses = list(self._uses(file, name))
            if not uses:
                continue
            now = new_name(file, node.parent) if node.parent is not None else None
            yield from gone.findings(self.known.change, file, node, uses, partial(self._renaming, name, now))

    def _removed(self, file: ChangedFile) -> Iterator[tuple[str, Node]]:
        """The names that the old text defines, each where it does, and that the module no longer has."""
        before = Bindings.of(file.parsed_before) if file.parsed_before else None
        if before is None:
            return
        is_moved = file.new is None or file.old_path != file.path
        after = self.callees.bindings(file.path) if not is_moved else None
        if not is_moved and (after is None or after.is_open or any(after.of_file[name] for name in _DYNAMIC)):
            return
        seen = set[str]()
        for node in before.nodes:
            name = text_of(node)
            is_new = name not in seen and not name.startswith("__") and name != "_"
            seen.add(name)
            if is_new and _is_defined(node) and (after is None or not after.of_file[name]):
                yield name, node

    def _uses(self, file: ChangedFile, name: str) -> Iterator[Use]:
        language = file.language
        for path in self.known.mentioning(name, language) if language else ():
            parsed, view = self.known.parsed(path), self.known.view(path)
            if parsed is None or view is None:
                continue
            text = Text(parsed.source.decode("utf-8", "replace"))
            is_own = path == file.path and file.path == file.old_path
            for node in parsed.nodes_of([name]):
                if node.type != "identifier" or _is_guarded(node):
                    continue
                is_used = (is_own and self._is_read(path, parsed, node)) or (
                    self._is_imported(file, view, node) or self._is_member(file, view, node)
                )
                if is_used:
                    yield Use(path, at.place(path, text, node, "still used here"), node)

    def _is_read(self, path: str, parsed: Parsed, node: Node) -> bool:
        """Whether a file reads a name of its own that it no longer has."""
        bindings, name = self.callees.bindings(path), text_of(node)
        if bindings is None or not _is_read(parsed, node):
            return False
        function = outermost_function(node)
        around = list(enclosing(node, frozenset({"class_definition"})))
        is_bound = any(text_of(bound) == name for bound in parsed.captures("bindings").get("bound", ()))
        return not (is_bound and (function is not None or around)) and not bindings.of_file[name]

    def _is_imported(self, file: ChangedFile, view: View, node: Node) -> bool:
        """Whether a name is imported from the module that had it."""
        name_node = node.parent if node.parent is not None and node.parent.type == "dotted_name" else None
        statement = name_node.parent if name_node is not None else None
        if statement is not None and statement.type == "aliased_import":
            statement = statement.parent
        if statement is None or statement.type != "import_from_statement" or name_node is None:
            return False
        source = statement.child_by_field_name("module_name")
        if source is None or source.start_byte <= node.start_byte < source.end_byte:
            return False
        return self._is_gone_from(file, view, Import(text_of(source), text_of(node), ""))

    def _is_member(self, file: ChangedFile, view: View, node: Node) -> bool:
        """Whether a name is read from the module that had it."""
        parent = node.parent
        if parent is None or parent.type != "attribute" or parent.child_by_field_name("attribute") != node:
            return False
        whole = parent.child_by_field_name("object")
        if whole is None or whole.type != "identifier" or _is_written(parent):
            return False
        bindings, name, function = self.callees.bindings(view.path), text_of(whole), outermost_function(node)
        if bindings is None or (function is not None and bindings.in_function(name, function)):
            return False
        statement = view.imports.get(name)
        if statement is None or bindings.of_file[name] != 1:
            return False
        module = ".".join(part for part in (statement.module.rstrip("."), statement.name) if part)
        if statement.module.endswith("."):
            module = statement.module + (statement.name or "")
        return self._is_gone_from(file, view, Import(module, text_of(node), ""))

    def _is_gone_from(self, file: ChangedFile, view: View, statement: Import) -> bool:
        """Whether an import is of the module that had a name, and that has it no more."""
        if file.old_path is None or not _means(self.known, view.path, statement.module, file.old_path):
            return False
        module = self.callees.resolution.resolver.module(view.path, statement.module)
        if module is None:
            return file.new is None or file.path != file.old_path
        return offers(self.known, self.callees, module, statement.name or "") is False

    def _renaming(self, name: str, now: str | None, uses: Sequence[Use]) -> Fix | None:
        """The new name of a definition, wherever it is used; None where that is uncertain."""
        if now is None:
            return None
        edits = []
        for use in uses:
            bindings = self.callees.bindings(use.path)
            function, parent = outermost_function(use.node), use.node.parent
            if bindings is None or parent is None:
                return None
            text = now
            if parent.type == "dotted_name":
                is_aliased = parent.parent is not None and parent.parent.type == "aliased_import"
                text = now if is_aliased else f"{now} as {name}"
            elif parent.type != "attribute" and (
                bindings.of_file[now] != 1 or (function is not None and bindings.in_function(now, function))
            ):
                return None
            edits.append(Edit(use.path, use.place.span, text))
        return Fix(f"Write {now}, the new name of {name}", tuple(edits), is_sure=True)


def offers(known: Known, callees: Callees, module: Module, name: str) -> bool | None:
    """Whether a module of the workspace has a name; None when nobody can know."""
    if not module.files:
        return None
    for path in module.files:
        bindings = None if PurePosixPath(path).is_absolute() else callees.bindings(path)
        if bindings is None or known.view(path) is None:
            return None
        if bindings.of_file[name] or any(bindings.of_file[each] for each in _DYNAMIC):
            return True
        if bindings.is_open or _sets_names_inside(bindings, name):
            return None
    return (
        callees.resolution.member(module, name) is not None
        or callees.resolution.resolver.submodule(module, name) is not None
    )


def _sets_names_inside(bindings: Bindings, name: str) -> bool:
    """Whether a name may be set in a way that is not looked at, such as in a loop over strings."""
    texts = (node for node in bindings.parsed.nodes_of([name]) if node.type == "string_content")
    return any(not _is_listed(node) for node in texts)


def _is_listed(node: Node) -> bool:
    """Whether a string is in ``__all__``, which gives no name a value."""
    assignments = enclosing(node, frozenset({"assignment", "augmented_assignment"}))
    return any(text_of(each.child_by_field_name("left")) == "__all__" for each in assignments)


def _means(known: Known, importer: str, module: str, path: str) -> bool:
    """Whether an import of ``module`` may have meant the file at ``path``, which may be gone."""
    bare = PurePosixPath(path).with_suffix("")
    wanted = bare.parent if bare.name == "__init__" else bare
    dots = len(module) - len(module.lstrip("."))
    parts = [part for part in module[dots:].split(".") if part]
    folder = PurePosixPath(importer).parent
    if dots:
        for _ in range(dots - 1):
            folder = folder.parent
        return folder.joinpath(*parts) == wanted
    root = PurePosixPath(known.root)
    while folder.parts and Path(root / folder / "__init__.py").is_file():
        folder = folder.parent
    return any(top.joinpath(*parts) == wanted for top in (folder, PurePosixPath("src"), PurePosixPath()))


def _is_defined(node: Node) -> bool:
    """Whether a binding is a definition or a variable, and no import."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type in {"function_definition", "class_definition"}:
        return True
    return parent.type == "assignment" and parent.child_by_field_name("left") == node


def _is_read(parsed: Parsed, node: Node) -> bool:
    roles = parsed.captures("bindings", node.byte_range)
    return not any(node == other for nodes in roles.values() for other in nodes)


def _is_written(attribute: Node) -> bool:
    """Whether an attribute is set or deleted, not read."""
    parent = attribute.parent
    is_left = parent is not None and parent.child_by_field_name("left") == attribute
    return (
        parent is None
        or (is_left and parent.type != "augmented_assignment")
        or parent.type == "delete_statement"
    )


def _is_guarded(node: Node) -> bool:
    """Whether a use asks first, or expects to fail: in ``try``, under ``if``, where an error is awaited."""
    for around in enclosing(node, _GUARDS):
        if around.type == "if_statement":
            condition = text_of(around.child_by_field_name("condition"))
            if any(word in condition for word in ("hasattr", "TYPE_CHECKING", "version")):
                return True
            continue
        heads: Sequence[Node] = [
            child
            for child in around.named_children
            if child.type in {"with_clause", "except_clause", "except_group_clause"}
        ]
        words = " ".join(text_of(head) for head in heads)
        awaited = (
            "ImportError",
            "AttributeError",
            "NameError",
            "ModuleNotFoundError",
            "Exception",
            "suppress",
        )
        if any(word in words for word in awaited) or "except:" in words:
            return True
    return False
