"""Double quotes, as formatters write them."""

import io
import tokenize


def double_quoted(text: str) -> str:
    """The code with ``'a'`` as ``"a"``, where nothing has to be escaped for that."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return text
    lines = text.splitlines(keepends=True)
    for token in reversed(tokens):
        prefix, quote, rest = token.string.partition("'")
        inner = rest[:-1]
        if token.type != tokenize.STRING or not quote or '"' in prefix or "'" in inner or '"' in inner:
            continue
        (row, start), (last, end) = token.start, token.end
        if row == last:
            line = lines[row - 1]
            lines[row - 1] = f'{line[:start]}{prefix}"{inner}"{line[end:]}'
    return "".join(lines)
