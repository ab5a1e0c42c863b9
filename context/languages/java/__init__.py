"""Java: queries, what is particular in its trees, and how packages find their folders."""

from codenook.context.parse import Language

LANGUAGES = (
    Language(
        id="java",
        extensions=(".java",),
        package=__name__,
        grammar_loader="tree_sitter_java:language",
        reader_class=f"{__name__}.reader:JavaReader",
        resolver_class=f"{__name__}.modules:JavaModules",
    ),
)
