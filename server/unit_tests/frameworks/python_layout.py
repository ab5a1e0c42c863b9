"""How expressions and statements of Python are laid out in lines, without a change of what they mean."""

import ast
import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from functools import lru_cache

_LOOSE = (
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Lambda,
    ast.NamedExpr,
    ast.Yield,
    ast.YieldFrom,
    ast.Starred,
)
_PLAIN_STRING = re.compile(r"""([bB]?)(["'])([^"'\\\n]*)\2""")


class NotWritten(ValueError):
    """A test can't be written down: what it is made of isn't Python, or doesn't fit together."""


@lru_cache(maxsize=64)
def tree_of(code: str) -> ast.Module:
    """The syntax tree, which nobody changes; raises NotWritten."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotWritten(f"this is not Python: {code[:80]!r} ({type(error).__name__})") from None


def expression(code: str) -> ast.expr:
    """The one expression that ``code`` is; raises NotWritten."""
    body = tree_of(f"(\n{code}\n)").body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise NotWritten(f"this is no expression: {code[:80]!r}")
    return body[0].value


def operand(code: str) -> str:
    """An expression as it may stand beside a comparison: in parentheses where it would be taken apart."""
    node = expression(code)
    is_loose = isinstance(node, _LOOSE) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
    is_bare_tuple = isinstance(node, ast.Tuple) and not code.lstrip().startswith("(")
    return f"({code})" if is_loose or is_bare_tuple or _breaks_lines(code) else code


def renamed(code: str, names: Mapping[str, str]) -> str:
    """The code with dotted names as others; raises NotWritten where it is not Python."""
    if not names:
        return code
    tree = tree_of(code)
    own = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    offsets = line_offsets(code)
    found: dict[int, tuple[int, str]] = {}
    for node in ast.walk(tree):
        dotted = _dotted(node)
        if dotted in names and dotted.partition(".")[0] not in own and isinstance(node, ast.expr):
            start = _offset(code, offsets, node.lineno, node.col_offset)
            end = _offset(code, offsets, node.end_lineno or node.lineno, node.end_col_offset or 0)
            found.setdefault(start, (end, names[dotted]))
    for start in sorted(found, reverse=True):
        end, text = found[start]
        code = code[:start] + text + code[end:]
    return code


def quoted(code: str, quote: str) -> str:
    """The code with plain strings in ``quote``, where that changes nothing but the quotes."""
    if quote not in code and {'"': "'", "'": '"'}[quote] not in code:
        return code
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return code
    offsets = line_offsets(code)
    depth_of_f = 0
    for token in reversed(tokens):
        name = tokenize.tok_name[token.type]
        depth_of_f += {"FSTRING_END": 1, "FSTRING_START": -1}.get(name, 0)
        plain = (
            _PLAIN_STRING.fullmatch(token.string)
            if token.type == tokenize.STRING and not depth_of_f
            else None
        )
        if plain:
            start, end = (offsets[line - 1] + column for line, column in (token.start, token.end))
            code = code[:start] + f"{plain[1]}{quote}{plain[3]}{quote}" + code[end:]
    return code


def literal(text: str, quote: str) -> str:
    """A string with this text."""
    return quoted(repr(text), quote)


def wrapped(code: str, *, before: str, after: str, indent: str, width: int) -> str:
    """An expression in lines, where with what is ``before`` and ``after`` on its line it is too long.

    The outermost bracket at its end (of a call, or of a display) is opened, with an element on each line.
    Lines are as they stand in a block without indentation, which has ``width`` characters.
    """
    if "\n" in code or len(before) + len(code) + len(after) <= width:
        return code
    node = expression(code)
    elements: Sequence[ast.expr | ast.keyword]
    if isinstance(node, ast.Call):
        elements = sorted([*node.args, *node.keywords], key=lambda each: each.col_offset)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        elements = node.elts
    elif isinstance(node, ast.Dict):
        elements = [key for key in node.keys if key] if all(node.keys) else []
    else:
        return code
    encoded = code.encode()
    starts = [each.col_offset for each in elements]
    if not starts or not code.endswith((")", "]", "}")):
        return code
    opening = encoded.decode()[: _characters(encoded, starts[0])].rstrip()
    ends = [*starts[1:], len(encoded) - 1]
    parts = [
        encoded[start:end].decode().strip().rstrip(",").rstrip()
        for start, end in zip(starts, ends, strict=True)
    ]
    is_generator = any(isinstance(each, ast.GeneratorExp) for each in elements)
    if is_generator or opening[-1:] not in {"(", "[", "{"}:
        return code
    lines = [indent + wrapped_part(part, indent, width) + "," for part in parts]
    return "\n".join([opening, *lines, code[-1]])


def wrapped_part(part: str, indent: str, width: int) -> str:
    """An element of a bracket in lines, as far as it is an expression."""
    try:
        laid = wrapped(part, before=indent, after=",", indent=indent, width=width)
    except NotWritten:  # a keyword argument, or one with a star
        return part
    return laid.replace("\n", f"\n{indent}") if is_movable(laid) else part


def is_movable(code: str) -> bool:
    """Whether its lines can be indented: none begins inside of a string."""
    return not lines_in_strings(code)


def indented(code: str, indent: str) -> str:
    """Code in a block; what is inside of a string stays as it is."""
    within = lines_in_strings(code)
    lines = code.split("\n")
    return "\n".join(
        indent + line if line.strip() and number not in within else line
        for number, line in enumerate(lines, 1)
    )


def lines_in_strings(code: str) -> set[int]:
    """The lines (from 1) that begin inside of a string."""
    found: set[int] = set()
    starts: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            name = tokenize.tok_name[token.type]
            if name in {"FSTRING_START", "TSTRING_START"}:
                starts.append(token.start[0])
            elif name in {"FSTRING_END", "TSTRING_END"}:
                found |= set(range(starts.pop() + 1, token.end[0] + 1))
            elif token.type == tokenize.STRING:
                found |= set(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def line_offsets(code: str) -> list[int]:
    """Where each line begins, as Python counts lines."""
    return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", code))]


def _offset(code: str, offsets: list[int], line: int, column: int) -> int:
    start = offsets[line - 1]
    end = offsets[line] if line < len(offsets) else len(code)
    return start + _characters(code[start:end].encode(), column)


def _characters(encoded: bytes, n_bytes: int) -> int:
    return len(encoded[:n_bytes].decode("utf-8", "ignore"))


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


def _breaks_lines(code: str) -> bool:
    """Whether an expression has line breaks outside of its own brackets and strings."""
    depth = n_breaks = 0
    for token in tokenize.generate_tokens(io.StringIO(f"(\n{code}\n)").readline):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.string, 0)
        n_breaks += depth == 1 and token.type == tokenize.NL
    return n_breaks > 2  # noqa: PLR2004 - those added here
