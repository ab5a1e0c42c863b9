"""What people call the languages."""

TITLES = {
    "python": "Python",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "go": "Go",
    "rust": "Rust",
    "java": "Java",
    "c": "C",
    "cpp": "C++",
}
"""By the identifiers that editors send (LSP ``languageId``)."""

LANGUAGES = tuple(TITLES)
"""Those between which code is translated, by the identifiers that editors send (LSP ``languageId``)."""


def title(language: str) -> str:
    """A language as people write it."""
    return TITLES.get(language, language)


_BASES = {"javascriptreact": "javascript", "typescriptreact": "typescript"}


def base_of(language: str) -> str:
    """The language that another one is read as."""
    return _BASES.get(language, language)
