"""Go: queries, what is particular in its trees, and how import paths find their folders."""

from codenook.context.parse import Language

LANGUAGES = (
    Language(
        id="go",
        extensions=(".go",),
        package=__name__,
        grammar_loader="tree_sitter_go:language",
        reader_class=f"{__name__}.reader:GoReader",
        resolver_class=f"{__name__}.modules:GoModules",
    ),
)
