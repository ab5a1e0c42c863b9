"""Which lines of a file can be run: those on which a statement begins."""

from tree_sitter import Node

from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file, walk

_STATEMENTS = frozenset(
    {
        *(
            "break_statement",
            "continue_statement",
            "do_statement",
            "expression_statement",
            "for_in_statement",
        ),
        *("for_statement", "if_statement", "lexical_declaration", "return_statement", "switch_statement"),
        *("throw_statement", "try_statement", "variable_declaration", "while_statement"),
    }
)


def places(path: str, text: str) -> list[tuple[int, int, int]]:
    """Each line (from 1) on which a statement begins, and where: in the file and in the line.

    Both count UTF-16 code units, as V8 does.
    """
    parsed = parsed_file(path, text)
    found: dict[int, int] = {}
    for node in walk(parsed.root):
        if _is_run(node):
            found.setdefault(node.start_point.row + 1, node.start_byte)
    starts = {at: parsed.source.rfind(b"\n", 0, at) + 1 for at in found.values()}
    offsets = _utf16(parsed.source, sorted({*starts, *starts.values()}))
    return [(line, offsets[at], offsets[at] - offsets[starts[at]]) for line, at in sorted(found.items())]


def _is_run(node: Node) -> bool:
    if node.type in _STATEMENTS:
        return not (node.parent and node.parent.type == "ambient_declaration")
    above = node.parent
    return bool(
        above
        and above.type == "arrow_function"
        and above.child_by_field_name("body") == node
        and node.type != "statement_block"
    )


def _utf16(source: bytes, places_: list[int]) -> dict[int, int]:
    found, at, units = {}, 0, 0
    for place in places_:
        units += len(source[at:place].decode("utf-8", "replace").encode("utf-16-le")) // 2
        found[place], at = units, place
    return found
