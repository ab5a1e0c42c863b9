"""Calls that don't fit: of a signature that the change changed, or on a line of the change."""

from collections.abc import Iterator, Sequence

from attrs import define, field, frozen
from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.context.resolve import Target
from codenook.server.review import rules
from codenook.server.review.finding import Edit, Evidence, Finding, Fix, Place, Rule, SourceName, Span
from codenook.server.review.scope.change import ChangedFile, Text
from codenook.server.review.sources.facts.callee import Callee, Callees
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.python_tree import (
    By,
    Misfit,
    Signature,
    arguments_of,
    definitions,
    enclosing,
    misfit,
    signature_of,
)
from codenook.server.review.sources.facts.renames import differ_by

_N_PLACES = 10
_CONFIDENCE = 0.95
_TRY = frozenset({"try_statement", "with_statement"})


@frozen(eq=False)
class _Call:
    """A call that doesn't fit."""

    path: str
    text: Text
    node: Node
    callee: Callee
    signature: Signature
    misfit: Misfit

    @property
    def span(self) -> Span:
        """What is called, as it is written."""
        function = self.node.child_by_field_name("function") or self.node
        return self.text.span_of_bytes(function.start_byte, function.end_byte)

    @property
    def place(self) -> Place:
        """Where it is, for somebody who has to change it."""
        return Place(self.path, self.span, "doesn't fit", self.text.line(self.span.start_line).strip())


@frozen(eq=False)
class _Changed:
    """A function whose signature changed for its callers, as methods have it: with the receiver."""

    symbol: str
    old: Signature
    new: Signature
    old_node: Node
    node: Node


@define(eq=False)
class Calls:
    """Finds calls in Python that don't fit."""

    known: Known
    callees: Callees
    _told: set[tuple[str, int]] = field(factory=set, init=False)

    def findings(self, file: ChangedFile) -> Iterator[Finding]:
        """What doesn't fit the signatures that a file changes, then what its own changed lines call."""
        for changed in _changed(file):
            misfits = list(self._misfits(file, changed))
            for call in misfits:
                self._told.add((call.path, call.node.start_byte))
            inside = [call for call in misfits if self._is_changed(call)]
            for call in inside:
                yield from self._at_call(call, _renaming(changed, [call]))
            outside = [call for call in misfits if not self._is_changed(call)]
            if outside:
                yield from self._at_signature(file, changed, outside)
        yield from self._on_changed_lines(file)

    def _misfits(self, file: ChangedFile, changed: _Changed) -> Iterator[_Call]:
        """Calls of a changed function that fitted the old signature."""
        holder, _, name = changed.symbol.rpartition(".")
        is_maker = bool(holder) and name in {"__init__", "__new__"}
        called = holder.rpartition(".")[2] if is_maker else name
        language = file.language
        if language is None or self.callees.only(file.path, changed.symbol) is None:
            return
        words = dict.fromkeys((called, "super") if is_maker else (called,))
        for path in dict.fromkeys(path for word in words for path in self.known.mentioning(word, language)):
            parsed, view = self.known.parsed(path), self.known.view(path)
            if parsed is None or view is None:
                continue
            text = Text(parsed.source.decode("utf-8", "replace"))
            renamed = [local for local, each in view.imports.items() if each.name == called]
            for node in parsed.nodes_of({called, *renamed, *(("__init__",) if is_maker else ())}):
                call = _call_of(node)
                callee = self.callees.of(path, parsed, call) if call is not None else None
                if call is None or callee is None or not _is_at(callee.function, file, changed.symbol):
                    continue
                given = arguments_of(call)
                signature = self.callees.signature(callee)
                if given is None or signature is None or _is_expected_to_fail(call):
                    continue
                before = changed.old.without_receiver() if callee.has_receiver else changed.old
                wrong = misfit(given, signature)
                if wrong and not misfit(given, before):
                    yield _Call(path, text, call, callee, signature, wrong)

    def _on_changed_lines(self, file: ChangedFile) -> Iterator[Finding]:
        """Calls that the change wrote."""
        parsed, new = file.parsed, file.new
        if parsed is None or new is None:
            return
        for call in _calls_on(parsed.root, file.changed):
            if (file.path, call.start_byte) in self._told or _was_there(file, call):
                continue
            given = arguments_of(call)
            callee = self.callees.of(file.path, parsed, call) if given is not None else None
            signature = self.callees.signature(callee) if callee else None
            if given is None or callee is None or signature is None or _is_expected_to_fail(call):
                continue
            if wrong := misfit(given, signature):
                yield from self._at_call(_Call(file.path, new, call, callee, signature, wrong))

    def _is_changed(self, call: _Call) -> bool:
        file = self.known.change.by_path.get(call.path)
        return file is not None and call.span.start_line in file.changed

    def _at_call(self, call: _Call, fix: Fix | None = None) -> Iterator[Finding]:
        defined = self._place(call.callee.function)
        name = call.text.quote(call.span)
        for rule, what in _wrong(call.misfit, call.signature):
            header = call.callee.function.definition.signature.rpartition("\n")[2]
            yield Finding(
                rule,
                call.path,
                call.span,
                name,
                _message(rule, name, what, 1, "this call"),
                _CONFIDENCE,
                (Evidence(SourceName.FACTS, f"it is defined as `{header}`", _claim(call.callee)),),
                subject=what,
                fix=fix if rule is rules.UNKNOWN_ARGUMENT else None,
                related=(defined,) if defined else (),
            )

    def _at_signature(
        self, file: ChangedFile, changed: _Changed, calls: Sequence[_Call]
    ) -> Iterator[Finding]:
        by_what: dict[tuple[Rule, str], list[_Call]] = {}
        for call in calls:
            for rule, what in _wrong(call.misfit, call.signature):
                by_what.setdefault((rule, what), []).append(call)
        for (rule, what), those in by_what.items():
            place, n = _place_in_signature(file, changed, rule, those[0].misfit), len(those)
            if place is None:
                continue
            span, quote, removed = place
            where = ", ".join(f"{call.path}:{call.span.start_line}" for call in those[:_N_PLACES])
            more = f" and {n - _N_PLACES} more" if n > _N_PLACES else ""
            fitted = f"{'it' if n == 1 else 'they'} fitted before the change: {where}{more}"
            yield Finding(
                rule,
                file.path,
                span,
                quote,
                _message(rule, changed.symbol, what, n, "a call" if n == 1 else f"{n} calls"),
                _CONFIDENCE,
                (Evidence(SourceName.FACTS, fitted, {**_claim(those[0].callee), "calls": n}),),
                subject=f"{changed.symbol} {what}",
                removed=removed,
                fix=_renaming(changed, those) if rule is rules.UNKNOWN_ARGUMENT else None,
                related=tuple(call.place for call in those[:_N_PLACES]),
            )

    def _place(self, target: Target) -> Place | None:
        node, parsed = self.callees.function(target), self.known.parsed(target.path)
        name = node.child_by_field_name("name") if node is not None else None
        if name is None or parsed is None:
            return None
        text = Text(parsed.source.decode("utf-8", "replace"))
        span = text.span_of_bytes(name.start_byte, name.end_byte)
        return Place(target.path, span, "defined here", text.line(span.start_line).strip())


def _claim(callee: Callee) -> dict[str, str | float | bool]:
    """What is called, for a second look."""
    function = callee.function
    return {
        "function": function.definition.symbol,
        "module": function.path,
        "receiver": callee.has_receiver,
    }


def _changed(file: ChangedFile) -> Iterator[_Changed]:
    """The functions that are there before and after, each once, with another signature."""
    if file.parsed is None or file.parsed_before is None:
        return
    before, after = definitions(file.parsed_before), definitions(file.parsed)
    for symbol, nodes in after.items():
        old = before.get(symbol, ())
        if len(nodes) != 1 or len(old) != 1 or {nodes[0].type, old[0].type} != {"function_definition"}:
            continue
        was, is_now = signature_of(old[0]), signature_of(nodes[0])
        if was is not None and is_now is not None and not was.same(is_now):
            yield _Changed(symbol, was, is_now, old[0], nodes[0])


def _call_of(node: Node) -> Node | None:
    """The call whose function is named by ``node``."""
    if node.type != "identifier" or node.parent is None:
        return None
    function = node
    if node.parent.type == "attribute" and node.parent.child_by_field_name("attribute") == node:
        function = node.parent
    call = function.parent
    is_called = call is not None and call.type == "call" and call.child_by_field_name("function") == function
    return call if is_called else None


def _calls_on(root: Node, lines: frozenset[int]) -> Iterator[Node]:
    """The calls that begin on some lines."""
    pending = [root]
    while pending:
        node = pending.pop()
        first, last = node.start_point.row + 1, node.end_point.row + 1
        if lines.isdisjoint(range(first, last + 1)):
            continue
        function = node.child_by_field_name("function") if node.type == "call" else None
        if function is not None and function.start_point.row + 1 in lines:
            yield node
        pending += reversed(node.named_children)


def _was_there(file: ChangedFile, call: Node) -> bool:
    """Whether the old text has the same call: it was moved, or indented."""
    words = "".join(text_of(call).split())
    return file.old is not None and words in "".join(file.old.text.split())


def _is_at(target: Target, file: ChangedFile, symbol: str) -> bool:
    return target.path == file.path and target.definition.symbol == symbol


def _is_expected_to_fail(call: Node) -> bool:
    """Whether somebody waits for the TypeError that wrong arguments raise."""
    heads = (
        child
        for node in enclosing(call, _TRY)
        for child in node.named_children
        if child.type in {"with_clause", "except_clause", "except_group_clause"}
    )
    return any("TypeError" in text_of(head) for head in heads)


def _wrong(wrong: Misfit, signature: Signature) -> Iterator[tuple[Rule, str]]:
    """What doesn't fit, each with the rule that it breaks."""
    if wrong.n_extra:
        n = sum(parameter.by is not By.NAME for parameter in signature.parameters)
        yield rules.EXTRA_ARGUMENT, "1 argument" if n == 1 else f"{n or 'no'} arguments"
    if wrong.unknown:
        yield rules.UNKNOWN_ARGUMENT, ", ".join(f"`{name}`" for name in wrong.unknown)
    if wrong.missing and not (wrong.n_extra or wrong.unknown):
        yield rules.MISSING_ARGUMENT, ", ".join(f"`{name}`" for name in wrong.missing)


def _message(rule: Rule, name: str, what: str, n: int, who: str) -> str:
    is_one = n == 1
    if rule is rules.MISSING_ARGUMENT:
        return f"`{name}` needs {what}, which {who} {'does' if is_one else 'do'} not give"
    if rule is rules.EXTRA_ARGUMENT:
        return f"`{name}` takes {what} by position, and {who} {'gives' if is_one else 'give'} more"
    return f"`{name}` has no parameter {what}, which {who} {'names' if is_one else 'name'}"


def _place_in_signature(
    file: ChangedFile, changed: _Changed, rule: Rule, wrong: Misfit
) -> tuple[Span, str, Span | None] | None:
    """Where the change broke calls: the new parameter, else the function's name, else what was removed."""
    new, old = file.new, file.old
    name = changed.node.child_by_field_name("name")
    needed = (changed.new.named(missing) for missing in wrong.missing)
    nodes = [p.node for p in needed if p is not None] if rule is rules.MISSING_ARGUMENT else []
    for node in (*nodes, *([name] if name is not None else [])):
        if new is not None and node.start_point.row + 1 in file.changed:
            span = new.span_of_bytes(node.start_byte, node.end_byte)
            return span, new.quote(span), None
    gone = (p.node for p in changed.old.parameters if not any(map(p.same, changed.new.parameters)))
    for node in gone:
        place = file.place_of_removed(node.start_point.row + 1)
        if old is not None and place is not None:
            span = old.span_of_bytes(node.start_byte, node.end_byte)
            return place, old.quote(span), span
    return None


def _renaming(changed: _Changed, calls: Sequence[_Call]) -> Fix | None:
    """The new name in all calls, where one parameter took the place of one other."""
    old, new = changed.old.parameters, changed.new.parameters
    pairs = [(was, now) for was, now in zip(old, new, strict=False) if was.name != now.name]
    if len(old) != len(new) or len(pairs) != 1:
        return None
    ((was, now),) = pairs
    edits: list[Edit] = []
    for call in calls:
        given = call.node.child_by_field_name("arguments")
        for argument in given.named_children if given else ():
            name = argument.child_by_field_name("name") if argument.type == "keyword_argument" else None
            if name is not None and text_of(name) == was.name:
                edits.append(
                    Edit(call.path, call.text.span_of_bytes(name.start_byte, name.end_byte), now.name)
                )
    is_sure = differ_by(was.name, now.name, changed.old_node, changed.node)
    title = f"Write {now.name} for {was.name} in the call{'' if len(calls) == 1 else 's'}"
    return Fix(title, tuple(edits), is_sure) if edits else None
