"""Comments that tools obey: they are code in all but name."""

import re

_ANYWHERE = r"@generated\b|\bDO NOT EDIT\b"
_PYTHON = re.compile(
    r"#\s*(?:noqa|type:|pylint:|mypy:|pyright:|pytype:|ty:|fmt:|isort:|pragma:|ruff:|flake8:|nosec|NOSONAR|yapf:"
    rf"|cython:|distutils:|cov:|black:|sourcery|pyre-|pyrefly:|noinspection)|{_ANYWHERE}"
)
_ECMASCRIPT = (
    r"eslint|@ts-|prettier-ignore|istanbul |c8 |v8 |@jsx|@flow|\$Flow|biome-ignore|[#@]__\w+__|webpack\w+:"
    r"|tslint:|jshint|jslint|globals? |exported |<(?:reference|amd)|[#@] ?source(?:Mapping)?URL|@vite-ignore"
    r"|@jest-|@vitest-|deno-|oxlint|@preserve|@cc_on|sourceMappingURL"
)
_C = (
    r"NOLINT|clang-format |IWYU|cppcheck-|fall(?:s|ing)?[ -]?thr(?:ough|u)|[LG]COVR?_|NOSONAR|coverity|PRQA"
    r"|lint -|@suppress|codechecker_"
)
_AT_START = {
    "go": r"go:|line |\+build|export |nolint|(?:unordered )?output:|lint:|extern |sys|#nosec|\+\w+:",
    "rust": r"~|@\w+-|rustfmt",
    "java": r"CHECKSTYLE|NOSONAR|@formatter:|NOPMD|noinspection|\$NON-NLS|language=|spotless:",
    "c": _C,
    "cpp": _C,
    **dict.fromkeys(("javascript", "javascriptreact", "typescript", "typescriptreact"), _ECMASCRIPT),
}
_PATTERNS = {
    language: re.compile(rf"(?im)^[ \t/*!]*(?:{pattern})|{_ANYWHERE}")
    for language, pattern in _AT_START.items()
}
_UNICODE_ESCAPE = re.compile(r"\\u")
_CODING = re.compile(r"#.*?coding[:=]")
_GO_DIRECTIVE = re.compile(
    r"//[a-z0-9]+:[a-z0-9]|//(?:line|export|extern|sys|nolint|lint)\b|//\s*(?:\+[a-zA-Z]|#nosec)"
    rf"|(?i://\s*(?:unordered )?output:)|.*(?:{_ANYWHERE})"
)
_OBEYED_INSIDE = {
    "java": re.compile(r"@deprecated\b"),
    **dict.fromkeys(("typescript", "typescriptreact"), re.compile(r"@internal\b")),
    **dict.fromkeys(("c", "cpp"), re.compile(r"(?:\\|\?\?/)[ \t]*(?:\r?\n|\Z)")),
}
"""What compilers obey in documentation: tags, and C's rows that go on, where a comment may end."""
_N_CODING_ROWS = 2


def is_directive(language: str, comment: str, row: int) -> bool:
    """Whether a tool or a compiler obeys ``comment``, which begins on ``row`` (from 0)."""
    if language == "python":
        is_first = (row == 0 and comment.startswith("#!")) or (
            row < _N_CODING_ROWS and _CODING.match(comment)
        )
        return bool(is_first or _PYTHON.search(comment))
    if language == "go" and comment.startswith("//"):
        return bool(_GO_DIRECTIVE.match(comment))
    if language == "java" and _UNICODE_ESCAPE.search(comment):
        return True  # the compiler reads these before it knows of comments
    pattern = _PATTERNS.get(language)
    return bool(pattern and pattern.search(comment))


def is_obeyed(language: str, comment: str, row: int) -> bool:
    """Whether a directive is in ``comment``, or documentation that a compiler obeys."""
    pattern = _OBEYED_INSIDE.get(language)
    return bool(pattern and pattern.search(comment)) or is_directive(language, comment, row)


def is_bound_to_row(language: str, comment: str, row: int) -> bool:
    """Whether a comment is obeyed in the first rows of a file alone."""
    return (
        language == "python"
        and row < _N_CODING_ROWS
        and (comment.startswith("#!") or bool(_CODING.match(comment)))
    )
