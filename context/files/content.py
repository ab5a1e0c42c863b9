"""What a file's content gives away, once it is read."""

import re

from codenook.context.files.names import by_name
from codenook.context.files.skip import MAX_FILE_BYTES, Skip

_MIN_MINIFIED_CHARS = 2_000
_MAX_MEAN_LINE_CHARS = 200
_HEAD_CHARS = 8_000
_MAX_COMMENT_ROWS = 2_000
"""In a row, with blank ones between: tree-sitter's Python looks through all that follow for each of them."""

_PYTHON = (".py", ".pyi", ".pyw")
_ROWS_WITHOUT_CODE = re.compile(rb"(?:^[ \t\f\r]*+(?:#[^\n]*+)?\n)++", re.MULTILINE)
_COMMENT_ROW = re.compile(rb"^[ \t\f\r]*+#", re.MULTILINE)

_FIRST_COMMENTS = re.compile(
    r"""(?: \s+ | (?: // | \# | -- | ; | % )[^\n]* | /\*.*?\*/ | <!--.*?--> | \{-.*?-\} | \(\*.*?\*\)
    | \"{3}.*?\"{3} | '{3}.*?'{3} | <\?(?:php|xml[^\n]*) | ["']use\ strict["']
    )*+""",
    re.VERBOSE | re.DOTALL,
)
_GENERATED = re.compile(
    r"""^[^\w\n]*+(?:
    (?<=@)generated\b
    | (?<=<)auto-?generated\b
    | this\ file\ is\ @generated\b
    | code\ generated\b.*\bdo\ not\ edit\b
    | generated\ (?:by|from|with|using)\b[^\n]*\n?[^\n]*\bdo\ not\ (?:edit|modify)\b
    | (?:auto-?|(?:automatically|machine)[ -])generated\ (?:by|from|with|using)\b
    | this\ (?:source\ )?(?:file|code)\ (?:is|was|has\ been)
      \ (?:auto-?|(?:automatically|machine)[ -])?generated\b
    )""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_CREDENTIALS = {
    b" PRIVATE KEY": rb"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[\s\"'+(])*[A-Za-z0-9+/]{16}",
    b"AKIA": rb"\bAKIA[0-9A-Z]{16}\b(?<!EXAMPLE)",
    b"gh": rb"\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_\w{82})\b",
    b"glpat-": rb"\bglpat-[\w-]{20}",
    b"xox": rb"\bxox[abprs]-[0-9]{10,}-[\w-]{10,}",
    b"hooks.slack.com/services/T": rb"hooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{20,}",
    b"AIza": rb"\bAIza[\w-]{35}\b",
    b"k_live_": rb"\b[rs]k_live_[A-Za-z0-9]{20,}",
    b"sk-ant-": rb"\bsk-ant-\w+-[\w-]{40,}",
    b"npm_": rb"\bnpm_[A-Za-z0-9]{36}\b",
    b"pypi-AgEIcHlwaS5vcmc": rb"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}",
}
_CREDENTIAL = {literal: re.compile(pattern) for literal, pattern in _CREDENTIALS.items()}


def refuse(path: str, source: bytes) -> Skip | None:
    """Why a file that was read is left out; None when nothing speaks against it."""
    if len(source) > MAX_FILE_BYTES:
        return Skip.TOO_LARGE
    if b"\0" in source:
        return Skip.BINARY
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Skip.NOT_UTF8
    return by_name(path.rpartition("/")[2]) or _by_text(path, text, source)


def is_slow_to_parse(path: str, source: bytes) -> bool:
    """Whether to parse a file takes longer than anyone waits, because of the comments in a row."""
    if not path.endswith(_PYTHON) or source.count(b"#") <= _MAX_COMMENT_ROWS:
        return False
    runs = (
        match[0] for match in _ROWS_WITHOUT_CODE.finditer(source) if match[0].count(b"#") > _MAX_COMMENT_ROWS
    )
    return any(len(_COMMENT_ROW.findall(rows)) > _MAX_COMMENT_ROWS for rows in runs)


def _by_text(path: str, text: str, source: bytes) -> Skip | None:
    if any(literal in source and shape.search(source) for literal, shape in _CREDENTIAL.items()):
        return Skip.SECRET
    first_comments = _FIRST_COMMENTS.match(text, 0, _HEAD_CHARS)
    if first_comments and _GENERATED.search(first_comments[0]):
        return Skip.GENERATED
    n_lines = text.count("\n") + 1
    is_minified = len(text) >= _MIN_MINIFIED_CHARS and len(text) > _MAX_MEAN_LINE_CHARS * n_lines
    if is_minified:
        return Skip.MINIFIED
    return Skip.COMMENTED if is_slow_to_parse(path, source) else None
