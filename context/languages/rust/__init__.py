"""Rust: queries, what is particular in its trees, and how paths find their modules and crates."""

from codenook.context.parse import Language

LANGUAGES = (
    Language(
        id="rust",
        extensions=(".rs",),
        package=__name__,
        grammar_loader="tree_sitter_rust:language",
        reader_class=f"{__name__}.reader:RustReader",
        resolver_class=f"{__name__}.modules:RustModules",
    ),
)
