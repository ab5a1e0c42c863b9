"""How a file is written: quotes, semicolons, indentation, and the words of its tests."""

import re
from collections import Counter

from attrs import evolve, frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file, string, text, walk

WORDS = ("describe", "test", "it")
_ENDED = frozenset({"expression_statement", "lexical_declaration", "import_statement", "return_statement"})
_ANY = re.compile(r"(\\?)(.)", re.DOTALL)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@frozen
class Style:
    """The manners of a file.

    ``word`` begins a test, ``has_describe`` says that tests stand in a ``describe``. ``is_global`` says that
    these words are there without an import. ``extension`` is what relative imports end with where they name
    a file of JavaScript or TypeScript: as it is (``own``), ``.js``, or nothing.
    """

    quote: str = "'"
    has_semicolons: bool = True
    indent: str = "  "
    newline: str = "\n"
    word: str = "test"
    has_describe: bool = False
    is_global: bool = False
    extension: str = "own"

    @property
    def end(self) -> str:
        """What ends a statement."""
        return ";" if self.has_semicolons else ""

    def quoted(self, plain: str) -> str:
        """A string literal."""
        whole = plain.replace("\\", "\\\\").replace(self.quote, f"\\{self.quote}")
        return f"{self.quote}{escaped(whole)}{self.quote}"

    def requoted(self, code: str) -> str:
        """Code with string literals in the quotes of the file, where that changes nothing else.

        What isn't printable in them is escaped.
        """
        other = '"' if self.quote == "'" else "'"
        if other not in code and code.isprintable():
            return code
        source = code.encode("utf-8", "replace")
        for node in reversed(list(walk(parsed_file("x.js", code).root))):
            if node.type != "string":
                continue
            quote, inside = text(node)[:1], text(node)[1:-1]
            quote = self.quote if quote == other and not re.search(r"['\"]", inside) else quote
            requoted = f"{quote}{in_literals(inside)}{quote}".encode("utf-8", "replace")
            source = source[: node.start_byte] + requoted + source[node.end_byte :]
        return source.decode("utf-8", "replace")


def escaped(text: str) -> str:
    """What stands between quotes, with escapes for all that isn't printable: it commands no terminal."""
    return "".join(one if one.isprintable() else _escape(one) for one in text)


def in_literals(code: str) -> str:
    """What stands in literals already, with escapes for all that isn't printable but the ends of lines."""
    return _ANY.sub(_shown, code)


def _shown(match: re.Match[str]) -> str:
    """A character, maybe behind a backslash of its own."""
    slash, character = match.groups()
    if character.isprintable() or character in "\r\n":  # a line that goes on
        return match[0]
    return "" if slash and character in "\u2028\u2029" else _escape(character)


def _escape(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\x{pair[1]:02x}" if not pair[0] else f"\\u{pair.hex()}" for pair in pairs)


def style_of(parsed: Parsed, default: Style) -> Style:
    """The style of a file; what doesn't show there is as in ``default``."""
    content = parsed.source.decode("utf-8", "replace")
    nodes = list(walk(parsed.root))
    quotes = Counter(text(node)[0] for node in nodes if node.type == "string")
    ends = Counter(text(node).endswith(";") for node in nodes if node.type in _ENDED)
    indents = Counter(re.findall(r"^(\t|  +)(?=\S)", content, re.MULTILINE))
    style = evolve(default, newline="\r\n" if "\r\n" in content else "\n")
    if quotes:
        style = evolve(style, quote=quotes.most_common(1)[0][0])
    if ends:
        style = evolve(style, has_semicolons=ends[True] >= ends[False])
    if indents:
        style = evolve(style, indent=min(indents, key=len) if "\t" not in indents else "\t")
    return evolve(style, extension=_extension(nodes, style.extension))


def test_style_of(parsed: Parsed, default: Style) -> Style:
    """The style of a file that has tests."""
    style = style_of(parsed, default)
    calls = test_calls(parsed.root)
    words = Counter(word for word, _ in calls)
    if not words:
        return style
    word = "it" if words["it"] > words["test"] else "test"
    inside = sum(word != "describe" and _has_describe_around(node) for word, node in calls)
    return evolve(
        style,
        word=word,
        has_describe=bool(words["describe"]) and inside * 2 >= words["it"] + words["test"],
        is_global=not set(words) & bound_names(parsed),
    )


def test_calls(root: Node) -> list[tuple[str, Node]]:
    """The calls that make tests and groups of them, with the word: ``test``, ``it`` or ``describe``."""
    found = []
    for node in walk(root):
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        word = text(called).partition(".")[0] if called else ""
        if word == "suite":
            word = "describe"
        if word in WORDS and _title(node) is not None:
            found.append((word, node))
    return found


def bound_names(parsed: Parsed) -> set[str]:
    """The names that imports and variables at file level bind."""
    found: set[str] = set()
    for node in parsed.root.named_children:
        if node.type == "import_statement":
            for part in walk(node):
                if part.type == "import_specifier":
                    found.add(text(part.child_by_field_name("alias") or part.child_by_field_name("name")))
                elif part.type == "identifier" and part.parent and part.parent.type != "import_specifier":
                    found.add(text(part))
            continue
        declared = node.child_by_field_name("declaration") or node
        if name := text(declared.child_by_field_name("name")):
            found.add(name)
        for declarator in declared.named_children:
            if declarator.type == "variable_declarator":
                pattern = declarator.child_by_field_name("name")
                found |= {
                    text(part)
                    for part in (walk(pattern) if pattern else ())
                    if part.type in {"identifier", "shorthand_property_identifier_pattern"}
                }
    return found


def _title(call: Node) -> str | None:
    arguments = call.child_by_field_name("arguments")
    return string(arguments.named_children[0]) if arguments and arguments.named_child_count else None


def _has_describe_around(node: Node) -> bool:
    above = node.parent
    while above:
        called = above.child_by_field_name("function") if above.type == "call_expression" else None
        if called and text(called).partition(".")[0] in {"describe", "suite"}:
            return True
        above = above.parent
    return False


def _extension(nodes: list[Node], default: str) -> str:
    named = [string(node) or "" for node in nodes if node.type == "string"]
    endings = Counter(
        found[1] or "" for name in named if (found := re.match(r"\.{1,2}/[^.]*(\.[cm]?[jt]sx?)?$", name))
    )
    if not endings:
        return default
    ending = endings.most_common(1)[0][0]
    return "" if not ending else (".js" if "j" in ending else "own")
